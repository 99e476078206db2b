"""Whether a model lies on this computer already, and what a trainer may fetch."""

from __future__ import annotations

import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WEIGHTS: Final = ("*.safetensors", "*.bin")
_OFFLINE: Final = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
_QUIET: Final = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "PYTHONUNBUFFERED": "1",
    # The trainer opens files in the system's encoding, which on a Chinese Windows is not UTF-8.
    "PYTHONUTF8": "1",
}


class Source(StrEnum):
    """Where a model may be fetched from; NOWHERE: nothing goes to the network."""

    NOWHERE = ""
    MODELSCOPE = "modelscope.cn"
    HUGGING_FACE = "huggingface.co"


def trainer_environment(source: Source) -> Mapping[str, str]:
    """Return the variables that keep a trainer off the network, or let it fetch from `source`."""
    offline = "1" if source is Source.NOWHERE else "0"
    from_modelscope = {"USE_MODELSCOPE_HUB": "1"} if source is Source.MODELSCOPE else {}
    return {**_QUIET, **dict.fromkeys(_OFFLINE, offline), **from_modelscope}


def model_here(hub: str) -> Path | None:
    """Return the folder that a model of that name was fetched into before, None without one."""
    return next((folder for folder in _folders(hub) if is_model(folder)), None)


def is_model(folder: Path) -> bool:
    """Whether a folder holds a model's description and some of its weights."""
    try:
        return (folder / "config.json").is_file() and any(
            True for pattern in _WEIGHTS for _each in folder.glob(pattern)
        )
    except (OSError, ValueError):
        return False


def _folders(hub: str) -> Iterator[Path]:
    """Yield where Hugging Face's and ModelScope's own programs keep what they fetched."""
    home = Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111  (never raises)
    faces = os.environ.get("HF_HOME", "")
    root = os.environ.get("HF_HUB_CACHE", "")
    cache = Path(root) if root else (Path(faces) if faces else home / "huggingface") / "hub"
    snapshots = cache / f"models--{hub.replace('/', '--')}" / "snapshots"
    with contextlib.suppress(OSError):
        yield from sorted(snapshots.iterdir())
    scope = os.environ.get("MODELSCOPE_CACHE", "")
    base = Path(scope) if scope else home / "modelscope" / "hub"
    for name in dict.fromkeys((hub, hub.replace(".", "___"))):
        yield base / "models" / name
        yield base / name
