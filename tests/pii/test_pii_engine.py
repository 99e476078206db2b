"""The quick analyzer gives what Presidio's own gives, whatever it is asked and whoever is asked."""

# ruff: noqa: ARG002  (Presidio dictates the arguments)
from __future__ import annotations

import importlib
import math
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from presidio_analyzer import (
    AnalyzerEngine,
    BatchAnalyzerEngine,
    EntityRecognizer,
    LemmaContextAwareEnhancer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
)
from presidio_analyzer.app_tracer import AppTracer

from curation.model import DetectionRules
from curation.pii import Detector
from curation.pii.engine import ChatAnalyzer, Told, told
from curation.pii.folding import fold
from curation.pii.gates import Gates
from curation.pii.recognizers import RECOGNIZERS
from curation.pii.recognizers.address_rooms import ROOM_TRIGGER
from curation.pii.recognizers.base import Bound, ChatRecognizer
from tests.examples import examples
from tests.pii.test_pii_detector import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from presidio_analyzer.nlp_engine import NlpArtifacts

LINES = [
    "",
    "今晚吃什么",
    "我的工牌 编号 是 B123，电话13812345678",
    "编号 是 B123 和 B456",
    "密码是a@b.com，电话 13812345678 / 13812345678，座机010-88886666",
    "我们在北京天安门广场见面",
    "wxid_abc123456 的卡号6222021234567890128，b123",
    "〔电话〕 ﹙1\u200d3\u200d8 1234 5678﹚ \ud800",
]


def badge(name: str = "Badge", score: float = 0.3, **options: Any) -> PatternRecognizer:
    return PatternRecognizer(
        supported_entity="CUSTOM_TERM",
        name=name,
        supported_language="zh",
        patterns=[Pattern("badge", r"B\d{3}", score)],
        **options,
    )


def choosy(recognizer: EntityRecognizer) -> EntityRecognizer:
    recognizer.score_thresholds = {"CUSTOM_TERM": 0.9}
    return recognizer


class LongWords(EntityRecognizer):
    """Finds words of several letters, which it can only know from the tokens."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["CUSTOM_TERM"], supported_language="zh")

    def load(self) -> None: ...

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        assert "CUSTOM_TERM" in entities
        return [
            RecognizerResult("CUSTOM_TERM", token.idx, token.idx + len(token.text), 0.6)
            for token in nlp_artifacts.tokens
            if len(token.text) > 3 and text[token.idx].isalpha()
        ]


class Doubtful(LongWords):
    """Lowers its scores where others found something too."""

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        for result in raw_recognizer_results:
            result.score = 0.4 if other_raw_recognizer_results else 0.5
        return raw_recognizer_results


def ordinary(analyzer: AnalyzerEngine) -> AnalyzerEngine:
    """Return Presidio's own engine over the same registry."""
    return AnalyzerEngine(
        registry=analyzer.registry,
        nlp_engine=analyzer.nlp_engine,
        supported_languages=["zh"],
        default_score_threshold=analyzer.default_score_threshold,
        context_aware_enhancer=LemmaContextAwareEnhancer(),
    )


def everything_in(results: list[RecognizerResult]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            each.entity_type,
            each.start,
            each.end,
            each.score,
            sorted((each.recognition_metadata or {}).items()),
            repr(each.analysis_explanation),
        )
        for each in results
    )


def thresholds_of_ours(analyzer: AnalyzerEngine) -> None:
    for recognizer in analyzer.registry.recognizers:
        recognizer.score_thresholds = {"default": 0.95, "PHONE_NUMBER": 0.9}


def give_context_to_own(analyzer: AnalyzerEngine) -> None:
    for recognizer in analyzer.registry.recognizers:
        recognizer.context = ["电话", "座机"]


def add(*recognizers: EntityRecognizer) -> Callable[[AnalyzerEngine], None]:
    def change(analyzer: AnalyzerEngine) -> None:
        for recognizer in recognizers:
            analyzer.registry.add_recognizer(recognizer)

    return change


def raise_threshold(analyzer: AnalyzerEngine) -> None:
    analyzer.default_score_threshold = 0.9


