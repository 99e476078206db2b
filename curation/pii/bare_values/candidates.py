"""What in a short message could be private by its shape, if the messages around say so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.contact_candidates import contacts
from curation.pii.recognizers.secret_candidates import NUMERALS, candidates

if TYPE_CHECKING:
    from curation.pii.recognizers.secret_candidates import Candidate

ENTITIES: Final = (
    "PASSWORD",
    "OTP_CODE",
    "WECHAT_ID",
    "QQ_NUMBER",
    "PHONE_NUMBER",
    "PASSPORT",
)
"""What a candidate may be, in the order of the weights of a feature."""

LONGEST: Final = 60
"""How many characters a message has at most; a longer one says itself what its values are."""
_ANY: Final = re.compile(f"[0-9A-Za-z*#@$!({NUMERALS}]")
"""What each of them begins with: most messages hold none of it."""
_MOST: Final = 4
"""How many values a message holds at most; more are a list of something."""


def bare(text: str) -> list[Candidate]:
    """Return what in a folded text could be a value without a word for it; by its place."""
    if len(text) > LONGEST or _ANY.search(text) is None:
        return []
    found = list(candidates(text))
    for each in contacts(text):
        if all(each.end <= other.start or other.end <= each.start for other in found):
            found.append(each)
    return sorted(found) if len(found) <= _MOST else []
