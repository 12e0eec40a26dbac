// The page, from top to bottom.

const resized = [];
function onResize(call) {
  resized.push(call);
}

/** A command with a button that copies it. */
function command(text) {
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(text);
          button.textContent = "copied";
        } catch {
          getSelection().selectAllChildren(code);
          button.textContent = "selected";
        }
        setTimeout(() => (button.textContent = "copy"), 1500);
      },
    },
    "copy",
  );
  const code = h("code", null, text);
  return h("p", { class: "command" }, code, button);
}

function header() {
  const { scenario, comparison, tool } = DATA;
  const run = RUNS[0];
  const theme = h("button", {
    type: "button",
    id: "theme",
    class: "quiet",
    onclick: () => {
      setTheme(isDark() ? "light" : "dark");
      name();
    },
  });
  const name = () => (theme.textContent = isDark() ? "light theme" : "dark theme");
  name();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    name();
    recolour();
  });
  const facts = comparison
    ? [scenario.name, plural(comparison.policies.length, "policy").replace("policys", "policies"), plural(comparison.replications, "replication"), `reference ${comparison.reference}`]
    : [scenario.name, `policy ${run.policy}`, `seed ${run.seed}`, `${spoken(run.horizon)} from ${clock(0)}`, `digest ${run.digest}`];
  const verdict = comparison ? comparison.verdict : run.verdict;
  const harmless = comparison ? (comparison.take === comparison.reference && comparison.take ? true : null) : run.harmless;
  return h(
    "header",
    null,
    h("div", { class: "top" }, h("span", { class: "brand" }, "Windtunnel ", h("span", { class: "soft" }, tool.version)), nav(), theme),
    h("p", { class: "scene" }, h("b", null, scenario.title), h("span", { class: "facts" }, facts.join(" · "))),
    // What Azure would refuse and the scenario accepts is said before anything that follows from it.
    [...new Set(RUNS.flatMap((one) => one.accepted))].map((one) => h("p", { class: "accepted" }, one)),
    h("h1", { class: `verdict ${harmless === null ? "" : harmless ? "fine" : "harm"}` }, typeset(`${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}.`)),
    comparison ? advised(comparison) : answer(run),
    scenario.description ? h("details", { class: "description" }, h("summary", null, "About this scenario"), h("p", null, scenario.description)) : null,
    h("details", { class: "description" }, h("summary", null, "The command that repeats this"), command(comparison ? comparison.command : run.command)),
    comparison ? null : diffHead(run),
  );
}

/** Did it meet the objective, and what to change. */
function answer(run) {
  const { objective } = run;
  const kind = !objective || objective.met === null ? "unknown" : objective.met ? "meets" : "misses";
  const words = { meets: "The objective is met", misses: "The objective is missed", unknown: objective ? "Harm is not computed" : "No objective is stated" }[kind];
  const numbers = objective && objective.met !== null ? `${percent(objective.harmed)} of requests harmed, ${percent(objective.allowed)} allowed` : "";
  return h(
    "div",
    { class: "answers" },
    h("div", { class: "answer" }, h("h2", { class: "small" }, "Did it meet the objective?"), h("p", { class: `met ${kind}` }, verdictMark(kind), " ", h("b", null, words), numbers ? `: ${numbers}` : null), expectations(run), observations(run)),
    run.advice ? h("div", { class: "answer" }, h("h2", { class: "small" }, "What to change"), h("p", null, typeset(`${run.advice.charAt(0).toUpperCase()}${run.advice.slice(1)}.`))) : null,
  );
}

/** How near the run comes to what was observed. */
function observations(run) {
  const said = run.observations ?? [];
  return said.length ? h("details", { class: "description", open: true }, h("summary", null, "What was observed, beside this run"), h("ul", { class: "expectations" }, said.map((one) => h("li", null, sentenced(one))))) : null;
}

