// What is said of a conversation that somebody else has at hand, and that this screen is at work.

const ALIVE_MS = 60000;

class Held {
  constructor(piece) {
    this.piece = piece;
    this.root = piece.part("held");
    this.seen = 0; // when the person last did anything here
    this.onLife = () => {
      this.seen = performance.now();
    };
  }

  start() {
    for (const kind of ["keydown", "pointermove", "wheel"]) {
      document.addEventListener(kind, this.onLife, { capture: true, passive: true });
    }
    this.timer = setInterval(() => this.tellOfLife(), ALIVE_MS);
  }

  stop() {
    for (const kind of ["keydown", "pointermove", "wheel"]) {
      document.removeEventListener(kind, this.onLife, { capture: true });
    }
    clearInterval(this.timer);
  }

  // Whoever reads long without a key keeps what is on screen, as long as there are others at all.
  tellOfLife() {
    const { piece } = this;
    if (piece.data?.window.leasing !== true || piece.courier.flight !== null) return;
    if (performance.now() - this.seen < ALIVE_MS) piece.courier.tell();
  }

  // Who else has the conversation on screen; null where nobody does.
  get holder() {
    const { current, window } = this.piece.queue;
    return window?.holders[String(current)] ?? null;
  }

  // Whether nothing may be changed here; the person is shown why.
  stops() {
    if (this.holder === null) return false;
    this.piece.toast(this.piece.word("held_toast"), false);
    this.root.classList.add("attention");
    setTimeout(() => this.root.classList.remove("attention"), GUARD_MS);
    return true;
  }

  take() {
    const { piece } = this;
    const { record } = piece.queue;
    if (record === null || piece.waiting) return;
    piece.outbox.add("take_over", { id: record.id, version: record.version });
    piece.courier.tell();
    piece.refresh();
  }

  refresh() {
    const { holder, piece, root } = this;
    const signature = JSON.stringify([piece.queue.current, holder, piece.language]);
    if (root.dataset.signature === signature) return;
    root.dataset.signature = signature;
    root.hidden = holder === null;
    piece.box.classList.toggle("read-only", holder !== null);
    if (holder === null) {
      root.replaceChildren();
      return;
    }
    const since = new Date(holder.since * 1000);
    const day = since.toDateString() === new Date().toDateString() ? {} : { month: "numeric", day: "numeric" };
    const time = since.toLocaleString(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const who = holder.who === "" ? piece.word("held_by_nobody") : holder.who;
    root.replaceChildren(
      icon("eye"),
      el("span", { class: "banner-text" }, piece.word("held_by", { who, time })),
      el("button", { class: "link", type: "button", title: piece.word("take_over_hint"), onclick: () => this.take() }, piece.word("take_over")),
    );
  }
}
