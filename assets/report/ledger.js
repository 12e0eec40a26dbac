// The ledger: every entry, filterable; each unfolds its why.

const PAGE = 60;
let shownLedger = null;

/** Shows an entry in the ledger, unfolded, whatever the filter was. */
function showEntry(run, entry) {
  shownLedger?.show(run, entry);
}

function ledgerSection() {
  const list = h("ol", { class: "entries" });
  const count = h("p", { class: "count", role: "status", "aria-live": "polite" });
  const text = h("input", { type: "search", id: "filter", placeholder: "words, a name, LB-16, #24", autocomplete: "off", spellcheck: "false" });
  const kind = h("select", { id: "kind" });
  const within = h("input", { type: "checkbox", id: "within" });
  const pager = h("nav", { class: "pager", "aria-label": "pages of the ledger" });
  const left = h("p", { class: "hint" });
  let matches = [];
  let page = 0;
  let open = -1;

  const kinds = () => {
    const chosen = kind.value;
    const all = [...view.run.ledger.raw.kinds].sort();
    fill(kind, h("option", { value: "" }, "every kind"), all.map((one) => h("option", { value: one }, one)));
    kind.value = all.includes(chosen) ? chosen : "";
    const { ledger } = view.run;
    left.hidden = ledger.count === ledger.all;
    left.textContent = `This page holds ${grouped(ledger.count)} of the ${grouped(ledger.all)} entries: all that are about no instance, the causes of the moments, and the first of the others. ledger.csv has them all.`;
  };

  /** The places of the entries that pass the filter. */
  const filtered = () => {
    const { ledger } = view.run;
    const { raw } = ledger;
    const wanted = text.value.trim().toLowerCase();
    const asked = /^#?(\d+)$/.exec(wanted);
    if (asked) {
      const at = ledger.place(Number(asked[1]));
      return at < 0 ? [] : [at];
    }
    const kindAt = kind.value ? raw.kinds.indexOf(kind.value) : -1;
    const words = wanted.split(/\s+/).filter(Boolean);
    // A word may stand in the pattern, the subject or the rule: each is looked at once, and not once an entry.
    const has = words.map((word) => ({
      pattern: raw.patterns.map((one) => one.toLowerCase().includes(word)),
      subject: raw.subjects.map((one) => one.toLowerCase().includes(word)),
      rule: raw.rules.map((one) => one.toLowerCase().includes(word)),
      kind: raw.kinds.map((one) => one.toLowerCase() === word),
    }));
    const out = [];
    for (let at = 0; at < ledger.count; at += 1) {
      if (kindAt >= 0 && raw.kind[at] !== kindAt) continue;
      if (within.checked && (ledger.time[at] < view.from || ledger.time[at] > view.to)) continue;
      if (has.every((one) => one.pattern[raw.pattern[at]] || one.subject[raw.subject[at]] || one.rule[raw.rule[at]] || one.kind[raw.kind[at]])) out.push(at);
    }
    return out;
  };

  const row = (at) => {
    const { run } = view;
    const { ledger } = run;
    const entry = ledger.entry[at];
    const body = h("div", { class: "body", hidden: true });
    const button = h(
      "button",
      {
        type: "button",
        class: "head",
        "aria-expanded": "false",
        onclick: () => expand(body.hidden),
      },
      h("span", { class: "entry" }, `#${entry}`),
      h("span", { class: "time", title: iso(ledger.time[at]) }, shortClock(ledger.time[at])),
      h("span", { class: "sentence" }, ledger.sentence(at)),
      h("span", { class: "rule" }, ledger.rule(at)),
    );
    const expand = (to) => {
      body.hidden = !to;
      button.setAttribute("aria-expanded", String(to));
      if (to && !body.firstChild) put(body, [h("p", { class: "soft" }, `${ledger.kind(at)} · ${ledger.subject(at)}`), chainList(run, at)]);
    };
    const item = h("li", { id: `entry-${entry}` }, button, body);
    if (at === open) expand(true);
    return item;
  };

  const draw = () => {
    const pages = Math.max(1, Math.ceil(matches.length / PAGE));
    page = Math.max(0, Math.min(page, pages - 1));
    fill(list, matches.slice(page * PAGE, (page + 1) * PAGE).map(row));
    const all = view.run.ledger.count;
    count.textContent = matches.length === all ? `${plural(all, "entry").replace("entrys", "entries")}` : `${grouped(matches.length)} of ${grouped(all)} entries`;
    const turn = (to, words) => h("button", { type: "button", disabled: to < 0 || to >= pages || to === page, onclick: () => { page = to; open = -1; draw(); list.scrollIntoView({ block: "start" }); } }, words);
    fill(pager, pages > 1 ? [turn(0, "first"), turn(page - 1, "before"), h("span", null, `page ${grouped(page + 1)} of ${grouped(pages)}`), turn(page + 1, "next"), turn(pages - 1, "last")] : null);
  };

  const refilter = () => {
    matches = filtered();
    page = 0;
    open = -1;
    draw();
  };
  let waiting = 0;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refilter, 120);
  });
  kind.addEventListener("change", refilter);
  within.addEventListener("change", refilter);
  view.on((what) => {
    if (what === "run") {
      kinds();
      refilter();
    }
    if (what === "time" && within.checked) {
      clearTimeout(waiting);
      waiting = setTimeout(refilter, 200);
    }
  });

  shownLedger = {
    show(run, entry) {
      if (view.run !== run) view.focus(run);
      text.value = "";
      kind.value = "";
      within.checked = false;
      matches = filtered();
      open = run.ledger.place(entry);
      page = Math.max(0, Math.floor(open / PAGE));
      draw();
      unfold(list);
      const item = document.getElementById(`entry-${entry}`);
      item?.scrollIntoView({ block: "center" });
      item?.querySelector("button").focus({ preventScroll: true });
      item?.classList.add("shown");
    },
  };
  kinds();
  refilter();
  return folded(
    "ledger",
    "The ledger",
    "everything that happened, with why",
    h("p", { class: "lead" }, "Everything that happened, in order. Each entry unfolds the chain of its causes."),
    left,
    h(
      "form",
      { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
      h("label", null, h("span", null, "find"), text),
      h("label", null, h("span", null, "kind"), kind),
      h("label", { class: "check" }, within, h("span", null, "only in the time shown above")),
    ),
    count,
    list,
    pager,
  );
}
