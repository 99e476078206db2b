from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, FindingQuery, Persona, Status
from curation.ui.state import Keys
from curation.workflow import ExportOptions, Opening, Variant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import ExportVersion, Workspace

    OpenPage = Callable[[str], AppTest]

PLAIN = ExportOptions()


def newest(workspace: Workspace) -> ExportVersion:
    return workflow.kept_versions(workspace).versions[0]


def written(workspace: Workspace, name: str) -> Any:
    path = workflow.version_file(workspace, newest(workspace), name)
    assert path is not None
    return json.loads(path.read_text(encoding="utf-8"))


def offered(at: AppTest) -> list[str]:
    """Return the files that the page offers to download."""
    return [json.loads(each.proto.json)["name"] for each in at.get("bidi_component")]


def approve(workspace: Workspace, chat: str) -> int:
    return workflow.set_status(workspace, ConversationFilter(chats=(chat,)), Status.APPROVED)


def test_the_files_offered_are_those_that_were_written(
    sample: Workspace, open_page: OpenPage
) -> None:
    approved = approve(sample, "妈妈")
    at = open_page("export").run()
    shares = "".join(str(getattr(each, "body", "")) for each in at.get("html"))
    assert re.search(rf"已通过 <b[^>]*>{approved}</b>", shares)

    at.button(key="build").click().run()

    assert not at.exception
    assert offered(at) == ["sharegpt.json", "dataset_info.json", "labels.jsonl", "report.json"]
    records = written(sample, "sharegpt.json")
    report = written(sample, "report.json")
    assert len(records) == report["records"] <= approved
    assert all(record["conversations"][0]["from"] == "human" for record in records)
    assert at.success[0].value == "数据集已生成。"


