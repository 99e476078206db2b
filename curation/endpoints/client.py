"""One connection to a service that speaks OpenAI's protocol: asks, waits, tries again.

Nothing else in this program opens a connection to another machine. What goes out beside the body
of a request is the key and the headers that the person set, and nothing of the environment.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from curation.endpoints.streaming import (
    WAYS,
    Delta,
    count_of,
    delta_of,
    read_aside,
    whole_of,
)
from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from curation.endpoints.profiles import Profile

ATTEMPTS: Final = 4
FIRST_WAIT: Final = 1.0
"""Seconds; each further wait is twice as long."""
LONGEST_WAIT: Final = 120.0
"""A service that wants a longer wait is told of to the person instead."""

_MODERATED: Final = "content_filter"
_NOT_UNDERSTOOD: Final = (400, 415, 422)
_STRANGE: Final = (ValueError, TypeError, AttributeError, IndexError)
"""What comes of reading an answer that is none of this protocol."""

_STOPPED: Final = N_("Stopped before the service was asked.")
_CUT: Final = N_("{host} broke off in the middle of an answer.")
_NO_KEY: Final = "none"  # services on one's own machine want none, but the protocol does
_PASSED_ON: Final = frozenset(
    {"host", "accept", "accept-encoding", "connection", "content-type", "content-length"}
    | {"authorization", "user-agent"}
)
_SERVER: Final = 500
_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_TROUBLE: Final = (N_("{host} has trouble of its own (HTTP {status})."), False)
_NOT_TAKEN: Final = (N_("{host} did not take a question (HTTP {status})."), False)
_KEY: Final = (N_("{host} does not accept the key, or not for this model (HTTP {status})."), True)
_NOWHERE: Final = (
    N_("{host} has no model “{model}”, or the address is wrong (HTTP {status})."),
    True,
)
_LED_AWAY: Final = (
    N_("{host} leads to another address, which is not followed (HTTP {status})."),
    True,
)
_REFUSALS: Final[Mapping[int, tuple[str, bool]]] = {
    **dict.fromkeys(range(300, 400), _LED_AWAY),
    **dict.fromkeys((401, 403), _KEY),
    **dict.fromkeys((404, 405), _NOWHERE),
    402: (N_("{host} wants to be paid first (HTTP {status})."), True),
    429: (N_("{host} takes no more questions for now (HTTP {status}); go on later."), True),
}
"""What is said of a refusal, and whether every other question would be refused as well."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered, and how many tokens it read and wrote, as the service counts them."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class _PassingError(Exception):
    """What may go better the next time; `error` is what a person is told if it does not."""

    def __init__(self, error: EndpointError, wait: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


class Client:
    """Asks one service; many threads may use it at once.

    `stopping`, once set, ends waits and makes every further question an EndpointError.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        stopping: threading.Event | None = None,
        first_wait: float = FIRST_WAIT,
        attempts: int = ATTEMPTS,
    ) -> None:
        import httpx2  # noqa: PLC0415  (slow, and needed here only)
        import openai  # noqa: PLC0415  (the same)

        self._openai = openai
        self._httpx = httpx2
        self._profile = profile
        self._first_wait = first_wait
        self._attempts = attempts
        self._stopping = stopping or threading.Event()
        self._client = openai.OpenAI(
            api_key=profile.secret or _NO_KEY,
            base_url=profile.base_url,
            max_retries=0,  # ours can be stopped
            default_headers=dict(profile.headers),
            http_client=httpx2.Client(
                timeout=httpx2.Timeout(profile.timeout, connect=min(profile.timeout, 10)),
                # Who leads us elsewhere would lead the texts there, too.
                follow_redirects=False,
                # A proxy of the system is none for what runs on this machine.
                trust_env=not profile.on_this_machine,
                event_hooks={"request": [self._strip]},
            ),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def ask(self, body: Mapping[str, Any]) -> Reply:
        """Return what the model answers to this body of a request; EndpointError where it fails.

        What may pass (busy, broken off, too slow) is tried again, after as long as the service asks
        for, or longer each time.
        """
        tries = Retrying(
            stop=stop_after_attempt(self._attempts),
            wait=self._wait,
            sleep=self._sleep,
            retry=retry_if_exception(self._may_pass),
            reraise=True,
        )
        try:
            return tries(self._ask_once, body)
        except _PassingError as passing:
            raise passing.error from None

    def stream(self, body: Mapping[str, Any]) -> Iterator[Delta]:
        """Yield the answer to this body of a request as it comes; EndpointError where it fails.

        It is asked for once: who waits sees that it failed, and may ask again. A service that does
        not answer in pieces is asked for the whole. Where `stopping` is set it ends as it is.
        """
        for way in WAYS:
            if self._stopping.is_set():
                raise EndpointError(_STOPPED)
            ended = ""
            try:
                source = partial(self._parts, {**body, **way})
                with closing(read_aside(source, self._stopping)) as parts:
                    for each in parts:
                        ended = each.ended or ended
                        yield each
            except _PassingError as passing:
                raise passing.error from None
            except EndpointError as error:
                # Only the first thing it says can be that it does not understand the question.
                if way == WAYS[-1] or error.values.get("status") not in _NOT_UNDERSTOOD:
                    raise
                continue
            if ended == _MODERATED:
                raise self._unwilling()
            if not ended and not self._stopping.is_set():
                raise EndpointError(_CUT, fatal=False, host=self._profile.host)
            return

    def _parts(self, body: Mapping[str, Any]) -> Iterator[Delta]:
        """Yield the answer to one request, in pieces or as a whole."""
        with self._in_words():
            answer = self._client.chat.completions.create(**body)
            if "stream" not in body:
                yield whole_of(answer)
                return
            with answer:
                if "json" in answer.response.headers.get("content-type", ""):
                    # It was asked for pieces, and answers with the whole all the same.
                    kind = self._openai.types.chat.ChatCompletion
                    yield whole_of(kind.model_validate_json(answer.response.read()))
                    return
                for chunk in answer:
                    yield delta_of(chunk)

    def _ask_once(self, body: Mapping[str, Any]) -> Reply:
        if self._stopping.is_set():
            raise EndpointError(_STOPPED)
        with self._in_words():
            answer = self._client.chat.completions.create(**body)
        return self._read(answer)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn what goes wrong inside into what a person is told."""
        try:
            yield
        except self._openai.APIStatusError as error:
            raise self._refused(error.status_code, error.response.headers) from None
        except self._openai.APITimeoutError:
            text = N_("{host} did not answer within {seconds} seconds.")
            raise self._passing(text, fatal=False, seconds=self._profile.timeout) from None
        except self._openai.APIConnectionError as error:
            if isinstance(error.__cause__, self._httpx.ConnectError):
                raise self._passing(N_("Nothing answers at {host}; is it running?")) from None
            raise self._passing(_CUT, fatal=False) from None
        except (self._openai.OpenAIError, self._httpx.HTTPError, *_STRANGE):
            raise self._foreign() from None

    def _read(self, answer: Any) -> Reply:
        """Return the text of an answer; an error where it is none of this protocol."""
        try:
            choice = answer.choices[0]
            text, ended = choice.message.content, choice.finish_reason
        except (AttributeError, IndexError, TypeError):
            raise self._foreign() from None
        if ended == _MODERATED:
            raise self._unwilling()
        if not isinstance(text, str):
            raise self._foreign()
        usage = getattr(answer, "usage", None)
        return Reply(text, count_of(usage, "prompt_tokens"), count_of(usage, "completion_tokens"))

    def _unwilling(self) -> EndpointError:
        text = N_("{host} does not want to answer this.")
        return EndpointError(text, fatal=False, host=self._profile.host)

    def _foreign(self) -> _PassingError:
        text = N_("{host} does not answer as services of this kind do; look at the address.")
        return self._passing(text, fatal=False)

    def _passing(
        self, text: str, *, wait: float | None = None, fatal: bool = True, **values: object
    ) -> _PassingError:
        error = EndpointError(text, fatal=fatal, host=self._profile.host, **values)
        return _PassingError(error, wait)

    def _refused(self, status: int, headers: Mapping[str, str]) -> Exception:
        """Return the error of an answer that is none: never with the words of the service.

        Those may repeat what was sent, and with some the key.
        """
        wait = _asked_wait(headers) if status in _AGAIN else None
        if wait is not None and wait > LONGEST_WAIT:
            text = N_("{host} takes no more questions for {seconds} seconds; go on then.")
            return EndpointError(text, host=self._profile.host, seconds=round(wait))
        text, fatal = _REFUSALS.get(status, _TROUBLE if status >= _SERVER else _NOT_TAKEN)
        told = {"host": self._profile.host, "status": status, "model": self._profile.model}
        error = EndpointError(text, fatal=fatal, **told)
        return _PassingError(error, wait) if status in _AGAIN else error

    def _may_pass(self, error: BaseException) -> bool:
        return isinstance(error, _PassingError) and not self._stopping.is_set()

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, _PassingError) and error.wait is not None:
            return error.wait
        return self._first_wait * 2.0 ** (state.attempt_number - 1)

    def _sleep(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _strip(self, request: Any) -> None:
        """Take away every header that is neither needed nor set by the person."""
        wanted = _PASSED_ON | {name.lower() for name in self._profile.headers}
        for name in [each for each in request.headers if each.lower() not in wanted]:
            del request.headers[name]
        request.headers["user-agent"] = "ruwo"
        if not self._profile.secret:
            request.headers.pop("authorization", None)


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds a service asks to wait, None where it does not say."""
    told = headers.get("retry-after", "")
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(told).timestamp() - time.time()
        except (ValueError, TypeError):
            return None
    return None if math.isnan(seconds) else max(seconds, 0.0)
