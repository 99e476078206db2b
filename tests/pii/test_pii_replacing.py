from __future__ import annotations

import re
import string
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.model import Finding, Replacement
from curation.pii import (
    ENTITIES,
    PLACEHOLDER_TEXT,
    Detector,
    Replacer,
    canonical_value,
    escaped,
    mask,
    ways_for,
)
from curation.pii.invented_numbers import (
    EXAMPLE_DOMAINS,
    UNASSIGNED_MOBILE,
    UNASSIGNED_REGIONS,
)
from curation.pii.recognizers.bank_card import passes_luhn
from curation.pii.recognizers.crypto import has_base58_checksum, has_bech32_checksum
from curation.pii.recognizers.iban import has_valid_check_digits
from curation.pii.recognizers.id_card import has_valid_checksum
from curation.pii.recognizers.phone_forms import MOBILE_PREFIX
from tests.examples import examples
from tests.pii.test_pii_detector import MESSAGES

SECRET = bytes(range(32))
SURROGATES = Replacer(SECRET, dict.fromkeys(ENTITIES, Replacement.SURROGATE))
PARTIAL = Replacer(SECRET, dict.fromkeys(ENTITIES, Replacement.PARTIAL))

SHAPES = {
    "PHONE_NUMBER": (
        "13812345678", "138-1234-5678", "+86 138 1234 5678", "0086-13812345678",
        "（86）１３８１２３４５６７８", "幺三八一二三四五六七八", "一三八幺二三四五六七八",
        "①③⑧1234 5678", "010-88886666", "+86-10-88886666", "(0571)88886666转123", "88886666",
        "400-820-8820", "800 820 8820", "+852 6123 4567", "00852 61234567", "+1 415 555 2671",
        "+44 7911 123456", "+39 06 6982 1234", "0912-345-678", "02-2345-6789",
    ),
    "CN_ID_CARD": ("11010519491231002X", "110105 19491231 002x", "110105491231002"),
    "BANK_CARD": ("6222 0212 3456 7890 128", "4111111111111111", "378282246310005"),
    "EMAIL_ADDRESS": ("lihua@163.com", "Li.Hua_90＠163．com", "li-hua(at)qq.com", "a@b.co"),
    "PASSWORD": ("abc12345", "A-b!9z~", "六个八", "一二三四五六"),
    "OTP_CODE": ("482913", "482 913", "A1B2C3"),
    "WECHAT_ID": ("wxid_ab12cd34ef5612", "lihua_1990"),
    "QQ_NUMBER": ("12345", "123456789", "1234567890", "12345678901"),
    "LICENSE_PLATE": ("浙A12345", "浙a·D12345", "京A1234挂", "粤B·F6789D"),
    "PASSPORT": ("E12345678", "ea1234567", "H12345678", "12345678"),
    "PERSON": ("周雨涵", "小周", "周老师", "Alice Chen", "~奶茶三分糖~"),
    "CN_ADDRESS": (
        "浙江省杭州市西湖区文三路123号翠苑小区5幢2单元301室", "翻斗花园3号楼1001", "李家村3组",
        "南区7舍305", "香港九龙弥敦道123号7楼B室", "台北市大安區忠孝東路四段12號3樓",
        "十二栋三单元",
    ),
    "IP_ADDRESS": ("120.53.12.34", "2408:8207:78d1:1::5", "2408:8207:78d1:1:2:3:4:5"),
    "MAC_ADDRESS": ("a4:5e:60:c1:22:9f", "A4-5E-60-C1-22-9F", "a45e.60c1.229f"),
    "IBAN_CODE": ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"),
    "CRYPTO": (
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0x52908400098527886E0F7030069857D2E4169EE7",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    ),
}  # fmt: skip
CASES = [(entity, value) for entity, values in SHAPES.items() for value in values]


def surrogate(entity: str, value: str) -> str:
    made = SURROGATES.stand_in(entity, value)
    assert made.way is Replacement.SURROGATE
    return made.text


def shape(text: str) -> str:
    """Return the text with letters, digits and numerals as classes: what a reader sees at once."""
    classes = [
        (r"[0-9]", "9"), (r"[０-９]", "９"), (r"[①-⑨⓪]", "①"), (r"[a-z]", "a"), (r"[A-Z]", "A"),
        (r"[零〇一二三四五六七八九幺两拐洞]", "一"), (r"[㐀-鿿]", "字"),
    ]  # fmt: skip
    for pattern, sign in classes:
        text = re.sub(pattern, sign, text)
    return text


@pytest.mark.parametrize(("entity", "value"), CASES)
def test_an_invented_value_is_another_one(entity: str, value: str) -> None:
    made = surrogate(entity, value)
    assert canonical_value(entity, made) != canonical_value(entity, value)
    assert made == surrogate(entity, value)


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        case
        for case in CASES
        # A domain is replaced whole; addresses of the network and wallets mix letters and digits.
        if case[0] not in ("EMAIL_ADDRESS", "IP_ADDRESS", "MAC_ADDRESS", "CRYPTO", "PERSON")
    ],
)
def test_an_invented_value_has_the_shape_of_the_real_one(entity: str, value: str) -> None:
    made = surrogate(entity, value)
    if value.endswith(("002x", "002X")):
        made, value = made[:-1], value[:-1]  # the check digit may be a letter or not
    numerals = "甲" if entity == "CN_ADDRESS" else ""
    assert len(made) == len(value) or numerals
    same = shape(made).replace("一", "字") if numerals else shape(made)
    assert same == (shape(value).replace("一", "字") if numerals else shape(value))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("138-1234-5678", "+86 13812345678"),
        ("１３８１２３４５６７８", "幺三八一二三四五六七八"),
        ("+86-10-88886666", "010-88886666"),
    ],
)
def test_one_phone_is_one_invented_phone_however_it_is_written(one: str, other: str) -> None:
    made = [surrogate("PHONE_NUMBER", written) for written in (one, other)]
    assert len({canonical_value("PHONE_NUMBER", each) for each in made}) == 1


