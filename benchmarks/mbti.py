"""What MBTI behaviour files give: how much can be used, how fast, and whose register it is in.

    python benchmarks/mbti.py FOLDER [--each N] [--messages N]

FOLDER holds files of {instruction, input, output}; without them there is nothing to measure. The
person is invented: messages of `invented_chat.py` in runs of one to four. Compared are shares of
messages, their own against those of what was said anew for them.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.invented_chat import messages
from curation import conversations, style
from curation.persona.mbti import Behaviour, could_be_said, pick, read_behaviours

SEED = 1
LONGEST_RUN = 4


def own_bursts(count: int) -> list[list[str]]:
    """Return invented messages in the runs in which they were sent."""
    draw = random.Random(SEED)
    said = iter(messages(count, seed=SEED, private=0, harmless=0))
    runs: list[list[str]] = []
    while run := list(islice(said, draw.randint(1, LONGEST_RUN))):
        runs.append(run)
    return runs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--messages", type=int, default=20_000)
    chosen = parser.parse_args()
    own = style.fingerprint(own_bursts(chosen.messages))
    picked: list[Behaviour] = []
    for path in sorted(chosen.folder.glob("*.json")):
        file = read_behaviours(path)
        if file.pole is None:
            continue
        usable = sum(could_be_said(*pair) for pair in file.pairs)
        print(f"{path.name}: {file.pole}, {len(file.pairs):,} records, {usable:,} could be said")
        behaviours = [Behaviour(file.pole, *pair) for pair in file.pairs]
        picked += pick(behaviours, chosen.each, SEED)
    if not picked:
        parser.error("no file in this folder names its pole")
    texts = {at: f"{each.question}\n{each.answer}" for at, each in enumerate(picked)}
    print(f"near-duplicates among {len(picked):,}: {len(conversations.near_duplicates(texts)):,}")
    started = time.perf_counter()
    anew = [style.rewrite(each.answer, own, SEED) for each in picked]
    rate = len(anew) / (time.perf_counter() - started)
    print(f"said anew: {rate:,.0f} answers a second")
    for change in style.compare(own, style.fingerprint(anew)):
        mark = " (a reader would notice)" if change.much else ""
        print(f"{change.measure}: own {change.before:.3f}, anew {change.after:.3f}{mark}")


if __name__ == "__main__":
    main()
