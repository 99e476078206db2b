"""Words that Streamlit itself writes into its widgets, put into the person's language by a style.

Streamlit has no catalogue. Where a style does not reach, its English words stay.
"""

from __future__ import annotations

import json
from typing import Final

import streamlit as st

from curation.ui.catalogue import _

_DROPZONE: Final = '[data-testid="stFileUploaderDropzone"]'
_RULE: Final = """
{selector} * {{ font-size: 0; }}
{selector}::after {{ content: {text}; font-size: {size}; }}
"""
_HIDDEN: Final = '[data-testid="stStatusWidget"] { display: none; }'
"""Streamlit's running man and its English "Stop": long work shows a bar and a button of its own."""


def translate_widgets() -> None:
    """Cover Streamlit's own words of the file and text inputs with those of the catalogue."""
    rules = (
        (
            f'{_DROPZONE} > span [data-testid="stMarkdownContainer"]',
            _("Choose files"),
            "0.875rem",
        ),
        ('[data-testid="stFileUploaderDropzoneInstructions"]', _("or drop them here"), "0.875rem"),
        ('[data-testid="InputInstructions"]', _("Enter to confirm"), "0.75rem"),
    )
    # JSON's string is also one of CSS; `<` could close the style element.
    style = "".join(
        _RULE.format(
            selector=selector,
            text=json.dumps(text, ensure_ascii=False).replace("<", "\\3c "),
            size=size,
        )
        for selector, text, size in rules
    )
    st.html(f"<style>{style}{_HIDDEN}</style>")
