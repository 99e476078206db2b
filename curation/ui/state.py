"""What one browser tab remembers between two runs of a page.

Nothing that a person did lives here: decisions go to the workspace at once. Names of session keys
stand in this file only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation.model import ConversationFilter, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from curation.errors import Leak, WorkspaceDamagedError
    from curation.model import Decision, FindingQuery, Persona, QueueOrder
    from curation.training import Log, Source
    from curation.ui.components.download import Wanted
    from curation.ui.components.key_table import KeyAnswer
    from curation.ui.components.review import Outbox
    from curation.ui.components.review_parts import Prepared
    from curation.ui.uploads import Member
    from curation.workflow import (
        Access,
        Ack,
        Asking,
        AskPlan,
        AskReport,
        BehaviourFile,
        BulkPlan,
        BulkResult,
        ExportSummary,
        FilePreview,
        FindingGroup,
        ImportReport,
        MbtiPlan,
        ModelTask,
        Pole,
        Restored,
        RewritePlan,
        Window,
    )

DEFAULT_LANGUAGE: Final = "zh"

_STATE: Final = "ruwo"


class Keys:
    """Keys of widgets whose value is read or set by code; every other widget names its own."""

    LANGUAGE: Final = "language"
    GUIDE_PAGE: Final = "guide-page"
    ENTRANCE_LANGUAGE: Final = "entrance-language"
    ENTRANCE_NAME: Final = "entrance-name"
    MEMBER_NAME: Final = "member-name"
    MEMBER_NEW_ROLE: Final = "member-new-role"
    MEMBER_ROLE: Final = "member-role:"
    HIDING: Final = "hiding"
    UPLOADS: Final = "uploads"
    FOLDER: Final = "folder"
    ME: Final = "me:"
    TAKE: Final = "take:"
    ZONE: Final = "zone"
    GROUPS: Final = "groups"
    STATUSES: Final = "filter-statuses"
    CHATS: Final = "filter-chats"
    TEXT: Final = "filter-text"
    EMOTION: Final = "filter-emotion"
    FINDINGS: Final = "filter-findings"
    FIRST_DAY: Final = "filter-first-day"
    LAST_DAY: Final = "filter-last-day"
    MIN_LENGTH: Final = "filter-min-length"
    MAX_LENGTH: Final = "filter-max-length"
    SOURCES: Final = "filter-sources"
    NO_EMOTION: Final = "filter-no-emotion"
    TAGGED: Final = "filter-tagged"
    FOUND_KINDS: Final = "filter-found-kinds"
    MIN_TURNS: Final = "filter-min-turns"
    MAX_TURNS: Final = "filter-max-turns"
    HINTS: Final = "filter-hints"
    LEAST_SCORE: Final = "filter-least-score"
    EDITED: Final = "filter-edited"
    NOTED: Final = "filter-noted"
    MORE: Final = "filter-more"
    CHIPS: Final = "filter-chips"
    SAVED_PANEL: Final = "saved-panel"
    SAVED_NAME: Final = "saved-name"
    SAVED_MANAGED: Final = "saved-managed"
    SAVED_RENAMED: Final = "saved-renamed"
    SAVED_CHIPS: Final = "saved-chips"
    ROWS: Final = "rows"
    TRASH_KIND: Final = "trash-kind"
    TRASH_TEXT: Final = "trash-text"
    TRASH_CHATS: Final = "trash-chats"
    TRASH_PAGE: Final = "trash-page"
    TRASH_PICK: Final = "trash-pick:"
    BULK_MORE: Final = "bulk-more"
    BULK_AGAIN: Final = "bulk-again"
    BULK_ON: Final = "bulk-on"
    BULK_EMOTIONS: Final = "bulk-emotions-chosen"
    BULK_WAY: Final = "bulk-way"
    BULK_BACKGROUND: Final = "bulk-background-text"
    BULK_RELATION: Final = "bulk-relation-text"
    BULK_DECISION: Final = "bulk-decision"
    BULK_ENTITIES: Final = "bulk-entities"
    BULK_OWN_PAUSE: Final = "bulk-own-pause"
    BULK_MINUTES: Final = "bulk-minutes"
    BULK_SUGGESTION: Final = "bulk-suggestion"
    BULK_LEAST: Final = "bulk-least"
    BULK_ACCEPT: Final = "bulk-accept"
    TABLE_ALL: Final = "table-all"
    TABLE_SIZE: Final = "table-size"
    TABLE_ORDER: Final = "table-order"
    TABLE_PAGE: Final = "table-page"
    PRIVACY_DECISION: Final = "privacy-decision"
    ICONS: Final = "icons"
    PRIVACY_ENTITY: Final = "privacy-entity"
    PRIVACY_ORDER: Final = "privacy-order"
    PRIVACY_TEXT: Final = "privacy-text"
    PRIVACY_UNSURE: Final = "privacy-unsure"
    PRIVACY_PLACES: Final = "privacy-places"
    PRIVACY_TICK: Final = "tick:"
    PRIVACY_AT: Final = "privacy-at"
    PRIVACY_BAR: Final = "privacy-bar"
    TERM: Final = "term"
    TERM_RULE: Final = "term-rule"
    TERM_ENTITY: Final = "term-entity"
    THRESHOLD: Final = "threshold:"
    PIPELINE: Final = "pipeline"
    TAGGER: Final = "tagger"
    GAP_MODE: Final = "gap-mode"
    GAP: Final = "gap"
    BURST: Final = "burst"
    LENGTH_LIMITED: Final = "length-limited"
    LENGTH_LIMIT: Final = "length-limit"
    LENGTH_UNIT: Final = "length-unit"
    SETTINGS_ZONE: Final = "settings-zone"
    LIMIT: Final = "limit:"
    STICKERS: Final = "stickers"
    MEDIA: Final = "media"
    EMOTIONS: Final = "emotions"
    SETTINGS_LANGUAGE: Final = "settings-language"
    REPLACEMENT: Final = "replacement:"
    SPEAKER: Final = "speaker:"
    PSEUDONYM: Final = "pseudonym:"
    GROUP_MODE: Final = "group-mode:"
    REVIEW_STATUS: Final = "review-status"
    REVIEW_CHAT: Final = "review-chat"
    REVIEW_ORDER: Final = "review-order"
    PERSONA_NAME: Final = "persona-name"
    PERSONA_FIELD: Final = "persona-"  # and the name of a field with dashes
    PERSONA_PROMPT: Final = "persona-system-prompt"
    PERSONA_CHOICE: Final = "persona-choice"
    PERSONA_OLDER: Final = "persona-older"
    PERSONA_NEWER: Final = "persona-newer"
    PERSONA_PARTNER: Final = "preview-chat"
    VARIANT: Final = "export-variant"
    EXPORT_OPTIONS: Final = "export-options"
    EXPORT_FORMATS: Final = "export-formats"
    EXPORT_VALIDATION: Final = "export-validation"
    EXPORT_TOKENS: Final = "export-tokens"
    EXPORT_TOKENIZER: Final = "export-tokenizer"
    EXPORT_WINDOW: Final = "export-window"
    EXPORT_SLIDING: Final = "export-sliding"
    EXPORT_JOIN: Final = "export-join"
    EXPORT_JOIN_TURNS: Final = "export-join-turns"
    EXPORT_OPENING: Final = "export-opening"
    EXPORT_LINE: Final = "export-line"
    VERSION_NAME: Final = "version-name"
    VERSION_NOTE: Final = "version-note"
    COMPARE_BEFORE: Final = "compare-before"
    COMPARE_AFTER: Final = "compare-after"
    WRITING_WAY: Final = "writing-way"
    WRITING_CHAT: Final = "writing-chat"
    INTERVIEW_GROUP: Final = "interview-group"
    MBTI_TYPE: Final = "mbti-type"
    MBTI_PATH: Final = "mbti-path"
    MBTI_UPLOADS: Final = "mbti-uploads"
    MBTI_POLE: Final = "mbti-pole:"
    MBTI_EACH: Final = "mbti-each"
    MBTI_TAKE: Final = "mbti-take:"
    MBTI_PAGE: Final = "mbti-page"
    MBTI_SHARE: Final = "mbti-share"
    RELATION: Final = "relation:"
    RELATION_PAGE: Final = "relation-page"
    PRIVACY_PAGE: Final = "privacy-page"
    JOURNAL_ACTIONS: Final = "journal-actions"
    JOURNAL_REVIEWER: Final = "journal-reviewer"
    JOURNAL_CHATS: Final = "journal-chats"
    JOURNAL_TEXT: Final = "journal-text"
    JOURNAL_FIRST_DAY: Final = "journal-first-day"
    JOURNAL_LAST_DAY: Final = "journal-last-day"
    JOURNAL_MORE: Final = "journal-more"
    JOURNAL_STATE: Final = "journal-state"
    JOURNAL_PAGE: Final = "journal-page"
    REVIEWER: Final = "reviewer"
    LOCK_OLD: Final = "phrase"
    LOCK_NEW: Final = "phrase-new"
    LOCK_AGAIN: Final = "phrase-again"
    LOCK_LAST: Final = "phrase-last"
    LOCK_SURE: Final = "phrase-sure"
    DAMAGE_SURE: Final = "damage-sure"
    DAMAGE_PHRASE: Final = "damage-phrase"
    DAMAGE_UPLOAD: Final = "damage-upload"
    DAMAGE_PATH: Final = "damage-path"
    BACKUP_PHRASE: Final = "backup-phrase"
    BACKUP_NEW: Final = "backup-phrase-new"
    BACKUP_AGAIN: Final = "backup-phrase-again"
    BACKUP_UPLOAD: Final = "backup-upload"
    BACKUP_PATH: Final = "backup-path"
    DAILY_COPIES: Final = "daily-copies"
    CONNECTION_NAME: Final = "connection-name"
    CONNECTION_ADDRESS: Final = "connection-address"
    CONNECTION_MODEL: Final = "connection-model"
    CONNECTION_KEY: Final = "connection-key"
    CONNECTION_VARIABLE: Final = "connection-variable"
    CONNECTION_LORA: Final = "connection-lora"
    CONNECTION_PRICE_IN: Final = "connection-price-in"
    CONNECTION_PRICE_OUT: Final = "connection-price-out"
    CONNECTION_REQUESTS: Final = "connection-requests"
    CONNECTION_TOKENS: Final = "connection-tokens"
    CONNECTION_PARALLEL: Final = "connection-parallel"
    CONNECTION_TIMEOUT: Final = "connection-timeout"
    ASK_PROFILE: Final = "ask-profile"
    ASK_TASK: Final = "ask-task"
    ASK_SCOPE: Final = "ask-scope"
    ASK_MOST: Final = "ask-most"
    ASK_PLACE: Final = "ask-place"
    TRAINING_MEMORY: Final = "training-memory"
    TRAINING_VALUE: Final = "training-value:"
    TRAINING_PLACE: Final = "training-place"
    TRAINING_PROGRAM: Final = "training-program"
    TRAINING_MODEL: Final = "training-model"
    TRAINING_FETCH: Final = "training-fetch"
    TRAINING_LOG: Final = "training-log"
    TRAINING_RUN: Final = "training-run"
    REWRITE_PROFILE: Final = "rewrite-profile"
    REWRITE_PLACE: Final = "rewrite-place"
    TALK: Final = "talk-shown"
    TALK_CHOICE: Final = "talk-"  # and the column, and the number of the talk
    TALK_NAME: Final = "talk-name:"
    TALK_OPTION: Final = "talk-option-"
    SPARK_FIELD: Final = "spark-"
    CHAT_WAY: Final = "chat-way"
    LIKE_FIRST: Final = "like-first"
    LIKE_SECOND: Final = "like-second"
    LIKE_QUESTIONS: Final = "like-questions"


@dataclass(slots=True)
class ImportDraft:
    """Files chosen on the import page and what is known of them, until they are imported.

    What was chosen is told apart by `key`: the upload's id, or path, size and time on disk;
    `members` are the chat files of each, `previews` and `answers` (who is "me") are by theirs.
    """

    members: dict[str, tuple[Member, ...]] = field(default_factory=dict)
    previews: dict[str, FilePreview] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    leave_out_round: int = 0
    read_with: object = None
    round: int = 0
    report: ImportReport | None = None
    scan_wanted: bool = False


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What was planned for many conversations, what came of it, and the table's round then."""

    plan: BulkPlan
    result: BulkResult
    table_round: int


