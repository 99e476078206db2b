// Small helpers. Text from outside only ever becomes a text node or an attribute's value.

const SVG = "http://www.w3.org/2000/svg";

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

// Numbers are written as everywhere else in the app: 12,345.
function fill(template, fields = {}) {
  const written = (value) => (typeof value === "number" ? value.toLocaleString("en-US") : String(value));
  return template.replace(/\{(\w+)\}/g, (whole, name) => written(fields[name] ?? whole));
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// A name's first character and a lasting hue, for the little square beside a bubble.
function portrait(name) {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 360;
  const face = el("span", { class: "face", role: "img", "aria-label": name }, [...name][0] ?? "·");
  face.style.setProperty("--hue", String(hash));
  return face;
}

function isDark(host) {
  const color = getComputedStyle(host).getPropertyValue("--st-background-color").trim();
  const probe = el("span");
  probe.style.color = color;
  host.append(probe);
  const channels = getComputedStyle(probe).color.match(/[\d.]+/g) ?? ["255", "255", "255"];
  probe.remove();
  const [red, green, blue] = channels.map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
