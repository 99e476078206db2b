// One conversation as bubbles. Rows are kept by message id and rebuilt only when they changed, so
// that new data moves neither the scroll position nor an open editor.

const FIRST_ROWS = 120; // painted at once; the rest follows in frames of their own
const FRAME_ROWS = 150;
const ASIDE = new Set(["system", "recall", "poke"]);
const OWN_CLICKS = ".extras button, .gap button, .note, textarea, input, label, .editor, .link-quote";

// The row that a click selects, where nothing in the row has a use for the click itself.
function rowOf(event) {
  return event.target.closest(OWN_CLICKS) === null ? event.target.closest(".row") : null;
}

const GROUPS = new WeakMap(); // records by whether more than two people speak

function isGroup(record) {
  if (!GROUPS.has(record)) {
    const others = record.messages.filter((each) => each.side !== "me" && !ASIDE.has(each.kind));
    GROUPS.set(record, new Set(others.map((each) => each.sender)).size > 1);
  }
  return GROUPS.get(record);
}

class Bubbles {
  constructor(list, piece) {
    this.list = list;
    this.piece = piece;
    this.rows = new Map();
    this.recordId = null;
    this.selected = null; // the message that keys move from
    this.chosen = new Set(); // all that are selected, this one among them
    this.anchor = null; // where a range begins
    this.frame = 0;
    list.addEventListener("click", (event) => this.clickedMore(event), true);
    list.addEventListener("click", (event) => this.clicked(event));
    list.addEventListener("mousedown", (event) => {
      // Otherwise the browser selects the words between two clicks.
      if (event.shiftKey && this.anchor !== null && rowOf(event) !== null) event.preventDefault();
    });
  }

  show(record) {
    const other = record.id !== this.recordId;
    if (other) {
      this.rows.clear();
      this.choose([], null);
      this.recordId = record.id;
    }
    cancelAnimationFrame(this.frame);
    const wanted = record.messages.map((message, index) => this.row(record, message, index));
    const ids = new Set(record.messages.map((message) => String(message.id)));
    for (const id of this.rows.keys()) if (!ids.has(id)) this.rows.delete(id);
    this.choose([...this.chosen].filter((id) => ids.has(id)), ids.has(this.selected) ? this.selected : null);
    const top = this.top(record);
    if (other) {
      this.list.replaceChildren(top, ...wanted.slice(0, FIRST_ROWS).map((row) => row()));
      this.list.scrollTop = 0;
      this.append(wanted, FIRST_ROWS);
    } else {
      const editor = this.piece.editor;
      const scroll = this.list.scrollTop;
      this.arrange([top, ...wanted.map((row) => row())]);
      editor.put();
      this.list.scrollTop = scroll;
    }
    this.mark();
  }

  // Puts the children in order and leaves those alone that already are: moving a node would take
  // the focus out of it.
  arrange(children) {
    const keep = new Set(children);
    const editor = this.piece.editor.box;
    for (const child of [...this.list.children]) {
      if (!keep.has(child) && child !== editor) child.remove();
    }
    let at = this.list.firstChild;
    for (const child of children) {
      while (at !== null && at === editor) at = at.nextSibling;
      if (at === child) at = at.nextSibling;
      else this.list.insertBefore(child, at);
    }
  }

  append(rows, from) {
    if (from >= rows.length) return;
    this.frame = requestAnimationFrame(() => {
      this.list.append(...rows.slice(from, from + FRAME_ROWS).map((row) => row()));
      this.mark();
      this.append(rows, from + FRAME_ROWS);
    });
  }

  // Returns a maker, so that rows far below are built when their frame comes.
  row(record, message, index) {
    return () => {
      const id = String(message.id);
      const draft = ["edit", "background"].find((kind) => this.piece.drafts.has(kind, record.id, message.id)) ?? "";
      const first = this.edge(record, message, index);
      const above = record.messages[index - 1];
      const begins = above === undefined || above.sender !== message.sender || message.separator !== "";
      // Between two people the side tells who speaks, as in the chat programs.
      const named = begins && (message.pseudonym !== "" || isGroup(record));
      const suggested = this.piece.suggestions.of(record, message.id);
      const signature = JSON.stringify([message, draft, first, named, suggested, this.piece.language, this.piece.sought]);
      const known = this.rows.get(id);
      if (known !== undefined && known.signature === signature) return known.node;
      const node = this.build(record, message, { draft, first, named, suggested });
      this.rows.set(id, { signature, node });
      return node;
    };
  }

