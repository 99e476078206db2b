"""Why a trainer ended, from what it said last."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.training.runs import Phase, TrainingRun
from curation.training.told import Told, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINES: Final = 12
"""So many of the last lines are shown."""

_TAIL: Final = 200_000
_LAST_WORDS: Final = 20_000
"""Characters in which the reason is looked for: what was said long before did not end it."""
_LONGEST: Final = 400
_KILLED: Final = frozenset({-9, 137})
_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")

_SIGNS: Final[tuple[tuple[str, str], ...]] = (
    (
        r"out of memory|OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED",
        N_(
            "The card's memory was not enough. Choose a shorter length, a batch of 1, QLoRA or a"
            " smaller model."
        ),
    ),
    (
        r"No space left on device|ENOSPC|WinError 112",
        N_("The disk is full. Make room and start again."),
    ),
    (
        (
            r"Torch not compiled with CUDA|No CUDA GPUs are available|Found no NVIDIA driver"
            r"|CUDA driver version is insufficient|doesn't support bf16|CUDA-capable device"
            r"|requires a GPU|no GPU found"
        ),
        N_(
            "The trainer finds no graphics card that it can use: see that the driver and PyTorch"
            " with CUDA are installed, or train elsewhere."
        ),
    ),
    (
        (
            r"No module named 'bitsandbytes'|metadata was found for.{0,40}bitsandbytes"
            r"|requires.{0,80}bitsandbytes|bitsandbytes.{0,80}(?:not installed|not found|>=)"
        ),
        N_("QLoRA needs the package bitsandbytes beside the trainer: pip install bitsandbytes."),
    ),
    (
        r"No module named '(?P<name>[\w.]+)'",
        N_("The trainer lacks the Python package {name}: install it where the trainer is."),
    ),
    (
        (
            r"Cannot find valid samples|corresponds to no data|Undefined dataset"
            r"|Cannot open .*dataset_info|DatasetGenerationError"
        ),
        N_("The trainer could not read the dataset. Start it anew."),
    ),
    (
        (
            r"OfflineModeIsEnabled|outgoing traffic has been disabled|LocalEntryNotFoundError"
            r"|couldn't connect to|not a valid model identifier|offline mode"
            r"|Cannot find the requested files in the (?:disk )?cache|is not a local folder"
        ),
        N_("The model is not on this computer. Name its folder, or allow that it is fetched."),
    ),
    (
        (
            r"Max retries exceeded|Name or service not known|getaddrinfo failed|ConnectionError"
            r"|Temporary failure in name resolution|Connection (?:refused|reset)|ReadTimeout"
        ),
        N_("The model could not be fetched: the connection failed."),
    ),
    (
        r"not used by the HfArgumentParser|Got unknown args|unexpected keyword argument",
        N_("This version of the trainer does not know one of the settings; update it to 0.9.5."),
    ),
    (r"Permission denied|PermissionError|WinError 5\b", N_("The trainer may not write or read.")),
)
"""What is found in the last words of a trainer, the surest first."""


def last_lines(path: Path, most: int = LINES) -> list[str]:
    """Return the last lines of a text that are not blank, shortened; none where it is not there."""
    lines = [line.strip() for line in _tail(path).split("\n")]
    return [line[:_LONGEST] for line in lines if line][-most:]


def explain(run: TrainingRun) -> Told | None:
    """Return why a run ended as it did, in a sentence; None where it went well or is going."""
    if run.phase is Phase.STOPPED:
        return told(N_("You stopped it. What was saved until then is kept."))
    if run.phase is Phase.LOST:
        return told(
            N_("It ended unseen, as when the computer was switched off. What was saved is kept.")
        )
    return _failure(run) if run.phase is Phase.FAILED else None


def _failure(run: TrainingRun) -> Told:
    if run.why:
        return told(N_("The trainer could not be started: {why}"), why=run.why)
    text = _tail(run.output)[-_LAST_WORDS:]
    for sign, sentence in _SIGNS:
        if found := re.search(sign, text, re.IGNORECASE):
            return Told(sentence, _named(found))
    if run.code in _KILLED:
        return told(
            N_("The system killed it, most likely because the computer's memory was not enough.")
        )
    return told(N_("The trainer ended with an error ({code})."), code=run.code)


def _named(found: re.Match[str]) -> Mapping[str, object]:
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _tail(path: Path) -> str:
    """Return the end of a text without what moves a terminal's cursor; a bar's last state only."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = (line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    return "\n".join(_CONTROL.sub("", line) for line in lines)
