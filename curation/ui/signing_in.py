"""Signing in: by the OpenID Connect of Streamlit, where the secrets have an `[auth]`.

Nothing of the workspace is read before somebody signed in, and who they are is what the provider
vouches for: an e-mail address it verified, else the subject with who issued it. Without `[auth]`
the app is for this machine alone, and refuses to be reached from others.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

import streamlit as st
from streamlit import config
from streamlit.auth_util import is_authlib_installed
from streamlit.errors import Error as StreamlitError
from streamlit.web.server.starlette import starlette_auth_routes as routes
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from curation.errors import N_, NotAMemberError, RuwoError
from curation.listening import is_for_others
from curation.ui.catalogue import _
from curation.ui.door import door
from curation.ui.markdown import plain
from curation.ui.state import get_state
from curation.workflow import member_name, tab_mark

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from curation.workflow import Workspace

OWNER: Final = "RUWO_OWNER"
"""The environment variable that names the owners who need not be listed, with commas between."""

HOURS: Final = 12
"""So long somebody is signed in; then they sign in again."""

_SHORTEST_SECRET: Final = 32
_NOT_SIGNED_IN: Final = N_("Sign in first.")
_SECRETS_BROKEN: Final = N_("The file of secrets cannot be read, so nobody can sign in.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who signed in; `appointed` says that `RUWO_OWNER` names them."""

    name: str
    appointed: bool
    session: str


def is_set_up() -> bool:
    """Return whether people have to sign in here. Raises RuwoError where that cannot be told."""
    return _section() is not None


def _section() -> Mapping[str, Any] | None:
    """Return the `[auth]` of the secrets, None where there is none."""
    try:
        if not st.secrets.load_if_toml_exists():
            return None
        held = st.secrets.get("auth")
    except (StreamlitError, OSError, ValueError) as error:
        raise RuwoError(_SECRETS_BROKEN) from error
    return held if isinstance(held, Mapping) else None


def identity() -> Identity | None:
    """Return who signed in, None where nobody did, or too long ago, or they signed out."""
    told = st.user.to_dict()
    if told.get("is_logged_in") is not True or _is_over(told):
        return None
    subject, issuer = str(told.get("sub") or ""), str(told.get("iss") or "")
    if not subject or not issuer:
        return None
    email = str(told.get("email") or "")
    verified = told.get("email_verified") in (True, "true")
    name = member_name(email if email and verified else f"{subject} {issuer}")
    session = _sign_in_of(told)
    if session in _signed_out():
        return None
    owners = {member_name(each) for each in os.environ.get(OWNER, "").split(",")} - {""}
    return Identity(name, name in owners, session)


def _sign_in_of(told: Mapping[str, Any]) -> str:
    """Return what tells this signing in from every other one."""
    return f"{told.get('iss')} {told.get('sub')} {told.get('iat')}"


def _is_over(told: Mapping[str, Any]) -> bool:
    since = told.get("iat")
    if isinstance(since, bool) or not isinstance(since, int | float):
        return True
    return not since - 300 <= time.time() < since + HOURS * 3600


@st.cache_resource(show_spinner=False)
def _signed_out() -> set[str]:
    """Return who signed out in this process: their other tabs are signed out with them."""
    return set()


@cache
def notice_signing_out() -> None:
    """Let whoever opens Streamlit's address for signing out be signed out in all their tabs, too.

    It only takes the cookie away, which a tab that stands open does not look at again (1.67).
    """
    ended, sign_out = _signed_out(), routes._auth_logout  # noqa: SLF001  (no other way tells of it)

    async def noticing(request: Request, base_url: str) -> Response:
        held = routes._get_cookie_value_from_request(request, USER_COOKIE_NAME)  # noqa: SLF001  (the same)
        if held is not None:
            with suppress(ValueError):  # no cookie of this program's
                ended.add(_sign_in_of(json.loads(held)))
        return await sign_out(request, base_url)

    routes._auth_logout = noticing  # noqa: SLF001  (the same)


