"""What an importer is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile


class Importer(Protocol):
    """Reads one export format. Instances hold no state.

    `format` is the format's name as a person knows it; `suffixes` are the file name endings, lower
    case with a dot, by which a folder's candidates are found. Recognition never uses them.
    """

    @property
    def format(self) -> str:
        """The format's name."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of files worth trying."""

    def recognises(self, document: Document) -> bool:
        """Return whether the content is, or nearly is, of this format."""

    def read(self, document: Document) -> SourceFile:
        """Return what the file holds.

        Raises:
            BadFileError: the file is of this format but broken; names the place and the reason.

        """
