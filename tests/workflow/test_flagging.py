"""What a person flags by hand stays through searches and edits; every step can be undone."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import BY_HAND, ConversationFilter, Decision
from curation.store import iter_conversations

if TYPE_CHECKING:
    from curation.model import Finding
    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat


class Desk:
    """A workspace with one chat, and what its screen would send."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._numbers = count(1)

    def message(self, place: int = 0) -> tuple[int, int, str, tuple[Finding, ...]]:
        (held,) = iter_conversations(self.workspace, ConversationFilter())
        message = held.messages[place]
        return held.id, message.id, message.text, message.findings

    def found(self, place: int = 0) -> list[tuple[str, str, str, Decision]]:
        _conversation, _message, text, findings = self.message(place)
        return [(f.entity, text[f.start : f.end], f.recognizer, f.decision) for f in findings]

    def send(self, kind: str, **fields: object) -> list[str]:
        (held,) = iter_conversations(self.workspace, ConversationFilter())
        action = {
            "n": next(self._numbers),
            "type": kind,
            "id": held.id,
            "version": held.version,
            **fields,
        }
        ack = workflow.commit_actions(self.workspace, "tab", [action])
        return [each.error.template for each in ack.refused if each.n == action["n"]]

    def flag(
        self, shown: str, entity: str = "CUSTOM_TERM", *, all_equal: bool = False
    ) -> list[str]:
        _conversation, message, text, _findings = self.message()
        start = text.index(shown)
        return self.send(
            "flag",
            message=message,
            start=start,
            end=start + len(shown),
            text=shown,
            entity=entity,
            all_equal=all_equal,
        )


@pytest.fixture
def desk(workspace: Workspace, write_chat: WriteChat) -> Desk:
    path = write_chat(
        [
            (0, "阿橙", "😀去老地方，号13800138000，暗号是天王盖地虎"),
            (1, "小满", "老地方见[OK]"),
        ]
    )
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return Desk(workspace)


PHONE = ("PHONE_NUMBER", "13800138000", "CnPhoneRecognizer", Decision.PENDING)


def test_a_flagged_span_is_masked_and_undo_takes_it_back(desk: Desk) -> None:
    before = desk.found()
    assert desk.flag("老地方", "CN_ADDRESS") == []
    assert desk.found() == [("CN_ADDRESS", "老地方", BY_HAND, Decision.MASK), *before]
    workflow.undo(desk.workspace)
    assert desk.found() == before
    workflow.redo(desk.workspace)
    assert desk.found()[0][:2] == ("CN_ADDRESS", "老地方")


def test_blanks_around_a_selection_do_not_count(desk: Desk) -> None:
    conversation, message, text, _findings = desk.message()
    assert conversation
    desk.send("edit_message", message=message, text=text + " 暗号 ")
    assert desk.flag(" 暗号") == []
    assert ("CUSTOM_TERM", "暗号", BY_HAND, Decision.MASK) in desk.found()


def test_a_selection_that_cuts_a_finding_takes_it_in_whole(desk: Desk) -> None:
    assert desk.flag("地方，号138", "CN_ADDRESS") == []
    assert ("CN_ADDRESS", "地方，号13800138000", BY_HAND, Decision.MASK) in desk.found()
    assert PHONE not in desk.found()


def test_what_was_flagged_stays_flagged_when_everything_is_searched_again(desk: Desk) -> None:
    desk.flag("天王盖地虎", "PASSWORD")
    before = desk.found()
    with desk.workspace.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET scanned = 0")
    workflow.scan_findings(desk.workspace)
    assert desk.found() == before


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("改成去老地方吧，号13800138000", ["老地方", "13800138000"]),
        ("号13900139000，老地方", ["13900139000", "老地方"]),
        ("老~地~方", ["老~地~方"]),
        ("去别处吧", []),
    ],
)
def test_an_edit_keeps_what_was_flagged_where_it_still_stands(
    desk: Desk, text: str, left: list[str]
) -> None:
    desk.flag("老地方", "CN_ADDRESS")
    _conversation, message, _text, _findings = desk.message()
    assert desk.send("edit_message", message=message, text=text) == []
    assert [shown for _entity, shown, _by, _decision in desk.found()] == left


