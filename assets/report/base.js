// Small things that every part uses: elements, times, colours, the theme.

/** An element. Texts become text nodes: nothing that a scenario says is ever read as HTML. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, children);
  return element;
}

function put(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

function fill(element, ...children) {
  element.replaceChildren();
  put(element, children);
}

const pad = (number, width) => String(number).padStart(width, "0");

/** An instant as the ledger writes it: PT12M29.889S. */
function iso(ms) {
  const whole = Math.round(ms);
  const hours = Math.floor(whole / 3600000);
  const minutes = Math.floor(whole / 60000) % 60;
  const rest = whole % 60000;
  const seconds = rest % 1000 ? `${Math.floor(rest / 1000)}.${pad(rest % 1000, 3).replace(/0+$/, "")}` : `${rest / 1000}`;
  let text = "PT";
  if (hours) text += `${hours}H`;
  if (minutes) text += `${minutes}M`;
  if (rest || text === "PT") text += `${seconds}S`;
  return text;
}

/** A length as people say it: 4.5 s, 5 min 12 s, 1 h 40 min, 2 d 7 h; rounded as the program rounds it (words/src/clock.rs). */
function spoken(length) {
  const [day, hour, minute, second] = DATA.time.units;
  const ms = Math.round(length);
  const s = Math.round(ms / 1000);
  const minutes = Math.round(s / 60);
  const two = (a, big, b, small) => (b ? `${a} ${big} ${b} ${small}` : `${a} ${big}`);
  if (ms < 60000 && ms % 1000) return `${(ms < 1000 ? ms : Math.round(ms / 100) * 100) / 1000} ${second}`;
  if (s < 60) return `${s} ${second}`;
  if (s < 3600) return two(Math.floor(s / 60), minute, s % 60, second);
  if (minutes < 2880) return two(Math.floor(minutes / 60), hour, minutes % 60, minute);
  const hours = Math.round(minutes / 60);
  return two(Math.floor(hours / 24), day, hours % 24, hour);
}

/** How civil time is written at an instant: milliseconds ahead of UTC, and what that is called; nothing where the scenario does not say when it starts. */
function zoneAt(ms) {
  const spans = DATA.scenario.zone;
  return spans ? spans.reduce((found, one) => (one[0] <= ms ? one : found)).slice(1) : null;
}

/** The date of an instant as its zone has it, to be read in UTC; nothing where there is none. */
function civilDate(ms) {
  const zone = zoneAt(ms);
  const date = zone && new Date(DATA.scenario.start + Math.round(ms) + zone[0]);
  return date && !Number.isNaN(date.getTime()) ? date : null;
}

/** The time of day of an instant, with the day where it is not that of the start; how long after the start it is where the scenario has no civil time. */
function clock(ms) {
  const date = civilDate(ms);
  if (!date) return after(ms);
  const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)} ${zoneAt(ms)[1]}`;
  const day = (one) => Math.floor(one / 86400000);
  return day(date.getTime()) === day(civilDate(0).getTime()) ? time : `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}, ${time}`;
}

/** How long after the start, where the time of day stands beside it. */
const beside = (ms, parts) => (civilDate(ms) ? parts(after(ms)) : null);

/** The same without the name of the zone, where that stands beside. */
const shortClock = (ms) => clock(ms).replace(/ (UTC|[+-]\d\d:\d\d)$/, "");

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** How long after the start: +12 min 30 s. What is left of the smallest unit is cut off, as in a time of day. */
function after(ms) {
  const unit = ms < 60000 ? 1 : ms < 3600000 ? 1000 : ms < 172800000 ? 60000 : 3600000;
  return `+${spoken(Math.floor(ms / unit) * unit)}`;
}

/** A number and its unit are not parted at the end of a line. */
const typeset = (text) => text.replace(/(\d) (%|s|min|h|d|ms)(?![a-z])/g, "$1\u202f$2");

/** A text of the rulebook, in which what stands between backticks is code. */
const coded = (text) => String(text).split("`").map((part, i) => (i % 2 ? h("code", null, part) : part));

/** A sentence whose long words may be broken where their parts meet. */
const sentenced = (text) => breakable(typeset(text));

/** A name, a code or a path, which may be broken after its stops, and a long one between its words, and nowhere else. */
function breakable(text) {
  const parts = String(text).split(/(?<=[._/@-])/).flatMap((part) => (part.length > 16 ? part.split(/(?<=[a-z0-9])(?=[A-Z])/) : [part]));
  return parts.flatMap((part, i) => (i ? [h("wbr"), part] : [part]));
}

