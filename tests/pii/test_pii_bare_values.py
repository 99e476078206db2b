"""Values that their own message does not name: the messages around it do."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from curation.model import DetectionRules, Finding
from curation.pii import Detector
from curation.pii.bare_values import ENTITIES, Said
from curation.pii.bare_values.candidates import LONGEST, bare
from curation.pii.bare_values.elsewhere import Values
from curation.pii.bare_values.features import names_beside
from curation.pii.entities import WHY_AROUND, WHY_REPEATED, reason_alone
from curation.pii.recognizers.secret_candidates import Candidate


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def talk_of(*lines: str) -> list[tuple[bool, str]]:
    """A talk as it is written here: `<` is said by the export's owner, `>` to the owner."""
    return [(line.startswith("<"), line[1:]) for line in lines]


def read(detector: Detector, talk: list[tuple[bool, str]], **how: bool) -> list[list[Finding]]:
    alone = [detector.detect(text) for _mine, text in talk]
    return detector.detect_around(talk, alone, **how)


def told(detector: Detector, *lines: str, **how: bool) -> set[tuple[str, str]]:
    """The values of these kinds that a talk holds."""
    talk = talk_of(*lines)
    found = read(detector, talk, **how)
    return {
        (each.entity, text[each.start : each.end])
        for (_mine, text), some in zip(talk, found, strict=True)
        for each in some
        if each.entity in ENTITIES
    }


@pytest.mark.parametrize(
    ("talk", "entity", "value"),
    [
        (">我到楼下了 / >单元门锁着进不去 / <7306# / >进来了", "PASSWORD", "7306#"),
        ("<到了吗 / >到了 门锁密码 / <580213 / >开了开了", "PASSWORD", "580213"),
        (">网连不上 / <换过了 / >换成啥 / <niuroumian3 / >好了", "PASSWORD", "niuroumian3"),
        (">网盘链接打开要提取码 / <稍等 / <x7rd / >下到了", "PASSWORD", "x7rd"),
        (">压缩包有密码打不开 / <啊忘说了 / <nianhui2025", "PASSWORD", "nianhui2025"),
        (">帮我登一下 / <要验证码了 / >等等 / >739204 / <进去了", "OTP_CODE", "739204"),
        (">收到短信没 / <收到了 / <4816 / >过期了 再发一次", "OTP_CODE", "4816"),
        ("<加个微信方便联系 / >行 你加我 / >lanlan_yu88 / <加了", "WECHAT_ID", "lanlan_yu88"),
        (">传你扣扣吧 文件大 / <好 / <1739204856 / >发了", "QQ_NUMBER", "1739204856"),
        ("<通行证号多少 / >等我找找 / >C48201937 / <好", "PASSPORT", "C48201937"),
    ],
)
def test_the_messages_around_tell_what_a_bare_value_is(
    detector: Detector, talk: str, entity: str, value: str
) -> None:
    assert (entity, value) in told(detector, *talk.split(" / "))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((">多少钱", "<3280", ">有点贵"), id="a price"),
        pytest.param((">你取件码多少", "<5-2-1103", ">好 我去拿"), id="a pick-up code"),
        pytest.param((">几点的车", "<1842", ">来得及"), id="a time"),
        pytest.param((">今天走了多少步", "<15820", ">厉害"), id="steps"),
        pytest.param((">考了多少分", "<612", ">不错啊"), id="marks"),
        pytest.param((">股票代码发我", "<600519", ">涨了吗"), id="a share"),
        pytest.param((">哪个房间", "<1806", ">马上到"), id="a room"),
        pytest.param((">听什么歌呢", "<lemon", ">好听"), id="a song"),
        pytest.param((">晚安", "<1314", ">肉麻"), id="a word in digits"),
        pytest.param((">嗯\n哈哈", "<88888888", ">好"), id="nothing that has to do with one"),
    ],
)
def test_bare_answers_to_other_questions_are_not_private(
    detector: Detector, lines: tuple[str, ...]
) -> None:
    assert told(detector, *lines) == set()


DOOR = (">我到楼下了", ">单元门锁着进不去", "<7306", ">进来了")


def test_without_the_messages_around_it_is_a_number(detector: Detector) -> None:
    assert told(detector, *DOOR) == {("PASSWORD", "7306")}
    assert detector.detect("7306") == []
    assert told(detector, "<7306") == set()


def test_a_finding_says_that_the_messages_around_tell_it_and_by_which_words(
    detector: Detector,
) -> None:
    (found,) = read(detector, talk_of(*DOOR))[2]
    assert reason_alone(found.why) == WHY_AROUND
    words = found.why.removeprefix(f"{WHY_AROUND}: ").split()
    assert 1 <= len(words) <= 2
    assert all(any(word in line for line in DOOR) for word in words)
    assert 0.5 <= found.score < 1


def test_what_somebody_wrote_into_brackets_is_no_word_that_is_told() -> None:
    talk = [Said(mine=False, text="单元门〔别告诉小周〕锁着"), Said(mine=True, text="7306")]
    (found,) = bare(talk[1].text)
    assert {word for word, _features in names_beside(talk, 1, found)} == {"锁"}


