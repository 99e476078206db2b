"""Streamlit does not ask a server on the internet who we are when another site knocks."""

from __future__ import annotations

import socket

import pytest
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins

from curation.ui.quiet import ask_nobody


def test_a_foreign_origin_is_refused_without_asking_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(*_arguments: object, **_options: object) -> None:
        pytest.fail("somebody was asked")

    for name in ("get_external_ip", "get_internal_ip"):  # set back afterwards
        monkeypatch.setattr(net_util, name, getattr(net_util, name))
    monkeypatch.setattr(socket, "socket", forbidden)
    ask_nobody()
    assert not is_url_from_allowed_origins("https://elsewhere.example")
    assert is_url_from_allowed_origins("http://127.0.0.1:8501")
    assert is_url_from_allowed_origins("http://localhost:8501")
