"""How often the rules' suggestions are right, and how fast they are made.

    python benchmarks/labels.py [--emotions cped_valid.csv] [--errors] [--messages N] [--json]

Three parts, all on one core, by processor time:

- The evaluation sets in `label_evaluation/` (see the README there): precision and recall of topic
  jumps, with and without times, of incomplete and of too thin conversations, and of the feelings
  that single messages show. `later` are conversations that the rules were not mended by; what is
  wrong with those is not listed by `--errors`.
- `--emotions`: a CSV with the columns `Utterance`, `Emotion` and `Dialogue_ID`, as CPED has them
  (https://github.com/scutcyr/CPED, Apache-2.0; not part of this project). Each line is read by
  itself, as a message is. `right` is what the rules say among the feelings that the line's class
  stands for (`CLASSES`), `coverage` how many lines they say anything of. The class `negative-other`
  names no feeling: any that hurts is right; `strict` counts it as wrong. The rules' words were
  chosen with an eye on the dialogues of even number; those of odd number stand apart.
- All local suggestions of an invented chat: messages for each second.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.label_sets import LATER, Example, read_examples, read_messages
from curation import labels
from curation.labels import Feeling
from curation.model import Kind, NewSuggestion, Said, Side, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NAMES = {feeling: feeling.value for feeling in Feeling}
PLEASANT = {Feeling.HAPPY, Feeling.TENDER}
HURTS = {Feeling.SAD, Feeling.ANGRY, Feeling.AFRAID, Feeling.DISGUSTED}
CLASSES = {
    "happy": PLEASANT,
    "grateful": PLEASANT,
    "relaxed": PLEASANT,
    "positive-other": PLEASANT,
    "anger": {Feeling.ANGRY, Feeling.DISGUSTED},
    "disgust": {Feeling.ANGRY, Feeling.DISGUSTED},
    "sadness": {Feeling.SAD},
    "depress": {Feeling.SAD},
    "fear": {Feeling.AFRAID},
    "worried": {Feeling.AFRAID},
    "astonished": {Feeling.SURPRISED},
    "negative-other": HURTS,
    "neutral": set(),
}
KINDS = {
    "jump": SuggestionKind.TOPIC_JUMP,
    "incomplete": SuggestionKind.INCOMPLETE,
    "thin": SuggestionKind.TOO_THIN,
}
ROUNDS = 5


@dataclass
class Score:
    """What was told and what should have been; `said` counts conversations that are spoken of."""

    examples: int = 0
    marked: int = 0
    said: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Which share of what was said is right."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Which share of what is marked was said."""
        return self.right / self.marked if self.marked else 1.0


