// Writing in place: a message's text, a new message, a background. What was typed is a draft in
// the tab's storage from the first key on, and goes only when the server has the new text.

const DRAFT = "draft:";

class Drafts {
  name(kind, record, message) {
    return `${DRAFT}${kind}:${record}:${message ?? ""}`;
  }

  has(kind, record, message) {
    return this.read(kind, record, message) !== null;
  }

  read(kind, record, message) {
    return storage.read(this.name(kind, record, message));
  }

  write(kind, record, message, value) {
    storage.write(this.name(kind, record, message), value);
  }

  // The draft that was open when the person left this record or this page.
  openOne(record) {
    for (const kind of ["edit", "add", "background", "note"]) {
      const prefix = `${DRAFT}${kind}:${record}:`;
      for (const name of storage.names(prefix)) {
        const value = storage.read(name);
        if (value !== null && value.open) {
          const message = name.slice(prefix.length);
          return { kind, message: message === "" ? null : Number(message), value };
        }
      }
    }
    return null;
  }
}

class Editor {
  constructor(piece) {
    this.piece = piece;
    this.box = null;
    this.job = null;
  }

  get busy() {
    return this.job !== null;
  }

  edit(record, message, focus = true) {
    this.start({ kind: "edit", record: record.id, message: message.id, base: message.text }, focus);
  }

  add({ place, side, before = null }, focus = true) {
    const { record } = this.piece.queue;
    if (record === null) return;
    this.start({ kind: "add", record: record.id, message: null, base: "", place, side, before }, focus);
  }

  background(record, message, focus = true) {
    const base = message === null ? record.background : message.background;
    const id = message === null ? null : message.id;
    this.start({ kind: "background", record: record.id, message: id, base }, focus);
  }

  note(record, focus = true) {
    this.start({ kind: "note", record: record.id, message: null, base: record.note }, focus);
  }

  // Opens again what was being written on this record, without taking the focus from the keys.
  resume(record) {
    const open = this.piece.drafts.openOne(record.id);
    if (open === null) return;
    const message = record.messages.find((each) => each.id === open.message) ?? null;
    if (open.message !== null && message === null) return;
    if (open.kind === "edit") this.edit(record, message, false);
    else if (open.kind === "background") this.background(record, message, false);
    else if (open.kind === "note") this.note(record, false);
    else this.add(open.value, false);
  }

  start(job, focus) {
    const { piece } = this;
    if (this.busy) this.leave(false);
    const draft = piece.drafts.read(job.kind, job.record, job.message);
    this.job = { ...job, ...(draft === null ? {} : { side: draft.side ?? job.side }) };
    if (job.kind === "add" && draft !== null && draft.place !== undefined && !focus) {
      this.job.place = draft.place;
      this.job.before = draft.before;
    }
    this.area = el("textarea", { rows: 1, "aria-label": this.title() });
    this.area.value = draft === null ? job.base : draft.text;
    this.area.addEventListener("input", () => this.typed());
    this.box = el("div", { class: "editor", "data-kind": job.kind });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.append(
      el("div", { class: "editor-title" }, this.title()),
      job.kind === "add" ? this.choices() : "",
      this.area,
      this.buttons(),
    );
    this.put();
    this.grow();
    this.store(true);
    if (focus) {
      this.area.focus();
      this.area.setSelectionRange(this.area.value.length, this.area.value.length);
    }
    this.box.scrollIntoView({ block: "nearest" });
    piece.refreshButtons();
  }

  title() {
    const { kind, message } = this.job;
    if (kind === "edit") return this.piece.word("edit_message");
    if (kind === "add") return this.piece.word("add_message");
    if (kind === "note") return this.piece.word("note_title");
    return this.piece.word(message === null ? "background_conversation" : "background_message");
  }

  buttons() {
    const { piece } = this;
    const button = (name, label, key, run) =>
      el(
        "button",
        { class: `button ${name}`, type: "button", onclick: run },
        el("span", {}, label),
        key === "" ? null : el("kbd", {}, key),
      );
    return el(
      "div",
      { class: "editor-buttons" },
      button("primary", piece.word("save"), "Ctrl+Enter", () => this.save()),
      button("plain", piece.word("cancel"), "Esc", () => this.leave(true)),
      button("plain reset", piece.word("reset"), "", () => this.reset()),
    );
  }

