"""A filter in words: each thing it asks for, and the filter without it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from curation.model import ConversationFilter, FindingFilter
from curation.ui.catalogue import _
from curation.ui.words import (
    entity_label,
    findings_label,
    list_label,
    source_label,
    status_label,
    suggestion_label,
)
from curation.workflow import text_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

IN_BAR: Final = frozenset({"statuses", "text"})
"""Fields that the bar itself shows at any time."""

_LISTED: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a filter asks for: in words, and the fields that say so."""

    label: str
    fields: tuple[str, ...]

    def without(self, flt: ConversationFilter) -> ConversationFilter:
        """Return the filter without this part."""
        nothing = ConversationFilter()
        gone: dict[str, Any] = {name: getattr(nothing, name) for name in self.fields}
        return replace(flt, **gone)


def parts(flt: ConversationFilter) -> list[Part]:
    """Return everything the filter asks for, the most usual first."""
    return [Part(label, tuple(fields)) for label, *fields in _parts(flt)]


def _parts(flt: ConversationFilter) -> Iterator[tuple[str, ...]]:
    if flt.statuses:
        names = _listed([status_label(status) for status in flt.statuses])
        yield _("Status: {names}").format(names=names), "statuses"
    if text_words(flt.text):
        yield _("Words: {words}").format(words=flt.text), "text"
    if flt.listed is not None:
        yield list_label(flt.listed.name), "listed"
    if flt.chats:
        yield _("Partner: {names}").format(names=_listed(flt.chats)), "chats"
    if flt.sources:
        names = _listed([source_label(name) for name in flt.sources])
        yield _("File: {names}").format(names=names), "sources"
    if flt.first_day or flt.last_day:
        yield _span(flt.first_day, flt.last_day), "first_day", "last_day"
    if flt.hours:
        hours = _listed([f"{hour}:00–{hour}:59" for hour in flt.hours])
        yield _("Begins at {hours}").format(hours=hours), "hours"
    yield from _sizes(flt)
    if flt.entities or flt.findings is not FindingFilter.ALL:
        kinds = _listed([entity_label(entity) for entity in flt.entities])
        choice = "" if flt.findings is FindingFilter.ALL else findings_label(flt.findings)
        yield ": ".join(text for text in (choice, kinds) if text), "findings", "entities"
    yield from _labels(flt)


def _sizes(flt: ConversationFilter) -> Iterator[tuple[str, ...]]:
    if flt.min_length is not None or flt.max_length is not None:
        span = _span(flt.min_length, flt.max_length)
        yield _("{span} messages").format(span=span), "min_length", "max_length"
    if flt.min_turns is not None or flt.max_turns is not None:
        span = _span(flt.min_turns, flt.max_turns)
        yield _("{span} turns").format(span=span), "min_turns", "max_turns"
    if flt.min_tokens is not None or flt.max_tokens is not None:
        span = _span(flt.min_tokens, flt.max_tokens)
        yield _("{span} tokens").format(span=span), "min_tokens", "max_tokens"


def _labels(flt: ConversationFilter) -> Iterator[tuple[str, ...]]:
    if flt.emotion:
        yield _("Emotion: {emotion}").format(emotion=flt.emotion), "emotion"
    if flt.without_emotion:
        yield _("Not: {emotion}").format(emotion=flt.without_emotion), "without_emotion"
    if flt.tagged is not None:
        yield _("With an emotion") if flt.tagged else _("Without an emotion"), "tagged"
    if flt.suggestions:
        names = _listed([suggestion_label(kind) for kind in flt.suggestions])
        yield _("Suggested: {names}").format(names=names), "suggestions"
    if flt.min_score is not None:
        yield _("Suggestions from {score} on").format(score=f"{flt.min_score:.0%}"), "min_score"
    if flt.edited is not None:
        yield _("Edited") if flt.edited else _("Not edited"), "edited"
    if flt.noted is not None:
        yield _("With a note") if flt.noted else _("Without a note"), "noted"


def _listed(names: Sequence[str]) -> str:
    shown = _(", ").join(names[:_LISTED])
    more = len(names) - _LISTED
    return f"{shown} +{more}" if more > 0 else shown


def _span(first: object, last: object) -> str:
    if first is not None and last is not None:
        return str(first) if first == last else f"{first} – {last}"
    return f"≥ {first}" if first is not None else f"≤ {last}"
