"""Line ends, outer blanks, exporters' markup, control characters and lone surrogates.

Joiners, variation selectors, skin tones, kaomoji, codes, laughter and inner blanks stay byte for
byte. Outer blanks are space, tab and newline alone: the full-width space draws the left edge of
kaomoji of several lines, so it stays unless there is nothing else.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

_BLANKS: Final = " \t\n"

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
"""C0 controls but tab and newline, and halves of characters. DEL and C1 are left alone."""

_EDIT_AGAIN = re.compile(
    r"[ ]?<a\s[^<>]{0,300}\bweixin://[^<>]{0,300}>\s*重新编辑\s*</a>(?:\]\]>)?"
)
"""The button that WeChat shows behind a recalled message."""

_WEIXIN_LINK = re.compile(r"<a\s[^<>]{0,300}\bweixin://[^<>]{0,300}>([^<>]*)</a>")
"""A button inside WeChat; its label stays. Links a person typed hold no `weixin://`."""

_CUSTOM_LINK = re.compile(r"<_wc_custom_link_\b[^<>]*>|</_wc_custom_link_>")
"""WeChat's own link tag; what stands between stays."""

_CDATA: Final = "<![CDATA["
_CDATA_END: Final = "]]>"
"""An XML wrapper; an end without a start is nothing that needs repair."""

_SUSPECT = re.compile(
    r"\A[ \t\n]|[ \t\n]\Z|[\x00-\x08\x0b-\x1f\ud800-\udfff]"
    r"|weixin://|_wc_custom_link_|<!\[CDATA\[|\A\s+\Z"
)
"""Whatever `clean_text` would change matches; most texts do not."""


def clean_text(text: str) -> str:
    """Return `text` as its writer typed it. Cleaning a cleaned text changes nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub("", text)
    bare = _without_markup(text)
    while bare != text:  # what was inside a wrapper may be markup itself
        text, bare = bare, _without_markup(bare)
    return text.strip(_BLANKS) if text.strip() else ""


def _without_markup(text: str) -> str:
    if "<" not in text:
        return text
    text = _EDIT_AGAIN.sub("", text)
    text = _WEIXIN_LINK.sub(r"\1", text)
    text = _CUSTOM_LINK.sub("", text)
    wrappers = text.count(_CDATA)
    return text.replace(_CDATA, "").replace(_CDATA_END, "", wrappers) if wrappers else text


def clean_texts(series: pd.Series[str]) -> pd.Series[str]:
    """Return the series with every text cleaned; index, name, dtype and missing values stay."""
    texts = series.tolist()
    search = _SUSPECT.search
    changed = {
        row: clean_text(text)
        for row, text in enumerate(texts)
        if isinstance(text, str) and search(text) is not None
    }
    if not changed:
        return series
    for row, text in changed.items():
        texts[row] = text
    return pd.Series(texts, index=series.index, name=series.name, dtype=series.dtype)
