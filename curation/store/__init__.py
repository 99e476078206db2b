"""The workspace: tables, migrations, queries, journal.

Everything that a person did lives here and nowhere else.
"""

from curation.store.conversations import (
    chat_names,
    count_by_status,
    count_matching,
    is_empty,
    iter_conversations,
    load_conversations,
    source_names,
)
from curation.store.deciding import (
    FindingGroup,
    FindingPlace,
    FindingSummary,
    count_findings,
    finding_groups,
    finding_places,
    finding_summary,
    kept_values,
)
from curation.store.findings import (
    SearchRules,
    Unscanned,
    UnscannedMessage,
    ValuedFinding,
    expect_search,
    save_findings,
    unscanned,
    unscanned_count,
    was_searched,
)
from curation.store.listing import ORDERS, conversation_rows
from curation.store.real_values import (
    background_places,
    found_values,
    value_decisions,
    workspace_secret,
    written_backgrounds,
)
from curation.store.settings import get_setting, put_setting
from curation.store.totals import (
    Totals,
    suggestion_counts,
    totals,
    undecided_findings,
    undecided_values,
)
from curation.store.workspace import Workspace, open_workspace, workspace_file

__all__ = [
    "ORDERS",
    "FindingGroup",
    "FindingPlace",
    "FindingSummary",
    "SearchRules",
    "Totals",
    "Unscanned",
    "UnscannedMessage",
    "ValuedFinding",
    "Workspace",
    "background_places",
    "chat_names",
    "conversation_rows",
    "count_by_status",
    "count_findings",
    "count_matching",
    "expect_search",
    "finding_groups",
    "finding_places",
    "finding_summary",
    "found_values",
    "get_setting",
    "is_empty",
    "iter_conversations",
    "kept_values",
    "load_conversations",
    "open_workspace",
    "put_setting",
    "save_findings",
    "source_names",
    "suggestion_counts",
    "totals",
    "undecided_findings",
    "undecided_values",
    "unscanned",
    "unscanned_count",
    "value_decisions",
    "was_searched",
    "workspace_file",
    "workspace_secret",
    "written_backgrounds",
]
