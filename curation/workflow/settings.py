"""What a person set up for a workspace."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, store
from curation.export_options import Variant
from curation.model import (
    DEFAULT_ZONE,
    ColumnMapping,
    EntryRules,
    Limits,
    QueueOrder,
    ReadOptions,
    Replacement,
    ReviewOrder,
    no_tick,
)
from curation.store.settings import get_value
from curation.workflow.roles import for_reviewers, owners_only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from sqlalchemy import Connection

    from curation.conversations import SplitRules
    from curation.store import Workspace

    GapMode = Literal["adaptive", "fixed"]
    LengthUnit = Literal["characters", "tokens"]

DEFAULT_GAP_MINUTES: Final = 30
DEFAULT_BURST_MINUTES: Final = 3
DEFAULT_LENGTH_LIMIT: Final = 1500
"""Tokens. Trainers cut a record at 2048 tokens as a rule (LLaMA-Factory's `cutoff_len`), at its
end, where the newest words are. A quarter is left for the system text and the marks of the turns.
"""
DEFAULT_EMOTIONS: Final = ("开心", "难过", "生气", "害怕", "惊讶", "厌恶", "温柔", "平静")
DEFAULT_MBTI_SHARE: Final = 15
"""Percent of the records: enough for a way of thinking, too few to drown the voice."""

_KEY: Final = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace.

    `gap_mode` says how the pause after which a new conversation starts is found: `adaptive`, for
    each chat from its own times, or `fixed`, always `gap_minutes`. `burst_minutes` is the pause up
    to which one side's messages are one burst. A conversation is not longer than `length_limit`
    (0: no limit) in `length_unit`. All of these apply to later imports and to splitting again.
    `time_zone` is the IANA name of the zone in which chats are read. `mappings` are the tables
    that a person explained. `replacements` says for each entity what stands for its masked values,
    a placeholder where it says nothing; `thresholds`, `pipeline` and `tagger` are as in
    `DetectionRules`.
    `keys` are the keys of the review page that a person chose, by what they do, `queue` the order
    in which it goes. `toured` says that nobody needs the tour of the first start any more.
    `variant` says where emotions and traits go in the export, `mbti_share` how many of a hundred
    records may be MBTI answers.
    """

    gap_minutes: int = DEFAULT_GAP_MINUTES
    rules: EntryRules = field(default_factory=EntryRules)
    emotions: tuple[str, ...] = DEFAULT_EMOTIONS
    language: str = "zh"
    gap_mode: GapMode = "adaptive"
    burst_minutes: int = DEFAULT_BURST_MINUTES
    length_limit: int = DEFAULT_LENGTH_LIMIT
    length_unit: LengthUnit = "tokens"
    time_zone: str = DEFAULT_ZONE
    limits: Limits = field(default_factory=Limits)
    mappings: tuple[ColumnMapping, ...] = ()
    replacements: Mapping[str, Replacement] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    pipeline: str = ""
    tagger: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    queue: QueueOrder = field(default_factory=QueueOrder)
    toured: bool = False
    variant: Variant = Variant.PLAIN
    mbti_share: int = DEFAULT_MBTI_SHARE


@for_reviewers
def load_settings(workspace: Workspace) -> Settings:
    """Return the settings kept in the workspace, defaults where nothing was set."""
    with workspace.read() as connection:
        return settings_from(connection)


def settings_from(connection: Connection) -> Settings:
    """As `load_settings`, inside a transaction."""
    kept = get_value(connection, _KEY) or {}
    usual = Settings()
    return Settings(
        gap_minutes=int(kept.get("gap_minutes", usual.gap_minutes)),
        rules=EntryRules(
            stickers=bool(kept.get("stickers", usual.rules.stickers)),
            media=bool(kept.get("media", usual.rules.media)),
        ),
        emotions=tuple(kept.get("emotions", usual.emotions)),
        language=str(kept.get("language", usual.language)),
        gap_mode="fixed" if kept.get("gap_mode", usual.gap_mode) == "fixed" else "adaptive",
        burst_minutes=int(kept.get("burst_minutes", usual.burst_minutes)),
        length_limit=int(kept.get("length_limit", usual.length_limit)),
        length_unit=(
            "characters" if kept.get("length_unit", usual.length_unit) == "characters" else "tokens"
        ),
        time_zone=str(kept.get("time_zone", usual.time_zone)),
        limits=_limits(kept.get("limits", {})),
        mappings=tuple(_mapping(each) for each in kept.get("mappings", ())),
        replacements={
            str(entity): Replacement(mode) for entity, mode in kept.get("replacements", {}).items()
        },
        thresholds={
            str(entity): float(score) for entity, score in kept.get("thresholds", {}).items()
        },
        pipeline=str(kept.get("pipeline", usual.pipeline)),
        tagger=bool(kept.get("tagger", usual.tagger)),
        keys={str(slot): str(key) for slot, key in kept.get("keys", {}).items()},
        queue=QueueOrder(
            ReviewOrder(kept.get("order", usual.queue.by)), int(kept.get("seed", usual.queue.seed))
        ),
        toured=bool(kept.get("toured", usual.toured)),
        variant=Variant(kept.get("variant", usual.variant)),
        mbti_share=int(kept.get("mbti_share", usual.mbti_share)),
    )


@owners_only
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
            "gap_mode": settings.gap_mode,
            "burst_minutes": settings.burst_minutes,
            "length_limit": settings.length_limit,
            "length_unit": settings.length_unit,
            "time_zone": settings.time_zone,
            "limits": asdict(settings.limits),
            "mappings": [asdict(each) for each in settings.mappings],
            "replacements": {entity: mode.value for entity, mode in settings.replacements.items()},
            "thresholds": dict(settings.thresholds),
            "pipeline": settings.pipeline,
            "tagger": settings.tagger,
            "keys": dict(settings.keys),
            "order": settings.queue.by.value,
            "seed": settings.queue.seed,
            "toured": settings.toured,
            "variant": settings.variant.value,
            "mbti_share": settings.mbti_share,
        },
    )


