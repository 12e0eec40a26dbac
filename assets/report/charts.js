// The charts over time, drawn by uPlot: they share the plot area, the stretch of time and the cursor of the heat map.

const stepped = uPlot.paths.stepped({ align: 1 });

/** A chart over time. `layers` are drawn as given, the greatest first; `read` says what holds at a place. */
function timeChart({ title, note, time, layers, top, height, format, read, key, least }) {
  const readout = h("span", { class: "readout" });
  const holder = h("div", { class: "holder" });
  const element = h(
    "figure",
    { class: "chart" },
    h(
      "figcaption",
      null,
      h("b", null, title),
      key.map((one) => h("span", { class: `key ${one.class}` }, h("i", { "aria-hidden": "true" }), one.words)),
      note && h("span", { class: "soft" }, note),
      readout,
    ),
    holder,
  );
  let chart = null;
  const make = () => {
    chart?.destroy();
    const series = layers.map((layer) => ({
      paths: stepped,
      points: { show: false },
      stroke: () => (layer.stroke ? colour(layer.stroke) : "transparent"),
      width: layer.width ?? 0,
      fill: layer.fill ? (u) => layer.fill(u.ctx) : undefined,
    }));
    chart = new uPlot(
      {
        width: plot.left + plot.width + plot.right,
        height,
        padding: [10, plot.right, 4, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, auto: false, range: () => [view.from, view.to] }, y: { range: () => [0, top] } },
        axes: [
          {
            size: 6,
            stroke: () => colour("soft"),
            splits: () => ticks(view.from, view.to, plot.width),
            values: (u, all) => all.map(() => ""),
            grid: { stroke: () => colour("grid"), width: 1 },
            ticks: { show: false },
          },
          {
            size: plot.left,
            font: `11px ${SANS}`,
            stroke: () => colour("soft"),
            space: 28,
            grid: { stroke: () => colour("grid"), width: 1 },
            ticks: { stroke: () => colour("rule"), width: 1, size: 4 },
            values: (u, all) => all.map((value) => (value === null ? "" : format(value))),
          },
        ],
        series: [{}, ...series],
        hooks: { draw: least ? [(u) => widened(u, time, least)] : [] },
      },
      [time, ...layers.map((layer) => layer.values)],
      holder,
    );
  };
  const redraw = onFrame(() => chart?.setScale("x", { min: view.from, max: view.to }));
  const say = () => {
    const at = view.cursor === null ? -1 : lastAt(time, view.cursor);
    readout.textContent = at < 0 ? "" : read(at);
  };
  return { element, make, redraw, say, recolour: () => chart?.redraw(false, true) };
}

/** What is harmful is drawn at least so wide, however short it was. */
const LEAST_BAR = 3;

/** Draws what is too short to be seen as wide as can be seen. */
function widened(u, time, { values, colour: name }) {
  const ratio = window.devicePixelRatio || 1;
  const { left, width } = u.bbox;
  u.ctx.fillStyle = colour(name);
  const bottom = u.valToPos(0, "y", true);
  for (let i = 0; i < time.length; ) {
    // Rows in which there is something, one after another, are one piece.
    let end = i;
    while (end < time.length && values[end] > 0) end += 1;
    if (end === i) {
      i += 1;
      continue;
    }
    const [since, until] = [time[i], time[end] ?? view.end];
    const from = Math.max(left, u.valToPos(since, "x", true));
    const wide = LEAST_BAR * ratio;
    if (since <= view.to && until >= view.from && u.valToPos(until, "x", true) - from < wide) {
      const top = u.valToPos(greatest(values.slice(i, end)), "y", true);
      u.ctx.fillRect(Math.min(from, left + width - wide), top, wide, bottom - top);
    }
    i = end;
  }
}

/** The least round number at or above. */
function roundUp(value) {
  if (!(value > 0)) return 1;
  const base = 10 ** Math.floor(Math.log10(value));
  return base * [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * base >= value * 0.999999);
}

const greatest = (values) => values.reduce((most, value) => (value > most ? value : most), 0);
const sums = (...columns) => columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0));
const times = (column, factor) => column.map((value) => value * factor);

const NARROW = 620;
const short = () => plot.width < NARROW;

