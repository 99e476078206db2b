// What is being typed. It lives in the tab's storage from the first key on, so that a reload keeps
// it, and a moment later in the workspace, so that a crash, another tab and tomorrow keep it.

const DRAFT = "draft:";
const DRAFT_PAUSE_MS = 500;
const DRAFT_MOST_MS = 2000; // who types without a pause is kept all the same
const DRAFT_AGAIN_MS = 3000;
const DRAFT_AGAIN_MOST_MS = 15000;
const LINE = Symbol.for("ruwo.drafts");

// The line to the server (see components/drafts.py): the newest of each draft, again until it is
// answered.
class DraftLine {
  constructor() {
    this.client = randomName();
    this.number = 0;
    this.waiting = new Map(); // by name: not sent yet
    this.sent = new Map(); // by name: sent with a number, not answered yet
    this.since = 0;
    this.delay = DRAFT_AGAIN_MS;
    this.changed = () => {};
    this.line = (window[LINE] ??= new EventTarget());
    this.line.addEventListener("answer", () => this.answered());
    document.addEventListener("visibilitychange", () => this.waiting.size > 0 && this.send());
  }

  has(name) {
    return this.waiting.has(name) || this.sent.has(name);
  }

  tell(name, message, after = DRAFT_PAUSE_MS) {
    const now = performance.now();
    if (this.waiting.size === 0) this.since = now;
    this.waiting.set(name, message);
    this.plan(Math.max(Math.min(after, this.since + DRAFT_MOST_MS - now), 0));
  }

  // Its text is on its way as an action, or gone.
  hold(name) {
    this.waiting.delete(name);
    this.sent.delete(name);
  }

  plan(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), after);
  }

  send() {
    clearTimeout(this.timer);
    if (this.waiting.size === 0 && this.sent.size === 0) return;
    this.number += 1;
    for (const [name, message] of this.waiting) this.sent.set(name, { message, number: this.number });
    this.waiting.clear();
    const drafts = [...this.sent.values()].map(({ message }) => message);
    try {
      this.line.send?.({ client: this.client, mark: storage.mark, n: this.number, drafts });
    } catch (error) {
      console.warn("Not connected, drafts will be sent again", error.name);
    }
    this.plan(this.delay);
    this.delay = Math.min(this.delay * 2, DRAFT_AGAIN_MOST_MS);
  }

  answered() {
    const { client, ack } = this.line.data;
    if (client === this.client) {
      for (const [name, { number }] of this.sent) if (number <= ack) this.sent.delete(name);
      this.delay = DRAFT_AGAIN_MS;
      if (this.sent.size === 0 && this.waiting.size === 0) clearTimeout(this.timer);
    }
    this.changed(client === "");
  }
}

const DRAFT_LINE = new DraftLine();

class Drafts {
  constructor(piece) {
    this.piece = piece;
    this.done = new Map(); // by name: when it was saved or thrown away here
  }

  // The line may have been answered before there was a piece.
  start() {
    DRAFT_LINE.changed = (fresh) => {
      if (fresh) this.tellAll(); // a new session: it may never have heard of them
      this.piece.editor.showKept();
    };
    DRAFT_LINE.changed(DRAFT_LINE.line.data?.client === "");
  }

  // A message's draft is found by the message alone: it goes where the message goes.
  name(kind, record, message) {
    return message === null ? `${DRAFT}${kind}:${record}:` : `${DRAFT}${kind}::${message}`;
  }

  isSaving(name) {
    return this.piece.outbox.actions.some((action) => action.draft === name);
  }

  has(kind, record, message) {
    return !this.isSaving(this.name(kind, record, message)) && this.read(kind, record, message) !== null;
  }

  // What there is of a conversation's drafts, for who shows them.
  state(record) {
    const saving = this.piece.outbox.actions.map((action) => action.draft).filter((name) => name !== undefined);
    const kept = this.held(record).map((each) => [each.field, each.message]);
    return [storage.names(DRAFT).sort(), saving, kept];
  }

  read(kind, record, message) {
    return storage.read(this.name(kind, record, message)) ?? this.kept(kind, record, message);
  }

