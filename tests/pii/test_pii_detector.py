from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

from curation.pii import ENTITIES, REASONS, RECOGNIZERS, Detector, mask, reason_alone
from curation.pii.folding import fold
from tests.examples import examples, shortened

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

    from tests.pii.conftest import Found

PIECES = [
    "13812345678",
    "138-1234-5678",
    "一三八一二三四五六七八",
    "010-88886666",
    "4008208820",
    "+86",
    "lihua@163.com",
    "@",
    "163.com",
    "11010519491231002X",
    "110105491231002",
    "6222021234567890128",
    "密码是",
    "密码",
    "abc123",
    "pwd=",
    "六个八",
    "验证码",
    "123456",
    "微信号",
    "wxid_abc123456",
    "QQ",
    "12345678",
    "京A12345",
    "120.53.12.34",
    "护照",
    "E12345678",
    "订单号",
    "SF",
    "uid",
    "¥",
    "元",
    "北京市",
    "朝阳区",
    "建国路",
    "88号",
    "翻斗花园",
    "3号楼",
    "1001",
    "2单元",
    "李家村",
    "3组",
    "南区",
    "7舍",
    "305",
    "菜鸟驿站",
    "我住在",
    "地址：",
    "的",
    "了",
    "，",
    "。",
    "😀",
    "👨\u200d👩\u200d👧",
    "é",
    "０１２",
    "Ａ",
    "＠",
    "：",
    "[微笑]",
    "〔电话〕",
    "a",
    "1",
    "-",
    ".",
    "一",
    "路",
    "号",
    "138",
    "1234",
    "(^_^)",
    "密码就是我生日",
    "“芝麻开门”",
    "AB:CD:EF:01:23:45",
    "DE89370400440532013000",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "菜鸟驿站（文二路店）",
    "號5樓",
    "係",
    "8-2-3017",
    "取件码",
    "凭",
    "取件",
    "口令是芝麻开门123",
    "token=",
    "a1b2c3d4e5f6",
    "账号",
    "/",
    "vx",
    "mango_1024",
    "加v",
    "qq号 2 2 3 0 4 4 5 5",
    "车牌",
    "ABC-1234",
    "A123456(3)",
    "E87654321",
    "fe80::1",
    "lihua 163点com",
    "l38 2245 77O8",
    "转201",
    "84315678",
    "零二五",
    "万象天地",
    "4组27号",
]
MESSAGES = st.lists(
    st.one_of(st.sampled_from([*PIECES, " ", "\n"]), st.text(max_size=3)), max_size=8
).map("".join)
"""Texts in which pieces of PII meet each other and anything else."""


@settings(max_examples=examples(150), deadline=None)
@given(text=MESSAGES)
def test_findings_lie_inside_the_text_in_order_and_never_overlap(
    detector: Detector, text: str
) -> None:
    findings = detector.detect(text)
    reached = 0
    for finding in findings:
        assert reached <= finding.start < finding.end <= len(text)
        assert finding.entity in ENTITIES
        assert reason_alone(finding.why) in REASONS
        assert 0 < finding.score <= 1
        reached = finding.end


@settings(max_examples=examples(150), deadline=None)
@given(texts=st.lists(MESSAGES, max_size=6))
def test_many_texts_give_what_each_gives_alone(detector: Detector, texts: list[str]) -> None:
    assert detector.detect_many(texts) == [detector.detect(text) for text in texts]


@settings(max_examples=examples(150), deadline=None)
@given(text=MESSAGES)
def test_the_prefilter_never_hides_what_a_recognizer_would_find(
    detector: Detector, text: str
) -> None:
    folded = fold(text)
    if detector.detect(text):
        return
    for kind in RECOGNIZERS:
        recognizer = kind()
        if not (recognizer.GATE.search(folded) and recognizer.may_find(folded)):
            assert list(recognizer.find(folded)) == []


@given(text=st.text())
def test_folding_keeps_every_offset_and_twice_is_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("13812345678@qq.com", ["EMAIL_ADDRESS"], id="e-mail over phone"),
        pytest.param("身份证11010519491231002X", ["CN_ID_CARD"], id="identity card over bank card"),
        pytest.param("密码是13812345678", ["PASSWORD"], id="password over phone"),
        pytest.param("密码是a@b.com", ["EMAIL_ADDRESS"], id="e-mail over password"),
        pytest.param("微信号13812345678", ["PHONE_NUMBER"], id="phone as WeChat id"),
        pytest.param(
            "电话13812345678密码abc123邮箱x@y.cn",
            ["PHONE_NUMBER", "PASSWORD", "EMAIL_ADDRESS"],
            id="three side by side",
        ),
    ],
)
def test_one_span_wins_where_several_overlap(
    detector: Detector, text: str, expected: list[str]
) -> None:
    assert [finding.entity for finding in detector.detect(text)] == expected


