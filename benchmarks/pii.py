"""How fast PII is found, against a plain loop over Presidio's analyzer that finds the same.

    python benchmarks/pii.py [--messages 200000] [--runs 3] [--plain 4000] [--job 1000000]
        [--dialogues cped_valid.csv [--column NAME]]

1. Cold start: in a fresh process, from the import to the first message searched.
2. The same findings, how much faster: run by run the same messages go through a plain loop over
   `AnalyzerEngine.analyze` (the same recognizers, spaCy's blank Chinese pipeline with jieba, the
   ordinary context enhancer; overlaps are settled the same way) and through this detector.
3. Messages a second of one core, for messages that repeat as chats do, and for all different ones,
   by rules alone and with the trained tagger.
4. One big job by one process and by two (0 leaves it out).

1 and the second half of 3 are with the trained tagger, as the program is used; 2 and 4 are the
rules alone.

Messages are invented: of a hundred two hold something private and fifteen what is like it.
`--dialogues` does 2 and 3 with the lines of a CSV as well. Numbers are medians over the runs, by
processor time but for 1 and 4.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from presidio_analyzer import AnalyzerEngine, LemmaContextAwareEnhancer, RecognizerRegistry

from benchmarks.dialogues import read_dialogues
from benchmarks.invented_chat import LIKELY, messages
from curation.model import DetectionRules
from curation.pii import Detector, search_batches
from curation.pii.engine import told
from curation.pii.folding import fold
from curation.pii.nlp import JiebaNlpEngine
from curation.pii.recognizers import contact_model, secret_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from presidio_analyzer.nlp_engine import NlpArtifacts

    from curation.model import Finding

COLD_START = (
    "import time; began, worked = time.perf_counter(), time.process_time()\n"
    "from curation.pii import Detector\n"
    "assert Detector().detect('打我电话13812345678')\n"
    "print(time.perf_counter() - began, time.process_time() - worked)\n"
)
BATCH = 10_000
INVENTED = {"as in a chat": False, "all different": True}
"""What invented messages are called, and whether they all differ."""
RULES = DetectionRules(tagger=False)


class EagerNlpEngine(JiebaNlpEngine):
    """The blank pipeline as Presidio's engines run it: every text is cut into words."""

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the artifacts of `text`."""
        return self.segment(text, language)


class PlainDetector(Detector):
    """Reads every message with Presidio's own engine."""

    def __init__(self) -> None:
        super().__init__(RULES)
        self._plain = AnalyzerEngine(
            registry=RecognizerRegistry(
                recognizers=list(self.analyzer.registry.recognizers), supported_languages=["zh"]
            ),
            nlp_engine=EagerNlpEngine(),
            supported_languages=["zh"],
            context_aware_enhancer=LemmaContextAwareEnhancer(),
        )

    def _read(self, text: str) -> list[Finding]:
        folded = fold(text)
        results = self._plain.analyze(folded, language="zh")
        return self._settled(text, folded, [told(result) for result in results])


class Work(NamedTuple):
    """What was found, and the processor time it took."""

    found: list[list[Finding]]
    seconds: float


def timed(search: Callable[[list[str]], list[list[Finding]]], texts: list[str]) -> Work:
    """Return what `search` finds and takes."""
    contact_model.forget()
    secret_model.forget()
    gc.collect()  # what earlier work left behind is not to be cleared away on this one's time
    began = time.process_time()
    found = search(texts)
    return Work(found, time.process_time() - began)


def cold_start(runs: int) -> None:
    """Print how long a fresh process takes until it has searched its first message."""
    taken = [
        subprocess.run(
            [sys.executable, "-c", COLD_START],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).resolve().parents[1],
        ).stdout.split()
        for _ in range(runs)
    ]
    clock, processor = (statistics.median(map(float, each)) for each in zip(*taken, strict=True))
    print(f"cold start: {clock:.2f} s, {processor:.2f} s of processor time (goal: below 3)")


def against_plain(detector: Detector, what: str, texts_of: Sequence[list[str]]) -> None:
    """Print how much faster than the plain loop the detector is; fail if findings differ.

    There is a run for each of the lists of texts.
    """
    plain = PlainDetector()
    plain.detect("我们走吧，13812345678")
    ratios, rates = [], []
    found = 0
    for texts in texts_of:
        slow = timed(lambda texts: [plain.detect(text) for text in texts], texts)
        fast = timed(detector.detect_many, texts)
        if slow.found != fast.found:
            sys.exit("the findings differ")
        found += sum(map(len, fast.found))
        ratios.append(slow.seconds / fast.seconds)
        rates.append(len(texts) / slow.seconds)
    print(
        f"{what}: {statistics.median(ratios):.1f} times as fast as the plain loop "
        f"({min(ratios):.1f}-{max(ratios):.1f}; it reads {statistics.median(rates):,.0f} "
        f"messages/s), the {found} findings in {sum(map(len, texts_of)):,} messages equal "
        "(goal: 15)"
    )


