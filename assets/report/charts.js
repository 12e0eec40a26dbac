// The charts over time, drawn by uPlot: they share the plot area, the stretch of time and the cursor of the heat map.

const stepped = uPlot.paths.stepped({ align: 1 });

/** A chart over time. `layers` are drawn as given, the greatest first; `read` says what holds at a place. */
function timeChart({ title, note, time, layers, top, height, format, read, key, least, dots }) {
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
        hooks: { draw: [least && ((u) => widened(u, time, least)), ...(dots ?? []).map((one) => (u) => dotted(u, one))].filter(Boolean) },
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

/** What was observed: a dot in the middle of its interval, a bar over a long one, a ring where it is out of its tolerance. Where nothing was recorded, nothing is drawn. */
function dotted(u, seen) {
  const ratio = window.devicePixelRatio || 1;
  const { left, width, top, height } = u.bbox;
  const context = u.ctx;
  const ink = colour("ink");
  context.save();
  context.beginPath();
  context.rect(left - 4 * ratio, top - 4 * ratio, width + 8 * ratio, height + 8 * ratio);
  context.clip();
  seen.from.forEach((from, i) => {
    const until = seen.until[i];
    if (seen.value[i] === null || until < view.from || from > view.to) return;
    const [x0, x1] = [u.valToPos(from, "x", true), u.valToPos(until, "x", true)];
    const y = u.valToPos(seen.value[i], "y", true);
    if (x1 - x0 > 14 * ratio) {
      for (const [wide, paint] of [[5, colour("paper")], [2.5, ink]]) {
        context.strokeStyle = paint;
        context.lineWidth = wide * ratio;
        context.beginPath();
        context.moveTo(x0, y);
        context.lineTo(x1, y);
        context.stroke();
      }
      return;
    }
    const size = (x1 - x0 < 5 * ratio ? 1.9 : 2.6) * ratio;
    context.beginPath();
    context.arc((x0 + x1) / 2, y, size + 1.1 * ratio, 0, 2 * Math.PI);
    context.fillStyle = colour("paper");
    context.fill();
    context.beginPath();
    context.arc((x0 + x1) / 2, y, size, 0, 2 * Math.PI);
    if (seen.in[i] === false) {
      context.strokeStyle = colour("s6");
      context.lineWidth = 1.8 * ratio;
      context.stroke();
    } else {
      context.fillStyle = ink;
      context.fill();
    }
  });
  context.restore();
}

/** What was observed less what the run has, in tolerances: the band is that of each value. */
function residualChart(seen) {
  const place = (i) => (seen.simulated[i] === null ? null : Math.max(-2, Math.min(2, (seen.value[i] - seen.simulated[i]) / (seen.tolerance[i] || 1))) + 2);
  const left = { ...seen, value: seen.from.map((_, i) => place(i)), from: seen.from.map((from, i) => (from + seen.until[i]) / 2), until: seen.from.map((from, i) => (from + seen.until[i]) / 2) };
  const typical = [...seen.tolerance].sort((a, b) => a - b)[seen.tolerance.length >> 1] ?? 1;
  const words = { 1: `−${number(typical, 1)}`, 2: "0", 3: `+${number(typical, 1)}` };
  const ends = [0, view.end];
  return timeChart({
    title: `${seen.name}: observed less simulated`,
    note: `${seen.within} of ${seen.of} within`,
    time: ends,
    layers: [
      { values: [3, 3], fill: () => colour("grid") },
      { values: [1, 1], fill: () => colour("panel") },
      { values: [2, 2], stroke: "rule", width: 1 },
    ],
    top: 4,
    height: 64,
    format: (value) => words[value] ?? "",
    key: [],
    read: () => readSeen(seen),
    dots: [left],
  });
}

/** The same of observations that have more than a few values. */
const residualCharts = (seen) => (seen ?? []).filter((one) => one.of > 2).map(residualChart);

/** What was observed at the cursor. */
function readSeen(seen) {
  const at = view.cursor === null ? -1 : seen.from.findIndex((from, i) => from <= view.cursor && view.cursor < Math.max(seen.until[i], from + 1));
  if (at < 0 || seen.value[at] === null) return "";
  const unit = seen.unit ? ` ${seen.unit}` : "";
  const has = seen.simulated[at] === null ? "" : `, simulated ${number(seen.simulated[at], 2)}${unit}`;
  return `observed ${number(seen.value[at], 2)}${unit}${has}`;
}

/** A count or a rate that was observed, over what the run has in the same intervals. */
function seenChart(seen) {
  const [time, values] = [[], []];
  seen.from.forEach((from, i) => {
    if (time.length && time[time.length - 1] === from) values[values.length - 1] = seen.simulated[i];
    else {
      time.push(from);
      values.push(seen.simulated[i]);
    }
    if (seen.until[i] > from) {
      time.push(seen.until[i]);
      values.push(null);
    }
  });
  const all = [...seen.value, ...seen.simulated].filter((value) => value !== null);
  return timeChart({
    title: `${seen.name} (${seen.words})`,
    note: `${seen.within} of ${seen.of} within`,
    time,
    layers: [{ values, fill: (context) => stateFill(context, 4), stroke: "rule", width: 1 }],
    top: roundUp(greatest(all) * 1.1),
    height: 90,
    format: (value) => `${number(value)}${short() || !seen.unit ? "" : ` ${seen.unit}`}`,
    key: [{ class: "s4", words: "simulated" }, { class: "dots", words: "observed" }],
    read: () => readSeen(seen),
    dots: [seen],
  });
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
  const seen = pool.observed ?? [];
  const observed = seen.flatMap((one) => one.value).filter((value) => value !== null);
  // Where nobody is harmed there is nothing to draw, and the verdict says so.
  if (!both.some((value) => value > 0) && !observed.length) return null;
  return timeChart({
    title: `Harmed share of requests${several ? `, ${pool.name}` : ""}`,
    time: pool.time,
    layers: [
      { values: both, fill: (context) => stateFill(context, 5) },
      observed.length ? { values: failed, fill: () => colour("simulated"), stroke: "bad", width: 1 } : { values: failed, fill: (context) => stateFill(context, 6) },
    ],
    top: Math.min(100, roundUp(Math.max(greatest(both), greatest(observed)) * 1.1)),
    height: observed.length ? 150 : 110,
    format: (value) => `${number(value)} %`,
    key: [
      failed.some((value) => value > 0) && { class: observed.length ? "simulated" : "s6", words: observed.length ? "fails, simulated" : "fails" },
      stale.some((value) => value > 0) && { class: "s5", words: "served by old code" },
      observed.length && { class: "dots", words: "observed" },
    ].filter(Boolean),
    read: (at) => [`${number(both[at])} % harmed`, ...seen.map(readSeen).filter(Boolean)].join(" · "),
    dots: seen,
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
