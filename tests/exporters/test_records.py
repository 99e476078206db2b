"""Drafting: which messages enter, how they join, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.exporters import Draft, Reason, draft_record, enters, sharegpt_record
from curation.model import (
    PLACEHOLDERS,
    Conversation,
    EntryRules,
    GroupMode,
    Kind,
    Message,
    Side,
    Status,
)

ALL = EntryRules(stickers=True, media=True)
NO_MEDIA = EntryRules(stickers=True, media=False)
NOTHING = EntryRules(stickers=False, media=False)


def message(text: str, side: Side = Side.OTHER, kind: Kind = Kind.TEXT, **more: object) -> Message:
    base = Message(
        id=0, side=side, sender_name="", time=None, kind=kind, text=text, original_text=text
    )
    return replace(base, **more)  # type: ignore[arg-type]  # the field names are the test's own


def me(text: str, **more: object) -> Message:
    return message(text, Side.ME, **more)  # type: ignore[arg-type]  # as above


def conversation(*messages: Message) -> Conversation:
    numbered = tuple(replace(each, id=at) for at, each in enumerate(messages, start=1))
    return Conversation(id=1, version=1, chat="", status=Status.APPROVED, messages=numbered)


def draft(*messages: Message, rules: EntryRules = NO_MEDIA) -> Draft:
    whole = conversation(*messages)
    return draft_record(whole, {each.id: each.text for each in whole.messages}, rules)


def said(result: Draft) -> list[str]:
    return [turn.text for turn in result.turns]


@pytest.mark.parametrize(
    ("given_message", "rules", "expected"),
    [
        pytest.param(message("你好"), NOTHING, True, id="words"),
        pytest.param(message("好呀", kind=Kind.QUOTE, reply_to="去吗"), NOTHING, True, id="reply"),
        pytest.param(message("  \n "), ALL, False, id="blank"),
        pytest.param(message("\u200b\ufeff"), ALL, False, id="invisible"),
        pytest.param(message("你好", deleted=True), ALL, False, id="deleted"),
        pytest.param(message("[已撤回]", kind=Kind.RECALL), ALL, False, id="recalled"),
        pytest.param(message("以上是打招呼的内容", kind=Kind.SYSTEM), ALL, False, id="system"),
        pytest.param(message("[拍一拍]", kind=Kind.POKE), ALL, False, id="poke"),
        pytest.param(message("[委屈]", kind=Kind.STICKER), NO_MEDIA, True, id="sticker"),
        pytest.param(message("[委屈]", kind=Kind.STICKER), NOTHING, False, id="sticker unwanted"),
        pytest.param(message("[语音]", kind=Kind.VOICE), NO_MEDIA, False, id="voice"),
        pytest.param(message("[语音]", kind=Kind.VOICE), ALL, True, id="voice wanted"),
        pytest.param(message("到家啦", kind=Kind.VOICE), NOTHING, True, id="voice in words"),
        pytest.param(message("[文件] 简历.pdf", kind=Kind.FILE), NO_MEDIA, False, id="file"),
        pytest.param(message("[图片]", kind=Kind.IMAGE), ALL, True, id="image wanted"),
        pytest.param(
            message("看我家猫！", kind=Kind.IMAGE, original_text="[图片]"),
            NOTHING,
            True,
            id="words written over a placeholder",
        ),
        pytest.param(
            message("[图片] 猫", kind=Kind.IMAGE, original_text="[图片]"),
            NOTHING,
            False,
            id="placeholder with a remark",
        ),
        pytest.param(
            message("[大哭]", kind=Kind.STICKER, original_text="[委屈]"),
            NOTHING,
            False,
            id="sticker written over a sticker",
        ),
        pytest.param(
            message("[微笑]好吧", kind=Kind.IMAGE, original_text="[图片]"),
            NOTHING,
            True,
            id="words that start with a code",
        ),
    ],
)
def test_a_message_enters_by_its_kind_and_the_rules(
    given_message: Message, rules: EntryRules, *, expected: bool
) -> None:
    assert enters(given_message, rules) is expected


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind in PLACEHOLDERS])
def test_no_placeholder_enters_where_nothing_is_wanted(kind: Kind) -> None:
    assert not enters(message(PLACEHOLDERS[kind], kind=kind), NOTHING)


def test_a_run_of_one_side_becomes_one_turn_with_newlines() -> None:
    result = draft(message("在吗"), message("在吗在吗"), me("在"), me("咋啦~"))
    assert said(result) == ["在吗\n在吗在吗", "在\n咋啦~"]
    assert [turn.message_ids for turn in result.turns] == [(1, 2), (3, 4)]


def test_what_does_not_enter_does_not_cut_a_run() -> None:
    result = draft(
        message("看"),
        message("[图片]", kind=Kind.IMAGE),
        me("x", deleted=True),
        message("可爱吧"),
        me("哈哈哈"),
    )
    assert said(result) == ["看\n可爱吧", "哈哈哈"]


def test_leading_me_and_trailing_other_are_left_out_and_named() -> None:
    result = draft(
        me("早"), me("起了没"), message("起了"), me("乖"), message("嗯嗯"), message("走啦")
    )
    assert said(result) == ["起了", "乖"]
    assert (result.leading, result.trailing) == ((1, 2), (5, 6))


@pytest.mark.parametrize(
    ("messages", "reason", "leading", "trailing"),
    [
        pytest.param([], Reason.NOTHING_ENTERS, (), (), id="no message"),
        pytest.param([message(" ")], Reason.NOTHING_ENTERS, (), (), id="nothing to read"),
        pytest.param([me("a"), me("b")], Reason.ONLY_ME, (1, 2), (), id="monologue"),
        pytest.param([message("a")], Reason.ONLY_OTHER, (), (1,), id="never answered"),
        pytest.param([me("a"), message("b")], Reason.NO_ANSWER, (1,), (2,), id="the wrong way"),
    ],
)
def test_a_conversation_without_an_answer_gives_no_turns_and_a_reason(
    messages: list[Message], reason: Reason, leading: tuple[int, ...], trailing: tuple[int, ...]
) -> None:
    result = draft(*messages)
    assert (result.turns, result.reason) == ((), reason)
    assert (result.leading, result.trailing) == (leading, trailing)


@pytest.mark.parametrize(
    ("messages", "turns", "lost"),
    [
        pytest.param(
            [message("早"), message("我好了", background="刚出院"), me("太好了")],
            ["早\n（背景：刚出院）\n我好了", "太好了"],
            (),
            id="before a message of the other",
        ),
        pytest.param(
            [message("在吗"), me("在", background="刚睡醒")],
            ["在吗\n（背景：刚睡醒）", "在"],
            (),
            id="before the first message of me",
        ),
        pytest.param(
            [message("在吗"), me("在"), me("哈", background="一小时后")],
            ["在吗\n（背景：一小时后）", "在\n哈"],
            (),
            id="inside a run of me",
        ),
        pytest.param(
            [me("早", background="周一"), message("早呀"), me("嗯")],
            ["早呀", "嗯"],
            (1,),
            id="above the first human turn",
        ),
        pytest.param(
            [message("a"), me("b"), message("c", background="后来")],
            ["a", "b"],
            (3,),
            id="with a trailing message",
        ),
        pytest.param(
            [
                message("[图片]", kind=Kind.IMAGE, background="一张照片"),
                message("看"),
                me("哇"),
            ],
            ["（背景：一张照片）\n看", "哇"],
            (),
            id="before an image that does not enter",
        ),
        pytest.param(
            [message("看"), message("[图片]", kind=Kind.IMAGE, background="一张照片"), me("哇")],
            ["看\n（背景：一张照片）", "哇"],
            (),
            id="before an image that me answers",
        ),
        pytest.param(
            [message("a", background="没了", deleted=True), message("b"), me("c")],
            ["b", "c"],
            (),
            id="of a deleted message",
        ),
        pytest.param(
            [message("a"), me("b"), message("[图片]", kind=Kind.IMAGE, background="尾")],
            ["a", "b"],
            (3,),
            id="at the very end",
        ),
        pytest.param([me("a", background="独白")], [], (1,), id="without any turn"),
    ],
)
def test_a_background_stands_in_a_human_turn_or_is_reported_lost(
    messages: list[Message], turns: list[str], lost: tuple[int, ...]
) -> None:
    result = draft(*messages)
    assert said(result) == turns
    assert result.lost_backgrounds == lost


def test_the_masked_text_is_exported_not_the_message_own() -> None:
    whole = conversation(message("我的号13812345678"), me("好"))
    result = draft_record(whole, {1: "我的号〔电话〕", 2: "好"}, NO_MEDIA)
    assert said(result) == ["我的号〔电话〕", "好"]


VOICE = st.sampled_from(
    [
        *["(｡•́︿•̀｡)", "<(｀^´)>", "<3", ">_<", "(>﹏<)", "T_T", "<|T_T|>", "╯︵┻━┻"],
        *["[委屈]", "[捂脸][捂脸]", "哈哈哈哈", "~~~", "！！！", "!!!???", "。。。", "666"],
        *["👨\u200d👩\u200d👧", "❤\ufe0f", "<script>", "$x$"],
    ]
)


def by(pseudonym: str, text: str, **more: object) -> Message:
    return message(text, pseudonym=pseudonym, sender_name=f"真名{pseudonym}", **more)  # type: ignore[arg-type]  # as above


def group_draft(mode: GroupMode, *messages: Message) -> Draft:
    whole = replace(conversation(*messages), group=mode)
    return draft_record(whole, {each.id: each.text for each in whole.messages}, NO_MEDIA)


PARTY = (
    by("甲", "周末去哪"),
    by("甲", "爬山吧"),
    by("乙", "我不去"),
    by("甲", "那吃饭"),
    me("我去"),
)


def test_a_pseudonym_stands_wherever_the_speaker_of_a_group_changes() -> None:
    result = group_draft(GroupMode.MERGE, *PARTY, by("乙", "几点"), me("六点"))
    assert said(result) == [
        "甲：周末去哪\n爬山吧\n乙：我不去\n甲：那吃饭",
        "我去",
        "乙：几点",
        "六点",
    ]
    assert result.bystanders == ()


def test_in_a_chat_of_two_no_pseudonym_stands() -> None:
    assert said(draft(*PARTY))[0] == "周末去哪\n爬山吧\n我不去\n那吃饭"


def test_exchanges_keep_whom_i_answered_and_name_the_bystanders() -> None:
    result = group_draft(GroupMode.EXCHANGES, *PARTY, by("乙", "没人理我"))
    assert said(result) == ["周末去哪\n爬山吧\n那吃饭", "我去"]
    assert (result.bystanders, result.trailing) == ((3,), (6,))


def test_exchanges_keep_whose_words_i_quoted() -> None:
    answer = me("为啥", kind=Kind.QUOTE, reply_to="我不去")
    result = group_draft(GroupMode.EXCHANGES, *PARTY[:-1], answer)
    assert said(result) == ["我不去", "为啥"]
    assert result.bystanders == (1, 2, 4)


def test_exchanges_tell_several_apart_whom_i_answered_at_once() -> None:
    answers = [
        me("为啥", kind=Kind.QUOTE, reply_to="我不去"),
        me("好", kind=Kind.QUOTE, reply_to="那吃饭"),
    ]
    result = group_draft(GroupMode.EXCHANGES, by("丙", "早"), *PARTY[:-1], *answers)
    assert said(result)[0] == "甲：周末去哪\n爬山吧\n乙：我不去\n甲：那吃饭"
    assert result.bystanders == (1,)


def test_what_a_person_added_to_a_group_is_no_bystanders() -> None:
    added = message("你说呢", added=True)
    result = group_draft(GroupMode.EXCHANGES, *PARTY[:-1], added, me("好"))
    assert said(result) == ["周末去哪\n爬山吧\n那吃饭\n你说呢", "好"]
    assert said(group_draft(GroupMode.MERGE, by("甲", "在"), added, me("好")))[0] == (
        "甲：在\n你说呢"
    )


def test_the_background_of_a_bystander_stands_before_who_follows() -> None:
    result = group_draft(
        GroupMode.EXCHANGES, by("乙", "早", background="雨天"), by("甲", "去吗"), me("去")
    )
    assert said(result)[0] == "（背景：雨天）\n去吗"
    assert result.lost_backgrounds == ()


TEXTS = st.one_of(VOICE, st.text(max_size=8), st.lists(VOICE, min_size=1, max_size=3).map("".join))
MESSAGES = st.lists(
    st.builds(
        message,
        text=TEXTS,
        side=st.sampled_from(Side),
        kind=st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.TEXT, *Kind]),
        deleted=st.booleans(),
        background=st.one_of(st.just(""), TEXTS),
        pseudonym=st.sampled_from(["甲", "乙", ""]),
    ),
    max_size=12,
)
GROUPS = st.sampled_from([None, *GroupMode])


@given(MESSAGES, st.builds(EntryRules, stickers=st.booleans(), media=st.booleans()))
def test_every_draft_is_a_record_that_trainers_accept_or_has_a_reason(
    messages: list[Message], rules: EntryRules
) -> None:
    result = draft(*messages, rules=rules)
    if not result.turns:
        assert result.reason
        return
    record = sharegpt_record(result.turns, "你是小满。")
    assert list(record) == ["conversations", "system", "tools"]
    items = record["conversations"]
    assert (items[0]["from"], items[-1]["from"]) == ("human", "gpt")
    assert all(one["from"] != two["from"] for one, two in pairwise(items))
    for item in items:
        assert list(item) == ["from", "value"]
        assert item["value"] == item["value"].strip() != ""


@given(MESSAGES, GROUPS)
def test_every_entering_message_is_in_a_turn_or_named_as_left_out(
    messages: list[Message], group: GroupMode | None
) -> None:
    whole = replace(conversation(*messages), group=group)
    result = draft_record(whole, {each.id: each.text for each in whole.messages}, NO_MEDIA)
    named = [*(mark for turn in result.turns for mark in turn.message_ids)]
    named += [*result.leading, *result.trailing, *result.bystanders]
    assert len(named) == len(set(named))
    wanted = {each.id for each in whole.messages if enters(each, NO_MEDIA)}
    # A text of nothing but control characters has nothing left to enter.
    assert set(named) <= wanted
    assert all(
        any(ord(letter) < 0x20 for letter in each.text)
        for each in whole.messages
        if each.id in wanted - set(named)
    )


@given(MESSAGES)
def test_no_background_is_ever_in_an_answer(messages: list[Message]) -> None:
    marked = [replace(each, background="幕后" if each.background else "") for each in messages]
    assert not any("（背景：幕后）" in turn.text for turn in draft(*marked).turns[1::2])


@given(st.lists(VOICE, min_size=1, max_size=6).map("".join))
def test_faces_codes_and_laughter_survive_byte_for_byte(text: str) -> None:
    result = draft(message(text), me(text))
    record = sharegpt_record(result.turns, "你")
    assert [item["value"] for item in record["conversations"]] == [text.strip(), text.strip()]
