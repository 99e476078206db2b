"""How fast PII is found, against pandas.read_csv of the same messages, and how often wrongly.

    python benchmarks/detection.py [--rows 50000] [--runs 3] [--dialogue FILE]

Writes a CSV of invented messages, one in fifty with PII, then in turn, run by run: reads it with
pandas.read_csv, and finds the PII in its messages. Prints medians and their ratio, and how many of
the planted values were found.

With `--dialogue FILE`, or RUWO_DIALOGUE set, it also reads a CSV of real chat lines with a column
`Utterance` (the CPED validation split, for one), and prints every finding there: in scripted
dialogue each is probably false. Without it that part is skipped.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation.pii import Detector

WORDS = [
    *("今天", "晚上", "一起", "吃饭", "好呀", "哈哈哈哈", "到家", "告诉我", "下雨", "带伞"),
    *("周末", "电影", "猫", "又", "胖了", "真的", "吗", "我", "觉得", "可以"),
    *("[捂脸]", "[委屈]", "(*^▽^*)", "~", "!!!", "嗯嗯", "加班", "好累", "QAQ", "晚安"),
    *("明天", "见", "知道", "里", "外面", "学校", "喜欢", "没有", "怎么", "什么"),
    *("那个", "这样", "然后", "但是", "因为", "所以", "公司", "回来", "出去", "睡觉"),
    *("起床", "咖啡", "奶茶", "火锅", "开心", "生气", "想你", "宝贝", "早安", "3点"),
    *("20块", "路上", "小区"),
]
PLANTED = (
    "13812345678",
    "138-1234-5678",
    "翻斗花园3号楼1001",
    "李家村3组",
    "北京市朝阳区建国路88号",
    "lihua@163.com",
    "密码是abc12345",
    "11010519491231002X",
    "6222021234567890128",
    "验证码 395820",
)
PLANTED_EVERY = 50


def invented_messages(rows: int, seed: int) -> list[str]:
    """Return `rows` messages of about eleven characters, every fiftieth with a planted value."""
    draw = random.Random(seed)
    messages = []
    for row in range(rows):
        words = draw.choices(WORDS, k=draw.randint(1, 8))
        if row % PLANTED_EVERY == 0:
            words.insert(draw.randint(0, len(words)), f" {draw.choice(PLANTED)} ")
        messages.append("".join(words))
    return messages


def measure(rows: int, runs: int) -> None:
    """Print how long detection takes in units of reading the same messages from a CSV file."""
    began = time.perf_counter()
    detector = Detector()
    detector.detect("13812345678")
    print(f"start-up, once per process   {time.perf_counter() - began:8.2f} s")
    reading, detecting = [], []
    found = 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "messages.csv"
        for run in range(runs):
            pd.DataFrame({"text": invented_messages(rows, run)}).to_csv(path, index=False)
            began = time.perf_counter()
            texts = pd.read_csv(path)["text"].tolist()
            reading.append(time.perf_counter() - began)
            began = time.perf_counter()
            findings = detector.detect_many(texts)
            detecting.append(time.perf_counter() - began)
            found = sum(bool(findings[row]) for row in range(0, rows, PLANTED_EVERY))
    read, detect = statistics.median(reading), statistics.median(detecting)
    planted = len(range(0, rows, PLANTED_EVERY))
    print(f"pandas.read_csv              {rows / read:8.0f} messages/s")
    print(f"detection                    {rows / detect:8.0f} messages/s")
    print(f"detection / read_csv         {detect / read:8.1f} x")
    print(f"messages with a planted value found  {found} of {planted}")


def check_dialogue(path: Path) -> None:
    """Print throughput and every finding in a CSV of real chat lines."""
    texts = pd.read_csv(path, encoding="utf-8-sig")["Utterance"].dropna().astype(str).tolist()
    detector = Detector()
    detector.detect("13812345678")
    began = time.perf_counter()
    findings = detector.detect_many(texts)
    seconds = time.perf_counter() - began
    hit = [(text, found) for text, found in zip(texts, findings, strict=True) if found]
    for text, found in hit:
        print("   ", [(finding.entity, text[finding.start : finding.end]) for finding in found])
    print(f"dialogue                     {len(texts) / seconds:8.0f} messages/s")
    print(f"dialogue lines with findings {1000 * len(hit) / len(texts):8.2f} per 1,000")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dialogue", type=Path, default=os.environ.get("RUWO_DIALOGUE"))
    options = parser.parse_args()
    measure(options.rows, options.runs)
    if options.dialogue is None:
        print("dialogue                     skipped: no --dialogue FILE and no RUWO_DIALOGUE")
    else:
        check_dialogue(Path(options.dialogue))


if __name__ == "__main__":
    main()
