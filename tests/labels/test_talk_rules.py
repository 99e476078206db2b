from __future__ import annotations

import time

import pytest

from curation.labels import suggestions
from curation.labels.lines import acknowledges, asks, dangles, leaves, opens
from curation.model import Kind, NewSuggestion, Said, Side, SuggestionKind
from tests.labels.talks import talk


def _of(kind: SuggestionKind, messages: list[Said]) -> list[NewSuggestion]:
    return [each for each in suggestions(7, messages, {}) if each.kind is kind]


def _rules(kind: SuggestionKind, messages: list[Said]) -> list[str]:
    return [each.rule for each in _of(kind, messages)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "你吃了吗",
            "吃了没",
            "去不去",
            "你在干嘛呢",
            "怎么样",
            "几点到啊",
            "明天几点[疑问]",
            "在吗",
        ),
        *(
            "你猜怎么着？",
            "周末去哪玩",
            "要不要一起吃饭",
            "你回来了没有",
            "那你呢",
            "这个多少钱",
            "谁呀",
        ),
        *("what time?", "还去吗～", "能不能快点", "啥意思啊", "能来吗？😂"),
    ],
)
def test_a_question_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "还没",
            "我没",
            "不去",
            "忙着呢",
            "不知道什么时候",
            "好不好？哈哈哈",
            "是吗？",
            "没什么",
        ),
        *(
            "随便吧",
            "真的假的？",
            "我也不知道为什么",
            "看看他怎么说吧",
            "不怎么样",
            "什么都行",
            "没有",
        ),
        *("对吧？", "不是吧？", "谁都可以", "吃饭呢", "我在路上呢", "？", "？？？", "啊？", "好的"),
    ],
)
def test_doubt_and_statements_with_question_words_do_not_ask(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        *(("嗯", True), ("好的好的", True), ("好的[OK]", True), ("收到，谢谢", True), ("👌", True)),
        *(("ok", True), ("嗯嗯 知道了~", True), ("[抱拳]", True), ("", False), ("好看", False)),
        *(("好的我明天过去", False), ("哈哈哈", False), ("嗯 很喜欢", False), ("不来", False)),
    ],
)
def test_what_only_acknowledges(text: str, only: bool) -> None:  # noqa: FBT001  (a table)
    assert acknowledges(text) is only


@pytest.mark.parametrize("text", ["对了你吃了吗", "话说", "在吗", "早上好呀", "突然想起来", "btw"])
def test_what_begins_a_subject_opens_and_does_not_dangle(text: str) -> None:
    assert opens(text)
    assert not dangles(text)


@pytest.mark.parametrize(
    "text", ["晚安", "拜拜啦", "先去忙了", "我去洗澡了", "明天见～", "good night"]
)
def test_leave_is_taken(text: str) -> None:
    assert leaves(text)


SUBJECT = ("o 晚上吃啥", "m 火锅", "o 辣的不辣的", "m 鸳鸯锅", "o 行 六点")


@pytest.mark.parametrize(
    ("behind", "pause", "rule"),
    [
        (("m 对了你的护照办好没有", "o 下周才能拿"), 25, "opened"),
        (("o 房东刚打电话催租", "m 这个月不是交过", "o 他记错了"), 55, "pause"),
        (("m 在吗 想借下你的相机", "o 拿去"), 60, "opened"),
    ],
)
def test_a_jump_is_told_where_it_begins(behind: tuple[str, ...], pause: int, rule: str) -> None:
    told = _of(SuggestionKind.TOPIC_JUMP, talk(*SUBJECT, *behind, minutes={6: pause}))
    assert [(each.message_id, each.rule) for each in told] == [(6, rule)]
    assert told[0].values == {"minutes": pause}
    assert told[0].conversation_id == 7


def test_a_leave_before_a_pause_tells_a_jump() -> None:
    messages = talk(
        *("o 论文交了", "m 恭喜", "o 我睡了 晚安", "m 晚安", "m 合同盖章了没有", "o 财务出差了"),
        minutes={5: 500},
    )
    assert _rules(SuggestionKind.TOPIC_JUMP, messages) == ["left"]


@pytest.mark.parametrize(
    ("behind", "minutes"),
    [
        pytest.param(("m 好的 六点见", "o 嗯"), {6: 50}, id="an answer"),
        pytest.param(("m 终于下班了 出发", "o 快"), {6: 40}, id="a report"),
        pytest.param(("o 火锅店排队 六点不一定", "m 那鸳鸯锅改天"), {6: 40}, id="the same words"),
        pytest.param(("m 你到哪了", "o 路上堵车"), {6: 40}, id="asking how far it is"),
        pytest.param(("o 房东刚打电话催租", "m 这个月不是交过"), {6: 25}, id="no long pause"),
        pytest.param(("o 房东刚打电话催租", "m 这个月不是交过"), {}, id="no pause"),
        pytest.param(("o 房东刚打电话催租",), {6: 60}, id="a single message is no talk"),
    ],
)
def test_a_talk_that_goes_on_does_not_jump(
    behind: tuple[str, ...], minutes: dict[int, int]
) -> None:
    assert not _of(SuggestionKind.TOPIC_JUMP, talk(*SUBJECT, *behind, minutes=minutes))


def test_a_quote_of_what_was_said_before_the_pause_keeps_a_talk_together() -> None:
    messages = talk(*SUBJECT, "o 房东刚打电话催租", "m 不吃辣的那种", minutes={6: 90})
    assert _of(SuggestionKind.TOPIC_JUMP, messages)
    messages[6] = messages[6]._replace(reply_to="辣的不辣的")
    assert not _of(SuggestionKind.TOPIC_JUMP, messages)


