"""Talking to a model at Spark MaaS, over a WebSocket that stays open between two questions."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from curation.chatting import codes
from curation.chatting.codes import error_of
from curation.chatting.frames import BrokenFrameError, Frame, question, read_frame
from curation.chatting.history import SPARK, Limits, fitted
from curation.chatting.signing import SKEW, signed_url
from curation.chatting.talker import Options, Piece
from curation.chatting.thoughts import ThoughtSplitter
from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from websockets.sync.client import ClientConnection

    from curation.chatting.profiles import SparkProfile
    from curation.chatting.talker import Said

IDLE: Final = 50.0
"""Seconds after which a connection that nobody uses is closed; the service does so after 60."""

_GLANCE: Final = 0.1
"""Seconds after which a talker looks whether it is to stop."""

_LONGEST_ANSWER: Final = 200_000
"""Characters; what goes on beyond that is no answer."""

_TOLERANCE: Final = 10
"""Seconds of a clock's difference that the way of a request may explain."""

_MINUTE: Final = 60
_AHEAD: Final = N_("This computer's clock is {minutes} minutes ahead; set it right and try again.")
_BEHIND: Final = N_(
    "This computer's clock is {minutes} minutes behind; set it right and try again."
)
_KEY: Final = N_(
    "{host} does not accept APIKey and APISecret (HTTP {status}); copy both again, and look at this"
    " computer's clock."
)
_ADDRESS: Final = N_("{host} has no service at this address (HTTP {status}).")
_BUSY: Final = N_("{host} takes no more questions for now (HTTP {status}); go on later.")
_TROUBLE: Final = N_("{host} has trouble of its own (HTTP {status}).")
_NOT_OPENED: Final = N_("{host} did not open the connection (HTTP {status}).")
_NOT_THERE: Final = N_("{host} cannot be reached; is this computer connected?")
_FOREIGN: Final = N_("{host} does not answer as services of this kind do; look at the address.")
_CUT: Final = N_("{host} broke off in the middle of an answer.")
_SLOW: Final = N_("{host} did not answer within {seconds} seconds.")


class _RefusedError(Exception):
    """The service did not open the connection; what it said stands in `headers`."""

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.status = status
        self.headers = headers