  // Whether the message begins the part that the export leaves out at the head or the tail.
  edge(record, message, index) {
    if (message.left_out === "") return 0;
    const before = record.messages[index - 1];
    if (before !== undefined && before.left_out === message.left_out) return 0;
    if (message.left_out !== "bystander") {
      return record.messages.filter((each) => each.left_out === message.left_out).length;
    }
    const rest = record.messages.slice(index);
    const end = rest.findIndex((each) => each.left_out !== "bystander");
    return end < 0 ? rest.length : end;
  }

  top(record) {
    const loose = this.piece.drafts.loose(record);
    const signature = JSON.stringify([record.id, record.background, loose, this.piece.language]);
    if (this.topSignature === signature) return this.topNode;
    this.topSignature = signature;
    this.topNode = el("div", { class: "top" });
    if (record.background !== "") {
      this.topNode.append(
        this.note(record.background, this.piece.word("background_of_conversation"), "background"),
      );
    }
    this.topNode.append(...loose.map((draft) => this.looseDraft(record, draft)));
    return this.topNode;
  }

  refreshTop() {
    const { record } = this.piece.queue;
    const { topNode } = this;
    if (record === null || record.id !== this.recordId || topNode?.parentNode !== this.list) return;
    const node = this.top(record);
    if (node !== topNode) topNode.replaceWith(node);
  }

  // What was typed and not saved: opened again, or copied where its message is gone.
  looseDraft(record, draft) {
    const { piece } = this;
    const label = { add: "add_message", background: "background_of_conversation", note: "note" };
    const copy = (event) => {
      navigator.clipboard?.writeText(draft.text);
      setText(event.target, piece.word("copied"));
    };
    const drop = () => {
      piece.drafts.dropLost(record, { name: "", record: record.id, ...draft });
      this.refreshTop();
    };
    const open = () => piece.editor.reopen(record, { ...draft, kind: draft.field }, true);
    const button = (name, run) =>
      el("button", { class: "link", type: "button", "data-draft": name, onclick: run }, piece.word(name));
    return el(
      "div",
      { class: "note loose-draft" },
      el("span", { class: "chip draft" }, piece.word("draft")),
      el("span", { class: "note-label" }, piece.word(draft.gone ? "draft_of_gone" : label[draft.field])),
      el("span", { class: "note-text" }, draft.text),
      draft.gone ? button("copy", copy) : button("draft_open", open),
      button("draft_drop", drop),
    );
  }

  note(text, label, command, message = null) {
    const change = () => {
      if (message !== null) this.select(String(message));
      else this.select(null);
      this.piece.run(command);
    };
    const attributes = { class: "note", type: "button", title: this.piece.word("change") };
    return el(
      "button",
      { ...attributes, onclick: change },
      el("span", { class: "note-label" }, label),
      el("span", { class: "note-text" }, text),
    );
  }

  build(record, message, { draft, first, named, suggested }) {
    const { piece } = this;
    const mine = message.side === "me";
    const aside = ASIDE.has(message.kind);
    const row = el("div", { class: "row", role: "listitem", "data-id": message.id });
    row.classList.add(aside ? "aside" : message.side);
    row.classList.toggle("deleted", message.deleted);
    row.classList.toggle("left-out", message.left_out !== "");
    if (message.separator !== "") row.append(el("div", { class: "separator" }, message.separator));
    if (first > 0) row.append(this.gap(record, message, first));
    if (message.background !== "") {
      row.append(this.note(message.background, piece.word("background"), "background", message.id));
    }
    const bubble = el("div", { class: "bubble", title: this.hint(message) }, this.content(message));
    const chips = suggested.map((each) => piece.suggestions.chip(each));
    const suggestions = chips.length > 0 ? el("div", { class: "extras" }, chips) : null;
    if (aside) {
      row.append(el("div", { class: "line" }, el("div", { class: "column" }, bubble, suggestions)));
      return row;
    }
    const column = el(
      "div",
      { class: "column" },
      named ? this.name(message) : null,
      bubble,
      message.reply_to ? this.quote(message) : null,
      this.extras(message, draft),
      suggestions,
    );
    const face = portrait(message.sender || (mine ? piece.word("me") : piece.word("other")));
    row.append(el("div", { class: "line" }, face, column));
    return row;
  }

