// The small menu at a finding, or at words that the person selected in a bubble. What is refused to
// whoever acts here whatever it is done to is not offered.

const FIRST_KINDS = 9; // those that a digit chooses

class FindingMenu {
  constructor(root, piece) {
    this.root = root;
    this.piece = piece;
    this.anchor = null;
    this.keys = new Map();
    root.addEventListener("keydown", (event) => this.key(event));
  }

  get isOpen() {
    return this.anchor !== null;
  }

  // What it stands beside in the page; null where it is closed.
  get node() {
    return this.anchor === null ? null : (this.anchor.words ?? this.anchor);
  }

  // What the search or the person found: decide it, say that it is none or of another kind.
  open(anchor, finding, text) {
    const { piece } = this;
    if (this.anchor === anchor) {
      this.close();
      return;
    }
    const act = (type, fields, said) => {
      this.close();
      piece.act(type, piece.queue.record, { finding: finding.id, ...fields }, said);
    };
    const choice = (decision, all, key) => {
      const label = piece.word(`${decision}_${all ? "all" : "one"}`);
      const chosen = !all && finding.decision === decision;
      const said = piece.word(`toast_${decision}`, { label: finding.label });
      const decide = () => act("decide_finding", { decision, all_equal: all }, said);
      return this.row(decision === "mask" ? "shield" : "eye", label, key, decide, chosen);
    };
    const other = () => {
      this.show(anchor, this.head(text, finding, piece.word("which_kind")), [
        this.kinds((entity, label) => {
          act("relabel", { entity }, piece.word("toast_relabelled", { label }));
        }),
      ]);
    };
    const release = () => act("release", {}, piece.word("toast_released", { label: finding.label }));
    const { owner, sees } = piece.data.may;
    this.show(
      anchor,
      this.head(text, finding, finding.why, finding.sure, finding.stays ? piece.word("stays") : piece.words.decisions_long[finding.decision]),
      [
        choice("mask", false, "m"),
        sees && choice("mask", true, "shift+m"),
        sees && choice("keep", false, "k"),
        sees && choice("keep", true, "shift+k"),
        el("div", { class: "menu-line" }),
        (owner || (sees && finding.by_hand)) &&
          this.row("close", piece.word(finding.by_hand ? "unflag" : "never_flag"), "n", release),
        this.row("edit", piece.word("other_kind"), "o", other),
      ].filter(Boolean),
    );
  }

  // Words that the person selected: which kind of private data are they?
  flag(selection) {
    const { piece } = this;
    const everywhere = el("input", { type: "checkbox" });
    const line = el(
      "label",
      { class: "choice-row check-row", "data-key": "a" },
      everywhere,
      el("span", {}, piece.word("flag_everywhere")),
      el("kbd", {}, "A"),
    );
    const flag = (entity, label) => {
      const { message, start, end, text } = selection;
      const fields = { message, start, end, text, entity, all_equal: everywhere.checked };
      this.close();
      piece.act("flag", piece.queue.record, fields, piece.word("toast_flagged", { label }));
    };
    const shown = { entity: "CUSTOM_TERM", decision: "mask", label: piece.word("flag_as") };
    this.show(
      selection.anchor,
      this.head(selection.text, shown, piece.word("flag_hint")),
      [this.kinds(flag), ...(piece.data.may.owner ? [el("div", { class: "menu-line" }), line] : [])],
    );
    const move = (edge, by) => () => {
      if (selection.move(edge, by)) {
        setText(this.root.querySelector(".menu-head .finding"), selection.text);
        this.place();
      }
    };
    this.keys.set("arrowright", move("start", 1));
    this.keys.set("arrowleft", move("start", -1));
    this.keys.set("shift+arrowright", move("end", 1));
    this.keys.set("shift+arrowleft", move("end", -1));
  }

  head(text, finding, ...why) {
    const { entity, decision, label } = finding;
    return el(
      "div",
      { class: "menu-head" },
      el("span", { class: "finding", "data-entity": entity, "data-decision": decision }, text),
      el("span", { class: "menu-label" }, label),
      why.filter(Boolean).map((each) => el("span", { class: "menu-why" }, each)),
    );
  }

  row(sign, label, key, run, chosen = false) {
    const attributes = { class: "choice-row", type: "button", role: "menuitem", "data-key": key };
    return el(
      "button",
      { ...attributes, onclick: run },
      icon(sign),
      el("span", {}, label),
      chosen ? icon("check") : null,
      el("kbd", {}, printedKey(key)),
    );
  }

  kinds(run) {
    const kind = ([entity, label], index) => {
      const key = index < FIRST_KINDS ? String(index + 1) : "";
      return el(
        "button",
        {
          class: "kind-choice", type: "button", role: "menuitem", "data-key": key,
          "data-kind": entity, onclick: () => run(entity, label),
        },
        el("i", { class: "finding", "data-entity": entity, "data-decision": "mask" }),
        el("span", {}, label),
        key === "" ? null : el("kbd", {}, key),
      );
    };
    return el("div", { class: "kind-grid" }, this.piece.entities.map(kind));
  }

  show(anchor, head, rows) {
    this.anchor?.classList.remove("open");
    this.anchor = anchor;
    anchor.classList.add("open");
    this.keys.clear();
    this.root.replaceChildren(head, ...rows);
    this.root.hidden = false;
    this.place();
    this.root.querySelector("button").focus({ preventScroll: true });
  }

  // The bubbles were drawn anew: it stays at words that stayed as they were.
  follow() {
    if (!this.isOpen) return;
    if (this.anchor.isConnected && !this.piece.waiting) this.place();
    else this.close();
  }

  place() {
    const box = this.piece.box.getBoundingClientRect();
    const mark = this.anchor.getClientRects()[0] ?? this.anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const left = Math.min(Math.max(mark.left - box.left, 8), box.width - width - 8);
    const below = mark.bottom - box.top + 6;
    const fits = mark.bottom + height + 12 < window.innerHeight;
    const above = Math.max(mark.top - box.top - height - 6, 8);
    this.root.style.left = `${Math.max(left, 8)}px`;
    this.root.style.top = `${fits ? below : above}px`;
  }

  key(event) {
    const name = keyName(event);
    const items = [...this.root.querySelectorAll(".choice-row, .kind-choice")];
    const at = items.indexOf(this.root.getRootNode().activeElement);
    const chosen = items.find((item) => item.dataset.key === name);
    if (this.keys.has(name)) this.keys.get(name)();
    else if (chosen !== undefined) chosen.click();
    else if (name === "arrowdown") items[(at + 1) % items.length].focus();
    else if (name === "arrowup") items[(at + items.length - 1) % items.length].focus();
    else if (name === "escape") this.close(true);
    else if (this.piece.keymap.find(name) === "finding") this.piece.press("finding");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  close(back = false) {
    if (!this.isOpen) return;
    const { anchor } = this;
    anchor.classList.remove("open");
    this.anchor = null;
    this.root.hidden = true;
    if (back) anchor.focus({ preventScroll: true });
  }
}
