"""A service on this machine that speaks Spark's protocol, checks who asks, and fails as it does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response
from websockets.sync.server import serve

from curation.chatting import SparkProfile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from websockets.http11 import Request
    from websockets.sync.server import ServerConnection

APP_ID: Final = "a1b2c3d4"
KEY: Final = "invented-key-0123456789abcdef"
SECRET: Final = "inventedSecretABCDEF0123456789"  # noqa: S105  (invented)
PATH: Final = "/v1.1/chat"
SKEW: Final = 300


def head(code: int = 0, status: int = 1) -> dict[str, Any]:
    # Some services repeat what was sent in what they say of an error.
    return {"code": code, "message": f"{SECRET} 不能外传的话", "sid": "cht1", "status": status}


def frame(
    text: str = "", *, status: int = 1, code: int = 0, thought: str = "", usage: bool = False
) -> str:
    """Return a frame with a part of an answer."""
    item = {"content": text, "index": 0, "role": "assistant"}
    if thought:
        item["reasoning_content"] = thought
    payload: dict[str, Any] = {"choices": {"status": status, "seq": 0, "text": [item]}}
    if usage:
        counts = {"question_tokens": 4, "prompt_tokens": 70, "completion_tokens": 9}
        payload["usage"] = {"text": {**counts, "total_tokens": 79}}
    return json.dumps({"header": head(code, status), "payload": payload}, ensure_ascii=False)


def error_frame(code: int) -> str:
    """Return a frame that has nothing but an error."""
    return json.dumps({"header": head(code, 2)})


def answer(*pieces: str) -> tuple[str, ...]:
    """Return the frames of an answer in pieces."""
    *before, last = pieces
    return (*map(frame, before), frame(last, status=2, usage=True))


@dataclass(frozen=True)
class Play:
    """How the service answers one question: these frames, `pause` seconds before each.

    `hang_up` breaks off after them.
    """

    frames: tuple[str | bytes, ...] = ()
    pause: float = 0.0
    hang_up: bool = False


@dataclass
class Spark:
    """What was asked, and what is answered: the scripted plays first, then `usual`."""

    port: int = 0
    script: deque[Play] = field(default_factory=deque)
    usual: Play = field(default_factory=lambda: Play(answer("好", "呀[微笑]")))
    bodies: list[dict[str, Any]] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    refuse: int | None = None
    more_headers: Mapping[str, str] = field(default_factory=dict)
    clock: float = 0.0
    """Seconds that its clock is ahead."""

    def profile(self, **given: Any) -> SparkProfile:
        """Return a profile of this service, as a person would set it up."""
        usual = {"name": "星火", "app_id": APP_ID, "key": KEY, "secret": SECRET}
        place = {"service": "xqwen3", "resource": "77001", "timeout": 5}
        address = f"ws://127.0.0.1:{self.port}{PATH}"
        return SparkProfile(**{**usual, **place, "address": address, **given})

    def now(self) -> float:
        return time.time() + self.clock

    def check(self, _connection: ServerConnection, request: Request) -> Response | None:
        """Refuse who is not allowed to ask, as the vendor's gateway does."""
        status = self.refuse or self._refusal(request)
        if status is None:
            return None
        told = {"Date": formatdate(self.now(), usegmt=True), **self.more_headers}
        return Response(status, "No", Headers(told), json.dumps(head(11200)).encode())

    def _refusal(self, request: Request) -> int | None:
        parts = urlsplit(request.path)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if set(given) != {"authorization", "date", "host"} or parts.path != PATH:
            return HTTPStatus.UNAUTHORIZED
        told = base64.b64decode(given["authorization"]).decode()
        fields = dict(each.split("=", 1) for each in told.split(", "))
        if fields["api_key"] != f'"{KEY}"' or fields["headers"] != '"host date request-line"':
            return HTTPStatus.UNAUTHORIZED
        origin = f"host: {given['host']}\ndate: {given['date']}\nGET {PATH} HTTP/1.1"
        digest = hmac.new(SECRET.encode(), origin.encode(), hashlib.sha256).digest()
        if fields["signature"] != f'"{base64.b64encode(digest).decode()}"':
            return HTTPStatus.UNAUTHORIZED
        if given["host"] != request.headers["Host"]:
            return HTTPStatus.UNAUTHORIZED
        apart = abs(parsedate_to_datetime(given["date"]).timestamp() - self.now())
        return HTTPStatus.FORBIDDEN if apart > SKEW else None

    def talk(self, connection: ServerConnection) -> None:
        """Answer the questions of one connection."""
        self.opened += 1
        try:
            with suppress(ConnectionClosed):
                for asked in connection:
                    self.bodies.append(json.loads(asked))
                    play = self.script.popleft() if self.script else self.usual
                    for each in play.frames:
                        time.sleep(play.pause)
                        connection.send(each)
                    if play.hang_up:
                        connection.socket.close()
                        return
        finally:
            self.closed += 1


@contextmanager
def running_spark() -> Iterator[Spark]:
    """Run a service on a free port of this machine until the block is left."""
    service = Spark()
    server = serve(service.talk, "127.0.0.1", 0, process_request=service.check)
    service.port = server.socket.getsockname()[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join(timeout=5)
