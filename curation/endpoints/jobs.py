"""Many questions to one service: several at a time, within a budget, none twice, stopped anywhere.

An answer is handed on as it comes, by whoever waited for it: also when the job was stopped
meanwhile, so that nothing that was paid for is lost.
"""

from __future__ import annotations

import hashlib
import json
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from curation.endpoints.answers import BrokenAnswerError
from curation.endpoints.client import FIRST_WAIT, Client
from curation.endpoints.profiles import Form
from curation.endpoints.tasks import probe_body
from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from curation.endpoints.client import Reply
    from curation.endpoints.profiles import Profile

_IN_A_ROW: Final = 5
"""So many questions that fail one after the other end a job."""

_GLANCE: Final = 0.3
"""Seconds after which a job looks whether it is to stop."""

_TRIAL: Final = 60
"""Seconds that a trial waits for an answer: a model may have to be loaded first."""

_FORMS: Final = (Form.JSON, Form.TEXT, Form.BARE)
_NOT_UNDERSTOOD: Final = (400, 422)

Key = TypeVar("Key")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Question(Generic[Key, Answer]):
    """The body of a request, and how its answer is read; `read` raises BrokenAnswerError."""

    key: Key
    body: Mapping[str, Any]
    read: Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Key, Answer]):
    """What became of a question: an answer, or an error; `asked` is how many requests it took."""

    key: Key
    answer: Answer | None = None
    error: EndpointError | None = None
    asked: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


class Memory:
    """What was answered before; this one remembers nothing.

    Several threads use it at once. `digest` stands for a service and the body of a request.
    """

    def recall(self, digest: str) -> str | None:
        """Return the text of the answer to a request, None where none was kept."""
        del digest
        return None

    def keep(self, digest: str, reply: Reply) -> None:
        """Keep a usable answer."""
        del digest, reply


class Asker:
    """Asks the questions of a job; `first_wait` is how long it waits before a second try.

    It counts what it asked. What was set as budget in the profile holds for all of its questions.
    """

    def __init__(
        self, profile: Profile, memory: Memory | None = None, *, first_wait: float = FIRST_WAIT
    ) -> None:
        self._profile = profile
        self._memory = memory or Memory()
        self._first_wait = first_wait
        self._counting = threading.Lock()
        self._stopping = threading.Event()
        self.requests = 0
        self.tokens = 0

    def outcomes(
        self, questions: Iterable[Question[Key, Answer]], tick: Callable[[], None] = lambda: None
    ) -> Iterator[Outcome[Key, Answer]]:
        """Yield what became of each question, as it comes.

        `tick` is called often and may raise, which stops the job. EndpointError where it makes no
        sense to go on: the key is refused, the budget is used up, much fails in a row.
        """
        waiting: set[Future[Outcome[Key, Answer]]] = set()
        source = iter(questions)
        failed = 0
        client = Client(self._profile, stopping=self._stopping, first_wait=self._first_wait)
        pool = ThreadPoolExecutor(self._profile.parallel, thread_name_prefix="endpoint")
        try:
            more = True
            while more or waiting:
                while more and len(waiting) < self._profile.parallel:
                    question = next(source, None)
                    more = question is not None
                    if question is not None:
                        waiting.add(pool.submit(self._answered, client, question))
                done, waiting = wait(waiting, _GLANCE, FIRST_COMPLETED)
                tick()
                for each in done:
                    outcome = each.result()
                    yield outcome
                    failed = failed + 1 if outcome.error is not None else 0
                    if outcome.error is not None and (outcome.error.fatal or failed >= _IN_A_ROW):
                        raise outcome.error
        finally:
            self._stopping.set()
            # Those who still wait for an answer keep it when it comes; nobody waits for them.
            pool.shutdown(wait=False, cancel_futures=True)
            _close_after(waiting, client)

    def _answered(self, client: Client, question: Question[Key, Answer]) -> Outcome[Key, Answer]:
        digest = self.digest(question.body)
        known = self._memory.recall(digest)
        if known is not None:
            try:
                return Outcome(question.key, question.read(known))
            except BrokenAnswerError:  # it was read by other rules then
                pass
        asked = tokens_in = tokens_out = 0
        error: EndpointError = BrokenAnswerError()
        for _try in range(2):
            try:
                self._spend()
                asked += 1
                reply = client.ask(question.body)
                tokens_in += reply.tokens_in
                tokens_out += reply.tokens_out
                with self._counting:
                    self.tokens += reply.tokens_in + reply.tokens_out
                answer = question.read(reply.text)
            except BrokenAnswerError as broken:
                error = broken
            except EndpointError as refused:
                error = refused
                break
            else:
                self._memory.keep(digest, reply)
                return Outcome(question.key, answer, None, asked, tokens_in, tokens_out)
        return Outcome(question.key, None, error, asked, tokens_in, tokens_out)

    def digest(self, body: Mapping[str, Any]) -> str:
        """Return what stands for a request to this service, without its key."""
        told = json.dumps([self._profile.base_url, body], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()

    def _spend(self) -> None:
        """Count a request; EndpointError where the budget allows no other one."""
        most, tokens = self._profile.most_requests, self._profile.most_tokens
        with self._counting:
            if (most and self.requests >= most) or (tokens and self.tokens >= tokens):
                raise EndpointError(N_("The budget of this connection is used up."))
            self.requests += 1


def _close_after(waiting: Iterable[Future[Any]], client: Client) -> None:
    """Close the client once nobody waits for an answer any more."""
    left = list(waiting)
    counting = threading.Lock()

    def gone(future: Future[Any]) -> None:
        with counting:
            left.remove(future)
            last = not left
        if last:
            client.close()

    if not left:
        client.close()
    for each in tuple(left):
        each.add_done_callback(gone)


def probe(profile: Profile) -> Profile:
    """Ask a service for a sign of life; return the profile with how much it understands.

    The question holds nothing private, and is asked once. EndpointError says why it cannot be used.
    """
    with Client(replace(profile, timeout=min(profile.timeout, _TRIAL)), attempts=1) as client:
        for form in _FORMS:
            tried = replace(profile, form=form)
            try:
                client.ask(probe_body(tried))
            except EndpointError as error:
                if form is _FORMS[-1] or error.values.get("status") not in _NOT_UNDERSTOOD:
                    raise
            else:
                return tried
    return profile
