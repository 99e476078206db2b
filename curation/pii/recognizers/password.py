"""Passwords: the value after the word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import asks_or_denies, is_laughter
from curation.pii.entities import WHY_AFTER_WORD, WHY_SPELLED
from curation.pii.folding import CHINESE_DIGITS
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_LOCK: Final = re.findall(
    "..",
    "财富流量芬奇遗传生命成功幸福长寿健康基因爆款增长涨粉人生情感文化历史命运星座摩斯尔斯财务"
    "动态短信随机取件TPtp",
)
"""Before 密码 they make it a secret of something, a cipher, or a code that is found as such."""

KEY: Final = re.compile(
    "蜜码|密[马玛]|密 码(?= ?[:是为])|[🔑🔐🗝]|密(?i:ma)(?![a-z]{2})|密码"
    + "".join(f"(?<!{word}密码)" for word in NO_LOCK)
    + r"(?<!一次性密码)(?<!动态登[录陆]密码)"
    r"|(?:解锁|开锁|开门|开机|进门|门禁|门锁|锁屏|解压|提取|访问|分享|网盘|云盘|开箱)码"
    r"|(?<![一-鿿])(?:[大房院]?门|锁)码|解压(?= ?:)"
    r"|口令(?<!淘口令)(?<!红包口令)(?<!动态口令)(?<!一次性口令)(?<!一个口令)(?<!喊口令)|[密秘]钥|[账卡]密(?!码)"
    r"|暗号"
    r"|(?:[Ff][Ii]的?|无线网?络?的?|网络?|热点|[^一-鿿])密(?=[ :=是]{0,3}[!-~]{6})"
    r"|^密(?=[ :=是]{0,3}[!-~]{6})"
    r"|[机板幕的我](?:解锁|锁屏|开机)(?=[ :是]{0,2}[0-9])"
    r"|[Pp](?<![A-Za-z0-9][Pp])(?<!(?i:time|tion) [Pp])"
    r"(?i:asswords?|asswd|asscode|assphrase|ass ?word|asswr?o[rd][dt]"
    r"|ass(?= ?[:=是])|s?wd?|in|uk)码?(?:(?![A-Za-z])|(?<=[Pp][Ww][Dd])(?=[a-z]{2,16}[0-9]{2}))"
    r"|[Mm](?<![A-Za-z0-9][Mm])(?i:ima|m(?= ?[是:=]))码?(?![A-Za-z])"
)
"""The words for a password. Misses other words, such as 暗语."""

_NUMERALS: Final = "".join(CHINESE_DIGITS)
_VERB: Final = "(?:是|为|成|改回?|换回?|设|设做|叫|发你|给你)了?"
_LINK: Final = (
    r"(?:[\"'”’』」]? ?(?!的|不是|是不是|是否)"
    rf"(?:[一-鿿]{{0,8}}?(?:{_VERB}[一-鿿]{{0,2}}?)?[ \n]?[:=→>➡👉]+"
    rf"|[一-鿿]{{0,8}}?{_VERB}| [Ii][Ss] )[ \n]{{0,3}})"
)
_EMOJI: Final = "[ ☀-➿⬀-⯿\U0001f000-\U0001faff]{0,4}"
_VALUE: Final = r"(?![:=>(,.)</])[!-Z\\^-~]{3,64}"
"""Visible ASCII without square brackets, which are sticker codes."""
_VALUE_WITH_DIGIT: Final = (
    r"(?=[!-Z\\^-~]{0,63}[0-9]|[A-Za-z]{2,20}[_@#$&][A-Za-z]{2}(?![A-Za-z.@]{0,30}[.@]))" + _VALUE
)
"""The same with a digit, or letters that a sign joins as it joins no words: `tulip_tree`."""

AFTER_KEY: Final = re.compile(rf"{_LINK}[“”\"'「‘(]?(?P<value>{_VALUE})")
"""`密码是…`, `密码改成…`, `密码：…`, `pwd=…`. Misses Chinese words that no quotes hold."""

BESIDE_KEY: Final = re.compile(
    rf"{_EMOJI}-{{0,2}}[“\"'「『‘(（【《<]?(?P<value>{_VALUE_WITH_DIGIT})"
)
"""`密码abc123`, `wifi密码 88888888`: no joining word, so the value must hold a digit."""

AFTER_CLAUSE: Final = re.compile(
    rf"(?P<clause>(?:[一-鿿]|[,，、] ?){{0,14}}?[是为成叫用个][一-鿿]{{0,6}} {{0,2}})"
    rf"(?P<value>{_VALUE_WITH_DIGIT})"
)
"""`密码没变，还是abc123`, `密码就是我生日950714`. Misses longer clauses."""

ON_THE_NEXT_LINE: Final = re.compile(
    rf"(?P<clause>[^0-9A-Za-z\n〔〕]{{0,10}})\n{{1,2}}(?P<value>{_VALUE_WITH_DIGIT})(?=\n|\Z)"
)
"""`密码` and then `abc123` as a message of its own, with nothing beside it."""

ANSWERED: Final = re.compile(
    r"[^0-9A-Za-z\n〔〕]{0,6}?(?:多少|什么|啥|几|咋|怎|呢|吗|[?？]|来着"
    r"|[发给说告][我一下诉个]+)[^0-9A-Za-z\n〔〕]{0,6}\n"
    r"(?:(?:就?是|嗯|哦|好的?|给你|[按摁输]|你[按输])[ ,，:]?)?"
    rf"(?:(?P<value>{_VALUE_WITH_DIGIT}(?=[ ,，。;；~!！\n]|\Z|[一-鿿]))"
    r"|(?P<letters>(?!ha|hh|em|ok|em|sorry|please|thank|hello|hi|bye|wait|what|lol|omg|nihao"
    r"|buzhidao|wangle)"
    r"[a-z]{5,20})(?=\n|\Z))"
)
"""A question with the word in it, and its answer as the beginning of the next message."""

ASKED_WITHOUT_KEY: Final = re.compile(
    r"(?:^|(?<=\n))(?![^\n]{0,12}几[点时])(?:[^\n]{0,12}?(?:(?P<net>[Ww][Ii]-?[Ff][Ii]|无线|热点"
    r"|[家店你]里?网)"
    r"|锁屏|解锁|门[锁禁]|开机|开[一-鿿]{0,2}门|进门|门[咋怎][么样]?开|开[锁箱柜]|保险[箱柜])"
    r"[^\n]{0,3}?(?:[多什][少么]|啥|几(?![点时])|咋|怎|呢|吗|[?？]|来着|[发给说告][我一下诉个]+"
    r"|开)?[^0-9A-Za-z\n]{0,5}"
    r"|[咋怎]么?[样]?[一-鿿]{0,3}(?:进|开)[一-鿿]{0,2}门[^\n]{0,4})\n"
    r"(?:(?:就?是|嗯|哦|好的?|给你|密码锁?|[你先]?[按摁输]入?)[ ,，:]?)?"
    r"(?P<value>[*#]?[0-9]{4,10}[*#]?|[A-Za-z]{2,20}[0-9][0-9A-Za-z@#!_]{0,20}"
    r"|[0-9]{1,6}[A-Za-z][0-9A-Za-z]{3,20})"
    r"(?=[ ,，。;；~!！\n]|\Z|就|再|然后|加)"
)
"""The same where the question names only what is locked: `wifi多少`, `门禁咋开`."""

QUOTED: Final = re.compile(
    rf"(?:{_LINK}[“\"'「『‘《]|[一-鿿]{{0,2}}[“「『‘])"
    r"(?P<value>[^“”\"'「」『』‘’《》〔〕\n]{2,24})[”\"'」』’》]"
)
"""`密码是“芝麻开门”`: anything at all between quotation marks."""

SPELLED: Final = re.compile(
    rf"{_LINK}?就?[ ,，]?(?P<value>(?=[0-9A-Za-z]{{0,19}}[{_NUMERALS}])"
    rf"[{_NUMERALS}0-9A-Za-z]{{4,20}}(?![位个次遍十百千])"
    r"|[0-9](?: [0-9]){3,11}(?! ?[0-9])"
    rf"|(?:[两三四五六七八九十3-9]个[{_NUMERALS}0-9A-Za-z]){{1,3}}(?![一-鿿]?(?:人|字|数|月)))"
)
"""`密码是六个八`, `密码一二三四五六`, `密码一二三456`."""

HANDED_OVER: Final = re.compile(
    rf"(?:(?:[四五六八4-8]位数?字?|在这里?|给你|发你|如下|来了|有了|收好|记下|记一下|记好|拿去|就"
    rf"|还|也|都"
    r"|改了|改好|换了|换好|设好|变了)[了啦哈吧哦]?[ ,，、:～~—]{0,3}|[,，、～~—]{1,3} ?)"
    rf"(?P<value>{_VALUE_WITH_DIGIT})"
)
"""`密码，abc123`, `密码改了 abc123`, `密码六位778899`. Misses other clauses in between."""

MADE_OF: Final = re.compile(
    rf"(?P<clause>(?:就?是)?[一-鿿0-9,，]{{0,10}}?"
    r"(?:后[四六八468]位|生日|拼音|学号|工号|名字|[0-9]到[0-9]))"
    rf"[ :,，]{{0,3}}(?:是|就是)?(?P<value>{_VALUE_WITH_DIGIT})(?![一-鿿])"
)
"""`密码是我生日，031299`: what it is made of, and then itself."""

TRIED: Final = re.compile(
    r"密码[^\n0-9A-Za-z]{0,15}?(?:试试|试一?下|应该是|好像是|可能是|大概是|会不会是|是不是)"
    r"(?:这个|看)?[ :]?"
    rf"(?P<value>{_VALUE_WITH_DIGIT})"
)
"""`密码忘了，试试abc123`. Misses other ways to guess."""

PAIR: Final = re.compile(
    r"(?:账号|帐号|账户)[^0-9A-Za-z\n]{0,6}[0-9A-Za-z@._-]{5,40} ?[/|] ?"
    r"(?P<value>(?=[!-.:-~]{1,30}[0-9]"
    r"|[0-9]{1,30}[A-Za-z])(?=[!-.0-@\[-`{-~]{0,30}[A-Za-z])[!-.0-~]{6,32})"
)
"""`账号13812345678/abc12345`: account and password with a stroke between."""

SMALL_LETTERS: Final = re.compile(
    r"密码 {1,2}(?!ha|hh|please|hello|thank|error|wechat|iphone|android|login)"
    r"(?P<value>[a-z]{6,20})$",
    re.MULTILINE,
)
"""`wifi密码 sunshine`: nothing but small letters up to the end. Misses it before other words."""

LOOSE: Final = re.compile(
    r"(?P<clause>[^0-9A-Za-z\n〔〕“”\"']{1,12}?)"
    r"(?P<value>(?=[0-9A-Za-z])(?=[A-Za-z_@#-]{1,30}[0-9]{2}|[A-Za-z]{5,30}[0-9]"
    r"|[0-9]{2,30}[A-Za-z])"
    r"[0-9A-Za-z_@#-]{6,32})"
    r"(?![0-9A-Za-z]|[一-鿿]{0,3}(?:登|的?账|手机|电脑|微信|qq))"
)
"""Letters and digits a few words after, as only a password has them there."""

DEVICE: Final = re.compile(
    r"iphone|ipad|ios|win|mac|ax[0-9]|be[0-9]|android|rtx|gtx|ps[345]|mate|redmi|xiaomi|vivo|oppo|i[3579]-|usb"
    r"|mp[34]"
    r"|x86|ver|img|vid|dsc|www|qq|uid|id|bv|av|wifi|wpa|sha|md5|aes|rsa|utf|gb|[0-9]+[a-z]{1,2}\Z",
    re.IGNORECASE,
)
"""Letters and digits that are the names of things."""

GLUED: Final = re.compile(
    r"(?:密码|[Ff][Ii]的?密|[^一-鿿]密)(?!ha|hh|please|hello|thank|error|wechat|iphone|android"
    r"|login|wifi|email)"
    r"(?P<value>[a-z]{5,20})(?![0-9A-Za-z])"
)
"""`密码woaini`: small letters right after the word. Misses short ones."""

SHARED: Final = re.compile(
    r"(?:提取|访问|分享|网盘|云盘)码[ :是]{0,3}(?P<value>[A-Za-z0-9]{4})(?![A-Za-z0-9])"
    r"|提取[ :]{0,2}(?P<short>(?=[a-z]{0,3}[0-9])(?=[0-9]{0,3}[a-z])[a-z0-9]{4})(?![A-Za-z0-9])"
)
"""The four characters that open a shared folder, letters alone too."""

NAME_SPELLED: Final = re.compile(
    r"密码[^0-9A-Za-z\n]{0,8}?(?:名字|全拼|拼音"
    r"|小写)[^0-9A-Za-z\n]{0,4}(?P<value>[a-z]{5,20})(?![0-9A-Za-z])"
)
"""`密码是我名字拼音lihua`."""

ARCHIVE: Final = re.compile(
    r"(?:解压(?:缩包?)?(?:密码|码)|(?:解压|压缩包?|[Rr][Aa][Rr]|[Zz][Ii][Pp]|7[Zz])(?:的"
    r"|文件)?密码)"
    r"[一-鿿]{0,4}?[ :=]{0,2}"
    r"(?P<value>(?:www\.)?[A-Za-z0-9@_-]{2,30}(?:\.[A-Za-z]{2,10}){1,2}"
    r"|[a-z]{4,20})(?![0-9A-Za-z@_.-])"
)
"""What opens an archive, often the name of a site: `解压密码www.example.com`."""

ENGLISH_DOOR: Final = re.compile(
    r"(?:[Dd](?i:oor)|[Gg](?i:ate)|[Ll](?i:ock)|[Ee](?i:ntry)|[Rr](?i:oom))"
    r" ?[Cc]ode(?: is|[ :]){1,2} ?"
    r"(?P<value>[*#]?[0-9]{4,8}[*#]?)(?![0-9A-Za-z])"
)
"""`door code: 1204#`."""

NETWORK: Final = re.compile(
    r"[Ww][Ii]-?[Ff][Ii](?:是| ?:| ) ?(?P<value>[0-9]{8,12})(?![0-9A-Za-z元块])"
    r"|[Ww][Ii]-?[Ff][Ii] ?: ?[^ /\n]{1,24} ?/ ?(?P<other>[!-.0-~]{8,32})"
    r"|(?:[Ww][Ii]-?[Ff][Ii]|无线网?络?|热点|[家店你][里的]?的?网络?)"
    r"(?:(?:连|就|还)?是| ?[:→=>]| |-{1,2})?[ >]?"
    r"(?P<mixed>(?=[a-z0-9]{8})(?!pwd?|psw|pass|mima)(?:[a-z]{3,20}[0-9]{2,12}[a-z]{0,8}"
    r"|[a-z]{7,20}[0-9]|[0-9]{2,8}[a-z]{3,20}[0-9]{0,8}))"
    r"(?<![0-9]g)(?![0-9A-Za-z_.-]|[^\n]{0,8}[密名])"
)
"""`wifi：88886666`, `WiFi: name / abc12345`: no shorter than what a network takes."""

NAMED_PHRASE: Final = re.compile(
    r"密码 ?: ?(?P<value>[一-鿿]{1,6}[0-9][0-9A-Za-z]{1,11})(?![0-9A-Za-z一-鿿])"
)
"""`密码：小明1234`. Misses it without a colon, where words rather say what it is."""

LOGIN: Final = re.compile(
    r"://[^\s:@/]{1,64}:(?P<value>[^\s@/]{3,64})@"
    r"|curl[^\n]{0,80}? -u [\w.-]{1,40}:(?P<user>[!-~]{3,64})"
    r"|(?:mysql(?:dump)?|sshpass|mongo)[^\n]{0,80}? -p ?(?P<short>[!-,.-~][!-~]{3,63})"
)
"""Passwords of command lines and addresses."""

PATTERN: Final = re.compile(
    r"图案(?:密码)?(?:是|为|[ :]){0,3}(?P<value>[1-9](?:[ -]?[1-9]){3,8})(?![0-9])"
)
"""The dots of a pattern lock, by number."""

CREDENTIALS: Final = re.compile(
    r"(?<![A-Za-z0-9])(?i:u|un|usr|user(?:name)?|acc|account|login|id|账号?|号|用户名?) ?[:=] ?"
    r"[!-~]{2,40}?"
    r"[ \n,，;/|]{1,3}(?i:p|pw|ps|pass|密码?) ?[:=] ?(?P<value>[!-~]{4,40})"
    r"|(?:服务器|后台|数据库|跳板机?|账号|路由器?|管理员|登录|控制台|nas|ssh|ftp"
    r"|vpn)[^\n0-9A-Za-z]{0,6}"
    r"(?:root|admin|administrator|guest|user|test[0-9]{0,4})(?: ?[/|] ?| )"
    r"(?P<other>(?=[!-.:-~]{0,30}[0-9])[!-.0-~]{5,40})"
    r"|(?<![0-9A-Za-z_@/.])root (?P<root>(?=[a-z]{0,30}[A-Z@#!$])(?=[!-.:-~]{0,30}[0-9])[!-.0-~]"
    r"{6,40})"
    r"|(?<![A-Za-z0-9_])[Pp]ass (?P<third>(?=[!-~]{0,30}[A-Z])(?=[!-~]{0,30}[0-9])[!-~]{6,40})"
    r"|(?<![A-Za-z0-9_])[Kk]ey ?[:=是] ?(?P<fourth>(?=[A-Za-z_-]{0,30}[0-9])[0-9A-Za-z_@#-]{6,40})"
)
"""A name and its password, labelled or with a stroke between: `u:anna p:k8!ma`, `root/k8!ma`."""

READ_OUT: Final = re.compile(
    r"(?P<value>(?:[大小]写(?:字母)?的?[A-Za-z]{1,3}(?![A-Za-z])[ ,，、]?"
    r"|(?:然后|再加|加上?|接着)?[ ]?[0-9]{1,8}[ ,，、]?"
    r"|井号|下划线|艾特|感叹号|星号){2,12})"
)
"""`大写Q小写w再加2231`: how to type it, sign by sign."""

_AFTER_ENTRY: Final = (
    r"(?![0-9A-Za-z#*元块万年款.:/-]| ?(?:元|块|万|年|号|室|楼|栋|户|层|米|次|个|人|分|秒|关|前|后"
    r"|之|点|呼|叫|找))"
)
ENTRY: Final = re.compile(
    r"(?:(?:门锁|门禁|密码锁|[大铁院屋]门|单元门|防盗门|保险[箱柜]|[储置]物柜|寄存柜|更衣柜)"
    r"(?:是|[ :]){1,3}"
    r"|(?:开锁|解锁|开门) ?: ?|(?<![一-鿿])锁(?:是| ?:) ?)"
    r"(?P<value>[0-9]{4,8}[#*]?|[0-9]{1,2}(?:-[0-9]{1,2}){2,3})"
    + _AFTER_ENTRY
    + r"|(?:门禁|密码锁|密码牌|门锁)(?P<glued>(?!2[0-4][0-5]0)[0-9]{4,6}[#*]?)"
    r"(?=\Z|[ \n,，。;；!！~]|再|然后|就|加|进|开|[井星]号)(?! ?(?:元|块))"
)
"""`门锁：836205`, `门禁2046再按铃`. Misses a number of four digits that may be an hour."""

PRESSED: Final = re.compile(
    r"(?:[门锁禁柜箱楼][一-鿿]{0,5}?[ ,，]?|^(?![^\n]{0,4}输(?!入)))(?:你|先|就|要|直接|得"
    r"|记得)*[按摁输敲]入?[ :]?(?:密码)?"
    r"(?P<value>[*#]?[0-9]{4,8}[*#]?|[0-9](?: [0-9]){3,7}(?: ?[*#])?)"
    r"(?=\Z|[ \n,，。;；!！~]|就|再|然后|加|进|开|确|[井星*#]|即)(?! ?(?:元|块|呼|叫))",
    re.MULTILINE,
)
"""`到了单元门直接输080426`: what one presses on something with a lock.

