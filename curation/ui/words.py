"""The words of the model as a person reads them: statuses, findings, decisions, formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.model import (
    OWN_RULES,
    Decision,
    FindingFilter,
    FindingOrder,
    GroupMode,
    ReviewOrder,
    Status,
    SuggestionKind,
)
from curation.ui.catalogue import _
from curation.ui.entity_names import ENTITY_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATUS: Final[Mapping[Status, str]] = {
    Status.PENDING: N_("To review"),
    Status.APPROVED: N_("Approved"),
    Status.REJECTED: N_("Rejected"),
    Status.SKIPPED: N_("Skipped"),
}

_STATUS_SIGN: Final[Mapping[Status, str]] = {
    Status.PENDING: "○",
    Status.APPROVED: "✓",
    Status.REJECTED: "✕",
    Status.SKIPPED: "→",
}

_DECISION: Final[Mapping[Decision, str]] = {
    Decision.PENDING: N_("Undecided"),
    Decision.MASK: N_("Masked"),
    Decision.KEEP: N_("Kept"),
}

_FINDINGS: Final[Mapping[FindingFilter, str]] = {
    FindingFilter.ALL: N_("With or without"),
    FindingFilter.ANY: N_("With findings"),
    FindingFilter.UNDECIDED: N_("With undecided findings"),
    FindingFilter.DECIDED: N_("With findings, all decided"),
    FindingFilter.NONE: N_("Without findings"),
}

_SUGGESTION: Final[Mapping[SuggestionKind, str]] = {
    SuggestionKind.NEAR_DUPLICATE: N_("Nearly the same as another"),
    SuggestionKind.EMOTION: N_("Emotion"),
    SuggestionKind.TOPIC_JUMP: N_("Jumps between topics"),
    SuggestionKind.INCOMPLETE: N_("Incomplete"),
    SuggestionKind.TOO_THIN: N_("Says too little"),
    SuggestionKind.BACKGROUND: N_("Background drafted"),
}

ENTITIES: Final = tuple(ENTITY_NAMES)
"""The kinds of private details, in the order they are listed."""

_ACTION: Final[Mapping[str, str]] = {
    "set_status": N_("Status"),
    "tag": N_("Emotion"),
    "edit_message": N_("Message edited"),
    "delete_message": N_("Message removed or restored"),
    "delete_messages": N_("Messages removed or restored"),
    "swap_sides": N_("Messages moved to the other side"),
    "tag_messages": N_("Emotion of several messages"),
    "replace": N_("Words replaced"),
    "add_message": N_("Message added"),
    "set_note": N_("note"),
    "set_background": N_("Background of a conversation"),
    "set_message_background": N_("Background of a message"),
    "split": N_("Conversation split in two"),
    "split_off": N_("Messages split off"),
    "merge_next": N_("Conversations merged"),
    "merge_previous": N_("Conversations merged"),
    "decide_finding": N_("Private detail decided"),
    "own_term": N_("Own term"),
    "flag": N_("Flagged by hand"),
    "relabel": N_("Kind of a private detail"),
    "release": N_("No private detail"),
    "set_me": N_("Who is me"),
    "set_group_mode": N_("Others of a group"),
    "set_pseudonym": N_("Pseudonym"),
    "set_gap": N_("Pause between conversations"),
    "resplit": N_("Split again"),
    "split_again": N_("Split again"),
    "answer_suggestions": N_("Suggestions answered"),
    "answer_suggestion": N_("Suggestion answered"),
    "restore": N_("Brought back from the trash"),
    "set_relation": N_("What partners are to me"),
    "write": N_("Conversation written"),
    "answer": N_("Question answered"),
    "mbti": N_("MBTI answers taken in"),
    "correct": N_("Answer of a model put right"),
    "like": N_("Answer of a model taken in"),
    "rename_talk": N_("Talk renamed"),
    "delete_talk": N_("Talk deleted"),
    "save_persona": N_("Persona saved"),
    "add_persona": N_("Persona added"),
    "use_persona": N_("Persona to export chosen"),
    "delete_persona": N_("Persona deleted"),
    "restore_persona": N_("Persona as it was before"),
    "set_member": N_("Member or role changed"),
    "remove_member": N_("Member removed"),
    "import": N_("Import"),
    "export": N_("Export"),
    "describe_version": N_("Version of an export named"),
    "delete_version": N_("Version of an export deleted"),
    "delete_version_files": N_("Files of an export deleted"),
    "take_over": N_("Taken over from somebody else"),
    "undo": N_("Undo"),
    "redo": N_("Redo"),
}

_REASON: Final[Mapping[str, str]] = {
    "mobile": N_("looks like a mobile number"),
    "landline": N_("looks like a landline number"),
    "service line": N_("looks like a service number"),
    "foreign phone": N_("looks like a foreign number"),
    "spelled in Chinese numerals": N_("a number spelled in characters"),
    "checksum": N_("the check digit is right"),
    "named by the word beside it": N_("the word beside it says so"),
    "what stands beside it": N_("what stands beside it says so"),
    "what the messages around it say": N_("the messages around it say so"),
    "shape": N_("has the shape of one"),
    "house in a named place": N_("a house, road or village by name"),
    "building with room": N_("a building with a room, or a dormitory"),
    "administrative divisions": N_("town, district and city together"),
    "pick-up point": N_("a pick-up point or parcel locker"),
    "after an address word": N_("follows a word such as address or live in"),
    "address in Latin letters": N_("an address in Latin letters"),
    "own term": N_("one of your own words"),
    "known name": N_("a name from your chats"),
    "short form of a known name": N_("a short form of a name from your chats"),
    "known id": N_("an account from your chats"),
    "introduced as a name": N_("the words before it introduce a name"),
    "surname and title": N_("a surname with a title"),
    "surname and given name": N_("a surname and a given name"),
    "language model": N_("the installed language model says so"),
    "learnt from examples": N_("the trained tagger reads it so"),
    "same value as another finding": N_("the same value was found elsewhere"),
    "flagged by hand": N_("you flagged it"),
}

_ACCEPT: Final[Mapping[SuggestionKind, str]] = {
    SuggestionKind.TOPIC_JUMP: N_("Split there"),
    SuggestionKind.INCOMPLETE: N_("Reject them"),
    SuggestionKind.TOO_THIN: N_("Reject them"),
    SuggestionKind.BACKGROUND: N_("Use the drafts"),
}

_ORDER: Final[Mapping[FindingOrder, str]] = {
    FindingOrder.RISK: N_("Most harmful first"),
    FindingOrder.COUNT: N_("Most frequent first"),
    FindingOrder.UNSURE: N_("Least sure first"),
    FindingOrder.NEWEST: N_("Found last first"),
}

_REVIEW_ORDER: Final[Mapping[ReviewOrder, str]] = {
    ReviewOrder.CHAT: N_("Chat by chat"),
    ReviewOrder.DATE: N_("Oldest first"),
    ReviewOrder.NEWEST: N_("Newest first"),
    ReviewOrder.RISK: N_("Riskiest first"),
    ReviewOrder.SUGGESTED: N_("Suggestions first"),
    ReviewOrder.RANDOM: N_("Shuffled"),
}

_GROUP_MODE: Final[Mapping[GroupMode, str]] = {
    GroupMode.MERGE: N_("all speak as one, each line after a pseudonym"),
    GroupMode.EXCHANGES: N_("only those you answer, and what they just said"),
}

_GROUP_MODE_HINT: Final[Mapping[GroupMode, str]] = {
    GroupMode.MERGE: N_("甲：dinner tonight? 乙：hotpot! → you: on my way"),
    GroupMode.EXCHANGES: N_(
        "hotpot! → you: on my way. What others said to each other is left out."
    ),
}

_STAYS_OUT: Final[Mapping[str, str]] = {
    "nothing_enters": N_("nothing in them goes into a record"),
    "only_me": N_("only you speak"),
    "only_other": N_("only the other one speaks"),
    "no_answer": N_("nobody is answered by you"),
    "mbti_share": N_("MBTI answers would be more of the records than you allow"),
    "too_long": N_("they are longer than a record may be"),
    "removed": N_("the messages with private details, which you want left out, were needed for it"),
}


_TWO: Final = 2
_DIFFERENT: Final[Mapping[str, str]] = {
    "added": N_("In version {after}, not yet in {before}"),
    "removed": N_("In version {before}, no longer in {after}"),
    "changed": N_("Changed from version {before} to {after}"),
    "moved": N_("In the other part in version {after} than in {before}"),
}


_SOURCE: Final[Mapping[str, str]] = {
    "handwritten": N_("Written here"),
    "mbti": N_("MBTI answers"),
    "correction": N_("Put right in a talk"),
    "liked": N_("Liked in a talk"),
}


def source_label(name: str) -> str:
    """Return what conversations came from: a file by its name, or where they were made."""
    return _(_SOURCE[name]) if name in _SOURCE else name


def status_label(status: Status) -> str:
    """Return what a status is called."""
    return _(_STATUS[status])


def status_mark(status: Status) -> str:
    """Return the sign of a status."""
    return _STATUS_SIGN[status]


def suggestion_label(kind: SuggestionKind) -> str:
    """Return what a kind of suggestion is called."""
    return _(_SUGGESTION[kind])


def answer_label(kind: SuggestionKind, *, accept: bool) -> str:
    """Return what it is called to accept or refuse suggestions of a kind."""
    if kind not in _ACCEPT:
        return _("Accept") if accept else _("Refuse")
    return _(_ACCEPT[kind]) if accept else _("Keep as they are")


def suggestion_names() -> Mapping[SuggestionKind, str]:
    """Return what the kinds of suggestions are called, untranslated."""
    return _SUGGESTION


def suggester_label(model: str) -> str:
    """Return who suggests: the program's own rules, or a model by its name."""
    return _("the program's own rules") if model == OWN_RULES else model


