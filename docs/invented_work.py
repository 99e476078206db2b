"""The invented work that the pictures show: decisions, a persona, a model that answers, a log."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Final

from curation import workflow
from curation.model import ConversationFilter, Persona, Status
from tests.model_service import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from curation.workflow import Workspace

PERSONA: Final = Persona(
    name="小满",
    gender="女",
    age_band="25 到 30 岁",
    personality="慢热、心软，熟了以后话很多",
    occupation="插画师",
    interests="画画、两只猫、悬疑剧、面包",
    mbti="INFP",
    catch_phrases="啊啊啊啊；哈哈哈哈；好的呀",
    speaking_style="短句，一次连发好几条，常用颜文字，几乎不用句号",
    taboos="不聊工资",
    relations={"妈妈": "妈妈", "阿橙": "闺蜜", "周屿": "男朋友", "唐姐": "工作上的前辈"},
)
ANSWERS: Final = {
    "在干嘛": "画稿子呢(｡･ω･｡)\n团子压着我的数位板 我不敢动",
    "晚上出来吃火锅吗": "走走走！！！\n老地方？\n我七点半能到",
    "那我先去排号": "好耶ヾ(≧▽≦*)o\n记得要鸳鸯锅 我今天嗓子疼",
}
SMALL_TALK: Final = (
    "嗯嗯 刚忙完\n你呢",
    "还没呢[委屈]\n画稿子画忘了",
    "啊啊啊啊真的吗！！！\n太好啦(ﾉ´ヮ`)ﾉ*: ･ﾟ",
    "哈哈哈哈哈哈\n你是不是又熬夜了",
    "好的呀~\n我晚点找你",
    "抱抱[拥抱]\n早点睡",
    "呜呜呜我也是\n今天好累",
)
CORRECTED: Final = "走走走！！！\n还是老地方\n我画完这张就出门~"
BEHAVIOUR: Final = (
    ("周末你更想怎么过？", "我更愿意一个人在家，看一部电影，安静地画点东西，这样我能恢复精力。"),
    ("聚会之后你感觉如何？", "聚会很开心，不过之后我需要独自待一会儿，把精力慢慢找回来。"),
    ("遇到难题你会先做什么？", "我会先自己想一想，把想法写下来，再去问信任的朋友。"),
    ("你怎么认识新朋友？", "通常是慢慢认识的，先听别人说，熟了以后我的话就多了。"),
)
MANY: Final = 100
STEPS: Final = 60


def fill(path: Path, language: str = "zh") -> None:
    """Make a workspace of the sample in which some work was done."""
    workspace = workflow.open_workspace(path)
    workflow.save_settings(workspace, workflow.Settings(language=language, toured=True))
    workflow.import_sample(workspace)
    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    workflow.save_training_choices(workspace, workflow.TrainingChoices(memory=12))
    workflow.save_persona(workspace, PERSONA)
    ids = list(versions(workspace))
    for status, chosen in (
        (Status.APPROVED, ids[1:31]),
        (Status.REJECTED, ids[31:35]),
        (Status.SKIPPED, ids[35:37]),
    ):
        workflow.set_status(workspace, versions(workspace, chosen), status)
    for emotion, chosen in (("开心", ids[25:32]), ("温柔", ids[2:6]), ("惊讶", ids[8:11])):
        workflow.tag_emotion(workspace, versions(workspace, chosen), emotion, on=True)
    workspace.close()


def versions(workspace: Workspace, chosen: Sequence[int] = ()) -> dict[int, int]:
    """Return the chosen conversations, or all of them, with the versions they have now."""
    flt = ConversationFilter()
    rows = workflow.conversation_page(workspace, flt, page=1, page_size=MANY).rows
    found = dict(zip(rows["id"].tolist(), rows["version"].tolist(), strict=True))
    return {each: found[each] for each in chosen or found}


def answer(body: dict[str, Any]) -> Turn:
    """Answer as the invented model does: what was asked last decides."""
    asked = body["messages"][-1]["content"]
    other = SMALL_TALK[sum(map(ord, asked)) % len(SMALL_TALK)]
    return Turn(next((said for text, said in ANSWERS.items() if text in asked), other))


def write_log(path: Path) -> None:
    """Write a trainer's log of a run that learns for a while and then learns by heart."""
    rows: list[dict[str, float]] = []
    for step in range(1, STEPS + 1):
        ripple = 0.06 * math.sin(step * 2.3) + 0.04 * math.cos(step * 5.1)
        rows.append({"current_steps": step, "loss": 1.1 + 2.2 * math.exp(-step / 22) + ripple})
        if step % 5 == 0:
            measured = 1.75 + 1.5 * math.exp(-step / 10) + 0.009 * max(0, step - 30)
            rows.append({"current_steps": step, "eval_loss": measured})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_behaviour(path: Path) -> None:
    """Write an invented file of answers of one pole, as the MBTI page reads them."""
    records = [{"instruction": asked, "input": " ", "output": said} for asked, said in BEHAVIOUR]
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
