// The first screen of a comparison: who keeps the objective, how surely, at what harm, and what to take.

const KEEPS = {
  meets: { words: "meets the objective", heading: "Meet the objective in every run", order: 0 },
  depends: { words: "depends on chance", heading: "Depend on chance", order: 1 },
  misses: { words: "misses the objective", heading: "Miss the objective in every run", order: 2 },
  neverStarted: { words: "never started", heading: "Never started: no verdict on harm", order: 3 },
  unknown: { words: "not judged", heading: "Not judged", order: 4 },
};

/** A mark by shape and colour; the words beside it say the same. */
function verdictMark(kind) {
  const shapes = {
    meets: [["circle", { cx: 8, cy: 8, r: 7.5, class: "k-meets" }], ["path", { d: "M4.3 8.3 7 11l4.8-5.6", class: "k-cut" }]],
    depends: [["circle", { cx: 8, cy: 8, r: 6.8, class: "k-ring k-depends-line" }], ["path", { d: "M8 1.2a6.8 6.8 0 0 1 0 13.6Z", class: "k-depends" }]],
    misses: [["path", { d: "M8 .5 15.5 8 8 15.5.5 8Z", class: "k-misses" }], ["path", { d: "m5.5 5.5 5 5m0-5-5 5", class: "k-cut" }]],
    neverStarted: [["circle", { cx: 8, cy: 8, r: 6.6, class: "k-ring k-never-line" }], ["path", { d: "m3.4 12.6 9.2-9.2", class: "k-ring k-never-line" }]],
    unknown: [["circle", { cx: 8, cy: 8, r: 6.6, class: "k-ring k-never-line" }]],
  };
  return svg("svg", { class: "k-mark", viewBox: "0 0 16 16", "aria-hidden": "true" }, (shapes[kind] ?? shapes.unknown).map(([tag, attributes]) => svg(tag, attributes)));
}

/** An element of SVG. */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  put(element, children);
  return element;
}

/** A scale for values from zero on: decades where those above zero span more than two, with a place for zero at its left. */
function scaleOf(values) {
  const most = greatest(values);
  const above = values.filter((value) => value > most * 1e-7);
  const least = above.length ? Math.min(...above) : 0;
  if (!(least > 0) || most / least < 100) {
    const top = roundUp(most);
    const step = niceStep(top);
    return { log: false, share: (value) => value / top, ticks: Array.from({ length: Math.floor(top / step + 1.001) }, (_, i) => i * step) };
  }
  const [low, high] = [Math.floor(Math.log10(least) - 1e-9), Math.ceil(Math.log10(most) - 1e-9)];
  const zero = 0.13;
  const share = (value) => (value < 10 ** low * 0.999 ? zero / 3 : zero + ((Math.log10(value) - low) / (high - low)) * (1 - zero));
  const every = Math.ceil((high - low) / 6);
  const ticks = [0];
  for (let at = low; at <= high; at += every) ticks.push(10 ** at);
  return { log: true, share, ticks };
}

function niceStep(top) {
  const base = 10 ** Math.floor(Math.log10(top / 4));
  return [1, 2, 2.5, 5, 10].map((one) => one * base).find((step) => top / step <= 5) ?? top;
}

const decimal = (value) => (value === 0 ? "0" : value >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(0));

