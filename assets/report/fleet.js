// The fleet heat map: instances by set, zone and fault domain across time, coloured by what each is.

/** More instances than this are folded into a row for each fault domain. */
const FOLD = 400;
/** What harms is drawn at least this wide, since it must be seen however short it was. */
const LEAST_HARM = 5;
/** The state of who is being deleted. */

/** Diagonal stripes on a ground. */
function stripes(ground, line, rising, gap) {
  const tile = document.createElement("canvas");
  const size = gap;
  tile.width = tile.height = size * 2;
  const context = tile.getContext("2d");
  context.scale(2, 2);
  context.fillStyle = ground;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = line;
  context.lineWidth = gap / 3.2;
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    if (rising) {
      context.moveTo(shift - 1, size + 1);
      context.lineTo(shift + size + 1, -1);
    } else {
      context.moveTo(shift - 1, -1);
      context.lineTo(shift + size + 1, size + 1);
    }
  }
  context.stroke();
  return tile;
}

/** How a state is filled: stripes where it harms, so that colour does not carry it alone. */
function stateFill(context, state) {
  const ground = colour(`s${state}`);
  if (!HARMS[state]) return ground;
  const key = `pattern ${state}`;
  if (!colour.known.has(key)) colour.known.set(key, stripes(ground, colour(`s${state}-line`), state === 6, 7));
  const pattern = context.createPattern(colour.known.get(key), "repeat");
  pattern.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
  return pattern;
}

const versionColour = (index, count) => colour(`v${(count - 1 - index + 6 * count) % 6}`);

/** Changes of how many are in each kind, in the order of time: [ms, kind, step, …]. */
function changesOf(pieces) {
  const all = [];
  for (const [from, until, kind] of pieces) {
    if (until > from) all.push([from, kind, 1], [until, kind, -1]);
  }
  all.sort((a, b) => a[0] - b[0]);
  return all;
}

/** How many are in each kind in each pixel: the most of `most` kinds, and of the others what holds at its end. */
function perPixel(changes, kinds, most, from, to, width) {
  const counts = new Array(kinds).fill(0);
  const columns = [];
  const step = (to - from) / width;
  let at = 0;
  const advance = (end, each) => {
    while (at < changes.length && changes[at][0] < end) {
      // What happens at one instant happens at once.
      const now = changes[at][0];
      while (at < changes.length && changes[at][0] === now) {
        counts[changes[at][1]] += changes[at][2];
        at += 1;
      }
      each();
    }
  };
  advance(from, () => {});
  for (let x = 0; x < width; x += 1) {
    const column = counts.slice();
    advance(from + (x + 1) * step, () => {
      for (let kind = 0; kind < kinds; kind += 1) if (counts[kind] > column[kind]) column[kind] = counts[kind];
    });
    for (let kind = 0; kind < kinds; kind += 1) if (!most[kind]) column[kind] = counts[kind];
    columns.push(column);
  }
  return columns;
}

/** The pieces of an instance's life: [from, until, state]. */
function lifeOf(unit) {
  const pieces = [];
  let at = unit.created;
  for (let i = 0; i < unit.states.length; i += 2) {
    pieces.push([at, at + unit.states[i + 1], unit.states[i]]);
    at += unit.states[i + 1];
  }
  return pieces;
}

/** The versions of an instance over its life: [from, until, version]. */
function versionsOf(unit, overlay, end) {
  const until = unit.end ?? end;
  const list = overlay === "image" ? unit.images : unit.codes;
  const pieces = [];
  for (let i = 0; i < list.length; i += 2) pieces.push([list[i], i + 2 < list.length ? list[i + 2] : until, list[i + 1]]);
  return pieces;
}

/** Instances as shares of a band: who harms at the bottom, who serves above. */
function drawBand(context, changes, most, box, from, to) {
  const width = Math.max(1, Math.round(box.width));
  const columns = perPixel(changes, DATA.states.length, HARMS, from, to, width);
  const order = [6, 5, 8, 7, 2, 1, 0, 3, 4, 9];
  const fills = DATA.states.map((_, state) => stateFill(context, state));
  // Equal neighbours are one piece.
  for (let x = 0; x < width; ) {
    const column = columns[x];
    let end = x + 1;
    while (end < width && column.every((count, kind) => count === columns[end][kind])) end += 1;
    let bottom = box.top + box.height;
    for (const state of order) {
      if (!column[state]) continue;
      const share = (column[state] / most) * box.height;
      const high = HARMS[state] ? Math.max(3, share) : share;
      const top = Math.max(box.top, bottom - high);
      context.fillStyle = fills[state];
      context.fillRect(box.left + x, top, end - x, bottom - top);
      bottom = top;
    }
    x = end;
  }
}

