"""CipherTalk detailed JSON.

Source: CipherTalk's exporter (5.0). `session.ownerId` is me. `rawContent` is the body as WeChat
keeps it, full of account ids: it only tells what a quote answers and is never shown.
`chatRecords`, the messages inside a forwarded record, are not messages of this chat.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curation.importers.wechat.session_json import read_session

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_EXPORT_INFO = re.compile(r"\"exportInfo\"\s*:\s*\{")
_TELLTALE = re.compile(r"\"CipherTalk\"|\"detailed-json\"|\"ownerId\"|\"chatLabType\"")


class CipherTalkJson:
    """The importer of CipherTalk detailed JSON."""

    format = "CipherTalk JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether CipherTalk's header is there."""
        return (
            document.looks_like_json
            and _EXPORT_INFO.search(document.head) is not None
            and _TELLTALE.search(document.head) is not None
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is said by `session.ownerId`, else by `isSend`."""
        return read_session(document, self.format)
