"""Addresses in Latin letters, as Hong Kong and couriers write them: `Flat B, 12/F, ...`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.entities import WHY_ADDRESS_LATIN
from curation.pii.recognizers.base import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = r"(?:[A-Z][A-Za-z'’.]{0,19}|St\.|[0-9]{1,3}(?:st|nd|rd|th))"
_STREET: Final = (
    r"(?:Parade|Pde|Hwy|Trail|Trl|Loop|Row|Esplanade|Broadway|Place|Pl\.?|Close|Crescent|Cres\.?|Way|Dr\.?|Parkway|Pkwy|Mews|Grove|Court|Ct\.?|Circle|Quay|Walk"
    r"|Link|Rise|Road|Rd\.?|Street|St\.?|Avenue|Ave\.?|Lane|Path|Drive|Terrace|Boulevard|Blvd|Highway|Alley"
    r"|Hutong|Lu|Jie|Dadao|Dajie)(?![A-Za-z])"
)
_HOUSE: Final = (
    r"(?:Building|Bldg\.?|Centre|Center|Mansions?|Court|Gardens?|Estate|Plaza|Tower|House"
    r"|Chuen|Tsuen"
    r"|Heights|Villas?|Villages?|Apartments?|Dorm(?:itory)?|Residences?|Park|Square|Campus"
    r"|University)"
    r"(?![A-Za-z])"
)
_ROOM: Final = (
    r"(?:(?:Flat|FLAT|flat|Room|ROOM|room|Rm\.?|RM|Unit|UNIT|unit|Suite|Apt\.?|Shop|Block"
    r"|Blk\.?|Tower"
    r"|Phase|Building|Bldg\.?|Lane|Alley|House|Dorm)(?: No\.?"
    r"| #)? ?[A-Z0-9][A-Z0-9\-]{0,4}(?![A-Za-z0-9])"
    r"|[0-9]{1,3}/[FfGg](?![A-Za-z])|G/F|(?:[0-9]{1,2}(?:st|nd|rd|th)|Ground) [Ff]loor)"
)
_ROAD: Final = (
    rf"(?:(?:Blk|BLK"
    rf"|Block)\.? ?)?[0-9]{{1,4}}[A-Z]?,? (?:{_WORD},? ){{1,4}}(?:[0-9]{{1,3}},? )?#[0-9]{{1,3}}-"
    r"[0-9]{1,4}[A-Z]?"
    r"|(?:No\.? ?)?[0-9]{1,4}[A-Z]?,? (?:Jalan|Jln\.?|Lorong|Lrg\.?|Persiaran|Lebuh|Lebuhraya)"
    r"(?: [A-Z0-9][A-Za-z0-9/.]{0,19}){1,4}"
    r"|[0-9]{1,2}-[0-9]{1,2}(?:-[0-9]{1,4})?,? [A-Z][A-Za-z-]{1,24},? [A-Z][a-z]{1,19}-(?:ku"
    r"|shi|cho|gun)"
    r"|(?:Blk|BLK|Block|大牌)\.? ?[0-9]{1,4}[A-Z]?,? ?#[0-9]{1,3}-[0-9]{1,4}[A-Z]?"
    "|[A-Z]?[0-9]?-?[0-9]{1,2}-[0-9]{1,2}[A-Z]?, ?(?:Residensi|Residence|Pangsapuri"
    "|Kondominium|Condo|Apartment|Flat"
    r"|Vista|Taman|Desa|PPR|Menara|Villa)(?: [A-Z][A-Za-z0-9]{0,19}){1,3}"
    r"|(?:No\.? ?)?(?:(?:Unit |U)?[0-9]{1,3}[A-Z]?/)?[0-9]{1,5}[A-Z]?(?:-[0-9]{1,5})?,? "
    rf"(?:{_WORD} ){{1,4}}{_STREET}"
    r"(?: (?:North|South|East|West|Central|[NSEW])\b)?(?: ?#[0-9]{1,4}[A-Z]?(?![0-9A-Za-z]))?"
)
_ROAD_FIRST: Final = (
    r"(?:[A-ZÄÖÜ][a-zäöüß]{1,19}[ -]?){0,2}[A-ZÄÖÜ]?[a-zäöüß]{0,19}(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|weg"
    r"|[Gg]asse"
    r"|[Aa]llee|[Pp]latz|damm|[Hh]ang|[Cc]haussee|ufer|bach|(?<= )Weg|[Rr]ing)"
    r" [0-9]{1,4}[a-z]?(?![0-9A-Za-z])(?:, ?(?:(?:[0-9]\.|EG) ?(?:OG"
    r"|Stock|Etage)?(?: (?:links|rechts|mitte))?|(?:Zimmer|Zi\.|App\.|Wohnung"
    r"|Whg\.) ?[0-9]{1,4}[a-z]?)){0,2}"
    r"|[0-9]{1,4}(?: bis| ter)?,? (?:[Rr]ue|[Bb]oulevard|[Qq]uai|[Ii]mpasse|[Vv]ia|[Cc]alle)"
    rf"(?: (?:des?|du|del|la|le|les|di|d['’]|l['’])){{0,2}} ?{_WORD}(?: {_WORD}){{0,3}}"
)
"""A street of Germany or France with its number."""
_POSTCODE: Final = (
    r"(?:[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}|[A-Z][0-9][A-Z] [0-9][A-Z][0-9]"
    r"|S ?\(?[0-9]{6}\)?|[0-9]{4,6}(?:-[0-9]{4})?)"
    r"(?![0-9A-Za-z])"
)
"""Of Britain, of Canada, and of digits alone."""
_NAMED: Final = (
    rf"(?:{_WORD} ){{1,4}}(?:{_STREET}|{_HOUSE})(?: (?:North|South|East|West|Central)\b)?"
)
_CITY: Final = r"(?:[A-Z][A-Za-zÀ-ÿ'’.]{0,19}|St\.)"
_AREA: Final = (
    rf"(?:[0-9]{{1,5}} )?(?!{_POSTCODE}){_CITY}(?: (?!{_POSTCODE}){_CITY}){{0,3}}(?: {_POSTCODE})?"
    rf"|{_POSTCODE}"
)
_PIECE: Final = re.compile(
    f"(?P<road>{_ROAD}|{_ROAD_FIRST})|(?P<room>{_ROOM})|(?P<named>{_NAMED})|(?P<area>{_AREA})"
)
_FIRST: Final = re.compile(rf"(?<![A-Za-z0-9/])(?:{_ROAD}|{_ROOM}|{_ROAD_FIRST}|{_NAMED})")
_COMMA: Final = re.compile(r"[ ]?[,，;\n]? ?")
_WORTH: Final = {"room": 0.3, "road": 0.5, "named": 0.25}
_THRESHOLD: Final = 0.5
_MOST_PIECES: Final = 12
_NO_PLACE: Final = re.compile(
    r"(?:I|I'm|We|You|He|She|They|It|My|Your|Thanks?|Thank|Please|Pls|Hi|Hello|Hey|Ok|OK|Call"
    r"|Tel|Phone|See|And|But|So|The|Lol|Haha)\b"
)

LATIN_TRIGGER: Final = (
    rf"(?<![A-Za-z0-9/]){_ROOM}|(?<=[A-Za-z'’.] ){_STREET}|#[0-9]{{1,3}}-[0-9]"
    r"|[0-9][A-Z]?,? (?:J[al][ln]|Lorong|Lrg|Persiaran|Lebuh)|[a-z]-(?:ku|shi|cho|gun)(?![a-z])"
    "|[0-9](?: bis| ter)?,? (?:[Rr]ue|[Bb]oulevard|[Qq]uai|[Ii]mpasse|[Vv]ia|[Cc]alle)(?=[ A-Z0-9])"
    "|[0-9], ?(?:Resid|Pangs|Kondo|Condo|Taman|Desa|PPR|Menara)"
    r"|(?:tra(?:ß|ss)e|tr\.|[Ww]eg|asse|llee|latz|damm|[Hh]ang|haussee|ufer|bach|[Rr]ing) [0-9]"
)
"""Without either there is no such address."""


def latin_addresses(text: str) -> Iterator[Hit]:
    """Yield addresses made of pieces between commas, each beginning with a capital or a number.

    A road with its number is one, and so are two other pieces of which one is a room or a house.
    Misses addresses in small letters.
    """
    reached = 0
    for first in _FIRST.finditer(text):
        if first.start() < reached:
            continue
        hit = _from(text, first.start())
        if hit:
            reached = hit.end
            yield hit


def _from(text: str, start: int) -> Hit | None:
    total, end = 0.0, start
    at = start
    kinds: set[str] = set()
    for _ in range(_MOST_PIECES):
        piece = _PIECE.match(text, at)
        if piece is None:
            break
        kind = piece.lastgroup or ""
        if kind == "area" and (_NO_PLACE.match(text, at) or total < _THRESHOLD - 0.25):
            break
        if kind not in kinds:
            total += _WORTH.get(kind, 0.0)
        elif kind == "room":
            total += 0.2
        kinds.add(kind)
        end = piece.end()
        comma = _COMMA.match(text, end)
        if comma is None or not comma[0]:
            break
        if "," not in comma[0] and "，" not in comma[0] and not _PIECE.match(text, comma.end()):
            break
        at = comma.end()
    if total < _THRESHOLD - 1e-9:
        return None
    return Hit(start, end, min(round(total + 0.1, 2), 1.0), WHY_ADDRESS_LATIN)