def test_another_kind_can_be_said(desk: Desk) -> None:
    _conversation, _message, _text, findings = desk.message()
    phone = next(each for each in findings if each.entity == "PHONE_NUMBER")
    assert desk.send("relabel", finding=phone.id, entity="QQ_NUMBER") == []
    relabelled = ("QQ_NUMBER", "13800138000", BY_HAND, Decision.MASK)
    assert relabelled in desk.found()
    with desk.workspace.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET scanned = 0")
    workflow.scan_findings(desk.workspace)
    assert relabelled in desk.found()
    workflow.undo(desk.workspace)
    assert PHONE in desk.found()


def test_releasing_what_was_flagged_brings_back_what_it_hid(desk: Desk) -> None:
    before = desk.found()
    desk.flag("13800138000，暗号", "CUSTOM_TERM")
    _conversation, _message, _text, findings = desk.message()
    mine = next(each for each in findings if each.recognizer == BY_HAND)
    assert desk.send("release", finding=mine.id) == []
    assert desk.found() == before


def test_a_selection_of_another_text_is_refused(desk: Desk) -> None:
    _conversation, message, _text, _findings = desk.message()
    for start, end, shown in ((0, 3, "老地方"), (0, 999, "x"), (3, 3, ""), (-1, 2, "去")):
        fields = {"start": start, "end": end, "text": shown}
        refused = desk.send(
            "flag", message=message, entity="CUSTOM_TERM", all_equal=False, **fields
        )
        assert len(refused) == 1
    assert desk.send(
        "flag", message=message, start=0, end=1, text="😀", entity="NOTHING", all_equal=False
    )


def test_the_export_masks_what_was_flagged(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.flag("天王盖地虎", "PASSWORD")
    desk.send("set_status", status="approved")
    out = tmp_path_factory.mktemp("out")
    workflow.export_dataset(desk.workspace, out)
    written = (out / "sharegpt.json").read_text(encoding="utf-8")
    assert "天王盖地虎" not in written
    assert "〔密码〕" in written


def _phones(workspace: Workspace, write_chat: WriteChat, text: str) -> Desk:
    """Import a message with phone numbers in it, one of which is kept wherever it stands."""
    path = write_chat([(0, "阿橙", text), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    workflow.decide_value(workspace, "PHONE_NUMBER", "13812345678", Decision.KEEP)
    return Desk(workspace)


KEEP, MASK, PENDING = Decision.KEEP, Decision.MASK, Decision.PENDING


@pytest.mark.parametrize(
    ("edit", "places", "decisions"),
    [
        (("打13812345678", "打13812345678哈"), {0: MASK}, [MASK]),
        (("打13812345678", "打13812345678哈"), {}, [KEEP]),
        (("打13812345678或13812345678", "打13812345678或13812345678哈"), {1: MASK}, [KEEP, MASK]),
        (("打13812345678或13812345678", "打13812345678或者13812345678"), {0: MASK}, [MASK, KEEP]),
        (("打13812345678或13812345678", "打13812345678"), {1: MASK}, [MASK]),
        (("打13999990000", "打13999990000哈"), {0: KEEP}, [KEEP]),
        (("打13999990000", "打13999990001哈"), {0: KEEP}, [PENDING]),
        (("打13999990000", "打13999990001"), {0: MASK}, [MASK]),
    ],
)
def test_an_edit_leaves_the_decision_at_its_place(
    workspace: Workspace,
    write_chat: WriteChat,
    edit: tuple[str, str],
    places: dict[int, Decision],
    decisions: list[Decision],
) -> None:
    before, after = edit
    desk = _phones(workspace, write_chat, before)
    _conversation, message, _text, findings = desk.message()
    for place, decision in places.items():
        workflow.decide_place(workspace, findings[place].id, decision)
    was = desk.found()
    assert desk.send("edit_message", message=message, text=after) == []
    assert [decision for *_found, decision in desk.found()] == decisions
    workflow.undo(workspace)
    assert desk.found() == was


def test_a_flag_stays_when_a_word_inside_of_it_is_corrected(desk: Desk) -> None:
    desk.flag("暗号是天王盖地虎")
    _conversation, message, text, _findings = desk.message()
    assert desk.send("edit_message", message=message, text=text.replace("天王", "天皇")) == []
    assert desk.found()[-1][1:] == ("暗号是天皇盖地虎", BY_HAND, Decision.MASK)
