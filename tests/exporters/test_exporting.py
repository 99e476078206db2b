"""From a workspace to the files of a dataset."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from curation import pii, store, workflow
from curation.errors import ExportBlockedError, PersonaError
from curation.export_options import ExportOptions, Variant
from curation.exporters import formats, record_hash
from curation.model import ConversationFilter, Decision, EntryRules, Persona, Side, Status
from curation.workflow import exporting
from curation.workflow.issuing import Written
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curation.workflow import Workspace

NAMES = ["dataset_info.json", "labels.jsonl", "report.json", "sharegpt.json"]
PHONE = "13812345678"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with closing(workflow.open_workspace(tmp_path / "ws" / "w.db")) as workspace:
        yield workspace


class Desk:
    """A workspace with conversations in it, and the hands of a person."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        self._sent = 0

    def put(self, *conversations: list[tuple[str, str]], approve: bool = True) -> list[int]:
        """Import conversations of (`me` or `other`, text); return their ids."""
        roles = {"me": "assistant", "other": "user"}
        before = set(self.ids())
        content = [
            {"conversations": [{"role": roles[side], "content": text} for side, text in each]}
            for each in conversations
        ]
        path = self.folder / f"chat{self._sent}_{len(before)}.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        workflow.import_files(self.workspace, [path])
        fresh = [number for number in self.ids() if number not in before]
        if approve:
            workflow.set_status(self.workspace, fresh, Status.APPROVED)
        return fresh

    def ids(self) -> list[int]:
        page = workflow.conversation_page(
            self.workspace, ConversationFilter(), order="queue", page_size=1000
        )
        return [int(number) for number in page.rows["id"]]

    def act(self, conversation: int, name: str, **values: object) -> None:
        record = workflow.review_window(self.workspace, ConversationFilter(), at=conversation)
        shown = next(each for each in record.records if each.conversation.id == conversation)
        self._sent += 1
        action = {
            "n": self._sent,
            "type": name,
            "id": conversation,
            "version": shown.conversation.version,
            **values,
        }
        answer = workflow.commit_actions(self.workspace, "desk", [action])
        assert not answer.refused

    def messages(self, conversation: int) -> list[int]:
        record = workflow.review_window(self.workspace, ConversationFilter(), at=conversation)
        shown = next(each for each in record.records if each.conversation.id == conversation)
        return [message.id for message in shown.conversation.messages]

    def export(self) -> tuple[workflow.ExportReport, dict[str, str]]:
        out = self.folder / "out"
        report = workflow.export_dataset(self.workspace, out)
        return report, {name: (out / name).read_text(encoding="utf-8") for name in NAMES}

    def records(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = json.loads(self.export()[1]["sharegpt.json"])
        return records


@pytest.fixture
def desk(ws: Workspace, tmp_path: Path) -> Desk:
    return Desk(ws, tmp_path)


def values(record: dict[str, Any]) -> list[str]:
    return [item["value"] for item in record["conversations"]]


HELLO = [("other", "在吗"), ("other", "在吗在吗"), ("me", "在呀~(｡•́︿•̀｡)"), ("me", "[委屈]")]


def test_only_approved_conversations_are_exported(desk: Desk) -> None:
    kept, other = desk.put(HELLO, [("other", "别的"), ("me", "嗯")])
    workflow.set_status(desk.workspace, [other], Status.REJECTED)
    report, files = desk.export()
    (record,) = json.loads(files["sharegpt.json"])
    assert values(record) == ["在吗\n在吗在吗", "在呀~(｡•́︿•̀｡)\n[委屈]"]
    assert report.counts == {
        Status.APPROVED: 1, Status.REJECTED: 1, Status.PENDING: 0, Status.SKIPPED: 0,
    }  # fmt: skip
    assert (report.records, report.turns, report.messages) == (1, 2, 4)
    (label,) = map(json.loads, files["labels.jsonl"].splitlines())
    assert (label["conversation"], label["sha256"]) == (kept, record_hash(record))


def test_the_same_workspace_gives_the_same_bytes(desk: Desk) -> None:
    desk.put(HELLO, [("other", "我电话" + PHONE), ("me", "好")])
    assert desk.export() == desk.export()


def test_what_is_undecided_or_to_mask_is_in_no_file(desk: Desk) -> None:
    desk.put(
        [("other", f"打我{PHONE}哈"), ("me", "我邮箱lihua@163.com谢谢")],
        [("me", f"早{PHONE}"), ("other", "嗯"), ("me", "密码是abc12345哦")],
    )
    workflow.scan_findings(desk.workspace)
    workflow.decide_value(desk.workspace, "EMAIL_ADDRESS", "lihua@163.com", Decision.MASK)
    report, files = desk.export()
    for private in (PHONE, "lihua", "abc12345"):
        assert not any(private in text for text in files.values())
    assert "打我〔电话〕哈" in files["sharegpt.json"]
    assert report.masked == {"EMAIL_ADDRESS": 1, "PASSWORD": 1, "PHONE_NUMBER": 1}
    assert report.kept == {}


def test_a_value_decided_keep_stays_everywhere(desk: Desk) -> None:
    (number,) = desk.put([("other", f"打我{PHONE}哈"), ("me", f"{PHONE}对吧")])
    workflow.scan_findings(desk.workspace)
    workflow.decide_value(desk.workspace, "PHONE_NUMBER", PHONE, Decision.KEEP)
    desk.act(number, "set_background", text=f"店里电话{PHONE}")
    report, files = desk.export()
    (record,) = json.loads(files["sharegpt.json"])
    assert values(record) == [f"打我{PHONE}哈", f"{PHONE}对吧"]
    assert PHONE in record["system"]
    assert report.kept == {"PHONE_NUMBER": 3}
    assert report.masked == {}


def test_a_value_kept_in_one_place_is_still_masked_in_another(desk: Desk) -> None:
    (number,) = desk.put([("other", f"打我{PHONE}哈"), ("me", f"{PHONE}对吧")])
    workflow.scan_findings(desk.workspace)
    window = workflow.review_window(desk.workspace, ConversationFilter(), at=number)
    first = window.records[0].conversation.messages[0].findings[0]
    desk.act(number, "decide_finding", finding=first.id, decision="keep", all_equal=False)
    assert values(desk.records()[0]) == [f"打我{PHONE}哈", "〔电话〕对吧"]


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED])
def test_what_is_kept_in_one_place_is_masked_in_texts_beside_messages(
    desk: Desk, status: Status
) -> None:
    number, other = desk.put([("other", f"打我{PHONE}哈"), ("me", "好")], HELLO)
    workflow.scan_findings(desk.workspace)
    window = workflow.review_window(desk.workspace, ConversationFilter(), at=number)
    first = window.records[0].conversation.messages[0].findings[0]
    workflow.decide_value(desk.workspace, "PHONE_NUMBER", PHONE, Decision.MASK)
    workflow.decide_place(desk.workspace, first.id, Decision.KEEP)
    desk.act(other, "set_background", text=f"她的新号码是{PHONE}")
    workflow.set_status(desk.workspace, [number], status)
    report, files = desk.export()
    *kept, last = json.loads(files["sharegpt.json"])
    assert last["system"].endswith("\n\n背景：她的新号码是〔电话〕")
    assert report.masked == {"PHONE_NUMBER": 1}
    assert [values(each)[0] for each in kept] == [f"打我{PHONE}哈"] * len(kept)
    assert report.kept == ({"PHONE_NUMBER": 1} if kept else {})


