"""Several processes find what one finds, whatever becomes of them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.model import DetectionRules
from curation.pii import Detector, parallel, search_batches
from curation.pii.parallel import packed, unpacked
from tests.started_helpers import NotedHelper, WaitingDetector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytestmark = pytest.mark.in_turn

RUNS = [
    ["在吗", "wifi密码是", "abc12345", "", "电话13812345678"],
    [],
    ["", "\ud83d 1\u200d3812345678", "a\nb\r\u2028邮箱a@b.cn"],
    ["今晚吃什么"],
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> list[NotedHelper]:
    """Return the helpers that are started in the test."""
    monkeypatch.setattr(NotedHelper, "started", [], raising=False)
    monkeypatch.setattr(parallel, "_Helper", NotedHelper)
    return NotedHelper.started


def test_findings_survive_the_way_to_another_process(detector: Detector) -> None:
    found = detector.detect_runs(RUNS)
    assert unpacked(RUNS, packed(found)) == found


def test_two_processes_find_what_one_finds_each_batch_once(helpers: list[NotedHelper]) -> None:
    rules = DetectionRules(thresholds={"EMAIL_ADDRESS": 1.1})
    detector = WaitingDetector(rules)
    found = list(search_batches(detector, [(key, RUNS) for key in range(40)], 160, processes=2))
    expected = Detector(rules).detect_runs(RUNS)
    assert sorted(key for key, _ in found) == list(range(40))
    assert all(each == expected for _, each in found)
    assert [finding.entity for run in expected for some in run for finding in some] == [
        "PASSWORD",
        "PHONE_NUMBER",
        "PHONE_NUMBER",
    ]
    assert 0 < detector.batches < 40
    assert [helper.ended for helper in helpers] == [True]


def test_what_a_killed_process_was_given_is_searched_all_the_same(
    helpers: list[NotedHelper],
) -> None:
    def batches() -> Iterator[tuple[int, Sequence[Sequence[str]]]]:
        yield from ((key, RUNS * 300) for key in range(6))
        helpers[0].kill()
        yield from ((key, RUNS) for key in range(6, 12))

    found = list(search_batches(WaitingDetector(), batches(), 1, processes=2))
    assert helpers[0].lost
    expected = Detector().detect_runs(RUNS)
    assert sorted(key for key, _ in found) == list(range(12))
    assert all(each in (expected, expected * 300) for _, each in found)


def test_where_no_process_can_be_started_one_does_it_all(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(ROOT / "no such interpreter"))
    assert list(search_batches(detector, [(0, RUNS), (1, RUNS)], 8, processes=2)) == [
        (0, detector.detect_runs(RUNS)),
        (1, detector.detect_runs(RUNS)),
    ]


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for the interpreter")
def test_what_is_started_but_speaks_another_language_is_done_without(
    detector: Detector, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    batches = [(key, RUNS) for key in range(6)]
    assert sorted(search_batches(detector, batches, 8, processes=3)) == [
        (key, detector.detect_runs(RUNS)) for key in range(6)
    ]


def test_who_stops_in_between_leaves_no_process_behind(
    detector: Detector, helpers: list[NotedHelper]
) -> None:
    began = time.monotonic()
    searched = search_batches(detector, [(0, RUNS)] * 50, 10**9, processes=3)
    next(searched)
    searched.close()
    assert [helper.ended for helper in helpers] == [True, True]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("total", "started"), [(4, 0), (10**9, 1)])
def test_processes_are_started_where_much_is_left_to_do(
    detector: Detector,
    helpers: list[NotedHelper],
    monkeypatch: pytest.MonkeyPatch,
    total: int,
    started: int,
) -> None:
    monkeypatch.setattr(parallel, "processors", lambda: 2)
    assert len(list(search_batches(detector, [(0, RUNS)] * 3, total))) == 3
    assert len(helpers) == started


def test_a_detector_that_others_added_to_works_alone(helpers: list[NotedHelper]) -> None:
    detector = Detector()
    detector.analyzer.registry.remove_recognizer("CnPhoneRecognizer")
    ((_, found),) = search_batches(detector, [(0, RUNS)], 10**9, processes=2)
    assert found == detector.detect_runs(RUNS)
    assert helpers == []


def test_helpers_do_not_run_the_main_script_again(tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text(
        textwrap.dedent(
            """
            from curation.pii import parallel, search_batches
            from tests.started_helpers import NotedHelper, WaitingDetector
            print("the page runs")
            NotedHelper.started = []
            parallel._Helper = NotedHelper
            list(search_batches(WaitingDetector(), [(0, [["13812345678"]])] * 9, 1, processes=2))
            print(NotedHelper.started[0].ready)
            """
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines() == ["the page runs", "True"]
    assert done.stderr == ""
