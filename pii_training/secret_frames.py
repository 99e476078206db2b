"""Fills the frames of invented messages with invented values."""

from __future__ import annotations

import random
import re
import string
from typing import TYPE_CHECKING, Final

from curation.pii.name_lists import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SYLLABLES: Final = words(
    "xiao bao bei le le mi mao tu zi dou ya hua yu chen lin wang zhang li zhao yang fan kai "
    "xin ai ni wo jia men ping an fa cai tian shi gou niu long hu ma shan hai feng yun xing "
    "yue qing qiu dong nan bei jing lu tang guo chi he shui dian deng chuan che lao da hei "
    "bai hong lan zi yi er san si wu liu qi ba jiu"
)
WORDS: Final = words(
    "sunny happy lucky coffee summer winter tiger panda monkey orange lemon apple cookie blue "
    "moon star river music dance hello welcome guest office home love baby dragon flower "
    "smile honey milk tea rabbit dog cat"
)
NUMERALS: Final = "零一二三四五六七八九"
SPOKEN: Final = "洞幺二三四五六拐八九"
FORMAL: Final = "零壹贰叁肆伍陆柒捌玖"
LOWER: Final = string.ascii_lowercase
SAFE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
ANY: Final = string.ascii_letters + string.digits + "#$!@"
SIGNS: Final = "@#!_-.$&*"
SLOT: Final = re.compile(r"\{([a-z0-9]+)\}")


