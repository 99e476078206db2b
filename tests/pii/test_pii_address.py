from __future__ import annotations

import importlib
import random
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from curation.pii.folding import fold
from curation.pii.places import divisions, simplify
from curation.pii.recognizers import address_parts
from curation.pii.recognizers.address import CnAddressRecognizer
from tests.examples import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curation.pii import Detector
    from tests.pii.conftest import Found

WHOLE = [
    "翻斗花园3号楼1001",
    "翻斗花园3号楼1001室",
    "李家村3组",
    "南区7舍305",
    "北京市朝阳区建国路88号",
    "广东省深圳市南山区科技园南路18号A座1203室",
    "上海市浦东新区张杨路500弄12号302室",
    "浙江省杭州市西湖区文三路478号华星时代广场A座1801",
    "四川省成都市武侯区桐梓林街道人民南路四段11号",
    "湖北省黄冈市红安县七里坪镇李家村3组",
    "朝阳区望京街道阜通东大街6号院3号楼",
    "台北市大安区忠孝东路四段216巷5号3楼",
    "九龙旺角弥敦道720号12楼",
    "阳光小区菜鸟驿站",
    "3号楼2单元501",
    "三号楼二单元五零一",
    "3栋502",
    "幸福里小区3-2-501",
    "清华大学紫荆公寓3号楼",
    "长沙市岳麓区麓山南路932号",
    "中山路与解放路交叉口",
    "阳光花园二期5栋1单元1802",
    "定西路1118弄15号302室",
    "石榴村4组27号",
    "阳光小区二期15号",
    "菜鸟驿站（文二路店）",
    "香港九龍彌敦道100號5樓B室",
    "高雄市前鎮區中山二路5號",
    "虹口区四川北路1688号福德商务中心A座12楼",
    "南山区科技园科苑路15号科兴科学园B栋3单元8楼",
    "杭州市余杭区五常街道西溪北苑7幢2单元401",
    "滨江一号小区3栋1801",
    "翠苑四区21幢3单元502",
    "万象天地3栋502",
    "重庆市渝北区龙溪街道红锦大道90号附5号",
    "和平里西街甲5号",
]


@pytest.mark.parametrize("address", WHOLE)
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("我住在", "，你来吧"), ("寄到", "谢谢😀")]
)
def test_an_address_is_found_whole_and_nothing_around_it(
    found: Found, address: str, before: str, after: str
) -> None:
    assert found(before + address + after) == [address]