MOBILES = st.builds(
    "1{}{}".format, st.sampled_from("3456789"), st.text("0123456789", min_size=9, max_size=9)
)


@given(mobile=MOBILES)
def test_an_invented_mobile_belongs_to_nobody_in_china_or_north_america(mobile: str) -> None:
    made = surrogate("PHONE_NUMBER", mobile)
    assert made.startswith(UNASSIGNED_MOBILE)
    assert not MOBILE_PREFIX.match(made)
    assert made[4] in "01", "no exchange of North America begins so"


@given(card=st.text("0123456789", min_size=16, max_size=19))
def test_an_invented_card_fails_the_checksum_every_card_passes(card: str) -> None:
    made = surrogate("BANK_CARD", card)
    assert made[:2] == card[:2]
    assert not passes_luhn(made)


@given(order=st.integers(0, 999), seed=st.integers(0, 10**6))
def test_an_invented_id_card_is_of_no_region_and_well_formed(order: int, seed: int) -> None:
    value = f"110105{1950 + seed % 60}0101{order:03}1"
    made = surrogate("CN_ID_CARD", value)
    assert made[:2] in UNASSIGNED_REGIONS
    assert has_valid_checksum(made.upper())
    assert int(made[16]) % 2 == order % 2, "the same sex"


def test_other_invented_values_belong_to_nobody_either() -> None:
    for value in SHAPES["EMAIL_ADDRESS"]:
        assert surrogate("EMAIL_ADDRESS", value).replace("．", ".").endswith(EXAMPLE_DOMAINS)
    documentation = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    for value in SHAPES["IP_ADDRESS"]:
        address = ip_address(surrogate("IP_ADDRESS", value))
        assert any(address in ip_network(net) for net in documentation)
    for value in SHAPES["MAC_ADDRESS"]:
        first = int(re.sub("[^0-9a-f]", "", surrogate("MAC_ADDRESS", value).lower())[:2], 16)
        assert first & 0b11 == 0b10, "locally administered, for one card"
    for value in SHAPES["IBAN_CODE"]:
        assert not has_valid_check_digits(surrogate("IBAN_CODE", value).replace(" ", ""))
    for value in SHAPES["LICENSE_PLATE"]:
        assert surrogate("LICENSE_PLATE", value)[1] in "Ii"
    base58, ethereum, bech32 = (surrogate("CRYPTO", value) for value in SHAPES["CRYPTO"])
    with pytest.raises(ValueError, match="substring not found"):
        has_base58_checksum(base58)
    with pytest.raises(ValueError, match="substring not found"):
        has_bech32_checksum(bech32)
    assert set(ethereum[2:]) - set(string.hexdigits)
    for value in SHAPES["QQ_NUMBER"]:
        made = surrogate("QQ_NUMBER", value)
        assert made[0] == "0" or int(made) >= 5_000_000_000
    assert surrogate("PHONE_NUMBER", "400-820-8820").startswith("400-4")
    assert surrogate("PHONE_NUMBER", "+852 6123 4567").startswith("+852 00")
    assert re.match(r"\+1 \d{3} [01]", surrogate("PHONE_NUMBER", "+1 212 555 2671"))
    assert re.match(r"0\d\d-9[0-47-9]", surrogate("PHONE_NUMBER", "010-88886666"))


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("PHONE_NUMBER", [f"138{number:08}" for number in range(3000)]),
        ("OTP_CODE", [f"{number:04}" for number in range(3000)]),
        ("QQ_NUMBER", [f"{number}" for number in range(10_000, 13_000)]),
        ("CN_ADDRESS", [f"翻斗花园{at // 30 + 1}号楼{at % 30 + 101}" for at in range(900)]),
    ],
)  # fmt: skip
def test_different_values_stay_different_and_none_becomes_a_real_one(
    entity: str, values: list[str]
) -> None:
    real = {(entity, canonical_value(entity, value)) for value in values}
    replacer = Replacer(SECRET, {entity: Replacement.SURROGATE}, values=real)
    made = [replacer.stand_in(entity, value) for value in values]
    assert {each.way for each in made} == {Replacement.SURROGATE}
    invented = {canonical_value(entity, each.text) for each in made}
    assert len(invented) == len(values)
    assert not invented & {value for _entity, value in real}