function diffHead(run) {
  return run.diff.length ? h("div", { class: "policy-diff" }, h("h2", { class: "small" }, "What this policy changes"), diffList(run)) : null;
}

function nav() {
  const places = [
    [DATA.comparison && "decision", "objective"],
    [DATA.comparison && "policies", "policies"],
    [DATA.comparison && "comparison", "every measure"],
    ["fleet", "fleet"],
    ["blast", "blast radius"],
    ["assumptions", "assumptions"],
    ["rules", "rules"],
    ["ledger", "ledger"],
  ];
  return h("nav", { "aria-label": "sections" }, places.filter(([id]) => id).map(([id, words]) => h("a", { href: `#${id}` }, words)));
}

function expectations(run) {
  if (!run.expectations.length) return null;
  const words = { pass: "✓ pass", fail: "✗ FAIL", open: "? open" };
  const order = { fail: 0, open: 1, pass: 2 };
  const sorted = [...run.expectations].sort((a, b) => order[a.met] - order[b.met]);
  const count = (met) => run.expectations.filter((one) => one.met === met).length;
  const counts = [[count("fail"), "do not hold"], [count("open"), "are open"], [count("pass"), "hold"]].filter(([n]) => n).map(([n, says]) => `${n} ${n === 1 ? { "do not hold": "does not hold", "are open": "is open", hold: "holds" }[says] : says}`);
  return h(
    "details",
    { class: "description", open: count("fail") + count("open") > 0 },
    h("summary", null, `Expectations: ${counts.join(", ")}`),
    h("ul", { class: "expectations" }, sorted.map((one) => h("li", { class: one.met }, h("b", null, words[one.met]), ` ${one.name}: `, h("span", { class: "soft" }, `${one.measured}, wanted ${one.limit}`)))),
  );
}

/** The moments to look at. */
function moments() {
  const box = h("ol", { class: "moments" });
  const title = h("h2");
  const draw = () => {
    const { run } = view;
    const count = ["No", "One", "Two", "Three", "Four", "Five"][run.moments.length] ?? "The";
    title.textContent = `${count} moment${run.moments.length === 1 ? "" : "s"} to look at`;
    fill(
      box,
      run.moments.map((moment) => {
        const there = moment.time !== null;
        const inner = [
          h("span", { class: "badge", "aria-hidden": "true" }, moment.number),
          h("span", { class: "label" }, moment.label, there ? h("span", { class: "soft" }, " ", h("span", { class: "whole" }, clock(moment.time)), beside(moment.time, (length) => [" ", h("span", { class: "whole" }, `(${length})`)])) : null),
          h("span", { class: "sentence" }, sentenced(moment.sentence)),
        ];
        if (!there) return h("li", { class: "none" }, h("div", { class: "moment" }, inner));
        const at = run.ledger.place(moment.entry);
        const show = () => {
          goTo(run, moment.time, at >= 0 ? run.ledger.subject(at) : undefined);
          document.getElementById("fleet").scrollIntoView({ block: "start" });
        };
        return h("li", null, h("button", { type: "button", class: "moment", onclick: show }, inner), at >= 0 ? h("details", null, h("summary", null, "why"), chainList(run, at)) : null);
      }),
    );
  };
  view.on((what) => what === "run" && draw());
  draw();
  return h("section", { id: "moments" }, title, box);
}