def who() -> Identity | None:
    """Return who signed in, None where nobody has to.

    Raises NotAMemberError where they did not yet, and where nobody could although others can reach
    the app.
    """
    if not is_set_up():
        if _is_open_to_others():
            raise NotAMemberError(_NOT_SIGNED_IN)
        return None
    found = identity()
    if found is None:
        raise NotAMemberError(_NOT_SIGNED_IN)
    return found


def own_mark(workspace: Workspace) -> str:
    """Return the mark of who acts in this tab, which tells nobody who it is; empty without sign-in.

    What a tab keeps and sends bears it, so that nothing of one person passes for the next one's.
    Raises NotAMemberError where people sign in and nobody did.
    """
    return "" if who() is None else tab_mark(workspace)


def guard() -> None:
    """Let in who may come in before the workspace is opened; ends the run for everybody else."""
    try:
        section = _section()
    except RuwoError:
        _explain(_(_SECRETS_BROKEN))
    if section is None:
        if _is_open_to_others():
            _refuse_others()
        return
    if problem := _problem(section):
        _explain(problem)
    notice_signing_out()
    found = identity()
    if found is None:
        _draw_signing_in(section)
    state = get_state()
    if state.reviewer not in (None, found.name):
        st.session_state.clear()  # somebody else sits here now
        get_state().framed = True
    get_state().reviewer = found.name


def _is_open_to_others() -> bool:
    hosts = config.get_option("server.allowedHosts") or ()
    return is_for_others(config.get_option("server.address"), hosts)


def _problem(section: Mapping[str, Any]) -> str:
    """Return why nobody can sign in as it is set up, empty where nothing is wrong."""
    if not is_authlib_installed():
        return _("Signing in needs Authlib: pip install -r {file}").format(
            file="requirements-auth.txt"
        )
    if len(str(section.get("cookie_secret") or "")) < _SHORTEST_SECRET:
        return _(
            "cookie_secret in [auth] must be {n} random characters or more: whoever guesses it can"
            " sign in as anybody."
        ).format(n=_SHORTEST_SECRET)
    return ""


def _draw_signing_in(section: Mapping[str, Any]) -> NoReturn:
    with door():
        st.subheader(_("Sign in"), anchor=False)
        st.caption(_("Sign in to go on. What is here is private."))
        providers = [
            name
            for name, held in section.items()
            if isinstance(held, Mapping) and "client_id" in held
        ]
        for name in providers or [""]:
            label = _("Sign in with {name}").format(name=name) if name else _("Sign in")
            if st.button(plain(label), key=f"sign-in-{name}", type="primary", width=260):
                st.login(name or None)
    st.stop()


def draw_signed_in() -> None:
    """Draw who signed in, and the button that signs them out; nothing where nobody has to."""
    if not is_set_up():
        return
    found = identity()
    if found is None:
        return
    st.caption(plain(_("Signed in as {name}").format(name=found.name)))
    draw_sign_out(found)


def draw_sign_out(found: Identity) -> None:
    """Draw the button that signs somebody out."""
    if st.button(_("Sign out"), key="sign-out", icon=":material/logout:", type="tertiary"):
        _signed_out().add(found.session)
        st.logout()


def _refuse_others() -> NoReturn:
    _explain(
        _(
            "Ruwo is set to be reached from other machines, but nobody would have to sign in. That"
            " is refused: everybody in the network could read these chats."
        ),
        _(
            "For yourself: start it without server.address and server.allowedHosts (arguments,"
            " environment, settings). It then listens on 127.0.0.1 alone, and only this computer"
            " reaches it."
        ),
        _(
            "For a team: set up [auth] in .streamlit/secrets.toml, name the owner by {variable},"
            " and let a proxy with TLS stand in front. The README shows how, under “A team”."
        ).format(variable=OWNER),
    )


def _explain(*sentences: str) -> NoReturn:
    with door():
        first, *others = sentences
        st.error(plain(first), icon=":material/lock:")
        for each in others:
            st.markdown(plain(each))
    st.stop()
