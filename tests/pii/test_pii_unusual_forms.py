"""Values in shapes that are seldom seen: turned dials, whole phrases, numbers in pieces."""

from __future__ import annotations

import pytest

from curation.pii import Detector

CASES = [
    pytest.param("夾萬左轉36右轉09再左轉51", [("PASSWORD", "左轉36右轉09再左轉51")], id="dial"),
    pytest.param(
        "保险柜先14再62再07", [("PASSWORD", "先14再62再07")], id="dial, one after another"
    ),
    pytest.param("左三圈右三圈脖子扭扭", [], id="song"),
    pytest.param("保险箱左边第二格", [], id="where it stands"),
    pytest.param("密码是月落乌啼，四个汉字", [("PASSWORD", "月落乌啼")], id="whole phrase"),
    pytest.param("密码我也不知道啊", [], id="talk about one"),
    pytest.param("密码是谁改的", [], id="question about one"),
    pytest.param("京N8 2P61", [("LICENSE_PLATE", "京N8 2P61")], id="plate in groups"),
    pytest.param("沪A幺幺零二八", [("LICENSE_PLATE", "沪A幺幺零二八")], id="plate read out"),
    pytest.param("沪牌AFB2019", [("LICENSE_PLATE", "沪牌AFB2019")], id="plate with its word"),
    pytest.param("車牌係 KX 388", [("LICENSE_PLATE", "KX 388")], id="plate of Hong Kong"),
    pytest.param("云A区第 3 排 12 座", [], id="seat"),
    pytest.param("MAC 00:25:90:11:22:33", [("MAC_ADDRESS", "00:25:90:11:22:33")], id="no letter"),
    pytest.param("网卡 3C 52 82 A1 0F 9E", [("MAC_ADDRESS", "3C 52 82 A1 0F 9E")], id="spaces"),
    pytest.param("mac 3c5282-a10f9e", [("MAC_ADDRESS", "3c5282-a10f9e")], id="halves"),
    pytest.param("passport no. 512 345 678", [("PASSPORT", "512 345 678")], id="nine digits"),
    pytest.param("US passport is 548213077", [("PASSPORT", "548213077")], id="said in English"),
    pytest.param("回鄉卡號碼H0123456701", [("PASSPORT", "H0123456701")], id="home-return card"),
    pytest.param("机票用这个 G55102938", [("PASSPORT", "G55102938")], id="for a ticket"),
    pytest.param("型号G55102938", [], id="model number"),
    pytest.param(
        "护照ED打头的那本，ED 771 2045", [("PASSPORT", "ED 771 2045")], id="its letters first"
    ),
    pytest.param(
        "通行证拍给你，看得清吧：C71204553", [("PASSPORT", "C71204553")], id="words between"
    ),
    pytest.param("信用卡 3853 9201 7746 61", [("BANK_CARD", "3853 9201 7746 61")], id="Diners"),
    pytest.param("372715309264706", [("BANK_CARD", "372715309264706")], id="American Express"),
    pytest.param("372715309264707", [], id="no card by its last digit"),
    pytest.param("固话076512344321", [("PHONE_NUMBER", "076512344321")], id="area code given up"),
    pytest.param("微信号是 771204", [("QQ_NUMBER", "771204")], id="short old WeChat id"),
    pytest.param(
        "加微信 771204553 备注来意", [("QQ_NUMBER", "771204553")], id="no entry of a list behind it"
    ),
    pytest.param("扣7712·045·533，晚上在", [("QQ_NUMBER", "7712·045·533")], id="dots between"),
    pytest.param("存包柜码77120，别过九点", [("PASSWORD", "77120")], id="locker"),
    pytest.param("快递条后四位7712", [], id="end of a number"),
    pytest.param("门锁密码是手机后四位7712", [("PASSWORD", "7712")], id="end of one that opens"),
    pytest.param("底色用#77AB12吧", [], id="colour"),
    pytest.param("密码#77AB12", [("PASSWORD", "#77AB12")], id="like a colour"),
    pytest.param("扫描要600dpi的", [], id="resolution"),
    pytest.param("ping10.7.71.20也不通", [("IP_ADDRESS", "10.7.71.20")], id="glued to the command"),
    pytest.param("7712:ab:1:2:3:4:5:6", [("IP_ADDRESS", "7712:ab:1:2:3:4:5:6")], id="eight groups"),
    pytest.param("提货码7-2-0455", [], id="parcel, like a door"),
    pytest.param("server 198.51.100.77", [("IP_ADDRESS", "198.51.100.77")], id="ends like version"),
    pytest.param("version 1.77.100.51", [], id="version"),
    pytest.param("住院号：00771204", [], id="stay in a hospital"),
    pytest.param("一卡通 6228480402564890018", [("BANK_CARD", "6228480402564890018")], id="bank's"),
    pytest.param("学籍号：G7712xxxxxxxx", [], id="signs left out"),
    pytest.param(
        "微信号改成了mangopudding", [("WECHAT_ID", "mangopudding")], id="what it was changed to"
    ),
    pytest.param("我微亻言：mango-1024", [("WECHAT_ID", "mango-1024")], id="character in two"),
    pytest.param("wx.navigateTo没反应", [], id="function of a program"),
    pytest.param("wechat-devtools打不开", [], id="tool"),
    pytest.param(
        "ipv6240e:38a:12::9f能通", [("IP_ADDRESS", "240e:38a:12::9f")], id="glued to the protocol"
    ),
    pytest.param("会员卡1234 5678 1390 4471 203", [], id="end of a longer number, like a phone"),
    pytest.param("尾号为4471的卡扣款了", [], id="end of a card"),
    pytest.param("密码是身份证尾号4471", [("PASSWORD", "4471")], id="end of a paper that opens"),
    pytest.param("密码发到手机尾号4471上了", [], id="where one was sent"),
    pytest.param("端口没变，还是8899", [], id="port some words after"),
    pytest.param("主键叫order_id", [], id="name of a column"),
    pytest.param("密码锁那个相框600x900", [], id="size"),
    pytest.param("动态口令：730159，快", [("OTP_CODE", "730159")], id="called a watchword"),
    pytest.param("2017-2021 某大学，会计", [], id="years of a résumé"),
    pytest.param('{"code":77120,"msg":"no"}', [], id="error"),
    pytest.param(
        "台胞证落你车上了，号码07712045", [("PASSPORT", "07712045")], id="permit, then talk"
    ),
    pytest.param("同事的证K77120455", [("PASSPORT", "K77120455")], id="somebody's permit"),
    pytest.param("扣扣7712 0455 33", [("QQ_NUMBER", "7712 0455 33")], id="two at the end"),
    pytest.param("小票流水号 0071-2298-7712", [], id="receipt"),
    pytest.param(
        "微信m i a o m i a o 77", [("WECHAT_ID", "m i a o m i a o 77")], id="letters apart"
    ),
    pytest.param("电话0241/7712045", [("PHONE_NUMBER", "0241/7712045")], id="slash"),
    pytest.param(
        "这边号004915771204553", [("PHONE_NUMBER", "004915771204553")], id="thirteen digits"
    ),
    pytest.param("彩票03 08 13 19 22 31 + 09，一个没中", [], id="lottery"),
    pytest.param("地址：XX省XX市XX区", [], id="form to fill in"),
    pytest.param("微信386区", [], id="players of a game"),
    pytest.param("住Kaiserring 7", [("CN_ADDRESS", "Kaiserring 7")], id="street abroad"),
    pytest.param("我7-1-702，要两箱", [("CN_ADDRESS", "7-1-702")], id="a neighbour's order"),
    pytest.param("我在C区22栋", [("CN_ADDRESS", "C区22栋")], id="part of an estate"),
]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_private_is_found_in_unusual_forms(
    detector: Detector, text: str, expected: list[tuple[str, str]]
) -> None:
    found = [(each.entity, text[each.start : each.end]) for each in detector.detect(text)]
    assert found == expected
