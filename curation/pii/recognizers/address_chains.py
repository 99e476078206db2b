"""Parts of a text that adjoin and may be one address."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from heapq import merge
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.places import Division, divisions
from curation.pii.recognizers.address_names import (
    AFTER_LABEL,
    AFTER_VERB,
    HARD_STOP,
    HOUSE_NAME,
    IN_CHAIN_STOP,
    LED,
    LONGEST_NAME,
    NAME,
    SOFT_STOP,
    describes,
    name_start,
    run_start,
)
from curation.pii.recognizers.address_parts import AREAS, FOLLOWING, FULL, NEAR, NUMBERED, PART

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP: Final = re.compile(r"[ ,，、/\-|·的]{0,3}")
_AFTER_NUMBER_STOP: Final = re.compile("[是有住等送寄给拿取放买卖说叫来去]|到(?!家)|搬")
_HOUSE_BETWEEN: Final = re.compile("[一-鿿A-Za-z0-9]{1,10}")
_TO_PICKUP: Final = re.compile("(?:楼?下|大?门口|[旁对]边|对面|附近|里|外|店)?的?")
_SEPARATORS: Final = " ,，、/-|"
_AND: Final = re.compile(r"[与和跟及、]|靠近")
_BRANCH: Final = re.compile("[东南西北中环]?[一二三四五六七八九]?")
"""What stands between a road's name and its kind: `四川` `北` `路`, `中山` `二` `路`."""

_OWN_NAMED: Final = frozenset(["building", "zone", "compact", "unit", "floor", "lane", "row"])
"""Parts that say themselves where they begin and yet often have a name before them."""
_MAY_BE_NAMED: Final = frozenset(["building", "zone", "compact", "gate", "shop"])
_NAMED_BEFORE: Final = {
    "gate": frozenset(["pickup", "branch", "shop"]),
    "shop": frozenset(["number", "compact", "bare"]),
}
"""What must follow such a part for its name to count."""
_BEFORE_BRANCH: Final = NEAR | {"poi", "public", "campus", "estate", "village", "town"}
_BEFORE_HOUSE: Final = frozenset(
    (
        *("number", "road", "town", "district", "near_district", "city", "estate", "poi"),
        *("public", "campus", "section", "lane", "village", "newarea", "yard"),
    )
)
_BEGINS_NOTHING: Final = frozenset(["bare", "side", "hamlet", "section", "crossing"])
_NEXT_LINE: Final = frozenset(["building", "unit", "room", "compact"])
_ENDS_A_LINE: Final = frozenset(
    (
        *("estate", "road", "poi", "public", "campus", "village", "town", "number", "lane"),
        *("building", "district"),
    )
)
_CITIES: Final = frozenset(["province", "city", "near_city"])
_NO_MORE: Final = {
    "市": re.compile(
        "场|民(?!乐|主|族|生|权)|长(?![安江兴征春沙乐宁城])|里|委|中(?:心|学|院|医)|[容井面价值]"
    ),
    "区": re.compile("[域别间块分]"),
}
"""What makes another word of a division's last letter: `杭州市民`."""
_NOWHERE: Final = Division(sys.maxsize, sys.maxsize, "", full=False)
_KINDS: Final = "镇乡路街区县市村庄楼"
_SHORTEST_SURE: Final = 3
_SHORTEST_NAME: Final = 2


class Part(NamedTuple):
    """A half-open span and the kind of part it is."""

    start: int
    end: int
    kind: str


@dataclass(slots=True)
class Chain:
    """Parts of one address, from the first name's beginning to the last part's end.

    `ends` says for every count of kinds where the last of them ends, `named` that a house has a
    name of its own, `free` where what stands before may begin at the earliest.
    """

    start: int
    end: int
    free: int = 0
    named: bool = False
    kinds: list[str] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)

    def add(self, kind: str, end: int) -> None:
        """Append a part that ends at `end`."""
        self.kinds.append(kind)
        self.ends[len(self.kinds)] = end
        self.end = end


def chains(text: str) -> Iterator[Chain]:
    """Yield the chains of parts in a simplified text, in order, none overlapping another."""
    chain: Chain | None = None
    free = 0
    found = parts(text)
    for place, part in enumerate(found):
        if chain is not None and _joins(text, chain, part):
            continue
        if chain is not None:
            yield chain
            # `滨江一号小区`: a lone 一号 does not end an address, it may begin a name.
            free = free if chain.kinds == ["number"] else chain.end
            chain = None
        following = found[place + 1] if place + 1 < len(found) else None
        begun = _start(text, part, free, following)
        if begun is None:
            continue
        start, kind = begun
        named = start < part.start and kind in _MAY_BE_NAMED
        chain = Chain(start, part.end, free, named)
        chain.add(kind, part.end)
    if chain is not None:
        yield chain