def test_nothing_approved_means_nothing_to_build_and_the_way_to_review(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("export").run()
    assert at.button(key="build").disabled
    assert at.button(key="to-review").proto.type == "primary"
    assert at.info[0].value == "还没有能生成样本的已通过对话。"


def test_the_preview_is_letter_by_letter_what_the_file_holds(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "阿橙")
    at = open_page("export").run()
    at.segmented_control(key="preview-way").set_value("file").run()
    before = [json.loads(code.value) for code in at.code]
    at.button(key="build").click().run()

    records = written(sample, "sharegpt.json")
    assert before == records[: len(before)] != []
    path = workflow.version_file(sample, newest(sample), "sharegpt.json")
    assert path is not None
    (code,) = at.code
    assert path.read_text(encoding="utf-8").startswith(code.value)
    assert len(code.value.split("\n")) == 11  # the bracket and ten records


def test_a_change_after_building_is_pointed_out(sample: Workspace, open_page: OpenPage) -> None:
    approve(sample, "妈妈")
    at = open_page("export").run()
    at.button(key="build").click().run()
    assert not at.warning

    approve(sample, "阿橙")
    at.run()
    assert at.warning[0].value == "生成之后又有改动，重新生成才会包含进去。"


def test_after_a_build_nothing_is_said_to_wait_for_a_search(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    settings = workflow.load_settings(sample)
    workflow.save_settings(sample, replace(settings, thresholds={"EMAIL_ADDRESS": 0.9}))
    at = open_page("export").run()
    assert [button for button in at.button if button.key == "scan"]
    at.button(key="build").click().run()
    assert at.success[0].value == "数据集已生成。"
    assert not [button for button in at.button if button.key == "scan"]


def test_undecided_findings_of_approved_conversations_are_counted(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "唐姐")
    summary = workflow.export_summary(sample)
    at = open_page("export").run()
    assert f"有 {summary.undecided_findings} 处隐私没有决定" in "".join(
        m.value for m in at.markdown
    )


def test_a_name_that_nobody_decided_is_not_called_a_decision(
    sample: Workspace, open_page: OpenPage
) -> None:
    found = workflow.finding_groups(sample, FindingQuery(entity="PERSON"), page_size=50).groups
    name = max(found, key=lambda group: group.count).value
    workflow.save_persona(sample, Persona(name=name))
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    at = open_page("export").run()
    at.button(key="build").click().run()

    report = written(sample, "report.json")
    (count,) = report["findings"]["by_entity"]["PERSON"]["kept_by"].values()
    said = "".join(markdown.value for markdown in at.markdown)
    assert f"人设的名字在聊天里保留了 {count} 处" in said
    assert "按你的决定保留" not in said
    at = open_page("privacy").run()
    assert any(f"人设的名字“{name}”不会遮盖" in caption.value for caption in at.caption)


def test_a_refused_export_is_one_sentence(sample: Workspace, open_page: OpenPage) -> None:
    only_me = ConversationFilter(text="没有人会说的话")
    assert workflow.count_matching(sample, only_me) == 0
    page = workflow.conversation_page(sample, ConversationFilter()).rows
    shortest = int(page.sort_values("length")["id"].iloc[0])
    workflow.set_status(sample, [shortest], Status.APPROVED)
    window = workflow.review_window(sample, ConversationFilter(), at=shortest)
    record = next(r for r in window.records if r.conversation.id == shortest).conversation
    workflow.commit_actions(
        sample,
        "test",
        [
            {
                "n": number,
                "type": "delete_message",
                "id": shortest,
                "version": record.version + number - 1,
                "message": message.id,
                "deleted": True,
            }
            for number, message in enumerate(record.messages, start=1)
        ],
    )
    at = open_page("export").run()
    at.button(key="build").click().run()
    assert not at.exception
    assert at.error[0].value.replace("\\", "") == "还没有能生成样本的已通过对话，没有内容可以导出。"


def test_where_emotions_go_is_chosen_once_and_kept(sample: Workspace, open_page: OpenPage) -> None:
    approve(sample, "妈妈")
    at = open_page("export").run()
    assert at.radio(key=Keys.VARIANT).value is Variant.PLAIN
    at.radio(key=Keys.VARIANT).set_value(Variant.EXTENDED).run()
    assert workflow.load_settings(sample).variant is Variant.EXTENDED
    at.button(key="build").click().run()
    assert not at.exception
    records = written(sample, "sharegpt.json")
    assert all("character_traits" in record for record in records)
    assert open_page("export").run().radio(key=Keys.VARIANT).value is Variant.EXTENDED


def test_what_was_built_is_still_there_after_a_reload(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    open_page("export").run().button(key="build").click().run()
    at = open_page("export").run()
    assert "sharegpt.json" in offered(at)
    assert at.button(key="build").proto.type == "secondary"
    assert not at.success  # this tab built nothing


def test_sliding_windows_say_for_which_formats_answers_are_learnt_again(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    options = ExportOptions(formats=("llamafactory", "openai"), window=4, sliding=True)
    workflow.save_export_options(sample, options)
    at = open_page("export").run()
    at.button(key="build").click().run()
    (told,) = [each.value for each in at.markdown if "窗口互相重叠" in each.value]
    assert "OpenAI" in told
    assert "学几遍" in told


def test_choices_are_kept_and_what_makes_no_sense_is_refused_in_words(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("export").run()
    at.number_input(key=Keys.EXPORT_VALIDATION).set_value(10).run()
    at.number_input(key=Keys.EXPORT_TOKENS).set_value(1024).run()
    at.number_input(key=Keys.EXPORT_WINDOW).set_value(8).run()
    at.toggle(key=Keys.EXPORT_SLIDING).set_value(True).run()
    at.number_input(key=Keys.EXPORT_JOIN).set_value(30).run()
    at.radio(key=Keys.EXPORT_OPENING).set_value(Opening.LINE).run()
    at.text_input(key=Keys.EXPORT_LINE).set_value("（他没说话）").run()
    chosen = ExportOptions(
        validation=0.1,
        max_tokens=1024,
        window=8,
        sliding=True,
        join_minutes=30,
        opening=Opening.LINE,
        opening_line="（他没说话）",
    )
    assert workflow.load_export_options(sample) == chosen

    at.number_input(key=Keys.EXPORT_WINDOW).set_value(7).run()
    assert "窗口" in at.toast[0].value
    at.multiselect(key=Keys.EXPORT_FORMATS).set_value([]).run()
    assert "格式" in at.toast[0].value
    assert workflow.load_export_options(sample) == chosen
    again = open_page("export").run()
    assert again.number_input(key=Keys.EXPORT_WINDOW).value == 8
    assert "10%" in again.expander[0].label.replace("\\", "")
    again.button(key="export-usual").click().run()
    assert workflow.load_export_options(sample) == PLAIN


@pytest.mark.parametrize(
    ("place", "said"), [("missing.json", "没有这个文件"), (".", "这是一个文件夹")]
)
def test_a_tokenizer_that_is_no_file_is_said_before_anything_is_built(
    sample: Workspace, open_page: OpenPage, tmp_path: Path, place: str, said: str
) -> None:
    approve(sample, "妈妈")
    at = open_page("export").run()
    at.text_input(key=Keys.EXPORT_TOKENIZER).set_value(f'"{tmp_path / place}"').run()
    assert said in at.error[0].value
    assert at.button(key="build").disabled
    at.text_input(key=Keys.EXPORT_TOKENIZER).set_value("").run()
    assert not at.error
    assert not at.button(key="build").disabled


def test_a_folder_that_may_not_be_written_is_one_sentence(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    workflow.versions_folder(sample).write_text("in the way", encoding="utf-8")
    at = open_page("export").run()
    at.button(key="build").click().run()
    assert not at.exception
    assert workflow.versions_folder(sample).name in at.error[0].value.replace("\\", "")


def test_what_was_left_out_leads_to_those_conversations(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    at = open_page("export").run()
    at.button(key="build").click().run()
    report = written(sample, "report.json")
    assert report["left_out"]
    for reason, held in report["left_out"].items():
        assert at.button(key=f"list-left.{newest(sample).id}.{reason}").label == "去看看"
        listed = workflow.conversation_list(
            sample, workflow.left_out_list(newest(sample).id, reason)
        )
        flt = ConversationFilter(listed=listed)
        assert workflow.count_matching(sample, flt) == held["count"]


def test_several_formats_come_in_one_file_and_each_by_itself(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    at = open_page("export").run()
    at.multiselect(key=Keys.EXPORT_FORMATS).set_value(["openai", "sharegpt"]).run()
    assert workflow.load_export_options(sample).formats == ("sharegpt", "openai")
    at.button(key="build").click().run()
    assert not at.exception
    assert offered(at)[0] == "ruwo-dataset.zip"
    assert offered(at).count("ruwo-dataset.zip") == 1
    assert sorted(offered(at)[1:]) == sorted(each.name for each in newest(sample).files)


def test_versions_are_named_compared_built_again_and_deleted(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    at = open_page("export").run()
    at.button(key="build").click().run()
    first = newest(sample)
    at.text_input(key=Keys.VERSION_NAME).set_value("只有妈妈")
    at.text_area(key=Keys.VERSION_NOTE).set_value("试训用")
    next(each for each in at.button if each.label == "保存").click().run()
    assert (newest(sample).name, newest(sample).note) == ("只有妈妈", "试训用")

    added = approve(sample, "阿橙")
    at.button(key="build").click().run()
    second = newest(sample)
    assert second.id > first.id
    at.button(key="compare").click().run()
    found = workflow.compare_versions(sample, first.id, second.id).difference
    assert 0 < len(found.added) <= added
    assert any(f"新增 {len(found.added)} 段" in each.value for each in at.markdown)

    at.button(key=f"rebuild-{second.id}").click().run()
    assert "逐字节相同" in at.toast[0].value
    at.button(key=f"rebuild-{first.id}").click().run()
    # With the same options of today's workspace it is what the second one is.
    assert f"版本 {second.id}" in at.toast[0].value

    at.button(key=f"delete-files-{first.id}").click().run()
    assert workflow.kept_versions(sample).versions[1].folder == ""
    at.button(key=f"show-{first.id}").click().run()
    assert offered(at) == []
    assert any("已经删除" in each.value for each in at.info)
    at.button(key=f"delete-{first.id}").click().run()
    assert [each.id for each in workflow.kept_versions(sample).versions] == [second.id]
    assert not at.exception


def test_what_changed_in_a_conversation_is_seen_side_by_side(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    workflow.build_version(sample, PLAIN)
    workflow.save_persona(sample, Persona(name="小满", occupation="插画师"))
    workflow.build_version(sample, PLAIN)
    at = open_page("export").run()
    at.button(key="compare").click().run()
    one = next(each for each in at.selectbox if each.label == "看一段改变了的对话")
    one.set_value(workflow.compare_versions(sample, 1, 2).difference.changed[0]).run()
    assert not at.exception
    bodies = [str(getattr(each, "body", "")) for each in at.get("html")]
    assert [body for body in bodies if "border-left" in body and "插画师" in body]

    workflow.delete_version_files(sample, newest(sample).id)
    at.run()
    assert any("看不到它的文字" in each.value for each in at.info)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("sharegpt.json", b"", id="no records"),
        pytest.param("sharegpt.json", "我的聊天".encode("gb18030"), id="another encoding"),
        pytest.param("sharegpt.json", b"[\n\xb0\xa1\n]\n", id="another encoding in the middle"),
        pytest.param("sharegpt.json", b"[\n{}\n]\n", id="other records"),
        pytest.param("sharegpt.json", b'[\n{"conversations": [\n', id="cut off"),
        pytest.param("labels.jsonl", b"", id="no labels"),
        pytest.param("labels.jsonl", b"NUMBER\n", id="no label"),
        pytest.param("labels.jsonl", b'{"index": 0, "conversation": NUMBER\n', id="half a label"),
        pytest.param(
            "labels.jsonl", b'{"index": -1, "conversation": NUMBER}\n', id="a label of nothing"
        ),
        pytest.param(
            "labels.jsonl", b'{"index": 9999, "conversation": NUMBER}\n', id="a record too far"
        ),
    ],
)
def test_files_that_somebody_changed_are_one_sentence(
    sample: Workspace, open_page: OpenPage, name: str, content: bytes
) -> None:
    approve(sample, "妈妈")
    workflow.build_version(sample, PLAIN)
    workflow.save_persona(sample, Persona(name="小满", occupation="插画师"))
    workflow.build_version(sample, PLAIN)
    changed = workflow.compare_versions(sample, 1, 2).difference.changed
    path = workflow.version_file(sample, newest(sample), name)
    assert path is not None
    path.write_bytes(content.replace(b"NUMBER", str(changed[0]).encode()))

    at = open_page("export").run()
    assert not at.exception
    assert bool(at.error) == (name == "sharegpt.json")
    at.button(key="compare").click().run()
    one = next(each for each in at.selectbox if each.label == "看一段改变了的对话")
    one.set_value(changed[0]).run()
    assert not at.exception
    assert at.error
    told = [each.value.replace("\\", "") for each in at.error]
    assert all(name in each or "sharegpt.json" in each for each in told)


def test_a_version_that_is_gone_meanwhile_is_passed_over(
    sample: Workspace, open_page: OpenPage
) -> None:
    approve(sample, "妈妈")
    workflow.build_version(sample, PLAIN)
    at = open_page("export").run()
    workflow.delete_version(sample, newest(sample).id)
    at.run()
    assert not at.exception
    assert offered(at) == []
