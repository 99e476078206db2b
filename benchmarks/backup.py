"""How long a backup and its restore take, and how much memory.

`python benchmarks/backup.py [--conversations 100000] [--messages 10]`: a workspace of that many
conversations with so many messages each; the ratios are to a plain copy of its database by SQLite.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd

from curation import workflow
from curation.model import ConversationFilter
from curation.store import imports, safety

AT_ONCE = 10_000
SAYINGS = (
    "在吗",
    "今天晚上吃火锅吧",
    "哈哈哈哈哈",
    "我到楼下了~",
    "明天几点开会",
    "收到[OK]",
    "晚安(｡･ω･｡)",
)


def fill(path: Path, conversations: int, messages: int) -> None:
    """Store conversations in ten chats, an hour apart, and tag all of them."""
    workspace = workflow.open_workspace(path)
    for first in range(0, conversations, AT_ONCE):
        rows = [
            (owner, place)
            for owner in range(first, min(first + AT_ONCE, conversations))
            for place in range(messages)
        ]
        table = pd.DataFrame(
            {
                "conversation": [owner for owner, _place in rows],
                "side": ["me" if place % 2 else "other" for _owner, place in rows],
                "text": [
                    f"{SAYINGS[(owner * 7 + place) % len(SAYINGS)]} {owner * 31 % 9973}"
                    for owner, place in rows
                ],
                "seconds": [1_500_000_000 + owner * 3600 + place * 20 for owner, place in rows],
            }
        ).assign(source_id=None, kind="text", reply_to=None, reply_id=None)
        table["sender"] = table["sender_name"] = table["side"]
        with workspace.write(bulk=True) as connection:
            source = imports.add_source_file(
                connection, name="x", file_format="test", messages=len(rows), added=len(rows)
            )
            imports.add_conversations(
                connection,
                imports.chat_id(connection, f"聊天{first // AT_ONCE}"),
                table.assign(source_file_id=source).astype({"seconds": "Int64"}),
            )
    workflow.tag_emotion(workspace, ConversationFilter(), "开心", on=True)
    workspace.close()


def one(step: str, database: Path, file: Path) -> None:
    """Do one step in a process of its own; print its seconds and megabytes."""
    workspace = workflow.open_workspace(database)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    if step == "copy":
        safety.copy_database(database, file)
    elif step == "backup":
        workflow.backup_workspace(workspace, file)
    else:
        workflow.restore_workspace(workspace, file)
    taken = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{taken:.2f} {(peak - before) / 1024:.0f} {peak / 1024:.0f}")


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
        fill(database, chosen.conversations, chosen.messages)
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
                f"{step:<8}{seconds:>8} s  {float(seconds) / base:5.1f} x the copy"
                f"  memory +{more} MB, {peak} MB at its highest  file {held:,.0f} MB"
            )


if __name__ == "__main__":
    main()
