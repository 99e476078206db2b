"""What a line does in a talk: it asks, answers, greets, takes leave, or only acknowledges."""

from __future__ import annotations

import re
from typing import Final

_ACKNOWLEDGING: Final = (
    "嗯嗯|嗯呢|嗯哼|嗯啊|嗯|恩恩|恩|唔|哦哦|哦|噢噢|噢|喔|啊|额|呃|诶|好的好的|好滴|好嘞|"
    "好哒|好吧|好呀|好啊|好的|好好|好|行吧|行啊|行|"
    "可以的|可以|中|得|成|收到|明白|了解|知道了|知道|懂了|没问题|没事|对对对|对对|对的|"
    "对啊|对呀|对|是的|是啊|是呀|是|"
    "没有|没|不用|不|谢谢|谢啦|谢了|多谢|不客气|客气了|辛苦了|在的|在|来了|ok的|okok|ok|"
    "okay|okk|k|1|11|111|ojbk|yes|yep|yeah|"
    "no|sure|fine|thx|thanks|ty|np|roger|got it|好der|好咧|嗷|嗷嗷|昂|昂昂|阔以|收|已收|"
    "已阅|麻烦了|拜拜|再见|晚安|早|早安|早上好|回聊|"
    "好哈|行哈|嗯哈|的|了|呢|呀|吧|嘛"
)
_LONGEST_FIRST: Final = "|".join(sorted(_ACKNOWLEDGING.split("|"), key=len, reverse=True))
_ACKNOWLEDGED: Final = re.compile(
    # The longest first: what matched is not tried in other ways again.
    rf"(?:(?:{_LONGEST_FIRST}|[\s~～。.!！…、,，?？^]|\[[^\[\]]{{1,16}}\]|"
    "[👌👍🙏🆗🤝💪✅🫡☕️🏻-🏿])++)$",
    re.IGNORECASE,
)
"""A line of acknowledgements, punctuation and stickers alone. Misses rarer ones and dialects."""

_SHORT: Final = 20

_TAIL: Final = 40

_ORNAMENT: Final = re.compile(r"(?:\[[^\[\]]{1,16}\]|[^\w?？\[\]]|_)+$")
"""Stickers, faces and punctuation behind the last word."""

_ASKING: Final = re.compile(
    r"[吗么][呀啊]?$|(\w)[不没]\1\w{0,6}$|(?<=[了过到完好])(?:没有|没)[啊呀]?$|是否\w{1,8}$"
    r"|^(?:你|您|他|她|人|钱|然后|结果|东西|所以|那)\w{0,2}呢$|(?:怎么|为什么|为啥|咋|干嘛|"
    r"哪|谁|啥|什么|几点|几号|多少|多久|多大|如何)\w{0,5}呢$"
    r"|(?:怎么|怎样|什么|啥|哪里?|哪儿|哪个|谁|几点|几号|几个|多少|多久|多大|多远|为啥|如何|"
    r"咋)(?:样|办|时候|去|来|到|走|吃|买|弄|回事|人|钱|说|见|玩|了|啊|呀|的|的啊|回"
    r"|地方|意思|情况|事|得|活动|想法|安排|打算|回来|过来|过去|下班|出发|集合|开始|结束)*$"
)
"""How a question ends that has no question mark."""

_KNOWN: Final = re.compile(
    r"(?:没|不知道|不晓得|不清楚|不记得|忘了|忘记|随便|无论|不管|不论|管|看看?|听听?|问问?|"
    r"告诉|说说?|知道|想想|猜|这么|那么|好几|都|也)\w{0,6}"
    r"(?:怎么|怎样|什么|啥|哪|谁|几|多|为啥|为什么|如何|咋)\w{0,6}$|[没不](?:怎么|什么|啥|"
    r"几|多)\w{0,6}$"
)
"""Question words within a statement: 没什么, 不知道几点, 看他怎么说. Misses 你知道几点."""

