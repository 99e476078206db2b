"""Trash: what was rejected or removed, found again and brought back."""

from __future__ import annotations

from curation import workflow
from curation.ui.catalogue import _
from curation.ui.frame import begin_page, empty_state, title_line
from curation.ui.history import do_step
from curation.ui.trash_parts import do_restore, draw_trash

head = title_line()
workspace = begin_page(
    "trash",
    _("What you rejected or removed. It stays here and can be brought back at any time."),
    head=head,
)
do_step(workspace)
do_restore(workspace)
if workflow.is_empty(workspace):
    empty_state()
draw_trash(workspace, head)
