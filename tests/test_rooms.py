"""The rules of who imports whom hold for every room of the house, the newest too."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from curation.ui import pages

ROOT = Path(__file__).parents[1]
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}
LAYERS = "ui above workflow above rooms above model above errors"
ROOMS = {
    f"curation.{path.stem}"
    for path in (ROOT / "curation").iterdir()
    if path.suffix == ".py" or (path / "__init__.py").is_file()
} - {"curation.__init__"}


@pytest.mark.parametrize(
    ("contract", "allowed"),
    [
        pytest.param("only ui speaks Streamlit", {"ui"}, id="Streamlit"),
        pytest.param(
            "only endpoints and chatting connect to other machines",
            {"endpoints", "chatting"},
            id="network",
        ),
        pytest.param("only bulk speaks Dask", {"bulk"}, id="Dask"),
    ],
)
def test_what_only_some_rooms_may_is_forbidden_to_every_other(
    contract: str, allowed: set[str]
) -> None:
    forbidden = CONTRACTS[contract]["source_modules"]
    assert set(forbidden) == ROOMS - {f"curation.{each}" for each in allowed}


def test_the_map_in_the_readme_shows_every_room_and_the_pages_in_their_order() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    house = readme[readme.index("## The house") :]
    shown = set(re.findall(r"^  (\w+)(?:\.py|/)  ?", house, re.MULTILINE))
    assert {f"curation.{each}" for each in shown} == ROOMS
    told = re.search(r"in this order on screen: ([a-z,\s]+)\ncuration/", house)
    assert told is not None
    assert re.findall(r"\w+", told[1]) == [name for name, _title, _icon in pages._PAGES]
    top = set(re.findall(r"^([\w.]+)/? +\S", house, re.MULTILINE))
    folders = {path.parent.name for path in ROOT.glob("*/*.py")} - {"curation"}
    assert folders <= top


def test_every_room_has_its_layer_and_contributors_are_told_those_of_workflow() -> None:
    layers = [layer.split(" | ") for layer in CONTRACTS[LAYERS]["layers"]]
    assert sorted(chain(*layers)) == sorted(ROOMS)
    (composed,) = (layer for layer in layers if "curation.importers" in layer)
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    told = re.search(r"^Rooms \(([^)]*)\)", guide, re.MULTILINE)
    assert told is not None
    assert set(re.findall(r"`(\w+)`", told[1])) == {each.split(".")[1] for each in composed}
