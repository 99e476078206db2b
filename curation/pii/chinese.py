"""What Chinese words and names are made of: frequencies of words, surnames and given names.

Words come from the dictionary that jieba installs (MIT), surnames and given names from the lists
in `data/`. Everything is a natural logarithm of a probability, so that a name can be weighed
against the ordinary words that the same characters may be.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

_DATA: Final = Path(__file__).parent / "data"
_LONGEST_WORD: Final = 4
_LEAST: Final = math.log(0.3 / 60_000_000)
"""What a character weighs that the dictionary does not have."""
UNUSUAL: Final = -10.5
"""What a character weighs in a given name where no list has it."""
_TODAY: Final = 900
"""How often words of today's chat count to occur, which the dictionary lacks."""
_TABLED: Final = 10_000
"""Up to which count logarithms are kept."""
_FAMOUS: Final = 60
"""From here on a name in the dictionary is that of somebody in history or a novel."""
_LIKELY: Final = -6.4
"""Given-name characters at least this frequent may make a name without a surname."""

HAN: Final = "々〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U000323af"
"""Chinese letters as a class, the rare ones too."""
HAN_LETTER: Final = re.compile(f"[{HAN}]")

RUN: Final = re.compile("[一-鿿]{2,}")
"""Characters in a row: what words and names are looked for in."""

NEVER_NAMED: Final = frozenset(
    "的了吗呢吧啊呀哦嘛啦么着过你我他她它咱您谁这那哪不没别都就还也又才只被把让给跟对从向往是有在会要"
    "能想说去来到看吃喝买做什怎几个们很太更最再和与或但因所以为之其各每些该真说讲问拿打点块咗搵嘅喺俾啲嗰冇唔佢哋"
    "乜嘢咁噉嚟睇諗攞係妳您谁咋啥呗噢喔哇咦唉喂嘻嘿哼呵"
)
"""Function characters: a given name that no list has does not hold them."""


MOST_KEPT: Final = 4096
LONGEST_KEPT: Final = 64
"""How many runs are remembered with what was found out about them, and how long they may be.

A text in which something is found is read again with that masked, and its other runs are the same.
"""


class Weights(NamedTuple):
    """The best way to read a run as ordinary words: weight up to each place, and from it on."""

    before: list[float]
    after: list[float]

    @property
    def whole(self) -> float:
        """The weight of the whole run."""
        return self.after[0]

    def with_name(self, start: int, end: int, weight: float) -> float:
        """Return how much better the run reads with a name of this weight at that place."""
        return self.before[start] + weight + self.after[end] - self.whole


def _listed(name: str) -> list[list[str]]:
    """Return the words of a data file, a list for each part; a line with `#` begins a part."""
    parts: list[list[str]] = [[]]
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            if parts[-1]:
                parts.append([])
        else:
            parts[-1] += line.split()
    return parts


