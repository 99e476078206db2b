"""What must be caught and what must not be flagged, over all recognizers together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from curation.pii import Detector

MUST_CATCH = [
    ("我手机号换了，新的是139 0013 9000，微信同号", "PHONE_NUMBER", "139 0013 9000"),
    ("打我电话：一五九 八八八八 六六六六", "PHONE_NUMBER", "一五九 八八八八 六六六六"),
    ("爸的电话号码136-0000-1234你记一下", "PHONE_NUMBER", "136-0000-1234"),
    ("家里座机0512-6543210", "PHONE_NUMBER", "0512-6543210"),
    ("tel:0086-10-12345678", "PHONE_NUMBER", "0086-10-12345678"),
    ("支付宝账号13812345678", "PHONE_NUMBER", "13812345678"),
    ("客服400-820-8820转3", "PHONE_NUMBER", "400-820-8820"),
    (
        "地址发你：江苏省苏州市姑苏区平江路127号2幢303",
        "CN_ADDRESS",
        "江苏省苏州市姑苏区平江路127号2幢303",
    ),
    ("姑苏区平江路127号", "CN_ADDRESS", "姑苏区平江路127号"),
    ("国贸大厦A座1203", "CN_ADDRESS", "国贸大厦A座1203"),
    ("体育西路103号维多利广场A塔2301", "CN_ADDRESS", "体育西路103号维多利广场A塔2301"),
    ("送到东区12舍418", "CN_ADDRESS", "东区12舍418"),
    ("6号宿舍楼302", "CN_ADDRESS", "6号宿舍楼302"),
    ("小王庄村2组18号", "CN_ADDRESS", "小王庄村2组18号"),
    ("老家在安徽省黄山市歙县北岸镇", "CN_ADDRESS", "安徽省黄山市歙县北岸镇"),
    ("快递在翻斗花园菜鸟驿站", "CN_ADDRESS", "翻斗花园菜鸟驿站"),
    ("学府路68号院2号楼", "CN_ADDRESS", "学府路68号院2号楼"),
    ("身份证号码是 330102199003078517", "CN_ID_CARD", "330102199003078517"),
    ("银行卡号 6228480402564890018", "BANK_CARD", "6228480402564890018"),
    ("发我邮箱lihua@163.com就行", "EMAIL_ADDRESS", "lihua@163.com"),
    ("WiFi名是TP-LINK_8F3A，密码12345678", "PASSWORD", "12345678"),
    ("wifi: Home_5G 密码 lihua@1990", "PASSWORD", "lihua@1990"),
    ("解锁密码0825", "PASSWORD", "0825"),
    ("网盘提取码：x7k2", "PASSWORD", "x7k2"),
    ("短信验证码395820，5分钟内有效", "OTP_CODE", "395820"),
    ("验证码是 8 3 9 2 1 0", "OTP_CODE", "8 3 9 2 1 0"),
    ("vx：lihua-8899", "WECHAT_ID", "lihua-8899"),
    ("微信搜 lihua8899", "WECHAT_ID", "lihua8899"),
    ("我qq是1234567890", "QQ_NUMBER", "1234567890"),
    ("车牌号粤A·8K9P2", "LICENSE_PLATE", "粤A·8K9P2"),
    ("沪A·D12345", "LICENSE_PLATE", "沪A·D12345"),
    ("护照号E12345678", "PASSPORT", "E12345678"),
    ("ip 192.168.1.1", "IP_ADDRESS", "192.168.1.1"),
]

MUST_NOT_FLAG = """
订单编号：2024031512345678901
顺丰单号SF1234567890123
圆通YT1234567890123
运单号 773012345678901
交易号 6222021234567890128
微信支付单号4200001234202403151234567890
会议号 123-456-789
取件码 3个
取件码 12-3-4567
uid 10012345678
ISBN 978-7-02-000220-7
2024-03-15 12:30:45
2024年3月15日下午3点
1710477045 1710477045123
8点半 12:30 23:59:59
¥128.00 99.9元 1500块 3.5折
今年赚了13800138000块哈哈
v2.0.1 1.2.3 3.8.18
比分3:2 21-19 第3名
110 120 119 10086 12306 95588 12345
坐3号线到2号口
地铁2号线南京东路站3号口
1号桌 3号店 5号球员
这条路不好走
走一步路都累
去中山路吃饭
在人民广场站下车
我在3号楼 3号门等你
上海北京广州深圳
密码忘了
密码是忘了的
密码我记不住
密码多少来着？？？
密码输错三次了
锁屏密码是我生日
iPhone15 Pro Max 小米14Ultra RTX4060 i7-13700H
高铁G102 08车12A 航班MU5101
股票600519 000001.SZ
175cm 60.5kg 36.5度 10.5公里
100,000,000 1000000000
88888888 66666 2333333 5201314 1314520
18812345678901234567
[微笑][捂脸][委屈]
(｡•́︿•̀｡) (*^▽^*) ╮(╯▽╰)╭ QAQ orz
哈哈哈哈哈哈~~~!!!
七里香 南山南 十里桃花 稻香
村上春树 海边的卡夫卡
北京大学 清华大学 杭州西湖
四舍五入 二十四节气 十二生肖
""".strip().splitlines()


@pytest.mark.parametrize(
    ("text", "entity", "value"), MUST_CATCH, ids=[row[0] for row in MUST_CATCH]
)
def test_every_kind_of_pii_is_caught_as_what_it_is(
    detector: Detector, text: str, entity: str, value: str
) -> None:
    assert [(found.entity, text[found.start : found.end]) for found in detector.detect(text)] == [
        (entity, value)
    ]


@pytest.mark.parametrize("text", MUST_NOT_FLAG)
def test_nothing_that_only_looks_like_pii_is_flagged(detector: Detector, text: str) -> None:
    assert detector.detect(text) == []
