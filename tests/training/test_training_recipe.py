"""The recipe: what is suggested for which dataset and card, and what a person chose instead."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.training import (
    GPU_MEMORY,
    MODELS,
    OPTIONS,
    RENTED_MEMORY,
    DatasetSize,
    Method,
    Recipe,
    Told,
    Value,
    fits,
    memory_need,
    recommend,
)

SIZES = st.builds(
    DatasetSize,
    records=st.integers(0, 200_000),
    longest=st.integers(0, 20_000),
    held_out=st.sampled_from((0, 0, 30, 400)),
)
CARDS = st.sampled_from(GPU_MEMORY)
CHOICES = st.fixed_dictionaries(
    {}, optional={value: st.sampled_from(options) for value, options in OPTIONS.items()}
)


def recipe(records: int, memory: int, **chosen: str | float) -> Recipe:
    wanted = {Value(name): value for name, value in chosen.items()}
    return recommend(DatasetSize(records, longest=700), memory, wanted)


def reasons(made: Recipe) -> list[Told]:
    return [setting.reason for setting in made.settings.values()] + list(made.warnings)


@pytest.mark.parametrize(
    ("records", "memory", "model", "method"),
    [
        (300, 6, "Qwen3-1.7B", "qlora"),
        (300, 8, "Qwen3-4B-Instruct-2507", "qlora"),
        (300, 12, "Qwen3-8B", "qlora"),
        (300, 16, "Qwen3-8B", "qlora"),
        (300, 24, "Qwen3-8B", "lora"),
        (300, 80, "Qwen3-8B", "lora"),
        (3000, 6, "Qwen3-1.7B", "qlora"),
        (3000, 12, "Qwen3-8B", "qlora"),
        (3000, 16, "Qwen3-14B", "qlora"),
        (3000, 24, "Qwen3-14B", "qlora"),
        (3000, 48, "Qwen3-14B", "lora"),
        (20_000, 8, "Qwen3-4B-Instruct-2507", "qlora"),
        (20_000, 80, "Qwen3-14B", "lora"),
    ],
)
def test_the_largest_model_that_fits_and_that_the_data_can_teach_is_suggested(
    records: int, memory: int, model: str, method: str
) -> None:
    made = recipe(records, memory)
    assert (made.text(Value.MODEL), made.text(Value.METHOD)) == (model, method)


@pytest.mark.parametrize(
    ("records", "adapter", "epochs", "at_once", "validation"),
    [
        pytest.param(20, (8, 5e-5), 2, 8, 0, id="too few to spare any"),
        pytest.param(100, (8, 5e-5), 2, 8, 20, id="a fifth, as the number needs some"),
        pytest.param(300, (8, 5e-5), 2, 16, 10, id="few"),
        pytest.param(499, (8, 5e-5), 2, 16, 10, id="one short of enough"),
        pytest.param(500, (16, 1e-4), 2, 16, 10, id="enough"),
        pytest.param(3000, (16, 1e-4), 2, 16, 10, id="typical"),
        pytest.param(5001, (32, 1e-4), 2, 32, 5, id="many"),
        pytest.param(50_000, (32, 1e-4), 1, 32, 1, id="once is enough"),
    ],
)
def test_the_values_follow_the_number_of_conversations(
    records: int, adapter: tuple[int, float], epochs: int, at_once: int, validation: int
) -> None:
    made = recipe(records, 24)
    rank, rate = adapter
    assert made.whole(Value.RANK) == rank
    assert made.whole(Value.ALPHA) == 2 * rank
    assert made.number(Value.LEARNING_RATE) == rate
    assert made.whole(Value.EPOCHS) == epochs
    assert made.whole(Value.BATCH) * made.whole(Value.ACCUMULATION) == at_once
    assert made.whole(Value.VALIDATION) == validation
    assert made.validates == bool(validation)
    assert (made.whole(Value.PATIENCE) > 0) == made.validates


@pytest.mark.parametrize(
    ("longest", "memory", "cutoff"),
    [
        (0, 24, 2048),
        (200, 24, 512),
        (700, 24, 1024),
        (1000, 24, 2048),
        (9000, 24, 4096),
        (3000, 16, 2048),
        (3000, 8, 1024),
        (0, 6, 1024),
    ],
)
def test_the_length_is_what_nearly_all_records_need_as_far_as_the_card_has_room(
    longest: int, memory: int, cutoff: int
) -> None:
    made = recommend(DatasetSize(3000, longest=longest), memory)
    assert made.whole(Value.CUTOFF) == cutoff


def test_under_five_hundred_conversations_it_warns() -> None:
    assert any("(499 here)" in str(warning) for warning in recipe(499, 24).warnings)
    assert recipe(500, 24).warnings == ()


def test_a_part_for_validation_is_used_instead_of_a_random_share() -> None:
    made = recommend(DatasetSize(3000, held_out=200), 24)
    assert made.whole(Value.VALIDATION) == 0
    assert made.validates
    assert made.trained_records == 3000
    assert "200" in str(made.settings[Value.VALIDATION].reason)


@given(SIZES, CARDS)
def test_what_is_suggested_fits_the_card_and_can_be_chosen(size: DatasetSize, memory: int) -> None:
    made = recommend(size, memory)
    assert fits(made.need, memory or RENTED_MEMORY)
    for value, setting in made.settings.items():
        assert setting.value in OPTIONS[value]
        assert not setting.chosen


@given(SIZES, CARDS, st.integers(0, 100_000))
def test_more_data_never_gives_more_epochs_nor_a_smaller_model(
    size: DatasetSize, memory: int, more: int
) -> None:
    larger = DatasetSize(size.records + more, longest=size.longest, held_out=size.held_out)
    before, after = recommend(size, memory), recommend(larger, memory)
    assert after.whole(Value.EPOCHS) <= before.whole(Value.EPOCHS)
    assert after.whole(Value.RANK) >= before.whole(Value.RANK)
    assert after.number(Value.DROPOUT) <= before.number(Value.DROPOUT)
    assert after.whole(Value.CUTOFF) == before.whole(Value.CUTOFF)


@given(SIZES, CARDS, CARDS)
def test_more_memory_never_gives_a_smaller_model_or_shorter_texts(
    size: DatasetSize, one: int, other: int
) -> None:
    small, large = sorted((one or RENTED_MEMORY, other or RENTED_MEMORY))
    before, after = recommend(size, small), recommend(size, large)
    assert after.model.billions >= before.model.billions or (
        after.whole(Value.CUTOFF) > before.whole(Value.CUTOFF)
    )
    assert after.whole(Value.CUTOFF) >= before.whole(Value.CUTOFF)


@given(SIZES, CARDS, CHOICES)
def test_what_was_chosen_stands_and_says_so_and_every_reason_is_a_whole_sentence(
    size: DatasetSize, memory: int, chosen: dict[Value, str | float]
) -> None:
    made = recommend(size, memory, chosen)
    fixed = {Value.VALIDATION} if size.held_out else set()
    fixed |= set() if made.validates else {Value.PATIENCE}
    for value, wanted in chosen.items():
        if value not in fixed:
            assert made.settings[value].value == wanted
    for value, setting in made.settings.items():
        if setting.chosen:
            assert setting.value == chosen[value]
            assert "You chose this" in setting.reason.template
    for reason in reasons(made):
        assert not re.search(r"[{}]", str(reason))
        assert str(reason).endswith((".", "。"))


def test_what_follows_from_a_choice_is_reckoned_anew() -> None:
    usual, changed = recipe(3000, 24), recipe(3000, 24, rank=64)
    assert changed.whole(Value.ALPHA) == 2 * 64
    assert changed.settings[Value.ALPHA].reason == usual.settings[Value.ALPHA].reason
    full = recipe(3000, 80, model="Qwen3-0.6B", method="full")
    assert full.number(Value.LEARNING_RATE) == 1e-5
    assert full.warnings == ()


def test_choosing_what_is_suggested_is_no_choice_of_ones_own() -> None:
    made = recipe(3000, 24, rank=16)
    assert not made.settings[Value.RANK].chosen


@pytest.mark.parametrize(
    ("value", "nonsense"),
    [
        ("rank", 17),
        ("model", "../../etc/passwd"),
        ("method", ""),
        ("epochs", 1e9),
        ("learning_rate", float("nan")),
        ("target", "all\nreport_to: wandb"),
    ],
)
def test_what_cannot_be_chosen_is_not_taken(value: str, nonsense: str | float) -> None:
    assert recipe(3000, 24, **{value: nonsense}) == recipe(3000, 24)


@pytest.mark.parametrize(
    ("chosen", "warning"),
    [
        ({"model": "Qwen3-32B"}, "more than 24 GB have room for"),
        ({"batch": 16}, "more than 24 GB have room for"),
        ({"model": "Qwen2.5-72B-Instruct"}, "a licence of its own"),
        ({"epochs": 10}, "10 epochs over 3,000 conversations"),
    ],
)
def test_a_choice_that_goes_wrong_is_warned_of(
    chosen: dict[str, str | float], warning: str
) -> None:
    assert any(warning in str(each) for each in recipe(3000, 24, **chosen).warnings)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_holding_a_model_in_four_bits_takes_least_and_full_tuning_most(model: object) -> None:
    found = next(each for each in MODELS if each is model)
    needs = [memory_need(found, method, 1024) for method in (Method.QLORA, Method.LORA)]
    assert needs[0] < needs[1] < memory_need(found, Method.FULL, 1024)
    assert memory_need(found, Method.QLORA, 2048) > needs[0]


@pytest.mark.parametrize(
    ("name", "method", "gigabytes"),
    [
        pytest.param("Qwen2.5-7B-Instruct", Method.LORA, 16, id="LoRA, 7B"),
        pytest.param("Qwen2.5-7B-Instruct", Method.QLORA, 6, id="QLoRA, 7B"),
        pytest.param("Qwen2.5-14B-Instruct", Method.LORA, 32, id="LoRA, 14B"),
        pytest.param("Qwen2.5-14B-Instruct", Method.QLORA, 12, id="QLoRA, 14B"),
        pytest.param("Qwen2.5-7B-Instruct", Method.FULL, 120, id="full, 7B"),
        pytest.param("Qwen2.5-72B-Instruct", Method.QLORA, 48, id="QLoRA, 70B"),
    ],
)
def test_a_need_is_near_the_trainers_own_table_and_never_below_it(
    name: str, method: Method, gigabytes: int
) -> None:
    model = next(each for each in MODELS if each.name == name)
    assert gigabytes <= memory_need(model, method, 512) <= 1.4 * gigabytes


@given(SIZES, CARDS)
def test_the_reason_of_a_method_names_the_memory_that_the_whole_recipe_takes(
    size: DatasetSize, memory: int
) -> None:
    made = recommend(size, memory)
    told = made.settings[Value.METHOD].reason.values[made.method.value]
    assert told == f"{made.need:.0f}"


def test_of_files_that_hold_nothing_back_nothing_is_held_back() -> None:
    made = recommend(DatasetSize(3000, divided=True), 24, {Value.VALIDATION: 10})
    assert not made.validates
    assert made.trained_records == 3000
    assert "without measuring" in str(made.settings[Value.VALIDATION].reason)
    assert made.whole(Value.PATIENCE) == 0