CHANGES = [
    pytest.param(lambda _analyzer: None, id="as built"),
    pytest.param(add(badge(context=["编号"])), id="a pattern with context words"),
    pytest.param(add(LongWords()), id="a reader of tokens"),
    pytest.param(add(Doubtful()), id="one that weighs the others' results"),
    pytest.param(add(badge("One"), badge("Two"), badge("Three", 0.5)), id="equal results"),
    pytest.param(add(choosy(badge())), id="its own threshold"),
    pytest.param(thresholds_of_ours, id="thresholds of ours"),
    pytest.param(give_context_to_own, id="context words for ours"),
    pytest.param(raise_threshold, id="the engine's threshold"),
    pytest.param(
        lambda analyzer: analyzer.registry.remove_recognizer("CnPhoneRecognizer"), id="one removed"
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_plain_request_gives_what_presidio_gives(
    change: Callable[[AnalyzerEngine], None],
) -> None:
    analyzer = Detector().analyzer
    analyzer.analyze("电话13812345678", "zh")  # what it knows of its registry must not stay
    change(analyzer)
    stock = ordinary(analyzer)
    found = 0
    for line in LINES:
        results = analyzer.analyze(line, language="zh")
        assert everything_in(results) == everything_in(stock.analyze(line, language="zh"))
        assert sorted(searched(analyzer, line)) == sorted(map(told, analyzer.analyze(line, "zh")))
        found += len(results)
    assert found


def searched(analyzer: AnalyzerEngine, line: str) -> list[Told]:
    assert isinstance(analyzer, ChatAnalyzer)
    return analyzer.search(fold(line))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"return_decision_process": True}, id="decision process"),
        pytest.param({"ad_hoc_recognizers": [badge(score=0.8)]}, id="ad hoc"),
        pytest.param({"context": ["编号"]}, id="context"),
        pytest.param({"allow_list": ["13812345678"]}, id="allowed value"),
        pytest.param(
            {"allow_list": [r"138\d+"], "allow_list_match": "regex"}, id="allowed pattern"
        ),
        pytest.param({"score_threshold": 0.9}, id="threshold"),
        pytest.param({"score_threshold": 0}, id="no threshold"),
        pytest.param({"entities": ["PHONE_NUMBER", "CUSTOM_TERM"]}, id="some entities"),
        pytest.param({"entities": []}, id="no entity means all"),
        pytest.param({"correlation_id": "7"}, id="correlation id"),
    ],
)
def test_every_option_of_presidio_does_what_it_does_there(options: dict[str, Any]) -> None:
    analyzer = Detector(extra=[badge(context=["编号"])]).analyzer
    stock = ordinary(analyzer)
    for line in LINES:
        assert everything_in(analyzer.analyze(line, "zh", **options)) == everything_in(
            stock.analyze(line, "zh", **options)
        )


@settings(max_examples=examples(150), deadline=None)
@given(text=MESSAGES)
def test_any_message_gives_what_presidio_gives(detector: Detector, text: str) -> None:
    results = ordinary(detector.analyzer).analyze(text, "zh")
    assert everything_in(detector.analyzer.analyze(text, "zh")) == everything_in(results)
    assert sorted(searched(detector.analyzer, text)) == sorted(map(told, results))


def test_another_language_is_refused_as_presidio_does_it(detector: Detector) -> None:
    with pytest.raises(ValueError, match="No matching recognizers"):
        detector.analyzer.analyze("13812345678", "en")


def test_the_decision_process_is_logged_where_that_is_asked_for() -> None:
    class Tracer(AppTracer):
        def __init__(self) -> None:
            self.traced: list[str] = []

        def trace(self, request_id: str, trace_data: str) -> None:
            self.traced.append(trace_data)

    analyzer = Detector().analyzer
    analyzer.app_tracer = tracer = Tracer()
    analyzer.analyze("13812345678", "zh")
    assert tracer.traced == []
    analyzer.log_decision_process = True
    analyzer.analyze("13812345678", "zh")
    assert any("PHONE_NUMBER" in entry for entry in tracer.traced)