CASES = [
    pytest.param("我家在李家村3组", ["李家村3组"], id="after a verb"),
    pytest.param("住在北京市朝阳区", ["北京市朝阳区"], id="district where somebody lives"),
    pytest.param("我家住翻斗花园", ["翻斗花园"], id="estate where somebody lives"),
    pytest.param("寄到翻斗花园南门菜鸟驿站", ["翻斗花园南门菜鸟驿站"], id="pick-up point"),
    pytest.param("收货地址：建国路88号", ["建国路88号"], id="after a label"),
    pytest.param(
        "北京市朝阳区建国路88号,3号楼2单元",
        ["北京市朝阳区建国路88号,3号楼2单元"],
        id="comma inside",
    ),
    pytest.param("翻斗花园３号楼１００１", ["翻斗花园３号楼１００１"], id="full-width digits"),
    pytest.param("老家李家村3组", ["李家村3组"], id="after the word for home"),
    pytest.param("在人民广场3栋", [], id="house of a square"),
    pytest.param("北京", [], id="city"),
    pytest.param("我在北京呢", [], id="city in a sentence"),
    pytest.param("住在北京", [], id="lives in a city"),
    pytest.param("上海北京广州深圳都去过", [], id="several cities"),
    pytest.param("去上海南京路逛街", [], id="sight"),
    pytest.param("坐3号线", [], id="metro line"),
    pytest.param("1号桌", [], id="table"),
    pytest.param("这条路", [], id="this road"),
    pytest.param("走一步路", [], id="step"),
    pytest.param("平安路上", [], id="on the way"),
    pytest.param("一路顺风88", [], id="wish"),
    pytest.param("走在乡间的小路上", [], id="song"),
    pytest.param("我在3号楼", [], id="lone building"),
    pytest.param("10号楼下等你", [], id="below a building"),
    pytest.param("去沙港码头7号泊位卸货", ["沙港码头7号泊位"], id="berth"),
    pytest.param("老粮站宿舍2排，你来", ["老粮站宿舍2排"], id="row of a dormitory"),
    pytest.param("在宿舍2排队打水", [], id="queue"),
    pytest.param("3号见", [], id="day of the month"),
    pytest.param("公园3号见", [], id="day in a park"),
    pytest.param("我住五楼", [], id="floor"),
    pytest.param("三楼301教室", [], id="classroom"),
    pytest.param("第3组", [], id="team"),
    pytest.param("第二单元第三单元", [], id="lessons"),
    pytest.param("四舍五入", [], id="rounding"),
    pytest.param("2栋800块", [], id="price"),
    pytest.param("住在小区里", [], id="nameless estate"),
    pytest.param("学校宿舍", [], id="nameless dormitory"),
    pytest.param("去菜鸟驿站拿快递", [], id="nameless pick-up point"),
    pytest.param("取件码 3-2-1045", [], id="pick-up code"),
    pytest.param("人民广场", [], id="square"),
    pytest.param("市中心", [], id="centre"),
    pytest.param("七里香", [], id="song title"),
    pytest.param("村上春树", [], id="writer"),
    pytest.param("超市3号货架", [], id="shelf"),
    pytest.param("讨论区或社区", [], id="parts of a site"),
    pytest.param("那一座桥利村的人", [], id="measure word"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_address_needs_more_than_one_part(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, "CN_ADDRESS") == expected


MARKED = """
我住{翻斗花园3号楼1001},你到了打我
我搬到{紫荆公寓7号楼316B}了
公司在{腾讯大厦A座15层}
我家{3-2-1001}
我家在{3#1001}
{16栋b单元}楼下
店在{东四十条甲22号南新仓}
{三里屯北街81号}
{金融街7号英蓝国际金融中心}
{劲松五区510楼3门8号}
{台北市大安區忠孝東路四段181巷7弄10號3樓之2}
{台南市東區大學路1號}
{苗栗縣頭份市信義里12鄰中正路50號}
我住{九龍旺角彌敦道688號旺角中心12樓A室}
{屯門良景邨良智樓1203室}
{澳門黑沙環建華大廈第5座12樓E}
{荃灣青山公路388號中國染廠大廈22樓}
my address is {Flat B, 12/F, Tower 3, Mei Foo Sun Chuen, Kowloon}
{Room 1205, 12/F, Tower A, 33 Canton Road, Tsim Sha Tsui}
{No. 27 Zhongguancun Street, Haidian District, Beijing}
{西双版纳傣族自治州景洪市告庄西双景B区3栋502}
老家{内蒙古锡林郭勒盟东乌珠穆沁旗乌里雅斯太镇巴彦嘎查}
{乌审召苏木巴音陶勒盖嘎查}
{延边朝鲜族自治州延吉市河南街道白山社区}
{雄安新区容城县白洋淀大道12号}
爷爷家在{湖南省邵阳市隆回县六都寨镇石桥村5组}
{四川省凉山州西昌市川兴镇新农村六组}
{红星农场三队}
{清水河子村东头}那家
{余杭仓前街道}那边
{义乌福田街道}
{石家庄市井陉县微水镇}
{姑苏区平江路}
{渝中解放碑邹容路68号大都会东塔}
{江北区观音桥步行街2号融恒盈嘉时代广场}
{虹桥路1号港汇中心1座}
{高新区天府大道北段1480号}
{人民路和解放路交叉口}等你
{建设路、胜利街交汇处}
{中山路与北京路口}
{新闸路1331弄12支弄3号}
{广东省 深圳市 南山区 桃源街道 平山一路 2号} 李四 收
{青岛市市北区 延吉路 129 号 海尔小区 6 号楼 2 单元 401}
{浙江,杭州,西湖区,文三路,478号}
{福建省/厦门市/集美区/杏林湾路/599号}
寄{水景铂湾18-572} 张三收
记一下地址 {北京市海淀区学院路30号北京科技大学学生公寓6斋412}
{女生宿舍3号楼}
{东区宿舍5号楼214}
{清华大学紫荆学生公寓2号楼}
{阳光里小区5号楼下的丰巢柜}
快递放{丹桂苑门口菜鸟驿站}
【菜鸟驿站】您的包裹已到{锦绣花园北门底商12号}
取件地址 {华润橡树湾西门妈妈驿站}
哪个小区?{碧桂园凤凰城}
我住{碧桂园凤凰城}
我们小区叫{翡翠湾}
我租在{自如寓}
我住{北京通州北苑}
我老家{安徽阜阳临泉}
我家在{成都郫县}
3号寄到{翻斗花园5号楼1001}
{湖北省武汉市江夏区⏎藏龙岛栗庙路9号}
{翻斗花园⏎3号楼1001}
"""

UNMARKED = """
江苏省南京市
我在朝阳区上班
我在杭州滨江上班
从上海到北京
学区房太贵
小区门口
三楼食堂
五道口
中关村
二号人物
一号店关门了
高速路口12点见
A301教室
B12登机口
比分3-2
3-2赢了
今天3-2出发
22-23赛季
3-2-1上链接
3-1-2阵型
价格1001
12号楼主
4号种子
5座SUV
3号站台
12排8号
电影院5排6座
内场A区
12车08F
单元门坏了
第8单元单词背完了
3栋是女生宿舍吗
买了3栋楼
三栋别墅
我们小区好多猫
老小区没电梯
快递柜
菜鸟驿站关门了
凭12-4-8809取件
知道县城
杭州市民
郊区
茅台镇
周庄门票
西江千户苗寨好玩吗
青山公路真美
去南锣鼓巷玩
前面路口左转
第二个路口右拐就到
我们3组
一组12个
三连
四舍五入
7舍不得
嘎嘎
旗袍
住手
住几天
住在校园里
住酒店302
住在台湾
重庆森林
南京照相馆好看吗
長沙米粉
Flat white一杯
Room for improvement
Main Street
Unit 3 单词
"""


def _lines(table: str) -> list[str]:
    return table.strip().split("\n")


@pytest.mark.parametrize("line", _lines(MARKED))
def test_an_address_in_chat_is_found_from_its_first_character_to_its_last(
    found: Found, line: str
) -> None:
    marked = re.findall("{(.*?)}", line.replace("⏎", "\n"), re.DOTALL)
    text = re.sub("[{}]", "", line.replace("⏎", "\n"))
    assert found(text, "CN_ADDRESS") == marked


@pytest.mark.parametrize("line", _lines(UNMARKED))
def test_what_only_sounds_like_an_address_is_none(found: Found, line: str) -> None:
    assert found(line, "CN_ADDRESS") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("几号楼\n3号楼 刚才!", ["3号楼"]),
        ("您放哪了\n12号楼大厅架子上", ["12号楼大厅"]),
        ("住哪\n17-2-803", ["17-2-803"]),
        ("地址\n6栋", ["6栋"]),
        ("停哪\n2-101", ["2-101"]),
        ("门禁不让进\n报6-2-1402", ["6-2-1402"]),
        ("1 两条 12-1-302\n2 一条 3-2-1101", ["12-1-302", "3-2-1101"]),
        ("放哪了\n3号线那边", []),
        ("几号楼开会\n3点", []),
        ("地址发我\n晚点", []),
        ("比分多少\n3-2", []),
        ("住哪\n2-101元", []),
        ("3号楼好看", []),
    ],
)
def test_the_question_makes_a_bare_piece_of_one_an_address(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "CN_ADDRESS") == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("解放东路88号", "house in a named place"),
        ("3栋2单元501", "building with room"),
        ("湖北省武汉市江夏区", "administrative divisions"),
        ("阳光小区菜鸟驿站", "pick-up point"),
        ("我家住翡翠湾", "after an address word"),
        ("33 Canton Road", "address in Latin letters"),
    ],
)
def test_a_finding_says_what_speaks_for_it(detector: Detector, text: str, kind: str) -> None:
    assert [finding.why for finding in detector.detect(text)] == [kind]


