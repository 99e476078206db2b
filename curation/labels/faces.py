"""What faces show: kaomoji by their features, else by the list of `kaomoji-dataset`; emoji."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import emoji

from curation.labels.feelings import Feeling

Shown = tuple[Feeling, float]
"""A feeling and how surely it is shown, from 0 to 1."""

_FEATURES: Final = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (r"┻|┴┴|凸|╬|皿|益|ᕦ|[`｀][Дд][´']|[ò•]́?_ó", (Feeling.ANGRY, 0.8)),
        (r"[TＴ][_＿.﹏^oOAaДд▽][TＴ]|[qQ][AaWwωДд_][qQ]|TAT", (Feeling.SAD, 0.8)),
        (
            r"ಥ|╥|[;；][_ωДд︵－-]+[;；]|｡•́︿•̀｡|•́[︿﹏]•̀|´[；;]|[；;][´′]|〒[_﹏]〒",
            (Feeling.SAD, 0.8),
        ),
        (r"[っつノ][﹏︿Дд]", (Feeling.SAD, 0.7)),
        (r"^(?:[oO]rz|OTZ|OTL)$|[:;=][-'^o]?\(+$", (Feeling.SAD, 0.65)),
        (r"Σ|[⊙◎○Oo０゜°][_. ]*[Дд口ロ□][_. ]*[⊙◎○Oo０゜°]?", (Feeling.SURPRISED, 0.7)),
        (r"⊙[_oO﹏▽]?⊙|^[oO]_+[oO]$", (Feeling.SURPRISED, 0.7)),
        (r"[♡♥❤]|づ.*づ|っ.*っ|<3|[εз3][`´]?[)）]", (Feeling.TENDER, 0.75)),
        (r"[≧>][▽∇∀ᗜω◡]+[≦<]|[\^＾][_▽∇ｖvwoO0ω∀.‿^]*[\^＾]", (Feeling.HAPPY, 0.7)),
        (r"[◕✿◠‿ᴗᗜ][‿ᴗ◡▽ヮ]+[◕✿◠ᗜ]|[´`ˊ｀] ?[▽∀∇ワヮᗜ]+ ?[`´ˋ｀]", (Feeling.HAPPY, 0.7)),
        (r"ヽ.*[ノﾉ]|٩.*[و۶]|و✧|[oO]\(\^", (Feeling.HAPPY, 0.65)),
        (r"^[:;=8xX][-'^o]?D+$|^[xX]+D+$|^[:;=][-'^o]?[Pp]$", (Feeling.HAPPY, 0.7)),
    )
)
"""Features that most people draw a feeling with, the most telling first."""

_UNSURE: Final = re.compile(
    r"[:;=][-'^o]?\)+|[>＞][_.,\-﹏ωДд]*[<＜]|[=￣¯][_﹃▽﹏.]+[=￣¯]|-[_.｡。]+-.*|[→←¬눈ಠ][_.]+[→←¬눈ಠ]"
    r"|[（(]*[╮┐].*[╭┌][）)]*|¯.*ツ.*¯"
)
"""Faces that are as often mocking, tired or embarrassed as what they look like."""

_CATEGORIES: Final = {
    "happy": Feeling.HAPPY,
    "excited": Feeling.HAPPY,
    "dance": Feeling.HAPPY,
    "love": Feeling.TENDER,
    "hug": Feeling.TENDER,
    "sad": Feeling.SAD,
    "angry": Feeling.ANGRY,
    "table flip": Feeling.ANGRY,
    "scared": Feeling.AFRAID,
    "surprised": Feeling.SURPRISED,
}
"""Categories of the list that are feelings, and one feeling only."""

_LISTED: Final = 0.65

_EMOJI_WORDS: Final = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (r"slightly_smiling|upside|grinning_face_with_sweat|halo|horns|smirk", None),
        (r"smiling_face_with_tear$|savoring|sunglasses|melting|^relieved_face", None),
        (r"tears_of_joy|rolling_on_the_floor", (Feeling.HAPPY, 0.75)),
        (r"crying|disappointed|broken_heart|sad_but|frowning_face$", (Feeling.SAD, 0.75)),
        (r"slightly_frowning|pensive|worried|anguished", (Feeling.SAD, 0.65)),
        (r"enraged|angry|symbols_on_mouth|anger_symbol|pouting_cat", (Feeling.ANGRY, 0.75)),
        (r"middle_finger|steam_from_nose", (Feeling.ANGRY, 0.7)),
        (r"screaming_in_fear|fearful|anxious_face|weary_cat", (Feeling.AFRAID, 0.7)),
        (r"astonished|hushed|face_with_open_mouth|exploding_head", (Feeling.SURPRISED, 0.7)),
        (r"vomiting|nauseated", (Feeling.DISGUSTED, 0.7)),
        (r"kiss|face_with_hearts|heart_hands|people_hugging|love_letter", (Feeling.TENDER, 0.75)),
        (r"smiling_face_with_open_hands|hearts?$|^heart_with|couple_with", (Feeling.TENDER, 0.7)),
        (r"heart-eyes|star-struck|party|confetti", (Feeling.HAPPY, 0.75)),
        (r"grinning|beaming|smiling_(?:face|cat)_with|squinting_face", (Feeling.HAPPY, 0.65)),
    )
)
"""Feelings by the English names of emoji, the first that fits."""

_TONES: Final = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")


@lru_cache(maxsize=4096)
def feeling_of_kaomoji(face: str) -> Shown | None:
    """Return what a face made of characters shows, None where that is not sure."""
    if _UNSURE.fullmatch(face.strip("()（）")) or _UNSURE.fullmatch(face):
        return None
    for feature, shown in _FEATURES:
        if feature.search(face):
            return shown
    feeling = listed_faces().get(_narrow(face))
    return None if feeling is None else (feeling, _LISTED)


@lru_cache(maxsize=4096)
def feeling_of_emoji(sign: str) -> Shown | None:
    """Return what an emoji shows, None where that is not sure; skin tones do not matter."""
    known = emoji.EMOJI_DATA.get(sign) or emoji.EMOJI_DATA.get(_TONES.sub("", sign))
    if known is None:
        return None
    name = known["en"].strip(":")
    return next((shown for words, shown in _EMOJI_WORDS if words.search(name)), None)


@cache
def listed_faces() -> dict[str, Feeling]:
    """Return the feelings of listed faces; read once, at the first face that no feature tells.

    The package's own reader would hold all of its entries in memory, half a gigabyte.
    """
    listed = files("kaomoji_dataset") / "data" / "kaomoji.jsonl.gz"
    found: dict[str, Feeling] = {}
    with listed.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            # What carries words beside the face is in Japanese; parsing those would take longest.
            if '"tier": "core"' in line or '"tier":"core"' in line:
                entry = json.loads(line)
                feeling = _CATEGORIES.get(entry["category"])
                if feeling is not None:
                    found[_narrow(entry["text"])] = feeling
    return found


def _narrow(face: str) -> str:
    """Return a face without blanks and with narrow brackets, as people type it either way."""
    return "".join(face.split()).replace("（", "(").replace("）", ")")
