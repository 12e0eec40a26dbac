// What every chart shares: the stretch of time in view, the cursor, who is selected, and the run in focus.

const view = {
  run: RUNS[0],
  from: 0,
  to: 1,
  /** The instant of the cursor; null where there is none. */
  cursor: null,
  /** The cursor stays where it was put by a click or a key. */
  pinned: false,
  /** The name of the selected instance. */
  unit: null,
  overlay: "none",
  listeners: [],
  /** Calls `listener` with what changed: time, cursor, unit, run, overlay. */
  on(listener) {
    this.listeners.push(listener);
  },
  tell(what) {
    for (const listener of this.listeners) listener(what);
  },
  get end() {
    return Math.max(1, this.run.horizon);
  },
  setTime(from, to) {
    const least = Math.min(1000, this.end);
    let span = Math.min(this.end, Math.max(least, to - from));
    if (!Number.isFinite(span)) span = this.end;
    this.from = Math.max(0, Math.min(from, this.end - span));
    this.to = this.from + span;
    this.tell("time");
  },
  zoom(factor, around) {
    const at = around ?? this.cursor ?? (this.from + this.to) / 2;
    const inside = Math.max(this.from, Math.min(this.to, at));
    this.setTime(inside - (inside - this.from) * factor, inside + (this.to - inside) * factor);
  },
  pan(share) {
    const step = (this.to - this.from) * share;
    this.setTime(this.from + step, this.to + step);
  },
  setCursor(ms, pinned) {
    this.cursor = ms === null ? null : Math.max(0, Math.min(this.end, Math.round(ms)));
    if (pinned !== undefined) this.pinned = pinned;
    this.tell("cursor");
  },
  select(name) {
    this.unit = name;
    this.tell("unit");
  },
  focus(run) {
    const whole = this.from <= 0 && this.to >= this.end;
    this.run = run;
    if (whole) [this.from, this.to] = [0, this.end];
    if (this.unit && !run.byName.has(this.unit)) this.unit = null;
    this.tell("run");
  },
  /** The stretch from the first of the moments to the last, with some room. */
  showMoments() {
    const at = this.run.moments.map((moment) => moment.time).filter((ms) => ms !== null);
    if (!at.length) return;
    const [from, to] = [Math.min(...at), Math.max(...at)];
    const room = Math.max(60000, (to - from) * 0.2);
    this.setTime(from - room, to + room);
  },
  /** Brings an instant into view. */
  reveal(ms) {
    if (ms < this.from || ms > this.to) {
      const half = (this.to - this.from) / 2;
      this.setTime(ms - half, ms + half);
    }
  },
  /** The next instant at which the selected instance, or anything, changes. */
  step(direction) {
    const now = this.cursor ?? this.from;
    let best = null;
    const take = (ms) => {
      if (direction > 0 ? ms > now : ms < now) {
        if (best === null || (direction > 0 ? ms < best : ms > best)) best = ms;
      }
    };
    const unit = this.unit && this.run.byName.get(this.unit);
    if (unit) {
      let at = unit.created;
      take(at);
      for (let i = 1; i < unit.states.length; i += 2) take((at += unit.states[i]));
    } else {
      const { time } = this.run.ledger;
      let at = lastAt(time, now);
      if (direction > 0) {
        at += 1;
      } else {
        while (at >= 0 && time[at] >= now) at -= 1;
      }
      if (at >= 0 && at < time.length) best = time[at];
    }
    if (best === null) return;
    this.setCursor(best, true);
    this.reveal(best);
  },
};

view.to = view.end;

/** The plot area that the heat map, the lanes and the charts have in common. */
const plot = { left: 150, right: 16, width: 800 };

const xOf = (ms) => plot.left + ((ms - view.from) / (view.to - view.from)) * plot.width;
const msOf = (x) => view.from + ((x - plot.left) / plot.width) * (view.to - view.from);

