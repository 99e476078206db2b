"""Messages that are left out of a record for what was found in them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from curation.exporters import Reason, draft_record, enters
from curation.model import Conversation, EntryRules, GroupMode, Kind, Message, Side, Status

RULES = EntryRules()
MESSAGES = st.lists(
    st.builds(
        Message,
        id=st.just(0),
        side=st.sampled_from(Side),
        sender_name=st.just(""),
        time=st.none(),
        kind=st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.STICKER, Kind.SYSTEM]),
        text=st.sampled_from(["好", "在吗", " ", "[捂脸]"]),
        original_text=st.just("好"),
        pseudonym=st.sampled_from(["甲", "乙"]),
        deleted=st.booleans(),
        background=st.sampled_from(["", "周一"]),
    ),
    max_size=12,
)


@given(
    messages=MESSAGES,
    remove=st.frozensets(st.integers(1, 12)),
    group=st.sampled_from([None, *GroupMode]),
)
def test_every_message_that_could_enter_is_in_one_place(
    messages: list[Message], remove: frozenset[int], group: GroupMode | None
) -> None:
    numbered = tuple(replace(each, id=at) for at, each in enumerate(messages, start=1))
    whole = Conversation(
        id=1, version=1, chat="", status=Status.APPROVED, messages=numbered, group=group
    )
    texts = {each.id: each.text for each in numbered}
    draft = draft_record(whole, texts, RULES, remove)
    places = [
        *(mark for turn in draft.turns for mark in turn.message_ids),
        *draft.leading,
        *draft.trailing,
        *draft.bystanders,
        *draft.removed,
    ]
    assert sorted(places) == [each.id for each in numbered if enters(each, RULES)]
    assert set(draft.removed) == remove & set(places) - set(draft.bystanders)
    assert bool(draft.turns) == (draft.reason == "")
    if not draft.turns and draft.removed:
        assert draft.reason is Reason.REMOVED


def test_what_stood_on_both_sides_of_a_removed_message_is_one_turn() -> None:
    said = [(Side.OTHER, "一"), (Side.ME, "二"), (Side.OTHER, "三"), (Side.ME, "四")]
    messages = tuple(
        Message(at, side, "", None, Kind.TEXT, text, text)
        for at, (side, text) in enumerate(said, start=1)
    )
    whole = Conversation(1, 1, "", Status.APPROVED, messages)
    draft = draft_record(whole, {each.id: each.text for each in messages}, RULES, {2})
    assert [turn.text for turn in draft.turns] == ["一\n三", "四"]
    assert draft.removed == (2,)
