"""Whatever stands in a field, every page shows it as it is: nothing runs, nothing is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, select, update

from curation import workflow
from curation.model import PERSONA_TEXTS, Persona, Status
from curation.store import tables
from tests.browser.conftest import Server, as_new
from tests.browser.review_seed import RICH, plain, put
from tests.browser.test_every_page import PAGES, follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Dialog
    from sqlalchemy import Column

    from curation.workflow import Workspace

WAIT: Final = 90_000
CODE: Final = (
    ":red[r] **b** $x^2$ `c` ![i](http://evil.example/a.png) [l](http://evil.example/b)"
    " <img src=x onerror=window.ran=1><b data-evil>b</b> :material/bomb: :bomb:"
    " http://evil.example/c <script>window.ran=2</script> {{ 7*7 }} {0.__class__} %s"
)
"""Something for every way in which a text may be taken for more than one."""

LIGHT: Final = CODE[:24]
"""For fields that hold few letters."""

TEXTS: Final[tuple[Column[Any], ...]] = (
    tables.chat.c.name,
    tables.chat.c.account,
    tables.source_file.c.name,
    tables.conversation.c.background,
    tables.conversation.c.note,
    tables.sender.c.name,
    tables.sender.c.pseudonym,
    tables.message.c.edited_text,
    tables.message.c.reply_to,
    tables.message.c.background,
    tables.emotion_tag.c.emotion,
    tables.suggestion.c.label,
    tables.suggestion.c.answered_by,
    tables.export_version.c.name,
    tables.export_version.c.note,
    tables.export_version.c.reviewer,
    tables.saved_filter.c.name,
    *(tables.persona.c[name] for name in PERSONA_TEXTS if name != "system_prompt"),
    tables.known_name.c.name,
    tables.own_term.c.pattern,
    tables.journal.c.turned_by,
    tables.talk.c.name,
    tables.talk_line.c.text,
    tables.talk_line.c.thought,
    tables.talk_line.c.corrected,
)
"""What a person, a file or a service can write into the workspace."""

SHOWN: Final = {
    "review": {
        "chat.name",
        "message.original_text",
        "emotion_tag.emotion",
        "conversation.background",
    },
    "overview": {"emotion_tag.emotion"},
    "chats": {"chat.name", "sender.name"},
    "table": {"chat.name", "saved_filter.name", "emotion_tag.emotion"},
    "asking": {"connection"},
    "trash": {"chat.name", "message.original_text"},
    "privacy": {"own_term.pattern", "sender.name"},
    "persona": {"persona.name", "persona.gender", "relation"},
    "export": {"export_version.name", "export_version.note"},
    "chat": {"talk.name", "talk_line.text", "persona.taboos"},
    "journal": {"journal.reviewer", "tagged"},
    "settings": {"reviewer", "connection", "model"},
}
"""What a page shows at least of all this, so that the test cannot pass by showing nothing."""

SCRIPTED: Final = """() => {
  const made = '[data-evil], [onerror], [src*="evil"], [href*="evil"], img[src="x"], .katex';
  const found = [], texts = [];
  const look = root => {
    for (const each of root.querySelectorAll("*")) {
      if (each.shadowRoot) look(each.shadowRoot);
      if (each.matches(made)) found.push(each.outerHTML.slice(0, 200));
      if (each.matches("input, textarea")) texts.push(each.value);
    }
    const words = root === document ? document.body : root;
    const walk = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    let said = "", before = null;
    while (walk.nextNode()) {
      let holder = walk.currentNode.parentElement;
      if (holder?.matches("script, style")) continue;
      while (holder && getComputedStyle(holder).display === "inline") holder = holder.parentElement;
      said += holder === before ? walk.currentNode.data : `\u0001${walk.currentNode.data}`;
      before = holder;
    }
    texts.push(said);
  };
  look(document);
  return { found, ran: window.ran ?? 0, texts };
}"""


UNFOLDED: Final = """() => {
  for (const each of document.querySelectorAll("details:not([open]) > summary")) each.click();
}"""


def nasty(label: str, code: str = CODE) -> str:
    return f"⟦{label}⟧{code}"


def fill(workspace: Workspace) -> None:
    """Put something into every corner of a workspace, then code into every text of it."""
    workspace = workspace.acting_as(nasty("journal.reviewer", LIGHT))
    original = nasty("message.original_text")
    talks = [RICH, *(plain(number) for number in range(5))]
    # What was said, and who did what, is never changed: it comes in as it is to be.
    put(
        workspace,
        "阿橙",
        [
            tuple((side, kind, f"{original} {text}", pause) for side, kind, text, pause in talk)
            for talk in talks
        ],
    )
    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    with workspace.read() as connection:
        ids = list(connection.scalars(select(tables.conversation.c.id)))
        chat = str(connection.scalar(select(tables.chat.c.name)))
    workflow.save_persona(workspace, Persona(name="我"))
    workflow.always_mask(workspace, ["绝无此词"])
    workflow.tag_emotion(workspace, ids, nasty("tagged"), on=True)
    workflow.set_status(workspace, ids[1:-2], Status.APPROVED)
    workflow.set_status(workspace, ids[-2:], Status.REJECTED)
    workflow.save_filter(workspace, nasty("kept"), {"chat": [chat]})
    workflow.build_version(workspace, workflow.ExportOptions())
    talk = workflow.begin_talk(workspace, partner=chat)
    with workspace.write() as connection:
        for role in ("user", "assistant"):
            connection.execute(
                insert(tables.talk_line).values(talk_id=talk, role=role, text="在", at=1)
            )
        for column in TEXTS:
            _overwrite(connection, column)
        named = str(connection.scalar(select(tables.chat.c.name)))
    workflow.set_relation(workspace, named, nasty("relation"))


def _overwrite(connection: Any, column: Column[Any]) -> None:
    number = column.table.c.id
    longest = getattr(column.type, "length", None)
    for key, held in list(connection.execute(select(number, column))):
        if held is None and key % 2:
            continue
        code = f"{CODE} {key}"
        told = nasty(str(column), LIGHT) if longest else nasty(str(column), code)
        connection.execute(update(column.table).where(number == key).values({column.name: told}))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("code")
    running = Server(folder / "workspace.db", folder / "log.txt")
    running.environment["RUWO_SECRETS"] = str(folder / "secrets.toml")
    workspace = workflow.open_workspace(running.workspace)
    workflow.save_settings(workspace, workflow.Settings(language="en"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RUWO_SECRETS", str(folder / "secrets.toml"))
        workflow.save_connection(
            workflow.Profile(nasty("connection"), "http://127.0.0.1:9/v1", nasty("model"))
        )
        fill(workspace)
    workspace.close()
    running.start()
    yield running
    running.kill()


_SPACES: Final = re.compile(r"[\s\u200b]")
CUT: Final = "…\u0001〔"
"""Where a text may end that is too long for its place, or is masked on its way to a service."""


def literal(texts: list[str]) -> tuple[set[str], list[str]]:
    """Return the fields that are seen in the texts of a page, and what is not shown as it is."""
    seen, wrong = set(), []
    whole = _SPACES.sub("", CODE)
    for text in texts:
        shown = _SPACES.sub("", text)
        for found in re.finditer("⟦([^⟦⟧]*)⟧", shown):
            after = shown[found.end() : found.end() + len(whole)]
            same = next((n for n, sign in enumerate(after) if sign != whole[n]), len(after))
            if same in {len(whole), len(_SPACES.sub("", LIGHT))} or after[same : same + 1] in CUT:
                seen.add(found[1])
            else:
                wrong.append(f"{found[1]}: {after[: same + 20]!r}")
    return seen, wrong


@pytest.mark.every_run
def test_every_page_shows_what_looks_like_code_as_it_is(server: Server, tab: Page) -> None:
    as_new(tab, server, width=1280, height=1000)
    name = quote(nasty("reviewer", LIGHT))
    tab.context.add_cookies([{"name": "ruwo_reviewer", "value": name, "url": server.url}])
    asked: list[str] = []
    opened: list[str] = []

    def refused(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", refused)
    bad: list[str] = []
    for number, (address, heading) in enumerate(PAGES.items()):
        go = follow if number else Page.goto
        go(tab, f"{server.url}/{address}")
        expect(tab.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=WAIT)
        expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0, timeout=WAIT)
        tab.evaluate(UNFOLDED)
        expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0, timeout=WAIT)
        tab.wait_for_load_state("networkidle")
        expect(tab.get_by_test_id("stSkeleton")).to_have_count(0, timeout=WAIT)
        wanted = SHOWN.get(address, set())
        for _try in range(200):
            told = tab.evaluate(SCRIPTED)
            seen, wrong = literal(told["texts"])
            if wanted <= seen:
                break
            tab.wait_for_timeout(100)
        bad += [f"{heading}: {each}" for each in (*told["found"], *wrong)]
        bad += [f"{heading}: a script ran"] * bool(told["ran"])
        bad += [f"{heading}: {each} is not shown" for each in sorted(wanted - seen)]
    assert bad == []
    assert opened == []
    assert [url for url in asked if not url.startswith((server.url, "blob:", "data:"))] == []
