"""Records of a training file: drafted from conversations, written, and checked as written."""

from __future__ import annotations

from curation.exporters.canonical import (
    TRAITS,
    Extras,
    plain_record,
    record_problem,
    sharegpt_record,
)
from curation.exporters.chatlab import GENERATOR as CHATLAB_GENERATOR
from curation.exporters.chatlab import ChatLabChat, chatlab_lines, held_by_chatlab
from curation.exporters.dataset_info import DATASET_NAME, VALIDATION_NAME
from curation.exporters.files import atomic_writer, write_json
from curation.exporters.format import Format, Parts
from curation.exporters.labels import emotions_by_turn, emotions_of, label_line, record_hash
from curation.exporters.parquet_messages import write_parquet
from curation.exporters.pieces import PieceRules, pieces
from curation.exporters.publishing import staged_folder
from curation.exporters.records import Draft, Reason, draft_record, enters
from curation.exporters.registry import FORMATS, formats
from curation.exporters.text import harmless

__all__ = [
    "CHATLAB_GENERATOR",
    "DATASET_NAME",
    "FORMATS",
    "TRAITS",
    "VALIDATION_NAME",
    "ChatLabChat",
    "Draft",
    "Extras",
    "Format",
    "Parts",
    "PieceRules",
    "Reason",
    "atomic_writer",
    "chatlab_lines",
    "draft_record",
    "emotions_by_turn",
    "emotions_of",
    "enters",
    "formats",
    "harmless",
    "held_by_chatlab",
    "label_line",
    "pieces",
    "plain_record",
    "record_hash",
    "record_problem",
    "sharegpt_record",
    "staged_folder",
    "write_json",
    "write_parquet",
]
