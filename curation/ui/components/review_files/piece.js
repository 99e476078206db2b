// The review piece itself: commands, and what happens when data comes down.

const DECIDED = { approve: "approved", reject: "rejected", skip: "skipped" };
const REPEATING = new Set([
  "next", "previous", "select_next", "select_previous", "extend_next", "extend_previous",
]);
// What would leave something out, or go wrong, before all of a long conversation is there.
const WHOLE = new Set(["select_all", "replace", "add", "split_off", "finding", "to_end"]);
const STEPS = { select_next: 1, select_previous: -1, extend_next: 1, extend_previous: -1 };
const EDGES = { home: "to_start", end: "to_end" }; // keys that scroll, unless they are set to do more
const OPENING = new Set(["edit", "add", "background", "note", "replace", "select_several"]);
// After being led back to a refused record, keys meant for the one before are not taken.
const GUARD_MS = 700;
const SLOW_MS = 150;
const TOUCH_MS = 700;
const PHONE_PX = 640;
const LEAST_HEIGHT_PX = 420;

class Piece {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector('[data-part="piece"]');
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.queue = new Queue();
    this.outbox = OUTBOX;
    this.courier = new Courier(this.outbox, () => this.refresh());
    this.courier.place = () => {
      const at = this.wanted ?? this.queue.place;
      return [at, this.queue.placeOf(at), { record: this.record.wanted, have: this.queue.have }];
    };
    this.drafts = new Drafts(this);
    this.suggestions = new Suggestions(this);
    this.bubbles = new Bubbles(this.part("list"), this);
    this.editor = new Editor(this);
    this.selection = new SelectionBar(this);
    this.several = false; // a click selects one more
    this.bar = new Bar(this.part("bar"), this);
    this.head = new Head(root);
    this.replace = new Replace(this.part("replace"), this);
    this.menu = new FindingMenu(this.part("menu"), this);
    this.sheet = new Sheet(this.part("sheet"), this);
    this.record = new RecordSheet(this.part("record"), this);
    this.held = new Held(this);
    this.toasts = new Toasts(this.part("toasts"));
    this.banners = storage.read("banners") ?? [];
    this.buffer = [];
    this.touched = [];
    this.untouched = [];
    this.trip = null; // where a link to a like conversation was followed from and to
    this.wanted = null; // a conversation asked for that is not at hand
    this.picked = null; // the message that a link from another page leads to
    this.ended = false;
    this.guarded = 0;
    this.onKey = (event) => this.key(event);
    this.onPointer = (event) => this.pointer(event);
    this.onResize = () => this.fit();
    // Lines come and go above the piece, too: the page says what it is filtered by, or a warning.
    this.around = new ResizeObserver(() => requestAnimationFrame(this.onResize));
    this.onRelease = (event) => this.released(event);
    this.onSelection = () => this.touchSelected();
    this.pointerKind = "mouse";
    this.pressed = false; // whether the pointer went down among the bubbles
    this.active = false;
  }

  start() {
    if (this.active) return;
    this.active = true;
    this.drafts.start();
    this.held.start();
    document.addEventListener("keydown", this.onKey, true);
    document.addEventListener("pointerdown", this.onPointer, true);
    document.addEventListener("pointerup", this.onRelease);
    document.addEventListener("selectionchange", this.onSelection);
    window.addEventListener("resize", this.onResize);
    this.around.observe(this.root.host.closest('[data-testid="stMainBlockContainer"]') ?? document.body);
  }

  stop() {
    this.active = false;
    this.held.stop();
    document.removeEventListener("keydown", this.onKey, true);
    document.removeEventListener("pointerdown", this.onPointer, true);
    document.removeEventListener("pointerup", this.onRelease);
    document.removeEventListener("selectionchange", this.onSelection);
    window.removeEventListener("resize", this.onResize);
    this.around.disconnect();
    this.courier.stop();
  }

  word(name, fields) {
    return fill(this.words[name] ?? name, fields);
  }

  // ---- data from the server

  update({ data, setTriggerValue }) {
    this.start();
    this.courier.deliver = (payload) => setTriggerValue("outbox", payload);
    this.box.dataset.theme = isDark(this.box) ? "dark" : "light";
    this.dress();
    if (data === this.raw) {
      this.refresh(); // only the theme changed
      return;
    }
    const first = this.raw === undefined;
    this.raw = data;
    this.data = JSON.parse(new TextDecoder().decode(data));
    this.receive(this.data, first);
  }

  // Takes over the words and keys that came with the page.
  dress() {
    const { css, emotions, entities, keys, labels } = SPOKEN.data;
    const language = JSON.stringify([labels, keys, emotions]);
    if (language === this.language) return;
    this.language = language;
    this.words = labels;
    this.emotions = emotions;
    this.entities = entities;
    this.keymap = new Keymap(keys);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.root.adoptedStyleSheets = [sheet];
    this.bar.build();
    this.replace.build();
    this.part("list").setAttribute("aria-label", this.word("messages"));
    this.box.setAttribute("aria-label", this.word("review"));
  }

  // The language or a key was changed while the piece stands.
  redress() {
    const before = this.language;
    this.dress();
    if (this.language !== before) this.show();
  }

  receive(data, first) {
    this.sought = data.window.sought;
    const mine = this.outbox.knows(data.client);
    const { done, refused } = this.outbox.answer(data);
    const asked = this.courier.heard(data, mine, done.length + refused.length > 0);
    for (const action of done) this.settle(action);
    this.queue.forget(data.gone);
    if (data.generation !== this.outbox.generation) {
      this.queue.records.clear(); // another workspace: what is known is of the one before
      this.outbox.generation = data.generation ?? null;
    }
    const partial = this.queue.record?.complete === false;
    this.queue.take(data.window);
    if (partial) this.reopening = true; // what was being written may stand in what came now
    const moved = done.some((action) => action.type === "undo" || action.type === "redo");
    if (moved || done.some((action) => action.all_equal)) this.distrust(data.window);
    for (const refusal of refused) if (refusal.action !== null) this.queue.stale.add(refusal.action.id);
    if (data.window.queue !== this.queueName) this.begin(data, first);
    else if (this.wanted !== null) this.arrive(asked);
    else if (!moved && this.isGone(asked)) this.queue.restart(data.window.at);
    else this.queue.follow();
    if (!first && data.client === "") this.courier.tell(); // a new server: say where we are
    // What is still to be told may bring more: keys that wait for it are not for nothing yet.
    const answered = !this.courier.dirty && (asked !== null || this.courier.flight === null);
    this.ended = this.queue.current === null && answered;
    if (refused.length > 0) this.refuse(refused);
    else if (moved) this.revisit(done, data, asked);
    if (this.queue.lacking) this.courier.tell(); // the rest of a long one
    this.replay();
    this.record.take(data.record);
    this.show();
  }

  settle(action) {
    this.queue.settle(action);
    if (action.draft === undefined) return;
    this.drafts.forget(action.draft);
    this.forgetBanner(action.draft);
  }

  // Another filter, or the first data of all. After a reload the person is led back.
  begin(data, first) {
    const reloaded = first && data.client === "";
    const saved = storage.read("place");
    this.queueName = data.window.queue;
    this.queue.places = new Map(Object.entries(data.window.places).map(([id, place]) => [Number(id), place]));
    this.editor.leave(false);
    this.buffer = [];
    this.wanted = null;
    this.picked = data.window.select ?? null;
    this.queue.restart(data.window.at);
    if (reloaded && saved !== null && saved.queue === this.queueName && saved.at !== data.window.at) {
      if (saved.place !== undefined) this.queue.places.set(saved.at, saved.place);
      this.visit(saved.at);
    } else if (this.outbox.size > 0) this.courier.tell();
  }

  // The place the server was asked about does not exist (any more): it begins elsewhere.
  isGone(asked) {
    const { place, window } = this.queue;
    if (asked === null || asked.at !== place) return false;
    return !window.records.some((record) => record.id === place);
  }

  // A conversation that was asked for has come, or the server has no such one.
  arrive(asked) {
    const here = this.queue.window.records.some((record) => record.id === this.wanted);
    if (here) this.queue.restart(this.wanted);
    else if (asked !== null && asked.at === this.wanted) this.queue.restart(this.queue.window.at);
    else return;
    this.wanted = null;
  }

  refuse(refused) {
    this.part("toasts").replaceChildren(); // they said that it was done
    const known = refused.map((refusal) => ({
      id: refusal.id ?? refusal.action?.id ?? null,
      reason: refusal.reason,
      changed: refusal.changed,
      draft: refusal.action?.draft,
    }));
    this.banners = [...this.banners, ...known];
    storage.write("banners", this.banners);
    for (const { action } of refused) {
      const draft = action?.draft === undefined ? null : storage.read(action.draft);
      if (draft === null) continue;
      storage.write(action.draft, { ...draft, open: true });
      this.drafts.tell(action.draft, draft);
    }
    this.reopening = true;
    this.buffer = [];
    const back = known.find((each) => each.id !== null);
    if (back !== undefined && !this.editor.busy) {
      this.guarded = performance.now() + GUARD_MS;
      this.visit(back.id, true);
    }
  }

  // Records at hand that may have changed without coming along are fetched when they are shown.
  distrust(window) {
    const fresh = new Set(window.records.map((record) => record.id));
    for (const id of this.queue.records.keys()) if (!fresh.has(id)) this.queue.stale.add(id);
  }

  // Undo and redo lead to the conversation they changed.
  revisit(done, data, asked) {
    let target = null;
    for (const { type } of done) {
      const [from, to] = type === "undo" ? [this.touched, this.untouched] : [this.untouched, this.touched];
      if ((type === "undo" || type === "redo") && from.length > 0) {
        target = from.pop();
        to.push(target);
      }
    }
    const moved = asked !== null && data.window.at !== null && data.window.at !== asked.at;
    if (moved) target = data.window.at;
    if (target !== null && target !== this.queue.current) this.visit(target);
  }

  // Goes to a conversation, by way of the server when it is not at hand as it stands now.
  visit(id, fresh = false) {
    const here = this.queue.window.records.some((record) => record.id === id);
    if (here && !fresh && !this.queue.stale.has(id)) {
      this.queue.restart(id);
    } else {
      this.wanted = id;
    }
    this.courier.tell();
  }

  // ---- commands

  // Nothing may be done now: the record on screen is about to change, or is not there yet.
  get waiting() {
    const { queue } = this;
    return (
      this.wanted !== null ||
      this.outbox.blocked ||
      (queue.current === null && !this.ended) ||
      (queue.current !== null && (queue.record === null || queue.stale.has(queue.current)))
    );
  }

  key(event) {
    if (!this.box.isConnected) {
      this.stop();
      return;
    }
    const name = keyName(event);
    const command = this.keymap.find(name) ?? (this.reads(event) ? (EDGES[name] ?? null) : null);
    if (keyIsTaken(event, name)) return;
    if (this.record.isOpen) {
      if (command === "record" || command === "escape") this.record.close();
      else if (command === null) return;
    } else if (this.sheet.isOpen) {
      if (command === "help" || command === "escape") this.sheet.close();
      else if (command === null) return;
    } else if (this.menu.isOpen && !this.menu.root.contains(event.composedPath()[0])) {
      this.menu.key(event);
      return;
    } else if (this.menu.isOpen || command === null) return;
    else if (!event.repeat || (REPEATING.has(command) && !this.holds(command))) this.press(command);
    event.preventDefault();
    event.stopPropagation();
  }

  pointer(event) {
    const path = event.composedPath();
    this.pressed = path.includes(this.part("list"));
    if (this.menu.isOpen && !path.includes(this.menu.root) && !path.includes(this.menu.anchor)) {
      this.menu.close();
    }
  }

  // Whether what is exported of a record can be shown: it tells what an owner may hide.
  get showsRecord() {
    return this.queue.record !== null && this.data.may.sees;
  }

  // Whether a key that scrolls is meant for the bubbles, and not for something beside them.
  reads(event) {
    const [target] = event.composedPath();
    return target === document.body || this.part("list").contains(target);
  }

  // Whether a command has to wait.
  holds(command) {
    return this.waiting || this.lacks(command);
  }

  // Whether a command would need more of a long conversation than is at hand.
  lacks(command) {
    const { record } = this.queue;
    if (record === null || record.complete) return false;
    if (command in STEPS) return !this.bubbles.reaches(record, STEPS[command]);
    if (command === "accept" || command === "refuse") return this.suggestions.current === null;
    return WHOLE.has(command);
  }

  // A key or a button: done now, or as soon as the record it is meant for is there.
  press(command) {
    // What stands in the field is what the person approves.
    if (command === "approve" && this.editor.busy && this.editor.changed) {
      this.editor.save();
      if (this.editor.busy) return; // it cannot be saved as it is
    }
    if (command === "help") this.sheet.toggle();
    else if (command === "escape") this.escape();
    else if (this.holds(command) || this.buffer.length > 0) {
      this.buffer.push(command);
      this.refresh();
    } else this.run(command);
  }

  replay() {
    const { record } = this.queue;
    if (this.buffer.length === 0 || this.holds(this.buffer[0])) return;
    // Keys go by what is on screen: what has come belongs there first.
    if (record !== null && record.id === this.bubbles.recordId) this.bubbles.show(record);
    while (this.buffer.length > 0 && !this.holds(this.buffer[0])) this.run(this.buffer.shift());
  }

  escape() {
    if (this.editor.busy) this.editor.leave(true);
    else this.unselect();
  }

  unselect() {
    this.several = false;
    this.bubbles.select(null);
  }

  run(command) {
    if (OPENING.has(command)) {
      this.bar.unfold(false);
      if (this.held.stops()) return;
    }
    const { record } = this.queue;
    if (command === "previous") this.previous();
    else if (command === "undo" || command === "redo") this.travel(command);
    else if (record === null) return;
    else if (command in DECIDED) this.decide(record, DECIDED[command]);
    else if (command === "next") this.next();
    else if (command in STEPS) this.bubbles.step(record, STEPS[command], command.startsWith("extend"));
    else if (command === "to_start") this.bubbles.toStart();
    else if (command === "to_end") this.bubbles.toEnd(record);
    else if (command === "select_all") this.bubbles.all(record);
    else if (command === "select_several") this.selectSeveral();
    else if (command === "replace") this.replace.open();
    else if (command.startsWith("emotion:")) this.toggleTag(record, Number(command.slice(8)));
    else if (command === "add") this.add(record);
    else if (command === "background") this.editor.background(record, this.messages[0] ?? null);
    else if (command === "note") this.editor.note(record);
    else if (command === "record" && this.showsRecord) this.record.open(record);
    else if (command === "merge") this.act("merge_next", record, {}, this.word("toast_merged"));
    else if (command === "merge_previous") this.act("merge_previous", record, {}, this.word("toast_merged_previous"));
    else if (command === "finding") this.nextFinding();
    else if (command === "flag") this.flag(record);
    else if (command === "accept" || command === "refuse") this.suggestions.press(command === "accept");
    else this.change(command, record);
  }

  // The key: what is selected, else the selected message as a whole.
  flag(record) {
    const { message } = this;
    const selected =
      selectedWords(this.part("list"), record) ??
      (message === null ? null : wholeMessage(this.bubbles.reach(message.id), message));
    if (selected === null || selected === "several") {
      this.toast(this.word(selected === null ? "flag_first" : "flag_several"), false);
    } else this.menu.flag(selected);
  }

  // The pointer let go: words that it selected can be flagged. By touch the handles follow, so the
  // menu waits until the selection rests.
  released(event) {
    this.pointerKind = event.pointerType;
    const path = event.composedPath();
    if (event.pointerType === "touch" || path.includes(this.menu.root)) return;
    // Asking what is selected has the browser lay out the page: not for a click on something else.
    if (!this.pressed && !path.includes(this.part("list"))) return;
    setTimeout(() => this.offerFlag(), 0);
  }

  touchSelected() {
    clearTimeout(this.resting);
    if (this.pointerKind === "touch") this.resting = setTimeout(() => this.offerFlag(), TOUCH_MS);
  }

  offerFlag() {
    const { record } = this.queue;
    if (record === null || this.waiting || this.editor.busy || this.menu.isOpen) return;
    const selected = selectedWords(this.part("list"), record);
    if (selected === "several") this.toast(this.word("flag_several"), false);
    else if (selected !== null) this.menu.flag(selected);
  }

  // Commands that need a selected message, or several.
  change(command, record) {
    const { message, messages } = this;
    const count = messages.length;
    const ids = messages.map((each) => each.id);
    if (count === 0) this.toast(this.word("select_first"), false);
    else if (command === "edit" && message === null) this.toast(this.word("one_only"), false);
    else if (command === "edit") this.editor.edit(record, message);
    else if (command === "delete") this.erase(record, messages);
    else if (command === "side") {
      this.act("swap_sides", record, { messages: ids }, this.word("toast_sides", { count }));
    } else if (command === "split") {
      if (record.messages[0].id === ids[0]) this.toast(this.word("split_first"), false);
      else this.act("split", record, { message: ids[0] }, this.word("toast_split"));
    } else if (command === "split_off") {
      if (count === record.messages.length) this.toast(this.word("split_all"), false);
      else this.act("split_off", record, { messages: ids }, this.word("toast_split_off", { count }));
      this.several = false;
    }
  }

  // Deletes what is selected, or restores it where all of it is deleted.
  erase(record, messages) {
    const deleted = !messages.every((each) => each.deleted);
    const [first] = messages;
    if (messages.length === 1) {
      const said = this.word(deleted ? "toast_deleted" : "toast_restored");
      this.act("delete_message", record, { message: first.id, deleted }, said);
      return;
    }
    const ids = messages.filter((each) => each.deleted !== deleted).map((each) => each.id);
    const fields = { count: ids.length };
    const said = deleted ? this.word("toast_several_deleted", fields) : this.word("toast_several_restored", fields);
    this.act("delete_messages", record, { messages: ids, deleted }, said);
  }

  selectSeveral() {
    this.several = !this.several;
    if (!this.several) this.bubbles.select(this.bubbles.selected);
    this.refreshButtons();
  }

  // The one message that is selected; null where none is, or several are.
  get message() {
    const { messages } = this;
    return messages.length === 1 ? messages[0] : null;
  }

  // All that are selected, in their order.
  get messages() {
    const { record } = this.queue;
    const { chosen } = this.bubbles;
    if (record === null || chosen.size === 0) return [];
    return record.messages.filter((message) => chosen.has(String(message.id)));
  }

  add(record) {
    const [message = null] = this.messages;
    const head = record.messages.some((each) => each.left_out === "leading");
    const tail = record.messages.some((each) => each.left_out === "trailing");
    if (message !== null) this.editor.add({ place: "before", side: message.side === "me" ? "other" : "me", before: message.id });
    else if (head && !tail) this.editor.add({ place: "head", side: "other" });
    else this.editor.add({ place: "end", side: "me" });
  }

  decide(record, status, said = this.word(`toast_${status}`), fields = {}) {
    if (this.held.stops()) return;
    if (performance.now() < this.guarded) {
      this.part("banners").classList.add("attention");
      setTimeout(() => this.part("banners").classList.remove("attention"), GUARD_MS);
      return;
    }
    if (this.outbox.status(record) !== status) {
      this.note(record);
      const version = this.outbox.version(record.id, record.version);
      this.outbox.add("set_status", { id: record.id, version, status, ...fields });
    }
    this.toast(said, true);
    this.next();
  }

  note(record) {
    this.touched.push(record.id);
    this.untouched = [];
  }

  next() {
    this.editor.leave(false);
    this.queue.forward();
    this.ended = false;
    this.moved();
  }

  previous() {
    if (this.queue.before.length === 0) {
      if (this.courier.flight !== null) this.buffer.unshift("previous");
      else this.toast(this.word("no_previous"), false);
      return;
    }
    this.editor.leave(false);
    this.queue.back();
    this.ended = false;
    if (this.queue.stale.has(this.queue.current)) this.wanted = this.queue.current;
    this.moved();
  }

  moved() {
    const at = this.queue.place;
    storage.write("place", { queue: this.queueName, at, place: this.queue.placeOf(at) });
    this.courier.tell();
    this.show();
  }

  travel(command) {
    const name = this.data.window[command];
    if (name === null && this.outbox.size === 0) {
      this.toast(this.word(`no_${command}`), false);
      return;
    }
    this.editor.leave(false);
    this.outbox.add(command, {});
    this.courier.tell();
    const said = name === null ? this.words.commands[command] : this.word(`toast_${command}`, { action: name });
    this.toast(said, false);
    this.refresh();
  }

  // Everything but a status: the record comes back changed, and keys wait until it does.
  act(type, record, fields, said = "") {
    if (this.held.stops()) return;
    this.note(record);
    const version = this.outbox.version(record.id, record.version);
    this.outbox.add(type, { id: record.id, version, ...fields });
    this.courier.tell();
    if (said !== "") this.toast(said, true);
    this.refresh();
  }

  toggleTag(record, index) {
    const emotion = this.emotions[index];
    if (emotion === undefined) return;
    const { message, messages } = this;
    const on = howMany(messages.length > 0 ? messages : [record], emotion) !== "true";
    if (messages.length < 2) this.tag(emotion, on, message === null ? null : message.id);
    else {
      const fields = { messages: messages.map((each) => each.id), emotion, on };
      const said = this.word(on ? "toast_tagged" : "toast_untagged", { emotion });
      this.act("tag_messages", record, fields, said);
    }
  }

  tag(emotion, on, message) {
    const { record } = this.queue;
    if (record === null || this.waiting) return;
    const said = this.word(on ? "toast_tagged" : "toast_untagged", { emotion });
    this.act("tag", record, { emotion, on, message }, said);
  }

  nextFinding() {
    const shown = ({ segments, findings }) => findings.filter((_each, at) => segments.some(([, index]) => index === at));
    const marks = this.queue.record.messages.flatMap((message) => shown(message).map((finding) => ({ message, finding })));
    if (marks.length === 0) {
      this.toast(this.word("no_findings"), false);
      return;
    }
    const open = this.menu.anchor?.dataset?.finding;
    const from = marks.findIndex(({ finding }) => String(finding.id) === open) + 1;
    const order = [...marks.slice(from), ...marks.slice(0, from)];
    const { message, finding } = order.find((each) => each.finding.decision === "pending") ?? order[0];
    this.menu.close();
    const mark = this.bubbles.reach(message.id).querySelector(`[data-finding="${finding.id}"]`);
    this.bubbles.reveal(mark);
    mark.click();
  }

  // ---- painting

  toast(text, undoable) {
    const undo = el("button", { class: "toast-undo", type: "button", onclick: () => this.press("undo") });
    undo.append(this.words.commands.undo, el("kbd", {}, this.keymap.first("undo")));
    this.toasts.show(text, undoable ? undo : null);
  }

  show() {
    const { record } = this.queue;
    const list = this.part("list");
    if (record !== null) {
      const other = this.bubbles.recordId !== record.id;
      this.bubbles.show(record);
      const { picked } = this;
      if (picked !== null && hasMessage(record, picked)) {
        this.picked = null;
        this.bubbles.jump(picked);
      }
      if (other || this.reopening) {
        this.several = this.several && !other;
        this.reopening = false;
        if (other && this.editor.busy) this.editor.leave(false);
        if (!this.editor.busy) this.editor.resume(record);
        if (other) this.toTop();
      }
      const place = this.queue.placeOf(record.id);
      storage.write("place", { queue: this.queueName, at: record.id, place });
    }
    this.menu.follow();
    this.replace.follow();
    list.hidden = record === null && this.ended;
    this.part("empty").hidden = !list.hidden;
    if (list.hidden) this.showEnd();
    this.refresh();
    this.fit();
  }

  // On a phone the page scrolls: a new conversation begins at its head.
  toTop() {
    const far = this.box.getBoundingClientRect().top < 0;
    if (window.innerWidth < PHONE_PX && far) this.box.scrollIntoView({ block: "start" });
  }

  showEnd() {
    const { counts, total, matching } = this.queue.standing(this.outbox);
    const { elsewhere } = this.queue.window;
    let title = "end_of_queue";
    if (total === 0) title = "nothing_here";
    else if (counts.pending === 0) title = "all_done";
    else if (matching === 0) title = "nothing_matches";
    else if (elsewhere > 0) title = "with_others";
    this.bubbles.recordId = null;
    const empty = this.part("empty");
    // Drawn again only when it says something else: a button replaced under the pointer loses the
    // click that is on its way.
    const signature = JSON.stringify([title, counts, matching, elsewhere, this.language]);
    if (empty.dataset.signature === signature) return;
    empty.dataset.signature = signature;
    const again = el("button", { class: "button primary", type: "button" }, this.word("from_the_start"));
    again.addEventListener("click", () => {
      this.queue.startOver();
      this.ended = false;
      this.courier.tell();
      this.refresh();
    });
    const figure = (name) =>
      el(
        "div",
        { class: "figure", "data-status": name },
        el("strong", {}, counts[name]),
        el("span", {}, this.words.statuses[name]),
      );
    empty.dataset.ending = title;
    empty.replaceChildren(
      el("div", { class: "empty-mark" }, icon(title === "all_done" ? "check" : "tray")),
      el("h2", {}, this.word(title)),
      el("p", {}, this.word(`${title}_hint`, { count: title === "with_others" ? elsewhere : matching })),
      total > 0 ? el("div", { class: "figures" }, Object.keys(this.words.statuses).map(figure)) : "",
      ["end_of_queue", "with_others"].includes(title) && matching > 0 ? again : "",
    );
  }

  refresh() {
    if (this.data === undefined) return;
    this.head.refresh(this);
    this.refreshButtons();
    this.refreshBanners();
    this.held.refresh();
    clearTimeout(this.slow);
    const list = this.part("list");
    const held = () => this.waiting || this.buffer.length > 0;
    if (!held()) this.box.classList.remove("waiting");
    else this.slow = setTimeout(() => this.box.classList.toggle("waiting", held()), SLOW_MS);
    list.setAttribute("aria-busy", String(held() || this.queue.lacking));
    const loading = this.part("loading");
    setText(loading, this.queue.current === null && !this.ended ? this.word("loading") : "");
  }

  refreshButtons() {
    const busy = this.outbox.size > 0;
    this.bar.refresh({
      record: this.queue.record,
      message: this.message,
      messages: this.messages,
      undo: this.data.window.undo ?? (busy ? "" : null),
      redo: this.data.window.redo,
      ended: this.ended && this.queue.before.length > 0,
    });
    this.suggestions.mark();
  }

  forgetBanner(draft) {
    this.banners = this.banners.filter((each) => each.draft !== draft);
    storage.write("banners", this.banners);
    this.refresh();
  }

  refreshBanners() {
    const box = this.part("banners");
    const signature = JSON.stringify([this.banners, this.language, this.queue.current]);
    if (box.dataset.signature === signature) return;
    box.dataset.signature = signature;
    const dismiss = (banner) => {
      this.banners = this.banners.filter((each) => each !== banner);
      storage.write("banners", this.banners);
      this.refresh();
    };
    const said = ({ left, reason }) =>
      left === undefined ? this.word("refused", { reason }) : this.word("left", { count: left });
    // What was typed where it has no place any more can at least be copied.
    const typed = (banner) => {
      const draft = banner.draft === undefined ? null : storage.read(banner.draft);
      if (draft === null || banner.id === this.queue.current) return "";
      const copy = (event) => {
        navigator.clipboard?.writeText(draft.text);
        setText(event.target, this.word("copied"));
      };
      return el(
        "span",
        { class: "banner-draft" },
        el("span", {}, draft.text),
        el("button", { class: "link", type: "button", onclick: copy }, this.word("copy")),
      );
    };
    box.replaceChildren(
      ...this.banners.map((banner) =>
        el(
          "div",
          { class: "banner" },
          icon("warning"),
          el("span", { class: "banner-text" }, said(banner)),
          (banner.changed ?? []).length === 0
            ? ""
            : el("span", { class: "banner-changed" }, this.word("meanwhile"), banner.changed.map((line) => el("span", {}, line))),
          typed(banner),
          banner.id !== null && banner.id !== this.queue.current
            ? el("button", { class: "link", type: "button", onclick: () => this.revisitBanner(banner) }, this.word("go_there"))
            : "",
          el(
            "button",
            {
              class: "button plain", type: "button", "aria-label": this.word("dismiss"),
              title: this.word("dismiss"), onclick: () => dismiss(banner),
            },
            icon("close"),
          ),
        ),
      ),
    );
  }

  // To a conversation named on screen; `trip` keeps the way back.
  travelTo(id, trip) {
    this.trip = trip ? { from: this.queue.current, to: id } : null;
    this.editor.leave(false);
    this.visit(id);
    this.show();
  }

  revisitBanner(banner) {
    this.editor.leave(false);
    this.visit(banner.id, true);
    this.refresh();
  }

  // Fills the window below the page's own head; on a phone the page itself scrolls.
  fit() {
    if (window.innerWidth < PHONE_PX) {
      this.box.style.height = "";
      return;
    }
    let scrolled = 0;
    for (let node = this.root.host; node !== null; node = node.parentElement) scrolled += node.scrollTop;
    const top = this.box.getBoundingClientRect().top + scrolled;
    this.box.style.height = `${Math.max(window.innerHeight - top - 20, LEAST_HEIGHT_PX)}px`;
  }
}