class Inventor:
    """Draws invented values; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def one(self, of: str | list[str] | tuple[str, ...]) -> str:
        """Return one of several."""
        return self._draw.choice(of)

    def digits(self, count: int) -> str:
        """Return so many digits, sometimes as people like them."""
        draw = self._draw
        way = draw.random()
        if way < 0.08:
            return draw.choice(string.digits) * count
        if way < 0.14:
            return ("".join(draw.choices(string.digits, k=2)) * count)[:count]
        if way < 0.18:
            return "1234567890123456"[:count]
        if way < 0.4 and count in (4, 6, 8):
            month, day = draw.randint(1, 12), draw.randint(1, 28)
            year = draw.randint(1950, 2025)
            return {4: f"{month:02}{day:02}", 6: f"{year % 100:02}{month:02}{day:02}"}.get(
                count, f"{year}{month:02}{day:02}"
            )
        return "".join(draw.choices(string.digits, k=count))

    def plain(self, count: int) -> str:
        """Return so many digits."""
        first = self.one("123456789")
        return first + "".join(self._draw.choices(string.digits, k=count - 1))

    def word(self) -> str:
        """Return letters that read as Chinese or English."""
        if self._draw.random() < 0.2:
            return self.one(WORDS) + (self.one(WORDS) if self._draw.random() < 0.4 else "")
        return "".join(self._draw.choices(SYLLABLES, k=self._draw.randint(2, 5)))

    def mixed(self) -> str:
        """Return letters and digits, as passwords have them."""
        draw = self._draw
        word, number = self.word(), self.digits(draw.choice([2, 3, 4, 4, 4, 6, 8]))
        ways = {
            word[:10] + number: 35,
            "".join(draw.choices(LOWER, k=draw.randint(2, 3))) + number: 15,
            word[:8].capitalize() + draw.choice(SIGNS) + number: 12,
            word[:8] + draw.choice("_@#.-") + number: 8,
            "".join(draw.choices(SAFE, k=draw.randint(6, 10))): 8,
            number + draw.choice(["", "_", "@"]) + word[:8]: 6,
            word[:7].capitalize() + number: 6,
            "".join(draw.choices(ANY, k=draw.randint(8, 12))): 5,
            word[:6] + draw.choice("_-") + self.word()[:7]: 5,
        }
        return draw.choices(list(ways), list(ways.values()))[0]

    def spelled(self, count: int) -> str:
        """Return numerals to read out."""
        way = self._draw.random()
        of = NUMERALS if way < 0.75 else SPOKEN if way < 0.93 else FORMAL
        return "".join(self._draw.choices(of, k=count))

    def apart(self) -> str:
        """Return digits with blanks or dashes between."""
        draw = self._draw
        way = draw.random()
        if way < 0.4:
            return " ".join(draw.choices(string.digits, k=draw.choice([3, 4, 4, 6, 6])))
        if way < 0.6:
            return "-".join(draw.choices(string.digits, k=draw.choice([3, 4, 4])))
        if way < 0.85:
            return draw.choice(" -").join(self.digits(3) for _ in range(2))
        return draw.choice(" -").join(self.digits(2) for _ in range(3))

    def order(self) -> str:
        """Return the number of an order or a parcel."""
        way = self._draw.random()
        if way < 0.4:
            return self.one(["SF", "YT", "JD", "ZTO", "HM", "DD", "NO"]) + self.plain(12)
        return self.plain(self._draw.choice([8, 10, 12, 13, 15]))

    def slots(self) -> dict[str, Callable[[], str]]:
        """Return what fills each slot that is no list."""
        draw = self._draw

        def count(low: int, high: int) -> str:
            return self.plain(draw.randint(low, high))

        def otp() -> str:
            return self._code(draw.choice([4, 4, 4, 6, 6, 6, 6, 6, 6, 5, 7, 8]))

        return {
            "d3": lambda: self.digits(3),
            "d4": lambda: self.digits(4),
            "d5": lambda: self.plain(5),
            "d6": lambda: self.digits(6),
            "d8": lambda: self.digits(8),
            "d10": lambda: self.plain(10),
            "d12": lambda: self.plain(12),
            "d13": lambda: self.plain(13),
            "d2x": lambda: self.plain(2) + "右转" + self.plain(2),
            "d4m": lambda: "".join(draw.choices(SAFE + "ABCDEFGH", k=4)),
            "l4": lambda: "".join(draw.choices(LOWER, k=4)),
            "digit": lambda: draw.choice(string.digits),
            "dial": lambda: "-".join(f"{draw.randint(0, 99):02}" for _ in range(3)),
            "pin": lambda: self.digits(draw.choice([4, 4, 4, 4, 6, 6, 6, 6, 5, 7, 8, 8])),
            "pw": lambda: (
                self.mixed() if draw.random() < 0.86 else self.digits(draw.choice([6, 8, 8]))
            ),
            "mixed": lambda: "".join(
                draw.choices(SAFE.upper() if draw.random() < 0.5 else SAFE, k=draw.randint(6, 12))
            ),
            "mixed2": lambda: draw.choice("ABCDEF") + self.plain(draw.choice([1, 2])),
            "word": self.word,
            "cap": lambda: self.word()[:8].capitalize() + self.digits(4),
            "keys": lambda: draw.choice(["{}#", "{}*", "#{}", "*{}#", "#{}#", "*{}"]).format(
                self.digits(draw.choice([4, 4, 6]))
            ),
            "say": lambda: self.spelled(draw.choice([4, 4, 4, 6, 6, 3])),
            "nx": lambda: draw.choice("四六八4683") + "个" + draw.choice("零一二五六七八九0168"),
            "apart": self.apart,
            "osay": lambda: self.spelled(draw.choice([4, 6, 6])),
            "oapart": lambda: (
                " ".join(self._code(6))
                if draw.random() < 0.3
                else self._code(3) + draw.choice([" ", " ", "-"]) + self._code(3)
            ),
            "otp": otp,
            "otp4": lambda: self._code(4),
            "otp6": lambda: self._code(6),
            "app16": lambda: "".join(draw.choices(LOWER, k=16)),
            "steam": lambda: "".join(draw.choices(SAFE.upper(), k=5)),
            "pw0": lambda: draw.choice(["是", "为", "成", ""]),
            "pin0": lambda: draw.choice(["是", " ", ""]),
            "otp0": lambda: draw.choice(["是", "多少 ", ""]),
            "n1": lambda: self.plain(1),
            "n2": lambda: self.plain(2),
            "n3": lambda: self.plain(3),
            "n4": lambda: (
                self.plain(4) if draw.random() < 0.6 else str(draw.randint(10, 99)) + "00"
            ),
            "n5": lambda: self.plain(draw.choice([4, 5, 5])),
            "price": lambda: draw.choice(
                [count(2, 4), count(1, 3) + ".9", count(2, 3) + ".80", count(2, 3) + "99"]
            ),
            "clock": lambda: draw.choice(["{}:{}0", "{}点{}0", "{}:{}5", "{}点"]).format(
                draw.randint(6, 23), draw.randint(0, 5)
            ),
            "date": lambda: draw.choice(["{}月{}号", "{}-{}", "{}.{}", "{}月{}日"]).format(
                draw.randint(1, 12), draw.randint(1, 28)
            ),
            "model": lambda: draw.choice(
                [
                    "iPhone{}",
                    "Mate{}",
                    "RTX{}0",
                    "X{}0",
                    "A{}",
                    "小米{}",
                    "CR20{}",
                    "U{}",
                    "i7-{}00",
                    "BCD-2{}",
                    "DS-{}5",
                    "华为P{}",
                    "KFR-{}GW",
                ]
            ).format(self.plain(2)),
            "ver": lambda: f"{draw.randint(1, 20)}.{draw.randint(0, 9)}.{draw.randint(0, 20)}",
            "order": self.order,
            "shelf": lambda: f"{draw.randint(1, 20)}-{draw.randint(1, 9)}-{self.plain(4)}",
            "phone": lambda: "1" + draw.choice("35789") + self.plain(9),
            "hot": lambda: draw.choice(
                ["10086", "95588", "12306", "12345", "95533", "4008123123", "110", "12315"]
            ),
            "otpm": lambda: "".join(draw.choices(SAFE.upper(), k=draw.choice([4, 5, 6]))),
            "hash": lambda: "".join(draw.choices("0123456789abcdef", k=32)),
            "hash7": lambda: "".join(draw.choices("0123456789abcdef", k=7)),
            "uid": lambda: count(7, 10),
            "mid": lambda: draw.choice(["{} {} {}", "{}-{}-{}", "{}{}{}"]).format(
                self.plain(3), self.plain(3), self.plain(3)
            ),
            "apart4": lambda: draw.choice([" ", "-"]).join(self.plain(4) for _ in range(3)),
            "ssid": lambda: draw.choice(
                [
                    "TP-LINK_{}",
                    "CMCC-{}",
                    "HUAWEI-{}",
                    "Xiaomi_{}",
                    "ChinaNet-{}",
                    "{}_5G",
                    "guest_{}",
                    "home{}",
                ]
            ).format("".join(draw.choices(SAFE, k=4))),
            "user": lambda: draw.choice(
                [
                    self.word()[:9],
                    self.word()[:8] + self.digits(2),
                    self.word()[:5] + "_" + self.word()[:4],
                    self.word()[:7] + self.digits(4),
                ]
            ),
            "easy": lambda: draw.choice(
                [
                    "123456",
                    "000000",
                    "111111",
                    "888888",
                    "1234",
                    "0000",
                    "abc123",
                    "666666",
                    "12345678",
                    "生日",
                ]
            ),
            "flight": lambda: draw.choice(["CA", "MU", "CZ", "HU", "3U"]) + self.plain(4),
            "laugh": lambda: draw.choice(
                ["666", "6666", "2333", "233333", "111", "999", "5555", "hhh", "88", "1", "777"]
            ),
            "url": lambda: (
                "https://pan.example.com/s/1" + "".join(draw.choices(string.ascii_letters, k=9))
            ),
            "brand": lambda: draw.choice(
                [
                    "某宝",
                    "云杉银行",
                    "青团出行",
                    "蓝莓商城",
                    "小鹿外卖",
                    "北辰证券",
                    "禾木酒店",
                    "知秋读书",
                    "金桥支付",
                    "南风航空",
                    "麦田招聘",
                    "拾光影视",
                    "橙心通信",
                    "白桦医院",
                ]
            ),
        }

    def _code(self, count: int) -> str:
        return "".join(self._draw.choices(string.digits, k=count))


def filled(frames: str, seed: int, times: int) -> Iterator[str]:
    """Yield each message of `frames` so many times, filled in differently, in the markup."""
    lists: dict[str, list[str]] = {}
    messages: list[str] = []
    name = ""
    for line in frames.splitlines():
        if line.startswith("@"):
            name = line[1:]
        elif name:
            lists[name] = line.split("|") if "|" in line else line.split(" ")
            name = ""
        elif line.strip() and not line.startswith("#"):
            messages.append(line)
    inventor = Inventor(seed)
    slots = inventor.slots()

    def fill(match: re.Match[str]) -> str:
        word = match[1]
        return inventor.one(lists[word]) if word in lists else slots[word]()

    for message in messages:
        for _ in range(times if "{" in message else 1):
            yield SLOT.sub(fill, message)