/** What a policy changes, in one line. */
function changeWords(changes) {
  if (!changes.length) return "the scenario as it is written";
  const shown = (value) => {
    if (value === null || value === undefined) return "nothing";
    if (Array.isArray(value)) return value.every((one) => typeof one !== "object") ? value.join(", ") : plural(value.length, "entry").replace("entrys", "entries");
    return typeof value === "object" ? "another" : String(value);
  };
  const last = (path) => path.split(".").filter((part) => part !== "properties" && !/^\d+$/.test(part)).slice(-1)[0] ?? path;
  const one = (change) => `${last(change.path)}: ${cut(shown(change.old), 24)} → ${cut(shown(change.new), 40)}`;
  const more = changes.length - 2;
  return changes.slice(0, 2).map(one).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/** What a difference to the reference says. */
function differenceWords(measure) {
  const { paired } = measure;
  if (!paired) return ["", "reference"];
  const sure = ["better", "worse", "more", "less"].includes(paired.verdict);
  const size = paired.difference === null || paired.difference === undefined ? "" : `${paired.difference > 0 ? "+" : "−"}${decimal(Math.abs(Number(paired.difference.toPrecision(3))))} points`;
  if (paired.verdict === "the same" || paired.verdict === "no difference") return ["even", paired.verdict];
  if (!sure) return ["even", "not decided"];
  if (!paired.matters) return ["small", `${size}, too small to matter`];
  return [paired.verdict === "better" ? "good" : "bad", size || paired.verdict];
}

/** The rows of the table, in the order in which one reads them. */
function decisionRows(comparison) {
  const { harmed, outcome } = comparison.places;
  const number = (value) => (typeof value === "number" ? value : null);
  const rows = comparison.policies.map((policy, place) => {
    const measure = harmed === null ? {} : policy.measures[harmed];
    const mean = measure.mean ? measure.mean.value : null;
    const words = outcome === null ? [] : policy.measures[outcome].words ?? [];
    return { policy, place, measure, mean, least: number(measure.min), most: number(measure.max), words, keeps: policy.objective.verdict, take: policy.policy === comparison.take, alike: (comparison.alike ?? []).includes(policy.policy), reference: policy.policy === comparison.reference };
  });
  const order = (row) => KEEPS[row.keeps].order;
  return rows.sort((a, b) => order(a) - order(b) || b.take - a.take || b.policy.objective.met - a.policy.objective.met || (a.mean ?? Infinity) - (b.mean ?? Infinity) || a.place - b.place);
}

/** The table of who keeps the objective. */
function decisionTable(comparison) {
  const rows = decisionRows(comparison);
  const allowed = comparison.objective?.atMost ?? null;
  const judged = rows.filter((row) => row.keeps !== "neverStarted" && row.mean !== null);
  const scale = scaleOf(judged.flatMap((row) => [row.least ?? row.mean, row.most ?? row.mean]).concat(allowed ?? [], 0));
  const left = (value) => `${(100 * Math.max(0, Math.min(1, scale.share(value)))).toFixed(2)}%`;
  const line = () => (allowed === null ? null : h("i", { class: "objective", style: `left:${left(allowed)}` }));
  const grid = () => scale.ticks.map((tick) => h("i", { class: "tick", style: `left:${left(tick)}` }));
  const plotted = (row) => {
    if (row.keeps === "neverStarted") return h("span", { class: "noplot soft" }, row.policy.objective.neverStartedBy ? ["its rollout never began: ", ruleLink(row.policy.objective.neverStartedBy)] : "its rollout never began");
    if (row.mean === null) return h("span", { class: "noplot soft" }, "harm is still open in some runs");
    const [low, high] = [row.least ?? row.mean, row.most ?? row.mean];
    return [grid(), line(), h("i", { class: `range ${row.keeps}`, style: `left:${left(low)};width:calc(${left(high)} - ${left(low)})` }), h("i", { class: `dot ${row.keeps}`, style: `left:${left(row.mean)}` })];
  };
  const rollout = (row) => {
    if (row.policy.completes) return [h("b", null, typeset(spoken(Math.round(row.policy.completes.mean_s) * 1000))), h("span", null, "completes")];
    const words = row.words.filter((one) => one.word !== "neverStarted");
    return words.length ? h("span", null, words.map((one) => `${one.word}${words.length > 1 || one.runs < row.policy.objective.runs ? ` in ${one.runs}` : ""}`).join(", ")) : h("span", null, "no rollout");
  };
  const share = (row) => {
    const { met, open, runs, shareInterval } = row.policy.objective;
    const interval = shareInterval ? `${percentRange(shareInterval)} of all runs` : open ? `${open} open` : "";
    return [verdictMark(row.keeps), h("b", null, row.keeps === "neverStarted" ? "never started" : allowed === null ? "no objective" : `${grouped(met)} of ${grouped(runs)}`), interval ? h("span", null, interval) : null];
  };
  const body = [];
  let group = null;
  for (const row of rows) {
    if (row.keeps !== group) {
      group = row.keeps;
      body.push(h("tr", { class: "group" }, h("th", { colspan: "6", scope: "rowgroup" }, KEEPS[group].heading)));
    }
    const [tone, difference] = row.keeps === "neverStarted" ? ["even", "no verdict"] : differenceWords(row.measure);
    body.push(
      h(
        "tr",
        { class: `row ${row.take ? "take" : ""}`, "data-row": row.policy.policy },
        h("th", { scope: "row" }, h("b", null, breakable(row.policy.policy)), row.take ? h("span", { class: "chip good" }, row.reference ? "keep" : "take this") : row.alike ? h("span", { class: "chip good" }, "as good") : null, row.reference ? h("span", { class: "chip" }, "today") : null, h("span", { class: "changes" }, breakable(changeWords(comparison.changes[row.place] ?? [])))),
        h("td", { class: "share", "data-label": "meets" }, share(row)),
        h("td", { class: "plotcell" }, h("div", { class: "rangeplot" }, plotted(row))),
        h("td", { class: "harm", "data-label": "harmed" }, row.keeps === "neverStarted" || row.mean === null ? h("span", null, "–") : [h("b", null, typeset(percent(row.mean))), row.most !== null && row.most > row.mean * 1.02 ? h("span", null, typeset(`worst ${percent(row.most)}`)) : null]),
        h("td", { class: `delta ${tone}`, "data-label": "against today" }, difference),
        h("td", { class: "rollout", "data-label": "its own rollout" }, rollout(row)),
      ),
    );
  }
  const axis = h("div", { class: "rangeplot axis" }, scale.ticks.map((tick) => h("span", { style: `left:${left(tick)}` }, tick === 0 ? (scale.log ? "none" : "0") : decimal(tick))), allowed === null ? null : h("em", { style: `left:${left(allowed)}` }, `at most ${percent(allowed)}`));
  return h(
    "div",
    { class: "scroll decision-scroll" },
    h(
      "table",
      { class: "decision" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "policy"), h("th", { scope: "col" }, "runs that meet the objective"), h("th", { scope: "col", class: "plotcell" }, `requests harmed, %: best to worst run, dot the mean${scale.log ? ", in decades" : ""}`, axis), h("th", { scope: "col" }, "mean"), h("th", { scope: "col" }, `against ${comparison.reference}`), h("th", { scope: "col" }, "its own rollout"))),
      h("tbody", null, body),
    ),
  );
}

