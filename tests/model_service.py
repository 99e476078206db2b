"""A service on this machine that speaks OpenAI's protocol, and fails in every way real ones do."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from curation.endpoints import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KEY = "sk-invented-key-0123456789"


@dataclass(frozen=True)
class Turn:
    """How the service treats one request: refused, slow, broken, cut, or answered with `text`.

    Who wants the answer in pieces gets `text` in pieces of a character, `pause` seconds before
    each, after what it thinks; with `whole` it gets it as a whole all the same. `events` are sent
    in place of all that.
    """

    text: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: bool = False
    delay: float = 0.0
    ended: str = "stop"
    thought: str = ""
    pause: float = 0.0
    whole: bool = False
    events: tuple[str, ...] | None = None

    def streams(self, body: Mapping[str, Any]) -> bool:
        """Return whether the answer to a request goes out in pieces."""
        return "stream" in body and not self.whole and self.raw is None


class Service:
    """What was asked, and what is answered: the scripted turns first, then `answer` of the body."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.script: deque[Turn] = deque()
        self.answer: Callable[[dict[str, Any]], Turn] = lambda _body: Turn("{}")
        self.port = 0
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def profile(self, **given: Any) -> Profile:
        """Return a profile of this service, as a person would set it up."""
        usual = {"name": "here", "base_url": self.address, "model": "small", "key": KEY}
        return Profile(**{**usual, "timeout": 5, **given})

    def turn(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Turn:
        with self._lock:
            self.bodies.append(body)
            self.headers.append(headers)
            self.paths.append(path)
            return self.script.popleft() if self.script else self.answer(body)


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            read = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            turn = service.turn(self.path, headers, json.loads(read))
            time.sleep(turn.delay)
            if turn.status == HTTPStatus.OK and turn.streams(service.bodies[-1]):
                _stream(self, turn)
                return
            data = _written(turn) if turn.raw is None else turn.raw
            self.send_response(turn.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in turn.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if turn.cut else data)
            if turn.cut:
                self.close_connection = True

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # who asked is gone
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler


def _stream(handler: BaseHTTPRequestHandler, turn: Turn) -> None:
    """Send an answer in pieces."""
    handler.send_response(turn.status)
    handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for each in _events(turn) if turn.events is None else turn.events:
        time.sleep(turn.pause)
        data = f"data: {each}\n\n".encode()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
    if turn.cut:
        handler.close_connection = True
    else:
        handler.wfile.write(b"0\r\n\r\n")


def chunk(delta: Mapping[str, str], *, ended: str | None = None) -> str:
    """Return an event with a part of an answer."""
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "small"}
    choice = {"index": 0, "delta": delta, "finish_reason": ended}
    return json.dumps({**whole, "choices": [choice]})


def _events(turn: Turn) -> Iterator[str]:
    """Yield the events of an answer in pieces."""
    yield chunk({"role": "assistant", "content": ""})
    if turn.thought:
        yield chunk({"reasoning_content": turn.thought})
    text = turn.text or ""
    for sign in text[: len(text) // 2] if turn.cut else text:
        yield chunk({"content": sign})
    if turn.cut:
        return
    yield chunk({}, ended=turn.ended)
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    yield json.dumps({**json.loads(chunk({})), "choices": [], "usage": usage})
    yield "[DONE]"


def _written(turn: Turn) -> bytes:
    if turn.text is None:
        # Some services repeat the key and the question in what they say.
        error = {"message": f"no: {KEY} 不能外传的话", "type": "x", "code": "y"}
        return json.dumps({"error": error}).encode()
    message = {"role": "assistant", "content": turn.text}
    choice = {"index": 0, "message": message, "finish_reason": turn.ended}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "small"}
    return json.dumps({**whole, "choices": [choice], "usage": usage}).encode()


@contextmanager
def running_service() -> Iterator[Service]:
    """Run a service on a free port of this machine until the block is left."""
    service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    server.daemon_threads = True
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
