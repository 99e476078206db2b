"""What a person set up for a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from curation import store
from curation.model import EntryRules

if TYPE_CHECKING:
    from curation.store import Workspace

DEFAULT_GAP_MINUTES: Final = 30
DEFAULT_EMOTIONS: Final = ("开心", "难过", "生气", "害怕", "惊讶", "厌恶", "温柔", "平静")
_KEY: Final = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace.

    `gap_minutes` is the pause after which a new conversation starts; it applies to later imports.
    """

    gap_minutes: int = DEFAULT_GAP_MINUTES
    rules: EntryRules = field(default_factory=EntryRules)
    emotions: tuple[str, ...] = DEFAULT_EMOTIONS
    language: str = "zh"


def load_settings(workspace: Workspace) -> Settings:
    """Return the settings kept in the workspace, defaults where nothing was set."""
    kept = store.get_setting(workspace, _KEY) or {}
    usual = Settings()
    return Settings(
        gap_minutes=int(kept.get("gap_minutes", usual.gap_minutes)),
        rules=EntryRules(
            stickers=bool(kept.get("stickers", usual.rules.stickers)),
            media=bool(kept.get("media", usual.rules.media)),
        ),
        emotions=tuple(kept.get("emotions", usual.emotions)),
        language=str(kept.get("language", usual.language)),
    )


def save_settings(workspace: Workspace, settings: Settings) -> None:
    """Keep settings in the workspace."""
    store.put_setting(
        workspace,
        _KEY,
        {
            "gap_minutes": settings.gap_minutes,
            "stickers": settings.rules.stickers,
            "media": settings.rules.media,
            "emotions": list(settings.emotions),
            "language": settings.language,
        },
    )