def parts(text: str) -> list[Part]:
    """Return divisions and other parts in order, none overlapping another."""
    kept: list[Part] = []
    shapes = (Part(*match.span(), match.lastgroup or "") for match in PART.finditer(text))
    for part in merge(_divisions(text), shapes, key=lambda part: part.start):
        if kept and part.start < kept[-1].end:
            # `江北区` holds a `北区`: what began first stays, unless it is a short name of which
            # something as long or longer makes use.
            last = kept[-1]
            as_long = part.kind == "estate" or part.start == last.start
            longer = part.end > last.end or (part.end == last.end and as_long)
            if last.kind not in NEAR or not longer:
                continue
            kept.pop()
        kept.append(part)
    return kept


def _divisions(text: str) -> Iterator[Part]:
    reached = 0
    for (start, end, kind, full), following in pairwise([*divisions(text), _NOWHERE]):
        last = text[end - 1]
        short = end - start < _SHORTEST_SURE
        if full and last in _NO_MORE and following.start > end and _NO_MORE[last].match(text, end):
            if not short:
                yield Part(start, end - 1, f"near_{kind}")
            continue
        if full and short and last in "县区市":
            before = text[start - 1 : start]
            leads = "市" if last == "区" else "省市州区在到去住是寄"
            if (last == "区" and not before) or ("一" <= before <= "鿿" and before not in leads):
                continue  # `道县` in `知道县城`, `郊区`
        glued = start > reached and "一" <= text[start - 1] <= "鿿"
        if not full and glued and (text[start] in _KINDS or last in _KINDS):
            continue  # `镇安` in `明玉镇安新村`
        reached = end
        yield Part(start, end, kind if full else f"near_{kind}")


def _joins(text: str, chain: Chain, part: Part) -> bool:
    """Add the part to the chain if it adjoins it; return whether it did or belongs to a name."""
    gap = text[chain.end : part.start]
    if len(gap) > LONGEST_NAME:
        return False
    kind, last = part.kind if gap else _glued_kind(text, chain, part), chain.kinds[-1]
    suffix = _is_suffix(text, part)
    if kind in FULL and suffix and not gap:
        return _becomes_full(chain, part)
    if (kind in FULL and not suffix) or kind in NEAR:
        if _GAP.fullmatch(gap) is None or not _may_follow(kind, last):
            # `五华区翠湖南路`: the place is a piece of the road's name, which comes next.
            name = gap.strip(_SEPARATORS + _line_end(last))
            return kind in NEAR and (not name or _is_name(name))
        fits = True
    elif part.kind in NUMBERED:
        fits = _takes_number(chain, gap, kind)
    elif not gap or (kind == "road" and last in _BEFORE_BRANCH and _BRANCH.fullmatch(gap)):
        fits = _takes_over(text, chain, part, gap)
    else:
        fits = _names(chain, gap, kind)
    if fits:
        chain.add(kind, part.end)
    return fits


def _glued_kind(text: str, chain: Chain, part: Part) -> str:
    """Return as what a part counts that stands directly behind the chain."""
    last = chain.kinds[-1]
    if part.kind == "zone" and last in _CITIES and text[part.end - 1] == "区":
        return "district"  # `台南市` `東區`
    if part.kind == "number" and last in ("building", "unit", "number", "floor"):
        return "door"
    if part.kind == "floor" and "poi" in chain.kinds and last in ("poi", "zone"):
        return "storey"
    return part.kind


def _may_follow(kind: str, last: str) -> bool:
    """Whether a division may stand after another part: what is larger comes first."""
    return last in AREAS and (kind in NEAR or last not in ("district", "town"))


def _becomes_full(chain: Chain, part: Part) -> bool:
    last = chain.kinds[-1]
    if last in NEAR:  # `清苑` `县`, which has become a district since
        chain.kinds.pop()
        chain.add(part.kind, part.end)
    return last in FULL or last in NEAR  # `番禺区` `市桥街`: the beginning of a name


def _takes_number(chain: Chain, gap: str, kind: str) -> bool:
    last = chain.kinds[-1]
    if _GAP.fullmatch(gap) or (gap == "\n" and kind in _NEXT_LINE and last in _ENDS_A_LINE):
        return True
    if gap == "\n" and kind == "number" and last == "road" and len(chain.kinds) > 1:
        return True
    if kind == "pickup" and _TO_PICKUP.fullmatch(gap):
        return True
    # `15号` `科兴科学园` `B栋`
    name = gap.strip(_SEPARATORS)
    if (
        kind in _OWN_NAMED
        and last in _BEFORE_HOUSE
        and _HOUSE_BETWEEN.fullmatch(name) is not None
        and not IN_CHAIN_STOP.search(name)
        and not _AFTER_NUMBER_STOP.search(name)
    ):
        chain.named = True
        return True
    return False


