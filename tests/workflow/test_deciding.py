"""Deciding many findings at once, and a person's own terms: at once, later, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import store, workflow
from curation.errors import ActionRefusedError
from curation.model import ConversationFilter, Decision, FindingOrder, FindingQuery
from curation.store import iter_conversations
from curation.workflow.detecting import detection_rules

if TYPE_CHECKING:
    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat

    Found = list[tuple[str, str, Decision]]

LINES = (
    ("阿橙", "电话13812345678，去老地方"),
    ("小满", "老地方见，带上身份证33000019980520000X"),
    ("阿橙", "邮箱lihua@163.com，电话138 1234 5678"),
    ("小满", "好的[OK]"),
)


@pytest.fixture
def filled(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    bring(workspace, write_chat)
    return workspace


def bring(
    workspace: Workspace, write_chat: WriteChat, name: str = "阿橙", first_id: int = 1
) -> None:
    lines = [
        (200 * place, name if sender == "阿橙" else sender, f"（{first_id}）{text}")
        for place, (sender, text) in enumerate(LINES)
    ]
    path = write_chat(lines, name, first_id)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)


def found(workspace: Workspace) -> Found:
    return [
        (finding.entity, message.text[finding.start : finding.end], finding.decision)
        for each in iter_conversations(workspace, ConversationFilter())
        for message in each.messages
        for finding in message.findings
    ]


def entities(workspace: Workspace) -> set[str]:
    return {entity for entity, _text, _decision in found(workspace)}


@pytest.mark.on_both
def test_a_choice_of_findings_is_decided_in_one_step(filled: Workspace) -> None:
    before = found(filled)
    query = FindingQuery(entity="PHONE_NUMBER")
    assert workflow.count_findings(filled, query) == 2
    assert workflow.decide_matching(filled, query, Decision.KEEP) == 2
    decided = {(entity, decision) for entity, _text, decision in found(filled)}
    assert ("PHONE_NUMBER", Decision.KEEP) in decided
    assert ("EMAIL_ADDRESS", Decision.PENDING) in decided
    assert workflow.count_findings(filled, FindingQuery(decision=Decision.KEEP)) == 2
    workflow.undo(filled)
    assert found(filled) == before


def test_what_was_decided_as_a_kind_holds_for_equal_values_of_a_later_import(
    filled: Workspace, write_chat: WriteChat
) -> None:
    workflow.decide_matching(filled, FindingQuery(entity="EMAIL_ADDRESS"), Decision.KEEP)
    bring(filled, write_chat, "老陈", first_id=100)
    mails = [each for each in found(filled) if each[0] == "EMAIL_ADDRESS"]
    assert [decision for _entity, _text, decision in mails] == [Decision.KEEP] * 2


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("query", "asked", "later"),
    [
        (FindingQuery(text="去老地方"), 1, Decision.PENDING),  # words beside one of two places
        (FindingQuery(text="带上身份证"), 1, Decision.PENDING),  # beside the only place
        (FindingQuery(text="38123456"), 2, Decision.KEEP),
        (FindingQuery(text="1998052"), 1, Decision.KEEP),
        (FindingQuery(entity="PHONE_NUMBER"), 2, Decision.KEEP),
    ],
)
def test_what_is_kept_for_the_words_around_it_is_kept_there_alone(
    filled: Workspace, write_chat: WriteChat, query: FindingQuery, asked: int, later: Decision
) -> None:
    assert workflow.count_findings(filled, query) == asked
    assert workflow.decide_matching(filled, query, Decision.KEEP) == asked
    kept = {entity for entity, _text, decision in found(filled) if decision is Decision.KEEP}
    bring(filled, write_chat, "老陈", first_id=100)
    fresh = [each for each in found(filled)[4:] if each[0] in kept]
    assert {decision for _entity, _text, decision in fresh} == {later}


@pytest.mark.parametrize(
    ("texts", "later"),
    [
        (("去老地方",), Decision.PENDING),  # one of two places
        (("去老地方", "lihua"), Decision.PENDING),  # both, one after the other
        (("38123456",), Decision.MASK),
    ],
)
def test_a_value_that_was_kept_is_not_kept_later_once_places_of_it_are_masked(
    filled: Workspace, write_chat: WriteChat, texts: tuple[str, ...], later: Decision
) -> None:
    def phones() -> list[Decision]:
        return [decision for kind, _text, decision in found(filled) if kind == "PHONE_NUMBER"]

    workflow.decide_value(filled, "PHONE_NUMBER", "13812345678", Decision.KEEP)
    for text in texts:
        workflow.decide_matching(filled, FindingQuery(text=text), Decision.MASK)
    before = phones()
    for _text in texts:
        workflow.undo(filled)
    assert phones() == [Decision.KEEP] * 2
    assert ("PHONE_NUMBER", "13812345678") in store.kept_values(filled)
    for _text in texts:
        workflow.redo(filled)
    assert phones() == before
    bring(filled, write_chat, "老陈", first_id=100)
    assert phones()[2:] == [later] * 2


def test_what_is_masked_as_a_kind_is_not_kept_when_its_deleted_message_comes_back(
    filled: Workspace,
) -> None:
    def put(*, deleted: bool) -> Found:
        (held, *_rest) = iter_conversations(filled, ConversationFilter())
        action = {"n": 1, "type": "delete_message", "id": held.id, "version": held.version}
        action |= {"message": held.messages[0].id, "deleted": deleted}
        assert workflow.commit_actions(filled, "tab", [action]).refused == ()
        return found(filled)

    workflow.decide_value(filled, "PHONE_NUMBER", "13812345678", Decision.KEEP)
    put(deleted=True)
    assert workflow.decide_matching(filled, FindingQuery(entity="PHONE_NUMBER"), Decision.MASK) == 1
    back = put(deleted=False)
    assert {each for kind, _text, each in back if kind == "PHONE_NUMBER"} == {Decision.MASK}


@pytest.mark.on_both
@pytest.mark.parametrize("other", [Decision.MASK, Decision.KEEP])
def test_a_value_with_a_place_that_is_decided_otherwise_is_not_decided_for_later(
    filled: Workspace, write_chat: WriteChat, other: Decision
) -> None:
    (conversation, *_rest) = iter_conversations(filled, ConversationFilter())
    (first, *_others) = conversation.messages[0].findings
    workflow.decide_place(filled, first.id, other)
    undecided = FindingQuery(entity="PHONE_NUMBER", decision=Decision.PENDING)
    assert workflow.decide_matching(filled, undecided, Decision.KEEP) == 1
    bring(filled, write_chat, "老陈", first_id=100)
    later = {decision for entity, _text, decision in found(filled)[4:] if entity == "PHONE_NUMBER"}
    assert later == {Decision.KEEP if other is Decision.KEEP else Decision.PENDING}


@pytest.mark.on_both
def test_values_come_in_the_order_that_was_asked_for(filled: Workspace) -> None:
    def first(order: FindingOrder) -> str:
        return workflow.finding_groups(filled, order=order).groups[0].entity

    assert first(FindingOrder.COUNT) == "PHONE_NUMBER"
    assert first(FindingOrder.NEWEST) in {"EMAIL_ADDRESS", "PHONE_NUMBER"}
    sure = [
        group.score for group in workflow.finding_groups(filled, order=FindingOrder.UNSURE).groups
    ]
    assert sure == sorted(sure)
    phone = FindingQuery(entity="PHONE_NUMBER")
    workflow.decide_matching(filled, phone, Decision.MASK)
    assert first(FindingOrder.RISK) != "PHONE_NUMBER", "what is decided does no more harm"


@pytest.mark.on_both
def test_a_choice_reads_values_and_the_words_around_them(filled: Workspace) -> None:
    def count(text: str) -> int:
        return workflow.finding_groups(filled, FindingQuery(text=text)).total

    assert count("lihua") == 2, "the value itself, and the phone beside it"
    assert count("老地方") >= 1
    assert count("没有这样的") == 0
    assert workflow.count_findings(filled, FindingQuery(below=0.01)) == 0


@pytest.mark.on_both
def test_the_places_of_a_value_tell_chat_time_and_words(filled: Workspace) -> None:
    places = workflow.finding_places(filled, "PHONE_NUMBER", "13812345678")
    assert places.total == 2
    newest, oldest = places.places
    assert (newest.chat, newest.shown) == ("阿橙", "138 1234 5678")
    assert (oldest.before[-2:], oldest.shown, oldest.after) == ("电话", "13812345678", "，去老地方")
    assert newest.time is not None
    assert oldest.time is not None
    assert newest.time > oldest.time
    assert workflow.decide_place(filled, oldest.id, Decision.KEEP) == 1
    again = workflow.finding_places(filled, "PHONE_NUMBER", "13812345678").places
    assert [place.decision for place in again] == [Decision.PENDING, Decision.KEEP]


def test_a_term_is_found_at_once_everywhere_later_too_and_undone_in_one(
    filled: Workspace, write_chat: WriteChat
) -> None:
    before = found(filled)
    hits = workflow.term_hits(filled, "老地?")
    assert (hits.hits, hits.messages, hits.samples) == (2, 2, ("老地方",))
    assert workflow.always_mask(filled, ["老地?"]) == 2
    assert ("CUSTOM_TERM", "老地方", Decision.MASK) in found(filled)
    assert workflow.unscanned_count(filled) == 0, "nothing has to be searched again"
    workflow.undo(filled)
    assert found(filled) == before
    assert workflow.unscanned_count(filled) == 0
    workflow.redo(filled)
    bring(filled, write_chat, "老陈", first_id=100)
    assert sum(entity == "CUSTOM_TERM" for entity, _text, _decision in found(filled)) == 4
    assert workflow.forget_term(filled, "老地?") == 4
    assert "CUSTOM_TERM" not in entities(filled)


def test_undo_of_a_term_reaches_what_was_imported_since(
    filled: Workspace, write_chat: WriteChat
) -> None:
    workflow.always_mask(filled, ["老地方"])
    bring(filled, write_chat, "老陈", first_id=100)
    workflow.undo(filled)
    assert "CUSTOM_TERM" not in entities(filled)
    workflow.redo(filled)
    assert sum(entity == "CUSTOM_TERM" for entity, _text, _decision in found(filled)) == 4


def test_never_flag_lets_a_value_go_with_its_decision_and_undo_brings_both_back(
    filled: Workspace, write_chat: WriteChat
) -> None:
    workflow.decide_value(filled, "PHONE_NUMBER", "13812345678", Decision.MASK)
    before = found(filled)
    assert workflow.never_flag(filled, "PHONE_NUMBER", "13812345678") == 2
    assert "PHONE_NUMBER" not in entities(filled)
    assert "EMAIL_ADDRESS" in entities(filled)
    bring(filled, write_chat, "老陈", first_id=100)
    assert "PHONE_NUMBER" not in entities(filled)
    assert workflow.own_terms(filled).ignored == ("138 1234 5678", "13812345678")
    workflow.undo(filled)
    assert [each for each in found(filled) if each[0] == "PHONE_NUMBER"][:2] == [
        each for each in before if each[0] == "PHONE_NUMBER"
    ]


@pytest.mark.on_both
def test_a_value_is_never_flagged_as_what_it_was_found_and_may_be_as_something_else(
    filled: Workspace,
) -> None:
    def released() -> dict[str, str]:
        return dict(detection_rules(filled).exception_entities)

    mail = "lihua@163.com"
    assert workflow.never_flag(filled, "EMAIL_ADDRESS", mail) == 1
    assert released() == {mail: "EMAIL_ADDRESS"}
    workflow.ignore_terms(filled, [mail], "WECHAT_ID")
    assert released() == {mail: "EMAIL_ADDRESS WECHAT_ID"}
    workflow.undo(filled)
    assert released() == {mail: "EMAIL_ADDRESS"}
    workflow.ignore_terms(filled, [mail])
    assert released() == {}, "as anything"
    assert workflow.own_terms(filled).ignored == (mail,)
    assert "EMAIL_ADDRESS" not in entities(filled)


def test_a_term_can_be_found_as_another_kind(filled: Workspace) -> None:
    workflow.always_mask(filled, ["老地方"], "CN_ADDRESS")
    assert ("CN_ADDRESS", "老地方", Decision.MASK) in found(filled)
    workflow.always_mask(filled, ["老地方"], "PERSON")
    assert ("PERSON", "老地方", Decision.MASK) in found(filled)
    workflow.undo(filled)
    assert ("CN_ADDRESS", "老地方", Decision.MASK) in found(filled)


def test_a_value_is_always_masked_as_it_is_written_and_undone_in_one(filled: Workspace) -> None:
    before = found(filled)
    workflow.always_mask_value(filled, "EMAIL_ADDRESS", "lihua@163.com")
    assert ("EMAIL_ADDRESS", "lihua@163.com", Decision.MASK) in found(filled)
    assert workflow.own_terms(filled).masked == ("lihua@163.com",)
    workflow.undo(filled)
    assert found(filled) == before
    assert workflow.own_terms(filled).masked == ()


def test_a_value_is_said_to_be_of_another_kind_and_undone_in_one(
    filled: Workspace, write_chat: WriteChat
) -> None:
    before = found(filled)
    workflow.always_mask_value(filled, "EMAIL_ADDRESS", "lihua@163.com", "WECHAT_ID")
    assert ("WECHAT_ID", "lihua@163.com", Decision.MASK) in found(filled)
    assert "EMAIL_ADDRESS" not in entities(filled)
    workflow.undo(filled)
    assert found(filled) == before
    workflow.redo(filled)
    bring(filled, write_chat, "老陈", first_id=100)
    assert "EMAIL_ADDRESS" not in entities(filled), "nor in a later import"


@pytest.mark.parametrize("term", ["*", "??", " ", ""])
def test_a_term_of_wildcards_alone_is_refused(filled: Workspace, term: str) -> None:
    with pytest.raises(ActionRefusedError):
        workflow.always_mask(filled, [term])
    assert workflow.own_terms(filled).masked == ()
    assert workflow.term_hits(filled, term).hits == 0


def test_a_term_forgotten_before_a_search_leaves_nothing_behind(filled: Workspace) -> None:
    workflow.always_mask(filled, ["老地方"])
    with filled.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET scanned = false")
    workflow.forget_term(filled, "老地方")
    workflow.scan_findings(filled)
    assert "CUSTOM_TERM" not in entities(filled)
