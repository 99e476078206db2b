"""How much of what is private is found, and how much is flagged that is not.

    python benchmarks/pii_quality.py [--errors PART] [--json] [--rules]
        [--dialogues FILE.csv [--column NAME]] [--names FILE.conll]

Runs `curation.pii.Detector` over the self-written set in `pii_evaluation/`: the development parts,
and held-out parts by authors who had seen neither them nor the detector. In the parts named
`chats` the messages are read with those around them, as the app does. How it is counted:

- values: the marks of this entity.
- found: a finding of this entity overlaps the mark. This is the recall of the F1.
- masked: findings of whatever kind together cover every letter and digit of the mark, so that
  masking them leaves nothing of it to read. A password taken for a verification code is masked
  though not found.
- exact: a finding of this entity has the mark's very range.
- findings, right: a finding is right when it overlaps a mark of its own entity or of one that a
  stranger would take for it (`KINDRED`). Right / findings is the precision.
- chars: which share of the marks' letters and digits findings of whatever kind cover.
- extra: letters and digits that findings of this entity cover outside of any mark.
- trap: findings of this entity in messages without any mark, for every 1,000 such messages.

The second table of a part says the same of its blocks; `values: everyday` holds the shapes that
most people write, the other blocks every shape that somebody writes.

PERSON and CN_ADDRESS stand apart from the total of the structured entities. Contacts are unknown in
this run: PERSON is what rules find without a list of names.

`--dialogues` counts findings for every 1,000 lines of a CSV that should hold nothing private, each
read by itself, and with those around it in its talk, as the app does, if the file tells its talks
as CPED does. The column is the one with most Chinese characters in distinct cells, unless named.
Names in a dialogue are mostly true, so PERSON is shown apart and is no measure of error.

`--names` reads a CoNLL file in the format of weiboNER and compares PERSON with the `nr` tags of
jieba.posseg in the same run. A name is a mark PER.NAM (PER.NOM, such as "teacher", is none); it is
found when a finding overlaps it, and a finding is right when it overlaps a name. Findings on a
PER.NOM count as wrong; how many there are is shown.

`--rules` leaves the trained tagger of names and addresses out.

`--errors development_2` (or another development part) lists every miss and every false hit of it.
There is no such list for a held-out part, so that nobody tunes to it.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from dataclasses import asdict, dataclass, fields
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import jieba
import jieba.posseg

from benchmarks.dialogues import read_dialogues
from benchmarks.evaluation_set import (
    CHAT_AUTHORS,
    CHATS,
    DEVELOPMENT,
    ENTITIES,
    PARTS,
    Line,
    Mark,
    Said,
    read_chats,
    read_conll,
    read_part,
)
from curation.model import DetectionRules, Kind, Side
from curation.store import Unscanned, UnscannedMessage
from curation.workflow.detecting import detector, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from curation.pii import Detector

KINDRED = (
    {"PASSWORD", "OTP_CODE"},
    {"WECHAT_ID", "QQ_NUMBER", "PHONE_NUMBER"},
    {"CN_ID_CARD", "PASSPORT"},
    {"BANK_CARD", "IBAN_CODE"},
)
APART = ("CN_ADDRESS", "PERSON")
STRUCTURED = "structured, all"
NAME, NOUN = "PER.NAM", "PER.NOM"


@dataclass(slots=True)
class Score:
    """Counts of one entity; the module's docstring says what each means."""

    values: int = 0
    found: int = 0
    masked: int = 0
    exact: int = 0
    findings: int = 0
    right: int = 0
    chars: int = 0
    chars_masked: int = 0
    extra: int = 0
    trap: int = 0
    trap_lines: int = 0

    def add(self, other: Score) -> None:
        """Add the counts of another entity; the trap lines are the same ones."""
        for field in fields(self):
            if field.name != "trap_lines":
                total = getattr(self, field.name) + getattr(other, field.name)
                setattr(self, field.name, total)
        self.trap_lines = other.trap_lines

    def rates(self) -> dict[str, float | None]:
        """Return the shares that the table shows; None where nothing was counted."""
        recall, precision = share(self.found, self.values), share(self.right, self.findings)
        both = (recall or 0) + (precision or 0)
        return {
            "recall_right_kind": recall,
            "recall_masked": share(self.masked, self.values),
            "exact_share": share(self.exact, self.values),
            "precision": precision,
            "f1": 2 * (recall or 0) * (precision or 0) / both if both else None,
            "chars_masked_share": share(self.chars_masked, self.chars),
            "trap_per_1000": 1000 * self.trap / self.trap_lines if self.trap_lines else None,
        }


