"""What every recognizer for Chinese chat has in common."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult

from curation.pii.folding import CHINESE_DIGITS, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from presidio_analyzer.nlp_engine import NlpArtifacts

    from curation.model import DetectionRules

WHY_KEY = "why"
"""Where a result's metadata carries the reason that becomes `Finding.why`."""

HAS_DIGIT: Final = re.compile("[0-9]")
HAS_LETTER: Final = re.compile("[A-Za-z]")
IN_CHINESE: Final = "".join(CHINESE_DIGITS)
NUMERAL: Final = "0-9" + IN_CHINESE
"""Of a class of characters: Chinese digits, and digits of both kinds."""
HAS_NUMERAL: Final = re.compile(f"[{NUMERAL}]")
"""The gate of all kinds whose digits may be spelled."""
ANYTHING: Final = re.compile("")
"""The gate of a recognizer that has a cheap `may_find` of its own."""


class Hit(NamedTuple):
    """A half-open span of the folded text with its score (0 to 1) and its reason."""

    start: int
    end: int
    score: float
    why: str


class Bound(NamedTuple):
    """What the hits of a recognizer cannot exceed, told by single characters and pairs of them.

    A hit begins with two characters of the folded text. It may lie where the sum is above zero of
    what the pair adds, what the characters beside add, and, unless the pair may be all of it, what
    the third character adds. Before and behind a text stands a line end.
    """

    first: re.Pattern[str]
    """The class of characters with which pairs begin that add anything."""
    pair: Callable[[str], tuple[float, float]]
    """What it adds as a whole hit, or as the beginning of one of which no more is known, and what
    it adds where it is a hit only together with the next character."""
    third: Callable[[str], float]
    before: Callable[[str], float]
    behind: Callable[[str], float]


class ChatRecognizer(LocalRecognizer):
    r"""A Presidio recognizer for one entity of Chinese chat.

    A subclass names its `ENTITY`, a `TRIGGER` without which a text cannot hold one, a still cheaper
    `GATE` that it shares with others, and yields hits from `find`. Python's `\b` counts Chinese
    letters as word letters, so patterns say what may stand beside a value with ASCII lookarounds.
    """

    ENTITY: ClassVar[str]
    TRIGGER: ClassVar[re.Pattern[str]]
    GATE: ClassVar[re.Pattern[str]] = HAS_DIGIT
    """What the text must hold anyhow; to be named where a value or its word needs no digit."""
    NEEDS: tuple[tuple[re.Pattern[str], int], ...] = ()
    """Further classes of characters, and how many of each every text holds that `TRIGGER` matches.

    Many texts at a time are told apart by them, which is much quicker than a search in each.
    """

    def __init__(self) -> None:
        self.name: str  # Presidio sets it to the class's own
        super().__init__(supported_entities=[self.ENTITY], supported_language="zh")

    def load(self) -> None:
        """Do nothing: the patterns are compiled with the module."""

    @classmethod
    def for_rules(cls, rules: DetectionRules) -> Self | None:  # noqa: ARG003  (some read them)
        """Return the recognizer as these rules want it, None where it has nothing to look for."""
        return cls()

    def gate(self) -> re.Pattern[str]:
        """Return what a text must hold anyhow, whatever this recognizer was made with."""
        return self.GATE

    def bound(self) -> Bound | None:
        """Return what its hits cannot exceed; None where nothing like that is known."""
        return None

    def may_find(self, text: str) -> bool:
        """Whether a folded text can hold a hit; said before anything dearer is asked."""
        return self.TRIGGER.search(text) is not None

    @abstractmethod
    def find(self, text: str) -> Iterator[Hit]:
        """Yield the hits of a folded text that matches `TRIGGER`; they may overlap."""

    def keeps_to_its_trigger(self) -> bool:
        """Whether it may be left unasked where `GATE` or `TRIGGER` does not match.

        A subclass that finds things in another way than by `find` is asked about every text.
        """
        usual = type(self).analyze is ChatRecognizer.analyze
        return usual and self.ENTITY in self.supported_entities

    def results(self, folded: str, *, explained: bool = False) -> list[RecognizerResult]:
        """Return the results for a folded text that matches `TRIGGER`, with explanations if asked.

        Presidio throws the explanations away again where nobody asked for the decision process.
        """
        results = []
        for hit in self.find(folded):
            result = RecognizerResult(
                self.ENTITY,
                hit.start,
                hit.end,
                hit.score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                    WHY_KEY: hit.why,
                },
            )
            if explained:
                result.analysis_explanation = AnalysisExplanation(
                    self.name, hit.score, textual_explanation=hit.why
                )
            results.append(result)
        return results

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002  (Presidio's signature)
    ) -> list[RecognizerResult]:
        """Return the results for `text`, offsets into it as it was given."""
        folded = fold(text)
        if self.ENTITY not in entities or not self.may_find(folded):
            return []
        return self.results(folded, explained=True)
