// What stands around the bubbles: header, action bar, key sheet, finding menu, toasts, banners.

const TOAST_MS = 3200;
const MOST_TOASTS = 1; // the newest is the one that undo concerns
// Groups of the action bar. The first one is always in sight, also on a phone.
const ACTIONS = [
  ["decide", [
    ["previous", "left"], ["reject", "close"], ["skip", "skip"], ["approve", "check"], ["next", "right"],
  ]],
  ["history", [["undo", "undo"], ["redo", "redo"], ["help", "keyboard"]]],
  ["change", [
    ["edit", "edit"], ["delete", "trash"], ["add", "add"], ["background", "note"], ["note", "pin"],
    ["select_several", "several"], ["finding", "shield"], ["record", "file"],
  ]],
];
// What is wanted less often lies in a drawer, which stays open once it is opened.
const DRAWER = [
  ["flag", "flag"], ["side", "side"], ["split", "split"], ["merge", "merge"],
  ["merge_previous", "merge"], ["replace", "search"],
];

class Bar {
  constructor(root, piece) {
    this.root = root;
    this.piece = piece;
    this.buttons = new Map();
  }

  build() {
    const { piece } = this;
    this.buttons.clear();
    this.root.replaceChildren(piece.selection.build());
    for (const [group, entries] of ACTIONS) {
      const box = el("div", { class: `group ${group}` });
      for (const [command, glyph] of entries) box.append(this.button(command, glyph));
      if (group === "history") box.append(this.more());
      this.root.append(box);
    }
    const drawer = el("div", { class: "group drawer", id: "drawer", "aria-label": piece.word("more") });
    for (const [command, glyph] of DRAWER) drawer.append(this.button(command, glyph));
    this.root.append(drawer);
    const tags = el("div", { class: "group emotions", "aria-label": piece.word("emotions") });
    piece.emotions.forEach((emotion, index) => {
      const button = el(
        "button",
        { class: "button tag", type: "button", "aria-pressed": "false", "data-emotion": emotion },
        el("span", {}, emotion),
        this.key(`emotion:${index}`),
      );
      button.addEventListener("click", () => piece.press(`emotion:${index}`));
      tags.append(button);
      this.buttons.set(`emotion:${index}`, button);
    });
    this.root.append(tags);
  }

  key(command) {
    const index = command.startsWith("emotion:") ? Number(command.slice(8)) : null;
    const text = index === null ? this.piece.keymap.first(command) : (this.piece.keymap.all("emotions")[index] ?? "");
    return text === "" ? null : el("kbd", {}, text);
  }

  button(command, glyph) {
    const { piece } = this;
    const label = piece.words.commands[command];
    const keys = piece.keymap.all(command).join(" / ");
    const button = el(
      "button",
      {
        class: `button do-${command}`,
        type: "button",
        "aria-label": label,
        title: keys === "" ? label : `${label} (${keys})`,
        "data-command": command,
      },
      icon(glyph),
      el("span", { class: "label" }, label),
      this.key(command),
    );
    button.addEventListener("click", () => piece.press(command));
    this.buttons.set(command, button);
    return button;
  }

  more() {
    const { piece } = this;
    const button = el(
      "button",
      {
        class: "button more", type: "button", title: piece.word("more"), "aria-controls": "drawer",
        "aria-expanded": String(this.root.classList.contains("open")),
      },
      icon("more"),
      el("span", { class: "label" }, piece.word("more")),
    );
    button.addEventListener("click", () => this.unfold(!this.root.classList.contains("open")));
    this.moreButton = button;
    return button;
  }

  // On a phone all but the decisions lie in the drawer.
  unfold(open) {
    this.root.classList.toggle("open", open);
    this.moreButton.setAttribute("aria-expanded", String(open));
  }