def test_the_more_parts_an_address_has_the_surer_the_finding(detector: Detector) -> None:
    (less,) = detector.detect("解放东路88号")
    (more,) = detector.detect("浙江省杭州市西湖区解放东路88号3栋2单元501")
    assert less.score < more.score == 1.0


PLACES = (
    *(
        "浙江省杭州市西湖区",
        "内蒙古自治区呼伦贝尔市鄂温克族自治旗",
        "广西桂林市龙胜县",
        "上海市崇明区",
    ),
    *("甘肃省临夏回族自治州积石山县", "辽宁沈阳浑南区", "海南省琼海市", "四川省甘孜州康定市"),
)
STREETS = ("文三路", "人民中路", "滨河二路", "和平大道", "学府街", "解放南路三段", "柳荫巷")
ESTATES = ("锦绣花园", "绿地名邸", "滨江华庭", "春晓小区", "香榭里二期", "银湖家园")
HOUSES = (
    "12栋3单元1804",
    "7号楼二单元502室",
    "B座1203",
    "9幢701",
    "3-2-1001",
    "5#603",
    "十二栋六楼",
)
BEFORE = ("", "我住", "寄到", "地址：", "记一下 ", "我家在")
AFTER = ("", "，谢谢", " 张三收", " 13812345678", "。", "吧")