/** The ends of a share, in percent. */
const percentRange = ([low, high]) => `${Math.round(100 * low)} to ${Math.round(100 * high)} %`;

/** The differences that matter, apart from those that are merely sure. */
function differencesThatMatter(comparison) {
  const lists = { matters: [], small: [] };
  comparison.policies.forEach((policy) => {
    policy.measures.forEach((measure) => {
      const { paired } = measure;
      if (!paired || policy.objective.verdict === "neverStarted" || !["better", "worse"].includes(paired.verdict) || paired.difference === null || paired.difference === undefined) return;
      lists[paired.matters ? "matters" : "small"].push({ policy: policy.policy, measure, paired });
    });
  });
  const unit = (measure, value) => {
    if (measure.unit === "s" || measure.unit === "seconds") return spoken(Math.round(Math.abs(value) * 1000));
    return `${decimal(Math.abs(Number(value.toPrecision(3))))}${measure.unit === "%" ? " points" : measure.unit ? ` ${measure.unit}` : ""}`;
  };
  const byMeasure = (list) => {
    const names = [...new Set(list.map((one) => one.measure.name))];
    return names.slice(0, 12).map((name) => {
      const of = list.filter((one) => one.measure.name === name);
      const some = of.slice(0, 6).map((one, i) => [i ? ", " : "", h("span", { class: one.paired.verdict === "better" ? "good" : "bad" }, one.policy), ` ${one.paired.difference > 0 ? "+" : "−"}${unit(one.measure, one.paired.difference)}`]);
      return h("li", null, h("b", null, breakable(name)), ": ", some, of.length > 6 ? ` and ${of.length - 6} more policies` : null);
    });
  };
  const half = (title, list, none) => h("div", null, h("h3", null, title), list.length ? h("ul", { class: "differences" }, byMeasure(list)) : h("p", { class: "soft" }, none));
  const allowed = comparison.objective?.atMost;
  return [
    h("p", { class: "lead" }, `A difference matters if it is sure and more than a tenth of what ${comparison.reference} has${allowed ? `, and for harm more than ${percent(allowed / 10)} of requests, a tenth of what the objective allows` : ""}.`),
    h("div", { class: "two" }, half("Differences that matter", lists.matters, "None."), half("Sure, and too small to matter", lists.small, "None.")),
  ];
}

/** What to change. */
function advised(comparison) {
  const place = comparison.policies.findIndex((one) => one.policy === comparison.take);
  const changes = place >= 0 && comparison.take !== comparison.reference ? comparison.changes[place] : [];
  return h("div", { class: "answer" }, h("h2", { class: "small" }, "What to change"), h("p", null, typeset(comparison.advice)), changes.length ? diffList({ diff: changes }) : null);
}

