"""Moving messages of a conversation: to its other side, to another conversation.

What is private is read together with the messages around it, so whatever gets other neighbours is
searched again. What was found before stays: moving messages never uncovers anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.store import several, structure
from curation.workflow.flagging import find_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import DetectionRules
    from curation.store.journal import Recorder


def swap_sides(
    recorder: Recorder, conversation_id: int, message_ids: Sequence[int], rules: DetectionRules
) -> None:
    """Let messages be of the other side."""
    several.swap_sides(recorder, conversation_id, message_ids)
    find_around(recorder, conversation_id, rules)


def split(recorder: Recorder, conversation_id: int, message_id: int, rules: DetectionRules) -> None:
    """Let a message and all that follow it be a conversation of their own."""
    new = structure.split(recorder, conversation_id, message_id)
    find_around(recorder, new, rules)


def split_off(
    recorder: Recorder, conversation_id: int, message_ids: Sequence[int], rules: DetectionRules
) -> None:
    """Let some messages, whichever they are, be a conversation of their own."""
    new = structure.split_off(recorder, conversation_id, message_ids)
    for number in (conversation_id, new):
        find_around(recorder, number, rules)


def merge(recorder: Recorder, conversation_id: int, rules: DetectionRules, *, before: bool) -> None:
    """Take the next conversation of the chat into this one, or the one before."""
    take = structure.merge_previous if before else structure.merge_next
    take(recorder, conversation_id)
    find_around(recorder, conversation_id, rules)