/** Heat map, lanes and charts on one axis, with the panel beside them. */
function fleetSection() {
  const ruler = h("div", { class: "ruler" });
  const stack = h("div", { class: "stack", id: "stack", tabindex: "0", role: "application", "aria-label": "the run over time. Left and right: next change. Up and down: instance. Plus, minus, zero: zoom. Numbers: the moments. Escape: let go.", "aria-describedby": "live" });
  const cursor = h("div", { class: "cursor", hidden: true });
  const band = h("div", { class: "band-select", hidden: true });
  const lines = h("div", { class: "lines", "aria-hidden": "true" });
  const tip = h("div", { class: "tip", role: "tooltip", hidden: true });
  const live = h("p", { id: "live", class: "visually-hidden", "aria-live": "polite" });
  const where = h("output", { class: "where" });
  const thumb = h("i");
  const strip = h("div", { class: "strip", "aria-hidden": "true" }, thumb);
  let [heat, events, charts] = [null, null, []];

  const measure = () => {
    const width = Math.max(280, stack.clientWidth);
    plot.left = width < 560 ? 92 : 150;
    plot.right = width < 560 ? 10 : 18;
    plot.width = width - plot.left - plot.right;
  };
  const build = () => {
    const { run } = view;
    heat = new FleetMap(run);
    events = new EventLanes(run);
    const several = run.pools.length > 1;
    charts = run.pools.flatMap((pool) => [capacityChart(run, pool, several), harmChart(run, pool, several), ...residualCharts(pool.observed)]);
    charts.push(...(run.observed ?? []).flatMap((one) => [seenChart(one), ...residualCharts([one])]));
    charts.push(versionChart(run, "code"), versionChart(run, "image"));
    charts = charts.filter(Boolean);
    fill(stack, h("div", { class: "map" }, ruler, heat.element), run.lanesLeftOut ? h("p", { class: "hint" }, `${grouped(run.lanesLeftOut)} more instances are in instances.csv and not on this page; all that harmed are here as far as there is room`) : null, events.lanes.length ? events.element : null, run.events.leftOut ? h("p", { class: "hint" }, `${grouped(run.events.leftOut)} more events are in the ledger and not in these lanes`) : null, charts.map((one) => one.element), lines, cursor, band);
    all();
  };
  const all = () => {
    measure();
    heat.draw();
    events.draw();
    charts.forEach((one) => {
      one.make();
      one.say();
    });
    axis();
    follow();
  };
  const axis = onFrame(() => {
    const span = view.to - view.from;
    const { run } = view;
    const seen = run.moments.filter((one) => one.time !== null && one.time >= view.from && one.time <= view.to);
    seen.sort((a, b) => a.time - b.time);
    // Moments that share a place stand beside one another.
    const places = apart(seen.map((moment) => xOf(moment.time)), 21);
    fill(
      ruler,
      ticks(view.from, view.to, plot.width, 76).map((ms) => h("span", { class: "tick", style: `left:${xOf(ms)}px` }, tickWords(ms, span))),
      seen.map((moment, i) =>
        h("button", { type: "button", class: "badge marker", style: `left:${places[i]}px`, title: `${moment.label}, ${clock(moment.time)}: ${moment.sentence}`, "aria-label": `${moment.label}, ${clock(moment.time)}`, onclick: () => goTo(run, moment.time, run.ledger.subject(run.ledger.place(moment.entry))) }, moment.number),
      ),
    );
    fill(lines, seen.map((moment) => h("i", { style: `left:${xOf(moment.time)}px` })));
    thumb.style.left = `${(100 * view.from) / view.end}%`;
    thumb.style.width = `${Math.max(0.5, (100 * span) / view.end)}%`;
    where.textContent = view.from <= 0 && view.to >= view.end ? `all of ${spoken(view.end)}` : `${shortClock(view.from)} to ${clock(view.to)}, ${spoken(Math.round((view.to - view.from) / 1000) * 1000)} of ${spoken(view.end)}`;
  });
  const follow = onFrame(() => {
    const ms = view.cursor;
    const inside = ms !== null && ms >= view.from && ms <= view.to;
    cursor.hidden = !inside;
    cursor.classList.toggle("pinned", view.pinned);
    if (inside) cursor.style.left = `${xOf(ms)}px`;
    charts.forEach((one) => one.say());
  });
  let spoke = 0;
  const speak = () => {
    clearTimeout(spoke);
    spoke = setTimeout(() => {
      if (view.cursor === null || !view.pinned) return;
      const unit = view.unit && view.run.byName.get(view.unit);
      const now = unit && view.run.stateAt(unit, view.cursor);
      live.textContent = `${clock(view.cursor)}${unit ? `, ${unit.name}: ${now ? DATA.states[now.state].words : "not there"}` : ""}`;
    }, 300);
  };

  const pick = (event, how) => {
    if (how === "leave" || !event) {
      tip.hidden = true;
      return;
    }
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const onHeat = under === heat.canvas && heat.at(event.clientY, msOf(event.clientX - stack.getBoundingClientRect().left));
    const onEvents = under === events.canvas && events.at(event.clientX, event.clientY);
    const ms = view.cursor ?? msOf(event.clientX - stack.getBoundingClientRect().left);
    if (how === "click") {
      if (onHeat) {
        if (onHeat.unit) view.select(onHeat.unit.name);
        else heat.toggle(onHeat.group);
      } else if (onEvents) showEntry(view.run, onEvents.entry);
      tip.hidden = true;
      return;
    }
    const at = msOf(event.clientX - stack.getBoundingClientRect().left);
    const words = onHeat ? heat.words(onHeat, view.pinned ? at : ms) : onEvents ? events.words(onEvents) : null;
    tip.hidden = !words || event.pointerType === "touch";
    if (!words) return;
    fill(tip, h("div", { class: "soft" }, [clock(at), beside(Math.round(at / 1000) * 1000, (length) => ` · ${length}`)]), words.flat().map((line) => h("div", null, line)));
    const box = tip.getBoundingClientRect();
    const left = event.clientX + 16 + box.width > innerWidth ? event.clientX - box.width - 16 : event.clientX + 16;
    const top = event.clientY + 16 + box.height > innerHeight ? event.clientY - box.height - 12 : event.clientY + 16;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${Math.max(4, top)}px`;
  };
  navigation(stack, band, pick);
  stack.addEventListener("keydown", (event) => {
    if (event.target !== stack || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && view.unit) {
      // The key would press what it led to.
      event.preventDefault();
      box.querySelector(".chain a")?.focus();
      return;
    }
    keys(event, (step) => heat.move(step));
  });
  // The keys that need no place work wherever the focus is, but where one types or chooses.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("#stack, input, select, textarea, [contenteditable]")) return;
    if (/^[1-9m0+=_-]$/.test(event.key) || event.key === "Escape") keys(event, () => {});
  });
  view.on((what) => {
    if (what === "run") build();
    if (what === "time") {
      heat.draw();
      events.draw();
      charts.forEach((one) => one.redraw());
      axis();
    }
    if (what === "unit" || what === "overlay") heat.draw();
    if (what === "cursor" || what === "time") follow();
    if (what === "cursor" || what === "unit") speak();
  });
  onTheme(() => {
    heat.draw();
    events.draw();
    charts.forEach((one) => one.recolour());
  });
  onResize(all);

  const button = (words, title, act) => h("button", { type: "button", title, "aria-label": title, onclick: act }, words);
  const overlays = [["none", "no overlay"]];
  if (DATA.runs.some((run) => run.names.codes.length)) overlays.push(["code", "code as overlay"]);
  if (DATA.runs.some((run) => run.names.images.length)) overlays.push(["image", "image version as overlay"]);
  const overlay = h("select", { id: "overlay", "aria-label": "overlay", onchange: () => { view.overlay = overlay.value; view.tell("overlay"); } }, overlays.map(([value, words]) => h("option", { value }, words)));
  const runSelect =
    RUNS.length > 1
      ? h("select", { id: "run", "aria-label": "policy", onchange: () => view.focus(RUNS[Number(runSelect.value)]) }, RUNS.map((run, i) => h("option", { value: String(i) }, run.policy)))
      : null;
  view.on((what) => {
    if (what === "run" && runSelect) runSelect.value = String(view.run.index);
  });
  const tools = h(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "time" },
    runSelect,
    button("−", "zoom out", () => view.zoom(2)),
    button("+", "zoom in", () => view.zoom(0.5)),
    button("◀", "earlier", () => view.pan(-0.5)),
    button("▶", "later", () => view.pan(0.5)),
    button("all", "the whole run", () => view.setTime(0, view.end)),
    button("moments", "the stretch of the moments", () => view.showMoments()),
    overlays.length > 1 ? overlay : null,
    where,
  );
  const box = panel();
  const section = h(
    "section",
    { id: "fleet" },
    h("h2", null, RUNS.length > 1 ? "One run in full" : DATA.fleet),
    h("p", { class: "lead hint no-print by-touch" }, "Tap the charts to hold a moment, an instance to see why it is what it is. Pinch to zoom."),
    h("p", { class: "lead hint no-print by-mouse" }, "Drag to zoom, shift and drag to pan, double-click for all of it; ctrl and wheel zooms too. With the keyboard: arrows step from change to change and from instance to instance, + − 0 zoom, 1 2 3 lead to the moments, m shows their stretch."),
    h("div", { class: "tools-row" }, tools, strip),
    h("div", { class: "side" }, stack, box),
    live,
  );
  document.body.append(tip);
  return { section, build };
}

/** The measures of the blast radius as figures, the rest as a table, and who harmed. */
function blastSection() {
  const box = h("div");
  const draw = () => {
    const { run } = view;
    // A figure: lengths as people say them, counts without the noun that the words below have.
    const figure = (measure) => {
      if (measure.unit === "s" && measure.value >= 60) return `${measure.kind === "open" ? "≥ " : ""}${spoken(measure.value * 1000)}`;
      return measure.unit === "%" || measure.unit === "s" ? shown(measure) : measure.shown;
    };
    const shown = (measure) => `${measure.shown}${measure.unit && measure.kind !== "none" ? ` ${measure.unit}` : ""}`;
    const tiles = run.measures.filter((one) => one.title && one.kind !== "none");
    const harmed = run.units
      .map((unit) => {
        let [long, first] = [0, null];
        for (const [from, until, state] of lifeOf(unit)) {
          if (!HARMS[state]) continue;
          long += until - from;
          first = first ?? from;
        }
        return { unit, long, first };
      })
      .filter((one) => one.long > 0)
      .sort((a, b) => b.long - a.long || a.unit.index - b.unit.index);
    const rows = harmed.slice(0, 12).map(({ unit, long, first }) =>
      h("tr", null, h("th", { scope: "row" }, h("button", { type: "button", class: "name", onclick: () => { goTo(run, first, unit.name); document.getElementById("fleet").scrollIntoView({ block: "start" }); } }, unit.name)), h("td", null, run.place(unit)), h("td", null, spoken(long)), h("td", { title: iso(first) }, clock(first), beside(first, (length) => h("span", { class: "soft" }, ` ${length}`)))),
    );
    fill(
      box,
      h("div", { class: "tiles" }, tiles.map((one) => h("div", { class: `tile ${one.value > 0 ? "some" : "zero"}`, title: one.meaning }, h("b", null, figure(one)), h("span", null, one.title)))),
      harmed.length
        ? h(
            "div",
            { class: "scroll" },
            h("table", { class: "plain" }, h("caption", null, "In rotation, and did not serve users well"), h("thead", null, h("tr", null, ["instance", "where", "for", "first at"].map((one) => h("th", { scope: "col" }, one)))), h("tbody", null, rows)),
            harmed.length > rows.length ? h("p", { class: "hint" }, `and ${grouped(harmed.length - rows.length)} more`) : null,
          )
        : h("p", null, "No instance was in rotation without serving users well."),
      h(
        "details",
        { class: "all-measures", open: RUNS.length === 1 },
        h("summary", null, "every measure"),
        h("div", { class: "scroll" }, h("table", { class: "plain" }, h("tbody", null, run.measures.map((one) => h("tr", { class: one.kind }, h("th", { scope: "row" }, breakable(one.of ? `${one.name} of ${one.of}` : one.name)), h("td", { class: "value" }, shown(one)), h("td", { class: "soft" }, one.meaning)))))),
      ),
    );
  };
  view.on((what) => what === "run" && draw());
  draw();
  return folded("blast", "Blast radius", "who harmed, for how long, and every measure", box);
}

/** The numbers that Azure does not publish and that the run used. */
function assumptionSection() {
  const box = h("div");
  const draw = () => {
    const { run } = view;
    const notes = DATA.comparison ? DATA.comparison.notes : run.notes;
    const kept = notes.filter((note) => !/^assumptions used|^\d+ more expectations? (is|are) about other/.test(note));
    fill(
      box,
      kept.length ? h("ul", { class: "notes" }, kept.map((note) => h("li", null, coded(note)))) : null,
      run.assumptions.length
        ? h(
            "div",
            { class: "scroll" },
            h(
              "table",
              { class: "plain" },
              h("thead", null, h("tr", null, ["assumption", "value here", "range", "what it is, and why"].map((one) => h("th", { scope: "col" }, one)))),
              h(
                "tbody",
                null,
                run.assumptions.map(({ key, value }) => {
                  const row = DATA.assumptions[key];
                  const changed = row.default !== value;
                  return h("tr", null, h("th", { scope: "row" }, breakable(key), h("span", { class: "unit" }, row.code)), h("td", null, value, changed ? h("span", { class: "chip" }, `default ${row.default}`) : null), h("td", null, row.range), h("td", null, coded(row.meaning), " ", h("span", { class: "soft" }, coded(row.reason))));
                }),
              ),
            ),
          )
        : h("p", null, "None."),
    );
  };
  view.on((what) => what === "run" && draw());
  draw();
  return folded("assumptions", "Assumptions used", "numbers that Azure does not publish", h("p", { class: "lead" }, "Numbers that Azure does not publish. A scenario may set any of them under ", h("code", null, "assumptions"), "."), box);
}

/** The rules that fired. */
function ruleSection() {
  const box = h("div", { class: "rules" });
  const draw = () => {
    const { run } = view;
    const counts = new Map(run.rules.map((one) => [one.id, one.count]));
    const premises = Object.keys(DATA.rules).filter((id) => !counts.has(id));
    const row = (id) => {
      const rule = DATA.rules[id];
      const count = counts.get(id);
      return h(
        "article",
        { id: `rule-${id}`, class: "rule-row", tabindex: "-1" },
        h("h3", null, id, h("span", { class: `chip ${rule.status}` }, rule.status), count ? h("button", { type: "button", class: "quiet", onclick: () => { const find = document.getElementById("filter"); find.value = id; find.dispatchEvent(new Event("input")); unfold(document.getElementById("ledger")); document.getElementById("ledger").scrollIntoView({ block: "start" }); } }, `${grouped(count)} ${count === 1 ? "entry" : "entries"}`) : h("span", { class: "soft" }, "others rest on it")),
        h("p", null, coded(rule.statement)),
        rule.deviation ? h("p", { class: "soft" }, "How this differs: ", coded(rule.deviation)) : null,
        h(
          "p",
          { class: "sources" },
          `${rule.confidence}: `,
          rule.sources.map((source, i) => [i ? ", " : "", source.url ? h("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, `${source.title} ↗`) : source.title]),
          rule.premises.length ? [rule.sources.length ? "; follows from " : "follows from ", rule.premises.map((one, i) => [i ? ", " : "", DATA.rules[one] ? h("a", { href: `#rule-${one}` }, one) : one])] : null,
        ),
      );
    };
    fill(box, [...counts.keys(), ...premises].map(row));
  };
  view.on((what) => what === "run" && draw());
  draw();
  return folded("rules", "The rules that fired", "what the platform is documented to do", h("p", { class: "lead" }, "What the platform is documented to do, as far as this run met it."), box);
}

