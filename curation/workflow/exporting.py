"""From approved conversations to the files of a dataset."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from curation import cleaning, exporters, store
from curation.errors import N_, ExportBlockedError
from curation.model import Conversation, ConversationFilter, Decision, Status, Turn
from curation.persona import render_system
from curation.workflow.detecting import scan_findings, unscanned_count
from curation.workflow.masking import Masker, entity_counts
from curation.workflow.personas import load_persona
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from curation.store import Workspace
    from curation.workflow.settings import Settings

TRAINING_FILE: Final = "sharegpt.json"
INFO_FILE: Final = "dataset_info.json"
LABEL_FILE: Final = "labels.jsonl"
REPORT_FILE: Final = "report.json"
WRITE_STAGE: Final = "write"
CHECK_STAGE: Final = "check"

_APPROVED: Final = ConversationFilter(statuses=(Status.APPROVED,))
_BATCH: Final = 200
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export would start from. `undecided_findings` are those of approved conversations."""

    counts: Mapping[Status, int]
    undecided_findings: int
    unscanned: int


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote and what it left out; texts never stand in it.

    `counts[approved]` = `records` + the conversations in `left_out`, which maps a reason
    (`exporters.Reason`) to their ids. The messages of the conversations that became records are
    `messages` + `leading` and `trailing`, left out at the ends of records, + `bystanders`, whom I
    did not answer in a group, + `not_entering`, which are no words or were deleted.
    `lost_backgrounds` counts message backgrounds without a human turn to stand in. `masked` and
    `kept` count findings by entity in what was written.
    """

    counts: Mapping[Status, int]
    records: int
    turns: int
    messages: int
    leading: int
    trailing: int
    not_entering: int
    left_out: Mapping[str, tuple[int, ...]]
    lost_backgrounds: int
    masked: Mapping[str, int]
    kept: Mapping[str, int]
    settings: Settings
    not_approved: Mapping[str, int] = field(default_factory=dict)
    bystanders: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the report as the JSON values of `report.json`."""
        return {
            "format": "sharegpt",
            "conversations": {status.value: count for status, count in self.counts.items()},
            "records": self.records,
            "left_out": {
                reason: {"count": len(ids), "conversations": list(ids)}
                for reason, ids in sorted(self.left_out.items())
            },
            "not_approved": dict(sorted(self.not_approved.items())),
            "turns": self.turns,
            "messages": self.messages,
            "messages_left_out": {
                "leading": self.leading,
                "trailing": self.trailing,
                "not_entering": self.not_entering,
                "bystanders": self.bystanders,
            },
            "findings": {
                "masked": dict(sorted(self.masked.items())),
                "kept": dict(sorted(self.kept.items())),
            },
            "settings": {
                "gap_mode": self.settings.gap_mode,
                "gap_minutes": self.settings.gap_minutes,
                "length_limit": self.settings.length_limit,
                "length_unit": self.settings.length_unit,
                "stickers": self.settings.rules.stickers,
                "media": self.settings.rules.media,
            },
            "problems": self.problems(),
        }

    def problems(self) -> list[str]:
        """Return what a person should look at, one sentence each."""
        problems = [
            f"{len(ids)} approved conversations give no record: {reason}."
            for reason, ids in sorted(self.left_out.items())
        ]
        if self.lost_backgrounds:
            problems.append(
                f"{self.lost_backgrounds} message backgrounds found no human turn to stand in."
            )
        return problems


def export_summary(workspace: Workspace) -> ExportSummary:
    """Return what an export would start from; cheap enough for every rerun of a page."""
    return ExportSummary(
        counts=store.count_by_status(workspace),
        undecided_findings=store.undecided_findings(workspace, _APPROVED),
        unscanned=unscanned_count(workspace),
    )


def preview_records(workspace: Workspace, limit: int = 10) -> list[dict[str, Any]]:
    """Return the first records exactly as the file will hold them.

    Messages that were not searched for PII yet are searched first, which takes its time after a
    large import: `scan_findings` shows progress. Raises PersonaError, and ExportBlockedError when
    something private is left in a record.
    """
    scan_findings(workspace)
    pipeline = _Pipeline(workspace, batch=max(limit, 1))
    with closing(pipeline.drafts()) as drafts:
        shown = list(islice((each for each in drafts if each.turns), limit))
    records = [pipeline.record(each) for each in shown]
    _raise_on_leaks(
        pipeline.masker,
        [
            (each.conversation.id, text)
            for each, record in zip(shown, records, strict=True)
            for text in _texts_of(record)
        ],
    )
    return records


