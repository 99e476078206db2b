"""What inventing values costs an export, against writing placeholders.

    python benchmarks/replacing.py [--messages 100000] [--runs 3]

Imports and searches invented messages once and approves all conversations. Then, run by run,
exports them with placeholders, with parts, and with invented values for every kind. Prints medians
of processor time and their ratio to placeholders; fails if a real value is left among the invented.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.invented_workspace import fill
from curation import pii, store, workflow
from curation.model import ConversationFilter, Replacement, Status

LINES = 10
WAYS = (Replacement.PLACEHOLDER, Replacement.PARTIAL, Replacement.SURROGATE)
SURE = ("PHONE_NUMBER", "EMAIL_ADDRESS", "CN_ID_CARD", "BANK_CARD")
"""Kinds whose canonical values are written in chats as they are."""


def exported(workspace: workflow.Workspace, way: Replacement, out: Path) -> float:
    """Return the seconds of processor time of an export in which `way` stands for every kind."""
    settings = workflow.load_settings(workspace)
    ways = {kind: way for kind in pii.ENTITIES if way in workflow.replacement_ways(kind)}
    workflow.save_settings(workspace, replace(settings, replacements=ways))
    began = time.process_time()
    workflow.export_dataset(workspace, out)
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        out = Path(folder, "out")
        workspace = workflow.open_workspace(
            fill(Path(folder) / "filled.db", options.messages // LINES, lines=LINES)
        )
        workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
        real = store.found_values(workspace)
        took: dict[Replacement, list[float]] = {way: [] for way in WAYS}
        for _run in range(options.runs):
            for way in WAYS:
                took[way].append(exported(workspace, way, out))
        text = (out / "sharegpt.json").read_text(encoding="utf-8")
        workspace.close()
    left = [value for entity, value in real if entity in SURE and value in text]
    usual = statistics.median(took[Replacement.PLACEHOLDER])
    print(f"{options.messages:,} messages, {len(real):,} different values found")
    for way, seconds in took.items():
        median = statistics.median(seconds)
        print(f"{way.value:<12} {median:6.2f} s   x {median / usual:.2f}")
    sys.exit(f"{len(left)} real values are left" if left else 0)


if __name__ == "__main__":
    main()
