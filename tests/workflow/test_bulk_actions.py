"""Acting on many conversations: what is told before, what changes, undo, redo, and refusals."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from curation import workflow
from curation.errors import ActionRefusedError, DependentActionsError
from curation.model import ConversationFilter, Decision, Persona, Status, SuggestionKind
from curation.store import Workspace, iter_conversations
from curation.store.tables import conversation
from curation.store.tables import suggestion as suggestion_table
from curation.workflow import (
    AnswerSuggestions,
    BulkAction,
    DecideFindings,
    Facts,
    Left,
    SetBackground,
    SetRelation,
    SetStatus,
    SplitAgain,
    TagEmotions,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.conftest import Databases
    from tests.postgres import Server

Line = tuple[float, str, str]  # minute, sender, text
START = datetime(2024, 5, 1, 20)  # noqa: DTZ001  (wall-clock time has no zone)
EVERYTHING = ConversationFilter()
HOUR = 60
TALKS = (
    [(0, "阿橙", "在吗，我号13800138000"), (1, "小满", "在呀~")],
    [(3 * HOUR, "阿橙", "邮箱 cheng@example.com 号13900139000"), (3 * HOUR + 50, "小满", "好")],
    [(9 * HOUR, "阿橙", "晚安"), (9 * HOUR + 1, "小满", "晚安(*^▽^*)")],
    [(10 * HOUR + 1, "阿橙", "还没睡？"), (10 * HOUR + 2, "小满", "睡不着哈哈哈")],
)
"""Four conversations an hour or more apart; within the second there is a pause of 50 minutes."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four conversations with 阿橙, one with 妈妈; the first two hold private details."""
    folder = tmp_path_factory.mktemp("talks")
    fill(str(folder / "workspace.db"), folder)
    return folder / "workspace.db"