def test_where_a_shape_has_no_more_room_the_placeholder_stands() -> None:
    codes = [f"{first}{second}" for first in "0123456789" for second in "0123456789"]
    replacer = Replacer(
        SECRET,
        {"OTP_CODE": Replacement.SURROGATE},
        values=[("OTP_CODE", code) for code in codes],
    )
    for code in codes:
        made = replacer.stand_in("OTP_CODE", code)
        assert (made.text, made.way) == (PLACEHOLDER_TEXT["OTP_CODE"], Replacement.PLACEHOLDER)


def test_an_invented_phone_is_no_part_of_a_real_one_and_holds_none() -> None:
    free = Replacer(SECRET, {"PHONE_NUMBER": Replacement.SURROGATE})
    first = free.stand_in("PHONE_NUMBER", "13812345678").text
    for real in (first, "86" + first, first[2:]):
        replacer = Replacer(
            SECRET, {"PHONE_NUMBER": Replacement.SURROGATE}, values=[("PHONE_NUMBER", real)]
        )
        made = replacer.stand_in("PHONE_NUMBER", "13812345678").text
        assert made not in real
        assert real not in made


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("PERSON", "周雨涵"),
        ("CN_ADDRESS", "翻斗花园3号楼1001"),
        ("PHONE_NUMBER", "13812345678"),
        ("WECHAT_ID", "lihua_1990"),
    ],
)
def test_what_is_never_flagged_stands_for_nothing_else(entity: str, value: str) -> None:
    ways = dict.fromkeys(ENTITIES, Replacement.SURROGATE)
    readable = SURROGATES.stand_in(entity, value).text
    replacer = Replacer(SECRET, ways, spared=[escaped(readable)])
    made = replacer.stand_in(entity, value)
    assert made.way is Replacement.SURROGATE
    assert made.text != readable
    nearly = Replacer(SECRET, ways, spared=[escaped(readable[:-1]) + "?"])
    assert nearly.stand_in(entity, value).text != readable


def test_what_a_value_becomes_does_not_depend_on_which_was_asked_first() -> None:
    values = [("PHONE_NUMBER", f"1391234{number:04}") for number in range(200)]
    one = Replacer(SECRET, {"PHONE_NUMBER": Replacement.SURROGATE}, values=values)
    other = Replacer(SECRET, {"PHONE_NUMBER": Replacement.SURROGATE}, values=reversed(values))
    there = {value: one.stand_in(entity, value) for entity, value in values}
    back = {value: other.stand_in(entity, value) for entity, value in reversed(values)}
    assert there == back
    stranger = Replacer(bytes(32), {"PHONE_NUMBER": Replacement.SURROGATE}, values=values)
    same = [value for entity, value in values if stranger.stand_in(entity, value) == there[value]]
    assert not same


