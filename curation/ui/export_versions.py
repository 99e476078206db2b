"""Kept exports on screen: the list of them, comparing two, building one again, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.export_options import format_name, told_briefly
from curation.ui.export_preview import draw_side_by_side
from curation.ui.export_report import open_list
from curation.ui.export_result import options_of, size_words, version_facts, version_title
from curation.ui.exporting import leaks_kept, stopped
from curation.ui.frame import errors_shown, flash
from curation.ui.markdown import plain
from curation.ui.progress import working
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, keep_choice, widget_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.workflow import Comparison, ExportVersion, VersionList, Workspace

LISTED: Final = 10
"""So many versions are listed until a person asks for all."""

_MOST_CHANGED: Final = 200
_MOST_FILES: Final = 6

_DIFFERENCES: Final[Mapping[str, tuple[str, str]]] = {
    "added": ("add_circle", N_("{n} new")),
    "removed": ("do_not_disturb_on", N_("{n} no longer in it")),
    "changed": ("edit", N_("{n} changed")),
    "moved": ("swap_horiz", N_("{n} in the other part now")),
}

_OPTION: Final[Mapping[str, str]] = {
    "formats": N_("Formats"),
    "variant": N_("Emotions and character traits"),
    "validation": N_("For validation, %"),
    "max_tokens": N_("Longest record, tokens (0: any)"),
    "tokenizer": N_("Tokenizer"),
    "window": N_("Most turns of a record (0: any)"),
    "sliding": N_("A record for each of your turns, with what was said before it"),
    "join_minutes": N_("Join over pauses up to, minutes (0: never)"),
    "join_turns": N_("A joined record has at most so many turns"),
    "opening": N_("Where you speak first"),
    "opening_line": N_("The line"),
}


def do_rebuild(ws: Workspace) -> None:
    """Build a version again where that was asked for, and say whether it is the same."""
    state = get_state()
    number, state.export_rebuild = state.export_rebuild, None
    if number is None:
        return
    state.export_leaks = ()
    done = None
    with errors_shown(), leaks_kept(), working(stopped, key="stop-export") as progress:
        done = workflow.rebuild_version(ws, number, progress)
    if done is None:
        return
    built, found = done
    state.export_shown = state.export_built = built.version.id
    state.export_compared = None if found.identical else (number, built.version.id)
    if found.identical:
        text = _("Built again: version {n} is the same, byte for byte.").format(n=number)
    else:
        text = _("Built again: it is another one now, version {n}. What changed stands below.")
        text = text.format(n=built.version.id)
    flash(text)
    st.rerun()


def draw_versions(ws: Workspace, kept: VersionList) -> None:
    """Draw the kept versions, the newest first, and the comparison of two of them."""
    state = get_state()
    st.subheader(_("Versions"), anchor=False)
    st.caption(
        _(
            "Every export is kept with its options, so that you know what a model was trained on."
            " The files lie in {folder} until you delete them here:"
            " {size} in all."
        ).format(
            folder=plain(str(workflow.versions_folder(ws))),
            size=size_words(workflow.versions_size(ws)),
        )
    )
    for version in kept.versions:
        _draw_row(version)
    if kept.total > len(kept.versions):
        label = _("Show all {n}").format(n=f"{kept.total:,}")
        st.button(label, key="all-versions", type="tertiary", on_click=_show_all)
    for loose in kept.loose:
        _draw_loose(loose.name, loose.size)
    if len(kept.versions) > 1:
        _draw_choice(kept)
    if state.export_compared is not None:
        with errors_shown():
            _draw_comparison(ws, workflow.compare_versions(ws, *state.export_compared))


def _show_all() -> None:
    get_state().export_all = True


def _draw_row(version: ExportVersion) -> None:
    number = version.id
    shown = get_state().export_shown == number
    options = options_of(version)
    with st.container(border=True, gap="small", key=f"version-{number}"):
        lines = [f"**{plain(version_title(version))}**", plain(version_facts(version))]
        if options is not None:
            lines.append(plain(told_briefly(options)))
        st.markdown("  \n".join(lines))
        _draw_row_buttons(version, shown=shown, known=options is not None)


def _draw_row_buttons(version: ExportVersion, *, shown: bool, known: bool) -> None:
    """Draw what can be done with a version; `known` says that its options are understood."""
    number = version.id
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Show"),
            key=f"show-{number}",
            icon=":material/visibility:",
            type="tertiary",
            disabled=shown,
            on_click=_show,
            args=(number,),
        )
        st.button(
            _("Build again"),
            key=f"rebuild-{number}",
            icon=":material/replay:",
            type="tertiary",
            disabled=not known,
            on_click=_rebuild,
            args=(number,),
            help=_("With the same options, of what is approved now."),
        )
        with st.popover(
            _("Delete"), icon=":material/delete:", type="tertiary", key=f"delete-panel-{number}"
        ):
            if version.folder:
                st.button(
                    _("Only the files ({size})").format(size=size_words(version.size)),
                    key=f"delete-files-{number}",
                    on_click=_try,
                    args=(workflow.delete_version_files, number, _("The files are deleted.")),
                )
                st.caption(_("It can still be compared, and built again."))
            st.button(
                _("The whole version"),
                key=f"delete-{number}",
                on_click=_try,
                args=(workflow.delete_version, number, _("The version is deleted.")),
            )


def _draw_loose(name: str, size: int) -> None:
    """Draw files that belong to none of the versions, with the button that deletes them."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        text = _(
            "Files of a version that this workspace does not know, {size}: an older backup took its"
            " place."
        )
        st.markdown(
            ":material/folder_off: " + plain(text.format(size=size_words(size))), width="stretch"
        )
        st.button(
            _("Delete"),
            key=f"delete-loose-{name}",
            icon=":material/delete:",
            type="tertiary",
            on_click=_try,
            args=(workflow.delete_loose_files, name, _("The files are deleted.")),
        )


