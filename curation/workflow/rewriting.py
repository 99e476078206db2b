"""Texts, rewritten by a model as the person writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation import endpoints, store
from curation.endpoints import Asker, Question
from curation.workflow.asking import ASK_STAGE, Answers
from curation.workflow.progress import Progress, ignore
from curation.workflow.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.endpoints import Profile
    from curation.store import Workspace

_MOST_EXAMPLES: Final = 40
_PLACEHOLDER: Final = "〔"


def rewrite(
    workspace: Workspace,
    profile: Profile,
    texts: Sequence[str],
    examples: Sequence[int],
    progress: Progress = ignore,
) -> list[list[str] | None]:
    """Return texts as the person would write them, each as messages; None where none came.

    `examples` are conversations that show how the person writes. All of it is masked before it is
    sent; a text of which something private would be left is not. Answered once, a text is not
    asked again. EndpointError says why the service cannot be used.
    """
    sender = Sender(workspace)
    # A message by itself may hold what only those around it show to be private.
    talks = sender.talks(store.load_conversations(workspace, examples))
    own = [line.text for talk in talks for line in talk.lines if line.mine]
    known = [text for text in own if _PLACEHOLDER not in text][:_MOST_EXAMPLES]
    masked = sender.texts(texts)
    questions = [
        Question(
            number,
            endpoints.rewrite_body(profile, [text], known),
            _read_one,
        )
        for number, text in enumerate(masked)
        if text
    ]
    result: list[list[str] | None] = [None] * len(texts)
    asker = Asker(profile, Answers(workspace, profile.model))
    done = 0

    def tick() -> None:
        progress(ASK_STAGE, done, len(questions))

    for outcome in asker.outcomes(questions, tick):
        result[outcome.key] = outcome.answer
        done += 1
        tick()
    return result


def _read_one(answer: str) -> list[str]:
    """Return the messages that one text became."""
    return endpoints.read_rewritten(answer, 1)[0]
