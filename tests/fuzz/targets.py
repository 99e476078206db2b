"""What is fuzzed: each target takes bytes and fails where a promise about them does not hold.

A target raises AssertionError, or what should never get out of the code it tries. The promises:
any file gives messages or one error of this program, which holds nothing of what was in the file;
findings lie inside the text, and the quick way of searching gives what the plain one gives; both
take time and memory in proportion to the size.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Final

import curation
from curation.errors import BadFileError, PersonaError
from curation.importers import IMPORTERS, participants, read_file, unpack
from curation.importers.document import open_document
from curation.importers.mapped_table import MappedTable
from curation.model import ColumnMapping, Limits, Persona, ReadOptions
from curation.persona import read_persona, render_system
from curation.persona.mbti import read_behaviours
from curation.pii import Detector, mask
from curation.store.files.backup_reading import read_info
from curation.training.logs import read_log
from tests.importers.sound_messages import assert_sound
from tests.importers.test_golden import FILES, GOLDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from curation.importers.base import Importer
    from curation.model import Finding, SourceFile

CORPUS: Final = Path(__file__).parent / "corpus"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  (files of one process, gone with their folder)
LIMITS: Final = Limits(file_bytes=1 << 20, unpacked_bytes=1 << 24, archive_files=50)
MAPPING: Final = ColumnMapping(("who", "what", "when"), "who", "what", "when")
OPTIONS: Final = ReadOptions(limits=LIMITS, mappings=(MAPPING,))
_SECONDS: Final = 3.0
"""No input that is fuzzed is larger than some kilobytes; a busy machine is given room."""
_SHEET: Final = "xl/worksheets/sheet1.xml"
_SAID: Final = re.compile(r"[\w]{6,}")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is fuzzed: its name, what takes the bytes, and what to begin with.

    That is whole files, and `part`: the piece of a file that the bytes stand for.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[Path, ...] = ()
    part: bytes = b""


@contextmanager
def _as_file(data: bytes, name: str) -> Iterator[Path]:
    where = _MEMORY if _MEMORY.is_dir() else Path(gettempdir())
    with TemporaryDirectory(dir=where) as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        yield path


@contextmanager
def _in_time() -> Iterator[None]:
    began = time.process_time()
    yield
    taken = time.process_time() - began
    assert taken < _SECONDS, f"{taken:.1f} seconds"


@cache
def _own_words() -> set[str]:
    """Return the words of the program's own code: names of columns and keys, sentences."""
    files = Path(curation.__file__).parent.rglob("*.py")
    return {word for file in files for word in _SAID.findall(file.read_text("utf-8"))}


def _private(error: BadFileError, data: bytes) -> list[str]:
    """Return what an error tells of the file's content, apart from words of the program's own.

    The file that it is about has a name: a part of an export is named in the export.
    """
    held = data.decode("utf-8", "ignore")
    told = set(_SAID.findall(str(error))) - _own_words() - set(_SAID.findall(error.path.name))
    return sorted(word for word in told if word in held and not word.isdigit())


def _sound(source: SourceFile, data: bytes) -> None:
    messages = source.messages
    assert_sound(messages)
    # What came out was in the file: nothing is told a thousand times over.
    assert messages["text"].str.len().sum() <= 20 * len(data) + 10_000
    for error in source.bad_rows:
        assert str(error).strip()
    assert set(source.groups) <= set(messages["chat"])
    participants(source)


def _import(importer: Importer, name: str, data: bytes) -> None:
    """Let one importer read what it recognises; what it does not, goes the way of all files."""
    with _as_file(data, name) as path, _in_time():
        try:
            document = open_document(path, OPTIONS)
            if importer.recognises(document):
                source = importer.read(document)
            else:
                source = read_file(path, OPTIONS)
        except BadFileError as error:
            assert str(error).strip()
            assert not (told := _private(error, data)), told
            return
        _sound(source, data)


def _sheet(book: Path, data: bytes) -> None:
    """Let a spreadsheet be read whose first sheet, as XML, is the data."""
    made = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == _SHEET else old.read(name))
    with _as_file(made.getvalue(), "chat.xlsx") as path, _in_time(), suppress(BadFileError):
        _sound(read_file(path, OPTIONS), made.getvalue())


def _sheet_target(layout: str) -> Target:
    (book, *_more) = (path for path in (GOLDEN / layout).rglob("*.xlsx") if path in FILES)
    with zipfile.ZipFile(book) as archive:
        return Target(f"sheet_of_{layout}", partial(_sheet, book), part=archive.read(_SHEET))