class SparkTalker:
    """A `Talker` for a Spark service.

    `count` measures how many tokens a text has, `now` tells the time in seconds. A connection that
    was idle for `idle` seconds is closed.
    """

    def __init__(
        self,
        profile: SparkProfile,
        options: Options,
        count: Callable[[str], int],
        *,
        stopping: threading.Event | None = None,
        now: Callable[[], float] = time.time,
        idle: float = IDLE,
    ) -> None:
        self._profile = profile
        self._options = options
        self._count = count
        self._stopping = stopping or threading.Event()
        self._now = now
        self._idle = idle
        self._user = uuid.uuid4().hex  # two talks of one person are two users to the service
        self._asking = threading.Lock()
        self._connection: ClientConnection | None = None
        self._timer: threading.Timer | None = None

    def open(self) -> None:
        """As of every talker: this proves address, keys and clock, and asks nothing."""
        with self._alone():
            self._connected()
            self._rest()

    def answer(self, system: str, history: Sequence[Said]) -> Iterator[Piece]:
        """As of every talker; a second question at the same time is refused."""
        options = self._options
        limits = Limits(min(SPARK.question, options.context - options.most_tokens), SPARK.whole)
        turns = fitted(system, history, limits, options.most_tokens, self._count)
        sent = question(self._profile, options, self._user, system, turns)
        with self._alone():
            done = False
            try:
                yield from self._pieces(self._frames(sent))
                done = not self._stopping.is_set()
            finally:
                # What still comes of an answer that nobody reads must not be taken for the next.
                if done:
                    self._rest()
                else:
                    self._drop()

    def close(self) -> None:
        """As of every talker; an answer that is on its way ends."""
        self._stopping.set()
        if self._asking.acquire(timeout=1):
            try:
                self._drop()
            finally:
                self._asking.release()

    def _alone(self) -> _Alone:
        return _Alone(self._asking)

    def _pieces(self, frames: Iterator[Frame]) -> Iterator[Piece]:
        """Yield what frames say; the answer ends with the last or at an error."""
        splitter = ThoughtSplitter()
        length = 0
        for frame in frames:
            if frame.code == codes.ANSWER_DOUBTED:
                said, thought = splitter.feed(frame.text)
                rest, more = splitter.end()
                yield Piece(said + rest, thought + more, codes.DOUBTED, closing=True)
                return
            if frame.code:  # what came with it is not shown
                raise error_of(frame.code, self._profile.host)
            said, thought = splitter.feed(frame.text)
            length += len(said) + len(thought)
            if length > _LONGEST_ANSWER:
                raise self._error(_FOREIGN)
            if said or thought or frame.thought:
                yield Piece(said, frame.thought + thought)
            if frame.last:
                said, thought = splitter.end()
                yield Piece(said, thought)
                return

    def _frames(self, sent: str) -> Iterator[Frame]:
        """Yield the frames that answer, until the last one or a stop; ask anew if that is needed.

        A connection that was kept may have been closed by the other side meanwhile.
        """
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415  (slow to load)

        kept = self._connection is not None
        connection = self._connected()
        heard = False
        while True:
            try:
                if not heard:
                    connection.send(sent)
                while (data := self._next(connection)) is not None:
                    heard = True
                    yield read_frame(data)
            except ConnectionClosed:
                self._drop()
                if heard or not kept:
                    raise self._error(_CUT) from None
                kept = False
                connection = self._connected()
            except BrokenFrameError:
                raise self._error(_FOREIGN) from None
            else:
                return

    def _next(self, connection: ClientConnection) -> str | bytes | None:
        """Return the next frame, None where the person stopped it."""
        ends = time.monotonic() + self._profile.timeout
        while not self._stopping.is_set():
            try:
                return connection.recv(timeout=min(_GLANCE, self._profile.timeout))
            except TimeoutError:
                if time.monotonic() >= ends:
                    raise self._error(_SLOW, seconds=self._profile.timeout) from None
        return None

    def _connected(self) -> ClientConnection:
        """Return the connection, opened if need be."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._connection is None:
            if self._stopping.is_set():
                raise EndpointError(N_("Stopped before the service was asked."))
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> ClientConnection:
        from websockets.exceptions import (  # noqa: PLC0415  (slow to load)
            InvalidProxy,
            ProxyError,
            WebSocketException,
        )
        from websockets.sync.client import connect  # noqa: PLC0415  (slow, and needed here only)

        profile = self._profile
        url = signed_url(profile.address, profile.key, profile.secret, self._now())
        try:
            return connect(
                url,
                user_agent_header="ruwo",
                # A proxy of the system is none for what runs on this machine.
                proxy=None if profile.on_this_machine else True,
                open_timeout=min(profile.timeout, 20),
                close_timeout=1,
                ping_interval=None,  # the service is not said to answer any
                logger=_silent(),
                create_connection=_firm(),
                legacy=True,  # it lives longer than a block
            )
        except _RefusedError as refused:
            raise self._refused(refused.status, refused.headers) from None
        except TimeoutError:
            raise self._error(_SLOW, seconds=min(profile.timeout, 20)) from None
        except (InvalidProxy, ProxyError, ImportError):  # the last where it wants another package
            raise self._error(N_("The proxy of this computer lets nothing through.")) from None
        except WebSocketException:
            raise self._error(_FOREIGN) from None
        except (OSError, EOFError):
            raise self._error(_NOT_THERE) from None

    def _refused(self, status: int, headers: Mapping[str, str]) -> EndpointError:
        """Return why the service did not open the connection, never with its own words."""
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            off = self._clock_off(headers)
            if abs(off) > SKEW - _TOLERANCE:
                minutes = max(round(abs(off) / _MINUTE), 1)
                return self._error(_AHEAD if off > 0 else _BEHIND, minutes=f"{minutes:,}")
            return self._error(_KEY, status=status)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            text = _BUSY
        elif status == HTTPStatus.NOT_FOUND:
            text = _ADDRESS
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            text = _TROUBLE
        else:
            text = _NOT_OPENED
        return self._error(text, status=status)

    def _clock_off(self, headers: Mapping[str, str]) -> float:
        """Return how many seconds this clock is ahead of the service's, 0 where it tells none."""
        try:
            return self._now() - parsedate_to_datetime(headers.get("Date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return 0.0

    def _error(self, text: str, **values: object) -> EndpointError:
        fatal = text not in (_CUT, _SLOW, _TROUBLE)
        return EndpointError(text, fatal=fatal, host=self._profile.host, **values)

    def _rest(self) -> None:
        """Let the connection be closed if nobody uses it for a while."""
        self._timer = threading.Timer(self._idle, self._drop_idle)
        self._timer.daemon = True
        self._timer.start()

    def _drop_idle(self) -> None:
        if self._asking.acquire(blocking=False):  # who asks right now needs it
            try:
                self._drop()
            finally:
                self._asking.release()

    def _drop(self) -> None:
        """Close the connection without waiting for the other side."""
        connection, self._connection = self._connection, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if connection is not None:
            connection.close()


class _Alone:
    """One question at a time: whoever comes meanwhile is told to wait."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            raise EndpointError(codes.WAIT, fatal=False)

    def __exit__(self, *_error: object) -> None:
        self._lock.release()


def _silent() -> logging.Logger:
    """Return a logger that says nothing: addresses hold signatures, and frames what was said."""
    logger = logging.getLogger("ruwo.silent")
    logger.disabled = True
    return logger


def _firm() -> Any:
    """Return a kind of connection that follows nobody elsewhere: the texts would go there, too."""
    from websockets.exceptions import InvalidStatus  # noqa: PLC0415  (slow to load)
    from websockets.sync.client import ClientConnection  # noqa: PLC0415  (slow to load)

    class Firm(ClientConnection):
        """A connection that is opened where it was meant to be, or not at all."""

        def handshake(self, *given: Any, **more: Any) -> None:
            """Open it; _RefusedError for whatever answer is no opening."""
            try:
                super().handshake(*given, **more)
            except InvalidStatus as error:
                response = error.response
                raise _RefusedError(response.status_code, response.headers) from None

    return Firm
