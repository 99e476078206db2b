"""Names of people: those that the chats told, in the forms people use, and those one can tell."""

from __future__ import annotations

import time
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

import pytest

from curation.model import DetectionRules
from curation.pii import Detector, canonical_value, mentions
from curation.pii.chinese import PLAIN, public_figures, surnames
from curation.pii.recognizers.person_evidence import heads, names_in
from tests.examples import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.pii.conftest import Found

KNOWN = (
    *("周雨涵", "妈妈(王秀英)", "马总-供应商", "A彭伟 房产", "Lily 李莉", "阿橙🍊", "Kevin Zhang"),
    *(
        "大学室友李雷",
        "建材刘哥",
        "一只小橙子",
        "陳小芬",
        "欧阳娜娜",
        "小满",
        "团子",
        "晴天",
        "笑笑",
    ),
    *("Sunny", "高兴", "老师", "快递", "宝宝", "家", "周末爬山群", "文件传输助手", "AAA装修"),
)


ORDINARY = """
高兴得睡不着 马上就到 白天上班晚上学习 金额不对 方便的时候回我 都安排好了 成功上岸
王者开黑 黄瓜两块一斤 万一下雨呢 于是我走了 何必呢 程序又崩了 没关系的 温柔一点
周末去哪 江湖再见 太雷人了 云南好玩吗 文件发我 时间不够 常常失眠 那张猫的照片好可爱
看星星去 超超超喜欢 伍陆柒捌玖 谢谢你，许多事要说 江西人爱吃辣，温州话听不懂 陈皮和杨梅
游戏打完没 毛病真多 连续加班 包子铺关门 水果店在哪 全部搞定
"""
"""Lines without a name in them."""


@pytest.fixture(scope="module")
def knowing() -> Detector:
    return Detector(DetectionRules(names=KNOWN))


