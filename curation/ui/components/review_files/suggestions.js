// What the program suggests about a conversation or a message, and the answer of the person.

const ALIKE = "near_duplicate";
const JUMP = "topic_jump";
const DROPPED = new Set([ALIKE, "incomplete", "too_thin"]); // who accepts one rejects the conversation
const GLYPHS = { [ALIKE]: "trash", incomplete: "trash", too_thin: "trash", [JUMP]: "split", background: "note" };
const ABOUT = new WeakMap(); // records -> message id (null: the whole) -> suggestions

class Suggestions {
  constructor(piece) {
    this.piece = piece;
  }

  of(record, message = null) {
    if (record === null) return [];
    if (!ABOUT.has(record)) {
      const about = new Map();
      for (const each of record.suggestions) about.set(each.message, [...(about.get(each.message) ?? []), each]);
      ABOUT.set(record, about);
    }
    return this.asking(record, ABOUT.get(record).get(message) ?? []);
  }

  // Who rejected a conversation agreed that it should go.
  asking(record, found) {
    if (found.length === 0 || this.piece.outbox.status(record) !== "rejected") return found;
    return found.filter((each) => !DROPPED.has(each.kind));
  }

  // The one that the keys answer: of what is selected, else the first of the conversation.
  get current() {
    const { record } = this.piece.queue;
    if (record === null) return null;
    const selected = this.piece.messages.flatMap((message) => this.of(record, message.id));
    const others = this.asking(record, record.suggestions.filter((each) => each.message !== null));
    return [...selected, ...this.of(record), ...others][0] ?? null;
  }

  what({ label, what }) {
    return what === "" ? label : `${label} ${what}`;
  }

  // `name` stands in place of the kind, where there is more to it than a word.
  chip(suggestion, name = null) {
    const { piece } = this;
    const said = piece.word("suggested", { what: this.what(suggestion), score: suggestion.score });
    const button = (command, glyph) => {
      const label = piece.words.answers[suggestion.kind]?.[command] ?? "";
      const full = label === "" ? piece.words.commands[command] : label;
      const key = piece.keymap.first(command);
      return el(
        "button",
        {
          class: `answer ${command}`, type: "button", "aria-label": `${full}: ${this.what(suggestion)}`,
          title: key === "" ? full : `${full} (${key})`,
          onclick: () => this.choose(suggestion, command),
        },
        icon(glyph),
        label,
        key === "" ? null : el("kbd", {}, key),
      );
    };
    const answers = [button("accept", GLYPHS[suggestion.kind] ?? "check"), button("refuse", "close")];
    if (piece.words.answers[suggestion.kind]?.because !== undefined) answers.splice(1, 0, button("because", suggestion.draft === "" ? "note" : "edit"));
    const asks = piece.words.answers[suggestion.kind] === undefined ? "" : " asks";
    const drops = DROPPED.has(suggestion.kind) ? " drops" : "";
    return el(
      "span",
      {
        class: `suggestion${asks}${drops}`, role: "group", "aria-label": `${said}. ${suggestion.reason}`, "data-kind": suggestion.kind,
        "data-suggestion": suggestion.id, title: [suggestion.reason, suggestion.by].filter((part) => part !== "").join("\n"),
      },
      el(
        "span",
        { class: "suggestion-said" },
        name ?? el("strong", {}, this.what(suggestion)),
        " ",
        el("span", { class: "suggestion-score" }, suggestion.score),
        name === null && suggestion.reason !== "" ? [" ", suggestion.reason] : null,
      ),
      el("span", { class: "answers" }, answers),
    );
  }

  // A key.
  press(accept) {
    const { current, piece } = this;
    if (current === null) {
      piece.toast(piece.word("no_suggestion"), false);
      return;
    }
    if (current.message !== null) piece.bubbles.reveal(piece.bubbles.reach(current.message));
    this.answer(current, accept);
  }

  choose(suggestion, command) {
    const { piece } = this;
    const { record } = piece.queue;
    if (command !== "because") this.answer(suggestion, command === "accept");
    else if (record !== null && !piece.waiting) piece.editor.because(record, suggestion);
  }

  answer(suggestion, accept) {
    const { piece } = this;
    const { record } = piece.queue;
    if (record === null || piece.waiting) return;
    const what = this.what(suggestion);
    if (accept && suggestion.kind === ALIKE) piece.decide(record, "rejected", piece.word("toast_repeat"));
    else if (accept && DROPPED.has(suggestion.kind)) {
      piece.decide(record, "rejected", piece.word("toast_dropped", { what }), { suggestion: suggestion.id });
    } else {
      const fields = { suggestion: suggestion.id === 0 ? null : suggestion.id, accept };
      let said = accept ? "toast_accepted" : "toast_refused";
      if (accept && suggestion.kind === JUMP) said = "toast_split";
      piece.act("answer_suggestion", record, fields, piece.word(said, { what }));
    }
  }

  // Shows the keys at the one that they answer.
  mark() {
    const id = this.current === null ? null : String(this.current.id);
    for (const chip of this.piece.box.querySelectorAll(".suggestion")) {
      chip.classList.toggle("current", chip.dataset.suggestion === id);
    }
  }
}
