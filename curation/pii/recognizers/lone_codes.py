"""Six digits that are all of a message, or a line of a short one: most likely a code sent on."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.secret_words import LOOKS

if TYPE_CHECKING:
    from curation.pii.recognizers.secret_candidates import Candidate

LIKELIHOOD: Final = 0.55
"""How likely such a number is a code: of what people send without a word, more often than not."""

_SIX: Final = re.compile("[0-9]{6}|[0-9]{3}[ -][0-9]{3}")
_SIZES: Final = frozenset({6, 7})
_BESIDE: Final = re.compile("[^0-9A-Za-z一-鿿¥￥$€£#+%/:.°℃=*-]*")
"""What may stand in its line: no sign that makes it a sum or a part of something."""
_ELSE: Final = re.compile("[^0-9]*")
_LONGEST: Final = 40
_LEAST_DIFFERENT: Final = 4
"""How many different digits a number needs, unless somebody chose it: laughter and luck repeat."""

_OTHER: Final = re.compile(
    # Shares of the mainland's exchanges.
    "(?:60[0135]|688|00[0123]|30[01])[0-9]{3}"
    "|[0-9]{4}00"
    # A month of a year, and a day of a month, whose year stands before or behind.
    "|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
    "|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{2}"
    # Rows and columns of a keypad.
    "|(?:123|456|789|147|258|369|159|357|321|654|987|741|852|963){2}"
)
_LUCK: Final = re.compile("520|521|1314|168|888|666")


def is_lone_code(text: str, found: Candidate) -> bool:
    """Whether a candidate is six varied digits that stand in a line alone, with no other number.

    Dates, rows, round numbers and what people call lucky are none. Misses codes of other lengths,
    which are as often prices, times and room numbers.
    """
    if found.end - found.start not in _SIZES or len(text) > _LONGEST:
        return False
    value = text[found.start : found.end]
    if _SIX.fullmatch(value) is None:
        return False
    digits = value[:3] + value[-3:]
    before, behind = text[: found.start], text[found.end :]
    return (
        len(set(digits)) >= _LEAST_DIFFERENT
        and len({(int(b) - int(a)) % 10 for a, b in pairwise(digits)}) > 1
        and _OTHER.fullmatch(digits) is None
        and LOOKS["date"].fullmatch(digits) is None
        and _LUCK.search(digits) is None
        and _BESIDE.fullmatch(before.rpartition("\n")[2]) is not None
        and _BESIDE.fullmatch(behind.partition("\n")[0]) is not None
        and _ELSE.fullmatch(before) is not None
        and _ELSE.fullmatch(behind) is not None
    )
