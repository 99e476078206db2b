"""Text on its way out: everything found in it is masked, but for the values decided to be kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import pii, store
from curation.model import Decision
from curation.workflow.detecting import detect_texts, detection_rules, valued

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from curation.model import Finding, Message
    from curation.store import Workspace

_ROUNDS: Final = 3
"""How often a text is searched again: a placeholder may bring together what stood apart."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may go out, and how many findings of each entity were masked in it."""

    text: str
    counts: Counter[str]


class Masker:
    """Masks text by what a person decided in one workspace; what is undecided is masked."""

    def __init__(self, workspace: Workspace) -> None:
        self._kept = frozenset(store.kept_values(workspace))
        self._rules = detection_rules(workspace)

    def mask_message(self, message: Message) -> str:
        """Return the text of a message with its own findings masked, but those decided `keep`."""
        if not message.findings:
            return message.text
        return pii.mask(message.text, message.findings)

    def mask_texts(self, texts: Sequence[str]) -> list[Masked]:
        """Return each text with everything masked that is found in it and not kept."""
        result = [Masked(text, Counter()) for text in texts]
        waiting = list(range(len(texts)))
        for _round in range(_ROUNDS):
            found = self.leaks([result[at].text for at in waiting])
            waiting = [at for at, findings in zip(waiting, found, strict=True) if findings]
            for at, findings in zip(waiting, filter(None, found), strict=True):
                text = pii.mask(result[at].text, findings)
                result[at] = Masked(text, result[at].counts + entity_counts(findings))
        return result

    def leaks(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return what is found in each text and is not a value decided `keep`."""
        return [
            self._without_kept(text, found)
            for text, found in zip(texts, detect_texts(texts, self._rules), strict=True)
        ]

    def _without_kept(self, text: str, found: Sequence[Finding]) -> list[Finding]:
        return [
            replace(each.finding, decision=Decision.MASK)
            for each in valued(text, found)
            if (each.finding.entity, each.value) not in self._kept
        ]


def entity_counts(findings: Iterable[Finding]) -> Counter[str]:
    """Return how many findings there are of each entity."""
    return Counter(each.entity for each in findings)
