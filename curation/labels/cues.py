"""Words by which people say in chat what they feel.

Precision before coverage: a line of chat tells little by itself, so only words are here that
hardly anybody writes without the feeling. `STRONG` ones speak by themselves; those of `PLAIN` only
beside an intensifier (好难过, 难过死了) or where the person speaks of themselves (我难过).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.labels.feelings import Feeling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STRONG: Final[Mapping[Feeling, str]] = {
    Feeling.HAPPY: (
        "太好了 太棒了 太棒啦 太好啦 好开心 太开心 超开心 真开心 开心死 开心坏 开心到 "
        "高兴坏 高兴死 乐死 乐坏 笑喷 "
        "笑疯 好耶 耶耶 耶！ 万岁 美滋滋 喜大普奔 爱了爱了 awsl 太爽了 爽死 爽翻 "
        "好幸福 太幸福 幸福死 激动死 激动得 "
        "好激动 太激动 喜极而泣 可算等到 终于等到 恭喜恭喜 真好啊 真好呀 "
        "真棒 太赞了 太美了 太好看 太好吃 太幸运 好幸运 好玩死 爱死了 爱死这 绝绝子 so "
        "happy yay"
    ),
    Feeling.SAD: (
        "呜呜 嘤嘤 想哭 哭死 哭晕 哭惨 哭唧唧 泪目 泪流满面 伤心死 难过死 难受死 心碎了 心都碎 "
        "心酸 心塞 心累 心如刀割 心好痛 心好累 "
        "好难过 好伤心 好难受 好失落 好委屈 好孤独 好孤单 好绝望 好失望 太失望 太难过 "
        "太伤心 破防了 emo了 好emo 好丧 郁闷死 "
        "不开心 不快乐 高兴不起来 开心不起来 笑不出来 活着没意思 活不下去 生无可恋 "
        "撑不下去 扛不住了 崩溃了 要崩溃 快崩溃 "
        "好想他 好想她 舍不得你 心灰意冷 "
        "不想活 心情不好 心情很差 心情好差 好倒霉 真倒霉 太倒霉 "
        "好想哭 好遗憾 so_sad"
    ),
    Feeling.ANGRY: (
        "气死 气炸 气疯 气哭 气得 火大 恼火 好生气 很生气 真生气 太生气 好气啊 好气哦 "
        "真气人 太气人 气人 "
        "烦死 烦透 好烦 真烦 烦躁 好讨厌 太讨厌 最讨厌 忍无可忍 受够了 不爽 怒了 想骂人 "
        "想打人 恨死 吵死了 "
        "懒得理你 谁稀罕 气不打"
    ),
    Feeling.AFRAID: (
        "好怕 怕怕 好害怕 好可怕 太可怕 好恐怖 太恐怖 毛骨悚然 瑟瑟发抖 细思极恐 慌死 好慌 慌得 "
        "紧张死 好紧张 太紧张 超紧张 担心死 好担心 很担心 太担心 好焦虑 焦虑死 好不安 "
        "提心吊胆 怕死了"
    ),
    Feeling.SURPRISED: (
        "惊呆 惊了 震惊 难以置信 不敢相信 不可思议 大吃一惊 惊掉下巴 目瞪口呆 瞳孔地震"
    ),
    Feeling.DISGUSTED: ("恶心 想吐 反胃 呕呕 yue了 辣眼睛 臭死 好嫌弃 倒胃口 膈应 脏死"),
    Feeling.TENDER: (
        "爱你 好想你 想你了 想你啦 想死你 么么 抱抱 亲亲 mua 贴贴 摸摸头 比心 心疼你 疼你 "
        "想抱你 晚安宝 宝贝晚安 love_you "
        "miss_you"
    ),
}

THROWN: Final = (
    "混蛋 王八蛋 傻逼 傻b 煞笔 神经病 有病吧 有毛病吧 脑子有病 你有病 滚开 滚蛋 滚出去 "
    "给我滚 去死 闭嘴 "
    "他妈的 tmd 尼玛 nmd 凭什么 欺人太甚 岂有此理 不要脸 要不要脸 可恶 该死的 有完没完 "
    "关你屁事 胡说八道 "
    "放屁 狗屁 太过分 好过分 真过分 少废话 瞎了眼 不讲理 不讲道理 讲不讲理 蛮不讲理 "
    "无理取闹 不可理喻 "
    "不像话 像话吗 混账 畜生 贱人 不识好歹 住口 住手 放开我 有种你 有什么资格 嚷什么 "
    "喊什么 吵什么 吼什么 "
    "闹什么 良心被狗 丢不丢人 你以为你是谁 别管我 不用你管 欺负人 没良心 没教养 没素质 "
    "没完没了 烦不烦 "
    "给我站住 给我出去 给我闭嘴 给我听着 别骗我 别逼我 别碰我 别烦我 无耻 卑鄙 臭流氓 白痴 "
    "缺德 跟你没完 "
    "你还有脸 还好意思 离我远点 要你管 你管我 闹够了 够了没 你够了 少装 少来这套 "
    "有没有搞错 搞什么鬼 "
    "搞什么啊 你什么人 什么人啊 wtf fuck"
)
"""What people throw at others when they are angry."""

PLAIN: Final[Mapping[Feeling, str]] = {
    Feeling.HAPPY: "开心 高兴 幸福 激动 快乐 惊喜 满足 欣慰 感动 兴奋 爽",
    Feeling.SAD: (
        "难过 伤心 难受 委屈 失落 失望 沮丧 绝望 郁闷 孤独 孤单 寂寞 崩溃 心痛 后悔 遗憾 "
        "emo 丧 痛苦 压抑 哭了"
    ),
    Feeling.ANGRY: "生气 过分 气愤 愤怒 窝火 烦",
    Feeling.AFRAID: "害怕 可怕 恐怖 紧张 担心 焦虑 不安 慌",
    Feeling.SURPRISED: "惊讶 吃惊 意外 天哪 天呐 我的天 哇塞 omg",
    Feeling.DISGUSTED: "嫌弃",
    Feeling.TENDER: "喜欢你 想你",
}

STRONG_SCORE: Final = 0.72
PLAIN_SCORE: Final = 0.5
SPEAKS: Final = 0.6
"""A feeling is told from this score on."""

_INTENSIFIED: Final = 0.2
_OWNED: Final = 0.08
_AROUND: Final = 12
"""Characters before and behind a word that say whose it is and whether it is meant."""

_BY_WORD: Final = {
    word.replace("_", " "): (feeling, score)
    for table, score in (
        (STRONG, STRONG_SCORE),
        ({Feeling.ANGRY: THROWN}, STRONG_SCORE),
        (PLAIN, PLAIN_SCORE),
    )
    for feeling, words in table.items()
    for word in words.split()
}

_CUE: Final = re.compile(
    "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in sorted(_BY_WORD, key=len, reverse=True)
    )
)

_CLAUSE: Final = re.compile(r"[\s，,。.！!？?；;、…~～\ufffc]+")

_NEGATED: Final = re.compile(
    r"(?:不是|不会|不要|不用|不必|不至于|不怎么|不太|没有|没那么|没什么|没|不|别|莫|勿|无需|"
    r"从不|从没|毫不|并非|谁说|哪有|哪里"
    r"|有什么可?|有啥可?|有什么好|有啥好|干嘛|怎么还|难道|至于)(?:这么|那么|太|很|再|会|"
    r"觉得|感到|让[我你他她])?$"
)
"""What stands right before a word that is not felt. Misses a negation further ahead."""

_NOT_MINE: Final = re.compile(
    r"(?:[你您他她它祝愿]|别人|人家|大家|谁|老板|妈妈|爸爸|爸|妈|老师|孩子|宝宝|同事|客户|"
    r"对方|女生|男生|要是|如果|假如|万一|会|能|怎么"
    r"|为什么|让人)[^我]{0,4}$"
)
"""Whose feeling it is when it is not the writer's, or not one that is there now."""

