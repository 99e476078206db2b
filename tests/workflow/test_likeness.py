"""Whether a model sounds like the person: the same questions, real answers, styles in numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from curation import store, workflow
from curation.chatting import Piece, Role, Said
from curation.errors import ActionRefusedError, EndpointError
from curation.model import ConversationFilter, Persona, Side, Status
from curation.style import Measure
from curation.workflow import CORRECTION, LIKED, OWN, ChatModel, SparkProfile
from curation.workflow.likeness import MOST_QUESTIONS, LikeAnswer, ask_both
from curation.workflow.nearest import nearest_answers
from curation.workflow.writing import add_talks

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from curation.workflow import Workspace

ONE: Final = ChatModel("spark:one", "一号", SparkProfile("one", service="s"))
TWO: Final = ChatModel("spark:two", "二号", SparkProfile("two", service="s"))
PHONE: Final = "13912345678"


class Puppet:
    """Answers each question by a function; `asked` is what it was asked."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        self._answer = answer
        self.asked: list[tuple[str, list[Said]]] = []
        self.closed = 0

    def open(self) -> None:
        """Connect nothing."""

    def close(self) -> None:
        self.closed += 1

    def answer(self, system: str, history: Sequence[Said]) -> Iterator[Piece]:
        self.asked.append((system, list(history)))
        yield Piece(self._answer(history[-1].text))


def cast(**puppets: Puppet) -> Callable[[Workspace, ChatModel, threading.Event], Puppet]:
    return lambda _ws, model, _stopping: puppets[model.profile.name]


def write(workspace: Workspace, *talks: tuple[str, ...]) -> None:
    """Put conversations into the dataset, the other's and the person's lines by turns."""
    sides = (Side.OTHER, Side.ME)
    for talk in talks:
        lines = [workflow.Line(sides[at % 2], text) for at, text in enumerate(talk)]
        workflow.write_conversation(workspace, lines)


def test_both_are_asked_the_same_each_question_by_itself(workspace: Workspace) -> None:
    workflow.save_persona(workspace, Persona(name="小满", interests=f"电话{PHONE}"))
    one, two = Puppet(lambda text: f"一：{text}"), Puppet(lambda text: f"二：{text}")
    likeness = ask_both(workspace, (ONE, TWO), ["在吗", "吃了吗"], make=cast(one=one, two=two))
    assert [tuple(each.text for each in row.answers if each) for row in likeness.rows] == [
        ("一：在吗", "二：在吗"),
        ("一：吃了吗", "二：吃了吗"),
    ]
    assert one.asked == two.asked
    assert [history for _system, history in one.asked] == [
        [Said(Role.USER, "在吗")],
        [Said(Role.USER, "吃了吗")],
    ]
    assert PHONE not in one.asked[0][0]
    assert (one.closed, two.closed) == (1, 1)
    assert workflow.kept_likeness(workspace) == likeness
    assert (likeness.done, likeness.names) == (2, ("一号", "二号"))


def test_one_model_is_compared_with_what_was_really_answered(workspace: Workspace) -> None:
    write(
        workspace,
        ("吃饭了吗", "刚吃完[呲牙]"),
        ("周末去哪", f"在家，打我{PHONE}"),
        ("量子色动力学的渐近自由怎么推导", "不会"),
    )
    puppet = Puppet(lambda _text: "您好")
    asked = ["吃了吗？", "周末去哪呀", "你会飞吗今天晚上"]
    likeness = ask_both(workspace, (ONE, None), asked, make=cast(one=puppet))
    real = [row.answers[1] for row in likeness.rows]
    assert likeness.keys == ("spark:one", OWN)
    assert real[0] == LikeAnswer("刚吃完[呲牙]", "吃饭了吗")
    assert real[1] is not None
    assert real[1].text.startswith("在家，打我〔")
    assert real[2] == LikeAnswer()
    sent = json.dumps([(system, [each.text for each in told]) for system, told in puppet.asked])
    assert json.dumps("刚吃完")[1:-1] not in sent


def test_the_nearest_question_counts_and_rejected_ones_never(workspace: Workspace) -> None:
    write(workspace, ("睡了吗", "没呢"), ("睡了没呀", "还没"))
    (found,) = nearest_answers(workspace, ["睡了吗"])
    assert found is not None
    assert (found.asked, found.text, found.alike) == ("睡了吗", "没呢", 100)
    workflow.set_status(workspace, ConversationFilter(text="没呢"), Status.REJECTED)
    (other,) = nearest_answers(workspace, ["睡了吗"])
    assert other is not None
    assert other.text == "还没"


def test_what_is_approved_counts_before_what_is_more_alike_and_waits(workspace: Workspace) -> None:
    write(workspace, ("睡了吗", "没呢"), ("睡了没呀", "还没"), ("吃饭了吗", "刚吃完"))
    workflow.set_status(workspace, ConversationFilter(text="还没"), Status.APPROVED)
    found = nearest_answers(workspace, ["睡了吗", "吃饭了吗", "你会飞吗今天晚上"])
    assert [each and each.text for each in found] == ["还没", "刚吃完", None]