/** Pointer and wheel on the stack of charts: the same everywhere. `pick` says what is at a point. */
function navigation(stack, band, pick) {
  let drag = null;
  const touches = new Map();
  let pinch = null;
  const local = (event) => event.clientX - stack.getBoundingClientRect().left;
  const inside = (x) => x >= plot.left - 2 && x <= plot.left + plot.width + 2;

  stack.addEventListener("pointermove", (event) => {
    const x = local(event);
    if (touches.has(event.pointerId)) touches.set(event.pointerId, x);
    if (pinch && touches.size === 2) {
      const [a, b] = [...touches.values()];
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const scale = Math.max(8, pinch.high - pinch.low) / Math.max(8, high - low);
      const span = (pinch.to - pinch.from) * scale;
      const anchor = pinch.from + ((pinch.low - plot.left) / plot.width) * (pinch.to - pinch.from);
      const from = anchor - ((low - plot.left) / plot.width) * span;
      view.setTime(from, from + span);
      return;
    }
    if (drag && Math.abs(x - drag.x) > 4) {
      drag.moved = true;
      if (drag.pan) {
        const shift = ((drag.x - x) / plot.width) * (drag.to - drag.from);
        view.setTime(drag.from + shift, drag.to + shift);
      } else if (event.pointerType !== "touch") {
        const [low, high] = [Math.min(x, drag.x), Math.max(x, drag.x)];
        const left = Math.max(plot.left, low);
        band.hidden = false;
        band.style.left = `${left}px`;
        band.style.width = `${Math.min(plot.left + plot.width, high) - left}px`;
      }
    }
    if (inside(x) && !(view.pinned && event.pointerType === "touch" && !drag)) {
      if (!view.pinned || event.pointerType === "touch") view.setCursor(msOf(x));
      pick(event, "hover");
    }
  });
  stack.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button, select, a, input")) return;
    const x = local(event);
    if (event.pointerType === "touch") {
      touches.set(event.pointerId, x);
      if (touches.size === 2) {
        const [a, b] = [...touches.values()];
        pinch = { low: Math.min(a, b), high: Math.max(a, b), from: view.from, to: view.to };
      }
    }
    if (!inside(x)) return;
    drag = { x, from: view.from, to: view.to, pan: event.shiftKey, moved: false };
    if (event.pointerType !== "touch") stack.setPointerCapture(event.pointerId);
  });
  const up = (event) => {
    touches.delete(event.pointerId);
    if (touches.size < 2) pinch = null;
    if (!drag) return;
    const { x, moved, pan } = drag;
    drag = null;
    band.hidden = true;
    const to = local(event);
    if (event.type === "pointercancel") return;
    if (!moved) {
      view.setCursor(msOf(Math.max(plot.left, Math.min(plot.left + plot.width, to))), true);
      pick(event, "click");
    } else if (!pan && event.pointerType !== "touch" && Math.abs(to - x) > 6) {
      const [a, b] = [msOf(Math.min(x, to)), msOf(Math.max(x, to))];
      view.setTime(a, b);
    }
  };
  stack.addEventListener("pointerup", up);
  stack.addEventListener("pointercancel", up);
  stack.addEventListener("pointerleave", () => {
    if (!drag) {
      if (!view.pinned) view.setCursor(null);
      pick(null, "leave");
    }
  });
  stack.addEventListener("dblclick", (event) => {
    if (event.target.closest("button, select, a, input")) return;
    view.setTime(0, view.end);
  });
  stack.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        view.zoom(Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY / 200))), msOf(local(event)));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        view.pan((event.deltaX || event.deltaY) / plot.width);
      }
    },
    { passive: false },
  );
}

/** The keys of the stack. */
function keys(event, rows) {
  const { key } = event;
  const along = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const across = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (along && event.shiftKey) view.pan(along / 4);
  else if (along) view.step(along);
  else if (across) rows(across);
  else if (key === "+" || key === "=") view.zoom(0.5);
  else if (key === "-" || key === "_") view.zoom(2);
  else if (key === "m") view.showMoments();
  else if (key === "0") view.setTime(0, view.end);
  else if (key === "Home") view.setCursor(0, true);
  else if (key === "End") view.setCursor(view.end, true);
  else if (key === "Escape") {
    view.setCursor(null, false);
    view.select(null);
  } else if (/^[1-9]$/.test(key)) {
    const moment = view.run.moments.find((one) => one.number === Number(key));
    if (moment && moment.time !== null) {
      view.setCursor(moment.time, true);
      view.reveal(moment.time);
    }
  } else return;
  event.preventDefault();
}
