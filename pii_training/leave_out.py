"""Says what the whole detector finds of authors whose texts its models of evidence never saw.

    python pii_training/leave_out.py [--author "author 5"] [--errors]

For every author the models of secrets, phrases and contacts are trained on what all others wrote,
and what that one wrote is read with the whole detector; nothing is written. `--errors` lists misses
and false hits. The tagger of names and addresses is left as it is, and neither is counted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.evaluation_set import Mark
from benchmarks.pii_quality import APART, kindred, overlap
from curation.model import DetectionRules
from curation.pii import Detector
from pii_training import train_contacts, train_phrases, train_secrets
from pii_training.scoring import examples, train
from pii_training.secret_texts import FRAMES, KNOWING, UNIT_TESTS, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pii_training.secret_texts import Text

    Counts = Counter[tuple[str, str]]

TASKS: Final = (train_secrets.TASK, train_phrases.TASK, train_contacts.TASK)
SHOWN: Final = ("PASSWORD", "OTP_CODE", "PHONE_NUMBER", "WECHAT_ID", "QQ_NUMBER", "all")


def leave_out(author: str, all_texts: Sequence[Text], *, errors: bool) -> Counts:
    """Return what is found of one author with models that never saw the author's texts."""
    rest = [each for each in all_texts if each.author != author]
    own = [each for each in all_texts if each.author == author]
    with ExitStack() as stack:
        for task in TASKS:
            model = train(list(examples(task, rest)), len(task.entities()))
            stack.enter_context(patch.object(task.module, "model", return_value=model))
            task.module.forget()
        counts = counted_in(own, errors=errors)
    for task in TASKS:
        task.module.forget()
    return counts


def counted_in(some: Sequence[Text], *, errors: bool) -> Counts:
    """Return how many values of each kind there are, are found, and how many findings are right."""
    counts: Counts = Counter()
    every = Detector(DetectionRules(tagger=False)).detect_many([each.text for each in some])
    for (_, text, marks), findings in zip(some, every, strict=True):
        found = [Mark(each.entity, each.start, each.end) for each in findings]
        for mark in marks:
            hit = any(each.entity == mark.entity and overlap(each, mark) for each in found)
            _count(counts, mark.entity, "values", "found", good=hit)
            if errors and not hit and mark.entity not in APART:
                print("missed", mark.entity, text[mark.start : mark.end], "|", repr(text)[:120])
        for each, finding in zip(found, findings, strict=True):
            right = any(kindred(each.entity, mark.entity) and overlap(each, mark) for mark in marks)
            _count(counts, each.entity, "findings", "right", good=right)
            if errors and not right and each.entity not in APART:
                value = text[each.start : each.end]
                print("false", each.entity, finding.score, finding.recognizer, value, end=" | ")
                print(repr(text)[:120])
    return counts


def _count(counts: Counts, entity: str, whole: str, part: str, *, good: bool) -> None:
    for kind in (entity, *(["all"] if entity not in APART else [])):
        counts[kind, whole] += 1
        counts[kind, part] += good


def row(counts: Counts) -> str:
    """Return recall and precision of each kind as a line."""
    cells = []
    for kind in SHOWN:
        values, found = counts[kind, "values"], counts[kind, "found"]
        findings, right = counts[kind, "findings"], counts[kind, "right"]
        recall, precision = 100 * found / max(1, values), 100 * right / max(1, findings)
        cells.append(f"{kind:.8} {recall:5.1f}/{precision:5.1f} of {values:4}")
    return "  ".join(cells)


def main() -> None:
    """Print a line for each author, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--author", default="")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    all_texts = list(texts())
    whole: Counts = Counter()
    print("found / right, % of so many values")
    for author in dict.fromkeys(each.author for each in all_texts):
        if author in {FRAMES, KNOWING, UNIT_TESTS} or options.author not in {"", author}:
            continue
        counts = leave_out(author, all_texts, errors=options.errors)
        whole += counts
        print(f"{author:10}", row(counts), flush=True)
    print(f"{'all':10}", row(whole))


if __name__ == "__main__":
    main()