def names(detector: Detector, text: str) -> list[str]:
    return [
        text[each.start : each.end] for each in detector.detect(text) if each.entity == "PERSON"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("周雨涵到了没", ["周雨涵"], id="full name"),
        pytest.param("雨涵把书还我", ["雨涵"], id="given name"),
        pytest.param("小周和老周", ["小周", "老周"], id="surname forms"),
        pytest.param("许阿橙 1234", ["许阿橙"], id="surname before a known name"),
        pytest.param("对方叫许阿橙", ["许阿橙"], id="surname where a name is introduced"),
        pytest.param("问问老许阿橙呢", ["老许", "阿橙"], id="surname of somebody else"),
        pytest.param("周姐，周老师，周工", ["周姐", "周老师", "周工"], id="surname and title"),
        pytest.param(
            "涵涵、阿涵、小涵、涵姐、涵宝", ["涵涵", "阿涵", "小涵", "涵姐", "涵宝"], id="pet names"
        ),
        pytest.param("周周你好", ["周周"], id="surname twice"),
        pytest.param("王秀英的药", ["王秀英"], id="name in brackets"),
        pytest.param("马总怎么说", ["马总"], id="remark of surname and title"),
        pytest.param("彭伟带我看的房", ["彭伟"], id="letter that sorts, trade behind"),
        pytest.param("LILY说好，lily也行", ["LILY", "lily"], id="Latin name in any letter case"),
        pytest.param("李莉呢", ["李莉"], id="second name of a remark"),
        pytest.param("阿橙吃饭啦", ["阿橙"], id="nickname without its emoji"),
        pytest.param("Kevin来不来，kevin zhang", ["Kevin", "kevin zhang"], id="two Latin words"),
        pytest.param("李雷睡了", ["李雷"], id="name within a remark"),
        pytest.param("问刘哥要砖", ["刘哥"], id="title within a remark"),
        pytest.param("一只小橙子上线了", ["一只小橙子"], id="nickname that is a phrase"),
        pytest.param("陈小芬和陳小芬", ["陈小芬", "陳小芬"], id="traditional and simplified"),
        pytest.param("娜娜和欧阳", ["娜娜", "欧阳"], id="surname of two characters"),
        pytest.param(
            "跟晴天说一声，问问笑笑", ["晴天", "笑笑"], id="word that names somebody here"
        ),
        pytest.param("跟 Sunny 吃饭", ["Sunny"], id="Latin word that names somebody here"),
        pytest.param("Lilyy, relily", [], id="inside a longer word"),
        pytest.param("周末愉快，周五见，一周了", [], id="words that begin like the surname"),
        pytest.param("小周末去哪", [], id="word across the end of a form"),
        pytest.param("这个定义涵盖很广", [], id="word with a character of the name"),
        pytest.param("今天晴天，笑笑就好", [], id="nicknames that are words"),
        pytest.param("我很高兴", [], id="full name that is a word"),
        pytest.param("it's sunny today", [], id="Latin nickname that is a word"),
        pytest.param("糯米团子好吃", [], id="nickname that is food"),
        pytest.param("老师好，快递到了，宝宝在家", [], id="roles and things"),
        pytest.param("周末爬山群里说的", [], id="name of a group"),
        pytest.param("AAA电池，装修好烦", [], id="trade without a name"),
    ],
)
def test_known_people_are_found_in_the_forms_people_use(
    knowing: Detector, text: str, expected: list[str]
) -> None:
    assert names(knowing, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("我叫顾念慈", ["顾念慈"], id="I am called"),
        pytest.param("大家好，我叫阿布", ["阿布"], id="I am called by a nickname"),
        pytest.param("名字是程以南，程序的程", ["程以南"], id="the name is"),
        pytest.param("姓名：高兴", [], id="a word in a form"),
        pytest.param("他小名叫汤圆", [], id="a word as a pet name"),
        pytest.param("我叫佢先走", [], id="a pronoun of Cantonese"),
        pytest.param("我叫跑腿送过去", [], id="a service that is called"),
        pytest.param("收件人：温如玉 电话", ["温如玉"], id="addressee"),
        pytest.param("本人马识途", ["马识途"], id="I, so and so"),
        pytest.param("这是我同学何子衿", ["何子衿"], id="this is my schoolmate"),
        pytest.param("@李华 在吗", ["李华"], id="mention"),
        pytest.param("@所有人 开会", [], id="mention of everybody"),
        pytest.param("我叫了外卖", [], id="I ordered"),
        pytest.param("我叫车了", [], id="I called a cab"),
        pytest.param("我叫你呢", [], id="I am calling you"),
        pytest.param("名字好听", [], id="about a name"),
    ],
)
def test_words_that_introduce_a_name_give_it_away(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PERSON") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王老师布置的作业", ["王老师"]),
        ("李经理批了", ["李经理"]),
        ("找张医生复查", ["张医生"]),
        ("刘阿姨来串门", ["刘阿姨"]),
        ("韩雪梅女士您好", ["韩雪梅"]),
        ("小郑和老孙都来", ["小郑", "老孙"]),
        ("小马哥请客", ["小马哥"]),
        ("芳姐，在忙吗", ["芳姐"]),
        ("吴总说下周签", ["吴总"]),
        ("欧阳老师的课", ["欧阳老师"]),
        ("黃先生您好", ["黃先生"]),
        ("老师好，医生建议多休息", []),
        ("关于老师的安排", []),
        ("出租车司机绕路", []),
        ("老公老婆老板老铁", []),
        ("小时候住小区，小心点", []),
        ("何处是家，高校招生", []),
        ("小米手机和小龙虾", []),
        ("阿姨做的阿胶", []),
        ("大哥大嫂，表哥，学姐", []),
        ("付姐说明天来", ["付姐"]),
        ("付款失败了", []),
        ("保安大叔帮我开的门", []),
    ],
)
def test_a_surname_with_a_title_is_somebody(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, "PERSON") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张伟说他不来了", ["张伟"]),
        ("给李建军打个电话", ["李建军"]),
        ("昨天碰到徐静怡了", ["徐静怡"]),
        ("跟慕容晓晓吃饭", ["慕容晓晓"]),
        ("劉佳欣，妳在哪", ["劉佳欣"]),
        ("朱莉和韩梅都到了", ["朱莉", "韩梅"]),
        ("晓雯，周末有空吗", ["晓雯"]),
        ("志强打来问你在不在", ["志强"]),
        ("莎莎胖了", ["莎莎"]),
        ("孟子航说他来", ["孟子航"]),
    ],
)
def test_surname_and_given_name_are_weighed_against_ordinary_words(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PERSON") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("叫胖磊别熬夜", ["胖磊"]),
        ("亮子说他不来", ["亮子"]),
        ("叫上二霞和三霞", ["二霞", "三霞"]),
        ("凤姨呢", ["凤姨"]),
        ("马二嫂家摆酒", ["马二嫂"]),
        ("肥仔輝今晚唔嚟", ["肥仔輝"]),
        ("值日：周一方舟 周二于扬", ["方舟", "于扬"]),
        ("获奖名单：章程、金贝贝", ["章程", "金贝贝"]),
        ("帮我买保险，封志坚，110101199003072819", ["封志坚"]),
        ("隔壁周家姆妈有钥匙", ["周家姆妈"]),
        ("佐藤さん帮我搬家", ["佐藤さん"]),
        ("水管师傅下午来", []),
        ("哈丽旦 木合塔尔,两个人", ["哈丽旦", "木合塔尔"]),
        ("找那仁报名", ["那仁"]),
        ("司机阿忠18600001234", ["阿忠"]),
        ("候选人郭小北", ["郭小北"]),
        ("白音镇往北", []),
        ("结果大伟临时加班", ["大伟"]),
        ("强大伟岸", []),
        ("大勇若愚", []),
        ("总控:朵朵18600001234", ["朵朵"]),
        ("Lukas借我车锁", ["Lukas"]),
        ("收款方Klaus Rademacher", ["Klaus Rademacher"]),
        ("手机：18600001234", []),
        ("Siri叫我起床", []),
        ("值班室周一关门", []),
        ("三军将士", []),
        ("胖子说不去", []),
        ("名单高一三班的", []),
    ],
)
def test_nicknames_rosters_and_lists_name_people(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PERSON") == expected


@pytest.mark.parametrize("text", ORDINARY.split())
def test_ordinary_words_that_begin_like_a_surname_are_none(found: Found, text: str) -> None:
    assert found(text.strip(), "PERSON") == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "村上春树的新书",
            "周杰伦演唱会抢到票了",
            "孙悟空大闹天宫",
            "林黛玉葬花",
            "鲁迅说过这话吗",
        ),
        *("周星馳經典", "听陈奕迅还是林俊杰", "《李焕英》看哭了", "马云退休了吧", "李白和杜甫"),
        *(
            "周六福今天打折",
            "甲方爸爸说再改一版",
            "强积金怎么提取",
            "小鹏汽车又降价",
            "王婆大虾排队",
            "王婆卖瓜这一套",
            "魔童闹海二刷",
        ),
    ],
)
def test_names_of_the_famous_tell_nothing_about_anybody_here(found: Found, text: str) -> None:
    assert found(text, "PERSON") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("我叫阿布", "introduced as a name"),
        ("孙经理批了", "surname and title"),
        ("徐静怡请假", "surname and given name"),
        ("周雨涵请假", "known name"),
        ("涵姐请假", "short form of a known name"),
    ],
)
def test_a_finding_says_by_what_evidence(knowing: Detector, text: str, why: str) -> None:
    assert [each.why for each in knowing.detect(text)] == [why]


