"""The gate: what was written is read back and must be what was meant, and hold nothing private."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from curation import exporters
from curation.errors import N_, ExportBlockedError, Leak
from curation.workflow.masking import Written
from curation.workflow.outgoing import BATCH, joined, proof_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from curation.exporters import Format
    from curation.workflow.masking import Masker
    from curation.workflow.outgoing import Pipeline, Proof

    Record = dict[str, Any]

_NAMED: Final = 10
_MOST_LEAKS: Final = 100


class Gate:
    """Looks at the files of a dataset one after the other; raises ExportBlockedError.

    Every different text is searched for private data once: what was searched in these very letters
    while it was masked, and showed nothing, is known by that.
    """

    def __init__(self, pipeline: Pipeline, tick: Callable[[int], None]) -> None:
        self._pipeline = pipeline
        self._masker = pipeline.masker
        self._tick = tick
        self._systems: set[str] = set()
        self._traits_seen = False

    def check(
        self, form: Format, path: Path, proofs: Sequence[Proof], labels: Path | None = None
    ) -> None:
        """Check one file, whose records are those of `proofs`.

        With the file of its `labels` its texts are searched; a further file of the same records
        only has to hold the same.
        """
        problems = form.check(path)
        if problems:
            raise ExportBlockedError(
                N_(
                    "The written file breaks a rule of the format, so nothing was exported:"
                    " {problem}."
                ),
                problem=problems[0],
            )
        seen = 0
        with closing(form.read(path)) as written, closing(_lines(labels)) as lines:
            while batch := list(islice(written, BATCH)):
                self._tick(seen)
                owners = proofs[seen : seen + BATCH]
                if len(batch) != len(owners) or any(
                    proof_hash(record) != owner.hash
                    for record, owner in zip(batch, owners, strict=True)
                ):
                    raise _altered()
                if labels is not None:
                    self._search(batch, owners, list(islice(lines, BATCH)), extended=form.extended)
                seen += len(batch)
            rest = next(lines, None)
        if seen != len(proofs) or rest is not None:
            raise _altered()

    def _search(
        self,
        batch: Sequence[Record],
        owners: Sequence[Proof],
        lines: Sequence[Mapping[str, Any]],
        *,
        extended: bool,
    ) -> None:
        if len(lines) != len(batch) or any(
            line["sha256"] != exporters.record_hash(record)
            or (extended and not _extras_are_known(self._pipeline, record, line))
            for record, line in zip(batch, lines, strict=True)
        ):
            raise _altered()
        fresh: dict[str, tuple[int, Written]] = {}
        for record, owner in zip(batch, owners, strict=True):
            text = record["system"]
            if text not in self._systems:
                fresh[text] = (owner.conversation, Written(text, owner.system.issued))
        systems = list(fresh.values())
        if extended and not self._traits_seen:
            self._traits_seen = True
            owner_id = owners[0].conversation
            systems += [(owner_id, written) for written in self._pipeline.traits.values()]
        raise_on_leaks(self._masker, systems, system=True)
        self._systems.update(fresh)
        labels = self._pipeline.labels()
        raise_on_leaks(
            self._masker,
            [
                (owner.conversation, text)
                for owner, record, line in zip(owners, batch, lines, strict=True)
                for text in (
                    *owner.turns_of(record),
                    *(labels.get(name, Written(name)) for name in _emotions_of(line)),
                )
            ],
        )


def raise_on_leaks(
    masker: Masker, texts: Sequence[tuple[int, Written]], *, system: bool = False
) -> None:
    """Raise ExportBlockedError when anything private is left in texts of conversations."""
    left = masker.left_in([text for _owner, text in texts], system=system)
    if not any(left):
        return
    leaks = tuple(
        Leak(owner, each.entity, each.context)
        for (owner, _text), some in zip(texts, left, strict=True)
        for each in some
    )
    entities = Counter(leak.entity for leak in leaks)
    raise ExportBlockedError(
        N_("Nothing was exported: private data is left ({entities}) in conversations {ids}."),
        leaks=leaks[:_MOST_LEAKS],
        entities=", ".join(f"{entity} {count}" for entity, count in sorted(entities.items())),
        ids=", ".join(
            str(owner) for owner in sorted({each.conversation for each in leaks})[:_NAMED]
        ),
    )


def _altered() -> ExportBlockedError:
    return ExportBlockedError(
        N_("The written files do not hold what was exported; nothing was kept of them.")
    )


def _lines(labels: Path | None) -> Generator[Any]:
    """Yield the lines of a file of labels."""
    if labels is not None:
        with labels.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield json.loads(line)


def _extras_are_known(pipeline: Pipeline, record: Record, label: Mapping[str, Any]) -> bool:
    """Whether what an extended record holds more is what was written, which is searched as well."""
    emotions = [joined(each) for each in (label["emotions"], *label["turns"])]
    held = [record["emotion"], *(turn["emotion"] for turn in record["conversations"])]
    traits = {name: exporters.harmless(each.text) for name, each in pipeline.traits.items()}
    return held == emotions and record["character_traits"] == traits


def _emotions_of(label: Mapping[str, Any]) -> list[str]:
    return [*label["emotions"], *chain.from_iterable(label["turns"])]
