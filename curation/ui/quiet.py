"""Streamlit asks nobody who we are.

When a page of another site knocks, Streamlit compares its address with the machine's own, and asks
a server on the internet what that is (`streamlit.net_util`, 1.67). The app listens on this machine
alone: it is to be reached at neither address.
"""

from __future__ import annotations

from streamlit import net_util


def ask_nobody() -> None:
    """Let Streamlit know no address of this machine but the loopback one."""
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown


def _unknown() -> None:
    return None