def test_a_value_is_private_wherever_it_stands_again_unless_that_would_tell_it(
    detector: Detector,
) -> None:
    talk = talk_of(*DOOR, "<晚上吃什么", ">火锅", "<行", ">好", "<哪个房间", ">7306", "<啊")
    again = read(detector, talk)[9]
    assert [reason_alone(each.why) for each in again] == [WHY_REPEATED]
    assert read(detector, talk, repeats=False)[9] == []


def test_what_is_never_to_be_flagged_is_not_and_neither_is_what_scores_too_little() -> None:
    rules = DetectionRules(exceptions=("7306",))
    assert told(Detector(rules), *DOOR) == set()
    no_code = DetectionRules(exceptions=("7306",), exception_entities={"7306": "OTP_CODE"})
    assert told(Detector(no_code), *DOOR) == set(), "nor as something else"
    assert told(Detector(DetectionRules(thresholds={"PASSWORD": 1.0})), *DOOR) == set()


def test_the_kind_that_stood_only_in_the_words_beside_gives_way_to_the_messages_around(
    detector: Detector,
) -> None:
    lines = (">wifi密码改了？", "<改了", ">改成啥", "<chifan_dui2", ">连上了")
    assert detector.detect("chifan_dui2")[0].entity == "WECHAT_ID"
    assert told(detector, *lines) == {("PASSWORD", "chifan_dui2")}


def test_what_was_found_stays_and_nothing_overlaps_it(detector: Detector) -> None:
    talk = talk_of(">验证码发我", "<13812345678", "<482913 快", ">单元门呢", "<7306#👌🏻 上来")
    alone = [detector.detect(text) for _mine, text in talk]
    found = detector.detect_around(talk, alone)
    for (_mine, text), before, some in zip(talk, alone, found, strict=True):
        assert {(each.start, each.end) for each in before} <= {(e.start, e.end) for e in some}
        assert [each.start for each in some] == sorted(each.start for each in some)
        for one, other in pairwise(some):
            assert one.end <= other.start
        assert all(each.end <= len(text) for each in some)
    assert [talk[4][1][each.start : each.end] for each in found[4]] == ["7306#"]


PERMITS = (
    *("<名单还差三个人的本本", ">通行证 C36017482", "<嗯", ">小岑 C91006230", ">好的"),
    *("<你说呢", ">哈哈", "<是啊", "<吃饭没", ">吃了", "<贺敏 C42034178"),
)


def test_what_is_written_as_a_private_value_is_asked_for_however_far_away_it_stands(
    detector: Detector,
) -> None:
    assert ("PASSPORT", "C42034178") in told(detector, *PERMITS)
    assert ("PASSPORT", "C42034178") not in told(detector, *PERMITS, repeats=False), "of others"
    assert told(detector, *PERMITS[5:]) == set()


def test_what_is_never_to_be_flagged_tells_of_no_other_value() -> None:
    rules = DetectionRules(exceptions=("C36017482", "C91006230"))
    assert told(Detector(rules), *PERMITS) == set()


def test_values_tell_of_each_other_by_their_kind_and_how_they_are_written() -> None:
    values = Values()
    values.add(0, "我的C36017482", 2, 11, "PASSPORT")
    values.add(1, "Kx#42和13812345678", 0, 5, "PASSWORD")
    values.add(1, "Kx#42和13812345678", 6, 17, "PHONE_NUMBER")
    values.add(1, "住在翠湖路3号", 2, 7, "CN_ADDRESS")
    other = Candidate(0, 9, "mixed")
    assert values.alike(2, "H12345678", other) == {"PASSPORT"}
    assert values.alike(2, "h12345678", other) == set()
    assert set(values.told(2, "H12345678", other, "m")) == {
        *("TPASSPORT", "TPASSPORT/m", "TPASSWORD", "TPASSWORD/m"),
        *("TPHONE_NUMBER", "TPHONE_NUMBER/m", "T=PASSPORT", "T=PASSPORT/m"),
    }
    itself = Candidate(2, 11, "mixed")
    assert values.alike(0, "我的C36017482", itself) == set()
    assert "TPASSPORT" not in set(values.told(0, "我的C36017482", itself, "m"))


def test_nobody_says_anything(detector: Detector) -> None:
    assert detector.detect_around([], []) == []
    talk = talk_of("<", "> ", "<\ud800", ">" + "7" * (LONGEST + 1))
    assert read(detector, talk)[:3] == [[], [], []]


def test_a_long_talk_takes_time_in_proportion_to_its_length(detector: Detector) -> None:
    def seconds(times: int) -> float:
        talk = talk_of(*DOOR) * times
        found: list[list[Finding]] = [[] for _ in talk]
        began = time.process_time()
        detector.detect_around(talk, found)
        return time.process_time() - began

    seconds(10)
    # Whatever else the process clears away in between takes its time too, but not twice.
    assert min(seconds(1600), seconds(1600)) < 12 * min(seconds(400), seconds(400))
