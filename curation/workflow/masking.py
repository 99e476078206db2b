"""Text on its way out: everything found in it is replaced, but for the values decided to be kept.

While a text is put together, what stands for a value is a mark: its placeholder with a number that
nobody can type. The search for private data sees marks and placeholders alike and finds nothing in
them, so invented values, which look like real ones, are written in at the very end, and it is known
to the letter where they stand.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from curation import exporters, pii, store
from curation.model import PERSONA_TEXTS, Decision, Finding, Replacement
from curation.pii.entities import WHY_OWN_TERM
from curation.workflow.clear_texts import ClearTexts
from curation.workflow.detecting import (
    ANSWERS,
    SPOKEN_KINDS,
    detect_texts,
    detection_rules,
    valued,
)
from curation.workflow.own_name import PERSON, as_name, as_names, is_own_name, own_names
from curation.workflow.personas import load_persona
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from curation.model import DetectionRules, Message, Persona
    from curation.store import Workspace

MASKED: Final = "masked"
KEPT: Final = "kept"
REMOVED: Final = "removed"

ONE_BY_ONE: Final = "one_by_one"
ALL_EQUAL: Final = "all_equal"
UNDECIDED: Final = "undecided"
OWN_TERM: Final = "own_term"
PERSONA_NAME: Final = "persona_name"

_CUSTOM_TERM: Final = "CUSTOM_TERM"
_ROUNDS: Final = 3
"""How often a text is searched again: a placeholder may bring together what stood apart."""

_FIRST_MARK: Final = 0x100000  # the last plane for private use: no chat app has signs there
_MARKS: Final = 0xFFFE
_MARK: Final = re.compile("〔[^〔〕\n]{1,12}[\U00100000-\U0010fffd]{1,4}〕")
_NUMBER: Final = re.compile("[\U00100000-\U0010fffd]+")
"""What tells a mark from a placeholder."""
_SHORTEST_CERTAIN_NAME: Final = 2
_AROUND: Final = 20  # letters shown on each side of something private


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a finding, and why: `outcome` masked, kept or removed; by whom; which way."""

    entity: str
    outcome: str
    by: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with marks, and the fates of what was found in it."""

    text: str
    fates: tuple[Fate, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """A half-open span of a finished text where a part of a value or an invented one stands."""

    entity: str
    start: int
    end: int


Values = frozenset[tuple[str, str]]
"""Values as (entity, canonical value)."""

NONE_KEPT: Final[Values] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A finished text, and where in it something stands for a value.

    `kept` are the values that stay in this very text, whatever becomes of them elsewhere.
    """

    text: str
    issued: tuple[Issued, ...] = ()
    kept: Values = NONE_KEPT


@dataclass(frozen=True, slots=True)
class Left:
    """Something private that is left in a finished text; `context` does not show it."""

    entity: str
    context: str


@dataclass(frozen=True, slots=True)
class Masking:
    """What masking goes by in one workspace: decisions, rules, names, and what stands for values.

    `written` are texts of the persona and beside conversations, whose values are real ones too.
    """

    kept: frozenset[tuple[str, str]]
    decided: Mapping[tuple[str, str], Decision]
    rules: DetectionRules
    public: frozenset[str]
    relations: frozenset[str]
    secret: bytes
    ways: Mapping[str, Replacement]
    values: frozenset[tuple[str, str]]
    written: tuple[str, ...]

    @classmethod
    def of(cls, workspace: Workspace, *, inventing: bool = True) -> Masking:
        """Return what masking goes by in a workspace.

        Whoever only searches need not read every value, which nothing invented may be: not
        `inventing`.
        """
        rules = detection_rules(workspace)
        persona = load_persona(workspace)
        return cls(
            kept=frozenset(store.kept_values(workspace)),
            decided=store.value_decisions(workspace),
            rules=rules,
            public=frozenset(own_names(persona, rules.names)),
            relations=_relations(persona, rules.names),
            secret=store.workspace_secret(workspace),
            ways=dict(load_settings(workspace).replacements),
            values=frozenset(store.found_values(workspace) if inventing else ()),
            written=(*store.written_backgrounds(workspace), *_fields(persona)) if inventing else (),
        )


