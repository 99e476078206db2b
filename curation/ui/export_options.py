"""What a person chooses for an export; most need none of it, so it is folded away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.export_options import (
    LARGEST_VALIDATION,
    LONGEST,
    OPENING_LINE,
    ExportOptions,
    Opening,
    Variant,
)
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, set_widget, widget_value
from curation.ui.uploads import meant_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.workflow import Workspace

_HUNDRED: Final = 100
_FIELD: Final = 220

_FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "sharegpt": (
        "ShareGPT",
        N_("What most trainers and services take: LLaMA-Factory, iFlytek's MaaS, ms-swift."),
    ),
    "sharegpt_extended": (
        N_("ShareGPT with emotions"),
        N_("With emotions and traits in fields of their own, for your own programs."),
    ),
    "llamafactory": (
        N_("LLaMA-Factory folder"),
        N_("The records with settings to train with, to start from in that folder."),
    ),
    "openai": (
        "OpenAI messages",
        N_("For OpenAI, Volcengine, TRL, MLX: a line a conversation."),
    ),
    "alpaca": (
        "Alpaca",
        N_("For services that know nothing else."),
    ),
    "chatml": (
        "ChatML",
        N_("Finished text with Qwen's marks, for trainers without a chat template."),
    ),
    "axolotl": ("axolotl", N_("A folder for axolotl, with its settings.")),
    "ms-swift": ("ms-swift", N_("A folder for ms-swift, with its settings.")),
    "unsloth": ("unsloth", N_("For unsloth, which refuses the other shapes or guesses wrong.")),
    "huggingface": (
        "Hugging Face",
        N_("A folder that `datasets` loads, in Parquet, with a card that describes it."),
    ),
}


def format_name(name: str) -> str:
    """Return what a format is called; an unknown one keeps its own name."""
    return _(_FORMATS[name][0]) if name in _FORMATS else name


def format_use(name: str) -> str:
    """Return what a format is for, in a sentence."""
    return _(_FORMATS[name][1]) if name in _FORMATS else ""


def told_briefly(options: ExportOptions) -> str:
    """Return options in a line, what differs from the usual ones behind the formats."""
    usual = ExportOptions()
    parts = [_(", ").join(format_name(name) for name in options.formats)]
    if options.validation:
        share = f"{options.validation:.0%}"
        parts.append(_("{share} for validation").format(share=share))
    if options.max_tokens:
        text = ngettext("at most {n} token", "at most {n} tokens", options.max_tokens)
        parts.append(text.format(n=f"{options.max_tokens:,}"))
    if options.window:
        text = _("sliding over {n} turns") if options.sliding else _("at most {n} turns")
        parts.append(text.format(n=options.window))
    if options.join_minutes:
        parts.append(_("joined up to {n} minutes").format(n=options.join_minutes))
    if options.opening is not usual.opening:
        parts.append(_("a line before what you open"))
    if options.variant is Variant.WOVEN:
        parts.append(_("traits in the system text"))
    if options.variant is Variant.EXTENDED:
        parts.append(_("traits in fields"))
    return " · ".join(parts)


def draw_options(ws: Workspace) -> ExportOptions:
    """Draw the options, folded away; return them."""
    options = workflow.load_export_options(ws)
    with st.expander(
        _("Options: {options}").format(options=plain(told_briefly(options))),
        icon=":material/tune:",
        key=Keys.EXPORT_OPTIONS,
    ):
        _draw_formats(options)
        _draw_variant(options)
        _draw_validation(options)
        _draw_length(options)
        _draw_window(options)
        _draw_joining(options)
        _draw_opening(options)
        if options != ExportOptions():
            st.button(
                _("Back to the usual options"),
                key="export-usual",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=_keep,
                args=(ExportOptions(),),
            )
    return options


def _keep(options: ExportOptions) -> None:
    """Keep options; only in a callback."""
    try:
        workflow.save_export_options(open_workspace(), options)
    except RuwoError as error:
        flash(error_text(error))


def _choose(**values: Any) -> None:
    """Keep the options with other values; what makes no sense is said; only in a callback."""
    try:
        ws = open_workspace()
        options = replace(workflow.load_export_options(ws), **values)
        workflow.save_export_options(ws, options)
    except RuwoError as error:
        flash(error_text(error))


def _draw_formats(options: ExportOptions) -> None:
    known = list(workflow.format_names())
    set_widget(Keys.EXPORT_FORMATS, [name for name in options.formats if name in known])
    st.multiselect(
        _("Formats"),
        known,
        format_func=format_name,
        key=Keys.EXPORT_FORMATS,
        on_change=_formats_chosen,
        placeholder=_("At least one"),
    )
    st.caption("\n".join(f"- **{format_name(name)}**: {format_use(name)}" for name in known))


def _formats_chosen() -> None:
    chosen = widget_value(Keys.EXPORT_FORMATS)
    order = list(workflow.format_names())
    _choose(formats=tuple(sorted(chosen, key=order.index)))


def _draw_variant(options: ExportOptions) -> None:
    """Draw where emotions and traits go, one sentence for each choice."""
    said = {
        Variant.PLAIN: (
            _("Plain"),
            _("Only what was said and the system text; every trainer reads it."),
        ),
        Variant.WOVEN: (
            _("In the system text"),
            _("Traits and the mood of each conversation are told there; every trainer reads it."),
        ),
        Variant.EXTENDED: (
            _("In fields of their own"),
            _("For LLaMA-Factory, which passes over them, and your own programs; unsloth refuses."),
        ),
    }
    set_widget(Keys.VARIANT, options.variant)
    st.radio(
        _("Emotions and character traits"),
        list(said),
        format_func=lambda variant: said[variant][0],
        captions=[hint for _name, hint in said.values()],
        key=Keys.VARIANT,
        on_change=lambda: _choose(variant=widget_value(Keys.VARIANT)),
    )


def _draw_validation(options: ExportOptions) -> None:
    set_widget(Keys.EXPORT_VALIDATION, round(options.validation * _HUNDRED))
    st.number_input(
        _("For validation, %"),
        min_value=0,
        max_value=round(LARGEST_VALIDATION * _HUNDRED),
        step=5,
        key=Keys.EXPORT_VALIDATION,
        on_change=lambda: _choose(validation=widget_value(Keys.EXPORT_VALIDATION) / _HUNDRED),
        help=_(
            "The latest conversations are kept out of the training, so that the trainer can measure"
            " whether it learns you or only learns by heart. 5 to 10 is usual; with fewer than 500"
            " conversations each one is worth more in the training."
        ),
        width=_FIELD,
    )


def _draw_length(options: ExportOptions) -> None:
    set_widget(Keys.EXPORT_TOKENS, options.max_tokens)
    set_widget(Keys.EXPORT_TOKENIZER, options.tokenizer)
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.number_input(
            _("Longest record, tokens (0: any)"),
            min_value=0,
            max_value=LONGEST,
            step=256,
            key=Keys.EXPORT_TOKENS,
            on_change=lambda: _choose(max_tokens=widget_value(Keys.EXPORT_TOKENS)),
            help=_(
                "A trainer cuts off without a word what is longer than its cutoff ({n} as a rule)."
                " Longer conversations are cut between turns instead."
            ).format(n=workflow.TRAINER_TOKENS),
            width=_FIELD,
        )
        st.text_input(
            _("Count with this tokenizer.json (empty: estimate)"),
            key=Keys.EXPORT_TOKENIZER,
            placeholder=_("For example D:\\models\\Qwen3-8B\\tokenizer.json"),
            on_change=lambda: _choose(tokenizer=_typed(Keys.EXPORT_TOKENIZER)),
            width="stretch",
        )
    if (problem := tokenizer_problem(options)) is not None:
        st.error(plain(problem), icon=":material/error:")


def _typed(key: str) -> str:
    """Return the path that is meant by what was typed."""
    typed = str(widget_value(key) or "").strip()
    return str(meant_path(typed)) if typed else ""


def tokenizer_problem(options: ExportOptions) -> str | None:
    """Return in a sentence why the tokenizer's file cannot be read, None where it can or is none.

    Only what is seen at once: whether it is one is seen when it counts.
    """
    if not options.tokenizer:
        return None
    path = Path(options.tokenizer)
    try:
        if path.is_file():
            return None
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False
    if folder:
        return _("This is a folder; name the file tokenizer.json in it: {path}").format(path=path)
    return _("There is no such file: {path}").format(path=path)


def _draw_window(options: ExportOptions) -> None:
    set_widget(Keys.EXPORT_WINDOW, options.window)
    set_widget(Keys.EXPORT_SLIDING, options.sliding)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            _("Most turns of a record (0: any)"),
            min_value=0,
            max_value=1000,
            step=2,
            key=Keys.EXPORT_WINDOW,
            on_change=_window_chosen,
            help=_("Longer conversations become several records. Even: each of yours has theirs."),
            width=_FIELD,
        )
        st.toggle(
            _("A record for each of your turns, with what was said before it"),
            key=Keys.EXPORT_SLIDING,
            disabled=not options.window,
            on_change=lambda: _choose(sliding=widget_value(Keys.EXPORT_SLIDING)),
        )


def _window_chosen() -> None:
    window = widget_value(Keys.EXPORT_WINDOW)
    values: dict[str, Any] = {"window": window}
    if not window:
        values["sliding"] = False
    _choose(**values)


def _draw_joining(options: ExportOptions) -> None:
    set_widget(Keys.EXPORT_JOIN, options.join_minutes)
    set_widget(Keys.EXPORT_JOIN_TURNS, options.join_turns)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            _("Join over pauses up to, minutes (0: never)"),
            min_value=0,
            max_value=10_080,
            step=10,
            key=Keys.EXPORT_JOIN,
            on_change=lambda: _choose(join_minutes=widget_value(Keys.EXPORT_JOIN)),
            help=_("Short conversations of one chat become one record where little time passed."),
            width=_FIELD,
        )
        st.number_input(
            _("A joined record has at most so many turns"),
            min_value=4,
            max_value=1000,
            step=2,
            key=Keys.EXPORT_JOIN_TURNS,
            disabled=not options.join_minutes,
            on_change=lambda: _choose(join_turns=widget_value(Keys.EXPORT_JOIN_TURNS)),
            width=_FIELD,
        )


def _draw_opening(options: ExportOptions) -> None:
    said = {
        Opening.DROP: (
            _("Leave out what you say first"),
            _("A record begins with the other one; nothing is made up."),
        ),
        Opening.LINE: (
            _("Put a line of the other one before it"),
            _("Your opening is learned too, as an answer to that line."),
        ),
    }
    set_widget(Keys.EXPORT_OPENING, options.opening)
    st.radio(
        _("Where you speak first"),
        list(said),
        format_func=lambda opening: said[opening][0],
        captions=[hint for _name, hint in said.values()],
        key=Keys.EXPORT_OPENING,
        on_change=lambda: _choose(opening=widget_value(Keys.EXPORT_OPENING)),
    )
    if options.opening is Opening.LINE:
        set_widget(Keys.EXPORT_LINE, options.opening_line)
        st.text_input(
            _("The line"),
            key=Keys.EXPORT_LINE,
            placeholder=OPENING_LINE,
            on_change=lambda: _choose(opening_line=_typed_line()),
            width=_FIELD * 2,
        )


def _typed_line() -> str:
    return str(widget_value(Keys.EXPORT_LINE) or "").strip() or OPENING_LINE
