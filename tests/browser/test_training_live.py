"""The training page in a real browser: a log from elsewhere, and a run watched to its end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter, Status
from tests import fake_trainer
from tests.browser.accessibility import barriers
from tests.browser.conftest import as_new, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from curation.workflow import Workspace
    from tests.browser.conftest import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("training")
    program = fake_trainer.install(folder / "bin")
    model = folder / "model"
    model.mkdir()
    for name in ("config.json", "model.safetensors"):
        (model / name).write_text("{}", encoding="utf-8")

    def fill(workspace: Workspace) -> None:
        workflow.import_sample(workspace)
        workflow.scan_findings(workspace)
        workflow.set_status(workspace, ConversationFilter(chats=("妈妈",)), Status.APPROVED)
        choices = workflow.TrainingChoices(24, trainer=str(program), model=str(model))
        workflow.save_training_choices(workspace, choices)

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(fake_trainer.WAY, "run:40")
        patched.setenv("FAKE_TRAINER_PAUSE", "0.1")
        with served(folder, fill) as running:
            yield running


def test_an_uploaded_log_and_a_live_run_show_their_curve_and_say_what_it_means(
    server: Server, tab: Page, tmp_path: Path
) -> None:
    log = tmp_path / "trainer_log.jsonl"
    rows = []
    for step in range(1, 61):
        rows.append({"current_steps": step, "loss": 3 - step / 30})
        if step % 10 == 0:
            rows.append({"current_steps": step, "eval_loss": 2 + abs(step - 20) / 100})
    log.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    as_new(tab, server, width=1280, height=900)
    tab.goto(f"{server.url}/training")

    tab.get_by_text("Look at a log from elsewhere").click()
    tab.locator("input[type=file]").set_input_files(log)
    expect(tab.get_by_text("Since step 20 it learns by heart")).to_be_visible()
    curve = tab.locator("[data-testid=stVegaLiteChart]")
    expect(curve.locator("canvas, svg").first).to_be_visible()
    assert barriers(tab) == []

    tab.get_by_role("button", name="Start the training").click()
    expect(tab.get_by_text("The model is being trained.")).to_be_visible()
    expect(tab.get_by_text(re.compile(r"Step \d+ of 40"))).to_be_visible()
    expect(tab.get_by_role("button", name="Start the training")).to_be_disabled()
    # It comes by itself: nobody reloads the page.
    expect(tab.get_by_text("The training is done.")).to_be_visible()
    expect(tab.get_by_role("button", name="Start the training")).to_be_enabled()
    expect(curve).to_have_count(2)
