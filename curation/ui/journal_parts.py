"""The journal on screen: who did what, when, on what, before and after; undo and redo of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import DependentActionsError, RuwoError
from curation.model import JournalQuery
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash, nothing_here, nothing_matches
from curation.ui.history import draw_undo
from curation.ui.html import shorten
from curation.ui.journal_filter import clear_choice, draw_choice
from curation.ui.journal_words import value_label, what_label
from curation.ui.pages import go, is_owner, next_step
from curation.ui.paging import draw_pages
from curation.ui.progress import MANY, stopped, working
from curation.ui.resources import workspace
from curation.ui.reviewer import reviewer
from curation.ui.state import JournalTurn, Keys, get_state
from curation.ui.words import action_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from curation.store.journal_details import Detail
    from curation.store.journal_lines import JournalLine
    from curation.workflow import Workspace

_PAGE: Final = 20
_SHOWN: Final = 3
"""Changes of an action that are shown at once; the others unfold."""
_PLACES: Final = 6
_LISTED: Final = 20
"""Actions standing in the way that are listed."""

_STYLE: Final = """<style>
.ruwo-journal{line-height:1.55;overflow-wrap:anywhere}
.ruwo-journal .when{opacity:.75;font-size:.875rem}
.ruwo-journal ul{margin:.25rem 0 0;padding-left:1.1rem}
.ruwo-journal li{margin:.1rem 0}
.ruwo-journal del,.ruwo-journal ins{text-decoration:none;border-radius:.25rem;padding:0 .25rem;
white-space:pre-wrap}
.ruwo-journal del{background:rgba(224,80,80,.18)}
.ruwo-journal ins{background:rgba(47,158,104,.2)}
.ruwo-journal .about{opacity:.75}
.ruwo-journal a{color:inherit}
.ruwo-journal.undone .what{text-decoration:line-through;opacity:.7}
.ruwo-journal summary{cursor:pointer}
</style>"""


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who in the journal: what stands for those who gave no name."""

    owner: str

    def of(self, reviewer: str) -> str:
        """Return what a reviewer is called."""
        return reviewer or self.owner


def _moment(at: datetime) -> str:
    """Return a time of this computer's clock, without the day where that is today."""
    local = at.astimezone()
    today = datetime.now(local.tzinfo).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


def _title(line: JournalLine) -> str:
    """Return what an action was, in a few words."""
    if line.reverses is None:
        return action_label(line.action)
    return _("{step}: {action}").format(
        step=action_label(line.action), action=action_label(line.reversed_action)
    )


def _where(line: JournalLine) -> str:
    """Return on what an action was done: chats, and how many conversations."""
    parts = []
    if line.chats:
        more = line.chat_count - len(line.chats)
        names = _(", ").join(line.chats)
        some = ngettext("{names} and {n} more chat", "{names} and {n} more chats", more)
        parts.append(some.format(names=names, n=more) if more else names)
    if line.conversation_id is not None:
        parts.append(f"#{line.conversation_id}")
    if line.count > 1 or (line.count and line.conversation_id is None):
        count = ngettext("{n} conversation", "{n} conversations", line.count)
        parts.append(count.format(n=f"{line.count:,}"))
    return " · ".join(parts)


def _line_html(line: JournalLine, names: Names) -> str:
    """Return one action as HTML; all that a person wrote is escaped."""
    head = [_moment(line.at), names.of(line.reviewer), _where(line)]
    state = _("undone") if line.undone else ""
    undone = f" · {escape(state)}" if state else ""
    groups = _alike(line.details)
    shown, folded = groups[:_SHOWN], groups[_SHOWN:]
    lists = _list(shown)
    if folded or line.more:
        rest = sum(len(each) for each in folded) + line.more
        more = ngettext("{n} more change", "{n} more changes", rest).format(n=f"{rest:,}")
        beyond = ngettext("and {n} more", "and {n} more", line.more).format(n=f"{line.more:,}")
        last = f"<div class='about'>{escape(beyond)}</div>" if line.more else ""
        lists += f"<details><summary>{escape(more)}</summary>{_list(folded)}{last}</details>"
    kind = "ruwo-journal undone" if line.undone else "ruwo-journal"
    return (
        f"{_STYLE}<div class='{kind}'><b class='what'>{escape(_title(line))}</b>{undone}"
        f"<div class='when'>{escape(' · '.join(part for part in head if part))}</div>{lists}</div>"
    )