def test_without_times_only_words_tell_a_jump_and_the_score_is_lower() -> None:
    behind = ("m 对了你的护照办好没有", "o 下周才能拿", "m 签证也要跟着办")
    timed = _of(SuggestionKind.TOPIC_JUMP, talk(*SUBJECT, *behind, minutes={6: 25}))
    untimed = _of(SuggestionKind.TOPIC_JUMP, talk(*SUBJECT, *behind, timed=False))
    assert [each.rule for each in untimed] == ["opened_no_pause"]
    assert untimed[0].score < timed[0].score
    assert untimed[0].values == {}


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        (("m 今天好热", "m 不想动"), ["only_me"]),
        (("o 在吗", "o 人呢"), ["only_other"]),
        (("m 帮我带杯咖啡", "o 好"), ["no_answer"]),
        (("o 所以他没答应", "m 没 说要想想", "o 那就等", "m 嗯嗯先等等"), ["answer_first_other"]),
        (("m 因为他没提前说", "o 那也不能怪你", "m 嗯", "o 消消气", "m 走吃饭"), ["answer_first"]),
        (("m 到了", "m 在楼下", "m 下来吧", "o 好", "m 快"), ["much_before"]),
        (("o 到家没", "m 到了", "o 明天几点集合"), ["unanswered"]),
        (("o 电影看完了", "m 好看吗 值不值得去"), ["asked_last"]),
        (
            ("o 昨天去了", "m 怎么样", "o 人好多", "o 排了三小时", "o 进去只待十分钟"),
            ["much_behind"],
        ),
        (("o <image>", "m 这是哪里", "o 大理", "m 想去"), ["media_image"]),
        (("o <call>", "m 那就这么说定了", "o 行", "m 回头把材料发你"), ["media_call"]),
        (("m 刚才电话里没说完", "o 你说", "m 想借点钱", "o 多少", "m 五百"), ["spoken_of"]),
    ],
)
def test_what_is_missing_is_told(lines: tuple[str, ...], rules: list[str]) -> None:
    assert _rules(SuggestionKind.INCOMPLETE, talk(*lines)) == rules


@pytest.mark.parametrize(
    "lines",
    [
        ("m 在忙吗", "o 不忙", "m 借下充电器", "o 抽屉里", "m 找到了"),
        ("o 到家了", "m 好 早点睡", "o 嗯嗯"),
        ("o 几点来", "m 八点", "o 行 晚安"),
        ("o <image>", "o 新买的杯子", "m 好看", "o 二十块", "m 便宜"),
        ("o 你怎么看", "m 挺好的 你说是吧"),
        ("o 下班没", "m 在地铁上", "o <image>", "o 看晚霞", "m 粉色的", "o 拍了好多", "m 发我"),
    ],
)
def test_a_whole_talk_is_not_called_incomplete(lines: tuple[str, ...]) -> None:
    assert _rules(SuggestionKind.INCOMPLETE, talk(*lines)) == []


def test_in_a_group_a_last_question_may_be_for_somebody_else() -> None:
    messages = talk("o 周六爬山有人去吗", "m 我去", "o 我也去", "o 小周去不去")
    assert [each.rule for each in suggestions(1, messages, {})] == ["unanswered"]
    assert list(suggestions(1, messages, {}, group=True)) == []


@pytest.mark.parametrize(
    ("quoted", "missing"),
    [
        ("我觉得第二版好", True),
        ("第一版太花", False),
        ("第一版太…", False),
        ("小王：第一版太花", False),
    ],
)
def test_a_quote_of_what_is_not_there_is_told(quoted: str, missing: bool) -> None:  # noqa: FBT001  (a table)
    messages = talk("o 第一版太花", "m 同意", "o 那改改", "m 好我来改")
    messages[1] = messages[1]._replace(kind=Kind.QUOTE, reply_to=quoted)
    assert (_rules(SuggestionKind.INCOMPLETE, messages) == ["quoted"]) is missing


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        (("o 会议改到四点", "m 好的"), ["thin_mine"]),
        (("o 嗯", "m [OK]"), ["thin_both"]),
        (("o 会议改到四点", "m 好的 我去打印材料"), []),
        (("o 给你看个好笑的", "m 哈哈哈哈哈"), []),
        (("o 在吗",), []),
        (("m 好的",), []),
    ],
)
def test_a_talk_in_which_i_only_nod_is_too_thin(lines: tuple[str, ...], rules: list[str]) -> None:
    assert _rules(SuggestionKind.TOO_THIN, talk(*lines)) == rules


def test_what_nobody_said_does_not_count() -> None:
    system = Said(9, Side.OTHER, None, Kind.SYSTEM, "你已添加了对方")
    assert _rules(SuggestionKind.INCOMPLETE, [system, *talk("m 今天好热")]) == ["only_me"]


def test_reasons_hold_nothing_of_what_was_said_but_cues() -> None:
    messages = talk("m 因为王小明没来", "o 那也没办法 你几点走", "m 刚走", "o 王小明到了没？")
    values = [each.values for each in suggestions(1, messages, {})]
    assert all(not any("王小明" in str(value) for value in each.values()) for each in values)


def test_a_talk_of_many_thousand_messages_takes_no_longer_for_each() -> None:
    def seconds(size: int) -> float:
        texts = [f"对了{number}号的快递{number * 7}到了吗" for number in range(size)]
        lines = [f"{'om'[number % 2]} {text}" for number, text in enumerate(texts)]
        messages = [
            each._replace(reply_to=f"小王：{texts[max(0, number - 200)]}")
            for number, each in enumerate(talk(*lines, minutes=dict.fromkeys(range(size), 20)))
        ]
        start = time.process_time()
        list(suggestions(1, messages, {}))
        return time.process_time() - start

    seconds(100)
    assert seconds(4000) < 9 * max(seconds(1000), 0.01)
