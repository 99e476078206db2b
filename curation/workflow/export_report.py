"""What an export did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from curation import exporters
from curation.export_options import ExportOptions, Opening, Variant
from curation.model import Replacement, Status
from curation.workflow.fates import KEPT, MASKED, REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from curation.workflow.fates import Fate
    from curation.workflow.issuing import Written
    from curation.workflow.part_report import PartReport
    from curation.workflow.settings import Settings


def repeating_formats(names: Iterable[str]) -> tuple[str, ...]:
    """Return those formats with which a trainer learns early turns of sliding windows repeatedly.

    Nothing in their files tells it to learn the last turn of each record alone.
    """
    known = exporters.formats()
    return tuple(name for name in names if name in known and not known[name].tells_last_turn)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote and what it left out; texts never stand in it.

    `counts[approved]` = `conversations`, which stand in a record, + those in `left_out`, which maps
    a reason (`exporters.Reason`) to their ids. `parts` says for each part of the dataset how they
    became `records`. `moved` are conversations that are trained on although they are late enough
    for the validation part, which begins at `cut`: they are nearly like one that is trained on.
    `files` are the names of what was written. The messages of the conversations that became
    records are `messages` + `leading` and `trailing`, left out at the ends of records, +
    `bystanders`, whom I did not answer in a group, + `removed`, left out for what was found in
    them, + `too_long_messages`, whose turns fit in no record, + `not_entering`, which are no words
    or were deleted. `lost_backgrounds` counts message backgrounds without a
    human turn to stand in. `fates` counts what became of the findings in what was written;
    `masked` and `kept` are sums of it by entity. `texts` are the free texts of the options as they
    may stand in a file: the others of them are told as empty.
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
    removed: int = 0
    fates: Mapping[Fate, int] = field(default_factory=dict)
    options: ExportOptions = field(default_factory=ExportOptions)
    texts: Mapping[str, Written] = field(default_factory=dict)
    parts: Mapping[str, PartReport] = field(default_factory=dict)
    too_long_messages: int = 0
    cut: datetime | None = None
    moved: tuple[int, ...] = ()
    untimed: int = 0
    files: tuple[str, ...] = ()

    @property
    def conversations(self) -> int:
        """How many conversations stand in a record."""
        return sum(part.conversations for part in self.parts.values())

    def adds_up(self) -> bool:
        """Whether every approved conversation is in a record or left out, and all else is told."""
        gone = sum(len(ids) for ids in self.left_out.values())
        return (
            self.counts[Status.APPROVED] == self.conversations + gone
            and self.turns == sum(part.turns for part in self.parts.values())
            and all(part.adds_up() for part in self.parts.values())
        )

    def to_json(self) -> dict[str, Any]:
        """Return the report as the JSON values of `report.json`."""
        return {
            "format": self.options.formats[0],
            "formats": list(self.options.formats),
            "files": list(self.files),
            "conversations": {status.value: count for status, count in self.counts.items()},
            "records": self.records,
            "left_out": {
                reason: {"count": len(ids), "conversations": list(ids)}
                for reason, ids in sorted(self.left_out.items())
            },
            "not_approved": dict(sorted(self.not_approved.items())),
            "parts": {name: part.to_json() for name, part in self.parts.items()},
            "validation_from": None if self.cut is None else self.cut.isoformat(),
            "moved_to_train": {"count": len(self.moved), "conversations": list(self.moved)},
            "without_time": self.untimed,
            "turns": self.turns,
            "messages": self.messages,
            "messages_left_out": {
                "leading": self.leading,
                "trailing": self.trailing,
                "not_entering": self.not_entering,
                "bystanders": self.bystanders,
                "removed": self.removed,
            },
            "too_long_messages": self.too_long_messages,
            "lost_backgrounds": self.lost_backgrounds,
            "findings": {
                "masked": dict(sorted(self.masked.items())),
                "kept": dict(sorted(self.kept.items())),
                "by_entity": self.by_entity(),
            },
            "settings": {
                "gap_mode": self.settings.gap_mode,
                "gap_minutes": self.settings.gap_minutes,
                "length_limit": self.settings.length_limit,
                "length_unit": self.settings.length_unit,
                "stickers": self.settings.rules.stickers,
                "media": self.settings.rules.media,
                "variant": self.options.variant.value,
                "mbti_share": self.settings.mbti_share,
                "replacements": {
                    entity: way.value for entity, way in sorted(self.settings.replacements.items())
                },
            },
            "options": self._options(),
            "problems": self.problems(),
        }

    def _options(self) -> dict[str, Any]:
        """Return the options; of what a person typed only what may stand in a file."""
        written = {name: each.text for name, each in self.texts.items()}
        return {**self.options.to_json(), **dict.fromkeys(self.options.free_texts(), ""), **written}

    def own_words(self) -> frozenset[str]:
        """Return the texts of the report that are the program's, whatever a person chose."""
        chosen = (self.settings.gap_mode, self.settings.length_unit)
        cut = "" if self.cut is None else self.cut.isoformat()
        kinds = (*Variant, *Opening, *Replacement)
        words = (*self.options.formats, *self.files, *self.problems(), *chosen, cut)
        return frozenset((*words, *(each.value for each in kinds)))

    def by_entity(self) -> dict[str, dict[str, Any]]:
        """Return for each entity how many findings there were, and what became of them.

        `found` = `masked` + `kept` + `removed` (with the message they stood in). Each is counted
        again by whose decision it was: `one_by_one`, `all_equal` (one decision for all equal
        values), `undecided` (masked as a matter of course), `own_term` (a person's word list),
        `persona_name` (kept, because the system text holds it too). `replaced_with` says what
        stands for the masked ones.
        """
        result: dict[str, dict[str, Any]] = {}
        for fate, count in sorted(self.fates.items(), key=str):
            entry = result.setdefault(
                fate.entity,
                {
                    **dict.fromkeys(("found", MASKED, KEPT, REMOVED), 0),
                    **{f"{outcome}_by": {} for outcome in (MASKED, KEPT, REMOVED)},
                    "replaced_with": {},
                },
            )
            entry["found"] += count
            entry[fate.outcome] += count
            tallies = [(entry[f"{fate.outcome}_by"], fate.by)]
            if fate.outcome == MASKED:
                tallies.append((entry["replaced_with"], fate.way))
            for tally, key in tallies:
                tally[key] = tally.get(key, 0) + count
        return result

    def problems(self) -> list[str]:
        """Return what a person should look at, one sentence each."""
        problems = [
            f"{len(ids)} approved conversations give no record: {reason}."
            for reason, ids in sorted(self.left_out.items())
        ]
        too_long = sum(part.too_long for part in self.parts.values())
        if too_long:
            problems.append(f"{too_long} turns are too long for a record and were left out.")
        if self.moved:
            problems.append(
                f"{len(self.moved)} late conversations are trained on because one that is trained"
                " on says nearly the same."
            )
        if self.options.validation and "validation" not in self.parts:
            problems.append("No conversation is left for validation.")
        repeating = repeating_formats(self.options.formats)
        if self.options.trains_last_turn_only and repeating:
            problems.append(
                f"Windows overlap, and {', '.join(repeating)} cannot tell a trainer to train the"
                " last turn of each record alone: unless it is told by hand (mask_history in"
                " LLaMA-Factory), early answers are learnt once per window. Windows that do not"
                " slide avoid that."
            )
        elif self.options.trains_last_turn_only:
            problems.append(
                "Windows overlap: let the trainer train the last turn of each record alone"
                " (mask_history in LLaMA-Factory)."
            )
        if self.lost_backgrounds:
            problems.append(
                f"{self.lost_backgrounds} message backgrounds found no human turn to stand in."
            )
        return problems
