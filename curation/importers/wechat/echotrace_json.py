"""EchoTrace JSON: `session` and `messages` like WeFlow's, without a header of the tool.

Source: EchoTrace's exporter. Its first versions call the chat's id `username` and write no display
names beside the messages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curation.importers.wechat.session_json import read_session

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_SESSION = re.compile(
    r"\s*\{\s*\"session\"\s*:\s*\{\s*\"(?:wxid|username|accountId|displayName|nickname|type)\"\s*:"
)
"""The file begins with its session; other tools write a header first."""


class EchoTraceJson:
    """The importer of EchoTrace JSON."""

    format = "EchoTrace JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file begins with a session."""
        return document.looks_like_json and _SESSION.match(document.head) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is said by `isSend`."""
        return read_session(document, self.format)
