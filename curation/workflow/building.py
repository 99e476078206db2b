"""The whole job without a screen: files in, dataset out."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from curation import exporters, importers, store
from curation.errors import (
    N_,
    BadFileError,
    MeUnknownError,
    NoMessagesError,
    UnknownFormatError,
)
from curation.export_options import Opening
from curation.model import DEFAULT_ZONE, ConversationFilter, Persona, Status
from curation.workflow.bulk_actions import set_status
from curation.workflow.engines import bulk_engine
from curation.workflow.exporting import export_dataset, usual_options
from curation.workflow.importing import (
    ImportReport,
    import_files,
    read_source,
    refuse_all,
    sentences_about,
    unpacked,
)
from curation.workflow.inspecting import inspect_file
from curation.workflow.personas import save_persona
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings, save_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.bulk import Scheduler
    from curation.export_options import ExportOptions
    from curation.model import Replacement
    from curation.store import Workspace
    from curation.workflow.export_report import ExportReport


def build_dataset(
    paths: Sequence[Path],
    out_dir: Path,
    *,
    me: str | None = None,
    persona: Persona | None = None,
    zone: str = DEFAULT_ZONE,
    replacements: Mapping[str, Replacement] | None = None,
    options: ExportOptions | None = None,
    progress: Progress = ignore,
    warn: Callable[[str], None] = lambda _sentence: None,
    scheduler: Scheduler | None = None,
) -> ExportReport:
    """Import files, folders and archives, approve what gives a record, export it to `out_dir`.

    A workspace is made for it and removed again. `me` names the sender that is "me" in the files
    that do not say, `zone` the IANA time zone of the chats, `replacements` what stands for private
    details of a kind, `options` how the export is made, `scheduler` whose workers search and mask.
    `warn` is called with a sentence for whatever a person should know of a file, and for files of a
    folder that are left out: those that are no chat export, hold no messages, or in which nobody is
    `me`. Raises RuwoError; then `out_dir` is as it was before.
    """
    with ExitStack() as stack:
        files = _collected(paths, me, warn, stack)
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="ruwo-build-", ignore_cleanup_errors=True)
        )
        workspace = store.open_workspace(Path(folder) / "workspace.db")
        try:
            save_persona(workspace, persona or Persona())
            settings = replace(
                load_settings(workspace), time_zone=zone, replacements=replacements or {}
            )
            save_settings(workspace, settings)
            for read in _import_all(workspace, files, me, progress).files:
                for sentence in sentences_about(read.path, read.warnings, read.bad_rows):
                    warn(sentence)
                if read.already_there:
                    sentence = N_("messages that another file holds too: {count}")
                    warn(f"{read.path.name}: {sentence.format(count=read.already_there)}")
            not_approved = _approve_all(workspace, options or usual_options(workspace))
            with bulk_engine(workspace, scheduler) as engine:
                return export_dataset(
                    workspace, out_dir, options, progress, not_approved=not_approved, engine=engine
                )
        finally:
            workspace.close()


def _collected(
    paths: Sequence[Path], me: str | None, warn: Callable[[str], None], stack: ExitStack
) -> Sequence[Path]:
    """Return the files that were named, and those of folders and archives that give messages.

    What was unpacked is there until `stack` is closed.
    """
    files: dict[Path, None] = {}
    for path in paths:
        found = stack.enter_context(unpacked([path]))
        if path.is_dir() or importers.is_archive(path):
            left = {file: error for file in found if (error := _empty(file, me)) is not None}
            if len(left) == len(found):
                first = min(left.values(), key=lambda each: not isinstance(each, MeUnknownError))
                if isinstance(first, MeUnknownError):
                    raise _asking(first) from first
                refuse_all(path, list(left.values()))
            for error in left.values():
                warn(N_("left out: {reason}").format(reason=error))
            found = [file for file in found if file not in left]
        files.update(dict.fromkeys(found))
    return tuple(files)


def _empty(path: Path, me: str | None) -> BadFileError | None:
    """Return why a file that nobody named gives no messages; None for a good or broken one.

    Beside chats, exporters' folders hold lists of contacts, and chats in which I never spoke.
    """
    try:
        source = read_source(path)
        if me is not None:
            importers.with_me(source, me)
    except (UnknownFormatError, NoMessagesError, MeUnknownError) as error:
        return error
    return None


def _import_all(
    workspace: Workspace, files: Sequence[Path], me: str | None, progress: Progress
) -> ImportReport:
    """Import the files; MeUnknownError lists who could be meant."""
    senders = {} if me is None else dict.fromkeys(files, me)
    try:
        return import_files(workspace, files, me=senders, progress=progress)
    except MeUnknownError as error:
        raise _asking(error) from error


def _asking(error: MeUnknownError) -> MeUnknownError:
    """Return the error that lists who could be meant."""
    who = inspect_file(error.path).participants
    return MeUnknownError(
        error.path,
        N_("which of its senders is you? Name one of: {names}"),
        names=", ".join(dict.fromkeys(each.name or each.sender for each in who)),
    )


def _approve_all(workspace: Workspace, options: ExportOptions) -> dict[str, int]:
    """Approve every conversation that gives a record; return why the others do not, counted."""
    rules = load_settings(workspace).rules
    opening = options.opening_line if options.opening is Opening.LINE else ""
    good: list[int] = []
    reasons: Counter[str] = Counter()
    with closing(store.iter_conversations(workspace, ConversationFilter())) as found:
        for each in found:
            texts = {message.id: message.text for message in each.messages}
            draft = exporters.draft_record(each, texts, rules, opening=opening)
            if draft.turns:
                good.append(each.id)
            else:
                reasons[draft.reason] += 1
    set_status(workspace, good, Status.APPROVED)
    return dict(reasons)
