"""Phone numbers as people write them in Chinese chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_amount, is_other_number, names_other_number
from curation.pii.entities import (
    WHY_AFTER_WORD,
    WHY_FOREIGN_PHONE,
    WHY_LANDLINE,
    WHY_MOBILE,
    WHY_SERVICE_LINE,
    WHY_SPELLED,
)
from curation.pii.folding import CHINESE_DIGITS, digits_of
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NUMERAL: Final = "0-9" + "".join(CHINESE_DIGITS)
HAS_NUMERAL: Final = re.compile(f"[{_NUMERAL}]")
"""The gate of all kinds whose digits may be spelled."""

_SPLITTER: Final = (
    r"(?:[^0-9A-Za-z一-鿿\n()\[\]〔〕]|[丶丨丿空杠]|\((?=[0-9]{3,4}\))"
    r"|\([^()0-9一-鿿\n]{1,16}\)|\)|\[[一-鿿A-Za-z]{1,6}\]){0,9}"
)
"""What people put between digits: blanks, signs, emoji, kaomoji, sticker codes. Misses letters."""

_LISTING: Final = re.compile(r"[,，、;；:/|*×+=。!?！？]")
"""Signs that stand between the numbers of a list more often than inside a phone."""

MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9]{2}\.)(?<!0\.)(?!(?<=3\.)14159)"
    r"(?:\(?(?:\+ ?|00)?86\)?(?: ?\(0\))?[ -]{0,3})?(?:[(【\[](?=1[3-9][0-9][)】\]]))?"
    rf"(?P<number>1{_SPLITTER}[3-9](?:{_SPLITTER}[0-9]){{9}})"
    r"(?![0-9]|[.][0-9]{1,2}(?![0-9]))"
)
"""Eleven digits from 13 to 19, with or without +86."""

_NUMERAL_UNIT: Final = "[元块万亿个人次年月日号天米克度岁斤分秒点条张页件只位楼层]"
_WORDS_BETWEEN: Final = (
    "[ ,，、。]?(?:加上?|再[加接跟]?|然后[是接]?|然後[是接]?|后[面边头]?再?[是接跟]?"
    "|[接跟]着?[是上]?|接下来是?"
    r"|点|减|横杠?|空格|(?:中间|最后|后[面边头]?|末尾?|接下来|尾号)(?:的?(?:[四4八8]位"
    r"|[四4八8]个)数?)?是?)"
    r"[ ,，:]?"
)
JOINED_MOBILE: Final = re.compile(
    rf"(?<![{_NUMERAL}])(?<![0-9][.,:\-])[1一幺壹妖吆][{_NUMERAL}]{{2}}"
    rf"(?:{_WORDS_BETWEEN}[{_NUMERAL}]{{4}}(?:[ ,，、\-]?|{_WORDS_BETWEEN})"
    rf"|(?P<word>\((?!{_NUMERAL_UNIT})[一-鿿]{{1,3}}\)"
    rf"|(?!{_NUMERAL_UNIT})[一-鿿]{{1,3}})[0-9]{{4}}(?P=word))[{_NUMERAL}]{{4}}"
    rf"(?![{_NUMERAL}十百千万]|[.,:\-/][0-9])"
)
"""Groups of a mobile with words between: `138后面是6532再0947`. Misses other groups."""

_THEN: Final = (
    "[ ,，、。]?(?:然后|然後|后[面边头]?|再|接[着下]?|最[后後]|末尾?|尾号)(?:来"
    "|[四4八8五5六6]位数?)?[是接跟]?"
    "[ ,，:]?"
)
TWO_PIECES: Final = re.compile(
    rf"(?<![{_NUMERAL}])(?<![0-9][.,:\-])[1一幺壹妖吆](?:[{_NUMERAL}]{{6}}{_THEN}[{_NUMERAL}]{{4}}"
    rf"|[{_NUMERAL}]{{4}}{_THEN}[{_NUMERAL}]{{6}}|[{_NUMERAL}]{{3}}{_THEN}[{_NUMERAL}]{{7}}"
    rf"|[{_NUMERAL}]{{2}}{_THEN}[{_NUMERAL}]{{8}})"
    rf"(?![{_NUMERAL}十百千万]|[.,:\-/][0-9])"
)
"""A mobile in two pieces with a word between: `1391234后面是5678`. Misses other words."""

BROKEN_MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.,:\-])"
    r"(?:1[3-9][0-9](?: ?\n ?[0-9]{4}(?:(?: ?\n ?|[ \-])?[0-9]{4})|[ \-]?[0-9]{4} ?\n ?[0-9]{4})"
    r"|1[3-9][0-9]{2} ?\n ?(?:[0-9]{7}|[0-9]{4} ?\n ?[0-9]{3}|[0-9]{3} ?\n ?[0-9]{4})"
    r"|1[3-9][0-9]{3} ?\n ?[0-9]{6}|1[3-9][0-9]{4} ?\n ?[0-9]{5})"
    r"(?![0-9]|[.,:\-/][0-9])"
)
"""A mobile sent in two or three messages of a run. Misses a break after one, two, eight digits."""

LOOKALIKE: Final = re.compile(
    r"(?<![0-9A-Za-z])[1lI][3-9][0-9OolI](?:[ -]?[0-9OolI]){8}(?![0-9A-Za-z])"
)
"""A mobile with letters that look like a digit: `l38OOl38OOO`."""

_LOOKALIKES: Final = str.maketrans("OolI", "0011")

MOBILE_PREFIX: Final = re.compile(r"1(?:3[0-9]|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])")
"""Prefixes that China's numbering plan gives to mobile networks."""

