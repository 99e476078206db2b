"""The training page in each of its states: from nothing approved to a run that ended."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.training import Value
from curation.ui.state import Keys
from tests import fake_trainer
from tests.model_service import running_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.training import TrainingRun
    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn


@pytest.fixture
def approved(sample: Workspace) -> Workspace:
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    return sample


@pytest.fixture
def program(approved: Workspace, tmp_path: Path) -> Iterator[Path]:
    """A trainer on this computer and a model in a folder; what runs is ended."""
    model = tmp_path / "model"
    model.mkdir()
    for name in ("config.json", "model.safetensors"):
        (model / name).write_text("{}", encoding="utf-8")
    program = fake_trainer.install(tmp_path / "bin")
    choices = workflow.TrainingChoices(24, trainer=str(program), model=str(model))
    workflow.save_training_choices(approved, choices)
    yield program
    for run in workflow.training_runs(approved):
        if run.going:
            workflow.stop_training(run)
            ended(approved)


def ended(workspace: Workspace) -> TrainingRun:
    deadline = time.monotonic() + 20
    while (run := workflow.training_runs(workspace)[0]).going:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return run


def with_card(workspace: Workspace, memory: int) -> None:
    workflow.save_training_choices(workspace, workflow.TrainingChoices(memory))


def keys(at: AppTest) -> set[str]:
    return {str(button.key) for button in at.button}


def texts(at: AppTest) -> str:
    shown = (*at.markdown, *at.caption, *at.info, *at.success, *at.warning, *at.error)
    return "\n".join(each.value for each in shown).replace("\\", "")


def test_with_nothing_imported_it_leads_to_the_import(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("training").run()
    assert not at.exception
    assert "empty-import" in keys(at)
    assert "training-review" not in keys(at)


def test_with_nothing_approved_it_leads_to_the_review(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("training").run()
    assert not at.exception
    assert "training-review" in keys(at)
    assert not at.pills


def test_the_card_is_asked_for_first_and_kept(approved: Workspace, open_page: OpenPage) -> None:
    at = open_page("training").run()
    assert not at.selectbox
    at.pills(key=Keys.TRAINING_MEMORY).set_value(24).run()
    assert not at.exception
    assert workflow.training_choices(approved).memory == 24
    assert at.selectbox(key=f"{Keys.TRAINING_VALUE}model").value == "Qwen3-8B"
    assert at.warning[0].value.replace("\\", "").startswith("对话不到 500 段")
    assert open_page("training").run().pills(key=Keys.TRAINING_MEMORY).value == 24


def test_a_value_can_be_changed_says_so_and_comes_back(
    approved: Workspace, open_page: OpenPage
) -> None:
    with_card(approved, 24)
    at = open_page("training").run()
    at.selectbox(key=f"{Keys.TRAINING_VALUE}rank").set_value(32).run()
    assert workflow.training_choices(approved).chosen == {Value.RANK: 32}
    assert "这是你自己选的；建议值是 8。" in texts(at)
    assert at.selectbox(key=f"{Keys.TRAINING_VALUE}alpha").value == 64
    at.selectbox(key=f"{Keys.TRAINING_VALUE}rank").set_value(8).run()
    assert workflow.training_choices(approved).chosen == {}
    at.selectbox(key=f"{Keys.TRAINING_VALUE}epochs").set_value(5).run()
    at.button(key="training-suggested").click().run()
    assert workflow.training_choices(approved).chosen == {}
    assert not at.exception


def test_without_a_card_the_sheet_for_the_service_is_shown(
    approved: Workspace, open_page: OpenPage
) -> None:
    with_card(approved, 0)
    at = open_page("training").run()
    assert not at.exception
    copied = [code.value for code in at.code]
    assert {"ShareGPT", "LoRA", "5e-5", "2", "0.9"} <= set(copied)
    assert "training-export" in keys(at)
    assert "training-start" not in keys(at)


def test_for_another_computer_there_are_a_file_and_a_line(
    approved: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with_card(approved, 24)
    at = open_page("training").run()
    assert not at.exception
    assert [each.key for each in at.get("download_button")] == ["training-yaml"]
    assert at.code[0].value == "llamafactory-cli train train.yaml"
    assert f"{at.code[1].value}\n" == workflow.training_yaml(approved)


def test_without_a_trainer_it_says_how_to_get_one_and_takes_a_path(
    approved: Workspace, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with_card(approved, 24)
    at = open_page("training").run()
    at.segmented_control(key=Keys.TRAINING_PLACE).set_value("here").run()
    assert "没有找到 LLaMA-Factory" in texts(at)
    at.text_input(key=Keys.TRAINING_PROGRAM).set_value("/bin/sh").run()
    assert "没有 llamafactory-cli" in at.error[0].value.replace("\\", "")
    program = fake_trainer.install(tmp_path / "bin")
    at.text_input(key=Keys.TRAINING_PROGRAM).set_value(f'"{program.parent}"').run()
    assert not at.error
    assert at.button(key="training-start").disabled, "the model is missing"


def test_a_model_is_fetched_only_after_a_tick_that_says_from_where(
    approved: Workspace, open_page: OpenPage, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(program.parent))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(program.parent))
    workflow.save_training_choices(
        approved, workflow.TrainingChoices(memory=24, trainer=str(program))
    )
    at = open_page("training").run()
    assert at.button(key="training-start").disabled
    tick = at.checkbox(key=Keys.TRAINING_FETCH)
    assert "modelscope.cn" in tick.label
    assert "16 GB" in tick.label
    tick.check().run()
    assert not at.button(key="training-start").disabled
    at.button(key="training-start").click().run()
    assert not at.exception
    assert "offline 0" in ended(approved).output.read_text(encoding="utf-8")


def test_a_run_is_started_watched_and_stopped_from_the_page(
    approved: Workspace, open_page: OpenPage, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "endless")
    at = open_page("training").run()
    at.button(key="training-start").click().run()
    assert not at.exception
    (run,) = workflow.training_runs(approved)
    deadline = time.monotonic() + 20
    while not run.log.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.3)
    again = open_page("training").run()  # another tab, or the page after a restart
    assert not again.exception
    assert again.get("vega_lite_chart") or again.get("arrow_vega_lite_chart")
    assert again.button(key="training-start").disabled
    again.button(key="training-stop").click().run()
    ended(approved)
    again.run()
    assert "训练已停止。" in texts(again)
    assert not again.button(key="training-start").disabled


def test_a_failure_is_told_with_the_trainers_last_words(
    approved: Workspace, open_page: OpenPage, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "fail:RuntimeError: CUDA out of memory.")
    at = open_page("training").run()
    at.button(key="training-start").click().run()
    ended(approved)
    at.run()
    assert "显存不够" in at.error[0].value.replace("\\", "")
    assert any("CUDA out of memory" in code.value for code in at.code)


def test_an_ended_run_is_deleted_after_a_second_question(
    approved: Workspace, open_page: OpenPage, program: Path
) -> None:
    run = workflow.start_training(approved)
    ended(approved)
    at = open_page("training").run()
    assert "训练完成。" in texts(at)
    assert any("llamafactory-cli api chat.yaml" in code.value for code in at.code)
    assert "training-connect" in keys(at)
    at.button(key="training-delete").click().run()
    assert run.folder.exists()
    at.button(key="training-delete-yes").click().run()
    assert not at.exception
    assert not run.folder.exists()


def uploaded(at: AppTest, content: str) -> AppTest:
    at.file_uploader(key=Keys.TRAINING_LOG).set_value(
        ("trainer_log.jsonl", content.encode(), "application/jsonl")
    )
    return at.run()


def test_a_log_from_elsewhere_is_told_in_words(approved: Workspace, open_page: OpenPage) -> None:
    rows = []
    for step in range(1, 61):
        rows.append({"current_steps": step, "total_steps": 60, "loss": 3 - step / 30})
        if step % 10 == 0:
            rows.append({"current_steps": step, "eval_loss": 2 + abs(step - 20) / 100})
    content = "".join(json.dumps(row) + "\n" for row in rows)
    at = uploaded(open_page("training").run(), content + '{"current_st')
    assert not at.exception
    assert "从第 20 步起开始死记硬背" in texts(at)
    assert "checkpoint-20" in texts(at)
    assert "有 1 行读不了" in texts(at)


def test_a_log_of_several_runs_shows_the_last_and_offers_the_others(
    approved: Workspace, open_page: OpenPage
) -> None:
    old = [{"current_steps": step, "loss": 2.0} for step in range(1, 30)]
    new = [{"current_steps": step, "loss": 3 - step / 30} for step in range(1, 30)]
    content = "".join(json.dumps(row) + "\n" for row in (*old, *new))
    at = uploaded(open_page("training").run(), content)
    assert "损失还在下降" in texts(at)
    at.selectbox(key="upload-run").set_value(0).run()
    assert "损失几乎没动" in texts(at)


def test_a_file_that_is_no_log_is_one_sentence(approved: Workspace, open_page: OpenPage) -> None:
    at = uploaded(open_page("training").run(), "你好")
    assert not at.exception
    assert "这不是训练日志" in at.error[0].value.replace("\\", "")


def test_what_was_trained_here_is_connected_to_by_one_button(
    approved: Workspace, open_page: OpenPage, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = workflow.start_training(approved)
    ended(approved)
    went: list[str] = []
    monkeypatch.setattr("curation.ui.trained_parts.go", went.append)
    with running_service() as service:
        monkeypatch.setattr("curation.ui.trained_parts.CHAT_PORT", service.port)
        at = open_page("chat").run()
        assert "这里训练好了一个模型" in [each.value for each in at.subheader]
        at.button(key="training-connect").click().run()
        assert not at.exception
        assert went == ["chat"]
    (kept,) = workflow.load_connections()
    assert kept.key == (run.facts or {})["key"]
    assert kept.model == "Qwen3-8B"
    again = open_page("chat").run()
    assert "这里训练好了一个模型" not in [each.value for each in again.subheader]
    assert "training-talk" in keys(open_page("training").run())


def test_a_trained_model_that_does_not_run_yet_is_not_connected(
    approved: Workspace, open_page: OpenPage, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.start_training(approved)
    ended(approved)
    with running_service() as service:  # whose port is free again afterwards
        monkeypatch.setattr("curation.ui.trained_parts.CHAT_PORT", service.port)
    at = open_page("training").run()
    at.button(key="training-connect").click().run()
    assert len(at.error) == 1
    assert "上面那一行在运行吗" in texts(at)
    assert workflow.load_connections() == []
