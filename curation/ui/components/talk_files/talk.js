// A talk with a model: bubbles, an answer that grows while it comes, and a box to type in. Every
// answer can be put right where it stands. The server holds the talk; here is only what is typed.

const AGAIN_MS = 3000; // what was told and not answered is told once more; the server counts

class Talk {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.box = this.part("box");
    this.list = this.part("list");
    this.typed = this.part("typed");
    this.known = null;
    this.pending = null; // what was sent and is not in the talk yet
    this.open = null; // the answer that is being put right
    this.draft = "";
    this.sent = 0;
    this.drawn = "";
    this.typed.addEventListener("keydown", (event) => this.key(event));
    this.typed.addEventListener("input", () => this.drawFoot());
    this.part("send").addEventListener("click", () => (this.data.partial === null ? this.say() : this.tell("stop", {})));
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    this.data = data;
    if (this.known !== data.place) {
      this.known = data.place;
      this.pending = this.open = null;
      this.sent = Math.max(this.sent, data.number);
    }
    if (this.pending !== null && data.number >= this.pending.n) {
      // Not taken: what was typed comes back, so that nothing is lost.
      if (!data.taken && this.typed.value === "") this.typed.value = this.pending.text;
      this.pending = null;
    }
    if (this.open !== null && !data.lines.some((line) => line.id === this.open && line.can)) this.open = null;
    this.box.dataset.theme = isDark(this.box) ? "dark" : "light";
    this.draw();
  }

  tell(what, more) {
    this.sent = Math.max(this.sent, this.data.number) + 1;
    const told = { n: this.sent, place: this.data.place, what, ...more };
    this.send("told", told);
    clearInterval(this.waiting);
    this.waiting = setInterval(() => {
      if (this.data.number >= told.n || !this.box.isConnected) clearInterval(this.waiting);
      else this.send("told", told);
    }, AGAIN_MS);
    return this.sent;
  }

  key(event) {
    event.stopPropagation(); // the page's own keys must not hear what is typed
    if (event.isComposing || event.keyCode === 229) return; // an input method takes this Enter
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.say();
    } else if (event.key === "Escape" && this.data.partial !== null) {
      this.tell("stop", {});
    }
  }

  say() {
    const text = this.typed.value.trim();
    if (text === "" || this.data.partial !== null || this.pending !== null || this.data.closed) return;
    this.typed.value = "";
    this.pending = { n: this.tell("say", { text }), text };
    this.draw();
  }

  draw() {
    const { data } = this;
    const state = JSON.stringify([data, this.pending, this.open]);
    if (state !== this.drawn) {
      this.drawn = state;
      const down = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
      const editing = this.root.querySelector(".edit");
      const place = editing === null ? null : [editing.selectionStart, editing.selectionEnd];
      const held = place !== null && editing.getRootNode().activeElement === editing;
      const rows = data.lines.map((line) => this.row(line));
      if (this.pending !== null) rows.push(this.bubbles("you waits", data.labels.you, [[this.pending.text]]));
      if (data.partial !== null) rows.push(this.coming(data.partial));
      this.list.replaceChildren(...(rows.length > 0 ? rows : [el("p", { class: "empty" }, data.labels.empty)]));
      const again = this.root.querySelector(".edit");
      if (again !== null && held) {
        again.focus();
        again.setSelectionRange(...place);
      }
      if (down || this.pending !== null) this.list.scrollTop = this.list.scrollHeight;
    }
    this.drawFoot();
  }

  drawFoot() {
    const { labels, partial, closed } = this.data;
    this.list.setAttribute("aria-label", labels.talk);
    this.typed.setAttribute("aria-label", labels.type);
    this.typed.placeholder = labels.type;
    this.typed.disabled = closed;
    const send = this.part("send");
    setText(send, partial === null ? labels.send : labels.stop);
    send.classList.toggle("stop", partial !== null);
    send.disabled = partial === null && (closed || this.pending !== null || this.typed.value.trim() === "");
    this.part("over").hidden = !closed;
    setText(this.part("over"), labels.over);
    setText(this.part("keys"), labels.keys);
  }

  bubbles(kind, name, parts, ...more) {
    return el("div", { class: `row ${kind}` }, portrait(name), el("div", { class: "column" }, ...parts.map((bubble) => el("div", { class: "bubble" }, ...bubble.map(segment))), ...more));
  }

  coming(partial) {
    const { labels } = this.data;
    const row = this.bubbles("self", this.data.name, partial.bubbles.length > 0 ? partial.bubbles : [[partial.thinks ? labels.thinks : ""]]);
    [...row.querySelectorAll(".bubble")].at(-1)?.classList.add("typing");
    row.setAttribute("aria-busy", "true");
    return row;
  }

  row(line) {
    const { labels, name } = this.data;
    if (line.who === "you") return this.bubbles("you", labels.you, line.bubbles, line.again ? this.act("again", labels.again, () => this.tell("again", {})) : null);
    const thought = line.thought === "" ? null : el("details", {}, el("summary", {}, labels.thought), el("p", {}, line.thought));
    const note = line.note === "" ? null : el("span", { class: "note bad" }, line.note);
    if (this.open === line.id) return el("div", { class: "row self open" }, portrait(name), el("div", { class: "column" }, ...this.editor(line)));
    const acts = [];
    if (line.can && line.bubbles.length > 0) {
      acts.push(this.act("correct", labels.correct, () => this.edit(line)));
      acts.push(this.act("like", labels.like, () => this.tell("like", { line: line.id })));
    }
    if (line.again) acts.push(this.act("again", labels.again, () => this.tell("again", {})));
    if (line.kept !== "") acts.push(el("span", { class: "note good" }, line.kept), this.act("look", labels.look, () => this.tell("look", { line: line.id })));
    const old = line.old === "" ? null : el("span", { class: "old" }, line.old);
    return this.bubbles("self", name, line.bubbles, old, thought, note, acts.length > 0 ? el("div", { class: "acts" }, ...acts) : null);
  }

  act(kind, label, onclick) {
    return el("button", { class: `act ${kind}`, type: "button", onclick }, label);
  }

  edit(line) {
    this.open = line.id;
    this.draft = line.text;
    this.draw();
    const box = this.root.querySelector(".edit");
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    box.closest(".row").scrollIntoView({ block: "nearest" });
  }

  editor(line) {
    const { labels } = this.data;
    const box = el("textarea", { class: "edit", "aria-label": labels.better });
    const keep = () => {
      this.tell("correct", { line: line.id, text: box.value });
    };
    const leave = () => {
      this.open = null;
      this.draw();
    };
    box.value = this.draft;
    box.addEventListener("input", () => (this.draft = box.value));
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
      else if (event.key === "Escape") leave();
    });
    return [
      box,
      el("span", { class: "note" }, labels.better),
      el("div", { class: "acts" }, this.act("main", labels.keep, keep), this.act("leave", labels.leave, leave)),
    ];
  }
}

// Text, or a sticker code that is shown as the emoji it looks like.
function segment(part) {
  if (typeof part === "string") return part;
  const [code, emoji] = part;
  return el("span", { class: "emoji", role: "img", "aria-label": code, title: code }, emoji);
}

const TALKS = new WeakMap();

// Streamlit calls this at every new data and every change of theme, on the same element.
export default function mount(component) {
  const root = component.parentElement;
  let held = TALKS.get(root);
  if (held === undefined || !held.box.isConnected) {
    held = new Talk(root);
    TALKS.set(root, held);
  }
  held.update(component);
}
