// The bar of a selection: what can be done to several messages at once.

// Whether all of some messages or conversations have an emotion: true, false, or mixed.
function howMany(owners, emotion) {
  const have = owners.filter((each) => each.emotions.includes(emotion)).length;
  if (have === 0) return "false";
  return have === owners.length ? "true" : "mixed";
}

class SelectionBar {
  constructor(piece) {
    this.piece = piece;
    this.root = el("div", { class: "selection", role: "toolbar", hidden: true });
    this.tags = [];
  }

  get isOpen() {
    return !this.root.hidden;
  }

  build() {
    const { piece } = this;
    this.count = el("strong", { class: "selection-count", role: "status" });
    this.erase = this.button("delete", "trash", piece.words.commands.delete);
    this.tags = piece.emotions.map((emotion, index) => {
      const key = piece.keymap.all("emotions")[index];
      const run = () => piece.press(`emotion:${index}`);
      return el(
        "button",
        { class: "button tag", type: "button", "data-emotion": emotion, onclick: run },
        el("span", {}, emotion),
        key === undefined ? null : el("kbd", {}, key),
      );
    });
    this.root.setAttribute("aria-label", piece.word("selection"));
    this.root.replaceChildren(
      this.count,
      el(
        "div",
        { class: "group" },
        this.erase,
        this.button("side", "side", piece.words.commands.side),
        this.button("split_off", "split", piece.words.commands.split_off),
        this.button("background", "note", piece.word("background_before")),
        this.button("select_all", "several", piece.words.commands.select_all),
        this.button("escape", "close", piece.word("unselect")),
      ),
      el("div", { class: "group selection-tags", "aria-label": piece.word("emotions") }, this.tags),
    );
    return this.root;
  }

  button(command, glyph, label) {
    const { piece } = this;
    const key = piece.keymap.first(command);
    return el(
      "button",
      {
        class: "button", type: "button", title: key === "" ? label : `${label} (${key})`,
        "data-several": command, onclick: () => piece.press(command),
      },
      icon(glyph),
      el("span", { class: "label" }, label),
      key === "" ? null : el("kbd", {}, key),
    );
  }

  refresh(messages, gone) {
    const { piece } = this;
    this.root.hidden = messages.length < 2 && !piece.several;
    if (this.root.hidden) return;
    const none = messages.length === 0;
    setText(this.count, none ? piece.word("several_hint") : piece.word("selected", { count: messages.length }));
    setText(this.erase.querySelector(".label"), gone ? piece.word("restore") : piece.words.commands.delete);
    for (const button of this.root.querySelectorAll("[data-several]")) {
      const always = ["select_all", "escape"].includes(button.dataset.several);
      button.setAttribute("aria-disabled", String(none && !always));
    }
    for (const tag of this.tags) {
      tag.setAttribute("aria-disabled", String(none));
      tag.setAttribute("aria-pressed", howMany(messages, tag.dataset.emotion));
    }
  }
}
