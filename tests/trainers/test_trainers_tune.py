"""From approved conversations to a model that answers: tuned by the real trainer, and talked with.

A random model of some 650,000 parameters is tuned twice as the training page does it, all of it
first and then by LoRA on top, and served by the trainer. It learns little in a minute: what is
shown is that every step takes what the one before it made.
"""

from __future__ import annotations

import math
import socket
import time
from typing import TYPE_CHECKING

import pytest

from curation import endpoints, workflow
from curation.chatting import Options
from curation.model import ConversationFilter, Status
from curation.training import GOOD, Phase, Value, judge, read_log
from tests.trainers.datasets_of import ME, PERSONA, sample_chats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from curation.training import Chosen, TrainingRun
    from tests.trainers.environment import TrainEnvironment

pytestmark = [pytest.mark.train, pytest.mark.timeout(600)]

LONGEST = 500
PACE: Mapping[Value, Chosen] = {
    Value.MODEL: "Qwen2.5-0.5B-Instruct",
    Value.CUTOFF: 512,
    Value.LEARNING_RATE: 5e-4,
    Value.BATCH: 4,
    Value.ACCUMULATION: 1,
    Value.VALIDATION: 10,
    Value.EVAL_STEPS: 10,
    Value.PATIENCE: 3,
}
KEY = "an-invented-key"
QUESTIONS = ("面包烤好了吗", "给我留一个", "今天画完了吗", "在吗", "晚上吃什么", "那我睡了")


@pytest.fixture(scope="module")
def workspace(
    trainers: TrainEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[workflow.Workspace]:
    """The sample chats, all of them approved; a run that still goes is stopped at the end."""
    opened = workflow.open_workspace(tmp_path_factory.mktemp("tuned") / "workspace.db")
    workflow.save_persona(opened, PERSONA)
    paths = sample_chats()
    workflow.import_files(opened, paths, me=dict.fromkeys(paths, ME))
    workflow.set_status(opened, ConversationFilter(), Status.APPROVED)
    with pytest.MonkeyPatch.context() as patched:
        for name in ("HF_HOME", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS"):
            patched.setenv(name, trainers.variables()[name])
        yield opened
    for run in workflow.training_runs(opened):
        if run.going:
            workflow.stop_training(run)
            ended(opened, run)
    opened.close()


def ended(workspace: workflow.Workspace, run: TrainingRun) -> TrainingRun:
    """Return the run once it has ended."""
    deadline = time.monotonic() + LONGEST
    while run.going:
        assert time.monotonic() < deadline, run.output.read_text(encoding="utf-8")[-2000:]
        time.sleep(0.2)
        (run,) = (each for each in workflow.training_runs(workspace) if each.folder == run.folder)
    return run


def tuned(
    workspace: workflow.Workspace,
    trainers: TrainEnvironment,
    model: Path,
    chosen: Mapping[Value, Chosen],
) -> TrainingRun:
    """Tune a model as the training page does; return the run, which ended well."""
    choices = workflow.TrainingChoices(
        memory=0, chosen={**PACE, **chosen}, trainer=str(trainers.folder), model=str(model)
    )
    workflow.save_training_choices(workspace, choices)
    run = ended(workspace, workflow.start_training(workspace))
    assert run.phase is Phase.DONE, run.output.read_text(encoding="utf-8")[-3000:]
    return run


@pytest.fixture(scope="module")
def whole(
    workspace: workflow.Workspace, trainers: TrainEnvironment, tiny_model: Path
) -> TrainingRun:
    """The run that tuned all of the model."""
    return tuned(workspace, trainers, tiny_model, {Value.METHOD: "full", Value.EPOCHS: 2})


@pytest.fixture(scope="module")
def adapted(
    workspace: workflow.Workspace, trainers: TrainEnvironment, whole: TrainingRun
) -> TrainingRun:
    """The run that tuned the tuned model further by LoRA."""
    model = whole.folder / "output"
    return tuned(workspace, trainers, model, {Value.METHOD: "lora", Value.EPOCHS: 1})


def test_the_loss_falls_in_training_and_in_validation(whole: TrainingRun) -> None:
    (run,) = read_log(whole.log).runs
    losses = [point.loss for point in run.trained if point.loss is not None]
    measured = [point.eval_loss for point in run.measured if point.eval_loss is not None]
    assert len(losses) >= 6
    assert len(measured) >= 2
    assert all(map(math.isfinite, [*losses, *measured]))
    assert max(losses[-2:]) < 0.95 * losses[0]
    assert measured[-1] < measured[0]
    assert run.last_step == run.total_steps
    assert judge(run).kind in GOOD


def test_lora_starts_where_the_whole_tuning_ended(whole: TrainingRun, adapted: TrainingRun) -> None:
    (before,), (after,) = read_log(whole.log).runs, read_log(adapted.log).runs
    first, random = after.trained[0].loss, before.trained[0].loss
    assert first is not None
    assert random is not None
    assert first < 0.95 * random
    assert (adapted.folder / "output" / "adapter_model.safetensors").stat().st_size > 10_000


def test_the_tuned_model_is_served_and_goes_on_with_a_talk(
    workspace: workflow.Workspace,
    trainers: TrainEnvironment,
    whole: TrainingRun,
    adapted: TrainingRun,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "model_name_or_path": str(whole.folder / "output"),
        "adapter_name_or_path": str(adapted.folder / "output"),
        "finetuning_type": "lora",
        "template": "qwen",
        "infer_backend": "huggingface",
    }
    variables = {"API_HOST": "127.0.0.1", "API_PORT": str(port), "API_KEY": KEY}
    names = {"API_MODEL_NAME": "persona", "API_VERBOSE": "0"}
    profile = endpoints.Profile("here", f"http://127.0.0.1:{port}/v1", "persona", KEY, timeout=60)
    model = workflow.ChatModel("service:here", profile.name, profile)
    options = Options(most_tokens=24, context=1024)
    workflow.save_chat_options(workspace, model, options)
    desk = workflow.TalkDesk()
    number = workflow.begin_talk(workspace, model=model.key)
    with trainers.serving(settings, {**variables, **names}) as told:
        wait_for(port, told)
        for text in QUESTIONS:
            (talk,) = workflow.all_talks(workspace)
            desk.say(workspace, talk, model, text)
            deadline = time.monotonic() + LONGEST / 4
            while desk.running(workspace, number) is not None:
                assert time.monotonic() < deadline
                time.sleep(0.05)
    lines = workflow.talk_lines(workspace, number)
    assert [line.role for line in lines] == ["user", "assistant"] * len(QUESTIONS)
    answers = [line for line in lines if line.role == "assistant"]
    # What hardly learnt anything ends now and then before it said a word.
    assert {line.problem for line in answers if line.text} == {None}
    assert {line.problem[0] for line in answers if line.problem} <= {"The model said nothing."}
    # What is talked about is not written down.
    assert "面包" not in told.read_text(encoding="utf-8", errors="replace")


def wait_for(port: int, told: Path) -> None:
    """Wait until somebody listens at a port of this machine."""
    deadline = time.monotonic() + LONGEST / 2
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, told.read_text(encoding="utf-8")[-2000:]
            time.sleep(0.2)
        else:
            return
