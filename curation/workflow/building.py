"""The whole job without a screen: files in, dataset out."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from curation import exporters, importers, store
from curation.errors import N_, MeUnknownError
from curation.model import ConversationFilter, Persona, Status
from curation.workflow.exporting import ExportReport, export_dataset
from curation.workflow.importing import import_files
from curation.workflow.inspecting import inspect_file
from curation.workflow.personas import save_persona
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings
from curation.workflow.tables import set_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.store import Workspace


def build_dataset(
    paths: Sequence[Path],
    out_dir: Path,
    *,
    me: str | None = None,
    persona: Persona | None = None,
    progress: Progress = ignore,
) -> ExportReport:
    """Import files and folders, approve what gives a record, and export it into `out_dir`.

    A workspace is made for it and removed again. `me` names the sender that is "me" in the files
    that do not say. Raises RuwoError; then `out_dir` is as it was before.
    """
    files = list(dict.fromkeys(file for path in paths for file in importers.collect_files(path)))
    with tempfile.TemporaryDirectory(prefix="ruwo-build-", ignore_cleanup_errors=True) as folder:
        workspace = store.open_workspace(Path(folder) / "workspace.db")
        try:
            save_persona(workspace, persona or Persona())
            _import_all(workspace, files, me, progress)
            not_approved = _approve_all(workspace)
            return export_dataset(workspace, out_dir, progress, not_approved=not_approved)
        finally:
            workspace.close()


def _import_all(
    workspace: Workspace, files: Sequence[Path], me: str | None, progress: Progress
) -> None:
    """Import the files; MeUnknownError lists who could be meant."""
    senders = {} if me is None else dict.fromkeys(files, me)
    try:
        import_files(workspace, files, me=senders, progress=progress)
    except MeUnknownError as error:
        who = inspect_file(error.path).participants
        raise MeUnknownError(
            error.path,
            N_("which of its senders is you? Name one of: {names}"),
            names=", ".join(dict.fromkeys(each.name or each.sender for each in who)),
        ) from error


def _approve_all(workspace: Workspace) -> dict[str, int]:
    """Approve every conversation that gives a record; return why the others do not, counted."""
    rules = load_settings(workspace).rules
    good: list[int] = []
    reasons: Counter[str] = Counter()
    with closing(store.iter_conversations(workspace, ConversationFilter())) as found:
        for each in found:
            texts = {message.id: message.text for message in each.messages}
            draft = exporters.draft_record(each, texts, rules)
            if draft.turns:
                good.append(each.id)
            else:
                reasons[draft.reason] += 1
    set_status(workspace, good, Status.APPROVED)
    return dict(reasons)