// One outbox a page load, also when the piece is taken away and mounted again.
const OUTBOX = new Outbox();
const PIECES = new Map();
const REVIEW = Symbol.for("ruwo.review");
const SPOKEN = { data: null };

// Streamlit calls this at every new data and every change of theme, on the same element.
function mountPiece(component) {
  const root = component.parentElement;
  let piece = PIECES.get(root);
  if (piece === undefined || !piece.box.isConnected) {
    piece?.stop();
    for (const [other, gone] of PIECES) if (!gone.box.isConnected) PIECES.delete(other);
    piece = new Piece(root);
    PIECES.set(root, piece);
  }
  piece.update(component);
  // The clean-up of a superseded call runs while the piece lives on: only a removed one stops.
  return () => setTimeout(() => piece.box.isConnected || piece.stop(), 0);
}

// Called with the page, before or after the piece it is for.
export default function install({ data }) {
  SPOKEN.data = data;
  const mark = data.mark ?? "";
  if (mark !== storage.mark) {
    const another = storage.mark !== null;
    const left = storage.open(mark);
    OUTBOX.load();
    if (left > 0) storage.write("banners", [...(storage.read("banners") ?? []), { id: null, left }]);
    if (another) {
      // Somebody else acts in this tab since: nothing of what stands in it is theirs.
      storage.shut = true;
      window.removeEventListener("beforeunload", OUTBOX.warn);
      window.location.reload();
      return;
    }
  }
  const review = (globalThis[REVIEW] ??= { mount: null, waiting: new Map() });
  review.mount = mountPiece;
  for (const component of review.waiting.values()) mountPiece(component);
  review.waiting.clear();
  for (const piece of PIECES.values()) if (piece.box.isConnected && piece.data !== undefined) piece.redress();
  (globalThis.requestIdleCallback ?? setTimeout)(() => fetchAhead(data.ahead));
}

// Scripts that the next page needs; where one cannot be had, that page fetches it itself.
function fetchAhead(addresses) {
  for (const address of addresses) import(new URL(address, document.baseURI)).catch(() => {});
}
