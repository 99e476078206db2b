"""WeFlow JSON, detailed and `arkme-json` (senders in a table of their own).

Source: WeFlow's exporters of all its versions and ChatLab's reader. `session.wxid` was renamed
`accountId` in the last versions; older ones write `isSend` null for notices.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curation.importers.wechat.session_json import read_session

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_WEFLOW = re.compile(r"\"weflow\"\s*:\s*[{\[]")
_ARKME = re.compile(r"\"format\"\s*:\s*\"arkme-json\"|\"senders\"\s*:\s*\[")


class WeFlowArkmeJson:
    """The importer of WeFlow's `arkme-json`."""

    format = "WeFlow arkme-json"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether WeFlow wrote the file and senders stand apart."""
        return (
            document.looks_like_json
            and _WEFLOW.search(document.head) is not None
            and _ARKME.search(document.head) is not None
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is said by `isSend`."""
        return read_session(document, self.format)


class WeFlowJson:
    """The importer of WeFlow's detailed JSON."""

    format = "WeFlow JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether WeFlow wrote the file, with the senders inside the messages."""
        return (
            document.looks_like_json
            and _WEFLOW.search(document.head) is not None
            and _ARKME.search(document.head) is None
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is said by `isSend`."""
        return read_session(document, self.format)
