"""The error tree. Every error a person can meet is one of these, in one sentence.

A message is an English template that is also the key of the text catalogue, so the screen can show
the same sentence in Chinese. Its values are file names, line numbers and counts: never chat text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for "to be translated later")
    """Return `message` unchanged; marks it for extraction into the text catalogue."""
    return message


def why_of(error: BaseException) -> str:
    """Return in a few words what the operating system says went wrong, without any path."""
    return getattr(error, "strerror", None) or type(error).__name__


class RuwoError(Exception):
    """Base of every error of this program.

    `template` is the English sentence with `{name}` fields, `values` what stands in them.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def as_json(self) -> tuple[str, dict[str, int | float | str]]:
        """Return template and values as JSON takes them, to be kept and said again."""
        return self.template, {
            name: value if isinstance(value, int | float | str) else str(value)
            for name, value in self.values.items()
        }


class BadFileError(RuwoError):
    """A file that cannot be used: names the file, the place in it and the reason.

    `line` counts from 1 and is a line of the file; `place` is any other position as a person would
    name it (`record 12`). Extra keyword values fill the fields of `reason`.
    """

    def __init__(
        self,
        path: Path | str,
        reason: str,
        *,
        line: int | None = None,
        place: str = "",
        **values: object,
    ) -> None:
        super().__init__(reason, **values)
        # A damaged table of a million rows gives as many errors, all of one path.
        self.path = path if isinstance(path, Path) else Path(path)
        self.reason = reason
        self.line = line
        self.place = place

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line is not None else ""
        if self.place:
            where += f", {self.place}"
        return f"{self.path.name or self.path}{where}: {self.reason.format(**self.values)}"


class UnknownFormatError(BadFileError):
    """A readable file whose content no importer recognises."""


class NoMessagesError(BadFileError):
    """A file that is empty, or a chat export without a single message."""


class MeUnknownError(BadFileError):
    """The file does not say who "me" is, and nobody did."""


class WorkspaceError(RuwoError):
    """The workspace cannot be opened, or is newer than this program."""


class WorkspaceLockedError(WorkspaceError):
    """The workspace is encrypted, and nobody gave its passphrase yet."""


class PassphraseNeededError(RuwoError):
    """A copy or a backup is encrypted with a passphrase that is not that of the open workspace."""


class WrongPassphraseError(WorkspaceError):
    """A passphrase that does not open the file."""


class WorkspaceDamagedError(WorkspaceError):
    """The file of the workspace at `path` is not as it was left; nothing was changed in it."""

    def __init__(
        self, template: str, *, path: Path, seen: tuple[object, object], **values: object
    ) -> None:
        super().__init__(template, **values)
        self.path = path
        self.seen = seen  # which file it was, and how: see `store.files.damage.look_again`


class WorkspaceReplacedError(WorkspaceError):
    """A backup took the place of the workspace since it was opened; what is on screen is old."""


class ActionRefusedError(RuwoError):
    """A person's action that cannot be done; the screen shows the sentence."""


class NotAllowedError(ActionRefusedError):
    """Something that the role of whoever asks for it does not let them do."""


class NotAMemberError(NotAllowedError):
    """Somebody who is not on the list of the workspace's members."""


class StaleVersionError(ActionRefusedError):
    """The record was changed elsewhere since it was shown."""


class DependentActionsError(ActionRefusedError):
    """An undo or redo that other actions stand in the way of; `actions` are their journal ids."""

    def __init__(self, template: str, *, actions: Sequence[int] = (), **values: object) -> None:
        super().__init__(template, **values)
        self.actions = tuple(actions)


class OptionsError(RuwoError):
    """Options of an export that make no sense or cannot be met on this computer."""


class PersonaError(RuwoError):
    """A persona that cannot be read or whose template cannot be filled."""


class EndpointError(RuwoError):
    """A service that was set up and cannot be used, or did not answer as asked.

    `fatal` says that asking it anything else would end the same way.
    """

    def __init__(self, template: str, *, fatal: bool = True, **values: object) -> None:
        super().__init__(template, **values)
        self.fatal = fatal


class EngineError(RuwoError):
    """Workers for a bulk job that cannot be had, or that have another version of this program."""


class TrainingError(RuwoError):
    """A training that cannot be started, watched or stopped."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something private in a record: the conversation, its kind, the words around it, masked."""

    conversation: int
    entity: str
    context: str


class ExportBlockedError(RuwoError):
    """The export holds something that must not leave; nothing was written.

    `leaks` are for the screen alone: they hold masked words of the chat and never go into a log.
    """

    def __init__(self, template: str, *, leaks: tuple[Leak, ...] = (), **values: object) -> None:
        super().__init__(template, **values)
        self.leaks = leaks