/** Puts what is shown into the address, so that a link leads to it: the policy, the stretch of time, the cursor, the instance. */
function remember() {
  let written = "";
  const write = onFrame(() => {
    const whole = view.from <= 0 && view.to >= view.end;
    const parts = [
      RUNS.length > 1 && view.run !== RUNS[0] && `policy:${encodeURIComponent(view.run.policy)}`,
      !whole && `from:${Math.round(view.from)},to:${Math.round(view.to)}`,
      view.pinned && view.cursor !== null && `at:${view.cursor}`,
      view.unit && `instance:${encodeURIComponent(view.unit)}`,
    ].filter(Boolean);
    const next = parts.length ? `#view=${parts.join(",")}` : "";
    if (next === written) return;
    written = next;
    try {
      history.replaceState(null, "", next || location.pathname + location.search);
    } catch {
      // A page that may not change its address is none the worse.
    }
  });
  view.on((what) => (what !== "cursor" || view.pinned || written.includes("at:")) && write());
}

/** Shows what the address says. */
function recall() {
  const said = new Map(location.hash.slice(6).split(",").map((part) => [part.slice(0, part.indexOf(":")), decodeURIComponent(part.slice(part.indexOf(":") + 1))]));
  const run = RUNS.find((one) => one.policy === said.get("policy"));
  if (run && run !== view.run) view.focus(run);
  const number = (key) => (said.has(key) && Number.isFinite(Number(said.get(key))) ? Number(said.get(key)) : null);
  if (number("from") !== null && number("to") !== null) view.setTime(number("from"), number("to"));
  if (number("at") !== null) view.setCursor(number("at"), true);
  if (said.has("instance") && view.run.byName.has(said.get("instance"))) view.select(said.get("instance"));
}

