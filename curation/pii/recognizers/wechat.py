"""WeChat ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

WXID: Final = re.compile(r"(?<![A-Za-z0-9_])wxid_[0-9a-z]{6,32}(?![A-Za-z0-9_])")
"""The id WeChat gives to an account that chose none."""

_ACCOUNT: Final = (
    r"(?:[微薇威徽维围溦嶶][ .·❤♥-]?(?:[信芯心](?!型)|亻言)|微号"
    r"|[微薇威徽溦歪vV][❤♥]|[vV]信|[✌🖐] ?信"
    r"|[微薇溦嶶](?= ?:)|绿泡泡?"
    r"|(?<![稍轻略细卑低入])[微薇溦嶶威](?= ?[A-Za-z])"
    r"|绿色?(?:的?聊天)?(?:软件|应用|图标|(?i:app))|小绿(?![书])|绿标"
    r"|卫星(?=号|账号| ?:| ?[A-Za-z])|wei信|微x|w[❤♥]x|[wW][信❤♥]|卫[❤♥]"
    r"|[加➕+][个下我一]{0,2} ?[vV微薇威](?![A-Za-z信])|(?<![A-Za-z0-9])v(?=[➕+])"
    r"|[的你她他个]v(?=是|号|多少|呢|啥|[?？])|(?<![A-Za-z0-9])v(?=是 )"
    r"|(?<![A-Za-z0-9])v我|(?<![A-Za-z0-9])v(?= ?:)|(?:^|(?<=[我的,，;；、|])|(?<=[,，;；、"
    r"|] ))v(?= )"
    r"|(?<![A-Za-z])we chat(?= ?(?:id|号|no\b|:))"
    r"|(?<![A-Za-z0-9])(?:wechat|wei ?xin(?:hao)?|v[.-]?xi?n?h?|w[ .-]?xh?)(?:(?![A-Za-z])|(?=id))"
    r"|🛰)"
)
_SAID: Final = (
    "(?:[一-鿿]{0,4}?(?:是|为|叫|搜(?:一下|下)?|加|成了?|[咗左]做?|这个?|吧|哈|客服|小号|号了|换了|改了|改名了?"
    "|常用|给你"
    "|发你)"
    "[,， :=]{0,3}){1,2}"
)
_LINK: Final = (
    r"(?P<sure>(?:[ _-]?(?:号码|帐号|账号|号|id(?![A-Za-z])|id(?=[A-Za-z]{2,18}[0-9_]"
    r"|[a-z]{6,20}(?![A-Za-z]))))?(?:\([^()\n]{1,10}\)(?= ?:))?"
    rf"(?:{_SAID}| is |[ =\"']{{0,3}}:[ :=]{{0,3}}"
    r"|[ ☀-➿⬀-⯿\U0001f000-\U0001faff=>~.+丨-]{1,4}(?=[A-Za-z]))?"
    r"(?:(?:纯|全|都是)?(?:字母|全拼|拼音|小写|英文)(?:的|是|就是)?[:, ]?)?)"
)
_VALUE: Final = (
    r"(?P<value>(?!(?:[Qq]{1,2}[0-9]{5,11}|[Vv][Xx]?1[3-9][0-9]{9})(?![0-9A-Za-z_-]))"
    r"[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_\-@]|\.[A-Za-z0-9])"
)

NAMED: Final = re.compile(
    rf"{_ACCOUNT}{_LINK}[ =(\"'“【「\[]{{0,3}}{_VALUE}", re.IGNORECASE | re.MULTILINE
)
"""`微信号：lihua_1990`, `vx abc12345`. WeChat's own rule: a letter, then 5 to 19 more characters.

