"""Records as they stand in the files, and as the chats that they teach."""

from __future__ import annotations

import json
from dataclasses import replace
from difflib import SequenceMatcher
from html import escape
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Side
from curation.ui.catalogue import _
from curation.ui.export_options import format_name
from curation.ui.frame import show_error
from curation.ui.html import bubbles, quoted
from curation.ui.state import get_state, keep_choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.export_options import ExportOptions
    from curation.workflow import ExportVersion, FileHead, Workspace

PREVIEWED: Final = 10
_HIGH: Final = 520


def draw_preview(ws: Workspace, options: ExportOptions) -> None:
    """Draw the first records that would be written now."""
    st.subheader(_("The first records"), anchor=False)
    try:
        with st.spinner(_("One moment …")):  # the first one of a server loads the recognizers
            records = _records_now(ws, options)
    except RuwoError as error:
        show_error(error)
        return
    if not records:
        st.info(_("No approved conversation gives a record yet."))
        return
    way = _way()
    with st.container(height=_HIGH, border=False):
        for record in records:
            if way == "chat":
                draw_record(record)
            else:
                draw_source(record)


def _records_now(ws: Workspace, options: ExportOptions) -> Sequence[Mapping[str, Any]]:
    """Return the first records; they are made again only where something was changed."""
    state = get_state()
    # What validates is known only after a search for what is alike, which takes its time.
    options = replace(options, validation=0.0)
    mark = (workflow.basis(ws), options)
    if state.export_preview is None or state.export_preview[0] != mark:
        state.export_preview = (mark, workflow.preview_records(ws, PREVIEWED, options))
    return state.export_preview[1]


def _way() -> str:
    ways = {"chat": _("As a chat"), "file": _("As in the file")}
    way: str = st.segmented_control(
        _("View"),
        list(ways),
        format_func=ways.__getitem__,
        default="chat",
        required=True,
        key="preview-way",
        label_visibility="collapsed",
    )
    return way


def draw_file_preview(ws: Workspace, version: ExportVersion) -> None:
    """Draw the first records of a version's files; nothing where these were deleted."""
    formats = workflow.version_formats(version)
    if not formats or not version.folder:
        return
    st.subheader(_("The first records"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = formats[0]
        if len(formats) > 1:
            keep_choice(key := f"preview-format-{version.id}", formats, name)
            name = st.selectbox(
                _("Format"),
                formats,
                format_func=format_name,
                key=key,
                width=240,
            )
        validation = False
        if version.options.get("validation"):
            parts = {False: _("for training"), True: _("for validation")}
            validation = st.segmented_control(
                _("Part"),
                list(parts),
                format_func=parts.__getitem__,
                default=False,
                required=True,
                key="preview-part",
                label_visibility="collapsed",
            )
        way = _way()
    try:
        head = workflow.file_head(ws, version.id, name, PREVIEWED, validation=validation)
    except RuwoError as error:
        show_error(error)
        return
    if head is None:
        st.caption(_("This file is not there."))
        return
    with st.container(height=_HIGH, border=False):
        if way == "chat":
            for record in head.records:
                draw_record(record)
        else:
            _draw_as_it_stands(head)


def _draw_as_it_stands(head: FileHead) -> None:
    if head.text is None:
        st.caption(_("This file is no text; its records look like this when it is loaded."))
        for record in head.records:
            draw_source(record)
        return
    st.code(head.text, language="json", wrap_lines=True)
    if head.cut:
        st.caption(_("and so on …"))


def draw_record(record: Mapping[str, Any]) -> None:
    """Draw a record as the chat it will teach: system text, then bubbles."""
    with st.container(border=True):
        with st.expander(_("System text")):
            st.html(quoted(record["system"]))
        st.html("".join(_bubble(turn) for turn in record["conversations"]))


def draw_source(record: Mapping[str, Any]) -> None:
    """Draw a record letter by letter as the file holds it."""
    text = json.dumps(record, ensure_ascii=False, indent=2)
    st.code(text, language="json", wrap_lines=True)


def _bubble(turn: Mapping[str, Any]) -> str:
    side = Side.ME if turn["from"] == "gpt" else Side.OTHER
    return bubbles([turn["value"]], side, whole=True)


def draw_side_by_side(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], names: tuple[str, str]
) -> None:
    """Draw the records of a conversation in two versions, what differs with a line beside it."""
    held = [_pieces(before), _pieces(after)]
    differs = _differing(*held)
    for column, name, pieces, marks in zip(st.columns(2), names, held, differs, strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{name}**")
            st.html("".join(_marked(piece, differ=at in marks) for at, piece in enumerate(pieces)))


_Piece = tuple[str, str]


def _pieces(records: Sequence[Mapping[str, Any]]) -> list[_Piece]:
    """Return who says what, record by record; the system text comes first."""
    return [
        piece
        for record in records
        for piece in (
            ("system", record["system"]),
            *((turn["from"], turn["value"]) for turn in record["conversations"]),
        )
    ]


def _differing(before: list[_Piece], after: list[_Piece]) -> tuple[set[int], set[int]]:
    """Return the places in each that the other one does not have."""
    old: set[int] = set()
    new: set[int] = set()
    compared = SequenceMatcher(a=before, b=after, autojunk=False)
    for what, from_old, to_old, from_new, to_new in compared.get_opcodes():
        if what != "equal":
            old.update(range(from_old, to_old))
            new.update(range(from_new, to_new))
    return old, new


def _marked(piece: _Piece, *, differ: bool) -> str:
    who, text = piece
    if who == "system":
        shown = (
            '<div style="opacity:.75;font-size:.85rem;white-space:pre-wrap;'
            f'overflow-wrap:anywhere;margin-bottom:.5rem">{escape(text)}</div>'
        )
    else:
        shown = _bubble({"from": who, "value": text})
    if not differ:
        return shown
    return f'<div style="border-left:3px solid #e0a030;padding-left:.4rem">{shown}</div>'