def _alike(details: Sequence[Detail]) -> list[list[Detail]]:
    """Return changes in groups that read the same, in their order."""
    groups: dict[tuple[object, ...], list[Detail]] = {}
    for each in details:
        groups.setdefault((each.what, each.before, each.after, each.about), []).append(each)
    return list(groups.values())


def _list(groups: Sequence[Sequence[Detail]]) -> str:
    items = "".join(f"<li>{_item(each)}</li>" for each in groups)
    return f"<ul>{items}</ul>" if items else ""


def _item(group: Sequence[Detail]) -> str:
    detail = group[0]
    label = escape(what_label(detail.what))
    about = f" <span class='about'>{escape(shorten(detail.about, 60))}</span>"
    about = about if detail.about else ""
    if len(group) > 1:
        about += f" <span class='about'>{_places(group)}</span>"
    before, after = (
        escape(shorten(value_label(detail, value))) for value in (detail.before, detail.after)
    )
    if "." not in detail.what:
        gone = detail.after is None
        sign, tag, shown = ("−", "del", before) if gone else ("+", "ins", after)
        place = "" if detail.conversation_id is None else f" {_link(detail.conversation_id)}"
        said = "" if shown == "–" else f" <{tag}>{shown}</{tag}>"
        return f"{sign} {label}{place if shown == '–' else ''}{said}{about}"
    return f"{label} <del>{before}</del> → <ins>{after}</ins>{about}"


def _places(group: Sequence[Detail]) -> str:
    """Return how often the same was changed, and where, as HTML."""
    ids = [each.conversation_id for each in group if each.conversation_id is not None]
    places = [_link(number) for number in dict.fromkeys(ids)]
    some = " ".join(places[:_PLACES]) + (" …" if len(places) > _PLACES else "")
    return f"×{len(group)} {some}".strip()


def _link(number: int) -> str:
    """Return the way to a conversation in the review, as HTML."""
    return f"<a href='review?status=all&amp;at={number}'>#{number}</a>"


