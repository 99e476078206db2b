from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from curation import workflow
from curation.model import ConversationFilter, FindingQuery, Persona, Status
from curation.ui.exporting import FILES, Exported
from curation.ui.state import Keys
from curation.workflow import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def built(at: AppTest) -> Exported:
    exported: Exported | None = at.session_state["ruwo"].exported
    assert exported is not None
    return exported


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
    assert [each.key for each in at.get("download_button")] == [
        f"download-{name}" for name in FILES
    ]
    records: list[dict[str, Any]] = json.loads(built(at).files["sharegpt.json"])
    report = json.loads(built(at).files["report.json"])
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
    at.button(key="build").click().run()

    shown = [json.loads(code.value) for code in at.code]
    assert shown
    assert shown == json.loads(built(at).files["sharegpt.json"])[: len(shown)]


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

    report = json.loads(built(at).files["report.json"])
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
    records = json.loads(built(at).files["sharegpt.json"])
    assert all("character_traits" in record for record in records)
    assert open_page("export").run().radio(key=Keys.VARIANT).value is Variant.EXTENDED