def share(part: int, whole: int) -> float | None:
    """Return part / whole, None of nothing."""
    return part / whole if whole else None


def overlap(one: Mark, other: Mark) -> bool:
    """Tell whether two ranges share a character."""
    return one.start < other.end and other.start < one.end


def kindred(found: str, marked: str) -> bool:
    """Tell whether a finding of one entity is right on a mark of the other."""
    return found == marked or any({found, marked} <= group for group in KINDRED)


def is_right(finding: Mark, line: Line) -> bool:
    """Tell whether a finding overlaps a mark of its own or a kindred entity."""
    return any(overlap(finding, m) and kindred(finding.entity, m.entity) for m in line.marks)


def visible(line: Line, ranges: Iterable[Mark]) -> set[int]:
    """Return the places of the letters and digits within these ranges."""
    return {at for r in ranges for at in range(r.start, r.end) if line.text[at].isalnum()}


def detect(detector: Detector, lines: Sequence[Line]) -> list[list[Mark]]:
    """Return the detector's findings of every line."""
    return [
        [Mark(finding.entity, finding.start, finding.end) for finding in found]
        for found in detector.detect_many([line.text for line in lines])
    ]


def detect_in_chats(chats: Sequence[Sequence[Said]], rules: DetectionRules) -> list[list[Mark]]:
    """Return what the app's search finds in each message of all the chats."""
    numbers = count()
    waiting = [
        Unscanned(
            conversation_id=number,
            version=1,
            messages=tuple(
                UnscannedMessage(
                    id=next(numbers),
                    text=said.line.text,
                    side=Side.ME if said.mine else Side.OTHER,
                    kind=Kind.TEXT,
                    deleted=False,
                )
                for said in chat
            ),
        )
        for number, chat in enumerate(chats)
    ]
    found = search(waiting, rules)
    return [
        [Mark(each.finding.entity, each.start, each.end) for each in found.get(number, ())]
        for number in range(next(numbers))
    ]


def read_and_detect(part: str, rules: DetectionRules) -> tuple[list[Line], list[list[Mark]]]:
    """Return the messages of a part, and what is found in each of them."""
    if part in CHATS:
        chats = read_chats(part)
        lines = [said.line for chat in chats for said in chat]
        return lines, detect_in_chats(chats, rules)
    lines = read_part(part)
    return lines, detect(detector(rules), lines)


def score_lines(lines: Sequence[Line], found: Sequence[Sequence[Mark]]) -> dict[str, Score]:
    """Return the counts of every entity that is marked or found."""
    scores = {entity: Score() for entity in ENTITIES}
    for line, findings in zip(lines, found, strict=True):
        covered, marked = visible(line, findings), visible(line, line.marks)
        for mark in line.marks:
            score, letters = scores[mark.entity], visible(line, [mark])
            same = [f for f in findings if f.entity == mark.entity and overlap(f, mark)]
            score.values += 1
            score.found += bool(same)
            score.masked += letters <= covered
            score.exact += mark in same
            score.chars += len(letters)
            score.chars_masked += len(letters & covered)
        for finding in findings:
            score = scores.setdefault(finding.entity, Score())
            score.findings += 1
            score.right += is_right(finding, line)
            score.extra += len(visible(line, [finding]) - marked)
            score.trap += not line.marks
    trap_lines = sum(not line.marks for line in lines)
    structured = Score()
    for entity, score in scores.items():
        score.trap_lines = trap_lines
        if entity not in APART:
            structured.add(score)
    apart = {entity: scores.pop(entity) for entity in APART}
    return {**scores, STRUCTURED: structured, **apart}


def percent(value: float | None) -> str:
    """Return a share as text, cut and never rounded up."""
    return "-" if value is None else f"{int(value * 1000) / 10:.1f}"


