"""Which rules to trust on the overview, and answers in bulk on the table by kind and score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from curation import workflow
from curation.errors import N_
from curation.model import (
    OWN_RULES,
    ConversationFilter,
    NewSuggestion,
    Status,
    Suggester,
    SuggestionKind,
)
from curation.store import suggestions
from curation.store.tables import conversation
from curation.ui.state import Keys
from curation.ui.trust import ranked, rule_words
from curation.workflow import Agreement, AnswerSuggestions

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn

KINDS: Final = frozenset(SuggestionKind)
THIN: Final = SuggestionKind.TOO_THIN
PHONE: Final = N_("looks like a mobile number")
TITLE: Final = "哪些建议可信"


def tell(workspace: Workspace, model: str = OWN_RULES) -> None:
    """Suggest of each conversation that it says too little, of the first one surely."""
    with workspace.write() as connection:
        now = {row.id: row.version for row in connection.execute(select(conversation))}
        told = [
            NewSuggestion(number, THIN, 0.9 if number == min(now) else 0.6, "short", PHONE)
            for number in now
        ]
        suggestions.replace_open(connection, Suggester(model, 1, KINDS), now, told)


def words(at: AppTest) -> str:
    return "\n".join(each.value for each in (*at.markdown, *at.caption, *at.subheader))


def test_nothing_is_said_of_trust_before_anything_is_suggested(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("overview").run()
    assert not at.exception
    assert TITLE not in words(at)


def test_the_overview_shows_how_often_a_rule_was_right(
    sample: Workspace, open_page: OpenPage
) -> None:
    tell(sample)
    total = workflow.count_matching(sample, ConversationFilter())
    at = open_page("overview").run()
    assert "先在复审里采纳或不采纳一些" in words(at)
    (table,) = at.dataframe
    assert table.value.to_dict("records") == [
        {"kind": "内容太少", "rule": "像手机号", "open": total}
    ]
    for numbers, accept in (([1, 2], True), ([3], False)):
        plan = workflow.plan_bulk(sample, numbers, AnswerSuggestions(THIN, accept=accept))
        workflow.do_bulk(sample, plan)
    (table,) = open_page("overview").run().dataframe
    row = table.value.iloc[0].to_dict()
    assert row == {
        "kind": "内容太少",
        "share": 66,
        "rule": "像手机号",
        "accepted": 2,
        "refused": 1,
        "open": total - 3,
    }
    tell(sample, "qwen")
    (table,) = open_page("overview").run().dataframe
    assert table.value["model"].tolist() == ["程序规则", "qwen"]


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        pytest.param(
            "says {cue} {n} times", "says … … times", id="what it is filled with is left out"
        ),
        pytest.param("{why}", "short", id="nothing but that"),
        pytest.param("", "short", id="no reason"),
    ],
)
def test_a_rule_is_told_by_what_it_goes_by(reason: str, shown: str) -> None:
    assert rule_words(Agreement(THIN, "short", OWN_RULES, reason, 0, 0, 1)) == shown


def test_rules_stand_kind_by_kind_with_the_most_answered_first() -> None:
    def rule(kind: SuggestionKind, name: str, answered: int, waiting: int) -> Agreement:
        return Agreement(kind, name, OWN_RULES, "", answered, 0, waiting)

    fared = [
        rule(THIN, "a", 0, 9),
        rule(SuggestionKind.EMOTION, "b", 1, 9),
        rule(SuggestionKind.EMOTION, "c", 5, 0),
        rule(SuggestionKind.EMOTION, "d", 1, 20),
    ]
    assert [each.rule for each in ranked(fared)] == ["c", "d", "b", "a"]


def test_the_sure_ones_of_a_kind_are_rejected_together_and_come_back_with_one_undo(
    sample: Workspace, open_page: OpenPage
) -> None:
    tell(sample)
    total = workflow.count_matching(sample, ConversationFilter())
    at = open_page("table")
    at.query_params["hint"] = THIN.value
    at.query_params["score"] = "0.8"
    at.run()
    (everything,) = (each for each in at.toggle if str(each.key).startswith(Keys.TABLE_ALL))
    everything.set_value(True).run()
    at.menu_button(key=Keys.BULK_MORE).click("suggestions").run()
    assert "会回答 1 条建议" in words(at).replace("\\", "")
    assert "1 段对话会被移除" in words(at).replace("\\", "")
    at.button(key="bulk-yes").click().run()
    assert not at.exception
    counts = workflow.count_by_status(sample)
    assert (counts[Status.REJECTED], counts[Status.PENDING]) == (1, total - 1)
    waiting = ConversationFilter(suggestions=(THIN,))
    assert workflow.count_matching(sample, waiting) == total - 1
    workflow.undo(sample)
    assert workflow.count_by_status(sample)[Status.PENDING] == total
    assert workflow.count_matching(sample, waiting) == total
