"""A message of Telegram Desktop's export -> its content. See `telegram_json` for the decisions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from curation.importers.contents import Content, named, sticker
from curation.importers.json_values import list_of, name_of, object_of, text_of
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEDIA: Final[Mapping[str, Kind]] = {
    "sticker": Kind.STICKER,
    "animation": Kind.STICKER,
    "video_file": Kind.VIDEO,
    "video_message": Kind.VIDEO,
    "voice_message": Kind.VOICE,
    "audio_file": Kind.FILE,
}

_NOT_SAVED = re.compile(r"\s*\((?:File|Photo|Video)\b[^()]*\)\s*\Z")
"""What stands in a path's place for a file that was not exported."""

_PLACE: Final = frozenset(("location_information", "place_name", "live_location_period_seconds"))
_OTHERS: Final = frozenset(
    (
        *("contact_information", "contact_vcard", "invoice_information", "giveaway_information"),
        *("giveaway_results", "paid_media", "story_data", "todo_list", "checklist"),
    )
)


def text_of_entities(value: Any) -> str:
    """Return a text that is one string, or a list of strings and of objects with a `text`."""
    if isinstance(value, list):
        return "".join(
            part if isinstance(part, str) else text_of(object_of(part).get("text"))
            for part in value
        )
    return text_of(value)


def is_forwarded(row: dict[str, Any]) -> bool:
    """Return whether somebody else wrote the message, or an inline bot."""
    if "forwarded_from" in row or "forwarded_from_id" in row:
        return name_of(row.get("forwarded_from")) != (name_of(row.get("from")) or None)
    return bool(name_of(row.get("via_bot")))


def content_of(row: dict[str, Any], *, answers: bool) -> Content:
    """Return what a message holds; one that `answers` another with words is a quote."""
    said = text_of_entities(row.get("text"))
    if not said.strip():
        said = text_of_entities(row.get("text_entities"))
    media = _media(row)
    if is_forwarded(row) and (media is None or said.strip()):
        return Content(Kind.FORWARD, f"{PLACEHOLDERS[Kind.FORWARD]} {said.strip()}".strip())
    if media is not None:
        if said.strip() and media.kind is not Kind.OTHER:
            return Content(media.kind, said)
        return media
    if not said.strip():
        return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])
    return Content(Kind.QUOTE if answers else Kind.TEXT, said)


def _media(row: dict[str, Any]) -> Content | None:
    """Return what a message holds beside words, None where there is nothing else."""
    media = name_of(row.get("media_type"))
    if media in ("sticker", "animation"):
        return sticker(name_of(row.get("sticker_emoji")))
    if "photo" in row:
        return Content(Kind.IMAGE, PLACEHOLDERS[Kind.IMAGE])
    if not _PLACE.isdisjoint(row):
        return named(Kind.LOCATION, name_of(row.get("place_name")) or name_of(row.get("address")))
    return _file(row, media) if media or "file" in row else _shared(row)


def _shared(row: dict[str, Any]) -> Content | None:
    """Return what a message holds that is neither words nor a file."""
    if "dice" in row:
        return sticker(name_of(object_of(row.get("dice")).get("emoji")))
    if "game_title" in row:
        return named(Kind.MINI_PROGRAM, name_of(row.get("game_title")))
    if "poll" in row:
        return named(Kind.OTHER, text_of_entities(object_of(row.get("poll")).get("question")))
    return None if _OTHERS.isdisjoint(row) else Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])


def _file(row: dict[str, Any], media: str) -> Content:
    kind = _MEDIA.get(media, Kind.FILE)
    mime = name_of(row.get("mime_type"))
    if not media and mime.startswith("image/"):  # a picture sent as a file keeps its name
        return Content(Kind.IMAGE, PLACEHOLDERS[Kind.IMAGE])
    if not media and mime.startswith("video/"):
        kind = Kind.VIDEO
    if kind is not Kind.FILE:
        return Content(kind, PLACEHOLDERS[kind])
    path = _NOT_SAVED.sub("", text_of(row.get("file")))
    name = name_of(row.get("file_name")) or re.split(r"[\\/]", path)[-1].strip()
    return named(kind, name or name_of(row.get("title")))


def phone_call() -> Content:
    """Return a call."""
    return Content(Kind.CALL, PLACEHOLDERS[Kind.CALL])


def service(row: dict[str, Any]) -> Content:
    """Return a notice: Telegram's name of what happened, and what it says about it."""
    action = name_of(row.get("action")).replace("_", " ")
    told = text_of_entities(row.get("text")) or name_of(row.get("information_text"))
    members = ", ".join(filter(None, (name_of(member) for member in list_of(row.get("members")))))
    parts = (action, name_of(row.get("title")), members, told.strip())
    return Content(Kind.SYSTEM, " ".join(filter(None, parts)) or "service")