def print_table(title: str, lines: Sequence[Line], scores: dict[str, Score]) -> None:
    """Print one row an entity."""
    traps = sum(not line.marks for line in lines)
    print(f"\n{title}: {len(lines)} messages, {traps} of them traps without PII")
    print(
        f"{'':16} values  found masked  exact |recall masked  exact  precis     F1"
        "  chars | findings false extra | trap/1000"
    )
    for entity, score in scores.items():
        rates = score.rates()
        trap = rates["trap_per_1000"]
        print(
            f"{entity:16} {score.values:6} {score.found:6} {score.masked:6} {score.exact:6} |"
            f"{percent(rates['recall_right_kind']):>6} {percent(rates['recall_masked']):>6} "
            f"{percent(rates['exact_share']):>6} {percent(rates['precision']):>7} "
            f"{percent(rates['f1']):>6} {percent(rates['chars_masked_share']):>6} |"
            f"{score.findings:9} {score.findings - score.right:5} {score.extra:5} |"
            f"{'-' if trap is None else format(trap, '.2f'):>10}"
        )


def print_alone(lines: Sequence[Line], found: Sequence[Sequence[Mark]]) -> None:
    """Print what is found in chats whose messages are read one by one."""
    total = score_lines(lines, found)[STRUCTURED]
    recall, precision = share(total.found, total.values), share(total.right, total.findings)
    print(f"each by itself: found {percent(recall)}, of that right {percent(precision)}")


def by_topic(lines: Sequence[Line], found: Sequence[Sequence[Mark]]) -> dict[str, dict[str, Score]]:
    """Return the counts of every block of the set by itself, traps too."""
    topics: dict[str, tuple[list[Line], list[Sequence[Mark]]]] = {}
    for line, findings in zip(lines, found, strict=True):
        messages, marks = topics.setdefault(line.topic, ([], []))
        messages.append(line)
        marks.append(findings)
    return {topic: score_lines(*block) for topic, block in topics.items()}


def print_topics(topics: dict[str, dict[str, Score]]) -> None:
    """Print the totals of every block: what is found, and how many findings are false."""
    print(f"{'block':43} |structured: found masked false|address: chars false|person: found false")
    for topic, scores in topics.items():
        total, address, person = (scores[name] for name in (STRUCTURED, *APART))
        rates = [score.rates() for score in (total, address, person)]
        print(
            f"{topic:43} |{percent(rates[0]['recall_right_kind']):>17}"
            f"{percent(rates[0]['recall_masked']):>7} {total.findings - total.right:5}|"
            f"{percent(rates[1]['chars_masked_share']):>14} {address.findings - address.right:5}|"
            f"{percent(rates[2]['recall_right_kind']):>13} {person.findings - person.right:5}"
        )


