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
