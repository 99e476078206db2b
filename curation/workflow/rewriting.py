"""Texts, rewritten by a model as the person writes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from curation import conversations, endpoints, store
from curation.endpoints import Asker, Question
from curation.store import suggestions
from curation.workflow.asking import ASK_STAGE, Answers, cost_of
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import owners_only
from curation.workflow.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.endpoints import Profile
    from curation.store import Workspace
    from curation.workflow.mbti import MbtiPlan

_MOST_EXAMPLES: Final = 40
_TALKS: Final = 30  # conversations that examples are taken from
_PLACEHOLDER: Final = "〔"
_EXPECTED: Final = 150
"""Tokens that a rewritten text takes, about."""


class RewritePlan:
    """What would be sent to have texts rewritten, each in a request of its own.

    Messages of the person go with it as examples. All is masked; a text of which something private
    would be left is not sent. `bodies` are the very bodies of the requests, as JSON.
    """

    def __init__(self, workspace: Workspace, profile: Profile, texts: Sequence[str]) -> None:
        self.profile = profile
        self.texts = tuple(texts)
        self._workspace = workspace
        sender = Sender(workspace)
        known = _examples(workspace, sender)
        self._questions = [
            Question(number, endpoints.rewrite_body(profile, [text], known), _read_one)
            for number, text in enumerate(sender.texts(texts))
            if text
        ]

    @property
    def bodies(self) -> list[str]:
        """The requests in their order, as they go out."""
        bodies = (question.body for question in self._questions)
        return [json.dumps(body, ensure_ascii=False, indent=2) for body in bodies]

    @property
    def tokens(self) -> tuple[int, int]:
        """About how many tokens the model would read and write."""
        texts = [text for each in self._questions for text in endpoints.texts_of(each.body)]
        read = sum(conversations.estimate_tokens(text) for text in texts)
        return read, _EXPECTED * len(self._questions)

    @property
    def cost(self) -> float | None:
        """About what that costs, None where no price is known."""
        return cost_of(self.profile, *self.tokens)

    def ask(self, progress: Progress = ignore) -> list[list[str] | None]:
        """Send it; return the messages that each text became, None where no answer was of use.

        Answered once, a text is not asked again. EndpointError says why it cannot go on.
        """
        result: list[list[str] | None] = [None] * len(self.texts)
        asker = Asker(self.profile, Answers(self._workspace, self.profile.model))
        done = 0

        def tick() -> None:
            progress(ASK_STAGE, done, len(self._questions))

        for outcome in asker.outcomes(self._questions, tick):
            result[outcome.key] = outcome.answer
            done += 1
            tick()
        return result


@owners_only
def plan_rewriting(workspace: Workspace, profile: Profile, plan: MbtiPlan) -> RewritePlan:
    """Return what would be sent to have picked MBTI answers said anew by a model."""
    return RewritePlan(workspace, profile, [each.behaviour.answer for each in plan.answers])


def rewritten(plan: MbtiPlan, told: Sequence[Sequence[str] | None]) -> MbtiPlan:
    """Return the picked answers as a model said them; by rules still where it said nothing."""
    answers = tuple(
        each if messages is None else replace(each, messages=tuple(messages))
        for each, messages in zip(plan.answers, told, strict=True)
    )
    return replace(plan, answers=answers)


def _examples(workspace: Workspace, sender: Sender) -> list[str]:
    """Return messages of the person, masked, without those that hold a placeholder.

    They come out of whole conversations: those around a message may show that it is private.
    """
    with workspace.read() as connection:
        numbers = suggestions.searched(connection, _TALKS)
    talks = sender.talks(store.load_conversations(workspace, numbers))
    own = [line.text for talk in talks for line in talk.lines if line.mine]
    return list(dict.fromkeys(text for text in own if _PLACEHOLDER not in text))[:_MOST_EXAMPLES]


def _read_one(answer: str) -> list[str]:
    """Return the messages that one text became."""
    return endpoints.read_rewritten(answer, 1)[0]
