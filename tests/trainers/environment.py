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
        self._run([*program, str(asked), str(answered)], self.variables(readers=readers))
        return json.loads(answered.read_bytes())

    def llamafactory(self, command: str, *arguments: str) -> None:
        """Run a command of LLaMA-Factory to its end."""
        self._run([str(self.programs / "llamafactory-cli"), command, *arguments], self.variables())

    @contextmanager
    def serving(self, arguments: list[str], variables: Mapping[str, str]) -> Iterator[Path]:
        """Run `llamafactory-cli api` while the block runs; give the file with what it says."""
        told = self.home / "api.txt"
        with told.open("wb") as file:
            server = subprocess.Popen(
                [str(self.programs / "llamafactory-cli"), "api", *arguments],
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

    def _run(self, command: list[str], variables: Mapping[str, str]) -> None:
        ended = subprocess.run(
            command,
            env=variables,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
            check=False,
        )
        said = ended.stdout.decode("utf-8", "replace")[-TOLD:]
        assert ended.returncode == 0, f"{' '.join(command)}\n{said}"


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