_GROUPINGS: Final = frozenset(
    {
        (11,),
        (1, 10),
        (2, 9),
        (3, 8),
        (4, 7),
        (5, 6),
        (6, 5),
        (7, 4),
        (8, 3),
        (1, 3, 3, 4),
        (1, 2, 4, 4),
        (1, 1, 1, 4, 4),
        (1, 1, 1, 8),
        (3, 4, 1, 1, 1, 1),
        (3, 1, 1, 1, 1, 4),
        (1, 1, 1, 4, 2, 2),
        (2, 3, 3, 3),
        (2, 4, 5),
        (2, 5, 4),
        (3, 2, 6),
        (3, 3, 5),
        (3, 4, 4),
        (3, 5, 3),
        (4, 3, 4),
        (4, 4, 3),
        (5, 3, 3),
        (3, 4, 2, 2),
        (3, 2, 2, 4),
        (3, 2, 3, 3),
        (3, 3, 3, 2),
        (3, 2, 2, 2, 2),
        (1, 2, 2, 2, 2, 2),
        (1,) * 11,
    }
)
"""How the eleven digits are grouped. Others are rather lists of numbers: `13 8 12 34 56 78`."""

_SPELLED_OUT: Final = 9
"""From so many groups on the digits were typed one by one."""

_SURE_GROUPINGS: Final = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (1,) * 11})

_SEPARATOR: Final = re.compile("[^0-9]+")
_ORNAMENT: Final = re.compile(r"[^ -~·•。，、；：！？｜—～…×÷²°℃→￥]|[(\[]")
"""An emoji, a kaomoji or a sticker code: nobody puts one between the numbers of a list."""

_YEAR_OR_DATE: Final = re.compile(
    r"19[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
)

SPELLED_MOBILE: Final = re.compile(
    rf"(?<![{_NUMERAL}])(?:\+?(?:86|八六)[ \-]?)?"
    rf"(?P<number>[1一幺壹妖吆](?:(?:[^0-9A-Za-z一-鿿\n〇○〔〕]{{0,6}}"
    rf"|\n)[{_NUMERAL}]){{10,11}})(?![{_NUMERAL}十百千万亿])(?!(?<=[0-9]一)[直个下起会次样般定些边天切])"
)
"""Eleven numerals, Chinese or mixed: `一三八…`, `幺三八…`; one too many for what is miscounted.

Misses homophones such as `衣三巴`.
"""

