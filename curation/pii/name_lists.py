"""Letters and words that invented names are made of; written for this project.

The letters of given names stand in classes of the same feel. A letter stands in one class only:
where it would fit two, the first one has it.
"""

from __future__ import annotations

from itertools import chain
from typing import Final


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text`, which blanks part."""
    return tuple(text.split())


SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙史陶贺毛段郝顾龚邵覃"
    "武钱戴莫孔汤向常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符"
    "舒阮柯纪梅童凌毕单季裴霍涂苗谷曲盛冉骆游辛翁饶祁房卓柴蒲卜娄"
)
"""Surnames of one letter."""

COMPOUND_SURNAMES: Final = words(
    "欧阳 上官 司马 诸葛 皇甫 慕容 令狐 司徒 端木 东方 尉迟 长孙 宇文 夏侯 公孙 闻人 轩辕 南宫 "
    "西门 独孤"
)
"""Surnames of two letters."""

GIVEN_CLASSES: Final = (
    # As a rule in women's names.
    (
        "婷娟娜莉芳丽静艳霞秀玲凤洁琳莲媛琼珍贞卿妍娅婉嫣嫦姗妮姝娇娴婕媚妤妙婧姣瑶琪琴瑛琦璐珊"
        "珠莹菲萍萱蓉蕾薇芸芬芝茜莎荷菊蓓芷芹茹菁苓茵蔓蕊馨香倩雯露霜蝶黛梦怡悦惜柔彤缇绮纤淑涵"
        "滢湘漪晴晓曼暖雨雪红英燕桂爱妹素环敏慧美娥翠花云霏黎璇玥珂芊沁婵姿娉滟苒莺鹃"
    ),
    # As a rule in men's names.
    (
        "伟强磊军勇杰涛超刚辉鹏飞鑫波斌浩凯健俊帅旭兵峰国毅博豪雄坤震彬松柏柱栋梁楠彪彰坚昊昌昆"
        "晟晖焱煜烨炜炳铭锋钧钢铁锐镇骏驰骁腾翔翰耀胜剑勋力功勉勤威宏宽弘德恒振挺捷政敖斐旺昂朗"
        "槐森楷横泰洪海淳渊滔瀚炯猛琛璋硕磐祥祺禄福稷竣策纬纲维绍群翼聪胤舟荣虎虹襄诚谦贤贵跃辰"
        "达迅远逸邦钊铎阔隆霆靖韬顺飙骞魁鲲鸿麟宇洋龙平东建志华"
    ),
    # In both.
    (
        "子一思天欣然乐明佳嘉清新瑞玉书雅言亦以心可之若如知予语诗景星月晨阳光春秋冬青山川河溪泽"
        "泉润源沐希望愿恩典善良和正元初亚越立朝夕禾木竹墨音韵律世中永学仁义礼信孝廉宜奕弈昕时悠"
        "扬启迪彦修哲睿"
    ),
    # Rarer ones, which also stand for letters that are in no class.
    (
        "栀柚橘杏桃樱枫桐榆槿桉椿檀荔荞苔苇茗荠蔚蘅藜葵菱笙筝箫铃镜灯烛瓷砚笺帆桨锚渔樵耕岚岭峦"
        "崖屿汀洲渚浦湾潭涧漾澜汐泠泫霁霖霓霭雾暮曦旸昀晗晞暄曜璟瑾瑜琰珈琅琬珏璞鹤鹭鸥雁雀鹊鲤"
        "麋鹿禧祉祎绯缃缦绫绢络纱棉麻粟黍稻麦穗芽蕨薄荫藤葛萝荻蓼蒿芜菀茉莳菘杉桦枳梓棣榕槭柘"
    ),
)
"""Letters of given names; no letter stands in two classes."""

TITLES: Final = tuple(
    sorted(
        words(
            "老板娘 董事长 工程师 老师 师傅 同学 医生 大夫 护士 教授 博士 经理 总监 主任 校长 "
            "院长 局长 处长 科长 队长 班长 组长 店长 老板 律师 警官 导演 教练 阿姨 叔叔 大爷 "
            "大妈 大哥 大姐 姐姐 哥哥 妹妹 弟弟 爷爷 奶奶 伯伯 婶婶 姑姑 舅舅 先生 女士 小姐 "
            "太太 夫人 妈妈 爸爸 学长 学姐 学弟 学妹 师兄 师姐 师弟 师妹 姑娘 宝宝 公子 秘书 "
            "部长 书记 会计 总 哥 姐 叔 姨 婶 嫂 妈 爸 工 导 董 局 处 队"
        ),
        key=len,
        reverse=True,
    )
)
"""What follows a name and is kept; longer ones first."""

PREFIXES: Final = "小老阿大"
"""What stands before a name and is kept."""

ENDEARMENTS: Final = ("宝", "儿", "酱", "仔")
"""What follows a letter of a given name and is kept."""

NICKNAMES: Final = {
    2: words(
        "豆包 汤圆 芋头 年糕 麻薯 布丁 奶盖 泡芙 吐司 可颂 拿铁 摩卡 橙汁 石榴 山楂 核桃 板栗 "
        "花生 芝麻 糯米 红豆 绿豆 黄瓜 茄子 土豆 南瓜 蘑菇 菠萝 椰子 芒果 杨梅 樱桃 蓝莓 草莓 "
        "葡萄 柿子 海盐 薄荷 茉莉 桂圆 银杏 松果 棉花 云朵 雨滴 雪球 星尘 月牙 晚风 清晨 夏至 "
        "立秋 白露 小雪 谷雨 暖阳 微光 远山 浅海 沙洲 灯塔 帆船 风筝 积木 陀螺 铃铛 纸鹤 书签 "
        "橡皮 铅笔 胶片 唱片 海豚 企鹅 刺猬 松鼠 水獭 河马 树懒 羊驼 考拉 麻雀 燕子 喜鹊 蜗牛 "
        "章鱼 贝壳 珊瑚 海星 鲸鱼 猫头 熊掌 兔耳 鹿角 狐尾 鸭掌"
    ),
    3: words(
        "小布丁 小石头 小星球 小雨伞 小麦芽 小蘑菇 小刺猬 小松鼠 小海豚 大西瓜 大白菜 大脸猫 "
        "大树懒 大耳兔 老南瓜 老茶壶 老船长 老唱片 棉花糖 冰淇淋 巧克力 马卡龙 千层酥 柠檬茶 "
        "蜂蜜水 桂花糕 山楂片 向日葵 蒲公英 三叶草 含羞草 仙人掌 多肉君 满天星 紫罗兰 风信子 "
        "星期八 下午茶 晚自习 夜行者 旅行箱 望远镜 指南针 万花筒 留声机 不倒翁 拨浪鼓 毛线团 "
        "纸飞机 热气球 摩天轮 独木舟 小渡口 北极星"
    ),
    4: words(
        "一碗清风 半杯拿铁 三分糖度 七里香茶 山间来信 海边拾贝 云上散步 雨后青苔 薄荷味糖 "
        "橘子汽水 草莓蛋挞 芋泥波波 桂花酿酒 椰子拿铁 海盐芝士 焦糖布丁 早睡早起 慢慢走路 "
        "晒晒太阳 天天向上 好好吃饭 看看月亮 数数星星 听听海浪 会飞的鱼 爱笑的猫 迷路的鹿 "
        "怕冷的熊 偷懒的鹅 种花的人 追风的云 路过的雨"
    ),
}
"""Neutral nicknames by their number of letters."""

WOMENS_LATIN: Final = words(
    "Amy Anna Bella Betty Carol Cathy Cindy Clara Daisy Diana Ella Emily Emma Fiona Flora Gina "
    "Grace Helen Irene Iris Ivy Jane Jessie Joyce Julia Karen Kelly Laura Lily Linda Lucy "
    "Maggie Mia Nancy Nina Olivia Penny Phoebe Rachel Rose Ruby Sandy Sarah Sherry Sophie "
    "Stella Tina Tracy Vera Vivian Wendy Yvonne Zoe Doris Elsa"
)
MENS_LATIN: Final = words(
    "Aaron Adam Alan Allen Andy Ben Bob Brian Calvin Carl Charlie Colin Daniel David Dennis "
    "Derek Dylan Eddie Edwin Eric Ethan Evan Felix Frank Gary George Harry Henry Howard Ian "
    "Ivan Jack Jacob James Jason Jeff Jerry Jim Joe Johnny Kevin Leo Louis Lucas Mark Martin "
    "Mike Nick Oscar Owen Paul Peter Philip Ray Robin Roger Ryan Sam Simon Steven Terry Tim "
    "Toby Tom Victor Vincent"
)
LATIN_NAMES: Final = (*WOMENS_LATIN, *MENS_LATIN)
"""Given names in Latin letters."""

LATIN_SURNAMES: Final = words(
    "Adams Baker Carter Dixon Ellis Foster Graham Harris Irving Jordan Keller Lawson Mason "
    "Nolan Osborn Parker Quinn Reed Sutton Turner Underwood Vance Walker York Barnes Collins "
    "Dawson Fisher Hughes Porter"
)
"""Family names in Latin letters."""

TRADITIONAL: Final = dict(
    zip(
        "張劉陳楊黃趙吳孫馬鄭許鄧韓馮蕭葉蘇呂盧鍾譚陸賈鄒龍顧龔錢湯溫齊喬龐顏莊聶魯關蘭紀單駱饒"
        "婁嚴賴簡",
        "张刘陈杨黄赵吴孙马郑许邓韩冯肖叶苏吕卢钟谭陆贾邹龙顾龚钱汤温齐乔庞颜庄聂鲁关兰纪单骆饶"
        "娄严赖简",
        strict=True,
    )
)
"""Traditional forms of surnames."""

ALL_LETTERS: Final = frozenset(chain(SURNAMES, *GIVEN_CLASSES))
"""Every letter that an invented name may hold."""
