"""What a person adds to the search: own terms, exceptions, how sure a finding must be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.words import entity_label
from curation.workflow import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import Workspace

_MASK: Final = "mask"
_IGNORE: Final = "ignore"
_CUSTOM: Final = "CUSTOM_TERM"
_SHOWN: Final = 200


def _add() -> None:
    pattern = (widget_value(Keys.TERM) or "").strip()
    if not pattern:
        return
    try:
        if widget_value(Keys.TERM_RULE) == _IGNORE:
            count = workflow.ignore_terms(open_workspace(), [pattern])
        else:
            entity = widget_value(Keys.TERM_ENTITY) or _CUSTOM
            count = workflow.always_mask(open_workspace(), [pattern], entity)
    except RuwoError as error:
        flash(error_text(error))
        return
    set_widget(Keys.TERM, "")
    _tell(count)


def _forget(pattern: str) -> None:
    try:
        _tell(workflow.forget_term(open_workspace(), pattern))
    except RuwoError as error:
        flash(error_text(error))


def _tell(count: int) -> None:
    text = ngettext("Saved; {n} finding changed.", "Saved; {n} findings changed.", count)
    flash(text.format(n=f"{count:,}"))


def draw_own_terms(ws: Workspace) -> None:
    """Draw the person's own terms, how to add one, and what it would find."""
    held = workflow.own_terms(ws)
    count = len(held.masked) + len(held.ignored)
    label = _("Your own terms") + (f" · {count:,}" if count else "")
    with st.expander(label, key="own-terms", icon=":material/edit_note:"):
        st.caption(
            _(
                "A nickname, a company, a place that only you know is private; or a word that is"
                " flagged and should not be. * stands for any characters, ? for one."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            pattern = st.text_input(
                _("Term"), key=Keys.TERM, placeholder=_("Such as 翻斗* or 老地方"), width="stretch"
            )
            rule = st.segmented_control(
                _("What becomes of it"),
                [_MASK, _IGNORE],
                format_func={_MASK: _("Always mask"), _IGNORE: _("Never flag")}.__getitem__,
                default=_MASK,
                required=True,
                key=Keys.TERM_RULE,
                label_visibility="collapsed",
            )
            if rule == _MASK:
                st.selectbox(
                    _("as"),
                    [_CUSTOM, *(entity for entity in workflow.ENTITIES if entity != _CUSTOM)],
                    format_func=entity_label,
                    key=Keys.TERM_ENTITY,
                    label_visibility="collapsed",
                    width=150,
                )
            st.button(
                _("Add"),
                key="add-term",
                type="primary",
                disabled=not (pattern or "").strip(),
                on_click=_add,
            )
        if pattern and pattern.strip():
            _draw_hits(ws, pattern.strip())
        for rule_name, patterns in (
            (_("Always masked"), held.masked),
            (_("Never flagged"), held.ignored),
        ):
            _draw_terms(rule_name, patterns, held.kinds)


def _draw_hits(ws: Workspace, pattern: str) -> None:
    hits = workflow.term_hits(ws, pattern)
    if not hits.hits:
        st.caption(_("Not found in your chats so far."))
        return
    text = ngettext("Found in {n} message", "Found in {n} messages", hits.messages)
    samples = " · ".join(hits.samples)
    st.caption(plain(text.format(n=f"{hits.messages:,}") + _(": ") + samples))


def _draw_terms(
    title: str, patterns: tuple[str, ...], kinds: Mapping[str, tuple[str, ...]]
) -> None:
    if not patterns:
        return
    st.markdown(f"**{title}**")
    with st.container(horizontal=True, gap="small"):
        for pattern in patterns[:_SHOWN]:
            st.button(
                plain(" · ".join([pattern, *map(entity_label, kinds.get(pattern, ()))])),
                key=f"forget-term-{pattern}",
                icon=":material/close:",
                help=_("Remove this term"),
                on_click=_forget,
                args=(pattern,),
            )
    if (more := len(patterns) - _SHOWN) > 0:
        st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))


