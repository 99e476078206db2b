from __future__ import annotations

import pytest

from benchmarks.label_sets import FOLDER, LATER, read_examples, read_messages
from benchmarks.labels import KINDS, measure, measure_feelings
from curation.labels import Feeling

EXAMPLES = read_examples()


def test_half_of_the_set_are_traps() -> None:
    traps = [each for each in EXAMPLES if not each.expected]
    assert len(EXAMPLES) >= 150
    assert len(traps) >= 0.45 * len(EXAMPLES)


def test_no_conversation_stands_there_twice() -> None:
    everything = [*EXAMPLES, *read_examples(LATER)]
    talks = [tuple(said.text for said in each.talk) for each in everything]
    assert len(set(talks)) == len(talks)


def test_a_marked_jump_lies_within_its_conversation() -> None:
    jumps = [each for each in EXAMPLES if each.expected == "jump"]
    assert all(1 < each.jump <= len(each.talk) for each in jumps)
    assert all(not each.jump for each in EXAMPLES if each.expected != "jump")


@pytest.mark.parametrize("what", KINDS)
def test_the_rules_are_mostly_right_where_they_speak(what: str) -> None:
    score = measure(EXAMPLES, what)
    assert score.precision >= 0.85
    assert score.recall >= 0.6


def test_feelings_are_mostly_right_where_the_rules_speak() -> None:
    assert {true for true, _text in read_messages()} == {"", *Feeling}
    score = measure_feelings()
    assert score.precision >= 0.9
    assert score.recall >= 0.8


def test_without_times_the_rules_say_less_and_are_still_right() -> None:
    untimed = [each.without_times() for each in EXAMPLES]
    score = measure(untimed, "jump")
    assert score.precision >= 0.8
    assert score.said < measure(EXAMPLES, "jump").said


def test_the_readme_tells_how_many_there_are() -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f": {len(EXAMPLES)}, of " in told
    assert f"The {len(read_examples(LATER))} conversations of `later.txt`" in told
    assert f"the {len(read_messages())} messages of `feelings.txt`" in told
