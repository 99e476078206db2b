"""Take the pictures of docs/screenshots, on the sample: in Chinese, and in English under `en`.

    python docs/take_screenshots.py [PICTURE ...]

Names of pictures take only those. Workspaces of their own are made and thrown away, a model that
answers is invented, and a browser is found as the browser tests find it (or named in CHROMIUM). Few
colours are kept, so that files stay small.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
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
from curation.endpoints import save_profile
from docs.invented_work import ANSWERS, CORRECTED, answer, fill, write_behaviour, write_log
from tests.browser.conftest import ARGUMENTS, Server, find_chromium
from tests.model_service import running_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

PICTURES: Final = ROOT / "docs" / "screenshots"
LANGUAGES: Final = ("zh", "en")
SAMPLE: Final = ROOT / "data" / "sample" / "阿橙.csv"
ME: Final = "小满"
COLOURS: Final = 192
UNSEEN: Final = 24
"""So much a colour may differ before somebody sees it: edges of letters never are equal."""
FEW: Final = 20
HEIGHT: Final = 860
SETTLED_MS: Final = 1200
"""Charts are drawn and toasts gone so long after the page stands."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the steps to a picture may need: a folder of files to choose."""

    folder: Path


def stands(tab: Page) -> None:
    """Wait until the page is drawn and nothing runs."""
    expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0, timeout=120_000)
    expect(tab.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(SETTLED_MS)


def none(_tab: Page, _given: Given) -> None:
    """Leave the page as it opens."""


def choose_file(tab: Page, _given: Given) -> None:
    """Choose a file of the sample and say who "me" is."""
    if tab.locator(".st-key-tour-end").count():
        tab.locator(".st-key-tour-end button").click()
        stands(tab)
    tab.locator("input[type=file]").first.set_input_files(SAMPLE)
    question = tab.get_by_test_id("stMain").get_by_test_id("stRadio")
    expect(question).to_be_visible()
    stands(tab)
    question.locator("label").filter(has_text=ME).last.click()
    expect(tab.locator(".st-key-import button")).to_be_enabled()
    stands(tab)
    tab.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")


def import_it(tab: Page, given: Given) -> None:
    """Bring that file in."""
    choose_file(tab, given)
    tab.locator(".st-key-import button").click()
    expect(tab.locator(".st-key-to-review")).to_be_visible(timeout=120_000)
    expect(tab.get_by_test_id("stToast")).to_have_count(0)
    stands(tab)


def press(*keys: str) -> Callable[[Page, Given], None]:
    """Return steps that press keys in the review."""

    def steps(tab: Page, _given: Given) -> None:
        expect(tab.locator(".row").first).to_be_visible()
        for key in keys:
            tab.keyboard.press(key)
            tab.wait_for_timeout(200)

    return steps


def choose_rows(tab: Page, _given: Given) -> None:
    """Tick three rows."""
    for at in range(1, 4):  # the first one of all is that of the whole page
        tab.locator(".tick").nth(at).click()
    stands(tab)


def decide(tab: Page, _given: Given) -> None:
    """Mask the first value."""
    tab.get_by_role("button", name="遮盖", exact=True).or_(
        tab.get_by_role("button", name="Mask", exact=True)
    ).first.click()
    stands(tab)


def build(tab: Page, _given: Given) -> None:
    """Build the dataset and show the report."""
    tab.locator(".st-key-build button").click()
    expect(tab.locator(".st-key-export-version")).to_be_visible(timeout=120_000)
    stands(tab)
    tab.locator(".st-key-export-version").scroll_into_view_if_needed()


def read_log(tab: Page, given: Given) -> None:
    """Read an invented log of a training."""
    log = given.folder / "trainer_log.jsonl"
    write_log(log)
    tab.locator(".st-key-training-elsewhere summary").click()
    tab.locator("input[type=file]").set_input_files(log)
    expect(tab.locator("[data-testid=stVegaLiteChart]")).to_be_visible()
    stands(tab)
    tab.locator("[data-testid=stVegaLiteChart]").scroll_into_view_if_needed()


def talk(tab: Page, _given: Given) -> None:
    """Say some things to the invented model, each when it has answered the one before."""
    box = tab.locator(".talk .compose textarea")
    answered = tab.locator(".act.correct")
    had = answered.count()
    for number, said in enumerate(ANSWERS, had + 1):
        box.fill(said)
        box.press("Enter")
        expect(tab.locator(".row.you .bubble").last).to_have_text(said)
        expect(answered).to_have_count(number)
    stands(tab)


def put_right(tab: Page, _given: Given) -> None:
    """Begin to put an answer right, of a talk that may have to be had first."""
    if not tab.locator(".act.correct").count():
        talk(tab, _given)
    tab.locator(".act.correct").nth(1).click()
    tab.locator(".edit").fill(CORRECTED)
    stands(tab)


def pick_answers(tab: Page, given: Given) -> None:
    """Pick answers from an invented file of behaviour."""
    file = given.folder / "zh_energy_introversion.json"
    write_behaviour(file)
    tab.locator("input[type=file]").set_input_files(file)
    stands(tab)
    tab.locator(".st-key-mbti-pick button").click()
    stands(tab)
    show(".st-key-mbti-take")(tab, given)


def open_tab(at: int) -> Callable[[Page, Given], None]:
    """Return steps that open a part of the settings."""

    def steps(tab: Page, _given: Given) -> None:
        tab.get_by_role("tab").nth(at).click()
        stands(tab)

    return steps


def compare(tab: Page, given: Given) -> None:
    """Put the usual questions to the model."""
    tab.get_by_test_id("stMain").get_by_role("radio").nth(1).click()
    stands(tab)
    tab.locator(".st-key-ask-likeness button").click()
    stands(tab)
    show('[data-testid="stMain"] table')(tab, given)


def show(selector: str) -> Callable[[Page, Given], None]:
    """Return steps that bring something into the middle of the picture."""

    def steps(tab: Page, _given: Given) -> None:
        tab.locator(selector).first.evaluate("it => it.scrollIntoView({block: 'center'})")

    return steps


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: the page, what is done there before, and where else than in light it is taken.

    The first workspace is `empty`, in the other one work was done. Steps may change it: pictures
    are taken in their order.
    """

    name: str
    address: str
    steps: Callable[[Page, Given], None] = none
    empty: bool = False
    dark: bool = False
    phone: bool = False


SHOTS: Final = (
    Shot("import", "", empty=True),
    Shot("who-am-i", "", choose_file, empty=True),
    Shot("imported", "", import_it, empty=True),
    Shot("overview", "overview"),
    Shot("chats", "chats"),
    Shot("review", "review", dark=True, phone=True),
    Shot("review-keys", "review", press("h")),
    Shot("review-private", "review?q=密码&status=approved", press("f")),
    Shot("suggestion", "review?hint=topic_jump", show('.suggestion[data-kind="topic_jump"]')),
    Shot("table", "table", dark=True),
    Shot("table-chosen", "table", choose_rows),
    Shot("asking", "asking"),
    Shot("privacy", "privacy"),
    Shot("privacy-decided", "privacy", decide),
    Shot("trash", "trash"),
    Shot("persona", "persona"),
    Shot("writing", "writing"),
    Shot("mbti", "mbti", pick_answers),
    Shot("export", "export"),
    Shot("export-report", "export", build),
    Shot("training", "training"),
    Shot("loss-curve", "training", read_log),
    Shot("chat", "chat", talk),
    Shot("put-right", "chat", put_right),
    Shot("likeness", "chat", compare),
    Shot("journal", "journal"),
    Shot("settings", "settings"),
    Shot("replacements", "settings", open_tab(1)),
    Shot("backups", "settings", open_tab(-1)),
)


def take(browser: Browser, url: str, shot: Shot, given: Given, *, dark: bool, width: int) -> bytes:
    """Return a picture, taken in a new tab."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.goto(f"{url}/{shot.address}")
    expect(tab.get_by_test_id("stHeading").first).to_be_visible()
    stands(tab)
    shot.steps(tab, given)
    picture = tab.screenshot()
    context.close()
    return picture


def looks_like(drawn: Image.Image, path: Path) -> bool:
    """Return whether nobody would see that a picture is another one than the file holds."""
    before = Image.open(path).convert("RGB")
    if before.size != drawn.size:
        return False
    far = np.abs(np.asarray(before, int) - np.asarray(drawn, int)).max(axis=2) > UNSEEN
    return int(far.sum()) < FEW


def keep(picture: bytes, path: Path) -> None:
    """Write a picture with the colours that most of it has, each as it is."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    colours, counts = np.unique(np.asarray(image).reshape(-1, 3), axis=0, return_counts=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours[counts.argsort()[::-1][:COLOURS]].ravel().tolist())
    drawn = image.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
    if path.exists() and looks_like(drawn, path):
        print(f"{path.relative_to(ROOT)}  as it was")
        return
    drawn.save(path, lossless=True, quality=100, method=6)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")


@contextmanager
def served(folder: Path, language: str, secrets: Path, *, empty: bool) -> Iterator[Server]:
    """Run the app on a new workspace."""
    folder.mkdir()
    server = Server(folder / "workspace.db", folder / "log.txt")
    server.environment["RUWO_SECRETS"] = str(secrets)
    if empty:
        workspace = workflow.open_workspace(server.workspace)
        workflow.save_settings(workspace, workflow.Settings(language=language))
        workspace.close()
    else:
        fill(server.workspace, language)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def take_all(browser: Browser, folder: Path, secrets: Path, names: list[str]) -> None:
    """Take the named pictures, in Chinese also in the dark and as on a phone."""
    given = Given(folder)
    for language in LANGUAGES:
        target = PICTURES if language == "zh" else PICTURES / language
        target.mkdir(exist_ok=True)
        for empty in (True, False):
            shots = [each for each in SHOTS if each.empty is empty and each.name in names]
            if not shots:
                continue
            place = folder / f"{language}-{empty}"
            with served(place, language, secrets, empty=empty) as server:
                for shot in shots:
                    picture = take(browser, server.url, shot, given, dark=False, width=1280)
                    keep(picture, target / f"{shot.name}.webp")
                    if language == "zh" and shot.dark:
                        picture = take(browser, server.url, shot, given, dark=True, width=1280)
                        keep(picture, target / f"{shot.name}-dark.webp")
                    if language == "zh" and shot.phone:
                        picture = take(browser, server.url, shot, given, dark=False, width=390)
                        keep(picture, target / f"{shot.name}-phone.webp")


def main() -> None:
    """Take all pictures, or those that the command line names."""
    names = sys.argv[1:] or [shot.name for shot in SHOTS]
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as made,
        sync_playwright() as playwright,
        running_service() as service,
    ):
        service.answer = answer
        folder = Path(made)
        secrets = folder / "secrets.toml"
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        profile = service.profile(name="小满 1.0", model="xiaoman-qwen3-8b", timeout=30)
        save_profile(secrets, profile)
        try:
            take_all(browser, folder, secrets, names)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