_ZERO: Final = "0零〇○洞"
SPELLED_LANDLINE: Final = re.compile(
    rf"(?<![{_NUMERAL}])[{_ZERO}](?:[ \-,，、]?[{_NUMERAL}]){{9,11}}(?![{_NUMERAL}十百千万亿年月])"
)
"""Area code and number in numerals: `〇二零八八…`. Misses extensions."""

_LOVE: Final = re.compile("(?:520|521|1314|5201314)+")
"""Numbers that say "I love you" and "for ever"."""

LANDLINE: Final = re.compile(
    r"(?<![0-9+])(?<![0-9][.-])(?<![0-9]{4} )"
    r"(?:(?:\(?(?:\+|00)86\)?|\(86\))[ -]{0,2}\(?0?|\(\+?86[ -]0?|86[ -]{1,2}\(?0?|\(?0)"
    r"(?:10|2[0-57-9]|[3-9][0-9]{2})\)?[ .-]{0,3}"
    r"(?:(?<=[ )\-])[1-9]|[2-9])[0-9]{2,3}[ .-]?[0-9]{4}"
    r"(?:(?: ?(?:转|轉|分机|ext\.?|#) ?|-)[0-9]{1,6})?"
    r"(?![0-9]|[.-][0-9])",
    re.IGNORECASE,
)
"""Area code, seven or eight digits, an extension. Misses numbers without area code: see below."""

_JOINER: Final = r"(?:号码|号)?(?:[一-鿿]{0,3}?[是为打成])?[ :.]*\n?"

NAMED_LANDLINE: Final = re.compile(
    r"(?:座机|固话|电话|总机|传真|分机|小灵通|门卫|前台|总台|保安[室亭]?|传达室|值班室|居委会?"
    r"|派出所|物业(?!费)|宿管"
    rf"|办公室|服务台|急诊|[请就你]打|[☎📞] *|[TtFf](?<![A-Za-z].)(?i:el|ax)){_JOINER}"
    r"(?P<number>0[1-9][0-9]{1,3}/[0-9]{5,8}"
    r"|(?:0[1-9][0-9]{1,2}[ -]?[1-9]|[2-9])[0-9]{2,3}[ -]?[0-9]{4}"
    r"(?:(?: ?转 ?|-)[0-9]{1,6})?)(?![0-9]|[.-][0-9])"
)
"""A number called a phone by the word before it: without area code, or with one that is not given
out any more."""

_EIGHT: Final = r"[2-9][0-9]{3}[ -]?[0-9]{4}"
_NO_MORE: Final = r"(?![0-9A-Za-z年月]|[.-][0-9]|[元块万个次人])"
CALLED: Final = re.compile(
    r"(?:(?i:whatsapp|whats ?app|wts ?app|signal|telegram|viber|(?<![A-Za-z])(?:call|ring|phone"
    r"|mobile|tel))"
    r"|[打搵](?:俾|畀|给|比)|致电|手提|手机号?码?|联系(?:人|方式|电话)?|联络)"
    rf"(?:我|佢|他|她|你)?(?:的|是|就|先)?[ :.]{{0,2}}(?P<number>{_EIGHT}){_NO_MORE}"
    rf"|(?:单位|公司|办公室|家[里中]?|老家|店里|门店|屋企|爸妈?|妈|奶奶家?|姥姥家?)(?:的|那边"
    rf"|打)?(?:就|还)?[是 :]?[ ]?"
    r"(?P<spaced>[2-9][0-9]{3}[ -][0-9]{4})(?![0-9A-Za-z年月]|[.-][0-9]|[元块万个次人两都]"
    r"|[一-鿿]?(?:元|块))"
    rf"|(?:打|拨)(?P<dialled>{_EIGHT})(?=找|就|能|可以|给|联系|转|[ ,，。!]?(?:问|说|叫))"
    rf"|(?<![0-9A-Za-z.-])(?P<before>{_EIGHT})[ ,，]?(?:(?:这|那)?个?(?:就|才)?是?)?(?:我|他|她|你"
    rf"|咱)?(?:们)?"
    r"(?:[家屋店公办单][里中司室位企]?)?的?(?:电话|座机|固话|号码)(?![费卡亭套])"
    rf"|(?<!密码)(?<!密码你)[记記](?:低|下|住|一下|得)[一-鿿]{{0,2}}[ :,，]{{0,2}}"
    rf"(?P<noted>{_EIGHT})[ ,，]{{0,2}}[一-鿿]{{0,6}}(?:(?i:whatsapp|wts ?app|call)"
    r"|打(?=不通|我|[俾畀比给过来这]|电话|[ ,，。!]|\Z)|[搵揾]我|联系|来电)"
    rf"|(?<![0-9A-Za-z.-])(?<!快递)(?<!包裹)(?<!群号)(?P<reached>{_EIGHT})[ ,，]{{1,2}}"
    r"(?![单元块万个次])[一-鿿]{0,5}(?:(?i:whatsapp|wts ?app)|(?:打|call ?)[俾畀比给]?我"
    r"|[搵揾]我|致电)"
)
"""Seven or eight digits that are called a phone: by what one dials with, by whose it is.

Misses numbers of seven digits, unless 电话 and the like stand before them.
"""

