// Why: the chain of causes of an entry, each with its rule; and what an instance is at the cursor.

/** The anchor of a rule, and the address of its page. */
function ruleLink(id) {
  const rule = DATA.rules[id];
  const source = rule?.sources.find((one) => one.url);
  return h(
    "span",
    { class: "rule" },
    h("a", { href: `#rule-${id}`, title: rule ? rule.statement : "" }, id),
    source && h("a", { class: "out", href: source.url, target: "_blank", rel: "noopener noreferrer", "aria-label": `source of ${id}: ${source.title}`, title: source.title }, "↗"),
  );
}

/** The first sentence of a statement. */
function brief(statement) {
  const end = statement.indexOf(". ");
  return end < 0 ? statement : statement.slice(0, end + 1);
}

/** The chain of an entry as a list. */
function chainList(run, at) {
  const { ledger } = run;
  const { entries, left } = ledger.chain(at);
  const item = (one, index) =>
    h(
      "li",
      null,
      h(
        "div",
        { class: "line" },
        entryLink(run, ledger.entry[one]),
        h("button", { class: "time", type: "button", title: `show this moment, ${iso(ledger.time[one])}`, onclick: () => goTo(run, ledger.time[one], ledger.subject(one)) }, clock(ledger.time[one])),
        h("span", { class: "sentence" }, index ? h("span", { class: "because" }, "because ") : null, sentenced(ledger.sentence(one))),
      ),
      h("div", { class: "by" }, ruleLink(ledger.rule(one)), " ", h("span", null, coded(brief(DATA.rules[ledger.rule(one)]?.statement ?? "")))),
    );
  return h(
    "ol",
    { class: "chain" },
    entries.map(item),
    left ? h("li", { class: "left" }, `because of entry ${left}, which is left out of this page; ledger.csv has it`) : null,
  );
}

function entryLink(run, entry) {
  return h(
    "a",
    {
      class: "entry",
      href: `#entry-${entry}`,
      title: "in the ledger",
      onclick: (event) => {
        event.preventDefault();
        showEntry(run, entry);
      },
    },
    `#${entry}`,
  );
}

/** Puts the cursor at an instant, and selects what it is about. */
function goTo(run, ms, subject) {
  if (view.run !== run) view.focus(run);
  view.setCursor(ms, true);
  view.reveal(ms);
  if (subject !== undefined && run.byName.has(subject)) view.select(subject);
}

/** A patch of the colour of a state. */
const swatch = (state) => h("span", { class: `swatch s${state}`, "aria-hidden": "true" });

/** The panel beside the heat map. */
function panel() {
  const box = h("aside", { class: "panel", "aria-label": "at the cursor" });
  const draw = onFrame(() => fill(box, contents()));
  view.on((what) => {
    if (what !== "time" && what !== "overlay") draw();
  });
  draw();
  return box;

  function contents() {
    const { run } = view;
    const ms = view.cursor;
    if (ms === null) {
      return [
        h("h3", { class: "no-print" }, "At the cursor"),
        h("p", { class: "hint no-print" }, "Point at the charts to see a moment, click to hold it. Click an instance to see what it is then, and why."),
        legend(run),
      ];
    }
    const head = h(
      "h3",
      null,
      h("span", { title: iso(ms) }, clock(ms)),
      h("span", { class: "soft" }, ` ${after(Math.round(ms / 1000) * 1000)}`),
      view.pinned ? h("button", { class: "quiet", type: "button", onclick: () => view.setCursor(null, false) }, "let go") : null,
    );
    const unit = view.unit && run.byName.get(view.unit);
    return [head, numbers(run, ms), unit ? instance(run, unit, ms) : counts(run, ms)];
  }

  function numbers(run, ms) {
    const rows = run.pools.map((pool) => {
      const at = lastAt(pool.time, ms);
      if (at < 0) return null;
      const demand = pool.demand[at];
      const harmed = pool.failed[at] + pool.stale[at];
      const share = demand > 0 ? (100 * harmed) / demand : 0;
      return h(
        "li",
        { class: share > 0 ? "harmed" : "" },
        `${pool.name}: `,
        h("b", null, `${number(share)} %`),
        ` of ${number(demand)} rps harmed · ${pool.good[at] + pool.old[at] + pool.cannot[at]} in rotation, ${pool.ready[at]} ready`,
      );
    });
    return h("ul", { class: "numbers" }, rows);
  }

  function instance(run, unit, ms) {
    const now = run.stateAt(unit, ms);
    const title = h(
      "h4",
      null,
      unit.name,
      " ",
      h("span", { class: "soft" }, run.place(unit)),
      h("button", { class: "quiet", type: "button", onclick: () => view.select(null) }, "all instances"),
    );
    const code = run.codeAt(unit, ms);
    const { ledger } = run;
    if (!now) {
      const when = ms < unit.created ? `is not there yet; it is created at ${clock(unit.created)}` : "is gone";
      const last = ledger.lastAbout(unit.name, ms);
      return h("div", { class: "who" }, title, h("p", null, `${unit.name} ${when}.`), last >= 0 ? chainList(run, last) : null);
    }
    const since = ledger.lastAbout(unit.name, now.from);
    const last = ledger.lastAbout(unit.name, ms);
    return h(
      "div",
      { class: "who" },
      title,
      h(
        "p",
        { class: `state ${HARMS[now.state] ? "harms" : ""}` },
        swatch(now.state),
        h("b", null, DATA.states[now.state].words),
        ` since ${clock(now.from)}, for ${spoken(now.until - now.from)}`,
      ),
      h("p", { class: "soft" }, [run.imageAt(unit, ms) && `image ${run.imageAt(unit, ms)}`, code && `code ${code}`].filter(Boolean).join(" · ")),
      h("h5", null, "Why"),
      since >= 0 ? chainList(run, since) : h("p", null, "It was present from the start."),
      last >= 0 && last !== since ? [h("h5", null, "The latest about it"), chainList(run, last)] : null,
    );
  }

  /** How many are in which state, and who. */
  function counts(run, ms) {
    const byState = DATA.states.map(() => []);
    for (const unit of run.units) {
      const now = run.stateAt(unit, ms);
      if (now) byState[now.state].push(unit);
    }
    const order = [...byState.keys()].filter((state) => byState[state].length).sort((a, b) => WEIGHT[b] - WEIGHT[a]);
    const some = (units) => {
      const shown = units.slice(0, 12).map((unit) => h("button", { class: "name", type: "button", onclick: () => { view.pinned = true; view.select(unit.name); } }, unit.name));
      const more = units.length - shown.length;
      return h("span", { class: "names" }, shown, more > 0 ? ` and ${grouped(more)} more` : null);
    };
    return h(
      "ul",
      { class: "counts" },
      order.map((state) =>
        h("li", { class: HARMS[state] ? "harms" : "" }, swatch(state), h("b", null, grouped(byState[state].length)), ` ${DATA.states[state].words} `, some(byState[state])),
      ),
    );
  }
}

/** The states that occur, with their words. */
function legend(run) {
  const seen = new Set();
  for (const unit of run.units) for (let i = 0; i < unit.states.length; i += 2) seen.add(unit.states[i]);
  return h(
    "ul",
    { class: "legend" },
    [...seen].sort((a, b) => a - b).map((state) => h("li", null, swatch(state), DATA.states[state].words)),
  );
}
