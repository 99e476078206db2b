"""Files of other kinds, which people take for chat exports or rename to them."""

from __future__ import annotations

import re
from typing import Final

from curation.errors import N_

_SPREADSHEET: Final = N_("this spreadsheet is damaged; please save it anew, or as CSV (UTF-8)")
_ARCHIVE: Final = N_("this is an archive; please unpack it first")
_DATABASE: Final = N_("this is a database; please export the chat as CSV or JSON")
_MEDIA: Final = N_("this is a picture or a recording, not a chat export")
_PAPER: Final = N_("this is a document; please export the chat as CSV or JSON")

_SIGNATURES: Final = (
    (b"SQLite format 3\0", _DATABASE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _PAPER),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b\x08", _ARCHIVE),
    (b"%PDF-", _PAPER),
    (b"\x89PNG\r\n", _MEDIA),
    (b"\xff\xd8\xff", _MEDIA),
    (b"GIF8", _MEDIA),
    (b"RIFF", _MEDIA),
    (b"ID3", _MEDIA),
    (b"OggS", _MEDIA),
    (b"#!SILK", _MEDIA),
    (b"\x02#!SILK", _MEDIA),
)
"""How files of other kinds begin, whatever their names say."""

_ZIP: Final = b"PK\x03\x04"
_INSIDE_ZIP: Final = (
    (b"xl/", _SPREADSHEET),
    (b"opendocument.spreadsheet", _SPREADSHEET),
    (b"word/", _PAPER),
    (b"ppt/", _PAPER),
    (b"opendocument.", _PAPER),
)
"""Names inside of what is a ZIP file too: those of office programs."""

_CONTROL = re.compile(rb"[\x00-\x08]")


_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OLE_WORKBOOK: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def is_workbook(raw: bytes) -> bool:
    """Return whether `raw` is a spreadsheet file whose rows can be read."""
    if raw.startswith(_ZIP):
        # The table of contents stands at the end; a chat archive may hold a spreadsheet elsewhere.
        names = raw[-_CONTENTS:]
        if _OPEN_DOCUMENT in raw[:_FIRST]:
            return b"content.xml" in names
        return b"[Content_Types].xml" in names and b"xl/workbook" in names
    return raw.startswith(_OLE) and any(name in raw for name in _OLE_WORKBOOK)


_CONTENTS: Final = 1 << 20
_FIRST: Final = 200
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
"""How a spreadsheet of LibreOffice begins: its kind stands first and unpacked."""


def foreign_kind(raw: bytes) -> str | None:
    """Return the sentence about a file that is of a known other kind, None for all others.

    A chat may begin with letters such as `GIF8`, so control characters must bear them out.
    """
    if raw.startswith(_ZIP):
        return next((reason for name, reason in _INSIDE_ZIP if name in raw), _ARCHIVE)
    if raw.startswith(_OLE) and _ENCRYPTED in raw:
        return N_("this file needs a password; please save it without one")
    kind = next((reason for start, reason in _SIGNATURES if raw.startswith(start)), None)
    if kind is None or kind is _PAPER:
        return kind
    return kind if _CONTROL.search(raw) is not None else None
