from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.pii.invented_names import Names, plain_name
from curation.pii.name_lists import (
    COMPOUND_SURNAMES,
    GIVEN_CLASSES,
    LATIN_NAMES,
    LATIN_SURNAMES,
    NICKNAMES,
    SURNAMES,
    WOMENS_LATIN,
)

SECRET = bytes(range(32))
KNOWN = ("周雨涵", "林哥", "欧阳明月", "Alice Chen", "阿橙", "陈大文")


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(SECRET, KNOWN)


def invented(names: Names, text: str) -> str:
    made = names.invent(text)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("周雨涵", "{s}{a}{b}"),
        ("小周", "小{s}"),
        ("老周", "老{s}"),
        ("阿周", "阿{s}"),
        ("周", "{s}"),
        ("周周", "{s}{s}"),
        ("周哥", "{s}哥"),
        ("周老师", "{s}老师"),
        ("周总", "{s}总"),
        ("周小姐", "{s}小姐"),
        ("雨涵", "{a}{b}"),
        ("涵", "{b}"),
        ("涵涵", "{b}{b}"),
        ("小涵", "小{b}"),
        ("涵姐", "{b}姐"),
        ("涵宝", "{b}宝"),
        ("雨涵姐姐", "{a}{b}姐姐"),
        ("周雨涵同学", "{s}{a}{b}同学"),
        ("周 雨涵", "{s} {a}{b}"),
        ("~周雨涵🌙", "~{s}{a}{b}🌙"),
    ],
)
def test_one_person_keeps_one_invented_name_in_every_form(
    names: Names, form: str, parts: str
) -> None:
    surname, first, second = list(invented(names, "周雨涵"))
    assert invented(names, form) == parts.format(s=surname, a=first, b=second)
    assert not set("周雨涵") & {surname, first, second}


@pytest.mark.parametrize(
    ("name", "form", "parts"),
    [
        pytest.param("董明", "小董", "小{0}", id="surname like a title"),
        pytest.param("董明", "董董", "{0}{0}", id="surname like a title, twice"),
        pytest.param("董明", "王董", "{王}董", id="title like a surname"),
        pytest.param("刘丽华", "劉麗華", "{0}{1}{2}", id="traditional letters"),
        pytest.param("劉麗華", "丽华", "{1}{2}", id="simplified letters of a traditional name"),
        pytest.param("于文文", "文文", "{1}{2}", id="given name that is a surname twice"),
        pytest.param("林一", "一一", "{1}{1}", id="numeral"),
        pytest.param("周𬸣", "小周", "小{0}", id="rare letter"),
    ],
)
def test_a_form_of_another_kind_belongs_to_the_same_person(
    name: str, form: str, parts: str
) -> None:
    names = Names(SECRET, [name])
    letters = list(plain_name(invented(names, name)))
    expected = parts.format(*letters, 王=plain_name(invented(names, "王")))
    assert plain_name(invented(names, form)) == expected
    assert not set(plain_name(name)) & set(letters)


def test_among_many_people_each_has_one_invented_name_in_all_forms() -> None:
    pairs = [a + b for a in "雨晴思文梦若欣佳子嘉" for b in "涵萱琪婷怡雯妍彤宇轩"]
    real = [SURNAMES[at % 24] + pair for at, pair in enumerate(pairs)]
    real += [surname + letter for surname in SURNAMES[:12] for letter in "静敏丽芳娟"]
    names = Names(SECRET, real)
    for name in real:
        whole = invented(names, name)
        assert invented(names, name[1:] if len(name) > len("周静") else name)[-1] == whole[-1]
        if len(name) > len("周静"):
            assert invented(names, name[1:]) == whole[1:]
        assert invented(names, name[-1] * 2) == whole[-1] * 2
        assert invented(names, "小" + name[0]) == "小" + whole[0]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("李さくら", id="kana"),
        pytest.param("민수(Tom)", id="hangul"),
        pytest.param("Анна李", id="Cyrillic"),
        pytest.param("ก้อง", id="Thai"),
    ],
)
def test_a_name_with_letters_that_would_stay_gets_none(names: Names, name: str) -> None:
    assert names.invent(name) is None


@pytest.mark.parametrize("name", ["周𬸣", "Đặng", "Ｔｏｍ李", "𠮷野"])
def test_rare_and_wide_letters_are_exchanged_too(names: Names, name: str) -> None:
    assert not set(plain_name(invented(names, name))) & set(plain_name(name)) - set("aeiou")


