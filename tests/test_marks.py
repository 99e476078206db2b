from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.marks import kaomoji_in, read_marks

FACES = (
    *("(｡•́︿•̀｡)", "(＾▽＾)", "(*^▽^*)", "(￣▽￣)", "（＾＿＾）", "(T_T)", "(>_<)", "( ´▽`)"),
    *("ヽ(✿ﾟ▽ﾟ)ノ", "(๑•̀ㅂ•́)و✧", "╮(╯▽╰)╭", "(╯°□°)╯︵┻━┻", "ʕ•ᴥ•ʔ", "Σ(っ°Д°;)っ"),
    *("(づ｡◕‿‿◕｡)づ", "(´；ω；`)", "(╥﹏╥)", "(*´∀`)", "(눈_눈)", "(¯﹃¯)", "(。・∀・)ノ"),
    *("T_T", "QAQ", "QwQ", "TAT", "orz", "^_^", "^^", ">_<", ">.<", "=_=", "-_-", "→_→", "o_O"),
    *("ಠ_ಠ", "╥﹏╥", ":)", ":(", ";)", ":D", "XD", ":P", "₍ᐢ..ᐢ₎", "༼つ◕_◕༽", "【・_・?】"),
    *("(_ _)", "(o_ _)o", "(๑>◡<๑)", "(☆ё☆)"),
)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("around", ["{}", "好累 {} 嗯", "好累{}"])
def test_a_face_is_found_to_the_letter(face: str, around: str) -> None:
    assert kaomoji_in(around.format(face)) == (face,)


@pytest.mark.parametrize(
    "text",
    [
        *("明天见（记得带伞）", "(1) 先吃饭 (2) 再说", "（笑）", "价格(￥100)", "(10:30)", "(a+b)"),
        *("会议(线上)3点", "x=y", "a-b", "1-1", "v1.2.3", "http://a.com/(x_x)", "(≥18℃)"),
        *("(★★★★☆)", "(5°~9°)", "(спасибо)", "(スーパー)", "(안녕)", "(สวัสดี)", "(😂😂)", "(❤️)"),
        *("----", "......", "===", "人数<3个", "他说:(不去)", "(见下面:)", "10:30", "(+86)", "(~)"),
        *(
            "(100%)",
            "（2024.05.01—2024.05.03）",
            "(？？？)",
            "（……）",
            "f(x)=x^2",
            "T-shirt",
            "Q&A",
        ),
        *("my_var_name", "__init__", "**重点**", "XXL", "(____)", "〔电话〕", "[捂脸]", ""),
        *("([D]˘˘)", "(˘[捂脸]˘)", "(^〔电话〕^)"),
    ],
)
def test_a_remark_a_number_or_a_name_is_no_face(text: str) -> None:
    assert kaomoji_in(text) == ()


def test_several_faces_come_in_their_order() -> None:
    assert kaomoji_in("T_T 不要(>_<)别走QAQ (｡•́︿•̀｡)") == ("T_T", "(>_<)", "QAQ", "(｡•́︿•̀｡)")


@pytest.mark.parametrize(
    ("text", "codes", "emoji", "laughter"),
    [
        pytest.param("好[捂脸][捂脸]吧", ("[捂脸]", "[捂脸]"), (), (), id="codes"),
        pytest.param("ok[Facepalm]", ("[Facepalm]",), (), (), id="an English code"),
        pytest.param("[1] 见附录[12]", (), (), (), id="a note is no code"),
        pytest.param("👍🏽 👨‍👩‍👧 🇨🇳❤️", (), ("👍🏽", "👨‍👩‍👧", "🇨🇳", "❤️"), (), id="joined emoji"),
        pytest.param("★ ♪ ™ →", (), (), (), id="signs are no emoji"),
        pytest.param("哈哈哈哈笑死 hhhh", (), (), ("哈哈哈哈", "笑死", "hhhh"), id="laughter"),
        pytest.param("2333333 嘿嘿", (), (), ("2333333", "嘿嘿"), id="233"),
        pytest.param("哈尔滨 123345 ahh high", (), (), (), id="no laughter"),
        pytest.param("https://hh.cn/哈", (), (), (), id="nothing in a link"),
    ],
)
def test_marks_are_told_to_the_letter(
    text: str, codes: tuple[str, ...], emoji: tuple[str, ...], laughter: tuple[str, ...]
) -> None:
    found = read_marks(text)
    assert (found.codes, found.emoji, found.laughter) == (codes, emoji, laughter)


@given(st.text(alphabet="(（)）^_><T[]哈h2😂~˘ω・ﾟ:D ㅂ\n〔〕", max_size=40) | st.text(max_size=40))
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    found = read_marks(text)
    for each in (*found.kaomoji, *found.codes, *found.emoji, *found.laughter):
        assert each
        assert each in text
