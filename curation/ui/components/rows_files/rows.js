// One page of the table: rows that are ticked, opened and sorted. What is ticked lives here as long
// as the server shows the same view; the server is told after each change, and tells the next view. All text is set as text.

const FIRST = 24; // rows that a screen shows; the others of a new view follow when it is drawn

function make(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter(Boolean));
  return node;
}

class Rows {
  constructor(root) {
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.box = this.part("box");
    this.head = this.part("head");
    this.body = this.part("body");
    this.view = null;
    this.chosen = new Set();
    this.last = null; // the row ticked last: Shift reaches from here
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.head.addEventListener("click", (event) => this.sort(event));
    this.head.addEventListener("change", (event) => this.tickAll(event.target.checked));
  }

  receive(data, tell, ask) {
    this.tell = tell;
    this.ask = ask;
    this.data = data;
    const anew = data.view !== this.view;
    if (anew) {
      this.view = data.view;
      this.chosen = new Set(data.chosen);
      this.last = null;
      this.part("scroll").scrollTop = 0;
    }
    const here = new Set(data.rows.map((row) => row.id));
    for (const id of this.chosen) if (!here.has(id)) this.chosen.delete(id);
    const told = JSON.stringify([data.columns, data.rows, data.labels]);
    if (anew || told !== this.told) this.paint(anew);
    else this.mark();
    this.told = told;
  }

  paint(anew) {
    const focused = this.body.getRootNode().activeElement?.closest?.("tr")?.dataset.id;
    const onTick = this.body.getRootNode().activeElement?.tagName === "INPUT";
    this.box.lang = this.data.labels.lang;
    this.paintHead();
    const { rows } = this.data;
    this.body.replaceChildren(...rows.slice(0, anew ? FIRST : rows.length).map((row) => this.row(row)));
    this.mark();
    if (anew) requestAnimationFrame(() => setTimeout(() => this.paintRest(), 0));
    const again = focused && this.body.querySelector(`tr[data-id="${focused}"]`);
    if (again) (onTick ? again.querySelector("input") : again).focus({ preventScroll: true });
  }

  paintRest() {
    const rest = this.data.rows.slice(this.body.rows.length);
    if (rest.length) this.body.append(...rest.map((row) => this.row(row)));
    this.mark();
  }

  paintHead() {
    const all = make("input", { type: "checkbox", "aria-label": this.data.labels.all });
    const cells = this.data.columns.map((column) => {
      const by = column.sort;
      const cell = make("th", {
        scope: "col",
        class: `c-${column.name}${column.number ? " number" : ""}`,
        "aria-sort": { "": null, up: "ascending", down: "descending" }[by ?? ""],
      });
      if (by === null) cell.append(make("span", { class: "plain", text: column.label }));
      else {
        const way = { "": "", up: "▲", down: "▼" }[by];
        cell.append(
          make(
            "button",
            { type: "button", "data-sort": column.name, title: column.help },
            make("span", { text: column.label }),
            make("span", { class: "way", "aria-hidden": "true", text: way }),
          ),
        );
      }
      return cell;
    });
    this.head.replaceChildren(
      make("th", { scope: "col", class: "c-tick tick" }, make("label", {}, all, make("span", { class: "label", text: this.data.labels.all }))),
      ...cells,
    );
    this.all = all;
  }