@refusals_told
def _save_threshold(entity: str) -> None:
    value = widget_value(Keys.THRESHOLD + entity)
    settings = workflow.load_settings(open_workspace())
    thresholds = {**settings.thresholds, entity: value}
    if value == DEFAULT_THRESHOLD:
        del thresholds[entity]
    try:
        workflow.save_settings(open_workspace(), replace(settings, thresholds=thresholds))
    except RuwoError as error:
        flash(error_text(error))
    else:
        get_state().importing.scan_wanted = True  # a second or two, and what is shown is true again


@refusals_told
def _save_models() -> None:
    settings = workflow.load_settings(open_workspace())
    pipeline = widget_value(Keys.PIPELINE) or ""
    tagger = bool(widget_value(Keys.TAGGER))
    try:
        workflow.save_settings(
            open_workspace(), replace(settings, pipeline=pipeline, tagger=tagger)
        )
    except RuwoError as error:
        flash(error_text(error))
    else:
        get_state().importing.scan_wanted = True


def draw_models(ws: Workspace) -> None:
    """Offer the trained tagger, and the trained spaCy pipelines that are installed."""
    settings = workflow.load_settings(ws)
    with st.container(border=True):
        st.markdown(
            ":material/model_training: **" + _("Names and addresses that no rule knows") + "**"
        )
        set_widget(Keys.TAGGER, settings.tagger)
        st.toggle(
            _("Ask Ruwo's own trained tagger"),
            key=Keys.TAGGER,
            on_change=_save_models,
            help=_(
                "It has learnt from invented messages what stands around names and addresses. It"
                " finds more of them, and now and then a word that is none. It runs on this"
                " computer."
            ),
        )
        _draw_pipelines(settings.pipeline)


def _draw_pipelines(held: str) -> None:
    """Offer the spaCy pipelines; draw nothing where none is installed."""
    installed = workflow.installed_pipelines()
    set_widget(Keys.PIPELINE, held)
    if not installed and not held:
        return
    st.caption(
        _(
            "A trained language model that you installed can look for names too. It finds more"
            " unknown names, is often wrong, and takes much longer."
        )
    )
    st.selectbox(
        _("Trained model"),
        ["", *dict.fromkeys((*installed, *([held] if held else [])))],
        format_func=lambda name: name or _("None"),
        key=Keys.PIPELINE,
        on_change=_save_models,
        label_visibility="collapsed",
        width=320,
    )
    if held and held not in installed:
        st.caption(":material/warning: " + _("It is not installed any more and is not asked."))


def draw_thresholds(ws: Workspace, scores: Mapping[str, Sequence[tuple[float, int]]]) -> None:
    """Draw how sure a finding of each kind must be; `scores` is what is sure enough now."""
    settings = workflow.load_settings(ws)
    kinds = [
        entity for entity in workflow.ENTITIES if entity in scores or entity in settings.thresholds
    ]
    if not kinds:
        return
    with st.expander(_("How sure a finding must be"), icon=":material/tune:"):
        st.caption(
            _(
                "Less sure ones are not shown and not masked, except what you decided to mask."
                " Further left finds more, also what is not private; further right finds less."
            )
        )
        columns = st.columns(2)
        for place, entity in enumerate(kinds):
            key = Keys.THRESHOLD + entity
            held = settings.thresholds.get(entity, DEFAULT_THRESHOLD)
            set_widget(key, held)
            found = sum(times for _score, times in scores.get(entity, []))
            least = min((score for score, _times in scores.get(entity, [])), default=None)
            with columns[place % 2]:
                st.slider(
                    entity_label(entity),
                    min_value=0.0,
                    max_value=1.0,
                    step=0.05,
                    format="percent",
                    key=key,
                    on_change=_save_threshold,
                    args=(entity,),
                )
                if least is not None:
                    text = ngettext(
                        "{n} found, the least sure {score}",
                        "{n} found, the least sure {score}",
                        found,
                    )
                    st.caption(text.format(n=f"{found:,}", score=f"{least:.0%}"))
