"""Rows of the table: any order, any page from either end, what stands in them, what was found."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import insert, update

from curation.model import ConversationFilter, Status, SuggestionKind
from curation.store import (
    ORDERS,
    actions,
    conversation_rows,
    journal,
    listing,
    suggestion_counts,
    suggestions,
)
from curation.store.tables import conversation, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from curation.store import Workspace


@pytest.fixture
def filled(workspace: Workspace, fill: Callable[..., None]) -> Workspace:
    """Eleven conversations of two chats, some with a status, a suggestion or a later change."""
    fill([[("other", f"第{number}句")] * (number % 4 + 1) for number in range(6)])
    fill([[("me", "嗯"), ("other", f"话{number}")] for number in range(5)], chat="妈妈")
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        actions.set_status(recorder, [2, 9], Status.APPROVED)
        actions.tag_emotion(recorder, [3], "开心", on=True)
        journal.finish(recorder, "test")
        rows = [
            {
                "conversation_id": number,
                "kind": kind,
                "score": score,
                "reason": "",
                "model": "test",
                "state": state,
            }
            for number, kind, score, state in (
                (1, "topic_jump", 0.5, "open"),
                (1, "topic_jump", 0.75, "open"),
                (1, "emotion", 0.6, "open"),
                (5, "incomplete", 0.9, "refused"),
            )
        ]
        connection.execute(insert(suggestion), rows)
        connection.execute(
            update(conversation)
            .where(conversation.c.id == 4)
            .values(duplicate_of=3, similarity=0.9)
        )
        suggestions.refresh_scores(connection, [1, 4, 5])
    return workspace


def page_of(
    workspace: Workspace,
    number: int,
    order: str = "queue",
    *,
    descending: bool = False,
    page_size: int = 3,
    total: int | None = None,
) -> pd.DataFrame:
    return conversation_rows(
        workspace,
        ConversationFilter(),
        order=order,
        descending=descending,
        page=number,
        page_size=page_size,
        total=total,
    )


@pytest.mark.in_turn
def test_a_page_is_the_same_from_either_end(filled: Workspace, subtests: pytest.Subtests) -> None:
    for order, descending in itertools.product(ORDERS, (False, True)):
        with subtests.test(order, descending=descending):
            for number in (1, 2, 3, 4, 5):
                from_the_start = page_of(filled, number, order, descending=descending)
                from_the_end = page_of(filled, number, order, descending=descending, total=11)
                assert from_the_end["id"].tolist() == from_the_start["id"].tolist()


FIRST: Final = {
    "score": (4, "the surest suggestion, near-duplicates among them"),
    "length": (4, "the longest"),
    "changed": (2, "changed last"),
    "status": (9, "what is decided, before what is not"),
    "chat": (6, "partner, the last of theirs"),
}


def test_an_order_puts_first_what_has_most(filled: Workspace, subtests: pytest.Subtests) -> None:
    for order, (first, why) in FIRST.items():
        with subtests.test(why):
            rows = page_of(filled, 1, order, descending=True)
            assert rows["id"].iloc[0] == first


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param(("emotion", "topic_jump"), [1, 6], id="some kinds"),
        pytest.param(("emotion", "near_duplicate"), [4, 6, 1], id="likeness among them"),
        pytest.param(("emotion",), [6, 1], id="another conversation has more of it"),
    ],
)
def test_where_kinds_are_asked_for_their_scores_are_the_order(
    filled: Workspace, kinds: tuple[str, ...], expected: list[int]
) -> None:
    told = {"reason": "", "model": "test", "state": "open"}
    with filled.write() as connection:
        here = {"conversation_id": 6, "kind": "emotion", "score": 0.65}
        connection.execute(insert(suggestion).values(**here, **told))
    flt = ConversationFilter(suggestions=tuple(SuggestionKind(kind) for kind in kinds))
    rows = conversation_rows(filled, flt, order="score", descending=True, page=1, page_size=9)
    assert rows["id"].tolist() == expected


def test_a_row_says_what_machines_point_out_and_when_it_was_changed(filled: Workspace) -> None:
    rows = page_of(filled, 1, page_size=20).set_index("id")
    assert rows["hints"][1] == (("topic_jump", 0.75), ("emotion", 0.6))
    assert rows["hints"][4] == (("near_duplicate", 0.9),)
    assert rows["hints"][5] == (), "it was refused"
    assert rows["duplicate_of"][4] == 3
    assert rows["changed"].notna().to_dict() == {
        number: number in (2, 3, 9) for number in rows.index
    }
    assert rows["emotions"][3] == "开心"


def test_kinds_of_suggestions_are_counted_by_conversation(filled: Workspace) -> None:
    assert suggestion_counts(filled) == {
        SuggestionKind.NEAR_DUPLICATE: 1,
        SuggestionKind.EMOTION: 1,
        SuggestionKind.TOPIC_JUMP: 1,
    }


@pytest.mark.parametrize(
    ("said", "words", "snippet"),
    [
        pytest.param("今天吃饭", ["吃饭"], "今天[吃饭]", id="one word"),
        pytest.param("吃饭吃饭", ["吃饭"], "[吃饭][吃饭]", id="twice"),
        pytest.param("Hello hello", ["HELLO"], "[Hello] [hello]", id="capitals"),
        pytest.param("吃饭了", ["吃", "吃饭"], "[吃饭]了", id="the longer word first"),
        pytest.param("(*^▽^*)好", ["(*^"], "[(*^]▽^*)好", id="signs are signs"),
        pytest.param("上\n下", ["下"], "上 [下]", id="one line"),
        pytest.param("<b>粗</b>", ["b"], "<[b]>粗</[b]>", id="as it stands"),
        pytest.param("零" * 40 + "吃饭", ["吃饭"], "…" + "零" * 14 + "[吃饭]", id="cut before"),
        pytest.param("吃饭" + "零" * 90, ["吃饭"], "[吃饭]" + "零" * 58 + "…", id="cut behind"),
    ],
)
def test_a_snippet_is_cut_around_what_was_found(
    workspace: Workspace,
    fill: Callable[..., None],
    said: str,
    words: list[str],
    snippet: str,
) -> None:
    fill([[("me", "别的"), ("other", said)], [("me", "没有")]])
    found = listing.snippets(workspace, [1, 2], words)
    assert list(found) == [1]
    assert "".join(f"[{text}]" if hit else text for text, hit in found[1].pieces) == snippet
    assert found[1].message == 2


def test_a_deleted_message_gives_no_snippet(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("me", "吃饭一"), ("other", "吃饭二")]])
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        actions.delete_message(recorder, 1, 1, deleted=True)
        journal.finish(recorder, "delete_message")
    (found,) = listing.snippets(workspace, [1], ["吃饭"]).values()
    assert "".join(text for text, _hit in found.pieces) == "吃饭二"