Misses ids that are a phone or a QQ number (found as those).
"""

LOOSE: Final = re.compile(
    rf"{_ACCOUNT}(?P<gap>[^0-9A-Za-z\n]{{1,12}}?)(?P<sure>)(?<![0-9A-Za-z_@.-]){_VALUE}",
    re.IGNORECASE,
)
"""An id with a digit or a stroke a few words after. Misses ids of letters alone there."""

SPACED: Final = re.compile(
    rf"{_ACCOUNT}{_LINK}[ :]{{0,3}}(?P<value>[A-Za-z](?: [A-Za-z0-9_-]){{5,19}}[0-9]{{0,7}})"
    r"(?! ?[A-Za-z0-9_-])",
    re.IGNORECASE | re.MULTILINE,
)
"""`微信 m a n g o 1 0`: letter by letter."""

DOTTED: Final = re.compile(
    rf"{_ACCOUNT}{_LINK}[ :]{{0,3}}(?P<value>(?!www)[A-Za-z][A-Za-z0-9_-]{{1,15}}\.(?!(?:com|cn"
    rf"|net|org|gov|edu|io|me|cc"
    r"|top|app|html?|exe|apk|ipa|dmg|pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|zip|rar|7z|mp[34]|mov|txt"
    r"|log|dll|py|js|json)"
    r"(?![A-Za-z0-9]))[A-Za-z][A-Za-z0-9_-]{2,15})(?![A-Za-z0-9_@-]|[.:/][A-Za-z0-9])",
    re.IGNORECASE | re.MULTILINE,
)
"""An id with a full stop, as WeChat allows none and people write all the same."""

GLUED_LETTER: Final = re.compile(
    r"(?:^|(?<=[ ,，。;；、\n]))v(?=(?:(?:[zcs]h|[b-df-hj-np-tw-z])[aeiou]{1,3}(?:ng?)?){1,5}[_-])"
    r"(?P<value>[a-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_@-]|[.:/][A-Za-z0-9])"
)
"""`，vmango_1024`: the letter alone glued to syllables and a stroke."""

_REACH: Final = 16
NOT_GIVEN: Final = re.compile(
    "[游发传装更版图看买卖玩付步包截里上群听读跳开载]|最新版|(?<![在都就改是少不常])用|(?<![一加搜])下"
    "|文件|程序|公众|链接|支付|登[录陆]|输入法"
)
"""What one does with WeChat, other than giving one's id."""

_GIVEN: Final = re.compile("发过?来|加不上|搜不到")
"""What has a letter of those and yet leads to an id."""

_INVITES: Final = re.compile("[加➕+vVwW]")
_OF_CODE: Final = (".", "-")
"""What joins `wx` to a name of a program's, as in `wx.request`."""

_CHATTER: Final = re.compile(
    "please|thank|hello|friend|emoji|ha|hh|just|about|again|moments|group|official|account"
    "|channel|article|mini|first|later|now",
    re.IGNORECASE,
)
"""English that rather follows a word for WeChat than an id does."""

_PINYIN: Final = re.compile("(?:(?:[zcs]h|[b-df-hj-np-tw-z])?(?:[aeiou]{1,3}|v)(?:ng?|r)?){3,8}")
"""Letters alone that spell Chinese syllables, as no English word of that length does."""

NEARBY: Final = re.compile(
    rf"(?<![0-9A-Za-z_@./:#=&?\\])(?<![0-9A-Za-z_@./:#=&?\\]-)(?<![ -~]--){_VALUE}"
)
"""What could be an id, where WeChat is spoken of near it; also behind a dash of the sentence."""

_ABOUT: Final = re.compile("微信|薇信|v信|(?<![A-Za-z])(?:vx|wx|wechat)(?![A-Za-z])", re.IGNORECASE)
_OTHER: Final = re.compile(
    "密码|账|邮箱|网址|公众|小程序|游戏|文件|软件|链接|[〔〕]|版|型号|名字|昵称|wifi|口令|qq|ins"
    "|抖音|微博|快手|小红书|王者|吃鸡|原神|steam|switch",
    re.IGNORECASE,
)

CHANGED: Final = re.compile(
    r"(?:微信|(?<![A-Za-z])(?:vx|wx|v)(?![A-Za-z]))[^0-9A-Za-z\n]{0,14}?"
    r"(?:新的?号?|新号|现在用?的?|换成|改成|改为|换到|号是|号|搜这?个?|加这?个)(?:就?是|叫|为"
    r"|[ ,，:])*"
    rf"(?<![0-9A-Za-z_@.-]){_VALUE}",
    re.IGNORECASE,
)
"""`微信换了，现在用mango_1024`: the new account, some words after its kind."""

