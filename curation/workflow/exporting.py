"""From approved conversations to the files of a dataset."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from curation import exporters, store
from curation.errors import N_, ExportBlockedError, Leak
from curation.export_options import ExportOptions
from curation.model import Status
from curation.store.writing import MBTI
from curation.workflow.detecting import scan_findings, unscanned_count
from curation.workflow.masking import Written
from curation.workflow.outgoing import APPROVED, BATCH, Pipeline, joined
from curation.workflow.own_name import undecided_own_names
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from curation.store import Workspace
    from curation.workflow.export_report import ExportReport
    from curation.workflow.masking import Masker
    from curation.workflow.outgoing import Outgoing, Proof

TRAINING_FILE: Final = "sharegpt.json"
INFO_FILE: Final = "dataset_info.json"
LABEL_FILE: Final = "labels.jsonl"
REPORT_FILE: Final = "report.json"
WRITE_STAGE: Final = "write"
CHECK_STAGE: Final = "check"

_NAMED: Final = 10
_MOST_LEAKS: Final = 100


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export would start from.

    `undecided_findings` are those of approved conversations; `own_names` of them are the persona's
    own name, which stays. `mbti` approved conversations are MBTI answers, which may be at most
    `mbti_share` percent of the records.
    """

    counts: Mapping[Status, int]
    undecided_findings: int
    unscanned: int
    own_names: int = 0
    mbti: int = 0
    mbti_share: int = 0

    @property
    def too_much_mbti(self) -> bool:
        """Whether more of what is approved are MBTI answers than may go into the file."""
        return 100 * self.mbti > self.mbti_share * self.counts.get(Status.APPROVED, 0)


def export_summary(workspace: Workspace) -> ExportSummary:
    """Return what an export would start from; cheap enough for every rerun of a page."""
    undecided = store.undecided_findings(workspace, APPROVED)
    return ExportSummary(
        counts=store.count_by_status(workspace),
        undecided_findings=undecided,
        unscanned=unscanned_count(workspace),
        own_names=undecided_own_names(workspace, APPROVED) if undecided else 0,
        mbti=store.count_matching(workspace, replace(APPROVED, sources=(MBTI,))),
        mbti_share=load_settings(workspace).mbti_share,
    )


def usual_options(workspace: Workspace) -> ExportOptions:
    """Return the options of an export for which nobody chose others."""
    return ExportOptions(variant=load_settings(workspace).variant)


def preview_records(workspace: Workspace, limit: int = 10) -> list[dict[str, Any]]:
    """Return the first records exactly as the file will hold them.

    Messages that were not searched for PII yet are searched first, which takes its time after a
    large import: `scan_findings` shows progress. Raises PersonaError, and ExportBlockedError when
    something private is left in a record.
    """
    scan_findings(workspace)
    pipeline = Pipeline(workspace, batch=max(limit, 1))
    with closing(pipeline.drafts()) as drafts:
        shown = list(islice((each for each in drafts if each.turns), limit))
    raise_on_leaks(
        pipeline.masker, [(each.conversation.id, each.system) for each in shown], system=True
    )
    raise_on_leaks(
        pipeline.masker, [(each.conversation.id, turn) for each in shown for turn in each.written]
    )
    return [pipeline.record(each) for each in shown]


def export_dataset(
    workspace: Workspace,
    out_dir: Path,
    options: ExportOptions | None = None,
    progress: Progress = ignore,
    *,
    not_approved: Mapping[str, int] | None = None,
) -> ExportReport:
    """Write sharegpt.json, dataset_info.json, labels.jsonl and report.json into `out_dir`.

    All four appear together or none does. Without `options` they are `usual_options`.
    `not_approved` only goes into the report: why an unattended build left conversations alone.
    Raises ExportBlockedError when the written text still holds something private, when there is
    nothing to write, or when the workspace changed meanwhile; PersonaError;
    BadFileError where the folder cannot be written.
    """
    scan_findings(workspace, progress)
    counts = store.count_by_status(workspace)
    pipeline = Pipeline(workspace, options=options)
    with exporters.staged_folder(out_dir) as staging:
        proofs = _write(pipeline, staging, counts[Status.APPROVED], progress)
        report = pipeline.report(counts, not_approved or {})
        _check_counts(report)
        _check_written(pipeline, staging, proofs, progress)
        exporters.write_dataset_info(staging / INFO_FILE)
        exporters.write_json(staging / REPORT_FILE, report.to_json())
    return report


