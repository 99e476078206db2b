"""What the error codes of a Spark service mean, in a sentence each.

The service's own words are never shown: they may repeat what was sent. The vendor lists the codes
at https://xfyun.cn/doc/spark/精调服务API-websocket.html (November 2026); which of them would end
every other question alike is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER_BLOCKED: Final = 10014
ANSWER_DOUBTED: Final = 10019
BUSY_HERE: Final = 10007

DOUBTED: Final = N_(
    "The service doubts that this answer is fit to be shown, and asks to end the talk here."
)
WAIT: Final = N_("Wait until the question before is answered.")

_READ: Final = N_("{host} could not read the question (code {code}).")
_WRONG: Final = N_("{host} does not take the question in this form (code {code}).")
_ELSEWHERE: Final = N_("The same user is connected to {host} elsewhere (code {code}).")
_FULL: Final = N_("{host} is full at the moment (code {code}); try again in a while.")
_QUESTION: Final = N_("{host} does not let this question pass (code {code}); say it otherwise.")
_ANSWER: Final = N_("{host} held the answer back (code {code}).")
_APP: Final = N_("The APPID may not use this service at {host} (code {code}).")
_SETTING: Final = N_(
    "{host} does not take these settings (code {code}): look at the service ID, the resource ID and"
    " the temperature."
)
_TOO_LONG: Final = N_("The talk is too long for {host} (code {code}); begin a new one.")
_NOT_ALLOWED: Final = N_(
    "{host} does not let this APPID ask, or what was paid for is used up (code {code})."
)
_TODAY: Final = N_("No more questions to {host} today (code {code}).")
_SECOND: Final = N_("Too many questions a second for {host} (code {code}); wait a moment.")
_AT_ONCE: Final = N_("Too many talk to {host} at once (code {code}); wait a moment.")
_OTHER: Final = N_("{host} answers with an error that is not known here (code {code}).")

_SENTENCES: Final[Mapping[int, tuple[str, bool]]] = {
    10000: (N_("{host} did not open the connection (code {code})."), True),
    10001: (_READ, False),
    10002: (N_("{host} could not send its answer (code {code})."), False),
    10003: (_WRONG, True),
    10004: (_WRONG, True),
    10006: (_ELSEWHERE, False),
    BUSY_HERE: (WAIT, False),
    10008: (_FULL, False),
    10013: (_QUESTION, False),
    ANSWER_BLOCKED: (_ANSWER, False),
    10016: (_APP, True),
    10110: (_FULL, False),
    10163: (_SETTING, True),
    10907: (_TOO_LONG, False),
    11200: (_NOT_ALLOWED, True),
    11201: (_TODAY, True),
    11202: (_SECOND, False),
    11203: (_AT_ONCE, False),
}
"""What is said of a code, and whether every other question would end the same way."""

KNOWN: Final = frozenset(_SENTENCES)


def error_of(code: int, host: str) -> EndpointError:
    """Return the error that stands for a code of a service."""
    text, fatal = _SENTENCES.get(code, (_OTHER, False))
    return EndpointError(text, fatal=fatal, host=host, code=code)
