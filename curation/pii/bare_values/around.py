"""Reading a conversation: what its messages say of each other, beside what each says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.pii.bare_values.candidates import ENTITIES
from curation.pii.bare_values.elsewhere import Values
from curation.pii.bare_values.model import bare_values
from curation.pii.entities import WHY_EVIDENCE, WHY_SHAPE, reason_alone
from curation.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curation.model import Finding
    from curation.pii.bare_values.features import Said
    from curation.pii.engine import Told
    from curation.pii.recognizers.secret_candidates import Candidate

_UNSURE_KIND: Final = frozenset({WHY_EVIDENCE, WHY_SHAPE})


def read_around(
    talk: Sequence[Said],
    found: Sequence[Sequence[Finding]],
    accepted: Callable[[int, Told], Finding | None],
    *,
    repeats: bool,
) -> list[list[Finding]]:
    """Return what is found in the messages of a conversation, read with those around each of them.

    Texts are folded. `found` is what each message says itself. That stays; of what only its words
    made an account or a secret, the messages around may make another kind. `accepted` makes a
    finding of what is told of the message of a place, or None where somebody's rules are against
    it. With `repeats`, a value of one message is one in the others as well.
    """
    held = [Spans(each) for each in found]
    known = Values()
    for at, some in enumerate(found):
        for one in some:
            known.add(at, talk[at].text, one.start, one.end, one.entity)

    def is_open(at: int, each: Candidate) -> bool:
        old = held[at].touching(each.start, each.end)
        return not old or _is_unsure_kind(old[0], each.start, each.end)

    for at, told, sure_of_kind in bare_values(talk, known if repeats else None, is_open):
        old = held[at].touching(told.start, told.end)
        if old and not (sure_of_kind and _is_unsure_kind(old[0], told.start, told.end)):
            continue
        fresh = accepted(at, told)
        if fresh is None:
            continue
        for each in old:
            held[at].remove(each)
        held[at].add(fresh)
        known.add(at, talk[at].text, told.start, told.end, fresh.entity)
    return [list(each) for each in held]


def _is_unsure_kind(found: Finding, start: int, end: int) -> bool:
    """Whether a finding has just this span, and its kind of what stood beside it only."""
    return (
        (found.start, found.end) == (start, end)
        and found.entity in ENTITIES
        and reason_alone(found.why) in _UNSURE_KIND
    )