@pytest.mark.parametrize(
    ("entity", "value", "expected"),
    [
        ("PHONE_NUMBER", "13812345678", "138****5678"),
        ("PHONE_NUMBER", "+86 138-1234-5678", "+86 138-****-5678"),
        ("PHONE_NUMBER", "１３８１２３４５６７８", "１３８****５６７８"),
        ("PHONE_NUMBER", "88886666", "88****66"),
        ("CN_ID_CARD", "11010519491231002X", "110*************2X"),
        ("BANK_CARD", "6222 0212 3456 7890 128", "**** **** **** ***0 128"),
        ("EMAIL_ADDRESS", "lihua@163.com", "l***@163.com"),
        ("EMAIL_ADDRESS", "liu@lihua-family.net", "l***@***"),
        ("EMAIL_ADDRESS", "me@lihua-family.net", "***@***"),
        ("EMAIL_ADDRESS", "a@163.com", "***@163.com"),
        ("WECHAT_ID", "lihua_1990", "li***"),
        ("QQ_NUMBER", "12345678", "12****78"),
        ("QQ_NUMBER", "12345", "1***5"),
        ("LICENSE_PLATE", "浙A12312", "浙A***12"),
        ("PASSPORT", "E12345678", "E******78"),
        ("PERSON", "周雨涵", "周**"),
        ("PERSON", "欧阳锋", "欧阳*"),
        ("PERSON", "雨涵", "**"),
        ("PERSON", "涵涵", "**"),
        ("PERSON", "周", "*"),
        ("PERSON", "周涵", "周*"),
        ("PERSON", "小周", "小*"),
        ("PERSON", "小董", "小*"),
        ("PERSON", "董董", "**"),
        ("PERSON", "周老师", "*老师"),
        ("PERSON", "Alice Chen", "A***"),
        ("CN_ADDRESS", "浙江省杭州市西湖区文三路123号", "浙江省杭州市***"),
        ("CN_ADDRESS", "浙江杭州文三路123号", "浙江杭州***"),
        ("CN_ADDRESS", "北京市朝阳区建国路88号", "北京市***"),
        ("CN_ADDRESS", "广西壮族自治区南宁市民族大道9号", "广西壮族自治区南宁市***"),
        ("CN_ADDRESS", "香港湾仔轩尼诗道5号", "香港***"),
        ("CN_ADDRESS", "义乌市江东街道8号", "义乌市***"),
        ("IP_ADDRESS", "120.53.12.34", "120.53.*.*"),
        ("MAC_ADDRESS", "a4:5e:60:c1:22:9f", "a4:5e:60:**:**:**"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 00", "DE** **** **** **** **30 00"),
    ],
)
def test_a_part_of_a_value_is_shown(entity: str, value: str, expected: str) -> None:
    assert PARTIAL.stand_in(entity, value).text == expected


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        pytest.param("PASSWORD", "abc12345", id="half a password is half a password"),
        pytest.param("OTP_CODE", "482913", id="code"),
        pytest.param("CUSTOM_TERM", "蓝鲸计划", id="own term"),
        pytest.param("CN_ADDRESS", "翻斗花园3号楼1001", id="no city to show"),
        pytest.param("CN_ADDRESS", "永辉超市后面3栋201", id="shop that ends like a city"),
        pytest.param("CN_ADDRESS", "阳光城市花园3号楼1001", id="estate with a city in its name"),
        pytest.param("CN_ADDRESS", "南京东路88号", id="street named like a city"),
        pytest.param("CN_ADDRESS", "中山路88号", id="street that is a city too"),
        pytest.param("CN_ADDRESS", "上海花园3栋201", id="estate named like a city"),
        pytest.param("PERSON", "J", id="one letter"),
        pytest.param("QQ_NUMBER", "1", id="too short"),
        pytest.param("EMAIL_ADDRESS", "@163.com", id="nothing before the domain"),
    ],
)
def test_where_no_part_can_be_shown_the_placeholder_stands(entity: str, value: str) -> None:
    assert PARTIAL.stand_in(entity, value).text == PLACEHOLDER_TEXT[entity]


def test_a_value_that_has_no_invented_one_gets_its_placeholder() -> None:
    for entity, value in (
        ("CUSTOM_TERM", "蓝鲸计划"),
        ("PASSWORD", "芝麻开门"),
        ("PASSWORD", "!!!!"),
        ("PASSWORD", "пароль123"),
        ("PASSWORD", "pässwörd1"),
        ("PASSWORD", "かわいい123"),
        ("OTP_CODE", "ก้อง12"),
        ("WECHAT_ID", "民수_1990"),
        ("PERSON", "민수(Tom)"),
    ):
        made = SURROGATES.stand_in(entity, value)
        assert made.text == PLACEHOLDER_TEXT[entity]
        assert made.way is Replacement.PLACEHOLDER


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_entity_offers_the_placeholder_first_and_removal_last(entity: str) -> None:
    ways = ways_for(entity)
    assert (ways[0], ways[-1]) == (Replacement.PLACEHOLDER, Replacement.REMOVE)
    value = SHAPES.get(entity, ("蓝鲸计划",))[0]
    made = {SURROGATES.stand_in(entity, value).way, PARTIAL.stand_in(entity, value).way}
    assert made <= set(ways)


