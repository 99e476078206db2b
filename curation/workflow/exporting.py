"""From approved conversations to the files of a dataset."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from curation import exporters, store
from curation.errors import N_, ExportBlockedError
from curation.export_options import ExportOptions
from curation.model import Status
from curation.store.filters import moment_of
from curation.store.writing import MBTI
from curation.workflow.beside import undecided_beside
from curation.workflow.collecting import seldom_collecting
from curation.workflow.detecting import scan_findings, unscanned_count
from curation.workflow.duplicates import mark_duplicates
from curation.workflow.engines import given_or_own
from curation.workflow.gate import Gate, check_report, raise_on_answers, raise_on_leaks
from curation.workflow.outgoing import APPROVED, BATCH, Pipeline
from curation.workflow.own_name import undecided_own_names
from curation.workflow.parting import TRAIN, VALIDATION, parted
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import owners_only
from curation.workflow.settings import load_settings
from curation.workflow.shaping import Shaper
from curation.workflow.training_recipes import recipe_for, trainer_settings, written_size

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from curation.bulk import Engine
    from curation.exporters import Format
    from curation.store import Workspace
    from curation.workflow.export_report import ExportReport
    from curation.workflow.outgoing import Outgoing, Proof
    from curation.workflow.part_report import PartReport
    from curation.workflow.parting import Parts

LABEL_FILES: Final = {TRAIN: "labels.jsonl", VALIDATION: "labels_validation.jsonl"}
REPORT_FILE: Final = "report.json"
WRITE_STAGE: Final = "write"
CHECK_STAGE: Final = "check"


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export would start from.

    `undecided_findings` are those of approved conversations, in what was said, in backgrounds and
    in the persona beside it; `own_names` of them are the persona's own name, which stays. `mbti`
    approved conversations are MBTI answers, which may be at most `mbti_share` percent of the
    records.
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
    counts = store.count_by_status(workspace)
    undecided = store.undecided_findings(workspace, APPROVED)
    return ExportSummary(
        counts=counts,
        undecided_findings=undecided
        + (undecided_beside(workspace) if counts[Status.APPROVED] else 0),
        unscanned=unscanned_count(workspace),
        own_names=undecided_own_names(workspace, APPROVED) if undecided else 0,
        mbti=store.count_matching(workspace, replace(APPROVED, sources=(MBTI,))),
        mbti_share=load_settings(workspace).mbti_share,
    )


@owners_only
def usual_options(workspace: Workspace) -> ExportOptions:
    """Return the options of an export for which nobody chose others."""
    return ExportOptions(variant=load_settings(workspace).variant)


def preview_records(
    workspace: Workspace, limit: int = 10, options: ExportOptions | None = None
) -> list[dict[str, Any]]:
    """Return the first records that are trained on, exactly as the file will hold them.

    Messages that were not searched for PII yet are searched first, which takes its time after a
    large import: `scan_findings` shows progress. Raises PersonaError, OptionsError, and
    ExportBlockedError when something private is left in a record.
    """
    scan_findings(workspace)
    pipeline = Pipeline(workspace, batch=max(limit, 1), options=options)
    with _parts(workspace, pipeline.options) as (connection, parts):
        shaper = Shaper(pipeline, parts.before)
        records = shaper.records(pipeline.drafts(connection, parts.places[TRAIN]))
        with closing(records):
            shown = list(islice(records, limit))
    raise_on_leaks(
        pipeline.masker, [(each.conversation.id, each.system) for each in shown], system=True
    )
    raise_on_leaks(
        pipeline.masker, [(each.conversation.id, turn) for each in shown for turn in each.written]
    )
    raise_on_answers(pipeline.masker, [(each.conversation.id, each.written) for each in shown])
    return [pipeline.record(each) for each in shown]


@owners_only
@seldom_collecting()
def export_dataset(
    workspace: Workspace,
    out_dir: Path,
    options: ExportOptions | None = None,
    progress: Progress = ignore,
    *,
    not_approved: Mapping[str, int] | None = None,
    engine: Engine | None = None,
) -> ExportReport:
    """Write the dataset into `out_dir`, with labels.jsonl and report.json; return what was done.

    All files appear together or none does: for each format that of what is trained on, that of the
    validation part where there is one, and what belongs to them. Files of an earlier export that
    its report there names go away with it. Without `options` they are `usual_options`.
    `not_approved` only goes into the report: why an unattended build left conversations alone.
    `engine` searches, masks and drafts where there is much to do, with the same files to the byte.
    Raises ExportBlockedError when the written text still holds something private, when there is
    nothing to write, or when the workspace changed meanwhile; OptionsError; PersonaError;
    BadFileError where the folder cannot be written or the tokenizer not be read.
    """
    options = options or usual_options(workspace)
    Pipeline.refuse(options)
    with given_or_own(workspace, engine) as given:
        return _export(
            workspace, out_dir, options, progress, not_approved=not_approved or {}, engine=given
        )


def _export(
    workspace: Workspace,
    out_dir: Path,
    options: ExportOptions,
    progress: Progress,
    *,
    not_approved: Mapping[str, int],
    engine: Engine,
) -> ExportReport:
    scan_findings(workspace, progress, engine=engine)
    pipeline = Pipeline(workspace, options=options)
    counts = store.count_by_status(workspace)
    with exporters.staged_folder(out_dir, _files_of_earlier(out_dir)) as staging:
        with _parts(workspace, options, progress, engine) as (connection, parts):
            writing = _Writing(pipeline, staging, progress, counts[Status.APPROVED])
            for name, places in parts.places.items():
                shaper = Shaper(pipeline, parts.before)
                drafts = pipeline.drafts(connection, places, engine, writing.told)
                writing.write(name, shaper, drafts)
        report = pipeline.report(counts, not_approved, writing.reports)
        report = replace(
            report,
            cut=moment_of(parts.cut),
            moved=parts.moved,
            untimed=parts.untimed,
            files=writing.finish(workspace),
        )
        if not report.adds_up():
            raise ExportBlockedError(
                N_("The workspace was changed while it was exported; please export again.")
            )
        writing.check()
        exporters.write_json(staging / REPORT_FILE, report.to_json())
        check_report(pipeline.masker, report, staging / REPORT_FILE)
    return report


def _files_of_earlier(folder: Path) -> frozenset[str]:
    """Return the files that an export's report in the folder names, of those an export writes."""
    path = folder / REPORT_FILE
    try:
        told = json.loads(path.read_bytes()) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return frozenset()
    named = told.get("files") if isinstance(told, dict) else None
    if not isinstance(named, list):
        return frozenset()
    ours = frozenset(LABEL_FILES.values()).union(*(each.file_names() for each in exporters.FORMATS))
    return ours.intersection(each for each in named if isinstance(each, str))


