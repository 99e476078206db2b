"""Where an owner hides private details, a reviewer is given none of them, whatever they ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from curation import store, workflow
from curation.errors import NotAllowedError
from curation.model import (
    ConversationFilter,
    Decision,
    JournalQuery,
    QueueOrder,
    Status,
    SuggestionKind,
)
from curation.store import conversations, tables
from curation.store.answering import Suggestion
from curation.workflow import Role, TrashFilter
from curation.workflow.veil import UNSHOWN, veiled_suggestions
from tests.workflow.test_roles import OF_REVIEWERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from curation.model import Conversation
    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat

PHONE, KEPT, BY_HAND, TYPED = "13912345678", "13700137000", "蓝鲸计划", "13612345678"
SECRETS = (PHONE, BY_HAND, TYPED)
EVERYTHING = ConversationFilter()


class Screen:
    """A reviewer's screen, which numbers what it sends."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.number = workspace, 0

    def do(self, kind: str, number: int, **fields: Any) -> list[str]:
        """Do one action of the review page; return why it was refused, nothing where it was not."""
        self.number += 1
        with self.workspace.for_the_program().read() as connection:
            version = connection.scalar(
                tables.conversation.select()
                .with_only_columns(tables.conversation.c.version)
                .where(tables.conversation.c.id == number)
            )
        sent = {"n": self.number, "type": kind, "id": number, "version": version, **fields}
        ack = workflow.commit_actions(
            self.workspace, self.workspace.reviewer, [sent], seen=self.number - 1
        )
        return [str(each.error) for each in ack.refused]


def texts(workspace: Workspace) -> dict[int, str]:
    """Return the real text of every message."""
    ids = [1, 2, 3]
    with workspace.for_the_program().read() as connection:
        found = conversations.read_conversations(connection, ids)
    return {each.id: each.text for whole in found for each in whole.messages}


def findings(workspace: Workspace) -> dict[str, tuple[int, Decision]]:
    with workspace.for_the_program().read() as connection:
        rows = connection.execute(tables.finding.select())
        return {row.value: (row.id, Decision(row.decision)) for row in rows}


