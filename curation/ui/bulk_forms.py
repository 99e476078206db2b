"""What a bulk action asks before it: which emotions, what background, which pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import Decision, Status, SuggestionKind
from curation.ui.bulk_words import way_label
from curation.ui.catalogue import _
from curation.ui.state import Keys, get_state
from curation.ui.trust import agreed_words
from curation.ui.words import (
    ENTITIES,
    answer_label,
    decision_label,
    entity_label,
    suggestion_label,
)
from curation.workflow import (
    AnswerSuggestions,
    DecideFindings,
    SetBackground,
    SetRelation,
    SetStatus,
    SplitAgain,
    TagEmotions,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.workflow import BulkAction, Workspace

EMOTIONS: Final = "emotions"
SUGGESTIONS: Final = "suggestions"
ASK: Final = "ask"
PENDING: Final = Status.PENDING.value

QUICK: Final = (Status.APPROVED.value, Status.REJECTED.value, Status.SKIPPED.value)
"""What is done most often: a button each."""

MORE: Final[Mapping[str, str]] = {
    PENDING: N_("Back to review"),
    "background": N_("Background…"),
    "relation": N_("What the partner is to me…"),
    "findings": N_("Private details…"),
    "split": N_("Split again…"),
    SUGGESTIONS: N_("Suggestions…"),
    ASK: N_("Ask a model…"),
}
"""The rest, in a menu."""

OF_OWNERS: Final = frozenset({"relation", "split", ASK})
"""What only an owner does."""

_MOST_MINUTES: Final = 24 * 60
_USUAL_MINUTES: Final = 30


def title(kind: str) -> str:
    """Return what a kind of action is called where it asks."""
    if kind == EMOTIONS:
        return _("Emotions")
    return _(MORE[kind]).rstrip("…") if kind in MORE else ""


def status_action(kind: str) -> SetStatus | None:
    """Return the action of a kind that asks nothing more, None for the others."""
    return SetStatus(Status(kind)) if kind in set(Status) else None


def draw_form(ws: Workspace, kind: str) -> BulkAction | None:
    """Draw what a kind of action asks; return the action, None while something is missing."""
    return status_action(kind) or _FORMS[kind](ws)


def _tell_anew() -> None:
    """Forget what was told: a click on yes that comes with new words was meant for the old ones."""
    get_state().told = None


def _emotions(ws: Workspace) -> BulkAction | None:
    on = st.segmented_control(
        _("What to do"),
        (True, False),
        format_func=lambda on: _("Add them") if on else _("Remove them"),
        default=True,
        required=True,
        key=Keys.BULK_ON,
        label_visibility="collapsed",
    )
    chosen = st.pills(
        _("Emotions"),
        list(workflow.load_settings(ws).emotions),
        selection_mode="multi",
        key=Keys.BULK_EMOTIONS,
    )
    return TagEmotions(tuple(chosen), on=bool(on)) if chosen else None


def _background(_ws: Workspace) -> BulkAction | None:
    way = st.segmented_control(
        _("What to do"),
        list(Way),
        format_func=way_label,
        default=Way.REPLACE,
        required=True,
        key=Keys.BULK_WAY,
        label_visibility="collapsed",
    )
    if way is Way.CLEAR:
        return SetBackground(Way.CLEAR)
    text = st.text_area(
        _("Background"),
        key=Keys.BULK_BACKGROUND,
        height=80,
        placeholder=_("What one needs to know to follow these conversations"),
        on_change=_tell_anew,
    )
    return SetBackground(Way(way), text) if text.strip() else None


def _relation(_ws: Workspace) -> BulkAction | None:
    relation = st.text_input(
        _("What the partners of these conversations are to me"),
        key=Keys.BULK_RELATION,
        placeholder=_("My sister; a friend from school"),
        help=_("It applies to the whole chat. Leave it empty to remove the relation."),
        on_change=_tell_anew,
    )
    return SetRelation(relation)


def _findings(_ws: Workspace) -> BulkAction | None:
    decision = st.segmented_control(
        _("What to do"),
        (Decision.MASK, Decision.KEEP),
        format_func=decision_label,
        default=Decision.MASK,
        required=True,
        key=Keys.BULK_DECISION,
        label_visibility="collapsed",
    )
    kinds = st.multiselect(
        _("Kinds"),
        list(ENTITIES),
        format_func=entity_label,
        key=Keys.BULK_ENTITIES,
        placeholder=_("All kinds"),
    )
    return DecideFindings(Decision(decision), tuple(kinds))


def _split(_ws: Workspace) -> BulkAction | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        own = st.segmented_control(
            _("Pause"),
            (True, False),
            format_func=lambda own: _("Of each chat") if own else _("Another one"),
            default=True,
            required=True,
            key=Keys.BULK_OWN_PAUSE,
        )
        if own:
            return SplitAgain(None)
        minutes = st.number_input(
            _("Minutes"),
            min_value=1,
            max_value=_MOST_MINUTES,
            value=_USUAL_MINUTES,
            step=5,
            key=Keys.BULK_MINUTES,
            width=150,
            on_change=_tell_anew,
        )
    return SplitAgain(int(minutes))


def _suggestions(ws: Workspace) -> BulkAction | None:
    flt = get_state().table_filter
    counts = workflow.suggestion_counts(ws)
    # What the table was filtered for comes first: it is what the person looked at.
    kinds = sorted(counts, key=lambda kind: kind not in flt.suggestions)
    if not kinds:
        return None
    asked = "-".join(flt.suggestions)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            _("Which kind"),
            kinds,
            format_func=suggestion_label,
            key=f"{Keys.BULK_SUGGESTION}-{asked}",
            width=220,
        )
        least = st.number_input(
            _("At least, % sure"),
            min_value=0,
            max_value=100,
            value=None if flt.min_score is None else round(flt.min_score * 100),
            step=5,
            key=f"{Keys.BULK_LEAST}-{flt.min_score}",
            placeholder=_("Any"),
            width=220,
            on_change=_tell_anew,
        )
    told = agreed_words(ws, SuggestionKind(kind))
    if told:
        st.caption(told)
    # Who agrees that one repeats another rejects it: that is a button of the bar.
    ways = (False,) if kind is SuggestionKind.NEAR_DUPLICATE else (True, False)
    accept = st.segmented_control(
        _("What to do"),
        ways,
        format_func=lambda accept: answer_label(kind, accept=accept),
        default=ways[0],
        required=True,
        key=f"{Keys.BULK_ACCEPT}-{kind}",
        label_visibility="collapsed",
    )
    share = None if least is None else least / 100
    if flt.min_score is not None and least == round(flt.min_score * 100):
        share = flt.min_score
    return AnswerSuggestions(SuggestionKind(kind), accept=bool(accept), least=share)


_FORMS: Final[Mapping[str, Callable[[Workspace], BulkAction | None]]] = {
    EMOTIONS: _emotions,
    "background": _background,
    "relation": _relation,
    "findings": _findings,
    "split": _split,
    SUGGESTIONS: _suggestions,
}
