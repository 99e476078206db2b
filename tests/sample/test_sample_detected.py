"""What the detector makes of the sample: every private value found, every near miss left alone."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.pii import Detector

if TYPE_CHECKING:
    from curation.model import Finding

SAMPLE = Path(__file__).parents[2] / "data" / "sample"

PRIVATE = {
    "PHONE_NUMBER": {
        "19900008826",
        "19900006610",
        "199 0000 3142",
        "199-0000-8826",
        "170-0000-6688",
        "170-0000-1970",
        "+86 199 0000 5521",
        "+8617000002468",
        "１９９００００８８２６",
        "一九九零零零零七七四一",
        "199🐱0000🐱7741",
        "0571-20000012",
        "400-000-1234",
    },
    "CN_ID_CARD": {
        "330000199805200008",
        "330000 19980520 0008",
        "37000019980714000X",
        "330000700815000",
    },
    "BANK_CARD": {"6217000000000000079", "6214830000000000007", "6225 0000 0000 0006"},
    "EMAIL_ADDRESS": {
        "xiaoman.draws@example.com",
        "visa.helper@example.com",
        "su.editor@example.cn",
    },
    "PASSWORD": {"linjia1970mimi", "dumpling&ling88", "huaban2024#maomi", "Osaka!mianbao25"},
    "OTP_CODE": {"482913"},
    "WECHAT_ID": {"linxiaoman_draw", "muzi_mama_0712"},
    "QQ_NUMBER": {"9990001234"},
    "LICENSE_PLATE": {"浙A88X00", "浙A·D00519", "浙AD00088", "沪A·00X26"},
    "PASSPORT": {"E00001234", "EA0001234"},
    "IP_ADDRESS": {"192.168.31.1"},
    "MAC_ADDRESS": {"00-00-5E-00-53-AF"},
    "IBAN_CODE": {"DE36 0000 0000 0000 0000 00"},
    "CRYPTO": {"1BSCkb3NJ3eFVnT2bRyc7nNemEJQpHHHRA"},
    "CN_ADDRESS": {
        "浙江省杭州市西湖区团子路18号猫尾花园6幢2单元802室",
        "杭州市拱墅区半山暖阳里22弄5号401",
        "杭州市西湖区团子路7号",
        "半山暖阳里3号楼1001",
        "石榴村4组",
        "浙江省湖州市安吉县石榴镇石榴村4组27号",
        "北区5舍312",
    },
}
HARMLESS = (
    "17000006688",
    "SF1700001234567",
    "YT0000017000123",
    "2024111122001417000001",
    "PICC2024112000017",
    "9787000000018",
    "10086",
    "12306",
    "打 120",
    "3号线",
    "1号桌",
    "3000.00",
    "9点12分",
    "XP-1603",
    "2.11.0",
    "是忘了",
    "走一步路",
    "这条路",
    "村上春树",
)


def lines_of_the_sample() -> list[str]:
    lines: list[str] = []
    for path in sorted(SAMPLE.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines += [row["内容"] for row in csv.DictReader(file)]
    for path in sorted(SAMPLE.glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            lines += [message["content"] for message in record["conversations"][1:]]
    return lines


@pytest.fixture(scope="module")
def found() -> list[tuple[str, list[Finding]]]:
    lines = lines_of_the_sample()
    return list(zip(lines, Detector().detect_many(lines), strict=True))


@pytest.mark.parametrize("entity", PRIVATE)
def test_every_planted_value_of_this_kind_is_found(
    entity: str, found: list[tuple[str, list[Finding]]]
) -> None:
    values = {
        line[finding.start : finding.end]
        for line, findings in found
        for finding in findings
        if finding.entity == entity
    }
    assert PRIVATE[entity] - values == set()


@pytest.mark.parametrize("near_miss", HARMLESS)
def test_no_finding_touches_a_near_miss(
    near_miss: str, found: list[tuple[str, list[Finding]]]
) -> None:
    places = [
        (match.start(), match.end(), findings)
        for line, findings in found
        for match in re.finditer(re.escape(near_miss), line)
    ]
    assert places
    assert not [
        finding
        for start, end, findings in places
        for finding in findings
        if finding.start < end and start < finding.end
    ]