def test_what_sticks_out_of_the_winner_is_still_found(detector: Detector) -> None:
    text = "密码是x#1a@b.com;zz99"
    covered = {
        place for finding in detector.detect(text) for place in range(finding.start, finding.end)
    }
    assert {"x#1", "a@b.com", "zz99"} <= {
        piece
        for piece in ("x#1", "a@b.com", "zz99")
        if set(range(text.index(piece), text.index(piece) + len(piece))) <= covered
    }


def test_a_found_value_is_found_wherever_it_stands_in_the_text(found: Found) -> None:
    assert found("密码是abc123，再说一遍：abc123，见example.com/xabc1234") == ["abc123", "abc123"]


def test_a_password_sent_after_its_word_is_found_in_its_own_message(detector: Detector) -> None:
    texts = ["在吗", "wifi密码是", "abc12345", "", "电话13812345678"]
    found = detector.detect_run(texts)
    assert [
        [(finding.entity, text[finding.start : finding.end]) for finding in findings]
        for text, findings in zip(texts, found, strict=True)
    ] == [[], [], [("PASSWORD", "abc12345")], [], [("PHONE_NUMBER", "13812345678")]]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["138", "12345678"], ["138", "12345678"], id="phone, 3-8"),
        pytest.param(["我的1381234", "5678", "记"], ["1381234", "5678", ""], id="phone, 7-4"),
        pytest.param(["138", "1234", "5678"], ["138", "1234", "5678"], id="phone, 3-4-4"),
        pytest.param(["138 1234", "5678哈"], ["138 1234", "5678"], id="phone, spaced"),
        pytest.param(["wifi密码", "abc12345"], ["", "abc12345"], id="password"),
        pytest.param(["abc12345", "这是密码"], ["abc12345", ""], id="password before its word"),
        pytest.param(["验证码发我", "482913"], ["", "482913"], id="code"),
        pytest.param(["卡号", "6222021234567890123"], ["", "6222021234567890123"], id="card"),
        pytest.param(["1500000", "2000"], ["", ""], id="prices"),
        pytest.param(["1381234", "56789"], ["", ""], id="a digit too many"),
        pytest.param(["又输错密码", "66666"], ["", ""], id="laughter"),
        pytest.param(["密码忘了", "2024"], ["", ""], id="forgotten"),
    ],
)
def test_what_is_sent_in_pieces_is_found_in_every_piece(
    detector: Detector, texts: list[str], expected: list[str]
) -> None:
    found = detector.detect_run(texts)
    assert [
        "".join(text[finding.start : finding.end] for finding in findings)
        for text, findings in zip(texts, found, strict=True)
    ] == expected
    joined = sum(finding.end - finding.start for finding in detector.detect("\n".join(texts)))
    inside = [piece for piece in expected if piece]
    assert joined == sum(map(len, inside)) + max(len(inside) - 1, 0)


@settings(max_examples=examples(100), deadline=None)
@given(texts=st.lists(MESSAGES, max_size=5))
def test_a_run_of_messages_masked_one_by_one_holds_nothing_more_when_joined(
    detector: Detector, texts: list[str]
) -> None:
    found = detector.detect_run(texts)
    joined = "\n".join(mask(text, findings) for text, findings in zip(texts, found, strict=True))
    assert detector.detect(joined) == []


class _EveryToken(EntityRecognizer):
    """A third party's recognizer that reads the tokens."""

    tokens: list[str]

    def __init__(self) -> None:
        super().__init__(supported_entities=["CUSTOM_TERM"], supported_language="zh")

    def load(self) -> None: ...

    def analyze(
        self,
        text: str,  # noqa: ARG002  (Presidio's signature)
        entities: list[str],  # noqa: ARG002
        nlp_artifacts: NlpArtifacts,
    ) -> list[RecognizerResult]:
        self.tokens = [token.text for token in nlp_artifacts.tokens]
        return []


