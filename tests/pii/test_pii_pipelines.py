"""A trained spaCy pipeline that somebody installed is asked for names; none is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import spacy

from curation.model import DetectionRules
from curation.pii import Detector, installed_pipelines
from curation.pii.pipelines import _loaded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "zh_core_web_test"
INIT = """
from pathlib import Path
from spacy.util import load_model_from_path
def load(**options):
    return load_model_from_path(Path(__file__).parent / "model", **options)
"""
STRANGER = "格列坚赞"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Install a tiny pipeline as a package of its own, as `pip` does with spaCy's."""
    pipeline = spacy.blank("zh")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PERSON", "pattern": STRANGER},
            {"label": "PERSON", "pattern": "孙悟空"},
            {"label": "GPE", "pattern": "拉萨"},
        ]
    )
    package = tmp_path / NAME
    package.mkdir()
    pipeline.to_disk(package / "model")
    (package / "__init__.py").write_text(INIT, encoding="utf-8")
    told = tmp_path / f"{NAME}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(f"[spacy_models]\n{NAME} = {NAME}\n")
    monkeypatch.syspath_prepend(tmp_path)
    _loaded.cache_clear()
    yield NAME
    _loaded.cache_clear()


def names(pipeline: str, text: str) -> list[tuple[str, str]]:
    searcher = Detector(DetectionRules(pipeline=pipeline))
    return [(text[each.start : each.end], each.why) for each in searcher.detect(text)]


def test_installed_pipelines_for_chinese_are_told(installed: str) -> None:
    assert installed in installed_pipelines()


def test_a_pipeline_finds_persons_that_nothing_else_tells(installed: str) -> None:
    text = f"{STRANGER}从拉萨寄了牦牛肉干"
    assert names("", text) == []
    assert names(installed, text) == [(STRANGER, "language model")]


def test_the_famous_stay_unflagged_by_a_pipeline_too(installed: str) -> None:
    assert names(installed, "孙悟空大闹天宫") == []


def test_offsets_hold_in_long_texts(installed: str) -> None:
    text = ("今天天气不错，" * 400 + "\n") + STRANGER
    assert names(installed, text) == [(STRANGER, "language model")]


@pytest.mark.parametrize("pipeline", ["zh_core_web_gone", "../zh_core_web_test", "/etc"])
def test_a_pipeline_that_is_not_installed_is_never_loaded(pipeline: str) -> None:
    assert names(pipeline, f"{STRANGER}来了") == []