NAMED_FOREIGN: Final = re.compile(
    r"(?:美国|加拿大|日本|韩国|英国|澳洲|新加坡|国外|海外|台湾|马来西?亚?|大马|泰国|德国|法国"
    r"|新西兰|纽西兰"
    r"|菲律宾|越南|印尼|迪拜|意大利|西班牙|荷兰|瑞士|俄罗斯|纽约|洛杉矶|旧金山|波士顿|西雅图|伦敦"
    r"|曼城|巴黎|柏林"
    r"|慕尼黑|悉尼|墨尔本|奥克兰|多伦多|温哥华|东京|大阪|首尔|曼谷|吉隆坡|槟城|新山)(?:这边"
    r"|那边|本地)?的?"
    r"(?:手机|电话|号码?|卡)(?:号码?)?(?:是|[ :]){0,2}"
    r"(?P<number>\(?[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}"
    r"|[689][0-9]{3}[ -]?[0-9]{4})(?![0-9A-Za-z]|[.-][0-9]|[元块万])"
)
"""`美国号 626-555-0182`: a phone without its country code, which the country before it names."""

BARE_FOREIGN: Final = re.compile(
    "(?<![0-9A-Za-z+.-])(?<![Qq扣][ :是号])(?<![Qq扣]号[ :是])(?<![Qq扣])(?:60|6[1-6]|8[124]"
    "|4[49]|33|39|886|971)[ -]?(?:[0-9]{4}[ -]?[0-9]{4}"
    r"|[0-9]{1,3}[ -]?[0-9]{3,4}[ -]?[0-9]{4})(?![0-9A-Za-z]|[.-][0-9])"
)
"""A country code without its plus: too plain without the country or what one dials with near it."""

_ABROAD: Final = re.compile(
    "马来|大马|新加坡|坡县|澳洲|澳大利亚|印尼|菲律宾|新西兰|泰国|日本|韩国|越南|英国|德国|法国"
    "|意大利|台湾|迪拜"
    "|吉隆坡|槟城|曼谷|东京|大阪|首尔|伦敦|柏林|巴黎|悉尼|国外|海外|国际|whatsapp|wa(?![a-z])"
    "|wtsapp|viber|telegram",
    re.IGNORECASE,
)

OF_THINGS: Final = re.compile(
    r"(?:手表|定位|追踪|项圈|物联|对讲)[一-鿿]{0,3}?[号卡]码?(?:[一-鿿]{0,2}是|[ :]){0,2}"
    r"(?P<number>1(?:06|4[0-9])[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4})"
    r"(?![0-9A-Za-z]|[.-][0-9])"
)
"""The thirteen digits by which a child's watch or another thing is called."""

