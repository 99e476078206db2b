// A talk with a model: bubbles, an answer that grows while it comes, and a box to type in. Every
// answer can be put right where it stands. The server holds the talk; here is what is typed, and what
// was told and not answered yet. Both are kept in the tab's storage: a reload loses none of it.

const AGAIN_MS = 3000; // what was told and not answered is told once more; each deed has a name
const KEPT = new TabStorage("ruwo.talk.");

// What the person did and the server has not answered, in order; one for a page load. The server does
// nothing twice that bears the same name, whichever session, copy of the tab or repetition tells it.
const QUEUE = {
  deeds: [],
  // Takes over what an earlier load of the page left behind.
  load() {
    const left = (KEPT.read("boxes") ?? []).flatMap((box) => box.actions);
    this.deeds = left.filter((deed) => deed.what !== "look"); // who reloads stays here
    this.save();
  },
  save() {
    KEPT.write("boxes", [{ actions: this.deeds }]);
    if (this.deeds.some((deed) => deed.what !== "look")) window.addEventListener("beforeunload", this.warn);
    else window.removeEventListener("beforeunload", this.warn);
  },
  warn(event) {
    event.preventDefault();
    event.returnValue = "";
  },
};

class Talk {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.box = this.part("box");
    this.list = this.part("list");
    this.typed = this.part("typed");
    this.open = null; // the answer that is being put right
    this.came = false; // whether an answer came when it was last drawn
    this.drawn = "";
    this.left = 0;
    this.typed.addEventListener("keydown", (event) => this.key(event));
    this.typed.addEventListener("input", () => {
      this.keepTyped();
      this.drawFoot();
    });
    this.part("send").addEventListener("click", () => (this.data.partial === null ? this.say() : this.tell("stop")));
  }

  update({ data, setTriggerValue }) {
    this.deliver = setTriggerValue;
    if (!this.opened(data.mark)) return;
    const first = this.data === undefined;
    const moved = first || this.data.place !== data.place;
    this.data = data;
    if (first) this.typed.value = KEPT.read("typed") ?? "";
    if (moved) this.open = KEPT.read("open");
    this.answered(data.answers);
    if (this.open !== null && !data.lines.some((line) => line.id === this.open && line.can)) this.open = null;
    this.box.dataset.theme = isDark(this.box) ? "dark" : "light";
    this.draw();
    const ended = this.came && data.partial === null;
    this.came = data.partial !== null;
    if (QUEUE.deeds.length > 0 && (moved || ended)) this.send();
  }

  // Opens what the tab keeps of who acts now; false where somebody else did until now.
  opened(mark) {
    if (mark === KEPT.mark) return true;
    const another = KEPT.mark !== null;
    this.left = KEPT.open(mark);
    QUEUE.load();
    if (!another) return true;
    KEPT.shut = true;
    window.removeEventListener("beforeunload", QUEUE.warn);
    window.location.reload();
    return false;
  }

  // What was answered is done with; what was not taken comes back, so that nothing is lost.
  answered(answers) {
    const back = [];
    for (const deed of [...QUEUE.deeds]) {
      const answer = answers[deed.id];
      if (answer === undefined || !QUEUE.deeds.includes(deed)) continue;
      const [taken, place] = answer;
      const gone = (each) => each === deed || (!taken && deed.what === "say" && each.what === "say" && each.place === deed.place);
      const texts = QUEUE.deeds.filter((each) => gone(each) && each.text !== undefined);
      QUEUE.deeds = QUEUE.deeds.filter((each) => !gone(each));
      // What follows in a talk that had not begun goes on in the one that has.
      if (deed.place === 0 && place !== 0) {
        for (const each of QUEUE.deeds) if (each.place === 0) Object.assign(each, { place, since: Number.MAX_SAFE_INTEGER });
      }
      // What stands in the talk now is none of what is still to be said.
      for (const each of QUEUE.deeds) if (each.place === this.data.place) each.since = Math.max(each.since, this.data.since);
      if (taken) this.forget(deed.line);
      else if (deed.what === "say" || !this.data.lines.some((line) => line.id === deed.line && line.can)) back.push(...texts);
    }
    if (Object.keys(answers).length > 0) QUEUE.save();
    this.giveBack(back);
  }

  giveBack(deeds) {
    if (deeds.length === 0) return;
    this.typed.value = [...deeds.map((deed) => deed.text), this.typed.value].filter((text) => text !== "").join("\n");
    this.keepTyped();
  }

  keepTyped() {
    KEPT.write("typed", this.typed.value);
  }

  tell(what, more = {}) {
    const told = { place: this.data.place, what, ...more };
    const same = (deed) => ["place", "what", "line", "text"].every((name) => deed[name] === told[name]);
    if (what === "say" || !QUEUE.deeds.some(same)) {
      const { workspace, process, since } = this.data;
      QUEUE.deeds.push({ id: randomName(), workspace, process, since, ...told });
      QUEUE.save();
    }
    this.send();
    this.draw();
  }

  send() {
    clearTimeout(this.waiting);
    if (QUEUE.deeds.length === 0 || !this.box.isConnected) return;
    try {
      this.deliver("told", { mark: KEPT.mark, deeds: QUEUE.deeds });
    } catch (error) {
      // Streamlit throws while its connection is down; it is told again.
      console.warn("Not connected, will be told again", error.name);
    }
    this.waiting = setTimeout(() => this.send(), AGAIN_MS);
  }

  key(event) {
    event.stopPropagation(); // the page's own keys must not hear what is typed
    if (event.isComposing || event.keyCode === 229) return; // an input method takes this Enter
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.say();
    } else if (event.key === "Escape" && this.data.partial !== null) {
      this.tell("stop");
    }
  }

  // What is said while an answer comes waits for its end.
  say() {
    const text = this.typed.value.trim();
    if (text === "" || this.data.closed) return;
    this.typed.value = "";
    this.tell("say", { text });
    this.keepTyped(); // only now: it is in the queue
  }

  // What was said here and is not in the talk yet.
  get unsaid() {
    return QUEUE.deeds.filter((deed) => deed.what === "say" && deed.place === this.data.place);
  }

  draw() {
    const { data } = this;
    const state = JSON.stringify([data, QUEUE.deeds, this.open]);
    if (state !== this.drawn) {
      this.drawn = state;
      const down = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
      const editing = this.root.querySelector(".edit");
      const place = editing === null ? null : [editing.selectionStart, editing.selectionEnd];
      const held = place !== null && editing.getRootNode().activeElement === editing;
      const rows = data.lines.map((line) => this.row(line));
      if (data.partial !== null) rows.push(this.coming(data.partial));
      const { unsaid } = this;
      const waits = data.partial === null ? null : el("span", { class: "note" }, data.labels.waits);
      for (const deed of unsaid) rows.push(this.bubbles("you waits", data.labels.you, [[deed.text]], deed === unsaid.at(-1) ? waits : null));
      this.list.replaceChildren(...(rows.length > 0 ? rows : [el("p", { class: "empty" }, data.labels.empty)]));
      const again = this.root.querySelector(".edit");
      if (again !== null && held) {
        again.focus();
        again.setSelectionRange(...place);
      }
      if (down || unsaid.length > 0) this.list.scrollTop = this.list.scrollHeight;
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
    send.disabled = partial === null && (closed || this.typed.value.trim() === "");
    this.part("over").hidden = !closed;
    setText(this.part("over"), labels.over);
    setText(this.part("keys"), this.left > 0 ? fill(labels.left, { count: this.left }) : labels.keys);
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
    if (line.who === "you") return this.bubbles("you", labels.you, line.bubbles, line.again ? this.act("again", labels.again, () => this.tell("again")) : null);
    const thought = line.thought === "" ? null : el("details", {}, el("summary", {}, labels.thought), el("p", {}, line.thought));
    const note = line.note === "" ? null : el("span", { class: "note bad" }, line.note);
    if (this.open === line.id) return el("div", { class: "row self open" }, portrait(name), el("div", { class: "column" }, ...this.editor(line)));
    const acts = [];
    if (line.can && line.bubbles.length > 0) {
      acts.push(this.act("correct", labels.correct, () => this.edit(line)));
      acts.push(this.act("like", labels.like, () => this.tell("like", { line: line.id })));
    }
    if (line.again) acts.push(this.act("again", labels.again, () => this.tell("again")));
    if (line.kept !== "") acts.push(el("span", { class: "note good" }, line.kept), this.act("look", labels.look, () => this.tell("look", { line: line.id })));
    const old = line.old === "" ? null : el("span", { class: "old" }, line.old);
    return this.bubbles("self", name, line.bubbles, old, thought, note, acts.length > 0 ? el("div", { class: "acts" }, ...acts) : null);
  }

  act(kind, label, onclick) {
    return el("button", { class: `act ${kind}`, type: "button", onclick }, label);
  }

  edit(line) {
    this.open = line.id;
    KEPT.write("open", line.id);
    this.draw();
    const box = this.root.querySelector(".edit");
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    box.closest(".row").scrollIntoView({ block: "nearest" });
  }

  // The text of an answer that is being put right, as far as it was typed here.
  draft(line) {
    const kept = KEPT.read(`edit:${line.id}`);
    return kept !== null && kept.base === line.text ? kept.text : line.text;
  }

  forget(id) {
    KEPT.drop(`edit:${id}`);
    if (KEPT.read("open") === id) KEPT.drop("open");
  }

  editor(line) {
    const { labels } = this.data;
    const box = el("textarea", { class: "edit", "aria-label": labels.better });
    const told = QUEUE.deeds.find((deed) => deed.what === "correct" && deed.line === line.id);
    const keep = () => {
      this.tell("correct", { line: line.id, text: box.value });
    };
    const leave = () => {
      this.open = null;
      this.forget(line.id);
      this.draw();
    };
    box.value = told?.text ?? this.draft(line);
    box.readOnly = told !== undefined; // it is on its way as it stands
    box.addEventListener("input", () => KEPT.write(`edit:${line.id}`, { base: line.text, text: box.value }));
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing || event.keyCode === 229) return;
      if (told !== undefined) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
      else if (event.key === "Escape") leave();
    });
    return [
      box,
      el("span", { class: "note" }, labels.better),
      told === undefined ? el("div", { class: "acts" }, this.act("main", labels.keep, keep), this.act("leave", labels.leave, leave)) : null,
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
    if (held !== undefined) clearTimeout(held.waiting);
    held = new Talk(root);
    TALKS.set(root, held);
  }
  held.update(component);
}
