"""The model that weighs what stands beside a candidate for a phone or an account.

It has four outcomes: a phone, a WeChat id, a QQ number, none of these. `data/contacts.md` says what
it was trained on and how well it does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.chinese import HAN_LETTER
from curation.pii.recognizers import secret_windows
from curation.pii.recognizers.contact_candidates import contacts
from curation.pii.recognizers.contact_features import features
from curation.pii.recognizers.secret_windows import around
from curation.pii.recognizers.weighing import Model, read_model, words_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.pii.recognizers.secret_candidates import Candidate

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "contacts.json"
ENTITIES: Final = ("PHONE_NUMBER", "WECHAT_ID", "QQ_NUMBER")
"""What the weights of a feature speak for."""

LEAST: Final = 0.5
"""How likely a number is one of these; with less it is none, whatever threshold is set."""

LEAST_NAME: Final = 0.35
"""How likely that is of what begins like a name: hardly a word of a chat has such a shape."""

LEAST_GLUED: Final = 0.4
"""How likely that is of a name right behind Chinese: often both are one name, in two writings."""

_SWITCH: Final = re.compile(r"SW-[0-9]{4}-", re.ASCII)
"""A code by which a Switch adds friends: no account of a messenger."""

_SHORT: Final = 400


class Contact(NamedTuple):
    """A candidate that is likely a phone or an account, and which of these is likeliest."""

    found: Candidate
    entity: str
    likelihood: float


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read when it is first needed."""
    return read_model(WEIGHTS)


def likely_contacts(text: str) -> tuple[Contact, ...]:
    """Return what in a folded text is likely a phone or an account by what stands beside it.

    Answers for short texts are kept for a while: each kind is asked for by itself.
    """
    return _in_short(text) if len(text) <= _SHORT else tuple(_likely(text))


@lru_cache(maxsize=4096)
def _in_short(text: str) -> tuple[Contact, ...]:
    return tuple(_likely(text))


def _likely(text: str) -> Iterator[Contact]:
    for found in contacts(text):
        if _SWITCH.match(text, found.start):
            continue
        odds = _odds(*around(text, found))
        likely = sum(odds)
        if likely >= _least(text, found):
            yield Contact(found, ENTITIES[odds.index(max(odds))], likely)


def _least(text: str, found: Candidate) -> float:
    if found.kind != "id":
        return LEAST
    glued = HAN_LETTER.match(text[found.start - 1 : found.start])
    return LEAST_GLUED if glued else LEAST_NAME


@lru_cache(maxsize=4096)
def _odds(window: str, found: Candidate) -> list[float]:
    """Return the likelihoods of a candidate in what is read of its text."""
    return model().odds(features(window, found))


def forget() -> None:
    """Forget the answers that are kept, as another model gives others."""
    _in_short.cache_clear()
    _odds.cache_clear()
    secret_windows.forget()


def evidence(text: str, contact: Contact) -> list[str]:
    """Return the words beside a contact that spoke for it most."""
    return words_for(model(), ENTITIES.index(contact.entity), text, contact.found)
