"""Invented chat messages for the benchmarks: repeatable, and as mixed as people write them."""

from __future__ import annotations

import random
import re
from typing import Final

LIKELY: Final = re.compile("[0-9@路街号楼弄栋幢室区村组镇县市]")
"""The cheap prefilter that is often put before a search: digits, @ and letters of addresses."""

_TALK: Final = (
    *("好呀", "嗯嗯", "哈哈哈哈", "在吗", "晚安", "早", "真的假的", "笑死我了", "不要嘛", "随便"),
    *("我刚到家", "今天好累啊", "想吃火锅了", "外面下雨了", "你带伞没有", "猫又把杯子打翻了"),
    *("明天再说吧", "我觉得还行", "那个电影还不错", "等我一下", "马上就来", "你先睡", "别生气啦"),
    *("这周末有空吗", "奶茶要三分糖", "加班到现在", "老板又改需求", "我妈让我早点回去", "收到"),
    *("头发剪短了", "你猜我看见谁了", "太好吃了吧", "下次一起去", "别忘了给花浇水", "困死了"),
    *("昨天梦到考试", "耳机找不到了", "手机快没电了", "这个颜色好看", "帮我拿一下快递", "谢谢你"),
    *("他说他不来了", "我也这么想", "有点紧张", "祝你好运", "听你的", "慢慢来", "怎么不接电话"),
    *("周一要交报告", "感冒好点没", "多喝热水", "记得吃药", "刚开完会", "想你了", "又胖了一圈"),
    *("这歌循环一整天了", "你是不是又熬夜", "气死我了", "没事的", "抱抱", "我先去洗澡", "可以可以"),
    *("王老师今天没来", "小周说他请客", "阿姨做的红烧肉", "他们班在排练", "排队排了好久", "绝了"),
)
_ENDS: Final = (
    "",
    "",
    "",
    "",
    "吧",
    "啊",
    "~",
    "!",
    "？",
    "。",
    "哈哈",
    "[捂脸]",
    "😂",
    "呜呜",
    "…",
)
_LINKS: Final = ("，", " ", "，然后", "，不过", "。", "，反正", "，因为", "!")
_STICKERS: Final = ("[动画表情]", "[图片]", "[微笑]", "(*^▽^*)", "QAQ", "ok", "emmm", "2333", "666")


_HARMLESS: Final = (
    *("1#点<见/半开会/到/睡的>", "2#:#5的<车/电影/闹钟>", "一共##<块/元><，我转你/，好贵/>"),
    *(
        "订单号1578##########",
        "S<F/T>13###########，你的快递",
        "取件码#-#-####",
        "20##年#月的<照片/事>",
    ),
    *(
        "<小区/村/市区>门口<好堵/在修路>",
        "我在#号线，<人好多/还有#站/刚上来>",
        "<他/我>考了1##分<，绝了/！/>",
    ),
    *(
        "v#.#.##版<更新了/有bug>",
        "上#楼的<会议室/食堂/楼梯好累>",
        "密码<忘了/又错了/是啥来着>，试过###了",
    ),
)
_PRIVATE: Final = (
    *("我的号138########<哈/，微信同号/>", "打这个电话 159-####-####", "座机021-6#######"),
    *("地址是<翻斗花园/梧桐小区/望江公寓>#号楼1###", "住在<朝阳区/西湖区><青石路/银杏街>1##号"),
    *("发我邮箱lin####@<163/qq>.com", "wifi密码是<abc/Home/miao>#####", "验证码 ######"),
    *("微信号：mao_######", "QQ1########", "车牌沪A#####"),
)
"""In all of these `#` stands for a digit and `<a/b>` for one of several."""


def _filled(template: str, draw: random.Random) -> str:
    chosen = re.sub("<(.*?)>", lambda match: draw.choice(match[1].split("/")), template)
    return re.sub("#", lambda _match: draw.choice("0123456789"), chosen)


def message(draw: random.Random, private: float, harmless: float) -> str:
    """Return one message; `private` and `harmless` are the shares of PII and of what is like it."""
    kind = draw.random()
    if kind < private + harmless:
        said = _filled(draw.choice(_PRIVATE if kind < private else _HARMLESS), draw)
        return said + draw.choice(_LINKS) + draw.choice(_TALK) if draw.random() < 0.2 else said
    if draw.random() < 0.06:
        return draw.choice(_STICKERS)
    said = draw.choice(_TALK)
    if draw.random() < 0.82:
        said += draw.choice(_LINKS) + draw.choice(_TALK)
    return said + draw.choice(_ENDS)


def messages(
    count: int, seed: int, *, private: float = 0.02, harmless: float = 0.15, distinct: bool = False
) -> list[str]:
    """Return `count` messages, about eleven characters each; where `distinct`, no two are equal."""
    draw = random.Random(seed)
    if not distinct:
        return [message(draw, private, harmless) for _ in range(count)]
    said: dict[str, None] = {}
    while len(said) < count:
        said[message(draw, private, harmless)] = None
    return list(said)