class Masker:
    """Masks text by what a person decided in one workspace; what is undecided is masked.

    `removing` says whether messages that hold certain findings are left out.
    """

    def __init__(self, masking: Masking) -> None:
        self._kept = masking.kept
        self._decided = masking.decided
        self._rules = masking.rules
        self._known = as_names(self._rules.names)
        # A name that a person masks is masked wherever it stands.
        masked = frozenset(
            value.casefold()
            for (entity, value), decision in masking.decided.items()
            if entity == PERSON and decision is Decision.MASK
        )
        self._public = masking.public - masked
        self._relations = masking.relations - masked
        self._replacer = pii.Replacer(
            masking.secret,
            masking.ways,
            values=masking.values | self._values_in(masking.written),
            names=self._rules.names,
            spared=self._rules.exceptions,
        )
        self._noted: dict[tuple[str, str], pii.StandIn] | None = None
        self.removing = any(self._removes(entity) for entity in pii.ENTITIES)
        self._marks: dict[tuple[str, str], str] = {}
        self._stand_ins: dict[str, tuple[str, str]] = {}
        self._chosen: dict[tuple[str, str], pii.StandIn] = {}
        self._sources: dict[tuple[str, str], set[str]] = {}
        self._clear = ClearTexts()

    @contextmanager
    def noting(self, stand_ins: dict[tuple[str, str], pii.StandIn]) -> Iterator[None]:
        """Note what stands for (entity, value as it is written) in the block, in order."""
        self._noted = stand_ins
        try:
            yield
        finally:
            self._noted = None

    def gives(self, stand_ins: Mapping[tuple[str, str], pii.StandIn]) -> bool:
        """Whether these same things stand for these values here, too, met in this order.

        From here on they do in this process as well, as if it had met them itself.
        """
        mine = [self._stand_in(*key) for key in stand_ins]
        return mine == list(stand_ins.values())

    def know_clear(self, texts: Iterable[Written]) -> None:
        """Take for known that nothing is found in finished texts with placeholders in them."""
        self._clear.add([with_placeholders(each).text for each in texts if not each.kept])

    def kept_in(self, messages: Sequence[Message]) -> dict[int, Values]:
        """Return by message the values that a person keeps in it and not everywhere."""
        kept: dict[int, Values] = {}
        for message in messages:
            here = [each for each in message.findings if each.decision is Decision.KEEP]
            mine = frozenset(
                (each.finding.entity, each.value) for each in valued(message.text, here)
            )
            if mine - self._kept:
                kept[message.id] = mine - self._kept
        return kept

    def mask_messages(self, messages: Sequence[Message]) -> dict[int, str]:
        """Return the texts of a conversation's messages with marks for what does not stay."""
        parts = self._parts(messages)
        return {
            each.id: self._mask_message(each, parts.get(each.id, {}))
            if each.findings
            else each.text
            for each in messages
        }

    def _mask_message(self, message: Message, parts: Mapping[tuple[str, str], str]) -> str:
        hidden = [each for each in message.findings if not self.keeps(message, each)]

        def mark(entity: str, surface: str) -> str:
            return parts.get((entity, surface)) or self._mark(entity, surface)

        return pii.mask(message.text, hidden, mark) if hidden else message.text

    def _parts(self, messages: Sequence[Message]) -> dict[int, dict[tuple[str, str], str]]:
        """Return marks for values that go over from one message to the next, by message.

        What stands for such a value is made for the whole and parted again.
        """
        marks: dict[int, dict[tuple[str, str], str]] = {}
        for chain in self._chains(messages):
            entity = chain[0][1].entity
            surfaces = [owner.text[each.start : each.end] for owner, each in chain]
            stand_in = self._stand_in(entity, "\n".join(surfaces))
            pieces = stand_in.text.split("\n")
            if stand_in.way is Replacement.PLACEHOLDER or len(pieces) != len(surfaces):
                continue
            for (owner, _part), surface, piece in zip(chain, surfaces, pieces, strict=True):
                mark = pii.placeholder(entity)
                if not self._replacer.is_real(entity, piece):
                    mark = self._mark_for(entity, piece)
                elif stand_in.way is Replacement.PARTIAL:
                    # The part that is shown would be the whole of what this message holds.
                    mark = self._mark_for(entity, "*" * len(piece))
                marks.setdefault(owner.id, {})[entity, surface] = mark
        return marks

    def _chains(self, messages: Sequence[Message]) -> list[list[tuple[Message, Finding]]]:
        """Return the findings that are one value, sent in two messages or more, in order."""
        chains: list[list[tuple[Message, Finding]]] = []
        spoken = [each for each in messages if each.kind in SPOKEN_KINDS and not each.deleted]
        for first, second in pairwise(spoken):
            if first.side is not second.side or not first.findings or not second.findings:
                continue
            head = max(first.findings, key=lambda each: each.end)
            tail = min(second.findings, key=lambda each: each.start)
            if not self._belong_together(first, head, second, tail):
                continue
            if chains and chains[-1][-1] == (first, head):
                chains[-1].append((second, tail))
            else:
                chains.append([(first, head), (second, tail)])
        return chains

    def _belong_together(
        self, first: Message, head: Finding, second: Message, tail: Finding
    ) -> bool:
        """Whether two findings are one value that was sent in two messages."""
        alike = (head.entity, head.recognizer, head.score) == (
            tail.entity,
            tail.recognizer,
            tail.score,
        )
        touching = head.end == len(first.text) and tail.start == 0
        if not alike or not touching or self.keeps(first, head) or self.keeps(second, tail):
            return False
        # Two phones in a row are two: each of them is found without the other.
        alone = detect_texts([first.text, second.text], self._rules)
        return not any(
            each.entity == head.entity and (each.start, each.end) == (span.start, span.end)
            for found, span in zip(alone, (head, tail), strict=True)
            for each in found
        )

    def keeps(self, message: Message, finding: Finding) -> bool:
        """Return whether a finding of a message stays in its text."""
        return self.fate(message, finding).outcome == KEPT

    def removes(self, message: Message) -> bool:
        """Return whether a message is left out for what was found in it."""
        return self.removing and any(
            self._removes(each.entity) and not self.keeps(message, each)
            for each in message.findings
        )

    def fate(self, message: Message, finding: Finding) -> Fate:
        """Return what becomes of a finding of a message that is not left out."""
        surface = message.text[finding.start : finding.end]
        value = pii.canonical_value(finding.entity, surface)
        if finding.decision is Decision.PENDING:
            if is_own_name(finding, surface, self._public):
                return Fate(finding.entity, KEPT, PERSONA_NAME)
            return self._masked(finding.entity, surface, _by_itself(finding))
        same = self._decided.get((finding.entity, value)) is finding.decision
        by = ALL_EQUAL if same else ONE_BY_ONE
        if finding.decision is Decision.KEEP:
            return Fate(finding.entity, KEPT, by)
        if finding.why == WHY_OWN_TERM and not same:
            by = OWN_TERM
        return self._masked(finding.entity, surface, by)

    def mask_texts(
        self, texts: Sequence[str], *, system: bool = False, kept: Sequence[Values] = ()
    ) -> list[Masked]:
        """Return each text with marks for everything that is found in it and not kept.

        In a `system` text the persona's name and the words for relations stay; in every text, the
        values of `kept` at its place.
        """
        result = [Masked(text) for text in texts]
        kept = kept or [NONE_KEPT] * len(texts)
        known = self._clear.known(texts) if not system else [False] * len(texts)
        waiting = [at for at, clear in enumerate(known) if not clear]
        for _round in range(_ROUNDS):
            found = self.find(
                [result[at].text for at in waiting],
                system=system,
                kept=[kept[at] for at in waiting],
            )
            if not system:
                pairs = zip(waiting, found, strict=True)
                self._clear.add(
                    [result[at].text for at, some in pairs if not some and not kept[at]]
                )
            waiting = [at for at, findings in zip(waiting, found, strict=True) if findings]
            for at, findings in zip(waiting, filter(None, found), strict=True):
                before = result[at].text
                fates = tuple(self._fate_in(before, each) for each in findings)
                text = pii.mask(before, findings, self._mark)
                result[at] = Masked(text, result[at].fates + fates)
        return result

    def mask_answers(
        self, talks: Sequence[Sequence[str]], kept: Sequence[Sequence[Values]]
    ) -> list[list[Masked]]:
        """Return turns that follow one another, with marks for what a question makes private.

        That is what is found in the begin of an answer once it is read together with what the turn
        before asks.
        """
        result = [[Masked(text) for text in talk] for talk in talks]
        waiting = list(range(len(talks)))
        for _round in range(_ROUNDS):
            places = [
                (talk, answer)
                for talk in waiting
                for answer in _answers([each.text for each in result[talk]])
            ]
            found = self.find(
                [answer.text for _talk, answer in places],
                kept=[kept[talk][answer.turn] for talk, answer in places],
            )
            waiting = sorted(
                {talk for (talk, _answer), some in zip(places, found, strict=True) if some}
            )
            for (talk, answer), some in zip(places, found, strict=True):
                before = result[talk][answer.turn]
                here = answer.found_in(some)
                if here:
                    fates = tuple(self._fate_in(before.text, each) for each in here)
                    text = pii.mask(before.text, here, self._mark)
                    result[talk][answer.turn] = Masked(text, before.fates + fates)
            if not waiting:
                break
        return result

    def left_in_answers(self, talks: Sequence[Sequence[Written]]) -> list[list[Left]]:
        """Return what is private in the answers of turns that follow one another, by talk."""
        plain = [[with_placeholders(each) for each in talk] for talk in talks]
        places = [
            (at, answer)
            for at, talk in enumerate(plain)
            for answer in _answers([each.text for each in talk])
        ]
        found = self.find(
            [answer.text for _at, answer in places],
            kept=[plain[at][answer.turn].kept for at, answer in places],
        )
        result: list[list[Left]] = [[] for _talk in talks]
        for (at, answer), some in zip(places, found, strict=True):
            text, here = plain[at][answer.turn].text, answer.found_in(some)
            result[at] += [Left(each.entity, _context(text, here, each)) for each in here]
        return result

    def mask_in_a_row(self, texts: Sequence[str], between: str) -> list[Masked]:
        """Return texts with marks for what is private where they are read as one text."""
        result = [Masked(text) for text in texts]
        for _round in range(_ROUNDS):
            (found,) = self.find([between.join(each.text for each in result)])
            if not found:
                break
            reached = 0
            for at, each in enumerate(result):
                end = reached + len(each.text)
                here = [
                    replace(hit, start=max(hit.start - reached, 0), end=min(hit.end, end) - reached)
                    for hit in found
                    if hit.start < end and reached < hit.end
                ]
                reached = end + len(between)
                fates = tuple(self._fate_in(each.text, hit) for hit in here)
                result[at] = Masked(pii.mask(each.text, here, self._mark), each.fates + fates)
        return result

    def kept_fates(self, texts: Sequence[str]) -> list[tuple[Fate, ...]]:
        """Return the fates of what is found in texts and kept because a person decided so."""
        if not self._kept:
            return [()] * len(texts)
        return [
            tuple(
                Fate(each.finding.entity, KEPT, ALL_EQUAL)
                for each in valued(text, found)
                if (each.finding.entity, each.value) in self._kept
            )
            for text, found in zip(texts, detect_texts(texts, self._rules), strict=True)
        ]

    def find(
        self, texts: Sequence[str], *, system: bool = False, kept: Sequence[Values] = ()
    ) -> list[list[Finding]]:
        """Return what is found in each text and must not stand in a file.

        It is searched with placeholders for its marks, as the finished text will be.
        """
        kept = kept or [NONE_KEPT] * len(texts)
        plain = detect_texts([_NUMBER.sub("", text) for text in texts], self._rules)
        return [
            self._without_kept(text, _among_marks(text, found), mine, system=system)
            if found
            else []
            for text, found, mine in zip(texts, plain, kept, strict=True)
        ]

    def find_to_remove(self, texts: Sequence[str], kept: Sequence[Values]) -> list[list[Finding]]:
        """Return what is found in each text and makes its message be left out."""
        return [
            [each for each in found if self._removes(each.entity)]
            for found in self.find(texts, kept=kept)
        ]

    def write(self, text: str, kept: Values = NONE_KEPT) -> Written:
        """Return a finished text: in place of every mark what stands for its value."""
        return replace(self._written(text), kept=kept) if kept else self._written(text)

    def _written(self, text: str) -> Written:
        if _MARK.search(text) is None:
            return Written(text)
        written = self._write(text, plain=False)
        if exporters.harmless(written.text) != written.text and exporters.harmless(text) == text:
            # An invented password can happen to close what a trainer reads as a control token.
            return self._write(text, plain=True)
        return written

    def left_in(self, texts: Sequence[Written], *, system: bool = False) -> list[list[Left]]:
        """Return what is private in each finished text: found in it, or issued and yet real.

        A text in which nothing was issued, and in which `mask_texts` found nothing in these very
        letters, is not searched again.
        """
        if system:
            return self._left_in(texts, system=True)
        clear = self._clear.among([each.text for each in texts])
        known = [
            fine and not each.issued and not each.kept
            for fine, each in zip(clear, texts, strict=True)
        ]
        rest = [text for text, fine in zip(texts, known, strict=True) if not fine]
        found = iter(self._left_in(rest, system=False) if rest else ())
        return [[] if fine else next(found) for fine in known]

    def _left_in(self, texts: Sequence[Written], *, system: bool) -> list[list[Left]]:
        plain = [with_placeholders(each) for each in texts]
        result: list[list[Left]] = []
        found_in = self._find_unless_clear(plain, system=system)
        for text, bare, found in zip(texts, plain, found_in, strict=True):
            real = [
                Finding(there.entity, there.start, there.end, 1.0, "")
                for span, there in zip(text.issued, bare.issued, strict=True)
                if self._is_real(span.entity, text.text[span.start : span.end])
            ]
            result.append(
                [Left(each.entity, _context(bare.text, found, each)) for each in (*found, *real)]
            )
        return result

    def _find_unless_clear(self, texts: Sequence[Written], *, system: bool) -> list[list[Finding]]:
        if system:
            return self.find([each.text for each in texts], system=True)
        clear = self._clear.among([each.text for each in texts])
        fine = [each and not text.kept for each, text in zip(clear, texts, strict=True)]
        rest = [text for text, known in zip(texts, fine, strict=True) if not known]
        found = iter(self.find([each.text for each in rest], kept=[each.kept for each in rest]))
        return [[] if known else next(found) for known in fine]

    def _is_real(self, entity: str, issued: str) -> bool:
        """Whether what was issued is a value of the workspace, or the one it stands for."""
        value = pii.canonical_value(entity, issued)
        return self._replacer.is_real(entity, issued) or value in self._sources.get(
            (entity, issued), ()
        )

    def _values_in(self, texts: Sequence[str]) -> set[tuple[str, str]]:
        return {
            (each.finding.entity, each.value)
            for text, found in zip(texts, detect_texts(texts, self._rules), strict=True)
            for each in valued(text, found)
        }

    def _removes(self, entity: str) -> bool:
        return self._replacer.way(entity) is Replacement.REMOVE

    def _masked(self, entity: str, surface: str, by: str) -> Fate:
        return Fate(entity, MASKED, by, self._stand_in(entity, surface).way.value)

    def _fate_in(self, text: str, finding: Finding) -> Fate:
        surface = text[finding.start : finding.end]
        value = pii.canonical_value(finding.entity, surface)
        decided = self._decided.get((finding.entity, value)) is Decision.MASK
        return self._masked(finding.entity, surface, ALL_EQUAL if decided else _by_itself(finding))

    def stands_for(self, entity: str, surface: str) -> str:
        """Return what stands for a value as it is written in a text."""
        return self._stand_in(entity, surface).text

    def _stand_in(self, entity: str, surface: str) -> pii.StandIn:
        key = (entity, surface)
        if key not in self._chosen:
            made = self._chosen[key] = self._replacer.stand_in(entity, surface)
            value = pii.canonical_value(entity, surface)
            self._sources.setdefault((entity, made.text), set()).add(value)
        if self._noted is not None:
            self._noted[key] = self._chosen[key]
        return self._chosen[key]

    def _mark(self, entity: str, surface: str) -> str:
        stand_in = self._stand_in(entity, surface)
        if stand_in.way is Replacement.PLACEHOLDER:
            return stand_in.text
        return self._mark_for(entity, stand_in.text)

    def _mark_for(self, entity: str, text: str) -> str:
        key = (entity, text)
        if key not in self._marks:
            number, digits = len(self._marks), ""
            while number or not digits:
                number, digit = divmod(number, _MARKS)
                digits += chr(_FIRST_MARK + digit)
            mark = pii.placeholder(entity)[:-1] + digits + "〕"
            self._marks[key] = mark
            self._stand_ins[mark] = key
        return self._marks[key]

    def _write(self, text: str, *, plain: bool) -> Written:
        pieces: list[str] = []
        issued: list[Issued] = []
        length = reached = 0
        for mark in _MARK.finditer(text):
            entity, stand_in = self._stand_ins.get(mark[0], ("", ""))
            if not entity:
                continue
            shown = pii.placeholder(entity) if plain else stand_in
            start = length + mark.start() - reached
            pieces += (text[reached : mark.start()], shown)
            length = start + len(shown)
            reached = mark.end()
            if not plain:
                issued.append(Issued(entity, start, length))
        return Written("".join([*pieces, text[reached:]]), tuple(issued))

    def _without_kept(
        self, text: str, found: Sequence[Finding], kept: Values, *, system: bool
    ) -> list[Finding]:
        left: list[Finding] = []
        for each in valued(text, found):
            key = (each.finding.entity, each.value)
            if key in self._kept or key in kept:
                continue
            start, end = each.start, each.end
            if each.finding.entity == PERSON and each.finding.why != WHY_OWN_TERM:
                end = start + self._private_part(text[start:end], system=system)
            if start < end:
                left.append(replace(each.finding, end=end, decision=Decision.MASK))
        return left

    def _private_part(self, surface: str, *, system: bool) -> int:
        """Return how much of a name, from its begin, must not stand in a text.

        The persona's may stand there, in a system text relations too.
        """
        name = as_name(surface)
        if name in self._public:
            return 0
        if not system or self._decided.get((PERSON, name)) is Decision.MASK:
            return len(surface)
        if name in self._relations:
            return 0
        # The search may take a word beside the name for a part of it; a surname is more than that.
        certain = [each for each in self._public if len(each) >= _SHORTEST_CERTAIN_NAME]
        if name not in self._known and any(each in name for each in certain):
            return pii.surname_length(surface, certain)
        return len(surface)


