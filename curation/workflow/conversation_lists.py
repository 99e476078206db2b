"""Conversations that a report or a comparison names, as something that can be filtered by.

A list has a name that tells where it comes from, so that an address can carry it however long it
is: `left.3.only_me` are those that version 3 left out for that reason, `alike.3` those that it
trains on although they are late, `changed.3.5` those that say something else in version 5 than in
version 3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.errors import ActionRefusedError
from curation.model import ConversationList
from curation.workflow.roles import owners_only
from curation.workflow.versions import compare_versions, version_report

if TYPE_CHECKING:
    from curation.store import Workspace

DIFFERENCES: Final = ("added", "removed", "changed", "moved")
"""The lists of a comparison, by the names that `Difference` gives them."""

_LEFT: Final = re.compile(r"left\.(?P<version>\d{1,9})\.(?P<reason>\w{1,40})", re.ASCII)
_ALIKE: Final = re.compile(r"alike\.(?P<version>\d{1,9})", re.ASCII)
_DIFFERENT: Final = re.compile(
    rf"(?P<what>{'|'.join(DIFFERENCES)})\.(?P<before>\d{{1,9}})\.(?P<after>\d{{1,9}})", re.ASCII
)


def left_out_list(version: int, reason: str) -> str:
    """Return the name of the list of what a version left out for a reason."""
    return f"left.{version}.{reason}"


def alike_list(version: int) -> str:
    """Return the name of the list of what a version trains on because it is like something else."""
    return f"alike.{version}"


def difference_list(what: str, before: int, after: int) -> str:
    """Return the name of one of the lists of a comparison."""
    return f"{what}.{before}.{after}"


@owners_only
def conversation_list(workspace: Workspace, name: str) -> ConversationList | None:
    """Return the list of that name, None where no list has such a name.

    It is empty where a version that it is about was deleted.
    """
    alike = _ALIKE.fullmatch(name)
    left, different = _LEFT.fullmatch(name), _DIFFERENT.fullmatch(name)
    try:
        if left is not None:
            report = version_report(workspace, int(left["version"]))
            held = report.get("left_out", {}).get(left["reason"], {})
            return ConversationList(name, tuple(held.get("conversations", ())))
        if alike is not None:
            held = version_report(workspace, int(alike["version"])).get("moved_to_train", {})
            return ConversationList(name, tuple(held.get("conversations", ())))
        if different is not None:
            before, after = int(different["before"]), int(different["after"])
            found = compare_versions(workspace, before, after).difference
            return ConversationList(name, getattr(found, different["what"]))
    except ActionRefusedError:
        return ConversationList(name, ())
    return None