class FleetMap {
  constructor(run) {
    this.run = run;
    this.canvas = h("canvas", { role: "img", "aria-label": `${plural(run.units.length, "instance")} over time; the panel beside says what the cursor is on` });
    this.element = h("div", { class: "heat" }, this.canvas);
    this.open = new Set();
    this.draw = onFrame(() => this.paint());
    this.group();
  }

  group() {
    const { run } = this;
    const sorted = [...run.units].sort((a, b) => a.set - b.set || a.zone - b.zone || a.faultDomain - b.faultDomain || a.index - b.index);
    this.groups = [];
    for (const unit of sorted) {
      const key = `${unit.set} ${unit.zone} ${unit.faultDomain}`;
      let last = this.groups[this.groups.length - 1];
      if (!last || last.key !== key) {
        const set = run.names.sets[unit.set];
        const place = [];
        const brief = [];
        if (set.zonal) {
          place.push(`zone ${unit.zone}`);
          brief.push(`z${unit.zone}`);
        }
        if (set.spread) {
          place.push(`FD ${unit.faultDomain}`);
          brief.push(`FD${unit.faultDomain}`);
        }
        last = { key, set: set.name, place: place.join(" · "), brief: brief.join(" "), units: [], first: !this.groups.some((group) => group.set === set.name) };
        this.groups.push(last);
      }
      last.units.push(unit);
    }
    for (const group of this.groups) {
      group.changes = changesOf(group.units.flatMap(lifeOf));
      let [now, most] = [0, 0];
      for (const [, , step] of group.changes) most = Math.max(most, (now += step));
      group.most = Math.max(1, most);
    }
    // One row a slot: who replaces another has its row.
    for (const group of this.groups) {
      const rows = new Map();
      for (const unit of [...group.units].sort((a, b) => a.slot - b.slot || a.created - b.created || a.index - b.index)) {
        if (!rows.has(unit.slot)) rows.set(unit.slot, { units: [] });
        rows.get(unit.slot).units.push(unit);
      }
      group.rows = [...rows.values()];
    }
    this.rows = this.groups.reduce((sum, group) => sum + group.rows.length, 0);
    this.folded = this.rows > FOLD;
    this.order = this.groups.flatMap((group) => group.rows.flatMap((row) => row.units));
  }

  /** Where everything stands. */
  layout() {
    const { groups, folded } = this;
    const gap = groups.length > 12 ? 2 : 6;
    const count = this.rows || 1;
    const row = Math.max(2, Math.min(28, Math.floor(520 / count)));
    const band = Math.max(18, Math.min(76, Math.floor(460 / groups.length) - gap));
    this.bands = [];
    this.heads = [];
    let y = 2;
    for (const group of groups) {
      const shut = folded && !this.open.has(group.key);
      const named = !folded && row >= 14;
      // A set whose rows have no names of their own has its name above them.
      if (group.first && !named) {
        y += 3;
        this.heads.push({ y: y + 8, set: group.set });
        y += 18;
      }
      const head = folded && !shut ? 16 : 0;
      const each = shut ? 0 : folded ? 5 : row;
      const height = shut ? band : head + each * group.rows.length;
      this.bands.push({ group, top: y, height, shut, head, each });
      y += height + gap;
    }
    this.height = Math.max(24, y - gap + 2);
  }

  paint() {
    this.layout();
    const width = plot.left + plot.width + plot.right;
    const context = prepared(this.canvas, width, this.height);
    context.textBaseline = "middle";
    if (!this.groups.length) {
      context.fillStyle = colour("soft");
      context.font = `13px ${SANS}`;
      context.fillText("no instance was present or created in this run", plot.left, 12);
    }
    for (const { y, set } of this.heads) {
      context.textAlign = "left";
      context.fillStyle = colour("ink");
      context.font = `600 12px ${SANS}`;
      context.fillText(fittedEnd(context, set, width - 8), 4, y);
    }
    for (const band of this.bands) {
      this.label(context, band);
      context.save();
      context.beginPath();
      context.rect(plot.left, band.top, plot.width, band.height);
      context.clip();
      if (band.shut) {
        drawBand(context, band.group.changes, band.group.most, { left: plot.left, top: band.top, width: plot.width, height: band.height }, view.from, view.to);
        if (view.overlay !== "none") this.versionBand(context, band);
      } else {
        band.group.rows.forEach((row, i) => row.units.forEach((unit) => this.row(context, unit, band.top + band.head + i * band.each, band.each)));
      }
      context.restore();
    }
    this.frame(context);
  }