@pytest.fixture
def hidden(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    """A workspace with secrets in every place, in which a reviewer acts who may not see them."""
    chat = write_chat(
        [
            (0, "阿橙", f"我电话{PHONE}记一下"),
            (1, "小满", "好的"),
            (2, "阿橙", f"公司的是{KEPT}"),
            (3, "小满", f"那个{BY_HAND}怎么样了"),
            (600, "阿橙", f"换号了{PHONE}"),
            (601, "小满", "收到"),
            (1200, "阿橙", "周末爬山吗"),
            (1201, "小满", "去呀"),
        ]
    )
    workflow.import_files(workspace, [chat], me={chat: "小满"})
    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    owner = Screen(workspace.acting_as("小满"))
    at = texts(workspace)[4].index(BY_HAND)
    for kind, number, fields in (
        ("flag", 1, {"message": 4, "start": at, "end": at + 4, "text": BY_HAND}),
        ("edit_message", 3, {"message": 7, "text": f"打这个{TYPED}"}),
        ("edit_message", 3, {"message": 7, "text": "周末去爬山吗"}),
        ("set_background", 1, {"text": f"她新换了{PHONE}，在做{BY_HAND}"}),
        ("set_note", 2, {"text": f"问她{TYPED}"}),
        ("set_message_background", 1, {"message": 2, "text": f"{BY_HAND}之后"}),
        ("delete_message", 2, {"message": 5, "deleted": True}),
    ):
        more = {"entity": "CUSTOM_TERM", "all_equal": False} if kind == "flag" else {}
        assert owner.do(kind, number, **fields, **more) == []
    workflow.decide_value(workspace, "PHONE_NUMBER", KEPT, Decision.KEEP)
    workflow.always_mask(owner.workspace, ["无关的词"])
    workflow.save_filter(owner.workspace, "找人", {"text": [PHONE]})
    workflow.save_drafts(
        owner.workspace,
        [{"conversation": 1, "field": "note", "message": None, "text": TYPED, "at": 1}],
    )
    workflow.set_member(owner.workspace, "阿橙", Role.REVIEWER)
    workflow.hide_from_reviewers(owner.workspace, hidden=True)
    return workspace.acting_as("阿橙")


def asked(workspace: Workspace) -> Iterator[tuple[str, object]]:
    """Call every function that a reviewer may use and that gives something back."""
    pending = replace(EVERYTHING, statuses=(Status.PENDING,))
    plan = workflow.plan_bulk(workspace, EVERYTHING, workflow.SetStatus(Status.REJECTED))
    owner = workspace.acting_as("小满")
    lines = workflow.journal_page(workspace, JournalQuery()).lines
    standing = next(each.id for each in lines if each.action == "set_note")
    undone = next(each.id for each in lines if each.action == "delete_message")
    workflow.undo_action(owner, undone)
    calls: Mapping[str, Callable[[], object]] = {
        "agreements": lambda: workflow.agreements(workspace),
        "chats": lambda: workflow.chats(workspace),
        "commit_actions": lambda: workflow.commit_actions(workspace, "other", []),
        "conversation_page": lambda: [
            (page.rows.to_dict("records"), page.snippets)
            for text in ("", "电话", "收到", PHONE, "爬山")
            for page in [workflow.conversation_page(workspace, ConversationFilter(text=text))]
        ],
        "count_by_status": lambda: workflow.count_by_status(workspace, EVERYTHING),
        "count_matching": lambda: workflow.count_matching(workspace, EVERYTHING),
        "do_bulk": lambda: workflow.do_bulk(workspace, plan),
        "extend_leases": lambda: workflow.extend_leases(workspace, "tab"),
        "give_back_leases": lambda: workflow.give_back_leases(workspace, "tab"),
        "index_words": lambda: workflow.index_words(workspace),
        "is_empty": lambda: workflow.is_empty(workspace),
        "journal_actions": lambda: workflow.journal_actions(workspace),
        "journal_lines": lambda: workflow.journal_lines(workspace, list(range(1, 12))),
        "journal_page": lambda: workflow.journal_page(workspace, JournalQuery(), page_size=50),
        "journal_reviewers": lambda: workflow.journal_reviewers(workspace),
        "last_steps": lambda: workflow.last_steps(workspace),
        "load_settings": lambda: workflow.load_settings(workspace),
        "overview_of": lambda: workflow.overview_of(workspace),
        "persona_name": lambda: workflow.persona_name(workspace),
        "plan_bulk": lambda: plan,
        "prepare_search": lambda: workflow.prepare_search(workspace),
        "redo": lambda: workflow.redo(workspace),
        "redo_action": lambda: refused(lambda: workflow.redo_action(workspace, undone)),
        "restore": lambda: workflow.restore(workspace, []),
        "review_window": lambda: [
            workflow.review_window(workspace, flt, at=at, order=QueueOrder())
            for flt in (EVERYTHING, pending)
            for at in (None, 1, 2, 3)
        ],
        "save_drafts": lambda: workflow.save_drafts(workspace, []),
        "set_status": lambda: workflow.set_status(workspace, pending, Status.SKIPPED),
        "sources": lambda: workflow.sources(workspace),
        "suggestion_counts": lambda: workflow.suggestion_counts(workspace),
        "tab_mark": lambda: workflow.tab_mark(workspace),
        "tag_emotion": lambda: workflow.tag_emotion(workspace, EVERYTHING, "开心", on=True),
        "trash_ids": lambda: workflow.trash_ids(workspace, TrashFilter()),
        "trash_page": lambda: workflow.trash_page(workspace, TrashFilter()),
        "undo": lambda: workflow.undo(workspace),
        "undo_action": lambda: refused(lambda: workflow.undo_action(workspace, standing)),
        "unscanned_count": lambda: workflow.unscanned_count(workspace),
        "words_waiting": lambda: workflow.words_waiting(workspace),
        "workspace_stats": lambda: workflow.workspace_stats(workspace),
    }
    assert set(calls) == OF_REVIEWERS, "every function that reviewers may use is asked here"
    for name, call in calls.items():
        yield name, call()


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(NotAllowedError) as told:
        call()
    return str(told.value)


def test_no_function_gives_a_reviewer_anything_hidden(hidden: Workspace) -> None:
    for name, given in asked(hidden):
        told = repr(given)
        assert not [told[max(told.index(s) - 60, 0) :][:100] for s in SECRETS if s in told], name


@pytest.mark.sqlite_only("asks the database nothing else")
def test_what_is_kept_and_what_is_nobodys_secret_is_shown(hidden: Workspace) -> None:
    shown = repr(workflow.review_window(hidden, EVERYTHING, at=1))
    assert KEPT in shown
    assert "〔电话〕" in shown
    assert "怎么样了" in shown


@pytest.mark.sqlite_only("asks the database nothing else")
def test_what_was_never_searched_is_searched_before_it_is_shown(
    hidden: Workspace, write_chat: WriteChat
) -> None:
    chat = write_chat([(9000, "阿橙", f"新的{PHONE}"), (9001, "小满", "好")], first_id=90)
    workflow.import_files(hidden.for_the_program(), [chat], me={chat: "小满"})
    assert PHONE not in repr(workflow.review_window(hidden, EVERYTHING, at=4))
    assert PHONE not in repr(workflow.conversation_page(hidden, EVERYTHING).rows.to_dict("records"))


GUESSES = (PHONE, PHONE[:4], BY_HAND, BY_HAND[:2], TYPED, f"电话 {PHONE[:2]}")


@pytest.mark.in_turn
def test_a_search_confirms_no_guess(hidden: Workspace) -> None:
    workflow.index_words(hidden)
    for word in GUESSES:
        flt, trash = ConversationFilter(text=word), TrashFilter(text=word)
        assert workflow.count_matching(hidden, flt) == 0, word
        assert workflow.conversation_page(hidden, flt).total == 0, word
        assert workflow.conversation_page(hidden, flt, total=1).snippets == {}, word
        assert workflow.review_window(hidden, flt).matching == 0, word
        plan = workflow.plan_bulk(hidden, flt, workflow.SetStatus(Status.APPROVED))
        assert plan.selected == 0, word
        assert list(workflow.trash_ids(hidden, trash)) == [], word
        assert workflow.trash_page(hidden, trash).total == 0, word
        with pytest.raises(NotAllowedError):
            workflow.journal_page(hidden, JournalQuery(text=word))
    assert workflow.count_matching(hidden, ConversationFilter(text="爬山")) == 1
    longest = ConversationFilter(min_tokens=10**6)
    assert workflow.count_matching(hidden.acting_as("小满"), longest) == 0
    everything = workflow.count_matching(hidden, EVERYTHING)
    assert workflow.count_matching(hidden, longest) == everything > 0, "no length is told"


REFUSED: Mapping[str, tuple[str, dict[str, Any]]] = {
    "keeping it": ("decide_finding", {"decision": "keep", "all_equal": False}),
    "keeping all of it": ("decide_finding", {"decision": "keep", "all_equal": True}),
    "saying that it is none": ("release", {}),
    "editing around it": ("edit_message", {"message": 1, "text": "我电话〔电话〕记一下吧"}),
    "replacing its message": ("replace", {"texts": [[1, "什么都没有"]]}),
    "flagging a part of it": (
        "flag",
        {
            "message": 1,
            "start": 4,
            "end": 6,
            "text": "话〕",
            "entity": "CUSTOM_TERM",
            "all_equal": False,
        },
    ),
    "writing over a background": ("set_background", {"text": "没有"}),
    "writing over a message's background": (
        "set_message_background",
        {"message": 2, "text": ""},
    ),
}


@pytest.mark.sqlite_only("asks the database nothing else")
def test_no_action_of_a_reviewer_shows_or_loses_what_is_hidden(hidden: Workspace) -> None:
    before, found, screen = texts(hidden), findings(hidden), Screen(hidden)
    with hidden.for_the_program().read() as connection:
        query = tables.finding.select().where(tables.finding.c.message_id == 1)
        number = connection.execute(query).one().id
    for way, (kind, fields) in REFUSED.items():
        more = {"finding": number} if kind in ("decide_finding", "release") else {}
        assert len(screen.do(kind, 1, **fields, **more)) == 1, way
        assert (texts(hidden), findings(hidden)) == (before, found), way
    plan = workflow.plan_bulk(hidden, EVERYTHING, workflow.DecideFindings(Decision.KEEP))
    with pytest.raises(NotAllowedError):
        workflow.do_bulk(hidden, plan)
    assert (texts(hidden), findings(hidden)) == (before, found)


@pytest.mark.sqlite_only("asks the database nothing else")
def test_a_reviewer_still_reviews(hidden: Workspace) -> None:
    screen = Screen(hidden)
    assert screen.do("set_status", 1, status="approved") == []
    assert screen.do("tag", 1, emotion="开心", on=True) == []
    assert screen.do("edit_message", 1, message=2, text="好的呀") == []
    assert screen.do("edit_message", 1, message=2, text=f"好的{PHONE}") == []
    assert PHONE not in repr(workflow.review_window(hidden, EVERYTHING, at=1))
    assert screen.do("set_background", 3, text="周末") == []
    assert screen.do("delete_message", 1, message=1, deleted=True) == []
    assert workflow.undo(hidden) == "delete_message"
    assert texts(hidden)[1] == f"我电话{PHONE}记一下"


@pytest.mark.sqlite_only("asks the database nothing else")
def test_what_a_reviewer_flags_lies_where_they_see_it(hidden: Workspace) -> None:
    shown = workflow.review_window(hidden, EVERYTHING, at=1)
    text = next(
        each.text
        for record in shown.records
        for each in record.conversation.messages
        if each.id == 1
    )
    start = text.index("记一下")
    flagged = {"message": 1, "start": start, "end": start + 3, "text": "记一下"}
    more = {"entity": "CUSTOM_TERM", "all_equal": False}
    assert Screen(hidden).do("flag", 1, **flagged, **more) == []
    assert "记一下" in findings(hidden)
    assert findings(hidden)[PHONE][1] is not Decision.KEEP


def shown_in(workspace: Workspace, number: int) -> Conversation:
    """Return a conversation as whoever acts in the workspace is shown it."""
    window = workflow.review_window(workspace, EVERYTHING, at=number)
    found = (each.conversation for each in window.records)
    return next(each for each in found if each.id == number)


GUESS_AND_OTHER = (
    (BY_HAND, "红鲸计划"),
    (f"她新换了{PHONE}，在做{BY_HAND}", f"她新换了{PHONE}，在做红鲸"),
    (f"问她{TYPED}", "问她13612345670"),
    (PHONE, "13912345670"),
    ("无关的词", "有关的词"),
)
PLACES: Mapping[str, tuple[str, dict[str, Any], Callable[[Conversation], str]]] = {
    "a note": ("set_note", {}, lambda whole: whole.note),
    "a background": ("set_background", {}, lambda whole: whole.background),
    "a message's background": (
        "set_message_background",
        {"message": 8},
        lambda whole: whole.messages[-1].background,
    ),
}


@pytest.mark.in_turn
@pytest.mark.sqlite_only("asks the database nothing else")
@pytest.mark.parametrize("place", PLACES)
def test_what_a_reviewer_wrote_themselves_is_shown_whole_whether_it_guesses_or_not(
    hidden: Workspace, place: str
) -> None:
    kind, fields, read = PLACES[place]
    screen = Screen(hidden)
    for text in (each for pair in GUESS_AND_OTHER for each in pair):
        assert screen.do(kind, 3, text=text, **fields) == [], text
        assert read(shown_in(hidden, 3)) == text
    owner = Screen(hidden.acting_as("小满"))
    owner.number = 100  # after those of the fixture
    assert owner.do(kind, 3, text=PHONE, **fields) == []
    for text in (PHONE, "别的"):
        assert len(screen.do(kind, 3, text=text, **fields)) == 1, "no longer theirs"
        assert read(shown_in(hidden, 3)) == UNSHOWN


@pytest.mark.sqlite_only("asks the database nothing else")
def test_a_line_added_to_many_backgrounds_tells_nothing_of_what_they_say(hidden: Workspace) -> None:
    selected = replace(EVERYTHING, statuses=(Status.PENDING,))
    for text in GUESS_AND_OTHER[1]:
        action = workflow.SetBackground(workflow.Way.APPEND, text)
        plan = workflow.plan_bulk(hidden, selected, action)
        assert (plan.changing, plan.left) == (plan.selected, {}), text


@pytest.mark.in_turn
@pytest.mark.sqlite_only("asks the database nothing else")
@pytest.mark.parametrize("kind", ["add_message", "edit_message", "replace"])
def test_a_message_with_a_guess_looks_like_one_with_any_other_number(
    hidden: Workspace, kind: str
) -> None:
    workflow.decide_value(hidden.for_the_program(), "PHONE_NUMBER", PHONE, Decision.MASK)
    screen, told = Screen(hidden), []
    for number, (message, text) in enumerate([(7, f"打{PHONE}"), (8, "打13912345670")], start=1):
        ways: dict[str, dict[str, Any]] = {
            "add_message": {"side": "other", "text": text},
            "edit_message": {"message": message, "text": text},
            "replace": {"texts": [[message, text]]},
        }
        assert screen.do(kind, 3, **ways[kind]) == []
        rows = workflow.conversation_page(hidden, EVERYTHING).rows.to_dict("records")
        (counts,) = ((row["findings"], row["undecided"]) for row in rows if row["id"] == 3)
        assert counts == (number, number), text
        told = [
            (each.text, [found.decision for found in each.findings])
            for each in shown_in(hidden, 3).messages
            if each.findings
        ]
    assert told == [("打〔电话〕", [Decision.MASK])] * 2


@pytest.mark.sqlite_only("asks the database nothing else")
def test_a_reviewer_decides_and_flags_in_one_place_only(hidden: Workspace) -> None:
    screen = Screen(hidden)
    for message, text in ((7, PHONE), (8, "13912345670")):
        assert screen.do("edit_message", 3, message=message, text=f"打{text}和红鲸") == []
        (shown,) = (each for each in shown_in(hidden, 3).messages if each.id == message)
        number = shown.findings[0].id
        decided = {"finding": number, "decision": "mask", "all_equal": True}
        assert len(screen.do("decide_finding", 3, **decided)) == 1, text
        at = shown.text.index("红鲸")
        flagged = {"message": message, "start": at, "end": at + 2, "text": "红鲸"}
        more = {"entity": "CUSTOM_TERM", "all_equal": True}
        assert len(screen.do("flag", 3, **flagged, **more)) == 1, text


@pytest.mark.sqlite_only("asks the database nothing else")
def test_flagging_tells_no_letter_of_what_is_hidden(
    hidden: Workspace, write_chat: WriteChat
) -> None:
    chat = write_chat([(9000, "阿橙", f"新的{PHONE}"), (9001, "小满", "好")], first_id=90)
    workflow.import_files(hidden.for_the_program(), [chat], me={chat: "小满"})
    screen = Screen(hidden)
    for number, at in ((4, 2), (1, 3)):
        message = shown_in(hidden, number).messages[0].id
        span = {"message": message, "start": at, "end": at + 1}
        more = {"entity": "CUSTOM_TERM", "all_equal": False}
        told = {str(screen.do("flag", number, text=text, **span, **more)) for text in "1234"}
        assert len(told) == 1, told
        assert told != {"[]"}


@pytest.mark.sqlite_only("asks the database nothing else")
def test_a_quote_is_not_confirmed_by_a_message_that_says_the_same(hidden: Workspace) -> None:
    said = "去年说的那件事"
    with hidden.for_the_program().write() as connection:
        quoting = tables.message.update().where(tables.message.c.id == 8)
        connection.execute(quoting.values(reply_to=said))
    screen = Screen(hidden)
    for text in (said, "去年说的别的事"):
        assert screen.do("add_message", 3, side="other", text=text) == []
        replies = [each.reply_to for each in shown_in(hidden, 3).messages if each.reply_to]
        assert replies == [UNSHOWN], text


def test_a_reason_names_only_what_a_shown_message_says() -> None:
    given = Suggestion(SuggestionKind.EMOTION, 0.9, label="开心", values={"said": "哈哈", "n": 2})
    (told,) = veiled_suggestions([given], ["哈哈，收到"])
    assert (told.label, told.values) == ("开心", {"said": "哈哈", "n": 2})
    (told,) = veiled_suggestions([replace(given, more=(given,))], ["我电话〔电话〕"])
    assert told.values == told.more[0].values == {"said": UNSHOWN, "n": 2}


@pytest.mark.sqlite_only("asks the database nothing else")
def test_a_draft_that_a_reviewer_does_not_see_outlives_what_they_save(hidden: Workspace) -> None:
    assert Screen(hidden).do("set_note", 1, text="我的") == []
    window = workflow.review_window(hidden.acting_as("小满"), EVERYTHING, at=1)
    kept = next(each.drafts for each in window.records if each.conversation.id == 1)
    assert [each.text for each in kept] == [TYPED]


TERM, NAME, NEVER = "红鲸", "糯米团子", "13800138000"


@pytest.fixture
def guessed(hidden: Workspace) -> Workspace:
    """The same, where an owner has a term, a name and an exception that no chat tells."""
    owner = hidden.acting_as("小满")
    workflow.always_mask(owner, [TERM])
    workflow.ignore_terms(owner, [NEVER])
    workflow.save_persona(owner, replace(workflow.load_persona(owner), name=NAME))
    workflow.scan_findings(owner)
    return hidden


def told_of(workspace: Workspace, number: int, words: str) -> object:
    """Return all that a reviewer is told of a conversation, with `words` written as one word."""
    rows = workflow.conversation_page(workspace, EVERYTHING).rows.to_dict("records")
    (row,) = (each for each in rows if each["id"] == number)
    shown = [
        (each.text.replace(words, "…"), [(found.entity, found.start) for found in each.findings])
        for each in shown_in(workspace, number).messages
    ]
    kinds = {
        kind: workflow.count_matching(workspace, ConversationFilter(entities=(kind,)))
        for kind in workflow.ENTITIES
    }
    found = workflow.count_matching(workspace, ConversationFilter(text=f"问{words}"))
    return shown, row["findings"], row["undecided"], kinds, found


@pytest.mark.in_turn
@pytest.mark.sqlite_only("asks the database nothing else")
@pytest.mark.parametrize(
    ("kind", "guess", "other"),
    [
        ("edit_message", TERM, "青鲸"),
        ("add_message", NAME, "糯米饭团"),
        ("replace", NEVER, "13800138001"),
    ],
    ids=["a term", "a name", "an exception"],
)
def test_what_is_typed_tells_nothing_of_what_an_owner_knows(
    guessed: Workspace, kind: str, guess: str, other: str
) -> None:
    screen, told = Screen(guessed), []
    for words in (guess, other):
        text = f"问{words}"
        ways: dict[str, dict[str, Any]] = {
            "add_message": {"side": "other", "text": text},
            "edit_message": {"message": 8, "text": text},
            "replace": {"texts": [[8, text]]},
        }
        assert screen.do(kind, 3, **ways[kind]) == []
        seen = [told_of(guessed, 3, words)]
        # Nor later, when it is searched again because of others.
        assert screen.do("swap_sides", 3, messages=[7]) == []
        seen.append(told_of(guessed, 3, words))
        owner = guessed.acting_as("小满")
        workflow.always_mask(owner, ["又一个词"])
        seen.append(told_of(guessed, 3, words))
        with guessed.for_the_program().write() as connection:
            connection.execute(tables.conversation.update().values(scanned=False))
        seen.append(told_of(guessed, 3, words))
        workflow.scan_findings(owner)
        seen.append(told_of(guessed, 3, words))
        told.append(seen)
        assert workflow.undo(guessed) == "swap_sides"
        assert workflow.undo(guessed) == kind
    assert told[0] == told[1]


@pytest.mark.sqlite_only("asks the database nothing else")
def test_how_much_is_undecided_tells_nothing_of_a_background_that_a_reviewer_wrote(
    guessed: Workspace,
) -> None:
    screen, told = Screen(guessed), []
    assert screen.do("set_status", 3, status="approved") == []
    for words in (NEVER, "13800138001"):
        assert screen.do("set_background", 3, text=f"问{words}") == []
        owner = guessed.acting_as("小满")
        told.append([workflow.overview_of(each).undecided for each in (guessed, owner)])
    (theirs, first), (then, second) = told
    assert theirs == then
    assert second == first + 1, "an owner is told of it"


@pytest.mark.sqlite_only("asks the database nothing else")
def test_what_a_reviewer_typed_is_masked_on_its_way_out_and_found_once_nothing_is_hidden(
    guessed: Workspace, tmp_path: Path
) -> None:
    assert Screen(guessed).do("edit_message", 3, message=8, text=f"去问{TERM}") == []
    owner = guessed.acting_as("小满")
    assert TERM not in findings(guessed)
    workflow.set_status(owner, EVERYTHING, Status.APPROVED)
    workflow.export_dataset(owner, tmp_path)
    written = "".join(each.read_text("utf-8") for each in tmp_path.rglob("*.json"))
    assert "去问〔隐私〕" in written
    assert TERM not in written
    workflow.hide_from_reviewers(owner, hidden=False)
    workflow.scan_findings(owner)
    assert findings(guessed)[TERM][1] is Decision.MASK


@pytest.mark.parametrize("hides", [True, False], ids=["comes to be hidden", "is hidden no more"])
def test_hiding_that_changes_while_a_search_runs_confirms_no_guess(
    guessed: Workspace, monkeypatch: pytest.MonkeyPatch, *, hides: bool
) -> None:
    owner, rounds = guessed.acting_as("小满"), 0
    assert Screen(guessed).do("edit_message", 3, message=8, text=f"去问{TERM}") == []
    workflow.hide_from_reviewers(owner, hidden=not hides)
    with owner.write() as connection:
        connection.execute(tables.conversation.update().values(scanned=False))
    save = store.save_findings

    def toggled(*told: Any) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:  # in another tab, after these conversations were read
            workflow.hide_from_reviewers(owner, hidden=hides)
        save(*told)
        if rounds == 1:
            with owner.read() as connection:
                waiting = tables.conversation.select().where(~tables.conversation.c.scanned)
                assert [row.id for row in connection.execute(waiting)] == [3], "nothing else"

    monkeypatch.setattr(store, "save_findings", toggled)
    workflow.scan_findings(owner)
    assert (rounds, workflow.unscanned_count(owner)) == (2, 0)
    assert (TERM in findings(guessed)) is not hides
    if hides:
        assert shown_in(guessed, 3).messages[-1].text == f"去问{TERM}"