@dataclass(frozen=True, slots=True)
class TrashDone:
    """What came back from the trash, and the table's round then."""

    result: Restored
    table_round: int


@dataclass(frozen=True, slots=True)
class AskedFindings:
    """What to decide about every finding of a choice."""

    query: FindingQuery
    decision: Decision


@dataclass(frozen=True, slots=True)
class ChatJob:
    """Long work on a chat: split it again (all chats for None), or make the sender `me` me.

    `name` is what that sender is called.
    """

    chat: int | None = None
    me: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class JournalTurn:
    """An action to undo (or to do again), and those in its way that are turned back with it."""

    action: int
    undone: bool
    too: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """How the trial of a connection went, in a sentence."""

    said: str
    good: bool


@dataclass(frozen=True, slots=True)
class BackupJob:
    """Make a backup, or restore the one at `restore`; with a passphrase, the usual one, or none.

    The usual one is that of the workspace, where it has one; `plain` asks for a backup without.
    """

    restore: Path | UploadedFile | None = None
    passphrase: str | None = field(default=None, repr=False)
    plain: bool = False


@dataclass(frozen=True, slots=True)
class EncryptionJob:
    """Encrypt (no `old`), give another passphrase, or no longer encrypt (no `new`)."""

    old: str | None = field(repr=False)
    new: str | None = field(repr=False)


