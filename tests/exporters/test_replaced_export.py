"""What stands for masked values in the files of a dataset, and the gate in front of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from presidio_analyzer import Pattern, PatternRecognizer

from curation import pii, store, workflow
from curation.errors import ExportBlockedError
from curation.exporters.layouts import JsonArray
from curation.model import ConversationFilter, Decision, Persona, Replacement, Status
from curation.workflow import detecting, masking, outgoing_search
from curation.workflow.issuing import NONE_KEPT
from curation.workflow.masking_rules import Masking
from tests.exporters.test_exporting import HELLO, PHONE, Desk, desk, values, ws

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["desk", "ws"]  # fixtures

OTHER_PHONE = "13987654321"


def choose(desk: Desk, ways: Mapping[str, Replacement] | Replacement) -> None:
    if isinstance(ways, Replacement):
        ways = dict.fromkeys(pii.ENTITIES, ways)
    workflow.save_settings(desk.workspace, workflow.Settings(replacements=ways))


def entry(desk: Desk, entity: str) -> dict[str, Any]:
    report, _files = desk.export()
    found: dict[str, Any] = report.to_json()["findings"]["by_entity"][entity]
    return found


def test_one_value_is_the_same_invented_one_in_every_conversation(desk: Desk) -> None:
    desk.put(
        [("other", f"打我{PHONE}哈"), ("me", "138-1234-5678对吧")],
        [("me", f"换成{OTHER_PHONE}了"), ("other", f"还有{PHONE}呢"), ("me", "都行~")],
    )
    choose(desk, Replacement.SURROGATE)
    _report, files = desk.export()
    found = re.findall(r"1\d\d-?\d{4}-?\d{4}", files["sharegpt.json"])
    assert len(found) == 3
    first, dashed, last = found
    assert first == last
    assert dashed == f"{first[:3]}-{first[3:7]}-{first[7:]}"
    assert PHONE not in files["sharegpt.json"]
    assert "〔" not in files["sharegpt.json"]


def test_the_same_workspace_gives_the_same_bytes_and_another_one_others(
    desk: Desk, tmp_path: Any
) -> None:
    talk = [("other", f"打我{PHONE}哈"), ("me", "我邮箱lihua@163.com谢谢")]
    desk.put(talk)
    choose(desk, Replacement.SURROGATE)
    assert desk.export() == desk.export()
    (tmp_path / "other").mkdir()
    workspace = workflow.open_workspace(tmp_path / "other" / "w.db")
    stranger = Desk(workspace, tmp_path / "other")
    stranger.put(talk)
    choose(stranger, Replacement.SURROGATE)
    assert stranger.records() != desk.records()
    workspace.close()


def test_the_secret_is_in_no_file_and_made_once(desk: Desk) -> None:
    desk.put([("other", f"打我{PHONE}哈"), ("me", "好")])
    choose(desk, Replacement.SURROGATE)
    secret = store.workspace_secret(desk.workspace)
    assert len(secret) == 32
    _report, files = desk.export()
    assert store.workspace_secret(desk.workspace) == secret
    assert not any(secret.hex() in text for text in files.values())
    assert json.dumps(workflow.workspace_stats(desk.workspace)).find(secret.hex()) < 0


def test_what_the_preview_shows_is_what_the_file_holds(desk: Desk) -> None:
    desk.put(*([("other", f"第{at}次 1381234{at:04}"), ("me", f"好{at}")] for at in range(12)))
    choose(desk, Replacement.SURROGATE)
    assert workflow.preview_records(desk.workspace, 10) == desk.records()[:10]


def test_every_place_is_replaced_the_same_way(desk: Desk) -> None:
    (number,) = desk.put([("other", f"打我{PHONE}"), ("other", "在吗"), ("me", "在")])
    marks = desk.messages(number)
    workflow.save_persona(desk.workspace, Persona(name="小满", occupation=f"客服，电话{PHONE}"))
    desk.act(number, "set_background", text=f"他刚换号{PHONE}")
    desk.act(number, "set_message_background", message=marks[1], text=f"来电{PHONE}")
    desk.act(number, "tag", emotion=f"开心{PHONE}", on=True, message=marks[2])
    desk.act(number, "edit_message", message=marks[2], text=f"在，{PHONE}也是我")
    choose(desk, Replacement.SURROGATE)
    _report, files = desk.export()
    labels = json.loads(files["labels.jsonl"])["turns"]
    everything = files["sharegpt.json"] + json.dumps(labels, ensure_ascii=False)
    found = re.findall(r"(?<!\d)1\d{10}(?!\d)", everything)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert PHONE not in found


@pytest.mark.parametrize(
    "lines", [["我密码是", "abc12345"], ["138", "1234 5678"], ["138", "1234", "5678"]]
)
def test_a_value_in_several_messages_is_replaced_as_one(desk: Desk, lines: list[str]) -> None:
    desk.put([*(("other", line) for line in lines), ("me", "好")])
    desk.put(
        [
            ("other", lines[-1].join(["新密码是", "哦"]) if "密码" in lines[0] else PHONE),
            ("me", "好"),
        ]
    )
    choose(desk, Replacement.SURROGATE)
    joined, whole = (values(record)[0] for record in desk.records())
    assert "〔" not in joined
    assert lines[-1] not in joined
    plain = re.sub(r"[^0-9a-z]", "", joined)
    assert plain == re.sub(r"[^0-9a-z]", "", whole)
    assert joined.count("\n") == len(lines) - 1


def test_of_a_phone_in_two_messages_no_more_is_shown_than_of_one(desk: Desk) -> None:
    desk.put([("other", "138"), ("other", "1234 5678"), ("me", "好")])
    choose(desk, Replacement.PARTIAL)
    assert values(desk.records()[0])[0] == "***\n**** 5678"


def test_two_phones_in_two_messages_stay_two(desk: Desk) -> None:
    desk.put([("other", PHONE), ("other", OTHER_PHONE), ("me", f"{OTHER_PHONE}记下了")])
    choose(desk, Replacement.SURROGATE)
    ((asked, said),) = (values(record) for record in desk.records())
    first, second = asked.split("\n")
    assert first != second
    assert said == f"{second}记下了"


def test_a_part_of_each_value_is_shown(desk: Desk) -> None:
    desk.put([("other", f"打我{PHONE}哈"), ("me", "密码是abc12345哦")])
    choose(desk, Replacement.PARTIAL)
    assert values(desk.records()[0]) == ["打我138****5678哈", "密码是〔密码〕哦"]
    assert entry(desk, "PASSWORD")["replaced_with"] == {"placeholder": 1}
    assert entry(desk, "PHONE_NUMBER")["replaced_with"] == {"partial": 1}


def test_kaomoji_codes_and_laughter_around_an_invented_value_stay(desk: Desk) -> None:
    desk.put([("other", f"(｡•́︿•̀｡){PHONE}[捂脸]哈哈哈哈!!!"), ("me", "~~[委屈]")])
    choose(desk, Replacement.SURROGATE)
    said, answer = values(desk.records()[0])
    assert re.fullmatch(r"\(｡•́︿•̀｡\)\d{11}\[捂脸\]哈哈哈哈!!!", said)
    assert answer == "~~[委屈]"


def test_messages_that_hold_what_is_to_be_removed_are_left_out_and_counted(desk: Desk) -> None:
    kept, gone = desk.put(
        [("other", "早"), ("other", f"打我{PHONE}"), ("me", "好"), ("me", f"我的{PHONE}")],
        [("other", f"我是{PHONE}"), ("me", "嗯")],
    )
    choose(desk, {"PHONE_NUMBER": Replacement.REMOVE})
    report, files = desk.export()
    (record,) = json.loads(files["sharegpt.json"])
    assert values(record) == ["早", "好"]
    assert (report.messages, report.removed, report.not_entering) == (2, 2, 0)
    assert report.left_out == {"removed": (gone,)}
    assert report.counts[Status.APPROVED] == report.records + 1
    written = json.loads(files["report.json"])
    assert written["messages_left_out"]["removed"] == 2
    assert written["findings"]["by_entity"]["PHONE_NUMBER"] == {
        "found": 2, "masked": 0, "kept": 0, "removed": 2, "masked_by": {}, "kept_by": {},
        "removed_by": {"undecided": 2}, "replaced_with": {},
    }  # fmt: skip
    assert kept != gone


def test_a_message_whose_finding_was_kept_is_not_removed(desk: Desk) -> None:
    desk.put([("other", f"打我{PHONE}"), ("me", f"不是{OTHER_PHONE}吗")])
    choose(desk, {"PHONE_NUMBER": Replacement.REMOVE})
    workflow.scan_findings(desk.workspace)
    workflow.decide_value(desk.workspace, "PHONE_NUMBER", PHONE, Decision.KEEP)
    workflow.decide_value(desk.workspace, "PHONE_NUMBER", OTHER_PHONE, Decision.KEEP)
    assert values(desk.records()[0]) == [f"打我{PHONE}", f"不是{OTHER_PHONE}吗"]


def test_what_only_a_whole_turn_shows_removes_its_messages(desk: Desk) -> None:
    (number,) = desk.put([("other", "hi"), ("other", "我密码"), ("other", "xx"), ("me", "好")])
    marks = desk.messages(number)
    workflow.scan_findings(desk.workspace)
    desk.act(number, "edit_message", message=marks[2], text="abc12345")
    desk.act(number, "edit_message", message=marks[1], text="我密码是")
    choose(desk, {"PASSWORD": Replacement.REMOVE})
    report, files = desk.export()
    assert "abc12345" not in files["sharegpt.json"]
    assert report.removed + report.messages + report.not_entering == 4


def test_the_report_says_who_decided(desk: Desk) -> None:
    numbers = [f"1381234{at:04}" for at in range(4)]
    (conversation,) = desk.put(
        [("other", f"{numbers[0]}和{numbers[1]}和{numbers[2]}和{numbers[3]}"), ("me", "好")]
    )
    workflow.scan_findings(desk.workspace)
    workflow.decide_value(desk.workspace, "PHONE_NUMBER", numbers[0], Decision.MASK)
    workflow.decide_value(desk.workspace, "PHONE_NUMBER", numbers[1], Decision.KEEP)
    window = workflow.review_window(desk.workspace, ConversationFilter(), at=conversation).records[
        0
    ]
    third = window.conversation.messages[0].findings[2]
    desk.act(conversation, "decide_finding", finding=third.id, decision="keep", all_equal=False)
    assert entry(desk, "PHONE_NUMBER") == {
        "found": 4, "masked": 2, "kept": 2, "removed": 0,
        "masked_by": {"all_equal": 1, "undecided": 1},
        "kept_by": {"all_equal": 1, "one_by_one": 1},
        "removed_by": {}, "replaced_with": {"placeholder": 2},
    }  # fmt: skip


def test_an_invented_value_is_no_real_one_of_the_workspace(desk: Desk) -> None:
    desk.put(*([("other", f"13{at % 10}1234{at:04}"), ("me", "好")] for at in range(150)))
    choose(desk, Replacement.SURROGATE)
    said = [values(record)[0] for record in desk.records()]
    real = {value for _entity, value in store.found_values(desk.workspace)}
    assert len(set(said)) == len(said) == 150
    assert not set(said) & real


def leak(desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str) -> ExportBlockedError:
    """Let a broken replacer write `text` for every value, and return what the gate says."""
    made = pii.StandIn(text, Replacement.SURROGATE)
    monkeypatch.setattr(pii.Replacer, "stand_in", lambda *_: made)
    with pytest.raises(ExportBlockedError) as caught:
        desk.export()
    assert not (desk.folder / "out").exists()
    return caught.value


def test_the_gate_stops_an_invented_value_that_is_a_real_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(HELLO)
    (number,) = desk.put([("other", f"打我{PHONE}哈"), ("me", f"{OTHER_PHONE}呢")])
    error = leak(desk, monkeypatch, OTHER_PHONE)
    assert {(each.conversation, each.entity) for each in error.leaks} == {(number, "PHONE_NUMBER")}
    assert [each.context for each in error.leaks] == ["打我〔电话〕哈", "〔电话〕呢"]
    for told in (str(error), repr(error.leaks), repr(error.args)):
        assert OTHER_PHONE not in told
        assert PHONE not in told


def test_the_gate_stops_what_a_mask_missed_and_shows_where_without_showing_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = desk.put([("other", f"打我{PHONE}哈，邮箱lihua@163.com"), ("me", "好")])
    monkeypatch.setattr(pii, "mask", lambda text, *_: text)
    monkeypatch.setattr(outgoing_search, "_context", lambda *_: "")
    with pytest.raises(ExportBlockedError) as caught:
        desk.export()
    assert [(each.conversation, each.entity) for each in caught.value.leaks] == [
        (number, "PHONE_NUMBER"),
        (number, "EMAIL_ADDRESS"),
    ]


def test_the_words_around_a_leak_are_masked_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put([("other", "好"), ("me", f"打我{PHONE}哈，邮箱lihua@163.com，" + "很长的话" * 20)])
    monkeypatch.setattr(masking.Masker, "mask_messages", unmasked)
    monkeypatch.setattr(
        masking.Masker,
        "mask_texts",
        lambda _self, texts, **_: [masking.Masked(each) for each in texts],
    )
    with pytest.raises(ExportBlockedError) as caught:
        desk.export()
    first = caught.value.leaks[0]
    assert first.context.startswith("打我〔电话〕哈，邮箱〔邮箱〕，很长的话")
    assert len(first.context) <= 50


def unmasked(_masker: object, messages: Any) -> dict[int, str]:
    return {each.id: each.text for each in messages}


def test_the_gate_sees_what_the_file_holds_and_not_what_was_meant(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put([("other", "在吗在吗"), ("me", "在呀")])
    real = JsonArray.write

    def tampering(layout: JsonArray, path: Any, records: Any) -> int:
        count = real(layout, path, records)
        text = path.read_text(encoding="utf-8").replace("在吗在吗", "打我" + PHONE)
        path.write_bytes(text.encode())
        return count

    monkeypatch.setattr(JsonArray, "write", tampering)
    with pytest.raises(ExportBlockedError, match="do not hold what was exported"):
        desk.export()
    assert not (desk.folder / "out").exists()


def test_marks_that_somebody_typed_are_text(desk: Desk) -> None:
    typed = "〔电话\U00100000〕哈"
    desk.put([("other", typed), ("me", f"打{PHONE}")])
    workflow.scan_findings(desk.workspace)
    assert values(desk.records()[0]) == [typed, "打〔电话〕"]


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the search find some names for certain."""
    names = Pattern("names", "周雨涵|小周|涵涵|小满|室友|李雷", 0.8)
    finder = PatternRecognizer("PERSON", patterns=[names], supported_language="zh")
    searcher = pii.Detector(extra=[finder])
    monkeypatch.setattr(detecting, "detector", lambda _rules=None: searcher)


