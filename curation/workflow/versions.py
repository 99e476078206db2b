"""Exports that are kept: built, compared with one another, built again, deleted."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from curation import __version__, exporters
from curation.errors import ActionRefusedError, BadFileError
from curation.export_options import ExportOptions
from curation.store import export_entries, export_versions, journal
from curation.store.export_entries import Entry
from curation.store.export_versions import ExportVersion, NewVersion
from curation.workflow import version_files
from curation.workflow.exporting import LABEL_FILES, export_dataset
from curation.workflow.personas import load_persona
from curation.workflow.progress import ignore
from curation.workflow.roles import owners_only
from curation.workflow.settings import load_settings
from curation.workflow.training_recipes import RECIPE_FORMATS, training_choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from curation.store import Workspace
    from curation.store.export_entries import Difference, Entries
    from curation.store.export_versions import VersionFile
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


def basis(workspace: Workspace, formats: Iterable[str] = ()) -> str:
    """Return what differs once anything was changed that an export depends on, but its options.

    What a person said about training is a part of it only where one of the `formats` holds it.
    """
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
    if RECIPE_FORMATS.intersection(formats):
        choices = training_choices(workspace)
        told += [choices.memory, dict(choices.chosen)]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@owners_only
def build_version(
    workspace: Workspace, options: ExportOptions, progress: Progress = ignore
) -> BuiltVersion:
    """Export into a folder beside the workspace, and keep that as a version.

    Where an earlier version was built with these options and has the same files, byte for byte,
    that one is returned, its files put back where they were deleted or changed. Errors as
    `export_dataset`; BadFileError where the disk is full or the folder cannot be written.
    """
    before = basis(workspace, options.formats)
    with version_files.building(workspace) as folder:
        report = export_dataset(workspace, folder, options, progress)
        files = version_files.files_in(folder)
        digest = version_files.digest_of(files)
        if len(options.formats) > 1 or any("/" in each.name for each in files):
            version_files.pack(folder, files, progress)
        entries = _entries(folder)
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
    outdated = ""
    try:
        # What has to be read for this may be large, and nobody else could write meanwhile.
        with workspace.read() as connection:
            held = export_versions.same(connection, new)
        whole = held is not None and version_files.holds(workspace, held.folder, new.folder)
        with workspace.write() as connection:
            same = export_versions.same(connection, new)
            if same is None:
                number = export_versions.keep(connection, new)
            else:
                number = same.id
                export_versions.set_basis(connection, number, new.basis)
            if same is not None and not (whole and held == same):
                export_versions.set_folder(connection, number, new.folder)
                outdated = same.folder
            kept = export_versions.get(connection, number)
        needed = kept.folder == new.folder
    finally:
        if not needed:
            version_files.remove(workspace, new.folder)
    with suppress(BadFileError):  # then it is listed as belonging to no version
        version_files.remove(workspace, outdated)
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


@owners_only
def kept_versions(workspace: Workspace, most: int | None = None) -> VersionList:
    """Return the newest versions, and files that belong to none."""
    with workspace.read() as connection:
        found = export_versions.versions(connection, most)
        total = len(found) if most is None else export_versions.count(connection)
        known = export_versions.folders(connection)
    return VersionList(tuple(found), total, tuple(version_files.loose_folders(workspace, known)))


@owners_only
def shown_version(
    workspace: Workspace, kept: VersionList, number: int | None
) -> ExportVersion | None:
    """Return the version of that number, else the newest, None where there is none at all."""
    for each in kept.versions:
        if each.id == number:
            return each
    if number is not None:
        with suppress(ActionRefusedError):
            return version(workspace, number)
    return kept.versions[0] if kept.versions else None


@owners_only
def versions_size(workspace: Workspace) -> int:
    """Return how many bytes the files of all versions have on the disk."""
    return version_files.size_of(version_files.versions_folder(workspace))


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


@owners_only
def version_file(workspace: Workspace, kept: ExportVersion, name: str) -> Path | None:
    """Return where a file of a version lies, None where it was deleted."""
    return version_files.file_of(workspace, kept.folder, name)


@owners_only
def version_archive(workspace: Workspace, kept: ExportVersion) -> tuple[Path, int] | None:
    """Return the file that holds all files of a version, with its bytes.

    None where there is none, as for few files that lie in no folders.
    """
    path = version_files.file_of(workspace, kept.folder, version_files.ARCHIVE)
    try:
        return None if path is None else (path, path.stat().st_size)
    except OSError:
        return None


def files_by_format(kept: ExportVersion) -> list[tuple[str, tuple[VersionFile, ...]]]:
    """Return the files of a version by the format that they belong to, the records first.

    What belongs to no format comes last, under no name.
    """
    known = exporters.formats()
    names = [name for name in kept.options.get("formats", ()) if name in known]
    rest = {each.name: each for each in kept.files}
    groups = []
    for name in names:
        form = known[name]
        mine = [each for each in (form.train, form.validation) if each in rest]
        folder = form.train.rpartition("/")[0]
        mine += [each for each in rest if folder and each.startswith(f"{folder}/")]
        mine += [each for each in form.companions if each in rest]
        groups.append((name, tuple(rest.pop(each) for each in dict.fromkeys(mine))))
    return [*groups, ("", tuple(rest.values()))]


def delete_version_files(workspace: Workspace, number: int) -> None:
    """Delete the files of a version; it can still be compared, and built again.

    Raises BadFileError where they cannot be deleted, ActionRefusedError where the version is gone.
    """
    kept = version(workspace, number)
    version_files.remove(workspace, kept.folder)
    with workspace.write() as connection:
        export_versions.files_deleted(connection, number)


def delete_version(workspace: Workspace, number: int) -> None:
    """Delete a version with its files; BadFileError where these cannot be deleted."""
    kept = version(workspace, number)
    version_files.remove(workspace, kept.folder)
    with workspace.write() as connection:
        export_versions.forget(connection, number)


@owners_only
def delete_loose_files(workspace: Workspace, name: str) -> None:
    """Delete a folder that belongs to no version.

    Raises ActionRefusedError where one has it by now, BadFileError where it cannot be deleted.
    """
    with workspace.read() as connection:
        if name in export_versions.folders(connection):
            raise ActionRefusedError(export_versions.GONE)
    version_files.remove(workspace, name)
    with workspace.write() as connection:
        journal.note(connection, journal.DELETE_VERSION_FILES, 0)


def _entries(folder: Path) -> Entries:
    """Return what stands for each conversation, by the labels beside the records."""
    digests: dict[int, bytes] = {}
    parts: dict[int, int] = {}
    for part, name in enumerate(LABEL_FILES.values()):
        path = folder / name
        if path.exists():
            for owner, sha256 in _owners(path):
                held = digests.get(owner, b"") + sha256.encode("ascii")
                digests[owner] = hashlib.blake2b(held, digest_size=_DIGEST_BYTES).digest()
                parts[owner] = part
    return export_entries.entries_of(
        Entry(owner, int.from_bytes(digest, "little"), parts[owner])
        for owner, digest in digests.items()
    )


def _owners(labels: Path) -> Iterator[tuple[int, str]]:
    """Yield each conversation that a record was made of, with what stands for the record."""
    with labels.open("rb") as file:
        for line in file:
            label = orjson.loads(line)
            for owner in (label["conversation"], *label.get("joined", ())):
                yield owner, label["sha256"]