def test_compound_surnames_become_compound_ones(names: Names) -> None:
    whole = invented(names, "欧阳明月")
    assert whole[:2] in COMPOUND_SURNAMES
    assert invented(names, "欧阳老师") == whole[:2] + "老师"
    assert invented(names, "欧阳") == whole[:2]
    assert invented(names, "明月") == whole[2:]


@pytest.mark.parametrize("letter", ["婷", "强", "宁" if "宁" in GIVEN_CLASSES[2] else "子", "栀"])
def test_a_letter_of_a_given_name_becomes_one_of_the_same_feel(names: Names, letter: str) -> None:
    group = next(each for each in GIVEN_CLASSES if letter in each)
    made = invented(names, letter)
    assert made in group
    assert made != letter


def test_latin_names_stay_latin_and_keep_their_case(names: Names) -> None:
    alice = invented(names, "alice")
    assert invented(names, "Alice") == alice.capitalize()
    assert invented(names, "ALICE") == alice.upper()
    first, last = invented(names, "Alice Chen").split()
    assert (first, invented(names, "Chen")) == (alice.capitalize(), last)
    assert first in LATIN_NAMES
    assert last in LATIN_SURNAMES
    assert invented(names, "Emily") in WOMENS_LATIN


@pytest.mark.parametrize(
    ("nickname", "shape"),
    [
        pytest.param("~奶茶三分糖~", r"~[一-鿿]{5}~", id="decorated"),
        pytest.param("躺平ing", r"[一-鿿]{2}[a-z]+", id="two scripts"),
        pytest.param("咕噜🦌", r"[一-鿿]{2}🦌", id="emoji"),
        pytest.param("mimi_2008", r"[a-z]{4}_\d{4}", id="handle"),
        pytest.param("wxid_ab12cd34ef56gh", r"wxid_[a-z]{2}\d\d[a-z]{2}\d\d[a-z]{2}\d\d[a-z]{2}",
                     id="account"),
        pytest.param("J.", r"[A-Z]\.", id="initial"),
    ],
)  # fmt: skip
def test_a_nickname_keeps_length_script_and_decoration(
    names: Names, nickname: str, shape: str
) -> None:
    made = invented(names, nickname)
    assert re.fullmatch(shape, made)
    assert made != nickname


def test_an_invented_name_is_never_a_real_one_nor_holds_or_is_part_of_one() -> None:
    real = [
        s + a + b
        for s in SURNAMES[:40]
        for a, b in zip("雨晴思文子宇", "涵萱远博轩泽", strict=True)
    ]
    real += ["小" + surname for surname in SURNAMES[:40]]
    names = Names(SECRET, real)
    held = set(real)
    blob = "\n".join(real)
    for name in real:
        made = invented(names, name)
        assert made not in held
        assert made not in blob
        pieces = {made[i:j] for i in range(len(made)) for j in range(i + 2, len(made) + 1)}
        assert not pieces & held


def test_different_people_get_different_names() -> None:
    real = [s + a + b for s in SURNAMES[:60] for a in "雨晴思" for b in "涵宇博明"]
    names = Names(SECRET, real)
    assert len({invented(names, name) for name in real}) == len(real)


def test_what_a_name_becomes_depends_on_the_secret_and_not_on_the_order() -> None:
    one, other = Names(SECRET, KNOWN), Names(SECRET, reversed(KNOWN))
    forms = [*KNOWN, "小周", "涵涵", "橙子"]
    assert [one.invent(each) for each in forms] == [other.invent(each) for each in reversed(forms)][
        ::-1
    ]
    stranger = Names(bytes(32), KNOWN)
    assert [one.invent(each) for each in KNOWN] != [stranger.invent(each) for each in KNOWN]


@given(
    text=st.text(
        st.sampled_from("周王欧阳小老阿雨涵橙子宝儿哥姐老师 ·_~1９Aaé陳ｂ🦌[微笑]"),
        min_size=1,
        max_size=12,
    )
)
def test_any_name_gets_the_same_invented_one_again_or_none(names: Names, text: str) -> None:
    made = names.invent(text)
    assert names.invent(text) == made
    if made is not None:
        assert plain_name(made) != plain_name(text)
        assert not names.is_real(made)


def test_a_letter_stands_in_one_class_and_nicknames_have_their_length() -> None:
    letters = "".join(GIVEN_CLASSES)
    assert len(letters) == len(set(letters))
    assert len(SURNAMES) == len(set(SURNAMES))
    for size, group in NICKNAMES.items():
        assert {len(name) for name in group} == {size}
        assert len(group) == len(set(group))