def _relations(persona: Persona, known: Sequence[str]) -> frozenset[str]:
    """Return the words for relations that name nobody of those who are known."""
    words = as_names(persona.relations.values())
    if not words:
        return words
    names_somebody = pii.mentions(known)
    return frozenset(each for each in words if not names_somebody(each))


def _by_itself(finding: Finding) -> str:
    """Return why a finding that nobody decided is masked."""
    own = finding.entity == _CUSTOM_TERM or finding.why == WHY_OWN_TERM
    return OWN_TERM if own else UNDECIDED


def _fields(persona: Persona) -> list[str]:
    """Return the texts of a persona that go into system texts."""
    texts = (getattr(persona, name) for name in PERSONA_TEXTS if name != "name")
    return [text for text in texts if text]


def with_placeholders(written: Written) -> Written:
    """Return the text with placeholders where something was issued: nothing is found in those."""
    pieces: list[str] = []
    places: list[Issued] = []
    length = reached = 0
    for span in written.issued:
        shown = pii.placeholder(span.entity)
        start = length + span.start - reached
        pieces += (written.text[reached : span.start], shown)
        length = start + len(shown)
        reached = span.end
        places.append(Issued(span.entity, start, length))
    return Written("".join([*pieces, written.text[reached:]]), tuple(places), written.kept)


