"""Trains the tagger of names and addresses, and says how well it reads what it has not seen.

    python pii_training/train_tagger.py [--write] [--authors] [--names FILE.conll]

It is trained on the development parts of `benchmarks/pii_evaluation/`, on the texts in `places/`
and `secrets/`, and on the lists of the unit tests: all of them invented for this project.

`--authors`: for every author a tagger is trained on the messages of all others and read on this
one's: what the rules find, what the tagger finds, and both together. `found` are marks that
something of their entity overlaps, `right` the findings that overlap a mark of it, `chars` the
letters and digits of the marks that are covered.

`--names` reads a CoNLL file in the format of weiboNER with the tagger trained on everything.
`--write` writes the model and its hints into `curation/pii/data/`.

What decides the model is the texts alone: the same texts give the same model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pycrfsuite

from benchmarks.evaluation_set import (
    AUTHORS,
    TRAINED_ON,
    Line,
    Mark,
    read_conll,
    read_lines,
    read_part,
)
from curation.model import DetectionRules
from curation.pii import Detector, placeholder
from curation.pii.entities import TAGGED
from curation.pii.tagging import HINTS, MODEL, spans
from curation.pii.tagging_features import features, read, shapes
from pii_training.unit_test_lists import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SETTINGS: Final = {"c1": 0.085, "c2": 0.05, "max_iterations": 120}
SEED: Final = 20261127
LEAST: Final = 4.0
"""How much the hints of a line must come to, so that it is read: with less, hardly anything more is
found in an author's messages by the hints of the others; a tenth of chat is read."""
UNKNOWN: Final = 0.5
"""What a pair hints at that stands nowhere in the messages: rare ones are often names."""
SMOOTHING: Final = 0.5
RAREST: Final = 2
"""How often a pair must stand in the messages to be a hint of its own."""

PLACES: Final = Path(__file__).parent / "places"
SECRETS: Final = Path(__file__).parent / "secrets"
WRITERS: Final = {
    **{part: f"author {author}" for part, author in AUTHORS.items()},
    "places/first_author": "author 8",
    "places/second_author": "author 8",
    "secrets/first_author": "author 6",
    "secrets/second_author": "author 7",
}
"""Who wrote each text; the lists of the unit tests were written by who knew the rules."""
LEADING: Final = (
    "",
    "",
    "寄到",
    "我住",
    "地址",
    "送",
    "在",
    "你来",
    "到",
    "我家",
    "导航",
    "去",
    "收货地址：",
)
TRAILING: Final = (
    "",
    "",
    "，",
    "谢谢",
    "哈",
    "了",
    "。",
    "吧",
    "这边",
    "😀",
    "等你",
    "找我",
    "谢谢😀",
    "~",
)
"""What people write right before and behind an address."""

Sequences = list[tuple[list[list[str]], list[str]]]


class Span(NamedTuple):
    """A half-open span."""

    start: int
    end: int


class Counts(NamedTuple):
    """What findings of one entity come to, in a number of messages."""

    marks: int
    found: int
    findings: int
    right: int
    chars: int
    covered: int

    def __str__(self) -> str:
        return (
            f"found {share(self.found, self.marks)} of {self.marks}, "
            f"right {share(self.right, self.findings)} of {self.findings}, "
            f"chars {share(self.covered, self.chars)}"
        )


def share(part: int, whole: int) -> str:
    """Return a percentage, a dash where there is nothing to divide by."""
    return f"{100 * part / whole:5.1f} %" if whole else "    -  "


def one_line_each(lines: Iterable[Line]) -> list[Line]:
    """Return messages of several lines as messages of one line: so the tagger reads them."""
    single: list[Line] = []
    for line in lines:
        start = 0
        for text in line.text.split("\n"):
            end = start + len(text)
            marks = tuple(
                Mark(mark.entity, max(mark.start, start) - start, min(mark.end, end) - start)
                for mark in line.marks
                if mark.start < end and start < mark.end
            )
            single.append(Line(line.number, line.topic, text, marks))
            start = end + 1
    return [line for line in single if line.text]


