"""The search for words finds what plain LIKE finds, whatever was done to the texts before."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, table, text

from curation.errors import ActionRefusedError
from curation.model import ConversationFilter, Side
from curation.store import (
    actions,
    fts5,
    imports,
    journal,
    open_workspace,
    search,
    structure,
    undoing,
)
from curation.store.queue import matching_ids
from curation.store.tables import conversation, message
from tests.examples import examples
from tests.store.conftest import chat_table, put_chat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from curation.store import Workspace
    from tests.conftest import Databases

# Words that jieba cuts in more than one way, signs, capitals, blanks, characters beyond 16 bits.
PIECES: Final = (
    *("南京市长江大桥", "研究生命起源", "乒乓球拍卖完了", "哈哈哈", "今天", "天", "（｡•́︿•̀｡）"),
    *(
        "Hello",
        "OK",
        "ok",
        " ",
        "\n",
        "\t",
        '"',
        "'",
        "%",
        "_",
        "*",
        "\\",
        "~",
        "[捂脸]",
        "👨‍👩‍👧",
        "é",
        "É",
    ),
    *("AND", "NEAR(", "-", ":", "^", "\ufdd0", "1", "38", "\x7f"),
)
TEXTS: Final = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
CHATS: Final = st.lists(st.lists(TEXTS, min_size=1, max_size=2), min_size=1, max_size=3)
QUIET: Final = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def fresh(tmp_path: Path, databases: Databases) -> Callable[[], Workspace]:
    """Return a function that gives an empty workspace; its tables are made once."""
    empty, used = tmp_path / "empty.db", tmp_path / "used.db"
    open_workspace(empty).close()

    def give() -> Workspace:
        if databases.server is not None:
            databases.give_back(empty)
            return open_workspace(empty)
        shutil.copy(empty, used)
        return open_workspace(used)

    return give


def like(workspace: Workspace, word: str) -> list[int]:
    """The conversations that hold a word, as plain LIKE over the messages says.

    SQLite's takes capitals of the Latin alphabet for small letters.
    """
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with workspace.read() as connection:
        return sorted(
            connection.scalars(
                text(
                    "SELECT DISTINCT conversation_id FROM message WHERE NOT deleted"
                    " AND lower(coalesce(edited_text, original_text)) LIKE :word ESCAPE '\\'"
                ),
                {"word": f"%{escaped.encode().lower().decode()}%"},
            )
        )


def found(workspace: Workspace, *words: str) -> list[int]:
    with workspace.read() as connection:
        query = select(conversation.c.id).where(search.holds_all(words))
        return sorted(connection.scalars(query))


def index(workspace: Workspace) -> int:
    return search.catch_up(workspace, lambda _done, _total: None)


def parts(said: Sequence[str]) -> list[str]:
    """Every piece of one to four characters, and some longer ones."""
    whole = "\n".join(said)
    return sorted(
        {
            whole[start : start + size]
            for size in (1, 2, 3, 9)
            for start in range(len(whole) - size + 1)
        }
    )


@pytest.mark.in_turn
@given(chats=CHATS, indexed=st.booleans())
@QUIET
def test_every_piece_of_a_text_is_found_where_it_stands_and_nowhere_else(
    fresh: Callable[[], Workspace], chats: list[list[str]], *, indexed: bool
) -> None:
    with closing(fresh()) as workspace:
        put_chat(workspace, [[("me", said) for said in each] for each in chats])
        if indexed:
            assert index(workspace) == len(chats)
        for word in parts([said for each in chats for said in each]):
            assert found(workspace, word) == like(workspace, word), word


WORDS: Final = ("今天", "吃饭", "南京", "京市", "长江", "hello", "哈哈", "天", "好 的")
SAID: Final = st.sampled_from(
    ("今天吃饭", "南京市长江大桥", "Hello今", "天哈哈哈", "好 的", "吃", "饭今", "市长")
)
STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("index")),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
        st.tuples(st.just("split"), st.integers(0, 9)),
        st.tuples(st.just("merge"), st.integers(0, 9)),
        st.tuples(st.just("more"), SAID),
        st.tuples(st.just("add"), st.integers(0, 9), SAID),
        st.tuples(st.just("edit"), st.integers(0, 9), SAID),
        st.tuples(st.just("delete"), st.integers(0, 9), st.booleans()),
    ),
    max_size=12,
)


def act(workspace: Workspace, step: tuple[object, ...]) -> None:
    """Do one step to what there is; one that has become impossible does nothing."""
    name, *values = step
    if name == "index":
        index(workspace)
        return
    with workspace.write() as connection:
        if name in ("undo", "redo"):
            (undoing.undo if name == "undo" else undoing.redo)(connection)
            return
        if name == "more":
            table = chat_table([[("me", str(values[0]))]]).assign(source_file_id=1)
            first = connection.execute(select(conversation.c.id).limit(1)).scalar_one()
            imports.extend_conversation(connection, 1, first, table)
            return
        rows = connection.execute(
            select(message.c.id, message.c.conversation_id).order_by(message.c.id)
        ).all()
        target = rows[int(str(values[0])) % len(rows)]
        here = target.conversation_id
        recorder = journal.Recorder(connection)
        match name:
            case "split":
                structure.split(recorder, here, target.id)
            case "merge":
                structure.merge_next(recorder, here)
            case "add":
                actions.add_message(recorder, here, Side.ME, str(values[1]), [])
            case "edit":
                actions.edit_message(recorder, here, target.id, str(values[1]), [])
            case _:
                actions.delete_message(recorder, here, target.id, deleted=bool(values[1]))
        if recorder.changes:
            journal.finish(recorder, str(name), conversation_id=here)


@pytest.mark.in_turn
@given(steps=STEPS)
@QUIET
def test_the_index_follows_whatever_is_done_to_the_texts(
    fresh: Callable[[], Workspace], steps: list[tuple[object, ...]]
) -> None:
    with closing(fresh()) as workspace:
        put_chat(workspace, [[("me", "今天"), ("other", "吃饭了")], [("me", "南京市长")]])
        index(workspace)
        for step in steps:
            try:
                act(workspace, step)
            except ActionRefusedError:
                continue
        for again in range(2):
            for word in WORDS:
                assert found(workspace, word) == like(workspace, word), (word, again)
            index(workspace)


@pytest.fixture
def talks(workspace: Workspace, fill: Callable[..., None]) -> Workspace:
    fill([[("other", "今天吃饭吗"), ("me", "吃")], [("me", "明天吃饭")], [("me", "睡了")]])
    return workspace


def test_all_words_of_a_search_must_be_there_but_not_in_one_message(talks: Workspace) -> None:
    index(talks)
    with talks.read() as connection:
        assert matching_ids(connection, ConversationFilter(text="吃饭")) == [1, 2]
        assert matching_ids(connection, ConversationFilter(text="吃饭 今天")) == [1]
        assert matching_ids(connection, ConversationFilter(text='"饭吗吃"')) == [], "two messages"


def test_only_what_changed_is_indexed_again(talks: Workspace) -> None:
    assert (search.waiting(talks), index(talks), index(talks)) == (3, 3, 0)
    act(talks, ("edit", 0, "改了"))
    assert (search.waiting(talks), index(talks)) == (1, 1)
    with talks.write() as connection:
        recorder = journal.Recorder(connection)
        actions.tag_emotion(recorder, [1, 2, 3], "开心", on=True)
        journal.finish(recorder, "tag")
    assert search.waiting(talks) == 0, "no word changed"


def test_indexing_can_be_stopped_and_goes_on_where_it_stopped(
    talks: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_CONVERSATIONS_AT_ONCE", 1)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.catch_up(talks, stop)
    assert search.waiting(talks) == 1
    assert found(talks, "睡了") == [3], "what waits is found all the same"
    assert index(talks) == 1


@pytest.mark.sqlite_only("elsewhere what is outdated is deleted")
def test_outdated_texts_are_thrown_out_when_there_are_many(
    talks: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts5, "_MANY", 0)
    index(talks)
    for round_ in range(8):
        act(talks, ("edit", 0, f"第{round_}次"))
        index(talks)
        assert found(talks, f"第{round_}次") == [1]
    assert found(talks, "次") == [1]
    with talks.read() as connection:
        held = connection.scalar(select(func.count()).select_from(table(search.OUTDATED)))
    assert held is not None
    assert held < 8


def test_a_database_without_such_an_index_is_searched_all_the_same(
    talks: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talks.engine.dialect, "ruwo_has_index", False)
    assert (search.waiting(talks), index(talks)) == (0, 0)
    assert found(talks, "吃饭", "今天") == [1]
    act(talks, ("edit", 0, "改了"))
    assert found(talks, "今天") == []


def test_the_index_stays_when_the_workspace_is_opened_again(tmp_path: Path) -> None:
    with closing(open_workspace(tmp_path / "w.db")) as first:
        put_chat(first, [[("me", "今天")]])
        index(first)
    with closing(open_workspace(tmp_path / "w.db")) as second:
        assert search.waiting(second) == 0
        assert found(second, "今天") == [1]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param(" ".join(f"词{number}" for number in range(5_000)), [], id="many words"),
        pytest.param("长" * 200_000, [], id="a very long word"),
        pytest.param("吃\0饭", [1, 2], id="the character that ends a text elsewhere"),
        pytest.param("\x1f \n", [1, 2, 3], id="blanks of all kinds"),
        pytest.param('" AND NOT "', [], id="the language of the index"),
        pytest.param("吃* OR 睡^ NEAR(吃 饭)", [], id="more of it"),
    ],
)
@pytest.mark.parametrize("indexed", [True, False])
def test_whatever_is_typed_is_words_and_nothing_else(
    talks: Workspace, typed: str, expected: list[int], *, indexed: bool
) -> None:
    if indexed:
        index(talks)
    with talks.read() as connection:
        assert matching_ids(connection, ConversationFilter(text=typed)) == expected
