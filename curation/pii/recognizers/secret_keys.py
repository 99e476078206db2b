"""Keys and tokens of programs: told by the word before them, or by how their maker writes them.

The shapes are those that the makers document for their own keys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.context import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

_APART: Final = "(?<![0-9A-Za-z_.+/-])"
_NO_MORE: Final = "(?![0-9A-Za-z_-])"

NAMED: Final = re.compile(
    r"(?<![A-Za-z])(?i:(?:app|client|oss|access|corp)?[ _-]?(?:api[ _-]?key|secret(?:[ _-]?key)?"
    r"|access[ _-]?(?:key(?:[ _-]?(?:id|secret))?|token)|token)|[as]k(?= ?[:=]))"
    r"[\"' ]?[:=是] ?[\"']?(?P<value>(?=[A-Za-z_./+-]{0,40}[0-9])[0-9A-Za-z_./+-]{12,200})"
)
"""What a word calls a key. Misses short ones."""

BEARER: Final = re.compile(
    r"(?<![A-Za-z])(?i:bearer|basic) (?P<value>(?=[A-Za-z_./+-]{0,40}[0-9])"
    r"[0-9A-Za-z_./+-]{16,2000}={0,2})"
)
"""The header of a request."""

SHAPED: Final = re.compile(
    rf"{_APART}(?:"
    # Clouds: Amazon, Alibaba, Tencent, Google.
    rf"A[KS]IA[0-9A-Z]{{16}}|LTAI[0-9A-Za-z]{{12,26}}|AKID[0-9A-Za-z]{{13,40}}"
    rf"|AIza[0-9A-Za-z_-]{{35}}"
    # Code hosts and registries.
    rf"|gh[oprsu]_[0-9A-Za-z]{{30,255}}|github_pat_[0-9A-Za-z_]{{22,255}}"
    rf"|glpat-[0-9A-Za-z_-]{{20,64}}|npm_[0-9A-Za-z]{{30,64}}|pypi-[0-9A-Za-z_-]{{32,400}}"
    # Services of models, chats and payments.
    rf"|sk-(?=[A-Za-z_-]{{0,40}}[0-9])[0-9A-Za-z_-]{{16,250}}|hf_[0-9A-Za-z]{{30,64}}"
    rf"|xox[abeoprs]-[0-9A-Za-z-]{{10,250}}|[0-9]{{8,10}}:AA[0-9A-Za-z_-]{{33}}"
    rf"|[rs]k_(?:live|test)_[0-9A-Za-z]{{16,250}}|SEC[0-9a-f]{{32,64}}"
    # A JSON Web Token: its first two parts are JSON, which begins with `{{"`.
    rf"|eyJ[0-9A-Za-z_-]{{8,2000}}\.eyJ[0-9A-Za-z_-]{{4,8000}}\.[0-9A-Za-z_-]{{8,2000}}"
    rf"){_NO_MORE}"
)
"""A key whose first letters show whose it is. Misses those that begin in no way of their own."""

PRIVATE: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----(?:[0-9A-Za-z+/=\s:,]|-(?!----)){16,20000}"
    r"(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY-----|\Z)"
)
"""A private key as OpenSSL and OpenSSH write it (RFC 7468), also cut off at its end."""

HINT: Final = (
    r"[Kk][Ee][Yy]|[Tt][Oo][Kk]|[Ss][Ee][Cc][Rr]|[AaSs][Kk] ?[:=]|[Bb][Ee][Aa][Rr][Ee]|[Bb]asic "
    r"|A[KS]IA|LTAI|AKID|AIza|gh[oprsu]_|_pat_|glpat-|npm_|pypi-|sk-|hf_|xox[a-s]-|:AA|k_live|k_test"
    r"|eyJ|SEC[0-9a-f]"
)
"""What stands in every text that holds one."""


def keys(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the places of keys in a folded text, and whether their shape alone tells them."""
    for pattern in (NAMED, BEARER):
        for match in pattern.finditer(text):
            if not HIDDEN.search(match["value"]):
                yield *match.span("value"), False
    for pattern in (SHAPED, PRIVATE):
        for match in pattern.finditer(text):
            if not HIDDEN.search(match[0]):
                yield *match.span(), True
