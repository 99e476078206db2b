"""What one browser tab remembers between two runs of a page.

Nothing that a person did lives here: decisions go to the workspace at once. Names of session keys
stand in this file only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation.model import ConversationFilter, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curation.model import FilePreview, Persona
    from curation.ui.components.review import Outbox
    from curation.ui.exporting import Exported
    from curation.workflow import Ack, ImportReport

DEFAULT_LANGUAGE: Final = "zh"

_STATE: Final = "ruwo"


class Keys:
    """Keys of widgets whose value is read or set by code; every other widget names its own."""

    LANGUAGE: Final = "language"
    UPLOADS: Final = "uploads"
    FOLDER: Final = "folder"
    ME: Final = "me:"
    TAKE: Final = "take:"
    STATUSES: Final = "filter-statuses"
    CHATS: Final = "filter-chats"
    TEXT: Final = "filter-text"
    EMOTION: Final = "filter-emotion"
    FINDINGS: Final = "filter-findings"
    FIRST_DAY: Final = "filter-first-day"
    LAST_DAY: Final = "filter-last-day"
    MIN_LENGTH: Final = "filter-min-length"
    MAX_LENGTH: Final = "filter-max-length"
    BULK_EMOTION: Final = "bulk-emotion"
    TABLE_ALL: Final = "table-all"
    TABLE_SIZE: Final = "table-size"
    TABLE_ORDER: Final = "table-order"
    TABLE_PAGE: Final = "table-page"
    PRIVACY_DECISION: Final = "privacy-decision"
    PRIVACY_ENTITY: Final = "privacy-entity"
    GAP: Final = "gap"
    STICKERS: Final = "stickers"
    MEDIA: Final = "media"
    EMOTIONS: Final = "emotions"
    SETTINGS_LANGUAGE: Final = "settings-language"
    REVIEW_STATUS: Final = "review-status"
    REVIEW_CHAT: Final = "review-chat"
    PERSONA_NAME: Final = "persona-name"
    PERSONA_PERSONALITY: Final = "persona-personality"
    PERSONA_OCCUPATION: Final = "persona-occupation"
    PERSONA_INTERESTS: Final = "persona-interests"
    PERSONA_PROMPT: Final = "persona-prompt"
    RELATION: Final = "relation:"
    RELATION_PAGE: Final = "relation-page"
    PRIVACY_PAGE: Final = "privacy-page"


@dataclass(slots=True)
class ImportDraft:
    """Files chosen on the import page and what is known of them, until they are imported.

    Files are told apart by `key`: the upload's id, or path, size and time of a file on disk.
    """

    previews: dict[str, FilePreview] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    paths: tuple[Path, ...] = ()
    round: int = 0
    report: ImportReport | None = None
    scan_wanted: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What to do with many conversations: give them a status, or put an emotion on or off."""

    selection: Sequence[int] | ConversationFilter
    count: int
    status: Status | None = None
    emotion: str = ""
    on: bool = True


@dataclass(slots=True)
class UiState:
    """Everything a tab remembers; `get_state()` gives the tab's own.

    `framed` says that app.py has begun this run, and a page may follow. `asked` waits for the
    person's yes, `agreed` and `step` ("undo", "redo") for the next run, which does them.
    """

    language: str = ""
    framed: bool = False
    flashes: list[str] = field(default_factory=list)
    importing: ImportDraft = field(default_factory=ImportDraft)
    table_filter: ConversationFilter = field(default_factory=ConversationFilter)
    table_shown: ConversationFilter | None = None
    table_view: object = None
    table_view_round: int = 0
    table_round: int = 0
    privacy_round: int = 0
    asked: BulkAction | None = None
    agreed: BulkAction | None = None
    step: str = ""
    review_filter: ConversationFilter = field(
        default_factory=lambda: ConversationFilter(statuses=(Status.PENDING,))
    )
    review_at: int | None = None
    review_outbox: Outbox | None = None
    review_turn: int = 0
    review_ack: Ack | None = None
    exported: Exported | None = None
    persona_shown: Persona | None = None
    persona_draft: Persona | None = None


def get_state() -> UiState:
    """Return this tab's state, made on first use."""
    if _STATE not in st.session_state:
        st.session_state[_STATE] = UiState()
    state: UiState = st.session_state[_STATE]
    return state


def current_language() -> str:
    """Return the language this tab is shown in."""
    return get_state().language or DEFAULT_LANGUAGE


def set_widget(key: str, value: object) -> None:
    """Give the widget `key` a value; only before it is drawn, or in a callback."""
    st.session_state[key] = value


def widget_value(key: str) -> Any:
    """Return the value of the widget `key`, or None before it was drawn."""
    return st.session_state.get(key)


def widget_exists(key: str) -> bool:
    """Return whether the widget `key` has a value in this session."""
    return key in st.session_state
