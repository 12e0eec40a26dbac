// The comparison: every policy against the reference, side by side.

/** One run of each policy with common random numbers and one cursor: the fleet as a band, and the harmed share below it. */
function sideBySide(comparison) {
  const cards = RUNS.map((run) => {
    const fleet = h("canvas", { role: "img", "aria-label": `the fleet under ${run.policy} over time` });
    const changes = changesOf(run.units.flatMap(lifeOf));
    let [now, most] = [0, 0];
    for (const [, , step] of changes) most = Math.max(most, (now += step));
    const marker = h("i", { class: "cursor", hidden: true });
    const read = h("span", { class: "readout" });
        const figure = h("div", { class: "band" }, fleet, marker);
    const card = h(
      "article",
      { class: "card policy", "data-policy": run.policy },
      h(
        "h3",
        null,
        h("button", { type: "button", class: "focus", onclick: () => { view.focus(run); document.getElementById("fleet").scrollIntoView({ block: "start" }); } }, run.policy),
        run.policy === comparison.reference ? h("span", { class: "chip" }, "reference") : null,
        run.policy === comparison.take ? h("span", { class: "chip good" }, "take this") : null,
      ),
      h("p", { class: "verdict-small" }, verdictMark(comparison.policies.find((one) => one.policy === run.policy)?.objective.verdict), " ", run.verdict),
      figure,
      read,
      diffList(run),
    );
    const geometry = () => figure.clientWidth || 300;
    const at = (event) => {
      const box = figure.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width) * (view.to - view.from) + view.from;
    };
    figure.addEventListener("pointermove", (event) => { if (!view.pinned) view.setCursor(at(event)); });
    figure.addEventListener("pointerleave", () => { if (!view.pinned) view.setCursor(null); });
    figure.addEventListener("click", (event) => view.setCursor(at(event), true));
    return {
      card,
      paint() {
        const width = geometry();
        const context = prepared(fleet, width, 88);
        drawBand(context, changes, Math.max(1, most), { left: 0, top: 0, width, height: 62 }, view.from, view.to);
        context.fillStyle = colour("lane");
        context.fillRect(0, 66, width, 22);
        for (const pool of run.pools) {
          for (let i = 0; i < pool.time.length; i += 1) {
            const until = i + 1 < pool.time.length ? pool.time[i + 1] : run.end;
            const harmed = pool.demand[i] > 0 ? (pool.failed[i] + pool.stale[i]) / pool.demand[i] : 0;
            if (!harmed || until < view.from || pool.time[i] > view.to) continue;
            const x = ((Math.max(view.from, pool.time[i]) - view.from) / (view.to - view.from)) * width;
            const end = ((Math.min(view.to, until) - view.from) / (view.to - view.from)) * width;
            const high = Math.max(2, 22 * harmed);
            context.fillStyle = stateFill(context, pool.failed[i] >= pool.stale[i] ? 6 : 5);
            context.fillRect(x, 88 - high, Math.max(1.5, end - x), high);
          }
        }
      },
      follow() {
        const ms = view.cursor;
        const inside = ms !== null && ms >= view.from && ms <= view.to;
        marker.hidden = !inside;
        if (inside) marker.style.left = `${((ms - view.from) / (view.to - view.from)) * 100}%`;
        card.classList.toggle("focused", view.run === run);
        if (ms === null) {
          read.textContent = "\u00a0";
          return;
        }
        const parts = run.pools.map((pool) => {
          const place = lastAt(pool.time, ms);
          if (place < 0) return "";
          const harmed = pool.demand[place] > 0 ? (100 * (pool.failed[place] + pool.stale[place])) / pool.demand[place] : 0;
          return `${number(harmed)} % harmed`;
        });
        read.textContent = `${clock(ms)} · ${parts.join(" · ") || "no traffic"}`;
      },
    };
  });
  const paint = onFrame(() => cards.forEach((one) => one.paint()));
  const follow = onFrame(() => cards.forEach((one) => one.follow()));
  view.on((what) => {
    if (what === "time") paint();
    if (what === "cursor" || what === "run" || what === "time") follow();
  });
  onTheme(paint);
  onResize(paint);
  paint();
  follow();
  return h(
    "section",
    { id: "policies" },
    h("h2", null, RUNS.length < comparison.policies.length ? `${RUNS.length} of ${comparison.policies.length} policies with common random numbers` : "The policies with common random numbers"),
    h(
      "p",
      { class: "lead" },
      `One run of each with seed ${comparison.seed}, the one in the middle of ${plural(comparison.replications, "replication")} by harmed requests. Each band is the whole fleet by state, below it the harmed share of requests. A name puts that run into the charts below.${RUNS.length < comparison.policies.length ? " The reference, the one to take, the worst and the nearest are shown; windtunnel run shows any other." : ""}`,
    ),
    h("div", { class: "cards" }, cards.map((one) => one.card)),
  );
}

