"""What an action changed, in words: statuses, sides and kinds as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.model import Decision, GroupMode, Side, Status, SuggestionKind
from curation.ui.catalogue import _
from curation.ui.words import (
    decision_label,
    entity_label,
    group_mode_label,
    status_label,
    suggestion_label,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.store.journal_details import Detail

_WHAT: Final[Mapping[str, str]] = {
    "conversation": N_("Conversation"),
    "conversation.status": N_("Status"),
    "conversation.background": N_("Background"),
    "message": N_("Message"),
    "message.edited_text": N_("Text"),
    "message.deleted": N_("Removed"),
    "message.conversation_id": N_("Conversation of the message"),
    "message.side": N_("Side"),
    "message.background": N_("Background of a message"),
    "emotion_tag": N_("Emotion"),
    "emotion_tag.conversation_id": N_("Conversation of the emotion"),
    "finding": N_("Private detail"),
    "finding.decision": N_("Private detail decided"),
    "finding.entity": N_("Kind of a private detail"),
    "value_decision": N_("Decision for all equal ones"),
    "value_decision.decision": N_("Decision for all equal ones"),
    "talk.name": N_("Name"),
    "own_term": N_("Own term"),
    "own_term.rule": N_("Rule of an own term"),
    "suggestion.state": N_("Suggestion"),
    "chat.gap_minutes": N_("Pause between conversations"),
    "chat.group_mode": N_("Others of a group"),
    "chat.turn": N_("Who is me"),
    "chat.me": N_("Who is me"),
    "sender.pseudonym": N_("Pseudonym"),
    "member": N_("Member"),
    "member.role": N_("Role"),
    "persona.relations": N_("Relation"),
    "lease.reviewer": N_("Who works on it"),
    "persona": N_("Persona"),
    "persona.active": N_("Goes into the export"),
    "persona.name": N_("Name"),
    "persona.gender": N_("Gender"),
    "persona.age_band": N_("Age"),
    "persona.personality": N_("Personality"),
    "persona.occupation": N_("Occupation"),
    "persona.interests": N_("Interests"),
    "persona.mbti": N_("MBTI type"),
    "persona.catch_phrases": N_("Catch-phrases"),
    "persona.speaking_style": N_("How you talk"),
    "persona.taboos": N_("What you never say"),
    "persona.system_prompt": N_("System prompt"),
}

_SUGGESTED: Final[Mapping[str, SuggestionKind]] = {
    f"suggestion.{kind}": kind for kind in SuggestionKind
}
_ANSWER: Final[Mapping[str, str]] = {
    "open": N_("not answered"),
    "accepted": N_("accepted"),
    "refused": N_("refused"),
}

_SIDE: Final[Mapping[str, str]] = {Side.ME.value: N_("me"), Side.OTHER.value: N_("the other side")}
_RULE: Final[Mapping[str, str]] = {
    "mask": N_("Always mask"),
    "ignore": N_("Never flag"),
}


def what_label(what: str) -> str:
    """Return what a change is about; an unknown one keeps its own name."""
    if what in _SUGGESTED:
        return _("Suggestion “{what}”").format(what=suggestion_label(_SUGGESTED[what]))
    return _(_WHAT[what]) if what in _WHAT else what


def _yes_or_no(value: str) -> str:
    return _("yes") if value == "1" else _("no")


def _number_sign(value: str) -> str:
    return f"#{value}"


def _side(value: str) -> str:
    return _(_SIDE[value]) if value in _SIDE else value


def _rule(value: str) -> str:
    return _(_RULE[value]) if value in _RULE else value


def _answer(value: str) -> str:
    return _(_ANSWER[value]) if value in _ANSWER else value


_SHOWN: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(("suggestion.state", *_SUGGESTED), _answer),
    "conversation.status": lambda value: status_label(Status(value)),
    "finding.decision": lambda value: decision_label(Decision(value)),
    "value_decision.decision": lambda value: decision_label(Decision(value)),
    "finding.entity": entity_label,
    "message.deleted": _yes_or_no,
    "persona.active": _yes_or_no,
    "message.side": _side,
    "message.conversation_id": _number_sign,
    "emotion_tag.conversation_id": _number_sign,
    "chat.group_mode": lambda value: group_mode_label(GroupMode(value)),
    "own_term.rule": _rule,
}


def value_label(detail: Detail, value: str | None) -> str:
    """Return one side of a change as a person reads it; nothing is a dash."""
    if value is None or value == "":
        return "–"
    shown = _SHOWN.get(detail.what)
    try:
        return value if shown is None else shown(value)
    except ValueError:
        # A value that this version no longer knows is shown as it was kept.
        return value
