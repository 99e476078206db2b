"""What carries a voice besides words: kaomoji, sticker codes, emoji, laughter, punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_IDEOGRAPH: Final = "\u3400-\u4dbf\u4e00-\u9fff"

LINK: Final = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff]+", re.IGNORECASE)
"""A link; nothing in it was chosen by the person. Misses links without a scheme."""

PLACEHOLDER: Final = re.compile(r"〔[^〔〕\n]{1,20}〕")
"""What stands for a masked value."""

CODE: Final = re.compile(rf"\[[{_IDEOGRAPH}A-Za-z!！?？ ]{{1,16}}\]")
"""A sticker as text, such as `[旺柴]`. Misses those with digits: `[3]` is a note."""

EMOJI: Final = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[#*0-9]\ufe0f?\u20e3"
    "|(?P<base>[\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\u231a\u231b"
    "\u23e9-\u23f3\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u262e\u262f"
    "\u2638-\u263a\u2648-\u2653\u2660\u2663\u2665\u2666\u2668\u267b\u267f\u2692-\u2697\u26a0\u26a1"
    "\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26d4\u26ea\u26f2-\u26f5\u26fa\u26fd\u2702\u2705"
    "\u2708-\u270d\u270f\u2712\u2714\u2716\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755"
    "\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u2b50\u2b55])"
    "[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d[\U0001f000-\U0001faff\u2600-\u27bf]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]*)*[\U000e0020-\U000e007f]*)"
)
"""An emoji with its skin tone and what is joined to it. Stars and notes (★ ♪) are none."""

LAUGHTER: Final = re.compile(
    r"哈{2,}|嘿{2,}|嘻{2,}|呵{2,}|嘎{2,}|桀{2,}|吼{2,}|hia(?:hia)+"
    r"|(?<![A-Za-z])(?:h{2,}|(?:ha){2,}h?|(?:he){2,}|k{3,}|w{3,}|x{1,2}swl|lo+l|lmf?ao|rofl)(?![A-Za-z])"
    r"|(?<!\d)23{2,}(?!\d)|ㅋ{2,}|ㅎ{2,}|笑死|笑不活|笑拉|笑哭",
    re.IGNORECASE,
)
"""Laughter in writing. Misses what is laughed by a single character (哈)."""

PARTICLES: Final = frozenset(
    "啊阿呀呢啦嘛吗吧哦噢喔哟嘞捏诶欸哎呗咯喽啰嗷耶哇呐哒惹叭嘅咩喇嗎喲囉咧哈嗬噻撒哩咯滴"
)
"""What a message may end with that has no meaning but its tone."""

MARK_PATTERNS: Final = {
    "~": re.compile("[~～〜∼]"),
    "!": re.compile("[!！]"),
    "?": re.compile("[?？]"),
    "…": re.compile(r"…|\.{2,}|。{2,}|⋯"),
    "。": re.compile("(?<!。)。(?!。)"),
    "!!": re.compile("[!！?？]{2,}"),
}
"""Punctuation by the names in `MARKS`."""

TRAILING: Final = re.compile(rf"[^{_IDEOGRAPH}A-Za-z0-9]+$")
"""What stands behind the last word of a message."""

_GAP: Final = "\ufffc"
"""Stands where something was taken out; no face reaches over it."""

_BRACKETS: Final = re.compile(
    r"[(（]([^()（）\n\ufffc]{1,30})[)）]|ʕ[^ʕʔ\n\ufffc]{1,20}ʔ|꒰[^꒰꒱\n\ufffc]{1,20}꒱|₍[^₍₎\n\ufffc]{1,20}₎"
    r"|༼[^༼༽\n\ufffc]{1,20}༽|【([^【】\n\ufffc]{3,20})】"
)
_FEATURES: Final = "口皿益罒囗回囧艹冖"
"""Ideographs that are drawn with: eyes and mouths."""

_DRAWN_KANA: Final = "エェヮロムノヘ"

_SPELLED: Final = re.compile(
    rf"(?![{_FEATURES}])[{_IDEOGRAPH}]|[A-Za-zÀ-ɏ]{{3,}}|[А-я]{{3,}}|[ก-๛]{{4,}}|[ぁ-ん]{{3,}}"
    r"|[ァ-ヺ]{4,}|[가-힣]{2,}|\d{2,}|[０-９]{2,}"
)
"""Words or numbers: what stands in brackets is a remark, not a face."""

_ORDINARY: Final = frozenset(
    "。，、！？：；“”‘’…—·《》〈〉「」『』【】～〜％＋－＝／＆＃＠￥＄※×÷±≥≤≠≈√∞←→↑↓℃℉№™®©€£¥$§"
    "★☆♪♫♡♥❤✿❀●○■□▲△◆◇①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶ー々"
)
"""Signs that stand in brackets without being part of a face."""

_SAME_EYES: Final = (
    r"(?P<{0}>[\^@=*+;~→←¬ಠಥ╥￣˘˙•·◕눈＾＠＝Ｔ｀`'＞＜゜°☆★◎●○⊙])"
    r"(?:[_.,\-oOwWvV3△▽∀﹏︿ᴗ‿ωДд口皿ε\"˽ㅅ＿－]{{1,3}})(?P={0})"
)
_LETTER_EYES: Final = (
    r"(?:(?P<{0}>[TtOoQqUuXx])(?:_{{1,3}}|[.\-^AawWvVωДд﹏︿﹃])(?P={0})|o_+O|O_+o)"
)
_CROSSED: Final = r"[>＞](?:[_.,\-]{1,3}|[oOwW﹏︿ωДд△▽3])[<＜]"
_SIDEWAYS: Final = r"(?P<side>[><])_{1,2}(?P=side)|-_{1,3}-[|b]*|-\.-|\._\.|\^\^"

_WIDE_EYES: Final = (
    r"(?P<wide>[\^@→←¬ಠಥ╥￣˘˙•·◕눈＾＠゜°☆★◎●○⊙×♡♥◉º´ˊˋ])[ ]?(?!(?P=wide))[^\s\d]{1,3}[ ]?(?P=wide)"
)
"""Eyes that nothing is written with: any mouth will do."""

_FACE: Final = re.compile(
    "|".join(
        (
            *(_SAME_EYES.format("eye"), _LETTER_EYES.format("letter"), _CROSSED, _WIDE_EYES),
            *(
                r"[>＞][ ]?[^\s\d]{1,3}[ ]?[<＜]",
                r"-[_.｡。]{1,3}-",
                r"\^\^",
                "[_＿] [_＿]",
                ":[3зε]」?∠",
            ),
        )
    )
)
"""A face without cheeks, anywhere in brackets."""

_BARE: Final = re.compile(
    "(?<![A-Za-z0-9_^])(?:"
    + "|".join(
        (
            _SAME_EYES.format("eye"),
            _LETTER_EYES.format("letter"),
            _CROSSED,
            _SIDEWAYS,
            r"[oO]rz|OTZ|[xX]+D+",
            r"[:;=][-'^o]?(?:\)+|\(+(?![^()\n]*\))|D+|[Pp]|3(?!\d)|\*)",
        )
    )
    + ")(?![A-Za-z0-9_^])|<3+(?=$|\\s)"
)
"""A face without brackets. Misses `：）` in full width, which as often closes a remark."""

_LEFT_ARM: Final = re.compile(
    r"(?:[ヽヾ╮╭╰╯＼\\ヘ乁∠☆★✧♪♡♥Σᕦᕙ٩ლ୧⊂凸づっ┗┏└┌щᕕヾ૮ฅ〜┬┴┻━]|(?<![A-Za-z])[oOdmq])+$"
)
_RIGHT_ARM: Final = re.compile(
    r"(?:[ノﾉシｼ╯╭╮╰づっつ彡☆★✧♪♡♥ゞว۶و❀✿งヽヾ〃ゝ凸☞ブﾌ୨୧აᕗᕤฅლ⊃┛┓┘┐ﾟ゜･:*｡]|[oOdbmq](?![A-Za-z]))*"
    r"(?:\s?︵\s?[┻┴━─]+(?:\s?ヽ)?)?"
)
_MOST_ARM: Final = 6

_WRITTEN: Final = ("CJK", "LATIN", "FULLWIDTH", "HIRAGANA LETTER", "KATAKANA LETTER")
"""How the names of characters begin that words are written with, also one at a time."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands in a text besides words, each to the letter, and the `words` that are left."""

    kaomoji: tuple[str, ...]
    codes: tuple[str, ...]
    emoji: tuple[str, ...]
    laughter: tuple[str, ...]
    words: str