@dataclass(slots=True)
class MbtiDesk:
    """What lies on the MBTI page: files by their keys, what was picked, and what stays out of it.

    `poles` are those that a person gave a file, `round` changes with what was picked, `wanted` asks
    the next run to pick anew. `rewriting` is what a person sees of what a model would be sent,
    `rewriting_agreed` that they said yes to it.
    """

    files: dict[str, BehaviourFile] = field(default_factory=dict)
    poles: dict[str, Pole] = field(default_factory=dict)
    plan: MbtiPlan | None = None
    left_out: set[int] = field(default_factory=set)
    seed: int = 0
    round: int = 0
    wanted: bool = False
    rewriting: RewritePlan | None = None
    rewriting_agreed: bool = False


@dataclass(slots=True)
class UiState:
    """Everything a tab remembers; `get_state()` gives the tab's own.

    `framed` says that app.py has begun this run, and a page may follow, `touring` that the tour of
    the first start is shown. `asked` is the kind of bulk
    action that waits for the person's yes, `told` what they were told of it; `agreed`,
    `undo_entry`, `chat_job` and `step` ("undo", "redo") wait for the next run, which does them.
    `trash_asked` and `trash_agreed` are the same for what shall come back from the trash.
    `bulk_done` and `trash_done` are what the last one did, `chat_said` what the last job did;
    `split_wanted` says that a setting about splitting was changed since conversations were last
    split.
    `privacy_open` is the value (entity, canonical) whose places are shown, `privacy_at` the one
    that keys decide, `privacy_ticked` how often all ticks were taken away, `privacy_beside` the
    values as they stand in backgrounds and in the persona; `asked_findings` and `agreed_findings`
    are as `asked` and `agreed`. `table_open` is a row that was clicked,
    `ticks` are chosen rows of the table (see `table_ticks`),
    `search_unready` the words whose index a person stopped. `journal_turn` waits for the next run;
    `journal_asked` was refused and shows what is in its way. `reviewer` is who acts in this tab,
    `access` what they may do, `generation` which workspace it shows, all None before that was
    looked up; `damage` is what it met in the workspace's file, `damage_asked` what was chosen to
    take its place and needs a passphrase first.
    `backup_job` waits for the next run, `backup_asked` for the person's yes; `backup_said` is what
    the last one did, `backup_phrase` opens the one that is asked about; `encryption_job` waits for
    the next run, `encryption_said` is what the last one did; `download_wanted` the piece of a file
    that a button asks for.
    `persona_at` is the persona that is shown, `persona_shown` what its fields were filled with,
    `persona_drafted` that a part of it could not be saved; `persona_fill` asks the next run to
    describe how the person writes. `writing_chat` is whom the next conversation is written with,
    `interview_at` the question that is shown; `composer_turns` and `composer_numbers` are, for each
    place where something is written, how often it began anew and which message was kept last.
    `connection_edited` is the name of the connection that a form shows, empty for a new one;
    `connection_wanted` is tried by this run, `connection_trials` tell how that went. What a model
    is asked about comes from the table as `ask_filter` and `ask_chosen` (`ask_going` leads there),
    `ask_plan` is what the person sees of it, `ask_wanted` waits for the next run, `ask_report`
    tells what came of the last.
    `export_summary` and `export_preview` are what an export would start from and give, as it was
    at a state of the workspace. `export_shown` is the kept version on the export page,
    `export_built` the one that this tab just built, `export_compared` the two that are compared;
    `export_rebuild` waits for the next run. `export_all` says that all versions are listed.
    `talk_at` is the talk that is shown, `talk_answers` what came of each deed that its piece told
    last, by name: whether it was done, and in which talk; `talk_leaving` is the line whose
    conversation to go to.
    `training_wanted` asks the next run to start a training whose model may be fetched from there,
    `training_stopping` is the folder of the one that was asked to stop, `training_asked` the name
    of one to be deleted, `training_unmeasured` that measuring was stopped, `training_log` an
    uploaded log with the upload's id.
    `spark_edited` is the Spark connection in the form. `likeness_wanted` are the two to ask by
    their keys, and the questions, until the next run.
    `screen` names this tab to whom conversations are leased, `leasing` says that some may be.
    `key_answer` is what came of the last key pressed in the settings, `review_chosen` how often a
    box of the review page was used.
    """

    language: str = ""
    own_language: bool = False  # chosen in this tab by one whose choice is not the workspace's
    framed: bool = False
    touring: bool = False
    flashes: list[str] = field(default_factory=list)
    importing: ImportDraft = field(default_factory=ImportDraft)
    table_filter: ConversationFilter = field(default_factory=ConversationFilter)
    table_shown: ConversationFilter | None = None
    table_view: object = None
    table_view_round: int = 0
    table_round: int = 0
    table_order: str = "queue"
    table_page: int = 1
    table_open: tuple[int, int | None] | None = None
    ticks: dict[int, int] = field(default_factory=dict)
    ticks_of: object = None
    ticks_shown: tuple[str, dict[int, int]] = ("", {})
    search_unready: str = ""
    privacy_round: int = 0
    privacy_open: tuple[str, str] | None = None
    privacy_at: tuple[str, str] | None = None
    privacy_ticked: int = 0
    privacy_beside: dict[tuple[str, str], FindingGroup] = field(default_factory=dict)
    asked_findings: AskedFindings | None = None
    agreed_findings: AskedFindings | None = None
    asked: str = ""
    told: BulkPlan | None = None
    agreed: BulkPlan | None = None
    bulk_done: BulkDone | None = None
    undo_entry: int | None = None
    trash_view: object = None
    trash_round: int = 0
    trash_asked: Sequence[int] | None = None
    trash_agreed: Sequence[int] | None = None
    trash_done: TrashDone | None = None
    step: str = ""
    journal_turn: JournalTurn | None = None
    journal_asked: JournalTurn | None = None
    reviewer: str | None = None
    access: Access | None = None
    generation: str | None = None
    damage: WorkspaceDamagedError | None = None
    damage_asked: str = ""
    backup_job: BackupJob | None = None
    backup_asked: Path | None = None
    backup_said: str = ""
    backup_phrase: str = field(default="", repr=False)
    encryption_job: EncryptionJob | None = None
    encryption_said: str = ""
    download_wanted: tuple[str, Wanted] | None = None
    chat_job: ChatJob | None = None
    chat_said: str = ""
    chat_shown: str = ""
    chat_round: int = 0
    trust_round: int = 0
    split_wanted: bool = False
    review_filter: ConversationFilter = field(
        default_factory=lambda: ConversationFilter(statuses=(Status.PENDING,))
    )
    review_order: QueueOrder | None = None
    review_at: int | None = None
    review_chosen: int = 0
    review_place: tuple[float, ...] = ()
    review_outbox: Outbox | None = None
    review_turn: int = 0
    review_window: tuple[str, Window] | None = None
    review_prepared: dict[int, Prepared] = field(default_factory=dict)
    review_ack: Ack | None = None
    screen: str = field(default_factory=lambda: token_hex(8))
    leasing: bool = False
    drafts_kept: tuple[str, int] = ("", 0)
    search_ready: bool = False
    key_answer: KeyAnswer | None = None
    export_summary: tuple[object, ExportSummary] | None = None
    export_preview: tuple[object, Sequence[Mapping[str, Any]]] | None = None
    export_shown: int | None = None
    export_built: int | None = None
    export_rebuild: int | None = None
    export_compared: tuple[int, int] | None = None
    export_all: bool = False
    training_wanted: Source | None = None
    training_stopping: str = ""
    training_asked: str = ""
    training_unmeasured: bool = False
    training_log: tuple[str, Log] | None = None
    export_leaks: tuple[Leak, ...] = ()
    persona_at: int | None = None
    persona_shown: Persona | None = None
    persona_drafted: bool = False
    persona_fill: bool = False
    mbti: MbtiDesk = field(default_factory=MbtiDesk)
    writing_chat: str = ""
    interview_at: str = ""
    composer_turns: dict[str, int] = field(default_factory=dict)
    composer_numbers: dict[str, int] = field(default_factory=dict)
    picture_round: int = 0
    connection_edited: str | None = None
    connection_wanted: str = ""
    connection_trials: dict[str, Trial] = field(default_factory=dict)
    ask_filter: ConversationFilter | None = None
    ask_chosen: tuple[int, ...] = ()
    ask_round: int = 0
    ask_going: bool = False
    ask_plan: AskPlan | None = None
    ask_wanted: Asking | None = None
    ask_report: tuple[ModelTask, AskReport] | None = None
    talk_at: int | None = None
    talk_answers: dict[str, tuple[bool, int]] = field(default_factory=dict)
    talk_leaving: int | None = None
    spark_edited: str | None = None
    likeness_wanted: tuple[str, str, tuple[str, ...]] | None = None
    voice_wanted: bool = False
    voice_stopped: bool = False