_INTENSE_BEFORE: Final = re.compile(
    r"(?:好|很|太|真|超|超级|特别|非常|十分|极其|巨|贼|老|最|更|越来越|有点|有些|挺|蛮|可|"
    r"实在|真的|简直|快|so)(?:的|是|地)?$"
)
_INTENSE_BEHIND: Final = re.compile(
    r"死|坏|极了|爆|疯|炸|得要命|得不行|得很|到不行|到爆|"
    r"到哭|惨了"
)
_OWN: Final = re.compile(
    r"(?:我|俺|本人|人家|心里|有点|觉得|感觉)(?:今天|现在|真|都|也|是|好|很|就|又|还)*$"
)
_ASKING: Final = re.compile(r"[^\s，,。.！!；;]{0,6}(?:[？?]|吗$)|(?:没有?|不)$")
_OPEN: Final = frozenset({*STRONG[Feeling.SURPRISED].split(), *PLAIN[Feeling.SURPRISED].split()})
"""Words that are often said as a question, or to somebody."""


def cues_in(text: str) -> Iterator[tuple[Feeling, float, str]]:
    """Yield feeling, score and word of each cue of a text that is the writer's own feeling now.

    Left out is what is negated, asked, wished, said of others or only supposed.
    """
    lowered = text.lower()
    for match in _CUE.finditer(lowered):
        word = match[0]
        feeling, score = _BY_WORD[word]
        before = _CLAUSE.split(lowered[max(0, match.start() - _AROUND) : match.start()])[-1]
        if _NEGATED.search(before):
            continue
        behind = lowered[match.end() : match.end() + _AROUND]
        end = _CLAUSE.search(behind)
        rest = behind if end is None else behind[: end.end()]
        if word not in _OPEN and (_NOT_MINE.search(before) or _ASKING.search(rest)):
            continue
        if score < SPEAKS:
            score += _INTENSIFIED * bool(_INTENSE_BEFORE.search(before))
            score += _INTENSIFIED * bool(_INTENSE_BEHIND.match(rest))
            score += _OWNED * bool(_OWN.search(before))
        yield feeling, score, word
