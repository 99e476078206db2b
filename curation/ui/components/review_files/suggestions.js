// What the program suggests about a conversation or a message, and the answer of the person.

const ALIKE = "near_duplicate";
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
    const found = ABOUT.get(record).get(message) ?? [];
    // Who rejected it agreed; the mark stays as a way to the other one.
    const agreed = message === null && this.piece.outbox.status(record) === "rejected";
    return agreed ? found.filter((each) => each.kind !== ALIKE) : found;
  }

  // The one that the keys answer: of what is selected, else the first of the conversation.
  get current() {
    const { record } = this.piece.queue;
    if (record === null) return null;
    const selected = this.piece.messages.flatMap((message) => this.of(record, message.id));
    const others = record.suggestions.filter((each) => each.message !== null);
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
      const label = piece.words.commands[command];
      const key = piece.keymap.first(command);
      return el(
        "button",
        {
          class: `answer ${command}`, type: "button", "aria-label": `${label}: ${this.what(suggestion)}`,
          title: key === "" ? label : `${label} (${key})`,
          onclick: () => this.answer(suggestion, command === "accept"),
        },
        icon(glyph),
        key === "" ? null : el("kbd", {}, key),
      );
    };
    return el(
      "span",
      {
        class: "suggestion", role: "group", "aria-label": `${said}. ${suggestion.reason}`, "data-kind": suggestion.kind,
        "data-suggestion": suggestion.id, title: suggestion.reason,
      },
      el(
        "span",
        { class: "suggestion-said" },
        name ?? el("strong", {}, this.what(suggestion)),
        " ",
        el("span", { class: "suggestion-score" }, suggestion.score),
        name === null && suggestion.reason !== "" ? [" ", suggestion.reason] : null,
      ),
      el("span", { class: "answers" }, button("accept", "check"), button("refuse", "close")),
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

  answer(suggestion, accept) {
    const { piece } = this;
    const { record } = piece.queue;
    if (record === null || piece.waiting) return;
    const what = this.what(suggestion);
    if (accept && suggestion.kind === ALIKE) piece.decide(record, "rejected", piece.word("toast_repeat"));
    else {
      const fields = { suggestion: suggestion.id === 0 ? null : suggestion.id, accept };
      const said = accept ? piece.word("toast_accepted", { what }) : piece.word("toast_refused", { what });
      piece.act("answer_suggestion", record, fields, said);
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
