"""Counts of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curation import store
from curation.model import Decision
from curation.workflow.detecting import unscanned_count
from curation.workflow.roles import for_reviewers

if TYPE_CHECKING:
    from curation.store import Workspace


@for_reviewers
def workspace_stats(workspace: Workspace) -> dict[str, Any]:
    """Return the counts of a workspace as JSON values.

    Keys: files, chats, groups (among the chats), duplicates (conversations that say nearly the
    same as an earlier one), conversations (by status, and `all`), messages (all, deleted, added,
    unscanned), findings (entity -> decision -> count, messages in the trash left out).
    """
    sums = store.totals(workspace)
    by_status = {status.value: count for status, count in store.count_by_status(workspace).items()}
    findings: dict[str, dict[str, int]] = {}
    for (entity, decision), count in sorted(store.finding_summary(workspace).counts.items()):
        of_entity = findings.setdefault(entity, {each.value: 0 for each in Decision})
        of_entity[decision.value] = count
    return {
        "files": sums.files,
        "chats": sums.chats,
        "groups": sums.groups,
        "duplicates": sums.duplicates,
        "conversations": {"all": sum(by_status.values()), **by_status},
        "messages": {
            "all": sums.messages,
            "deleted": sums.deleted,
            "added": sums.added,
            "unscanned": unscanned_count(workspace),
        },
        "findings": findings,
    }
