"""Exports that are kept: built, compared with one another, built again, deleted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from curation import __version__
from curation.errors import ActionRefusedError
from curation.export_options import ExportOptions
from curation.store import export_entries, export_versions, journal
from curation.store.export_entries import Entry
from curation.store.export_versions import ExportVersion, NewVersion
from curation.workflow import version_files
from curation.workflow.exporting import LABEL_FILES, export_dataset
from curation.workflow.parting import TRAIN
from curation.workflow.personas import load_persona
from curation.workflow.progress import ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from curation.store import Workspace
    from curation.store.export_entries import Difference, Entries
    from curation.workflow.progress import Progress
    from curation.workflow.version_files import LooseFolder

_DIGEST_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class BuiltVersion:
    """What a build gave; `kept_already` where an earlier one gave the same files, byte for byte."""

    version: ExportVersion
    kept_already: bool


@dataclass(frozen=True, slots=True)
class VersionList:
    """The newest versions, how many there are, and what is on the disk of none of them."""

    versions: tuple[ExportVersion, ...]
    total: int
    loose: tuple[LooseFolder, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of one version in another.

    `options` holds those that differ, before and after; `files` the names of those whose bytes
    do, or that only one has.
    """

    before: ExportVersion
    after: ExportVersion
    difference: Difference
    options: Mapping[str, tuple[Any, Any]]
    files: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether the files are the same, byte for byte."""
        return self.before.digest == self.after.digest


def basis(workspace: Workspace) -> str:
    """Return what differs once anything was changed that an export depends on, but its options."""
    settings = load_settings(workspace)
    with workspace.read() as connection:
        newest = journal.newest_change(connection)
    told = [
        __version__,
        newest,
        asdict(load_persona(workspace)),
        asdict(settings.rules),
        settings.mbti_share,
        settings.replacements,
        settings.thresholds,
        settings.pipeline,
        settings.tagger,
    ]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def build_version(
    workspace: Workspace, options: ExportOptions, progress: Progress = ignore
) -> BuiltVersion:
    """Export into a folder beside the workspace, and keep that as a version.

    Where an earlier version was built with these options and has the same files, byte for byte,
    that one is returned, its files put back where they were deleted. Errors as `export_dataset`;
    BadFileError where the disk is full or the folder cannot be written.
    """
    before = basis(workspace)
    with version_files.building(workspace) as folder:
        report = export_dataset(workspace, folder, options, progress)
        files = version_files.files_in(folder)
        digest = version_files.digest_of(files)
        entries = _entries(folder / LABEL_FILES[TRAIN])
        new = NewVersion(
            options=options.to_json(),
            basis=before,
            digest=digest,
            records=report.records,
            files=files,
            folder=version_files.settle(folder, digest),
            report=report.to_json(),
            entries=entries,
        )
    return _kept(workspace, new)


def _kept(workspace: Workspace, new: NewVersion) -> BuiltVersion:
    """Keep a version, or find the one that is the same; no folder is left without a version."""
    needed = False
    try:
        with workspace.write() as connection:
            same = export_versions.same(connection, new)
            if same is None:
                number = export_versions.keep(connection, new)
            else:
                number = same.id
                export_versions.set_basis(connection, number, new.basis)
            if same is not None and version_files.folder_of(workspace, same.folder) is None:
                export_versions.set_folder(connection, number, new.folder)
            kept = export_versions.get(connection, number)
        needed = kept.folder == new.folder
    finally:
        if not needed:
            version_files.remove(workspace, new.folder)
    return BuiltVersion(kept, same is not None)


def rebuild_version(
    workspace: Workspace, number: int, progress: Progress = ignore
) -> tuple[BuiltVersion, Comparison]:
    """Build with the options of a version again, of the workspace as it is now.

    Return what came of it and how that version differs from it. Errors as `build_version`;
    ActionRefusedError where the version is gone, OptionsError where its options are no longer
    understood.
    """
    options = ExportOptions.from_json(version(workspace, number).options)
    built = build_version(workspace, options, progress)
    return built, compare_versions(workspace, number, built.version.id)


def version(workspace: Workspace, number: int) -> ExportVersion:
    """Return a version; ActionRefusedError where it is gone."""
    with workspace.read() as connection:
        return export_versions.get(connection, number)


def version_report(workspace: Workspace, number: int) -> dict[str, Any]:
    """Return what `report.json` of a version holds; ActionRefusedError where it is gone."""
    with workspace.read() as connection:
        return export_versions.report_of(connection, number)


def kept_versions(workspace: Workspace, most: int | None = None) -> VersionList:
    """Return the newest versions, and files that belong to none."""
    with workspace.read() as connection:
        found = export_versions.versions(connection, most)
        total = len(found) if most is None else export_versions.count(connection)
        known = export_versions.folders(connection)
    return VersionList(tuple(found), total, tuple(version_files.loose_folders(workspace, known)))


def compare_versions(workspace: Workspace, before: int, after: int) -> Comparison:
    """Return what became of a version in another; ActionRefusedError where one is gone."""
    with workspace.read() as connection:
        old, new = (export_versions.get(connection, each) for each in (before, after))
        entries = [export_versions.entries_of(connection, each) for each in (before, after)]
    names = sorted({*old.options, *new.options})
    pairs = {name: (old.options.get(name), new.options.get(name)) for name in names}
    held = [{each.name: each.sha256 for each in one.files} for one in (old, new)]
    files = sorted({*held[0], *held[1]})
    return Comparison(
        before=old,
        after=new,
        difference=export_entries.difference(*entries),
        options={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
        files=tuple(name for name in files if held[0].get(name) != held[1].get(name)),
    )


def describe_version(workspace: Workspace, number: int, name: str, note: str) -> None:
    """Give a version a name and a note; ActionRefusedError where it is gone."""
    with workspace.write() as connection:
        export_versions.describe(connection, number, name, note)


def version_file(workspace: Workspace, number: int, name: str) -> Path | None:
    """Return where a file of a version lies, None where it was deleted.

    Raises ActionRefusedError where the version is gone.
    """
    kept = version(workspace, number)
    return version_files.file_of(workspace, kept.folder, name)


def delete_version_files(workspace: Workspace, number: int) -> None:
    """Delete the files of a version; it can still be compared, and built again.

    Raises BadFileError where they cannot be deleted, ActionRefusedError where the version is gone.
    """
    kept = version(workspace, number)
    version_files.remove(workspace, kept.folder)
    with workspace.write() as connection:
        export_versions.set_folder(connection, number, "")


def delete_version(workspace: Workspace, number: int) -> None:
    """Delete a version with its files; BadFileError where these cannot be deleted."""
    kept = version(workspace, number)
    version_files.remove(workspace, kept.folder)
    with workspace.write() as connection:
        export_versions.forget(connection, number)


def delete_loose_files(workspace: Workspace, name: str) -> None:
    """Delete a folder that belongs to no version.

    Raises ActionRefusedError where one has it by now, BadFileError where it cannot be deleted.
    """
    with workspace.read() as connection:
        if name in export_versions.folders(connection):
            raise ActionRefusedError(export_versions.GONE)
    version_files.remove(workspace, name)


def _entries(labels: Path) -> Entries:
    """Return what stands for each conversation, by the labels beside the records."""
    digests: dict[int, bytes] = {}
    with labels.open(encoding="utf-8", newline="\n") as file:
        for owner, sha256 in _owners(file):
            so_far = digests.get(owner, b"")
            held = hashlib.blake2b(so_far + sha256.encode("ascii"), digest_size=_DIGEST_BYTES)
            digests[owner] = held.digest()
    return export_entries.entries_of(
        Entry(owner, int.from_bytes(digest, "little")) for owner, digest in digests.items()
    )


def _owners(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    for line in lines:
        label = json.loads(line)
        yield label["conversation"], label["sha256"]