  name(message) {
    const { piece } = this;
    const alias = message.pseudonym === "" ? null : el(
      "span", { class: "pseudonym", title: piece.word("pseudonym_hint") }, message.pseudonym,
    );
    return el("div", { class: "name" }, message.sender, alias);
  }

  quote(message) {
    if (message.quoted === null) return el("div", { class: "quote" }, message.reply_to);
    const jump = () => this.jump(message.quoted);
    const attributes = { class: "quote link-quote", type: "button", onclick: jump };
    return el("button", { ...attributes, title: this.piece.word("to_quoted") }, message.reply_to);
  }

  // Selects another message of this conversation and brings it into sight.
  jump(id) {
    if (this.node(id) === null) this.list.append(...this.missing(this.piece.queue.record));
    this.select(String(id));
    const node = this.node(id);
    if (node === null) return;
    const { list } = this;
    if (list.scrollHeight <= list.clientHeight) node.scrollIntoView({ block: "nearest" });
    else {
      // Only the list moves: the head of the page stays where it is.
      const [row, box] = [node.getBoundingClientRect(), list.getBoundingClientRect()];
      list.scrollTop += row.top - box.top - (list.clientHeight - row.height) / 2;
    }
  }

  hint(message) {
    const { piece } = this;
    const parts = [message.when];
    if (message.edited) parts.push(piece.word("original", { text: message.original }));
    if (message.left_out === "bystander") parts.push(piece.word("bystander"));
    else if (!message.enters && !message.deleted) parts.push(piece.word("not_exported"));
    return parts.filter((part) => part !== "").join("\n");
  }

  content(message) {
    const { piece } = this;
    const parts = [];
    if (message.chip !== "") {
      const chip = el("span", { class: "chip kind" }, message.chip);
      chip.classList.toggle("muted", !message.enters);
      parts.push(chip);
    }
    const words = el("span", { class: "words" });
    for (const [text, index] of message.segments) {
      const finding = message.findings[index];
      if (finding === undefined) {
        words.append(text);
        continue;
      }
      const say = piece.word("finding_hint", {
        label: finding.label,
        decision: finding.stays ? piece.word("stays_short") : piece.words.decisions[finding.decision],
        why: `${finding.why} · ${finding.sure}`,
      });
      const attributes = {
        class: "finding",
        type: "button",
        "data-finding": finding.id,
        "data-entity": finding.entity,
        "data-decision": finding.decision,
        title: say,
        "aria-haspopup": "menu",
      };
      const mark = el("button", attributes, text);
      mark.addEventListener("click", () => piece.menu.open(mark, finding, text));
      words.append(mark);
    }
    markFound(words, piece.sought);
    if (words.childNodes.length > 0) parts.push(words);
    return parts;
  }

  extras(message, draft) {
    const { piece } = this;
    const extras = el("div", { class: "extras" });
    const chip = (kind, text, title = "") => extras.append(el("span", { class: `chip ${kind}`, title }, text));
    if (message.added) chip("added", piece.word("added"));
    if (message.edited) {
      chip("edited", piece.word("edited"), piece.word("original", { text: message.original }));
    }
    if (draft !== "") {
      const open = () => piece.editor.reopen(piece.queue.record, { kind: draft, message: message.id }, true);
      const attributes = { class: "chip draft", type: "button", title: piece.word("draft_open"), onclick: open };
      extras.append(el("button", attributes, piece.word("draft")));
    }
    for (const emotion of message.emotions) {
      const remove = () => piece.tag(emotion, false, message.id);
      const attributes = { class: "chip emotion", type: "button", onclick: remove };
      extras.append(
        el("button", { ...attributes, title: piece.word("remove_tag") }, emotion, icon("close")),
      );
    }
    if (message.deleted) {
      chip("gone", piece.word("deleted"));
      const restore = () => {
        this.select(String(message.id));
        piece.run("delete");
      };
      extras.append(
        el("button", { class: "link", type: "button", onclick: restore }, piece.word("restore")),
      );
    }
    return extras.childNodes.length > 0 ? extras : null;
  }