/** What a policy changes, as a diff. */
function diffList(run) {
  if (!run.diff.length) return h("p", { class: "soft" }, "the scenario as it is written");
  const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1).replace(/\n\s*/g, " "));
  const absent = (value) => value === null || value === undefined;
  return h(
    "details",
    { class: "diff", open: run.diff.length <= 3 },
    h("summary", null, `changes ${plural(run.diff.length, "value")}`),
    h(
      "dl",
      null,
      run.diff.map((change) => [
        h("dt", null, breakable(change.path)),
        absent(change.old) ? null : h("dd", { class: "minus" }, h("span", { class: "sign" }, "− "), shown(change.old)),
        absent(change.new) ? null : h("dd", { class: "plus" }, h("span", { class: "sign" }, "+ "), shown(change.new)),
      ]),
    ),
  );
}

const shownValue = (value) => (value && typeof value === "object" ? `≥ ${number(value.atLeast)}` : number(value));

/** The middle of a summary in words. */
function estimate(measure) {
  if (measure.words) return measure.words.map((one) => `${one.word} × ${one.runs}`).join(", ");
  if (measure.mean) return number(measure.mean.value);
  const middle = measure.quantiles?.find((one) => one.q === 0.5);
  if (middle) return `median ${shownValue(middle.value)}`;
  return "not computed";
}

const SURE = ["better", "worse", "more", "less"];
const MARKS = { better: "▲ better", worse: "▼ worse", more: "more", less: "less", different: "different", "the same": "= same", "no difference": "≈ no difference", inconclusive: "? open" };

/** The table of measures: a row a measure, a column a policy. */
function measureTable(comparison) {
  const reference = comparison.policies.findIndex((one) => one.policy === comparison.reference);
  const names = comparison.policies[0].measures.map((one) => one.name);
  const rows = names
    .map((name, i) => ({ name, i }))
    .filter(({ name, i }) => comparison.policies.some((one) => one.measures[i].runs > one.measures[i].notComputed));
  const cell = (policy, at, i) => {
    const measure = policy.measures[i];
    const interval = measure.mean?.interval;
    const { paired } = measure;
    return h(
      "td",
      { class: paired ? `is-${paired.verdict.replace(/\s/g, "-")} ${paired.matters === false ? "is-small" : ""}` : "is-reference" },
      h("b", null, estimate(measure)),
      interval && interval[0] !== interval[1] ? h("span", { class: "interval" }, `${number(interval[0])} to ${number(interval[1])}`) : null,
      measure.open ? h("span", { class: "interval" }, `${plural(measure.open, "run")} open`) : null,
      paired
        ? h(
            "span",
            { class: "call", title: paired.why || paired.method },
            SURE.includes(paired.verdict) && !paired.matters ? `${paired.verdict}, too small to matter` : MARKS[paired.verdict] ?? paired.verdict,
            paired.difference !== null && paired.interval && paired.verdict !== "the same"
              ? ` ${paired.difference > 0 ? "+" : ""}${number(paired.difference)}${paired.interval[0] === paired.interval[1] ? "" : `, from ${number(paired.interval[0])} to ${number(paired.interval[1])}`}`
              : null,
          )
        : h("span", { class: "call" }, at === reference ? "reference" : ""),
      robustness(policy.policy, measure.name),
    );
  };
  /** How often the verdict holds when the assumptions are drawn from their ranges. */
  const robustness = (policy, name) => {
    const { varied } = comparison;
    const held = varied?.verdicts.find((one) => one.policy === policy && one.measure === name);
    if (!held) return null;
    const lean = held.leansOn ? `; it leans on ${held.leansOn.assumption}` : "";
    return h("span", { class: "interval" }, `holds in ${grouped(held.holds)} of ${grouped(varied.replications - held.nothing)} with other assumptions${lean}`);
  };
  return h(
    "div",
    { class: "scroll wide", tabindex: "0", role: "region", "aria-label": "measures by policy; scrolls sideways" },
    h(
      "table",
      { class: "measures" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "measure"), comparison.policies.map((one) => h("th", { scope: "col" }, one.policy)))),
      h(
        "tbody",
        null,
        rows.map(({ name, i }) => {
          const { unit, direction } = comparison.policies[0].measures[i];
          return h(
            "tr",
            null,
            h("th", { scope: "row", title: comparison.meanings[i] }, breakable(name), h("span", { class: "unit" }, [unit, direction].filter(Boolean).join(", "))),
            comparison.policies.map((one, at) => cell(one, at, i)),
          );
        }),
      ),
    ),
  );
}

