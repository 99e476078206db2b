"""The part of the settings where a person connects a model, tries it and takes it away again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash, show_error
from curation.ui.markdown import plain
from curation.ui.state import Keys, Trial, get_state, set_widget, widget_value
from curation.workflow import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVICES: Final[Mapping[str, tuple[str, str]]] = {
    "ollama": ("Ollama", "http://127.0.0.1:11434/v1"),
    "vllm": ("vLLM", "http://127.0.0.1:8000/v1"),
    "factory": ("LLaMA-Factory", "http://127.0.0.1:8000/v1"),
    "spark": (N_("iFlytek Spark MaaS"), "https://maas-api.cn-huabei-1.xf-yun.com/v1"),
    "other": ("", ""),
}
_LORA: Final = "lora_id"  # the header that names a tuned model of the fourth
_NEW: Final = ""
_MOST_TOKENS: Final = 100_000_000


def draw_connections() -> None:
    """Draw what is connected, with a form for the one that is new or changed."""
    try:
        profiles = workflow.load_connections()
    except RuwoError as error:
        show_error(error)
        return
    state = get_state()
    with st.container(border=True):
        st.subheader(_("Connected models"), anchor=False)
        st.caption(
            _(
                "A model on your machine or of a service can suggest emotions, judge whether"
                " conversations hang together and draft backgrounds. Without one, Ruwo never"
                " connects anywhere. With one, nothing is sent before you saw it on the page"
                " “Ask a model” and pressed the button there; private details are masked first."
            )
        )
        for number, profile in enumerate(profiles):
            _draw_one(profile, number)
        if state.connection_edited is None:
            _draw_add(primary=not profiles)
    if state.connection_edited is not None:
        known = {each.name: each for each in profiles}
        _draw_form(known.get(state.connection_edited))


def _draw_one(profile: Profile, number: int) -> None:
    """Draw a connection in a line: where it leads, how the last trial went, what can be done."""
    state = get_state()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(profile.name)}**  \n{plain(_about(profile))}", width="stretch")
            st.button(
                _("Test"),
                key=f"try-connection-{number}",
                icon=":material/network_check:",
                on_click=_want_trial,
                args=(profile.name,),
            )
            st.button(
                _("Change"),
                key=f"edit-connection-{number}",
                icon=":material/edit:",
                on_click=_edit,
                args=(profile,),
            )
            st.button(
                _("Remove"),
                key=f"forget-connection-{number}",
                icon=":material/delete:",
                help=_("Its key is removed from this machine, too."),
                on_click=_forget,
                args=(profile.name,),
            )
        if profile.in_the_open:
            st.caption(
                ":material/lock_open: "
                + _("The address begins with http: others in the network can read what is sent.")
            )
        if state.connection_wanted == profile.name:
            _try(profile)
        trial = state.connection_trials.get(profile.name)
        if trial is not None:
            icon = ":material/check_circle:" if trial.good else ":material/error:"
            (st.success if trial.good else st.error)(plain(trial.said), icon=icon)


def _about(profile: Profile) -> str:
    where = _("on this machine") if profile.on_this_machine else profile.host
    if profile.key:
        key = _("key kept")
    elif profile.variable:
        key = _("key from {name}").format(name=profile.variable)
    else:
        key = _("no key")
    return f"{profile.model} · {where} · {key}"


def _draw_add(*, primary: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name, (title, _address) in _SERVICES.items():
            st.button(
                _(title) if title else _("Another service"),
                key=f"add-connection-{name}",
                icon=":material/add:",
                type="primary" if primary and name == "ollama" else "secondary",
                on_click=_add,
                args=(name,),
            )


def _add(service: str) -> None:
    title, address = _SERVICES[service]
    _fill(Profile(_(title) if title else "", address, ""))
    get_state().connection_edited = _NEW


def _edit(profile: Profile) -> None:
    _fill(profile)
    get_state().connection_edited = profile.name


def _fill(profile: Profile) -> None:
    """Give the form's fields what a connection holds, but never its key; only in a callback."""
    for key, value in (
        (Keys.CONNECTION_NAME, profile.name),
        (Keys.CONNECTION_ADDRESS, profile.base_url),
        (Keys.CONNECTION_MODEL, profile.model),
        (Keys.CONNECTION_KEY, ""),
        (Keys.CONNECTION_VARIABLE, profile.variable),
        (Keys.CONNECTION_LORA, profile.headers.get(_LORA, "")),
        (Keys.CONNECTION_PRICE_IN, profile.price_in),
        (Keys.CONNECTION_PRICE_OUT, profile.price_out),
        (Keys.CONNECTION_REQUESTS, profile.most_requests),
        (Keys.CONNECTION_TOKENS, profile.most_tokens),
        (Keys.CONNECTION_PARALLEL, profile.parallel),
        (Keys.CONNECTION_TIMEOUT, profile.timeout),
    ):
        set_widget(key, value)