_RHETORICAL: Final = re.compile(
    r"\w*(?:哈{2,}|嘿{2,}|h{2,})|(?:啊|哈|嗯|什么|啥|咦|诶|哦|喔|这么快|这样啊|啊这|"
    r"谁(?:让|叫|说|知道|不|管).{0,12}呢?|何必呢|可不是嘛|怎么会|哪里哪里|好吗|行吗|好嘛)?"
    r"|(?:真|是|这样|是这样|不是|不会|不|还|可|要不|你说)?(?:的|是)?(?:吗|嘛|吧|真的假的|"
    r"假的吧)|真的假的|.*(?:对吧|是吧|对不对|是不是|懂吧|知道吧|你说呢|好不好|不是吗|好吧|"
    r"行吧)"
)
"""Questions that want no answer: doubt, laughter, agreement asked in passing."""

_ANSWERS: Final = re.compile(
    r"(?:嗯|恩|哦|噢|喔|好的|好啊|好呀|好滴|好嘞|行啊|行吧|行[,，\s]|对啊|对呀|对的|"
    r"对[,，\s!！]|是的|是啊|是呀|没有啊|没呢|没有|没事|没关系|不是|不用|不行"
    r"|不了|不会|不能|可以|当然|因为|所以|那就|那你|那我|那行|那好|那也|那倒|那还|那么|也行|"
    r"也是|我也|我也是|还行|还好|还没|还可以|差不多|应该是|可能|估计|大概|已经"
    r"|刚刚|刚到|知道了|收到|明白|懂了|ok|okay|yes|no|yeah|谢谢|多谢|不客气|哈哈|呵呵|嘿嘿|"
    r"hh|笑死|真的吗|真的假的|是吗|然后|但是|不过|而且|就是|其实|毕竟|反正"
    r"|或者|要不|可是|难怪|怪不得|原来|果然|确实|没错|就这|这个|这也|这就|这么|那个|不错|"
    r"太.{1,4}了|好棒|厉害|牛|恭喜|辛苦|加油|我觉得|我猜|我选|听你的|随便|都行|都可以"
    r"|为什么|为啥|怎么了|咋了|啥情况|哪里|哪儿|什么时候|谁啊|多少|几点|[?？])",
    re.IGNORECASE,
)
"""How a line begins that takes up what was said right before."""

_DANGLING: Final = re.compile(
    r"(?:嗯|恩|哦|噢|喔|好的|好啊|好呀|好滴|好嘞|行啊|行吧|行[,，\s]|行$|好$|对啊|对呀|对的|"
    r"对[,，\s!！]|对$|是的|是啊|是呀|没有啊|没呢|没事|没关系|不是|不用|不行"
    r"|不了|可以啊|可以的|可以$|当然|因为|所以|那就|那你|那我|那行|那好|那倒|那还|也行|也是|"
    r"我也|还行|还好啦?$|还可以|差不多|应该是|知道了|收到|明白|懂了"
    r"|ok|okay|yes|no[,.\s!]|yeah|不客气|哈哈|呵呵|嘿嘿|hh|笑死|真的吗|真的假的|"
    r"是吗|但是|不过|而且|毕竟|反正|或者|难怪|怪不得|果然|确实|没错|听你的|随便|都行"
    r"|都可以|为什么|为啥|怎么会|不会吧|不可能|然后)",
    re.IGNORECASE,
)
"""How a line begins that answers something: at the head of a talk, what it answers is missing."""

_LAUGHS: Final = re.compile(
    r"(?:[哈嘿嘻呵h][哈嘿嘻呵h]+|lol|haha\w*|爱你|么么哒?|抱抱|666+|牛[啊逼]?|厉害|"
    r"辛苦.{0,2}|行行行|没问题|[^\w]|\[[^\[\]]{1,16}\])++$",
    re.IGNORECASE,
)

