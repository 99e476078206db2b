from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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