@contextmanager
def _parts(
    workspace: Workspace,
    options: ExportOptions,
    progress: Progress = ignore,
    engine: Engine | None = None,
) -> Iterator[tuple[Connection, Parts]]:
    """Give the parts of the dataset, and the state of the workspace that they are of."""
    if options.validation:
        mark_duplicates(workspace, progress, engine=engine)
    with workspace.read() as connection:
        yield connection, parted(connection, options)


class _Writing:
    """The files of a dataset while they are written, and what is known of their records."""

    def __init__(
        self, pipeline: Pipeline, staging: Path, progress: Progress, approved: int
    ) -> None:
        self.reports: dict[str, PartReport] = {}
        self._pipeline = pipeline
        self._staging = staging
        self._progress = progress
        self._approved = approved
        self._done = 0
        self._proofs: dict[str, list[Proof]] = {}
        # The others are written from the one that holds most of a record.
        self._formats = sorted(pipeline.formats, key=lambda each: not each.extended)

    def write(self, part: str, shaper: Shaper, drafts: Generator[Outgoing]) -> None:
        """Write records and labels of a part as they come; no file where there are none."""
        with closing(shaper.records(self._counted(drafts))) as outgoing:
            first = next(outgoing, None)
            if first is not None or part == TRAIN:
                ahead = () if first is None else (first,)
                self._write(part, chain(ahead, outgoing))
                self.reports[part] = shaper.report()

    def finish(self, workspace: Workspace) -> tuple[str, ...]:
        """Write what belongs to the formats; return the names of all files."""
        written = written_size({name: part.to_json() for name, part in self.reports.items()})
        recipe = recipe_for(workspace, written)
        counts = {part: len(proofs) for part, proofs in self._proofs.items()}
        of_parts = exporters.Parts(
            train=counts[TRAIN],
            validation=counts.get(VALIDATION, 0),
            recipe=trainer_settings(recipe, self._pipeline.options),
        )
        for form in self._formats:
            form.write_companions(self._staging, of_parts)
        files = (each for each in self._staging.rglob("*") if each.is_file())
        names = {each.relative_to(self._staging).as_posix() for each in files}
        return tuple(sorted({*names, REPORT_FILE}))

    def check(self) -> None:
        """Raise ExportBlockedError unless the files are well formed and hold nothing private."""
        total = sum(map(len, self._proofs.values())) * len(self._formats)
        done = 0
        gate = Gate(self._pipeline, lambda seen: self._progress(CHECK_STAGE, done + seen, total))
        for part, proofs in self._proofs.items():
            labels: Path | None = self._staging / LABEL_FILES[part]
            for form in self._formats:
                gate.check(form, self._path(form, part), proofs, labels)
                labels = None
                done += len(proofs)
        self._progress(CHECK_STAGE, total, total)

    def told(self) -> None:
        """Tell how many conversations went by."""
        self._progress(WRITE_STAGE, min(self._done, self._approved), self._approved)

    def _counted(self, drafts: Generator[Outgoing]) -> Generator[Outgoing]:
        with closing(drafts):
            for each in drafts:
                if self._done % BATCH == 0:
                    self.told()
                self._done += 1
                yield each

    def _write(self, part: str, outgoing: Iterable[Outgoing]) -> None:
        proofs = self._proofs[part] = []
        pipeline = self._pipeline
        first, *others = self._formats
        with exporters.atomic_writer(self._staging / LABEL_FILES[part]) as labels:

            def records() -> Iterator[dict[str, Any]]:
                for each in outgoing:
                    record = pipeline.record(each)
                    sha256 = exporters.record_hash(record)
                    labels.write(pipeline.label_line(len(proofs), sha256, each))
                    proofs.append(pipeline.proof(each, record, sha256))
                    yield record

            path = self._path(first, part)
            first.write(path, records())
        for form in others:
            with closing(first.read(path)) as written:
                form.write(
                    self._path(form, part),
                    written if form.extended else map(exporters.plain_record, written),
                )

    def _path(self, form: Format, part: str) -> Path:
        return self._staging / (form.validation if part == VALIDATION else form.train)
