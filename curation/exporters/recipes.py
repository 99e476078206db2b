"""Settings files of trainers: what the values of a recipe are called there.

The settings that are handed in have the names of LLaMA-Factory. Files are ASCII: trainers open
them in the system's encoding, which on a Chinese Windows is not UTF-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.exporters.format import Scalar


def lora_matrices(settings: Mapping[str, Scalar]) -> list[str]:
    """Return the matrices that an adapter is laid beside, none where it is all of them."""
    named = str(settings["lora_target"])
    return [] if named == "all" else named.split(",")


def renamed(settings: Mapping[str, Scalar], names: Mapping[str, str]) -> dict[str, Scalar]:
    """Return the settings that another trainer knows, by the names that it has for them."""
    return {names[key]: value for key, value in settings.items() if key in names}


def yaml_text(head: str, content: Mapping[str, Any]) -> str:
    """Return `content` as YAML in ASCII below a comment of one line."""
    return f"# {head}\n{_yaml(content)}"


def yaml_front(content: Mapping[str, Any]) -> str:
    """Return `content` as the head of a Markdown file."""
    return f"---\n{_yaml(content)}---\n"


def _yaml(content: Mapping[str, Any]) -> str:
    written: str = yaml.safe_dump(
        dict(content), allow_unicode=False, sort_keys=False, default_flow_style=False, width=1000
    )
    return written