Misses what is pressed for other things, as the bell of a flat is.
"""

SET: Final = re.compile(
    r"[柜箱锁门屏盒](?:(?![宽高长深价])[一-鿿]){0,3}?设[的成为置]?[是了成]?[ :]?(?P<value>[0-9]"
    r"{3,8}[#*]?)" + _AFTER_ENTRY + r"|(?<=箱)子?的?锁[ :是]{0,2}(?P<three>[0-9]{3})" + _AFTER_ENTRY
)
"""`储物柜设的是2288`, `箱子锁927`."""

OPENS: Final = re.compile(
    r"(?<![!-~])(?P<value>[*#]?[0-9]{4,8}[*#]?|(?=[A-Za-z]{1,16}[0-9])[0-9A-Za-z]{5,16})[ ,，]?"
    r"(?:(?:这个?)?就?是?(?:用来)?[开进](?!的)[一-鿿]{0,3}[门锁柜箱](?:的|用的)?|(?:这个?)?就?是"
    r"(?:[一-鿿]{0,3}(?:门|门锁|门禁|[柜箱]子?)|[Ww][Ii]-?[Ff][Ii]|无线|热点|路由器?)的)(?=\Z"
    r"|[ \n,，。!~])"
)
"""`998314开大门的`, `lovely77这个是wifi的`: what it opens, after it."""

NEARBY: Final = re.compile(
    r"(?<![0-9A-Za-z_.@#:/\\+~%&=?-])(?P<value>[0-9A-Za-z][0-9A-Za-z_.@#!*-]{3,30}[0-9A-Za-z#*])"
    r"(?![0-9A-Za-z])"
)
"""A word of ASCII signs, which `is_secret` then looks at."""

_REACH: Final = 18
_STILL: Final = re.compile("没[换变改错动]|不[变换]|别忘|备忘")
_TOLD_APART: Final = re.compile(
    r"账|号|名|微信|网址|链接|型|款|版|卡|邮箱|[:@/]$|id|wifi|qq|vx|wx|[〔〕]|用户|输?错|忘|重置"
    r"|过期|之前",
    re.IGNORECASE,
)
"""What between the word and a value says that the value is something else."""

ACCOUNT_AND: Final = re.compile(
    r"(?:[账帐]号|用户名|登录名)[^\n密]{1,40}密码(?:是|[ :]){0,3}"
    r"(?P<value>[A-Za-z]{4,20})(?![0-9A-Za-z])"
)
"""`账号admin 密码admin`: letters alone, where an account stands before them."""

LOCK: Final = re.compile(
    r"(?:密码(?:锁|盒子?|箱)|锁屏|(?:手机|电脑|平板|屏幕|应用|电子|智能|指纹|挂|箱|柜|车|单车|抽屉"
    r"|房)锁)"
    r"(?:的?数字)?[ :是]{0,3}(?P<value>[0-9]{6}|[0-9]{4}(?![一-鿿])|[0-9]{4,8}[#*]"
    r"|(?<=[ :是])[0-9]{4,8}|[0-9](?:-[0-9]){3,7})"
    r"(?![0-9A-Za-z元块款年.])"
    r"|(?:儿童|童|自行车|单车|电动车|挂)锁[ :是]{0,2}(?P<four>[0-9]{4})(?=\Z|[ \n,，。!~])"
    r"|保险[箱柜][^0-9\n]{0,8}[^\n]{0,14}?(?P<turns>[0-9]{1,2}(?:-[0-9]{1,2}){2,3})(?![0-9-])"
)
"""`我家密码锁903177`, `保险箱左三圈，47-12-86`."""

PHRASE: Final = re.compile(
    r"(?:(?<!淘)(?<!红包)口令|暗号)(?:是|为| ?:| ) ?"
    r"(?P<value>[一-鿿]{1,10}[0-9]{2,8})(?![0-9A-Za-z一-鿿])"
)
"""`口令是芝麻开门123`: words and digits to be said. Misses words alone, which may be talk."""

SAYING: Final = re.compile(
    r"(?:暗号|(?<!红包)口令)(?:就?是| ?:) ?"
    r"(?P<value>(?![^\n,，。]{0,6}(?:什么|多少|啥|谁|你|我|不|没|吗|呢|忘))"
    r"[一-鿿]{3,8})(?=\Z|[ \n,，。!！~])"
)
"""`暗号是天王盖地虎`."""

HEARD: Final = re.compile(
    r"密码[^\n0-9A-Za-z]{0,12}?[ ,，?？:]"
    rf"(?P<value>[{_NUMERALS}]{{4,8}})(?=\Z|[ \n,，。!~])"
)
"""`密码我念你记，零四一九`."""

LOCK_SPELLED: Final = re.compile(
    r"(?:童锁|门禁|门锁|锁屏|密码锁)(?:是|[ :]){0,2}"
    rf"(?P<value>[两三四五六七八九]个[{_NUMERALS}])(?![一-鿿0-9])"
)
"""`锁屏四个零`."""

SMALL: Final = re.compile(
    r"(?:全是?小写|都是?小写)(?:字母)?的?(?:是|[ ,，:])?(?P<value>[a-z]{6,24})(?![0-9A-Za-z])"
)
"""`全小写dongfanghong`."""

CAPITALS: Final = re.compile(
    r"密码(?:就?是|为|[ :])?[一-鿿]{0,2}大写(?:字母)?的?(?:是|[ ,，:])?"
    r"(?P<value>[A-Z]{4,20})(?![0-9A-Za-z])"
)
"""`密码是大写NANSHAN`."""

SPACED: Final = re.compile(
    r"密码(?:是|[ :])?(?P<value>[0-9A-Za-z]{2,16}(?: [0-9A-Za-z]{2,16}){1,3})"
    r"[^0-9A-Za-z\n]{0,4}空格"
)
"""`密码qwe asd 123，中间有空格`."""

WORDS: Final = re.compile(
    r"助记词[^A-Za-z\n]{0,8}(?P<value>[a-z]{3,8}(?:[ ,，]{1,2}[a-z]{3,8}){11,23})"
)
"""The twelve or more English words that open a wallet."""

SECRET: Final = re.compile(
    r"(?:[Aa](?<![A-Za-z].)(?i:pi[ _-]?key|ccess[ _-]?(?:key|token))"
    r"|[Ss](?<![A-Za-z].)(?i:ecret(?:[ _-]?key)?)|[Tt](?<![A-Za-z].)(?i:oken))"
    r"[\"' ]?[:=是] ?[\"']?"
    r"(?P<value>(?=[A-Za-z_.-]{0,40}[0-9])[0-9A-Za-z_.-]{12,200})"
)
"""Keys of programs. Misses short ones."""

DOOR: Final = re.compile(
    r"(?:[按输摁]|门禁|大门|单元门|楼下门|门锁|[防铁院]盗?门"
    r"|密码(?:是)?[0-9A-Za-z]{1,3}[栋幢座号]楼?的?)[一-鿿]{0,2}?[ :]{0,2}"
    r"(?P<value>#[0-9]{3,8}[#*]?|[*]?[0-9]{3,8}[#*])(?![0-9A-Za-z#*])"
)
"""`门禁2583#`: the keys of a door make it a code without the word for one."""

BOX: Final = re.compile(
    r"(?:箱子?|锁|柜)的?密码(?:是|为|[ :]){0,3}(?P<value>[0-9]{3})"
    r"(?![0-9A-Za-z?？.]| ?[次遍个天年月号块元])"
)
"""`行李箱密码318`: three digits, as many as such a lock has."""

_UNJOINED: Final = r"[!-9;<>-Z\\^-~]"
_BEFORE: Final = rf"(?<![!-9;<>-~])(?P<value>(?={_UNJOINED}{{0,63}}[0-9]){_UNJOINED}{{4,64}}+)"
BEFORE_KEY: Final = re.compile(
    rf"{_BEFORE}(?:[,， \n]?(?:这个?)?(?:就|才|也)?是|\(|[那这]个(?=密码))"
    r"(?![不要改重忘没谁什怎])[一-鿿A-Za-z]{0,8}?密码(?! ?[吗嘛么?？错改忘锁本学])"
)
"""`abc123是wifi密码`, also in the message before. Misses other words between the two."""

ALONE_BEFORE_KEY: Final = re.compile(
    rf"^{_BEFORE}[ \n,，]?(?:[Ww][Ii]-?[Ff][Ii])?[一-鿿]{{0,6}}密码$", re.MULTILINE
)
"""`abc123 密码` with nothing beside it."""

_TALK: Final = re.compile("忘.{0,3}|.{0,2}错误?|什么.{0,3}|多少.{0,3}|不.{1,4}|.{0,2}正确")
_COUNTED: Final = re.compile(
    r" ?(?:位|次|遍|个|天|年|月|号|分钟|小时|秒|块|元|人|层|楼|种|条|字|数|格|开头|结尾|左右|版)"
)
_NO_SECRET: Final = re.compile(
    r"https?:|[A-Za-z_.]{1,40}\(|(?:os|process|self|config|settings)\.|\$[{(]"
    r"|(?:1password|required|incorrect|invalid|wrong|correct|expired|changed|forgotten|protected"
    r"|manager|reset|login|please|hidden|unknown|missing|command|input|string|null|none|false"
    r"|true|undefined"
    r"|wifi|same|with|from|this|that|here|what|field|must|should|cannot|wechat|iphone"
    r"|android)(?![0-9A-Za-z_-])",
    re.IGNORECASE,
)
"""What follows the word in talk about passwords: links, a product, and English."""

_ASKED: Final = re.compile("多少|什么|啥|几|咋|怎|呢|吗|[?？]|来着|[发给报念]")
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")

_TRAILING: Final = " ,.;:!?()\"'>~"
REPEATED: Final = re.compile("[0-9]?[啊哦哈]?[ ,，:=]{0,2}(?:也?就是|即|都是)?(?:[0-9]{4}|〔)")
"""What was told in words once more in digits: then those are the value."""

_SHORTEST: Final = 4
_SHORTEST_NAMED: Final = 3
_USUAL_DIGITS: Final = 6
_FEWEST_SECRET_DIGITS: Final = 2
_SHORTEST_ALONE: Final = 6
_SEPARATE: Final = frozenset({ON_THE_NEXT_LINE, ALONE_BEFORE_KEY, HANDED_OVER})
_SHORTEST_LETTERS: Final = 4
_WRAPPERS: Final = frozenset({"**", "``", "||", "{}", "~~", "__"})


class PasswordRecognizer(ChatRecognizer):
    """Finds the value of a password, not the talk about one."""

    ENTITY: ClassVar[str] = "PASSWORD"
    # Written out in both cases: `re` looks for classes of first letters much faster.
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"(?=[密蜜码开解锁口秘账卡暗保助帐授图小门机脑板幕用子能纹挂箱柜车屉房童提设按摁输敲进取禁"
        r"屏压问享盘线点器热家店你里🔑🔐🗝#:0-9A-Za-z])(?:"
        r"密码|蜜码|密[马玛]|[开解]锁|开门|[Cc]ode|[锁门取禁屏机压问享盘箱]码|口令|[密秘]钥"
        r"|[账卡]密|暗号|解锁|锁屏|保险[箱柜]|助记词"
        r"|#[0-9]{3}|[0-9]{3}#|(?:[账帐]号|账户)[^\n]{5,52}[/|]|授权码|解压|图案"
        r"|门[锁禁]|[Ff][Ii] ?[ :是0-9]|://|curl|mysql|sshpass"
        r"|密 码|[机脑板幕用子能纹挂箱柜车屉房]锁|[A-Za-z0-9] ?[/|] ?[!-~]{0,20}[0-9]|[Pp] ?[:=]"
        r"|[Pp](?:[Aa][Ss][Ss]|[Ww]|[Ss][Ww]|[Ii][Nn]|[Uu][Kk])|[Mm](?:[Ii][Mm][Aa]|[Mm])"
        r"|[🔑🔐🗝]|小写|密(?=[ :=是]{0,3}[!-~]{6}|[Mm])|锁(?:是| ?:)|童锁|开机(?=[ :是]{0,2}[0-9])"
        r"|提取[ :]{0,2}[0-9a-z]|设[的成为置]?[是了成]?[ :]?[0-9]{3}|[按摁输敲]入?[ :]?[*#]?[0-9]"
        r"|(?:[开进][一-鿿]{0,3}[门锁柜箱]|锁[箱柜])|(?:[门锁禁柜箱子线点器]|[Ff][Ii])的"
        r"|(?:线(?<=无线)|热点|[家店你里]里?网"
        r"|[Ff][Ii])[^0-9A-Za-z\n]{0,9}\n?[^0-9A-Za-z\n]{0,4}[0-9A-Za-z]{4}"
        r"|[Rr][Oo][Oo][Tt]|[Aa][Dd][Mm]|[Uu][Ss][Ee]|[Gg][Uu][Ee]"
        r"|[Kk][Ee][Yy]|[Ss][Ee][Cc][Rr]|[Tt][Oo][Kk][Ee])"
    )
    GATE: ClassVar[re.Pattern[str]] = re.compile(
        "[码令钥禁密锁险账帐助暗权压图按摁输敲设门柜箱线热网提机写#🔑🔐🗝DdLlEePpMmKkTtFfUu]"
    )

    def find(self, text: str) -> Iterator[Hit]:
        """Yield values that stand beside a word for a password."""
        found = list(self._told(text))
        yield from found or self._nearby(text)

    @staticmethod
    def _nearby(text: str) -> Iterator[Hit]:
        """Yield what looks like a password a few words before or after 密码."""
        for key in KEY.finditer(text):
            if key[0] != "密码":
                continue
            low = max(0, key.start() - _REACH)
            high = min(len(text), key.end() + _REACH)
            after = NEARBY.search(text, key.end(), high)
            before = list(NEARBY.finditer(text, low, key.start()))
            for match, between in (
                (after, text[key.end() : after.start()] if after else ""),
                (
                    before[-1] if before else None,
                    text[before[-1].end() : key.start()] if before else "",
                ),
            ):
                if match is None or "〔" in text[low:high]:
                    continue
                start = match.start()
                left = text[max(0, start - 4) : start]
                talk = _STILL.sub("", between)
                if _TOLD_APART.search(talk) or asks_or_denies(talk) or _TOLD_APART.search(left):
                    continue
                if is_secret(match["value"]) and not _COUNTED.match(text, match.end()):
                    yield Hit(*match.span("value"), 0.5, WHY_AFTER_WORD)

    def _told(self, text: str) -> Iterator[Hit]:
        for key in KEY.finditer(text):
            yield from self._after(text, key.end())
            loose = None if key[0].isascii() else LOOSE.match(text, key.end())
            if loose and not (DEVICE.match(loose["value"]) or asks_or_denies(loose["clause"])):
                yield Hit(*loose.span("value"), 0.6, WHY_AFTER_WORD)
        for pattern, shortest in (
            (BEFORE_KEY, _SHORTEST),
            (ALONE_BEFORE_KEY, _SHORTEST_ALONE),
            (TRIED, _SHORTEST),
        ):
            for match in pattern.finditer(text):
                yield from _typed(text, match, shortest)
        for pattern in (
            DOOR,
            PRESSED,
            SET,
            OPENS,
            ASKED_WITHOUT_KEY,
            ARCHIVE,
            BOX,
            LOCK,
            PAIR,
            SMALL_LETTERS,
            GLUED,
            NETWORK,
            SHARED,
            NAME_SPELLED,
            ENGLISH_DOOR,
            NAMED_PHRASE,
            LOGIN,
            PATTERN,
            CREDENTIALS,
            ENTRY,
            ACCOUNT_AND,
            PHRASE,
            SAYING,
            HEARD,
            LOCK_SPELLED,
            SMALL,
            CAPITALS,
            SPACED,
            WORDS,
            SECRET,
        ):
            for match in pattern.finditer(text):
                value = match.lastgroup or "value"
                if value == "net":
                    value = "value"
                if not _NO_SECRET.match(match[value]) and not is_laughter(match[value]):
                    yield Hit(*match.span(value), 0.8, WHY_AFTER_WORD)

    @staticmethod
    def _after(text: str, end: int) -> Iterator[Hit]:
        """Yield what stands after the word that ends at `end`."""
        for pattern, shortest in (
            (AFTER_KEY, _SHORTEST_NAMED),
            (BESIDE_KEY, _SHORTEST),
            (AFTER_CLAUSE, _SHORTEST),
            (HANDED_OVER, _SHORTEST),
            (MADE_OF, _SHORTEST),
            (ON_THE_NEXT_LINE, _SHORTEST),
        ):
            match = pattern.match(text, end)
            if match and not (pattern.groups > 1 and _is_talk(pattern, match)):
                yield from _typed(text, match, shortest)
        match = ANSWERED.match(text, end)
        if match and match["letters"]:
            yield Hit(*match.span("letters"), 0.7, WHY_AFTER_WORD)
        elif match:
            yield from _typed(text, match, _SHORTEST)
        match = QUOTED.match(text, end)
        if match and not _TALK.fullmatch(match["value"]):
            yield Hit(*match.span("value"), 0.8, WHY_AFTER_WORD)
        read_out = READ_OUT.search(text, end, min(len(text), end + 40))
        if read_out and "写" in read_out[0] and re.search("[0-9]", read_out[0]):
            yield Hit(*read_out.span("value"), 0.7, WHY_SPELLED)
        match = SPELLED.match(text, end)
        if match and not REPEATED.match(text, match.end()):
            yield Hit(*match.span("value"), 0.7, WHY_SPELLED)


def is_secret(value: str) -> bool:
    """Whether signs that stand by themselves can hardly be anything but a password."""
    digits = sum(char.isdigit() for char in value)
    if value.isdigit():
        return digits == _USUAL_DIGITS and not is_laughter(value)
    if DEVICE.match(value) or _NO_SECRET.match(value) or digits < _FEWEST_SECRET_DIGITS:
        return False
    return any(char.isalpha() for char in value) and len(value) > _SHORTEST_LETTERS


def _is_talk(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Whether the words between say that no password follows; after a question one may."""
    clause = match["clause"]
    if pattern is ON_THE_NEXT_LINE and _ASKED.search(clause):
        return len(match["value"]) < _SHORTEST or _YEAR.fullmatch(match["value"]) is not None
    return asks_or_denies(clause)