/** A share in percent as people read it: two digits that count, at most three decimals, and a word for nothing. */
function percent(value) {
  const size = Math.abs(value);
  if (size === 0) return "none";
  if (size < 0.0005) return "under 0.001 %";
  const text = value.toFixed(size >= 99.95 ? 0 : size >= 0.995 ? 1 : size >= 0.0995 ? 2 : 3);
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text} %`;
}

/** Instants at which an axis of this width has ticks: round times of day. */
function ticks(from, to, width, each) {
  const most = Math.max(2, Math.floor(width / (each || 84)));
  const { steps } = DATA.time;
  const longest = steps[steps.length - 1];
  const step = steps.find((one) => (to - from) / one <= most) || Math.ceil((to - from) / most / longest) * longest;
  const civil = civilDate(0);
  const shift = civil ? ((civil.getTime() % step) + step) % step : 0;
  const all = [];
  for (let at = Math.ceil((from + shift) / step) * step - shift; at <= to; at += step) all.push(at);
  return all;
}

/** What stands at a tick: 12:30, 12:30:15, Tue 12:00, or how long after the start it is. */
function tickWords(ms, span) {
  const date = civilDate(ms);
  if (!date) return ms === 0 ? "0" : after(ms);
  const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}`;
  if (span <= 10 * 60000) return `${time}:${pad(date.getUTCSeconds(), 2)}`;
  return span > 36 * 3600000 ? `${WEEKDAYS[date.getUTCDay()]} ${time}` : time;
}

/** A number with at most so many decimals, and none that say nothing. */
function number(value, decimals = 3) {
  if (value === 0) return "0";
  if (Math.abs(value) < 0.5 * 10 ** -decimals) return value.toExponential(1);
  const text = value.toFixed(decimals).replace(/\.?0+$/, "");
  return Math.abs(value) >= 10000 ? grouped(text) : text;
}

/** With thin spaces between thousands. */
function grouped(value) {
  const [whole, rest] = String(value).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, " ");
  return rest ? `${spaced}.${rest}` : spaced;
}

const plural = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;

/** A colour of the style sheet. */
const styles = () => getComputedStyle(document.documentElement);
function colour(name) {
  if (!colour.known) {
    const all = styles();
    colour.known = new Map();
    const dark = isDark();
    colour.of = (one) => {
      const text = all.getPropertyValue(`--${one}`).trim();
      const both = /^light-dark\(\s*(\S+?)\s*,\s*(\S+?)\s*\)$/.exec(text);
      return both ? both[dark ? 2 : 1] : text;
    };
  }
  if (!colour.known.has(name)) colour.known.set(name, colour.of(name));
  return colour.known.get(name);
}

const themed = [];
/** Calls when the colours change. */
function onTheme(call) {
  themed.push(call);
}

function isDark() {
  const asked = document.documentElement.dataset.theme;
  return asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function recolour() {
  colour.known = null;
  for (const call of themed) call();
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  recolour();
}

const pending = new Set();

/** Calls once for many changes, before the next picture. */
function onFrame(call) {
  const run = () => {
    if (pending.delete(run)) call();
  };
  return () => {
    if (pending.has(run)) return;
    pending.add(run);
    requestAnimationFrame(run);
  };
}

/** Does now what waits for the next picture. */
function flush() {
  for (const run of [...pending]) run();
}

/** A canvas of this size in CSS pixels, cleared. */
function prepared(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, k] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== k) {
    canvas.width = w;
    canvas.height = k;
  }
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** The longest part of a text, as `part` makes it of a length, that is no wider. */
function longest(context, text, width, part) {
  if (context.measureText(text).width <= width) return text;
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(part(middle)).width <= width) low = middle;
    else high = middle - 1;
  }
  return low > 1 ? part(low) : "";
}

/** The text cut to a width. */
const fitted = (context, text, width) => longest(context, text, width, (length) => `${text.slice(0, length)}…`);

/** The text cut to a width at its front: names differ at their ends. */
const fittedEnd = (context, text, width) => longest(context, text, width, (length) => `…${text.slice(-length)}`);

/** Places at least so far apart, as near as can be to where they would be. */
function apart(wanted, least) {
  const clusters = [];
  wanted.forEach((place) => {
    let cluster = { sum: place, count: 1 };
    const centre = (one) => one.sum / one.count;
    for (let last = clusters[clusters.length - 1]; last; last = clusters[clusters.length - 1]) {
      if (centre(cluster) - centre(last) >= ((cluster.count + last.count) / 2) * least) break;
      clusters.pop();
      cluster = { sum: cluster.sum + last.sum, count: cluster.count + last.count };
    }
    clusters.push(cluster);
  });
  return clusters.flatMap(({ sum, count }) => Array.from({ length: count }, (_, i) => sum / count + (i - (count - 1) / 2) * least));
}

const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";


/** A section that is folded until it is asked for; what leads to it opens it. */
function folded(id, title, hint, ...children) {
  const box = h("details", { class: "fold" }, h("summary", null, h("h2", null, title), hint ? h("span", { class: "soft" }, hint) : null), h("div", { class: "folded" }, children));
  box.addEventListener("toggle", () => box.open && resized.forEach((call) => call()));
  return h("section", { id }, box);
}

/** Opens a section, or whatever an element is folded into. */
function unfold(element) {
  const own = element?.querySelector(":scope > details.fold");
  if (own && !own.open) own.open = true;
  for (let one = element; one; one = one.parentElement) if (one.tagName === "DETAILS" && !one.open) one.open = true;
}