_GREETING: Final = (
    "在吗|在么|在不在|在不|在嘛|在忙吗|忙吗|忙不忙|早上好|早安|早呀|早啊|中午好|下午好|"
    "晚上好|哈喽|哈啰|hello|hi|hey|你好|您好|嗨|喂|亲爱的|老师好"
    "|新年好|新年快乐|节日快乐|生日快乐|圣诞快乐|中秋快乐|端午安康"
)
_TURNS: Final = (
    "对了|对啦|话说|突然想起|突然想到|忽然想起|忽然想到|差点忘|忘了说|忘记说|忘了跟你说|"
    "忘了问|刚忘了|刚才忘了|顺便问|顺便说|"
    "还有件事|还有个事|还有一件事|还有一个事|问你个事|问个事|问你件事|请教个|请教一下|"
    "跟你说个事|跟你说件事|和你说个事|和你说件事|跟你商量|说个事|"
    "有个事|有件事|换个话题|不说这个|先不说这|btw|by the way|你听说|听说了吗|号外"
)
_OPENS: Final = re.compile(rf"\W*(?:{_GREETING}|{_TURNS})", re.IGNORECASE)
_TURNED: Final = re.compile(rf"\W*(?:诶|哎|欸|啊|哦|噢|嗯|我)?\W*(?:{_TURNS})", re.IGNORECASE)
_GREETED: Final = re.compile(rf"\W*(?:{_GREETING})", re.IGNORECASE)

_LEAVES: Final = re.compile(
    r"(?:晚安|拜拜|88+|886|再见|回头聊|回聊|改天聊|下次聊|明天聊|有空聊|先这样|就这样[吧啦]|"
    r"先不聊|不聊了|先忙|先去忙|我去忙|你忙吧|你先忙|去忙吧|忙去了|先睡|睡了|睡啦|去睡"
    r"|睡觉了|早点睡|早点休息|去洗澡|洗澡去|先下了|我下了|下线|上课了|开会了|去开会|去吃饭|"
    r"吃饭去|先吃饭|出门了|明天见|一会见|待会见|等会见|到时见|回见|走了啊?"
    r"|good ?night|gn|bye|byebye|ttyl)[\s\W]*(?:啦|了|啊|呀|哈|哦|喽|咯|吧|你也|宝|"
    r"么么哒)?[\s\W]*$",
    re.IGNORECASE,
)

_WAITS: Final = re.compile(
    r"等|马上|稍后|待会|一会儿?|我去|我先|我问|我看看|看看再|排队|路上|在家|在开会|还没|"
    r"还有.{1,5}(?:分钟|公里|站)|快了|快到|正在|派送|发来"
    r"|wait|sec|brb|on my way|omw|almost",
    re.IGNORECASE,
)
"""Something is under way, for which a pause is nothing to wonder at."""

_REPORTS: Final = re.compile(
    r"(?:.{0,10}(?:完|好|到|掉|买|下来|上来|回来|出来|弄|发|收|割|开)了|"
    r".{1,4}了(?:[，,。!！~～\s]|$)|终于|总算|还没|还是没"
    r"|刚(?:刚|才)?(?:看到|看见|结束|到|忙完|下|开完|吃完|醒|问|回)|\S{1,5}(?:说|答应|同意|"
    r"居然)|就接着说|继续说|说回"
    r"|(?:你|他|她|现在|后来|结果|情况|弄得|聊得|谈得|考得|那边)?怎么?样|(?:你|您|他|她|人|"
    r"车|快递)?(?:们)?到(?:哪|了[吗没])|\S{0,3}(?:好|完|到|回来|结束|解决|搞定)了?(?:吗|没|"
    r"没有)"
    r"|人呢|然后呢|后来呢|done|sent|back|finally|just (?:saw|got)|any (?:news|update)|how "
    r"(?:was|did|is) it)",
    re.IGNORECASE,
)
"""How a line begins that tells, or asks, how something went on meanwhile."""

