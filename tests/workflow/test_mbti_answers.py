"""MBTI answers in a workspace: picked, said anew, kept, reviewed, and never too many of them."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.errors import ActionRefusedError, ExportBlockedError
from curation.model import ConversationFilter, Side, Status
from curation.workflow import BehaviourFile, Line, Pole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.persona.mbti import Behaviour
    from curation.style import Fingerprint
    from curation.workflow import Workspace

    WriteChat = Callable[..., Path]

OF_MBTI = ConversationFilter(sources=(workflow.MBTI,))
DAYS = "一二三四五六七八九十"


def behaviour_file(pole: Pole | None, count: int = 10, name: str = "x.json") -> BehaviourFile:
    """Return a file of pairs that differ in more than a number."""
    things = ("画画", "爬山", "看海", "做饭", "弹琴", "种花", "跑步", "写字", "下棋", "钓鱼")
    pairs = tuple(
        (
            f"你喜欢{things[at]}吗？",
            (
                f"我很喜欢{things[at]}，一有空就{things[at]}{DAYS[at] * (at + 3)}。"
                f"{things[-at]}我就没那么想去。"
            ),
        )
        for at in range(count)
    )
    return BehaviourFile(name, pole, pairs)


def test_answers_of_each_pole_are_picked_and_missing_poles_are_said(workspace: Workspace) -> None:
    files = [behaviour_file(Pole.I, 6), behaviour_file(Pole.T), behaviour_file(None)]
    plan = workflow.plan_mbti(workspace, "infp", files, each=4)
    assert {each.behaviour.pole for each in plan.answers} == {Pole.I}
    assert len(plan.answers) == 4
    assert plan.missing == (Pole.N, Pole.F, Pole.P)
    assert plan.few == {}
    more = workflow.plan_mbti(workspace, "INFP", files, each=20)
    assert more.few == {Pole.I: 6}
    assert workflow.is_empty(workspace)


def test_what_says_nearly_the_same_is_picked_once(workspace: Workspace) -> None:
    file = behaviour_file(Pole.I, 3)
    long = (
        "我周末喜欢一个人待着，早上先去楼下买豆浆，回来把花浇了，然后找本书窝在沙发里看到中午。"
        "下午要是天气好，我会去河边走走，听听歌，晚上给自己煮碗面，再看部老电影。"
    )
    pairs = (("你周末怎么过？", long), ("你周末一般怎么过？", f"嗯，{long}"))
    twice = replace(file, pairs=(*file.pairs, *pairs))
    plan = workflow.plan_mbti(workspace, "INFP", [twice], each=9)
    assert (len(plan.answers), plan.repeated) == (4, 1)


@pytest.mark.parametrize("mbti_type", ["", "INF", "INFX", "NIFP", "INFPP", "你好"])
def test_what_is_no_type_is_refused(workspace: Workspace, mbti_type: str) -> None:
    with pytest.raises(ActionRefusedError, match="no MBTI type"):
        workflow.plan_mbti(workspace, mbti_type, [behaviour_file(Pole.I)])


def test_they_are_kept_as_pending_conversations_and_undone_as_one(workspace: Workspace) -> None:
    plan = workflow.plan_mbti(workspace, "INFP", [behaviour_file(Pole.I)], each=5)
    ids = workflow.take_mbti(workspace, plan.answers[:3])
    assert workflow.count_matching(workspace, OF_MBTI) == workflow.written_count(
        workspace, workflow.MBTI
    )
    window = workflow.review_window(workspace, OF_MBTI, at=ids[0])
    talk = next(each.conversation for each in window.records if each.conversation.id == ids[0])
    assert (talk.status, talk.source, talk.chat) == (Status.PENDING, "mbti", workflow.MBTI_CHAT)
    assert talk.messages[0].text == plan.answers[0].question
    assert [each.text for each in talk.messages[1:]] == list(plan.answers[0].messages)
    workflow.undo(workspace)
    assert workflow.count_matching(workspace, OF_MBTI) == 0


def test_what_was_kept_is_not_picked_again_until_it_is_undone(workspace: Workspace) -> None:
    files = [behaviour_file(Pole.I)]
    plan = workflow.plan_mbti(workspace, "INFP", files, each=10)
    workflow.take_mbti(workspace, plan.answers)
    assert workflow.plan_mbti(workspace, "INFP", files).answers == ()
    workflow.undo(workspace)
    assert len(workflow.plan_mbti(workspace, "INFP", files).answers) == len(plan.answers)


def test_nothing_chosen_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ActionRefusedError):
        workflow.take_mbti(workspace, [])


def test_private_details_in_them_are_found(workspace: Workspace) -> None:
    said = "我最近换了号，以前那个不用了，你记一下新的吧，是13812345678，有空就打给我，我晚上在家。"
    pair = (
        "你的电话还是以前那个吗？我前两天打过去，怎么老是没有人接呀",
        f"{said}我一般晚上都在家。",
    )
    plan = workflow.plan_mbti(workspace, "INFP", [BehaviourFile("x", Pole.I, (pair,))])
    workflow.take_mbti(workspace, plan.answers)
    assert workflow.finding_counts(workspace)


def test_they_are_said_in_the_persons_own_register(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    mine = [(at, ("小满", "阿橙")[at % 2], ("好呀~", "在吗")[at % 2]) for at in range(600)]
    path = write_chat(mine)
    workflow.import_files(workspace, [path], me={path: "小满"})
    plan = workflow.plan_mbti(workspace, "INFP", [behaviour_file(Pole.I)])
    assert plan.measured == 300
    assert all(message.endswith("~") for each in plan.answers for message in each.messages)


def test_another_rewriter_takes_the_place_of_the_rules(workspace: Workspace) -> None:
    def echo(behaviour: Behaviour, _own: Fingerprint, seed: int) -> tuple[str, ...]:
        return (f"{seed}{behaviour.answer}",) if "画画" in behaviour.question else ()

    plan = workflow.plan_mbti(workspace, "INFP", [behaviour_file(Pole.I)], seed=4, rewriter=echo)
    assert [each.messages[0][:2] for each in plan.answers] == ["4我"]


@pytest.fixture
def approved(workspace: Workspace) -> Workspace:
    """Return a workspace of seventeen approved talks and ten approved MBTI answers."""
    for number in range(17):
        workflow.write_conversation(
            workspace, [Line(Side.OTHER, f"第{number}次在吗"), Line(Side.ME, f"在{number}")]
        )
    plan = workflow.plan_mbti(workspace, "INFP", [behaviour_file(Pole.I)], each=10)
    workflow.take_mbti(workspace, plan.answers)
    workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
    return workspace


@pytest.mark.parametrize(("share", "in_file"), [(15, 3), (0, 0), (100, 10), (20, 4)])
def test_no_more_of_them_are_exported_than_the_share_allows(
    approved: Workspace, tmp_path: Path, share: int, in_file: int
) -> None:
    settings = replace(workflow.load_settings(approved), mbti_share=share)
    workflow.save_settings(approved, settings)
    report = workflow.export_dataset(approved, tmp_path / "out")
    assert report.records == 17 + in_file
    assert len(report.left_out.get("mbti_share", ())) == 10 - in_file
    assert 100 * in_file <= share * report.records
    assert workflow.export_summary(approved).too_much_mbti is (share < 100)
    records = json.loads((tmp_path / "out" / "sharegpt.json").read_text(encoding="utf-8"))
    assert len(records) == report.records


def test_one_of_them_alone_is_still_shown_as_it_would_be_exported(approved: Workspace) -> None:
    number = int(workflow.conversation_page(approved, OF_MBTI, order="queue").rows["id"].iloc[0])
    assert workflow.preview_record(approved, number).turns


def test_a_file_of_nothing_else_is_not_written(tmp_path: Path) -> None:
    with closing(workflow.open_workspace(tmp_path / "w.db")) as workspace:
        plan = workflow.plan_mbti(workspace, "INFP", [behaviour_file(Pole.I)])
        workflow.take_mbti(workspace, plan.answers)
        workflow.set_status(workspace, OF_MBTI, Status.APPROVED)
        with pytest.raises(ExportBlockedError):
            workflow.export_dataset(workspace, tmp_path / "out")