TO_ADD: Final = re.compile(
    rf"(?:^|[ ,，。!！~\n]|群主|麻烦|重新|[再先你请前后来就要的]|可以|直接)[加➕](?:我"
    rf"|[一]?[下个]我|我[一]?下"
    r"|我吧)(?:[一-鿿]{1,3}[,，]|[ :,，]|(?:确认|核[对实]|验证|咨询|细说|详聊|聊聊?|领取?|拿货?"
    r"|报名|看图|预约)[ :,，]?)?(?!q[0-9])"
    rf"{_VALUE}(?=\Z|[ \n,，。!！~])",
    re.IGNORECASE,
)
"""`加我mango_1024` and nothing else: nothing but WeChat is added so without its name."""

AMONG_FRIENDS: Final = re.compile(
    r"(?:[大小主副]号(?:是)?|(?:助教|潜水|备用|客服|工作|私人|生活|管理员?|班主任|原始)号|群主"
    r"|(?:手动|直接|自己|就|去|来|你)[加搜]|手动[加搜][,，]|加[她他](?:吧"
    r"|就行)?|[加搜]这个)[ :，,]{0,2}"
    rf"(?<![0-9A-Za-z_@.-]){_VALUE}(?=\Z|[ \n,，。!！~])",
    re.IGNORECASE,
)
"""`搜不到就搜mango_1024`: an id to add, where one speaks of adding friends."""

_FRIENDS: Final = re.compile(
    "[扫码]|搜不到|加不上|好友|名片|通过|备注|满了|拉你|申请|[大小主副水用服作人活理员始任教]号"
    "|群主|加[她他我你]"
)

CALLED_AFTER: Final = re.compile(
    rf"(?<![0-9A-Za-z_@.:/-]){_VALUE}[ ,，(]{{1,2}}(?:这?个?就?是)?我?的?"
    r"(?:微信|[vV]信|(?<![A-Za-z0-9])(?:vx|wx)(?![A-Za-z0-9]))(?:[的号)]|那个|上[搜加的]|(?=\Z"
    r"|[ \n,，。!！~]))",
    re.IGNORECASE,
)
"""`账号是mango_1024，微信的`: the id, and then of what."""

ADD_ME: Final = re.compile(
    rf"^{_VALUE}[ ,，](?:加我|加好友|来加|搜这个|加这个)"
    rf"|(?<![0-9A-Za-z_@.:/#-])(?P<pushed>[A-Za-z][A-Za-z0-9_-]{{5,19}}) ?的?(?:名片)?推[送荐]?给"
    r"|(?:售后|客服|进群|入群|咨询|下单|预约|报名)[一-鿿]{0,3}?加(?:管理员?|客服|老师|店长"
    r"|助理)?[ :]?"
    r"(?P<served>[A-Za-z][A-Za-z0-9_-]{5,19})(?=\Z|[ \n,，。!！~])",
    re.IGNORECASE | re.MULTILINE,
)
"""`mango_1024 加我备注来意`."""

_ID: Final = "(?!(?:[Qq]{1,2}|[Vv][Xx]?|[Tt]el)[0-9]{5})[A-Za-z][A-Za-z0-9_-]{5,19}"
_ENDS: Final = r"(?=\Z|[ \n,，。!！?？~])"
_PURPOSE: Final = (
    "[找租买看][房车]|合租|转租|拼[团车单]|团购|代[购办]|[下订]单|[拿看订]货|定做|合作|加盟|招聘"
    "|应聘|面试|投稿|约拍|领养|试听|补课"
    "|学车|陪练|[买出换]票|回收|搬家|装修|开锁|维修|跑腿|[咨询报]价"
)
_CAME_FROM: Final = re.compile(
    "(?:小红书|抖音|快手|微博|豆瓣|闲鱼|b站|知乎|贴吧|朋友圈|直播间)(?:过来|来|看到|刷到)",
    re.IGNORECASE,
)
UNTOLD: Final = re.compile(
    r"(?:加(?:我|上|到)*了?[没吗么]有?|加[不唔][上了到](?:我|吗)*|[搜找]不到我吗?|搜不到(?=[?？]))"
    r"[ ,，?？!！。~:]{1,3}(?:我?就?是|我的|[就你]?搜|[就你]?再?试?[试下]?|就)? ?"
    rf"(?P<asked>{_ID}){_ENDS}"
    rf"|(?<![0-9A-Za-z_@.:/#-])(?P<waiting>{_ID})[ ,，。!！~]{{1,2}}(?:请|帮忙|麻烦|快|记得|你)?"
    r"(?:通过(?=一?下|我|好友|吧)|同意(?=一?下))(?!测试|审)"
    rf"|把(?P<moved>{_ID}) ?[也先再都]?(?:重新)?(?:拉|加|邀|踢|移)[进到入回出][一-鿿]{{0,5}}群"
    rf"|(?:{_PURPOSE}|{_CAME_FROM.pattern})[一-鿿]{{0,4}}?加[ :]?(?P<wanted>{_ID}){_ENDS}",
    re.IGNORECASE,
)
"""An id where one asks to be added, with no word for WeChat: `加上没？mango_1024`.

Misses ids of letters alone there.
"""