@lru_cache(maxsize=1)
def name_words() -> dict[str, tuple[str, ...]]:
    """Return the words around names, by the part of `data/name_words.txt` they stand in."""
    parts: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (_DATA / "name_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            words = parts.setdefault(line[3:].partition(":")[0], [])
        elif not line.startswith("# "):
            words += line.split()
    return {name: tuple(found) for name, found in parts.items()}


@lru_cache(maxsize=1)
def surnames() -> dict[str, float]:
    """Return each surname, of one or two characters, with its weight."""
    single, double = _listed("surnames.txt")
    ranks = {
        form: rank
        for rank, forms in reversed(list(enumerate(dict.fromkeys(single))))
        for form in forms.split("/")
    }
    weights = {form: math.log(0.075 / (1 + rank / 6) ** 1.25) for form, rank in ranks.items()}
    return weights | {form: math.log(0.0003) for forms in double for form in forms.split("/")}


class Given(NamedTuple):
    """Weights of the characters of given names: first of two, second of two, alone."""

    first: dict[str, float]
    second: dict[str, float]
    alone: dict[str, float]

    def two(self, first: str, second: str) -> float | None:
        """Return the weight of a given name of two characters, None where it cannot be one."""
        weight = self.first.get(first, UNUSUAL) + self.second.get(second, UNUSUAL)
        unknown = {first} - self.first.keys() | {second} - self.second.keys()
        return None if unknown & NEVER_NAMED else weight

    def one(self, char: str) -> float | None:
        """Return the weight of a given name of one character, None where it cannot be one."""
        weight = self.alone.get(char)
        return (None if char in NEVER_NAMED else UNUSUAL) if weight is None else weight

    def leading(self) -> frozenset[str]:
        """Return the characters that may be the first one of a name without a surname."""
        return frozenset(char for char, weight in self.first.items() if weight > _LIKELY)

    def surely(self, first: str, second: str) -> bool:
        """Whether both characters are frequent enough to be a name without a surname."""
        return (
            self.first.get(first, UNUSUAL) > _LIKELY and self.second.get(second, UNUSUAL) > _LIKELY
        )


@lru_cache(maxsize=1)
def given_names() -> Given:
    """Return the weights of the characters of given names."""
    parts: list[list[str]] = []
    for line in (_DATA / "given_names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            parts.append([])
        elif line:
            parts[-1].append(line)
    first, second, alone = ([list("".join(tier.split())) for tier in part] for part in parts[-3:])
    return Given(_tiers(first), _tiers(second), _tiers(alone))


def _tiers(tiers: list[list[str]]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for place, chars in enumerate(tiers):
        for rank, char in enumerate(chars):
            shares.setdefault(char, 3.0**-place / (1 + rank / 60))
    total = sum(shares.values())
    traditional = {form: plain for form, plain in PLAIN.items() if plain in shares}
    shares |= {form: shares[plain] for form, plain in traditional.items() if form not in shares}
    return {char: math.log(share / total) for char, share in shares.items()}


@lru_cache(maxsize=1)
def public_figures() -> frozenset[str]:
    """Return names that tell nothing about anybody in a chat, in simplified characters."""
    return frozenset(name for part in _listed("public_figures.txt") for name in part)


@lru_cache(maxsize=1)
def frequencies() -> dict[str, int]:
    """Return ordinary words of up to four characters and how often the dictionary saw them.

    Names of people are left out, but for those of history and novels.
    """
    return _dictionary()[0]


@lru_cache(maxsize=1)
def people_of_the_dictionary() -> frozenset[str]:
    """Return those of the words that are nothing but the names of people."""
    return _dictionary()[1]


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, int], frozenset[str]]:
    source = find_spec("jieba")
    if source is None or source.origin is None:  # pragma: no cover  (it is required)
        return {}, frozenset()
    cells = (Path(source.origin).parent / "dict.txt").read_text(encoding="utf-8").split()
    alone = given_names().alone
    family = surnames()
    found = {}
    people = set()
    for word, count, tag in zip(cells[::3], cells[1::3], cells[2::3], strict=True):
        if len(word) > _LONGEST_WORD:
            continue
        if tag.startswith("nr"):
            if _is_name(word, int(count), alone, family):
                continue
            people.add(word)
        found[word] = int(count)
    for part in _listed("words.txt"):
        for word in part:
            found[word] = max(found.get(word, 0), _TODAY)
            people.discard(word)
    return found, frozenset(people)


def _is_name(word: str, count: int, alone: dict[str, float], family: dict[str, float]) -> bool:
    """Whether a word that the dictionary calls a person's name is one of somebody unknown."""
    if len(word) == 1 or word[0] not in family:
        return False
    if len(word) > 2:  # noqa: PLR2004  (a surname and one character)
        return count < _FAMOUS
    return word[1] in alone


@lru_cache(maxsize=1)
def _logarithms() -> list[float]:
    total = math.log(sum(frequencies().values()))
    return [_LEAST, *(math.log(count) - total for count in range(1, _TABLED))]


def word_weight(word: str) -> float | None:
    """Return what an ordinary word weighs, None for one that is not in the dictionary."""
    count = frequencies().get(word)
    if count is None:
        return None
    logarithms = _logarithms()
    return (
        logarithms[count] if count < _TABLED else logarithms[-1] + math.log(count / (_TABLED - 1))
    )


@lru_cache(maxsize=20_000)
def char_weight(char: str) -> float:
    """Return what a character weighs as a word of its own."""
    weight = word_weight(char)
    return _LEAST if weight is None else weight


def weigh(run: str) -> Weights:
    """Return what the best reading of a run as ordinary words weighs, in one pass each way."""
    return _kept_weights(run) if len(run) <= LONGEST_KEPT else _weighed(run)


@lru_cache(maxsize=MOST_KEPT)
def _kept_weights(run: str) -> Weights:
    return _weighed(run)


def _weighed(run: str) -> Weights:
    counts = frequencies()
    logarithms = _logarithms()
    size = len(run)
    before = [0.0] + [-math.inf] * size
    edges: list[list[tuple[int, float]]] = []
    for start in range(size):
        base = before[start]
        ends = []
        for end in range(start + 1, min(size, start + _LONGEST_WORD) + 1):
            count = counts.get(run[start:end])
            if count is None:
                if end > start + 1:
                    continue
                weight = _LEAST
            elif count < _TABLED:
                weight = logarithms[count]
            else:
                weight = logarithms[-1] + math.log(count / (_TABLED - 1))
            ends.append((end, weight))
            before[end] = max(before[end], base + weight)
        edges.append(ends)
    after = [0.0] * (size + 1)
    for start in range(size - 1, -1, -1):
        after[start] = max(weight + after[end] for end, weight in edges[start])
    return Weights(before, after)


PLAIN: Final[dict[str, str]] = {pair[0]: pair[1] for pair in _listed("traditional.txt")[0]}
"""Traditional characters and their simplified forms."""

_PLAIN_TABLE: Final = str.maketrans(PLAIN)


def plain(text: str) -> str:
    """Return `text` in simplified characters, as far as the table goes; no offset moves."""
    return text.translate(_PLAIN_TABLE)
