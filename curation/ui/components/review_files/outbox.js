// What the person did and the server has not answered yet. The parts of the piece are plain
// scripts, joined in one module by review.py: no build step, no imports.

const STORE_PREFIX = "ruwo.review.";
const RESEND_FIRST_MS = 2000;
const RESEND_MOST_MS = 10000;
const RESEND_GROWTH = 1.6;
const FLIGHT_MS = 200; // an answer usually takes 70 ms; later keys ride along with the next send
const OFFLINE_MS = 4500;

const storage = new TabStorage(STORE_PREFIX);

// Every page load writes under a client name of its own, and sends what earlier loads left behind
// under theirs. So a duplicated tab (which gets a copy of the tab storage) can repeat old numbers,
// which the server ignores, but two tabs never give the same number to different actions.
class Outbox {
  constructor() {
    this.own = { client: randomName(), next: 1, seen: 0, actions: [] };
    this.boxes = [this.own];
    this.turn = 0;
    this.generation = null;
    this.warn = (event) => {
      event.preventDefault();
      event.returnValue = "";
    };
  }

  // Takes over what earlier loads of the page left behind, now that it is known whose that is.
  load() {
    const left = (storage.read("boxes") ?? []).filter((box) => box.actions.length > 0);
    this.own.actions = [];
    this.boxes = [...left, this.own];
    this.save();
  }

  save() {
    storage.write("boxes", this.boxes);
    if (this.size > 0) window.addEventListener("beforeunload", this.warn);
    else window.removeEventListener("beforeunload", this.warn);
  }

  get actions() {
    return this.boxes.flatMap((box) => box.actions);
  }

  get size() {
    return this.boxes.reduce((sum, box) => sum + box.actions.length, 0);
  }

  get blocked() {
    return this.actions.some((action) => action.type !== "set_status");
  }

  add(type, fields) {
    // Which workspace the person saw: in the one that takes its place, ids mean others.
    const action = { n: this.own.next, type, generation: this.generation, ...fields };
    this.own.next += 1;
    this.own.actions.push(action);
    this.save();
    return action;
  }

  // The version a record will have when everything unanswered has been done to it.
  version(id, known) {
    return this.actions
      .filter((action) => action.id === id)
      .reduce((version, action) => Math.max(version, action.version + 1), known);
  }

  // The status the person sees: what was decided here last, else what the server knows.
  status(record) {
    const ours = this.actions.filter(
      (action) =>
        action.type === "set_status" &&
        action.id === record.id &&
        action.version >= record.version,
    );
    return ours.length > 0 ? ours[ours.length - 1].status : record.status;
  }

  payload(at, place, extra = {}) {
    const box = this.boxes.find((each) => each.actions.length > 0) ?? this.own;
    this.turn += 1;
    return {
      client: box.client,
      mark: storage.mark,
      seen: box.seen,
      turn: this.turn,
      at,
      place,
      ...extra,
      actions: box.actions.map(({ draft, ...action }) => action),
    };
  }

  knows(client) {
    return this.boxes.some((box) => box.client === client);
  }

  // Takes the server's answer; returns what was done and what was refused, each with its action.
  answer(data) {
    const box = this.boxes.find((each) => each.client === data.client);
    if (box === undefined) return { done: [], refused: [] };
    const reasons = new Map(data.refused.map((refusal) => [refusal.n, refusal]));
    const answered = box.actions.filter((action) => action.n <= data.ack);
    box.actions = box.actions.filter((action) => action.n > data.ack);
    const refused = data.refused
      .filter((refusal) => refusal.n > box.seen)
      .map((refusal) => ({
        ...refusal,
        client: box.client,
        action: answered.find((action) => action.n === refusal.n) ?? null,
      }));
    box.seen = Math.max(box.seen, ...data.refused.map((refusal) => refusal.n));
    this.boxes = this.boxes.filter((each) => each === this.own || each.actions.length > 0);
    this.save();
    return { done: answered.filter((action) => !reasons.has(action.n)), refused };
  }
}

// Sends the outbox: one message in flight at a time, again when no answer comes.
class Courier {
  constructor(outbox, changed) {
    this.outbox = outbox;
    this.changed = changed;
    this.deliver = null;
    this.place = () => [null, []];
    this.flight = null;
    this.dirty = false;
    this.timer = 0;
    this.delay = RESEND_FIRST_MS;
    this.silentSince = 0;
  }

  get offline() {
    return this.silentSince > 0 && performance.now() - this.silentSince >= OFFLINE_MS;
  }

  // Something new is to be told; several calls in one moment become one message.
  tell() {
    this.dirty = true;
    const age = this.flight === null ? FLIGHT_MS : performance.now() - this.flight.sent;
    if (age >= FLIGHT_MS) queueMicrotask(() => this.dirty && this.send());
    else this.plan(FLIGHT_MS - age);
  }

  plan(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), after);
  }

  send() {
    if (this.deliver === null) return;
    this.dirty = false;
    const payload = this.outbox.payload(...this.place());
    const now = performance.now();
    this.flight = { turn: payload.turn, at: payload.at, sent: now };
    if (this.silentSince === 0) this.silentSince = now;
    try {
      this.deliver(payload);
    } catch (error) {
      // Streamlit throws while its connection is down; the timer below tries again.
      console.warn("Not connected, will be sent again", error.name);
    }
    this.plan(this.delay);
    this.delay = Math.min(this.delay * RESEND_GROWTH, RESEND_MOST_MS);
    clearTimeout(this.offlineTimer);
    this.offlineTimer = setTimeout(this.changed, OFFLINE_MS + 20);
  }

  // New data came down. Returns the place that was asked for when it answers the last message.
  heard(data, mine, progress) {
    const answers = this.flight !== null && mine && data.turn >= this.flight.turn;
    const fresh = data.client === "";
    const asked = answers ? this.flight : null;
    if (answers || progress || fresh) {
      this.silentSince = 0;
      this.delay = RESEND_FIRST_MS;
    }
    if (answers || fresh) {
      this.flight = null;
      clearTimeout(this.timer);
      clearTimeout(this.offlineTimer);
      if (this.dirty || (this.outbox.size > 0 && (progress || fresh))) this.tell();
      else if (this.outbox.size > 0) this.plan(this.delay);
    }
    return asked;
  }

  stop() {
    clearTimeout(this.timer);
    clearTimeout(this.offlineTimer);
    this.deliver = null;
    this.flight = null;
  }
}