/** Capacity against demand of an entry point. */
function capacityChart(run, pool, several) {
  const each = pool.capacity;
  const name = several ? `, ${pool.name}` : "";
  const served = pool.demand.map((demand, i) => Math.max(0, demand - pool.failed[i] - pool.stale[i]));
  const [good, old, bad] = each
    ? [times(pool.good, each), times(pool.old, each), times(pool.cannot, each)]
    : [served, pool.stale, pool.failed];
  const [one, two, three] = [good, sums(good, old), sums(good, old, bad)];
  const any = (column) => column.some((value) => value > 0);
  const words = each ? ["serves well", "old code", "cannot serve"] : ["served", "served by old code", "failed"];
  const key = [{ class: "s4", words: words[0] }];
  if (any(old)) key.push({ class: "s5", words: words[1] });
  if (any(bad)) key.push({ class: "s6", words: words[2] });
  key.push({ class: "line", words: "demand" });
  return timeChart({
    title: each ? `Capacity in rotation against demand${name}` : `What becomes of demand${name}`,
    time: pool.time,
    layers: [
      { values: three, fill: (context) => stateFill(context, 6) },
      { values: two, fill: (context) => stateFill(context, 5) },
      { values: one, fill: (context) => stateFill(context, 4) },
      { values: pool.demand, stroke: "paper", width: 5 },
      { values: pool.demand, stroke: "ink", width: 2.5 },
    ],
    top: roundUp(Math.max(greatest(three), greatest(pool.demand)) * 1.05),
    height: 150,
    format: (value) => `${number(value)}${short() ? "" : " rps"}`,
    key,
    read: (at) => {
      const parts = [`demand ${number(pool.demand[at])}`, `${words[0]} ${number(good[at])}`];
      if (old[at]) parts.push(`${words[1]} ${number(old[at])}`);
      if (bad[at]) parts.push(`${words[2]} ${number(bad[at])}`);
      return `${parts.join(" · ")} rps`;
    },
  });
}

/** The harmed share of the requests of an entry point; nothing where none was. */
function harmChart(run, pool, several) {
  const share = (column) => column.map((value, i) => (pool.demand[i] > 0 ? (100 * value) / pool.demand[i] : 0));
  const [failed, stale] = [share(pool.failed), share(pool.stale)];
  const both = sums(failed, stale);
  // Where nobody is harmed there is nothing to draw, and the verdict says so.
  if (!both.some((value) => value > 0)) return null;
  return timeChart({
    title: `Harmed share of requests${several ? `, ${pool.name}` : ""}`,
    time: pool.time,
    layers: [
      { values: both, fill: (context) => stateFill(context, 5) },
      { values: failed, fill: (context) => stateFill(context, 6) },
    ],
    top: Math.min(100, roundUp(greatest(both) * 1.1)),
    height: 110,
    format: (value) => `${number(value)} %`,
    key: [
      failed.some((value) => value > 0) && { class: "s6", words: "fails" },
      stale.some((value) => value > 0) && { class: "s5", words: "served by old code" },
    ].filter(Boolean),
    read: (at) => `${number(both[at])} % harmed`,
    least: { values: both, colour: failed.some((value) => value > 0) ? "s6" : "s5" },
  });
}

/** Who runs what: instances in rotation by code, or those that stand by image. Nothing where there is one version all along. */
function versionChart(run, kind) {
  const { fleet, names } = run;
  const byCode = kind === "code";
  const [columns, count] = byCode ? [fleet.codes, names.codes.length] : [fleet.images, names.images.length];
  const needs = byCode && fleet.required.some((code) => code !== null);
  if (columns.length < (needs ? 1 : 2)) return null;
  const name = (id) => (byCode ? names.codes[id] ?? "undeclared" : names.images[id].name);
  const layers = [];
  let below = null;
  for (const column of columns) {
    below = below ? sums(below, column.count) : column.count;
    layers.unshift({ values: below, fill: () => versionColour(column.id, count), stroke: "panel", width: 1 });
  }
  return timeChart({
    title: byCode ? "Code in rotation" : "Images of instances",
    time: fleet.time,
    layers,
    top: roundUp(greatest(below) * 1.05),
    height: 110,
    format: (value) => (Number.isInteger(value) ? grouped(value) : ""),
    key: columns.map((column) => ({ class: `v${(count - 1 - column.id + 6 * count) % 6}`, words: name(column.id) })),
    read: (at) => {
      const parts = columns.filter((column) => column.count[at]).map((column) => `${name(column.id)}: ${column.count[at]}`);
      const required = byCode ? fleet.required[at] : null;
      if (required !== null) parts.push(`users need ${names.codes[required]}`);
      return parts.join(" · ");
    },
  });
}
