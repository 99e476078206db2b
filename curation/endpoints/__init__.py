"""Services that a person set up, which speak OpenAI's protocol: asked by button, masked text only.

Off until set up. No other room opens a connection to another machine.
"""

from __future__ import annotations

from curation.endpoints.answers import Background, BrokenAnswerError, Feeling, Judgement
from curation.endpoints.client import Client, Reply
from curation.endpoints.jobs import Asker, Memory, Outcome, Question, probe
from curation.endpoints.keeping import forget_profile, load_profiles, save_profile
from curation.endpoints.profiles import Form, Profile, checked
from curation.endpoints.streaming import Delta, chat_body
from curation.endpoints.tasks import (
    VERSION,
    Line,
    background_body,
    emotions_body,
    judge_body,
    read_background,
    read_emotions,
    read_judgement,
    read_rewritten,
    rewrite_body,
    texts_of,
)

__all__ = [
    "VERSION",
    "Asker",
    "Background",
    "BrokenAnswerError",
    "Client",
    "Delta",
    "Feeling",
    "Form",
    "Judgement",
    "Line",
    "Memory",
    "Outcome",
    "Profile",
    "Question",
    "Reply",
    "background_body",
    "chat_body",
    "checked",
    "emotions_body",
    "forget_profile",
    "judge_body",
    "load_profiles",
    "probe",
    "read_background",
    "read_emotions",
    "read_judgement",
    "read_rewritten",
    "rewrite_body",
    "save_profile",
    "texts_of",
]
