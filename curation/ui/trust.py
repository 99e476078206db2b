"""Which rules that suggest something to trust: how often people agreed with each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from curation import workflow
from curation.model import OWN_RULES, ConversationFilter, SuggestionKind
from curation.ui.catalogue import _, ngettext
from curation.ui.filters import to_query
from curation.ui.pages import go
from curation.ui.state import get_state
from curation.ui.words import suggester_label, suggestion_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import Agreement, Workspace

_FIELD: Final = re.compile(r"\{\w+\}")
_MOST_ROWS: Final = 12
_ROW: Final = 35
_ANSWERED: Final = frozenset({"share", "accepted", "refused"})
_KINDS: Final = tuple(SuggestionKind)


def draw_trust(ws: Workspace) -> None:
    """Draw how each rule fared, nothing where nothing was ever suggested; a row leads on."""
    fared = ranked(workflow.agreements(ws))
    if not fared:
        return
    st.subheader(_("Which suggestions to trust"), anchor=False)
    answered = sum(each.answered for each in fared)
    if answered:
        text = ngettext(
            "You answered {n} so far. Click a row to see where its kind is open.",
            "You answered {n} so far. Click a row to see where its kind is open.",
            answered,
        ).format(n=f"{answered:,}")
    else:
        text = _("Accept or refuse some in review: then it shows which rules you agree with.")
    st.caption(text)
    _draw_table(fared)


def agreed_words(ws: Workspace, kind: SuggestionKind) -> str:
    """Return how often a person agreed with suggestions of a kind, empty where with none yet."""
    fared = [each for each in workflow.agreements(ws) if each.kind is kind]
    answered = sum(each.answered for each in fared)
    if not answered:
        return ""
    accepted = sum(each.accepted for each in fared)
    text = ngettext(
        "So far you agreed with {accepted} of {n} ({share}).",
        "So far you agreed with {accepted} of {n} ({share}).",
        answered,
    )
    share = f"{accepted / answered:.0%}"
    return text.format(accepted=f"{accepted:,}", n=f"{answered:,}", share=share)


def ranked(fared: Sequence[Agreement]) -> list[Agreement]:
    """Return rules kind by kind, first those that were answered most."""
    return sorted(
        fared, key=lambda each: (_KINDS.index(each.kind), -each.answered, -each.open, each.rule)
    )


def rule_words(each: Agreement) -> str:
    """Return what a rule goes by, in words; its own name where it gives no reason."""
    words = _FIELD.sub("…", _(each.reason) if each.reason else "")
    return words if words.strip("…。. ") else each.rule


def _percent(each: Agreement) -> int | None:
    return 100 * each.accepted // each.answered if each.answered else None


def _draw_table(fared: Sequence[Agreement]) -> None:
    config = st.column_config
    columns = {
        "kind": [suggestion_label(each.kind) for each in fared],
        "share": [_percent(each) for each in fared],
        "rule": [rule_words(each) for each in fared],
        "model": [suggester_label(each.model) for each in fared],
        "accepted": [each.accepted for each in fared],
        "refused": [each.refused for each in fared],
        "open": [each.open for each in fared],
    }
    if all(each.model == OWN_RULES for each in fared):
        del columns["model"]
    if not any(each.answered for each in fared):
        columns = {name: columns[name] for name in columns if name not in _ANSWERED}
    state = get_state()
    chosen = st.dataframe(
        pd.DataFrame(columns),
        key=f"trust-{state.trust_round}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=min(len(fared) + 1, _MOST_ROWS) * _ROW + 3,
        column_config={
            "kind": config.TextColumn(_("Suggestion"), width=100),
            "rule": config.TextColumn(_("Because"), width=300),
            "model": config.TextColumn(_("Whose"), width=90),
            "share": config.ProgressColumn(
                _("You agreed"), format="%d%%", min_value=0, max_value=100, width=130
            ),
            "accepted": config.NumberColumn(_("You accepted"), format="localized", width=66),
            "refused": config.NumberColumn(_("You refused"), format="localized", width=66),
            "open": config.NumberColumn(_("Still open"), format="localized", width=66),
        },
        alt=_("Which suggestions to trust"),
    )
    for row in chosen.selection.rows[:1]:
        state.trust_round += 1  # coming back, no row is chosen
        go("table", to_query(ConversationFilter(suggestions=(fared[row].kind,))))
