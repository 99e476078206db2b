from __future__ import annotations

import time

import emoji
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.labels import NAMES, Feeling, feeling_of, names_among, suggestions
from curation.labels.faces import feeling_of_emoji, feeling_of_kaomoji
from curation.labels.sticker_codes import feeling_of_code
from curation.model import Kind, Said, Side, SuggestionKind
from tests.labels.talks import talk

ALL = {feeling: names[0] for feeling, names in NAMES.items()}


def _feeling(text: str) -> str | None:
    shown = feeling_of(text)
    return None if shown is None else shown.feeling.value


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        *(("今天好累[委屈]", "sad"), ("[呲牙]", "happy"), ("[發怒]", "angry"), ("[難過]", "sad")),
        *(("[Sob]", "sad"), ("[Joyful]", "happy"), ("[TearingUp]", "sad"), ("[破涕為笑]", "happy")),
        *(
            ("[惊恐]", "afraid"),
            ("[Puke]", "disgusted"),
            ("[擁抱]", "tender"),
            ("[天啊]", "surprised"),
        ),
        *(("唉/::<", "sad"), ("好的/::D", "happy")),
        *(("烦😡", "angry"), ("👩‍❤️‍💋‍👨", "tender"), ("😭", "sad"), ("抱歉🫶🏻", "tender")),
        *(("T_T", "sad"), ("作业没写完QAQ", "sad"), ("(╯°□°)╯︵ ┻━┻", "angry"), ("(≧▽≦)", "happy")),
        *(("orz", "sad"), ("(｡•́︿•̀｡)", "sad"), ("(づ｡◕‿‿◕｡)づ", "tender"), ("Σ(ﾟДﾟ)", "surprised")),
        *(("哈哈哈哈哈", "happy"), ("hhhh", "happy"), ("xswl", "happy"), ("笑死我了", "happy")),
        *(
            ("气死我了", "angry"),
            ("好难过啊", "sad"),
            ("太好了！", "happy"),
            ("我真的好害怕", "afraid"),
        ),
        *(("有点恶心", "disgusted"), ("爱你哟", "tender"), ("难过死了", "sad"), ("不开心", "sad")),
        *(("呜呜呜", "sad"), ("烦死了", "angry"), ("惊呆了", "surprised")),
    ],
)
def test_a_cue_tells_the_feeling(text: str, feeling: str) -> None:
    assert _feeling(text) == feeling


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "好的",
            "明天几点",
            "[图片]",
            "[OK]",
            "[捂脸]",
            "[微笑]",
            "[旺柴]",
            "[Smile]",
            "[不认识]",
        ),
        *("🙂", "😅", "🙏", "👌", "(눈_눈)", "=_=", ":)", "呵呵", "www.example.com", "2333元"),
        *("没有不开心", "别难过", "你生气了吗", "他很生气", "不难过", "祝你开心", "玩得开心"),
        *("要是难过就说", "一点都不害怕", "难过吗？", "你开心就好", "别生气啦", "没有很难过"),
        *("开心农场", "难过关", "〔姓名〕", "https://a.com/(T_T)"),
        *("[流泪][呲牙]", "气死我了[爱心][拥抱]"),
    ],
)
def test_without_a_cue_or_with_two_that_disagree_it_is_unsure(text: str) -> None:
    assert _feeling(text) is None


def test_tears_beside_laughter_are_laughed() -> None:
    assert _feeling("哈哈哈哈哈😭😭") == "happy"
    assert _feeling("笑死[流泪]") == "happy"


def test_several_cues_of_one_feeling_are_surer_than_one() -> None:
    one, two = feeling_of("好难过"), feeling_of("好难过[大哭]")
    assert one is not None
    assert two is not None
    assert one.score < two.score < 1


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("[發怒]", "[发怒]"),
        ("[Bah！L]", "[左哼哼]"),
        ("[Blow kiss]", "[飞吻]"),
        ("[驚訝]", "[Surprise]"),
    ],
)
def test_a_code_means_the_same_in_every_language(code: str, same: str) -> None:
    told, other = feeling_of_code(code), feeling_of_code(same)
    assert told is not None
    assert other is not None
    assert told[0] is other[0]


