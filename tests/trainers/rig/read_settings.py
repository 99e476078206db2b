"""The settings files of axolotl and ms-swift, held against what these trainers know."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import yaml
from axolotl.utils.schemas.config import AxolotlInputConfig
from swift.arguments import SftArguments

from tests.trainers.rig.job import answer


def main(job: dict[str, str]) -> dict[str, Any]:
    """Return the settings that each trainer does not know; axolotl checks their values as well."""
    axolotl = yaml.safe_load(Path(job["axolotl"]).read_text(encoding="ascii"))
    swift = yaml.safe_load(Path(job["ms-swift"]).read_text(encoding="ascii"))
    AxolotlInputConfig.model_validate(axolotl)
    return {
        "axolotl": sorted(set(axolotl) - set(AxolotlInputConfig.model_fields)),
        "ms-swift": sorted(set(swift) - {each.name for each in dataclasses.fields(SftArguments)}),
    }


answer(main)