  label(context, { group, top, height, shut, head, each }) {
    const right = plot.left - 10;
    const room = right - 14;
    const place = plot.left < 120 ? group.brief : group.place;
    context.textAlign = "right";
    if (!shut && !this.folded && each >= 14) {
      group.rows.forEach((row, i) => {
        const y = top + i * each + each / 2;
        const both = each >= 27 && place;
        const chosen = row.units.find((unit) => unit.name === view.unit);
        const others = row.units.length - 1;
        const name = `${(chosen ?? row.units[0]).name}${others ? ` +${others}` : ""}`;
        context.fillStyle = colour("ink");
        context.font = `${chosen ? "600 " : ""}12px ${SANS}`;
        context.fillText(fittedEnd(context, name, room), right, both ? y - 6 : y);
        if (!both) return;
        context.fillStyle = colour("soft");
        context.font = `10px ${SANS}`;
        context.fillText(fitted(context, place, room), right, y + 7);
      });
      return;
    }
    context.fillStyle = colour("rule");
    context.fillRect(plot.left - 5, top, 2, height);
    const middle = head ? top + 8 : top + height / 2;
    const count = `${this.folded ? (shut ? "▸ " : "▾ ") : ""}${place ? `${place} · ` : ""}${grouped(group.rows.length)}`;
    context.fillStyle = colour("soft");
    context.font = `11px ${SANS}`;
    if (height >= 10) context.fillText(fitted(context, count, room), right, middle);
  }

  row(context, unit, y, high) {
    const gap = high >= 8 ? 1 : 0;
    const pieces = lifeOf(unit);
    const striped = high >= 5;
    const over = view.overlay === "none" ? [] : versionsOf(unit, view.overlay, this.run.end);
    for (const harms of [false, true]) {
      for (const [from, until, state] of pieces) {
        if (HARMS[state] !== harms || until < view.from || from > view.to) continue;
        const x = Math.max(plot.left, xOf(from));
        let end = Math.min(plot.left + plot.width, xOf(until));
        if (harms) end = Math.max(end, x + LEAST_HARM);
        // What is too narrow for its stripes is plain, and so the stronger.
        context.fillStyle = striped && end - x >= 8 ? stateFill(context, state) : colour(`s${state}`);
        context.fillRect(x, y + gap, end - x, high - 2 * gap);
        if (harms && high >= 17) this.say(context, state, x, end, y + high / 2);
      }
    }
    const strip = Math.max(2, Math.round(high * 0.32));
    const { names } = this.run;
    for (const [from, until, version] of over) {
      const x = Math.max(plot.left, xOf(from));
      const end = Math.min(plot.left + plot.width, xOf(until));
      if (end <= x) continue;
      const count = view.overlay === "image" ? names.images.length : names.codes.length;
      context.fillStyle = versionColour(version, count);
      context.fillRect(x, y + high - gap - strip, end - x, strip);
      if (high >= 24) {
        context.font = `600 9px ${SANS}`;
        context.textAlign = "left";
        context.fillStyle = colour("on-version");
        const text = view.overlay === "image" ? names.images[version].name : names.codes[version] ?? "undeclared";
        if (context.measureText(text).width + 8 < end - x) context.fillText(text, x + 4, y + high - gap - strip / 2 + 0.5);
      }
    }
  }

  /** In words what harms, where there is room. */
  say(context, state, x, end, y) {
    context.font = `600 11px ${SANS}`;
    const long = DATA.states[state].words;
    const text = [long, state === 5 ? "old code" : "cannot serve"].find((words) => context.measureText(words).width + 22 < end - x);
    if (!text) return;
    const width = context.measureText(text).width + 10;
    const middle = (x + end) / 2;
    context.fillStyle = colour("plate");
    context.fillRect(middle - width / 2, y - 7, width, 14);
    context.fillStyle = colour("ink");
    context.textAlign = "center";
    context.fillText(text, middle, y + 0.5);
  }