def _archive(data: bytes) -> None:
    with (
        _as_file(data, "chats.zip") as path,
        TemporaryDirectory(dir=path.parent) as into,
        _in_time(),
    ):
        inside = Path(into).resolve()
        with suppress(BadFileError):
            assert all(inside in each.resolve().parents for each in unpack(path, inside, LIMITS))
        written = [each for each in path.parent.rglob("*") if each.is_file() and each != path]
        assert all(inside in each.resolve().parents for each in written)
        assert sum(each.stat().st_size for each in written) <= 2 * LIMITS.unpacked_bytes


def _reading(name: str, read: Callable[[Path], object], data: bytes) -> None:
    with _as_file(data, name) as path, _in_time():
        try:
            read(path)
        except BadFileError as error:
            assert str(error).strip()
            assert not (told := _private(error, data)), told
        except PersonaError as error:  # it may name a key or a line of the person's own file
            assert str(error).strip()


def _template(data: bytes) -> None:
    text = data.decode("utf-8", "ignore")
    persona = Persona(name="阿川", interests="爬山", system_prompt=text, relations={"小周": "朋友"})
    with _in_time():
        try:
            rendered = render_system(persona, chat="小周")
        except PersonaError as error:
            assert str(error).strip()
            return
        assert rendered.strip()
        assert "<built-in" not in rendered
        assert "object at 0x" not in rendered


@cache
def _detector() -> Detector:
    return Detector()


def _fillers() -> list[str]:
    return [f"今晚吃什么{number}" for number in range(40)]


def _text_of(data: bytes) -> str:
    """Return any text at all: half characters too, which JSON can hold."""
    text = data.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda found: chr(0xD800 + ord(found[0]) % 0x100), text)


def _inside(text: str, findings: Sequence[Finding]) -> None:
    reached = 0
    for each in findings:
        assert reached <= each.start < each.end <= len(text), "an offset outside, or an overlap"
        reached = each.end


def _detect(data: bytes) -> None:
    text, detector = _text_of(data), _detector()
    with _in_time():
        found = detector.detect(text)
        _inside(text, found)
        # More than a few texts go through gates that ask many at once.
        assert detector.detect_many([*_fillers(), text])[-1] == found, "two ways, two answers"
        masked = mask(text, found)
        assert detector.detect(masked) == [], "something is left"
        lines = text.split("\n")
        runs = detector.detect_run(lines)
        for line, some in zip(lines, runs, strict=True):
            _inside(line, some)
    if len(text) < _LONG:
        _in_proportion(text, detector)


_LONG: Final = 400


def _in_proportion(text: str, detector: Detector) -> None:
    """Check that eight times the text takes far less than 64 times the time."""
    for times in (1, 3, 5):  # more often only where a busy machine spoils the measurement
        short = max(_least(detector, text * 4, times), 0.004)
        if _least(detector, text * 32, times) < 30 * short:
            return
    raise AssertionError("time grows faster than the text")


def _least(detector: Detector, text: str, times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        detector.detect(text)
        taken.append(time.process_time() - began)
    return min(taken)


def _recognizers(data: bytes) -> None:
    """Ask Presidio the long way and the quick way."""
    text, analyzer = _text_of(data), _detector().analyzer
    quick = analyzer.analyze(text, "zh")
    plain = analyzer.analyze(text, "zh", return_decision_process=True)
    told = [
        sorted((each.entity_type, each.start, each.end, each.score) for each in some)
        for some in (quick, plain)
    ]
    assert told[0] == told[1]


def _name_of(importer: Importer) -> str:
    # MemoTraceCsv -> memo_trace_csv
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(importer).__name__).lower()


@cache
def _read_by() -> dict[str, list[Path]]:
    by_format: dict[str, list[Path]] = {}
    for path in FILES:
        if any(each.is_dir() for each in path.parent.iterdir()):
            continue  # it names its parts, which are missing where it is alone
        with suppress(BadFileError):
            document = open_document(path)
            first = next(each for each in IMPORTERS if each.recognises(document))
            by_format.setdefault(_name_of(first), []).append(path)
    return by_format


def targets() -> dict[str, Target]:
    """Return all targets by their names."""
    found = []
    for importer in IMPORTERS:
        name = _name_of(importer)
        seeds = tuple(_read_by().get(name, ()))
        file = seeds[0].name if seeds else "chat.csv"
        assert seeds or isinstance(importer, MappedTable)
        found.append(Target(name, partial(_import, importer, file), seeds))
    found += [
        *map(_sheet_target, ("echotrace_excel", "memotrace3_xlsx", "weflow_excel")),
        Target("archive", _archive),
        Target("backup", partial(_reading, "kept.ruwo", read_info)),
        Target("persona", partial(_reading, "persona.json", read_persona)),
        Target("behaviours", partial(_reading, "en_ti.json", read_behaviours)),
        Target("training_log", partial(_reading, "trainer_log.jsonl", read_log)),
        Target("template", _template),
        Target("detector", _detect),
        Target("recognizers", _recognizers),
    ]
    return {each.name: each for each in found}