def test_faces_that_no_feature_tells_are_looked_up_in_the_list() -> None:
    assert feeling_of_kaomoji("( ˘▽˘)っ♨") is None
    assert feeling_of_kaomoji("(´･ω･`)") == (Feeling.SAD, 0.65)


def test_skin_tones_do_not_change_what_an_emoji_shows() -> None:
    assert feeling_of_emoji("🤗") == feeling_of_emoji("🤗️") != feeling_of_emoji("🙃")
    assert feeling_of_emoji("🫶🏿") == feeling_of_emoji("🫶")


def test_hardly_any_emoji_shows_a_feeling() -> None:
    shown = [sign for sign in emoji.EMOJI_DATA if feeling_of_emoji(sign) is not None]
    assert 50 < len(shown) < 0.1 * len(emoji.EMOJI_DATA)


def test_only_messages_of_the_person_are_labelled() -> None:
    told = list(suggestions(3, talk("o 气死我了", "m 怎么了", "o [发怒]", "m 抱抱"), ALL))
    assert [(each.conversation_id, each.message_id, each.label) for each in told] == [
        (3, 4, "温柔")
    ]


def test_a_conversation_shows_what_most_of_its_feeling_messages_show() -> None:
    sad = talk("o 怎么样", "m 没过[流泪]", "o 啊", "m 好难过", "o 抱抱", "m 呜呜呜", "o 没事")
    whole = [each for each in suggestions(1, sad, ALL) if each.message_id is None]
    assert [(each.label, each.values) for each in whole] == [("难过", {"shown": 3, "own": 3})]
    mixed = talk("o 怎么样", "m [流泪]", "o 啊", "m [呲牙]", "o 咦", "m 好难过", "o 嗯", "m 太好了")
    kinds = [each.message_id for each in suggestions(1, mixed, ALL)]
    assert None not in kinds


def test_one_cue_in_a_long_talk_says_nothing_of_the_whole() -> None:
    long = talk("o 在吗", *(["m 在看呢", "o 那就好"] * 20), "m [流泪]", "o 哦", "m T_T", "o 好")
    assert all(each.message_id is not None for each in suggestions(1, long, ALL))


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (("开心", "难过"), {"happy": "开心", "sad": "难过"}),
        (("高兴", "Angry", "开心"), {"happy": "开心", "angry": "Angry"}),
        (("摸鱼",), {}),
        ((), {}),
    ],
)
def test_feelings_are_called_as_in_the_persons_own_list(
    own: tuple[str, ...], expected: dict[str, str]
) -> None:
    assert {feeling.value: name for feeling, name in names_among(own).items()} == expected


def test_a_feeling_without_a_name_in_the_list_is_not_suggested() -> None:
    sad = talk("o 怎么了", "m 好难过[流泪]", "o 抱抱", "m 嗯")
    found = list(suggestions(1, sad, names_among(["开心"])))
    assert not [each for each in found if each.kind is SuggestionKind.EMOTION]


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    shown = feeling_of(text)
    assert shown is None or 0.6 <= shown.score <= 1


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\ud83d", "[\ud83d]", "(\udc00_\udc00)", "\x00", "[" * 2000, "(" * 2000),
        *(
            "嗯" * 1_000_000,
            "好" * 19 + "x",
            "(T_T" * 250_000,
            "不" * 1_000_000 + "？",
            "哈" * 1_000_000,
        ),
    ],
    ids=lambda text: f"{len(text)} of {text[:2].encode(errors='backslashreplace').decode()}",
)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.IMAGE, Kind.SYSTEM, Kind.VOICE])
def test_bad_input_neither_fails_nor_takes_long(text: str, kind: Kind) -> None:
    sides = (Side.OTHER, Side.ME, Side.OTHER, Side.ME, Side.ME)
    odd = [Said(number, side, number * 900, kind, text) for number, side in enumerate(sides)]
    start = time.process_time()
    list(suggestions(1, odd, ALL))
    list(suggestions(1, [each._replace(reply_to=text) for each in odd], ALL))
    assert time.process_time() - start < 5


def test_nothing_at_all_gives_no_suggestion() -> None:
    assert list(suggestions(1, [], ALL)) == []