def test_what_stands_beside_messages_is_counted_for_each_record_that_is_written(desk: Desk) -> None:
    first, *_others, left_out = desk.put(HELLO, HELLO, HELLO, [("me", "早")])
    email = "lihua@163.com"
    workflow.save_persona(desk.workspace, Persona(name="小满", occupation=f"客服，电话{PHONE}"))
    for number in desk.ids():
        desk.act(number, "set_background", text=f"她的邮箱{email}")
    desk.act(first, "set_message_background", message=desk.messages(first)[1], text=PHONE)
    desk.act(left_out, "set_background", text="她的邮箱wanglan@163.com")
    report, files = desk.export()
    written = files["sharegpt.json"]
    counts = {"EMAIL_ADDRESS": written.count("〔邮箱〕"), "PHONE_NUMBER": written.count("〔电话〕")}
    assert report.masked == counts == {"EMAIL_ADDRESS": 3, "PHONE_NUMBER": 4}
    workflow.decide_value(desk.workspace, "EMAIL_ADDRESS", email, Decision.KEEP)
    report, files = desk.export()
    assert files["sharegpt.json"].count(email) == 3
    assert (report.masked, report.kept) == ({"PHONE_NUMBER": 4}, {"EMAIL_ADDRESS": 3})


def test_emotions_that_stand_beside_one_another_are_read_so(desk: Desk) -> None:
    alone, both = desk.put(HELLO, HELLO)
    desk.act(alone, "tag", emotion="qwe12345", on=True, message=None)
    for emotion in ("密码是", "qwe12345"):
        desk.act(both, "tag", emotion=emotion, on=True, message=None)
    options = ExportOptions(variant=Variant.EXTENDED)
    report = workflow.export_dataset(desk.workspace, desk.folder / "out", options)
    records = json.loads((desk.folder / "out" / "sharegpt.json").read_text(encoding="utf-8"))
    assert [record["emotion"] for record in records] == ["qwe12345", "密码是、〔密码〕"]
    labels = (desk.folder / "out" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["emotions"] for line in labels][1] == ["密码是", "〔密码〕"]
    assert report.masked == {"PASSWORD": 1}


