"""What the review piece is given and what it sends, without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import ActionRefusedError
from curation.model import Conversation, Finding, Kind, Message, Side, Status, SuggestionKind
from curation.ui.catalogue import filled
from curation.ui.components.review import (
    Outbox,
    asks_for_rest,
    preview_data,
    read_outbox,
    review_data,
    review_files,
    scripts_data,
)
from curation.ui.components.review_parts import Prepared, prepare, slim
from curation.ui.components.review_record import Speech, head_data, message_data, segments, shown_of
from curation.ui.components.review_words import KEYS, review_labels
from curation.ui.words import action_names
from curation.workflow import Ack, RecordPreview, Refusal, ReviewRecord, Suggestion, Window

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2024, 3, 1, 12, 0)  # noqa: DTZ001  (chat times are local, without a zone)
SPEECH = Speech(review_labels(str), str.title, str.upper, str, filled, str.upper)


def message(number: int, text: str = "好", **fields: Any) -> Message:
    given = {
        "side": Side.OTHER,
        "sender_name": "阿橙",
        "time": NOON + timedelta(seconds=number),
        "kind": Kind.TEXT,
        "original_text": text,
    }
    return Message(id=number, text=text, **{**given, **fields})


def record(*messages: Message, leading: frozenset[int] = frozenset()) -> ReviewRecord:
    conversation = Conversation(
        id=7, version=3, chat="阿橙", status=Status.PENDING, messages=tuple(messages)
    )
    entering = frozenset(each.id for each in messages)
    return ReviewRecord(conversation, entering, leading, frozenset())


def drawn(*messages: Message) -> list[dict[str, Any]]:
    return messages_of(record(*messages))


def messages_of(said: ReviewRecord) -> list[dict[str, Any]]:
    """Return the messages as the piece draws them, before what is alike is left out."""
    return [message_data(each, SPEECH) for each in shown_of(said)]


def finding(start: int, end: int) -> Finding:
    return Finding("PHONE_NUMBER", start, end, 0.9, "phone")


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        pytest.param("abc", [], [("abc", -1)], id="no finding"),
        pytest.param("打13800给", [(1, 6)], [("打", -1), ("13800", 0), ("给", -1)], id="inside"),
        pytest.param("138", [(0, 3)], [("138", 0)], id="the whole text"),
        pytest.param("😀138😀", [(1, 4)], [("😀", -1), ("138", 0), ("😀", -1)], id="emoji"),
        pytest.param("abcdef", [(2, 5), (0, 3)], [("abc", 1), ("de", 0), ("f", -1)], id="overlap"),
        pytest.param("abcdef", [(1, 3), (1, 5)], [("a", -1), ("bcde", 1), ("f", -1)], id="nested"),
        pytest.param("ab", [(1, 9)], [("a", -1), ("b", 0)], id="past the end"),
        pytest.param("", [], [], id="empty"),
    ],
)
def test_segments_carry_their_findings(
    text: str, spans: list[tuple[int, int]], expected: list[tuple[str, int]]
) -> None:
    assert segments(text, [finding(*span) for span in spans]) == expected


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=5),
    st.integers(0, 5),
)
def test_segments_joined_are_the_text(text: str, spans: list[tuple[int, int]], skip: int) -> None:
    found = [finding(start, start + length) for start, length in spans]
    pieces = segments(text, found, skip)
    assert "".join(piece for piece, _index in pieces) == text[skip:]
    assert all(piece for piece, _index in pieces)


def test_a_message_is_marked_as_added_unless_all_were_written_here() -> None:
    asked, answered = message(1, added=True), message(2, added=True)
    assert [each["added"] for each in drawn(asked, message(3))] == [True, False]
    assert [each["added"] for each in drawn(asked, answered)] == [False, False]


@pytest.mark.parametrize(
    ("kind", "text", "chip", "shown"),
    [
        pytest.param(Kind.TEXT, "[图片]", "", "[图片]", id="typed by hand"),
        pytest.param(Kind.IMAGE, "[图片]", "Image", "", id="placeholder alone"),
        pytest.param(Kind.FILE, "[文件] 简历.pdf", "File", "简历.pdf", id="file name"),
        pytest.param(Kind.STICKER, "[委屈]", "Sticker", "[委屈]", id="sticker with words"),
        pytest.param(Kind.VOICE, "我到了", "Voice", "我到了", id="transcript"),
        pytest.param(Kind.RECALL, "[已撤回]", "", "[已撤回]", id="recalled"),
    ],
)
def test_a_chip_says_the_kind_and_the_words_stay(
    kind: Kind, text: str, chip: str, shown: str
) -> None:
    (data,) = drawn(message(1, text, kind=kind))
    assert data["chip"] == chip
    assert "".join(piece for piece, _index in data["segments"]) == shown
    assert data["text"] == text


def test_a_line_with_the_time_stands_after_a_pause_and_on_a_new_day() -> None:
    times = [NOON, NOON + timedelta(minutes=5), NOON + timedelta(minutes=11)]
    times.append(NOON + timedelta(hours=12))
    data = drawn(*(message(number, time=time) for number, time in enumerate(times)), message(9))
    assert [each["separator"] for each in data[:4]] == [
        "Fri 2024-03-01 12:00",
        "",
        "12:11",
        "Sat 2024-03-02 00:00",
    ]


def test_messages_without_times_have_no_lines() -> None:
    (data,) = drawn(message(1, time=None))
    assert (data["separator"], data["time"], data["when"]) == ("", "", "")


def test_a_message_says_what_was_done_to_it() -> None:
    changed = message(1, "新", original_text="旧", deleted=True, emotions=("开心",))
    (data,) = drawn(changed)
    assert (data["edited"], data["original"], data["deleted"]) == (True, "旧", True)
    assert data["emotions"] == ["开心"]


def test_findings_are_told_in_words() -> None:
    found = Finding("PHONE_NUMBER", 0, 5, 0.9, "phone", why="mobile", id=4)
    (data,) = drawn(message(1, "13800", findings=(found,)))
    assert data["findings"] == [
        {
            "id": 4,
            "entity": "PHONE_NUMBER",
            "label": "Phone_Number",
            "decision": "pending",
            "why": "MOBILE",
            "sure": "90% sure",
            "by_hand": False,
            "stays": False,
        }
    ]
    own = replace(record(message(1, "13800", findings=(found,))), staying=frozenset({4}))
    assert messages_of(own)[0]["findings"][0]["stays"] is True


def test_left_out_messages_are_marked() -> None:
    data = messages_of(record(message(1), message(2), leading=frozenset({1})))
    assert [each["left_out"] for each in data] == ["leading", ""]


@pytest.mark.parametrize(
    ("reply_to", "quoted"),
    [
        pytest.param("吃火锅吗", 1, id="said before"),
        pytest.param("好", 3, id="the nearest of equal ones"),
        pytest.param("以后说的", None, id="said later"),
        pytest.param("[图片]", None, id="a picture, which one is not known"),
        pytest.param("", None, id="nothing quoted"),
    ],
)
def test_a_quote_leads_to_the_message_it_answers(reply_to: str, quoted: int | None) -> None:
    data = drawn(
        message(1, "吃火锅吗"),
        message(2, "好"),
        message(3, "好"),
        message(4, "[图片]", kind=Kind.IMAGE),
        message(5, "走", kind=Kind.QUOTE, reply_to=reply_to),
        message(6, "以后说的"),
    )
    assert [each["quoted"] for each in data] == [None, None, None, None, quoted, None]


def test_in_a_group_speakers_have_pseudonyms_and_bystanders_are_marked() -> None:
    said = replace(record(message(1, pseudonym="甲"), message(2)), bystanders=frozenset({1}))
    data = messages_of(said)
    assert [each["pseudonym"] for each in data] == ["甲", ""]
    assert [each["left_out"] for each in data] == ["bystander", ""]


def test_a_conversation_says_which_one_it_is_like() -> None:
    said = record(message(1))
    like = replace(said, conversation=replace(said.conversation, duplicate_of=12))
    assert head_data(said, SPEECH)["duplicate_of"] is None
    assert head_data(like, SPEECH)["duplicate_of"] == 12


def test_a_suggestion_is_told_with_its_score_and_its_reason_in_words() -> None:
    said = replace(
        record(message(1), message(2)),
        suggestions=(
            Suggestion(SuggestionKind.NEAR_DUPLICATE, 0.934, reason="like {n}", values={"n": 12}),
            Suggestion(SuggestionKind.EMOTION, 1.0, 5, 2, "开心", "says {word}", {"word": "{n}"}),
            Suggestion(SuggestionKind.INCOMPLETE, 0.5, 6, reason="{gone:.1f} of a later version"),
        ),
    )
    about = head_data(said, SPEECH)["suggestions"]
    beside = [each["suggestions"] for each in messages_of(said)]
    assert beside[0] == []  # those about a message stand at it
    data = [about[0], *beside[1], *about[1:]]
    assert [(each["id"], each["message"], each["what"]) for each in data] == [
        (0, None, ""),
        (5, 2, "开心"),
        (6, None, ""),
    ]
    assert [(each["label"], each["score"], each["reason"]) for each in data] == [
        ("Nearly the same as another", "93%", "like 12"),
        ("Emotion", "100%", "says {n}"),
        ("Incomplete", "50%", "{gone:.1f} of a later version"),
    ]
    assert json.loads(json.dumps(data)) == data


def test_every_kind_of_suggestion_has_a_name() -> None:
    assert set(review_labels(str)["suggestions"]) == set(SuggestionKind)


def test_the_data_is_plain_json_and_tells_refusals_in_words() -> None:
    window = Window((record(message(1)),), 7, 1, 1, dict.fromkeys(Status, 0), "tag", None)
    ack = Ack("c", 4, (Refusal(3, 7, ActionRefusedError("No.")),))
    data = review_data(
        window,
        ack=ack,
        turn=5,
        queue="q",
        statuses=[Status.PENDING],
        speech=SPEECH,
    )
    assert json.loads(json.dumps(data)) == data
    assert data["refused"] == [{"n": 3, "id": 7, "reason": "No.", "changed": []}]
    assert (data["client"], data["ack"], data["turn"]) == ("c", 4, 5)
    assert data["window"]["undo"] == "emotion tag"


def test_what_comes_with_the_page_is_plain_json_and_not_told_again() -> None:
    data = scripts_data(SPEECH, emotions=["开心"])
    assert json.loads(json.dumps(data)) == data
    assert data["emotions"] == ["开心"]
    assert data["css"]
    assert not set(data) & {"window", "ack"}


def test_a_long_conversation_comes_in_parts_none_of_them_twice() -> None:
    long = record(*(message(number, f"第{number}句" + "哈" * 40) for number in range(1, 2001)))
    window = Window((long,), 7, 1, 1, dict.fromkeys(Status, 0), None, None)
    have: dict[int, set[str]] = {7: set()}
    kept: dict[int, Prepared] = {}
    got: dict[str, list[dict[str, Any]]] = {}
    answers = 0
    while True:
        data = review_data(
            window,
            ack=None,
            turn=1,
            queue="q",
            statuses=[],
            speech=SPEECH,
            have=have,
            kept=kept,
        )
        sent = data["window"]["records"][0]
        assert len(json.dumps(data, ensure_ascii=False).encode()) < 80_000
        if not sent["parts"]:
            break
        assert not set(sent["parts"]) & set(got)
        # The first that is missing always comes, so that what is shown has no gap.
        assert next(name for name in sent["order"] if name not in got) in sent["parts"]
        got |= sent["parts"]
        have[7] |= set(sent["parts"])
        answers += 1
    assert [each["id"] for name in sent["order"] for each in got[name]] == list(range(1, 2001))
    assert 3 < answers < 30


@pytest.mark.parametrize(
    ("change", "most"),
    [
        pytest.param(lambda said: [replace(said[0], deleted=True), *said[1:]], 1, id="deleted"),
        # A text as long as a part stands in one of its own.
        pytest.param(lambda said: [said[0], replace(said[1], text="好" * 3000)], 3, id="grown"),
        pytest.param(lambda said: [said[0], message(9001, "又一句"), *said[1:]], 2, id="added"),
        pytest.param(lambda said: said[1:], 1, id="moved away"),
    ],
)
def test_a_change_sends_only_the_part_it_is_in(
    change: Callable[[list[Message]], list[Message]], most: int
) -> None:
    said = [message(number, f"第{number}句" + "哈" * (number % 40)) for number in range(1, 501)]

    def told(messages: list[Message], have: dict[int, list[str]]) -> dict[str, Any]:
        window = Window((record(*messages),), 7, 1, 1, dict.fromkeys(Status, 0), None, None)
        data = review_data(
            window, ack=None, turn=1, queue="q", statuses=[], speech=SPEECH, have=have
        )
        sent: dict[str, Any] = data["window"]["records"][0]
        return sent

    before = told(said, {})["order"]
    after = told([*said[:40], *change(said[40:42]), *said[42:]], {7: before})
    assert 1 <= len(after["parts"]) <= most
    assert {name for name in after["order"] if name not in before} == set(after["parts"])


@pytest.mark.parametrize(
    ("asked", "rest"),
    [
        pytest.param({"have": {7: {"first"}}}, True, id="some parts are missing"),
        pytest.param({"have": {7: {"first"}, 8: set()}}, True, id="others do not matter"),
        pytest.param({"have": {7: {"first", "last"}}}, False, id="nothing is missing"),
        pytest.param({"have": {}}, False, id="nothing is there yet"),
        pytest.param({"have": {7: {"of before"}}}, False, id="it was another one"),
        pytest.param({"have": {7: {"first"}}, "at": 8}, False, id="another place"),
        pytest.param({"have": {7: {"first"}}, "record": 7}, False, id="the record is wanted"),
        pytest.param({"have": {7: {"first"}}, "actions": ({"n": 1},)}, False, id="an action"),
    ],
)
def test_who_only_asks_for_the_rest_is_not_read_for_anew(
    *, asked: dict[str, Any], rest: bool
) -> None:
    said = prepare(record(message(1)), SPEECH)
    kept = {7: replace(said, parts={"first": [], "last": []}), 8: said}
    outbox = replace(Outbox("c", 0, 1, 7, ()), **asked)
    assert asks_for_rest(outbox, kept) is rest


def test_only_what_changed_is_made_anew() -> None:
    said = [message(number, f"第{number}句") for number in range(1, 90)]
    before = prepare(record(*said), SPEECH)
    same = record(*(replace(each) for each in said))
    assert prepare(same, SPEECH, before) is before
    said[40] = replace(said[40], deleted=True)
    after = prepare(record(*said), SPEECH, before)
    made = [number for number, line in after.lines.items() if line is not before.lines[number]]
    assert made == [41]
    assert after.lines[41].data["deleted"] is True
    # In another language everything is.
    spoken = replace(SPEECH, labels={**SPEECH.labels, "messages": "消息", "me": "我"})
    assert all(
        line is not after.lines[number]
        for number, line in prepare(record(*said), spoken, after).lines.items()
    )


def test_a_message_leaves_out_what_most_have_alike_and_the_scripts_know_the_rest() -> None:
    plain = message(1, "好")
    odd = message(2, "打13800", original_text="打", findings=(finding(1, 6),), emotions=("开心",))
    data = drawn(plain, odd)
    sent = [slim(each) for each in data]
    assert set(sent[0]) == {"id", "side", "sender", "time", "when", "separator", "text"}
    assert set(sent[1]) - set(sent[0]) == {"original", "segments", "edited", "findings", "emotions"}
    _html, _css, script = review_files()
    known = script[script.index("function whole") : script.index("...message,")]
    missing = [name for full in data for name in full if f"{name}:" not in known]
    assert set(missing) == {"id", "side", "text"}


def test_the_record_that_was_asked_for_comes_with_its_length_and_its_beginning() -> None:
    turns = (("human", "好" * 9000), ("gpt", "嗯" * 9000), ("human", "还有"), ("gpt", "没了"))
    preview = RecordPreview(7, 3, "你是小满", turns, tokens=15_000, said=14_000, limit=1500)
    data = preview_data(preview, SPEECH)
    assert json.loads(json.dumps(data)) == data
    assert ([role for role, _text in data["turns"]], data["more"]) == (["human", "gpt"], 2)
    assert data["length"] == "about 15,000 tokens"
    assert data["warning"] == "Longer than the 1,500 tokens of your settings: split it"
    short = RecordPreview(7, 3, "你是小满", turns[2:], tokens=2049, said=20, limit=0)
    assert preview_data(short, SPEECH)["warning"].endswith("beyond 2,048 tokens")
    none = preview_data(RecordPreview(7, 3, reason="only_me"), SPEECH)
    assert (none["turns"], none["why"], none["warning"]) == ([], "Only you speak.", "")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param("text", id="a text"),
        pytest.param({"client": "", "seen": 0, "turn": 1, "at": None, "actions": []}, id="nobody"),
        pytest.param({"client": "c", "seen": 0, "turn": 1, "at": "1", "actions": []}, id="place"),
        pytest.param({"client": "c", "seen": True, "turn": 1, "at": 1, "actions": []}, id="seen"),
        pytest.param({"client": "c", "seen": 0, "turn": 1, "at": 1, "actions": [1]}, id="actions"),
        pytest.param({"client": "c", "seen": 0, "turn": 1.5, "at": 1, "actions": []}, id="turn"),
    ],
)
def test_what_is_not_an_outbox_is_none(value: object) -> None:
    assert read_outbox(value) is None


def test_an_outbox_is_read() -> None:
    action = {"n": 1, "type": "undo"}
    value = {"client": "c", "seen": 0, "turn": 2.0, "at": 7.0, "actions": [action]}
    assert read_outbox(value) == Outbox("c", 0, 2, 7, (action,))
    more = {"place": [0, 3.5, 7], "record": 7.0}
    assert read_outbox(value | more) == Outbox("c", 0, 2, 7, (action,), (0, 3.5, 7), 7)
    marked = read_outbox(value | {"mark": "0123"})
    assert marked is not None
    assert marked.mark == "0123"
    parts = {"have": {"7": ["a", "b"], "x": ["c"], "8": "d"}}
    told = read_outbox(value | parts)
    assert told is not None
    assert told.have == {7: frozenset("ab")}
    odd = {"place": [0, float("nan")], "record": "7", "have": [1], "mark": None}
    assert read_outbox(value | odd) == Outbox("c", 0, 2, 7, (action,))


def test_no_two_commands_share_a_key() -> None:
    names = [name for names in KEYS.values() for name in names]
    assert len(names) == len(set(names))
    assert not {"c", "r"} & set(names)


def test_every_word_the_scripts_ask_for_exists() -> None:
    labels = review_labels(str)
    _html, _css, script = review_files()
    asked = set(re.findall(r'\bword\(\s*"(\w+)"', script))
    assert asked
    assert asked <= {name for name, text in labels.items() if isinstance(text, str)}
    assert set(labels["commands"]) == set(KEYS) - {"emotions"}
    assert set(labels["kinds"]) | {"text", "quote", "system", "recall", "poke"} == set(Kind)


def test_every_action_that_undo_may_concern_has_a_name() -> None:
    assert set(action_names()) <= set(review_labels(str)["actions"])


def test_the_scripts_never_set_markup() -> None:
    _html, _css, script = review_files()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)
