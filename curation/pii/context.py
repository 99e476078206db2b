"""What stands to the left and right of a number: the words that make it something else."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import Final

from curation.pii.leading import ahead, beginnings

_REACH: Final = 18
"""How many characters beside a value are read; longer words than these do not occur."""

_LINK_REACH: Final = 130

_JOINER: Final = r"(?:号码|编号|代码|号|码|是|为|叫|[ :=#(<\[\"'“「【-])*"
"""What may stand between a word and the number it names. Misses whole clauses in between."""

_OTHER_WORDS: Final = (
    r"订单|运单|快递[单号]|物流[单号]|发货单|退货单|工单|(?<![下名简买菜])单|交易|流水|凭证|发票|收据|支付单|付款码|商户"
    r"|商品|(?:[编货型批条税邮券票考]|(?<!取)款)(?=[号码次])|条形码|编码|学籍|证书|准考证|保单|合同|备案|许可证|准字|ICP备"
    r"|信用代码|识别号|专利|学号|工号|案号|机器|设备|版本|金额|余额|价格|总价|合计|积分|步数|播放量"
    r"|行李牌|会议|房间号|邀请|序列|兑换|激活|优惠|桌台|(?:病历|住院|门诊|就诊|检查|处方|病案)号|[¥￥$€£]"
)
_OTHER_NUMBER: Final = re.compile(
    # Most places are passed over without a try at each of the words.
    ahead({*beginnings(_OTHER_WORDS), *ascii_letters}) + rf"(?:{_OTHER_WORDS}"
    r"|(?<![A-Za-z])(?:u?id|order|isbn|issn|doi|sku|sn|s/n|no\.?|imei|iccid"
    r"|version|ver|v(?<![加➕+的我]v)(?! ?:)|tid|oid|pid"
    r"|mid|aid|cid|batch|lot|build|ticket|invoice|tracking|serial)"
    r"|(?-i:[a-z]I[dD]|(?<![A-Za-z])[tT][sS])"
    r"|(?:trade|trans(?:action)?|request|session|trace|order|serial|bill|time)"
    r"[ _-]?(?:no|num|seq|stamp)"
    r")" + _JOINER + r"(?-i:(?!TEL|VX|WX|QQ|MOB|CALL|CELL)[A-Z]{1,4}-?)?\Z",
    re.IGNORECASE,
)
"""A word that says "the number after me is an order, a product, a sum". Anchored at the number.

Misses words further away, such as `订单我查了一下是…`.
"""

_CARRIER_CODE: Final = re.compile(r"(?<![A-Za-z])[A-Z]{2,6}\Z")
"""Upper-case letters glued to a number, as express and order numbers have them (`SF`, `YT`, `JD`).

Misses lower-case ones, which people rather use for words such as `tel` and `vx`.
"""

_CONTACT_CODE: Final = re.compile(
    r"(?<![A-Za-z])(?:TEL|VX|WX|QQ|PHONE|MOBILE|CALL|CELL|MOB|PIN|PUK|PWD|OTP|CODE)\Z"
)
_NAME_BEFORE: Final = re.compile(
    r"(?<![A-Za-z])(?:img|image|dsc|vid|video|mmexport|wx_camera|screenshot|file|pid|tid|mid)_?\Z",
    re.IGNORECASE,
)
_WORD_AFTER: Final = re.compile(
    r"_|[A-Za-z]{1,12}[0-9]|\.(?:jpe?g|png|gif|mp4|pdf|docx?|xlsx?|zip)"
)
_AMOUNT_AFTER: Final = re.compile(
    r" ?(?:元(?![旦宵])|块|万(?![分一能事])|亿|美[元金]|港币|日元|人民币|积分(?![算记存归充写加到])"
    r"|步|字节|次(?!日)"
    r"|%|bytes?|ms|KB|MB|GB|kg|km|cm)",
    re.IGNORECASE,
)
_BARE_LINK: Final = re.compile(
    r"(?<![0-9A-Za-z@.-])[A-Za-z0-9][A-Za-z0-9.-]{0,40}\.[A-Za-z]{2,6}/[!-~]{0,80}\Z"
)
"""A web address without its scheme up to a number in it: `b23.tv/av…`. Misses longer ones."""

_CONTACT_FIELD: Final = re.compile(r"(?:phone|mobile|tel|sj|wa\.me/)[=:/]?\+?\Z", re.IGNORECASE)

HIDDEN: Final = re.compile("[xX]{4}|[*]{3}")
"""What stands for the signs of a value that are not shown."""

_LAUGHTER: Final = re.compile(r"6+|23+|5+|1+|[hx]+", re.IGNORECASE)


def is_laughter(value: str) -> bool:
    """Whether a message says no more than 666, 2333 or 555."""
    return _LAUGHTER.fullmatch(value) is not None


def names_other_number(text: str, start: int) -> bool:
    """Whether the words left of `start` say that the number there is an order, product or sum."""
    low = max(0, start - _REACH)
    return _OTHER_NUMBER.search(text, low, start) is not None


def in_link(text: str, start: int) -> bool:
    """Whether `start` lies in a web address, other than after a field such as `phone=`."""
    scheme = text.rfind("://", max(0, start - 300), start)
    if scheme >= 0:
        between = text[scheme:start]
        inside = between.isascii() and " " not in between and "\n" not in between
    else:
        low = max(0, start - _LINK_REACH)
        slash = text.rfind("/", low, start)
        inside = slash >= 0 and _BARE_LINK.search(text, low, start) is not None
    return inside and _CONTACT_FIELD.search(text, max(0, start - 10), start) is None


def glued_to_code(text: str, start: int, end: int) -> bool:
    """Whether the number is part of a longer code or file name: `SF1381…`, `IMG_1581…`, `…8f3`."""
    low = max(0, start - _REACH)
    if text[start - 1 : start] == "_" or _NAME_BEFORE.search(text, low, start):
        return True
    if _CARRIER_CODE.search(text, low, start) and not _CONTACT_CODE.search(text, low, start):
        return True
    return _WORD_AFTER.match(text, end) is not None


def is_amount(text: str, end: int) -> bool:
    """Whether a unit such as `元` or `MB` follows `end`."""
    return _AMOUNT_AFTER.match(text, end) is not None


def is_other_number(text: str, start: int, end: int) -> bool:
    """Whether anything beside the number says that it does not belong to a person."""
    return (
        names_other_number(text, start)
        or glued_to_code(text, start, end)
        or is_amount(text, end)
        or in_link(text, start)
    )