def test_an_enhancer_of_somebody_else_is_used() -> None:
    class Sure(LemmaContextAwareEnhancer):
        def enhance_using_context(
            self,
            text: str,
            raw_results: list[RecognizerResult],
            nlp_artifacts: NlpArtifacts,
            recognizers: list[EntityRecognizer],
            context: list[str] | None = None,
        ) -> list[RecognizerResult]:
            for result in raw_results:
                result.score = 1.0
            return raw_results

    analyzer = Detector().analyzer
    analyzer.context_aware_enhancer = Sure()
    (result,) = analyzer.analyze("座机010-88886666", "zh")
    assert result.score == 1.0


def test_presidios_batch_engine_works_on_top() -> None:
    analyzer = Detector().analyzer
    assert isinstance(analyzer, ChatAnalyzer)
    batch = BatchAnalyzerEngine(analyzer).analyze_iterator(LINES[1:], language="zh")
    assert list(map(everything_in, batch)) == [
        everything_in(analyzer.analyze(line, "zh")) for line in LINES[1:]
    ]


def test_a_recognizer_taken_from_the_registry_is_not_asked_any_more() -> None:
    detector = Detector()
    assert detector.detect("13812345678")
    for name in ("CnPhoneRecognizer", "LikelyPhoneRecognizer"):
        detector.analyzer.registry.remove_recognizer(name)
    assert detector.detect("13812345678") == []
    assert detector.detect_many(["13812345678", "密码是abc123"])[0] == []


def test_a_subclass_with_a_way_of_its_own_is_asked_about_every_text() -> None:
    phone = next(kind for kind in RECOGNIZERS if kind.__name__ == "CnPhoneRecognizer")

    class Stubborn(phone):  # type: ignore[misc, valid-type]
        def analyze(
            self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
        ) -> list[RecognizerResult]:
            return [RecognizerResult(self.ENTITY, 0, len(text), 0.9)]

    (finding,) = Detector(extra=[Stubborn()]).detect("好呀好呀")
    assert (finding.start, finding.end) == (0, 4)


@pytest.mark.parametrize(
    "extra", [pytest.param([], id="as built"), pytest.param([badge()], id="one more")]
)
def test_many_texts_give_what_each_of_them_gives(extra: list[EntityRecognizer]) -> None:
    detector = Detector(extra=extra)
    texts = [
        *LINES,
        "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖呀",
        "😂１３８１２３４５６７８",
        "13812345678\x00\n",
        "㊀",
        "密碼係abc12345",
    ]
    texts += [f"{number}号{line}" for number in range(4) for line in LINES]
    found = detector.detect_many(texts)
    assert found == [detector.detect(text) for text in texts]
    assert sum(map(bool, found)) > len(LINES)


