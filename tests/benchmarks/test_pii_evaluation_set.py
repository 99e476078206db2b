"""The evaluation set is what its README says: well formed, valid, apart from the unit tests."""

from __future__ import annotations

import ast
import hashlib
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from benchmarks.evaluation_set import (
    CHATS,
    ENTITIES,
    HALVES,
    PARTS,
    Line,
    parse_chats,
    parse_message,
    read_chats,
    read_part,
)

UNIT_TESTS = Path(__file__).parents[1] / "pii"
SET = {part: read_part(part) for part in PARTS}
TALKS = {part: read_chats(part) for part in CHATS}
ID_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
READ = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def values(entity: str) -> list[str]:
    """Every value of an entity in all parts, in half-width signs and digits without separators."""
    found = [
        re.sub(
            r"[^0-9A-Za-z()]", "", unicodedata.normalize("NFKC", line.value(mark)).translate(READ)
        )
        for lines in SET.values()
        for line in lines
        for mark in line.marks
        if mark.entity == entity
    ]
    assert found
    return found


def is_trap(line: Line) -> bool:
    return not line.marks


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_big_enough_and_nearly_half_traps(part: str) -> None:
    lines = SET[part]
    assert len(lines) >= 600
    assert sum(map(is_trap, lines)) >= 0.45 * len(lines)
    assert all(is_trap(line) == ("traps:" in line.topic) for line in lines)


def test_half_of_the_whole_set_is_traps() -> None:
    lines = [line for part in PARTS for line in SET[part]]
    assert 2 * sum(map(is_trap, lines)) >= len(lines)


@pytest.mark.parametrize("part", PARTS)
def test_every_entity_is_in_each_part(part: str) -> None:
    counts = Counter(mark.entity for line in SET[part] for mark in line.marks)
    assert set(counts) == set(ENTITIES)
    assert min(counts.values()) >= 2


def test_both_halves_have_the_same_mix() -> None:
    topics = [Counter(line.topic for line in SET[half]) for half in HALVES]
    assert topics[0].keys() == topics[1].keys()
    assert all(abs(topics[0][topic] - topics[1][topic]) <= 1 for topic in topics[0])


def test_no_message_stands_twice() -> None:
    texts = Counter(line.text for lines in SET.values() for line in lines)
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_message_is_a_case_of_the_unit_tests() -> None:
    cases = set()
    for path in UNIT_TESTS.glob("*.txt"):
        cases.update(path.read_text(encoding="utf-8").splitlines())
    for path in UNIT_TESTS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        cases.update(value for value in nodes if isinstance(value, str))
    assert len(cases) > 100
    messages = {line.text for lines in SET.values() for line in lines if not is_trap(line)}
    traps = {line.text for lines in SET.values() for line in lines if is_trap(line)}
    # A trap such as 666666 may well stand somewhere in the tests; whole sentences may not.
    shared = (messages | {trap for trap in traps if len(set(trap)) >= 6}) & cases
    assert shared == set()


@pytest.mark.parametrize("part", CHATS)
def test_chats_have_two_sides_and_values_that_only_those_around_tell(part: str) -> None:
    talks = TALKS[part]
    assert len(talks) >= 90
    assert all(len(talk) >= 3 for talk in talks)
    # In a few only one side speaks: a group whose owner reads, notes to oneself.
    assert sum(len({said.mine for said in talk}) == 1 for talk in talks) <= len(talks) // 50
    lines = [said.line for talk in talks for said in talk]
    assert len(lines) >= 800
    assert 2 * sum(map(is_trap, lines)) >= len(lines)
    bare = [line for line in lines if any(line.value(mark) == line.text for mark in line.marks)]
    assert len(bare) >= 0.04 * len(lines)


def test_a_line_of_a_chat_is_said_by_somebody() -> None:
    source = "## chat: door\n> 门密码\n< ⟦PASSWORD|8806⟧\n## chat: door\n> 到了"
    first, second = parse_chats(source, "chats.txt")
    assert [(said.mine, said.line.text) for said in first] == [(False, "门密码"), (True, "8806")]
    assert [said.line.number for said in second] == [5]
    for malformed in ("> 在\n", "## chat: x\n在", "## chat: x\n> 在\n\n> 嗯"):
        with pytest.raises(ValueError, match=r"line [0-9]: nobody says it"):
            parse_chats(malformed, "chats.txt")


@pytest.mark.parametrize("markup", ["⟦PHONE|1⟧", "⟦PERSON|王", "王⟧", "⟦PERSON|⟧", "⟦person|王⟧"])
def test_malformed_markup_is_refused(markup: str) -> None:
    with pytest.raises(ValueError, match=r"unknown entity|without its mark"):
        parse_message(markup)


def test_marks_cover_their_values() -> None:
    text, marks = parse_message(r"⟦PERSON|王小⟧：\n号⟦QQ_NUMBER|12345⟧哈")
    assert text == "王小：\n号12345哈"
    assert [(mark.entity, text[mark.start : mark.end]) for mark in marks] == [
        ("PERSON", "王小"),
        ("QQ_NUMBER", "12345"),
    ]


def passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def passes_id_check(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_CARD_WEIGHTS, strict=False))
    born = number[6:14]
    date(int(born[:4]), int(born[4:6]), int(born[6:]))
    return "10X98765432"[total % 11] == number[17].upper()


def passes_taiwan_check(number: str) -> bool:
    digits = [*divmod(TAIWAN_LETTERS.index(number[0]) + 10, 10), *map(int, number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def passes_hong_kong_check(number: str) -> bool:
    letters = [36, *(int(letter, 36) for letter in number if letter not in "()")]
    weighted = zip(letters, range(9, 0, -1), strict=True)
    return sum(letter * weight for letter, weight in weighted) % 11 == 0


def passes_base58_check(address: str) -> bool:
    number = 0
    for letter in address:
        number = number * 58 + BASE58.index(letter)
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def passes_bech32_check(address: str) -> bool:
    prefix, _, data = address.rpartition("1")
    checksum = 1
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    for value in expanded + [BECH32.index(letter) for letter in data]:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum == (1 if data[0] == "q" else 0x2BC830A3)


def test_id_cards_have_right_check_digits() -> None:
    kinds: Counter[str] = Counter()
    for number in values("CN_ID_CARD"):
        if len(number) == 18:
            kinds["18"] += passes_id_check(number)
        elif number.endswith(")") or len(number) == len("A1234567"):
            kinds["Hong Kong"] += passes_hong_kong_check(number)
        elif number[0].isalpha():
            kinds["Taiwan"] += passes_taiwan_check(number)
        else:
            date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
            kinds["15"] += len(number) == 15
    assert sum(kinds.values()) == len(values("CN_ID_CARD"))
    assert set(kinds) == {"18", "15", "Taiwan", "Hong Kong"}


def test_bank_cards_pass_luhn() -> None:
    assert [v for v in values("BANK_CARD") if not passes_luhn(v) or not 15 <= len(v) <= 19] == []


def test_ibans_pass_mod_97() -> None:
    for iban in values("IBAN_CODE"):
        number = int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4]))
        assert number % 97 == 1, iban


def test_wallets_have_right_checksums() -> None:
    for wallet in values("CRYPTO"):
        if wallet.startswith("0x"):
            assert re.fullmatch("0x[0-9a-fA-F]{40}", wallet), wallet
        elif wallet.startswith("bc1"):
            assert passes_bech32_check(wallet), wallet
        else:
            assert passes_base58_check(wallet), wallet