@pytest.mark.parametrize("source", [CORRECTION, LIKED])
def test_what_a_model_said_is_never_taken_for_a_real_answer(
    workspace: Workspace, source: str
) -> None:
    add_talks(
        workspace, [[(Side.OTHER, "睡了吗"), (Side.ME, "您好")]], source=source, action="like"
    )
    write(workspace, ("睡了没呀", "还没"))
    (found,) = nearest_answers(workspace, ["睡了吗"])
    assert found is not None
    assert found.text == "还没"


def test_a_question_of_punctuation_alone_is_like_none(workspace: Workspace) -> None:
    write(workspace, ("？？", "怎么了"))
    assert nearest_answers(workspace, ["？", "…"]) == [None, None]
    assert nearest_answers(workspace, []) == []


def test_what_was_answered_before_a_stop_is_kept(workspace: Workspace) -> None:
    class StopError(Exception):
        pass

    def progress(stage: str, done: int, _total: int) -> None:
        if stage == "likeness" and done == 1:
            raise StopError

    puppet = Puppet(lambda text: text * 2)
    with pytest.raises(StopError):
        ask_both(workspace, (ONE, None), ["在吗", "人呢"], progress, cast(one=puppet))
    kept = workflow.kept_likeness(workspace)
    assert kept is not None
    assert [row.answers[0] for row in kept.rows] == [LikeAnswer("在吗在吗"), None]
    assert puppet.closed == 1


def test_an_answer_that_fails_says_why_and_the_rest_goes_on(workspace: Workspace) -> None:
    def answer(text: str) -> str:
        if text == "在吗":
            raise EndpointError("{host} held back.", fatal=False, host="h")
        return "好"

    likeness = ask_both(workspace, (ONE, None), ["在吗", "人呢"], make=cast(one=Puppet(answer)))
    first, second = (row.answers[0] for row in likeness.rows)
    assert first == LikeAnswer("", "", ("{host} held back.", {"host": "h"}))
    assert second == LikeAnswer("好")
    assert workflow.kept_likeness(workspace) == likeness


def test_what_would_fail_again_ends_it_and_keeps_what_there_is(workspace: Workspace) -> None:
    def answer(text: str) -> str:
        if text == "人呢":
            raise EndpointError("No key.")
        return "好"

    puppet = Puppet(answer)
    with pytest.raises(EndpointError, match="No key"):
        ask_both(workspace, (ONE, None), ["在吗", "人呢", "喂"], make=cast(one=puppet))
    kept = workflow.kept_likeness(workspace)
    assert kept is not None
    assert [row.answers[0] for row in kept.rows] == [LikeAnswer("好"), None, None]
    assert len(puppet.asked) == 2


def test_styles_stand_beside_the_persons_own(workspace: Workspace) -> None:
    write(workspace, *((f"问题{n}", f"好呀哈哈[呲牙]{n}") for n in range(40)))
    like, unlike = Puppet(lambda text: f"好的哈哈[呲牙]{text}"), Puppet(lambda _text: "您好。" * 9)
    asked = [f"第{n}问" for n in range(20)]
    likeness = ask_both(workspace, (ONE, TWO), asked, make=cast(one=like, two=unlike))
    store.put_setting(workspace, "voice", None)
    assert workflow.like_styles(workspace, likeness) is None
    workflow.measure_voice(workspace)
    styles = workflow.like_styles(workspace, likeness)
    assert styles is not None
    first, second = styles.sides
    assert first is not None
    assert second is not None
    assert not {each.measure for each in first if each.much} & {Measure.CODES, Measure.LAUGHTER}
    assert {each.measure for each in second if each.much} >= {
        Measure.LENGTH,
        Measure.CODES,
        Measure.LAUGHTER,
        Measure.FULL_STOP,
    }


def test_too_few_answers_tell_nothing(workspace: Workspace) -> None:
    write(workspace, *((f"问题{n}", f"好呀{n}") for n in range(9)))
    likeness = ask_both(workspace, (ONE, None), ["在吗"], make=cast(one=Puppet(lambda _: "好")))
    styles = workflow.like_styles(workspace, likeness)
    assert styles is not None
    assert styles.sides == (None, None)


def test_questions_can_be_changed_and_set_back(workspace: Workspace) -> None:
    assert workflow.everyday_questions(workspace) is None
    workflow.save_questions(workspace, [" 在吗 ", "", "在吗", "人呢"])
    assert workflow.everyday_questions(workspace) == ("在吗", "人呢")
    for wrong in ([], ["  "], [str(n) for n in range(MOST_QUESTIONS + 1)]):
        with pytest.raises(ActionRefusedError, match="questions, one a line"):
            workflow.save_questions(workspace, wrong)
    workflow.save_questions(workspace, None)
    assert workflow.everyday_questions(workspace) is None
    assert len(set(workflow.EVERYDAY)) == 20
