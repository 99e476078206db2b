"""What each format costs to write, to check and to read back, against ShareGPT.

    python benchmarks/formats.py [--records 5000] [--runs 3]

Writes invented records of twelve turns in every format, run by run, checks the files and reads them
back. Prints medians of processor time and their ratio to ShareGPT, and the highest memory beyond
that of the records. Fails if what is read is not what was written.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections import defaultdict
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import peak_megabytes, timed
from curation.exporters import FORMATS, TRAITS, Extras, Format, plain_record, sharegpt_record
from curation.model import Side, Turn

TURNS = 12
SAID = (
    *("在吗", "吃了吗", "哈哈哈哈", "[委屈]", "今天下雨了", "明天一起去看电影吧", "我刚到家~"),
    *("好的", "(｡•́︿•̀｡)", "你说呢", "❤️", "周末有空吗", "老板又让加班", "<image>"),
)

Record = dict[str, Any]


def invented(count: int) -> list[Record]:
    """Return extended records of three lines a turn."""
    chosen = random.Random(7)
    extras = Extras(("",) * TURNS, "", dict.fromkeys(TRAITS, ""))
    return [
        sharegpt_record(
            [
                Turn((Side.OTHER, Side.ME)[at % 2], "\n".join(chosen.choices(SAID, k=3)))
                for at in range(TURNS)
            ],
            "你是小满，慢热，爱笑。",
            extras,
        )
        for _each in range(count)
    ]


def measured(form: Format, records: list[Record], path: Path) -> list[float]:
    """Return the seconds of writing, checking and reading."""
    wrote = timed(lambda: form.write(path, records))
    problems: list[str] = []
    checked = timed(lambda: problems.extend(form.check(path)))
    read = timed(lambda: sum(1 for _each in form.read(path)))
    pairs = zip_longest(form.read(path), records)
    if problems or any(again != before for again, before in pairs):
        sys.exit(f"{form.name}: what was read is not what was written")
    return [wrote.processor, checked.processor, read.processor]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    extended = invented(options.records)
    plain = [plain_record(each) for each in extended]
    before = peak_megabytes()
    took: defaultdict[str, list[list[float]]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        for _run in range(options.runs):
            for form in FORMATS:
                records = extended if form.extended else plain
                took[form.name].append(measured(form, records, Path(folder) / form.train))
    medians = {
        name: [statistics.median(run[at] for run in runs) for at in range(3)]
        for name, runs in took.items()
    }
    base = medians[FORMATS[0].name]
    print(f"{options.records} records of {TURNS} turns; seconds, and times ShareGPT")
    for name, seconds in medians.items():
        cells = (
            f"{word} {each:6.2f} {each / of:5.2f}x"
            for word, each, of in zip(("write", "check", "read"), seconds, base, strict=True)
        )
        print(f"{name:18}", *cells)
    print(f"memory beyond the records: {peak_megabytes() - before:.0f} MB at its highest")


if __name__ == "__main__":
    main()