  versionBand(context, { group, top, height }) {
    const { names } = this.run;
    const count = view.overlay === "image" ? names.images.length : names.codes.length;
    if (!count) return;
    const changes = changesOf(group.units.flatMap((unit) => versionsOf(unit, view.overlay, this.run.end)));
    const width = Math.round(plot.width);
    const columns = perPixel(changes, count, new Array(count).fill(false), view.from, view.to, width);
    const strip = Math.max(6, Math.round(height * 0.3));
    for (let x = 0; x < width; x += 1) {
      let y = top + height;
      columns[x].forEach((number, version) => {
        const high = (number / group.most) * strip;
        context.fillStyle = versionColour(version, count);
        context.fillRect(plot.left + x, y - high, 1, high);
        y -= high;
      });
    }
  }

  /** A frame around the selected instance, or around the group it is folded into. */
  frame(context) {
    if (!view.unit) return;
    for (const band of this.bands) {
      const i = band.group.rows.findIndex((row) => row.units.some((unit) => unit.name === view.unit));
      if (i < 0) continue;
      const top = band.shut ? band.top : band.top + band.head + i * band.each;
      const high = band.shut ? band.height : band.each;
      context.strokeStyle = colour("accent");
      context.lineWidth = 2;
      context.strokeRect(plot.left - 1, top, plot.width + 2, high);
      context.fillStyle = colour("accent");
      context.beginPath();
      context.moveTo(plot.left - 2, top + high / 2);
      context.lineTo(plot.left - 8, top + high / 2 - 5);
      context.lineTo(plot.left - 8, top + high / 2 + 5);
      context.fill();
    }
  }

  /** What is at a height: a group, and the instance where one is drawn. */
  at(clientY, ms) {
    const y = clientY - this.canvas.getBoundingClientRect().top;
    // The gap below a group belongs to it.
    const band = this.bands?.findLast((one) => y >= one.top);
    if (!band) return null;
    const place = Math.min(band.group.rows.length - 1, Math.floor((y - band.top - band.head) / band.each));
    const row = band.shut ? null : band.group.rows[place];
    // Of those that share the row, who is there then; else the one before, or the first.
    const unit = row ? row.units.findLast((one) => one.created <= ms) ?? row.units[0] : null;
    return { group: band.group, unit };
  }

  toggle(group) {
    if (!this.folded) return;
    if (this.open.has(group.key)) this.open.delete(group.key);
    else this.open.add(group.key);
    this.draw();
  }

  /** The next instance down or up. */
  move(step) {
    const at = this.order.findIndex((unit) => unit.name === view.unit);
    const next = this.order[at < 0 ? (step > 0 ? 0 : this.order.length - 1) : Math.max(0, Math.min(this.order.length - 1, at + step))];
    if (!next) return;
    if (view.cursor === null) view.setCursor(view.from, true);
    view.pinned = true;
    view.select(next.name);
    this.draw();
    const band = this.bands?.find((one) => one.group.units.includes(next));
    if (band && !band.shut && this.element.scrollHeight > this.element.clientHeight) {
      const top = band.top + band.head + band.group.rows.findIndex((row) => row.units.includes(next)) * band.each;
      if (top < this.element.scrollTop || top + band.each > this.element.scrollTop + this.element.clientHeight) this.element.scrollTop = top - 60;
    }
  }

  /** What the tooltip says. */
  words(found, ms) {
    const { run } = this;
    if (found.unit) {
      const now = run.stateAt(found.unit, ms);
      const lines = [h("b", null, found.unit.name), run.place(found.unit)];
      if (now) {
        lines.push(h("span", { class: HARMS[now.state] ? "harms" : "" }, swatch(now.state), DATA.states[now.state].words));
        lines.push(`${clock(now.from)} to ${clock(now.until)}, ${spoken(now.until - now.from)}`);
      } else lines.push(ms < found.unit.created ? "not there yet" : "gone");
      const code = run.codeAt(found.unit, ms);
      const image = run.imageAt(found.unit, ms);
      if (image || code) lines.push([image, code].filter(Boolean).join(" · "));
      lines.push(h("span", { class: "soft" }, "click: why"));
      return lines;
    }
    const counts = DATA.states.map(() => 0);
    for (const unit of found.group.units) {
      const now = run.stateAt(unit, ms);
      if (now) counts[now.state] += 1;
    }
    const order = [...counts.keys()].filter((state) => counts[state]).sort((a, b) => WEIGHT[b] - WEIGHT[a]);
    return [
      h("b", null, found.group.set),
      found.group.place,
      order.map((state) => h("span", { class: HARMS[state] ? "harms" : "" }, swatch(state), `${grouped(counts[state])} ${DATA.states[state].words}`)),
      h("span", { class: "soft" }, "click: unfold"),
    ];
  }
}