  refresh({ record, message, messages, undo, redo, ended }) {
    const able = {
      previous: record !== null || ended,
      approve: record !== null,
      reject: record !== null,
      skip: record !== null,
      next: record !== null,
      undo: undo !== null,
      redo: redo !== null,
      edit: message !== null,
      delete: messages.length > 0,
      side: messages.length > 0,
      select_several: record !== null,
      replace: record !== null,
      add: record !== null,
      background: record !== null,
      note: record !== null,
      split: messages.length > 0,
      merge: record !== null,
      merge_previous: record !== null,
      finding: record !== null && (!record.complete || record.messages.some((each) => each.findings.length > 0)),
      flag: record !== null,
      record: this.piece.showsRecord,
      help: true,
    };
    const owners = messages.length > 0 ? messages : record === null ? [] : [record];
    for (const [command, button] of this.buttons) {
      if (command.startsWith("emotion:")) {
        button.setAttribute("aria-disabled", String(record === null));
        button.setAttribute("aria-pressed", howMany(owners, button.dataset.emotion));
      } else {
        button.setAttribute("aria-disabled", String(!able[command]));
        button.classList.toggle("current", record !== null && DECIDED[command] === this.piece.outbox.status(record));
      }
    }
    const { piece } = this;
    const gone = messages.length > 0 && messages.every((each) => each.deleted);
    this.buttons.get("select_several").setAttribute("aria-pressed", String(piece.several));
    piece.selection.refresh(messages, gone);
    this.root.classList.toggle("selecting", piece.selection.isOpen);
    const erase = this.buttons.get("delete");
    setText(erase.querySelector(".label"), gone ? piece.word("restore") : piece.words.commands.delete);
    erase.setAttribute("aria-label", erase.querySelector(".label").textContent);
    this.buttons.get("undo").title = undo === null ? piece.words.commands.undo : piece.word("undo_named", { action: undo });
    this.buttons.get("redo").title = redo === null ? piece.words.commands.redo : piece.word("redo_named", { action: redo });
  }
}

class Head {
  constructor(root) {
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
  }

  refresh(piece) {
    const { record } = piece.queue;
    const window = piece.queue.window;
    const { position, counts, total } = piece.queue.standing(piece.outbox);
    setText(this.part("chat"), record === null ? "" : record.chat);
    setText(this.part("when"), record === null ? "" : record.when);
    const place = record === null || window === null ? "" : piece.word("place_in_queue", {
      position, total, left: counts.pending,
    });
    setText(this.part("place"), place);
    const status = this.part("status");
    status.hidden = record === null;
    if (record !== null) {
      const shown = piece.outbox.status(record);
      status.dataset.status = shown;
      setText(status, piece.words.statuses[shown]);
    }
    const bar = this.part("progress");
    bar.parentNode.title = piece.word("progress", { decided: total - counts.pending, total });
    for (const name of ["approved", "rejected", "skipped"]) {
      const share = total > 0 ? (100 * counts[name]) / total : 0;
      this.part(`share-${name}`).style.width = `${share}%`;
    }
    this.near(piece, record);
    this.note(piece, record);
    this.tags(piece, record);
    this.tick(piece);
  }

  // What is suggested about it. Where it says nearly the same as another: the way there, and back.
  near(piece, record) {
    const box = this.part("near");
    const back = record !== null && piece.trip?.to === record.id ? piece.trip.from : null;
    const like = record === null ? null : record.duplicate_of;
    const suggested = piece.suggestions.of(record);
    const signature = JSON.stringify([record?.id, like, back, suggested, piece.language]);
    if (box.dataset.signature === signature) return;
    box.dataset.signature = signature;
    const way = (word, id, trip) =>
      id === null
        ? ""
        : el(
            "button",
            {
              class: "chip near-way", type: "button", title: piece.word(`${word}_hint`),
              onclick: () => piece.travelTo(id, trip),
            },
            piece.word(word, { number: id }),
          );
    const alike = way("like", like, true);
    const chips = suggested.map((each) => piece.suggestions.chip(each, each.kind === ALIKE ? alike : null));
    const bare = suggested.some((each) => each.kind === ALIKE) ? "" : alike;
    box.replaceChildren(...[bare, way("back_to", back, false)].filter((node) => node !== ""));
    const line = this.part("suggested");
    line.hidden = chips.length === 0;
    line.replaceChildren(...chips);
  }

  note(piece, record) {
    const box = this.part("note");
    const text = record === null ? "" : record.note;
    box.hidden = text === "";
    box.title = piece.word("change");
    box.onclick = () => piece.press("note");
    if (box.dataset.text === text) return;
    box.dataset.text = text;
    box.replaceChildren(icon("pin"), el("span", {}, text));
  }