def test_the_anonymizer_writes_what_stands_for_each_value() -> None:
    text = "打13812345678或者lihua@163.com哈哈~[微笑]"
    findings = [
        Finding("PHONE_NUMBER", 1, 12, 0.9, "a"),
        Finding("EMAIL_ADDRESS", 14, 27, 0.9, "b"),
    ]
    written = mask(text, findings, lambda entity, value: SURROGATES.stand_in(entity, value).text)
    assert written == (
        f"打{surrogate('PHONE_NUMBER', '13812345678')}或者"
        f"{surrogate('EMAIL_ADDRESS', 'lihua@163.com')}哈哈~[微笑]"
    )


def test_of_an_address_of_which_only_the_network_is_told_nothing_is_shown() -> None:
    assert PARTIAL.stand_in("IP_ADDRESS", "fe80::").way is not Replacement.PARTIAL


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        pytest.param("花园路88号2单元301", r"(?!花园)..路\d\d号\d单元\d{3}", id="road"),
        pytest.param("新城家园3号楼1001", r"(?!新城)..家园\d号楼\d{4}", id="estate"),
        pytest.param("广场东路9号", r"(?!广场)..东路\d号", id="square and road"),
        pytest.param("杭州市医院路5号", r"(?!杭州)..市(?!医院)..路\d号", id="behind a city"),
        pytest.param("西湖区学院北路", r"(?!西湖)..区(?!学院)..北路", id="behind a district"),
        pytest.param("店口镇中心大街", r"(?!店口)..镇(?!中心)..大街", id="town"),
        pytest.param("门头沟区城西路9号", r"(?!门头)...区(?!城)..路\d号", id="begins like a kind"),
        pytest.param("翠苑小区3号楼东门口", r"(?!翠苑)..小区\d号楼东门口", id="parts of a name"),
        pytest.param("2号院小区东门", r"\d号院小区东门", id="parts of a number"),
        pytest.param("Flat 5, 12/F, Garden Road", r"Flat \d, \d\d/F, (?!Garden)[A-Z][a-z]+ Road",
                     id="Latin kinds"),
        pytest.param("88 NATHAN COURT", r"\d\d (?!NATHAN)[A-Z]+ COURT", id="Latin capitals"),
        pytest.param("12 Mary's Lane NW1", r"\d\d (?!Mary)[A-Z][a-z]+'s Lane (?!NW)[A-Z]{2}\d",
                     id="Latin initials"),
        pytest.param("Ｍａｐｌｅ　Ｌａｎｅ５", r"(?!Ｍａｐｌｅ)[Ａ-Ｚ][ａ-ｚ]+　Ｌａｎｅ[０-９]",
                     id="wide"),
    ],
)  # fmt: skip
def test_of_an_address_the_kinds_stay_and_the_names_go(address: str, shape: str) -> None:
    assert re.fullmatch(shape, SURROGATES.stand_in("CN_ADDRESS", address).text)


def test_no_letter_of_a_place_is_left_by_chance() -> None:
    for name in ("锦亭", "清渚", "明桂", "兰荷"):
        made = SURROGATES.stand_in("CN_ADDRESS", f"{name}路8号").text
        assert not set(made) & set(name)


def test_a_number_of_digits_of_both_widths_keeps_the_width_of_each() -> None:
    made = surrogate("CN_ADDRESS", "菜鸟驿站０１２88号")
    assert [digit > "9" for digit in made if digit.isdigit()] == [True, True, True, False, False]


@settings(max_examples=examples(200), deadline=None)
@given(text=MESSAGES)
def test_no_masked_value_is_left_as_it_was_written_nor_in_its_canonical_form(
    detector: Detector, text: str
) -> None:
    found = detector.detect(text)
    real = {
        (each.entity, canonical_value(each.entity, text[each.start : each.end])) for each in found
    }
    for way in (Replacement.SURROGATE, Replacement.PARTIAL):
        replacer = Replacer(SECRET, dict.fromkeys(ENTITIES, way), values=real)
        for each in found:
            value = text[each.start : each.end]
            made = replacer.stand_in(each.entity, value).text
            assert made != value
            assert (each.entity, canonical_value(each.entity, made)) not in real
            if len(value) >= 4:
                assert value not in made


@given(entity=st.sampled_from(ENTITIES), value=st.text(min_size=1, max_size=40))
def test_anything_at_all_gets_something_else_that_can_stand_in_a_file(
    entity: str, value: str
) -> None:
    for replacer in (SURROGATES, PARTIAL):
        made = replacer.stand_in(entity, value).text
        assert made
        assert made != value
        assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", made)
