"""Invented names: the same person has the same one, also where a piece of the name is used.

There is no table of people. A surname is exchanged for another surname and each letter of a given
name for another letter of the same feel, both by permutations that only the secret tells, so that
`周雨涵` -> `陈晴萱` brings `小周` -> `小陈`, `涵涵` -> `萱萱`, `周老师` -> `陈老师` with it.
Letters that the real names of the workspace hold are avoided as long as the lists have others.
Where an invented name would still tell of a real one, a letter of it is exchanged for another one
in all names, so that the forms of each person go on belonging together.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from curation.pii.chinese import HAN, plain
from curation.pii.drawing import Draw, in_keyed_order, keyed
from curation.pii.folding import fold
from curation.pii.name_lists import (
    ALL_LETTERS,
    COMPOUND_SURNAMES,
    ENDEARMENTS,
    GIVEN_CLASSES,
    LATIN_NAMES,
    LATIN_SURNAMES,
    MENS_LATIN,
    NICKNAMES,
    PREFIXES,
    SURNAMES,
    TITLES,
    TRADITIONAL,
    WOMENS_LATIN,
)
from curation.pii.substrings import Substrings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LATIN: Final = "A-Za-zÀ-ɏḀ-ỿＡ-Ｚａ-ｚ"
_RUN: Final = re.compile(rf"[{HAN}]+|[{_LATIN}]+|[0-9０-９]+")
_HAN: Final = re.compile(rf"[{HAN}]+")
_WORD: Final = re.compile(rf"[{_LATIN}]+")
_ID: Final = re.compile(r"(?=.*[0-9_@])[A-Za-z0-9_@.\-]{4,}")
_ATTEMPTS: Final = 60
_LONGEST_NICKNAME: Final = max(NICKNAMES)
_LONGEST_NAME: Final = 4
_TWO: Final = 2
_CONSONANTS: Final = "bcdfghjklmnpqrstvwxz"
_WIDE: Final = 0xFEE0
_FIRST_WIDE: Final = "０"
_FAMILY: Final = frozenset(SURNAMES)
_MOST_TRIALS: Final = 4000
"""How often a name is tried again at most while letters are exchanged anew."""
_INSTEAD: Final = 12
"""How many letters are tried in the place of one."""
_TRADITIONAL_OF: Final = {plain: old for old, plain in TRADITIONAL.items()}


class Names:
    """Invents names for one workspace; `real` are all names that are known there."""

    def __init__(self, secret: bytes, real: Iterable[str]) -> None:
        self._secret = secret
        names = tuple(real)
        self._real = frozenset(filter(None, (plain_name(name) for name in names)))
        self._blob = "\n".join(sorted(self._real))
        self._held = Substrings(self._real, _TWO)
        self._family_names: set[str] = set()
        self._surname_roles: set[str] = set()
        self._given_roles: set[str] = set()
        self._ends: set[str] = set()
        self._people: dict[str, str] = {}  # given names by the whole ones
        self._learn_roles(names)
        letters = set(self._blob)
        surnames = set(SURNAMES)
        self._surnames = _exchange(secret, "surname", SURNAMES, letters & surnames)
        held = {name for name in COMPOUND_SURNAMES if name in self._blob}
        self._compounds = _exchange(secret, "compound", COMPOUND_SURNAMES, held)
        self._given: dict[str, str] = {}
        strange = {letter for letter in letters if _HAN.fullmatch(letter)} - ALL_LETTERS
        strange |= self._given_roles - set().union(*GIVEN_CLASSES)
        self._free = [
            [letter for letter in group if letter not in letters] for group in GIVEN_CLASSES
        ]
        for number, group in enumerate(GIVEN_CLASSES):
            more = strange if number == len(GIVEN_CLASSES) - 1 else set()
            used = letters & set(group)
            self._given |= _exchange(secret, f"given {number}", group, used, more)
        words = {word.lower() for word in _WORD.findall(self._blob)}
        self._latin: dict[str, str] = {}
        for group_of_words in (WOMENS_LATIN, MENS_LATIN, LATIN_SURNAMES):
            lower = [name.lower() for name in group_of_words]
            self._latin |= _exchange(secret, "latin", lower, words & set(lower))
        self._exchanged: dict[str, str | None] = {}
        self._issued: dict[str, str] = {}
        self._known_done = False

    def invent(self, surface: str) -> str | None:
        """Return an invented name in the form of `surface`.

        None if the lists are used up, and where it holds letters for which there is no list.
        """
        if not self._known_done:
            self._known_done = True
            self._settle_people()
            # In an order of their own, so that it does not matter which name comes first.
            for name in in_keyed_order(self._secret, "names", self._real):
                self._assigned(name)
        return self._assigned(surface)

    def is_real(self, text: str) -> bool:
        """Whether `text` is a name that is known in the workspace."""
        return plain_name(text) in self._real

    def _assigned(self, surface: str) -> str | None:
        if surface in self._exchanged:
            return self._exchanged[surface]
        source = plain_name(surface)
        for attempt in range(_ATTEMPTS):
            made = self._made(surface, attempt)
            if made is None:
                break
            told = plain_name(made)
            if told == source or self._tells(told, source):
                continue
            if self._issued.setdefault(told, source) == source:
                self._exchanged[surface] = made
                return made
        self._exchanged[surface] = None
        return None

    def _settle_people(self) -> None:
        """Exchange letters anew until no form of a person's name tells of another one.

        Each trial looks at everybody who has the letter. In a workspace of very many names some
        are left over; those are drawn by themselves.
        """
        holders: dict[str, list[str]] = {}
        people = in_keyed_order(self._secret, "people", self._people)
        for name in people:
            for letter in set(self._people[name]):
                holders.setdefault(letter, []).append(name)
        trials = _MOST_TRIALS
        for name in people:
            if not self._clashes(name):
                continue
            for letter in reversed(self._people[name]):
                trials -= self._retarget(letter, holders[letter], trials)
                if trials <= 0:
                    return
                if not self._clashes(name):
                    break

    def _clashes(self, name: str) -> bool:
        """Whether what stands for a person's name, given name or pet name tells of another one."""
        given = self._people[name]
        return any(
            made == form or self._tells(made, form)
            for form in dict.fromkeys((name, given, given[-1] * _TWO))
            if len(form) > 1 and (made := self._made(form, 0)) is not None
        )

    def _retarget(self, letter: str, names: Sequence[str], trials: int) -> int:
        """Exchange a letter for another one with which none of `names` clashes, if there is one.

        Returns how many names were looked at. The letter trades with one that no real name holds.
        """
        place = next(
            (at for at, group in enumerate(GIVEN_CLASSES) if letter in group),
            len(GIVEN_CLASSES) - 1,
        )
        given = self._given
        looked = 0
        order = in_keyed_order(self._secret, f"instead of {letter}", self._free[place])
        for other in order[:_INSTEAD]:
            if given[other] == letter or given[letter] == other or looked > trials:
                continue
            given[letter], given[other] = given[other], given[letter]
            for name in names:
                looked += 1
                if self._clashes(name):
                    break
            else:
                return looked
            given[letter], given[other] = given[other], given[letter]
        return looked

    def _tells(self, made: str, source: str) -> bool:
        """Whether the invented name is, holds or is held by a real one."""
        if made in self._real or (len(made) >= _TWO and made in self._held):
            return True
        pieces = (
            made[start:end]
            for start in range(len(made))
            for end in range(start + _TWO, len(made) + 1)
        )
        # What the real name has in common with it, such as a title, is no name of another one.
        return any(piece in self._real and piece not in source for piece in pieces)

    def _made(self, surface: str, attempt: int) -> str | None:
        """Return the name with everything exchanged, None if a letter of it would stay."""
        if any(map(str.isalnum, _RUN.sub("", surface))):
            surface = unicodedata.normalize("NFC", surface)
            if any(map(str.isalnum, _RUN.sub("", surface))):
                return None
        if _ID.fullmatch(surface):
            return self._handle(surface, attempt)
        words = len(_WORD.findall(surface))
        state = {"word": 0, "words": words}

        def exchanged(run: re.Match[str]) -> str:
            text = run[0]
            if _HAN.fullmatch(text):
                return self._han(text, attempt)
            if text[0].isalpha():
                state["word"] += 1
                return self._word(text, attempt, last=state["word"] == words > 1)
            draw = Draw(self._secret, "number in a name", text, str(attempt))
            return _as_wide(draw.digits(len(text)), text)

        return _RUN.sub(exchanged, surface)

    def _handle(self, surface: str, attempt: int) -> str:
        draw = Draw(self._secret, "handle", surface, str(attempt))
        head = "wxid_" if surface.startswith("wxid_") else ""
        made = [head]
        for char in surface[len(head) :]:
            if char.isdigit():
                made.append(draw.digits(1))
            elif char.isalpha():
                letter = draw.one_of(_CONSONANTS)
                made.append(letter.upper() if char.isupper() else letter)
            else:
                made.append(char)
        return "".join(made)

    def _word(self, word: str, attempt: int, *, last: bool) -> str:
        lower = fold(word).lower()
        draw = Draw(self._secret, "latin", lower, str(attempt))
        if len(word) == 1:
            made = draw.one_of("abcdefghjklmnoprstvwy".replace(lower, ""))
        elif not attempt and lower in self._latin:
            made = self._latin[lower]
        else:
            family = lower in self._family_names or (last and lower not in self._latin)
            names = LATIN_SURNAMES if family else _latin_like(lower)
            made = draw.one_of(names).lower()
        if word.isupper() and len(word) > 1:
            return _as_wide(made.upper(), word)
        return _as_wide(made.capitalize() if word[0].isupper() else made, word)

    def _han(self, run: str, attempt: int) -> str:
        """Return an invented name for a run of Chinese letters; a traditional surname stays one."""
        simple = plain(run)
        head, core, tail = self._parted(simple)
        if core == "":
            return run
        made = self._core(core, attempt)
        start, end = len(head), len(run) - len(tail)
        if made[0] in _TRADITIONAL_OF and run[start] in TRADITIONAL:
            made = _TRADITIONAL_OF[made[0]] + made[1:]
        return run[:start] + made + run[end:]

    def _parted(self, run: str) -> tuple[str, str, str]:
        """Return what stands before the name and is kept, the name, and what follows it."""
        tail = next((each for each in TITLES if run.endswith(each) and run != each), "")
        core = run.removesuffix(tail) if tail else run
        if len(tail) == 1 and core + tail in self._ends | self._real and len(core) > 1:
            # A given name may end like a title.
            core, tail = run, ""
        if core in (*PREFIXES, tail) and tail in self._surname_roles | self._given_roles | _FAMILY:
            # `小董` and `董董` have no title.
            core, tail = run, ""
        if not tail and run.endswith(ENDEARMENTS) and run[:-1] in self._given_roles:
            core, tail = run[:-1], run[-1]
        head = ""
        if core[0] in PREFIXES and 1 < len(core) <= 1 + _TWO and core not in self._ends:
            head, core = core[0], core[1:]
        return head, core, tail

    def _core(self, core: str, attempt: int) -> str:
        """Return what stands for a name without prefix and title."""
        if core in self._ends or core in COMPOUND_SURNAMES:
            return self._compounds.get(core) or self._letters(core, attempt)
        if len(set(core)) == 1:
            return self._letter(core[0], attempt) * len(core)
        if len(core) <= _LONGEST_NAME:
            if core[:2] in COMPOUND_SURNAMES:
                return self._compounds[core[:2]] + self._letters(core[2:], attempt)
            if core[0] in self._surnames:
                return self._surnames[core[0]] + self._letters(core[1:], attempt)
        if len(core) == _TWO and all(letter in self._given for letter in core):
            return self._letters(core, attempt)
        return self._nickname(core, attempt)

    def _letter(self, letter: str, attempt: int) -> str:
        """Return what stands for a letter that may be a surname or of a given name."""
        as_surname = letter in self._surnames and (
            letter in self._surname_roles or letter not in self._given_roles
        )
        return self._surnames[letter] if as_surname else self._letters(letter, attempt)

    def _letters(self, letters: str, attempt: int) -> str:
        """Return letters of given names for letters; after a failed attempt drawn anew."""
        made: list[str] = []
        for letter in letters:
            if letter in self._given and not attempt:
                made.append(self._given[letter])
                continue
            group = next((each for each in GIVEN_CLASSES if letter in each), GIVEN_CLASSES[-1])
            draw = Draw(self._secret, "letter", letter, str(attempt))
            made.append(draw.one_of(group.replace(letter, "")))
        return "".join(made)

    def _nickname(self, core: str, attempt: int) -> str:
        draw = Draw(self._secret, "nickname", core, str(attempt))
        made = ""
        while len(made) < len(core):
            left = len(core) - len(made)
            size = left if left <= _LONGEST_NICKNAME else _TWO
            made += draw.one_of(NICKNAMES[size]) if size > 1 else draw.one_of(GIVEN_CLASSES[-1])
        return made

    def _learn_roles(self, names: Iterable[str]) -> None:
        """Learn from whole names which letters are surnames, and how given names end them."""
        for name in names:
            words = _WORD.findall(fold(name).lower())
            self._family_names.update(words[1:][-1:])
        for name in sorted(self._real):
            size = len(name)
            if not _HAN.fullmatch(name) or not _TWO <= size <= _LONGEST_NAME:
                continue
            if name.endswith(TITLES) or name[0] in PREFIXES:
                continue
            compound = size > _TWO and name[:2] in COMPOUND_SURNAMES
            if compound or name[0] in _FAMILY:
                given = name[2:] if compound else name[1:]
                self._people[name] = given
                self._given_roles.update(given)
                if not compound:
                    self._surname_roles.add(name[0])
                if len(given) == _TWO:
                    self._ends.add(given)


