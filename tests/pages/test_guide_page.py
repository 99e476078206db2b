"""The guide of docs/ as the program shows it: every page, every picture, no way out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from curation.ui.guide import DOCS, FIRST, guide, guide_of
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

PAGES: Final = sorted(path.stem for path in (DOCS.parent / "pages").glob("*.py"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_pages_are_there_with_their_pictures_and_lead_to_each_other(language: str) -> None:
    pages = guide(language)
    assert next(iter(pages)) == FIRST
    assert set(pages) == {path.stem for path in (DOCS / language).glob("*.md")}
    for page in pages.values():
        assert page.title
        written = (DOCS / language / f"{page.name}.md").read_text("utf-8")
        shown = [piece.picture for piece in page.pieces if piece.picture]
        assert len(shown) == written.count("![")
        assert all(picture.is_file() for picture in shown)
        told = "\n".join(piece.text for piece in page.pieces)
        led = re.findall(r"\]\(([^)]*)\)", told)
        assert {target.removeprefix("?page=") for target in led} <= set(pages), page.name


def test_every_page_of_the_program_is_explained_by_one_that_is_there() -> None:
    assert {guide_of(name) for name in PAGES} <= set(guide("zh"))
    alone = [name for name in PAGES if guide_of(name) == FIRST]
    assert alone == ["guide", "missing", "overview"], "what is no page has nothing to explain"


def test_a_page_is_asked_for_by_its_address_chosen_and_turned(
    empty: Workspace, open_page: Callable[[str], AppTest]
) -> None:
    at = open_page("guide")
    at.query_params["page"] = "nowhere"
    at.run()
    assert not at.exception
    assert at.selectbox(key=Keys.GUIDE_PAGE).value == FIRST
    at.selectbox(key=Keys.GUIDE_PAGE).set_value("export").run()
    assert [each.value for each in at.header] == ["导出"]
    assert at.query_params["page"] == "export"
    at.button(key="guide-1").click().run()
    assert [each.value for each in at.header] == ["训练"]
    assert not at.exception
