from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, Replacement, Status
from curation.store import texts
from curation.style import Fingerprint, Measure
from curation.workflow import voice
from curation.workflow.settings import Settings

if TYPE_CHECKING:
    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat

EVERYTHING = ConversationFilter()


def talk(conversations: int) -> list[tuple[float, str, str]]:
    """Conversations hours apart; I write in bursts, and give a number away now and then."""
    lines: list[tuple[float, str, str]] = []
    for number in range(conversations):
        start = number * 600
        lines += [
            (start, "阿橙", f"第{number}个问题：去哪儿"),
            (start + 0.1, "小满", "去吃麻辣烫呀(｡•́︿•̀｡)"),
            (start + 0.2, "小满", "哈哈哈哈[旺柴]"),
            (start + 0.3, "小满", f"我号1380013{number:04}" if number % 3 == 0 else "绝绝子~~"),
            (start + 0.4, "阿橙", "好"),
            (start + 0.5, "小满", "阿橙最好了！！"),
        ]
    return lines


@pytest.fixture
def filled(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    path = write_chat(talk(60))
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return workspace


def top(told: Fingerprint) -> list[tuple[str, int]]:
    return [(each.text, each.count) for each in (*told.kaomoji.top, *told.codes.top)]


def test_the_voice_is_what_was_imported_and_what_will_be_exported(filled: Workspace) -> None:
    workflow.set_status(filled, EVERYTHING, Status.APPROVED)
    told = voice.measure_voice(filled)

    assert (told.before.messages, told.after.messages) == (240, 240)
    assert told.all_before == 240
    assert told.approved_only
    assert told.before.burst_sizes.mean == told.after.burst_sizes.mean == 2
    assert top(told.before) == top(told.after) == [("(｡•́︿•̀｡)", 60), ("[旺柴]", 60)]
    assert not any(change.much for change in told.changes)
    assert sum(told.lengths.counts) == 60
    assert voice.kept_voice(filled) == told


def test_names_and_masked_values_are_no_favourite_words(filled: Workspace) -> None:
    told = voice.measure_voice(filled)
    for side in (told.before, told.after):
        words = [each.text for each in (*side.words, *side.openings, *side.closings)]
        assert "麻辣烫" in words
        assert not any("阿橙" in word or "小满" in word or "1380" in word for word in words)


def test_an_invented_value_is_no_favourite_word_either(filled: Workspace) -> None:
    settings = Settings(replacements={"PERSON": Replacement.SURROGATE})
    workflow.save_settings(filled, settings)
    workflow.set_status(filled, EVERYTHING, Status.APPROVED)
    told = voice.measure_voice(filled)
    assert {each.text for each in told.after.words} <= {each.text for each in told.before.words}


def test_with_little_approved_it_is_what_is_not_rejected(filled: Workspace) -> None:
    one = workflow.review_window(filled, EVERYTHING).records[0].conversation.id
    workflow.set_status(filled, [one], Status.REJECTED)
    told = voice.measure_voice(filled)
    assert not told.approved_only
    assert (told.before.messages, told.after.messages) == (240, 236)


def test_edits_that_took_the_kaomoji_away_are_named(filled: Workspace) -> None:
    workflow.set_status(filled, EVERYTHING, Status.APPROVED)
    window = workflow.review_window(filled, EVERYTHING, ahead=60, behind=60)
    actions = []
    for number, record in enumerate(window.records, 1):
        message = record.conversation.messages[1]
        actions.append(
            {
                "n": number,
                "type": "edit_message",
                "id": record.conversation.id,
                "version": record.conversation.version,
                "message": message.id,
                "text": "去吃麻辣烫呀",
            }
        )
    assert not workflow.commit_actions(filled, "test", actions).refused
    told = voice.measure_voice(filled)
    assert {each.measure for each in told.changes if each.much} == {Measure.KAOMOJI}
    assert told.since == 0
    workflow.set_status(filled, EVERYTHING, Status.PENDING)
    kept = voice.kept_voice(filled)
    assert kept is not None
    assert kept.since == 1


def test_what_is_too_many_is_picked_from_evenly(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "SAMPLE", 120)
    told = voice.measure_voice(filled)
    assert told.all_before == 240
    assert 120 <= told.before.messages <= 122
    assert voice.measure_voice(filled).before == told.before


def test_stopping_keeps_what_was_measured_before(filled: Workspace) -> None:
    told = voice.measure_voice(filled)

    class StopError(Exception):
        pass

    def stop(stage: str, _done: int, _total: int) -> None:
        if stage == voice.VOICE_STAGE:
            raise StopError

    with pytest.raises(StopError):
        voice.measure_voice(filled, stop)
    assert voice.kept_voice(filled) == told


def test_conversations_over_the_limit_are_named(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    lines = [
        (0.0, "阿橙", "在吗"),
        (0.1, "小满", "在"),
        (600.0, "阿橙", "讲讲"),
        (600.1, "小满", "长" * 900),
    ]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    workflow.save_settings(workspace, Settings(length_limit=500))
    told = voice.measure_voice(workspace).lengths
    assert told.limit == 500
    assert sum(told.counts) == 2
    assert told.counts[-1] == 1
    ((number, tokens),) = told.longest
    assert tokens > 500
    assert workflow.review_window(workspace, EVERYTHING, at=number).at == number
    assert len(told.steps) == len(told.counts)


def with_tokens(workspace: Workspace, least: int, most: int | None = None) -> int:
    return workflow.count_matching(workspace, ConversationFilter(min_tokens=least, max_tokens=most))


def test_each_step_of_the_lengths_leads_to_the_conversations_that_it_counts(
    filled: Workspace,
) -> None:
    assert with_tokens(filled, 1) == 0
    workflow.save_settings(filled, Settings(length_limit=64))
    told = voice.measure_voice(filled).lengths
    ends = [*(first - 1 for first in told.steps[1:]), None]
    found = [
        with_tokens(filled, max(least, 1), most)
        for least, most in zip(told.steps, ends, strict=True)
    ]
    assert tuple(found) == told.counts
    assert sum(found) == 60


def test_the_length_of_what_changed_is_not_known_until_it_is_measured_again(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice.measure_voice(filled)
    (first,) = workflow.review_window(filled, EVERYTHING, ahead=0, behind=0).records
    talk = first.conversation
    edit = {"n": 1, "type": "edit_message", "id": talk.id, "version": talk.version}
    edit |= {"message": talk.messages[0].id, "text": "长" * 900}
    workflow.commit_actions(filled, "tab", [edit])
    assert (with_tokens(filled, 1), with_tokens(filled, 500)) == (59, 0)
    read: list[int] = []
    unmeasured = texts.unmeasured

    def counted(*given: Any) -> Any:
        found = unmeasured(*given)
        read.extend(found[0])
        return found

    monkeypatch.setattr(texts, "unmeasured", counted)
    voice.measure_voice(filled)
    assert (with_tokens(filled, 1), with_tokens(filled, 500)) == (60, 1)
    assert read == [talk.id], "what is known is not read again"
    workflow.undo(filled)
    assert (with_tokens(filled, 1), with_tokens(filled, 500)) == (59, 0)


def test_nothing_is_known_before_it_was_measured(workspace: Workspace) -> None:
    assert voice.kept_voice(workspace) is None
    told = voice.measure_voice(workspace)
    assert (told.before.messages, told.changes, sum(told.lengths.counts)) == (0, (), 0)
