"""Parts of the MBTI page: the files and their poles, and what was picked beside its rewrite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, BadFileError, RuwoError
from curation.model import Side
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash, show_error
from curation.ui.html import bubbles, quoted
from curation.ui.markdown import plain
from curation.ui.paging import draw_pages
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.uploads import chosen_uploads, meant_path, on_disk
from curation.workflow import DIMENSIONS, Pole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from curation.workflow import BehaviourFile, MbtiPlan, Rewritten

_PAGE: Final = 8
_MOST_FILES: Final = 50
_SUFFIXES: Final = frozenset({".json", ".jsonl"})

_POLES: Final[Mapping[Pole, str]] = {
    Pole.E: N_("outgoing"),
    Pole.I: N_("turned inward"),
    Pole.S: N_("down to earth"),
    Pole.N: N_("guided by hunches"),
    Pole.T: N_("deciding by reason"),
    Pole.F: N_("deciding by feeling"),
    Pole.J: N_("planning ahead"),
    Pole.P: N_("taking it as it comes"),
}


def pole_label(pole: Pole) -> str:
    """Return a pole by its letter and in words."""
    return f"{pole.value} · {_(_POLES[pole])}"


def draw_files() -> None:
    """Draw the ways to bring files, and what is in those that were brought."""
    uploads = st.file_uploader(
        _("Behaviour files, JSON"),
        type=["json", "jsonl"],
        accept_multiple_files=True,
        key=Keys.MBTI_UPLOADS,
        help=_("Records of instruction, input and output, as Machine-Mindset publishes them."),
    )
    st.text_input(
        _("Or where they lie on this computer: a file or a folder"),
        key=Keys.MBTI_PATH,
        on_change=_read_path,
    )
    desk = get_state().mbti
    chosen = chosen_uploads(uploads or [])
    fresh = [each for each in chosen if each.key not in desk.files]
    with on_disk(fresh) as paths:
        for each in fresh:
            try:
                desk.files[each.key] = workflow.read_behaviours(paths[each.key], each.name)
            except RuwoError as error:
                show_error(error)
    for key in list(desk.files):
        _draw_file(key, desk.files[key], by_upload=any(each.key == key for each in chosen))


def _read_path() -> None:
    """Read what the typed path names; what cannot be read is said in a sentence."""
    typed = (widget_value(Keys.MBTI_PATH) or "").strip()
    if not typed:
        return
    desk = get_state().mbti
    try:
        for path in _files_at(meant_path(typed)):
            desk.files[str(path)] = workflow.read_behaviours(path)
    except RuwoError as error:
        flash(error_text(error))
        return
    set_widget(Keys.MBTI_PATH, "")


def _files_at(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES)
    except OSError as exc:
        raise BadFileError(path, N_("the file cannot be read")) from exc
    if not found:
        raise BadFileError(path, N_("no JSON file lies in this folder"))
    return found[:_MOST_FILES]


def _forget(key: str) -> None:
    get_state().mbti.files.pop(key, None)


def _pole_chosen(key: str) -> None:
    desk = get_state().mbti
    pole = widget_value(Keys.MBTI_POLE + key)
    if pole is None:
        desk.poles.pop(key, None)
    else:
        desk.poles[key] = pole


def _draw_file(key: str, file: BehaviourFile, *, by_upload: bool) -> None:
    desk = get_state().mbti
    with st.container(horizontal=True, vertical_alignment="center"):
        said = ngettext("{n} record", "{n} records", len(file.pairs)).format(
            n=f"{len(file.pairs):,}"
        )
        if file.bad:
            said += " · " + ngettext("{n} unreadable", "{n} unreadable", file.bad).format(
                n=f"{file.bad:,}"
            )
        st.markdown(f"**{plain(file.name)}**  \n{plain(said)}", width="stretch")
        set_widget(Keys.MBTI_POLE + key, desk.poles.get(key, file.pole))
        st.selectbox(
            _("Pole"),
            [None, *Pole],
            format_func=lambda pole: _("which?") if pole is None else pole_label(pole),
            key=Keys.MBTI_POLE + key,
            on_change=_pole_chosen,
            args=(key,),
            label_visibility="collapsed",
            width=220,
        )
        if not by_upload:
            st.button(
                "",
                key=f"mbti-forget-{key}",
                icon=":material/close:",
                help=_("Take this file away"),
                type="tertiary",
                on_click=_forget,
                args=(key,),
            )


def draw_missing(missing: Sequence[Pole]) -> None:
    """Say which poles of the type no file is there for, and what becomes of that."""
    if not missing:
        return
    names = _(", ").join(pole_label(pole) for pole in missing)
    if len(missing) == len(DIMENSIONS):
        st.info(_("No file is there yet for this type: {names}.").format(names=plain(names)))
        return
    st.warning(
        _("No file for {names}. It goes on with the other poles of the type.").format(
            names=plain(names)
        ),
        icon=":material/help:",
    )


def draw_answers(plan: MbtiPlan) -> None:
    """Draw what was picked, each beside its rewrite, with a box to leave it out."""
    place = st.container()
    page = draw_pages(f"{Keys.MBTI_PAGE}-{get_state().mbti.round}", -(-len(plan.answers) // _PAGE))
    start = (page - 1) * _PAGE
    with place:
        for number, each in enumerate(plan.answers[start : start + _PAGE], start=start):
            _draw_answer(number, each)


def _take_changed(number: int) -> None:
    left_out = get_state().mbti.left_out
    if widget_value(f"{Keys.MBTI_TAKE}{number}"):
        left_out.discard(number)
    else:
        left_out.add(number)


def _draw_answer(number: int, answer: Rewritten) -> None:
    key = f"{Keys.MBTI_TAKE}{number}"
    set_widget(key, number not in get_state().mbti.left_out)
    with st.container(border=True):
        st.checkbox(
            f"{answer.behaviour.pole.value} · {plain(answer.question)}",
            key=key,
            on_change=_take_changed,
            args=(number,),
        )
        before, after = st.columns(2)
        with before:
            st.caption(_("In the file"))
            st.html(quoted(answer.behaviour.answer))
        with after:
            st.caption(_("As you would send it"))
            st.html(bubbles(answer.messages, Side.ME, whole=True))


def plan_lines(plan: MbtiPlan) -> list[str]:
    """Return what is to be known of what was picked, one sentence each."""
    lines = []
    if not plan.measured:
        lines.append(
            _("There are no messages of yours yet, so it is said plainly. Import chats first.")
        )
    for pole, count in plan.few.items():
        lines.append(
            _("Of {pole} only {n} could be used.").format(pole=pole_label(pole), n=f"{count:,}")
        )
    if plan.repeated:
        lines.append(
            ngettext(
                "{n} was left out because it says nearly what another one says.",
                "{n} were left out because they say nearly what others say.",
                plan.repeated,
            ).format(n=f"{plan.repeated:,}")
        )
    return lines