def test_better_evidence_gives_a_higher_score(detector: Detector) -> None:
    alone, said, introduced = (
        detector.detect(text)[0].score for text in ("徐静怡吧", "跟徐静怡说", "我同学徐静怡电话")
    )
    assert 0.3 < alone < said < introduced < 1


def test_a_threshold_takes_weak_evidence_away() -> None:
    strict = Detector(DetectionRules(names=("周雨涵",), thresholds={"PERSON": 0.95}))
    assert names(strict, "周雨涵和徐静怡") == ["周雨涵"]


def test_an_exception_for_a_name_holds_for_that_name_only() -> None:
    searcher = Detector(DetectionRules(names=("周雨涵",), exceptions=("小周",)))
    assert names(searcher, "小周和周雨涵") == ["周雨涵"]


UNITS = {
    "one surname": "王",
    "names": "周雨涵王小明",
    "titles": "王老师",
    "introductions": "我叫",
    "mentions": "@周 ",
    "forms of address": "小王",
    "doubled": "莎莎",
    "known": "周雨涵雨涵",
}


@pytest.mark.in_turn
@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_and_no_faster(knowing: Detector, unit: str) -> None:
    def once(text: str) -> float:
        began = time.process_time()
        knowing.detect(text)
        return time.process_time() - began

    def seconds(times: int) -> float:
        return min(once(UNITS[unit] * times) for _time in range(2))

    seconds(10)
    short = seconds(shortened(2_000))
    # Six times the text in thirty-six times the time would be the square of it.
    assert seconds(shortened(12_000)) < 6 * 3 * short + 0.02


def test_every_text_with_a_name_passes_the_gate() -> None:
    texts: Sequence[str] = [f"{surname}小雨说" for surname in surnames()]
    assert all(heads().search(text) for text in texts if names_in(text))