SELF: Final = re.compile(
    rf"(?<![0-9A-Za-z_@.:/#-])(?P<me>{_ID})[ ,，]{{0,2}}(?:[←⬅👈]{{1,3}} ?(?:这个?)?[就才]?是?"
    r"|(?:这个?)?[就才]?是)(?:我|本人|我本人)(?:的?[大小私新]?号|微信)?(?=\Z|[ \n,，。!！~])"
    r"|(?:以后)?(?:联系|找)我?(?:用|就)(?P<used>"
    rf"{_ID}){_ENDS}"
    rf"|认准[ :]?(?P<only>{_ID})[ ,，]{{1,2}}(?=其他|别的|其它|假|冒充|骗)"
    rf"|加[ :]?(?P<added>{_ID})(?:[吧呗](?=\Z|[ \n,，。!！~])|拉你|拉群|进群|入群)"
    rf"|(?:换号了?|换了?个?新?号|新号|号没了|号丢了|被封了?)[ ,，:]{{0,2}}(?:现在|以后|重新|新的"
    rf"|就|加|用|是|这个)*[ ,，:]?"
    rf"(?P<new>{_ID}){_ENDS}",
)
"""An id that one calls oneself or gives out as the right or the new one: `mango_1024 ← 这是我`.

Misses ids of letters alone there.
"""
SPELLED_OUT: Final = re.compile(
    r"(?:加[我他她]?(?:[一-鿿]{0,4}号)?|[就你]搜(?:一下)?|搜我|[大小]号|找我)[是: ]{0,2}"
    rf"(?<![0-9A-Za-z_@.-])(?P<told>[A-Za-z]{{8,20}}){_ENDS}"
    r"|(?<![0-9A-Za-z_@.:/#-])(?P<shown>[A-Za-z]{8,20})[ ,，][^,，。\n]{0,12}(?:你搜|加我|搜我"
    r"|加好友)"
)
"""An id of letters alone that spell Chinese syllables, to be added or searched for."""

IS_YOU: Final = re.compile(
    rf"(?:原来|难道|敢情)你就?是[ :]?(?P<you>{_ID}){_ENDS}"
    rf"|(?<![0-9A-Za-z_@.:/#-])(?P<who>{_ID})[ ,，]{{0,2}}(?:就?是(?:不是)?你(?=[吗嘛么吧呀]"
    r"|[ ,，?？]|\Z)|这?是谁(?=啊?加|在?申请|要加))"
)
"""`mango_1024 是你吗`: whose account it is."""

STROKE_TOLD: Final = re.compile("下划线|下横线|横杠|短横|中划线|中横线|减号")
_STROKED: Final = re.compile(
    r"(?<![0-9A-Za-z_@./#=&?\\-])(?=[0-9A-Za-z]*[_-])(?P<value>_{0,2}[A-Za-z][A-Za-z0-9_-]{4,19})"
    r"(?![A-Za-z0-9_\-@]|\.[A-Za-z0-9])"
)
"""What has a stroke of which people speak, as they spell an id."""
_NAMED_OTHERWISE: Final = re.compile(
    "变量|字段|文件|命名|表名|参数|函数|接口|分支|仓库|代码|标签|格式|正则|密码|口令|邮箱|账|网址"
    "|域名|链接|型号|规范|拼接|替换成|车次|编号|单号|班级群|wifi|ssid|id(?![a-z])",
    re.IGNORECASE,
)