def _show(number: int) -> None:
    state = get_state()
    state.export_shown, state.export_built = number, None


def _rebuild(number: int) -> None:
    get_state().export_rebuild = number


def _try(do: Callable[[Workspace, Any], None], what: Any, said: str) -> None:
    """Do something with a version, and say so, or why not; only in a callback."""
    state = get_state()
    try:
        do(open_workspace(), what)
    except RuwoError as error:
        flash(error_text(error))
        return
    flash(said)
    if state.export_compared is not None and what in state.export_compared:
        state.export_compared = None


def _draw_choice(kept: VersionList) -> None:
    """Draw which two versions to compare."""
    titles = {each.id: version_title(each) for each in kept.versions}
    numbers = list(titles)
    before, after = get_state().export_compared or (numbers[1], numbers[0])
    for key, number, usual in (
        (Keys.COMPARE_BEFORE, before, numbers[1]),
        (Keys.COMPARE_AFTER, after, numbers[0]),
    ):
        keep_choice(key, numbers, number if number in titles else usual)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            _("Compare"),
            numbers,
            format_func=titles.__getitem__,
            key=Keys.COMPARE_BEFORE,
            width=220,
        )
        st.selectbox(
            _("with"), numbers, format_func=titles.__getitem__, key=Keys.COMPARE_AFTER, width=220
        )
        st.button(_("Compare"), key="compare", icon=":material/compare_arrows:", on_click=_compare)


def _compare() -> None:
    before, after = widget_value(Keys.COMPARE_BEFORE), widget_value(Keys.COMPARE_AFTER)
    if isinstance(before, int) and isinstance(after, int):
        get_state().export_compared = (before, after)


def _draw_comparison(ws: Workspace, found: Comparison) -> None:
    before, after = found.before.id, found.after.id
    with st.container(border=True, key="comparison"):
        head = _("From version {before} to version {after}").format(before=before, after=after)
        st.markdown(f"##### {head}")
        if found.identical:
            st.success(_("The files are the same, byte for byte."), icon=":material/check:")
        _draw_options(found)
        difference = found.difference
        for what, (icon, text) in _DIFFERENCES.items():
            numbers = getattr(difference, what)
            if not numbers:
                continue
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                label = _(text).format(n=f"{len(numbers):,}")
                st.markdown(f":material/{icon}: {label}", width="stretch")
                for page, name in (("review", _("Review")), ("table", _("Table"))):
                    if st.button(name, key=f"{page}-{what}", type="tertiary"):
                        open_list(page, workflow.difference_list(what, before, after))
        text = ngettext(
            "{n} conversation is the same.", "{n} conversations are the same.", difference.same
        )
        st.caption(text.format(n=f"{difference.same:,}"))
        if found.files and not found.identical:
            names = _(", ").join(found.files[:_MOST_FILES])
            names += "…" if len(found.files) > _MOST_FILES else ""
            st.caption(plain(_("Files that differ: {names}").format(names=names)))
        if difference.changed:
            _draw_changed(ws, found)


def _draw_options(found: Comparison) -> None:
    for name, (old, new) in found.options.items():
        label = _(_OPTION[name]) if name in _OPTION else name
        st.markdown(f":material/tune: {plain(label)}: {plain(_value(old))} → {plain(_value(new))}")


def _value(value: object) -> str:
    """Return the value of an option in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(format_name(str(each)) for each in value)
    if isinstance(value, float):
        return f"{value:.0%}"
    return "–" if value in (None, "") else str(value)


def _draw_changed(ws: Workspace, found: Comparison) -> None:
    """Draw what one of the changed conversations says in both versions."""
    numbers = found.difference.changed[:_MOST_CHANGED]
    key = f"changed-{found.before.id}-{found.after.id}"
    keep_choice(key, numbers, None)
    chosen = st.selectbox(
        _("Look at one that changed"),
        numbers,
        format_func=lambda number: _("Conversation {n}").format(n=number),
        index=None,
        placeholder=_("Choose a conversation"),
        key=key,
        width=320,
    )
    if chosen is None:
        return
    held = [workflow.records_of(ws, each.id, chosen) for each in (found.before, found.after)]
    if held[0] is None or held[1] is None:
        gone = found.before if held[0] is None else found.after
        st.info(
            _("The files of version {n} were deleted, so its text cannot be shown.").format(
                n=gone.id
            )
        )
        return
    names = tuple(_("Version {n}").format(n=each.id) for each in (found.before, found.after))
    draw_side_by_side(held[0], held[1], (names[0], names[1]))