def test_the_lists_hold_what_they_should() -> None:
    assert "村上春树" in public_figures()
    assert all(
        len(traditional) == len(simplified) == 1 for traditional, simplified in PLAIN.items()
    )
    assert {"王", "張", "欧阳"} <= surnames().keys()
    assert surnames()["王"] > surnames()["欧阳"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("加我wxid_ab12cd34ef吧", [("WECHAT_ID", "wxid_ab12cd34ef")]),
        ("搜Lihua_1990", [("WECHAT_ID", "Lihua_1990")]),
        ("是2087654321", [("QQ_NUMBER", "2087654321")]),
        ("单号是2087654322", []),
        ("群38988@chatroom解散了", [("WECHAT_ID", "38988@chatroom")]),
        ("一共100000，666666，123456", []),
        ("lihua_19901", []),
        ("12087654321", []),
    ],
)
def test_known_ids_are_found_without_a_word_beside_them(
    text: str, expected: list[tuple[str, str]]
) -> None:
    ids = ("wxid_ab12cd34ef", "lihua_1990", "2087654321", "38988@chatroom", "100000", "666666")
    searcher = Detector(DetectionRules(names=(*ids, "123456", "lihua@example.com")))
    assert [
        (each.entity, text[each.start : each.end]) for each in searcher.detect(text)
    ] == expected


def test_only_texts_with_a_form_or_an_id_are_searched_otherwise_for_more_names() -> None:
    added = ("陆知微", "wxid_ab12cd34ef", "Nora 诺拉")
    stand_in = mentions(added)
    assert all(map(stand_in, ["知微来了", "微姐", "小陆", "WXID_AB12CD34EF", "nora呢", "陸知微"]))
    assert not any(map(stand_in, ["微信", "路上", "wxid_ab12cd34e", "ignorant", ""]))
    few, more = Detector(), Detector(DetectionRules(names=added))
    for text in ("路上堵车，张伟说晚到", "陆续到了", "微信转你", "知识不多"):
        assert stand_in(text) or few.detect(text) == more.detect(text)


