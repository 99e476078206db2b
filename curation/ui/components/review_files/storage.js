// What one tab keeps of a piece. sessionStorage belongs to one tab and survives its reload. Where it
// is forbidden or full, the piece works from memory and only loses the protection against a reload.
// It also survives that one person signs out and the next one signs in: so all of it belongs to a
// mark of who acts, which is empty where nobody signs in.
class TabStorage {
  constructor(base) {
    this.base = base;
    this.memory = new Map();
    this.mark = null;
    this.prefix = base;
    this.shut = false;
  }

  // Opens what belongs to this mark, and drops what others left behind: it may be anybody's. Returns
  // how many actions nobody answered were among it.
  open(mark) {
    const boxes = new Map(); // of others, by name: where the tab stores them, memory has a copy
    if (this.memory.has("boxes")) boxes.set(this.prefix + "boxes", this.memory.get("boxes"));
    this.mark = mark;
    this.prefix = mark === "" ? this.base : `${this.base}@${mark}/`;
    this.memory.clear();
    const marked = (name) => name.startsWith(`${this.base}@`);
    const own = (name) => (mark === "" ? !marked(name) : name.startsWith(this.prefix));
    try {
      for (const name of Object.keys(window.sessionStorage)) {
        if (!name.startsWith(this.base) || own(name)) continue;
        const text = window.sessionStorage.getItem(name);
        window.sessionStorage.removeItem(name);
        if (name.endsWith("boxes")) boxes.set(name, JSON.parse(text));
      }
    } catch (error) {
      console.warn("Tab storage cannot be read", error.name);
    }
    return [...boxes.values()].flat().reduce((sum, box) => sum + box.actions.length, 0);
  }

  read(name) {
    try {
      const text = window.sessionStorage.getItem(this.prefix + name);
      if (text !== null) return JSON.parse(text);
    } catch (error) {
      console.warn("Tab storage cannot be read", error.name);
    }
    return this.memory.get(name) ?? null;
  }

  write(name, value) {
    if (this.shut) return;
    this.memory.set(name, value);
    try {
      window.sessionStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch (error) {
      console.warn("Tab storage cannot be written", error.name);
    }
  }

  drop(name) {
    this.memory.delete(name);
    try {
      window.sessionStorage.removeItem(this.prefix + name);
    } catch (error) {
      console.warn("Tab storage cannot be written", error.name);
    }
  }

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
  }
}

function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