def read_options(settings: Settings, tick: Callable[[int, int], None] = no_tick) -> ReadOptions:
    """Return how files are read by these settings; `tick` as in `ReadOptions`."""
    return ReadOptions(
        zone=settings.time_zone, limits=settings.limits, mappings=settings.mappings, tick=tick
    )


def split_rules(settings: Settings) -> SplitRules:
    """Return how messages are split into conversations by these settings."""
    return conversations.SplitRules(
        mode=settings.gap_mode,
        gap=timedelta(minutes=settings.gap_minutes),
        burst=timedelta(minutes=settings.burst_minutes),
        limit=settings.length_limit,
        unit=settings.length_unit,
    )


@owners_only
def save_mapping(workspace: Workspace, mapping: ColumnMapping) -> None:
    """Remember what the columns of a kind of table hold, in place of what was said before."""
    settings = load_settings(workspace)
    others = _without(settings.mappings, mapping.header)
    save_settings(workspace, replace(settings, mappings=(*others, mapping)))


def forget_mapping(workspace: Workspace, header: tuple[str, ...]) -> None:
    """Forget what the columns of tables with this header hold."""
    settings = load_settings(workspace)
    save_settings(workspace, replace(settings, mappings=_without(settings.mappings, header)))


def _without(
    mappings: tuple[ColumnMapping, ...], header: tuple[str, ...]
) -> tuple[ColumnMapping, ...]:
    return tuple(each for each in mappings if each.header != tuple(header))


def _limits(kept: Mapping[str, Any]) -> Limits:
    names = {each.name for each in fields(Limits)}
    return Limits(**{name: int(value) for name, value in kept.items() if name in names})


def _mapping(kept: Mapping[str, Any]) -> ColumnMapping:
    return ColumnMapping(
        header=tuple(str(name) for name in kept["header"]),
        sender=str(kept["sender"]),
        text=str(kept["text"]),
        time=str(kept.get("time", "")),
        chat=str(kept.get("chat", "")),
    )
