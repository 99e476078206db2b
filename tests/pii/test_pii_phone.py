from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.evaluation_set import DEVELOPMENT, read_part
from curation.pii.folding import fold
from curation.pii.recognizers import phone

if TYPE_CHECKING:
    from tests.pii.conftest import Found

CASES = [
    pytest.param("我的号13812345678哈", ["13812345678"], id="glued to Chinese"),
    pytest.param("138 1234 5678", ["138 1234 5678"], id="spaced"),
    pytest.param("138-1234-5678", ["138-1234-5678"], id="dashed"),
    pytest.param("138.1234.5678。", ["138.1234.5678"], id="dotted"),
    pytest.param("138—1234—5678", ["138—1234—5678"], id="long dashes"),
    pytest.param("电话１３８１２３４５６７８", ["１３８１２３４５６７８"], id="full width"),
    pytest.param("𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖呀", ["𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖"], id="bold digits beyond the BMP"),
    pytest.param("+86 138 1234 5678", ["+86 138 1234 5678"], id="plus 86"),
    pytest.param("打008613812345678", ["008613812345678"], id="double zero 86"),
    pytest.param("(86)13812345678", ["(86)13812345678"], id="86 in parentheses"),
    pytest.param("（+86）13812345678", ["（+86）13812345678"], id="86 in full-width parentheses"),
    pytest.param("8613812345678", ["8613812345678"], id="bare 86"),
    pytest.param("\u202d138 1234 5678\u202c", ["138 1234 5678"], id="copied with direction marks"),
    pytest.param("138\u200b1234\u200b5678", ["138\u200b1234\u200b5678"], id="zero-width blanks"),
    pytest.param("1 3 8 1 2 3 4 5 6 7 8", ["1 3 8 1 2 3 4 5 6 7 8"], id="digit by digit"),
    pytest.param("一三八一二三四五六七八", ["一三八一二三四五六七八"], id="Chinese numerals"),
    pytest.param("幺三八幺二三四五六拐洞", ["幺三八幺二三四五六拐洞"], id="spoken numerals"),
    pytest.param("一三八1234五六七八", ["一三八1234五六七八"], id="mixed numerals"),
    pytest.param("138😀1234😀5678", ["138😀1234😀5678"], id="emoji between"),
    pytest.param(
        "138[微笑]1234[微笑]5678", ["138[微笑]1234[微笑]5678"], id="sticker codes between"
    ),
    pytest.param(
        "138(｡•́︿•̀｡)1234(｡•́︿•̀｡)5678", ["138(｡•́︿•̀｡)1234(｡•́︿•̀｡)5678"], id="kaomoji between"
    ),
    pytest.param("138\n12345678", ["138\n12345678"], id="two lines"),
    pytest.param("1381234\n5678", ["1381234\n5678"], id="two lines, broken later"),
    pytest.param("1500000\n2000", [], id="two round numbers"),
    pytest.param("180*2000*2200", [], id="size of a bed"),
    pytest.param("150、1800、2000", [], id="prices"),
    pytest.param("😀我的13812345678", ["13812345678"], id="after an emoji"),
    pytest.param("tel13812345678", ["13812345678"], id="glued to a Latin word"),
    pytest.param("TEL:13812345678", ["13812345678"], id="after TEL"),
    pytest.param("订单留的手机号13812345678", ["13812345678"], id="phone inside an order"),
    pytest.param("1.13812345678", ["13812345678"], id="numbered list"),
    pytest.param(
        "13812345678 13987654321", ["13812345678", "13987654321"], id="two in a row stay two"
    ),
    pytest.param("13812345678/13987654321", ["13812345678", "13987654321"], id="slash between"),
    pytest.param("13812345678,13987654321", ["13812345678", "13987654321"], id="comma between"),
    pytest.param("010-88886666", ["010-88886666"], id="landline"),
    pytest.param("0755-12345678", ["0755-12345678"], id="landline of four-digit area"),
    pytest.param("02088886666", ["02088886666"], id="landline without dash"),
    pytest.param("0571-88886666转8012", ["0571-88886666转8012"], id="extension"),
    pytest.param("(021)6234 5678", ["(021)6234 5678"], id="area in parentheses"),
    pytest.param("+86-10-88886666", ["+86-10-88886666"], id="landline from abroad"),
    pytest.param("打座机88886666", ["88886666"], id="landline named as one"),
    pytest.param("400-820-8820", ["400-820-8820"], id="400"),
    pytest.param("4008208820", ["4008208820"], id="400 without dashes"),
    pytest.param("800-820-1234", ["800-820-1234"], id="800"),
    pytest.param("+852 9123 4567", ["+852 9123 4567"], id="Hong Kong"),
    pytest.param("+1 (415) 555-2671", ["+1 (415) 555-2671"], id="United States"),
    pytest.param("0912-345-678", ["0912-345-678"], id="Taiwan"),
    pytest.param("02-2345-6789", ["02-2345-6789"], id="Taiwan, landline"),
    pytest.param("852-6123-4567", ["852-6123-4567"], id="Hong Kong without plus"),
    pytest.param("13822 457788", ["13822 457788"], id="five and six"),
    pytest.param("1382 2457 788", ["1382 2457 788"], id="fours"),
    pytest.param("138 22 45 77 88", ["138 22 45 77 88"], id="twos"),
    pytest.param("138_2245_7788", ["138_2245_7788"], id="strokes below"),
    pytest.param("138（2245）7788", ["138（2245）7788"], id="middle in parentheses"),
    pytest.param("138丶2245丶7788", ["138丶2245丶7788"], id="Chinese strokes between"),
    pytest.param("1😀38😀22😀45😀77😀88", ["1😀38😀22😀45😀77😀88"], id="emoji anywhere"),
    pytest.param("1️⃣3️⃣8️⃣2️⃣2️⃣4️⃣5️⃣7️⃣7️⃣8️⃣8️⃣", ["1️⃣3️⃣8️⃣2️⃣2️⃣4️⃣5️⃣7️⃣7️⃣8️⃣8️⃣"], id="keycaps"),
    pytest.param("₁₃₈₂₂₄₅₇₇₈₈", ["₁₃₈₂₂₄₅₇₇₈₈"], id="subscripts"),
    pytest.param("l38 2245 77O8", ["l38 2245 77O8"], id="letters like digits"),
    pytest.param(
        "一三八🌸二二四五🌸七七八八", ["一三八🌸二二四五🌸七七八八"], id="numerals and flowers"
    ),
    pytest.param(
        "一三八\n二二四五\n七七八八",
        ["一三八\n二二四五\n七七八八"],
        id="numerals in three messages",
    ),
    pytest.param("壹叁捌贰贰肆伍柒柒捌捌", ["壹叁捌贰贰肆伍柒柒捌捌"], id="banker's numerals"),
    pytest.param("零二五八四三一五六七八", ["零二五八四三一五六七八"], id="landline in numerals"),
    pytest.param("13822\n457788", ["13822\n457788"], id="two messages, five and six"),
    pytest.param("1382\n2457\n788", ["1382\n2457\n788"], id="three messages"),
    pytest.param("86-10-62751234", ["86-10-62751234"], id="86 without plus, landline"),
    pytest.param("办公室电话3690022转201", ["3690022转201"], id="named, with an extension"),
    pytest.param("84315678转201", ["84315678转201"], id="extension without area code"),
    pytest.param("香港电话9876 1234", ["9876 1234"], id="Hong Kong, named"),
    pytest.param("85298761234是我香港的号", ["85298761234"], id="Hong Kong, glued to its code"),
    pytest.param("(02)2771-1234", ["(02)2771-1234"], id="Taiwan, parentheses"),
    pytest.param("0800-123-456免费的", ["0800-123-456"], id="Taiwan, free of charge"),
    pytest.param("+33 6 12 34 56 78", ["+33 6 12 34 56 78"], id="France, in twos"),
    pytest.param("+52 55 1234 5678", ["+52 55 1234 5678"], id="a rarer country"),
    pytest.param("下单填13822457788", ["13822457788"], id="order as a verb"),
    pytest.param("收货13822457788小王", ["13822457788"], id="receiver"),
    pytest.param("王五+13822457788", ["13822457788"], id="joined to a name"),
    pytest.param("19960714 123", [], id="a day and a number"),
    pytest.param("180 150 13800", [], id="round numbers"),
    pytest.param("1314520\n1314", [], id="love in numbers"),
    pytest.param("学籍号 G13822457788", [], id="a letter between word and number"),
    pytest.param("型号 LX-13822457788", [], id="model"),
    pytest.param("b23.tv/av13822457788", [], id="web address without scheme"),
    pytest.param("π≈3.14159265358", [], id="pi"),
    pytest.param("400 500 6000", [], id="hundreds"),
    pytest.param("电话 20240501 打过", [], id="a day after the word"),
    pytest.param("电话5678900次", [], id="times"),
    pytest.param("香港12345678人", [], id="people of Hong Kong"),
    pytest.param('"orderId": "13822457788"', [], id="field of an order"),
    pytest.param("连139.19.122.188", [], id="address of a host"),
    pytest.param("☎ 65228877", ["65228877"], id="landline after a telephone sign"),
    pytest.param("1382245后面是7788", ["1382245后面是7788"], id="two pieces, a word between"),
    pytest.param("13822再接457788", ["13822再接457788"], id="two pieces, cut elsewhere"),
    pytest.param("1382245最后四位7788", ["1382245最后四位7788"], id="the last four by themselves"),
    pytest.param("单号1382245后面是7788", [], id="pieces of a parcel's number"),
    pytest.param("138 2😀245 7😀788", ["138 2😀245 7😀788"], id="emoji and blanks between"),
    pytest.param("港号 6123 4471", ["6123 4471"], id="Hong Kong, in short"),
    pytest.param("13822457788是圆通单号", [], id="said to be a parcel's"),
    pytest.param("13822457788这是我的学号", [], id="said to be a student's"),
    pytest.param("13822457788不是电话，是条码", [], id="said to be no phone"),
    pytest.param("13822457788是订单留的电话", ["13822457788"], id="phone of an order"),
    pytest.param("13822457788不是电话打不通吗", ["13822457788"], id="talk about a phone"),
    pytest.param("燃气户号02588371122", [], id="number of a household"),
    pytest.param("电报码 0512 3344 5566", [], id="cable"),
    pytest.param("QQ4008123456", [], id="account like a service line"),
    pytest.param("QQ1382245778 九几年的", [], id="account and a year"),
    pytest.param("订单号15812345678", [], id="order number"),
    pytest.param("快递单号：13812345678", [], id="express number by word"),
    pytest.param("SF13812345678", [], id="express number by carrier"),
    pytest.param("SF1381234567890", [], id="longer express number"),
    pytest.param("uid13812345678", [], id="uid"),
    pytest.param("UID:13812345678", [], id="uid with colon"),
    pytest.param("1581234567890", [], id="timestamp in milliseconds"),
    pytest.param("1581234567", [], id="timestamp in seconds"),
    pytest.param("12012345678", [], id="no mobile prefix"),
    pytest.param("138123456789", [], id="twelve digits"),
    pytest.param("¥13812345678", [], id="price"),
    pytest.param("13812345678元", [], id="amount"),
    pytest.param("IMG_13812345678.jpg", [], id="file name"),
    pytest.param("https://item.jd.com/13812345678.html", [], id="web address"),
    pytest.param("39.13812345678", [], id="decimal"),
    pytest.param("110 120 119 10086 12306 95588", [], id="short service numbers"),
    pytest.param("1500 2000 300", [], id="list of prices"),
    pytest.param("130、200、110、95", [], id="list of numbers"),
    pytest.param("2024-03-15 12:30:45", [], id="date and time"),
    pytest.param("20240315", [], id="date without dashes"),
    pytest.param("一二三四五六七八九十十一", [], id="counting"),
    pytest.param("3.14159265358979", [], id="pi"),
    pytest.param("6666666666666", [], id="laughter"),
    pytest.param("138****5678", [], id="already masked"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_phone_is_found_and_a_number_like_one_is_not(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PHONE_NUMBER") == expected


@pytest.mark.in_turn
def test_looking_for_the_signs_of_a_form_first_finds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [fold(line.text) for part in DEVELOPMENT for line in read_part(part)]
    recognizer = phone.CnPhoneRecognizer()
    found = [list(recognizer.find(text)) for text in texts]
    monkeypatch.setattr(phone, "SIGNS", dict.fromkeys(phone.SIGNS, ("",)))
    assert [list(recognizer.find(text)) for text in texts] == found
