// A conversation typed from nothing: bubbles of both sides, and one box for the next message. Every
// change goes to the server a moment later as the draft, which is what a reload begins with.

const WAIT_MS = 400;
const OTHER = { me: "other", other: "me" };

class Composer {
  constructor(root) {
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.box = this.part("box");
    this.typed = this.part("typed");
    this.known = null;
    this.open = null; // the bubble whose text is in the box
    this.sent = 0;
    this.timer = 0;
    this.typed.addEventListener("keydown", (event) => this.key(event));
    this.typed.addEventListener("input", () => this.changed());
    this.typed.addEventListener("blur", () => this.flush());
    this.part("turn").addEventListener("click", () => this.swap());
    this.part("save").addEventListener("click", () => this.save());
    this.part("clear").addEventListener("click", () => this.clear());
    this.leaving = () => this.flush();
  }

  start() {
    window.addEventListener("pagehide", this.leaving);
  }

  stop() {
    this.flush();
    window.removeEventListener("pagehide", this.leaving);
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    this.data = data;
    const known = `${data.place} ${data.turn}`;
    if (this.known !== known) {
      // Another place, or what was written here is kept: what the server has is what counts.
      clearTimeout(this.timer);
      this.timer = 0;
      this.known = known;
      this.lines = data.lines.map((line) => ({ ...line }));
      this.side = data.side;
      this.typed.value = data.typing;
      this.open = null;
      this.sent = data.number;
      this.saving = false;
      if (data.turn > 0) this.typed.focus();
    }
    if (data.number >= this.sent) this.saving = false;
    this.draw();
  }

  key(event) {
    event.stopPropagation(); // the page's own keys must not hear what is typed
    if (event.isComposing || event.keyCode === 229) return; // an input method takes this Enter
    const empty = this.typed.value.trim() === "";
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.save();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (empty && this.open === null) this.swap();
      else this.put();
    } else if (event.key === "ArrowUp" && empty && this.open === null && this.lines.length > 0) {
      event.preventDefault();
      this.edit(this.lines.length - 1);
    } else if (event.key === "Escape" && this.open !== null) {
      event.preventDefault();
      this.put();
    }
  }

  put() {
    const text = this.typed.value.trim();
    if (this.open !== null) {
      if (text === "") this.lines.splice(this.open, 1);
      else this.lines[this.open] = { side: this.side, text };
      this.open = null;
    } else if (text !== "") {
      this.lines.push({ side: this.side, text });
    }
    this.typed.value = "";
    this.changed();
  }

  swap() {
    this.side = OTHER[this.side];
    this.changed();
    this.typed.focus();
  }

  edit(place) {
    this.put();
    const line = this.lines[place];
    if (line === undefined) return;
    this.open = place;
    this.side = line.side;
    this.typed.value = line.text;
    this.draw();
    this.typed.focus();
  }

  drop(place) {
    if (this.open !== null) this.put();
    this.lines.splice(place, 1);
    this.changed();
    this.typed.focus();
  }

  clear() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.sent += 1;
    this.send("cleared", { place: this.data.place, n: this.sent });
  }

  save() {
    this.put();
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.ready()) return this.draw();
    this.saving = true;
    this.sent += 1;
    this.send("saved", this.draft());
    return this.draw();
  }

  ready() {
    return this.lines.some((each) => each.side === "me") && this.lines.some((each) => each.side === "other");
  }

  draft() {
    return { place: this.data.place, n: this.sent, lines: this.lines, typing: this.typed.value, side: this.side };
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), WAIT_MS);
    this.draw();
  }

  flush() {
    if (this.timer === 0) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.sent += 1;
    this.send("draft", this.draft());
  }

  draw() {
    const { labels, number } = this.data;
    const talk = this.part("talk");
    const rows = this.lines.map((line, place) => this.row(line, place));
    talk.setAttribute("aria-label", labels.talk);
    talk.replaceChildren(...(rows.length > 0 ? rows : [el("p", { class: "empty" }, labels.empty)]));
    talk.scrollTop = talk.scrollHeight;
    const turn = this.part("turn");
    setText(turn, labels[this.side]);
    turn.className = `turn ${this.side}`;
    turn.setAttribute("aria-label", fill(labels.turn, { side: labels[this.side] }));
    turn.title = labels.swap;
    const asked = labels[`${this.side}_says`];
    this.typed.setAttribute("aria-label", asked);
    this.typed.placeholder = asked;
    setText(this.part("save"), labels.save);
    this.part("save").disabled = this.saving || !(this.ready() || this.readyWithTyped());
    setText(this.part("clear"), labels.clear);
    setText(this.part("keys"), labels.keys);
    const waits = this.timer !== 0 || this.sent > number;
    const kept = this.data.drafted ? labels.kept : "";
    setText(this.part("kept"), waits ? labels.keeping : kept);
  }

  readyWithTyped() {
    if (this.typed.value.trim() === "") return false;
    return [...this.lines.map((each) => each.side), this.side].includes("me")
      && [...this.lines.map((each) => each.side), this.side].includes("other");
  }

  row(line, place) {
    const { labels } = this.data;
    const button = (name, sign, act) =>
      el("button", { class: "small", type: "button", "aria-label": labels[name], title: labels[name], onclick: act }, sign);
    return el(
      "div",
      { class: `row ${line.side}${place === this.open ? " open" : ""}` },
      el("button", { class: "bubble", type: "button", "aria-label": `${labels[line.side]}: ${line.text}`, title: labels.edit, onclick: () => this.edit(place) }, line.text),
      button("swap", "⇄", () => {
        line.side = OTHER[line.side];
        if (place === this.open) this.side = line.side;
        this.changed();
      }),
      button("drop", "✕", () => this.drop(place)),
    );
  }
}

const COMPOSERS = new WeakMap();

// Streamlit calls this at every new data and every change of theme, on the same element.
export default function mount(component) {
  const root = component.parentElement;
  let held = COMPOSERS.get(root);
  if (held === undefined || !held.box.isConnected) {
    held?.stop();
    held = new Composer(root);
    COMPOSERS.set(root, held);
    held.start();
  }
  held.update(component);
  return () => setTimeout(() => held.box.isConnected || held.stop(), 0);
}