def test_many_texts_are_told_apart_however_long_some_are(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curation.pii.plan._CHARS_AT_A_TIME", 1000)
    lines = [f"{number}，我叫林小满" for number in range(200)]
    texts = ["哈" * 1500 + "13812345678", *lines, "嗯" * 3000, *lines[:5], "嗯" * 999]
    found = detector.detect_many(texts)
    assert found == [detector.detect(text) for text in texts]
    assert list(map(len, found)) == [1, *[1] * 200, 0, *[1] * 5, 0]


def test_a_gate_that_is_no_class_of_characters_is_open_to_every_text() -> None:
    gates = Gates([(re.compile(gate), 1) for gate in ("[ab]", "ab", "[0-9]|[二]")])
    assert not len(gates.of([]))
    assert gates.of(["", "a", "二b", "〇"]).tolist() == [2, 3, 7, 2]
    assert [bits & Gates.FOLDED for bits in gates.of(["１", "\U00020000", "1", "😂"])] == [
        Gates.FOLDS,
        Gates.BEYOND,
        0,
        0,
    ]
    assert gates.of(["１"])[0] & 4
    every = Gates([(re.compile("[ab]"), 1)] * 40).of(["好", "a"])
    assert all(bits & Gates.BEYOND for bits in every)


def test_a_gate_may_want_several_of_its_characters() -> None:
    gates = Gates([(re.compile("[0-9]"), 3), (re.compile("[0-9]"), 1), (re.compile("x"), 2)])
    texts = ["", "1", "1 ２ 3", "12", "3", "123", "4567"]
    assert gates.of(texts).tolist() == [4, 6, 7 | Gates.FOLDS, 6, 6, 7, 7]


def bound(  # the pair alone, its first two of three, the third, and what stands beside
    alone: dict[str, float],
    three: dict[str, float] | None = None,
    third: dict[str, float] | None = None,
    before: dict[str, float] | None = None,
    behind: dict[str, float] | None = None,
) -> Bound:
    def of(gains: dict[str, float] | None, usual: float) -> Callable[[str], float]:
        return lambda char: (gains or {}).get(char, usual)

    nothing = -math.inf
    first, both = of(alone, nothing), of(three, nothing)
    return Bound(
        re.compile(f"[{''.join(pair[0] for pair in {**alone, **(three or {})})}]"),
        lambda pair: (first(pair), both(pair)),
        of(third, nothing),
        of(before, 0),
        of(behind, 0),
    )


def above(gates: Gates, *texts: str) -> list[bool]:
    return [bool(bits & 1) for bits in gates.of(texts)]


def test_a_pair_of_characters_is_wanted_or_too_many_are_known_to_tell() -> None:
    gates = Gates([], [bound({"ab": 1, "12": math.inf})])
    texts = ("cab", "ca", "b", "a", "", "１２", "ba", "cab")
    for _ in range(2):  # when it is met, and when it is known
        assert above(gates, *texts) == [True, False, False, False, False, True, False, True]
    many = [chr(0x4E00 + place) for place in range(6000)]
    answers = above(gates, *many)
    assert sum(answers[:4000]) < 200  # those that are folded to one without a number
    assert not any(answers[4200:])  # whatever they are, nothing begins with them
    assert above(gates, "\u9000", "cab", "a\u9000", "ba") == [False, True, True, False]


def test_what_stands_beside_a_pair_counts() -> None:
    gates = Gates(
        [],
        [
            bound(
                {"ab": -3.5},
                three={"ab": -5, "ba": -20},
                third={"c": 2, "d": 5.001},
                before={":": 2, "\n": 1},
                behind={"!": 1, "\n": 2},
            )
        ],
    )
    told = {
        "ab": False,
        "xab": False,
        ":ab": True,
        ":ab!": False,
        ":ab!!": False,
        "abd": True,
        "xabdx": True,
        "abcx": False,
        ":abc": True,
        ":ba": False,
    }
    assert above(gates, *told) == list(told.values())
    assert [above(gates, text) for text in told] == [[each] for each in told.values()]


def fewest(parsed: Iterable[Any], wanted: re.Pattern[str]) -> int:
    """Return how many characters of a class every match of a parsed pattern holds at least."""
    total = ahead = 0
    for kind, value in parsed:
        match str(kind):
            case "LITERAL":
                total += wanted.fullmatch(chr(value)) is not None
            case "IN":
                total += all(map(wanted.fullmatch, members(value)))
            case "BRANCH":
                total += min(fewest(each, wanted) for each in value[1])
            case "SUBPATTERN":
                assert not value[1] & re.IGNORECASE
                total += fewest(value[-1], wanted)
            case "MAX_REPEAT" | "MIN_REPEAT":
                total += value[0] * fewest(value[2], wanted)
            case "ASSERT":  # what it looks at may be counted elsewhere too
                ahead = max(ahead, fewest(value[1], wanted))
    return max(total, ahead)


def members(parsed: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    for kind, value in parsed:
        if str(kind) == "LITERAL":
            yield chr(value)
        elif str(kind) == "RANGE":
            yield from map(chr, range(value[0], value[1] + 1))
        else:  # all but some, or a category: too many to be of any class
            yield "\0"


@pytest.mark.parametrize("kind", RECOGNIZERS)
def test_what_a_recognizer_needs_is_in_whatever_its_trigger_matches(
    kind: type[ChatRecognizer],
) -> None:
    assert not kind.TRIGGER.flags & re.IGNORECASE
    parser = importlib.import_module("re._parser")
    parsed = list(parser.parse(kind.TRIGGER.pattern, kind.TRIGGER.flags))
    for wanted, count in kind.NEEDS:
        assert fewest(parsed, wanted) >= count


def firsts(parsed: Iterable[Any]) -> tuple[set[tuple[int, int]], bool]:
    """Return ranges of the characters that matches begin with, and whether one may be empty."""
    found: set[tuple[int, int]] = set()
    for kind, value in parsed:
        more: set[tuple[int, int]] = set()
        empty = False
        match str(kind):
            case "LITERAL":
                more = {(value, value)}
            case "IN":
                more = {
                    each if str(part) == "RANGE" else (each, each)
                    for part, each in value
                    if str(part) in ("LITERAL", "RANGE") or pytest.fail("a set of nearly all")
                }
            case "BRANCH":
                for each in value[1]:
                    some, may_be_empty = firsts(each)
                    more |= some
                    empty = empty or may_be_empty
            case "SUBPATTERN":
                more, empty = firsts(value[-1])
            case "MAX_REPEAT" | "MIN_REPEAT":
                more, empty = firsts(value[2])
                empty = empty or not value[0]
            case _:
                assert str(kind).startswith(("ASSERT", "AT"))
                empty = True
        found |= more
        if not empty:
            return found, False
    return found, True


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(re.compile(ROOM_TRIGGER), id="rooms"),
    ],
)
def test_no_branch_of_a_trigger_begins_with_a_letter_that_is_not_looked_for(
    pattern: re.Pattern[str],
) -> None:
    parser = importlib.import_module("re._parser")
    (kind, (_, ahead)), *branches = parser.parse(pattern.pattern, pattern.flags)
    assert str(kind) == "ASSERT"
    looked_for = firsts(ahead)[0]
    for low, high in firsts(branches)[0]:
        assert any(first <= low and high <= last for first, last in looked_for), chr(low)


