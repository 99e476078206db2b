// The pauses of a chat as a histogram on a logarithmic axis, and the line that parts "the same
// conversation" from "a new one". The line is dragged, moved by keys, or typed; what was chosen is
// kept by the server, whose next data says how many conversations that really gives.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT_PX = 196;
const TOP_PX = 34; // room for the words and the value above the bars
const BOTTOM_PX = 24;
const SIDE_PX = 8;
const TICK_ROOM_PX = 58;
const PILL_PX = 30; // half the width of the value's pill
const WAIT_MS = 1000; // after the last key, before the choice is sent
const PAGE_MINUTES = 10;
// Minutes of the axis, each with how it is said.
const TICKS = [
  [1 / 6, "second", 10],
  [1, "minute", 1],
  [10, "minute", 10],
  [60, "hour", 1],
  [360, "hour", 6],
  [1440, "day", 1],
  [10080, "day", 7],
  [43200, "day", 30],
  [525600, "day", 365],
];

function fill(template, fields) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(fields[name] ?? whole));
}

function count(number) {
  return Math.round(number).toLocaleString("en-US");
}

function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  for (const child of children) node.append(child);
  return node;
}

class GapLine {
  constructor(root) {
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.box = this.part("box");
    this.plot = this.part("plot");
    this.number = this.part("number");
    this.dragging = false;
    this.painting = false;
    this.timer = 0;
    this.plot.addEventListener("pointerdown", (event) => this.take(event));
    this.plot.addEventListener("pointermove", (event) => this.pull(event));
    this.plot.addEventListener("pointerup", () => this.drop());
    this.plot.addEventListener("pointercancel", () => this.revert());
    this.plot.addEventListener("keydown", (event) => this.key(event));
    this.plot.addEventListener("focusout", () => this.flush());
    this.number.addEventListener("change", () => this.typed());
    this.part("auto").addEventListener("click", () => this.choose(null));
    // A page's single-letter shortcuts must not hear what is typed here.
    this.number.addEventListener("keydown", (event) => event.stopPropagation());
    this.watcher = new ResizeObserver(() => this.paint());
    this.watcher.observe(this.plot);
  }

  update({ data, setTriggerValue }) {
    this.send = (minutes) => setTriggerValue("chosen", { chat: data.chat, minutes });
    if (data === this.data) return; // only the theme changed: the styles follow by themselves
    this.data = data;
    this.words = data.labels;
    this.box.classList.remove("waiting");
    if (!this.dragging && this.timer === 0) this.value = data.used;
    this.number.min = data.least;
    this.number.max = data.most;
    this.part("before").textContent = this.words.before;
    this.part("after").textContent = this.words.after;
    this.number.setAttribute("aria-label", this.words.line);
    this.paint();
  }

  // ---- places and minutes

  get width() {
    return Math.max(this.plot.clientWidth, 120);
  }

  get ends() {
    const { edges, least, most } = this.data;
    return [Math.log(Math.min(edges[0], least)), Math.log(Math.max(edges[edges.length - 1], most))];
  }

  place(minutes) {
    const [from, to] = this.ends;
    const share = (Math.log(minutes) - from) / (to - from);
    return SIDE_PX + Math.min(Math.max(share, 0), 1) * (this.width - 2 * SIDE_PX);
  }

  minutes(x) {
    const [from, to] = this.ends;
    const exact = Math.exp(from + ((x - SIDE_PX) / (this.width - 2 * SIDE_PX)) * (to - from));
    const step = exact < 120 ? 1 : exact < 600 ? 5 : 15;
    return this.within(Math.round(exact / step) * step);
  }

  within(minutes) {
    return Math.min(Math.max(minutes, this.data.least), this.data.most);
  }

  // How many pauses are longer, a bin that the line cuts counted in part.
  longer(minutes) {
    const { edges, counts } = this.data;
    return counts.reduce((sum, size, index) => {
      const [from, to] = [Math.log(edges[index]), Math.log(edges[index + 1])];
      const share = (to - Math.log(minutes)) / (to - from);
      return sum + size * Math.min(Math.max(share, 0), 1);
    }, 0);
  }

