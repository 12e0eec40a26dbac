// The data of the page, and the questions that are asked of them.

const DATA = JSON.parse(document.getElementById("data").textContent);
document.getElementById("data").remove();

/** Sums of differences. */
function summed(deltas) {
  const out = new Float64Array(deltas.length);
  let at = 0;
  for (let i = 0; i < deltas.length; i += 1) out[i] = at += deltas[i];
  return out;
}

/** The last place whose value is at most this; -1 where the first is beyond. */
function lastAt(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const HARMS = DATA.states.map((state) => state.harms);
// Which of several states is shown where they share a pixel: what harms first, then what is wrong, then what is under way.
const WEIGHT = [3, 4, 5, 2, 1, 8, 9, 6, 7, 0];

/** The ledger of a run. */
class Ledger {
  constructor(raw) {
    this.raw = raw;
    this.count = raw.entry.length;
    this.all = raw.all;
    this.entry = summed(raw.entry);
    this.time = summed(raw.time);
  }

  /** The place of an entry; -1 where it was left out. */
  place(entry) {
    const at = lastAt(this.entry, entry);
    return at >= 0 && this.entry[at] === entry ? at : -1;
  }

  cause(at) {
    return this.entry[at] - this.raw.cause[at];
  }

  subject(at) {
    return this.raw.subjects[this.raw.subject[at]];
  }

  kind(at) {
    return this.raw.kinds[this.raw.kind[at]];
  }

  rule(at) {
    return this.raw.rules[this.raw.rule[at]];
  }

  sentence(at) {
    return this.raw.patterns[this.raw.pattern[at]].replaceAll("\u0001", this.subject(at));
  }

  /** The entries about a subject, in order. */
  about(name) {
    if (!this.bySubject) {
      this.bySubject = new Map();
      for (let at = 0; at < this.count; at += 1) {
        const key = this.raw.subject[at];
        const list = this.bySubject.get(key);
        if (list) list.push(at);
        else this.bySubject.set(key, [at]);
      }
      this.numbers = new Map(this.raw.subjects.map((text, index) => [text, index]));
    }
    return this.bySubject.get(this.numbers.get(name)) || [];
  }

  /** The last entry about a subject at or before an instant; -1 where there is none. */
  lastAbout(name, ms) {
    const list = this.about(name);
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time[list[middle]] <= ms) low = middle + 1;
      else high = middle;
    }
    return low ? list[low - 1] : -1;
  }

  /** An entry and what it followed from, back to what has no cause. */
  chain(at) {
    const all = [];
    let left = null;
    while (at >= 0) {
      all.push(at);
      const cause = this.cause(at);
      if (!cause) break;
      at = this.place(cause);
      if (at < 0) left = cause;
    }
    return { entries: all, left };
  }
}

/** A run. */
class Run {
  constructor(raw, index) {
    Object.assign(this, raw);
    this.index = index;
    this.ledger = new Ledger(raw.ledger);
    const lanes = raw.lanes;
    this.units = lanes.name.map((name, i) => ({
      index: i,
      name,
      set: lanes.set[i],
      zone: lanes.zone[i],
      faultDomain: lanes.faultDomain[i],
      slot: lanes.slot[i],
      created: lanes.created[i],
      states: lanes.states[i],
      codes: lanes.codes[i],
      images: lanes.images[i],
      end: lanes.end[i],
      why: lanes.why[i],
      stale: lanes.stale[i],
    }));
    // Where a set stands in one fault domain only, there is nothing to say of it.
    raw.names.sets.forEach((set, i) => {
      const own = this.units.filter((unit) => unit.set === i);
      set.spread = own.some((unit) => unit.faultDomain !== own[0].faultDomain);
    });
    this.byName = new Map(this.units.map((unit) => [unit.name, unit]));
    this.pools = raw.pools.map((pool, i) => ({ ...pool, time: summed(pool.time), observed: raw.observedOver[i] ?? [] }));
    this.fleet = { ...raw.fleet, time: summed(raw.fleet.time) };
    this.moments = raw.moments.map((moment, i) => ({ ...moment, number: i + 1 }));
  }

  /** What an instance is at an instant: its state and from when to when. */
  stateAt(unit, ms) {
    let from = unit.created;
    for (let i = 0; i < unit.states.length; i += 2) {
      const until = from + unit.states[i + 1];
      if (ms >= from && (ms < until || (i + 2 >= unit.states.length && ms <= until))) {
        return { state: unit.states[i], from, until };
      }
      from = until;
    }
    return null;
  }

  codeAt(unit, ms) {
    let code = null;
    for (let i = 0; i < unit.codes.length; i += 2) if (unit.codes[i] <= ms) code = unit.codes[i + 1];
    return code === null ? null : this.names.codes[code] ?? "undeclared";
  }

  imageAt(unit, ms) {
    let image = null;
    for (let i = 0; i < unit.images.length; i += 2) if (image === null || unit.images[i] <= ms) image = unit.images[i + 1];
    return image === null ? "" : this.names.images[image].name;
  }

  place(unit) {
    const set = this.names.sets[unit.set];
    const parts = [];
    if (set.zonal) parts.push(`zone ${unit.zone}`);
    if (set.spread) parts.push(`fault domain ${unit.faultDomain}`);
    return parts.join(", ");
  }

  measure(name) {
    return this.measures.find((one) => one.name === name && !one.of);
  }
}

const RUNS = DATA.runs.map((raw, index) => new Run(raw, index));
