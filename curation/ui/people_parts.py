"""Who of several reviewers did how much: a bar each, beside one another, and the rest in words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.model import Status
from curation.ui.catalogue import _, ngettext
from curation.ui.charts import draw_legend
from curation.ui.exporting import STATUS_COLOUR
from curation.ui.words import status_label
from curation.workflow import EDITED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.workflow import Person

_GIVEN: Final = (Status.APPROVED, Status.SKIPPED, Status.REJECTED)
_MOST: Final = 12
_BAR: Final = "display:flex;height:.8rem;margin:.2rem 0;border-radius:.25rem;overflow:hidden"
_ROWS: Final = (
    "display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:.9rem 2rem"
)


def draw_people(people: Sequence[Person]) -> None:
    """Draw who did how much, nothing where there is only one."""
    if not people:
        return
    st.subheader(_("Who did how much"), anchor=False)
    draw_legend({status_label(status): STATUS_COLOUR[status] for status in _GIVEN})
    most = max(_decided(each.decided) for each in people)
    shown = people[:_MOST]
    st.html(f'<div style="{_ROWS}">{"".join(_row(each, most) for each in shown)}</div>')
    note = _("Each conversation counts for whoever decided it; what was undone does not.")
    if len(people) > len(shown):
        more = len(people) - len(shown)
        text = ngettext("{n} more is not shown.", "{n} more are not shown.", more)
        note = f"{note} {text.format(n=f'{more:,}')}"
    st.caption(note)


def _decided(counts: Mapping[str, int]) -> int:
    return sum(counts.get(status.value, 0) for status in _GIVEN)


def _row(person: Person, most: int) -> str:
    total = _decided(person.decided)
    parts = [(status, person.decided.get(status.value, 0)) for status in _GIVEN]
    told = " · ".join(f"{status_label(status)}: {count:,}" for status, count in parts if count)
    pieces = "".join(
        f'<i style="flex:{count} 1 0;min-width:2px;background:{STATUS_COLOUR[status]}"></i>'
        for status, count in parts
        if count
    )
    rest = f'<i style="flex:{most - total} 1 0"></i>' if most > total else ""
    name = person.name or _("Without a name")
    label = escape(f"{name} · {told}")
    bar = (
        f'<div role="img" aria-label="{label}" style="{_BAR}">{pieces}{rest}</div>' if told else ""
    )
    text = ngettext("{n} conversation", "{n} conversations", total).format(n=f"{total:,}")
    words = " · ".join(_words(person))
    return (
        f'<div title="{escape(told)}"><div style="display:flex;gap:1rem;'
        'justify-content:space-between;align-items:baseline">'
        f'<b style="overflow-wrap:anywhere">{escape(name)}</b>'
        f'<span style="white-space:nowrap">{escape(text)}</span></div>'
        f"{bar}"
        f'<div style="font-size:.875rem;opacity:.75">{escape(words)}</div></div>'
    )


def _words(person: Person) -> Iterator[str]:
    """Yield what the bar does not show."""
    today = _decided(person.today)
    yield _("today {n}").format(n=f"{today:,}")
    if edited := person.decided.get(EDITED, 0):
        yield ngettext("{n} edit", "{n} edits", edited).format(n=f"{edited:,}")
    if person.an_hour is not None:
        yield _("about {n} an hour").format(n=f"{max(1, round(person.an_hour)):,}")
    if person.holds:
        text = ngettext("{n} at hand now", "{n} at hand now", person.holds)
        yield text.format(n=f"{person.holds:,}")
