"""Every golden file, damaged in every way, gives messages or one error: never another exception."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError
from curation.importers import participants, read_file
from tests.importers.sound_messages import assert_sound
from tests.importers.test_golden import FILES, GOLDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXAMPLES = int(os.environ.get("RUWO_MUTATIONS", max(3, 300 // len(FILES))))
"""How often each file is damaged: a few seconds in all; set higher to search for longer."""

JSON_FILES = [path for path in FILES if path.suffix in {".json", ".jsonl"}]
NAMED_FILES = [path for path in FILES if path.with_name("users.json").exists()]

VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        7,
        1.5,
        1e300,
        10**18,
        2**63,
        -(10**30),
        1714564800,
        1714564800000,
    ),
    *(
        "",
        " ",
        "0",
        "1",
        "null",
        "\ud800",
        "\0",
        "x" * 140_000,
        "林小满",
        "[图片]",
        "[引用 ",
        "<msg>",
    ),
    *("<?xml version='1.0'?><msg><appmsg><title>a</title></appmsg></msg>", "wxid_a:\n<msg/>"),
    *("2024-05-01T20:00:00Z", "2024-13-41 25:61:61", "9" * 400, "-1", "１２", "²", "1e5", "NaN"),
    *([], {}, [[]], [None], {"a": None}, ["text"], [{"type": "x"}], {"": []}),
)

Mutation = tuple[int, int, int]
"""What is done, where, and with what; every number is taken modulo what there is."""

MUTATIONS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 10_000), st.integers(0, 10_000)),
    min_size=1,
    max_size=4,
)
QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def places(root: Any) -> list[tuple[Any, Any]]:
    """Return every place of a parsed JSON as its container and the key or index in it."""
    return list(_places(root))


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, dict):
        keys: list[Any] = list(node)
    elif isinstance(node, list):
        keys = list(range(len(node)))
    else:
        return
    for key in keys:
        yield node, key
        yield from _places(node[key])


def damage_json(root: Any, mutations: list[Mutation]) -> Any:
    """Return the JSON after replacing, deleting, doubling, moving or wrapping some of its nodes."""
    holder = [json.loads(json.dumps(root))]
    for what, where, which in mutations:
        found = places(holder)
        if not found:
            break
        container, key = found[where % len(found)]
        value = VALUES[which % len(VALUES)]
        match what % 7:
            case 0 | 1 | 2:
                container[key] = json.loads(json.dumps(value))
            case 3:
                del container[key]
            case 4 if isinstance(container, list):
                container.insert(key, json.loads(json.dumps(container[key])))
            case 5:
                other, other_key = found[which % len(found)]
                container[key] = json.loads(json.dumps(other[other_key]))
            case _:
                container[key] = [container[key]]
    return holder[0] if holder else None


def damage_lines(raw: bytes, mutations: list[Mutation]) -> bytes:
    """Return the bytes after cutting, flipping, moving or mixing something in."""
    for what, where, which in mutations:
        raw = BYTE_DAMAGE[what % len(BYTE_DAMAGE)](raw, where, which)
    return raw


def _cut(raw: bytes, where: int, _which: int) -> bytes:
    return raw[: where * len(raw) // 10_000]


def _flip(raw: bytes, where: int, which: int) -> bytes:
    changed = bytearray(raw)
    if changed:
        changed[where * (len(changed) - 1) // 10_000] ^= 1 << which % 8
    return bytes(changed)


def _insert(raw: bytes, where: int, which: int) -> bytes:
    garbage = (
        *(b"\n", b"\r", b'"', b",,,,,,,,", b"\0", b"\xff\xfe", "，：「」\n".encode(), b"}{", b"[["),
        *(b"\n2024-05-01 20:00:00\n", b"\n\n\n\n", b"\n---\n", b"\xed\xa0\x80", b"\n# x\n", b"\t"),
    )
    at = where * len(raw) // 10_000
    return raw[:at] + garbage[which % len(garbage)] + raw[at:]


def _line(raw: bytes, where: int, which: int) -> bytes:
    lines = raw.splitlines(keepends=True)
    if lines:
        line = lines.pop(where % len(lines))
        for _ in range(which % 3):
            lines.insert((where + which) % (len(lines) + 1), line)
    return b"".join(lines)


def _encoding(raw: bytes, where: int, _which: int) -> bytes:
    names = ("utf-8-sig", "gb18030", "utf-16", "utf-16-be", "latin-1", "big5", "utf-32")
    text = raw.decode("utf-8", "replace")
    return text.encode(names[where % len(names)], "replace")


def _line_ends(raw: bytes, where: int, _which: int) -> bytes:
    plain = raw.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", (b"\r\n", b"\r", b"\n\n")[where % 3])


BYTE_DAMAGE: tuple[Callable[[bytes, int, int], bytes], ...] = (
    *(_flip, _insert, _line, _cut, _encoding, _line_ends, _flip, _insert, _line),
)


def reads_or_names_the_error(path: Path) -> None:
    """Check what a file gives: a sound table, or one error that is a sentence."""
    source = None
    sentence = ""
    try:
        source = read_file(path)
    except BadFileError as error:
        sentence = str(error)
    if source is None:
        assert sentence.strip()
        return
    messages = source.messages
    assert_sound(messages)
    assert all(str(error).strip() for error in source.bad_rows)
    assert all(isinstance(name, str) and name.strip() for name in source.known_names)
    assert set(source.groups) <= set(messages["chat"])
    participants(source)


def target(path: Path, folder: Path) -> Path:
    """Return where a damaged copy of `path` goes, what stands beside it copied once."""
    place = folder / path.parent.name
    if not place.exists():
        place.mkdir()
        for beside in path.parent.iterdir():
            if beside.is_dir():
                shutil.copytree(beside, place / beside.name)
            elif beside.name == "users.json":
                shutil.copy(beside, place)
    return place / path.name


def by_name(path: Path) -> str:
    return path.relative_to(GOLDEN).as_posix()


@pytest.mark.parametrize("path", JSON_FILES, ids=by_name)
@given(mutations=MUTATIONS, line=st.integers(0, 10_000))
@QUICK
def test_json_whose_nodes_are_anything(
    path: Path, mutations: list[Mutation], line: int, tmp_path: Path
) -> None:
    text = path.read_text(encoding="utf-8-sig")
    copy = target(path, tmp_path)
    if path.suffix == ".json":
        copy.write_text(json.dumps(damage_json(json.loads(text), mutations)), encoding="utf-8")
    else:
        lines = text.splitlines()
        objects = [number for number, each in enumerate(lines) if each.startswith("{")]
        number = objects[line % len(objects)]
        lines[number] = json.dumps(damage_json(json.loads(lines[number]), mutations))
        copy.write_text("\n".join(lines), encoding="utf-8")
    reads_or_names_the_error(copy)


@pytest.mark.parametrize("path", FILES, ids=by_name)
@given(mutations=MUTATIONS)
@QUICK
def test_a_file_that_was_cut_flipped_or_mixed_up(
    path: Path, mutations: list[Mutation], tmp_path: Path
) -> None:
    copy = target(path, tmp_path)
    copy.write_bytes(damage_lines(path.read_bytes(), mutations))
    reads_or_names_the_error(copy)


@pytest.mark.parametrize("path", NAMED_FILES, ids=by_name)
@given(mutations=MUTATIONS)
@QUICK
def test_a_damaged_list_of_names_never_keeps_a_chat_from_being_read(
    path: Path, mutations: list[Mutation], tmp_path: Path
) -> None:
    copy = target(path, tmp_path)
    shutil.copy(path, copy)
    users = path.with_name("users.json")
    damaged = damage_json(json.loads(users.read_text(encoding="utf-8")), mutations)
    copy.with_name("users.json").write_text(json.dumps(damaged), encoding="utf-8")
    assert len(read_file(copy).messages) == len(read_file(path).messages)
    copy.with_name("users.json").write_bytes(damage_lines(users.read_bytes(), mutations))
    assert len(read_file(copy).messages) == len(read_file(path).messages)
