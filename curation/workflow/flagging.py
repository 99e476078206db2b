"""What a person flags, releases and relabels in the bubbles of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation import pii
from curation.errors import N_, ActionRefusedError
from curation.model import BY_HAND, Decision, DetectionRules
from curation.store import actions, deciding, findings, terms
from curation.workflow.deciding import put_terms
from curation.workflow.detecting import lasting, search, valued

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Finding
    from curation.store.journal import Recorder

CHANGED: Final = N_("The text of this message was changed; select it again.")
_BLANK: Final = N_("Nothing was selected.")


def flag(
    recorder: Recorder,
    conversation_id: int,
    message_id: int,
    *,
    span: tuple[int, int],
    shown: str,
    entity: str,
) -> None:
    """Flag the span of a message, which shows `shown`, as `entity`.

    Blanks around it do not count. A finding that it cuts is taken in whole, so that flagging never
    uncovers anything; what was kept gives way.
    """
    text, held = actions.message_with_findings(recorder.connection, conversation_id, message_id)
    start, end = span
    if not 0 <= start < end <= len(text) or text[start:end] != shown:
        raise ActionRefusedError(CHANGED)
    if not shown.strip():
        raise ActionRefusedError(_BLANK)
    start += len(shown) - len(shown.lstrip())
    end -= len(shown) - len(shown.rstrip())
    for each in sorted(held, key=lambda each: each.start):
        if each.decision is not Decision.KEEP and each.start < end and start < each.end:
            start, end = min(start, each.start), max(end, each.end)
    (flagged,) = valued(text, [pii.flagged(entity, start, end)])
    actions.flag(recorder, conversation_id, message_id, flagged)


def flag_everywhere(recorder: Recorder, shown: str, entity: str, rules: DetectionRules) -> None:
    """Let what was flagged be found wherever it is written, now and later."""
    pattern = pii.escaped(shown.strip())
    if pii.term_pattern([pattern]) is None:
        raise ActionRefusedError(_BLANK)
    put_terms(recorder, [pattern], terms.MASK, rules, entity=entity)


def relabel(recorder: Recorder, conversation_id: int, finding_id: int, entity: str) -> None:
    """Say that a finding is of another kind; what was undecided is masked from then on."""
    row = actions.finding_in(recorder.connection, conversation_id, finding_id)
    made = pii.flagged(entity, row.start, row.end)
    (relabelled,) = valued(row.text, [made])
    actions.relabel(recorder, conversation_id, finding_id, relabelled)


def release(
    recorder: Recorder, conversation_id: int, finding_id: int, rules: DetectionRules
) -> None:
    """Take a finding away that is none: one made by hand here, a value of a kind everywhere."""
    connection = recorder.connection
    row = actions.finding_in(connection, conversation_id, finding_id)
    if row.recognizer == BY_HAND:
        actions.unflag(recorder, conversation_id, finding_id)
        held = findings.searched(connection, [conversation_id])
        findings.record_findings(recorder, held, search(held, rules))
        return
    forms = deciding.written_forms(connection, row.entity, row.value)
    escaped = [pii.escaped(form) for form in forms]
    put_terms(recorder, escaped, terms.IGNORE, rules, entity=row.entity)


def edit(
    recorder: Recorder,
    conversation_id: int,
    texts: Mapping[int, tuple[str, Sequence[Finding]]],
    rules: DetectionRules,
) -> None:
    """Give messages other texts, each with what was found in it by itself.

    What a person flagged stays flagged where it still stands; so does what a person decided to
    mask, also where the search would not find it any more. What only the messages around make
    private is found as well.
    """
    connection = recorder.connection
    for message_id, (text, found) in texts.items():
        old, held = actions.message_with_findings(connection, conversation_id, message_id)
        moved = pii.moved(old, text, held)
        by_hand = [each for each in moved if each.recognizer == BY_HAND]
        decided = [each for each in moved if each.decision is Decision.MASK]
        masked = lasting(each for each in decided if each.recognizer != BY_HAND)
        merged = pii.with_flagged(text, found, by_hand)
        merged = pii.with_flagged(text, masked, merged)
        actions.edit_message(
            recorder,
            conversation_id,
            message_id,
            text,
            valued(text, merged),
            moved=valued(text, moved),
        )
    find_around(recorder, conversation_id, rules)


def find_around(recorder: Recorder, conversation_id: int, rules: DetectionRules) -> None:
    """Search a conversation again for what only neighbouring messages make private.

    What it holds stays as it is; what overlaps none of it is added. One that was never searched
    waits for its search.
    """
    held = findings.searched(recorder.connection, [conversation_id])
    findings.add_missing(recorder, conversation_id, search(held, rules))
