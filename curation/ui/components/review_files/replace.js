// Find and replace inside the conversation on screen. What the preview shows is what is sent: the
// server gets the new texts, not the expression.

const SEARCH_MS = 1000; // an expression that takes longer is given up
const SEARCH_PAUSE_MS = 120;
const MOST_PREVIEWS = 200;
const LATIN = "[\\p{Script=Latin}\\p{N}_]";
const MARKS = { all: "ruwo-match", current: "ruwo-current" };

// Runs in a worker of its own for expressions, since one of them may take for ever.
function findAll({ source, flags, texts }) {
  const pattern = new RegExp(source, flags);
  return texts.map((text) => {
    const found = [];
    for (const match of text.matchAll(pattern)) {
      if (match[0] === "") continue;
      found.push({ start: match.index, end: match.index + match[0].length, groups: [...match], named: { ...match.groups } });
    }
    return found;
  });
}

// What stands for a match: `$1`, `$<name>` and `$&` in the replacement of an expression.
function expand(template, match) {
  return template.replace(/\$(\$|&|\d{1,2}|<[^>]*>)/g, (whole, what) => {
    if (what === "$") return "$";
    if (what === "&") return match.groups[0];
    if (what.startsWith("<")) return match.named[what.slice(1, -1)] ?? "";
    const number = Number(what);
    return number > 0 && number < match.groups.length ? (match.groups[number] ?? "") : whole;
  });
}

class Replace {
  constructor(root, piece) {
    this.root = root;
    this.piece = piece;
    this.found = []; // every match: its message, where, and what would stand there
    this.at = 0;
    this.options = { case: false, word: false, expression: false };
    root.addEventListener("keydown", (event) => this.key(event));
  }

  get isOpen() {
    return !this.root.hidden;
  }

  build() {
    const { piece } = this;
    const kept = [this.find?.value ?? "", this.put?.value ?? ""];
    const field = (name, value) => {
      const input = el("input", { type: "text", "data-replace": name, placeholder: piece.word(name), "aria-label": piece.word(name), autocomplete: "off", spellcheck: "false" });
      input.value = value;
      input.addEventListener("input", (event) => event.isComposing || this.search());
      input.addEventListener("compositionend", () => this.search());
      return input;
    };
    const toggle = (name, sign) => {
      const button = el(
        "button",
        { class: "option", type: "button", "aria-pressed": String(this.options[name]), "data-option": name, title: piece.word(`find_${name}`), "aria-label": piece.word(`find_${name}`) },
        sign,
      );
      button.addEventListener("click", () => {
        this.options[name] = !this.options[name];
        button.setAttribute("aria-pressed", String(this.options[name]));
        this.search();
        this.find.focus();
      });
      return button;
    };
    const button = (name, run, glyph = null) =>
      el(
        "button",
        { class: glyph === null ? "button" : "button plain", type: "button", "data-replace": name, title: piece.word(name), "aria-label": piece.word(name), onclick: run },
        glyph === null ? piece.word(name) : icon(glyph),
      );
    this.find = field("find_what", kept[0]);
    this.put = field("replace_with", kept[1]);
    this.count = el("span", { class: "replace-count", role: "status" });
    this.preview = el("div", { class: "replace-preview", hidden: true });
    this.root.replaceChildren(
      el(
        "div",
        { class: "replace-line" },
        this.find,
        this.put,
        el("span", { class: "space" }),
        button("close", () => this.close(), "close"),
      ),
      el(
        "div",
        { class: "replace-line" },
        toggle("case", "Aa"),
        toggle("word", piece.word("find_word_sign")),
        toggle("expression", ".*"),
        button("find_previous", () => this.step(-1), "up"),
        button("find_next", () => this.step(1), "down"),
        this.count,
        el("span", { class: "space" }),
        button("replace_one", () => this.replaceOne()),
        button("replace_all", () => this.showAll()),
      ),
      this.preview,
    );
    this.root.setAttribute("aria-label", piece.words.commands.replace);
  }

  open() {
    this.root.hidden = false;
    const chosen = selectedWords(this.piece.part("list"), this.piece.queue.record);
    if (chosen !== null && chosen !== "several") this.find.value = chosen.text;
    this.search();
    this.find.focus();
    this.find.select();
    this.piece.fit();
  }

