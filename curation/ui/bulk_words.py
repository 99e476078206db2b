"""What a bulk action is called, what it would change and what it changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.model import Decision, Status
from curation.ui.catalogue import _, ngettext
from curation.ui.words import answer_label, decision_verb, status_label, suggestion_label
from curation.workflow import (
    AnswerSuggestions,
    DecideFindings,
    Left,
    SetBackground,
    SetRelation,
    SetStatus,
    SplitAgain,
    TagEmotions,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.workflow import BulkAction, BulkPlan, BulkResult, Facts

_STATUS_VERB: Final[Mapping[Status, str]] = {
    Status.APPROVED: N_("Approve"),
    Status.REJECTED: N_("Reject"),
    Status.SKIPPED: N_("Skip"),
    Status.PENDING: N_("Back to review"),
}

_WAY: Final[Mapping[Way, str]] = {
    Way.REPLACE: N_("Set the background"),
    Way.APPEND: N_("Add to the background"),
    Way.CLEAR: N_("Remove the background"),
}


def verb(action: BulkAction) -> str:
    """Return what an action is called on its button."""
    match action:
        case SetStatus():
            said = _(_STATUS_VERB[action.status])
        case TagEmotions():
            text = _("Tag {what}") if action.on else _("Remove {what}")
            said = text.format(what=_(", ").join(action.emotions))
        case SetBackground():
            said = _(_WAY[action.way])
        case SetRelation() if action.relation.strip():
            said = _("Relation “{what}”").format(what=action.relation.strip())
        case SetRelation():
            said = _("Remove the relation")
        case DecideFindings():
            said = decision_verb(action.decision)
        case AnswerSuggestions():
            kind = suggestion_label(action.kind)
            said = f"{answer_label(action.kind, accept=action.accept)} · {kind}"
        case _:
            said = _("Split again")
    return said


def way_label(way: Way) -> str:
    """Return what a way to change backgrounds is called."""
    return _(_WAY[way])


def counted(action: BulkAction, count: int) -> str:
    """Return an action with how many conversations it changes, as its button says it."""
    text = ngettext("{what}: {n} conversation", "{what}: {n} conversations", count)
    return text.format(what=verb(action), n=f"{count:,}")


def outlook(plan: BulkPlan) -> str:
    """Return how many of the selected conversations would change."""
    if not plan.changing:
        return _("None of the {total} conversations would change.").format(
            total=f"{plan.selected:,}"
        )
    text = ngettext(
        "{n} of {total} conversation changes.",
        "{n} of {total} conversations change.",
        plan.selected,
    )
    return text.format(n=f"{plan.changing:,}", total=f"{plan.selected:,}")


def done(action: BulkAction, result: BulkResult) -> str:
    """Return what an action changed."""
    what = status_label(action.status) if isinstance(action, SetStatus) else verb(action)
    text = ngettext("{what}: {n} conversation", "{what}: {n} conversations", result.changed)
    return text.format(what=what, n=f"{result.changed:,}")


def reasons(action: BulkAction, left: Mapping[Left, int]) -> list[str]:
    """Return why selected conversations do not change, with counts, most frequent first."""
    ordered = sorted(left.items(), key=lambda item: -item[1])
    return [_reason(action, why, count) for why, count in ordered if count]


def _reason(action: BulkAction, why: Left, count: int) -> str:
    values = {"n": f"{count:,}"}
    match why:
        case Left.SAME:
            if isinstance(action, SetStatus):
                values["what"] = status_label(action.status)
                text = ngettext("{n} is “{what}” already", "{n} are “{what}” already", count)
            else:
                text = ngettext("{n} is so already", "{n} are so already", count)
        case Left.DECIDED:
            text = _decided(action, count)
        case Left.NOTHING:
            text = _nothing(action, count)
        case Left.STALE:
            text = ngettext(
                "{n} was changed elsewhere since you chose it and was left alone",
                "{n} were changed elsewhere since you chose them and were left alone",
                count,
            )
        case Left.GONE:
            text = ngettext("{n} is no longer there", "{n} are no longer there", count)
        case Left.NEW:
            text = ngettext(
                "{n} came in since and was left alone",
                "{n} came in since and were left alone",
                count,
            )
        case Left.HELD:
            return left_to_others(count)
    return text.format(**values)


def left_to_others(count: int) -> str:
    """Return how many were left alone because somebody else has them at hand."""
    text = ngettext(
        "{n} is being reviewed by somebody else and was left alone",
        "{n} are being reviewed by others and were left alone",
        count,
    )
    return text.format(n=f"{count:,}")


def _nothing(action: BulkAction, count: int) -> str:
    match action:
        case SplitAgain():
            return ngettext("{n} has no times to split by", "{n} have no times to split by", count)
        case AnswerSuggestions():
            return ngettext("{n} has no such suggestion", "{n} have no such suggestion", count)
        case _:
            return ngettext(
                "{n} holds no such private detail", "{n} hold no such private details", count
            )


def _decided(action: BulkAction, count: int) -> str:
    match action:
        case SetBackground():
            return ngettext(
                "{n} has another background, which stays",
                "{n} have another background, which stays",
                count,
            )
        case SetRelation():
            return ngettext(
                "{n} is with somebody whose relation is written already",
                "{n} are with somebody whose relation is written already",
                count,
            )
        case SplitAgain():
            return ngettext(
                "{n} was worked on by you and stays", "{n} were worked on by you and stay", count
            )
        case _:
            return ngettext(
                "{n} was decided otherwise and stays", "{n} were decided otherwise and stay", count
            )


def again_label(action: BulkAction) -> str:
    """Return the words of the switch that lets an action reach what a person did otherwise."""
    match action:
        case SetBackground():
            return _("Replace other backgrounds too")
        case SetRelation():
            return _("Replace other relations too")
        case SplitAgain():
            return _("Also those you worked on; what you decided for one holds for its parts")
        case _:
            return _("Also change what you decided otherwise")


def facts(action: BulkAction, told: Facts) -> list[str]:
    """Return what else a person wants to know before an action."""
    match action:
        case SetStatus():
            return _statuses(told.statuses)
        case DecideFindings():
            return _findings(action, told)
        case SetRelation() if told.chats:
            text = ngettext(
                "This concerns {n} partner with {m} more conversations than you chose.",
                "This concerns {n} partners with {m} more conversations than you chose.",
                told.chats,
            )
            return [text.format(n=f"{told.chats:,}", m=f"{told.beyond:,}")]
        case AnswerSuggestions() if told.suggestions:
            text = ngettext(
                "{n} suggestion is answered.", "{n} suggestions are answered.", told.suggestions
            )
            answered = text.format(n=f"{told.suggestions:,}")
            return [answered, *_parts(told), *_rejected(told)]
        case SplitAgain():
            return _parts(told)
        case _:
            return []


def _parts(told: Facts) -> list[str]:
    """Return how many conversations come of those that are split."""
    if not told.parts:
        return []
    text = ngettext("They become {n} conversation.", "They become {n} conversations.", told.parts)
    return [text.format(n=f"{told.parts:,}")]


def _rejected(told: Facts) -> list[str]:
    """Return how many conversations are rejected because a suggestion is accepted."""
    count = sum(told.statuses.values())
    if not count:
        return []
    text = ngettext("{n} conversation is rejected.", "{n} conversations are rejected.", count)
    return [text.format(n=f"{count:,}")]


def _statuses(statuses: Mapping[Status, int]) -> list[str]:
    """Return what changes by its present status, where that is not all the same to review."""
    if not set(statuses) - {Status.PENDING}:
        return []
    parts = [
        _("{what} {n}").format(what=status_label(status), n=f"{statuses[status]:,}")
        for status in Status
        if statuses.get(status)
    ]
    return [_("Now they are: {parts}").format(parts=_(", ").join(parts))]


def _findings(action: DecideFindings, told: Facts) -> list[str]:
    if not told.findings:
        return []
    text = (
        ngettext("{n} private detail is masked.", "{n} private details are masked.", told.findings)
        if action.decision is Decision.MASK
        else ngettext("{n} private detail is kept.", "{n} private details are kept.", told.findings)
    )
    return [
        text.format(n=f"{told.findings:,}"),
        _("Equal ones in other conversations stay as they are."),
    ]