def suggester_line(model: str) -> str:
    """Return who suggests, as a line of its own."""
    return _("Suggested by {who}").format(who=suggester_label(model))


def status_sign(status: Status) -> str:
    """Return the sign of a status and what it is called."""
    return f"{_STATUS_SIGN[status]} {status_label(status)}"


def decision_label(decision: Decision | None) -> str:
    """Return what a decision is called; None is a value decided differently in places."""
    return _("Mixed") if decision is None else _(_DECISION[decision])


def decision_verb(decision: Decision) -> str:
    """Return what a button is called that decides so."""
    return _("Keep") if decision is Decision.KEEP else _("Mask")


def order_label(order: FindingOrder) -> str:
    """Return what an order of values is called."""
    return _(_ORDER[order])


def review_order_label(order: ReviewOrder) -> str:
    """Return what an order of the review queue is called."""
    return _(_REVIEW_ORDER[order])


def findings_label(choice: FindingFilter) -> str:
    """Return what a filter on findings is called."""
    return _(_FINDINGS[choice])


def entity_label(entity: str) -> str:
    """Return what a kind of finding is called; an unknown kind keeps its own name."""
    return _(ENTITY_NAMES[entity]) if entity in ENTITY_NAMES else entity


def action_names() -> Mapping[str, str]:
    """Return what every action of the journal is called, not translated yet."""
    return _ACTION


