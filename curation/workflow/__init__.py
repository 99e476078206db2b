"""The only place where rooms meet; it runs without Streamlit.

Every function takes the workspace first and raises nothing but RuwoError.
"""

from curation.store import (
    FindingGroup,
    JournalEntry,
    Workspace,
    open_workspace,
)
from curation.workflow.detecting import (
    FindingGroups,
    decide_value,
    decide_values,
    detect_texts,
    finding_counts,
    finding_groups,
    scan_findings,
    unscanned_count,
)
from curation.workflow.exporting import (
    ExportReport,
    ExportSummary,
    export_dataset,
    export_summary,
    preview_records,
)
from curation.workflow.importing import (
    FileReport,
    ImportReport,
    collect_files,
    import_files,
    import_sample,
    preview_files,
    sample_files,
)
from curation.workflow.personas import load_persona, preview_system, read_persona, save_persona
from curation.workflow.progress import Progress, ignore
from curation.workflow.reviewing import (
    Ack,
    Refusal,
    ReviewRecord,
    Window,
    commit_actions,
    review_window,
)
from curation.workflow.settings import Settings, load_settings, save_settings
from curation.workflow.stats import workspace_stats
from curation.workflow.tables import (
    ConversationPage,
    chats,
    conversation_page,
    count_by_status,
    count_matching,
    history,
    is_empty,
    redo,
    set_status,
    tag_emotion,
    undo,
)

__all__ = [
    "Ack",
    "ConversationPage",
    "ExportReport",
    "ExportSummary",
    "FileReport",
    "FindingGroup",
    "FindingGroups",
    "ImportReport",
    "JournalEntry",
    "Progress",
    "Refusal",
    "ReviewRecord",
    "Settings",
    "Window",
    "Workspace",
    "chats",
    "collect_files",
    "commit_actions",
    "conversation_page",
    "count_by_status",
    "count_matching",
    "decide_value",
    "decide_values",
    "detect_texts",
    "export_dataset",
    "export_summary",
    "finding_counts",
    "finding_groups",
    "history",
    "ignore",
    "import_files",
    "import_sample",
    "is_empty",
    "load_persona",
    "load_settings",
    "open_workspace",
    "preview_files",
    "preview_records",
    "preview_system",
    "read_persona",
    "redo",
    "review_window",
    "sample_files",
    "save_persona",
    "save_settings",
    "scan_findings",
    "set_status",
    "tag_emotion",
    "undo",
    "unscanned_count",
    "workspace_stats",
]