def read_marks(text: str) -> Marks:
    """Return the marks of a text; links and placeholders are in none of them."""
    bare = PLACEHOLDER.sub(_GAP, LINK.sub(_GAP, text))
    codes = tuple(CODE.findall(bare))
    bare = CODE.sub(_GAP, bare)
    found, bare = _without_kaomoji(bare)
    faces = tuple(face for _at, face in found)
    emoji = tuple(match[0] for match in EMOJI.finditer(bare))
    bare = EMOJI.sub(" ", bare) if emoji else bare
    return Marks(faces, codes, emoji, tuple(match[0] for match in LAUGHTER.finditer(bare)), bare)


def kaomoji_in(text: str) -> tuple[str, ...]:
    """Return the faces made of characters in a text, to the letter and in their order."""
    return read_marks(text).kaomoji


def mark_spans(text: str) -> list[tuple[int, int]]:
    """Return where the marks of a text stand, half-open and sorted; some may touch."""
    gap = _as_long
    codes = [match.span() for match in CODE.finditer(text)]
    bare = CODE.sub(gap, PLACEHOLDER.sub(gap, LINK.sub(gap, text)))
    faces = [(at, at + len(face)) for at, face in _without_kaomoji(bare)[0]]
    rest = [match.span() for each in (EMOJI, LAUGHTER) for match in each.finditer(bare)]
    return sorted([*codes, *faces, *rest])


