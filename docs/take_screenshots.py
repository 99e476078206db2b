"""Take the pictures of every page that docs/screenshots holds, on the sample.

    python docs/take_screenshots.py [PAGE ...]

Names of pages take only theirs. A workspace of its own is made and thrown away; a browser is found
as the browser tests find it (or named in CHROMIUM). Few colours are kept, so that files stay small.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from curation import workflow
from curation.model import ConversationFilter, Status
from tests.browser.conftest import ARGUMENTS, Server, find_chromium

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

    from curation.workflow import Workspace

PICTURES: Final = ROOT / "docs" / "screenshots"
ADDRESSES: Final = {
    "overview": "overview",
    "import": "",
    "chats": "chats",
    "review": "review",
    "table": "table",
    "asking": "asking",
    "trash": "trash",
    "privacy": "privacy",
    "persona": "persona",
    "writing": "writing",
    "mbti": "mbti",
    "export": "export",
    "training": "training",
    "chat": "chat",
    "journal": "journal",
    "settings": "settings",
}
ON_PHONE: Final = ("review", "table", "overview")
COLOURS: Final = 192
MANY: Final = 100
SETTLED_MS: Final = 1200
"""Charts are drawn and toasts gone so long after the page stands."""


def fill(path: Path) -> None:
    """Make a workspace of the sample in which some work was done."""
    workspace = workflow.open_workspace(path)
    workflow.import_sample(workspace)
    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    workflow.save_training_choices(workspace, workflow.TrainingChoices(memory=12))
    ids = list(versions(workspace))
    for status, chosen in (
        (Status.APPROVED, ids[1:19]),
        (Status.REJECTED, ids[19:23]),
        (Status.SKIPPED, ids[23:25]),
    ):
        workflow.set_status(workspace, versions(workspace, chosen), status)
    for emotion, chosen in (("开心", ids[25:32]), ("温柔", ids[2:6])):
        workflow.tag_emotion(workspace, versions(workspace, chosen), emotion, on=True)
    workspace.close()


def versions(workspace: Workspace, chosen: Sequence[int] = ()) -> dict[int, int]:
    """Return the chosen conversations, or all of them, with the versions they have now."""
    flt = ConversationFilter()
    rows = workflow.conversation_page(workspace, flt, page=1, page_size=MANY).rows
    found = dict(zip(rows["id"].tolist(), rows["version"].tolist(), strict=True))
    return {each: found[each] for each in chosen or found}


def take(browser: Browser, url: str, name: str, *, width: int, theme: str) -> bytes:
    """Return the picture of a page in a new tab."""
    context = browser.new_context(
        viewport={"width": width, "height": 860},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.goto(f"{url}/{ADDRESSES[name]}")
    expect(tab.get_by_test_id("stHeading").first).to_be_visible()
    expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0)
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(SETTLED_MS)
    picture = tab.screenshot()
    context.close()
    return picture


def keep(picture: bytes, path: Path) -> None:
    """Write a picture with the colours that most of it has, each as it is."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    colours, counts = np.unique(np.asarray(image).reshape(-1, 3), axis=0, return_counts=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours[counts.argsort()[::-1][:COLOURS]].ravel().tolist())
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Take all pictures, or those of the pages that the command line names."""
    names = sys.argv[1:] or list(ADDRESSES)
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "workspace.db", Path(folder) / "log.txt")
        fill(server.workspace)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        server.start()
        try:
            for name in names:
                for theme in ("light", "dark"):
                    ending = "" if theme == "light" else "-dark"
                    sizes = ((1280, ""), (390, "-phone"))[: 2 if name in ON_PHONE else 1]
                    for width, size in sizes:
                        picture = take(browser, server.url, name, width=width, theme=theme)
                        keep(picture, PICTURES / f"{name}{size}{ending}.png")
        finally:
            server.kill()
            browser.close()


if __name__ == "__main__":
    main()
