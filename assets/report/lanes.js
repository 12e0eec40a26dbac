// The lanes of events: what was rolled out, scaled, repaired, evicted, baked and done by hand, on the shared time axis.

const BAR = 16;
/** More bars than this side by side are drawn over one another. */
const ABREAST = 4;

class EventLanes {
  constructor(run) {
    this.run = run;
    this.canvas = h("canvas", { role: "img", "aria-label": "lanes of events; each is in the ledger" });
    this.element = h("div", { class: "events" }, this.canvas);
    this.draw = onFrame(() => this.paint());
    this.lanes = run.events.lanes.map((lane) => {
      const items = lane.from.map((from, i) => ({
        from,
        until: from + lane.length[i],
        tone: lane.tone[i],
        entry: lane.entry[i],
        end: lane.end[i],
        words: lane.texts[lane.words[i]],
        row: 0,
      }));
      // Bars that overlap stand below one another, as long as there is room.
      const free = [];
      const last = [];
      for (const item of items) {
        if (item.until === item.from) continue;
        let row = free.findIndex((until) => until <= item.from);
        if (row < 0) row = free.length < ABREAST ? free.push(0) - 1 : ABREAST - 1;
        free[row] = item.until;
        item.row = row;
        if (last[row]) last[row].next = item.from;
        last[row] = item;
      }
      // Marks have a row of their own above the bars.
      const marks = items.some((item) => item.until === item.from) ? 1 : 0;
      return { title: lane.title, items, marks, rows: Math.max(1, free.length + marks) };
    });
    let y = 4;
    for (const lane of this.lanes) {
      lane.top = y;
      lane.height = lane.rows * (BAR + 2) + 6;
      y += lane.height + 2;
    }
    this.height = y;
  }

  paint() {
    const width = plot.left + plot.width + plot.right;
    const context = prepared(this.canvas, width, this.height);
    context.textBaseline = "middle";
    for (const lane of this.lanes) {
      context.fillStyle = colour("lane");
      context.fillRect(plot.left, lane.top, plot.width, lane.height);
      context.fillStyle = colour("ink");
      context.font = `12px ${SANS}`;
      context.textAlign = "right";
      context.fillText(fitted(context, lane.title, plot.left - 22), plot.left - 10, lane.top + lane.height / 2);
      context.save();
      context.beginPath();
      context.rect(plot.left - 5, lane.top, plot.width + 10, lane.height);
      context.clip();
      // Bars that share a pixel of a row are one.
      const drawn = new Array(ABREAST).fill(-1);
      for (const item of lane.items) {
        if (item.until === item.from || item.until < view.from || item.from > view.to) continue;
        const end = xOf(item.until);
        if (end < drawn[item.row] + 0.7) continue;
        drawn[item.row] = end;
        this.bar(context, lane, item);
      }
      let last = -10;
      for (const item of lane.items) {
        if (item.until > item.from || item.from < view.from || item.from > view.to) continue;
        const x = xOf(item.from);
        // Marks that share a pixel are one, unless it is another kind.
        if (x - last < 0.5 && item.tone !== 3) continue;
        last = x;
        this.mark(context, lane, item, x);
      }
      context.restore();
    }
  }

  bar(context, lane, item) {
    const x = Math.max(plot.left, xOf(item.from));
    const end = Math.max(x + 2, Math.min(plot.left + plot.width, xOf(item.until)));
    const y = this.topOf(lane, item);
    context.fillStyle = item.tone === 3 || item.tone === 2 ? this.striped(context, item.tone) : colour(`t${item.tone}`);
    context.fillRect(x, y, end - x, BAR);
    context.strokeStyle = colour("panel");
    context.lineWidth = 1;
    if (end - x > 3) context.strokeRect(x + 0.5, y + 0.5, end - x - 1, BAR - 1);
    context.font = `600 10.5px ${SANS}`;
    context.textAlign = "left";
    // Beside a bar that is too short for its words, where nothing else stands.
    const right = item.next === undefined ? plot.left + plot.width : Math.min(plot.left + plot.width, xOf(item.next));
    const needs = context.measureText(item.words).width;
    if (needs > end - x - 10 && needs + 6 < right - end) {
      context.fillStyle = colour("ink");
      context.fillText(item.words, end + 4, y + BAR / 2 + 0.5);
      return;
    }
    if (end - x < 14) return;
    const text = fitted(context, item.words, end - x - 10);
    if (text === item.words || text.length > 3) {
      const wide = context.measureText(text).width;
      context.fillStyle = colour("plate");
      context.fillRect(x + 3, y + 2, wide + 6, BAR - 4);
      context.fillStyle = colour("ink");
      context.fillText(text, x + 6, y + BAR / 2 + 0.5);
    }
  }

  topOf(lane, item) {
    return lane.top + 3 + (item.until === item.from ? 0 : item.row + lane.marks) * (BAR + 2);
  }

  striped(context, tone) {
    const key = `tone ${tone}`;
    if (!colour.known.has(key)) colour.known.set(key, stripes(colour(`t${tone}`), colour(`t${tone}-line`), tone === 3, 7));
    const pattern = context.createPattern(colour.known.get(key), "repeat");
    pattern.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
    return pattern;
  }

  /** A mark: a ring for what people noted, a diamond for what someone did, a cross for what went wrong, a tick for the rest. */
  mark(context, lane, item, x) {
    const y = lane.top + 3 + BAR / 2;
    context.strokeStyle = context.fillStyle = colour(`t${item.tone}`);
    context.lineWidth = 2;
    context.beginPath();
    if (!item.entry) {
      context.arc(x, y, 4.5, 0, 2 * Math.PI);
      context.stroke();
    } else if (item.tone === 4) {
      context.moveTo(x, y - 6);
      context.lineTo(x + 5, y);
      context.lineTo(x, y + 6);
      context.lineTo(x - 5, y);
      context.fill();
    } else if (item.tone === 3) {
      context.moveTo(x - 4, y - 5);
      context.lineTo(x + 4, y + 5);
      context.moveTo(x - 4, y + 5);
      context.lineTo(x + 4, y - 5);
      context.stroke();
    } else {
      context.moveTo(x, y - 6);
      context.lineTo(x, y + 6);
      context.stroke();
    }
  }

  /** What is at a point: the nearest mark, or the bar. */
  at(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const lane = this.lanes.find((one) => y >= one.top && y < one.top + one.height);
    if (!lane) return null;
    let best = null;
    for (const item of lane.items) {
      const [from, until] = [xOf(item.from), xOf(item.until)];
      const top = this.topOf(lane, item);
      const away = y >= top - 1 && y < top + BAR + 1 ? 0 : 8;
      const far = item.until === item.from ? Math.abs(x - from) : 0;
      if (far > 7 || x < from - 7 || x > until + 7) continue;
      const off = far + away;
      if (off < 16 && (!best || off < best.off)) best = { item, off };
    }
    return best && best.item;
  }

  words(item) {
    const { ledger } = this.run;
    const lines = [];
    for (const entry of [item.entry, item.end]) {
      const at = entry ? ledger.place(entry) : -1;
      if (at >= 0) lines.push(`${clock(ledger.time[at])}: ${ledger.sentence(at)}`);
    }
    if (item.until > item.from) lines.push(`for ${spoken(item.until - item.from)}`);
    if (!item.entry) return [`${clock(item.from)}: ${item.words}`, h("span", { class: "soft" }, "noted by people; it does nothing")];
    lines.push(h("span", { class: "soft" }, "click: in the ledger, with why"));
    return lines;
  }
}
