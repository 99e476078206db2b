"""Numbers of QQ's built-in faces -> their names.

Source: the constants of the Mirai and OneBot projects. The names are what QQ writes itself; they
carry a person's voice as WeChat's codes do. Newer faces, and those nobody uses, are missing.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    "0惊讶 1撇嘴 2色 3发呆 4得意 5流泪 6害羞 7闭嘴 8睡 9大哭 10尴尬 11发怒 12调皮 13呲牙 14微笑 "
    "15难过 16酷 18抓狂 19吐 20偷笑 21可爱 22白眼 23傲慢 24饥饿 25困 26惊恐 27流汗 28憨笑 29悠闲 "
    "30奋斗 31咒骂 32疑问 33嘘 34晕 35折磨 36衰 37骷髅 38敲打 39再见 41发抖 42爱情 43跳跳 46猪头 "
    "49拥抱 53蛋糕 54闪电 55炸弹 56刀 57足球 59便便 60咖啡 61饭 63玫瑰 64凋谢 66爱心 67心碎 "
    "69礼物 74太阳 75月亮 76赞 77踩 78握手 79胜利 85飞吻 86怄火 89西瓜 96冷汗 97擦汗 98抠鼻 "
    "99鼓掌 100糗大了 101坏笑 102左哼哼 103右哼哼 104哈欠 105鄙视 106委屈 107快哭了 108阴险 "
    "109亲亲 110吓 111可怜 112菜刀 113啤酒 114篮球 115乒乓 116示爱 117瓢虫 118抱拳 119勾引 "
    "120拳头 121差劲 122爱你 123NO 124OK 125转圈 126磕头 127回头 128跳绳 129挥手 130激动 131街舞 "
    "132献吻 133左太极 134右太极 136双喜 137鞭炮 138灯笼 140K歌 144喝彩 145祈祷 146爆筋 147棒棒糖 "
    "148喝奶 151飞机 158钞票 168药 169手枪 171茶 172眨眼睛 173泪奔 174无奈 175卖萌 176小纠结 "
    "177喷血 178斜眼笑 179doge 180惊喜 181骚扰 182笑哭 183我最美 184河蟹 185羊驼 187幽灵 188蛋 "
    "190菊花 192红包 193大笑 194不开心 197冷漠 198呃 199好棒 200拜托 201点赞 202无聊 203托脸 204吃 "
    "205送花 206害怕 207花痴 208小样儿 210飙泪 211我不看 212托腮 262脑阔疼 263沧桑 264捂脸 "
    "265辣眼睛 266哦哟 267头秃 268问号脸 269暗中观察 270emm 271吃瓜 272呵呵哒 273我酸了 277汪汪 "
    "281无眼笑 282敬礼 283狂笑 284面无表情 285摸鱼 286魔鬼笑 287哦 289睁眼 293摸锦鲤 294期待 "
    "297拜谢 299牛啊 300胖三斤 305右亲亲 306牛气冲天 307喵喵 311打call 312变形 318崇拜 319比心 "
    "320庆祝 322拒绝 323嫌弃 324吃糖 325惊吓 326生气"
)

_UNKNOWN: Final = "表情"


def _table() -> dict[str, str]:
    names = {}
    for entry in _NAMES.split():
        name = entry.lstrip("0123456789")
        names[entry[: len(entry) - len(name)]] = name
    return names


_FACES: Final = _table()


def face(number: str, name: str = "") -> str:
    """Return a face as a code in brackets, `[微笑]`; `[表情]` where nobody knows its name.

    `name` is what the exporter calls it: `/微笑`, `[微笑]`, or `表情14` where it does not know.
    """
    name = name.strip().strip("[]").removeprefix("/").strip()
    if not name or name == f"{_UNKNOWN}{number}":
        name = _FACES.get(number, _UNKNOWN)
    return f"[{name}]"
