"""The form of a Spark service, whose keys are saved and never shown again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.state import Keys, Trial, get_state, set_widget, widget_value
from curation.workflow import SPARK_ADDRESS, ChatModel, SparkProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEW: Final = ""
_FIELDS: Final = ("name", "app_id", "key", "secret", "service", "resource", "address")
_SECRET: Final = ("key", "secret")


def draw_first_steps(*, primary: bool) -> None:
    """Draw how one gets a model to talk with; `primary`: nothing matters more on the page."""
    with st.container(border=True):
        st.subheader(_("No model to talk with yet"), anchor=False)
        st.markdown(
            _(
                "A digital self is a model that was tuned on your dataset. There are three ways to"
                " one:"
            )
        )
        st.markdown(
            "\n".join(
                f"{n}. {text}"
                for n, text in enumerate(
                    (
                        _(
                            "**iFlytek Spark MaaS**: upload the exported dataset there, tune a"
                            " model, publish it as a service, and copy its keys here."
                        ),
                        _(
                            "**Your own graphics card**: tune with LLaMA-Factory, start"
                            " `llamafactory-cli api`, and connect its address."
                        ),
                        _(
                            "**Ollama or vLLM**: connect what runs there. An untuned model will do"
                            " to try this page; it answers by the persona's text alone."
                        ),
                    ),
                    start=1,
                )
            )
        )
        with st.container(horizontal=True, gap="small"):
            draw_add(primary=primary)


def draw_add(*, primary: bool = False) -> None:
    """Draw the buttons that add a model to talk with."""
    st.button(
        _("Add Spark MaaS"),
        key="add-spark",
        icon=":material/add:",
        type="primary" if primary else "secondary",
        on_click=_edit,
        args=(SparkProfile("", address=SPARK_ADDRESS), _NEW),
    )
    if st.button(_("Connect another model"), key="to-connections", icon=":material/settings:"):
        go("settings")
    if primary and st.button(_("Train one"), key="to-training", icon=":material/model_training:"):
        go("training")


def draw_spark_list(models: Sequence[ChatModel]) -> None:
    """Draw the Spark services that are kept, each with what can be done with it."""
    state = get_state()
    for number, model in enumerate(each for each in models if each.is_spark):
        profile = model.profile
        assert isinstance(profile, SparkProfile)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f"**{plain(profile.name)}**  \n{plain(f'{profile.service} · {profile.host}')}",
                width="stretch",
            )
            st.button(
                _("Test"),
                key=f"try-spark-{number}",
                icon=":material/network_check:",
                help=_("Proves address, keys and clock; nothing is asked."),
                on_click=_try,
                args=(profile,),
            )
            st.button(
                _("Change"),
                key=f"edit-spark-{number}",
                icon=":material/edit:",
                on_click=_edit,
                args=(profile, profile.name),
            )
            st.button(
                _("Remove"),
                key=f"forget-spark-{number}",
                icon=":material/delete:",
                help=_("Its key is removed from this machine, too."),
                on_click=_forget,
                args=(profile.name,),
            )
        trial = state.connection_trials.get(model.key)
        if trial is not None:
            icon = ":material/check_circle:" if trial.good else ":material/error:"
            (st.success if trial.good else st.error)(plain(trial.said), icon=icon)


def draw_spark_form(models: Sequence[ChatModel]) -> None:
    """Draw the fields of a Spark service."""
    name = get_state().spark_edited
    held = next((m.profile for m in models if m.is_spark and m.name == name), None)
    held = held if isinstance(held, SparkProfile) else None
    with st.form("spark", enter_to_submit=False):
        st.subheader(_("Change the connection") if held else _("Spark MaaS"), anchor=False)
        st.caption(_("All of it stands on the card of your service at iFlytek Spark MaaS."))
        first, second = st.columns(2)
        first.text_input(_("What you call it"), key=_key("name"), max_chars=60)
        second.text_input("APPID", key=_key("app_id"), max_chars=20)
        first, second = st.columns(2)
        for column, field, label in ((first, "key", "APIKey"), (second, "secret", "APISecret")):
            column.text_input(
                label,
                key=_key(field),
                type="password",
                autocomplete="new-password",
                placeholder=_("kept; type to replace it") if held else "",
                help=_(
                    "Saved in .streamlit/secrets.toml on this machine, which only you can read;"
                    " never in the workspace, a backup or a log."
                ),
            )
        first, second = st.columns(2)
        first.text_input(
            _("serviceId (or modelId)"), key=_key("service"), max_chars=100, placeholder="xqwen257b"
        )
        second.text_input(
            _("resourceId, of your tuned model"),
            key=_key("resource"),
            max_chars=100,
            help=_("Goes as patch_id. Empty: the model as the vendor has it."),
        )
        st.text_input(
            _("Address"),
            key=_key("address"),
            max_chars=300,
            placeholder=SPARK_ADDRESS,
            help=_("The card of the service says if yours is another one."),
        )
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(_("Save and test"), type="primary", on_click=_save, args=(held,))
            st.form_submit_button(_("Cancel"), on_click=_leave)


def _key(field: str) -> str:
    return f"{Keys.SPARK_FIELD}{field}"


def _edit(profile: SparkProfile, name: str) -> None:
    """Open the form with what a service holds, but never its keys; only in a callback."""
    for field in _FIELDS:
        set_widget(_key(field), "" if field in _SECRET else getattr(profile, field))
    get_state().spark_edited = name


def _save(held: SparkProfile | None) -> None:
    """Keep what the form holds, and try it; only in a callback."""
    given: dict[str, Any] = {field: widget_value(_key(field)) or "" for field in _FIELDS}
    if held is not None:
        given |= {field: given[field] or getattr(held, field) for field in _SECRET}
    given["address"] = given["address"].strip() or SPARK_ADDRESS
    try:
        kept = workflow.save_spark(
            replace(held or SparkProfile(""), **given), before=held.name if held else None
        )
    except RuwoError as error:
        flash(error_text(error))
        return
    _leave()
    _try(kept)


def _leave() -> None:
    """Close the form and forget the keys that were typed; only in a callback."""
    for field in _SECRET:
        set_widget(_key(field), "")
    get_state().spark_edited = None


def _try(profile: SparkProfile) -> None:
    """Open a connection to a service and remember how that went; only in a callback."""
    try:
        workflow.try_spark(profile)
    except RuwoError as error:
        trial = Trial(error_text(error), good=False)
    else:
        trial = Trial(_("It opens the connection. Nothing was asked."), good=True)
    get_state().connection_trials[f"spark:{profile.name}"] = trial
    flash(trial.said)


def _forget(name: str) -> None:
    try:
        workflow.forget_spark(name)
    except RuwoError as error:
        flash(error_text(error))
        return
    get_state().connection_trials.pop(f"spark:{name}", None)
    flash(_("The connection and its key are removed."))