def test_equal_names_have_one_value_and_forms_keep_their_own() -> None:
    value = partial(canonical_value, "PERSON")
    assert value("劉佳欣") == value("刘佳欣")
    assert value("Kevin Zhang") == value("kevin  zhang")
    assert value("小周") != value("周雨涵")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("さくら", "さくら来了吗", ["さくら"], id="kana"),
        pytest.param("李さくら", "李さくら和さくら", ["李さくら", "さくら"], id="surname and kana"),
        pytest.param("민수", "问민수吧", ["민수"], id="hangul"),
        pytest.param("김민수", "민수야 我到了", ["민수"], id="Korean given name"),
        pytest.param(
            "김민수", unicodedata.normalize("NFD", "민수"), ["민수"], id="as macOS stores it"
        ),
        pytest.param("Анна Орлова", "анна说好，Орлова也去", ["анна", "Орлова"], id="Cyrillic"),
        pytest.param("Анна", "Аннабель", [], id="within a longer Cyrillic word"),
        pytest.param("Đặng", "Đặng来了", ["Đặng"], id="Vietnamese"),
        pytest.param("ก้อง", "ก้อง来了", ["ก้อง"], id="Thai with its signs"),
        pytest.param("王䶮", "王䶮说好", ["王䶮"], id="Chinese of extension A"),
        pytest.param("周𬸣", "和小周、周𬸣吃饭", ["小周", "周𬸣"], id="Chinese of extension E"),
        pytest.param("𠮷野", "找𠮷野", ["𠮷野"], id="Chinese of extension B"),
        pytest.param("佐々木", "佐々木到了", ["佐々木"], id="sign of repetition"),
        pytest.param("猫です", "就这样です", [], id="ending of a Japanese nickname"),
    ],
)
def test_a_known_name_is_found_in_whatever_script_it_is_written(
    name: str, text: str, expected: list[str]
) -> None:
    found = names(Detector(DetectionRules(names=(name,))), text)
    assert [unicodedata.normalize("NFC", each) for each in found] == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("旺柴", "笑死[旺柴]", [], id="sticker"),
        pytest.param("豆豆龙", "[豆豆龙][豆豆龙]", [], id="sticker that no list has"),
        pytest.param("捂脸", "我裂开了/捂脸", [], id="face of QQ"),
        pytest.param("吃瓜", "我先吃瓜", [], id="name of a sticker as a word"),
        pytest.param("Doge", "[Doge] doge", [], id="sticker in English"),
        pytest.param("QAQ", "呜呜QAQ", [], id="face of letters"),
        pytest.param("emmm", "emmm好吧", [], id="sound"),
        pytest.param("略略略", "略略略", [], id="sound in Chinese"),
        pytest.param("xswl", "xswl", [], id="laughter"),
        pytest.param("QAQ", "跟QAQ说一声", ["QAQ"], id="person named like a face"),
        pytest.param("让我看看", "问问让我看看 [让我看看]", ["让我看看"], id="person and sticker"),
        pytest.param("豆豆龙", "[豆豆龙]：在吗", ["豆豆龙"], id="who says something"),
        pytest.param("周雨涵", "[周雨涵][雨涵]", ["周雨涵", "雨涵"], id="whole name"),
        pytest.param("Kevin", "[Kevin]", ["Kevin"], id="first name"),
    ],
)
def test_stickers_and_faces_stay_where_a_contact_is_named_like_one(
    name: str, text: str, expected: list[str]
) -> None:
    assert names(Detector(DetectionRules(names=(name,))), text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("刘丽华", "刘丽华晚安", ["刘丽华"], id="in the dictionary"),
        pytest.param("张国荣", "今天张国荣没来", ["张国荣"], id="famous"),
        pytest.param("张国荣", "张国荣", ["张国荣"], id="famous, alone"),
        pytest.param("高峰", "高峰晚安", ["高峰"], id="word that is greeted"),
        pytest.param("高峰", "高峰，你到了吗", ["高峰"], id="word that is spoken to"),
        pytest.param("高峰", "高峰", ["高峰"], id="word alone"),
        pytest.param("高峰", "在吗\n高峰\n晚安", ["高峰"], id="word alone in its message"),
        pytest.param("高峰", "高峰期别出门，早高峰", [], id="word as a word"),
        pytest.param("高兴", "高兴晚安", ["高兴"], id="everyday word that is greeted"),
        pytest.param("高兴", "我叫高兴", ["高兴"], id="everyday word that is introduced"),
        pytest.param("高兴", "跟高兴有关，高兴", [], id="everyday word as a word"),
        pytest.param("王建国", "建国晚安，建国", ["建国"], id="everyday given name"),
        pytest.param("高峰", "今天高峰没来，我和高峰说了", ["高峰"] * 2, id="who is away"),
        pytest.param("高兴 张文博", "高兴你好", [], id="everyday word beside a name"),
        pytest.param("黄金周", "黄金周去哪", [], id="no piece of a word"),
        pytest.param("黄金周", "跟黄金周说", ["黄金周"], id="word that is somebody"),
        pytest.param("晴天", "晴天", [], id="nickname that is a word, alone"),
        pytest.param("晴天", "晴天早上好", ["晴天"], id="nickname that is greeted"),
        pytest.param("白骨精", "白骨精来了", [], id="word that looks like a name"),
    ],
)
def test_a_contact_is_found_though_the_name_is_a_word_or_famous(
    name: str, text: str, expected: list[str]
) -> None:
    assert names(Detector(DetectionRules(names=(name,))), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("你好，我是张三。", ["张三"], id="introduced"),
        pytest.param("张三，男，45岁", ["张三"], id="form"),
        pytest.param("李四先生", ["李四"], id="title"),
        pytest.param("客户王五的手机号多少", ["王五"], id="after a role"),
        pytest.param("赵六 13800138000", ["赵六"], id="before a phone"),
        pytest.param("張三的電話", ["張三"], id="traditional"),
        pytest.param("管他张三李四", [], id="proverb"),
        pytest.param("张三在刑法课上又出场了", [], id="joke"),
        pytest.param("找王五点钟去", [], id="hour"),
        pytest.param("给张三丰配音", [], id="novel"),
        pytest.param("我老婆叫韩梅梅", ["韩梅梅"], id="named like a figure of a schoolbook"),
        pytest.param("他叫周杰伦", [], id="famous"),
    ],
)
def test_names_of_examples_are_names_where_somebody_is_called_so(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PERSON") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("登记\n主人：薛可\n宠物：布丁", ["薛可"], id="rare as a word"),
        pytest.param("收货人  车向东\n手  机  不填", ["车向东"], id="blanks for a colon"),
        pytest.param("姓名：乌云其其格\n科目：声乐", ["乌云其其格"], id="five characters"),
        pytest.param("被告：时传礼，缺席", ["时传礼"], id="in court"),
        pytest.param("父亲：我马上来", [], id="what he says"),
        pytest.param("学生：老师好", [], id="what they say"),
        pytest.param("联系人：本人", [], id="no name"),
    ],
)
def test_entries_of_forms_are_names_unless_they_say_something_else(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PERSON") == expected
