"""The trainers' own environment, which scripts of `rig` are run in: as programs, never imported."""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
VARIABLE = "RUWO_TRAIN_ENV"
DEFAULT = ".venv-train"
READERS = "readers"
LONGEST = 240
TOLD = 3000


@dataclass(frozen=True)
class TrainEnvironment:
    """Where the trainers are installed, and a folder for what they keep."""

    folder: Path
    home: Path

    @property
    def programs(self) -> Path:
        """The folder of its programs."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def variables(self, *, readers: bool = False) -> dict[str, str]:
        """Return the environment of a program: no network, no graphics card, nothing kept at home.

        `readers` puts what is installed beside LLaMA-Factory, and does not agree with its versions,
        in front.
        """
        ours = {
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_OFFLINE": "1",
            "HF_HOME": str(self.home),
            "MODELSCOPE_CACHE": str(self.home / "modelscope"),
            "CUDA_VISIBLE_DEVICES": "",
            "TOKENIZERS_PARALLELISM": "false",
            "OMP_NUM_THREADS": "1",  # of so small a model threads only wait for each other
            "UNSLOTH_IS_PRESENT": "1",  # what `import unsloth` says, which wants a graphics card
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *[str(self.folder / READERS)] * readers]),
        }
        return {**os.environ, **ours}

    def ask(self, script: str, job: Mapping[str, Any], *, readers: bool = False) -> Any:
        """Return what a script of the rig answers to `job`."""
        asked = self.home / f"{script}.{time.monotonic_ns()}.json"
        answered = asked.with_suffix(".answer.json")
        asked.write_text(json.dumps(job), encoding="utf-8")
        program = [str(self.programs / "python"), "-m", f"tests.trainers.rig.{script}"]
        ended = subprocess.run(
            [*program, str(asked), str(answered)],
            env=self.variables(readers=readers),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
            check=False,
        )
        assert ended.returncode == 0, f"{script}\n{ended.stdout.decode(errors='replace')[-TOLD:]}"
        return json.loads(answered.read_bytes())

    @contextmanager
    def serving(self, settings: Mapping[str, str], variables: Mapping[str, str]) -> Iterator[Path]:
        """Run `llamafactory-cli api` while the block runs; give the file with what it says."""
        told = self.home / "api.txt"
        (self.home / "api.yaml").write_text(json.dumps(settings), encoding="utf-8")
        with told.open("wb") as file:
            server = subprocess.Popen(
                [str(self.programs / "llamafactory-cli"), "api", "api.yaml"],
                env={**self.variables(), **variables},
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.home,
            )
            try:
                yield told
            finally:
                server.terminate()
                try:
                    server.wait(10)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def environment_folder() -> Path:
    """Return where the environment is, or would be."""
    return ROOT / os.environ.get(VARIABLE, DEFAULT)


def missing_environment() -> str:
    """Return one sentence that says how to make the environment; nothing where it is there."""
    folder = environment_folder()
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    if any(programs.glob("llamafactory-cli*")) and (folder / READERS).is_dir():
        return ""
    return (
        f"There are no trainers in {folder}: `make train-env` puts them into {DEFAULT}, and "
        f"{VARIABLE} names any other folder."
    )
