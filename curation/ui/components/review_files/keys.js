// From a keyboard event to a command, and from a key's name to what is printed beside a button.

const TYPING =
  "textarea, select, [contenteditable=''], [contenteditable='true'], [role='textbox'], " +
  "[role='combobox'], [role='spinbutton'], [role='searchbox'], " +
  "input:not([type='radio'], [type='checkbox'], [type='button'], [type='submit'], [type='range'])";
const MOVING =
  "input, [role='slider'], [role='listbox'], [role='menu'], [role='tablist'], " +
  "[role='radiogroup'], [role='grid']";
const PRESSING = "button, a[href], summary, [role='button'], [role='menuitem'], [role='tab'], input";
// Streamlit's toasts are `alertdialog`s too, but they ask nothing and take no keys.
const PAGE_DIALOG =
  "[role='dialog']:not([aria-modal='false']), [role='alertdialog']:not([aria-modal='false']), " +
  "dialog[open]";

const PRINTED = {
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  escape: "Esc",
  enter: "Enter",
  space: "Space",
  delete: "Del",
};

function keyName(event) {
  let key = event.key === " " ? "space" : event.key.toLowerCase();
  // An input method or a non-Latin layout may hide the letter; the key's place still tells it.
  if (event.keyCode === 229 || (key.length === 1 && key > "~")) {
    const place = /^(?:Key|Digit|Numpad)(\w)$/.exec(event.code);
    if (place !== null) key = place[1].toLowerCase();
  }
  const letter = key.length > 1 || (key >= "a" && key <= "z");
  return (
    (event.ctrlKey || event.metaKey ? "ctrl+" : "") +
    (event.altKey ? "alt+" : "") +
    (event.shiftKey && letter ? "shift+" : "") +
    key
  );
}

function printedKey(name) {
  return name
    .split("+")
    .map((part) => PRINTED[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join("+");
}

// Whether the page, not this piece, should have the key: text is typed, a dialog asks, or the
// focused control uses the key itself.
function keyIsTaken(event, name) {
  if (event.defaultPrevented || event.isComposing) return true;
  const path = event.composedPath().filter((node) => node instanceof Element);
  const within = (selector) => path.some((node) => node.matches(selector));
  if (within(TYPING)) return true;
  if (name.startsWith("arrow") && within(MOVING)) return true;
  if ((name === "enter" || name === "space") && within(PRESSING)) return true;
  return document.querySelector(PAGE_DIALOG) !== null;
}

class Keymap {
  constructor(keys) {
    this.keys = keys;
    this.commands = new Map();
    for (const [command, names] of Object.entries(keys)) {
      names.forEach((name, index) => {
        this.commands.set(name, command === "emotions" ? `emotion:${index}` : command);
      });
    }
  }

  find(name) {
    return this.commands.get(name) ?? null;
  }

  first(command) {
    const names = this.keys[command] ?? [];
    return names.length > 0 ? printedKey(names[0]) : "";
  }

  all(command) {
    return (this.keys[command] ?? []).map(printedKey);
  }
}