def get_state() -> UiState:
    """Return this tab's state, made on first use."""
    state: UiState | None = st.session_state.get(_STATE)
    if state is None:
        state = st.session_state[_STATE] = UiState()
    return state


def forget_all() -> UiState:
    """Forget all but who sits here, as after a restore: the rest was about another workspace."""
    old = get_state()
    state = UiState(language=old.language, framed=old.framed, reviewer=old.reviewer)
    state.flashes = old.flashes
    st.session_state[_STATE] = state
    return state


def current_language() -> str:
    """Return the language this tab is shown in."""
    return get_state().language or DEFAULT_LANGUAGE


def set_widget(key: str, value: object) -> None:
    """Give the widget `key` a value; only before it is drawn, or in a callback."""
    st.session_state[key] = value


def keep_choice(key: str, options: Sequence[object], usual: object) -> None:
    """Let the widget `key` hold one of its options; only before it is drawn.

    A box that shows its options in words sends the words. Once these are others, as in another
    language, the browser's are nobody's any more: so it is told its value at each run.
    """
    held = widget_value(key)
    set_widget(key, held if held in options else usual)


def widget_value(key: str) -> Any:
    """Return the value of the widget `key`, or None before it was drawn."""
    return st.session_state.get(key)


def take_phrase(key: str) -> str:
    """Return what was typed into the widget `key`, which then holds nothing; only in a callback."""
    typed = widget_value(key) or ""
    set_widget(key, "")
    return str(typed)


def widget_exists(key: str) -> bool:
    """Return whether the widget `key` has a value in this session."""
    return key in st.session_state