def masked(line: Line, draw: random.Random) -> Line:
    """Return a message with about half of its marks masked, as the search reads it again."""
    text, marks, reached = "", [], 0
    for mark in line.marks:
        text += line.text[reached : mark.start]
        shown = line.text[mark.start : mark.end]
        if draw.random() < 0.5:
            text += placeholder(mark.entity)
        else:
            marks.append(Mark(mark.entity, len(text), len(text) + len(shown)))
            text += shown
        reached = mark.end
    return replace(line, text=text + line.text[reached:], marks=tuple(marks))


def between_other_words(line: Line, draw: random.Random) -> Line | None:
    """Return the first address of a message by itself between other words, None without one."""
    mark = next((mark for mark in line.marks if mark.entity == "CN_ADDRESS"), None)
    if mark is None:
        return None
    lead, value = draw.choice(LEADING), line.text[mark.start : mark.end]
    text = lead + value + draw.choice(TRAILING)
    return replace(line, text=text, marks=(Mark(mark.entity, len(lead), len(lead) + len(value)),))


def labels(line: Line, places: Sequence[int]) -> list[str]:
    """Return the label of each character as the tagger reads them."""
    named = {}
    for mark in line.marks:
        if mark.entity in TAGGED:
            named.update(dict.fromkeys(range(mark.start, mark.end), f"I-{mark.entity}"))
            named[mark.start] = f"B-{mark.entity}"
    return [named.get(place, "O") for place in places[:-1]]


def sequences(lines: Iterable[Line], draw: random.Random) -> Sequences:
    """Return what the trainer is given: every message, with marks masked, and addresses anew."""
    told: Sequences = []
    for line in one_line_each(lines):
        more = (masked(line, draw), between_other_words(line, draw)) if line.marks else ()
        for each in filter(None, (line, *more)):
            piece = read(each.text)
            told.append((features(piece.text), labels(each, piece.places)))
    return told


def train(told: Iterable[Sequences], path: Path) -> None:
    """Write a model trained on sequences."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(SETTINGS)
    for some in told:
        for names, named in some:
            trainer.append(names, named)
    trainer.train(str(path))


def hints(lines: Sequence[Line]) -> dict[str, object]:
    """Return what pairs of characters hint at something to find, and how much is enough.

    A hint is the logarithm of how much more often the pair stands in or beside a mark.
    """
    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    shown = [(f"^{shapes(read(line.text).text)}$", line) for line in lines if "〔" not in line.text]
    for text, line in shown:
        near = {
            place
            for mark in line.marks
            if mark.entity in TAGGED
            for place in range(mark.start, mark.end + 1)
        }
        for place in range(len(text) - 1):
            (inside if place in near else outside)[text[place : place + 2]] += 1
    most_in, most_out = inside.total(), outside.total()
    known = [pair for pair, count in (inside + outside).items() if count >= RAREST]
    kinds = len(known)

    def weight(pair: str) -> float:
        odds = (inside[pair] + SMOOTHING) / (most_in + SMOOTHING * kinds)
        return round(
            math.log(odds * (most_out + SMOOTHING * kinds) / (outside[pair] + SMOOTHING)), 2
        )

    return {
        "least": LEAST,
        "usual": UNKNOWN,
        "pairs": {pair: weight(pair) for pair in sorted(known)},
    }


def tagged(path: Path, lines: Sequence[Line], entity: str) -> list[list[Span]]:
    """Return what a model takes for an entity in each message."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    found: list[list[Span]] = []
    for line in lines:
        piece = read(line.text)
        named = tagger.tag(features(piece.text)) if piece.text else []
        found.append(
            [
                Span(piece.places[start], piece.places[end])
                for kind, start, end in spans(named)
                if kind == entity
            ]
        )
    return found


