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

/** A length as people say it: 5m 12s. */
function spoken(ms) {
  if (ms < 60000 && ms % 1000) return `${Number((ms / 1000).toFixed(3))}s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${pad(s % 60, 2)}s`;
  if (s < 172800) return `${Math.floor(s / 3600)}h ${pad(Math.floor(s / 60) % 60, 2)}m`;
  return `${Math.floor(s / 86400)}d ${pad(Math.floor(s / 3600) % 24, 2)}h`;
}

/** The time of day of an instant, in UTC. */
function clock(ms) {
  const date = new Date(DATA.scenario.start + Math.round(ms));
  if (Number.isNaN(date.getTime())) return "";
  return `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)} UTC`;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800]
  .map((s) => s * 1000);

/** Instants at which an axis of this width has ticks. */
function ticks(from, to, width, each) {
  const most = Math.max(2, Math.floor(width / (each || 84)));
  const step = STEPS.find((one) => (to - from) / one <= most) || Math.ceil((to - from) / most / 604800000) * 604800000;
  const all = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) all.push(at);
  return all;
}

/** What stands at a tick: 12 min, 1:30 h, 12:30. */
function tickWords(ms, span) {
  const s = Math.round(ms / 1000);
  if (span <= 2 * 60000) return `${Math.floor(s / 60)}:${pad(s % 60, 2)}`;
  if (span <= 2 * 3600000) return s % 60 ? `${Math.floor(s / 60)}:${pad(s % 60, 2)}` : `${s / 60} min`;
  if (s % 3600) return `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60, 2)} h`;
  return `${s / 3600} h`;
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
    colour.of = (one) => all.getPropertyValue(`--${one}`).trim();
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
