"""Journal: who did what, when and on what; any of it can be undone."""

from __future__ import annotations

from curation import workflow
from curation.model import JournalQuery
from curation.ui.catalogue import _
from curation.ui.frame import begin_page, empty_state, title_line
from curation.ui.history import do_step
from curation.ui.journal_parts import do_turn, draw_journal

head = title_line()
workspace = begin_page(
    "journal",
    _("Everything that was done, newest first. Any step can be undone, not only the last one."),
    head=head,
)
do_step(workspace)
do_turn(workspace)
if workflow.is_empty(workspace) and not workflow.journal_page(workspace, JournalQuery()).total:
    empty_state()
draw_journal(workspace, head)