SYLLABLES: Final = re.compile(
    rf"(?:{_ACCOUNT}{_LINK}[ :]{{0,3}}|[一-鿿][:：] ?)"
    r"(?P<value>[a-z]{1,6}(?: [a-z]{1,6}){1,5}(?: ?[0-9]{1,6}))(?![0-9A-Za-z])"
    r"[^0-9A-Za-z\n]{0,8}(?:空格|连着|连起来|连一起|合起来|拼起来)",
    re.IGNORECASE,
)
"""`V:feng tu tu 108 不要空格`: syllables set apart, to be joined."""

SPACED_TO_ADD: Final = re.compile(
    r"(?:加我?|[➕+]我?|[就你]搜)[ :]?(?P<value>(?=[A-Za-z_ ]{0,30}[0-9_-])[A-Za-z]"
    r"(?: [A-Za-z0-9_-]){5,19})(?! ?[A-Za-z0-9_-])"
)
"""`➕m a n g o 1 0`: letter by letter, to be added."""

_PLAYS: Final = re.compile(
    "打野|上单|中单|辅助|上分|段位|开黑|[区服]服|国服|联机|战队|皮肤|up主|主播|网名|昵称|用户名"
    "|账号|版本|文件|分支|仓库|订单|苹果|密码|wifi",
    re.IGNORECASE,
)
"""Where names are those of games and the like."""

PURPOSES: Final = re.compile(
    rf"(?:工作|上班|私人|生活|自用|客户|家人|公司|备用|日常|[主副大小]号)(?:的|号|用的?|是"
    rf"|[ :])*(?P<one>{_ID})"
    rf"[ ,，;；、。]{{1,2}}(?:工作|上班|私人|生活|自用|客户|家人|公司|备用|日常|[主副大小]号)(?:的"
    rf"|号|用的?|是|[ :])*"
    rf"(?P<two>{_ID}){_ENDS}"
)
"""`工作mango_1024，私人bigpear`, where WeChat is spoken of before."""

_WHO: Final = "(?:[我他她你]|(?:[我他她你]的?)?(?:老[公婆]|对象|[妈爸哥姐弟妹]+|闺蜜|同事|室友))"
PAIR: Final = re.compile(
    rf"(?<![一-鿿]){_WHO}(?:的|就?是)*[ :]?(?P<one>{_ID})[ ,，;；、。]{{1,2}}"
    rf"{_WHO}(?:的|就?是)*[ :]?(?P<two>{_ID}){_ENDS}"
)
"""`我mango_1024 他bigpear`, where WeChat is spoken of before."""

TASK: Final = re.compile(
    "(?:(?:pr|mr|case|order|ticket|node|v)[-_]?[0-9]"
    "|report|draft|data[_-]|final[_-]|backup[_-]|(?:hot)?fix|bug|feat|issue|task|req|release"
    "|branch|dev[-_]|on-?call|check-?(?:in|out)|chatbot|team|group|sample|model"
    "|file|config|react|vue|redis|python|java|jdk|usb|lib|photoshop|bilibili|leetcode|omega"
    "|vitamin)",
    re.IGNORECASE,
)
"""Names of work to be done and of things to install, which are let through or added too."""

_SECRET: Final = re.compile("密码|口令|密钥")

_NOT_A_PERSON: Final = re.compile("小程序|公众号|视频号|服务号|订阅号")

ADDED: Final = re.compile(
    rf"[加搜找][我他她]?(?:的?[一-鿿]{{0,3}}号)?[ :，,]?(?<![0-9A-Za-z_@.-]){_VALUE}", re.IGNORECASE
)
"""`加我大号lihua88，微信`: an id to add, where WeChat is spoken of in the same breath."""

_CALLED: Final = re.compile(
    r" ?(?:微信|[vV]信|(?<![A-Za-z0-9])(?:vx|wx))(?=\Z|[ \n,，。!！~]|[吧哈啊])", re.IGNORECASE
)
"""What an account to add is, said right after it."""

_SPOKEN_OF: Final = re.compile("微信|vx|wx|v信", re.IGNORECASE)