def throughput(
    detector: Detector, how: str, what: str, texts_of: Sequence[list[str]], goal: int
) -> None:
    """Print messages a second of one core; `how` says how they are searched, `what` which.

    There is a run for each of the lists of texts.
    """
    rates = [len(texts) / timed(detector.detect_many, texts).seconds for texts in texts_of]
    texts = texts_of[-1]
    likely = sum(1 for text in texts if LIKELY.search(text)) / len(texts)
    print(
        f"{how}, {what}: {statistics.median(rates):,.0f} messages/s of one core "
        f"({min(rates):,.0f}-{max(rates):,.0f}; {sum(map(len, texts)) / len(texts):.1f} "
        f"characters, {100 * likely:.0f} % behind the cheap prefilter, {len(set(texts)):,} of "
        f"{len(texts):,} different) (goal: {goal:,})"
    )


def big_job(detector: Detector, count: int, runs: int) -> None:
    """Print how long a job takes one process and two; fail if findings differ."""
    texts = messages(count, 1000)

    def batches() -> Iterator[tuple[int, list[list[str]]]]:
        for start in range(0, count, BATCH):
            yield start, [[text] for text in texts[start : start + BATCH]]

    taken: dict[int, list[Cost]] = {1: [], 2: []}
    found = []
    for _ in range(runs):
        for processes, costs in taken.items():
            before = cost()
            found.append(only_findings(search_batches(detector, batches(), count, processes)))
            costs.append(Cost(*(now - then for now, then in zip(cost(), before, strict=True))))
    if any(each != found[0] for each in found):
        sys.exit("the findings differ")
    one, two = (
        Cost(*(statistics.median(each) for each in zip(*costs, strict=True)))
        for costs in taken.values()
    )
    print(
        f"{count:,} messages: {one.clock:.1f} s by one process, {two.clock:.1f} s by two, start "
        f"included: {one.clock / two.clock:.2f} times as fast by the clock, the same findings; "
        f"processor time {one.own:.1f} s against {two.own:.1f} s beside {two.helpers:.1f} s: "
        f"at least {one.own / max(two.own, two.helpers):.2f} times as fast where two cores are free"
    )


def only_findings(
    searched: Iterable[tuple[int, list[list[list[Finding]]]]],
) -> list[tuple[int, Finding]]:
    """Return the findings with the numbers of their messages; most messages have none."""
    return sorted(
        (
            (start + place, each)
            for start, runs in searched
            for place, (findings,) in enumerate(runs)
            for each in findings
        ),
        key=lambda pair: (pair[0], pair[1].start),
    )


class Cost(NamedTuple):
    """Seconds: by the clock, of processor time of this process, and of those it started."""

    clock: float
    own: float
    helpers: float


def cost() -> Cost:
    """Return what was spent until now."""
    times = os.times()
    return Cost(
        times.elapsed, times.user + times.system, times.children_user + times.children_system
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plain", type=int, default=4_000, help="messages for the plain loop")
    parser.add_argument("--job", type=int, default=1_000_000, help="messages of the big job")
    parser.add_argument("--dialogues", type=Path, help="a CSV of what people said")
    parser.add_argument("--column", help="of it, where its texts are")
    options = parser.parse_args()
    runs = range(options.runs)

    def invented(count: int, *, distinct: bool) -> list[list[str]]:
        return [messages(count, 100 + run, distinct=distinct) for run in runs]

    many = {
        what: invented(options.messages, distinct=distinct) for what, distinct in INVENTED.items()
    }
    few = {what: invented(options.plain, distinct=distinct) for what, distinct in INVENTED.items()}
    if options.dialogues:
        said = read_dialogues(options.dialogues, options.column).texts
        many[options.dialogues.name] = few[options.dialogues.name] = [said for _ in runs]
    cold_start(options.runs)
    with_tagger = Detector()
    with_tagger.detect("收货地址翻斗花园3号楼1001，马冬梅")
    for what, texts_of in many.items():
        throughput(with_tagger, "with the trained tagger", what, texts_of, 8_000)
    detector = Detector(RULES)
    detector.detect("13812345678")
    for what, texts_of in few.items():
        against_plain(detector, what, texts_of)
    for what, texts_of in many.items():
        throughput(detector, "rules alone", what, texts_of, 50_000)
    if options.job:
        big_job(detector, options.job, options.runs)


if __name__ == "__main__":
    main()
