"""The import page with a table that no importer knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ColumnMapping, Participant
from curation.workflow import FilePreview, TableHead
from tests.pages.test_importing_many import upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.model import ReadOptions
    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

HEADER = ("谁", "何时", "说了**什么**", "群")
ROWS = (("阿橙", "2024-03-14 12:20:01", "在吗", "同学"), ("小满", "2024-03-14 12:20:09", "在"))
GUESS = ColumnMapping(header=HEADER, sender="谁", text="说了**什么**", time="何时")


@pytest.fixture(autouse=True)
def explained_files_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file be a table that is readable as soon as its columns were explained."""

    def preview(paths: list[Path], *, options: ReadOptions) -> list[FilePreview]:
        if not options.mappings:
            table = TableHead(header=HEADER, rows=ROWS, guess=GUESS)
            return [FilePreview(path=path, table=table) for path in paths]
        people = tuple(Participant(name, name, 1, ("在",), None) for name in ("阿橙", "小满"))
        return [
            FilePreview(path=path, format="表", participants=people, message_count=2)
            for path in paths
        ]

    monkeypatch.setattr(workflow, "preview_files", preview)


def column(at: AppTest, label: str) -> str | None:
    return next(each for each in at.selectbox if each.label == label).value


def choose(at: AppTest, label: str, value: str | None) -> None:
    next(each for each in at.selectbox if each.label == label).set_value(value)


def test_the_guess_is_filled_in_and_the_table_is_shown_as_text(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = upload(open_page("importing").run(), "**表**.csv", b"x")

    assert not at.exception
    assert not at.error
    assert column(at, "谁说的") == "谁"
    assert column(at, "什么时候（可不选）") == "何时"
    assert column(at, "说了什么") == "说了**什么**"
    assert column(at, "在哪个聊天里（可不选）") is None
    assert list(at.dataframe[0].value.columns) == list(HEADER)
    assert list(at.dataframe[0].value["群"]) == ["同学", ""], "a short row has no cell there"
    assert all("**表**" not in each.value for each in at.markdown)
    assert [each.key for each in at.button if each.key == "import"] == [], "nothing to import yet"


def test_explained_once_the_files_are_read_and_the_mapping_is_remembered(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("importing").run()
    for name in ("表1.csv", "表2.csv"):
        at.file_uploader[0].upload(name, name.encode())
    at.run()
    assert len(at.dataframe) == 1, "two tables of one kind are asked about once"

    choose(at, "在哪个聊天里（可不选）", "群")
    at.run()
    next(each for each in at.button if each.label == "就用这些列").click().run()

    assert not at.exception
    (kept,) = workflow.load_settings(empty).mappings
    assert kept == ColumnMapping(
        header=HEADER, sender="谁", text="说了**什么**", time="何时", chat="群"
    )
    assert len(at.radio) == 2, "both are read now and ask who is me"


def test_a_column_cannot_be_two_things_and_words_and_sender_are_needed(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = upload(open_page("importing").run(), "表.csv", b"x")
    use = next(each for each in at.button if each.label == "就用这些列")
    assert not use.disabled

    choose(at, "说了什么", "谁")
    at.run()
    assert next(each for each in at.button if each.label == "就用这些列").disabled