ON_THE_NEXT_LINE: Final = re.compile(
    rf"{_ACCOUNT}(?P<sure>(?:号码|帐号|账号|号|id)?[一-鿿]{{0,4}}[ :?？]?)\n(?:是|搜"
    rf"|加)?{_VALUE}(?=[\n ,，。]|\Z)",
    re.IGNORECASE,
)
"""The word, and the id as a message of its own."""

GLUED: Final = re.compile(
    rf"(?:(?<![A-Za-z0-9])(?:vx|wx(?!pay|app|_camera|work|id|file))|[加➕+我]我?[v微薇威](?!ip|x"
    rf"|50)"
    rf"|(?:私信?我?|滴滴我?|咨询|联系|详聊|找我|想要|感兴趣"
    rf"|有意者?)[一-鿿]{{0,4}}[ ,，:]?(?:[微薇]|v(?![aeioux5])))"
    rf"(?P<sure>){_VALUE}",
    re.IGNORECASE,
)
"""`vxlihua1990`, `加vlihua1990`. Misses it after other words, where it would be guessing."""

BEFORE: Final = re.compile(
    rf"(?<![A-Za-z0-9_\-@.])(?=[A-Za-z0-9_\-]{{6,20}}(?![A-Za-z0-9_\-])){_VALUE}"
    rf"[ ,，]?(?P<sure>)(?:这?个?就?是|\(|加)[一-鿿]{{0,3}}?(?:{_ACCOUNT}|v(?![A-Za-z0-9]))"
    r"(?!群|红包|支付|公众|小程序|[一-鿿]{0,2}[吗么?])",
    re.IGNORECASE,
)
"""`lihua_1990是我微信`: the id before the word."""

LINE_BEFORE: Final = re.compile(
    rf"^{_VALUE}[ \n](?P<sure>)(?:这?就?是)?我?的?{_ACCOUNT}号?$", re.IGNORECASE | re.MULTILINE
)
"""The id as a message of its own, and then the word."""

PRODUCT: Final = re.compile(
    r"(?:wechat|weixin|windows|iphone|ipad|ios|android|macbook|macos|linux|https?|www|wxid|harmony"
    r"|version|excel|word|office|winrar|xbox|steam|switch|starlink|test|demo|verif|security|code"
    r"|vivo|oppo|huawei"
    r"|xiaomi|emoji|login|screenshot|img|image|pdf|doc|ppt|xls|zip|mp[34]|jpg|png"
    r"|(?:vip|html|beta|app|pay|read|work|sdk|api)(?![A-Za-z_])"
    r"|(?:ha)+\Z|h+\Z|(?:ok)+\Z|sw-[0-9]{4}-)",
    re.IGNORECASE,
)
_MIXED: Final = re.compile("[0-9_]|[a-z]-[a-z]")
"""What hardly a word has and most ids have."""
_FEWEST_DIGITS: Final = 2
_OWNERS: Final = frozenset("的我他她你俺咱姐哥妈爸弟妹")