@pytest.fixture(scope="module")
def filled_on_server(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same in a database on the server."""
    name = postgres_server.create()
    fill(postgres_server.address(name), tmp_path_factory.mktemp("talks"))
    return name


def fill(address: str, folder: Path) -> None:
    workspace = workflow.open_workspace(address)
    workflow.save_settings(workspace, workflow.Settings(gap_mode="fixed", gap_minutes=55))
    bring(workspace, folder, "阿橙", [line for talk in TALKS for line in talk])
    bring(workspace, folder, "妈妈", [(0, "妈妈", "吃饭没"), (1, "小满", "吃了")])
    assert [each.id for each in everything(workspace)] == [1, 2, 3, 4, 5]
    workspace.close()


def bring(workspace: Workspace, folder: Path, chat: str, lines: Sequence[Line]) -> None:
    """Import a chat and look for private details."""
    path = folder / f"{chat}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("消息ID,类型,发送人,时间,内容\n")
        for number, (minute, who, text) in enumerate(lines):
            moment = START + timedelta(minutes=minute)
            file.write(f"{7 * 10**18 + ord(chat[0]) * 1000 + number},文本,{who},{moment},{text}\n")
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)


@pytest.fixture
def talks(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Workspace]:
    if databases.server is None:
        shutil.copy(request.getfixturevalue("filled"), tmp_path / "workspace.db")
    else:
        databases.copy(request.getfixturevalue("filled_on_server"), tmp_path / "workspace.db")
    opened = workflow.open_workspace(tmp_path / "workspace.db")
    yield opened
    opened.close()


def everything(workspace: Workspace) -> list[Any]:
    return list(iter_conversations(workspace, EVERYTHING))


def state(workspace: Workspace) -> object:
    """All that a person did or sees, but for versions."""
    shown = (
        conversation.c.id,
        conversation.c.sort_key,
        conversation.c.length,
        conversation.c.turns,
        conversation.c.undecided,
        conversation.c.edited,
        conversation.c.started_at,
        conversation.c.scanned,
    )
    with workspace.read() as connection:
        derived = connection.execute(select(*shown).order_by(conversation.c.id)).all()
    whole = [
        (each.id, each.chat, each.status, each.messages, each.background, each.emotions)
        for each in everything(workspace)
    ]
    return whole, derived, workflow.load_persona(workspace)


def act(
    workspace: Workspace, action: BulkAction, on: object = EVERYTHING, *, again: bool = False
) -> workflow.BulkResult:
    plan = workflow.plan_bulk(workspace, on, action, again=again)  # type: ignore[arg-type]
    return workflow.do_bulk(workspace, plan)


def statuses(workspace: Workspace) -> list[str]:
    return [each.status.value for each in everything(workspace)]


def tags(workspace: Workspace) -> list[str]:
    return ["".join(each.emotions) for each in everything(workspace)]


def backgrounds(workspace: Workspace) -> list[str]:
    return [each.background for each in everything(workspace)]


def relations(workspace: Workspace) -> dict[str, str]:
    return dict(workflow.load_persona(workspace).relations)


def decisions(workspace: Workspace) -> list[str]:
    return [
        finding.decision.value
        for each in everything(workspace)
        for message in each.messages
        for finding in message.findings
    ]


def sizes(workspace: Workspace) -> list[int]:
    return [len(each.messages) for each in everything(workspace)]


def prepared(workspace: Workspace) -> None:
    """The first is approved, the second rejected, the third tagged; 阿橙 is a friend."""
    workflow.set_status(workspace, [1], Status.APPROVED)
    workflow.set_status(workspace, [2], Status.REJECTED)
    workflow.tag_emotion(workspace, [3], "开心", on=True)
    act(workspace, SetBackground(Way.REPLACE, "周末"), [3])
    workflow.save_persona(workspace, Persona(name="小满", relations={"阿橙": "朋友"}))
    act(workspace, DecideFindings(Decision.KEEP), [1])


@dataclass(frozen=True)
class Case:
    """An action, what is told before it, and what it makes of what `look` sees."""

    action: BulkAction
    told: tuple[int, dict[Left, int]]
    facts: Facts
    look: Callable[[Workspace], object]
    expected: object
    again: bool = False


def case(*given: Any, again: bool = False, id: str) -> Any:  # noqa: A002  (as pytest calls it)
    return pytest.param(replace(Case(*given), again=again), id=id)


CASES = [
    case(
        SetStatus(Status.APPROVED),
        (3, {Left.SAME: 1, Left.DECIDED: 1}),
        Facts(statuses={Status.PENDING: 3}, decided=1),
        statuses,
        ["approved", "rejected", "approved", "approved", "approved"],
        id="approve, but what was rejected",
    ),
    case(
        SetStatus(Status.REJECTED),
        (4, {Left.SAME: 1}),
        Facts(statuses={Status.PENDING: 3, Status.APPROVED: 1}, decided=1),
        statuses,
        ["rejected"] * 5,
        again=True,
        id="reject, also what was approved",
    ),
    case(
        SetStatus(Status.SKIPPED),
        (3, {Left.DECIDED: 2}),
        Facts(statuses={Status.PENDING: 3}, decided=2),
        statuses,
        ["approved", "rejected", "skipped", "skipped", "skipped"],
        id="skip",
    ),
    case(
        SetStatus(Status.PENDING),
        (2, {Left.SAME: 3}),
        Facts(statuses={Status.APPROVED: 1, Status.REJECTED: 1}),
        statuses,
        ["pending"] * 5,
        id="back to review",
    ),
    case(
        TagEmotions(("开心", "温柔"), on=True),
        (5, {}),
        Facts(),
        tags,
        ["开心温柔"] * 5,
        id="several emotions, one of which is there already",
    ),
    case(
        TagEmotions(("开心",), on=True),
        (4, {Left.SAME: 1}),
        Facts(),
        tags,
        ["开心"] * 5,
        id="an emotion that is there already",
    ),
    case(
        TagEmotions(("开心", "难过"), on=False),
        (1, {Left.SAME: 4}),
        Facts(),
        tags,
        [""] * 5,
        id="emotions taken off",
    ),
    case(
        SetBackground(Way.REPLACE, " 一起上学 "),
        (4, {Left.DECIDED: 1}),
        Facts(decided=1),
        backgrounds,
        ["一起上学", "一起上学", "周末", "一起上学", "一起上学"],
        id="a background where none is written",
    ),
    case(
        SetBackground(Way.REPLACE, "周末"),
        (4, {Left.SAME: 1}),
        Facts(),
        backgrounds,
        ["周末"] * 5,
        again=True,
        id="the same background",
    ),
    case(
        SetBackground(Way.APPEND, "一起上学"),
        (5, {}),
        Facts(),
        backgrounds,
        ["一起上学", "一起上学", "周末\n一起上学", "一起上学", "一起上学"],
        id="a line more",
    ),
    case(
        SetBackground(Way.APPEND, "周末"),
        (4, {Left.SAME: 1}),
        Facts(),
        backgrounds,
        ["周末"] * 5,
        id="a line that stands there already",
    ),
    case(
        SetBackground(Way.CLEAR),
        (1, {Left.SAME: 4}),
        Facts(),
        backgrounds,
        [""] * 5,
        id="no background",
    ),
    case(
        SetRelation("同学"),
        (1, {Left.DECIDED: 4}),
        Facts(decided=4, chats=1),
        relations,
        {"阿橙": "朋友", "妈妈": "同学"},
        id="a relation where none is written",
    ),
    case(
        SetRelation("同学"),
        (5, {}),
        Facts(decided=4, chats=2),
        relations,
        {"阿橙": "同学", "妈妈": "同学"},
        again=True,
        id="another relation",
    ),
    case(
        SetRelation(" "),
        (4, {Left.SAME: 1}),
        Facts(chats=1),
        relations,
        {},
        id="no relation",
    ),
    case(
        DecideFindings(Decision.MASK),
        (1, {Left.DECIDED: 1, Left.NOTHING: 3}),
        Facts(findings=2, decided=1),
        decisions,
        ["keep", "mask", "mask"],
        id="mask what is undecided",
    ),
    case(
        DecideFindings(Decision.MASK, ("PHONE_NUMBER",)),
        (2, {Left.NOTHING: 3}),
        Facts(findings=2, decided=1),
        decisions,
        ["mask", "pending", "mask"],
        again=True,
        id="mask one kind, also what was kept",
    ),
    case(
        DecideFindings(Decision.KEEP, ("EMAIL_ADDRESS",)),
        (1, {Left.NOTHING: 4}),
        Facts(findings=1),
        decisions,
        ["keep", "keep", "pending"],
        id="keep one kind",
    ),
    case(
        SplitAgain(40),
        (0, {Left.DECIDED: 3, Left.SAME: 2}),
        Facts(decided=3),
        sizes,
        [2, 2, 2, 2, 2],
        id="split again, but what a person acted on",
    ),
    case(
        SplitAgain(40),
        (1, {Left.SAME: 4}),
        Facts(decided=3, parts=2),
        lambda workspace: list(zip(sizes(workspace), statuses(workspace), strict=True)),
        [
            (2, "approved"),
            (1, "rejected"),
            (1, "rejected"),
            (2, "pending"),
            (2, "pending"),
            (2, "pending"),
        ],
        again=True,
        id="split again, also what a person acted on",
    ),
]


@pytest.mark.on_both
@pytest.mark.parametrize("case", CASES)
def test_each_action_does_what_it_said_and_one_undo_takes_it_back(
    talks: Workspace, case: Case
) -> None:
    prepared(talks)
    before = state(talks)
    newest = workflow.journal_page(talks).lines[0].id

    plan = workflow.plan_bulk(talks, EVERYTHING, case.action, again=case.again)
    assert (plan.changing, dict(plan.left)) == case.told
    assert plan.facts == case.facts
    assert plan.selected == 5
    assert state(talks) == before, "only told so far"

    result = workflow.do_bulk(talks, plan)
    assert (result.changed, dict(result.left), result.facts) == (*case.told, case.facts)
    assert case.look(talks) == case.expected
    if not result.changed:
        assert workflow.journal_page(talks).lines[0].id == newest
        return
    after = state(talks)
    entry = workflow.journal_page(talks).lines[0]
    assert (entry.action, entry.count >= result.changed) == (case.action.name, True)

    assert workflow.undo(talks) == case.action.name
    assert state(talks) == before
    assert workflow.redo(talks) == case.action.name
    assert state(talks) == after


@pytest.mark.parametrize(
    ("action", "why"),
    [
        pytest.param(SetBackground(Way.REPLACE, " \n "), "nothing written", id="no text to set"),
        pytest.param(SetBackground(Way.APPEND), "nothing written", id="no text to add"),
        pytest.param(SplitAgain(0), "between 1 and", id="no pause"),
        pytest.param(SplitAgain(24 * 60 + 1), "between 1 and", id="too long a pause"),
    ],
)
def test_what_makes_no_sense_is_refused(talks: Workspace, action: BulkAction, why: str) -> None:
    with pytest.raises(ActionRefusedError, match=why):
        workflow.plan_bulk(talks, EVERYTHING, action)


def test_rows_that_changed_or_went_away_since_they_were_shown_are_left_alone_and_told(
    talks: Workspace,
) -> None:
    shown = {each.id: each.version for each in everything(talks)} | {77: 1}
    workflow.set_status(talks, [2], Status.REJECTED)  # in another tab
    plan = workflow.plan_bulk(talks, shown, SetStatus(Status.APPROVED), again=True)
    assert (plan.changing, dict(plan.left)) == (4, {Left.STALE: 1, Left.GONE: 1})
    workflow.set_status(talks, [3], Status.SKIPPED)
    result = workflow.do_bulk(talks, plan)
    assert (result.changed, dict(result.left)) == (3, {Left.STALE: 2, Left.GONE: 1})
    assert statuses(talks) == ["approved", "rejected", "skipped", "approved", "approved"]


def test_what_came_into_a_filter_or_left_it_since_is_left_alone_and_told(talks: Workspace) -> None:
    pending = ConversationFilter(statuses=(Status.PENDING,))
    workflow.set_status(talks, [5], Status.REJECTED)
    plan = workflow.plan_bulk(talks, pending, SetStatus(Status.APPROVED))
    workflow.set_status(talks, [1], Status.SKIPPED)
    workflow.set_status(talks, [5], Status.PENDING)
    result = workflow.do_bulk(talks, plan)
    assert (result.changed, dict(result.left)) == (3, {Left.GONE: 1, Left.NEW: 1})
    assert statuses(talks) == ["skipped", "approved", "approved", "approved", "pending"]


@pytest.mark.parametrize(
    ("action", "stage"),
    [
        (SetStatus(Status.APPROVED), "change"),
        (TagEmotions(("开心",), on=True), "change"),
        (SetBackground(Way.REPLACE, "周末"), "change"),
        (SetBackground(Way.REPLACE, "周末"), "finish"),
        (SetRelation("朋友"), "change"),
        (DecideFindings(Decision.KEEP), "change"),
        (DecideFindings(Decision.KEEP), "finish"),
        (SplitAgain(40), "split"),
        (SplitAgain(40), "change"),
        (SplitAgain(40), "finish"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.name,
)
def test_an_action_that_is_stopped_changes_nothing(
    talks: Workspace, action: BulkAction, stage: str
) -> None:
    class Stopped(BaseException):
        """As Streamlit stops a run."""

    before = state(talks)

    def stop(at: str, done: int, total: int) -> None:
        if at == stage and (done == total or stage == "finish"):
            raise Stopped

    plan = workflow.plan_bulk(talks, EVERYTHING, action)
    with pytest.raises(Stopped):
        workflow.do_bulk(talks, plan, stop)
    assert state(talks) == before
    assert {entry.action for entry in workflow.journal_page(talks).lines} == {"import"}


def test_conversations_that_nobody_touched_become_one_with_neighbours_and_stay_untouched(
    talks: Workspace,
) -> None:
    before = state(talks)
    result = act(talks, SplitAgain(90))
    assert (result.changed, dict(result.left), result.facts.parts) == (2, {Left.SAME: 3}, 1)
    assert sizes(talks) == [2, 2, 4, 2]
    workflow.undo(talks)
    workflow.scan_findings(talks)  # which what was joined has waited for
    assert state(talks) == before
    assert act(talks, SplitAgain(90)).changed == 2, "still nobody acted on them"


def test_splitting_again_does_not_reach_over_what_was_not_chosen(talks: Workspace) -> None:
    assert act(talks, SplitAgain(24 * 60), [1, 3, 4]).changed == 2
    assert sizes(talks) == [2, 2, 4, 2]


@pytest.mark.on_both
def test_parts_of_a_conversation_that_a_person_acted_on_keep_what_was_said_of_it(
    talks: Workspace,
) -> None:
    message = everything(talks)[1].messages[1]
    workflow.tag_emotion(talks, [2], "开心", on=True)
    act(talks, SetBackground(Way.REPLACE, "出差"), [2])
    tag = {"n": 1, "type": "tag", "id": 2, "version": 3, "emotion": "平静", "on": True}
    workflow.commit_actions(talks, "tab", [{**tag, "message": message.id}])
    before = state(talks)
    act(talks, SplitAgain(40), [2], again=True)
    parts = [each for each in everything(talks) if each.background == "出差"]
    assert [each.emotions for each in parts] == [("开心",), ("开心",)]
    assert [[m.emotions for m in each.messages] for each in parts] == [[()], [("平静",)]]
    workflow.undo(talks)
    assert state(talks) == before


def test_relations_of_other_chats_and_the_rest_of_the_persona_outlive_an_undo(
    talks: Workspace,
) -> None:
    entry = act(talks, SetRelation("妈"), ConversationFilter(chats=("妈妈",))).entry
    assert entry is not None
    persona = workflow.load_persona(talks)
    changed = Persona(name="小满", relations={**persona.relations, "阿橙": "朋友"})
    workflow.save_persona(talks, changed)
    workflow.undo_action(talks, entry)
    assert workflow.load_persona(talks) == Persona(name="小满", relations={"阿橙": "朋友"})
    workflow.redo(talks)
    assert relations(talks) == {"妈妈": "妈", "阿橙": "朋友"}
    workflow.save_persona(talks, Persona(name="小满", relations={"妈妈": "母亲"}))
    with pytest.raises(DependentActionsError):
        workflow.undo_action(talks, entry)


def test_a_relation_tells_how_many_conversations_more_it_concerns(talks: Workspace) -> None:
    plan = workflow.plan_bulk(talks, [1], SetRelation("朋友"))
    assert (plan.changing, plan.facts) == (1, Facts(chats=1, beyond=3))
    workflow.do_bulk(talks, plan)
    assert workflow.journal_page(talks).lines[0].count == 4


def test_findings_in_deleted_messages_and_equal_values_elsewhere_stay_undecided(
    talks: Workspace, tmp_path: Path
) -> None:
    bring(talks, tmp_path, "老陈", [(0, "老陈", "号13800138000"), (1, "小满", "好")])
    message = everything(talks)[1].messages[0].id
    delete = {"n": 1, "type": "delete_message", "id": 2, "version": 1}
    workflow.commit_actions(talks, "tab", [{**delete, "message": message, "deleted": True}])
    result = act(talks, DecideFindings(Decision.MASK), [1, 2])
    assert (result.changed, dict(result.left)) == (1, {Left.NOTHING: 1})
    assert decisions(talks) == ["mask", "pending", "pending", "pending"]


def suggest(workspace: Workspace, *rows: tuple[int, int | None, SuggestionKind, str]) -> None:
    """Let a machine have pointed something out: conversation, message, kind, label."""
    with workspace.write() as connection:
        for number, message, kind, label in rows:
            connection.execute(
                suggestion_table.insert().values(
                    conversation_id=number,
                    message_id=message,
                    kind=kind.value,
                    label=label,
                    score=0.7,
                    reason="",
                    model="test",
                    state="open",
                )
            )


def states(workspace: Workspace) -> list[str]:
    with workspace.read() as connection:
        query = select(suggestion_table.c.state).order_by(suggestion_table.c.id)
        return list(connection.scalars(query))


EMOTION, JUMP = SuggestionKind.EMOTION, SuggestionKind.TOPIC_JUMP


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("action", "told", "expected", "tagged"),
    [
        pytest.param(
            AnswerSuggestions(EMOTION, accept=True),
            (2, {Left.NOTHING: 3}, 3),
            ["accepted", "accepted", "accepted", "open"],
            ["温柔", "开心", "", "", ""],
            id="emotions accepted",
        ),
        pytest.param(
            AnswerSuggestions(EMOTION, accept=False),
            (2, {Left.NOTHING: 3}, 3),
            ["refused", "refused", "refused", "open"],
            ["", "开心", "", "", ""],
            id="emotions refused",
        ),
        pytest.param(
            AnswerSuggestions(JUMP, accept=True),
            (1, {Left.NOTHING: 4}, 1),
            ["open", "open", "open", "accepted"],
            ["", "开心", "", "", ""],
            id="topic jumps accepted",
        ),
    ],
)
def test_suggestions_of_a_kind_are_answered(
    talks: Workspace,
    action: AnswerSuggestions,
    told: tuple[int, dict[Left, int], int],
    expected: list[str],
    tagged: list[str],
) -> None:
    workflow.tag_emotion(talks, [2], "开心", on=True)
    message = everything(talks)[0].messages[0].id
    suggest(
        talks,
        (1, None, EMOTION, "温柔"),
        (1, message, EMOTION, "平静"),
        (2, None, EMOTION, "开心"),
        (3, None, JUMP, ""),
    )
    before = state(talks)
    plan = workflow.plan_bulk(talks, EVERYTHING, action)
    assert (plan.changing, dict(plan.left), plan.facts.suggestions) == told
    workflow.do_bulk(talks, plan)
    assert states(talks) == expected
    assert tags(talks) == tagged
    accepted = action == AnswerSuggestions(EMOTION, accept=True)
    assert everything(talks)[0].messages[0].emotions == (("平静",) if accepted else ())
    workflow.undo(talks)
    assert (state(talks), states(talks)) == (before, ["open"] * 4)
    workflow.redo(talks)
    assert states(talks) == expected


@pytest.mark.on_both
def test_that_conversations_repeat_others_is_refused_in_bulk_but_not_accepted(
    talks: Workspace, tmp_path: Path
) -> None:
    long = "今天下午去公园走了一圈，湖边的荷花全开了，还看到一只白鹭站在水里一动不动，好久好久。"
    lines = [(minute, who, long) for minute, who in ((0, "老陈"), (1, "小满"))]
    bring(talks, tmp_path, "老陈", lines)
    bring(
        talks,
        tmp_path,
        "老林",
        [(minute, "老林" if who == "老陈" else who, text) for minute, who, text in lines],
    )
    alike = ConversationFilter(suggestions=(SuggestionKind.NEAR_DUPLICATE,))
    assert workflow.count_matching(talks, alike) == 1
    with pytest.raises(ActionRefusedError, match="rejects the conversation"):
        act(talks, AnswerSuggestions(SuggestionKind.NEAR_DUPLICATE, accept=True))
    assert act(talks, AnswerSuggestions(SuggestionKind.NEAR_DUPLICATE, accept=False)).changed == 1
    assert workflow.count_matching(talks, alike) == 0
    workflow.undo(talks)
    assert workflow.count_matching(talks, alike) == 1


def test_suggestions_follow_messages_that_are_split_again(talks: Workspace) -> None:
    last = everything(talks)[1].messages[1].id
    suggest(talks, (2, last, EMOTION, "开心"), (2, None, JUMP, ""))
    act(talks, SplitAgain(40), [2])
    with talks.read() as connection:
        owners = connection.execute(
            select(suggestion_table.c.conversation_id, suggestion_table.c.message_id)
        ).all()
    part = next(each.id for each in everything(talks) if each.messages[0].id == last)
    assert [tuple(owner) for owner in owners] == [(part, last)]
    workflow.undo(talks)
    assert len(states(talks)) == 2
