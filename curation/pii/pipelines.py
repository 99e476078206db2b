"""Trained spaCy pipelines that a person installed: asked for names where one was chosen.

None is needed and none is downloaded. spaCy's own for Chinese are called `zh_core_web_*`.
"""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from functools import lru_cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final

from curation.pii.chinese import plain, public_figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

_LONGEST_PIECE: Final = 2_000
"""How many characters a pipeline reads at once; its memory grows with them."""
_LABELS: Final = frozenset({"PERSON", "PER"})
_WORTH_ASKING: Final = re.compile("[一-鿿].?[一-鿿]|[A-Z][a-z]")
"""Two Chinese characters or a capitalised word: nothing shorter is a name that one could tell."""


def installed_pipelines() -> tuple[str, ...]:
    """Return the names of the spaCy pipelines for Chinese that are installed, sorted."""
    names = {each.name for each in entry_points(group="spacy_models")}
    return tuple(sorted(name for name in names if name.startswith("zh_")))


def names_by(pipeline: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield the persons that a pipeline sees in a text; nothing where it is not installed."""
    if _WORTH_ASKING.search(text) is None:
        return
    loaded = _loaded(pipeline)
    if loaded is None:
        return
    start = 0
    for piece in _pieces(text):
        for entity in loaded(piece).ents:
            name = entity.text
            if entity.label_ in _LABELS and plain(name) not in public_figures():
                yield start + entity.start_char, start + entity.end_char
        start += len(piece)


def _pieces(text: str) -> Iterator[str]:
    """Yield `text` in pieces, cut after a line end or a full stop where there is one."""
    start = 0
    while len(text) - start > _LONGEST_PIECE:
        end = start + _LONGEST_PIECE
        cut = max(text.rfind(mark, start, end) for mark in "\n。！？")
        end = cut + 1 if cut > start else end
        yield text[start:end]
        start = end
    yield text[start:]


@lru_cache(maxsize=1)
def _loaded(name: str) -> Language | None:
    """Return an installed pipeline, kept for the next time; a path is never loaded."""
    if name not in installed_pipelines():
        return None
    import spacy  # noqa: PLC0415  (slow, and needed here only)

    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        # jieba, which some pipelines cut words with, warns, logs, and keeps its dictionary in a
        # file of a fixed name in the shared temporary folder.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415  (inside the filter)

        jieba.setLogLevel(logging.CRITICAL)
        jieba.dt.tmp_dir = folder
        pipeline = spacy.load(name)
        pipeline("你好")
        return pipeline
