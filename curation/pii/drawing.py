"""Draws that depend on a secret: without it nobody can tell what an invented value stands for."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CHUNK: Final = 8  # bytes for one draw; at 64 bits the bias of a remainder is nil
_SEPARATOR: Final = b"\x1f"


def keyed(secret: bytes, *labels: str) -> bytes:
    """Return 32 bytes, HMAC-SHA-256 of the labels under the secret."""
    told = _SEPARATOR.join(label.encode("utf-8", "surrogatepass") for label in labels)
    return hmac.digest(secret, told, "sha256")


def in_keyed_order(secret: bytes, label: str, values: Iterable[str]) -> list[str]:
    """Return the values in an order that only the secret tells; each of them once."""
    return sorted(set(values), key=lambda value: (keyed(secret, label, value), value))


class Draw:
    """A stream of draws, the same for the same secret and labels."""

    def __init__(self, secret: bytes, *labels: str) -> None:
        self._secret = keyed(secret, *labels)
        self._block = 0
        self._left = b""

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` - 1."""
        if not self._left:
            self._left = keyed(self._secret, str(self._block))
            self._block += 1
        chunk, self._left = self._left[:_CHUNK], self._left[_CHUNK:]
        return int.from_bytes(chunk, "big") % limit

    def one_of(self, items: Sequence[str]) -> str:
        """Return one of the items, or of the letters of a text."""
        return items[self.below(len(items))]

    def digits(self, count: int) -> str:
        """Return so many digits."""
        return "".join(str(self.below(10)) for _ in range(count))
