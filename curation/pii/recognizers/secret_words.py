"""The words that stand beside passwords and codes, in classes, and the looks of values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.leading import ahead, beginnings
from curation.pii.lexicon import Lexicon
from curation.pii.name_lists import words

if TYPE_CHECKING:
    from collections.abc import Iterable

CLASSES: Final = {
    "cipher": "(?:财富|流量|芬奇|生命|摩斯)密码|密码学|密码本|(?:淘|红包)口令",
    "code": "(?:otp|随机|短信|动态|一次性|交易动态)(?:密码|口令|码|代码)|验[证正][码马玛🐎🐴]?"
    "|校验码?|将军令|安全令|[确认核][认证验]码|动态[密口]?令?|登[录陆入]码|取[款现]码|认证号|确认号|授权码|安全码|注册码|令牌码?"
    "|mfa|tac(?![a-z])|双重认证|两步验证|备用码|[短简]信码|核验码?|sms code|one time"
    "|代码(?<!(?:好友|基金|股票|商品|国家|颜色|发票|信用|申购|证券|转债|机构|专业|院校|课程)代码)"
    "|otp|yzm|2fa|verif[a-z]*|auth(?:y|enticator)|security code|one-time|your code|guard",
    "word": "恢复码|推流码|串流码|密 ?码|网密|密ma|[蜜米咪]码|密马|密匙|[密秘]钥|口令|暗号|提取码?"
    "|(?:访问|分享|解锁|开锁|锁屏|开门|门锁|通行|访客|入户|保洁)码|[门锁梯房]码(?!头)|解压码?|[卡账]密|密[保號]|暗[证証]番号|パス"
    "|密(?=[ :是为])|🔑|🔐|password|passwd|passcode|pass|pwd?|psw"
    "|pin(?![你我他一])|puk|mima|mm(?=[是 :])|key",
    "bare": "码|(?<![a-z])codes?(?![a-z])",
    "lock": "(?<![a-z])(?:door|gate|lock(?:er|box)?|key ?(?:box|pad|safe)|safe|garage"
    "|comb(?:o|ination)|unlock|log ?in|sign in|2fa)(?![a-z])"
    "|闸|夹万|仓库|库房|置物箱|信箱|[信表]报?箱|储[藏物][室间]|存包|晒台|车棚|[车地]库|机房|档案室|更衣室|健身房|实验室|公寓|民宿|转盘|拨码|密码箱"
    "|[门童车箱挂柜地链](?:子)?锁|门禁|锁屏|开机|解锁|开锁|开门|上锁|[大铁院房单元防盗库侧]门"
    "|保险[箱柜]|行李箱|箱子|拉杆箱|柜子?|储物|寄存|更衣|钥匙盒?|梯控|闸机|道闸"
    "|(?:智能|指纹|电子)锁|锁|进门|门口|门",
    "net": "wi-?fi|无线网?|网(?![络站址吧购店盘课红上友页民点格约易贷])"
    "|热点|路由器?|宽带|连网|网络|信号|ssid|5g",
    "file": "[网云]盘|微云|蓝奏|迅雷|云盘|百度[云盘]|夸克|阿里云"
    "|压缩包|加密|文档|文件|pdf|zip|rar|链接",
    "machine": "服务器|数据库|后台|管理员|ssh|ftp|nas|vpn|root|admin|redis|mysql|电脑|笔记本|平板"
    "|手机|打印机|影印机|复印机|考勤机|收银机?|点读笔|学习机|交换机|堡垒机|ipad|摄像头|监控|电视|投影",
    "account": "账号|帐号|账户|用户名|登录名|会员|id|号(?=[ :是])|user(?:name)?|login|account",
    "bank": "支付|取款|银行|存折|存单|信用卡|卡(?!顿)|转账|提现|社保|医保|公积金|交易|u盾",
    "service": "微信|qq|淘宝|支付宝|京东|美团|抖音|小红书|微博|知乎|拼多多|滴滴|钉钉|网易|爱奇艺"
    "|优酷|腾讯|steam|apple|icloud|苹果|谷歌|google|微软|邮箱|百度|b站|哔哩|app|会议|zoom|教务"
    "|12123|交管|个税|税务|国网|电网|饿了么|联通|移动|电信|闲鱼|快手|飞书|豆瓣|携程|铁路|政务|粤省事"
    "|学习通|知网|学信|12306|平台|网厅|签章|电子签|战网|游戏|whatsapp|telegram|line|instagram|公众号|网站|系统",
    "tell": "是|为|:|=|→|➡|👉|叫|发你|发我|给你|给我|告诉|如下|记一?下|念|报|听好|收好|说|写|显示"
    "|就",
    "came": "语音|播报|听写|that|sent|dx|简讯|又来|弹出|跳出|蹦出|那条|这条|最后"
    "|收到|来了|到了|发了|发来|发的|发过来|刚来|刚收|刚发|弹了|短信|信息",
    "change": "chang|改成?|换成?|设成?|设置?|重置|变成|现在|新的?|旧的?|原来?|还是|初始|默认|临时",
    "press": "enter|type|输入?|[按摁撳撴]|填|敲|用|试|打开|进去|登[录陆入]?|连",
    "sign": "井号|星号|下划线|横[杠线]|等号|加号|[问感叹]号|感叹号|艾特|空格|标点|九宫格"
    "|[倒反]过来|倒着|谐音|全拼|门牌号?|[前后][一两二三四半][位个截段]|纪念日|出生年月|结婚"
    "|确认键?|回车|大小写|[大小]写|字母|拼音|缩写|生日|数字|位",
    "asks": "多少|什么|啥|吗|呢|怎么|咋|几|谁|哪|来着|[?？]",
    "denies": "忘|错|不对|不到|没收|没有|找回|至少|不能|不行|不要|别用|要求|改过|太[长短]",
    "warns": "有效|过期|失效|勿|泄[露漏]|转发|告[诉知]他?人|非本人|打死|分钟内|内输入|share"
    "|expires?",
    "hurry": "快|赶紧|马上|一分钟|秒",
    "parcel": "取件|取货|提货|取餐|快递|快件|包裹|驿站|丰巢|菜鸟|自提|单号|运单|订单|物流|顺丰"
    "|尾号|货架|核销|券|兑换|优惠码|邀请码|团购|收件|收货|闪送|跑腿|骑手|件号|返现",
    "money": "账面|实物|盘点|系统库存|跌|涨|报价|元|块|万|钱|价|¥|￥|\\$|红包|工资|房租|余额"
    "|预算|花了|卖|买|付|扣|充|便宜|优惠|折",
    "time": "点|:00|月|年|周|号(?![码是 :])|分钟|小时|天|早上|晚上|下午|上午|今天|明天|昨天",
    "phone": "电话|手机号|号码|拨|打给|热线|客服|致电|联系|短号|分机|座机|tel",
    "number": "行李牌|寄存牌|[大车]架号|发动机号|钢印|柜台|保单|学籍|税号"
    "|房间?号?|学号|工号|车次|航班|座位|排队|读数|序列号|版本|型号|编号|群号?|uid|会议号"
    "|桌|楼|室|班"
    "|(?<![a-z])md(?![a-z])|(?<![a-z])sha(?![a-z])|hash|commit|组队|队伍码|错误码|返回码|颜色|色[值号]|final|终稿|排号"
    "|考号|准考证|邮编|邮政编码|区号|股票|基金|比分|后四位|第|步|公里|米|斤|ver|航站",
    "play": "段位|排位|等级|级|分|赢|输了|哈|笑|666|233|歌|电影|集|章|关",
    "name": "名字?叫?|叫做|网名|昵称|搜",
    "mask": "〔[^〕]*〕",
}


def _led(names: Iterable[str], pattern: str) -> re.Pattern[str]:
    """Return the pattern behind a look ahead at the characters with which such words begin.

    So most places are passed over without a try at each of the words.
    """
    begins = set().union(*[beginnings(CLASSES[name]) for name in names])
    return re.compile(f"{ahead(begins)}(?:{pattern})", re.IGNORECASE)


LEXICON: Final = Lexicon(CLASSES)
"""Words by class, in small letters."""

WORD: Final = f"(?:{CLASSES['word']})"
"""A word for a secret that people choose."""

SECRETS: Final = frozenset({"code", "word", "bare", "lock", "net", "file"})
"""The classes of what names a secret or what it opens."""

NAMES_SECRET: Final = _led(
    SECRETS, "|".join([some for name, some in CLASSES.items() if name in SECRETS])
)
"""A word of one of these classes."""

KNOWN: Final = frozenset(
    words(
        "wifi wi fi pwd pw psw pass password passwd passcode pin puk mima yzm otp code codes "
        "root admin vpn ssh ftp nas zip rar pdf app id qq vx wx user login account acc key "
        "steam apple google icloud zoom door gate lock locker lockbox keybox keypad safe garage "
        "combo combination unlock sent use is your my the to log in with enter type verification "
        "security 2fa authenticator authy tac md sha hash commit final "
        "12123 12306 12366 "
        "ipad ma ok g k w kg cm gb mb v ver uid tel error"
    )
)
"""Words of ASCII letters that are read as they are; of others only that there is one."""

NAMES: Final = KNOWN - {
    "root",
    "admin",
    "steam",
    "apple",
    "google",
    "door",
    "gate",
    "lock",
    "error",
}
"""Words for secrets and their services, which are no secrets themselves."""

ENGLISH: Final = frozenset(
    words(
        "able about above account actually adapter add admin after again airbnb airdrop airpods "
        "airport alarm allow almost alone already also although always amazing and android "
        "another answer any anyone anything anyway app apple april are area around arrive asap "
        "ask august available away baby back backup bank bar bath battery because become bed "
        "been before behind believe below best better big birthday bit black blue bluetooth body "
        "book booking bool boss both bring broken brother btw budget build building bus busy but "
        "buy cable call came can cancel cannot cap capital caps card care cash cashier cat cause "
        "certain chance change changed character characters charge charger check checkin "
        "checkout child city class clean clear click client clock close code codes coffee cold "
        "combo come command common company complete computer confirm connect connected "
        "connection console control cool copy cost could count counter country couple course "
        "create cry current cut cute dad daily dark data date day dead deadline deal dear "
        "december default delay delete delivery deposit desk device devices did digit digits "
        "dinner direct disable disarm document does doesn dog doing dollar done door double down "
        "download downstairs draft dress drink drive drop during each easy eat either else email "
        "empty enable end enough enter error eve even evening every everyone everything exactly "
        "except excuse expired eye face facetime fact false family fast father february feedback "
        "feel few file fill final find fine finish fire first fish five fix flight floor fly "
        "follow food foot for forgot forgotten form four free friday friend from front full fun "
        "function future fyi game garage gate get girl give glass going gone good google got "
        "green guess guest guests guy gym had hair half hand hang happen happy hard has hate "
        "have head headset hear heart hello help her here hey high him hint his hold home hope "
        "hospital host hot hotel hour hours house how however huge husband idea import important "
        "inbox input inside install instead int internet into invoice iphone isn january job "
        "join joke july june just keep key keyboard kid kids kill kind kitchen know landlord "
        "language laptop large last late later laugh lazy lead leader learn lease least legacy "
        "less let letter letters life light like line link list little live living lobby local "
        "localhost lock locker log logged login logo logout lol long look lost love low "
        "lowercase luck luggage lunch machine made mail main make man manager many map march "
        "matter maybe mean meet meeting member menu message might milk mind mine minute minutes "
        "miss mode model mom moment monday money month more morning most mouse move movie much "
        "music must myself name near need needed network never new news next nice night nobody "
        "none nope normal not note nothing november now null number numbers october off offer "
        "office often ok okay old once one online only open option order other others our out "
        "outside over own owner pack package page paper parcel parents part party pass passcode "
        "passphrase password passwords past pay people per perfect person phone phones photo "
        "pick pin place plan play please pls plz point police pool possible post pretty price "
        "print printer private probably problem profile project protected public pull push put "
        "question quick quite rain random reach read ready real really reason receipt reception "
        "red refund register release remember remind remote rent reply report request required "
        "reset rest restore return review ride right road room router run sad safe sale same "
        "saturday save say scan scanner schedule school screen screenshot search second seconds "
        "security see seem seen select self sell send sensitive sent september serious server "
        "service session set setting settings setup share shared sharing she shipping shop short "
        "should show shower side sign signal signin signup sim similar simple since single "
        "sister sit site six sleep slides slow small smart soft soon sorry sound space speak "
        "speaker special speed spell spend stable staff stand start state stay step still stop "
        "storage store story street strength string strong study stuff stupid such sun sunday "
        "super support sure sweet swipe switch symbol system table tablet take tea team tell "
        "temp terminal test text than thank thanks that the their them then there these they "
        "thing think this though three through thursday thx ticket time tired today together "
        "told tomorrow tonight total touch towel town tracking train travel tree trip trouble "
        "true try tuesday turn tv twice two type undefined under unit unlock unstable until "
        "update upgrade upload uppercase upstairs use used user username version very video view "
        "visit voice wait walk wall want warning was wash watch water way weak wear weather "
        "website wednesday week weekend well went were what whatever when where which while "
        "white who whole why wife wifi will win window wine wish with within without woman "
        "wonder word words work worked working world worry worse worth would write wrong year "
        "yep yes yesterday yet you young your yourself zero"
    )
)
"""English words that are as a rule no passwords."""

LOOKS: Final = {
    "year": re.compile("(?:19|20)[0-9]{2}"),
    "date": re.compile("(?:(?:19|20)?[0-9]{2})?(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"),
    "dashed": re.compile("(?:[0-9]{4}[-.])?[0-9]{1,2}[-.][0-9]{1,2}"),
    "clock": re.compile("(?:[01]?[0-9]|2[0-3])[0-5]0"),
    "round": re.compile("[0-9]{1,3}00|[0-9]*000|[0-9]{1,2}(?:99|98|88|80|50)"),
    "hotline": re.compile("1(?:00(?:00|10|86)|2[0-9]{3})|9[56][0-9]{3}|[48]00[0-9]*|1[12][0-9]"),
    "same": re.compile(r"(.)\1+"),
    "row": re.compile(
        "0?1234?5?6?7?8?9?0?|2345+6?|4321|654321|147258|2580|159357"
        "|零?一二三四?五?六?七?八?九?|二三四五六?|三四五六?七?"
    ),
    # Atomic, so that no run of letters is cut in all the ways there are.
    "pinyin": re.compile(
        "(?:(?>(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|iao|ian|ing|uai|uan|ang|eng|ong|ai|ao"
        "|an|ei|er|en|ia|ie|iu|in|ou|ua|ue|ui|un|uo|ve|[aeiouv]))){2,12}",
        re.IGNORECASE,
    ),
    "passport": re.compile("[A-Z]{1,2}[0-9]{7,9}"),
    "contact": re.compile("(?:qq|q|vx|wx)[0-9]{5,11}", re.IGNORECASE),
    "call": re.compile("[^(]*[(].*"),
}
"""What whole values look like."""

DEVICE: Final = re.compile(
    "iphone|ipad|ios|win|mac|ax[0-9]|be[0-9]|rtx|gtx|ps[345]|mate|redmi|xiaomi|vivo|oppo|i[3579]-"
    "|usb|mp[34]|x86|img|vid|dsc|av[0-9]|bv|wpa|sha|md5|aes|utf|ipv|covid|h[0-9]n|b[0-9]+$"
    "|[0-9]+(?:kg|cm|mm|km|gb|mb|tb|ml|mah|hz|fps|px|kwh|[pkwgmldshxvac])$|[0-9]+x[0-9]+$|v[0-9.]+$"
    "|[a-z]{1,3}[0-9]{1,3}$",
    re.IGNORECASE,
)
"""How the names of products and measurements begin that have letters and digits."""