def _among_marks(text: str, found: Sequence[Finding]) -> Sequence[Finding]:
    """Return where findings lie in a text with marks that was searched with placeholders."""
    numbers = [(each.start(), each.end()) for each in _NUMBER.finditer(text)]
    if not numbers:
        return found
    placed: list[Finding] = []
    for each in found:
        start, end = each.start, each.end
        for first, last in numbers:
            start += last - first if first <= start else 0
            end += last - first if first < end else 0
        placed.append(replace(each, start=start, end=end))
    return placed


@dataclass(frozen=True, slots=True)
class _Answer:
    """The begin of a turn that answers a question: `text` is the question, a line, the answer."""

    turn: int
    asked: int  # characters of the question
    text: str

    def found_in(self, found: Iterable[Finding]) -> list[Finding]:
        """Return what of findings in the text lies in the answer, where it lies in the turn."""
        shift = self.asked + 1
        return [
            replace(each, start=max(each.start - shift, 0), end=each.end - shift)
            for each in found
            if each.end > shift
        ]


def _answers(talk: Sequence[str]) -> Iterator[_Answer]:
    """Yield the answers among turns that follow one another, as far as one may be a bare value."""
    for at, (first, second) in enumerate(pairwise(talk), start=1):
        question = first[first.rfind("\n") + 1 :]
        if pii.asks_for_value(_NUMBER.sub("", question)):
            answer = "\n".join(second.split("\n", ANSWERS)[:ANSWERS])
            yield _Answer(at, len(question), f"{question}\n{answer}")


def _context(text: str, found: Sequence[Finding], shown: Finding) -> str:
    """Return the words around a finding, with placeholders for it and for all others."""
    before = [each for each in found if each.end <= shown.start]
    after = [
        replace(each, start=each.start - shown.end, end=each.end - shown.end)
        for each in found
        if each.start >= shown.end
    ]
    head = pii.mask(text[: shown.start], before)[-_AROUND:]
    tail = pii.mask(text[shown.end :], after)[:_AROUND]
    return f"{head}{pii.placeholder(shown.entity)}{tail}".replace("\n", " ")