def export_dataset(
    workspace: Workspace,
    out_dir: Path,
    progress: Progress = ignore,
    *,
    not_approved: Mapping[str, int] | None = None,
) -> ExportReport:
    """Write sharegpt.json, dataset_info.json, labels.jsonl and report.json into `out_dir`.

    All four appear together or none does. `not_approved` only goes into the report: why an
    unattended build left conversations alone. Raises ExportBlockedError when the written text
    still holds something private, when there is nothing to write, or when the workspace changed
    meanwhile; PersonaError; BadFileError where the folder cannot be written.
    """
    scan_findings(workspace, progress)
    counts = store.count_by_status(workspace)
    pipeline = _Pipeline(workspace)
    with exporters.staged_folder(out_dir) as staging:
        ids = _write(pipeline, staging, counts[Status.APPROVED], progress)
        report = pipeline.report(counts, not_approved or {})
        _check_counts(report)
        _check_written(pipeline.masker, staging, ids, progress)
        exporters.write_dataset_info(staging / INFO_FILE)
        exporters.write_json(staging / REPORT_FILE, report.to_json())
    return report


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """One approved conversation on its way out; without turns it gives no record."""

    conversation: Conversation
    draft: exporters.Draft
    turns: tuple[Turn, ...] = ()
    system: str = ""


class _Pipeline:
    """Masks, cleans, drafts and renders approved conversations, and counts what it did."""

    def __init__(self, workspace: Workspace, batch: int = _BATCH) -> None:
        self.masker = Masker(workspace)
        self._workspace = workspace
        self._batch = batch
        self._settings = load_settings(workspace)
        self._persona = load_persona(workspace)
        self._systems: dict[tuple[str, str], str] = {}
        self._emotions: dict[str, str] = {}
        self._masked: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()
        self._totals: Counter[str] = Counter()
        self._left_out: defaultdict[str, list[int]] = defaultdict(list)

    def drafts(self) -> Generator[_Outgoing]:
        """Yield every approved conversation in the order of the queue, a batch in memory."""
        found = store.iter_conversations(self._workspace, _APPROVED, batch_size=self._batch)
        with closing(found):
            while batch := list(islice(found, self._batch)):
                drafted = [self._drafted(each) for each in self._masked_around(batch)]
                yield from self._finished(drafted)

    def record(self, outgoing: _Outgoing) -> dict[str, Any]:
        """Return the record of a conversation that has turns."""
        return exporters.sharegpt_record(outgoing.turns, outgoing.system)

    def label_line(self, index: int, record: dict[str, Any], outgoing: _Outgoing) -> str:
        """Return the line of labels that belongs to a record."""
        conversation = outgoing.conversation
        for emotion in exporters.emotions_of(conversation) - self._emotions.keys():
            self._emotions[emotion] = self._mask([emotion])[0]
        return exporters.label_line(index, record, conversation, outgoing.turns, self._emotions)

    def report(self, counts: Mapping[Status, int], not_approved: Mapping[str, int]) -> ExportReport:
        """Return what was counted while the drafts went by."""
        return ExportReport(
            counts=counts,
            records=self._totals["records"],
            turns=self._totals["turns"],
            messages=self._totals["messages"],
            leading=self._totals["leading"],
            trailing=self._totals["trailing"],
            not_entering=self._totals["not_entering"],
            bystanders=self._totals["bystanders"],
            left_out={reason: tuple(ids) for reason, ids in self._left_out.items()},
            lost_backgrounds=self._totals["lost_backgrounds"],
            masked=dict(self._masked),
            kept=dict(self._kept),
            settings=self._settings,
            not_approved=not_approved,
        )

    def _mask(self, texts: list[str]) -> list[str]:
        masked = self.masker.mask_texts(texts)
        for each in masked:
            self._masked += each.counts
        return [each.text for each in masked]

    def _masked_around(self, batch: list[Conversation]) -> list[Conversation]:
        """Return the conversations with the backgrounds a person wrote masked."""
        backgrounds = {each.background for each in batch}
        backgrounds.update(message.background for each in batch for message in each.messages)
        ordered = sorted(backgrounds - {""})
        masked = dict(zip(ordered, self._mask(ordered), strict=True))
        return [
            replace(
                each,
                background=masked.get(each.background, ""),
                messages=tuple(
                    replace(message, background=masked[message.background])
                    if message.background
                    else message
                    for message in each.messages
                ),
            )
            for each in batch
        ]

    def _drafted(self, conversation: Conversation) -> _Outgoing:
        texts = {
            message.id: cleaning.clean_text(self.masker.mask_message(message))
            for message in conversation.messages
        }
        draft = exporters.draft_record(conversation, texts, self._settings.rules)
        return _Outgoing(conversation, draft)

    def _finished(self, batch: list[_Outgoing]) -> Iterator[_Outgoing]:
        """Yield the batch with turns masked as wholes: PII may span two messages."""
        texts = [turn.text for each in batch for turn in each.draft.turns]
        masked = iter(self._mask(texts))
        for each in batch:
            turns = tuple(replace(turn, text=next(masked)) for turn in each.draft.turns)
            outgoing = replace(each, turns=turns, system=self._system(each.conversation))
            self._count(outgoing)
            yield outgoing

    def _system(self, conversation: Conversation) -> str:
        key = (conversation.chat, conversation.background)
        if key not in self._systems:
            text = render_system(
                self._persona, chat=conversation.chat, background=conversation.background
            )
            self._systems[key] = self._mask([exporters.harmless(text)])[0]
        return self._systems[key]

    def _count(self, outgoing: _Outgoing) -> None:
        draft = outgoing.draft
        self._totals["lost_backgrounds"] += len(draft.lost_backgrounds)
        if not outgoing.turns:
            self._left_out[draft.reason].append(outgoing.conversation.id)
            return
        exported = {mark for turn in outgoing.turns for mark in turn.message_ids}
        self._totals["records"] += 1
        self._totals["turns"] += len(outgoing.turns)
        self._totals["messages"] += len(exported)
        self._totals["leading"] += len(draft.leading)
        self._totals["trailing"] += len(draft.trailing)
        self._totals["bystanders"] += len(draft.bystanders)
        left = (draft.leading, draft.trailing, draft.bystanders)
        entering = len(exported) + sum(len(ids) for ids in left)
        self._totals["not_entering"] += len(outgoing.conversation.messages) - entering
        for message in outgoing.conversation.messages:
            if message.id not in exported:
                continue
            for finding in message.findings:
                kept = finding.decision is Decision.KEEP
                (self._kept if kept else self._masked)[finding.entity] += 1