def test_a_friend_has_one_invented_name_in_all_conversations(desk: Desk, people: None) -> None:
    desk.put(
        [("other", "周雨涵来了吗"), ("me", "小周说堵车")],
        [("other", "涵涵呢"), ("me", "睡了~")],
    )
    choose(desk, {"PERSON": Replacement.SURROGATE})
    (first, second), (third, _answer) = (values(record) for record in desk.records())
    name = first.removesuffix("来了吗")
    assert len(name) == 3
    assert second == f"小{name[0]}说堵车"
    assert third == name[2] * 2 + "呢"


def test_the_name_of_the_persona_and_the_relation_stay_in_the_system_text(
    desk: Desk, people: None
) -> None:
    (number,) = desk.put([("other", "小满在吗"), ("me", "在，李雷也在")])
    (chat,) = workflow.chats(desk.workspace)
    persona = Persona(name="小满", personality="和李雷要好", relations={chat: "室友"})
    workflow.save_persona(desk.workspace, persona)
    desk.act(number, "set_background", text="室友李雷生日")
    (record,) = desk.records()
    assert record["system"].startswith("你是小满，")
    assert "对方是你的室友。" in record["system"]
    assert "李雷" not in record["system"]
    assert values(record) == ["小满在吗", "在，〔姓名〕也在"], "public by the system text"
    kept = entry(desk, "PERSON")
    assert kept["kept_by"] == {"persona_name": 1}


