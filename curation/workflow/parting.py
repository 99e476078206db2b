"""Which conversations are trained on, and which a model is measured by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation.store.places import approved_places
from curation.store.writing import MBTI
from curation.workflow.duplicates import like_others

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from curation.export_options import ExportOptions
    from curation.store.places import Place

TRAIN: Final = "train"
VALIDATION: Final = "validation"


@dataclass(frozen=True, slots=True)
class Parts:
    """The approved conversations of each part, in the order in which they are written.

    `before` maps a conversation to the one in front of it in its chat. `cut` is the moment, in
    seconds of the chats' clocks, from which on conversations are for validation, None without such
    a part. `moved` are those that would be and yet are trained on, because they are nearly like
    one that is; `untimed` says how many have no time, all of which are trained on.
    """

    places: Mapping[str, Sequence[Place]]
    before: Mapping[int, int]
    cut: int | None = None
    moved: tuple[int, ...] = ()
    untimed: int = 0


def parted(connection: Connection, options: ExportOptions) -> Parts:
    """Return the parts of the dataset.

    Conversations go to the validation part by the time they begin: the latest ones, as many as the
    options say of all approved ones. Those that begin at the same moment stay together, and at
    least one moment is trained on. What is nearly like a conversation that is trained on is
    trained on as well, and so are conversations without a time. Answers of MBTI come last.
    """
    places = approved_places(connection)
    cut = _cut(places, options.validation)
    late = {each.id for each in places if cut is not None and _since(each, cut)}
    moved = like_others(connection, late, places) if late else set()
    apart = late - moved
    train = [each for each in places if each.id not in apart]
    train.sort(key=lambda each: each.source == MBTI)
    of_parts = {TRAIN: train}
    if apart:
        of_parts = {VALIDATION: [each for each in places if each.id in apart], **of_parts}
    return Parts(
        places=of_parts,
        before={each.id: each.before for each in places} if options.join_minutes else {},
        cut=cut,
        moved=tuple(sorted(moved)),
        untimed=sum(each.began is None for each in places) if options.validation else 0,
    )


def _since(place: Place, cut: int) -> bool:
    return place.began is not None and place.began >= cut and place.source != MBTI


def _cut(places: Sequence[Place], share: float) -> int | None:
    """Return the moment at which the validation part begins."""
    wanted = int(share * len(places) + 0.5)
    began = sorted(each.began for each in places if each.began is not None and each.source != MBTI)
    if not wanted or not began:
        return None
    cut = began[max(len(began) - wanted, 0)]
    # Something has to be left for training.
    return next((each for each in began if each >= cut and each > began[0]), None)
