"""What keeps people from reading or reaching a page: axe-core's findings, WCAG 2 A and AA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

_LISTS: Final = ("list", "listitem")
_PAGES: Final = '[data-testid="stSidebarNavItems"]'
"""Streamlit's list of pages holds the names of the sections, which a list may not (1.67)."""

_RUN: Final = """async ([rules, lists, pages]) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: rules }, resultTypes: ["violations"],
  });
  // Within a shadow root the first of several names is the host, which holds no list of pages.
  const within = node => document.querySelector([node.target].flat(2)[0])?.closest(pages) != null;
  return found.violations.flatMap(rule => rule.nodes
    .filter(node => !(lists.includes(rule.id) && within(node)))
    .map(node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.slice(0, 300)}`));
}"""


def barriers(tab: Page) -> list[str]:
    """Return a line for each thing of the page that breaks a rule; also in shadow roots."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(Axe().axe_script)
    found: list[str] = tab.evaluate(_RUN, [RULES, _LISTS, _PAGES])
    return found
