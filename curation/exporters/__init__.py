"""Records of a training file: drafted from conversations, written, and checked as written."""

from __future__ import annotations

from curation.exporters.canonical import (
    TRAITS,
    Extras,
    plain_record,
    sharegpt_record,
)
from curation.exporters.chatlab import GENERATOR as CHATLAB_GENERATOR
from curation.exporters.chatlab import ChatLabChat, chatlab_lines, held_by_chatlab
from curation.exporters.dataset_info import write_dataset_info
from curation.exporters.files import atomic_writer, write_json
from curation.exporters.format import Format, Parts
from curation.exporters.labels import emotions_by_turn, emotions_of, label_line, record_hash
from curation.exporters.pieces import PieceRules, pieces
from curation.exporters.publishing import staged_folder
from curation.exporters.records import Draft, Reason, draft_record, enters
from curation.exporters.registry import FORMATS, formats
from curation.exporters.sharegpt import check_sharegpt, read_sharegpt, write_sharegpt
from curation.exporters.text import harmless

__all__ = [
    "CHATLAB_GENERATOR",
    "FORMATS",
    "TRAITS",
    "ChatLabChat",
    "Draft",
    "Extras",
    "Format",
    "Parts",
    "PieceRules",
    "Reason",
    "atomic_writer",
    "chatlab_lines",
    "check_sharegpt",
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
    "read_sharegpt",
    "record_hash",
    "sharegpt_record",
    "staged_folder",
    "write_dataset_info",
    "write_json",
    "write_sharegpt",
]