def test_addresses_put_together_at_random_are_found_whole(detector: Detector) -> None:
    draw = random.Random(7)  # noqa: S311  (no secret: the same cases each time)
    for _ in range(300):
        house = draw.choice(HOUSES)
        address = draw.choice(
            [
                (
                    f"{draw.choice(PLACES)}{draw.choice(STREETS)}{draw.randint(1, 1999)}号"
                    f"{draw.choice(ESTATES)}{house}"
                ),
                f"{draw.choice(PLACES)}{draw.choice(ESTATES)}{house}",
                f"{draw.choice(STREETS)}{draw.randint(1, 1999)}号{house}",
                f"{draw.choice(ESTATES)}{house}",
                f"{draw.choice(PLACES)}石桥镇新塘村{draw.randint(1, 20)}组",
            ]
        )
        before, after = draw.choice(BEFORE), draw.choice(AFTER)
        found = [
            (finding.start, finding.end)
            for finding in detector.detect(before + address + after)
            if finding.entity == "CN_ADDRESS"
        ]
        assert found == [(len(before), len(before) + len(address))], before + address + after


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("住余杭区", ["余杭区"]),
        ("積石山縣", ["积石山县"]),
        ("三江侗族自治县和三江县", ["三江侗族自治县", "三江县"]),
        ("臺北市大安區", ["台北市", "大安区"]),
        ("郫县现在叫郫都区", ["郫县", "郫都区"]),
        ("内蒙古呼伦贝尔", ["内蒙古", "呼伦贝尔"]),
        ("和平万岁", []),
    ],
)
def test_divisions_are_known_in_full_in_short_and_by_former_names(
    text: str, names: list[str]
) -> None:
    plain = simplify(fold(text))
    assert [plain[place.start : place.end] for place in divisions(plain)] == names


@pytest.mark.parametrize(
    "piece",
    ["楼", "1号", "路", "3-2-", "北京", "李家村3组", "我住碧桂园城", "Room Street ", "Flat A, "],
)
def test_a_long_text_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    recognizer = CnAddressRecognizer()

    def once(text: str) -> float:
        began = time.process_time()  # what others do on the machine meanwhile is not counted
        list(recognizer.find(text))
        return time.process_time() - began

    def seconds(length: int) -> float:
        text = fold(piece * (length // len(piece)))
        return min(once(text) for _time in range(2))

    seconds(1_000)
    # Ten times the text in a hundred times the time would be the square of it.
    assert seconds(shortened(50_000)) < 40 * seconds(shortened(5_000)) + 0.03


def first_letters(parsed: Iterable[tuple[Any, Any]]) -> tuple[set[str], bool]:
    """Return the characters with which a parsed pattern may begin, and whether it may be empty."""
    letters: set[str] = set()
    for kind, value in parsed:
        name = str(kind)
        if name in ("ASSERT", "ASSERT_NOT", "AT"):
            continue
        if name == "LITERAL":
            return letters | {chr(value)}, False
        if name == "IN":
            for each, what in value:
                if str(each) == "LITERAL":
                    letters.add(chr(what))
                else:
                    assert str(each) == "RANGE", each
                    letters |= set(map(chr, range(what[0], what[1] + 1)))
            return letters, False
        if name == "BRANCH":
            ways = [first_letters(way) for way in value[1]]
        elif name == "SUBPATTERN":
            ways = [first_letters(value[-1])]
        else:
            assert name in ("MAX_REPEAT", "MIN_REPEAT"), name
            inner, empty = first_letters(value[-1])
            ways = [(inner, empty or value[0] == 0)]
        letters |= set().union(*(some for some, _ in ways))
        if not any(empty for _, empty in ways):
            return letters, False
    return letters, True


@pytest.mark.parametrize("kind", address_parts._ALTERNATIVES)
def test_a_part_of_an_address_begins_with_a_letter_that_is_looked_for(kind: str) -> None:
    parser = importlib.import_module("re._parser")
    looked_for, _ = first_letters(
        parser.parse(
            f"[{address_parts._SHAPE_LETTERS}]"
            if kind in address_parts.NUMBERED
            else f"[{address_parts._KIND_LETTERS}]"
        )
    )
    for pattern in address_parts._ALTERNATIVES[kind]:
        letters, empty = first_letters(parser.parse(pattern))
        assert not empty
        assert letters <= looked_for, pattern