def plain_name(text: str) -> str:
    """Return a name without blanks, signs, case and tradition, by which names are compared."""
    return "".join(char for char in plain(fold(text).lower()) if char.isalnum())


def _as_wide(made: str, like: str) -> str:
    """Return ASCII letters or digits in the width of the first one of `like`."""
    shift = _WIDE if like[0] >= _FIRST_WIDE else 0
    return "".join(chr(ord(char) + shift) for char in made)


def _latin_like(word: str) -> Sequence[str]:
    if word in (name.lower() for name in LATIN_SURNAMES):
        return LATIN_SURNAMES
    if word in (name.lower() for name in MENS_LATIN):
        return MENS_LATIN
    womens = word in (name.lower() for name in WOMENS_LATIN) or word.endswith(("a", "ie", "y"))
    return WOMENS_LATIN if womens else LATIN_NAMES


def _exchange(
    secret: bytes,
    label: str,
    items: Iterable[str],
    used: Iterable[str],
    more: Iterable[str] = (),
) -> Mapping[str, str]:
    """Return a one-to-one exchange of the items, none for itself.

    What is `used`, and `more` that is in no list, goes to items that are not used as long as there
    are any; what is left over goes round.
    """
    held = set(used)
    order = in_keyed_order(secret, f"{label} targets", items)
    targets = [item for item in order if item not in held] + [
        item for item in order if item in held
    ]
    sources = in_keyed_order(secret, f"{label} sources", {*held, *more})
    rest = [item for item in order if item not in held]
    result = dict(zip(sources, targets, strict=False))
    free = targets[len(sources) :]
    for source in (*sources[len(targets) :], *rest):
        if not free:
            # More letters than the list has: some share one.
            at = int.from_bytes(keyed(secret, label, source)[:8], "big") % len(targets)
            result[source] = targets[at] if targets[at] != source else targets[at - 1]
            continue
        other_one = next((place for place, item in enumerate(free) if item != source), None)
        if other_one is None:
            # Only itself is left: trade with one that has something else.
            other = next(iter(result))
            result[source], result[other] = result[other], free.pop()
        else:
            result[source] = free.pop(other_one)
    return result