  row(row) {
    const labels = this.data.labels;
    const tick = make("input", {
      type: "checkbox",
      "aria-label": labels.choose.replace("{n}", row.id),
    });
    const said = make("div", { class: "said" });
    for (const [text, hit] of row.said) said.append(hit ? make("mark", { text }) : text);
    const tags = [
      ...row.emotions.map((text) => make("span", { class: "tag", text })),
      row.note ? make("span", { class: "tag", text: `✍ ${row.note}` }) : null,
    ].filter(Boolean);
    const cells = {
      status: () => [
        make(
          "span",
          { class: `status ${row.status}`, title: row.edited ? labels.edited : null },
          make("b", { text: row.sign, "aria-hidden": "true" }),
          make("span", { text: row.status_label + (row.edited ? " ✎" : "") }),
        ),
      ],
      chat: () => [make("span", { text: row.chat, title: row.chat })],
      date: () =>
        row.day
          ? [make("span", { class: "day", text: row.day }), " ", make("span", { class: "hour", text: row.hour })]
          : [],
      said: () => [said, tags.length ? make("div", { class: "tags" }, ...tags) : null],
      length: () => [String(row.length)],
      turns: () => [String(row.turns)],
      findings: () =>
        row.findings
          ? [
              make("span", {
                class: row.undecided ? "risk" : "dim",
                text: row.undecided ? `${row.undecided} / ${row.findings}` : String(row.findings),
                title: labels.findings,
              }),
            ]
          : [],
      score: () => row.hints.map(([text, title]) => make("span", { class: "tag hint", text, title })),
      changed: () => (row.changed ? [make("span", { class: "dim", text: row.changed })] : []),
    };
    const tr = make("tr", { "data-id": row.id, tabindex: 0, "aria-label": row.spoken });
    tr.append(make("td", { class: "tick" }, make("label", {}, tick)));
    for (const column of this.data.columns) {
      const inside = cells[column.name]().filter(Boolean);
      const classes = [`c-${column.name}`];
      if (column.number) classes.push("number");
      if (column.name === "chat") classes.push("chat");
      if (column.name === "said") classes.push("said-cell");
      if (!inside.length) classes.push("empty");
      const label = column.number && inside.length ? make("span", { class: "label", text: `${column.label} ` }) : null;
      tr.append(make("td", { class: classes.join(" ") }, label, ...inside));
    }
    return tr;
  }

  /** Show what is ticked without painting the rows anew. */
  mark() {
    for (const tr of this.body.rows) {
      const on = this.chosen.has(Number(tr.dataset.id));
      tr.classList.toggle("chosen", on);
      tr.querySelector("input").checked = on;
    }
    const count = this.chosen.size;
    this.all.checked = count > 0 && count === this.data.rows.length;
    this.all.indeterminate = count > 0 && count < this.data.rows.length;
  }

  send() {
    this.mark();
    const ids = this.data.rows.map((row) => row.id).filter((id) => this.chosen.has(id));
    this.tell({ view: this.view, ids });
  }

  tickAll(on) {
    this.chosen = new Set(on ? this.data.rows.map((row) => row.id) : []);
    this.send();
  }

  tick(id, on, reach) {
    const ids = this.data.rows.map((row) => row.id);
    const from = reach && this.last !== null ? ids.indexOf(this.last) : -1;
    const to = ids.indexOf(id);
    const some = from < 0 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of some) {
      if (on) this.chosen.add(each);
      else this.chosen.delete(each);
    }
    this.last = id;
    this.send();
  }

  click(event) {
    const tr = event.target.closest("tr");
    if (!tr) return;
    const id = Number(tr.dataset.id);
    const cell = event.target.closest("td.tick");
    if (event.target.tagName === "INPUT") {
      this.tick(id, event.target.checked, event.shiftKey);
    } else if (cell) {
      // The label passes the click on to its box, which tells; beside the label the cell does it.
      if (!event.target.closest("label")) this.tick(id, !this.chosen.has(id), event.shiftKey);
    } else if (!this.selecting()) {
      this.open(id);
    }
  }

  open(id) {
    const { message } = this.data.rows.find((row) => row.id === id);
    this.ask({ open: id, message, view: this.view });
  }

  /** Whether the click ended the marking of text, which opens nothing. */
  selecting() {
    const root = this.body.getRootNode();
    const marked = root.getSelection ? root.getSelection() : document.getSelection();
    return Boolean(marked && !marked.isCollapsed && String(marked));
  }

  key(event) {
    const tr = event.target.closest("tr");
    if (!tr || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = Number(tr.dataset.id);
    const there = { ArrowDown: tr.nextElementSibling, ArrowUp: tr.previousElementSibling }[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (there) there.focus();
      if (there && event.shiftKey) this.tick(Number(there.dataset.id), true, false);
    } else if (event.key === " " && event.target === tr) this.tick(id, !this.chosen.has(id), false);
    else if (event.key === "Enter") this.open(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  sort(event) {
    const name = event.target.closest("button")?.dataset.sort;
    if (name) this.ask({ sort: name, view: this.view });
  }
}

const pieces = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!pieces.has(parentElement)) pieces.set(parentElement, new Rows(parentElement));
  pieces
    .get(parentElement)
    .receive(
      data,
      (chosen) => setStateValue("chosen", chosen),
      (asked) => setTriggerValue("asked", asked),
    );
}