def test_an_answer_is_read_with_its_question_once_more_on_its_way_out(desk: Desk) -> None:
    (number,) = desk.put([("other", "家里wifi密码多少"), ("other", "在吗"), ("me", "qwe12345")])
    asked, other, _answer = desk.messages(number)
    desk.act(number, "delete_message", message=asked, deleted=True)
    entry = workflow.journal_page(desk.workspace).lines[0].id
    desk.act(number, "delete_message", message=other, deleted=True)
    workflow.scan_findings(desk.workspace)
    workflow.undo_action(desk.workspace, entry)
    report, files = desk.export()
    assert values(json.loads(files["sharegpt.json"])[0]) == ["家里wifi密码多少", "〔密码〕"]
    assert report.masked == {"PASSWORD": 1}


def test_the_gate_reads_an_answer_with_its_question(desk: Desk) -> None:
    masker = Masker(Masking.of(desk.workspace))
    talk = [Written(text) for text in ("在\n家里wifi密码多少", "qwe12345\n好记吧")]
    (left,) = masker.search.left_in_answers([talk])
    assert [(each.entity, each.context) for each in left] == [("PASSWORD", "〔密码〕 好记吧")]
    kept = Written(talk[1].text, kept=frozenset({("PASSWORD", "qwe12345")}))
    assert masker.search.left_in_answers([[talk[0], kept], talk[1:]]) == [[], []]


def test_backgrounds_persona_and_emotions_are_masked_like_the_rest(desk: Desk) -> None:
    (number,) = desk.put([("other", "喂"), ("other", "在吗"), ("me", "在")])
    marks = desk.messages(number)
    workflow.save_persona(desk.workspace, Persona(name="小满", occupation=f"客服，电话{PHONE}"))
    desk.act(number, "set_background", text=f"他刚换号{PHONE}")
    desk.act(number, "set_message_background", message=marks[1], text=f"来电{PHONE}")
    desk.act(number, "tag", emotion=f"开心{PHONE}", on=True, message=marks[2])
    desk.act(number, "tag", emotion="温柔", on=True, message=None)
    report, files = desk.export()
    assert not any(PHONE in text for text in files.values())
    (record,) = json.loads(files["sharegpt.json"])
    assert "客服，电话〔电话〕" in record["system"]
    assert record["system"].endswith("\n\n背景：他刚换号〔电话〕")
    assert values(record) == ["喂\n（背景：来电〔电话〕）\n在吗", "在"]
    label = json.loads(files["labels.jsonl"])
    assert (label["emotions"], label["turns"]) == (["温柔"], [[], ["开心〔电话〕"]])
    assert report.masked == {"PHONE_NUMBER": 4}


def test_the_system_text_names_the_relation_to_the_chat(desk: Desk) -> None:
    desk.put(HELLO)
    (chat,) = workflow.chats(desk.workspace)
    workflow.save_persona(desk.workspace, Persona(name="小满", relations={chat: "妈妈"}))
    assert "对方是你的妈妈" in desk.records()[0]["system"]


def test_every_message_of_a_record_is_in_it_or_counted(desk: Desk) -> None:
    (number,) = desk.put(
        [("me", "早"), ("other", "早呀"), ("other", "口误"), ("me", "嗯"), ("other", "走啦")]
    )
    desk.act(number, "delete_message", message=desk.messages(number)[2], deleted=True)
    report, _files = desk.export()
    left_out = (report.leading, report.trailing, report.not_entering)
    assert (report.messages, left_out) == (2, (1, 1, 1))


def test_what_was_approved_is_a_record_or_counted_with_a_reason(desk: Desk) -> None:
    _good, alone, unanswered, wrong = desk.put(
        [("me", "早"), ("other", "早呀"), ("me", "嗯"), ("other", "走啦"), ("other", "拜")],
        [("me", "自言自语")],
        [("other", "在吗")],
        [("me", "在吗"), ("other", "在")],
    )
    report, files = desk.export()
    assert report.records + sum(map(len, report.left_out.values())) == 4
    assert report.left_out == {
        "only_me": (alone,), "only_other": (unanswered,), "no_answer": (wrong,),
    }  # fmt: skip
    assert (report.leading, report.trailing) == (1, 2)
    written = json.loads(files["report.json"])
    assert written["left_out"]["only_me"] == {"count": 1, "conversations": [alone]}
    assert written["conversations"]["approved"] == 4
    assert written["messages_left_out"] == {
        "leading": 1,
        "trailing": 2,
        "not_entering": 0,
        "bystanders": 0,
        "removed": 0,
    }
    assert len(written["problems"]) == 3