/** The words of an axis, with as many decimals as tell its neighbours apart. */
function axisWords(all, words) {
  const said = (decimals) => all.map((value) => words(value, decimals));
  const differ = (texts) => texts.every((text, i) => i === 0 || text === "" || text !== texts[i - 1]);
  return [3, 5, 7].map(said).find(differ) ?? said(9);
}

/** A chart of our own kind on the axes and scales of uPlot: it draws with `paint(u)`. */
function freeChart(holder, { width, height, x, y, xWords, yWords, left, paint, ySplits, yLabel, xLabel }) {
  return new uPlot(
    {
      width,
      height,
      padding: [8, 20, 4, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, auto: false, range: () => x }, y: { auto: false, range: () => y } },
      axes: [
        { stroke: () => colour("soft"), font: `11px ${SANS}`, space: 70, size: 28, gap: 4, label: xLabel, labelFont: `12px ${SANS}`, labelSize: 22, grid: { stroke: () => colour("grid"), width: 1 }, ticks: { stroke: () => colour("rule"), width: 1, size: 4 }, values: (u, all) => axisWords(all, xWords) },
        { stroke: () => colour("ink"), font: `12px ${SANS}`, size: left, label: yLabel, labelFont: `12px ${SANS}`, labelSize: yLabel ? 22 : 0, grid: { stroke: () => colour("grid"), width: 1 }, ticks: { show: false }, splits: ySplits, values: (u, all) => axisWords(all, yWords) },
      ],
      series: [{}, { stroke: "transparent", width: 0, points: { show: false } }],
      hooks: { draw: [paint] },
    },
    [x, [y[0], y[1]]],
    holder,
  );
}

/** A chart that is made again when the page changes. */
function remade(make) {
  const holder = h("div", { class: "holder" });
  let chart = null;
  const again = onFrame(() => {
    chart?.destroy();
    holder.replaceChildren();
    chart = make(holder, Math.max(280, holder.clientWidth));
  });
  onTheme(again);
  onResize(again);
  again();
  return { holder, again };
}

const BETTER = { better: "good", worse: "bad" };

/** At most so many policies: the best and the worst by harm, and then those that rank first. */
function mostTelling(comparison, places, most) {
  if (places.length <= most) return places;
  const ranked = decisionRows(comparison).map((row) => row.place).filter((place) => places.includes(place));
  const byHarm = decisionRows(comparison).filter((row) => row.mean !== null && places.includes(row.place)).sort((a, b) => a.mean - b.mean).map((row) => row.place);
  const kept = new Set([byHarm[0], byHarm[byHarm.length - 1], ...ranked].filter((place) => place !== undefined).slice(0, most));
  return places.filter((place) => kept.has(place));
}

