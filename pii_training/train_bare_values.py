"""Trains the model of values that only the messages around them make private.

    python pii_training/train_bare_values.py [--leave-out chats_3]

It writes `curation/pii/data/bare_values.json`: the same chats give the same weights. `--leave-out`
writes nothing: it trains on the other open parts, or takes the model as it is for a part that is
held out, and says what the app's search finds without the model and with it: found and right, in
percent.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.evaluation_set import CHAT_AUTHORS, CHATS, read_chats
from benchmarks.pii_quality import STRUCTURED, detect_in_chats, percent, score_lines
from curation.model import DetectionRules
from curation.pii.bare_values import model as bare_model
from curation.pii.bare_values.candidates import ENTITIES, bare
from curation.pii.bare_values.elsewhere import Values
from curation.pii.bare_values.features import Said as Read
from curation.pii.bare_values.features import features
from curation.pii.folding import fold
from curation.pii.recognizers.weighing import Model
from pii_training.scoring import Example, checksum, touches, train, written
from pii_training.secret_texts import FRAMES, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.evaluation_set import Mark, Said
    from curation.pii.recognizers.secret_candidates import Candidate
    from pii_training.secret_texts import Text

    Chats = Sequence[Sequence[Said]]

KINDS: Final = ENTITIES
CUT_WEIGHT: Final = 0.3
"""What a lone message counts that was cut into a talk, against a value of a talk."""
SMALL: Final = 10
"""Weights below so many hundredths are not kept: a third of the size, and as good."""
_SOME_OF: Final = 16
_SEED: Final = 1
_OTHER_SIDE: Final = 0.5
_LONGEST_CUT: Final = 120
_SHORTEST_CUT: Final = 2
_BESIDE: Final = " ,:，。！!\n是"
NOTHING: Final = Model((-10_000,) * len(KINDS), {})
"""A model that finds nothing."""


def examples(chats: Chats) -> Iterator[Example]:
    """Yield what is a candidate in chats, and what it is.

    Whatever the search finds without the messages around is a candidate all the same.
    """
    with patch.object(bare_model, "model", return_value=NOTHING):
        alone = iter(detect_in_chats(chats, DetectionRules()))
    for chat in chats:
        talk = [Read(said.mine, fold(said.line.text)) for said in chat]
        values = Values()
        for at, marks in enumerate(islice(alone, len(talk))):
            for mark in marks:
                values.add(at, talk[at].text, mark.start, mark.end, mark.entity)
        for at, said in enumerate(chat):
            for found in bare(talk[at].text):
                outcome = _outcome(said.line.marks, found)
                yield Example(features(talk, values, at, found), outcome, 1.0)


def cut(of: Iterable[Text]) -> Iterator[Example]:
    """Yield the candidates of lone messages as if each stood in a message of its own.

    What stands before and behind it are the messages around; who says them is left to chance.
    """
    chance = Random(_SEED)
    for text in of:
        folded = fold(text.text)
        if len(folded) > _LONGEST_CUT:
            continue
        for found in bare(folded):
            before, behind = folded[: found.start], folded[found.end :]
            around = [before.strip(_BESIDE), behind.strip(_BESIDE)]
            sides = [chance.random() < _OTHER_SIDE for _ in around]
            if len(around[0]) < _SHORTEST_CUT:
                continue
            value = folded[found.start : found.end]
            talk = [Read(sides[0], around[0]), Read(mine=True, text=value)]
            if around[1]:
                talk.append(Read(sides[1], around[1]))
            for each in bare(value):
                yield Example(
                    features(talk, Values(), 1, each), _outcome(text.marks, found), CUT_WEIGHT
                )


def _outcome(marks: Iterable[Mark], found: Candidate) -> int:
    outcome = 0
    for mark in marks:
        if mark.entity in KINDS and touches(found, mark):
            outcome = KINDS.index(mark.entity) + 1
    return outcome


def open_chats() -> dict[str, Chats]:
    """Return the chats to learn from, by their part."""
    return {part: read_chats(part) for part in CHAT_AUTHORS}


def trained(parts: Iterable[Chats]) -> tuple[Model, list[Example]]:
    """Return the model of some parts and of all lone messages, and its examples."""
    seen = [*(each for chats in parts for each in examples(chats)), *cut(lone_messages())]
    return train(seen, len(KINDS), SMALL), seen


def lone_messages() -> list[Text]:
    """Return the lone messages that are cut into talks."""
    return [text for text in texts() if text.author != FRAMES]


def fingerprint(parts: Iterable[Chats]) -> str:
    """Return what tells what a model learns from: all that is said, and what is seen in some of it.

    To see it all takes minutes.
    """
    chats = [chat for part in parts for chat in part]
    lone = lone_messages()
    said = [[(said.mine, said.line.text, said.line.marks) for said in chat] for chat in chats]
    seen = [*examples(chats[::_SOME_OF]), *cut(lone[::_SOME_OF])]
    told = f"{said}{[(text.text, text.marks) for text in lone]}{checksum(seen)}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def leave_out(part: str) -> None:
    """Print what is found in a part without the model, and with one that never saw the part."""
    parts = open_chats()
    parts.pop(part, None)
    chats = read_chats(part)
    lines = [said.line for chat in chats for said in chat]
    unseeing = trained(parts.values())[0] if part in CHAT_AUTHORS else bare_model.model()
    for name, model in (("without", NOTHING), ("with", unseeing)):
        with patch.object(bare_model, "model", return_value=model):
            found = detect_in_chats(chats, DetectionRules())
        total = score_lines(lines, found)[STRUCTURED]
        rates = [total.rates()[rate] for rate in ("recall_right_kind", "precision")]
        print(name, "the model:", *map(percent, rates), f"of {total.values} values")


def main() -> None:
    """Train the model and write it, or say how good one is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--leave-out", choices=CHATS)
    part = parser.parse_args().leave_out
    if part:
        leave_out(part)
        return
    parts = open_chats().values()
    model, seen = trained(parts)
    bare_model.WEIGHTS.write_text(written(model, fingerprint(parts)), encoding="utf-8")
    size = bare_model.WEIGHTS.stat().st_size
    print(f"{len(seen):,} candidates, {len(model.weights):,} features, {size:,} bytes")


if __name__ == "__main__":
    main()
