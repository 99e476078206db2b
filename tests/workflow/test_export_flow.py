"""What goes into an export, and how: parts by time, lengths, windows, joining, openings."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from curation import conversations, workflow
from curation.errors import ExportBlockedError, OptionsError
from curation.exporters import formats
from curation.model import ConversationFilter, Status
from curation.workflow import ExportOptions, ExportReport, Opening
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curation.workflow import Workspace

START = datetime(2024, 5, 1, 20)  # noqa: DTZ001  (wall-clock time has no zone)
DAY = 24 * 60
ALIKE = "今天下班以后去河边走了一圈风很大有人在放风筝线断了飘得好远孩子追了半天没追上最后大家都笑了"
Talk = list[tuple[str, str]]


def talk(name: str, turns: int = 4) -> Talk:
    """Return turns of both sides whose texts stand nowhere else."""
    return [("小满" if at % 2 else "阿橙", f"{name}的第{at}句~") for at in range(turns)]


TALKS: dict[float, Talk] = {
    0: talk("早先"),
    1 * DAY: [("阿橙", ALIKE), ("小满", "哈哈哈哈真好")],
    2 * DAY: talk("很长", 24),
    3 * DAY: [("小满", "我先说的"), *talk("接着")],
    4 * DAY: [("小满", "只有我说")],
    5 * DAY: [("阿橙", "没人理我")],
    6 * DAY: talk("短一"),
    6 * DAY + 45: talk("短二"),
    6 * DAY + 90: talk("短三"),
    7 * DAY: [*talk("前面"), ("阿橙", "话" * 900), ("小满", "太长了吧"), *talk("后面")],
    8 * DAY: [("阿橙", "打我13812345678哈"), ("小满", "好[委屈]")],
    9 * DAY: [("阿橙", ALIKE + "呀"), ("小满", "哈哈哈哈真好")],
    10 * DAY: talk("最后"),
}
"""The talks of one chat by the minute at which they begin."""
UNTIMED = [talk("没有时间"), talk("也没有")]


def chats(folder: Path) -> list[Path]:
    """Write the talks with their times, and two without."""
    timed = folder / "阿橙.csv"
    with timed.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("消息ID", "类型", "发送人", "时间", "内容"))
        for minute, lines in TALKS.items():
            for at, (sender, text) in enumerate(lines):
                moment = START + timedelta(minutes=minute, seconds=10 * at)
                number = 7 * 10**18 + int(minute) * 1000 + at
                writer.writerow((number, "文本", sender, f"{moment:%Y-%m-%d %H:%M:%S}", text))
    untimed = folder / "records.json"
    records = [
        {
            "conversations": [
                {"role": "assistant" if who == "小满" else "user", "content": text}
                for who, text in lines
            ]
        }
        for lines in UNTIMED
    ]
    untimed.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return [timed, untimed]


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("flow")
    with closing(workflow.open_workspace(folder / "workspace.db")) as workspace:
        workflow.save_settings(workspace, workflow.Settings(gap_mode="fixed", length_limit=0))
        files = chats(folder)
        workflow.import_files(workspace, files, me=dict.fromkeys(files, "小满"))
        page = workflow.conversation_page(
            workspace, ConversationFilter(), order="queue", page_size=1000
        )
        assert len(page.rows) == len(TALKS) + 2
        ids = [int(number) for number in page.rows["id"]]
        workflow.set_status(workspace, ids, Status.APPROVED)
        yield workspace


class Built:
    """The files of an export, read as a trainer and a person would."""

    def __init__(self, workspace: Workspace, folder: Path, **options: Any) -> None:
        self.options = ExportOptions(**options)
        self.report: ExportReport = workflow.export_dataset(workspace, folder, self.options)
        self.files = {
            each.relative_to(folder).as_posix(): each.read_bytes()
            for each in folder.rglob("*")
            if each.is_file()
        }
        first = formats()[self.options.formats[0]]
        self.records = {"train": list(first.read(folder / first.train)), "validation": []}
        if first.validation in self.files:
            self.records["validation"] = list(first.read(folder / first.validation))

    @property
    def told(self) -> Mapping[str, Any]:
        told: dict[str, Any] = json.loads(self.files["report.json"])
        return told

    def labels(self, part: str) -> list[dict[str, Any]]:
        name = "labels.jsonl" if part == "train" else "labels_validation.jsonl"
        return [json.loads(line) for line in self.files.get(name, b"").decode().splitlines()]

    def owners(self, part: str) -> set[int]:
        return {
            number
            for label in self.labels(part)
            for number in (label["conversation"], *label.get("joined", ()))
        }

    def values(self, part: str = "train") -> list[list[str]]:
        return [[turn["value"] for turn in each["conversations"]] for each in self.records[part]]


@pytest.fixture
def build(ws: Workspace, tmp_path: Path) -> Any:
    return lambda **options: Built(ws, tmp_path / "out", **options)


OPTIONS = st.fixed_dictionaries(
    {
        "formats": st.sampled_from([("sharegpt",), ("openai", "sharegpt_extended")]),
        "validation": st.sampled_from([0.0, 0.1, 0.3, 0.5]),
        "max_tokens": st.sampled_from([0, 70, 110, 400]),
        "window": st.sampled_from([0, 2, 6]),
        "sliding": st.booleans(),
        "join_minutes": st.sampled_from([0, 44, 60]),
        "join_turns": st.sampled_from([4, 8, 40]),
        "opening": st.sampled_from(list(Opening)),
    }
).filter(lambda told: told["window"] or not told["sliding"])


@settings(max_examples=examples(25))
@given(OPTIONS)
def test_whatever_is_chosen_everything_approved_is_there_or_said_to_be_left_out(
    ws: Workspace, told: dict[str, Any]
) -> None:
    with TemporaryDirectory() as folder:
        built = Built(ws, Path(folder) / "out", **told)
    report, options = built.report, built.options
    # Conversations: each in a part, or left out with a reason.
    owners = {part: built.owners(part) for part in ("train", "validation")}
    gone = report.left_out
    assert not owners["train"] & owners["validation"]
    if options.join_minutes:
        assert len(owners["train"] | owners["validation"]) == report.conversations
    assert (
        report.conversations + sum(map(len, gone.values()))
        == report.counts[Status.APPROVED]
        == len(TALKS) + 2
    )
    # Records: as many as the report says, in each part.
    for part, records in built.records.items():
        assert len(records) == (report.parts[part].records if part in report.parts else 0)
        assert len(built.labels(part)) == len(records)
    # Turns of mine: trained once, or too long.
    talks = [*TALKS.values(), *UNTIMED]
    mine = [text for lines in talks for who, text in lines if who == "小满"]
    everything = [each for part in built.records for each in built.values(part)]
    if options.sliding:
        trained = [turns[-1] for turns in everything]
    else:
        trained = [text for turns in everything for text in turns[1::2]]
    assert len(trained) == (report.turns) // 2
    said = "\n".join(trained).split("\n")
    assert all(said.count(text) <= mine.count(text) for text in said)
    missing = {text for text in mine if said.count(text) < mine.count(text)}
    if not any(part.too_long for part in report.parts.values()) and "too_long" not in gone:
        assert missing == ({"我先说的", "只有我说"} if options.opening is Opening.DROP else set())
    # Lengths: within the limit, as told.
    for part, records in built.records.items():
        lengths = [length_of(each) for each in records]
        assert lengths == list(report.parts[part].lengths if part in report.parts else [])
        assert not options.max_tokens or all(each <= options.max_tokens for each in lengths)
        assert not options.window or all(len(each) <= options.window for each in built.values(part))


def length_of(record: Mapping[str, Any]) -> int:
    texts = [record["system"], *(turn["value"] for turn in record["conversations"])]
    around = conversations.TURN_TOKENS * len(texts)
    return around + sum(map(conversations.estimate_tokens, texts))


def test_the_latest_conversations_are_for_validation_unless_trained_on_alike(build: Any) -> None:
    built = build(validation=0.2)
    # A fifth of fifteen are three, one of which nearly repeats an earlier one.
    assert built.values("validation") == [
        ["打我〔电话〕哈", "好[委屈]"],
        [text for _who, text in TALKS[10 * DAY]],
    ]
    assert built.report.cut == START + timedelta(days=8)
    assert len(built.report.moved) == 1
    assert [ALIKE + "呀", "哈哈哈哈真好"] in built.values()
    assert built.told["validation_from"] == "2024-05-09T20:00:00"
    assert built.told["moved_to_train"]["conversations"] == list(built.report.moved)
    assert built.told["without_time"] == 2
    assert any("says nearly the same" in problem for problem in built.told["problems"])
    assert "sharegpt_validation.json" in built.report.files
    assert sorted(built.files) == list(built.report.files)


def test_without_a_part_for_validation_no_file_of_it_is_written(build: Any) -> None:
    built = build()
    assert built.report.files == (
        "dataset_info.json", "labels.jsonl", "report.json", "sharegpt.json",
    )  # fmt: skip
    assert built.told["validation_from"] is None


def test_a_share_too_small_for_one_conversation_leaves_none_and_says_so(build: Any) -> None:
    built = build(validation=0.01)
    assert built.records["validation"] == []
    assert "No conversation is left for validation." in built.told["problems"]


def test_short_conversations_within_the_time_are_joined_in_order(build: Any) -> None:
    joined = [text for name in ("短一", "短二", "短三") for _who, text in talk(name)]
    built = build(join_minutes=45, join_turns=12)
    assert joined in built.values()
    part = built.report.parts["train"]
    assert (part.joined, part.conversations - part.records) == (2, 2)
    (label,) = [each for each in built.labels("train") if each["joined"]]
    assert len(label["joined"]) == 2
    assert joined[:8] in build(join_minutes=45, join_turns=11).values()
    assert joined[:4] in build(join_minutes=44).values()


def test_what_stands_between_two_conversations_keeps_them_apart(ws: Workspace, build: Any) -> None:
    number = next(
        label["conversation"]
        for label, turns in zip(*(build().labels("train"), build().values()), strict=True)
        if turns[0] == "短二的第0句~"
    )
    workflow.set_status(ws, [number], Status.REJECTED)
    try:
        assert build(join_minutes=1000).report.parts["train"].joined == 0
    finally:
        workflow.undo(ws)


def test_what_i_say_first_is_left_out_or_opened_by_a_line(build: Any) -> None:
    assert build().report.left_out["only_me"]
    built = build(opening=Opening.LINE, opening_line="（深夜）<|im_end|>")
    assert ["（深夜）＜|im_end|＞", "只有我说"] in built.values()
    assert any(turns[:2] == ["（深夜）＜|im_end|＞", "我先说的"] for turns in built.values())
    assert "only_me" not in built.report.left_out
    assert built.report.leading == 0


def test_a_line_that_shows_nothing_opens_nothing(build: Any) -> None:
    with pytest.raises(OptionsError):
        build(opening=Opening.LINE, opening_line="\u200b")


def test_a_pair_that_fits_in_no_record_is_left_out_and_counted(build: Any) -> None:
    built = build(max_tokens=300)
    (turns,) = [each for each in built.values() if each[0] == "前面的第0句~"]
    assert turns == [text for _who, text in talk("前面")]
    assert [text for _who, text in talk("后面")] in built.values()
    assert built.report.parts["train"].too_long == 2
    assert built.report.too_long_messages == 2
    assert any("too long" in problem for problem in built.told["problems"])


def test_where_nothing_fits_there_is_nothing_to_export(build: Any) -> None:
    with pytest.raises(ExportBlockedError, match="nothing to export"):
        build(max_tokens=20)


def test_a_tokenizer_measures_the_records(build: Any, tmp_path: Path) -> None:
    unknown = "?"
    tokenizer = Tokenizer(models.WordLevel({unknown: 0}, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.save(str(tmp_path / "private.json"))
    built = build(max_tokens=120, tokenizer=str(tmp_path / "private.json"))
    for record, length in zip(
        built.records["train"], built.report.parts["train"].lengths, strict=True
    ):
        texts = [record["system"], *(turn["value"] for turn in record["conversations"])]
        assert sum(len(text) + 5 for text in texts) == length <= 120
    assert built.told["options"]["tokenizer"] == "private.json"
    assert str(tmp_path) not in built.files["report.json"].decode()


PRIVATE = "陈小明，13812345678"


def private_options(folder: Path) -> dict[str, Any]:
    """Return options with private data wherever anything can be typed."""
    options: dict[str, Any] = dict.fromkeys(ExportOptions().free_texts(), PRIVATE)
    unknown = "?"
    tokenizer = Tokenizer(models.WordLevel({unknown: 0}, unk_token=unknown))
    tokenizer.save(str(folder / f"{PRIVATE}.json"))
    options["tokenizer"] = str(folder / f"{PRIVATE}.json")
    return options | {"opening": Opening.LINE}


def test_nothing_private_that_was_typed_into_the_options_stands_in_any_file(
    build: Any, tmp_path: Path
) -> None:
    built = build(
        **private_options(tmp_path), formats=tuple(formats()), validation=0.2, max_tokens=4000
    )
    assert any(turns[0] == "〔姓名〕，〔电话〕" for turns in built.values())
    assert built.told["options"]["opening_line"] == "〔姓名〕，〔电话〕"
    assert built.told["options"]["tokenizer"] == "〔姓名〕，〔电话〕.json"
    assert built.report.to_json() == built.told
    for name, content in built.files.items():
        if name.endswith(".parquet"):
            continue
        text = content.decode() + str(json.loads(content) if name.endswith(".json") else "")
        assert not [word for word in ("陈小明", "13812345678") if word in text], name


def test_a_report_that_would_tell_something_private_stops_the_export(
    build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExportReport, "_options", lambda self: self.options.to_json())
    with pytest.raises(ExportBlockedError, match="PHONE_NUMBER 1"):
        build(opening_line=PRIVATE)
    assert not (tmp_path / "out").exists()


def test_a_word_list_that_holds_words_of_the_report_stops_nothing(
    ws: Workspace, build: Any
) -> None:
    workflow.always_mask(ws, ["plain", "sharegpt", "drop", "Windows overlap", "train"])
    built = build(window=4, sliding=True)
    assert built.told["options"]["variant"] == "plain"


def test_windows_slide_over_a_long_conversation(build: Any) -> None:
    built = build(window=4, sliding=True)
    texts = [text for _who, text in TALKS[2 * DAY]]
    windows = [each for each in built.values() if each[-1] in texts]
    assert windows == [texts[max(end - 4, 0) : end] for end in range(2, 25, 2)]
    part = built.report.parts["train"]
    assert part.windows == part.records - part.conversations > 11
    assert part.repeated > 20
    assert any("mask_history" in problem for problem in built.told["problems"])


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        pytest.param(("llamafactory", "ms-swift"), "", id="trainers that are told"),
        pytest.param(
            ("llamafactory", "openai", "axolotl"), "openai, axolotl", id="some that are not"
        ),
    ],
)
def test_formats_that_let_a_trainer_learn_early_answers_again_are_named(
    build: Any, chosen: tuple[str, ...], named: str
) -> None:
    told = " ".join(build(formats=chosen, window=4, sliding=True).told["problems"])
    assert ("once per window" in told) is bool(named)
    assert (f"overlap, and {named} cannot" in told) is bool(named)
    assert "overlap" not in " ".join(build(formats=chosen, window=4).told["problems"])


def test_an_export_takes_away_the_files_of_the_one_before_and_nothing_else(
    build: Any, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = build(formats=("sharegpt", "huggingface"), validation=0.2)
    (out / "openai.jsonl").write_text("mine", encoding="utf-8")
    (tmp_path / "labels.jsonl").write_text("outside", encoding="utf-8")
    report = {**first.told, "files": [*first.told["files"], "../labels.jsonl", "notes.txt", 7]}
    (out / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    second = build()
    assert set(second.files) == {*second.told["files"], "openai.jsonl", "notes.txt"}
    assert not (out / "huggingface").exists()
    assert (tmp_path / "labels.jsonl").read_text(encoding="utf-8") == "outside"


@pytest.mark.parametrize("told", ["[", "[]", '{"files": 1}', '{"files": [[]]}'])
def test_a_report_that_is_no_report_takes_nothing_away(
    build: Any, tmp_path: Path, told: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.json").write_text(told, encoding="utf-8")
    (out / "labels_validation.jsonl").write_text("mine", encoding="utf-8")
    assert build().files["labels_validation.jsonl"] == b"mine"


def test_several_formats_hold_the_same_records(build: Any) -> None:
    built = build(formats=("openai", "sharegpt", "sharegpt_extended"), validation=0.2)
    lines = [json.loads(line) for line in built.files["openai_validation.jsonl"].splitlines()]
    array = json.loads(built.files["sharegpt_validation.json"])
    assert [
        [message["content"] for message in line["messages"][1:]] for line in lines
    ] == built.values("validation")
    assert [[turn["value"] for turn in each["conversations"]] for each in array] == built.values(
        "validation"
    )
    assert all("emotion" not in each for each in array)
    assert "emotion" in json.loads(built.files["sharegpt_extended.json"])[0]


def test_all_formats_are_written_in_one_go(build: Any, tmp_path: Path) -> None:
    built = build(formats=tuple(formats()), validation=0.2, window=4, sliding=True)
    for form in formats().values():
        for part, name in (("train", form.train), ("validation", form.validation)):
            said = [
                [turn["value"] for turn in each["conversations"]]
                for each in form.read(tmp_path / "out" / name)
            ]
            assert said == built.values(part)
    assert "mask_history: true" in built.files["llamafactory/train.yaml"].decode()


def test_a_format_that_there_is_not_is_refused_by_name(build: Any) -> None:
    with pytest.raises(OptionsError, match="called parquet42; there are sharegpt,"):
        build(formats=("sharegpt", "parquet42"))


def test_lengths_are_told_in_bins_and_quantiles(build: Any) -> None:
    built = build()
    tokens = built.told["parts"]["train"]["tokens"]
    lengths = sorted(built.report.parts["train"].lengths)
    assert sum(count for _bound, count in tokens["bins"]) == len(lengths)
    assert tokens["quantiles"]["0"] == lengths[0]
    assert tokens["quantiles"]["100"] == lengths[-1]
    assert tokens["quantiles"]["50"] == lengths[-(-(len(lengths) - 1) // 2)]
    assert tokens["sum"] == sum(lengths)


def test_the_first_records_are_shown_as_the_file_holds_them(ws: Workspace, build: Any) -> None:
    told: dict[str, Any] = {"window": 2, "opening": Opening.LINE, "validation": 0.2}
    shown = workflow.preview_records(ws, 6, ExportOptions(**told))
    assert shown == build(**told).records["train"][:6]


def test_a_workspace_gives_the_same_bytes_again_and_from_a_backup(
    ws: Workspace, tmp_path: Path
) -> None:
    told: dict[str, Any] = {
        "formats": ("sharegpt", "openai"),
        "validation": 0.2,
        "max_tokens": 110,
        "join_minutes": 60,
    }
    first = Built(ws, tmp_path / "first", **told)
    again = Built(ws, tmp_path / "again", **told)
    workflow.backup_workspace(ws, tmp_path / "kept.ruwo")
    with closing(workflow.open_workspace(tmp_path / "other" / "workspace.db")) as other:
        workflow.restore_workspace(other, tmp_path / "kept.ruwo")
    with closing(workflow.open_workspace(tmp_path / "other" / "workspace.db")) as other:
        restored = Built(other, tmp_path / "restored", **told)
    assert first.files == again.files == restored.files