def test_a_third_party_recognizer_gets_jieba_tokens() -> None:
    recognizer = _EveryToken()
    Detector(extra=[recognizer]).detect("我们在北京天安门广场见面")
    assert recognizer.tokens == ["我们", "在", "北京天安门广场", "见面"]


def test_a_third_party_recognizer_with_context_words_is_enhanced() -> None:
    recognizer = PatternRecognizer(
        supported_entity="CUSTOM_TERM",
        name="Badge",
        supported_language="zh",
        patterns=[Pattern("badge", r"B\d{3}", 0.3)],
        context=["编号"],
    )
    detector = Detector(extra=[recognizer])
    (alone,) = detector.detect("给你 B123")
    (named,) = detector.detect("编号 是 B123")
    assert named.score > alone.score


def test_a_recognizer_added_to_the_registry_later_is_asked() -> None:
    detector = Detector()
    assert detector.detect("他先说天王盖地虎") == []
    detector.analyzer.registry.add_recognizer(
        PatternRecognizer(
            supported_entity="CUSTOM_TERM",
            name="Term",
            supported_language="zh",
            patterns=[Pattern("term", "天王盖地虎", 0.9)],
        )
    )
    (finding,) = detector.detect("他先说天王盖地虎")
    assert (finding.entity, finding.start, finding.end) == ("CUSTOM_TERM", 3, 8)


def test_the_analyzer_alone_finds_the_same_and_explains_it(detector: Detector) -> None:
    text = "电话１３８１２３４５６７８，密码是abc123"
    results = detector.analyzer.analyze(text, language="zh", return_decision_process=True)
    assert sorted((result.entity_type, result.start, result.end) for result in results) == [
        ("PASSWORD", 17, 23),
        ("PHONE_NUMBER", 2, 13),
    ]
    for result in results:
        explanation = result.analysis_explanation
        assert explanation is not None
        assert explanation.recognizer in {kind.__name__ for kind in RECOGNIZERS}
        assert reason_alone(explanation.textual_explanation) in REASONS
        assert explanation.original_score == result.score


@pytest.mark.in_turn
def test_nothing_is_written_to_the_terminal(tmp_path: Any) -> None:
    code = (
        "from curation.pii import Detector\n"
        "detector = Detector()\n"
        "assert detector.detect('13812345678')\n"
        "tokens = detector.analyzer.nlp_engine.process_text('我们走吧', 'zh').tokens\n"
        "assert [token.text for token in tokens][0] == '我们'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": ".", "TMPDIR": str(tmp_path), "PATH": ""},
    )
    assert done.stdout == b""
    assert done.stderr == b""
    assert list(tmp_path.iterdir()) == []


def test_importing_the_room_does_not_import_presidio() -> None:
    code = "import curation.pii, sys; sys.exit('presidio_analyzer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_one_detector_serves_several_threads(detector: Detector) -> None:
    texts = [f"我的号1381234{number:04d}哈" for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(detector.detect, texts))
    assert [findings[0].start for findings in found] == [3] * len(texts)


