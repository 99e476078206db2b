"""What talking to a model is, whatever protocol the model speaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HIGHEST_TEMPERATURE: Final = 2.0
MOST_TOKENS: Final = 32_767
LEAST_CONTEXT: Final = 512


class Role(StrEnum):
    """Whose turn it was: the person who types, or the model."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of a talk."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer as it comes.

    `thought` is what a model says to itself, which is no part of the answer. `warning` is a
    sentence of the catalogue about the answer as a whole, and `closing` says that the service
    wants the talk to end.
    """

    text: str = ""
    thought: str = ""
    warning: str = ""
    closing: bool = False


class Thinking(StrEnum):
    """Whether a model may think before it answers."""

    AS_IT_IS = "as_it_is"  # as the service has it: nothing is said about it
    OFF = "off"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is to answer.

    `most_tokens` is how long an answer may get, `context` how many tokens go into a question with
    its answer: what a model was not trained to read, or would cut off, is not sent. `top_k` and
    `thinking` are for Spark alone.
    """

    temperature: float = 0.9
    most_tokens: int = 512
    context: int = 4096
    top_k: int = 4
    thinking: Thinking = Thinking.AS_IT_IS


def checked_options(options: Options) -> Options:
    """Return options that a service can take; EndpointError where they make no sense."""
    if not 0 <= options.temperature <= HIGHEST_TEMPERATURE:
        raise EndpointError(N_("The temperature lies between 0 and 2."))
    if not options.context >= LEAST_CONTEXT or not 1 <= options.most_tokens <= MOST_TOKENS:
        raise EndpointError(N_("These lengths are out of range."))
    if options.most_tokens * 2 > options.context:
        raise EndpointError(N_("An answer may take at most half of what the model reads."))
    return options


class Talker(Protocol):
    """Talks to one model, one question at a time.

    It is made with a `threading.Event` that, once set, ends an answer where it is: what came until
    then was yielded.
    """

    def open(self) -> None:
        """Connect, as far as that is possible without a question; EndpointError says why not."""

    def answer(self, system: str, history: Sequence[Said]) -> Iterator[Piece]:
        """Yield the answer to a talk, which ends with what the person says.

        EndpointError where it fails; what was yielded before that was said.
        """

    def close(self) -> None:
        """End an answer that is on its way, and let go of the connection; it is asked no more."""