def print_errors(lines: Sequence[Line], found: Sequence[Sequence[Mark]]) -> None:
    """Print each miss, each value that is not wholly masked, and each false hit."""
    for line, findings in zip(lines, found, strict=True):
        covered, problems = visible(line, findings), []
        for mark in line.marks:
            letters = visible(line, [mark])
            if not letters & covered:
                problems.append(f"missed {mark.entity} {line.value(mark)!r}")
            elif not letters <= covered:
                problems.append(f"partly {mark.entity} {line.value(mark)!r}")
            elif not any(f.entity == mark.entity and overlap(f, mark) for f in findings):
                problems.append(f"other kind than {mark.entity} {line.value(mark)!r}")
        problems += [
            f"false {finding.entity} {line.value(finding)!r}"
            for finding in findings
            if not is_right(finding, line)
        ]
        for problem in problems:
            print(f"  {line.number:4} {problem}   in {line.text!r}")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How many of every 1,000 lines of a file have findings, by entity."""

    file: str
    column: str
    lines: int
    talks: int
    alone: dict[str, float]
    in_talks: dict[str, float]


def measure_dialogues(rules: DetectionRules, path: Path, column: str | None) -> Dialogue:
    """Return the findings for every 1,000 lines, by entity; PERSON is not in the total.

    First of each line by itself, then as the app reads it, with those around it in its talk.
    """
    dialogues = read_dialogues(path, column)
    texts = dialogues.texts
    alone = [{finding.entity for finding in row} for row in detector(rules).detect_many(texts)]
    in_talks = [{mark.entity for mark in row} for row in detect_in_chats(dialogues.talks, rules)]
    return Dialogue(
        file=path.name,
        column=dialogues.column,
        lines=len(texts),
        talks=len(dialogues.talks),
        alone=for_every_1000(alone),
        in_talks=for_every_1000(in_talks),
    )


def for_every_1000(found: Sequence[set[str]]) -> dict[str, float]:
    """Return how many of every 1,000 lines hold each entity, and how many any but PERSON."""
    lines = Counter(entity for row in found for entity in row)
    lines_but_names = sum(bool(row - {"PERSON"}) for row in found)
    return {
        "but PERSON": 1000 * lines_but_names / len(found),
        **{entity: 1000 * count / len(found) for entity, count in lines.most_common()},
    }


def jieba_names(text: str) -> list[Mark]:
    """Return what jieba.posseg takes for names of people: its nr tags (nr, nrt, nrfg)."""
    marks, start = [], 0
    for word, flag in jieba.posseg.cut(text):
        if flag.startswith("nr"):
            marks.append(Mark("PERSON", start, start + len(word)))
        start += len(word)
    return marks


def measure_names(
    lines: Sequence[Line], found: Sequence[Sequence[Mark]]
) -> dict[str, float | int | None]:
    """Return recall and precision of the PERSON findings by overlap with PER.NAM marks."""
    names = findings = right = recalled = on_nouns = 0
    for line, marks in zip(lines, found, strict=True):
        persons = [mark for mark in marks if mark.entity == "PERSON"]
        real = [mark for mark in line.marks if mark.entity == NAME]
        nouns = [mark for mark in line.marks if mark.entity == NOUN]
        names += len(real)
        findings += len(persons)
        recalled += sum(any(overlap(name, person) for person in persons) for name in real)
        hits = [any(overlap(name, person) for name in real) for person in persons]
        right += sum(hits)
        on_nouns += sum(
            not hit and any(overlap(noun, person) for noun in nouns)
            for hit, person in zip(hits, persons, strict=True)
        )
    return {
        "names": names,
        "findings": findings,
        "recall": share(recalled, names),
        "precision": share(right, findings),
        "findings on PER.NOM": on_nouns,
    }


def compare_names(detector: Detector, path: Path) -> dict[str, dict[str, float | int | None]]:
    """Return the PERSON measures of the detector and of jieba.posseg over one CoNLL file."""
    jieba.setLogLevel(logging.WARNING)
    lines = read_conll(path)
    return {
        "Detector": measure_names(lines, detect(detector, lines)),
        "jieba.posseg nr": measure_names(lines, [jieba_names(line.text) for line in lines]),
    }


def print_dialogues(measured: Dialogue) -> None:
    """Print the findings of a dialogue file."""
    print(f"\n{measured.lines} lines of {measured.file}, column {measured.column}")
    print(f"lines with findings, for every 1,000: alone, and in {measured.talks} talks")
    for name in {**measured.alone, **measured.in_talks}:
        alone, in_talks = measured.alone.get(name, 0), measured.in_talks.get(name, 0)
        print(f"{name:16} {alone:8.2f} {in_talks:8.2f}")


def print_names(title: str, compared: dict[str, dict[str, float | int | None]]) -> None:
    """Print the two ways of finding names side by side."""
    print(f"\n{compared['Detector']['names']} names in {title}, by overlap")
    print(f"{'':16} recall  precis findings on PER.NOM")
    for name, row in compared.items():
        rates = f"{percent(row['recall']):>6} {percent(row['precision']):>7}"
        print(f"{name:16} {rates} {row['findings']:8} {row['findings on PER.NOM']:10}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--errors", choices=(*DEVELOPMENT, *CHAT_AUTHORS))
    parser.add_argument("--dialogues", type=Path)
    parser.add_argument("--column")
    parser.add_argument("--names", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rules", action="store_true", help="without the trained tagger")
    options = parser.parse_args()
    rules = DetectionRules(tagger=not options.rules)
    report: dict[str, object] = {}
    for part in (*PARTS, *CHATS):
        lines, found = read_and_detect(part, rules)
        scores = score_lines(lines, found)
        report[part] = {name: asdict(score) | score.rates() for name, score in scores.items()}
        if not options.json:
            print_table(part.replace("_", "-"), lines, scores)
            if part in PARTS:
                print_topics(by_topic(lines, found))
            else:
                print_alone(lines, detect(detector(rules), lines))
        if not options.json and options.errors == part:
            print_errors(lines, found)
    if options.dialogues is not None:
        dialogues = measure_dialogues(rules, options.dialogues, options.column)
        report["dialogues"] = asdict(dialogues)
        if not options.json:
            print_dialogues(dialogues)
    if options.names is not None:
        report["names"] = names = compare_names(detector(rules), options.names)
        if not options.json:
            print_names(options.names.name, names)
    if options.json:
        json.dump(report, sys.stdout, ensure_ascii=False, indent=1)
        print()


if __name__ == "__main__":
    main()