LENGTH = shortened(100_000)
LONG_LINES = {
    "digits": "1" * LENGTH,
    "spaced digits": "1 " * (LENGTH // 2),
    "dashed digits": "1-" * (LENGTH // 2),
    "digits and emoji": "1😀" * (LENGTH // 2),
    "letters": "a" * LENGTH,
    "at signs": "a@" * (LENGTH // 2),
    "domains": "a@" + "a." * (LENGTH // 2),
    "Chinese": "中" * LENGTH,
    "roads": "路" * LENGTH,
    "districts": "区" * LENGTH,
    "cities": "北京市" * (LENGTH // 3),
    "numerals": "一二三四五" * (LENGTH // 5),
    "password words": "密码是" * (LENGTH // 3),
    "password fields": "pwd=" * (LENGTH // 4),
    "password, then letters": "密码" + "a" * LENGTH,
    "password, then blanks": "密码" + " " * LENGTH,
    "letters, then password": "a1" * (LENGTH // 2) + "是密码",
    "code words": "code" * (LENGTH // 4),
    "colons": "a:" * (LENGTH // 2),
    "WeChat ids": "wxid_" * (LENGTH // 5),
    "links": "http://a/13812345678/" * (LENGTH // 21),
    "orders": "订单号13812345678，" * (LENGTH // 15),
    "digits and kaomoji": "1(^_^)" * (LENGTH // 6),
    "digits and brackets": "1(" * (LENGTH // 2),
    "short lines of digits": "138\n1234\n" * (LENGTH // 9),
    "quoted passwords": "密码是“" * (LENGTH // 4),
    "password clauses": "密码就，" * (LENGTH // 4),
    "codes on the next line": "验证码\n123456\n" * (LENGTH // 11),
    "hex pairs": "ab:" * (LENGTH // 3),
    "hex dashes": "a1-" * (LENGTH // 3),
    "IBAN heads": "DE89 " * (LENGTH // 5),
    "base 58": ("1" + "A" * 30 + " ") * (LENGTH // 32),
    "bech32": ("bc1" + "q" * 40 + " ") * (LENGTH // 44),
    "one long hex number": "0x" + "ab" * (LENGTH // 2),
    "pick-up points": "驿站(某某" * (LENGTH // 5),
    "named houses": "名字3号楼" * (LENGTH // 5),
    "named zones": "翠苑四区" * (LENGTH // 4),
    "roads named by places": "北京东路" * (LENGTH // 4),
    "spelled at signs": "a(at)" * (LENGTH // 5),
    "spelled digits and blanks": "一 " * (LENGTH // 2),
    "spelled digits and emoji": "一😀" * (LENGTH // 2),
    "letters like digits": "1O" * (LENGTH // 2),
    "passwords and commas": "密码，" * (LENGTH // 3),
    "passwords and letters": "密码我a" * (LENGTH // 4),
    "accounts": "账号abcde/" * (LENGTH // 8),
    "accounts and passwords": "账号admin密码" * (LENGTH // 9),
    "addresses with users": "://a:" * (LENGTH // 5),
    "safes": "保险柜1-2" * (LENGTH // 6),
    "seed words": "助记词" + "apple " * (LENGTH // 6),
    "keys": "token=a" * (LENGTH // 7),
    "private keys": "-----BEGIN PRIVATE KEY-----" * (LENGTH // 27),
    "private key without an end": "-----BEGIN PRIVATE KEY-----" + "A" * LENGTH,
    "tokens": "eyJ12345678.eyJ1234." * (LENGTH // 20),
    "bearers": "bearer " * (LENGTH // 7),
    "logins": "://a:b@c.de" * (LENGTH // 11),
    "ends of numbers": "后四位1234" * (LENGTH // 7),
    "sums": "输10000" * (LENGTH // 6),
    "entries": "，主人：薛" * (LENGTH // 5),
    "stand-ins": "是张三" * (LENGTH // 3),
    "permits": "通行证的" * (LENGTH // 4),
    "pick-up shelves": "取件码1-" * (LENGTH // 5),
    "codes and clauses": "验证码，" * (LENGTH // 4),
    "codes before": "1234，" * (LENGTH // 5),
    "WeChat words": "微信a" * (LENGTH // 3),
    "WeChat clauses": "微信是，" * (LENGTH // 4),
    "QQ words": "qq" * (LENGTH // 2),
    "QQ digits": "qq1 " * (LENGTH // 4),
    "plates": "京A" * (LENGTH // 2),
    "spaced plates": "京A 1 " * (LENGTH // 5),
    "short IPv6": "fe80::" * (LENGTH // 6),
    "passports": "护照E1" * (LENGTH // 4),
    "wallet words": "钱包" + "1A" * (LENGTH // 2),
    "bare links": "a.bb/13812345678/" * (LENGTH // 17),
    "spelled mail": "a 163点" * (LENGTH // 6),
    "quotes": "“\"'" * (LENGTH // 3),
    "brackets": "([{<" * (LENGTH // 4),
}


@pytest.mark.in_turn
@pytest.mark.parametrize("name", LONG_LINES)
def test_a_very_long_line_takes_no_more_than_its_share_of_work(
    detector: Detector, name: str
) -> None:
    def worked(text: str) -> float:
        began = time.process_time()
        detector.detect(text)
        return time.process_time() - began

    line = LONG_LINES[name]
    taken, quarter = worked(line), 0.0
    for _time in range(3):  # more often only where a busy machine spoils the measurement
        # What grows with the square, and takes two seconds for 100,000 characters, takes an eighth
        # of one for a quarter of them. The square of four is sixteen.
        if taken < max(LENGTH / 200_000, 6 * quarter):
            break
        quarter = max(quarter, worked(line[: LENGTH // 4]))
        taken = min(taken, worked(line))
    else:
        assert taken < 6 * quarter
    assert taken < 15 * LENGTH / 100_000
