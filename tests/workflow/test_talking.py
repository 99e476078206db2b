"""Talks with models: what goes out, what is kept whatever happens, and what becomes dataset."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation import workflow
from curation.chatting import Piece, Role, Said
from curation.endpoints import Profile
from curation.errors import ActionRefusedError, EndpointError, PersonaError, WorkspaceError
from curation.model import ConversationFilter, Persona, Side
from curation.store import talks
from curation.workflow import (
    ASSISTANT,
    CORRECTION,
    LIKED,
    USER,
    ChatModel,
    ChatOptions,
    SparkProfile,
    TalkDesk,
    TalkHead,
    TalkLine,
    correcting,
)
from curation.workflow.writing import checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.workflow import Workspace

MODEL: Final = ChatModel("spark:one", "one", SparkProfile("one", service="s"))
PHONE: Final = "13912345678"


class Puppet:
    """Answers by a script; waits for `go` before each piece, if there is one."""

    def __init__(self, *pieces: Piece | Exception, go: threading.Event | None = None) -> None:
        self.pieces = pieces
        self.go = go
        self.asked: list[tuple[str, list[Said]]] = []
        self.stopping = threading.Event()
        self.made: list[float] = []

    def __call__(
        self, _model: ChatModel, options: ChatOptions, stopping: threading.Event
    ) -> Puppet:
        self.stopping = stopping
        self.made.append(options.temperature)
        return self

    def open(self) -> None:
        """Connect nothing."""

    def close(self) -> None:
        """Let go of nothing."""
        self.stopping.set()  # as some talkers do

    def answer(self, system: str, history: Sequence[Said]) -> Iterator[Piece]:
        self.asked.append((system, list(history)))
        for each in self.pieces:
            while self.go is not None and not self.go.wait(0.01):
                if self.stopping.is_set():
                    return
            if isinstance(each, Exception):
                raise each
            yield each


def begin(workspace: Workspace, **given: Any) -> TalkHead:
    number = workflow.begin_talk(workspace, model=MODEL.key, **given)
    return next(each for each in workflow.all_talks(workspace) if each.id == number)


def settle(desk: TalkDesk, workspace: Workspace, talk: TalkHead) -> list[TalkLine]:
    """Wait until no answer comes any more; return what was said."""
    ends = time.monotonic() + 5
    while desk.running(workspace, talk.id) is not None and time.monotonic() < ends:
        time.sleep(0.005)
    return workflow.talk_lines(workspace, talk.id)


def talk_of(workspace: Workspace, puppet: Puppet, *typed: str) -> tuple[TalkHead, list[TalkLine]]:
    talk, desk = begin(workspace), TalkDesk(puppet)
    lines: list[TalkLine] = []
    for text in typed:
        desk.say(workspace, talk, MODEL, text)
        lines = settle(desk, workspace, talk)
    return talk, lines


def test_a_talk_is_kept_and_goes_out_whole(workspace: Workspace) -> None:
    puppet = Puppet(Piece("在", thought="想"), Piece("呀"))
    _talk, lines = talk_of(workspace, puppet, "在吗", "吃了没")
    assert [(each.role, each.text) for each in lines] == [
        (USER, "在吗"),
        (ASSISTANT, "在呀"),
        (USER, "吃了没"),
        (ASSISTANT, "在呀"),
    ]
    assert lines[1].thought == "想"
    _system, history = puppet.asked[-1]
    assert history == [
        Said(Role.USER, "在吗"),
        Said(Role.ASSISTANT, "在呀"),
        Said(Role.USER, "吃了没"),
    ]


def test_what_is_typed_goes_as_typed_and_the_persona_masked(workspace: Workspace) -> None:
    workflow.save_persona(workspace, Persona(name="小满", interests=f"爬山，电话{PHONE}"))
    puppet = Puppet(Piece("好"))
    talk_of(workspace, puppet, f"打给我 {PHONE}")
    ((system, history),) = puppet.asked
    assert history == [Said(Role.USER, f"打给我 {PHONE}")]
    assert "小满" in system
    assert PHONE not in system


def test_the_persona_and_the_partner_of_the_talk_count(workspace: Workspace) -> None:
    workflow.save_persona(workspace, Persona(name="小满"))
    other = workflow.add_persona(
        workspace, Persona(name="大满", system_prompt="我是{{ name }}。{{ relation }}")
    )
    workflow.set_relation(workspace, "阿橙", "大学同学")
    puppet = Puppet(Piece("好"))
    talk, desk = begin(workspace, persona=other, partner="阿橙"), TalkDesk(puppet)
    desk.say(workspace, talk, MODEL, "在吗")
    settle(desk, workspace, talk)
    assert puppet.asked[0][0] == "我是大满。大学同学"
    workflow.delete_persona(workspace, other)
    with pytest.raises(PersonaError, match="gone"):
        desk.say(workspace, talk, MODEL, "在吗")
    assert len(workflow.talk_lines(workspace, talk.id)) == 2


def test_an_answer_shows_how_far_it_is_and_nothing_is_said_meanwhile(workspace: Workspace) -> None:
    go = threading.Event()
    talk, desk = begin(workspace), TalkDesk(Puppet(Piece("在"), Piece("呀"), go=go))
    desk.say(workspace, talk, MODEL, "在吗")
    assert desk.running(workspace, talk.id) == workflow.Answering()
    with pytest.raises(ActionRefusedError, match="Wait until the answer"):
        desk.say(workspace, talk, MODEL, "人呢")
    go.set()
    assert [each.text for each in settle(desk, workspace, talk)] == ["在吗", "在呀"]


def test_a_stopped_answer_is_kept_as_far_as_it_came(workspace: Workspace) -> None:
    go = threading.Event()
    talk, desk = begin(workspace), TalkDesk(Puppet(Piece("在"), Piece("呀"), go=go))
    desk.say(workspace, talk, MODEL, "在吗")
    desk.stop(workspace, talk.id)
    line = settle(desk, workspace, talk)[-1]
    assert (line.role, line.text) == (ASSISTANT, "")
    assert line.problem is not None
    assert line.problem[0] == "Stopped here."


def test_what_goes_wrong_is_kept_with_what_was_said(workspace: Workspace) -> None:
    error = EndpointError("{host} broke off after {seconds}.", host="h", seconds=1.5)
    _talk, lines = talk_of(workspace, Puppet(Piece("在"), error), "在吗")
    assert lines[-1].text == "在"
    assert lines[-1].problem is not None
    assert tuple(lines[-1].problem) == (error.template, {"host": "h", "seconds": 1.5})


@pytest.mark.parametrize("error", [WorkspaceError("The disk is full."), ValueError("x")])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_answer_that_cannot_be_kept_stays_on_the_screen_and_is_kept_later(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    kept = talks.say

    def full(*given: Any, **more: Any) -> int | None:
        if given[2] == ASSISTANT:
            raise error
        return kept(*given, **more)

    talk, desk = begin(workspace), TalkDesk(Puppet(Piece("在呀")))
    with monkeypatch.context() as patch:
        patch.setattr(talks, "say", full)
        desk.say(workspace, talk, MODEL, "在吗")
        assert [each.text for each in settle(desk, workspace, talk)] == ["在吗"]
        line = desk.lines(workspace, talk.id)[-1]
        assert (line.role, line.text) == (ASSISTANT, "在呀")
        assert line.problem is not None
        assert "could not be kept" in line.problem[0]
        with pytest.raises(type(error)):
            desk.say(workspace, talk, MODEL, "吃了没")
    desk.say(workspace, talk, MODEL, "吃了没")
    said = [(each.text, each.problem) for each in settle(desk, workspace, talk)]
    assert said == [("在吗", None), ("在呀", None), ("吃了没", None), ("在呀", None)]
    assert desk.lines(workspace, talk.id) == workflow.talk_lines(workspace, talk.id)


def test_an_empty_answer_says_so(workspace: Workspace) -> None:
    _talk, lines = talk_of(workspace, Puppet(Piece(" \n")), "在吗")
    assert lines[-1].problem is not None
    assert lines[-1].problem[0] == "The model said nothing."


def test_a_talk_that_the_service_ends_goes_no_further(workspace: Workspace) -> None:
    puppet = Puppet(Piece("整句"), Piece(warning="Careful.", closing=True))
    talk, _lines = talk_of(workspace, puppet, "在吗")
    (head,) = workflow.all_talks(workspace)
    assert head.closed
    with pytest.raises(ActionRefusedError, match="over"):
        TalkDesk(puppet).say(workspace, head, MODEL, "喂")
    assert talk.id == head.id


def test_a_talk_goes_on_over_its_line_until_something_is_changed(workspace: Workspace) -> None:
    puppet = Puppet(Piece("好"))
    talk, desk = begin(workspace), TalkDesk(puppet)
    for temperature in (0.9, 0.9, 0.4):
        options = replace(workflow.chat_options(workspace, MODEL), temperature=temperature)
        workflow.save_chat_options(workspace, MODEL, options)
        desk.say(workspace, talk, MODEL, "在吗")
        settle(desk, workspace, talk)
    assert puppet.made == [0.9, 0.4]


def test_after_a_stop_the_line_is_used_again(workspace: Workspace) -> None:
    go = threading.Event()
    puppet = Puppet(Piece("在"), go=go)
    talk, desk = begin(workspace), TalkDesk(puppet)
    desk.say(workspace, talk, MODEL, "在吗")
    desk.stop(workspace, talk.id)
    go.set()
    desk.say(workspace, talk, MODEL, "人呢")
    assert settle(desk, workspace, talk)[-1].text == "在"
    assert len(puppet.made) == 1


def test_an_answer_can_be_had_anew(workspace: Workspace) -> None:
    puppet = Puppet(Piece("第一"))
    talk, _lines = talk_of(workspace, puppet, "在吗")
    puppet.pieces = (Piece("第二"),)
    desk = TalkDesk(puppet)
    desk.again(workspace, talk, MODEL)
    assert [each.text for each in settle(desk, workspace, talk)] == ["在吗", "第二"]
    assert puppet.asked[-1][1] == [Said(Role.USER, "在吗")]


@pytest.mark.parametrize("text", ["", " \n ", "长" * 5001])
def test_what_cannot_be_said_is_refused(workspace: Workspace, text: str) -> None:
    talk = begin(workspace)
    with pytest.raises(ActionRefusedError, match="Type something"):
        TalkDesk(Puppet()).say(workspace, talk, MODEL, text)


def test_a_corrected_answer_becomes_a_pending_conversation_with_its_context(
    workspace: Workspace,
) -> None:
    puppet = Puppet(Piece("您好"))
    talk, lines = talk_of(workspace, puppet, "一", "二", "三", f"打给我 {PHONE}")
    number = workflow.correct_reply(workspace, talk, lines[-1].id, "好嘞\n晚点打[害羞]")
    (record,) = workflow.review_window(workspace, ConversationFilter(sources=(CORRECTION,))).records
    assert record.conversation.id == number
    assert [(each.side, each.text) for each in record.conversation.messages] == [
        (Side.OTHER, "二"),
        (Side.ME, "您好"),
        (Side.OTHER, "三"),
        (Side.ME, "您好"),
        (Side.OTHER, f"打给我 {PHONE}"),
        (Side.ME, "好嘞"),
        (Side.ME, "晚点打[害羞]"),
    ]
    found = [each.entity for message in record.conversation.messages for each in message.findings]
    assert found == ["PHONE_NUMBER"]
    corrected = workflow.talk_lines(workspace, talk.id)[-1]
    assert (corrected.said, corrected.kept_in) == ("好嘞\n晚点打[害羞]", number)

    desk = TalkDesk(puppet)
    desk.say(workspace, talk, MODEL, "五")
    settle(desk, workspace, talk)
    assert puppet.asked[-1][1][-2] == Said(Role.ASSISTANT, "好嘞\n晚点打[害羞]")


def test_undone_a_correction_counts_no_more(workspace: Workspace) -> None:
    talk, lines = talk_of(workspace, Puppet(Piece("您好")), "在吗")
    workflow.correct_reply(workspace, talk, lines[-1].id, "在")
    with pytest.raises(ActionRefusedError, match="in the dataset already"):
        workflow.correct_reply(workspace, talk, lines[-1].id, "在呢")
    with pytest.raises(ActionRefusedError, match="in the dataset already"):
        TalkDesk(Puppet()).again(workspace, talk, MODEL)
    workflow.undo(workspace)
    line = workflow.talk_lines(workspace, talk.id)[-1]
    assert (line.said, line.kept_in) == ("您好", None)
    workflow.redo(workspace)
    assert workflow.talk_lines(workspace, talk.id)[-1].said == "在"


@pytest.mark.parametrize("text", ["", "  ", "您好", " 您好\n"])
def test_a_correction_that_changes_nothing_is_refused(workspace: Workspace, text: str) -> None:
    talk, lines = talk_of(workspace, Puppet(Piece("您好")), "在吗")
    with pytest.raises(ActionRefusedError, match="how you would have said it"):
        workflow.correct_reply(workspace, talk, lines[-1].id, text)
    with pytest.raises(ActionRefusedError, match="no longer there"):
        workflow.correct_reply(workspace, talk, lines[0].id, "好")


def test_a_liked_answer_is_taken_in_as_it_is(workspace: Workspace) -> None:
    talk, lines = talk_of(workspace, Puppet(Piece("在呀")), "在吗")
    workflow.like_reply(workspace, talk, lines[-1].id)
    (record,) = workflow.review_window(workspace, ConversationFilter(sources=(LIKED,))).records
    assert [each.text for each in record.conversation.messages] == ["在吗", "在呀"]
    assert workflow.talk_lines(workspace, talk.id)[-1].corrected == ""


def test_talks_are_named_and_deleted_and_their_conversations_stay(workspace: Workspace) -> None:
    talk, lines = talk_of(workspace, Puppet(Piece("在呀")), "在吗")
    workflow.rename_talk(workspace, talk.id, "  第一次  ")
    assert [each.name for each in workflow.all_talks(workspace)] == ["第一次"]
    (line,) = workflow.journal_page(workspace, page_size=1).lines
    assert (line.action, line.details[0].after) == ("rename_talk", "第一次")
    workflow.undo(workspace)
    assert [each.name for each in workflow.all_talks(workspace)] == [""]
    workflow.redo(workspace)
    assert [each.name for each in workflow.all_talks(workspace)] == ["第一次"]
    workflow.like_reply(workspace, talk, lines[-1].id)
    workflow.delete_talk(workspace, talk.id)
    assert workflow.all_talks(workspace) == []
    assert workflow.written_count(workspace, LIKED) == 1
    workflow.undo(workspace)
    assert len(workflow.talk_lines(workspace, talk.id)) == 2


def test_a_talk_deleted_while_its_answer_comes_stays_deleted(workspace: Workspace) -> None:
    go = threading.Event()
    talk, desk = begin(workspace), TalkDesk(Puppet(Piece("在"), go=go))
    desk.say(workspace, talk, MODEL, "在吗")
    workflow.delete_talk(workspace, talk.id)
    go.set()
    assert settle(desk, workspace, talk) == []


def test_a_talk_saved_as_a_file_is_masked(workspace: Workspace) -> None:
    talk, _lines = talk_of(workspace, Puppet(Piece("记下了")), f"我电话{PHONE}")
    text = workflow.talk_as_text(workspace, talk.id)
    assert text.startswith("对方：我电话〔")
    assert "我：记下了" in text
    assert PHONE not in text


@pytest.mark.parametrize("between", [None, ""])
def test_in_a_saved_talk_what_is_private_across_lines_is_masked(
    workspace: Workspace, between: str | None
) -> None:
    talk = begin(workspace)
    with workspace.write() as connection:
        talks.say(connection, talk.id, USER, "我的电话是138")
        if between is not None:  # an answer that never came parts nothing
            talks.say(connection, talk.id, ASSISTANT, between)
        talks.say(connection, talk.id, USER, "12345678")
        talks.say(connection, talk.id, ASSISTANT, "记下了")
    text = workflow.talk_as_text(workspace, talk.id)
    assert "138" not in text
    assert "12345678" not in text
    assert text.count("〔") >= 2
    assert text.endswith("我：记下了\n\n")


def test_of_two_corrections_at_once_one_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, lines = talk_of(workspace, Puppet(Piece("您好")), "在吗")
    both = threading.Barrier(2, timeout=5)

    def meet(told: Sequence[workflow.Line]) -> list[tuple[Side, str]]:
        both.wait()  # each has looked by now, and found the answer free
        return checked(told)

    monkeypatch.setattr(correcting, "checked", meet)
    with ThreadPoolExecutor(2) as pool:
        done = [
            pool.submit(workflow.correct_reply, workspace, talk, lines[-1].id, text)
            for text in ("在", "在呢")
        ]
        errors = [each.exception() for each in done]
    (refused,) = [each for each in errors if each is not None]
    assert isinstance(refused, ActionRefusedError)
    assert "in the dataset already" in str(refused)
    assert workflow.written_count(workspace, CORRECTION) == 1
    (kept,) = [each.result() for each, error in zip(done, errors, strict=True) if error is None]
    assert workflow.talk_lines(workspace, talk.id)[-1].kept_in == kept


def test_how_a_model_answers_is_kept_for_each(workspace: Workspace) -> None:
    usual = workflow.chat_options(workspace, MODEL)
    assert (usual.temperature, usual.context) == (0.9, 8192)
    workflow.save_chat_options(workspace, MODEL, replace(usual, temperature=0.3))
    assert workflow.chat_options(workspace, MODEL).temperature == 0.3
    other = replace(MODEL, key="spark:other")
    assert workflow.chat_options(workspace, other) == usual
    with pytest.raises(EndpointError):
        workflow.save_chat_options(workspace, MODEL, replace(usual, temperature=9))


def test_what_counts_as_told_is_the_host_that_answered_last(workspace: Workspace) -> None:
    _talk, lines = talk_of(workspace, Puppet(Piece("在")), "在吗")
    assert lines[-1].host == MODEL.host
    assert not workflow.is_news_to(lines, MODEL)
    moved = ChatModel(MODEL.key, MODEL.name, Profile("one", "https://a.example/v1", "m"))
    assert workflow.is_news_to(lines, moved)  # the same name, another address
    elsewhere = replace(lines[-1], host=moved.host)
    assert workflow.is_news_to([*lines, elsewhere], MODEL)
    assert not workflow.is_news_to([], moved)