def together(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Return the spans of both, those that overlap as one."""
    joined: list[Span] = []
    for span in sorted([*one, *other]):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def counted(lines: Sequence[Line], found: Sequence[Sequence[Span]], entity: str) -> Counts:
    """Return how findings compare with the marks of an entity."""
    numbers: Counter[str] = Counter()
    for line, some in zip(lines, found, strict=True):
        marks = [mark for mark in line.marks if mark.entity == entity]
        covered = {place for span in some for place in range(span.start, span.end)}
        marked = {place for mark in marks for place in range(mark.start, mark.end)}
        says = {place for place in marked if line.text[place].isalnum()}
        numbers["marks"] += len(marks)
        numbers["found"] += sum(
            not covered.isdisjoint(range(mark.start, mark.end)) for mark in marks
        )
        numbers["findings"] += len(some)
        numbers["right"] += sum(not marked.isdisjoint(range(*span)) for span in some)
        numbers["chars"] += len(says)
        numbers["covered"] += len(says & covered)
    return Counts(*(numbers[name] for name in Counts._fields))


def report(name: str, lines: Sequence[Line], model: Path, entities: Sequence[str]) -> None:
    """Print what rules, a model and both find in messages."""
    rules = Detector(DetectionRules(tagger=False)).detect_many([line.text for line in lines])
    for entity in entities:
        ruled = [[Span(f.start, f.end) for f in some if f.entity == entity] for some in rules]
        read_by = tagged(model, lines, entity)
        both = [together(*each) for each in zip(ruled, read_by, strict=True)]
        for label, found in (("rules", ruled), ("tagger", read_by), ("both", both)):
            print(f"{name:14} {entity:10} {label:6} {counted(lines, found, entity)}")


def main() -> None:
    """Train, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--authors", action="store_true")
    parser.add_argument("--names", type=Path)
    given = parser.parse_args()
    texts = messages()
    draw = random.Random(SEED)
    told = {name: sequences(lines, draw) for name, lines in texts.items()}
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        for author in sorted(set(WRITERS.values())) if given.authors else ():
            train((told[name] for name in told if WRITERS.get(name) != author), model)
            for name in texts:
                if WRITERS.get(name) == author:
                    report(name, one_line_each(texts[name]), model, TAGGED)
        train(told.values(), model)
        if given.names:
            named = [
                replace(
                    line,
                    marks=tuple(
                        replace(mark, entity="PERSON")
                        for mark in line.marks
                        if mark.entity == "PER.NAM"
                    ),
                )
                for line in read_conll(given.names)
            ]
            report(given.names.stem, named, model, ["PERSON"])
        if given.write:
            MODEL.write_bytes(model.read_bytes())
            learnt = hints(one_line_each(chain.from_iterable(texts.values())))
            learnt["texts"] = digest(texts)
            text = json.dumps(learnt, ensure_ascii=False, separators=(",", ":"))
            HINTS.write_text(text + "\n", encoding="utf-8")
            print(f"{MODEL.name}: {MODEL.stat().st_size:,} bytes; {HINTS.name}: {len(text):,}")


def messages() -> dict[str, list[Line]]:
    """Return everything that it is trained on, by the name of its text."""
    written = [*sorted(PLACES.glob("*.txt")), *sorted(SECRETS.glob("*_author.txt"))]
    places = {f"{path.parent.name}/{path.stem}": read_lines(path) for path in written}
    return {part: read_part(part) for part in TRAINED_ON} | places | {"lists": list(listed())}


def digest(texts: Mapping[str, Iterable[Line]]) -> str:
    """Return what tells the training texts from others."""
    summed = hashlib.sha256()
    for line in chain.from_iterable(texts.values()):
        summed.update(repr((line.text, line.marks)).encode("utf-8", "surrogatepass"))
    return summed.hexdigest()


if __name__ == "__main__":
    main()
