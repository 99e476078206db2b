"""A whole job, every library logging all it can: no log holds a word of a chat or a key."""

from __future__ import annotations

import io
import logging
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest

from curation import workflow
from curation.errors import RuwoError
from curation.model import ConversationFilter, Decision, Persona, Status
from curation.workflow import Asking, ModelTask
from tests.model_service import KEY, Turn, running_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.model_service import Service
    from tests.workflow.conftest import WriteChat

ALL: Final = ConversationFilter()
LINES: Final = [
    (0, "阿橙", "蒋思源你的新号码是13912345678吗"),
    (1, "小满", "对，邮箱xiaoman@example.com"),
    (2, "阿橙", "我家在杭州市西湖区幸福路12号3栋502室"),
    (3, "小满", "密码是Qw!88zx0"),
    (600, "阿橙", "老地方的豆花还开着"),
    (601, "小满", "那就周末去吃火锅吧"),
]
PLANTED: Final = (
    *("蒋思源", "13912345678", "xiaoman@example.com", "幸福路", "Qw!88zx0", "豆花", "火锅"),
    *("阿橙", "小满", "慢热的人设", "翻译官", KEY),
)
"""Words of the chat, its people, the persona and the search, and the key of the service."""


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that any library logs at any level, with its exceptions."""
    held = io.StringIO()
    handler = logging.StreamHandler(held)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield held
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


def ask(workspace: workflow.Workspace, service: Service, turn: Turn) -> None:
    service.answer = lambda _body: turn
    workflow.ask_model(workspace, Asking(service.profile(), ModelTask.EMOTIONS, ALL, 0))


def do_everything(
    workspace: workflow.Workspace, service: Service, write_chat: WriteChat, folder: Path
) -> None:
    path = write_chat(LINES)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.save_persona(workspace, Persona(name="小满", personality="慢热的人设"))
    workflow.always_mask(workspace, ["翻译官"])
    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    workflow.decide_value(workspace, "EMAIL_ADDRESS", "xiaoman@example.com", Decision.MASK)
    workflow.set_status(workspace, ALL, Status.APPROVED)
    workflow.build_version(workspace, workflow.ExportOptions())
    workflow.index_words(workspace)
    ask(workspace, service, Turn('{"emotions": [{"n": 1, "emotion": "开心", "score": 0.7}]}'))
    workflow.undo(workspace)
    workflow.redo(workspace)
    kept = folder / "kept.ruwo"
    workflow.backup_workspace(workspace, kept)
    workflow.restore_workspace(workspace, kept)


def broken_file(folder: Path) -> Path:
    path = folder / "broken.csv"
    path.write_text("localId,TalkerId\n蒋思源,火锅\n" * 3, encoding="utf-8")
    return path


def broken_persona(folder: Path) -> Path:
    path = folder / "persona.json"
    path.write_text('{"name": "小满", "personality": ["慢热的人设", 7]}', encoding="utf-8")
    return path


FAILURES: Final[dict[str, Callable[[workflow.Workspace, Service, Path], object]]] = {
    "a file": lambda w, _s, folder: workflow.import_files(w, [broken_file(folder)]),
    "a persona": lambda _w, _s, folder: workflow.read_persona(
        broken_persona(folder), lambda _key: None
    ),
    "a template": lambda _w, _s, _f: workflow.preview_system(
        Persona(name="小满", personality="慢热的人设", system_prompt="{{ 蒋思源 + 火锅"), "阿橙"
    ),
    "a service that refuses": lambda w, s, _f: ask(w, s, Turn(status=401)),
    "a service that repeats": lambda w, s, _f: ask(w, s, Turn(status=400)),
    "a backup": lambda w, _s, folder: workflow.restore_workspace(w, broken_file(folder)),
    "a filter": lambda w, _s, _f: workflow.rename_filter(w, "豆花", "火锅"),
}


def test_no_log_tells_what_a_whole_job_is_about(
    logged: io.StringIO,  # before the workspace: its engine looks once who listens
    workspace: workflow.Workspace,
    service: Service,
    write_chat: WriteChat,
    tmp_path: Path,
) -> None:
    do_everything(workspace, service, write_chat, tmp_path)
    for fail in FAILURES.values():
        with suppress(RuwoError):
            fail(workspace, service, tmp_path)
    logging.getLogger("ruwo.test").debug("this handler hears")
    said = logged.getvalue()
    assert "this handler hears" in said
    lines = {word: [line for line in said.splitlines() if word in line][:1] for word in PLANTED}
    assert {word: found for word, found in lines.items() if found} == {}


@pytest.mark.parametrize("name", FAILURES)
def test_an_error_and_all_that_led_to_it_hold_nothing_private(
    workspace: workflow.Workspace,
    service: Service,
    write_chat: WriteChat,
    tmp_path: Path,
    name: str,
) -> None:
    path = write_chat(LINES)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    told = ""
    try:
        FAILURES[name](workspace, service, tmp_path)
    except RuwoError as error:
        told = f"{error!r} {error.args} {error.values}" + "".join(traceback.format_exception(error))
    # Lines of this file stand in the traceback.
    own = [line for line in told.splitlines() if "lambda" not in line and "workflow." not in line]
    assert [word for word in PLANTED for line in own if word in line] == []