NEAR_HONG_KONG: Final = re.compile(
    r"(?:香港|澳门)[^0-9\n]{0,8}?(?:用|打|是|电话|号码?|:) ?(?P<number>[4-9][0-9]{3}[ -]?[0-9]{4})"
    r"(?![0-9A-Za-z]|[.-][0-9])"
)
"""`返香港就用53166634`: eight digits a few words after the place."""

EXTENSION: Final = re.compile(
    r"(?<![0-9])(?<![0-9][ .-])[2-9][0-9]{2,3}[ -]?[0-9]{4}"
    r" ?(?:转|分机号?|[Ee][Xx][Tt]\.?) ?[0-9]{1,5}(?![0-9]|[元块万个])"
)
"""A number without area code that an extension makes a phone: `84315678转201`."""

NAMED_HONG_KONG: Final = re.compile(
    r"(?:香港|澳门|港澳|(?<![一-鿿])港(?=[号卡])|[Hh](?<![A-Za-z].)(?i:k|ong ?kong)"
    r"|[Mm](?<![A-Za-z].)(?i:acau?o?))"
    rf"[的这那 ]?(?i:手机|电话|号码?|卡|whatsapp|number|phone|mobile|tel){_JOINER}"
    r"(?P<number>[4-9][0-9]{3}[ -]?[0-9]{4})(?![0-9A-Za-z]|[.-][0-9])"
    r"|(?:转数快|(?<![A-Za-z])(?i:fps(?: id)?|pay ?me|alipay ?hk|tap ?(?:&|and) ?go))"
    r"[^0-9A-Za-z\n]{0,10}(?P<paid>[4-9][0-9]{3}[ -]?[0-9]{4})(?![0-9A-Za-z]|[.-][0-9]|[元块蚊])"
)
"""Eight digits that the word before them calls a phone of Hong Kong or Macau, or pays to."""

SERVICE_LINE: Final = re.compile(
    r"(?<![0-9])(?<![0-9][ .-])[48]00(?:[ -]?[0-9]{3}[ -]?[0-9]{4}|[ -]?[0-9]{4}[ -]?[0-9]{3}"
    r"|[0-9][ -][0-9]{3}[ -][0-9]{3})(?![0-9]|[.-][0-9])"
)
"""Ten digits from 400 or 800. Misses short numbers (95588, 12306), which belong to nobody."""

FOREIGN: Final = re.compile(
    r"(?<![0-9A-Za-z+])(?:\+\(?(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-689][0-9]|3[578][0-9]|42[013]|50[0-9]|59[0-9]|67[0-9]|68[0-9]|85[2356]|88[068]"
    r"|9[679][0-9])\)?"
    r"|(?<![0-9] )00 ?\(?(?:85[23]|886|1|7|33|34|39|4[0-9]|6[0-6]|8[124]|9[0-58]|971|972)\)?)[ -]?"
    r"(?:\(0\) ?)?\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,4}){2,5}(?![0-9])"
    r"|(?<![0-9A-Za-z+-])1-[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}(?![0-9]|-[0-9])"
)
"""A plus and a country code, or 00 and that of Hong Kong, Macau, Taiwan, a frequent destination.

Misses foreign numbers written without their country code.
"""

TAIWAN: Final = re.compile(
    r"(?<![0-9.+])(?:0(?:9[0-9]{2}|80[0-9])[ -]?[0-9]{3}[ -]?[0-9]{3}"
    r"|(?:\(0[2-8]\) ?|0[2-8][ -])[0-9]{3,4}[ -][0-9]{4}|\(0[2-8]\) ?[2-9][0-9]{6,7}"
    r"|0[2-8]-[2-9][0-9]{6,7}|01[1-46-9]-[0-9]{3,4} ?[0-9]{4})"
    r"(?: ?(?:转|分机|#|[Ee][Xx][Tt]\.?) ?[0-9]{1,5})?"
    r"(?![0-9]|[.-][0-9])"
)
"""Ten digits from 09 or 080, or an area code of Taiwan before a number with its dash.

With a dash behind 01 and one digit it is a mobile of Malaysia.
"""

