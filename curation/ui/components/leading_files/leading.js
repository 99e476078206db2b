// Links of the guide lead within it: without this each would open the program anew in another tab.
const SHOWN = Symbol.for("ruwo.guide");

export default function mount({ data, setTriggerValue }) {
  const main = document.querySelector('[data-testid="stMain"]');
  if (window[SHOWN] !== data.page) main?.scrollTo(0, 0);
  window[SHOWN] = data.page;
  function follow(event) {
    const link = event.target.closest?.('[class*="st-key-guide-"] a[href^="?page="]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("led", link.getAttribute("href").slice("?page=".length));
  }
  document.addEventListener("click", follow);
  return () => document.removeEventListener("click", follow);
}