  tags(piece, record) {
    const box = this.part("tags");
    const emotions = record === null ? [] : record.emotions;
    const signature = JSON.stringify([record?.id, emotions, piece.language]);
    if (box.dataset.signature === signature) return;
    box.dataset.signature = signature;
    box.replaceChildren(
      ...emotions.map((emotion) =>
        el(
          "button",
          {
            class: "chip emotion", type: "button", title: piece.word("remove_tag"),
            onclick: () => piece.tag(emotion, false, null),
          },
          emotion,
          icon("close"),
        ),
      ),
    );
  }

  tick(piece) {
    const tick = this.part("tick");
    const count = piece.outbox.size;
    let state = "saved";
    if (piece.courier.offline) state = "offline";
    else if (count > 0) state = "saving";
    else if (piece.banners.some((each) => each.left === undefined)) state = "refused";
    tick.dataset.state = state;
    const glyphs = { saved: "check", saving: "sync", offline: "offline", refused: "warning" };
    if (tick.dataset.icon !== state) {
      tick.dataset.icon = state;
      tick.replaceChildren(icon(glyphs[state]), el("span", {}));
    }
    const lost = state === "offline" && count === 0 ? "offline_nothing" : `tick_${state}`;
    setText(tick.lastChild, piece.word(lost, { count }));
  }
}

// Every key on one sheet.
class Sheet {
  constructor(root, piece) {
    this.root = root;
    this.piece = piece;
    root.addEventListener("click", (event) => {
      if (event.target === root) this.close();
    });
  }

  get isOpen() {
    return this.root.open;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    const { piece } = this;
    const fixed = (keys, label) =>
      keys.length === 0
        ? ""
        : el(
            "div",
            { class: "sheet-line" },
            el("span", {}, label),
            el("span", { class: "sheet-keys" }, keys.map((key) => el("kbd", {}, key))),
          );
    const line = (command, label) => fixed(piece.keymap.all(command), label);
    const section = (title, names) =>
      el(
        "section",
        {},
        el("h3", {}, piece.word(title)),
        names.map((name) => line(name, piece.words.commands[name])),
      );
    const close = el(
      "button",
      { class: "button plain", type: "button", "aria-label": piece.word("close"), onclick: () => this.close() },
      icon("close"),
    );
    const legend = ["pending", "mask", "keep"].map((decision) =>
      el(
        "div",
        { class: "sheet-line" },
        el("span", { class: "finding", "data-entity": "PHONE_NUMBER", "data-decision": decision }, piece.words.decisions[decision]),
        el("span", { class: "sheet-text" }, piece.words.decisions_long[decision]),
      ),
    );
    this.root.replaceChildren(
      el(
        "div",
        { class: "sheet-card" },
        el("div", { class: "sheet-head" }, el("h2", {}, piece.word("key_sheet")), close),
        el(
          "div",
          { class: "sheet-columns" },
          section("keys_decide", ["approve", "reject", "skip", "next", "previous", "undo", "redo"]),
          section("keys_message", ["select_next", "select_previous", "edit", "delete", "add", "background", "note", "side", "split", "merge", "merge_previous", "replace"]),
          section("keys_several", ["extend_next", "extend_previous", "select_all", "select_several", "split_off"]),
          el(
            "section",
            {},
            el("h3", {}, piece.word("keys_tags")),
            piece.emotions.map((emotion, index) => {
              const key = piece.keymap.all("emotions")[index] ?? "";
              return fixed(key === "" ? [] : [key], emotion);
            }),
            el("p", { class: "sheet-text" }, piece.word("tag_hint")),
          ),
          el(
            "section",
            {},
            el("h3", {}, piece.word("keys_findings")),
            line("finding", piece.words.commands.finding),
            line("flag", piece.words.commands.flag),
            line("record", piece.words.commands.record),
            legend,
          ),
          el(
            "section",
            {},
            el("h3", {}, piece.word("keys_suggestions")),
            line("accept", piece.words.commands.accept),
            line("refuse", piece.words.commands.refuse),
            el("p", { class: "sheet-text" }, piece.word("suggestions_hint")),
          ),
          el(
            "section",
            {},
            el("h3", {}, piece.word("keys_menu")),
            ["mask_one", "mask_all", "keep_one", "keep_all", "never_flag", "other_kind"].map((name, index) =>
              fixed([printedKey(["m", "shift+m", "k", "shift+k", "n", "o"][index])], piece.word(name)),
            ),
          ),
          el(
            "section",
            {},
            el("h3", {}, piece.word("keys_typing")),
            fixed(["Ctrl+Enter"], piece.word("sheet_save")),
            fixed(["Esc"], piece.word("sheet_leave")),
            WORD_MOVES ? "" : fixed(["Alt+←", "Alt+→"], piece.word("sheet_move")),
            el("h3", {}, piece.word("keys_rest")),
            line("help", piece.words.commands.help),
            line("escape", piece.words.commands.escape),
            el("p", { class: "sheet-text" }, piece.word("keys_change")),
          ),
        ),
      ),
    );
    this.root.setAttribute("aria-label", piece.word("key_sheet"));
    this.root.showModal();
    close.focus();
  }

