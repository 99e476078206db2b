"""How phones are written: mobiles, landlines, foreign ones, and what a word calls a phone."""

from __future__ import annotations

import re
from typing import Final

from curation.pii.recognizers.base import NUMERAL

_SPLITTER: Final = (
    r"(?:[^0-9A-Za-z一-鿿\n()\[\]〔〕]|[丶丨丿空杠]|\((?=[0-9]{3,4}\))"
    r"|\([^()0-9一-鿿\n]{1,16}\)|\)|\[[一-鿿A-Za-z]{1,6}\]){0,9}"
)
"""What people put between digits: blanks, signs, emoji, kaomoji, sticker codes. Misses letters."""

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
    rf"(?<![{NUMERAL}])(?<![0-9][.,:\-])[1一幺壹妖吆][{NUMERAL}]{{2}}"
    rf"(?:{_WORDS_BETWEEN}[{NUMERAL}]{{4}}(?:[ ,，、\-]?|{_WORDS_BETWEEN})"
    rf"|(?P<word>\((?!{_NUMERAL_UNIT})[一-鿿]{{1,3}}\)"
    rf"|(?!{_NUMERAL_UNIT})[一-鿿]{{1,3}})[0-9]{{4}}(?P=word))[{NUMERAL}]{{4}}"
    rf"(?![{NUMERAL}十百千万]|[.,:\-/][0-9])"
)
"""Groups of a mobile with words between: `138后面是6532再0947`. Misses other groups."""

_THEN: Final = (
    "[ ,，、。]?(?:然后|然後|后[面边头]?|再|接[着下]?|最[后後]|末尾?|尾号)(?:来"
    "|[四4八8五5六6]位数?)?[是接跟]?"
    "[ ,，:]?"
)

TWO_PIECES: Final = re.compile(
    rf"(?<![{NUMERAL}])(?<![0-9][.,:\-])[1一幺壹妖吆](?:[{NUMERAL}]{{6}}{_THEN}[{NUMERAL}]{{4}}"
    rf"|[{NUMERAL}]{{4}}{_THEN}[{NUMERAL}]{{6}}|[{NUMERAL}]{{3}}{_THEN}[{NUMERAL}]{{7}}"
    rf"|[{NUMERAL}]{{2}}{_THEN}[{NUMERAL}]{{8}})"
    rf"(?![{NUMERAL}十百千万]|[.,:\-/][0-9])"
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

MOBILE_PREFIX: Final = re.compile(r"1(?:3[0-9]|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])")
"""Prefixes that China's numbering plan gives to mobile networks."""

SPELLED_MOBILE: Final = re.compile(
    rf"(?<![{NUMERAL}])(?:\+?(?:86|八六)[ \-]?)?"
    rf"(?P<number>[1一幺壹妖吆](?:(?:[^0-9A-Za-z一-鿿\n〇○〔〕]{{0,6}}"
    rf"|\n)[{NUMERAL}]){{10,11}})(?![{NUMERAL}十百千万亿])(?!(?<=[0-9]一)[直个下起会次样般定些边天切])"
)
"""Eleven numerals, Chinese or mixed: `一三八…`, `幺三八…`; one too many for what is miscounted.

Misses homophones such as `衣三巴`.
"""

_ZERO: Final = "0零〇○洞"

SPELLED_LANDLINE: Final = re.compile(
    rf"(?<![{NUMERAL}])[{_ZERO}](?:[ \-,，、]?[{NUMERAL}]){{9,11}}(?![{NUMERAL}十百千万亿年月])"
)
"""Area code and number in numerals: `〇二零八八…`. Misses extensions."""

LANDLINE: Final = re.compile(
    r"(?<![0-9+])(?<![0-9][.-])"
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