def test_a_persona_whose_name_is_masked_by_decision_is_masked_in_the_system_text_too(
    desk: Desk, people: None
) -> None:
    desk.put([("other", "小满在吗"), ("me", "在")])
    workflow.save_persona(desk.workspace, Persona(name="小满"))
    workflow.scan_findings(desk.workspace)
    value = pii.canonical_value("PERSON", "小满")
    workflow.decide_value(desk.workspace, "PERSON", value, Decision.MASK)
    (record,) = desk.records()
    assert record["system"].startswith("你是〔姓名〕，")
    assert values(record) == ["〔姓名〕在吗", "在"]


def test_own_terms_are_told_apart_in_the_report(desk: Desk) -> None:
    desk.put([("other", "蓝鲸计划怎么样"), ("me", "还早呢")])
    workflow.always_mask(desk.workspace, ["蓝鲸计划"])
    assert entry(desk, "CUSTOM_TERM")["masked_by"] == {"own_term": 1}


def test_what_only_a_background_tells_is_no_invented_name_either(
    desk: Desk, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = desk.put([("other", "周雨涵来了吗"), ("me", "来了")])
    choose(desk, {"PERSON": Replacement.SURROGATE})
    first = values(desk.records()[0])[0].removesuffix("来了吗")
    names = Pattern("names", f"周雨涵|{first}", 0.8)
    finder = PatternRecognizer("PERSON", patterns=[names], supported_language="zh")
    searcher = pii.Detector(extra=[finder])
    monkeypatch.setattr(detecting, "detector", lambda _rules=None: searcher)
    desk.act(number, "set_background", text=f"{first}是同事")
    (record,) = desk.records()
    assert first not in record["system"]
    assert first not in values(record)[0]
    assert "周雨涵" not in values(record)[0]


def test_the_gate_stops_a_replacer_that_gives_back_what_it_got(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The value stands in an emotion alone, so the findings of messages do not hold it.
    (number,) = desk.put(HELLO)
    desk.act(number, "tag", emotion=f"开心{PHONE}", on=True, message=None)
    workflow.scan_findings(desk.workspace)
    monkeypatch.setattr(
        pii.Replacer,
        "stand_in",
        lambda _self, _entity, surface: pii.StandIn(surface, Replacement.SURROGATE),
    )
    with pytest.raises(ExportBlockedError) as caught:
        desk.export()
    assert [each.conversation for each in caught.value.leaks] == [number]


def test_an_address_over_two_messages_never_gives_back_half_of_another(desk: Desk) -> None:
    desk.put(
        *([("other", f"我住翻斗花园\n{at}号楼1001"), ("me", "好")] for at in range(1, 10)),
        [("other", "我住团子花园"), ("other", "5号楼1001"), ("me", "好")],
    )
    choose(desk, Replacement.SURROGATE)
    said = [values(record)[0] for record in desk.records()]
    assert not any("翻斗" in each or "团子" in each for each in said)
    assert len(set(said)) == 10


def test_who_is_known_by_the_chats_is_replaced_in_every_form(desk: Desk) -> None:
    # Nothing is patched here: the search knows the partner's name from the export.
    lines = [
        ("周雨涵", "在吗"),
        ("me", "在呀雨涵"),
        ("周雨涵", "叫我涵涵就行"),
        ("me", "好的小周~"),
    ]
    content = {
        "chatlab": {"version": "0.0.2", "exportedAt": 1714660000, "generator": "test"},
        "meta": {"name": "周雨涵", "platform": "wechat", "type": "private", "ownerId": "me"},
        "members": [
            {"platformId": "me", "accountName": "小满"},
            {"platformId": "周雨涵", "accountName": "周雨涵"},
        ],
        "messages": [
            {
                "sender": sender,
                "accountName": {"me": "小满"}.get(sender, sender),
                "timestamp": 1714660000 + 20 * at,
                "type": 0,
                "content": text,
            }
            for at, (sender, text) in enumerate(lines)
        ],
    }
    path = desk.folder / "chat.chatlab.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    workflow.import_files(desk.workspace, [path])
    workflow.set_status(desk.workspace, desk.ids(), Status.APPROVED)
    choose(desk, {"PERSON": Replacement.SURROGATE})
    (record,) = desk.records()
    _asked, first, second, third = values(record)
    given, doubled, surname = first[-2:], second[2:4], third[3]
    assert (first[:2], second[:2], second[4:], third[:3], third[4:]) == (
        "在呀", "叫我", "就行", "好的小", "~",
    )  # fmt: skip
    assert doubled == given[1] * 2
    assert not set("周雨涵") & {*given, surname}


def test_marks_are_searched_as_what_will_stand_there(desk: Desk) -> None:
    asked = "微信lihua_1990 的电话有吗"
    answer = "卡号6222 0212 3456 7890 128我家在翻斗花园3号楼1001\nlihua_1990 的电话有吗"
    choose(desk, Replacement.SURROGATE)
    masker = masking.Masker(Masking.of(desk.workspace))
    masked = [each.text for each in masker.mask_texts([asked, answer])]
    (answered,) = masker.mask_answers([masked], [[NONE_KEPT] * 2])
    written = [masker.marks.write(each.text) for each in answered]
    assert "lihua_1990" not in written[1].text
    assert masker.search.left_in_answers([written]) == [[]]
