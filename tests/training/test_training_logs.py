"""Reading a trainer's log: whole, half-written, of several runs, from elsewhere, or no log."""

from __future__ import annotations

import contextlib
import json
import math
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import BadFileError
from curation.training import Point, Run, read_log, smoothed, thinned
from curation.training.logs import MOST_POINTS

if TYPE_CHECKING:
    from pathlib import Path


def row(step: int, *, total: int = 100, **more: object) -> dict[str, Any]:
    return {"current_steps": step, "total_steps": total, "epoch": step / 50, **more}


def trained(step: int, loss: float = 2.0, **more: Any) -> dict[str, Any]:
    return row(step, loss=loss, lr=1e-4, **more)


ROWS = [
    trained(10, 2.5),
    trained(20, 2.2),
    row(20, eval_loss=2.3),
    trained(30, 2.0, remaining_time="0:01:10"),
    row(30, percentage=100.0),
]


def jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(each) + "\n" for each in rows)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "trainer_log.jsonl"


def losses(run: Run) -> list[float | None]:
    return [each.loss for each in run.trained]


def test_a_log_gives_both_losses_with_epoch_and_learning_rate(written: Path) -> None:
    written.write_text(jsonl(ROWS), encoding="utf-8")
    log = read_log(written)
    (run,) = log.runs
    assert run.points == (
        Point(10, 2.5, None, 0.2, 1e-4),
        Point(20, 2.2, None, 0.4, 1e-4),
        Point(20, None, 2.3, 0.4, None),
        Point(30, 2.0, None, 0.6, 1e-4),
    )
    assert (run.total_steps, run.last_step, run.remaining) == (100, 30, "0:01:10")
    assert (log.skipped, run.broken_at) == (0, None)


@pytest.mark.parametrize(
    ("damage", "skipped"),
    [
        pytest.param(lambda text: text[:-30], 1, id="last line half-written"),
        pytest.param(lambda text: text + '{"current_steps": 4', 1, id="one line begun"),
        pytest.param(lambda text: text.replace("\n", "\n\n \n"), 0, id="blank lines"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), 0, id="written on Windows"),
        pytest.param(lambda text: "\ufeff" + text, 0, id="with a mark"),
        pytest.param(lambda text: text + "\0" * 400, 0, id="a disk that was full"),
        pytest.param(lambda text: "Loading…\n" + text + "[1]\n7\n", 3, id="other lines between"),
        pytest.param(lambda text: text[5:], 1, id="begun in the middle of a line"),
        pytest.param(lambda text: text + '{"current_steps": "x", "loss": 1}\n', 1, id="no step"),
        pytest.param(lambda text: text + '{"loss": 1}\n', 1, id="a step is missing"),
    ],
)
def test_what_can_be_read_of_a_damaged_log_is_read(
    written: Path, damage: Any, skipped: int
) -> None:
    written.write_bytes(damage(jsonl(ROWS)).encode())
    log = read_log(written)
    assert log.skipped == skipped
    (run,) = log.runs
    assert losses(run)[-2:] == [2.2, 2.0] or losses(run) == [2.5, 2.2, 2.0]


def test_what_powershell_redirected_is_read(written: Path) -> None:
    written.write_bytes(jsonl(ROWS).encode("utf-16"))
    assert losses(read_log(written).runs[0]) == [2.5, 2.2, 2.0]


@pytest.mark.parametrize(
    ("rows", "runs"),
    [
        pytest.param([trained(n) for n in (10, 20, 30)], [3], id="one"),
        pytest.param([trained(n) for n in (10, 20, 10, 20, 30)], [2, 3], id="steps go back"),
        pytest.param([trained(n) for n in (30, 10, 5, 10)], [1, 1, 2], id="twice"),
        pytest.param(
            [trained(10), trained(20, total=90), trained(30, total=90)], [1, 2], id="another length"
        ),
        pytest.param(
            [trained(10), row(10, eval_loss=2.0), trained(20), trained(20)], [3], id="same step"
        ),
        pytest.param([row(0), row(0), trained(5)], [1], id="nothing but steps before"),
    ],
)
def test_a_step_that_goes_back_begins_another_run(
    written: Path, rows: list[dict[str, Any]], runs: list[int]
) -> None:
    written.write_text(jsonl(rows), encoding="utf-8")
    assert [len(run.trained) for run in read_log(written).runs] == runs


def test_a_loss_that_is_no_number_stays_in_its_place(written: Path) -> None:
    text = jsonl([trained(10), trained(20, math.nan), trained(30, math.inf), trained(40)])
    written.write_text(text, encoding="utf-8")
    (run,) = read_log(written).runs
    assert run.broken_at == 20
    assert [math.isfinite(loss) for loss in losses(run) if loss is not None] == [
        True,
        False,
        False,
        True,
    ]


