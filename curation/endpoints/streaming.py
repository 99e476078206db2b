"""An answer that comes in pieces: read in a thread of its own, so that it can be left anywhere."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.endpoints.profiles import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    from curation.endpoints.profiles import Profile

_GLANCE: Final = 0.1
"""Seconds after which who waits looks whether to go on."""

WAYS: Final[tuple[Mapping[str, Any], ...]] = (
    {"stream": True, "stream_options": {"include_usage": True}},
    {"stream": True},
    {},
)
"""How an answer is asked for; a service that does not understand one is asked by the next."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A part of an answer as it comes; what a model thought is no part of what it says.

    `ended` says why it ended, where the service says so with this part.
    """

    text: str = ""
    thought: str = ""
    ended: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


def chat_body(
    profile: Profile, messages: Sequence[Mapping[str, str]], temperature: float, most_tokens: int
) -> dict[str, Any]:
    """Return the body of a request that goes on with a talk, as far as the service understands."""
    body: dict[str, Any] = {"model": profile.model, "messages": list(messages)}
    if profile.form is not Form.BARE:
        body |= {"temperature": temperature, "max_tokens": most_tokens}
    return body


def delta_of(chunk: Any) -> Delta:
    """Return what a chunk of a stream says.

    AttributeError, IndexError or TypeError for what is none of this protocol.
    """
    usage = getattr(chunk, "usage", None)
    counts = (count_of(usage, "prompt_tokens"), count_of(usage, "completion_tokens"))
    if not chunk.choices and usage is not None:  # it comes by itself
        return Delta("", "", "", *counts)
    choice = chunk.choices[0]
    return Delta(
        _text(choice.delta, "content"),
        _text(choice.delta, "reasoning_content") or _text(choice.delta, "reasoning"),
        choice.finish_reason or "",
        *counts,
    )


def whole_of(message: Any) -> Delta:
    """Return a message that came as a whole; errors as of `delta_of`."""
    usage = getattr(message, "usage", None)
    choice = message.choices[0]
    return Delta(
        _text(choice.message, "content"),
        _text(choice.message, "reasoning_content") or _text(choice.message, "reasoning"),
        choice.finish_reason or "stop",
        count_of(usage, "prompt_tokens"),
        count_of(usage, "completion_tokens"),
    )


def count_of(usage: object, name: str) -> int:
    """Return how many tokens a service says that it read or wrote, 0 where it does not say."""
    value = getattr(usage, name, 0)
    return value if isinstance(value, int) and value > 0 else 0


def _text(said: Any, name: str) -> str:
    text = getattr(said, name, None)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise TypeError(name)
    return text


def read_aside(
    source: Callable[[], Iterable[Delta]], stopping: threading.Event
) -> Generator[Delta]:
    """Yield what a source yields, read in a thread; ends at once where `stopping` is set.

    An error of the source is raised here. A source that is left ends with its next part.
    """
    arrived: queue.SimpleQueue[Delta | _End] = queue.SimpleQueue()
    left = threading.Event()

    def read() -> None:
        error: BaseException | None = None
        try:
            for each in source():
                if left.is_set():
                    break
                arrived.put(each)
        except BaseException as caught:  # noqa: BLE001  (it is raised where somebody waits)
            error = caught
        arrived.put(_End(error))

    threading.Thread(target=read, name="stream", daemon=True).start()
    try:
        while not stopping.is_set():
            try:
                each = arrived.get(timeout=_GLANCE)
            except queue.Empty:
                continue
            if isinstance(each, _End):
                if each.error is not None:
                    raise each.error
                return
            yield each
    finally:
        left.set()