def draw_journal(ws: Workspace, head: DeltaGenerator) -> None:
    """Draw the filter and one page of what was done; `head` has the page's title."""
    names = Names(workflow.persona_name(ws) or _("me"))
    query = draw_choice(ws, names)
    lines = st.container()
    found = workflow.journal_page(ws, query, page_size=_PAGE)
    page = draw_pages(f"{Keys.JOURNAL_PAGE}-{hash(query)}", -(-found.total // _PAGE))
    if page > 1:
        found = workflow.journal_page(ws, query, page=page, page_size=_PAGE)
    with head:
        count = ngettext("{n} step", "{n} steps", found.total).format(n=f"{found.total:,}")
        st.markdown(f"**{count}**", width="stretch")
        draw_undo(ws)
    with lines:
        if not found.lines:
            _draw_nothing(query)
        for line in found.lines:
            _draw_line(line, names, mine=line.reviewer == ws.reviewer)


def _draw_nothing(query: JournalQuery) -> None:
    """Say why nothing is listed, and draw the way on."""
    if query == JournalQuery():
        with nothing_here(_("Nothing was done yet"), _("What you do from now on is listed here.")):
            next_step("review", _("Go on to review"), key="journal-review")
        return
    nothing_matches(clear_choice, key="journal-clear")


def _draw_line(line: JournalLine, names: Names, *, mine: bool) -> None:
    """Draw one action with the buttons that lead to it, undo it or do it again."""
    asked = get_state().journal_asked
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="top"):
            st.html(_line_html(line, names), width="stretch")
            with st.container(horizontal=True, gap="small", width="content"):
                _draw_ways(line, mine=mine)
        if asked is not None and asked.action == line.id:
            _draw_refusal(asked, names)


def _draw_ways(line: JournalLine, *, mine: bool) -> None:
    """Draw the buttons that undo an action or do it again, and lead to where it was done."""
    if line.undoable and (is_owner() or line.reviewer == reviewer()):
        st.button(
            _("Do again") if line.undone else _("Undo this"),
            key=f"journal-turn-{line.id}",
            icon=":material/redo:" if line.undone else ":material/undo:",
            type="secondary" if mine else "tertiary",
            on_click=_want,
            args=(JournalTurn(line.id, undone=not line.undone),),
        )
    place = line.conversation_id
    if place is None:
        place = next((each.conversation_id for each in line.details if each.conversation_id), None)
    if place is not None and st.button(
        _("Look"),
        key=f"journal-open-{line.id}",
        icon=":material/forum:",
        type="tertiary",
        help=_("Open the conversation"),
    ):
        go("review", {"status": "all", "at": str(place)})


def _draw_refusal(asked: JournalTurn, names: Names) -> None:
    """Draw what stands in the way, and offer to turn it back as well."""
    standing = workflow.journal_lines(workspace(), asked.too[:_LISTED])
    count = len(asked.too)
    if asked.undone:
        said = ngettext(
            "{n} later action stands on this one, so it cannot be undone alone:",
            "{n} later actions stand on this one, so it cannot be undone alone:",
            count,
        )
        button = ngettext("Undo {n} too", "Undo these {n} too", count)
    else:
        said = ngettext(
            "{n} other action changed the same since, so this cannot be done again alone:",
            "{n} other actions changed the same since, so this cannot be done again alone:",
            count,
        )
        button = ngettext("Turn {n} back too", "Turn these {n} back too", count)
    st.warning(said.format(n=f"{count:,}"), icon=":material/layers:")
    for each in standing:
        with st.container(horizontal=True, vertical_alignment="top"):
            st.html(_line_html(each, names), width="stretch")
            if each.conversation_id is not None and st.button(
                _("Look"),
                key=f"journal-standing-{asked.action}-{each.id}",
                icon=":material/forum:",
                type="tertiary",
            ):
                go("review", {"status": "all", "at": str(each.conversation_id)})
    if count > len(standing):
        rest = count - len(standing)
        st.caption(ngettext("and {n} more", "and {n} more", rest).format(n=f"{rest:,}"))
    with st.container(horizontal=True):
        st.button(
            button.format(n=f"{count:,}"),
            key="journal-too",
            type="primary",
            on_click=_want,
            args=(asked,),
        )
        st.button(_("Leave it"), key="journal-leave", on_click=_forget)


def _want(turn: JournalTurn) -> None:
    """Let the next run undo an action or do it again; only in a callback."""
    state = get_state()
    state.journal_turn, state.journal_asked = turn, None


def _forget() -> None:
    """Leave the action as it is; only in a callback."""
    get_state().journal_asked = None


def do_turn(ws: Workspace) -> None:
    """Undo or do again what the person asked for, with a bar that can be stopped.

    Where other actions stand in the way, they are shown instead.
    """
    state = get_state()
    turn, state.journal_turn = state.journal_turn, None
    if turn is None:
        return
    act = workflow.undo_action if turn.undone else workflow.redo_action
    try:
        with working(stopped, key="stop-turn", least=MANY) as progress:
            name = action_label(act(ws, turn.action, too=turn.too, progress=progress))
            done = _("Undone: {action}") if turn.undone else _("Done again: {action}")
            flash(done.format(action=name))
    except DependentActionsError as error:
        state.journal_asked = JournalTurn(turn.action, undone=turn.undone, too=error.actions)
    except RuwoError as error:
        flash(error_text(error))
    state.table_round += 1
    st.rerun()
