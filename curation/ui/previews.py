"""What the import page knows of the chosen files: what is in them, and who "me" is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from curation import workflow
from curation.errors import RuwoError
from curation.ui.state import Keys, get_state, set_widget
from curation.ui.uploads import Member, members, opened
from curation.workflow import FilePreview

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curation.model import Participant
    from curation.ui.uploads import Chosen
    from curation.workflow import Progress, Settings


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be "me" in several files: in how many, and with how many messages."""

    name: str
    files: int
    messages: int


def forget_previews() -> None:
    """Read the chosen files anew at the next run, because they are to be read otherwise."""
    draft = get_state().importing
    draft.members.clear()
    draft.previews.clear()


def forget_chosen(files: Sequence[Member]) -> None:
    """Read what these files were chosen with anew at the next run."""
    draft = get_state().importing
    for member in files:
        draft.members.pop(member.chosen.key, None)


def begin_previews(files: Sequence[Chosen], settings: Settings) -> bool:
    """Forget what is no longer chosen; return whether something is still to be read."""
    draft = get_state().importing
    mark = (settings.time_zone, settings.limits)
    if draft.read_with != mark:
        forget_previews()
    draft.read_with = mark
    wanted = {file.key for file in files}
    draft.members = {key: found for key, found in draft.members.items() if key in wanted}
    known = {member.key for found in draft.members.values() for member in found}
    draft.previews = {key: seen for key, seen in draft.previews.items() if key in known}
    draft.answers = {key: me for key, me in draft.answers.items() if key in known}
    return any(file.key not in draft.members for file in files)


def read_previews(files: Sequence[Chosen], settings: Settings, progress: Progress) -> None:
    """Read what is not read yet into this tab's draft; progress counts bytes of what was chosen."""
    draft = get_state().importing
    new = [file for file in files if file.key not in draft.members]
    total = sum(file.size for file in new)
    before = 0
    for file in new:
        progress("read", before, total)
        found: dict[str, FilePreview] = {}
        try:
            with opened([file], settings.limits) as paths:
                inside = members(file, paths[file.key])
                ticker = _ticker(progress, before, file.size, total)
                for member, preview in zip(
                    inside, _read(paths[file.key], settings, ticker), strict=True
                ):
                    # A temporary folder is gone by then: only the file's own name is kept.
                    found[member.key] = replace(preview, path=Path(preview.path.name))
        except RuwoError as error:  # of the archive or the folder as a whole
            inside = (Member(file.key, file.name, file),)
            found = {file.key: FilePreview(path=Path(file.name), error=error)}
        draft.members[file.key] = inside
        draft.previews.update(found)
        before += file.size
    for file in new:
        for member in draft.members[file.key]:
            answer_like_others(member.key)


def _ticker(progress: Progress, before: int, size: int, total: int) -> Callable[[int, int], None]:
    """Return a progress over one chosen thing that reports on all of them."""

    def tick(done: int, of: int) -> None:
        progress("read", before + (size * min(done, of) // of if of else 0), total)

    return tick


def _read(
    paths: Sequence[Path], settings: Settings, tick: Callable[[int, int], None]
) -> list[FilePreview]:
    """Return what each file holds; `tick` is told bytes of all of them."""
    sizes = [path.stat().st_size for path in paths]
    total = sum(sizes)
    previews: list[FilePreview] = []
    for number, path in enumerate(paths):
        before = sum(sizes[:number])
        tick(before, total)

        def tick_file(done: int, of: int, before: int = before, size: int = sizes[number]) -> None:
            tick(before + (size * min(done, of) // of if of else 0), total)

        options = workflow.read_options(settings, tick_file)
        previews += workflow.preview_files([path], options=options)
    return previews


def all_members(files: Sequence[Chosen]) -> list[Member]:
    """Return the chat files of everything chosen."""
    return [member for file in files for member in get_state().importing.members[file.key]]


def preview_of(member: Member) -> FilePreview:
    """Return what is known of a chat file."""
    return get_state().importing.previews[member.key]


def is_good(member: Member) -> bool:
    """Return whether a chat file could be read."""
    preview = preview_of(member)
    return preview.error is None and preview.table is None


def me_in(member: Member) -> Participant | None:
    """Return who is "me" in a file, as the file or the person says; None while nobody said."""
    preview = preview_of(member)
    answer = get_state().importing.answers.get(member.key)
    for person in preview.participants:
        if person.is_me or (not preview.me_known and person.sender == answer):
            return person
    return None


def without_answer(files: Sequence[Member]) -> list[Member]:
    """Return those of the files of which nobody said yet who "me" is."""
    answers = get_state().importing.answers
    return [
        member for member in files if not preview_of(member).me_known and member.key not in answers
    ]


def candidates(files: Sequence[Member]) -> list[Candidate]:
    """Return who speaks in the files that do not say who "me" is, who is in most of them first."""
    in_files, messages = Counter[str](), Counter[str]()
    for member in files:
        preview = preview_of(member)
        if not preview.me_known:
            in_files.update({person.name for person in preview.participants})
            for person in preview.participants:
                messages[person.name] += person.count
    order = sorted(in_files, key=lambda name: (-in_files[name], -messages[name], name))
    return [Candidate(name, in_files[name], messages[name]) for name in order]


def answer_all(files: Sequence[Member], name: str | None) -> None:
    """Make everybody called `name` "me" in these files; None takes the answers back."""
    answers = get_state().importing.answers
    for member in files:
        preview = preview_of(member)
        if preview.me_known:
            continue
        answers.pop(member.key, None)
        for person in preview.participants:
            if person.name == name:
                _answer(member.key, person.sender)
                break
    if name is not None:
        for member in files:
            answer_like_others(member.key)


def answer_like_others(key: str) -> None:
    """Answer "who am I?" for a file in which a person already chosen elsewhere occurs."""
    draft = get_state().importing
    preview = draft.previews[key]
    if preview.me_known or key in draft.answers:
        return
    mine = {
        person.name
        for other, answer in draft.answers.items()
        for person in draft.previews[other].participants
        if person.sender == answer
    }
    for person in preview.participants:
        if person.sender in draft.answers.values() or person.name in mine:
            _answer(key, person.sender)
            return


def _answer(key: str, sender: str) -> None:
    get_state().importing.answers[key] = sender
    set_widget(Keys.ME + key, sender)