  // ---- drawing

  paint() {
    if (this.data === undefined) return;
    const focused = this.plot.querySelector(".knob:focus") !== null;
    const svg = draw("svg", { width: this.width, height: HEIGHT_PX });
    this.bars(svg);
    this.axis(svg);
    svg.append(this.knob());
    this.painting = true; // taking the old line away takes the focus from it: nobody left it
    this.plot.replaceChildren(svg);
    if (focused) this.plot.querySelector(".knob").focus();
    this.painting = false;
    if (this.number !== this.box.getRootNode().activeElement) this.number.value = this.value;
    this.say();
  }

  bars(svg) {
    const { edges, counts } = this.data;
    // The root keeps the few long pauses visible beside the thousands of short ones.
    const tallest = Math.sqrt(Math.max(1, ...counts));
    const room = HEIGHT_PX - TOP_PX - BOTTOM_PX;
    counts.forEach((size, index) => {
      if (size === 0) return;
      const [left, right] = [this.place(edges[index]), this.place(edges[index + 1])];
      const height = Math.max((Math.sqrt(size) / tallest) * room, 2);
      const same = Math.sqrt(edges[index] * edges[index + 1]) < this.value;
      const about = fill(this.words.bar, {
        from: this.time(edges[index]), to: this.time(edges[index + 1]), n: count(size),
      });
      svg.append(
        draw(
          "rect",
          {
            class: `bar ${same ? "same" : "other"}`, rx: 2, x: left + 0.5, width: Math.max(right - left - 1, 1),
            y: HEIGHT_PX - BOTTOM_PX - height, height,
          },
          draw("title", {}, about),
        ),
      );
    });
  }

  axis(svg) {
    const floor = HEIGHT_PX - BOTTOM_PX;
    svg.append(draw("line", { class: "axis", x1: 0, x2: this.width, y1: floor + 0.5, y2: floor + 0.5 }));
    let last = -TICK_ROOM_PX;
    for (const [minutes, unit, number] of TICKS) {
      const x = this.place(minutes);
      const [from, to] = this.ends;
      const outside = Math.log(minutes) < from || Math.log(minutes) > to;
      if (outside || x - last < TICK_ROOM_PX || x < 18 || x > this.width - 18) continue;
      last = x;
      svg.append(draw("line", { class: "axis", x1: x, x2: x, y1: floor, y2: floor + 5 }));
      svg.append(draw("text", { class: "tick", x, y: HEIGHT_PX - 5 }, fill(this.words[unit], { n: number })));
    }
    const auto = this.place(this.data.valley);
    svg.append(draw("line", { class: "valley", x1: auto, x2: auto, y1: TOP_PX - 8, y2: floor }));
    const at = this.place(this.value);
    const left = draw("text", { x: at - PILL_PX - 8, y: 16, "text-anchor": "end" }, this.words.same);
    const right = draw("text", { x: at + PILL_PX + 8, y: 16 }, this.words.other);
    svg.append(left, right);
    requestAnimationFrame(() => {
      // Words that do not fit beside the line are left away.
      if (left.isConnected && left.getComputedTextLength() > at - PILL_PX - 8) left.remove();
      if (right.isConnected && right.getComputedTextLength() > this.width - at - PILL_PX - 8) right.remove();
    });
  }

  knob() {
    const x = this.place(this.value);
    const floor = HEIGHT_PX - BOTTOM_PX;
    const middle = (TOP_PX + floor) / 2;
    const pill = Math.min(Math.max(x, PILL_PX), this.width - PILL_PX);
    const said = this.time(this.value);
    return draw(
      "g",
      {
        class: "knob", role: "slider", tabindex: 0, "aria-label": this.words.line,
        "aria-valuemin": this.data.least, "aria-valuemax": this.data.most,
        "aria-valuenow": this.value, "aria-valuetext": said,
      },
      draw("line", { class: "stem", x1: x, x2: x, y1: 20, y2: floor }),
      draw("rect", { class: "pill", x: pill - PILL_PX, y: 1, width: 2 * PILL_PX, height: 22, rx: 11 }),
      draw("text", { class: "value", x: pill, y: 16.5 }, said),
      draw("rect", { class: "grip", x: x - 8, y: middle - 14, width: 16, height: 28, rx: 8 }),
      draw("path", { class: "marks", d: `M${x - 2.5} ${middle - 5}v10M${x + 2.5} ${middle - 5}v10` }),
    );
  }

