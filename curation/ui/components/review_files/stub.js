// The piece as Streamlit sends it with every answer: only the way to its scripts, which come once
// with the page (see review.py) and leave themselves under this name.

const REVIEW = Symbol.for("ruwo.review");

export default function mount(component) {
  const review = (globalThis[REVIEW] ??= { mount: null, waiting: new Map() });
  if (review.mount !== null) return review.mount(component);
  const place = component.parentElement;
  review.waiting.set(place, component);
  // Streamlit may clean up after a call that newer data or another theme has overtaken only when
  // the newer call is made: what waits then is not this one's to take away.
  return () => review.waiting.get(place) === component && review.waiting.delete(place);
}
