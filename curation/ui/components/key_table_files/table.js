// The keys of the review page, row by row. "Change" waits for one key press and tells the server,
// which keeps it or says why not.

const ALONE = new Set(["shift", "control", "ctrl", "alt", "meta", "altgraph", "capslock", "fn"]);

class KeyTable {
  constructor(root) {
    this.box = root.querySelector('[data-part="keys"]');
    this.waiting = null;
    this.turn = 0;
    this.answered = 0;
    this.onKey = (event) => this.key(event);
    this.onPointer = (event) => this.pointer(event);
  }

  start() {
    window.addEventListener("keydown", this.onKey, true);
    window.addEventListener("pointerdown", this.onPointer, true);
  }

  stop() {
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("pointerdown", this.onPointer, true);
  }

  update({ data, setTriggerValue }) {
    this.send = (press) => setTriggerValue("pressed", press);
    this.box.dataset.theme = isDark(this.box) ? "dark" : "light";
    this.data = data;
    this.turn = Math.max(this.turn, data.answer?.turn ?? 0);
    this.draw();
  }

  word(name, fields) {
    return fill(this.data.labels[name], fields);
  }

  draw() {
    const focused = this.box.getRootNode().activeElement?.dataset.slot ?? null;
    this.box.replaceChildren(
      ...this.data.groups.map((group) =>
        el("div", { class: "group" }, el("h3", {}, group.title), group.rows.map((row) => this.row(row))),
      ),
    );
    if (focused !== null) this.button(focused)?.focus({ preventScroll: true });
  }

  button(slot) {
    return [...this.box.querySelectorAll("button.change")].find((each) => each.dataset.slot === slot);
  }

  row(row) {
    const waits = this.waiting === row.slot;
    const { answer } = this.data;
    const refused = !waits && answer !== null && answer.slot === row.slot ? answer.refused : "";
    const change = el(
      "button",
      {
        class: "change", type: "button", "data-slot": row.slot, "aria-pressed": String(waits),
        "aria-label": waits ? this.word("press") : this.word("change_named", { command: row.label }),
        onclick: () => this.wait(waits ? null : row.slot),
      },
      waits ? this.word("press") : this.word("change"),
    );
    const usual = el(
      "button",
      { class: "usual", type: "button", onclick: () => this.tell(row.slot, null) },
      this.word("usual", { key: row.usual }),
    );
    return el(
      "div",
      { class: row.changed ? "row changed" : "row" },
      el(
        "div",
        { class: "line" },
        el("span", { class: "label" }, row.label),
        row.keys.map((key, index) => el("kbd", { class: index > 0 ? "also" : "" }, key)),
        row.changed ? usual : "",
        change,
      ),
      el(
        "div",
        { class: refused === "" ? "said" : "said refused", role: "status" },
        waits ? this.word("leave") : refused,
      ),
    );
  }

  wait(slot) {
    this.waiting = slot;
    this.draw();
    if (slot !== null) this.button(slot)?.focus({ preventScroll: true });
  }

  tell(slot, key) {
    this.waiting = null;
    this.turn += 1;
    this.send({ slot, key, turn: this.turn });
    this.draw();
  }

  pointer(event) {
    if (this.waiting !== null && !event.composedPath().includes(this.box)) this.wait(null);
  }

  // While a row waits, the key belongs to it alone: the page must not reload at an R.
  key(event) {
    if (!this.box.isConnected) {
      this.stop();
      return;
    }
    if (this.waiting === null || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const name = keyName(event);
    if (event.repeat || ALONE.has(event.key.toLowerCase())) return;
    if (name === "escape") this.wait(null);
    else this.tell(this.waiting, name);
  }
}

const TABLES = new WeakMap();

export default function mount(component) {
  const root = component.parentElement;
  let table = TABLES.get(root);
  if (table === undefined || !table.box.isConnected) {
    table?.stop();
    table = new KeyTable(root);
    TABLES.set(root, table);
    table.start();
  }
  table.update(component);
  return () => setTimeout(() => table.box.isConnected || table.stop(), 0);
}