HONG_KONG: Final = re.compile(
    r"(?<![0-9+-])(?:\(?852\)?[ -][4-9]|\(?853\)?[ -]6|\(852\)[4-9]|\(853\)6)"
    r"[0-9]{3}[ -]?[0-9]{4}(?![0-9]|[.-][0-9])"
)
"""The code of Hong Kong or Macau without a plus, set apart by a blank or a dash."""

GLUED_HONG_KONG: Final = re.compile(r"(?<![0-9+-])(?:852[4-9]|8536)[0-9]{7}(?![0-9]|[.-][0-9])")
"""The same glued to its number: too plain without a word for a phone or for the place near it."""

_PLACE: Final = re.compile("香港|澳门|港澳|电话|手机|号码|打|联系|hk|whatsapp|tel", re.IGNORECASE)

DATE: Final = re.compile("20[0-3][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
"""Eight digits that are rather a day than a landline."""

_NAMED: Final = (NAMED_LANDLINE, NAMED_HONG_KONG, NEAR_HONG_KONG, CALLED, NAMED_FOREIGN, OF_THINGS)

_UNNAMED: Final = frozenset({"noted", "reached"})
"""Groups of a number that no word calls a phone: it may be an order's as well."""

_BROADBAND: Final = re.compile(
    "(?:(?:宽带|光纤|上网)(?:账号|帐号|账户|号码?|用户名?)|户号|电报码?|电码)[是为 :]{0,3}\\Z"
)
"""What calls a number with an area code the account of a line or of a household, or a cable."""
_NAMED_QQ: Final = re.compile(
    r"(?:(?<![A-Za-z])q ?q?|扣[扣qQ]?|[抠叩蔻寇]{2}|企鹅|[🐧秋球]|鹅号)(?:[大小]?号码?|账号"
    r"|帐号)?(?:[一-鿿]{0,2}[是为叫])?"
    r"[ :=]{0,3}\Z",
    re.IGNORECASE,
)
"""What makes the number after it an account, though a phone may be written like it."""
_QQ_DIGITS: Final = range(5, 11)

_IS_ANOTHER: Final = re.compile(
    "[ ,，(]?(?:(?:这串|那串|这个|那个|这|那|它)?[就才]?(?:是|为)[一-鿿]{0,5}?"
    "(?:单号|[订运账]单|编号|[学工考案批货]号|准考证号?|条形?码|流水号|设备号|序列号|取件码)"
    "(?!的?(?:手机|电话|预留|上|里|绑|留))"
    "|不是(?:个)?(?:手机|电话)号?码?(?=[ ,，。!)]|\\Z)(?![^\\n]{0,8}(?:微信|[vV][xX]|支付宝|座机)))"
)
"""What says, after a number, that it is one of a parcel, a student or the like."""

_REACH: Final = 12
_ROUND: Final = 2
_IPV4: Final = re.compile(
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|192[ ,，。-]{1,2}168(?:[ ,，。-][0-9]{1,3}){2}"
)
_FEWEST_DIGITS: Final = 7
_MOBILE_DIGITS: Final = 11
_COUNTED_NEXT: Final = re.compile(
    "[0-9]{10}[^0-9].?|(?:[0-9][^0-9一-鿿]{0,6}){9}[0-9] ?[,，。、!]+ ?[^0-9]"
)
"""Ten digits, and a numeral of what follows them: `1720938465 九几年`."""
_MIXED: Final = re.compile(rf"[0-9][{''.join(CHINESE_DIGITS)}]{{1,9}}[0-9]")
_JOINED: Final = re.compile(r"\+1[3-9][0-9]{9}(?![0-9])")
_FOREIGN_DIGITS: Final = range(9, 15)


SIGNS: Final = {
    LANDLINE: ("0", "86"),
    SERVICE_LINE: ("00",),
    TAIWAN: ("0",),
    HONG_KONG: ("85",),
    GLUED_HONG_KONG: ("85",),
    EXTENSION: ("转", "分机", "x", "X"),
    FOREIGN: ("+", "00", "1-"),
    BROKEN_MOBILE: ("\n",),
    TWO_PIECES: ("后", "後", "再", "接", "末", "尾"),
    LOOKALIKE: ("O", "o", "l", "I"),
}
"""What stands in every text that holds the form: a look for it is far cheaper than the form."""

_IN_WORDS: Final = re.compile(f"[{''.join(CHINESE_DIGITS)}]")


class CnPhoneRecognizer(ChatRecognizer):
    """Finds mobile, landline, service and foreign phone numbers."""

    ENTITY: ClassVar[str] = "PHONE_NUMBER"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"[{_NUMERAL}](?:[^{_NUMERAL}]{{0,32}}[{_NUMERAL}]){{6}}"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((HAS_NUMERAL, 7),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield phone numbers, except those that stand as order, product or file numbers."""
        yield from self._mobiles(text)
        yield from self._spelled(text)
        for pattern, score, why in (
            (LANDLINE, 0.8, WHY_LANDLINE),
            (SERVICE_LINE, 0.7, WHY_SERVICE_LINE),
            (TAIWAN, 0.7, WHY_FOREIGN_PHONE),
            (HONG_KONG, 0.7, WHY_FOREIGN_PHONE),
            (EXTENSION, 0.7, WHY_LANDLINE),
        ):
            for match in _found(pattern, text):
                low = max(0, match.start() - _REACH)
                if _BROADBAND.search(text, low, match.start()):
                    continue
                if pattern is SERVICE_LINE and _NAMED_QQ.search(text, low, match.start()):
                    continue
                if not is_other_number(text, *match.span()) and not _are_hundreds(match[0]):
                    yield Hit(*match.span(), score, why)
        yield from self._named(text)

    @staticmethod
    def _named(text: str) -> Iterator[Hit]:
        for pattern in _NAMED:
            for match in pattern.finditer(text):
                value = match.lastgroup or "number"
                span = match.span(value)
                number = match[value]
                round_ones = _are_round(re.split("[ -]", number)) and not number.isdigit()
                other = (
                    is_other_number(text, *span) if value in _UNNAMED else is_amount(text, span[1])
                )
                if not (other or DATE.fullmatch(number) or round_ones):
                    yield Hit(*span, 0.7, WHY_AFTER_WORD)
        for match in _found(FOREIGN, text):
            number = len(digits_of(match[0]).removeprefix("00"))
            # `王五+138…` joins a name and a number of this country.
            joined = (
                _JOINED.match(match[0]) and "一" <= text[match.start() - 1 : match.start()] <= "鿿"
            )
            other = is_amount(text, match.end()) or names_other_number(text, match.start())
            if number in _FOREIGN_DIGITS and not joined and not other:
                yield Hit(*match.span(), 0.7, WHY_FOREIGN_PHONE)
        for matches, words in (
            (_found(GLUED_HONG_KONG, text), _PLACE),
            (BARE_FOREIGN.finditer(text), _ABROAD),
        ):
            for match in matches:
                start, end = match.span()
                near = words.search(text, max(0, start - 12), min(len(text), end + 12))
                if near and not is_other_number(text, start, end):
                    yield Hit(start, end, 0.5, WHY_FOREIGN_PHONE)

    @staticmethod
    def _mobiles(text: str) -> Iterator[Hit]:
        for match in MOBILE.finditer(text):
            number = match["number"]
            if not MOBILE_PREFIX.match(digits_of(number)) or not _is_one_number(number):
                continue
            if not _is_another(text, *match.span()):
                whole = number.isdigit()
                yield Hit(*match.span(), 0.95 if whole else 0.85, WHY_MOBILE)
        for match in (*JOINED_MOBILE.finditer(text), *_found(TWO_PIECES, text)):
            if MOBILE_PREFIX.match(digits_of(match[0])) and not is_other_number(
                text, *match.span()
            ):
                yield Hit(*match.span(), 0.7, WHY_SPELLED)
        for match in _found(LOOKALIKE, text):
            digits = sum(char.isdigit() for char in match[0])
            number = digits_of(match[0].translate(_LOOKALIKES))
            if _FEWEST_DIGITS <= digits < len(number) and MOBILE_PREFIX.match(number):
                yield Hit(*match.span(), 0.6, WHY_MOBILE)
        for match in _found(BROKEN_MOBILE, text):
            if _is_broken_number(match[0]) and not is_other_number(text, *match.span()):
                yield Hit(*match.span(), 0.6, WHY_MOBILE)

    @staticmethod
    def _spelled(text: str) -> Iterator[Hit]:
        if _IN_WORDS.search(text) is None:
            return
        for match in SPELLED_MOBILE.finditer(text):
            number = match["number"]
            in_words = any(char in CHINESE_DIGITS for char in number)
            digits = digits_of(number)
            miscounted = number[0] in "幺妖吆" or _MIXED.search(number[: _MOBILE_DIGITS - 1])
            whole = len(digits) == _MOBILE_DIGITS or miscounted
            counted = _COUNTED_NEXT.fullmatch(number) is not None
            usual = in_words and whole and not counted and not _IPV4.search(number)
            if usual and MOBILE_PREFIX.match(digits):
                yield Hit(*match.span(), 0.85, WHY_SPELLED)
        for match in SPELLED_LANDLINE.finditer(text):
            in_words = any(char in CHINESE_DIGITS for char in match[0])
            if in_words and LANDLINE.fullmatch(digits_of(match[0])):
                yield Hit(*match.span(), 0.7, WHY_SPELLED)


def _found(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """Return the matches of a form, which is searched for where one of its signs stands."""
    for sign in SIGNS[pattern]:
        if sign in text:
            return pattern.finditer(text)
    return ()


def _is_another(text: str, start: int, end: int) -> bool:
    """Whether what stands before or after eleven digits says that nobody can be called by them."""
    return is_other_number(text, start, end) or _IS_ANOTHER.match(text, end) is not None


def _is_broken_number(pieces: str) -> bool:
    """Whether numbers on lines of their own are the pieces of one mobile."""
    digits = digits_of(pieces)
    if not MOBILE_PREFIX.match(digits) or _YEAR_OR_DATE.match(pieces):
        return False
    return not _LOVE.fullmatch(digits) and not _are_round(pieces.split("\n"))


def _is_one_number(number: str) -> bool:
    """Whether eleven digits and what stands between them are one number and not a list."""
    runs = re.findall("[0-9]+", number)
    groups = tuple(len(run) for run in runs)
    if groups == (11,) or _IPV4.fullmatch(number):
        return groups == (11,)
    between = _SEPARATOR.findall(number)
    ornaments = sum(_ORNAMENT.search(sign) is not None for sign in between)
    if ornaments == len(between):
        return len(set(between)) == 1 or groups in _GROUPINGS
    if len(groups) >= _SPELLED_OUT or ornaments >= _ROUND:
        return not _LISTING.search(number)
    if groups not in _GROUPINGS or _YEAR_OR_DATE.match(runs[0]):
        return False
    if groups in _SURE_GROUPINGS:
        return not (_LISTING.search(number) and _are_round(runs))
    # Two of the numbers round, as in `1300 2500 188`, and it is rather a list.
    return not _LISTING.search(number) and sum(run.endswith("0") for run in runs) < min(
        _ROUND, len(runs)
    )


def _are_hundreds(number: str) -> bool:
    """Whether the groups of a number are all round, as in `400 500 6000`."""
    groups = number.split(" ")
    return len(groups) > 1 and all(group.endswith("00") for group in groups)


def _are_round(numbers: Sequence[str]) -> bool:
    """Whether all numbers end in zero, as sizes and prices do: `180*2000*2200`."""
    return all(number.strip().endswith("0") for number in numbers)