@pytest.mark.parametrize("names", [(), ("周雨涵", "Kevin", "狗"), ("wxid_abc",)])
def test_no_name_is_missed_where_pairs_are_asked_first(names: tuple[str, ...]) -> None:
    detector = Detector(DetectionRules(names=names))
    said = [
        "我叫林小满",
        "周雨涵说",
        "KEVIN来了",
        "狗",
        "@陈默 ",
        "姓名：欧阳明月",
        "李",
        "今晚吃啥",
        "@",
    ]
    texts = [f"{line}{more}" for line in said for more in ("", "，好", "😂", "\n", "老师")]
    assert detector.detect_many(texts) == [detector.detect(text) for text in texts]


def test_a_known_name_is_found_in_traditional_letters_wherever_it_begins() -> None:
    detector = Detector(DetectionRules(names=("鱼儿仔", "优卡喵")))
    texts = ["魚兒仔", "優卡喵来了", "和鱼儿仔說", "偶卡喵", *[f"第{day}天" for day in range(40)]]
    assert [len(found) for found in detector.detect_many(texts)] == [1, 1, 1, *[0] * 41]
    for text in texts:
        results = ordinary(detector.analyzer).analyze(text, "zh")
        assert everything_in(detector.analyzer.analyze(text, "zh")) == everything_in(results)


def test_many_texts_made_of_what_names_are_made_of_give_what_each_gives(
    detector: Detector,
) -> None:
    parts = [
        *("王", "李", "周", "张", "欧阳", "司马", "林", "龙", "從", "吳", "小", "阿", "老"),
        *("雨", "涵", "明", "晓", "雯", "静", "伟", "月", "默", "強", "龍", "珊", "珊珊"),
        *(
            "老师",
            "总",
            "哥",
            "女士",
            "说",
            "来了",
            "的",
            "和",
            "我叫",
            "叫",
            "姓名：",
            "我妈",
            "在",
        ),
        *("路", "市", "是", "了", "今天", "大名", "@", " ", "·", "《", "》"),
        *("，", "1", "a", "\n", "😂"),
    ]
    draw = random.Random(7)  # noqa: S311  (no secret)
    texts = ["".join(draw.choices(parts, k=draw.randint(1, 6))) for _ in range(4000)]
    found = detector.detect_many(texts)
    assert found == [detector.detect(text) for text in texts]
    assert sum(map(bool, found)) > 1000
