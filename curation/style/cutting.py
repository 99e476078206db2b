"""Words of Chinese and English text by jieba, and how common each one is among all who write."""

from __future__ import annotations

import logging
import re
import tempfile
import threading
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_LOADING: Final = threading.Lock()

_RARE: Final = 12.0
"""The weight of a word that jieba's list of weights does not hold, near the list's median."""

_ALIKE: Final = re.compile(r"(.)\1{2,}")
"""A character three times and more: how often it is repeated does not make it another word."""


def cut(text: str) -> list[str]:
    """Return the words of a text in their order, blanks and punctuation among them."""
    words: list[str] = _jieba().lcut(_ALIKE.sub(r"\1\1", text))
    return words


def weights(words: Collection[str]) -> dict[str, float]:
    """Return the inverse document frequency of each word: the higher, the fewer people write it.

    It is that of jieba's list; words that are not in it count as rare.
    """
    found = dict.fromkeys(words, _RARE)
    # Only what is asked for is kept: the whole list would take 40 MB.
    listed = Path(_jieba().__file__).parent / "analyse" / "idf.txt"
    with listed.open(encoding="utf-8") as lines:
        for line in lines:
            word, _blank, weight = line.rstrip("\n").rpartition(" ")
            if word in found:
                found[word] = float(weight)
    return found


def _jieba() -> Any:
    """Return jieba, loaded once."""
    with _LOADING:
        return _load()


@cache
def _load() -> Any:
    """Return jieba, kept quiet and out of the shared temporary folder.

    jieba logs to stderr and keeps its dictionary in a file of a fixed name in the temporary folder,
    which on a shared machine anybody could have put there; it is given a folder of its own instead.
    """
    with warnings.catch_warnings():
        # jieba 0.42 imports pkg_resources and holds regexes with invalid escapes.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415  (inside the filter)
    if not jieba.dt.initialized:
        jieba.setLogLevel(logging.CRITICAL)
        with tempfile.TemporaryDirectory() as folder:
            jieba.dt.tmp_dir = folder
            jieba.dt.initialize()
    return jieba
