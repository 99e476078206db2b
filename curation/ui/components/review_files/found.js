// Words that were searched for, marked in a bubble; also where one reaches over a finding's edge.

const MOST_FOUND = 200; // in one message; more would only cost time

function markFound(words, sought) {
  const pattern = sought.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  if (pattern === "") return;
  const found = [...words.textContent.matchAll(new RegExp(pattern, "gi"))].slice(0, MOST_FOUND);
  for (const match of found) markRange(words, match.index, match.index + match[0].length);
}

function markRange(words, start, end) {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  const nodes = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) nodes.push(node);
  let at = 0;
  for (const node of nodes) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, node.length)];
    at += node.length;
    if (from >= to) continue;
    const rest = from > 0 ? node.splitText(from) : node;
    if (to - from < rest.length) rest.splitText(to - from);
    const mark = el("mark", { class: "found" });
    rest.replaceWith(mark);
    mark.append(rest);
  }
}
