"""Talking to a tuned model: what a talk is, how much of it is sent, and Spark MaaS's WebSocket.

Beside `endpoints` this is the only room that connects to another machine; what is sent is handed
in by whoever asks.
"""

from __future__ import annotations

from curation.chatting.history import SPARK, Limits, alternating, fitted
from curation.chatting.profiles import (
    ADDRESS,
    SparkProfile,
    checked_spark,
    forget_spark,
    load_spark,
    save_spark,
)
from curation.chatting.signing import signature_of, signed_url
from curation.chatting.spark import SparkTalker
from curation.chatting.talker import (
    Options,
    Piece,
    Role,
    Said,
    Talker,
    Thinking,
    checked_options,
)
from curation.chatting.thoughts import ThoughtSplitter

__all__ = [
    "ADDRESS",
    "SPARK",
    "Limits",
    "Options",
    "Piece",
    "Role",
    "Said",
    "SparkProfile",
    "SparkTalker",
    "Talker",
    "Thinking",
    "ThoughtSplitter",
    "alternating",
    "checked_options",
    "checked_spark",
    "fitted",
    "forget_spark",
    "load_spark",
    "save_spark",
    "signature_of",
    "signed_url",
]
