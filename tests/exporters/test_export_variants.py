"""Emotions and traits in the file: nowhere, in the system text, or in fields of their own."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.errors import ExportBlockedError
from curation.export_options import Variant
from curation.exporters import Extras, formats, sharegpt_record
from curation.exporters.layouts import JsonArray
from curation.model import ConversationFilter, Persona, Side, Status, Turn
from curation.persona import woven

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from curation.workflow import Workspace

TURNS = [Turn(Side.OTHER, "在吗"), Turn(Side.ME, "在呀~")]
TRAITS = {"personality": "慢热", "occupation": "插画师", "interests": "猫"}
PERSONA = Persona(name="小满", **TRAITS)  # type: ignore[arg-type]  # texts alone
TALKS = [["在吗", "在呀~"], ["吃了吗", "没呢[委屈]"], ["晚安", "安"]]


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace of three approved talks: one tagged, one with a tag on my message."""
    path = tmp_path / "talks.json"
    roles = ("user", "assistant")
    talks = [
        {"conversations": [dict(zip(("role", "content"), each, strict=True)) for each in pairs]}
        for pairs in (zip(roles, talk, strict=True) for talk in TALKS)
    ]
    path.write_text(json.dumps(talks, ensure_ascii=False), encoding="utf-8")
    with closing(workflow.open_workspace(tmp_path / "ws" / "w.db")) as workspace:
        workflow.import_files(workspace, [path])
        first, second, third = (
            int(number)
            for number in workflow.conversation_page(
                workspace, ConversationFilter(), order="queue"
            ).rows["id"]
        )
        workflow.set_status(workspace, [first, second, third], Status.APPROVED)
        workflow.tag_emotion(workspace, [first], "开心", on=True)
        workflow.tag_emotion(workspace, [first], "温柔", on=True)
        shown = workflow.review_window(workspace, ConversationFilter(), at=second).records
        talk = next(each.conversation for each in shown if each.conversation.id == second)
        action = {
            "n": 1,
            "type": "tag",
            "id": second,
            "version": talk.version,
            "emotion": "难过",
            "on": True,
            "message": talk.messages[1].id,
        }
        assert not workflow.commit_actions(workspace, "desk", [action]).refused
        workflow.save_persona(workspace, PERSONA)
        yield workspace


def exported(workspace: Workspace, folder: Path, variant: Variant) -> list[dict[str, Any]]:
    settings = workflow.load_settings(workspace)
    workflow.save_settings(workspace, replace(settings, variant=variant))
    report = workflow.export_dataset(workspace, folder / "out")
    assert report.to_json()["settings"]["variant"] == variant.value
    text = (folder / "out" / "sharegpt.json").read_text(encoding="utf-8")
    records: list[dict[str, Any]] = json.loads(text)
    assert records == workflow.preview_records(workspace)
    return records


def test_the_plain_variant_is_the_usual_one_and_holds_nothing_of_it(
    ws: Workspace, tmp_path: Path
) -> None:
    assert workflow.load_settings(ws).variant is Variant.PLAIN
    records = exported(ws, tmp_path, Variant.PLAIN)
    assert [list(each) for each in records] == [["conversations", "system", "tools"]] * 3
    assert not any(mood in json.dumps(records, ensure_ascii=False) for mood in ("开心", "难过"))


def test_woven_tells_the_mood_of_each_conversation_in_its_system_text(
    ws: Workspace, tmp_path: Path
) -> None:
    records = exported(ws, tmp_path, Variant.WOVEN)
    assert [list(each) for each in records] == [["conversations", "system", "tools"]] * 3
    systems = [each["system"] for each in records]
    assert systems[0].endswith("\n\n此刻的心情：开心、温柔")
    assert systems[1].endswith("\n\n此刻的心情：难过")
    assert "心情" not in systems[2]


def test_extended_has_the_same_keys_and_types_in_every_record(
    ws: Workspace, tmp_path: Path
) -> None:
    records = exported(ws, tmp_path, Variant.EXTENDED)
    assert formats()["sharegpt_extended"].check(tmp_path / "out" / "sharegpt.json") == []
    assert [each["emotion"] for each in records] == ["开心、温柔", "", ""]
    assert [[turn["emotion"] for turn in each["conversations"]] for each in records] == [
        ["", ""],
        ["", "难过"],
        ["", ""],
    ]
    assert all(each["character_traits"] == TRAITS for each in records)


