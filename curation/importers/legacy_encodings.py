"""Which encoding old texts are in that do not say it: names in archives, files of old programs.

A Chinese Windows writes GBK, one in Taiwan or Hong Kong Big5, a Japanese one Shift-JIS, and a
western one packs names in the old code page 437. Bytes of one are often valid in another, but there
they spell characters that nobody uses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIMPLIFIED: Final = frozenset(
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能"
    "对小多心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动"
    "方期头经长儿回位分爱老因很给名间知世什两次身者被高已亲其进此话常与活正感聊记录群消息导出文件微信友"
    "公司项目图片视频语音表备份工周末爬山旅月号夏冬春秋东西南北宝贝妈爸哥姐弟妹队组班宿舍室客户测试新旧"
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余"
    "潘杜戴钟汪田任姜范石姚谭廖邹熊金陆孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚阿满橙晓明红"
    "丽芳军强磊洋勇艳杰娟涛超秀霞平刚桂英华慧建玉兰梅丹萍鑫波鹏宇浩凯婷雪思雨欣佳琪梦涵轩怡岳川哲"
)

_TRADITIONAL: Final = frozenset(
    "的一是了我不人在他有這個上們來到時大地為子中你說生國年著就那和要她出也得裡後自以會家可下而過天去能"
    "對小多心學麼之都好看起發當沒成只如事把還用第樣道想作種開美總從無情己面最女但現前些所同日手又行意動"
    "方期頭經長兒回位分愛老因很給名間知世什兩次身者被高已親其進此話常與活正感聊記錄群組訊息匯檔案貼圖片"
    "影語音備份工週末爬山旅月號夏冬春秋東西南北寶貝媽爸哥姊姐弟妹隊班宿舍室客戶測試新舊文件信友公司項目"
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賈丁魏薛葉余"
    "潘杜戴鍾汪田任姜范石姚譚廖鄒熊金陸孔白崔康毛邱秦江史顧侯邵孟龍萬段雷錢湯尹黎易武喬賀賴龔阿滿橙曉明紅"
    "麗芳軍強磊洋勇艷傑娟濤超秀霞平剛桂英華慧建玉蘭梅丹萍鑫波鵬宇浩凱婷雪思雨欣佳琪夢涵軒怡岳川哲君豪志偉俊"
)

_KANA: Final = frozenset(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FF))))
_JAPANESE: Final = frozenset(
    "日一人年大本中長出行時上生国会前今東山見話田気学小高間先来金入明四手力五聞木新立女野開部何口家男名"
    "週目文父母友花子太郎美香真由記録履歴写真動画電車道店町村川井藤佐鈴渡辺伊斎加松林清水池橋石島和"
)

_USED: Final = {
    "gb18030": _SIMPLIFIED,
    "big5": _TRADITIONAL,
    "cp932": _KANA | _JAPANESE,
}
"""Characters that names and chats are mostly made of, by encoding."""

_ENOUGH: Final = 0.25
"""So many of the characters must be among those; in a wrong encoding a few are by chance."""

_LOOKED_AT: Final = 20_000  # bytes of a text

_SIGNS = re.compile(r"[\x00-\x7f\W_]+")


def encoding_of(names: Sequence[bytes]) -> str:
    """Return the encoding of all `names`; code page 437 where they tell none."""
    raw = b"\n".join(names)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    read = {name: text for name in _USED if (text := _letters(raw, name)) is not None}
    if best := _best(read):
        return best
    # A rare name: what stands in the table of 1980 is used at least by somebody.
    wide = read.get("gb18030", "")
    usual = len(wide.encode("gb2312", "ignore")) // 2
    return "gb18030" if wide and usual * 2 >= len(wide) else "cp437"


def encoding_of_text(raw: bytes) -> str:
    """Return the encoding of a text that is no UTF-8; GB18030 unless another one is far likelier.

    Only its first letters are looked at.
    """
    start = raw[:_LOOKED_AT]
    read = {name: _SIGNS.sub("", start.decode(name, "ignore")) for name in _USED}
    best = _best(read)
    return best if best and _strictly(raw, best) else "gb18030"


def _strictly(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _best(read: Mapping[str, str]) -> str:
    """Return the encoding whose text is made of what people write, empty where none is."""
    shares = {
        name: sum(letter in _USED[name] for letter in text) / max(len(text), 1)
        for name, text in read.items()
    }
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= _ENOUGH else ""


def _letters(raw: bytes, encoding: str) -> str | None:
    """Return the letters beyond ASCII of `raw`, None where it is not in that encoding."""
    try:
        return _SIGNS.sub("", raw.decode(encoding))
    except UnicodeDecodeError:
        return None
