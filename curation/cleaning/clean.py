"""Line ends, outer blanks, exporters' markup, control characters and lone surrogates.

Joiners, variation selectors, skin tones, kaomoji, codes, laughter and inner blanks stay byte for
byte. Outer blanks are space, tab and newline alone: the full-width space draws the left edge of
kaomoji of several lines, so it stays unless there is nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

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

_UNICODE_BLANKS: Final = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_SUSPECT: Final = (
    rf"^[ \t\n{_UNICODE_BLANKS}]|[ \t\n]$|[\x00-\x08\x0b-\x1f]"
    r"|weixin://|_wc_custom_link_|<!\[CDATA\["
)
"""Whatever `clean_text` would change matches; most texts do not. Means the same to Python's engine
and to Arrow's, except for lone surrogates, which no Arrow text can hold."""

_SUSPECT_OBJECT = re.compile(rf"{_SUSPECT}|[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return `text` as its writer typed it. Cleaning a cleaned text changes nothing."""
    if _SUSPECT_OBJECT.search(text) is None:
        return text
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
    rows = np.flatnonzero(_suspects(series))
    if not rows.size:
        return series
    result = series.copy()
    cleaned: Any = [clean_text(text) for text in series.iloc[rows].tolist()]
    result.iloc[rows] = cleaned
    return result


def _suspects(series: pd.Series[str]) -> NDArray[np.bool_]:
    if series.dtype == "object":  # may hold anything, lone surrogates too
        search = _SUSPECT_OBJECT.search
        return np.array([isinstance(text, str) and bool(search(text)) for text in series], bool)
    return series.str.contains(_SUSPECT, regex=True, na=False).to_numpy(bool)
