"""WeFlow TXT: `time 'name'`, the words below, a blank line.

Source: WeFlow's `exportTxtWriter.ts`. In a private chat my own messages are by `我` and the others
by the contact's remark or nickname; in a group everybody, me too, has the display name. Contents
are what `weflow_text` reads; exported media stand as a relative path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two
from curation.importers.text_blocks import blocks, first_line, plain_lines
from curation.importers.wechat import weflow_text
from curation.model import UNSPOKEN_KINDS

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_HEAD = re.compile(
    r"^(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) '(?P<name>[^\n]{0,200})'[ \t]*$", re.MULTILINE
)

_ME: Final = "我"


class WeFlowTxt:
    """The importer of WeFlow TXT."""

    format = "WeFlow TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the first line is a head with a quoted name."""
        return _HEAD.fullmatch(first_line(document.head)) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is known where 我 speaks, that is in private chats."""
        text = plain_lines(document.text)
        found = blocks(text, _HEAD, spaced=True)
        me_known = any(block.head["name"] == _ME for block in found)
        messages = MessageList(document, self.format, total=text.count("\n"))
        others: dict[str, None] = {}
        for block in found:
            name = block.head["name"].strip()
            content = weflow_text.exported(block.below)
            if name != _ME and content.kind not in UNSPOKEN_KINDS:
                others[name] = None
            messages.add(
                block.line,
                content,
                sender=name,
                is_me=name == _ME if me_known else None,
                written=block.head["time"],
            )
        if me_known and len(others) == 1:
            return messages.source_file(next(iter(others)))
        return messages.source_file(name_of_two(document.path, others.keys()))
