"""What is done in a talk: nothing is lost or done twice, however often and late it is told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from curation import workflow
from curation.chatting import save_spark
from curation.store import talks
from curation.ui import talk_deeds
from curation.ui.components.talk import Deed, Told
from curation.ui.resources import talk_desk
from curation.ui.state import UiState
from curation.workflow import ASSISTANT, USER, TalkHead
from tests.spark_service import Play, answer, running_spark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curation.ui.talk_deeds import Answer
    from curation.workflow import Workspace
    from tests.spark_service import Spark


@pytest.fixture
def spark(database: Path) -> Iterator[Spark]:
    with running_spark() as running:
        save_spark(database.parent / "secrets.toml", running.profile())
        yield running


@dataclass
class Screen:
    """A session that shows a talk; at first one that has not begun."""

    workspace: Workspace
    state: UiState = field(default_factory=lambda: UiState(generation="here"))
    told: list[str] = field(default_factory=list)
    at: int = talk_deeds.NEW

    def tell(self, *deeds: Deed) -> dict[str, Answer]:
        (model,) = workflow.chat_models()
        heads = {each.id: each for each in workflow.all_talks(self.workspace)}
        head = heads.get(self.at, TalkHead(talk_deeds.NEW, model=model.key))
        talk_deeds.do_told(Told("", deeds), head, model)
        return self.state.talk_answers

    def said(self) -> list[list[str]]:
        """What the person said in each talk, the oldest first."""
        found = sorted(each.id for each in workflow.all_talks(self.workspace))
        lines = (workflow.talk_lines(self.workspace, each) for each in found)
        return [[each.text for each in told if each.role == USER] for told in lines]

    def answered(self) -> None:
        """Wait until no answer comes in any talk."""
        places = [each.id for each in workflow.all_talks(self.workspace)]
        until = time.monotonic() + 5
        while any(talk_desk().running(self.workspace, each) is not None for each in places):
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture
def screen(empty: Workspace, spark: Spark, monkeypatch: pytest.MonkeyPatch) -> Screen:
    del spark
    made = Screen(empty)
    monkeypatch.setattr(talk_deeds, "get_state", lambda: made.state)
    monkeypatch.setattr(talk_deeds, "flash", made.told.append)
    monkeypatch.setattr(talk_deeds, "open_workspace", lambda: empty)
    monkeypatch.setattr(talk_deeds, "own_mark", lambda _workspace: "")
    fresh = talk_deeds.Deeds()
    monkeypatch.setattr(talk_deeds, "deeds", lambda: fresh)
    return made


def say(name: str, text: str, place: int = talk_deeds.NEW) -> Deed:
    process = talk_deeds.deeds().process
    return Deed(name, place, "say", text, workspace="here", process=process)


def test_two_lines_typed_fast_in_a_new_talk_are_said_one_after_the_other_in_one(
    screen: Screen, spark: Spark
) -> None:
    spark.usual = Play(answer("嗯", "嗯"), pause=0.1)
    first, second = say("a", "在吗"), say("b", "在吗")
    assert screen.tell(first) == {"a": (True, 1)}
    for _again in range(2):  # still shown as a talk that has not begun, and told once more
        assert screen.tell(first, second) == {"a": (True, 1)}
    assert screen.said() == [["在吗"]]
    screen.answered()
    assert screen.tell(first, second) == {"a": (True, 1), "b": (True, 1)}
    screen.answered()
    assert screen.said() == [["在吗", "在吗"]]
    assert screen.state.talk_at == 1


def test_what_was_told_in_one_talk_is_done_there_though_another_is_shown(screen: Screen) -> None:
    (model,) = workflow.chat_models()
    first, second = (workflow.begin_talk(screen.workspace, model=model.key) for _n in range(2))
    screen.at = second
    assert screen.tell(say("a", "在吗", first)) == {"a": (True, first)}
    assert screen.said() == [["在吗"], []]
    assert screen.tell(say("b", "在吗", 99)) == {"b": (False, 99)}
    assert screen.told == ["这段聊天已经不在了。"]


def test_what_was_typed_for_a_new_talk_comes_back_where_it_is_not_known_with_whom(
    screen: Screen,
) -> None:
    screen.at = workflow.begin_talk(screen.workspace)
    first, second = say("a", "在吗"), say("b", "喂")
    assert screen.tell(first, second) == {"a": (False, 0), "b": (False, 0)}
    assert len(screen.told) == 1
    assert screen.state.talk_at == talk_deeds.NEW
    assert screen.said() == [[]]


def test_a_like_and_a_correction_in_one_message_are_both_done_once(screen: Screen) -> None:
    (model,) = workflow.chat_models()
    screen.at = workflow.begin_talk(screen.workspace, model=model.key)
    with screen.workspace.write() as connection:
        for role, text in ((USER, "在吗"), (ASSISTANT, "您好"), (USER, "喂"), (ASSISTANT, "在")):
            talks.say(connection, screen.at, role, text)
    lines = workflow.talk_lines(screen.workspace, screen.at)
    right = Deed("a", screen.at, "correct", "在呀", lines[1].id, "here")
    like = Deed("b", screen.at, "like", "", lines[3].id, "here")
    for _again in range(2):
        assert screen.tell(right, like) == {"a": (True, 1), "b": (True, 1)}
    kept = (workflow.CORRECTION, workflow.LIKED)
    assert [workflow.written_count(screen.workspace, each) for each in kept] == [1, 1]


@pytest.mark.parametrize("used", ["flash", "_"])
def test_a_correction_in_whose_midst_the_page_is_loaded_anew_is_done_once(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, used: str
) -> None:
    def end_the_run(_text: str) -> None:
        raise StopException  # as Streamlit does at the next use of its state

    (model,) = workflow.chat_models()
    screen.at = workflow.begin_talk(screen.workspace, model=model.key)
    with screen.workspace.write() as connection:
        for role, text in ((USER, "在吗"), (ASSISTANT, "您好")):
            talks.say(connection, screen.at, role, text)
    line = workflow.talk_lines(screen.workspace, screen.at)[1].id
    right = Deed("a", screen.at, "correct", "在呀", line, "here")
    with monkeypatch.context() as ending:
        ending.setattr(talk_deeds, used, end_the_run)
        with pytest.raises(StopException):
            screen.tell(right)
    assert screen.tell(right) == {"a": (True, 1)}
    assert screen.told == []
    assert workflow.written_count(screen.workspace, workflow.CORRECTION) == 1


def test_what_a_server_said_before_it_was_killed_is_not_said_again(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.tell(say("a", "在吗"))
    screen.answered()
    # Another process, which knows no names of the one before; its screen shows the last talk.
    screen.at = 1
    gone = [replace(say(name, "在吗"), process="before") for name in "ab"]
    after = talk_deeds.Deeds()
    monkeypatch.setattr(talk_deeds, "deeds", lambda: after)
    assert screen.tell(*gone) == {"a": (True, 1), "b": (True, 1)}
    screen.answered()
    assert screen.said() == [["在吗", "在吗"]]


def test_nothing_is_done_in_a_workspace_that_took_the_place_of_the_one_shown(
    screen: Screen,
) -> None:
    assert screen.tell(replace(say("a", "在吗"), workspace="before")) == {"a": (False, 0)}
    assert screen.said() == []
