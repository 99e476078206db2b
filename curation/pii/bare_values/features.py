"""What is to be seen of a candidate, in its message and in those around, as features."""

from __future__ import annotations

from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.lexicon import Lexicon
from curation.pii.recognizers import contact_features, secret_features
from curation.pii.recognizers.secret_features import with_both_sides
from curation.pii.recognizers.secret_windows import made_plain, windows
from curation.pii.recognizers.secret_words import LEXICON, SECRETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from curation.pii.bare_values.elsewhere import Values
    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

_ZONES: Final = (1, 2, 3, 3, 5, 5)
"""How far away the nearest messages are, in steps."""
BEFORE: Final = len(_ZONES)
BEHIND: Final = 4
"""How many messages before and behind a candidate's are looked at."""
_NEAR: Final = _ZONES[:2]
_READ: Final = 30
"""How many characters of each are looked at, of those before the last."""
_SHORT: Final = 5
_CONTACTS: Final = frozenset({"number", "id"})
"""The kinds of candidates for phones and accounts."""
_NAMES: Final = SECRETS | {"phone", "service", "account", "asks", "qq", "wechat", "papers"}
"""The classes of words of which the nearest one counts apart."""


_ABOUT: Final = Lexicon(
    {
        "qq": "qq|扣扣|企鹅|秋秋|球球|🐧|空间",
        "wechat": "微信|薇信|v信|vx|wx|绿泡泡?|小绿|好友|名片|通过|备注",
        "papers": "护照|通行证|证件|证号|回乡证|台胞证|签证|passport|身份证|登机|机票|出境|海关"
        "|航班|实名|订票|酒店",
    }
)
"""What is spoken of that has numbers of its own: messengers, and papers for travelling."""

_MASK: Final = "mask"
"""The class of what stands for a masked value."""
_HINTS: Final = SECRETS | {
    *("machine", "account", "service", "phone", "press", "came", "warns", "change"),
    *("qq", "wechat", "papers"),
}
"""A word of one of these classes stands in or around a value's message."""


class Said(NamedTuple):
    """A message of a conversation: whether the export's owner said it, and its folded text."""

    mine: bool
    text: str


class _Message(NamedTuple):
    """What is told of a message: its text made alike, its classes of words, its signs and pairs."""

    text: str
    words: dict[str, str]
    grams: frozenset[str]


def features(talk: Sequence[Said], values: Values, at: int, found: Candidate) -> Seen:
    """Return the features of a candidate in the message of this place in a conversation.

    `values` are those known to be private in the conversation.
    """
    kind, text = found.kind, talk[at].text
    by = contact_features if kind in _CONTACTS else secret_features
    shape, told = by.look(text, found)
    told += values.told(at, text, found, shape)
    grams: dict[str, Collection[str]] = {}
    for side, some in _around(talk, at):
        told += _beside(side, some, kind, shape)
        grams[side] = frozenset().union(*(message.grams for _who, message in some))
        for zone, (_who, message) in zip(_NEAR, some, strict=False):
            grams[f"{side}{zone}"] = grams[f"{side}{zone}{kind}"] = message.grams
    return {**with_both_sides(told, *windows(text, found), kind, shape), **grams}


def hinted(talk: Sequence[Said], at: int) -> bool:
    """Whether a message, or one around it, says a word that has to do with such values."""
    own = _message(talk[at].text)
    around = (message for _side, some in _around(talk, at) for _who, message in some)
    return any(not _HINTS.isdisjoint(message.words) for message in (own, *around))


def names_beside(
    talk: Sequence[Said], at: int, found: Candidate
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the words of the lexicon in the messages around, each with the features it has.

    What stands for a masked value is none of them: a person may write anything into its brackets.
    """
    for side, some in _around(talk, at):
        for zone, (who, message) in zip(_ZONES, some, strict=False):
            for word, said in message.words.items():
                if word == _MASK:
                    continue
                yield said, _of_word(side, zone, who, word, found.kind)


def _around(talk: Sequence[Said], at: int) -> Iterator[tuple[str, list[tuple[str, _Message]]]]:
    """Yield both sides, each with its messages from near to far and whether who said it speaks."""
    mine = talk[at].mine
    before = talk[max(0, at - BEFORE) : at][::-1]
    behind = talk[at + 1 : at + 1 + BEHIND]
    yield "b", [("!="[each.mine == mine], _message(each.text[-_READ:])) for each in before]
    yield "a", [("!="[each.mine == mine], _message(each.text[:_READ])) for each in behind]


def _beside(
    side: str, some: Sequence[tuple[str, _Message]], kind: str, shape: str
) -> Iterator[str]:
    if not some:
        yield f"{side}0"
        return
    named = False
    for zone, (who, message) in zip(_ZONES, some, strict=False):
        for word in message.words:
            yield from _of_word(side, zone, who, word, kind)
            if not named and word in _NAMES:
                named = True
                yield f"{side}N{word}{zone}/{kind}"
                yield f"{side}N{word}/{shape}"
        if len(message.text) <= _SHORT:
            yield f"{side}{zone}={message.text}"
    who, nearest = some[0]
    yield f"{side}{who}"
    yield f"{side}z{min(len(nearest.text) // 3, 6)}"


def _of_word(side: str, zone: int, who: str, word: str, kind: str) -> tuple[str, ...]:
    return (
        f"{side}{zone}{who}{word}",
        f"{side}{zone}{word}",
        f"{side}{word}",
        f"{side}{word}/{kind}",
    )


@lru_cache(maxsize=4096)
def _message(text: str) -> _Message:
    made = made_plain(text)
    found = (*LEXICON.find(made), *_ABOUT.find(made))
    words = {word.kind: made[word.start : word.end] for word in found}
    return _Message(made, words, frozenset(map(add, f"^{made}", f"{made}$")).union(made))
