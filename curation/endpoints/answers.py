"""What a model wrote, read strictly: it has the form that was asked for, or it is no answer."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from curation.errors import N_, EndpointError

_THOUGHTS: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE: Final = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_LONGEST_REASON: Final = 400
_LONGEST_BACKGROUND: Final = 400
_LONGEST_REWRITE: Final = 4000

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_REASON)
]
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class BrokenAnswerError(EndpointError):
    """An answer that has not the form that was asked for; it is never shown."""

    def __init__(self) -> None:
        super().__init__(N_("The answer had not the form that was asked for."), fatal=False)


class _Answer(BaseModel):
    """Every value has exactly its type: “0.8” is no number, and 1.0 no line."""

    model_config = ConfigDict(strict=True, frozen=True)


class Feeling(_Answer):
    """An emotion of the message with number `n`; of the whole conversation where that is None."""

    n: int | None
    emotion: str
    score: Score
    reason: Reason


class Feelings(_Answer):
    """All that a model says of the emotions in a conversation."""

    emotions: list[Feeling]


class Judgement(_Answer):
    """How well a conversation hangs together, 1 to 5, and what is wrong with it.

    `n` is the message with which another topic begins.
    """

    grade: Annotated[int, Field(ge=1, le=5)]
    problem: Literal["none", "jump", "incomplete", "thin"]
    n: int | None
    reason: Reason


class Background(_Answer):
    """What a reader must know before a conversation; empty where nothing is missing."""

    background: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=_LONGEST_BACKGROUND)
    ]
    score: Score


class Rewritten(_Answer):
    """Texts as the person would write them: for each the messages it became."""

    texts: list[
        Annotated[
            list[
                Annotated[
                    str,
                    StringConstraints(
                        strip_whitespace=True, min_length=1, max_length=_LONGEST_REWRITE
                    ),
                ]
            ],
            Field(min_length=1),
        ]
    ]


Read = TypeVar("Read", bound=_Answer)


def read_answer(text: str, form: type[Read]) -> Read:
    """Return what a model wrote, in the form that was asked for; BrokenAnswerError where it is not.

    Thoughts before the answer and a fence around it are taken away, and nothing else.
    """
    bare = _THOUGHTS.sub("", text, count=1)
    fenced = _FENCE.match(bare)
    try:
        return form.model_validate_json(fenced[1] if fenced else bare.strip())
    except (ValidationError, ValueError, RecursionError):
        raise BrokenAnswerError from None