def action_label(action: str) -> str:
    """Return what an action of the history is called; an unknown one keeps its own name."""
    return _(_ACTION[action]) if action in _ACTION else action


def reason_label(why: str) -> str:
    """Return why something was found, in words; an unknown reason stays as it is.

    Where words of the message made it one, they follow.
    """
    reason, _colon, evidence = why.partition(": ")
    if reason not in _REASON:
        return why
    said = _(_REASON[reason])
    return _("{reason}: {words}").format(reason=said, words=evidence) if evidence else said


def group_mode_label(mode: GroupMode) -> str:
    """Return what becomes of the other speakers of a group, in words."""
    return _(_GROUP_MODE[mode])


def group_mode_hint(mode: GroupMode) -> str:
    """Return an example of what becomes of the other speakers of a group."""
    return _(_GROUP_MODE_HINT[mode])


def list_label(name: str) -> str:
    """Return what a list of conversations holds, in words (see `conversation_lists`)."""
    what, *told = name.split(".")
    if what == "left" and len(told) == _TWO:
        return _("Version {n} left out: {reason}").format(
            n=told[0], reason=stays_out_label(told[1])
        )
    if what == "alike" and len(told) == 1:
        return _("Late, and yet trained on in version {n}").format(n=told[0])
    if what in _DIFFERENT and len(told) == _TWO:
        return _(_DIFFERENT[what]).format(before=told[0], after=told[1])
    return name


def stays_out_label(reason: str) -> str:
    """Return why approved conversations give no record, in words."""
    return _(_STAYS_OUT[reason]) if reason in _STAYS_OUT else reason
