// Words that the person selected in a bubble, as places in the message's text. JavaScript counts in
// UTF-16 units and the server in code points: only code points leave this file.

const length = (text) => [...text].length;

class Selected {
  constructor(words, message, start, end) {
    this.words = words;
    this.letters = [...words.textContent];
    this.hidden = length(message.text) - this.letters.length; // what the kind's chip says already
    this.message = message.id;
    this.from = start;
    this.to = end;
    this.paint();
  }

  get start() {
    return this.hidden + this.from;
  }

  get end() {
    return this.hidden + this.to;
  }

  get text() {
    return this.letters.slice(this.from, this.to).join("");
  }

  // Moves one edge by one letter; returns whether it could.
  move(edge, by) {
    const [from, to] = edge === "start" ? [this.from + by, this.to] : [this.from, this.to + by];
    if (from < 0 || to > this.letters.length || from >= to) return false;
    [this.from, this.to] = [from, to];
    this.paint();
    return true;
  }

  // Selects the words in the page, and keeps where they are for the menu beside them.
  paint() {
    const range = document.createRange();
    range.setStart(...this.point(this.from));
    range.setEnd(...this.point(this.to));
    const shown = selectionOf(this.words.getRootNode());
    shown?.removeAllRanges();
    shown?.addRange(range);
    this.range = range;
  }

  point(letters) {
    return pointIn(this.words, this.letters.slice(0, letters).join("").length);
  }

  // What the menu stands beside.
  get anchor() {
    const { range, words } = this;
    return {
      words,
      classList: { add() {}, remove() {} },
      get isConnected() {
        return words.isConnected;
      },
      getClientRects: () => this.range.getClientRects(),
      getBoundingClientRect: () => range.getBoundingClientRect(),
      focus: () => words.closest(".row")?.focus?.(),
    };
  }
}

function selectionOf(root) {
  return root.getSelection?.() ?? document.getSelection();
}

// The range that is selected inside `root`: Chromium asks the shadow root, Firefox the document,
// Safari the document with the root named.
function selectedRange(root) {
  const selection = selectionOf(root);
  if (selection === null) return null;
  if (root.getSelection === undefined && selection.getComposedRanges !== undefined) {
    const [found] = selection.getComposedRanges({ shadowRoots: [root] });
    if (found === undefined || found.collapsed) return null;
    const range = document.createRange();
    range.setStart(found.startContainer, found.startOffset);
    range.setEnd(found.endContainer, found.endOffset);
    return range;
  }
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  return selection.getRangeAt(0);
}

// How many letters of `words` stand before a place in the page: none or all where it is outside.
function lettersBefore(words, node, offset) {
  const part = document.createRange();
  part.selectNodeContents(words);
  const place = part.comparePoint(node, offset);
  if (place < 0) return 0;
  if (place > 0) return length(words.textContent);
  part.setEnd(node, offset);
  return length(part.toString());
}

// Returns what is selected among the bubbles of `record`: a Selected, "several" where it goes over
// more than one message, null where nothing is.
function selectedWords(list, record) {
  const range = selectedRange(list.getRootNode());
  if (range === null || range.toString().trim() === "") return null;
  const found = [];
  for (const words of list.querySelectorAll(".bubble > .words")) {
    if (!range.intersectsNode(words)) continue;
    const start = lettersBefore(words, range.startContainer, range.startOffset);
    const end = lettersBefore(words, range.endContainer, range.endOffset);
    if (start < end) found.push([words, start, end]);
  }
  if (found.length !== 1) return found.length === 0 ? null : "several";
  const [[words, start, end]] = found;
  const id = words.closest(".row").dataset.id;
  const message = messageOf(record, id);
  return message === null ? null : new Selected(words, message, start, end);
}

function wholeMessage(row, message) {
  const words = row?.querySelector(".words") ?? null;
  const count = words === null ? 0 : length(words.textContent);
  return count === 0 ? null : new Selected(words, message, 0, count);
}