def _takes_over(text: str, chain: Chain, part: Part, gap: str) -> bool:
    """Whether the part adjoins the last one, which then most often was its name."""
    last = chain.kinds[-1]
    number_in_name = last == "number" and (
        len(chain.kinds) == 1 or chain.kinds[-2] in NEAR or part.kind == "estate"
    )
    if last in NUMBERED and last not in ("zone", "compact", "bare") and not number_in_name:
        return False
    if part.kind != "hamlet" and last not in FULL and not (last == "town" and gap):
        # `中关村大街`, `科技园南路`, `南京路`: what looked like a part was the next one's name.
        chain.kinds.pop()
        if not chain.kinds and last in NEAR:
            chain.start = min(chain.start, run_start(text, part.start, chain.free))
    return True


def _line_end(last: str) -> str:
    """Return the line end where it may stand behind a part: a street has a line of its own."""
    return "\n" if last in ("district", "town", "city") else ""


def _is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None and not HARD_STOP.search(text)


def _names(chain: Chain, gap: str, kind: str) -> bool:
    """Whether `gap` is the name of what follows."""
    last = chain.kinds[-1]
    broken = _line_end(last) if kind == "road" else ""
    name = _AND.sub("", gap, count=1) if kind == last == "road" else gap.strip(_SEPARATORS + broken)
    if NAME.fullmatch(name) is None:
        return kind == "newarea" and not name
    if chain.kinds[0] in FOLLOWING and len(chain.kinds) == 1:
        return False  # `3号寄到幸福花园`
    if last in NUMBERED and _AFTER_NUMBER_STOP.search(name):
        return False
    if last in NEAR:
        vague = describes(name) and name[0] != "第"
        return _is_name(name) and not vague and not SOFT_STOP.search(name)
    if IN_CHAIN_STOP.search(name):
        return False
    dormitory = kind == "estate" and last in ("public", "campus", "poi")  # `科技大学` `学生公寓`
    sure = dormitory or last in FULL or last in NUMBERED or last in ("town", kind)
    return sure or not describes(name)


def _start(text: str, part: Part, free: int, following: Part | None) -> tuple[int, str] | None:
    """Return where a chain starts whose first part is `part`, and as what that part counts."""
    kind, begin = part.kind, part.start
    goes_on = following is not None and following.start == part.end
    if kind in _BEGINS_NOTHING:
        return None
    if kind in NEAR or (kind in FULL and not _is_suffix(text, part)):
        return begin, kind
    if kind not in NUMBERED:
        return _named_start(text, part, free, goes_on=goes_on)
    if kind == "compact" and _is_led(text, begin):
        return begin, "home"
    ahead = following.kind if goes_on and following is not None else ""
    needed = _NAMED_BEFORE.get(kind)
    if kind in _MAY_BE_NAMED and (needed is None or ahead in needed):
        named = _house_start(text, part, free, goes_on=goes_on)
        begin = begin if named is None else named
        if kind == "compact" and named is None:
            return None
    return begin, kind


def _is_led(text: str, begin: int) -> bool:
    low = max(0, begin - LONGEST_NAME)
    return bool(AFTER_VERB.search(text, low, begin) or AFTER_LABEL.search(text, low, begin))


def _named_start(text: str, part: Part, free: int, *, goes_on: bool) -> tuple[int, str] | None:
    named = name_start(text, part.start, free, road=part.kind == "road")
    if named is not None:
        return named, part.kind
    if part.kind == "newarea":
        return part.start, part.kind
    run = run_start(text, part.start, free)
    if part.kind == "estate" and run < part.start and goes_on:
        return run, "shared"  # `学生公寓` `3栋`: without a name, yet a house
    return None


def _house_start(text: str, part: Part, free: int, *, goes_on: bool) -> int | None:
    """Return where the name of a house begins that most often has none: `万象天地` `3栋`."""
    named = name_start(text, part.start, free)
    if named is None or not HOUSE_NAME.fullmatch(text, named, part.start):
        return None
    if LED.search(text, max(0, named - LONGEST_NAME), named):
        return named
    alone = named == 0 or not text[named - 1].isalnum()
    sure = goes_on or part.kind == "zone" or (named == 0 and part.end == len(text))
    shortest = _SHORTEST_NAME if sure else _SHORTEST_SURE
    return named if alone and part.start - named >= shortest else None


def _is_suffix(text: str, part: Part) -> bool:
    """Whether a district or city is only the kind, with its name before it."""
    return text[part.start : part.end] in ("区", "县", "市") or text.startswith("自治", part.start)