  // The grey line that says why these messages stay out, with the offer to complete the record.
  gap(record, message, count) {
    const { piece } = this;
    if (message.left_out === "bystander") {
      return el("div", { class: "gap" }, el("span", {}, piece.word("bystander_note", { count })));
    }
    const head = message.left_out === "leading";
    const offer = () => piece.editor.add({ place: head ? "head" : "end", side: head ? "other" : "me" });
    return el(
      "div",
      { class: "gap" },
      el("span", {}, piece.word(head ? "leading_note" : "trailing_note", { count })),
      el(
        "button",
        { class: "link", type: "button", onclick: offer },
        piece.word(head ? "add_at_head" : "add_at_end"),
      ),
    );
  }

  clicked(event) {
    if (event.target.closest("button, textarea, input, label, .editor") !== null) return;
    const row = event.target.closest(".row");
    const marked = this.list.getRootNode().getSelection?.() ?? window.getSelection();
    if (row === null || (marked !== null && !marked.isCollapsed)) return;
    const id = row.dataset.id;
    this.select(this.chosen.size === 1 && this.selected === id ? null : id);
  }

  select(id) {
    this.choose(id === null ? [] : [id], id);
    this.anchor = id;
    this.mark();
    this.piece.refreshButtons();
  }

  choose(ids, lead) {
    this.chosen = new Set(ids);
    this.selected = lead ?? ids[ids.length - 1] ?? null;
    if (!this.chosen.has(this.anchor)) this.anchor = this.selected;
  }

  // With Ctrl (Cmd), or while several are being selected: one more, or one less. With Shift: all
  // from the last one on.
  clickedMore(event) {
    const row = rowOf(event);
    const toggles = event.ctrlKey || event.metaKey || this.piece.several;
    if (row === null || !(toggles || (event.shiftKey && this.anchor !== null))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey && this.anchor !== null) this.extend(row.dataset.id);
    else this.toggle(row.dataset.id);
  }

  toggle(id) {
    const ids = new Set(this.chosen);
    if (!ids.delete(id)) ids.add(id);
    this.choose([...ids], ids.has(id) ? id : null);
    if (ids.has(id)) this.anchor = id;
    this.mark();
    this.piece.refreshButtons();
  }

  // Selects everything between the anchor and a message.
  extend(id) {
    const ids = this.piece.queue.record.messages.map((message) => String(message.id));
    const [from, to] = [ids.indexOf(this.anchor), ids.indexOf(id)];
    if (from < 0 || to < 0) return;
    const { anchor } = this;
    this.choose(ids.slice(Math.min(from, to), Math.max(from, to) + 1), id);
    this.anchor = anchor;
    this.mark();
    this.piece.refreshButtons();
  }

  all(record) {
    const ids = record.messages.map((message) => String(message.id));
    this.choose(ids, ids.includes(this.selected) ? this.selected : null);
    this.mark();
    this.piece.refreshButtons();
  }

  mark() {
    for (const row of this.list.querySelectorAll(".row.selected")) {
      if (!this.chosen.has(row.dataset.id)) row.classList.remove("selected");
      if (row.dataset.id !== this.selected) row.removeAttribute("aria-current");
    }
    for (const id of this.chosen) this.node(id)?.classList.add("selected");
    this.node(this.selected)?.setAttribute("aria-current", "true");
  }

  node(id) {
    return id === null ? null : (this.rows.get(String(id))?.node ?? null);
  }

  step(record, by, extending = false) {
    const ids = record.messages.map((message) => String(message.id));
    if (ids.length === 0) return;
    const at = ids.indexOf(this.selected);
    const from = at < 0 && by < 0 ? ids.length : at;
    const id = ids[Math.min(Math.max(from + by, 0), ids.length - 1)];
    if (this.node(id) === null) this.list.append(...this.missing(record));
    if (extending && this.anchor !== null) this.extend(id);
    else this.select(id);
    this.reveal(this.node(id));
  }

  missing(record) {
    cancelAnimationFrame(this.frame);
    return record.messages
      .map((message, index) => this.row(record, message, index)())
      .filter((node) => node.parentNode === null);
  }

  reveal(node) {
    node?.scrollIntoView({ block: "nearest" });
  }
}
