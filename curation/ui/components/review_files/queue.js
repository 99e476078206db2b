// The conversations at hand: those looked at before, the one on screen, the next ones.

const KEEP_BEHIND = 40;

// What review.py left out of a message because most messages have it alike.
function whole(message) {
  const text = message.text ?? "";
  return {
    kind: "text", time: "", when: "", separator: "", chip: "", text, original: text, edited: false,
    deleted: false, added: false, background: "", emotions: [], reply_to: "", quoted: null,
    pseudonym: "", enters: true, left_out: "", findings: [], suggestions: [], sender: "",
    segments: text === "" ? [] : [[text, -1]],
    ...message,
  };
}

class Queue {
  constructor() {
    this.records = new Map();
    this.stale = new Set();
    this.before = [];
    this.current = null;
    this.after = [];
    this.passed = new Set(); // what was on screen in this round; the server starts over at the end
    this.window = null;
    this.places = new Map(); // where in the queue each came up, whatever was done to it since
  }

  get record() {
    return this.current === null ? null : (this.records.get(this.current) ?? null);
  }

  // Where the server should look from: the record on screen, else the last one left behind.
  get place() {
    return this.current ?? this.before[this.before.length - 1] ?? null;
  }

  placeOf(id) {
    return this.places.get(id) ?? [];
  }

  // What was done to a record raises its version even if the answer does not bring it along.
  settle(action) {
    const record = this.records.get(action.id);
    if (record === undefined || record.version !== action.version) return;
    if (action.type === "take_over") return; // it changes nothing of it
    record.version += 1;
    if (action.type === "set_status") record.status = action.status;
    else this.stale.add(action.id);
  }

  take(window) {
    this.window = window;
    for (const [id, place] of Object.entries(window.places)) {
      if (!this.places.has(Number(id))) this.places.set(Number(id), place);
    }
    for (const record of window.records) {
      const known = this.records.get(record.id);
      if (known === undefined || record.version >= known.version || this.stale.has(record.id)) {
        this.put(this.gathered(record, known), known);
      }
    }
  }

  put(record, known) {
    const { id } = record;
    const shorter = known !== undefined && (known.complete || record.messages.length < known.messages.length);
    if (shorter && !record.complete) {
      // What was there stays as it was, and waits, until as much or all of it is there anew.
      for (const [name, part] of record.held) known.held.set(name, part);
      known.coming = true;
      this.stale.add(id);
      return;
    }
    this.records.set(id, record);
    // Of what comes later not even the first part may be here yet.
    if (record.messages.length === 0 && record.order.length > 0) this.stale.add(id);
    else this.stale.delete(id);
  }

  // Puts a conversation together from the parts that came and those at hand: as far as they go
  // without a gap.
  gathered(record, known) {
    const parts = new Map();
    for (const name of record.order) {
      const sent = record.parts[name];
      const part = sent === undefined ? known?.held.get(name) : sent.map(whole);
      if (part !== undefined) parts.set(name, part);
    }
    record.held = parts;
    const gap = record.order.findIndex((name) => !parts.has(name));
    const reached = gap < 0 ? record.order : record.order.slice(0, gap);
    record.stretches = reached.map((name) => parts.get(name));
    record.messages = record.stretches.flat();
    record.index = new Map(record.messages.map((message, at) => [String(message.id), at]));
    record.complete = gap < 0;
    const there = record.messages.filter((message) => !message.deleted);
    record.suggestions.push(...there.flatMap((message) => message.suggestions));
    return record;
  }

  // Whether parts of the conversation on screen are still to come.
  get lacking() {
    const { record } = this;
    return record !== null && (!record.complete || record.coming === true);
  }

  // What the server need not send again of the conversations that it will tell about.
  get have() {
    const near = new Set([...(this.window?.records ?? []).map(({ id }) => id), this.current]);
    const held = [...this.records].filter(([id, record]) => near.has(id) && record.held.size > 0);
    return Object.fromEntries(held.map(([id, record]) => [id, [...record.held.keys()]]));
  }

  // Starts over at the server's place: another filter, or a record asked for by name.
  restart(id) {
    const ids = this.window.records.map((record) => record.id);
    const index = ids.indexOf(id);
    this.current = index >= 0 ? id : (ids[0] ?? null);
    this.before = ids.slice(0, Math.max(index, 0));
    this.after = ids.slice(Math.max(index, 0) + 1);
    this.passed = new Set();
    this.prune();
  }

  // Fits a window around the record on screen without moving away from it.
  follow() {
    const ids = this.window.records.map((record) => record.id);
    const place = this.place;
    const index = ids.indexOf(place);
    if (index < 0) return; // a window around another place
    const past = new Set(this.before);
    if (this.current !== null) {
      const earlier = ids.slice(0, index).filter((id) => !past.has(id));
      this.before = [...earlier, ...this.before];
    }
    const seen = new Set([...this.before, this.current]);
    const open = (id) => !seen.has(id) && !this.passed.has(id);
    this.after = ids.slice(index + 1).filter(open);
    if (this.current === null && this.after.length > 0) this.current = this.after.shift();
    this.prune();
  }

  // Conversations that went into others.
  forget(gone) {
    const there = (id) => !gone.includes(id);
    this.before = this.before.filter(there);
    this.after = this.after.filter(there);
  }

  forward() {
    this.before.push(this.current);
    this.passed.add(this.current);
    this.current = this.after.shift() ?? null;
    this.prune();
  }

  back() {
    if (this.current !== null) this.after.unshift(this.current);
    this.current = this.before.pop();
  }

  // Shows again what was passed over.
  startOver() {
    this.before = [];
    this.passed.clear();
    this.current = null;
  }

  prune() {
    this.before = this.before.slice(-KEEP_BEHIND);
    const needed = new Set([...this.before, this.current, ...this.after]);
    for (const id of this.records.keys()) {
      if (!needed.has(id)) {
        this.records.delete(id);
        this.stale.delete(id);
        this.places.delete(id);
      }
    }
  }

  // Place and counts as they will be when the outbox is answered. `matching` counts the
  // conversations of the filter, `total` those of it and of every other status.
  standing(outbox) {
    const { records, at, statuses } = this.window;
    const counts = { ...this.window.counts };
    for (const record of records) {
      const shown = outbox.status(this.records.get(record.id) ?? record);
      counts[record.status] -= 1;
      counts[shown] += 1;
    }
    const ids = records.map((record) => record.id);
    const [from, to] = [ids.indexOf(at), ids.indexOf(this.current)];
    const steps = from >= 0 && to >= 0 ? to - from : 0;
    const all = Object.values(counts);
    const wanted = statuses.length === 0 ? all : statuses.map((status) => counts[status]);
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    return {
      position: Math.min(Math.max(this.window.position + steps, 1), sum(all)),
      counts,
      total: sum(all),
      matching: sum(wanted),
    };
  }
}
