"""What sticker codes such as `[委屈]` show, in whatever language the app was set to.

Codes that young and old, or friends and strangers, read in opposite ways say nothing by themselves
and are not here: `[微笑]`, `[捂脸]`, `[再见]`, `[旺柴]`, `[吃瓜]`, `[汗]`, `[无语]`...
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from curation.labels.feelings import Feeling

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHINESE: Final[Mapping[Feeling, str]] = {
    Feeling.HAPPY: (
        "愉快 呲牙 偷笑 憨笑 调皮 得意 鼓掌 耶 嘿哈 笑脸 破涕为笑 庆祝 烟花 爆竹 跳跳 转圈 "
        "激动 坏笑 奸笑 乱舞 "
        "开心 高兴 大笑 哈哈 嘻嘻 偷乐 笑哭 笑cry 笑而不语 龇牙 狂笑 欢呼 撒花 鲜花 "
        "好耶 机智 666 胜利 可爱 加油加油"
    ),
    Feeling.SAD: (
        "流泪 大哭 难过 委屈 快哭了 可怜 心碎 凋谢 失望 叹气 苦涩 衰 裂开 蜡烛 皱眉 糗大了 "
        "折磨 泪 哭 悲伤 伤心 泪奔 "
        "泪目 难受 允悲 沮丧 痛哭 呜呜 小哭 失落 绝望 我想哭 伤感 崩溃 嚎啕大哭"
    ),
    Feeling.ANGRY: (
        "发怒 咒骂 抓狂 怄火 敲打 菜刀 炸弹 鄙视 左哼哼 右哼哼 白眼 翻白眼 拳头 怒 怒骂 "
        "生气 愤怒 气死了 哼 发火 "
        "刀 爆炸 差劲 气炸 暴怒 火冒三丈"
    ),
    Feeling.AFRAID: "惊恐 恐惧 发抖 骷髅 害怕 紧张 吓哭 瑟瑟发抖 担心 惶恐",
    Feeling.SURPRISED: "惊讶 天啊 吓 哇 吃惊 震惊 惊喜 惊呆 目瞪口呆",
    Feeling.DISGUSTED: "吐 恶心 呕吐 嫌弃 呕",
    Feeling.TENDER: (
        "亲亲 拥抱 爱心 玫瑰 嘴唇 飞吻 爱情 爱你 献吻 抱抱 心 比心 送心 么么哒 贴贴 示爱 "
        "飞心 亲吻 摸头 摸摸头 "
        "亲一下 抱一抱"
    ),
}

_ENGLISH: Final[Mapping[Feeling, str]] = {
    Feeling.HAPPY: (
        "Joyful Grin Chuckle Laugh Tongue CoolGuy Clap Yeah! Hey Happy Lol Party Fireworks "
        "Firecracker Waddle Twirl Hooray Trick Smirk Meditate Smart Awesome Peace KeepFighting"
    ),
    Feeling.SAD: (
        "Sob Cry Frown Shrunken TearingUp Whimper BrokenHeart Wilt LetDown Sigh Hurt "
        "Toasted Broken "
        "Candle Concerned Shame Tormented"
    ),
    Feeling.ANGRY: (
        "Angry Scold Scream Aaagh! Hammer Cleaver Bomb Pooh-pooh Bah!L Bah!R Slight Boring Fist "
        "Dagger Pinky"
    ),
    Feeling.AFRAID: "Panic Terror Tremble Skull",
    Feeling.SURPRISED: "Surprise OMG Wrath Wow",
    Feeling.DISGUSTED: "Puke",
    Feeling.TENDER: "Kiss Hug Heart Rose Lips Blowkiss InLove RockOn Smooch",
}

_SLIGHT: Final = (
    "坏笑 奸笑 得意 机智 666 胜利 玫瑰 鲜花 加油加油 鼓掌 烟花 爆竹 白眼 翻白眼 哼 菜刀 炸弹 "
    "刀 爆炸 敲打 拳头 差劲 衰 裂开 蜡烛 吓 哇 骷髅 心 折磨 糗大了 皱眉 嘴唇 可爱 "
    "Trick Smirk CoolGuy Smart Awesome Peace Rose KeepFighting Clap Fireworks Firecracker "
    "Slight Boring Cleaver Bomb Dagger Hammer Fist Pinky Toasted Broken Candle Wrath Wow Skull "
    "Tormented Shame Concerned Lips"
)
"""Codes that are sent in jest or by habit as well."""

_PLAIN_SCORE: Final = 0.8
_SLIGHT_SCORE: Final = 0.62

_OLD: Final = {
    Feeling.HAPPY: "/::D /::P /::> /:,@P /:8-) /:,@-D /:handclap /:jump /:circle /:#-0",
    Feeling.SAD: "/::< /::'( /::( /:P-( /::'| /:break /:fade /:&-(",
    Feeling.ANGRY: "/::@ /::-S /::Q /:bome /:knife /:<@ /:@> /:>-| /:@)",
    Feeling.AFRAID: "/::! /:shake",
    Feeling.SURPRISED: "/::O",
    Feeling.DISGUSTED: "/::T",
    Feeling.TENDER: "/::* /:hug /:heart /:rose /:showlove /:love /:kiss",
}
"""The codes of WeChat's first years, as old backups hold them."""

_TRADITIONAL: Final = str.maketrans(
    "發淚驚訝難過憤懼調擁愛強勝嘆歎氣歡憐臉紅慶壞閒轉親飛奮鬥機禮煙陽罵彈視豬頭為謝澀"
    "開燭皺嚇獻動閉問暈噁齜"
    "龇頑樂興傷悶擊緊張險戰鮮厭嘔貼擔緒無語淒",
    "发泪惊讶难过愤惧调拥爱强胜叹叹气欢怜脸红庆坏闲转亲飞奋斗机礼烟阳骂弹视猪头为谢涩"
    "开烛皱吓献动闭问晕恶呲"
    "呲顽乐兴伤闷击紧张险战鲜厌呕贴担绪无语凄",
)


def _table() -> dict[str, tuple[Feeling, float]]:
    slight = set(_SLIGHT.split())
    return {
        _key(name): (feeling, _SLIGHT_SCORE if name in slight else _PLAIN_SCORE)
        for feeling, names in chain(_CHINESE.items(), _ENGLISH.items())
        for name in names.split()
    }


def _key(name: str) -> str:
    return name.translate(_TRADITIONAL).replace("！", "!").replace(" ", "").casefold()


_CODES: Final = _table()

OLD_CODES: Final = {code: feeling for feeling, codes in _OLD.items() for code in codes.split()}
"""Feelings by the codes of WeChat's first years."""


def feeling_of_code(code: str) -> tuple[Feeling, float] | None:
    """Return what a code with its brackets shows and how surely, from 0 to 1; None for nothing."""
    return _CODES.get(_key(code[1:-1]))
