"""What an installation needs is what `requirements.txt` names: one list for both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Requirements(MetadataHookInterface):
    """Gives the project its dependencies."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the dependencies to the lines of `requirements.txt`."""
        lines = (Path(self.root) / "requirements.txt").read_text("utf-8").splitlines()
        metadata["dependencies"] = [line for line in lines if line and not line.startswith("#")]
