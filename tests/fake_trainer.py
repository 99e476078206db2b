"""A small program that plays `llamafactory-cli`: it reads the settings and writes a log slowly."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

WAY: Final = "FAKE_TRAINER"
"""The variable that says how it goes: see `SOURCE`."""

SOURCE: Final = """
import json, os, pathlib, signal, subprocess, sys, time

way, _colon, much = os.environ.get("FAKE_TRAINER", "run:30").partition(":")
assert sys.argv[1:3] == ["train", "train.yaml"], sys.argv
told = dict(
    line.split(": ", 1) for line in pathlib.Path("train.yaml").read_text("utf-8").splitlines()
)
told = {key: value.strip('"') for key, value in told.items()}
info = json.loads((pathlib.Path(told["dataset_dir"]) / "dataset_info.json").read_text("ascii"))
data = pathlib.Path(told["dataset_dir"]) / info[told["dataset"]]["file_name"]
records = json.loads(data.read_text("utf-8"))
print("records", len(records), "offline", os.environ.get("HF_HUB_OFFLINE"), flush=True)
print("arguments", sys.argv[3:], flush=True)
if way == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if way == "child":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pathlib.Path("child.txt").write_text(str(child.pid))
    sys.exit(0)
if way == "fail":
    print("Traceback (most recent call last):\\n" + much, file=sys.stderr)
    sys.exit(1)
if way == "code":
    sys.exit(int(much))
out = pathlib.Path(told["output_dir"])
out.mkdir(exist_ok=True)
steps = int(much or 30) if way == "run" else 10_000
pause = float(os.environ.get("FAKE_TRAINER_PAUSE", "0.01"))
for step in range(1, steps + 1):
    time.sleep(pause)
    share = step / steps
    row = {"current_steps": step, "total_steps": steps, "loss": 3 - 1.8 * share, "lr": 1e-4,
           "epoch": 2 * share, "percentage": 100 * share, "remaining_time": "0:00:10"}
    with (out / "trainer_log.jsonl").open("a") as file:
        file.write(json.dumps(row) + "\\n")
        if step % 5 == 0:
            measured = 2.0 + abs(share - 0.5) * 1.5
            kept = {key: row[key] for key in ("current_steps", "total_steps", "epoch")}
            file.write(json.dumps(kept | {"eval_loss": measured}) + "\\n")
(out / "adapter_model.safetensors").write_text("{}")
print("train_loss done", flush=True)
"""


def install(folder: Path) -> Path:
    """Put the program into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "llamafactory-cli"
    text = f"#!{sys.executable}\n{textwrap.dedent(SOURCE)}"
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    return program
