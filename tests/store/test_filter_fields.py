"""Every field of a filter lets through what it says, alone and together with others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import insert, update

from curation.model import (
    ConversationFilter,
    Decision,
    Finding,
    FindingFilter,
    Status,
    SuggestionKind,
)
from curation.store import (
    ValuedFinding,
    actions,
    conversation_rows,
    count_by_status,
    count_matching,
    imports,
    journal,
    structure,
    undoing,
)
from curation.store.queue import matching_ids
from curation.store.search import text_words
from curation.store.tables import conversation, suggestion
from tests.store.conftest import chat_table, search

if TYPE_CHECKING:
    from curation.store import Workspace

NOV_14: Final = 1_699_970_400  # 2023-11-14 14:00
PHONE: Final = "13800138000"
MAIL: Final = "a@b.cn"
HINTS: Final[tuple[tuple[int, int | None, str, float, str], ...]] = (
    (1, None, "topic_jump", 0.9, "open"),
    (2, None, "topic_jump", 0.4, "open"),
    (3, 7, "emotion", 0.8, "open"),
    (4, None, "incomplete", 0.95, "refused"),
    (5, None, "incomplete", 0.7, "accepted"),
)


def find(text: str) -> list[ValuedFinding]:
    found = []
    for entity, value in (("PHONE_NUMBER", PHONE), ("EMAIL_ADDRESS", MAIL)):
        at = text.find(value)
        if at >= 0:
            span = Finding(entity, at, at + len(value), 0.9, "test")
            found.append(ValuedFinding(span, value))
    return found


@pytest.fixture
def desk(workspace: Workspace) -> Workspace:
    """Ids 1-3 are 阿橙's from a.csv, 4-6 妈妈's from b.html a day later."""
    chats = (
        (
            "阿橙",
            "a.csv",
            [
                [("other", f"电话{PHONE}，邮箱{MAIL}"), ("me", "好")],
                [("other", f"另一个{PHONE}"), ("me", "嗯"), ("other", "哦"), ("me", "行")],
                [("me", "晚安"), ("me", "明天见")],
            ],
        ),
        (
            "妈妈",
            "b.html",
            [
                [("other", f"发到{MAIL}"), ("me", "好的 Mama")],
                [("other", "降温了"), ("me", "知道啦")],
                [("other", "降温了呀"), ("me", "知道啦")],
            ],
        ),
    )
    with workspace.write() as connection:
        for day, (name, file, lines) in enumerate(chats):
            table = chat_table(lines, start=NOV_14 + day * 86_400)
            source = imports.add_source_file(
                connection, name=file, file_format="test", messages=len(table), added=len(table)
            )
            number = imports.chat_id(connection, name)
            imports.add_conversations(connection, number, table.assign(source_file_id=source))
    search(workspace, find)
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        actions.set_status(recorder, [2], Status.APPROVED)
        actions.tag_emotion(recorder, [2], "开心", on=True)
        actions.tag_emotion(recorder, [4], "温柔", on=True, message_id=9)
        actions.decide_finding(recorder, 2, 3, Decision.KEEP, all_equal=False)
        actions.edit_message(recorder, 5, 12, "晓得啦", [])
        journal.finish(recorder, "test")
        names = ("conversation_id", "message_id", "kind", "score", "state")
        connection.execute(
            insert(suggestion),
            [
                {**dict(zip(names, hint, strict=True)), "reason": "", "model": "test"}
                for hint in HINTS
            ],
        )
        connection.execute(
            update(conversation)
            .where(conversation.c.id == 6)
            .values(duplicate_of=5, similarity=0.75)
        )
    return workspace


NEAR: Final = SuggestionKind.NEAR_DUPLICATE
JUMP: Final = SuggestionKind.TOPIC_JUMP
FIELDS: Final[tuple[tuple[str, ConversationFilter, list[int]], ...]] = (
    ("one file", ConversationFilter(sources=("b.html",)), [4, 5, 6]),
    ("several files", ConversationFilter(sources=("b.html", "a.csv")), [1, 2, 3, 4, 5, 6]),
    ("a file that is gone", ConversationFilter(sources=("c.txt",)), []),
    ("turns, at least", ConversationFilter(min_turns=2), [1, 2, 4, 5, 6]),
    ("turns, at most", ConversationFilter(max_turns=2), [1, 3, 4, 5, 6]),
    ("turns, exactly", ConversationFilter(min_turns=4, max_turns=4), [2]),
    ("length", ConversationFilter(min_length=3), [2]),
    ("the last day there is", ConversationFilter(last_day=date.max), [1, 2, 3, 4, 5, 6]),
    ("the first day there is", ConversationFilter(first_day=date.min), [1, 2, 3, 4, 5, 6]),
    ("one day", ConversationFilter(first_day=date(2023, 11, 15)), [4, 5, 6]),
    ("found and all decided", ConversationFilter(findings=FindingFilter.DECIDED), [2]),
    ("found and undecided", ConversationFilter(findings=FindingFilter.UNDECIDED), [1, 4]),
    ("a kind", ConversationFilter(entities=("PHONE_NUMBER",)), [1, 2]),
    ("kinds", ConversationFilter(entities=("PHONE_NUMBER", "EMAIL_ADDRESS")), [1, 2, 4]),
    (
        "a kind, undecided",
        ConversationFilter(entities=("PHONE_NUMBER",), findings=FindingFilter.UNDECIDED),
        [1],
    ),
    (
        "a kind, all decided",
        ConversationFilter(entities=("PHONE_NUMBER",), findings=FindingFilter.DECIDED),
        [2],
    ),
    (
        "a kind, none of it",
        ConversationFilter(entities=("PHONE_NUMBER",), findings=FindingFilter.NONE),
        [3, 4, 5, 6],
    ),
    ("an emotion on a message", ConversationFilter(emotion="温柔"), [4]),
    ("an emotion it has not", ConversationFilter(without_emotion="温柔"), [1, 2, 3, 5, 6]),
    ("any emotion", ConversationFilter(tagged=True), [2, 4]),
    ("no emotion", ConversationFilter(tagged=False), [1, 3, 5, 6]),
    ("one but not the other", ConversationFilter(tagged=True, without_emotion="开心"), [4]),
    ("an open suggestion", ConversationFilter(suggestions=(JUMP,)), [1, 2]),
    ("kinds of suggestions", ConversationFilter(suggestions=(JUMP, NEAR)), [1, 2, 6]),
    ("like another one", ConversationFilter(suggestions=(NEAR,)), [6]),
    ("like it enough", ConversationFilter(suggestions=(NEAR,), min_score=0.75), [6]),
    ("not like it enough", ConversationFilter(suggestions=(NEAR,), min_score=0.76), []),
    ("a score of a kind", ConversationFilter(suggestions=(JUMP,), min_score=0.5), [1]),
    ("a score of any kind", ConversationFilter(min_score=0.7), [1, 3, 6]),
    ("an answered suggestion", ConversationFilter(suggestions=(SuggestionKind.INCOMPLETE,)), []),
    ("edited", ConversationFilter(edited=True), [5]),
    ("as imported", ConversationFilter(edited=False), [1, 2, 3, 4, 6]),
    ("a word", ConversationFilter(text="知道"), [6]),
    ("a word, however it is written", ConversationFilter(text="mAMA"), [4]),
    ("words in different messages", ConversationFilter(text="啦 降温"), [5, 6]),
    ("a word with a blank in it", ConversationFilter(text='"的 M"'), [4]),
    ("words that do not meet", ConversationFilter(text="降温 晚安"), []),
    (
        "fields together",
        ConversationFilter(sources=("b.html",), tagged=False, suggestions=(NEAR,), max_turns=2),
        [6],
    ),
)


def test_a_field_lets_through_what_it_says(desk: Workspace, subtests: pytest.Subtests) -> None:
    for name, flt, expected in FIELDS:
        with subtests.test(name):
            rows = conversation_rows(
                desk, flt, order="queue", descending=False, page=1, page_size=50
            )
            assert rows["id"].tolist() == expected
            with desk.read() as connection:
                assert matching_ids(connection, flt) == expected
            assert count_matching(desk, flt) == len(expected)
            assert sum(count_by_status(desk, flt).values()) == len(expected)


def test_a_deleted_message_takes_its_findings_out_of_the_filter(desk: Workspace) -> None:
    with desk.write() as connection:
        recorder = journal.Recorder(connection)
        actions.delete_message(recorder, 1, 1, deleted=True)
        journal.finish(recorder, "delete_message")
    assert count_matching(desk, ConversationFilter(entities=("PHONE_NUMBER",))) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  ", ()),
        ("今天", ("今天",)),
        ("今天  吃饭", ("今天", "吃饭")),
        ("今天\u3000吃饭", ("今天", "吃饭")),
        ('"今天 吃饭" 哈', ("今天 吃饭", "哈")),
        ('"今天', ('"今天',)),
        ('""', ('""',)),
        ("哈 哈", ("哈",)),
        ("吃了(*^▽^*)", ("吃了(*^▽^*)",)),
    ],
)
def test_a_search_asks_for_words(typed: str, words: tuple[str, ...]) -> None:
    assert text_words(typed) == words


def test_suggestions_follow_their_messages_when_a_conversation_is_split_and_merged(
    desk: Workspace,
) -> None:
    emotion = ConversationFilter(suggestions=(SuggestionKind.EMOTION,))
    jump = ConversationFilter(suggestions=(JUMP,))

    def matching(flt: ConversationFilter) -> list[int]:
        with desk.read() as connection:
            return matching_ids(connection, flt)

    def act(action: str, *numbers: int) -> int:
        with desk.write() as connection:
            recorder = journal.Recorder(connection)
            result = int(getattr(structure, action)(recorder, *numbers))
            journal.finish(recorder, action)
        return result

    part = act("split", 2, 5)
    assert matching(jump) == [1], "what was said of the whole was about more than there is now"
    act("merge_next", 2)
    act("merge_next", 2)  # 3, whose suggestion is about a message
    assert matching(emotion) == [2]
    act("merge_next", 1)  # 2; what was said of 1 was about less than there is now
    assert (matching(jump), matching(emotion)) == ([], [1])
    for _step in range(4):
        with desk.write() as connection:
            assert undoing.undo(connection)
    assert (matching(jump), matching(emotion)) == ([1, 2], [3])
    assert part not in matching(ConversationFilter())
