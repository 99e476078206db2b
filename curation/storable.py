"""What text a database takes; what is read from files and screens is made so here."""

from __future__ import annotations


def storable(text: str) -> str:
    """Return a text without what no database takes: lone surrogates and the zero character.

    Two halves of a character that stand together become it; a half alone, which JSON can hold and
    an input method may leave for a moment, goes.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return whole.replace("\0", "")