  // What the workspace holds, typed in another tab or before this one was opened.
  kept(kind, record, message) {
    const found = this.held(this.piece.queue.records.get(record));
    return found.find((each) => each.field === kind && each.message === message && !each.lost) ?? null;
  }

  // An answer that was on its way may still bring what is done with.
  held(record) {
    const over = (each) => this.done.get(this.name(each.field, record.id, each.message)) ?? -1;
    return (record?.drafts ?? []).filter((each) => each.at > over(each));
  }

  write(kind, record, message, value) {
    const name = this.name(kind, record, message);
    const before = storage.read(name);
    const anchor = before?.anchor ?? this.piece.queue.records.get(record)?.messages[0]?.id ?? 0;
    const draft = { ...value, kind, record, message, anchor, at: Date.now() };
    storage.write(name, draft);
    const same = ["text", "side", "place", "base"].every((each) => before?.[each] === draft[each]);
    if (!same) this.tell(name, draft);
  }

  tell(name, draft) {
    const { kind, record, message, anchor, text, base, side, place, before, at } = draft;
    const fields = { conversation: record, field: kind, message, anchor, text, base, at };
    DRAFT_LINE.tell(name, { ...fields, side, place, before });
  }

  tellAll() {
    for (const name of storage.names(DRAFT)) {
      const draft = storage.read(name);
      if (draft !== null && !this.isSaving(name)) this.tell(name, draft);
    }
  }

  isKept(kind, record, message) {
    return !DRAFT_LINE.has(this.name(kind, record, message));
  }

  drop(kind, record, message) {
    const name = this.name(kind, record, message);
    if (storage.read(name) === null && this.kept(kind, record, message) === null) return;
    this.forget(name);
    DRAFT_LINE.tell(name, { conversation: record, field: kind, message, text: null }, 0);
  }

  // It was saved, or thrown away: no copy of it stays here.
  forget(name) {
    storage.drop(name);
    DRAFT_LINE.hold(name);
    this.done.set(name, Date.now());
  }

  dropLost(record, draft) {
    if (draft.lost) {
      record.drafts = record.drafts.filter((each) => each.lost !== draft.lost);
      this.done.set(this.name(draft.field, record.id, draft.message), Math.max(Date.now(), draft.at));
      DRAFT_LINE.tell(`lost:${draft.lost}`, { lost: draft.lost }, 0);
    }
    if (draft.name !== undefined) this.drop(draft.field, draft.record, draft.message);
  }

  // Those that were open when the person left this record or this page.
  openOne(record) {
    for (const name of storage.names(DRAFT)) {
      const draft = storage.read(name);
      if (draft === null || !draft.open || this.isSaving(name)) continue;
      if (draft.message !== null) {
        if (hasMessage(record, draft.message)) return draft;
      } else if (draft.record === record.id && (record.complete || draft.kind !== "add")) return draft;
    }
    return null;
  }

  // Those that stand at no bubble: of the conversation itself, or of a message that is gone.
  loose(record) {
    const { editor } = this.piece;
    const found = [];
    for (const field of ["add", "background", "note"]) {
      const open = editor.busy && editor.job.kind === field && editor.job.message === null;
      if (open || !this.has(field, record.id, null) || (field === "add" && !record.complete)) continue;
      found.push({ ...this.read(field, record.id, null), field, message: null, lost: 0 });
    }
    for (const name of storage.names(DRAFT)) {
      const draft = storage.read(name);
      const here = draft !== null && draft.record === record.id && draft.message !== null;
      if (here && record.complete && !hasMessage(record, draft.message) && !this.isSaving(name)) {
        const kept = this.held(record).find(
          (each) => each.lost && each.field === draft.kind && each.message === draft.message,
        );
        found.push({ ...draft, name, field: draft.kind, lost: kept?.lost ?? 0, gone: true });
      }
    }
    for (const each of this.held(record)) {
      if (each.lost && !found.some((other) => other.lost === each.lost)) found.push({ ...each, gone: true });
    }
    return found;
  }
}

function messageOf(record, id) {
  return record.messages[record.index.get(String(id))] ?? null;
}

function hasMessage(record, id) {
  return record.index.has(String(id));
}