  close() {
    this.root.hidden = true;
    this.found = [];
    this.mark();
    this.piece.part("list").focus({ preventScroll: true });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const typing = event.target === this.find || event.target === this.put;
    if (event.key === "Escape") {
      if (this.preview.hidden || this.asked === null) this.close();
      else this.ask(null);
    } else if (event.key === "Enter" && typing && (event.ctrlKey || event.metaKey)) this.replaceOne();
    else if (event.key === "Enter" && typing) this.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The messages that are searched, each with how much of its text the chip before it says.
  messages() {
    const { record } = this.piece.queue;
    const shown = (record?.messages ?? []).filter((each) => !each.deleted && !ASIDE.has(each.kind));
    return shown.map((message) => {
      const visible = message.segments.reduce((length, [text]) => length + text.length, 0);
      return { message, hidden: message.text.length - visible };
    });
  }

  // Returns the expression, null where there is nothing to look for.
  pattern() {
    const { case: exact, word, expression } = this.options;
    const asked = this.find.value;
    if (asked === "") return null;
    let source = expression ? asked : asked.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    if (word) {
      const latin = new RegExp(LATIN, "u");
      const [first, last] = [[...asked][0], [...asked].at(-1)];
      // Chinese is written without gaps: only Latin words have ends to look at.
      const before = expression || latin.test(first) ? `(?<!${LATIN})` : "";
      const after = expression || latin.test(last) ? `(?!${LATIN})` : "";
      source = `${before}(?:${source})${after}`;
    }
    return { source, flags: exact ? "gu" : "giu" };
  }

  // Looks again: something else is asked for, or the conversation changed. Stays at its match.
  search(again = false) {
    clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = null;
    if (!again) this.ask(null);
    const { record } = this.piece.queue;
    if (record?.complete === false) {
      // What is still to come would be left out.
      this.recordId = null;
      this.take([], [], again);
      setText(this.count, this.piece.word("loading"));
      return;
    }
    const pattern = this.pattern();
    const searched = this.messages();
    this.recordId = record?.id ?? null;
    if (pattern === null || searched.length === 0) {
      this.take([], [], again);
      return;
    }
    const texts = searched.map(({ message, hidden }) => message.text.slice(hidden));
    try {
      new RegExp(pattern.source, pattern.flags);
    } catch {
      this.fail("find_invalid");
      return;
    }
    if (!this.options.expression) this.take(searched, findAll({ ...pattern, texts }), again);
    else this.timer = setTimeout(() => this.searchApart({ ...pattern, texts }, searched, again), SEARCH_PAUSE_MS);
  }

  searchApart(task, searched, again) {
    const code = `${findAll}; onmessage = ({ data }) => postMessage(findAll(data));`;
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker = worker;
    const end = () => {
      worker.terminate();
      clearTimeout(this.timer);
      this.worker = null;
    };
    worker.onmessage = ({ data }) => {
      end();
      this.take(searched, data, again);
    };
    worker.onerror = () => {
      end();
      this.fail("find_invalid");
    };
    this.timer = setTimeout(() => {
      end();
      this.fail("find_slow");
    }, SEARCH_MS);
    worker.postMessage(task);
  }

  fail(reason) {
    this.found = [];
    this.mark();
    setText(this.count, this.piece.word(reason));
    this.count.classList.add("bad");
    this.refresh();
  }

  take(searched, results, again) {
    const before = this.found[this.at];
    this.found = results.flatMap((matches, index) => {
      const { message, hidden } = searched[index];
      return matches.map((match) => ({ ...match, message, hidden, start: match.start + hidden, end: match.end + hidden }));
    });
    const place = (each) => [this.order(each.message.id), each.start];
    // After a replacement the next one is the first that stands behind it.
    if (again && before !== undefined) {
      const [row, start] = place(before);
      const next = this.found.findIndex((each) => {
        const [other, begin] = place(each);
        return other > row || (other === row && begin >= start);
      });
      this.at = Math.max(next, 0);
    } else this.at = 0;
    this.count.classList.remove("bad");
    this.mark();
    this.refresh();
    if (!again && this.found.length > 0) this.reveal();
    if (this.asked !== null) this.ask(null);
  }

  order(id) {
    return this.piece.queue.record?.index.get(String(id)) ?? -1;
  }

  // Another conversation, or this one as it stands now.
  follow() {
    if (!this.isOpen) return;
    const { record } = this.piece.queue;
    this.search(record !== null && record.id === this.recordId);
  }

  step(by) {
    const { length } = this.found;
    if (length === 0) return;
    this.at = (this.at + by + length) % length;
    this.mark();
    this.refresh();
    this.reveal();
  }

  reveal() {
    const { bubbles } = this.piece;
    bubbles.jump(this.found[this.at].message.id);
    this.mark();
  }

  // Marks the matches without touching the bubbles; where a browser cannot, the count must do.
  mark() {
    if (globalThis.CSS?.highlights === undefined) return;
    const ranges = this.found.map((match) => this.range(match));
    const current = ranges[this.at] ?? null;
    const rest = ranges.filter((range) => range !== null && range !== current);
    CSS.highlights.set(MARKS.all, new Highlight(...rest));
    CSS.highlights.set(MARKS.current, new Highlight(...(current === null ? [] : [current])));
  }

  range({ message, hidden, start, end }) {
    const words = this.piece.bubbles.node(message.id)?.querySelector(".bubble > .words") ?? null;
    if (words === null) return null;
    const range = document.createRange();
    range.setStart(...pointIn(words, start - hidden));
    range.setEnd(...pointIn(words, end - hidden));
    return range;
  }

  refresh() {
    const { piece, found } = this;
    const empty = this.find.value === "";
    if (!this.count.classList.contains("bad")) {
      const say = found.length === 0 ? "find_none" : "find_count";
      setText(this.count, empty ? "" : piece.word(say, { at: this.at + 1, count: found.length }));
    }
    for (const name of ["find_previous", "find_next", "replace_one", "replace_all"]) {
      this.root.querySelector(`[data-replace="${name}"]`).setAttribute("aria-disabled", String(found.length === 0));
    }
    if (this.asked === null) this.showOne();
  }

  // ---- what would be written

  with(match) {
    return this.options.expression ? expand(this.put.value, match) : this.put.value;
  }

  // The texts of messages with some of their matches replaced.
  changes(matches) {
    const byMessage = new Map();
    for (const match of matches) byMessage.set(match.message.id, [...(byMessage.get(match.message.id) ?? []), match]);
    return [...byMessage.values()].map((some) => {
      const { message } = some[0];
      const [before, after] = [[], []];
      let at = 0;
      for (const match of some) {
        const same = message.text.slice(at, match.start);
        before.push(same, el("del", {}, message.text.slice(match.start, match.end)));
        after.push(same, el("ins", {}, this.with(match)));
        at = match.end;
      }
      const rest = message.text.slice(at);
      const text = after.map((each) => (typeof each === "string" ? each : each.textContent)).join("") + rest;
      return { message, text, before: [...before, rest], after: [...after, rest] };
    });
  }

  row({ message, text, before, after }) {
    const { piece } = this;
    const empty = text.trim() === "";
    return el(
      "div",
      { class: "change" },
      el("span", { class: "change-who" }, message.sender),
      el("span", { class: "change-text before" }, before),
      el("span", { class: "change-text after" }, empty ? piece.word("replace_empty") : after),
    );
  }

  // Under the fields: the one at hand as it is and as it would be.
  showOne() {
    const match = this.found[this.at];
    this.preview.hidden = match === undefined || this.put.value === "";
    if (!this.preview.hidden) this.preview.replaceChildren(...this.changes([match]).map((each) => this.row(each)));
  }

  get able() {
    return this.found.length > 0 && !this.piece.waiting && this.piece.queue.record?.id === this.recordId;
  }

  replaceOne() {
    if (!this.able) return;
    const [change] = this.changes([this.found[this.at]]);
    if (change.text.trim() === "") this.piece.toast(this.piece.word("empty_text"), false);
    else this.send([change], this.piece.word("toast_replaced_one"));
  }

  // Every text before and after; a second press writes them.
  showAll() {
    if (!this.able) return;
    const { piece } = this;
    const changes = this.changes(this.found).filter((each) => each.text !== each.message.text);
    const good = changes.filter((each) => each.text.trim() !== "");
    const write = () => this.send(good, piece.word("toast_replaced", { count: good.length }));
    const more = changes.length - MOST_PREVIEWS;
    this.ask([
      el("div", { class: "changes" }, changes.slice(0, MOST_PREVIEWS).map((each) => this.row(each))),
      more > 0 ? el("div", { class: "change-more" }, piece.word("replace_more", { count: more })) : "",
      el(
        "div",
        { class: "replace-line" },
        el(
          "button",
          { class: "button primary", type: "button", "data-replace": "confirm", "aria-disabled": String(good.length === 0), onclick: write },
          piece.word("replace_confirm", { count: good.length }),
        ),
        el("button", { class: "button plain", type: "button", onclick: () => this.ask(null) }, piece.word("cancel")),
      ),
    ].filter((node) => node !== ""));
    this.preview.querySelector('[data-replace="confirm"]').focus();
  }

  asked = null;

  ask(nodes) {
    this.asked = nodes;
    if (nodes === null) {
      this.showOne();
      return;
    }
    this.preview.hidden = false;
    this.preview.replaceChildren(...nodes);
  }

  send(changes, said) {
    const { piece } = this;
    if (changes.length === 0 || piece.waiting) return;
    const texts = changes.map(({ message, text }) => [message.id, text]);
    this.ask(null);
    piece.act("replace", piece.queue.record, { texts }, said);
    this.find.focus();
  }
}

// The text node and offset of a place in an element's text.
function pointIn(words, place) {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let left = place;
  let node = walker.nextNode();
  while (node !== null && left > node.length) {
    left -= node.length;
    node = walker.nextNode();
  }
  return node === null ? [words, words.childNodes.length] : [node, left];
}
