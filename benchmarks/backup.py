"""How long a backup and its restore take, and how much memory.

`python benchmarks/backup.py [--conversations 100000] [--messages 10]`: a workspace of that many
conversations with so many messages each; the ratios are to a plain copy of its database by SQLite.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.invented_workspace import fill
from benchmarks.measuring import peak_megabytes
from curation import workflow
from curation.model import ConversationFilter
from curation.store.files import safety


def one(step: str, database: Path, file: Path) -> None:
    """Do one step in a process of its own; print its seconds and megabytes."""
    workspace = workflow.open_workspace(database)
    before = peak_megabytes()
    begin = time.perf_counter()
    if step == "copy":
        safety.copy_database(database, file)
    elif step == "backup":
        workflow.backup_workspace(workspace, file)
    else:
        workflow.restore_workspace(workspace, file)
    taken = time.perf_counter() - begin
    peak = peak_megabytes()
    print(f"{taken:.4f} {peak - before:.0f} {peak:.0f}")


def main() -> None:
    """Print seconds, ratios and memory of each step."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--conversations", type=int, default=100_000)
    asked.add_argument("--messages", type=int, default=10)
    asked.add_argument("--step")
    asked.add_argument("--database", type=Path)
    asked.add_argument("--file", type=Path)
    chosen = asked.parse_args()
    if chosen.step:
        one(chosen.step, chosen.database, chosen.file)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "w.db"
        fill(database, chosen.conversations, lines=chosen.messages, scan=False)
        workspace = workflow.open_workspace(database)
        workflow.tag_emotion(workspace, ConversationFilter(), "开心", on=True)
        workspace.close()
        size = database.stat().st_size / 1e6
        print(f"{chosen.conversations * chosen.messages:,} messages, database {size:,.0f} MB")
        base = 0.0
        for step, file in (("copy", "copy.db"), ("backup", "b.ruwo"), ("restore", "b.ruwo")):
            run = [sys.executable, __file__, "--step", step, "--database", str(database)]
            done = subprocess.run(
                [*run, "--file", str(folder / file)], capture_output=True, text=True, check=True
            )
            seconds, more, peak = done.stdout.split()
            base = base or float(seconds)
            held = (folder / file).stat().st_size / 1e6
            print(
                f"{step:<8}{float(seconds):8.2f} s  {float(seconds) / base:5.1f} x the copy"
                f"  memory +{more} MB, {peak} MB at its highest  file {held:,.0f} MB"
            )


if __name__ == "__main__":
    main()