function main() {
  const { section, build } = fleetSection();
  const { comparison } = DATA;
  put(document.getElementById("page"), [
    h("a", { class: "skip", href: "#stack" }, "to the charts"),
    header(),
    h(
      "main",
      null,
      comparison ? decision(comparison) : moments(),
      comparison ? sideBySide(comparison) : null,
      comparison ? comparisonSection(comparison) : null,
      comparison ? moments() : null,
      section,
      blastSection(),
      assumptionSection(),
      ruleSection(),
      ledgerSection(),
    ),
    h("footer", null, `Made by windtunnel ${DATA.tool.version}. This file needs no network. Charts: uPlot (MIT).`),
  ]);
  build();
  let width = innerWidth;
  const again = onFrame(() => resized.forEach((call) => call()));
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      again();
    }
  });
  // Paper is white, and as wide as it is. No frame comes between this and the print, so all is drawn at once.
  let before = null;
  const printing = (on) => {
    document.documentElement.classList.toggle("printing", on);
    if (on) before = document.documentElement.dataset.theme ?? "";
    setTheme(on ? "light" : before);
    resized.forEach((call) => call());
    flush();
  };
  addEventListener("beforeprint", () => printing(true));
  addEventListener("afterprint", () => printing(false));
  // What leads to a folded part opens it.
  const lead = (hash) => {
    const asked = /^#entry-(\d+)$/.exec(hash);
    if (asked) showEntry(view.run, Number(asked[1]));
    else if (hash.length > 1 && !hash.startsWith("#view=")) unfold(document.getElementById(hash.slice(1)));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && !event.defaultPrevented) lead(link.getAttribute("href"));
  });
  addEventListener("hashchange", () => (location.hash.startsWith("#view=") ? recall() : lead(location.hash)));
  if (location.hash.startsWith("#view=")) recall();
  else lead(location.hash);
  remember();
  document.documentElement.dataset.ready = "yes";
}

main();