  choices() {
    const { piece, job } = this;
    const group = (name, options, value, choose) =>
      el(
        "div",
        { class: "choice", role: "group", "aria-label": piece.word(name) },
        el("span", { class: "choice-label" }, piece.word(name)),
        options.map(([key, label]) => {
          const option = el("button", { class: "option", type: "button" }, label);
          option.setAttribute("aria-pressed", String(key === value));
          option.addEventListener("click", () => {
            for (const each of option.parentNode.querySelectorAll(".option")) {
              each.setAttribute("aria-pressed", String(each === option));
            }
            choose(key);
          });
          return option;
        }),
      );
    const places = [
      ...(job.before === null ? [] : [["before", piece.word("place_before")]]),
      ["head", piece.word("place_head")],
      ["end", piece.word("place_end")],
    ];
    return el(
      "div",
      { class: "choices" },
      group("side", [["other", piece.word("other")], ["me", piece.word("me")]], job.side, (side) => {
        this.job.side = side;
        this.store(true);
        this.box.dataset.side = side;
      }),
      group("place", places, job.place, (place) => {
        this.job.place = place;
        this.store(true);
        this.put();
        this.area.focus();
        this.box.scrollIntoView({ block: "nearest" });
      }),
    );
  }

  // Puts the editor where it belongs among the rows; called again when the rows were arranged.
  put() {
    if (!this.busy) return;
    const { bubbles, queue } = this.piece;
    if (bubbles.recordId !== this.job.record || queue.record === null) return;
    const { kind, message, place, before, side } = this.job;
    const { list } = bubbles;
    const row = bubbles.node(kind === "add" ? (place === "before" ? before : null) : message);
    for (const each of list.querySelectorAll(".row.editing")) each.classList.remove("editing");
    if (kind === "edit" && row !== null) row.classList.add("editing");
    this.box.dataset.side = kind === "add" ? side : (queue.record.messages.find((each) => each.id === message)?.side ?? "");
    const next =
      kind === "edit" ? (row?.nextSibling ?? null)
      : row !== null ? row
      : kind === "add" && place !== "head" ? null
      : (list.querySelector(".row") ?? null);
    if (next === this.box || (this.box.parentNode === list && this.box.nextSibling === next)) return;
    const focused = this.box.contains(this.box.getRootNode().activeElement);
    list.insertBefore(this.box, next);
    if (focused) this.area.focus();
  }

  typed() {
    this.grow();
    this.store(true);
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight + 2, 360)}px`;
  }

  get changed() {
    return this.area.value !== this.job.base;
  }

  store(open) {
    const { kind, record, message, side, place, before } = this.job;
    const { drafts } = this.piece;
    const text = this.area.value;
    if (!this.changed) storage.drop(drafts.name(kind, record, message));
    else drafts.write(kind, record, message, { text, open, side, place, before });
  }

  reset() {
    this.area.value = this.job.base;
    this.typed();
    this.area.focus();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.leave(true);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.save();
    }
  }

  save() {
    const { piece, job } = this;
    const text = this.area.value;
    const draft = piece.drafts.name(job.kind, job.record, job.message);
    if (!["background", "note"].includes(job.kind) && text.trim() === "") {
      piece.toast(piece.word("empty_text"), false);
      return;
    }
    if (!this.changed) {
      this.leave(true);
      return;
    }
    this.store(false);
    const { record } = piece.queue;
    const { message } = job;
    this.close();
    if (job.kind === "edit") piece.act("edit_message", record, { message, text, draft });
    else if (job.kind === "add") {
      const first = record.messages[0]?.id ?? null;
      const before = { before: job.before, head: first, end: null }[job.place];
      piece.act("add_message", record, { before, side: job.side, text, draft });
    } else if (job.kind === "note") piece.act("set_note", record, { text, draft }, piece.word("toast_noted"));
    else if (message === null) piece.act("set_background", record, { text, draft });
    else piece.act("set_message_background", record, { message, text, draft });
  }

  // The person closed it (`chosen`), or another record came: what was typed stays as a draft.
  leave(chosen) {
    if (!this.busy) return;
    const kept = this.changed;
    this.store(!chosen);
    this.close();
    if (kept) this.piece.toast(this.piece.word("draft_kept"), false);
    if (chosen) this.piece.show();
  }

  close() {
    this.box.remove();
    for (const row of this.piece.bubbles.list.querySelectorAll(".row.editing")) {
      row.classList.remove("editing");
    }
    this.box = null;
    this.job = null;
    this.piece.refreshButtons();
  }
}
