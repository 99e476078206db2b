"""What a person chose for their exports, kept in the workspace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from curation import exporters
from curation.errors import OptionsError
from curation.export_options import ExportOptions
from curation.store.settings import get_setting, put_setting
from curation.workflow.roles import owners_only
from curation.workflow.settings import load_settings, save_settings

if TYPE_CHECKING:
    from curation.store import Workspace

_KEY: Final = "export_options"


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, in the order in which they are offered."""
    return tuple(exporters.formats())


def load_export_options(workspace: Workspace) -> ExportOptions:
    """Return what was chosen last, the usual options where nothing was or nobody knows it now."""
    # The page of a single conversation shows its record with this one of them.
    variant = load_settings(workspace).variant
    kept = get_setting(workspace, _KEY)
    try:
        options = ExportOptions.from_json(kept or {})
    except OptionsError:
        options = ExportOptions()
    return replace(options, variant=variant)


@owners_only
def save_export_options(workspace: Workspace, options: ExportOptions) -> None:
    """Keep what was chosen, for this page and for whoever exports next."""
    put_setting(workspace, _KEY, options.to_json())
    settings = load_settings(workspace)
    if settings.variant is not options.variant:
        save_settings(workspace, replace(settings, variant=options.variant))
