// Writing in place: a message's text, a new message, a background. What was typed is a draft from
// the first key on (see drafts.js), and goes only when the server has the new text.

const WORD_MOVES = /Mac|iPhone|iPad/.test(navigator.platform); // there Alt and an arrow move by words

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

  // The background that a suggestion asks for or drafts: saving it is the answer.
  because(record, { id, message, draft }) {
    this.background(record, message === null ? null : messageOf(record, message));
    this.job.suggestion = id;
    if (draft === "" || this.area.value.includes(draft)) return;
    this.area.value = [this.area.value, draft].filter((text) => text !== "").join("\n");
    this.typed();
  }

  note(record, focus = true) {
    this.start({ kind: "note", record: record.id, message: null, base: record.note }, focus);
  }

  // Opens again what was being written on this record, without taking the focus from the keys.
  resume(record) {
    const open = this.piece.drafts.openOne(record);
    if (open !== null) this.reopen(record, open, false);
  }

  reopen(record, open, focus) {
    const message = messageOf(record, open.message);
    if (open.message !== null && message === null) return;
    if (open.kind === "edit") this.edit(record, message, focus);
    else if (open.kind === "background") this.background(record, message, focus);
    else if (open.kind === "note") this.note(record, focus);
    else this.add({ place: "end", side: "me", ...open, before: open.before ?? null }, focus);
  }

  start(job, focus) {
    const { piece } = this;
    if (this.busy) this.leave(false);
    const draft = piece.drafts.read(job.kind, job.record, job.message);
    // `begun` is the stored text that the writing began from, `base` the one that is stored now.
    this.job = { ...job, side: draft?.side ?? job.side, begun: draft?.base ?? job.base };
    if (job.kind === "add" && draft !== null && draft.place !== undefined && !focus) {
      this.job.place = draft.place;
      this.job.before = draft.before ?? null;
    }
    this.area = el("textarea", { rows: 1, "aria-label": this.title() });
    this.area.value = draft === null ? job.base : draft.text;
    this.area.addEventListener("input", () => this.typed());
    this.box = el("div", { class: "editor", "data-kind": job.kind });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.clash = el("div", { class: "clash", hidden: true });
    this.kept = el("span", { class: "editor-kept", role: "status" });
    const restored = draft !== null && draft.text !== job.base;
    this.box.append(
      el(
        "div",
        { class: "editor-title" },
        this.title(),
        restored ? el("span", { class: "chip draft", title: this.since(draft) }, piece.word("draft")) : "",
      ),
      this.clash,
      job.kind === "add" ? this.choices() : "",
      this.area,
      this.buttons(),
    );
    this.put();
    this.grow();
    this.compare();
    this.store(true);
    this.showKept();
    if (focus) {
      this.area.focus();
      this.area.setSelectionRange(this.area.value.length, this.area.value.length);
    }
    this.box.scrollIntoView({ block: "nearest" });
    piece.bubbles.refreshTop();
    piece.refreshButtons();
  }

  since(draft) {
    return draft.at === undefined ? "" : new Date(draft.at).toLocaleString(document.documentElement.lang);
  }

  // What is stored now in the place of what is being written; null where that place is gone.
  stored() {
    const { record } = this.piece.queue;
    const { kind, message } = this.job;
    if (kind === "add") return "";
    const holder = message === null ? record : messageOf(record, message);
    if (holder === null) return null;
    return kind === "edit" ? holder.text : kind === "note" ? holder.note : holder.background;
  }

  // Somebody else changed the text that this one was begun from: both are shown, and a choice.
  compare() {
    const { piece, job } = this;
    const mine = this.area.value;
    const apart = job.begun !== job.base && mine !== job.base;
    this.clash.hidden = !apart;
    this.box.classList.toggle("clashing", apart);
    if (!apart) return;
    const [theirs, own] = marked(job.base, mine);
    const side = (name, label, text, act, run) =>
      el(
        "div",
        { class: `clash-side ${name}` },
        el("div", { class: "clash-label" }, piece.word(label)),
        el("div", { class: "clash-text" }, text),
        el("button", { class: "button", type: "button", "data-clash": name, onclick: run }, piece.word(act)),
      );
    const join = () => {
      this.area.value = [job.base, mine].filter((text) => text !== "").join("\n");
      this.settle();
      this.area.focus();
    };
    this.clash.replaceChildren(
      el("div", { class: "clash-title" }, icon("warning"), piece.word("clash")),
      el(
        "div",
        { class: "clash-sides" },
        side("theirs", "clash_theirs", theirs, "clash_take", () => this.takeTheirs()),
        side("mine", "clash_mine", own, "clash_keep", () => this.keepMine(mine)),
      ),
      el(
        "button",
        { class: "link", type: "button", "data-clash": "join", onclick: join },
        piece.word("clash_join"),
      ),
    );
  }

  settle() {
    this.job.begun = this.job.base;
    this.compare();
    this.typed();
  }

  takeTheirs() {
    this.area.value = this.job.base;
    this.settle();
    const { kind, record, message } = this.job;
    this.piece.forgetBanner(this.piece.drafts.name(kind, record, message));
    this.leave(true);
  }

  keepMine(mine) {
    this.area.value = mine;
    this.settle();
    this.save();
  }

  // Says when what stands in the field is safe in the workspace.
  showKept() {
    if (!this.busy) return;
    const { kind, record, message } = this.job;
    const kept = this.changed && this.piece.drafts.isKept(kind, record, message);
    this.box.dataset.kept = String(kept);
    setText(this.kept, kept ? this.piece.word("draft_safe") : "");
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
      this.kept,
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
      ...(job.before === null ? [] : [["before", piece.word("place_before")], ["after", piece.word("place_after")]]),
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
    const now = this.stored();
    if (now === null) {
      if (queue.record.complete) this.leave(false); // else its part may still come
      return;
    }
    if (now !== this.job.base) this.rebase(now);
    const { kind, message, place, before, side } = this.job;
    const { list } = bubbles;
    const row = bubbles.reach(kind === "add" ? this.beforeWhom() : message);
    for (const each of list.querySelectorAll(".row.editing")) each.classList.remove("editing");
    if (kind === "edit" && row !== null) row.classList.add("editing");
    this.box.dataset.side = kind === "add" ? side : (messageOf(queue.record, message)?.side ?? "");
    const next =
      kind === "edit" ? (row?.nextSibling ?? null)
      : row !== null ? row
      : kind === "add" ? null
      : (list.querySelector(".row") ?? null);
    const parent = next?.parentNode ?? (kind === "edit" && row !== null ? row.parentNode : list);
    if (next === this.box || (this.box.parentNode === parent && this.box.nextSibling === next)) return;
    const focused = this.box.contains(this.box.getRootNode().activeElement);
    parent.insertBefore(this.box, next);
    if (focused) this.area.focus();
  }

  // New data came while it was open. What was not touched yet follows it.
  rebase(now) {
    const untouched = !this.changed;
    this.job.base = now;
    if (untouched) {
      this.job.begun = now;
      this.area.value = now;
      this.grow();
    }
    this.compare();
  }

  // The message that a new one is put before; null for the end.
  beforeWhom() {
    const { place, before } = this.job;
    const ids = this.piece.queue.record.messages.map((message) => message.id);
    if (place === "head") return ids[0] ?? null;
    const at = ids.indexOf(before);
    if (place === "end" || at < 0) return null;
    return ids[place === "after" ? at + 1 : at] ?? null;
  }

  typed() {
    this.grow();
    this.store(true);
    this.showKept();
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight + 2, 360)}px`;
  }

  get changed() {
    return this.area.value !== this.job.base;
  }

  store(open) {
    const { kind, record, message, side, place, before, begun } = this.job;
    const { drafts } = this.piece;
    const text = this.area.value;
    if (!this.changed) drafts.drop(kind, record, message);
    else drafts.write(kind, record, message, { text, open, side, place, before, base: begun });
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
    } else if (event.altKey && !WORD_MOVES && ["ArrowRight", "ArrowLeft"].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      this.piece.press(event.key === "ArrowRight" ? "next" : "previous"); // keeps a draft
    }
  }

  save() {
    const { piece, job } = this;
    if (piece.held.stops()) return; // what was typed stays where it is
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
    DRAFT_LINE.hold(draft);
    const { record } = piece.queue;
    const { message, suggestion = null } = job;
    const before = job.kind === "add" ? this.beforeWhom() : null;
    this.close();
    if (job.kind === "edit") piece.act("edit_message", record, { message, text, draft });
    else if (job.kind === "add") {
      piece.act("add_message", record, { before, side: job.side, text, draft });
    } else if (job.kind === "note") piece.act("set_note", record, { text, draft }, piece.word("toast_noted"));
    else if (message === null) piece.act("set_background", record, { text, draft, suggestion });
    else piece.act("set_message_background", record, { message, text, draft, suggestion });
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
    this.piece.bubbles.refreshTop();
    this.piece.refreshButtons();
  }
}

// Two texts as nodes, with what differs between them marked.
function marked(first, second) {
  const [one, two] = [[...first], [...second]];
  const most = Math.min(one.length, two.length);
  let head = 0;
  while (head < most && one[head] === two[head]) head += 1;
  let tail = 0;
  while (tail < most - head && one[one.length - 1 - tail] === two[two.length - 1 - tail]) tail += 1;
  return [one, two].map((text) => [
    text.slice(0, head).join(""),
    el("mark", {}, text.slice(head, text.length - tail).join("")),
    text.slice(text.length - tail).join(""),
  ]);
}