def _write(pipeline: _Pipeline, staging: Path, approved: int, progress: Progress) -> list[int]:
    """Write records and labels as they come; return the conversation of each record."""
    ids: list[int] = []

    def records(drafts: Iterable[_Outgoing], labels: TextIO) -> Iterator[dict[str, Any]]:
        for done, outgoing in enumerate(drafts):
            if done % _BATCH == 0:
                progress(WRITE_STAGE, min(done, approved), approved)
            if outgoing.turns:
                record = pipeline.record(outgoing)
                labels.write(pipeline.label_line(len(ids), record, outgoing))
                ids.append(outgoing.conversation.id)
                yield record

    with (
        exporters.atomic_writer(staging / LABEL_FILE) as labels,
        closing(pipeline.drafts()) as drafts,
    ):
        exporters.write_sharegpt(staging / TRAINING_FILE, records(drafts, labels))
    progress(WRITE_STAGE, approved, approved)
    return ids


def _check_counts(report: ExportReport) -> None:
    """Raise ExportBlockedError unless every approved conversation is a record or left out."""
    gone = sum(len(ids) for ids in report.left_out.values())
    if report.counts[Status.APPROVED] != report.records + gone:
        raise ExportBlockedError(
            N_("The workspace was changed while it was exported; please export again.")
        )


def _check_written(masker: Masker, staging: Path, ids: list[int], progress: Progress) -> None:
    """Raise ExportBlockedError unless what was written is well formed and holds nothing private."""
    problems = exporters.check_sharegpt(staging / TRAINING_FILE)
    if problems:
        raise ExportBlockedError(
            N_("The written file breaks a rule of the format, so nothing was exported: {problem}."),
            problem=problems[0],
        )
    seen = 0
    systems: set[str] = set()
    written = exporters.read_sharegpt(staging / TRAINING_FILE)
    with closing(written), (staging / LABEL_FILE).open(encoding="utf-8", newline="\n") as labels:
        while batch := list(islice(written, _BATCH)):
            progress(CHECK_STAGE, seen, len(ids))
            lines = [json.loads(line) for line in islice(labels, _BATCH)]
            owners = ids[seen : seen + _BATCH]
            if not len(batch) == len(lines) == len(owners):
                raise ExportBlockedError(
                    N_("The written files do not hold what was exported; nothing was kept of them.")
                )
            texts = [
                (owner, text)
                for owner, record, line in zip(owners, batch, lines, strict=True)
                for text in (*_texts_of(record), *_emotions_of(line))
                if text not in systems
            ]
            _raise_on_leaks(masker, texts)
            systems.update(record["system"] for record in batch)
            seen += len(batch)
    progress(CHECK_STAGE, seen, len(ids))


def _texts_of(record: Mapping[str, Any]) -> list[str]:
    return [record["system"], *(item["value"] for item in record["conversations"])]


def _emotions_of(label: Mapping[str, Any]) -> list[str]:
    return [*label["emotions"], *chain.from_iterable(label["turns"])]


def _raise_on_leaks(masker: Masker, texts: Sequence[tuple[int, str]]) -> None:
    """Raise ExportBlockedError when anything private is found in texts of conversations."""
    found = masker.leaks([text for _owner, text in texts])
    if not any(found):
        return
    owners = {owner for (owner, _text), findings in zip(texts, found, strict=True) if findings}
    entities = entity_counts(chain.from_iterable(found))
    raise ExportBlockedError(
        N_("Nothing was exported: private data is left ({entities}) in conversations {ids}."),
        entities=", ".join(f"{entity} {count}" for entity, count in sorted(entities.items())),
        ids=", ".join(str(owner) for owner in sorted(owners)[:_NAMED]),
    )
