// What the person did and the server has not answered yet. The parts of the piece are plain
// scripts, joined in one module by review.py: no build step, no imports.

const STORE_PREFIX = "ruwo.review.";
const RESEND_FIRST_MS = 2000;
const RESEND_MOST_MS = 10000;
const RESEND_GROWTH = 1.6;
const FLIGHT_MS = 200; // an answer usually takes 70 ms; later keys ride along with the next send
const OFFLINE_MS = 4500;

// sessionStorage belongs to one tab and survives its reload. Where it is forbidden or full, the
// piece works from memory and only loses the protection against a reload. It also survives that one
// person signs out and the next one signs in: so all of it belongs to a mark of who acts, which is
// empty where nobody signs in.
const storage = {
  memory: new Map(),
  mark: null,
  prefix: STORE_PREFIX,
  shut: false,
  // Opens what belongs to this mark, and drops what others left behind: it may be anybody's. Returns
  // how many actions nobody answered were among it.
  open(mark) {
    const boxes = new Map(); // of others, by name: where the tab stores them, memory has a copy
    if (this.memory.has("boxes")) boxes.set(this.prefix + "boxes", this.memory.get("boxes"));
    this.mark = mark;
    this.prefix = mark === "" ? STORE_PREFIX : `${STORE_PREFIX}@${mark}/`;
    this.memory.clear();
    const marked = (name) => name.startsWith(`${STORE_PREFIX}@`);
    const own = (name) => (mark === "" ? !marked(name) : name.startsWith(this.prefix));
    try {
      for (const name of Object.keys(window.sessionStorage)) {
        if (!name.startsWith(STORE_PREFIX) || own(name)) continue;
        const text = window.sessionStorage.getItem(name);
        window.sessionStorage.removeItem(name);
        if (name.endsWith("boxes")) boxes.set(name, JSON.parse(text));
      }
    } catch (error) {
      console.warn("Tab storage cannot be read", error.name);
    }
    return [...boxes.values()].flat().reduce((sum, box) => sum + box.actions.length, 0);
  },
  read(name) {
    try {
      const text = window.sessionStorage.getItem(this.prefix + name);
      if (text !== null) return JSON.parse(text);
    } catch (error) {
      console.warn("Tab storage cannot be read", error.name);
    }
    return this.memory.get(name) ?? null;
  },
  write(name, value) {
    if (this.shut) return;
    this.memory.set(name, value);
    try {
      window.sessionStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch (error) {
      console.warn("Tab storage cannot be written", error.name);
    }
  },
  drop(name) {
    this.memory.delete(name);
    try {
      window.sessionStorage.removeItem(this.prefix + name);
    } catch (error) {
      console.warn("Tab storage cannot be written", error.name);
    }
  },
  names(prefix) {
    const found = new Set([...this.memory.keys()].filter((name) => name.startsWith(prefix)));
    try {
      for (let i = 0; i < window.sessionStorage.length; i += 1) {
        const name = window.sessionStorage.key(i);
        if (name.startsWith(this.prefix + prefix)) found.add(name.slice(this.prefix.length));
      }
    } catch (error) {
      console.warn("Tab storage cannot be read", error.name);
    }
    return [...found];
  },
};

function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

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