class WechatIdRecognizer(ChatRecognizer):
    """Finds WeChat ids by their prefix or the word before them."""

    ENTITY: ClassVar[str] = "WECHAT_ID"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"信|芯|亻言|通过|同意|把[A-Za-z]|[划横]线|横杠|短横|减号|你就?是[ :A-Za-z]"
        r"|[A-Za-z0-9_-][ ,，]{0,2}这?就?是(?:不是)?[你谁]"
        r"|加[上到不没吗么唔]|加了[没吗么]|[搜找]不到|空格|连[着起一]|[合拼]起来"
        r"|[微薇威徽维围溦嶶][ .·❤♥-]?心|绿[泡标色软图应聊的Aa]|小绿|微号|卫星"
        r"|[微薇威徽溦嶶歪][❤♥: A-Za-z]|加[我她他这]"
        r"|加[一-鿿]{1,5}号|[大小主副]号|[水用服作人活理员始任教]号|群主|[←⬅👈]|才?是我|本人|[你就]搜|搜我|找我"
        r"|认准|换了?个?新?号|新号|[丢没]了|被封"
        r"|[区作人活用户常司][ :的号用是]{0,3}[A-Za-z]|(?:^|[ ,，。;；、])[Vv][A-Za-z]"
        r"|[加搜这就用][ 个:是]?(?=[a-zA-Z])|[加搜]一?[下个]我|[A-Za-z0-9_-][ ,，](?:加我"
        r"|加好友|来加|搜这|加这)|推[送荐]?给|➕[我一下个: A-Za-z]"
        r"|[+]我?[ :]?[A-Za-z] [A-Za-z0-9_-] "
        r"|加(?:管理|客服|老师|店长|助理)"
        r"|[Vv](?:[是号多呢啥?？]|[➕+])"
        r"|(?:私信?|滴滴|咨询|联系|详聊|找|想要|感兴趣|有意者?)[一-鿿]{0,5}[ ,，:]?[微薇Vv]"
        r"|[的你她他个我][Vv]|[加➕+个下我一的] ?[Vv微薇威]"
        r"|(?:^|[,，;；、|])[Vv] |[Vv]我|(?<![A-Za-z])[Vv](?![A-Za-z])"
        r"|[Vv] ?[:❤♥]"
        r"|[Ww][ .-]?[Xx]|[Vv][.-]?[Xx]|[Ww卫][信❤♥]|[Ww][Ee][Ii] "
        r"|[Ww][Ee] ?[Cc][Hh]|[Ww][Ee][Ii][Xx]|🛰",
        re.MULTILINE,
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER

    def find(self, text: str) -> Iterator[Hit]:
        """Yield WeChat ids."""
        for match in WXID.finditer(text):
            yield Hit(*match.span(), 1.0, WHY_SHAPE)
        found = [
            *self._told(text),
            *self._new_ones(text),
            *self._untold(text),
            *self._spelled(text),
        ]
        yield from found or self._nearby(text)

    @staticmethod
    def _nearby(text: str) -> Iterator[Hit]:
        """Yield what looks like an id, with a digit and a letter at least, near the word."""
        for match in NEARBY.finditer(text):
            start, end = match.span("value")
            low = max(0, start - _REACH)
            high = min(len(text), end + _REACH)
            about = _ABOUT.search(text, low, start) or _ABOUT.search(text, end, high)
            if about is None or _OTHER.search(text, low, high):
                continue
            between = (
                text[about.end() : start] if about.end() <= start else text[end : about.start()]
            )
            mixed = re.search("[0-9_]", match["value"]) and not PRODUCT.match(match["value"])
            between = _GIVEN.sub("", between)
            if mixed and "\n" not in between and not NOT_GIVEN.search(between):
                yield Hit(start, end, 0.5, WHY_AFTER_WORD)

    @staticmethod
    def _new_ones(text: str) -> Iterator[Hit]:
        """Yield what is to be added, in place of another account or with no word beside it."""
        for pattern in (CHANGED, TO_ADD, AMONG_FRIENDS, CALLED_AFTER, ADD_ME):
            for match in pattern.finditer(text):
                name = match.lastgroup or "value"
                value = match[name]
                digits = sum(char.isdigit() or char == "_" for char in value)
                enough = digits >= (_FEWEST_DIGITS if pattern is TO_ADD else 1) or "_" in value
                if pattern is AMONG_FRIENDS:
                    enough = _FRIENDS.search(text) is not None and (enough or "-" in value)
                low = max(0, match.start() - _REACH)
                around = text[low : match.end("value" if pattern is CALLED_AFTER else 0)]
                if pattern is CALLED_AFTER:  # `我的账号是`: here it is what leads to the id
                    around = around.replace("账", "")
                around = _CAME_FROM.sub("", around)
                if enough and not PRODUCT.match(value) and not _OTHER.search(around):
                    yield Hit(*match.span(name), 0.6, WHY_AFTER_WORD)

    @staticmethod
    def _untold(text: str) -> Iterator[Hit]:
        """Yield what only the wish to be added calls an id."""
        for match in UNTOLD.finditer(text):
            name = match.lastgroup or ""
            value = match[name]
            start, end = match.span(name)
            mixed = _MIXED.search(value) is not None
            around = _CAME_FROM.sub("", text[max(0, start - _REACH) : start])
            named = PRODUCT.match(value) or TASK.match(value) or _OTHER.search(around)
            if mixed and not named:
                yield Hit(start, end, 0.6, WHY_AFTER_WORD)
        for pattern in (SELF, IS_YOU, SPELLED_OUT):
            for match in pattern.finditer(text):
                value = match[match.lastgroup or ""]
                start, end = match.span(match.lastgroup or "")
                before = text[max(0, start - _REACH) : start]
                if pattern is not SPELLED_OUT:
                    before = _CAME_FROM.sub("", before)
                    known = PRODUCT.match(value) or TASK.match(value)
                    is_id = _MIXED.search(value) is not None and not known
                else:
                    is_id = _PINYIN.fullmatch(value.lower()) is not None
                if is_id and not _PLAYS.search(before + text[end : end + _REACH]):
                    yield Hit(start, end, 0.6, WHY_AFTER_WORD)
        for match in (*PAIR.finditer(text), *PURPOSES.finditer(text)):
            values = match["one"] + match["two"]
            low = max(0, match.start() - _REACH)
            about = _ABOUT.search(text, low, match.start())
            if about and re.search("[0-9_]", values) and not _OTHER.search(text, low, match.end()):
                yield Hit(*match.span("one"), 0.6, WHY_AFTER_WORD)
                yield Hit(*match.span("two"), 0.6, WHY_AFTER_WORD)

    @staticmethod
    def _spelled(text: str) -> Iterator[Hit]:
        """Yield what is spelled letter by letter, or by its stroke."""
        for match in (*SPACED_TO_ADD.finditer(text), *SYLLABLES.finditer(text)):
            yield Hit(*match.span("value"), 0.6, WHY_AFTER_WORD)
        if STROKE_TOLD.search(text) and not (_NAMED_OTHERWISE.search(text) or _PLAYS.search(text)):
            for match in _STROKED.finditer(text):
                if not (PRODUCT.match(match["value"]) or TASK.match(match["value"])):
                    yield Hit(*match.span("value"), 0.6, WHY_AFTER_WORD)

    @staticmethod
    def _told(text: str) -> Iterator[Hit]:
        """Yield what the words beside it call an id."""
        for match in (
            match for pattern in (SPACED, DOTTED, GLUED_LETTER) for match in pattern.finditer(text)
        ):
            yield Hit(*match.span("value"), 0.7, WHY_AFTER_WORD)
        for pattern in (NAMED, ON_THE_NEXT_LINE, GLUED, BEFORE, LINE_BEFORE):
            for match in pattern.finditer(text):
                value = match["value"]
                mixed = _MIXED.search(value) is not None
                known = not (
                    PRODUCT.match(value)
                    or _NOT_A_PERSON.search(match[0])
                    or _SECRET.search(match["sure"])
                )
                if known and (mixed or _is_sure(text, match)):
                    yield Hit(*match.span("value"), 0.85 if mixed else 0.7, WHY_AFTER_WORD)
        for match in ADDED.finditer(text):
            start, end = match.span("value")
            mixed = re.search("[0-9_]", match["value"]) is not None
            named = match[0][0] == "加" and _CALLED.match(text, end) is not None
            mixed = (
                (mixed or named)
                and not PRODUCT.match(match["value"])
                and not _NOT_A_PERSON.search(text, max(0, match.start() - 5), match.end())
            )
            if mixed and _SPOKEN_OF.search(text, max(0, start - 24), min(len(text), end + 12)):
                yield Hit(start, end, 0.6, WHY_AFTER_WORD)
        for match in LOOSE.finditer(text):
            value = match["value"]
            mixed = _MIXED.search(value) is not None
            gap = _GIVEN.sub("", match["gap"])
            if (
                mixed
                and not PRODUCT.match(value)
                and not (NOT_GIVEN.search(gap) or _SECRET.search(gap))
            ):
                yield Hit(*match.span("value"), 0.6, WHY_AFTER_WORD)


def _is_sure(text: str, match: re.Match[str]) -> bool:
    """Whether the words beside an id of letters alone leave no doubt that it is one."""
    link = match["sure"]
    if re.search("[号:]|id", link, re.IGNORECASE) or _PINYIN.fullmatch(match["value"]):
        return True
    if link in _OF_CODE:
        return False
    if _INVITES.match(match[0]) and not _CHATTER.match(match["value"]):
        return True
    return link.strip() != "" and text[match.start() - 1 : match.start()] in _OWNERS