/** Differences to the reference, seed by seed, with the interval of their mean. */
function pairedDots(comparison) {
  const reference = comparison.policies.findIndex((one) => one.policy === comparison.reference);
  const others = comparison.policies.map((_, i) => i).filter((i) => i !== reference);
  const { columns, each } = comparison.dots;
  if (!columns.length || !others.length) return null;
  const names = comparison.policies[0].measures;
  const select = h("select", { id: "dots" }, columns.map((one, i) => h("option", { value: String(i) }, names[one.column].name)));
  const note = h("p", { class: "hint" });
  const chart = remade((holder, width) => {
    const column = columns[Number(select.value)];
    const base = column.policies[reference];
    const drawn = mostTelling(comparison, others, 16);
    const rows = drawn.map((place) => {
      const points = [];
      let left = 0;
      column.policies[place].forEach((value, i) => {
        if (typeof value === "number" && typeof base[i] === "number") points.push(value - base[i]);
        else left += 1;
      });
      return { place, points, left, paired: comparison.policies[place].measures[column.column].paired };
    });
    // Up to which difference the mean keeps the objective, where the reference misses it.
    const own = comparison.policies[reference].measures[column.column];
    const allowed = column.column === comparison.places.harmed ? comparison.objective?.atMost : undefined;
    const line = allowed !== undefined && own.mean && own.mean.value > allowed ? allowed - own.mean.value : null;
    const all = rows.flatMap((row) => row.points.concat(row.paired?.interval && row.paired.difference !== null ? row.paired.interval : [])).concat([0], line ?? []);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const margin = (high - low || 1) * 0.06;
    const { unit, direction } = names[column.column];
    const missing = rows.reduce((sum, row) => sum + row.left, 0);
    note.textContent = `Each dot is one seed: policy − ${comparison.reference}. The bar is the 95 % interval of the mean.${line === null ? "" : " To the left of the dashed line the mean meets the objective."} ${direction.charAt(0).toUpperCase()}${direction.slice(1)}.${missing ? ` ${plural(missing, "pair")} without a number on both sides ${missing === 1 ? "is" : "are"} left out.` : ""}${drawn.length < others.length ? ` ${drawn.length} of ${others.length} policies are drawn, the best and the worst among them.` : ""}${each < comparison.replications ? ` The first ${each} of ${grouped(comparison.replications)} seeds are drawn.` : ""}`;
    const left = Math.min(150, Math.max(70, width * 0.26));
    return freeChart(holder, {
      width,
      height: 60 + 46 * rows.length,
      x: [low - margin, high + margin],
      y: [-0.6, rows.length - 0.4],
      left,
      xLabel: `difference in ${unit || names[column.column].name}`,
      xWords: (value, decimals) => (value === null ? "" : number(value, decimals)),
      yWords: (value) => {
        const row = rows[rows.length - 1 - value];
        return row ? cut(comparison.policies[row.place].policy, Math.floor(left / 7)) : "";
      },
      ySplits: () => rows.map((_, i) => i),
      paint: (u) => {
        const { ctx } = u;
        const ratio = devicePixelRatio || 1;
        const zero = u.valToPos(0, "x", true);
        ctx.save();
        ctx.fillStyle = colour("ink");
        ctx.fillRect(zero - ratio / 2, u.bbox.top, ratio, u.bbox.height);
        if (line !== null) {
          const x = u.valToPos(line, "x", true);
          ctx.strokeStyle = colour("ink");
          ctx.lineWidth = 2 * ratio;
          ctx.setLineDash([6 * ratio, 4 * ratio]);
          ctx.beginPath();
          ctx.moveTo(x, u.bbox.top);
          ctx.lineTo(x, u.bbox.top + u.bbox.height);
          ctx.stroke();
          ctx.setLineDash([]);
        }
        rows.forEach((row, i) => {
          const y = u.valToPos(rows.length - 1 - i, "y", true);
          const tone = BETTER[row.paired?.verdict] ?? "even";
          ctx.globalAlpha = row.points.length > 60 ? 0.35 : 0.6;
          ctx.fillStyle = colour(`dot-${tone}`);
          row.points.forEach((value, n) => {
            // Spread by the place of the seed, the same in every picture.
            const shift = (((n * 0.618034) % 1) - 0.5) * 18 * ratio;
            ctx.beginPath();
            ctx.arc(u.valToPos(value, "x", true), y + shift, 2.6 * ratio, 0, 7);
            ctx.fill();
          });
          ctx.globalAlpha = 1;
          if (row.paired?.interval && row.paired.difference !== null) {
            const [a, b] = row.paired.interval.map((value) => u.valToPos(value, "x", true));
            const middle = u.valToPos(row.paired.difference, "x", true);
            ctx.fillStyle = colour("paper");
            ctx.fillRect(a - 3 * ratio, y - 4 * ratio, Math.max(b - a, 0) + 6 * ratio, 8 * ratio);
            ctx.fillStyle = colour("ink");
            ctx.fillRect(a, y - 2 * ratio, Math.max(b - a, ratio), 4 * ratio);
            ctx.beginPath();
            ctx.arc(middle, y, 5 * ratio, 0, 7);
            ctx.fill();
          }
          ctx.fillStyle = colour("soft");
          ctx.font = `${11 * ratio}px ${SANS}`;
          ctx.textBaseline = "middle";
          const words = MARKS[row.paired?.verdict] ?? "";
          const right = u.bbox.left + u.bbox.width;
          ctx.textAlign = "right";
          ctx.fillText(words, right - 2 * ratio, y - 15 * ratio);
        });
        ctx.restore();
      },
    });
  });
  select.addEventListener("change", chart.again);
  return h("div", { class: "free" }, h("h3", null, "Paired differences"), h("label", { class: "inline" }, h("span", null, "measure "), select), chart.holder, note);
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, Math.max(1, length - 1))}…` : text);

function comparisonSection(comparison) {
  return folded(
    "comparison",
    "Every measure, and the differences seed by seed",
    `${plural(comparison.replications, "replication")} of each policy, means with 95 % intervals`,
    h("p", { class: "lead" }, `${plural(comparison.replications, "replication")} of each policy, seeds from ${comparison.firstSeed}; with the same seed all use the same random numbers. Verdicts are of the paired differences to ${comparison.reference}.`),
    differencesThatMatter(comparison),
    pairedDots(comparison),
    measureTable(comparison),
  );
}