  time(minutes) {
    const tidy = (number) => String(Math.round(number * 10) / 10);
    if (minutes < 1) return fill(this.words.second, { n: Math.round(minutes * 60) });
    if (minutes < 120) return fill(this.words.minute, { n: tidy(minutes) });
    if (minutes < 2880) return fill(this.words.hour, { n: tidy(minutes / 60) });
    return fill(this.words.day, { n: tidy(minutes / 1440) });
  }

  say() {
    const { automatic, used, conversations, exact, kept } = this.data;
    const auto = this.part("auto");
    const moved = this.value !== used;
    auto.setAttribute("aria-pressed", String(automatic && !moved));
    auto.textContent = fill(this.words.automatic, { time: this.time(this.data.default) });
    const about = Math.max(conversations + this.longer(this.value) - this.longer(used), 1);
    const parts = [
      moved || !exact
        ? fill(this.words.about, { n: count(about) })
        : fill(this.words.exact, { n: count(conversations) }),
    ];
    if (kept > 0) parts.push(fill(this.words.kept, { n: count(kept) }));
    const said = parts.join(" · ");
    const place = this.part("said");
    if (place.textContent !== said) place.textContent = said;
  }

  // ---- moving the line

  take(event) {
    if (event.button !== 0) return;
    this.dragging = true;
    this.plot.setPointerCapture(event.pointerId);
    this.pull(event);
    this.plot.querySelector(".knob").focus({ preventScroll: true });
    event.preventDefault();
  }

  pull(event) {
    if (!this.dragging) return;
    this.value = this.minutes(event.clientX - this.plot.getBoundingClientRect().left);
    this.paint();
  }

  drop() {
    if (!this.dragging) return;
    this.dragging = false;
    if (this.value !== this.data.used) this.choose(this.value);
  }

  // The finger scrolled the page instead, or Escape was pressed.
  revert() {
    this.dragging = false;
    clearTimeout(this.timer);
    this.timer = 0;
    this.value = this.data.used;
    this.paint();
  }

  key(event) {
    const steps = {
      ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: PAGE_MINUTES, PageDown: -PAGE_MINUTES,
      Home: -Infinity, End: Infinity,
    };
    if (event.key === "Escape") this.revert();
    else if (event.key === "Enter") this.flush();
    else if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.value = this.within(this.value + steps[event.key]);
      this.paint();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), WAIT_MS); // one choice for many keys
    } else return;
    event.preventDefault();
  }

  flush() {
    if (this.timer === 0 || this.painting) return;
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.value !== this.data.used) this.choose(this.value);
  }

  typed() {
    const minutes = Math.round(Number(this.number.value));
    if (this.number.value === "" || !Number.isFinite(minutes)) {
      this.number.value = this.value;
      return;
    }
    this.value = this.within(minutes);
    this.number.value = this.value;
    this.paint();
    if (this.value !== this.data.used || this.data.automatic) this.choose(this.value);
  }

  choose(minutes) {
    if (minutes === null) {
      if (this.data.automatic && this.value === this.data.used) return;
      this.value = this.data.default;
      this.paint();
    }
    this.box.classList.add("waiting");
    this.send(minutes);
  }
}

const LINES = new WeakMap();

// Streamlit calls this at every new data and every change of theme, on the same element.
export default function mount(component) {
  const root = component.parentElement;
  let line = LINES.get(root);
  if (line === undefined || !line.box.isConnected) {
    line?.watcher.disconnect();
    line = new GapLine(root);
    LINES.set(root, line);
  }
  line.update(component);
  return () => setTimeout(() => line.box.isConnected || line.watcher.disconnect(), 0);
}