def test_missing_keys_are_missing_and_no_error(written: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"current_steps": 1, "loss": 2.0},
        {"current_steps": 2, "loss": None, "lr": "fast"},
    ]
    rows += [
        {"current_steps": 3, "loss": True, "eval_loss": [1]},
        {"current_steps": 4, "loss": "1.5"},
    ]
    written.write_text(jsonl(rows), encoding="utf-8")
    (run,) = read_log(written).runs
    assert run.points == (Point(1, 2.0), Point(4, 1.5))


@pytest.mark.parametrize("indent", [None, 2])
def test_the_state_of_transformers_tells_the_same(tmp_path: Path, indent: int | None) -> None:
    state = {
        "best_metric": 2.3,
        "max_steps": 100,
        "log_history": [
            {"step": 10, "loss": 2.5, "grad_norm": 1.0, "learning_rate": 1e-4, "epoch": 0.2},
            {"step": 20, "eval_loss": 2.3, "eval_runtime": 3.0, "epoch": 0.4},
            "nonsense",
            {"step": 20, "train_loss": 2.4, "train_runtime": 30.0},
        ],
    }
    path = tmp_path / "trainer_state.json"
    path.write_text(json.dumps(state, indent=indent), encoding="utf-8")
    log = read_log(path)
    assert log.runs[0].points == (
        Point(10, 2.5, None, 0.2, 1e-4),
        Point(20, None, 2.3, 0.4, None),
    )
    assert (log.runs[0].total_steps, log.skipped) == (100, 1)


def test_the_log_of_another_trainer_is_read_too(written: Path) -> None:
    rows = [{"loss": 2.0 - n / 10, "global_step/max_steps": f"{n}/9", "epoch": n} for n in (1, 2)]
    written.write_text(jsonl(rows), encoding="utf-8")
    (run,) = read_log(written).runs
    assert [each.step for each in run.points] == [1, 2]
    assert run.total_steps == 9


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"hello\nworld\n", "no log of a training run", id="a text"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "no log", id="a picture"),
        pytest.param(b'{"conversations": []}', "no log of a training run", id="another JSON"),
        pytest.param(b'[{"conversations": []}]', "no log of a training run", id="a dataset"),
        pytest.param(b'{"log_history": 3}', "no log of a training run", id="a broken state"),
        pytest.param(b'{"log_history": []}', "no loss was logged yet", id="a state without a step"),
        pytest.param(b'{"current_steps": 3}', "no loss was logged yet", id="a run without a loss"),
        pytest.param(b"[" * 100_000, "no log of a training run", id="deep"),
        pytest.param(b"{" * 2_000_000, "no log of a training run", id="one long line"),
    ],
)
def test_a_file_that_is_no_log_is_one_clear_sentence(
    written: Path, content: bytes, reason: str
) -> None:
    written.write_bytes(content)
    with pytest.raises(BadFileError, match=reason):
        read_log(written)


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        read_log(tmp_path / "none.jsonl")


@given(st.binary(max_size=400))
def test_any_bytes_whatever_give_runs_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(content)
    with contextlib.suppress(BadFileError):
        assert read_log(path).runs


def test_a_very_long_log_is_read_in_little_memory_and_keeps_every_validation_loss(
    written: Path,
) -> None:
    count = 3 * MOST_POINTS
    with written.open("w", encoding="utf-8") as file:
        for step in range(count):
            file.write(f'{{"current_steps": {step}, "loss": {3 - step / count}}}\n')
            if step % 500 == 0:
                file.write(f'{{"current_steps": {step}, "eval_loss": 2.5}}\n')
    tracemalloc.start()
    (run,) = read_log(written).runs
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(run.trained) <= MOST_POINTS
    assert len(run.measured) == count // 500
    assert [each.step for each in run.points] == sorted(each.step for each in run.points)
    assert run.trained[-1].step > count - 10
    assert peak < 10_000_000


NUMBERS = st.lists(st.floats(0, 10), min_size=1, max_size=60)


@given(NUMBERS, st.floats(0, 0.98))
def test_smoothing_stays_between_the_lowest_and_the_highest_so_far(
    values: list[float], weight: float
) -> None:
    for count, height in enumerate(smoothed(values, weight), start=1):
        assert min(values[:count]) - 1e-9 <= height <= max(values[:count]) + 1e-9


def test_smoothing_begins_at_the_first_value_and_passes_over_what_is_no_number() -> None:
    assert smoothed([3.0, 3.0], 0.9) == pytest.approx([3.0, 3.0])
    line = smoothed([math.nan, 2.0, math.inf, 2.0], 0.5)
    assert math.isnan(line[0])
    assert line[1:] == pytest.approx([2.0, 2.0, 2.0])


@given(st.lists(st.floats(0, 10), min_size=3, max_size=3000), st.integers(10, 400))
def test_a_thinned_line_keeps_its_ends_and_extremes(values: list[float], most: int) -> None:
    points = list(enumerate(values))
    kept = thinned(points, values, most)
    assert len(kept) <= most
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert min(height for _at, height in kept) == min(values)
    assert max(height for _at, height in kept) == max(values)
