"""How much of a talk is sent, and in which order: as trained models know it."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.chatting import Limits, Options, Role, Said, alternating, checked_options, fitted
from curation.errors import EndpointError

ME: Final = Role.USER
IT: Final = Role.ASSISTANT
TALKS: Final = st.lists(st.builds(Said, st.sampled_from(Role), st.text("在吗好 \n", max_size=6)))
WIDE: Final = Limits(1000, 1000)


def talk(*texts: str) -> list[Said]:
    """Return a talk in which both take turns, the person first."""
    return [Said(IT if n % 2 else ME, text) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("history", "sent"),
    [
        pytest.param(talk("在吗"), talk("在吗"), id="a first question"),
        pytest.param(talk("在吗", "在", "吃了没"), talk("在吗", "在", "吃了没"), id="as it is"),
        pytest.param(
            [Said(IT, "嗨"), *talk("在吗")], talk("在吗"), id="the model cannot have begun"
        ),
        pytest.param(
            [Said(ME, "在吗"), Said(ME, "人呢")], [Said(ME, "在吗\n人呢")], id="twice in a row"
        ),
        pytest.param(talk("在吗", "", "人呢"), [Said(ME, "在吗\n人呢")], id="no answer came"),
        pytest.param(talk("在吗", "在"), talk("在吗"), id="the person says the last"),
        pytest.param(talk("  "), [], id="nothing said"),
    ],
)
def test_both_take_turns_and_the_person_begins_and_ends(
    history: list[Said], sent: list[Said]
) -> None:
    assert alternating(history) == sent


@given(TALKS)
def test_whatever_was_said_turns_alternate_and_no_word_of_the_person_is_lost(
    history: list[Said],
) -> None:
    turns = alternating(history)
    assert [each.role for each in turns] == [IT if n % 2 else ME for n in range(len(turns))]
    assert not turns or turns[-1].role is ME
    mine = "".join(each.text for each in turns if each.role is ME)
    spoken = "".join(each.text for each in history if each.role is ME)
    assert mine.split() == [] or "".join(mine.split()) == "".join(spoken.split())


def test_the_oldest_pairs_go_first_and_the_last_question_stays() -> None:
    history = talk("一" * 30, "二" * 30, "三" * 30, "四" * 30, "五" * 10)
    kept = fitted("六" * 20, history, Limits(120, 1000), 50, len)
    assert kept == tuple(history[2:])
    assert fitted("六" * 20, history, Limits(1000, 1000), 50, len) == tuple(history)


def test_room_is_left_for_the_answer() -> None:
    history = talk("一" * 30, "二" * 30, "三" * 10)
    assert len(fitted("", history, Limits(1000, 200), 50, len)) == 3
    assert len(fitted("", history, Limits(1000, 200), 150, len)) == 1


@given(TALKS.filter(alternating), st.integers(40, 120))
def test_what_is_sent_fits_and_takes_turns(history: list[Said], room: int) -> None:
    try:
        kept = fitted("人设", history, Limits(room, 1000), 10, len)
    except EndpointError:
        return
    assert sum(len(each.text) for each in kept) <= room
    assert alternating(kept) == list(kept)
    assert kept[-1] == alternating(history)[-1]


@pytest.mark.parametrize(
    ("system", "history", "sentence"),
    [
        pytest.param("", [], "nothing to answer", id="nothing"),
        pytest.param("", talk("长" * 200), "What you wrote is too long", id="too much typed"),
        pytest.param("长" * 200, talk("在吗"), "system text is too long", id="too long a persona"),
    ],
)
def test_what_cannot_fit_is_said(system: str, history: list[Said], sentence: str) -> None:
    with pytest.raises(EndpointError, match=sentence) as caught:
        fitted(system, history, Limits(100, 1000), 10, len)
    assert not caught.value.fatal


@pytest.mark.parametrize(
    "options",
    [
        Options(temperature=2.5),
        Options(temperature=float("nan")),
        Options(context=100),
        Options(most_tokens=0),
        Options(most_tokens=3000, context=4096),
    ],
)
def test_settings_that_make_no_sense_are_refused(options: Options) -> None:
    with pytest.raises(EndpointError):
        checked_options(options)


def test_the_usual_settings_are_the_warm_ones_and_pass() -> None:
    assert checked_options(Options()).temperature == 0.9
