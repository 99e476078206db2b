"""The gate: what was written is read back and must be what was meant, and hold nothing private."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from curation import exporters
from curation.errors import N_, ExportBlockedError, Leak
from curation.workflow.issuing import Written, with_placeholders
from curation.workflow.outgoing import BATCH, joined, proof_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from pathlib import Path

    from curation.exporters import Format
    from curation.workflow.export_report import ExportReport
    from curation.workflow.masking import Masker
    from curation.workflow.outgoing import Pipeline, Proof
    from curation.workflow.outgoing_search import Left

    Record = dict[str, Any]

_NAMED: Final = 10
_NAME: Final = re.compile(r"[A-Za-z_]+|[0-9]{1,3}")
_MOST_LEAKS: Final = 100


class Gate:
    """Looks at the files of a dataset one after the other; raises ExportBlockedError.

    Every different text is searched for private data once: what was searched in these very letters
    while it was masked, and showed nothing, is known by that.
    """

    def __init__(self, pipeline: Pipeline, tick: Callable[[int], None]) -> None:
        self.pipeline = pipeline
        self.systems: set[str] = set()
        self.traits_seen = False
        self.tick = tick

    def check(
        self, form: Format, path: Path, proofs: Sequence[Proof], labels: Path | None = None
    ) -> None:
        """Check one file, whose records are those of `proofs`.

        With the file of its `labels` its texts are searched; a further file of the same records
        only has to hold the same.
        """
        with closing(_lines(labels)) as lines:
            reading = _Reading(self, form, proofs, lines if labels is not None else None)
            problems = form.check(path, reading.see)
            if problems:
                raise ExportBlockedError(
                    N_(
                        "The written file breaks a rule of the format, so nothing was exported:"
                        " {problem}."
                    ),
                    problem=problems[0],
                )
            reading.finish()


class _Reading:
    """One file while it is read: its records one after the other, searched some at a time."""

    def __init__(
        self, gate: Gate, form: Format, proofs: Sequence[Proof], labels: Iterator[Any] | None
    ) -> None:
        self._gate = gate
        self._extended = form.extended
        self._proofs = proofs
        self._labels = labels
        self._seen = 0
        self._waiting: list[tuple[Record, Proof, Mapping[str, Any]]] = []

    def see(self, record: Record) -> None:
        """Take in the next record."""
        if self._seen % BATCH == 0:
            self._gate.tick(self._seen)
        if self._seen == len(self._proofs):
            raise _altered()
        proof = self._proofs[self._seen]
        sha256 = exporters.record_hash(record)
        if self._extended:
            known = bytes.fromhex(sha256) == proof.full
        else:
            known = proof_hash(record, sha256) == proof.hash
        if not known:
            raise _altered()
        self._seen += 1
        if self._labels is not None:
            line = next(self._labels, None)
            if line is None or line["sha256"] != sha256:
                raise _altered()
            if self._extended and not _extras_are_known(self._gate.pipeline, record, line):
                raise _altered()
            self._waiting.append((record, proof, line))
            if len(self._waiting) == BATCH:
                self._search()

    def finish(self) -> None:
        """Look at what is left, and whether all is there."""
        if self._seen != len(self._proofs) or next(self._labels or iter(()), None) is not None:
            raise _altered()
        if self._waiting:
            self._search()

    def _search(self) -> None:
        pipeline = self._gate.pipeline
        fresh: dict[str, tuple[int, Written]] = {}
        for record, proof, _line in self._waiting:
            text = record["system"]
            if text not in self._gate.systems:
                fresh[text] = (proof.conversation, Written(text, proof.system.issued))
        systems = list(fresh.values())
        if self._extended and not self._gate.traits_seen:
            self._gate.traits_seen = True
            owner = self._waiting[0][1].conversation
            systems += [(owner, written) for written in pipeline.traits.values()]
        raise_on_leaks(pipeline.masker, systems, system=True)
        self._gate.systems.update(fresh)
        labels = pipeline.labels()
        texts = [
            (proof.conversation, text)
            for record, proof, line in self._waiting
            for text in (
                *proof.turns_of(record),
                *(labels.get(name, Written(name)) for name in _emotions_of(line)),
                *_in_rows(line, labels),
            )
        ]
        raise_on_leaks(pipeline.masker, texts)
        talks = [(proof.conversation, proof.turns_of(record)) for record, proof, _ in self._waiting]
        raise_on_answers(pipeline.masker, talks)
        self._waiting = []


def raise_on_leaks(
    masker: Masker, texts: Sequence[tuple[int, Written]], *, system: bool = False
) -> None:
    """Raise ExportBlockedError when anything private is left in texts of conversations."""
    left = masker.search.left_in([text for _owner, text in texts], system=system)
    _raise_on([owner for owner, _text in texts], left)


def raise_on_answers(masker: Masker, talks: Sequence[tuple[int, Sequence[Written]]]) -> None:
    """Raise ExportBlockedError when a turn of conversations answers the one before with a value."""
    left = masker.search.left_in_answers([turns for _owner, turns in talks])
    _raise_on([owner for owner, _turns in talks], left)


def _raise_on(owners: Sequence[int], left: Sequence[Sequence[Left]]) -> None:
    if not any(left):
        return
    leaks = tuple(
        Leak(owner, each.entity, each.context)
        for owner, some in zip(owners, left, strict=True)
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


def check_report(masker: Masker, report: ExportReport, path: Path) -> None:
    """Raise ExportBlockedError unless the file holds this report and in it nothing private.

    Words of the program are passed over: a word list of somebody's may well hold "train".
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    if told != json.loads(json.dumps(report.to_json())):
        raise _altered()
    issued = {each.text: each for each in report.texts.values()}
    texts = sorted(set(_texts_in(told)) - report.own_words())
    left = masker.search.left_in([issued.get(text, Written(text)) for text in texts])
    if any(left):
        entities = Counter(each.entity for some in left for each in some)
        raise ExportBlockedError(
            N_("Nothing was exported: private data is left ({entities}) in what the report tells."),
            entities=", ".join(f"{entity} {count}" for entity, count in sorted(entities.items())),
        )


def _texts_in(value: object) -> Iterator[str]:
    """Yield every text in JSON values, and every name that is none of the program's."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if _NAME.fullmatch(name) is None:
                yield name
            yield from _texts_in(each)


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


def _in_rows(label: Mapping[str, Any], labels: Mapping[str, Written]) -> Iterator[Written]:
    """Yield the emotions that stand beside one another, as one text, issued values unseen."""
    for row in (label["emotions"], *label["turns"]):
        if len(row) > 1:
            shown = (with_placeholders(labels.get(name, Written(name))).text for name in row)
            yield Written(joined(shown))


def _emotions_of(label: Mapping[str, Any]) -> list[str]:
    return [*label["emotions"], *chain.from_iterable(label["turns"])]