def main() -> None:
    """Measure, and print a table or one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--emotions", type=Path, metavar="CSV")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    scores = _scores(read_examples(), errors=chosen.errors)
    scores["feelings"] = measure_feelings(errors=chosen.errors)
    later = _scores(read_examples(LATER), errors=False)
    scores |= {f"later: {name}": score for name, score in later.items()}
    _print(scores)
    told: dict[str, object] = {"sets": scores}
    if chosen.emotions is not None:
        told["emotions"] = emotions(chosen.emotions)
    told["messages_per_second"] = speed(chosen.messages)
    if chosen.json:
        print(json.dumps(told, default=asdict))


def _scores(examples: Sequence[Example], *, errors: bool) -> dict[str, Score]:
    timed = [each for each in examples if each.timed]
    untimed = [each for each in examples if not each.timed]
    untimed += [each.without_times() for each in timed]
    return {
        "jump, times": measure(timed, "jump", errors=errors),
        "jump, no times": measure(untimed, "jump", errors=errors),
        "incomplete": measure(examples, "incomplete", errors=errors),
        "thin": measure(examples, "thin", errors=errors),
    }


def _print(scores: Mapping[str, Score]) -> None:
    print(f"{'':<22}{'talks':>7}{'marked':>8}{'said':>6}{'right':>7}{'precision':>11}{'recall':>8}")
    for name, score in scores.items():
        print(
            f"{name:<22}{score.examples:>7}{score.marked:>8}{score.said:>6}{score.right:>7}"
            f"{score.precision:>11.1%}{score.recall:>8.1%}"
        )


def measure(examples: Iterable[Example], what: str, *, errors: bool = False) -> Score:
    """Return how often the rules are right about one kind; `errors` prints where they are not."""
    score = Score()
    for each in examples:
        said = [
            told for told in labels.suggestions(0, each.talk, NAMES) if told.kind is KINDS[what]
        ]
        right = any(_is_right(told, each, what) for told in said)
        score.examples += 1
        score.marked += each.expected == what
        score.said += bool(said)
        score.right += right
        if errors and (bool(said) != (each.expected == what) or (said and not right)):
            rules = [(told.rule, told.message_id, told.score) for told in said]
            print(f"{what}: {each.place}{'' if each.timed else ' (no times)'}: {rules or 'missed'}")
    return score


def measure_feelings(*, errors: bool = False) -> Score:
    """Return how often the rules tell the feeling of single messages."""
    score = Score()
    for true, text in read_messages():
        shown = labels.feeling_of(text)
        said = "" if shown is None else shown.feeling.value
        score.examples += 1
        score.marked += bool(true)
        score.said += bool(said)
        score.right += bool(said) and said == true
        if errors and said != true:
            print(f"feelings: {text}: {said or 'none'} instead of {true or 'none'}")
    return score


def _is_right(told: NewSuggestion, example: Example, what: str) -> bool:
    if example.expected != what:
        return False
    return what != "jump" or abs((told.message_id or 0) - example.jump) <= 1


def emotions(file: Path) -> dict[str, float]:
    """Print and return how often the rules name the feeling of a line, and of how many lines."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    result: dict[str, float] = {}
    print(f"\n{'lines':<16}{'all':>7}{'said':>7}{'coverage':>10}{'right':>8}{'strict':>8}")
    parities = {"all dialogues": (0, 1), "even numbers": (0,), "odd numbers": (1,)}
    for name, parity in parities.items():
        part = [row for row in rows if int(row["Dialogue_ID"].split("_")[1]) % 2 in parity]
        shown = [(row["Emotion"], labels.feeling_of(row["Utterance"])) for row in part]
        said = [(true, each.feeling) for true, each in shown if each is not None]
        right = [true for true, feeling in said if feeling in CLASSES[true]]
        strict = len([true for true in right if true != "negative-other"])
        share, sure = len(right) / max(1, len(said)), strict / max(1, len(said))
        coverage = len(said) / max(1, len(part))
        print(f"{name:<16}{len(part):>7}{len(said):>7}{coverage:>10.2%}{share:>8.1%}{sure:>8.1%}")
        result |= {f"{name}, right": share, f"{name}, coverage": coverage}
    return result


def speed(messages: int) -> float:
    """Print and return for how many messages a second everything is suggested, the median run."""
    talks = list(invented_talks(messages))
    total = sum(map(len, talks))
    list(labels.suggestions(0, talks[0], NAMES))
    rates = []
    found = 0
    for _round in range(ROUNDS):
        start = time.process_time()
        found = sum(1 for talk in talks for _each in labels.suggestions(0, talk, NAMES))
        rates.append(total / (time.process_time() - start))
    rate = sorted(rates)[ROUNDS // 2]
    print(f"\n{total:,} messages in {len(talks):,} conversations: {found:,} suggestions")
    print(f"{rate:,.0f} messages a second on one core, median of {ROUNDS} runs")
    return rate


def invented_talks(messages: int) -> Iterable[list[Said]]:
    """Yield conversations that hold so many messages, mixed from the lines of the set."""
    chance = random.Random(1)
    lines = [said.text for each in read_examples() for said in each.talk if said.kind is Kind.TEXT]
    tails = ("", "", "", "", "[旺柴]", "[捂脸]", "😂", "T_T", "(｡•́︿•̀｡)", "~", "！！", "哈哈哈哈")
    left, number, now = messages, 0, 1_700_000_000
    while left > 0:
        talk: list[Said] = []
        now += 86_400
        for _each in range(min(left, chance.randint(2, 40))):
            number += 1
            now += int(chance.expovariate(1 / 60))
            text = "，".join(chance.sample(lines, chance.choice((1, 1, 2)))) + chance.choice(tails)
            side = chance.choice((Side.ME, Side.OTHER))
            talk.append(Said(number, side, now, Kind.TEXT, f"{text}{chance.randint(0, 9999)}"))
        left -= len(talk)
        yield talk


if __name__ == "__main__":
    main()