/** Who keeps the objective. */
function decision(comparison) {
  return h("section", { id: "decision" }, decisionTable(comparison), lengthChart(comparison));
}

/** Harm against the length of the rollout, of policies whose rollout completes as that of the reference does. */
function lengthChart(comparison) {
  const rows = decisionRows(comparison).filter((row) => row.policy.completes && row.mean !== null);
  if (rows.length < 2 || !rows.some((row) => row.reference)) return null;
  const allowed = comparison.objective?.atMost ?? null;
  const minutes = (row) => row.policy.completes.mean_s / 60;
  const [width, height, from, top, bottom, right] = [900, 340, 64, 26, 300, 880];
  const y = scaleOf(rows.map((row) => row.mean).concat(allowed ?? []));
  const all = rows.map(minutes);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max((high - low) * 0.15, high * 0.04, 0.1);
  const [start, end] = [Math.max(0, low - room), high + room];
  const step = niceStep(end - start);
  const px = (value) => from + ((value - start) / (end - start)) * (right - from);
  const py = (value) => bottom - Math.min(1, y.share(value)) * (bottom - top);
  const text = (x, at, words, attributes = {}) => svg("text", { x, y: at, "dominant-baseline": "middle", ...attributes }, words);
  const parts = [];
  for (const tick of y.ticks) parts.push(svg("line", { x1: from, x2: right, y1: py(tick), y2: py(tick), class: "c-grid" }), text(from - 8, py(tick), tick === 0 ? "none" : `${decimal(tick)} %`, { "text-anchor": "end", class: "c-soft" }));
  for (let tick = Math.ceil(start / step) * step; tick <= end; tick += step) parts.push(svg("line", { x1: px(tick), x2: px(tick), y1: top, y2: bottom, class: "c-grid" }), text(px(tick), bottom + 16, spoken(Math.round(tick * 60) * 1000), { "text-anchor": "middle", class: "c-soft" }));
  if (allowed !== null) parts.push(svg("line", { x1: from, x2: right, y1: py(allowed), y2: py(allowed), class: "c-objective" }), text(right, py(allowed) - 10, `objective: at most ${percent(allowed)}`, { "text-anchor": "end", class: "c-bold" }));
  const taken = rows.map((row) => [px(minutes(row)) - 8, py(row.mean) - 8, px(minutes(row)) + 8, py(row.mean) + 8]);
  const labels = [];
  for (const row of rows.slice(0, 24)) {
    const [cx, cy] = [px(minutes(row)), py(row.mean)];
    const wide = row.policy.policy.length * 7 + 4;
    const spots = [0, -16, 16, -32, 32, -48, 48, -64, 64].flatMap((shift) => [[cx + 12, cy + shift], [cx - 12 - wide, cy + shift]]);
    const free = spots.map(([x, at]) => [x, at - 7, x + wide, at + 7]).find((box) => box[0] >= from && box[2] <= width && box[1] >= 4 && box[3] <= bottom && taken.every((other) => box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1]));
    parts.push(svg("circle", { cx, cy, r: 6, class: `c-${row.keeps}` }, svg("title", {}, `${row.policy.policy}: ${percent(row.mean)} harmed, ${spoken(Math.round(minutes(row) * 60) * 1000)}`)));
    if (row.reference) parts.push(svg("circle", { cx, cy, r: 10, class: "c-ring" }));
    if (!free) continue;
    taken.push(free);
    const middle = (free[1] + free[3]) / 2;
    if (Math.abs(middle - cy) > 20) labels.push(svg("line", { x1: cx, y1: cy, x2: free[0] > cx ? free[0] - 2 : free[2] + 2, y2: middle, class: "c-leader" }));
    labels.push(text(free[0], middle, row.policy.policy, { class: row.take ? "c-bold" : "c-text" }));
  }
  return h(
    "div",
    { class: "length scroll" },
    h("h3", null, "Harm against the length of the rollout, where it completes"),
    svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "harm against the length of the rollout" }, parts, labels, text(right, bottom + 34, "length of the rollout, mean", { "text-anchor": "end", class: "c-soft" })),
    h("p", { class: "hint" }, `A rollout that halts early is short and not fast, so only those are drawn that complete in every run${rows.length < comparison.policies.length ? `: ${rows.length} of ${comparison.policies.length}` : ""}.`),
  );
}
