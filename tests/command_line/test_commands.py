"""The command line as a person or a script meets it.

Most tests call `main` in this process, which spares a second of imports each; what only a process
can show (start, encoding, signals, pipes) has one.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from curation.__main__ import main
from curation.exporters import formats, record_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PHONE = "13812345678"

CHAT = """\
消息ID,类型,发送人,时间,内容,备注,昵称,更多信息
1,文本,妈妈,2024-03-02 10:16:37,起床了没有<script>,妈妈,平安,more
2,文本,妈妈,2024-03-02 10:16:40,我的新号13812345678哈,妈妈,平安,more
3,文本,小满,2024-03-02 10:16:49,起啦起啦~(｡•́︿•̀｡)[委屈],小满,小满,more
4,文本,小满,2024-03-02 10:17:00,哈哈哈哈！！！,小满,小满,more
5,文本,妈妈,2024-03-02 19:00:00,吃了吗,妈妈,平安,more
6,文本,小满,2024-03-03 19:00:00,自言自语,小满,小满,more
"""
TUNED: list[dict[str, Any]] = [
    {
        "conversations": [
            {"role": "system", "content": "你是王小美"},
            {"role": "user", "content": "在吗"},
            {"role": "assistant", "content": "在"},
        ]
    }
]


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("RUWO_")}
    # A system that would rather write ASCII.
    return {**kept, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", **more}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "curation", *map(str, arguments)]


def run(*arguments: object, stdin: bytes = b"", **more: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of the command, run right here."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        pytest.MonkeyPatch.context() as patched,
        io.TextIOWrapper(out, "ascii") as said,
        io.TextIOWrapper(err, "ascii") as complained,
        redirect_stdout(said),
        redirect_stderr(complained),
    ):
        patched.setattr(os, "environ", environment(**more))
        patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as leaving:  # wrong usage
            code = int(str(leaving.code))
        said.flush()
        complained.flush()
        return code, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8")


def run_process(*arguments: object, stdin: bytes = b"", **more: str) -> tuple[int, str, str]:
    """Return the same as `run`, of a process of its own on a system that prefers ASCII."""
    done = subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env=environment(**more),
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def assert_one_sentence(code: int, out: str, err: str) -> None:
    assert code == 1
    assert out == ""
    assert err.startswith("ruwo: ")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "妈妈.csv"
    path.write_text(CHAT, encoding="utf-8")
    return path


# --- inspect -----------------------------------------------------------------------------------


def test_inspect_shows_format_participants_and_time_range(chat: Path) -> None:
    code, out, err = run("inspect", chat)
    assert (code, err) == (0, "")
    for words in ("MemoTrace", "小满: 3", "妈妈: 3", "2024-03-02 10:16:37", "--me", "起啦起啦"):
        assert words in out


@pytest.mark.in_turn
def test_inspect_writes_utf8_whatever_the_system_prefers(chat: Path) -> None:
    code, out, err = run_process("inspect", chat, "--jsonl", "--me", "小满")
    assert (code, err) == (0, "")
    assert json.loads(out.splitlines()[2])["text"] == "起啦起啦~(｡•́︿•̀｡)[委屈]"
    assert_one_sentence(*run_process("inspect", chat, "--me", "谁"))


def test_a_name_that_the_file_contradicts_is_said_and_the_file_believed(tmp_path: Path) -> None:
    path = tmp_path / "阿橙.csv"
    path.write_text(
        "type_name,is_sender,talker,msg,CreateTime\n"
        "文本,0,阿橙,在吗,2024-03-02 10:16:37\n文本,1,我,在,2024-03-02 10:16:40\n",
        encoding="utf-8",
    )
    code, out, err = run("inspect", path, "--jsonl", "--me", "阿橙")
    assert code == 0
    assert [json.loads(line)["is_me"] for line in out.splitlines()] == [False, True]
    assert err == (
        "ruwo: 阿橙.csv: the file says itself who you are, and not by the name given; "
        "it is believed\n"
    )
    assert run("build", path, "--me", "阿橙", "--out", tmp_path / "out")[2] == err
    # Whoever names themselves for other files of the same build hears nothing.
    assert run("build", path, "--me", "小满", "--out", tmp_path / "out")[2] == ""


def test_inspect_marks_who_is_me(chat: Path) -> None:
    code, out, _err = run("inspect", chat, "--me", "小满")
    assert code == 0
    assert "小满 (me): 3" in out


def test_inspect_shows_a_system_text(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_text(json.dumps(TUNED, ensure_ascii=False), encoding="utf-8")
    code, out, _err = run("inspect", path)
    assert code == 0
    assert "你是王小美" in out
    assert "never exported" in out


def test_inspect_lets_no_control_character_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    talk = [
        {"role": "user", "content": "a\x1b[31m\x07\u202eb"},
        {"role": "assistant", "content": "\x9b2J"},
    ]
    path.write_text(json.dumps([{"conversations": talk}]), encoding="utf-8")
    code, out, _err = run("inspect", path)
    assert code == 0
    assert not any(mark in out for mark in ("\x1b", "\x07", "\x9b", "\u202e"))


@pytest.mark.parametrize(
    ("me", "is_me"),
    [pytest.param((), None, id="unknown"), pytest.param(("--me", "妈妈"), True, id="named")],
)
def test_inspect_jsonl_has_the_fields_of_the_contract(
    chat: Path, me: tuple[str, ...], is_me: object
) -> None:
    code, out, err = run("inspect", chat, "--jsonl", *me)
    assert (code, err) == (0, "")
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 6
    assert rows[0] == {
        "chat": "妈妈",
        "sender": "妈妈",
        "sender_name": "妈妈",
        "is_me": is_me,
        "time": "2024-03-02T10:16:37",
        "kind": "text",
        "text": "起床了没有<script>",
        "reply_to": None,
    }
    assert list(rows[0])[:4] == ["chat", "sender", "sender_name", "is_me"]


def test_inspect_jsonl_says_null_where_the_format_has_no_time(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_text(json.dumps(TUNED, ensure_ascii=False), encoding="utf-8")
    code, out, _err = run("inspect", path, "--jsonl")
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["time"] for row in rows] == [None] * 3
    assert [(row["kind"], row["is_me"]) for row in rows[1:]] == [("text", False), ("text", True)]


TELEGRAM: dict[str, Any] = {
    "name": "妈妈",
    "type": "personal_chat",
    "id": 7,
    "messages": [
        {
            "id": number,
            "type": "message",
            "date": "2024-03-02T10:16:37",
            "date_unixtime": str(1709345797 + number),
            "from": name,
            "from_id": f"user{7 + number}",
            "text": text,
        }
        for number, (name, text) in enumerate([("妈妈", "起床了没有"), ("小满", "起啦起啦")])
    ],
}


def test_the_zone_of_the_chats_is_an_option_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(TELEGRAM, ensure_ascii=False), encoding="utf-8")
    hours = {}
    for zone in ("Asia/Shanghai", "Europe/Berlin"):
        _code, shown, _err = run("inspect", path, "--zone", zone, "--jsonl")
        hours[zone] = [json.loads(line)["time"][11:13] for line in shown.splitlines()]
        out = tmp_path / zone.replace("/", "-")
        assert run("build", path, "--zone", zone, "--out", out)[0] == 0
        assert run("convert", path, f"{out}.jsonl", "--zone", zone)[0] == 0
        lines = Path(f"{out}.jsonl").read_text(encoding="utf-8").splitlines()
        stamps = [json.loads(line).get("timestamp") for line in lines]
        assert [stamp for stamp in stamps if stamp] == [1709345797, 1709345798]
    assert hours == {"Asia/Shanghai": ["10", "10"], "Europe/Berlin": ["03", "03"]}
    _code, shown, _err = run("inspect", path, "--jsonl")
    assert [json.loads(line)["time"][11:13] for line in shown.splitlines()] == ["10", "10"]


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "a\0b"])
def test_a_zone_that_there_is_not_is_wrong_usage(zone: str, chat: Path) -> None:
    code, out, err = run("inspect", chat, "--zone", zone)
    assert (code, out) == (2, "")
    assert "no time zone is called" in err


def test_a_name_that_nobody_has_is_one_sentence(chat: Path) -> None:
    assert_one_sentence(*run("inspect", chat, "--me", "谁"))


# --- detect ------------------------------------------------------------------------------------


@pytest.mark.in_turn
def test_detect_answers_each_line_in_order() -> None:
    lines: list[dict[str, Any]] = [
        {"id": 1, "text": f"我的号{PHONE}哈"},
        {"id": {"深": [None, 1.5]}, "text": "👨\u200d👩\u200d👧哈哈哈"},
        {"id": "x", "text": f"😀{PHONE}", "extra": 1},
        {"id": None, "text": ""},
    ]
    raw = "\r\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    code, out, err = run_process("detect", stdin=b"\xef\xbb\xbf" + raw.encode() + b"\r\n  \r\n")
    assert (code, err) == (0, "")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["id"] for answer in answers] == [line["id"] for line in lines]
    assert [
        [(each["entity"], each["start"], each["end"]) for each in answer["findings"]]
        for answer in answers
    ] == [[("PHONE_NUMBER", 3, 14)], [], [("PHONE_NUMBER", 1, 12)], []]
    assert set(answers[0]["findings"][0]) == {"entity", "start", "end", "score"}


def test_detect_echoes_a_lone_surrogate_as_json_can() -> None:
    code, out, _err = run("detect", stdin=b'{"id": "\\ud83d", "text": "\\ud83d"}')
    assert code == 0
    assert json.loads(out)["id"] == "\ud83d"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"nonsense", id="not JSON"),
        pytest.param(b'"text"', id="not an object"),
        pytest.param(b'{"text": "a"}', id="no id"),
        pytest.param(b'{"id": 1}', id="no text"),
        pytest.param(b'{"id": 1, "text": null}', id="null text"),
        pytest.param(b'{"id": NaN, "text": ""}', id="not a JSON number"),
        pytest.param(b'{"id": 1e999, "text": ""}', id="endless number"),
        pytest.param(b'{"id": ' + b"9" * 5000 + b', "text": ""}', id="huge number"),
        pytest.param(b'{"id": ' + b"[" * 50_000, id="deep"),
        pytest.param('{"id": 1, "text": "你"}'.encode("gb18030"), id="GB18030"),
    ],
)
def test_a_bad_line_is_one_sentence_naming_it(
    line: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"id": 0, "text": "a"}\n' + line))
    monkeypatch.setattr(sys, "stdin", stdin)
    code = main(["detect"])
    out, err = capsys.readouterr()
    assert json.loads(out) == {"id": 0, "findings": []}
    assert_one_sentence(code, "", err)
    assert "line 2" in err


@pytest.mark.in_turn
def test_detect_answers_while_the_input_is_still_open() -> None:
    with subprocess.Popen(
        command("detect"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(b'{"id": %d, "text": "a"}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(30) == 0


# --- build -------------------------------------------------------------------------------------


def test_build_does_the_whole_job(chat: Path, tmp_path: Path) -> None:
    persona = tmp_path / "persona.json"
    persona.write_text(
        json.dumps({"name": "小满", "mbti": "infp", "relations": {"妈妈": "妈妈"}}),
        encoding="utf-8",
    )
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "train.json").write_text(json.dumps(TUNED, ensure_ascii=False), encoding="utf-8")
    out = tmp_path / "new" / "out"
    code, said, err = run("build", chat, folder, "--me", "小满", "--persona", persona, "--out", out)
    assert (code, err) == (0, "")
    assert "records" in said
    assert sorted(file.name for file in out.iterdir()) == [
        "dataset_info.json",
        "labels.jsonl",
        "report.json",
        "sharegpt.json",
    ]
    assert formats()["sharegpt"].check(out / "sharegpt.json") == []
    records = json.loads((out / "sharegpt.json").read_bytes())
    common = "正在和熟悉的人聊天。\nMBTI：INFP\n"
    voice = "请用你自己平时说话的语气、口头禅和表情来回复。"
    assert {record["system"] for record in records} == {
        f"你是小满，{common}{voice}",
        f"你是小满，{common}对方是你的妈妈。\n{voice}",
    }
    assert [
        [(item["from"], item["value"]) for item in record["conversations"]]
        for record in sorted(records, key=lambda record: -len(record["system"]))
    ] == [
        [
            ("human", "起床了没有<script>\n我的新号〔电话〕哈"),
            ("gpt", "起啦起啦~(｡•́︿•̀｡)[委屈]\n哈哈哈哈！！！"),
        ],
        [("human", "在吗"), ("gpt", "在")],
    ]
    labels = [json.loads(line) for line in (out / "labels.jsonl").read_text().splitlines()]
    assert [label["sha256"] for label in labels] == [record_hash(record) for record in records]
    report = json.loads((out / "report.json").read_bytes())
    assert report["conversations"] == {"pending": 2, "approved": 2, "rejected": 0, "skipped": 0}
    assert report["not_approved"] == {"only_me": 1, "only_other": 1}
    assert report["findings"] == {
        "masked": {"PHONE_NUMBER": 1},
        "kept": {},
        "by_entity": {
            "PHONE_NUMBER": {
                "found": 1,
                "masked": 1,
                "kept": 0,
                "removed": 0,
                "masked_by": {"undecided": 1},
                "kept_by": {},
                "removed_by": {},
                "replaced_with": {"placeholder": 1},
            }
        },
    }
    assert (report["records"], report["turns"], report["messages"]) == (2, 4, 6)
    assert not any(PHONE.encode() in file.read_bytes() for file in out.iterdir())
    assert "王小美".encode() not in (out / "sharegpt.json").read_bytes()


@pytest.mark.in_turn
def test_build_twice_gives_the_same_bytes(chat: Path, tmp_path: Path) -> None:
    # By two processes: each has its own order of sets and hashes.
    assert run_process("build", chat, "--me", "小满", "--out", tmp_path / "one")[0] == 0
    assert run("build", chat, "--me", "小满", "--out", tmp_path / "two")[0] == 0
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_build_replaces_each_kind_as_it_was_told(chat: Path, tmp_path: Path) -> None:
    ways = {
        "partial": "我的新号138****5678哈",
        "surrogate": r"我的新号1\d{10}哈",
        "remove": "起床了没有.*",
    }
    for way, said in ways.items():
        out = tmp_path / way
        arguments = ("--me", "小满", "--replace", f"PHONE_NUMBER={way}", "--out", out)
        assert run("build", chat, *arguments)[0] == 0
        (record,) = json.loads((out / "sharegpt.json").read_bytes())
        line = record["conversations"][0]["value"].split("\n")[-1]
        assert re.fullmatch(said.replace("*", r"\*") if way == "partial" else said, line)
        report = json.loads((out / "report.json").read_bytes())
        assert report["settings"]["replacements"] == {"PHONE_NUMBER": way}
        assert report["messages_left_out"]["removed"] == (way == "remove")


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "value",
    [
        "PHONE_NUMBER",
        "PHONE_NUMBER=",
        "PHONE_NUMBER=hide",
        "PHONE=partial",
        "PASSWORD=partial",
        "=",
    ],
)
def test_build_refuses_a_replacement_it_does_not_know(
    chat: Path, tmp_path: Path, value: str
) -> None:
    code, said, err = run_process("build", chat, "--replace", value, "--out", tmp_path / "out")
    assert (code, said) == (2, "")
    assert "--replace" in err
    assert not (tmp_path / "out").exists()


def test_build_leaves_no_workspace_behind(
    chat: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    out = tmp_path / "out"
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert run("build", chat, "--me", "小满", "--out", out)[0] == 0
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("me", [(), ("--me", "谁")], ids=["nobody named", "nobody has the name"])
def test_build_asks_who_is_me_and_names_the_senders(
    chat: Path, tmp_path: Path, me: tuple[str, ...]
) -> None:
    code, out, err = run("build", chat, *me, "--out", tmp_path / "out")
    assert_one_sentence(code, out, err)
    assert "小满" in err
    assert "妈妈" in err
    assert not (tmp_path / "out").exists()


BAD_FILES = [
    pytest.param("empty.csv", b"", id="empty"),
    pytest.param("blank.json", b" \n\n", id="blank"),
    pytest.param("columns.csv", "时间,甲,乙\n1,2,3\n".encode(), id="wrong columns"),
    pytest.param("cut.json", json.dumps(TUNED).encode()[:-20], id="truncated JSON"),
    pytest.param("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\xff" * 50, id="binary"),
    pytest.param("wide.json", "你好".encode("utf-16"), id="wrong encoding"),
    pytest.param("page.html", b"<!doctype html><html><body>hi</body></html>", id="HTML"),
    pytest.param("dates.csv", CHAT.replace("2024-03-0", "2024-13-4").encode(), id="date"),
    pytest.param("long.csv", b"a" * 5_000_000, id="5 MB on one line"),
    pytest.param("deep.json", b"[" * 200_000, id="deeply nested JSON"),
    pytest.param("other.json", b'{"a": 1}', id="other JSON"),
    pytest.param("none.json", b"[]", id="no messages"),
]


@pytest.mark.parametrize(("name", "raw"), BAD_FILES)
def test_a_bad_file_is_one_sentence_and_nothing_is_written(
    chat: Path, tmp_path: Path, name: str, raw: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    out = tmp_path / "out"
    out.mkdir()
    (out / "sharegpt.json").write_text("mine", encoding="utf-8")
    code, said, err = run("build", chat, path, "--me", "小满", "--out", out)
    assert_one_sentence(code, said, err)
    assert name in err
    assert [(file.name, file.read_text()) for file in out.iterdir()] == [("sharegpt.json", "mine")]


@pytest.mark.parametrize("which", ["missing.csv", "."])
def test_inspect_wants_one_file(tmp_path: Path, which: str) -> None:
    assert_one_sentence(*run("inspect", tmp_path / which))


def test_messages_that_stand_in_two_files_are_counted_and_come_in_once(
    chat: Path, tmp_path: Path
) -> None:
    again = tmp_path / "more" / chat.name
    again.parent.mkdir()
    longer = CHAT + "7,文本,妈妈,2024-03-03 19:00:09,自言自语呢,妈妈,平安,more\n"
    again.write_text(longer, encoding="utf-8")
    assert run("build", chat, "--me", "小满", "--out", tmp_path / "one")[2] == ""
    code, _said, err = run("build", chat, again, chat, "--me", "小满", "--out", tmp_path / "two")
    assert (code, err) == (0, "ruwo: 妈妈.csv: messages that another file holds too: 6\n")
    one, two = ((tmp_path / name / "sharegpt.json").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.fixture
def folder(chat: Path, tmp_path: Path) -> Path:
    """A folder as exporters leave it: a chat, and files that are none."""
    folder = tmp_path / "导出"
    folder.mkdir()
    chat.rename(folder / "妈妈.csv")
    (folder / "contacts.csv").write_text("UserName,Alias\nwxid_a,b\n", encoding="utf-8")
    (folder / "妈妈_dev.json").write_text("[]", encoding="utf-8")
    silent = "".join(CHAT.replace("妈妈", "阿橙").splitlines(keepends=True)[:2])
    (folder / "阿橙.csv").write_text(silent, encoding="utf-8")
    return folder


def test_what_gives_no_messages_in_a_folder_is_left_out_and_said(
    folder: Path, tmp_path: Path
) -> None:
    out = folder / "dataset"  # below what is read: what is written must not be read next time
    for _time in range(2):
        code, _said, err = run("build", folder, "--me", "小满", "--out", out)
        assert code == 0
    left = [line.partition(":")[2].partition(":")[2] for line in err.splitlines()]
    assert {line.partition(",")[0].partition(":")[0].strip() for line in left} == {
        "contacts.csv",
        "妈妈_dev.json",
        "阿橙.csv",
    }
    assert json.loads((out / "report.json").read_bytes())["records"] == 1


def test_a_broken_chat_in_a_folder_stops_the_build(folder: Path, tmp_path: Path) -> None:
    (folder / "坏.csv").write_text(CHAT.replace("2024-", "1024-"), encoding="utf-8")
    assert_one_sentence(*run("build", folder, "--me", "小满", "--out", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("me", [(), ("--me", "谁")], ids=["nobody named", "nobody has the name"])
def test_a_folder_of_chats_needs_to_know_who_is_me(
    folder: Path, tmp_path: Path, me: tuple[str, ...]
) -> None:
    code, out, err = run("build", folder, *me, "--out", tmp_path / "out")
    assert_one_sentence(code, out, err)
    assert "Name one of" in err


def test_a_folder_whose_files_give_nothing_is_one_sentence(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("[]", encoding="utf-8")
    code, out, err = run("build", tmp_path, "--out", tmp_path / "out")
    assert_one_sentence(code, out, err)
    assert "none of the 2 files" in err
    assert "a.json: the file holds no messages" in err


def test_a_key_of_the_persona_that_means_nothing_is_said(chat: Path, tmp_path: Path) -> None:
    persona = tmp_path / "persona.json"
    persona.write_text('{"name": "小满", "zodiac": "鼠"}', encoding="utf-8")
    code, _said, err = run(
        "build", chat, "--me", "小满", "--persona", persona, "--out", tmp_path / "out"
    )
    assert (code, err) == (0, "ruwo: persona.json: the key zodiac is not known and was ignored\n")


def test_build_of_a_folder_without_chats_is_one_sentence(tmp_path: Path) -> None:
    assert_one_sentence(*run("build", tmp_path, "--out", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_build_without_any_record_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "妈妈.csv"
    path.write_text("".join(CHAT.splitlines(keepends=True)[:2]), encoding="utf-8")
    assert_one_sentence(*run("build", path, "--me", "妈妈", "--out", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        pytest.param('{"name": 1}', "persona.json: the persona cannot", id="number"),
        pytest.param('{"system_prompt": "a\\n{{ x }}"}', "line 2", id="template"),
        pytest.param('{"name"', "persona.json, line 1", id="cut"),
    ],
)
def test_a_bad_persona_is_one_sentence_and_nothing_is_written(
    chat: Path, tmp_path: Path, content: str, part: str
) -> None:
    persona = tmp_path / "persona.json"
    persona.write_text(content, encoding="utf-8")
    code, said, err = run(
        "build", chat, "--me", "小满", "--persona", persona, "--out", tmp_path / "out"
    )
    assert_one_sentence(code, said, err)
    assert part in err
    assert not (tmp_path / "out").exists()


def test_an_out_that_is_a_file_is_one_sentence(chat: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    assert_one_sentence(*run("build", chat, "--me", "小满", "--out", tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "mine"


# --- stats -------------------------------------------------------------------------------------


def test_stats_counts_the_workspace_that_the_environment_names(tmp_path: Path) -> None:
    where = str(tmp_path / "w.db")
    code, out, err = run("stats", "--json", RUWO_WORKSPACE=where)
    assert (code, err) == (0, "")
    counts = json.loads(out)
    assert counts["conversations"] == {
        "all": 0,
        "pending": 0,
        "approved": 0,
        "rejected": 0,
        "skipped": 0,
    }
    code, out, err = run("stats", RUWO_WORKSPACE=where)
    assert (code, err) == (0, "")
    assert "messages unscanned" in out


def test_a_workspace_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    path.write_text("not a database", encoding="utf-8")
    assert_one_sentence(*run("stats", RUWO_WORKSPACE=str(path)))


# --- all ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        *((), ("nonsense",), ("build", "x"), ("inspect",), ("stats", "--nonsense")),
        # a script's variable that is not set
        *(("build", "x", "--out", ""), ("build", "", "--out", "x"), ("inspect", "")),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_said_with_exit_code_2(arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "usage:" in err
    assert "Traceback" not in err


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C, and so would what it starts itself."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.in_turn
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
@pytest.mark.parametrize(
    ("number", "expected"),
    [pytest.param(signal.SIGINT, 130, id="Ctrl-C"), pytest.param(signal.SIGTERM, 143, id="kill")],
)
def test_a_stopped_command_says_so_without_a_traceback(
    number: int, expected: int, hears_ctrl_c: None
) -> None:
    with subprocess.Popen(
        command("detect"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b'{"id": 1, "text": "a"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(30) == expected
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no head")
def test_a_reader_that_has_enough_ends_the_command_quietly(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_text(json.dumps(TUNED * 5000, ensure_ascii=False), encoding="utf-8")
    with subprocess.Popen(
        command("inspect", path, "--jsonl"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 1
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_is_one_sentence(chat: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("inspect", chat), stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False
        )
    assert_one_sentence(done.returncode, "", done.stderr.decode("utf-8"))


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        pytest.param(
            "curation.workflow",
            {"streamlit", "presidio_analyzer"},
            id="the workflow has no Streamlit, and no Presidio before it is used",
        ),
        pytest.param(
            "curation.__main__",
            {"streamlit", "pandas", "sqlalchemy"},
            id="the command line has no Streamlit, and help does not wait for pandas",
        ),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(module: str, absent: set[str]) -> None:
    code = f"import {module}, sys; print(*sorted({absent!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "\n"


@pytest.mark.in_turn
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are always text")
def test_names_that_are_not_in_the_encoding_of_the_system_work(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("妈妈".encode("gb18030") + b".csv")
    path.write_text(CHAT, encoding="utf-8")
    out = tmp_path / "out"
    code, _out, err = run_process("build", path, "--me", "小满", "--out", out, PYTHONUTF8="0")
    assert (code, err) == (0, "")
    assert_one_sentence(*run_process("inspect", path, "--me", os.fsdecode(b"\xff")))


# --- convert -----------------------------------------------------------------------------------


def test_convert_writes_chatlab_and_says_what_it_means(chat: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code, said, err = run("convert", chat, out, "--me", "小满")
    assert code == 0
    assert said == f"6 messages of 妈妈: {out}\n"
    assert "unmasked" in err
    assert PHONE in out.read_text(encoding="utf-8")
    code, before, _err = run("inspect", chat, "--jsonl", "--me", "小满")
    assert (code, before) == run("inspect", out, "--jsonl")[:2]


def test_convert_lists_what_chatlab_cannot_hold(tmp_path: Path) -> None:
    tuned = tmp_path / "小美_train.json"
    tuned.write_text(json.dumps(TUNED), encoding="utf-8")
    assert_one_sentence(*run("convert", tuned, tmp_path / "out.jsonl"))
    assert not (tmp_path / "out.jsonl").exists()
    quoting = tmp_path / "妈妈.csv"
    quoting.write_text(
        "消息ID,类型,发送人,时间,内容\n"
        '1,引用消息,妈妈,2024-03-02 10:16:37,"好\n引用：小满: 吃吗"\n',
        encoding="utf-8",
    )
    code, _out, err = run("convert", quoting, tuned, tmp_path / "out.jsonl")
    assert code == 0
    for words in (
        "ChatLab cannot hold quoted texts that no message in the file holds: 1",
        "ChatLab cannot hold messages without a time, which are left out: 3",
        "ChatLab cannot hold system texts, which are left out: 1",
    ):
        assert words in err


def test_convert_does_not_replace_another_file(chat: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("{}\n", encoding="utf-8")
    assert_one_sentence(*run("convert", chat, out))
    assert run("convert", chat, out, "--force")[0] == 0
    assert run("convert", chat)[0] == 2