_DEIXIS: Final = re.compile(
    r"(?:这|那)(?:张|个|是|只|条|件|款|家|种|图|照片|视频|语音|表情|链接|文章|文件|截图|谁|"
    r"啥|什么|也太|么|里|哪|位|边)|图里|图上|照片|截图|视频里|语音里|看不清|看到了|听不清"
    r"|没听清|点不开|打不开|听不了|电话里|刚才电话|刚刚电话|好看|真好看|拍得|拍的|哪里的|"
    r"在哪拍|哪儿拍|谁啊|什么东西|多少钱|收下了|领了|抢到"
)
"""Words that point at something outside of the words."""

_POINTED: Final = re.compile(
    r"(?:这|那|刚才?(?:那|发)?的?|上面)(?:张|条|个)?(?:图片?|照片|截图|视频|语音|链接|文章|"
    r"表情包?|文件|文档)|图里|图上|图一|图二|照片里|照片上|视频里|语音里|语音没听|"
    r"听不清(?:你)?语音"
    r"|(?:图|照片|视频|链接|文件|语音)(?:挂了|裂了|打不开|点不开|过期|看不清|看不了|失效|"
    r"收到|没收到|听不了)|(?:刚才?|刚刚)?电话里|刚(?:才|刚)?(?:那个)?电话(?:没|里|断|信号)"
)
"""What names a picture, a call or the like that was there."""


def acknowledges(text: str) -> bool:
    """Return whether a line says nothing but 嗯, 好, [OK] and the like."""
    return len(text) <= _SHORT and _ACKNOWLEDGED.match(text) is not None


def asks(text: str) -> bool:
    """Return whether a line ends as a question that wants an answer."""
    said = _ORNAMENT.sub("", text[-_TAIL:])
    bare = said.rstrip("?？")
    clause = re.split(r"[\s,，。.!！?？;；、…~～]", bare)[-1]
    if _RHETORICAL.fullmatch(clause):
        return False
    marks = len(said) - len(bare)
    if marks == 1:
        return True
    # Several question marks are as often surprise as a question.
    return _ASKING.search(clause) is not None and _KNOWN.search(clause) is None


def answers(text: str) -> bool:
    """Return whether a line takes up what was said right before it."""
    return _ANSWERS.match(text) is not None and not turns(text)


def dangles(text: str) -> bool:
    """Return whether a line at the head of a talk answers something that is not there."""
    return _DANGLING.match(text) is not None and not opens(text)


def opens(text: str) -> bool:
    """Return whether a line greets or begins a subject: 在吗, 对了, 话说."""
    return _OPENS.match(text) is not None or turns(text)


def closes(text: str) -> bool:
    """Return whether a line leaves nothing open: it only acknowledges, thanks or laughs."""
    return acknowledges(text) or (len(text) <= _SHORT and _LAUGHS.match(text) is not None)


def turns(text: str) -> bool:
    """Return whether a line says of itself that it begins another subject: 对了, 话说."""
    return _TURNED.match(text) is not None


def greets(text: str) -> bool:
    """Return whether a line begins with a greeting."""
    return _GREETED.match(text) is not None


def leaves(text: str) -> bool:
    """Return whether a line takes leave: 晚安, 拜拜, 先去忙了."""
    return len(text) <= _SHORT and _LEAVES.search(text) is not None


def waits(text: str) -> bool:
    """Return whether a line says that something is under way: 马上, 我问问, 排队呢."""
    return len(text) <= _TAIL and _WAITS.search(text) is not None


def reports(text: str) -> bool:
    """Return whether a line tells or asks how something went on: 到了, 他说, 怎么样了."""
    return _REPORTS.match(text) is not None


def points(text: str) -> bool:
    """Return whether a line is about something that is seen or heard, not said."""
    return _DEIXIS.search(text[:60]) is not None


def names_media(text: str) -> bool:
    """Return whether a line speaks of a picture, a call or the like as just seen or heard."""
    return _POINTED.search(text[:60]) is not None