def test_a_background_without_a_turn_is_reported(desk: Desk) -> None:
    (number,) = desk.put([("me", "早"), ("other", "早呀"), ("me", "嗯")])
    desk.act(number, "set_message_background", message=desk.messages(number)[0], text="周一")
    report, files = desk.export()
    assert report.lost_backgrounds == 1
    assert "周一" not in files["sharegpt.json"]
    assert "1 message backgrounds" in files["report.json"]


def test_settings_decide_whether_placeholders_enter(desk: Desk) -> None:
    desk.put([("other", "看[图片]"), ("me", "哇")])
    workflow.save_settings(
        desk.workspace, workflow.Settings(rules=EntryRules(stickers=False, media=False))
    )
    report, _files = desk.export()
    written = report.to_json()["settings"]
    assert (written["stickers"], written["media"]) == (False, False)


def test_edits_deletions_and_added_messages_are_what_is_exported(desk: Desk) -> None:
    (number,) = desk.put([("other", "在吗"), ("other", "删"), ("me", "在")])
    first, second, last = desk.messages(number)
    desk.act(number, "edit_message", message=first, text=f"在嘛？{PHONE}")
    desk.act(number, "delete_message", message=second, deleted=True)
    desk.act(number, "add_message", before=last, side=Side.ME.value, text="嗯嗯")
    assert values(desk.records()[0]) == ["在嘛？〔电话〕", "嗯嗯\n在"]


@pytest.mark.parametrize("status", [Status.PENDING, Status.REJECTED, Status.SKIPPED])
def test_without_an_approved_conversation_nothing_is_written(desk: Desk, status: Status) -> None:
    ids = desk.put(HELLO, approve=False)
    workflow.set_status(desk.workspace, ids, status)
    with pytest.raises(ExportBlockedError, match="nothing to export"):
        desk.export()
    assert not (desk.folder / "out").exists()


def test_an_unmasked_value_blocks_the_export_and_no_file_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = desk.put([("other", f"打我{PHONE}哈"), ("me", "好")])
    desk.put(HELLO)
    monkeypatch.setattr(pii, "mask", lambda text, *_: text)
    for act in (desk.export, lambda: workflow.preview_records(desk.workspace)):
        with pytest.raises(ExportBlockedError) as caught:
            act()
        assert "PHONE_NUMBER 1" in str(caught.value)
        assert str(number) in str(caught.value)
        assert PHONE not in str(caught.value)
    assert not (desk.folder / "out").exists()


def test_a_blocked_export_leaves_the_last_good_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put([("other", f"打我{PHONE}哈"), ("me", "好")])
    _report, before = desk.export()
    monkeypatch.setattr(pii, "mask", lambda text, *_: text)
    with pytest.raises(ExportBlockedError):
        desk.export()
    out = desk.folder / "out"
    assert sorted(file.name for file in out.iterdir()) == NAMES
    assert {name: (out / name).read_text(encoding="utf-8") for name in NAMES} == before


def test_a_template_that_cannot_be_filled_blocks_the_export(desk: Desk) -> None:
    desk.put(HELLO)
    with pytest.raises(PersonaError):
        workflow.save_persona(desk.workspace, Persona(system_prompt="{{ nmae }}"))
    assert workflow.load_persona(desk.workspace) == Persona()


@pytest.mark.parametrize("stage", ["scan", exporting.WRITE_STAGE, exporting.CHECK_STAGE])
def test_stopping_at_any_stage_leaves_nothing(desk: Desk, stage: str) -> None:
    desk.put(HELLO)

    def stop(at: str, _done: int, _total: int) -> None:
        if at == stage:
            raise ExportBlockedError("stopped")

    with pytest.raises(ExportBlockedError, match="stopped"):
        workflow.export_dataset(desk.workspace, desk.folder / "out", progress=stop)
    assert not (desk.folder / "out").exists()


def test_the_preview_is_exactly_what_the_file_will_hold(desk: Desk) -> None:
    desk.put(*([("other", f"第{at}次 {PHONE}"), ("me", f"好{at}")] for at in range(12)))
    desk.put([("me", "自言自语")])
    shown = workflow.preview_records(desk.workspace, 10)
    assert shown == desk.records()[:10]
    assert len(shown) == 10


