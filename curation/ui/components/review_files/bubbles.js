// One conversation as bubbles. Rows are kept by message id and rebuilt only when they changed, so
// that new data moves neither the scroll position nor an open editor.

// Only rows near the screen are built: the others stand together in stretches of some height. A
// stretch is built when it comes near, and stays until there are many.
const FIRST_ROWS = 120; // built at once
const MOST_ROWS = 600; // built, before those far away are taken down again
const ROW_PX = 62; // what a row is taken for that was not built yet
const NEAR = "1200px 0px";
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
    this.record = null; // as it was shown last
    this.stretches = new Map(); // by the id of their first message
    this.near = new IntersectionObserver((entries) => this.approach(entries), { rootMargin: NEAR, scrollMargin: NEAR });
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
      for (const { node } of this.stretches.values()) this.near.unobserve(node);
      this.stretches.clear();
      this.choose([], null);
      this.recordId = record.id;
    }
    this.record = record;
    const { index } = record;
    for (const id of this.rows.keys()) if (!index.has(id)) this.rows.delete(id);
    this.choose([...this.chosen].filter((id) => index.has(id)), index.has(this.selected) ? this.selected : null);
    const { editor } = this.piece;
    const written = editor.busy && editor.box.contains(this.list.getRootNode().activeElement);
    const draw = () => {
      const stretches = this.stretched(record);
      this.arrange(this.list, [this.top(record), ...stretches, ...(record.complete ? [] : [this.rest()])]);
    };
    if (other) {
      this.list.replaceChildren();
      draw();
      this.list.scrollTop = 0;
    } else {
      this.steady(() => {
        draw();
        editor.put();
        if (written && editor.busy) editor.area.focus({ preventScroll: true });
      });
    }
    this.mark();
  }

  // Does something to the bubbles and leaves those in sight where they are; at the end it stays
  // there, unless more is still to come.
  steady(change) {
    const { list } = this;
    if (list.scrollHeight <= list.clientHeight) {
      change();
      return;
    }
    const { scrollTop } = list;
    const below = list.scrollHeight - list.clientHeight - scrollTop;
    const ended = scrollTop > 0 && below < 2 && this.restNode?.parentNode !== list;
    const row = ended ? null : this.inSight();
    const top = row?.getBoundingClientRect().top;
    const id = row?.dataset.id;
    change();
    list.scrollTop = ended ? list.scrollHeight : scrollTop;
    if (id !== undefined) this.hold(id, top);
  }

  // Keeps a row where it was. What is new around it is drawn a frame later, and then is higher or
  // lower than it was taken for; who scrolled meanwhile is left alone.
  hold(id, top, frames = 3) {
    const { list } = this;
    const node = this.node(id);
    if (node === null) return;
    list.scrollTop += node.getBoundingClientRect().top - top;
    const { scrollTop } = list;
    if (frames > 0) requestAnimationFrame(() => list.scrollTop === scrollTop && this.hold(id, top, frames - 1));
  }

  // The selected row where it is in sight, else the first one that is.
  inSight() {
    const frame = this.list.getBoundingClientRect();
    const seen = (node) => {
      const box = node.getBoundingClientRect();
      return box.bottom > frame.top && box.top < frame.bottom;
    };
    const selected = this.node(this.selected);
    if (selected !== null && seen(selected)) return selected;
    const stretches = [...this.stretches.values()].filter(({ built, node }) => built && seen(node));
    return stretches.flatMap(({ node }) => [...node.querySelectorAll(".row")]).find(seen) ?? null;
  }

  // Puts the children in order and leaves those alone that already are: moving a node would take
  // the focus out of it.
  arrange(parent, children) {
    const keep = new Set(children);
    const editor = this.piece.editor.box;
    for (const child of [...parent.children]) {
      if (!keep.has(child) && child !== editor) child.remove();
    }
    let at = parent.firstChild;
    for (const child of children) {
      while (at !== null && at === editor) at = at.nextSibling;
      if (at === child) at = at.nextSibling;
      else parent.insertBefore(child, at);
    }
  }

  // Returns the nodes of the stretches, those that were there before where they still begin alike.
  stretched(record) {
    const before = this.stretches;
    this.stretches = new Map();
    let from = 0;
    for (const messages of record.stretches) {
      const [{ id }] = messages;
      const stretch = before.get(id) ?? { node: el("div", { class: "stretch", role: "none" }), built: false };
      before.delete(id);
      this.stretches.set(id, Object.assign(stretch, { messages, from }));
      from += messages.length;
    }
    for (const { node } of before.values()) this.near.unobserve(node);
    const around = this.around(record);
    for (const stretch of this.stretches.values()) {
      this.near.observe(stretch.node);
      const known = ({ id }) => this.rows.has(String(id));
      const first = stretch.drawn === undefined && stretch.from < FIRST_ROWS;
      if (stretch.built || first || stretch.messages.some(known)) this.raise(stretch, around);
      else if (stretch.messages.length !== stretch.measured) {
        stretch.measured = stretch.messages.length;
        stretch.node.style.height = `${stretch.messages.length * ROW_PX}px`;
      }
    }
    return [...this.stretches.values()].map(({ node }) => node);
  }

  // What bubbles depend on beside their own messages and the one above.
  around(record) {
    const { drafts, language, outbox, sought } = this.piece;
    const edges = ["leading", "trailing"].map((kind) => record.messages.filter((each) => each.left_out === kind).length);
    const size = record.complete ? record.messages.length : -1;
    return JSON.stringify([language, sought, isGroup(record), edges, size, drafts.state(record), outbox.status(record)]);
  }

  // Whether all that a stretch shows is as it was when it was built last. How many stay silent
  // together may depend on the stretches below.
  stands({ built, messages, drawn, from }, around, above) {
    if (!built || drawn.messages !== messages || drawn.from !== from || drawn.around !== around) return false;
    return drawn.above === above && !messages.some((each) => each.left_out === "bystander");
  }

  raise(stretch, around = this.around(this.record)) {
    const { record } = this;
    const { messages, from } = stretch;
    const above = record.messages[from - 1];
    if (this.stands(stretch, around, above)) return;
    stretch.drawn = { messages, from, above, around };
    const rows = stretch.messages.map((message, at) => this.row(record, message, stretch.from + at));
    // How many there are, those that were not built counted in.
    rows.forEach((row, at) => {
      row.setAttribute("aria-posinset", String(stretch.from + at + 1));
      row.setAttribute("aria-setsize", String(record.complete ? record.messages.length : -1));
    });
    this.arrange(stretch.node, rows);
    stretch.node.style.height = "";
    stretch.measured = null;
    stretch.built = true;
  }

  // Takes the rows of a stretch down again; it stays as high as it was.
  lower(stretch) {
    const { height } = stretch.node.getBoundingClientRect();
    for (const { id } of stretch.messages) this.rows.delete(String(id));
    stretch.node.replaceChildren();
    stretch.node.style.height = `${height}px`;
    stretch.measured = stretch.messages.length;
    stretch.built = false;
  }

  // Takes down what is far away, where there is much of it.
  clear() {
    if (this.rows.size <= MOST_ROWS || this.list.clientHeight === 0) return;
    const { editor, menu } = this.piece;
    const focused = this.list.getRootNode().activeElement;
    const selection = selectedRange(this.list.getRootNode());
    const used = ({ node, messages }) =>
      node.contains(editor.box) || node.contains(focused) || (menu.isOpen && node.contains(menu.node)) ||
      (selection !== null && selection.intersectsNode(node)) ||
      messages.some(({ id }) => String(id) === this.selected);
    const far = [...this.stretches.values()].filter((each) => each.built && each.away && !used(each));
    for (const stretch of far) this.lower(stretch);
  }

  // Stretches come near the screen.
  approach(entries) {
    const seen = new Map(entries.map((entry) => [entry.target, entry.isIntersecting]));
    const crossed = [...this.stretches.values()].filter(({ node }) => seen.has(node));
    for (const stretch of crossed) stretch.away = !seen.get(stretch.node);
    const wanted = crossed.filter(({ built, away }) => !built && !away);
    if (wanted.length === 0 && this.rows.size <= MOST_ROWS) return;
    this.steady(() => {
      this.clear();
      for (const stretch of wanted) this.raise(stretch);
    });
    if (wanted.length > 0) this.raised();
  }

  raised() {
    this.mark();
    this.piece.suggestions.mark();
    if (this.piece.replace.isOpen) this.piece.replace.mark();
  }

  // Returns the row of a message, built if need be; null where the message is not here.
  reach(id) {
    const at = id === null ? undefined : this.record?.index.get(String(id));
    if (at === undefined) return null;
    const stretch = [...this.stretches.values()].find(({ from, messages }) => at < from + messages.length);
    if (!stretch.built) {
      this.raise(stretch);
      this.raised();
    }
    return this.node(id);
  }

  // Stands at the end while the rest of a long conversation is on its way.
  rest() {
    this.restNode ??= el("div", { class: "rest", role: "none" });
    setText(this.restNode, this.piece.word("loading"));
    return this.restNode;
  }

  row(record, message, index) {
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
    // Where the topic may change stands above the message, where the conversation would be split.
    const jumps = suggested.filter((each) => each.kind === JUMP).map((each) => piece.suggestions.chip(each));
    if (jumps.length > 0) row.append(el("div", { class: "jump" }, jumps));
    const chips = suggested.filter((each) => each.kind !== JUMP).map((each) => piece.suggestions.chip(each));
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
    const node = this.reach(id);
    if (node === null) {
      if (!this.record.complete) this.piece.picked = id; // its part is still to come
      return;
    }
    this.select(String(id));
    this.center(node);
    this.hold(String(id), node.getBoundingClientRect().top);
  }

  center(node) {
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
    const { messages, index } = this.piece.queue.record;
    const [from, to] = [index.get(this.anchor), index.get(id)];
    if (from === undefined || to === undefined) return;
    const { anchor } = this;
    const range = messages.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.choose(range.map((message) => String(message.id)), id);
    this.anchor = anchor;
    this.mark();
    this.piece.refreshButtons();
  }

  all(record) {
    this.choose([...record.index.keys()], record.index.has(this.selected) ? this.selected : null);
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

  // Whether a step leads to a message that is at hand.
  reaches(record, by) {
    const at = record.index.get(this.selected) ?? -1;
    return by > 0 ? at + by < record.messages.length : at >= 0;
  }

  step(record, by, extending = false) {
    const { messages, index } = record;
    if (messages.length === 0) return;
    const at = index.get(this.selected) ?? -1;
    const from = at < 0 && by < 0 ? messages.length : at;
    const id = String(messages[Math.min(Math.max(from + by, 0), messages.length - 1)].id);
    const node = this.reach(id);
    if (extending && this.anchor !== null) this.extend(id);
    else this.select(id);
    this.reveal(node);
  }

  toStart() {
    this.list.firstElementChild?.scrollIntoView({ block: "end" });
    this.list.scrollTop = 0;
  }

  toEnd(record) {
    this.reach(record.messages.at(-1)?.id ?? null);
    this.list.lastElementChild?.scrollIntoView({ block: "end" });
    this.list.scrollTop = this.list.scrollHeight;
  }

  reveal(node) {
    node?.scrollIntoView({ block: "nearest" });
  }
}
