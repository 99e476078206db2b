// The piece as Streamlit sends it with every answer: only the way to its scripts, which come once
// with the page (see review.py) and leave themselves under this name.

const REVIEW = Symbol.for("ruwo.review");

export default function mount(component) {
  const review = (globalThis[REVIEW] ??= { mount: null, waiting: new Map() });
  if (review.mount !== null) return review.mount(component);
  review.waiting.set(component.parentElement, component);
  return () => review.waiting.delete(component.parentElement);
}