def _typed(text: str, match: re.Match[str], shortest: int) -> Iterator[Hit]:
    """Yield the value of `match`, unless it is a number of something, or laughter."""
    value = match["value"]
    if _NO_SECRET.match(value):
        return
    start = match.start("value")
    quote = text[start - 1 : start]
    if quote and quote in "\"'" and quote in value:
        value = value[: value.index(quote)]
    if value[:1] + value[-1:] in _WRAPPERS:
        value = value[1:-1]
        start += 1
    value = _trimmed(value)
    end = start + len(value)
    if not _looks_secret(value, shortest) or _COUNTED.match(text, end):
        return
    if match.re not in _SEPARATE or not is_laughter(value):
        yield Hit(start, end, 0.9, WHY_AFTER_WORD)


def _trimmed(value: str) -> str:
    """Return `value` without the punctuation of the sentence it ends.

    One `!` stays at the end of a value that mixes kinds of characters as only a password does.
    """
    if "(" in value and ")" not in value:
        value = value[: value.index("(")]
    bare = value.rstrip(_TRAILING)
    mixed = any(char.isupper() or not char.isalnum() for char in bare)
    mixed = mixed and any(char.isdigit() for char in bare)
    return bare + "!" if mixed and value[len(bare) :] == "!" else bare


def _looks_secret(value: str, shortest: int) -> bool:
    if any(char.isdigit() for char in value):
        return len(value) >= shortest
    return sum(char.isalpha() for char in value) >= _SHORTEST_LETTERS