def test_control_tokens_in_chats_and_backgrounds_mean_nothing_in_the_file(desk: Desk) -> None:
    (number,) = desk.put([("other", "<|im_end|>哈<(｀^´)>"), ("me", "[INST]</think><3")])
    desk.act(number, "set_background", text="<s>背景</s>")
    (record,) = desk.records()
    assert values(record) == ["＜|im_end|＞哈<(｀^´)>", "［INST］＜/think＞<3"]
    assert record["system"].endswith("背景：＜s＞背景＜/s＞")
    assert formats()["sharegpt"].check(desk.folder / "out" / "sharegpt.json") == []


def test_the_summary_counts_what_is_still_undecided_in_approved_conversations(
    desk: Desk,
) -> None:
    desk.put([("other", f"打我{PHONE}哈"), ("me", "好")])
    desk.put([("other", "打我13912345678"), ("me", "好")], approve=False)
    assert workflow.export_summary(desk.workspace).unscanned > 0
    workflow.scan_findings(desk.workspace)
    summary = workflow.export_summary(desk.workspace)
    assert (summary.undecided_findings, summary.unscanned) == (1, 0)
    assert summary.counts[Status.APPROVED] == summary.counts[Status.PENDING] == 1


def test_the_summary_counts_what_is_undecided_in_backgrounds_and_in_the_persona(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undecided() -> int:
        told = workflow.export_summary(desk.workspace).undecided_findings
        assert workflow.overview_of(desk.workspace).undecided == told
        return told

    workflow.save_persona(desk.workspace, Persona(name="小满", occupation="客服，邮箱lan@163.com"))
    desk.put(HELLO, approve=False)
    workflow.scan_findings(desk.workspace)
    assert undecided() == 0  # nothing is approved, so no file would hold it
    (number,) = desk.put([("other", "在吗"), ("me", "好")])
    (waiting,) = desk.put([("other", "忙吗"), ("me", "不忙")], approve=False)
    workflow.scan_findings(desk.workspace)
    assert undecided() == 1
    desk.act(number, "set_background", text=f"店里电话{PHONE}，总打{PHONE}")
    desk.act(number, "set_message_background", message=desk.messages(number)[0], text=f"打{PHONE}")
    desk.act(waiting, "set_background", text="店里电话13912345678")
    assert undecided() == 4
    # Pages ask at every run: what is as it was is not searched again.
    with monkeypatch.context() as patched:
        patched.setattr(pii.Detector, "detect_many", lambda _self, texts: [None for _ in texts])
        assert undecided() == 4
    for decision in (Decision.KEEP, Decision.MASK):
        workflow.decide_value(desk.workspace, "PHONE_NUMBER", PHONE, decision)
        assert undecided() == 1
    # Own terms are masked because somebody said so.
    workflow.always_mask(desk.workspace, ["忙"])
    desk.act(number, "set_background", text="她很忙")
    assert undecided() == 1


def test_statistics_count_everything(desk: Desk) -> None:
    (number, _other) = desk.put([("other", f"打我{PHONE}哈"), ("me", "好")], HELLO)
    desk.act(number, "delete_message", message=desk.messages(number)[1], deleted=True)
    workflow.scan_findings(desk.workspace)
    stats = workflow.workspace_stats(desk.workspace)
    assert stats["conversations"] == {
        "all": 2, "approved": 2, "pending": 0, "rejected": 0, "skipped": 0,
    }  # fmt: skip
    assert stats["messages"] == {"all": 6, "deleted": 1, "added": 0, "unscanned": 0}
    assert stats["findings"] == {"PHONE_NUMBER": {"pending": 1, "mask": 0, "keep": 0}}
    assert (stats["files"], stats["chats"]) == (1, 1)


def test_a_workspace_that_changes_during_the_export_is_not_exported(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(HELLO)
    counts = {**dict.fromkeys(Status, 0), Status.APPROVED: 2}
    monkeypatch.setattr(store, "count_by_status", lambda _workspace: counts)
    with pytest.raises(ExportBlockedError, match="export again"):
        desk.export()
    assert not (desk.folder / "out").exists()


def test_pii_that_only_the_joined_turn_shows_is_masked(desk: Desk) -> None:
    desk.put([("other", "我密码是"), ("other", "abc12345"), ("me", "好")])
    report, files = desk.export()
    assert "abc12345" not in files["sharegpt.json"]
    assert report.masked == {"PASSWORD": 1}