  close() {
    this.root.close();
  }
}

// The record of the conversation on screen as the export will write it.
class RecordSheet {
  constructor(root, piece) {
    this.root = root;
    this.piece = piece;
    this.wanted = null;
    root.addEventListener("click", (event) => {
      if (event.target === root) this.close();
    });
    root.addEventListener("close", () => {
      this.wanted = null;
    });
  }

  get isOpen() {
    return this.root.open;
  }

  open(record) {
    this.wanted = record.id;
    this.draw([el("p", { class: "sheet-text" }, this.piece.word("loading"))], "");
    this.root.setAttribute("aria-label", this.piece.word("record_title"));
    this.root.showModal();
    this.root.querySelector("button").focus();
    this.piece.courier.tell();
  }

  // What the server says it is; anything else is the answer to an earlier question.
  take(shown) {
    if (shown === null || shown === undefined || shown.id !== this.wanted || !this.isOpen) return;
    const { piece } = this;
    this.wanted = null;
    if (shown.turns.length === 0) {
      const why = [el("p", { class: "record-why" }, piece.word("record_none")), el("p", { class: "sheet-text" }, shown.why)];
      this.draw(why, "");
      return;
    }
    const block = (role, name, text) =>
      el("div", { class: "record-turn", "data-role": role }, el("span", { class: "record-role" }, name), el("div", { class: "record-text" }, text));
    const record = piece.queue.records.get(shown.id);
    const approved = record !== undefined && piece.outbox.status(record) === "approved";
    this.draw(
      [
        shown.warning === "" ? "" : el("p", { class: "record-warning" }, icon("warning"), el("span", {}, shown.warning)),
        approved ? "" : el("p", { class: "sheet-text" }, piece.word("record_unapproved")),
        block("system", piece.word("record_system"), shown.system),
        shown.turns.map(([role, text]) => block(role, role, text)),
        shown.more === 0 ? "" : el("p", { class: "sheet-text" }, piece.word("record_more", { count: shown.more })),
      ],
      shown.length,
    );
    this.root.scrollTop = 0;
  }

  draw(content, length) {
    const { piece } = this;
    const close = el(
      "button",
      { class: "button plain", type: "button", "aria-label": piece.word("close"), onclick: () => this.close() },
      icon("close"),
    );
    const focused = this.root.contains(this.root.getRootNode().activeElement);
    this.root.replaceChildren(
      el(
        "div",
        { class: "sheet-card" },
        el(
          "div",
          { class: "sheet-head" },
          el("h2", {}, piece.word("record_title")),
          el("span", { class: "record-length" }, length),
          close,
        ),
        content.flat(),
      ),
    );
    if (focused) close.focus();
  }

  close() {
    this.root.close();
  }
}

class Toasts {
  constructor(root) {
    this.root = root;
  }

  show(text, button) {
    const toast = el("div", { class: "toast" }, el("span", {}, text), button);
    this.root.append(toast);
    while (this.root.childElementCount > MOST_TOASTS) this.root.firstChild.remove();
    setTimeout(() => toast.remove(), TOAST_MS);
  }
}