def _write(pipeline: Pipeline, staging: Path, approved: int, progress: Progress) -> list[Proof]:
    """Write records and labels as they come; return what is known of each record."""
    proofs: list[Proof] = []

    def records(drafts: Iterable[Outgoing], labels: TextIO) -> Iterator[dict[str, Any]]:
        for done, outgoing in enumerate(drafts):
            if done % BATCH == 0:
                progress(WRITE_STAGE, min(done, approved), approved)
            if outgoing.turns:
                record = pipeline.record(outgoing)
                labels.write(pipeline.label_line(len(proofs), record, outgoing))
                proofs.append(pipeline.proof(outgoing, record))
                yield record

    with (
        exporters.atomic_writer(staging / LABEL_FILE) as labels,
        closing(pipeline.drafts()) as drafts,
    ):
        exporters.write_sharegpt(staging / TRAINING_FILE, records(drafts, labels))
    progress(WRITE_STAGE, approved, approved)
    return proofs


def _check_counts(report: ExportReport) -> None:
    """Raise ExportBlockedError unless every approved conversation is a record or left out."""
    gone = sum(len(ids) for ids in report.left_out.values())
    if report.counts[Status.APPROVED] != report.records + gone:
        raise ExportBlockedError(
            N_("The workspace was changed while it was exported; please export again.")
        )


def _check_written(
    pipeline: Pipeline, staging: Path, proofs: Sequence[Proof], progress: Progress
) -> None:
    """Raise ExportBlockedError unless what was written is well formed and holds nothing private."""
    problems = exporters.check_sharegpt(staging / TRAINING_FILE, extended=pipeline.extended)
    if problems:
        raise ExportBlockedError(
            N_("The written file breaks a rule of the format, so nothing was exported: {problem}."),
            problem=problems[0],
        )
    seen = 0
    systems: set[str] = set()
    labels = pipeline.labels()
    masker = pipeline.masker
    written = exporters.read_sharegpt(staging / TRAINING_FILE)
    with closing(written), (staging / LABEL_FILE).open(encoding="utf-8", newline="\n") as file:
        while batch := list(islice(written, BATCH)):
            progress(CHECK_STAGE, seen, len(proofs))
            lines = [json.loads(line) for line in islice(file, BATCH)]
            owners = proofs[seen : seen + BATCH]
            if not len(batch) == len(lines) == len(owners) or any(
                exporters.record_hash(record) != owner.hash
                or (pipeline.extended and not _extras_are_known(pipeline, record, line))
                for record, owner, line in zip(batch, owners, lines, strict=True)
            ):
                raise ExportBlockedError(
                    N_("The written files do not hold what was exported; nothing was kept of them.")
                )
            fresh = [
                (owner.conversation, Written(text, owner.system.issued))
                for text, owner in {
                    record["system"]: owner for record, owner in zip(batch, owners, strict=True)
                }.items()
                if text not in systems
            ]
            if not seen and pipeline.extended:
                owner = owners[0].conversation
                fresh += [(owner, written) for written in pipeline.traits.values()]
            raise_on_leaks(masker, fresh, system=True)
            systems.update(record["system"] for record in batch)
            texts = [
                (owner.conversation, text)
                for owner, record, line in zip(owners, batch, lines, strict=True)
                for text in (
                    *owner.turns_of(record),
                    *(labels.get(name, Written(name)) for name in _emotions_of(line)),
                )
            ]
            raise_on_leaks(masker, texts)
            seen += len(batch)
    progress(CHECK_STAGE, seen, len(proofs))


def _extras_are_known(
    pipeline: Pipeline, record: Mapping[str, Any], label: Mapping[str, Any]
) -> bool:
    """Whether what an extended record holds more is what was written, which is searched as well."""
    emotions = [joined(each) for each in (label["emotions"], *label["turns"])]
    held = [record["emotion"], *(turn["emotion"] for turn in record["conversations"])]
    traits = {name: exporters.harmless(each.text) for name, each in pipeline.traits.items()}
    return held == emotions and record["character_traits"] == traits


def _emotions_of(label: Mapping[str, Any]) -> list[str]:
    return [*label["emotions"], *chain.from_iterable(label["turns"])]


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