@pytest.mark.parametrize("variant", [Variant.WOVEN, Variant.EXTENDED])
def test_what_is_private_in_a_trait_or_an_emotion_is_masked(
    ws: Workspace, tmp_path: Path, variant: Variant
) -> None:
    workflow.save_persona(ws, replace(PERSONA, interests="猫，电话13812345678"))
    ids = workflow.conversation_page(ws, ConversationFilter(), order="queue").rows["id"]
    workflow.tag_emotion(ws, [int(ids.iloc[0])], "想打13987654321", on=True)
    records = exported(ws, tmp_path, variant)
    text = json.dumps(records, ensure_ascii=False)
    assert "13812345678" not in text
    assert "13987654321" not in text
    assert "〔电话〕" in text


def test_an_emotion_in_the_file_that_nobody_tagged_stops_the_export(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = JsonArray.write

    def altering(layout: JsonArray, path: Path, records: Iterator[dict[str, Any]]) -> int:
        return real(layout, path, ({**each, "emotion": "13812345678"} for each in records))

    monkeypatch.setattr(JsonArray, "write", altering)
    with pytest.raises(ExportBlockedError):
        exported(ws, tmp_path, Variant.EXTENDED)
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


@pytest.mark.parametrize("part", ["emotion", "character_traits"])
def test_every_extended_file_is_held_to_all_that_was_made_for_it(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    real = JsonArray.write
    private = {"emotion": "13812345678", "character_traits": {**TRAITS, "interests": "13812345678"}}

    def altering(layout: JsonArray, path: Path, records: Iterator[dict[str, Any]]) -> int:
        second = path.name == "sharegpt_extended.json"
        more = {part: private[part]} if second else {}
        return real(layout, path, ({**each, **more} for each in records))

    monkeypatch.setattr(JsonArray, "write", altering)
    options = workflow.ExportOptions(
        formats=("sharegpt", "sharegpt_extended"), variant=Variant.EXTENDED
    )
    with pytest.raises(ExportBlockedError, match="do not hold what was exported"):
        workflow.export_dataset(ws, tmp_path / "out", options)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("persona", "emotions", "added"),
    [
        pytest.param(PERSONA, (), "性格：慢热\n职业：插画师\n兴趣爱好：猫", id="traits"),
        pytest.param(Persona(), ("开心",), "此刻的心情：开心", id="mood"),
        pytest.param(Persona(occupation="画画"), ("累",), "职业：画画\n此刻的心情：累", id="both"),
        pytest.param(Persona(personality="爱笑"), (), "", id="said already"),
        pytest.param(Persona(), (), "", id="nothing"),
    ],
)
def test_only_what_the_system_text_does_not_name_is_woven_in(
    persona: Persona, emotions: tuple[str, ...], added: str
) -> None:
    text = "你是小满，爱笑。"
    assert woven(text, persona, emotions) == (f"{text}\n\n{added}" if added else text)


def record(**changes: object) -> dict[str, Any]:
    extras = Extras(("", "开心"), "", TRAITS)
    return {**sharegpt_record(TURNS, "你", extras), **changes}


def turned(**changes: object) -> dict[str, Any]:
    good = record()
    items = good["conversations"]
    return {**good, "conversations": [items[0], {**items[1], **changes}]}


@pytest.mark.parametrize(
    ("make", "part"),
    [
        pytest.param(lambda: record(emotion=None), "not a text", id="null"),
        pytest.param(lambda: record(emotion=["开心"]), "not a text", id="list"),
        pytest.param(lambda: record(character_traits="慢热"), "character_traits", id="text"),
        pytest.param(
            lambda: record(character_traits={"personality": ""}), "character_traits", id="one"
        ),
        pytest.param(
            lambda: record(character_traits={**TRAITS, "interests": 3}), "not a text", id="number"
        ),
        pytest.param(lambda: turned(emotion=1), "not a text", id="number in a turn"),
        pytest.param(lambda: turned(mood=""), "other keys", id="another key"),
        pytest.param(lambda: sharegpt_record(TURNS, "你"), "keys", id="a plain one among them"),
    ],
)
def test_a_record_of_other_types_is_found(
    tmp_path: Path, make: Callable[[], dict[str, Any]], part: str
) -> None:
    path = tmp_path / "sharegpt.json"
    extended = formats()["sharegpt_extended"]
    extended.layout.write(path, [record(), make()])
    problems = extended.check(path)
    assert len(problems) == 1
    assert problems[0].startswith("record 2")
    assert part in problems[0]
