"""What keeps people from reading or reaching a page: axe-core's findings, WCAG 2 A and AA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


_LISTS: Final = ("list", "listitem")
_PAGES: Final = '[data-testid="stSidebarNavItems"]'
"""Streamlit's list of pages holds the names of the sections, which a list may not (1.67)."""


def barriers(tab: Page) -> list[str]:
    """Return a line for each thing of the page that breaks a rule; also in shadow roots."""
    off = {name: {"enabled": False} for name in _LISTS}
    whole = {"runOnly": {"type": "tag", "values": list(RULES)}, "rules": off}
    lists = {"runOnly": {"type": "rule", "values": list(_LISTS)}}
    found = [
        *_violations(tab, None, whole),
        *_violations(tab, {"exclude": [[_PAGES]]}, lists),
    ]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


def _violations(
    tab: Page, context: dict[str, Any] | None, options: dict[str, Any]
) -> list[dict[str, Any]]:
    options = {**options, "resultTypes": ["violations"]}
    violations: list[dict[str, Any]] = Axe().run(tab, context, options).response["violations"]
    return violations
