"""The whole job without a screen keeps what was said, in its order."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from curation.errors import ExportBlockedError
from curation.workflow.building import build_dataset
from tests.examples import examples

if TYPE_CHECKING:
    import pytest

ME, OTHER = "小满", "阿橙"
PIECES = st.sampled_from(
    [
        *("哈哈哈哈", "嗯嗯", "！！！", "~~", "[委屈]", "[旺柴][旺柴]", "orz", "，", "…", "𠮷"),
        *("(｡•́︿•̀｡)", "¯\\_(ツ)_/¯", "（╯‵□′）╯︵┴─┴", "👩🏽\u200d💻", "❤️", "é", "e\u0301"),
        *('"', "'", "<3", "</b>", "$x$", "**", "=1", "\\n", "|", "引用：", "「」", "【图片】"),
        *("\n", "  ", "\u3000"),
    ]
)
WORDS = st.lists(PIECES, min_size=1, max_size=6).map("".join)
TALKS = st.lists(st.tuples(st.sampled_from([ME, OTHER]), WORDS), min_size=1, max_size=30)


def expected_turns(talk: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is exported of a talk, worked out in the plainest way."""
    lines = [(who, text.strip(" \t\n")) for who, text in talk if text.strip()]
    turns = [
        (who, "\n".join(text for _who, text in run))
        for who, run in groupby(lines, lambda line: line[0])
    ]
    if turns and turns[0][0] == ME:
        del turns[0]
    if turns and turns[-1][0] == OTHER:
        del turns[-1]
    return [("gpt" if who == ME else "human", text.strip()) for who, text in turns]


@settings(
    max_examples=examples(12),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(talk=TALKS)
def test_what_was_said_is_exported_in_its_order_letter_by_letter(
    talk: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("talk")
    path = folder / f"{OTHER}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"])
        # Somebody else must have spoken, and me too, or nobody knows who is who.
        talk = [(ME, "开始"), (OTHER, "开始"), *talk]
        for number, (who, text) in enumerate(talk):
            time = datetime(2024, 5, 1, 20) + timedelta(seconds=10 * number)  # noqa: DTZ001  (local)
            writer.writerow([7 * 10**18 + number, "文本", who, time, text, who, who, "more"])
    expected = expected_turns(talk)
    try:
        build_dataset([path], folder / "out", me=ME)
    except ExportBlockedError:
        assert expected == []
        return
    (record,) = json.loads((folder / "out" / "sharegpt.json").read_bytes())
    assert [(item["from"], item["value"]) for item in record["conversations"]] == expected