def _as_long(match: re.Match[str]) -> str:
    """Return as many gaps as a match is long, so that no offset moves."""
    return _GAP * len(match[0])


def _without_kaomoji(text: str) -> tuple[list[tuple[int, str]], str]:
    """Return the faces of a text with where each begins, and the text without them."""
    spans: list[tuple[int, int]] = []
    for match in _BRACKETS.finditer(text):
        inside = match[1] or match[2]
        if inside is not None and not _is_face(inside):
            continue
        start, end = match.span()
        left = _LEFT_ARM.search(text, max(start - _MOST_ARM, spans[-1][1] if spans else 0), start)
        right = _RIGHT_ARM.match(text, end, end + _MOST_ARM)
        spans.append((left.start() if left else start, right.end() if right else end))
    pieces: list[str] = []
    found: list[tuple[int, str]] = []
    reached = 0
    for start, end in [*spans, (len(text), len(text))]:
        between = text[reached:start]
        bare = [match for match in _BARE.finditer(between) if not _closes(text, reached, match)]
        found += [(reached + match.start(), match[0]) for match in bare]
        pieces += (*_around(between, bare), " ")
        if start < end:
            found.append((start, text[start:end]))
        reached = end
    if not found:
        return [], text
    return sorted(found), "".join(pieces)


def _closes(text: str, start: int, match: re.Match[str]) -> bool:
    """Return whether what looks like a smile ends a remark: `(as follows:)`."""
    before = text[: start + match.start()]
    return match[0].endswith(")") and before.count("(") > before.count(")")


def _around(text: str, matches: Sequence[re.Match[str]]) -> Iterator[str]:
    """Yield what stands around the matches, with a blank in place of each."""
    reached = 0
    for match in matches:
        yield text[reached : match.start()]
        yield " "
        reached = match.end()
    yield text[reached:]


def _is_face(inside: str) -> bool:
    """Return whether what stands in brackets is drawn, not said."""
    if _SPELLED.search(inside):
        return False
    if _FACE.search(inside):
        return True
    drawn = [sign for sign in inside if _is_drawn(sign, inside)]
    return len(drawn) > 1 and len(set(inside)) > 1


def _is_drawn(sign: str, inside: str) -> bool:
    """Return whether a character is one that faces are drawn with and nothing is written with."""
    if sign in _ORDINARY or sign.isascii() or EMOJI.match(sign) or sign == "\ufe0f":
        return False
    if sign == "°":
        return not any(each.isdigit() for each in inside)
    kind = unicodedata.category(sign)
    if kind[0] in "SPM" or sign in _DRAWN_KANA + _FEATURES or kind == "Lm":
        return True
    # A letter by itself of a script that Chinese and English do not use: an eye or a mouth.
    return kind[0] == "L" and not unicodedata.name(sign, "").startswith(_WRITTEN)