def _draw_form(held: Profile | None) -> None:
    """Draw the fields of a connection, `held` being the one that is changed."""
    with st.form("connection", enter_to_submit=False):
        st.subheader(_("Change the connection") if held else _("New connection"), anchor=False)
        first, second = st.columns(2)
        first.text_input(_("What you call it"), key=Keys.CONNECTION_NAME, max_chars=60)
        second.text_input(
            _("Model"),
            key=Keys.CONNECTION_MODEL,
            max_chars=200,
            placeholder="qwen3:8b",
            help=_("The name by which the service knows it."),
        )
        st.text_input(
            _("Address"),
            key=Keys.CONNECTION_ADDRESS,
            max_chars=500,
            placeholder="https://api.example.com/v1",
            help=_("The base of an OpenAI-compatible service; it mostly ends in /v1."),
        )
        first, second = st.columns(2)
        first.text_input(
            _("Key"),
            key=Keys.CONNECTION_KEY,
            type="password",
            autocomplete="new-password",
            placeholder=_("kept; type to replace it") if held and held.key else _("none needed"),
            help=_(
                "Saved in .streamlit/secrets.toml on this machine, which only you can read; never"
                " in the workspace, a backup or a log."
            ),
        )
        second.text_input(
            _("or the environment variable that holds it"),
            key=Keys.CONNECTION_VARIABLE,
            max_chars=100,
            placeholder="OPENAI_API_KEY",
        )
        with st.expander(_("Prices, budget and more")):
            _draw_more()
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(_("Save and test"), type="primary", on_click=_save, args=(held,))
            st.form_submit_button(_("Cancel"), on_click=_leave)


def _draw_more() -> None:
    first, second = st.columns(2)
    first.number_input(
        _("Price of a million tokens read"),
        key=Keys.CONNECTION_PRICE_IN,
        min_value=0.0,
        help=_("In whatever currency; only to tell you beforehand what a job may cost."),
    )
    second.number_input(
        _("Price of a million tokens written"), key=Keys.CONNECTION_PRICE_OUT, min_value=0.0
    )
    first, second = st.columns(2)
    first.number_input(
        _("Most requests in one go, 0: no limit"),
        key=Keys.CONNECTION_REQUESTS,
        min_value=0,
        step=100,
    )
    second.number_input(
        _("Most tokens in one go, 0: no limit"),
        key=Keys.CONNECTION_TOKENS,
        min_value=0,
        max_value=_MOST_TOKENS,
        step=10_000,
    )
    first, second = st.columns(2)
    first.number_input(
        _("Questions at a time"), key=Keys.CONNECTION_PARALLEL, min_value=1, max_value=8
    )
    second.number_input(
        _("Wait at most, seconds"), key=Keys.CONNECTION_TIMEOUT, min_value=5, max_value=900
    )
    st.text_input(
        _("lora_id, for models tuned at iFlytek Spark MaaS"),
        key=Keys.CONNECTION_LORA,
        max_chars=100,
    )


def _save(held: Profile | None) -> None:
    """Keep what the form holds and let the next run try it; only in a callback."""
    state = get_state()
    lora = (widget_value(Keys.CONNECTION_LORA) or "").strip()
    others = {} if held is None else {k: v for k, v in held.headers.items() if k != _LORA}
    given = replace(
        held or Profile("", "", ""),
        name=widget_value(Keys.CONNECTION_NAME) or "",
        base_url=widget_value(Keys.CONNECTION_ADDRESS) or "",
        model=widget_value(Keys.CONNECTION_MODEL) or "",
        key=(widget_value(Keys.CONNECTION_KEY) or "") or (held.key if held else ""),
        variable=widget_value(Keys.CONNECTION_VARIABLE) or "",
        headers={**others, _LORA: lora} if lora else others,
        price_in=widget_value(Keys.CONNECTION_PRICE_IN) or 0.0,
        price_out=widget_value(Keys.CONNECTION_PRICE_OUT) or 0.0,
        most_requests=widget_value(Keys.CONNECTION_REQUESTS) or 0,
        most_tokens=widget_value(Keys.CONNECTION_TOKENS) or 0,
        parallel=widget_value(Keys.CONNECTION_PARALLEL) or 1,
        timeout=widget_value(Keys.CONNECTION_TIMEOUT) or 120,
    )
    try:
        kept = workflow.save_connection(given, before=held.name if held else None)
    except RuwoError as error:
        flash(error_text(error))
        return
    _leave()
    state.connection_trials.pop(held.name if held else kept.name, None)
    state.connection_wanted = kept.name


def _leave() -> None:
    """Close the form and forget the key that was typed; only in a callback."""
    set_widget(Keys.CONNECTION_KEY, "")
    get_state().connection_edited = None


def _forget(name: str) -> None:
    try:
        workflow.forget_connection(name)
    except RuwoError as error:
        flash(error_text(error))
        return
    state = get_state()
    state.connection_trials.pop(name, None)
    state.connection_edited = None
    flash(_("The connection and its key are removed."))


def _want_trial(name: str) -> None:
    state = get_state()
    state.connection_trials.pop(name, None)
    state.connection_wanted = name


def _try(profile: Profile) -> None:
    """Ask the service for a sign of life and remember how that went."""
    state = get_state()
    state.connection_wanted = ""
    with st.spinner(_("Asking {host} …").format(host=profile.host)):
        try:
            workflow.try_connection(profile)
        except RuwoError as error:
            trial = Trial(error_text(error), good=False)
        else:
            said = _("It answers. Nothing of your chats was sent.")
            trial = Trial(said, good=True)
    state.connection_trials[profile.name] = trial
