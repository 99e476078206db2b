"""One service, asked: what goes out, what comes back, and one clear sentence where it fails."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation.endpoints import (
    Asker,
    Client,
    Form,
    Line,
    Memory,
    Question,
    Reply,
    emotions_body,
    probe,
    read_emotions,
)
from curation.errors import EndpointError
from tests.model_service import KEY, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model_service import Service

QUICK: Final = 0.001
PRIVATE: Final = "不能外传的话"
BODY: Final = {"model": "small", "messages": [{"role": "user", "content": PRIVATE}]}
OK: Final = Turn("好")


def ask(service: Service, **given: Any) -> Reply:
    with Client(service.profile(**given), first_wait=QUICK) as client:
        return client.ask(BODY)


def test_the_body_goes_out_as_it_was_shown_and_the_answer_comes_back(service: Service) -> None:
    service.script.append(OK)
    assert ask(service) == Reply("好", 100, 20)
    assert service.bodies == [BODY]
    assert service.paths == ["/v1/chat/completions"]


def test_beside_the_body_only_the_key_and_own_headers_go_out(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-life")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-another-life")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Elsewhere: secret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-somebody-else")
    service.script.append(OK)
    ask(service, headers={"lora_id": "0"})
    sent = service.headers[0]
    usual = {"host", "accept", "accept-encoding", "connection", "content-type", "content-length"}
    assert set(sent) - usual == {"authorization", "user-agent", "lora_id"}
    assert sent["authorization"] == f"Bearer {KEY}"
    assert sent["user-agent"] == "ruwo"


def test_without_a_key_none_is_sent(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-somebody-else")
    service.script.append(OK)
    ask(service, key="")
    assert "authorization" not in service.headers[0]


def test_the_key_may_come_from_the_environment(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_MODEL_KEY", "sk-kept-elsewhere")
    service.script.append(OK)
    ask(service, key="", variable="MY_MODEL_KEY")
    assert service.headers[0]["authorization"] == "Bearer sk-kept-elsewhere"


def test_a_proxy_of_the_system_is_not_asked_for_what_runs_here(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    service.script.append(OK)
    assert ask(service).text == "好"


BROKEN: Final = Turn(raw=b'{"choices": [')
FOREIGN: Final = Turn(raw=b'{"hello": "world"}')
PAGE: Final = Turn(raw=b"<html>login</html>")
EMPTY: Final = Turn(raw=b'{"choices": []}')
CUT: Final = Turn("好", cut=True)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(Turn(status=429, headers={"Retry-After": "0"}), id="too many"),
        pytest.param(Turn(status=429, headers={"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"})),
        pytest.param(Turn(status=429), id="too many, without a time"),
        pytest.param(Turn(status=500), id="trouble of its own"),
        pytest.param(Turn(status=503), id="overloaded"),
        pytest.param(BROKEN, id="broken JSON"),
        pytest.param(CUT, id="cut off"),
        pytest.param(FOREIGN, id="another protocol"),
    ],
)
def test_what_may_pass_is_tried_again(service: Service, trouble: Turn) -> None:
    service.script.extend([trouble, trouble, OK])
    assert ask(service).text == "好"
    assert service.bodies == [BODY] * 3


@pytest.mark.parametrize(
    ("trouble", "sentence", "asked", "fatal"),
    [
        pytest.param(Turn(status=401), "does not accept the key", 1, True, id="401"),
        pytest.param(Turn(status=403), "does not accept the key", 1, True, id="403"),
        pytest.param(Turn(status=402), "wants to be paid", 1, True, id="402"),
        pytest.param(Turn(status=404), "has no model “small”", 1, True, id="404"),
        pytest.param(Turn(status=400), "did not take a question", 1, False, id="400"),
        pytest.param(Turn(status=429), "takes no more questions for now", 4, True, id="429"),
        pytest.param(
            Turn(status=429, headers={"Retry-After": "3600"}), "for 3600 seconds", 1, True
        ),
        pytest.param(Turn(status=500), "has trouble of its own (HTTP 500)", 4, False, id="500"),
        pytest.param(Turn(status=501), "has trouble of its own (HTTP 501)", 1, False, id="501"),
        pytest.param(BROKEN, "does not answer as services of this kind do", 4, False, id="broken"),
        pytest.param(FOREIGN, "does not answer as services", 4, False, id="another protocol"),
        pytest.param(PAGE, "does not answer as services", 4, False, id="a page"),
        pytest.param(EMPTY, "does not answer as services", 4, False, id="no choice"),
        pytest.param(CUT, "broke off in the middle", 4, False, id="cut"),
        pytest.param(
            Turn("好", ended="content_filter"), "does not want to answer", 1, False, id="moderated"
        ),
        pytest.param(
            Turn(status=307, headers={"Location": "http://127.0.0.1:9/v1/chat/completions"}),
            "leads to another address",
            1,
            True,
            id="redirect",
        ),
    ],
)
def test_what_stays_is_one_sentence_without_key_or_text(
    service: Service, trouble: Turn, sentence: str, asked: int, *, fatal: bool
) -> None:
    service.answer = lambda _body: trouble
    with pytest.raises(EndpointError) as caught:
        ask(service)
    assert sentence in str(caught.value)
    assert caught.value.fatal is fatal
    assert len(service.bodies) == asked
    told = f"{caught.value!s}{caught.value!r}{caught.value.values}{caught.value.__cause__!r}"
    assert KEY not in told
    assert PRIVATE not in told
    assert caught.value.__cause__ is None


def test_a_service_that_does_not_run_is_said_to_be_not_there(service: Service) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(EndpointError, match=r"Nothing answers at 127\.0\.0\.1") as caught:
            ask(service, base_url=f"http://127.0.0.1:{port}/v1")
    assert caught.value.fatal


def test_a_slow_service_is_waited_for_only_so_long(service: Service) -> None:
    service.answer = lambda _body: Turn("好", delay=0.5)
    with pytest.raises(EndpointError, match=r"within 0\.2 seconds") as caught:
        ask(service, timeout=0.2)
    assert not caught.value.fatal
    assert len(service.bodies) == 4


def test_as_long_as_the_service_asks_for_is_waited(service: Service) -> None:
    service.script.extend([Turn(status=429, headers={"Retry-After": "1"}), OK])
    began = time.monotonic()
    ask(service)
    assert time.monotonic() - began >= 1


LINES: Final = (Line(1, mine=False, text="在吗"), Line(2, mine=True, text="在[微笑]"))
NAMES: Final = ("开心", "难过")


def told(*feelings: dict[str, Any]) -> str:
    return json.dumps({"emotions": list(feelings)})


HAPPY: Final = {"n": 2, "emotion": "开心", "score": 0.9, "reason": "微笑"}


def questions(service: Service, count: int, **given: Any) -> list[Question[int, Any]]:
    profile = service.profile(**given)
    return [
        Question(
            number,
            emotions_body(profile, [Line(1, mine=True, text=f"第{number}句")], NAMES),
            lambda text: read_emotions(text, [Line(1, mine=True, text="")], NAMES),
        )
        for number in range(count)
    ]


class Kept(Memory):
    """Remembers in this process."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def recall(self, digest: str) -> str | None:
        return self.held.get(digest)

    def keep(self, digest: str, reply: Reply) -> None:
        self.held[digest] = reply.text


def asker(service: Service, memory: Memory | None = None, **given: Any) -> Asker:
    return Asker(service.profile(**given), memory, first_wait=QUICK)


@pytest.mark.parametrize("parallel", [1, 4])
def test_every_question_has_an_outcome(service: Service, parallel: int) -> None:
    service.answer = lambda _body: Turn(told())
    asking = asker(service, parallel=parallel)
    outcomes = list(asking.outcomes(questions(service, 9)))
    assert sorted(each.key for each in outcomes) == list(range(9))
    assert all(each.answer == [] and each.error is None for each in outcomes)
    assert (asking.requests, asking.tokens) == (9, 9 * 120)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("I think the person is happy.", id="no JSON"),
        pytest.param('{"emotions": [', id="cut off by its length"),
        pytest.param('{"feelings": []}', id="another name"),
        pytest.param(told({**HAPPY, "n": 1}), id="a message of the other"),
        pytest.param(told({**HAPPY, "n": 7}), id="a message that is not there"),
        pytest.param(told({**HAPPY, "n": "2"}), id="a number as text"),
        pytest.param(told({**HAPPY, "n": True}), id="a truth for a number"),
        pytest.param(told({**HAPPY, "emotion": "狂喜"}), id="an emotion that was not offered"),
        pytest.param(told({**HAPPY, "score": 1.2}), id="too sure"),
        pytest.param(told({**HAPPY, "score": "0.9"}), id="a score as text"),
        pytest.param(told({**HAPPY, "reason": ""}), id="no reason"),
        pytest.param(told({**HAPPY, "reason": "长" * 401}), id="an endless reason"),
        pytest.param(told(*[HAPPY] * 61), id="endless"),
        pytest.param('{"emotions": [{"n": 2, "emotion": "开心", "score": NaN}]}', id="no number"),
        pytest.param("[" * 100_000, id="a hostile depth"),
    ],
)
def test_a_broken_answer_is_asked_for_once_more_and_then_said(
    service: Service, answer: str
) -> None:
    service.answer = lambda _body: Turn(answer)
    memory = Kept()
    body = emotions_body(service.profile(), LINES, NAMES)
    question = Question("one", body, lambda text: read_emotions(text, LINES, NAMES))
    (outcome,) = asker(service, memory).outcomes([question])
    assert outcome.answer is None
    assert str(outcome.error) == "The answer had not the form that was asked for."
    assert outcome.asked == 2
    assert not memory.held


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "```json\n{}\n```",
        "```\n{}\n```\n",
        "<think>他说{{}}，应该是开心。</think>\n\n{}",
        "<think>…</think>```json\n{}\n```",
        " \n{}\n ",
    ],
)
def test_thoughts_and_fences_around_an_answer_do_no_harm(wrapped: str) -> None:
    text = wrapped.replace("{{}}", "[]").replace("{}", told(HAPPY))
    (read,) = read_emotions(text, LINES, NAMES)
    assert (read.n, read.emotion, read.score, read.reason) == (2, "开心", 0.9, "微笑")


def test_a_broken_answer_that_is_mended_counts(service: Service) -> None:
    service.script.extend([Turn("hm"), Turn(told())])
    (outcome,) = asker(service).outcomes(questions(service, 1))
    assert (outcome.answer, outcome.asked, outcome.tokens_in) == ([], 2, 200)


def test_what_was_answered_is_not_asked_again(service: Service) -> None:
    service.answer = lambda _body: Turn(told())
    memory = Kept()
    list(asker(service, memory).outcomes(questions(service, 3)))
    again = list(asker(service, memory).outcomes(questions(service, 5)))
    assert [each.asked for each in sorted(again, key=lambda each: each.key)] == [0, 0, 0, 1, 1]
    assert len(service.bodies) == 5


def test_another_service_or_model_is_another_question(service: Service) -> None:
    profile = service.profile()
    body = emotions_body(profile, LINES, NAMES)
    elsewhere = Asker(service.profile(base_url="http://127.0.0.1:1/v1")).digest(body)
    larger = emotions_body(service.profile(model="large"), LINES, NAMES)
    assert len({Asker(profile).digest(body), elsewhere, Asker(profile).digest(larger)}) == 3


@pytest.mark.parametrize(
    ("budget", "asked"),
    [({"most_requests": 3}, 3), ({"most_tokens": 200}, 2), ({"most_requests": 9}, 6), ({}, 6)],
)
def test_no_more_is_asked_than_the_budget_allows(
    service: Service, budget: dict[str, Any], asked: int
) -> None:
    service.answer = lambda _body: Turn(told())
    outcomes = asker(service, **budget).outcomes(questions(service, 6))
    if asked < 6:
        with pytest.raises(EndpointError, match="budget"):
            list(outcomes)
    else:
        assert len(list(outcomes)) == 6
    assert len(service.bodies) == asked


def test_a_refused_key_ends_the_job_at_once(service: Service) -> None:
    service.answer = lambda _body: Turn(status=401)
    with pytest.raises(EndpointError, match="does not accept the key"):
        list(asker(service).outcomes(questions(service, 50)))
    assert len(service.bodies) == 1


def test_one_question_that_fails_does_not_end_the_job(service: Service) -> None:
    service.script.extend([Turn(told()), Turn(status=400)])
    service.answer = lambda _body: Turn(told())
    outcomes = list(asker(service).outcomes(questions(service, 4)))
    assert [each.error is None for each in outcomes] == [True, False, True, True]


def test_many_failures_in_a_row_end_the_job(service: Service) -> None:
    service.answer = lambda _body: Turn(status=400)
    with pytest.raises(EndpointError, match="HTTP 400"):
        list(asker(service).outcomes(questions(service, 50)))
    assert len(service.bodies) == 5


class StopError(Exception):
    """A person stops."""


def stop_once_asked(service: Service) -> Callable[[], None]:
    def tick() -> None:
        if service.bodies:
            raise StopError

    return tick


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(Turn(told(), delay=3), id="while it answers"),
        pytest.param(Turn(status=429, headers={"Retry-After": "60"}), id="while it is waited for"),
    ],
)
def test_a_job_stops_at_once(service: Service, turn: Turn) -> None:
    service.answer = lambda _body: turn
    began = time.monotonic()
    with pytest.raises(StopError):
        list(asker(service).outcomes(questions(service, 9), stop_once_asked(service)))
    assert time.monotonic() - began < 2
    assert len(service.bodies) == 1


def test_an_answer_that_comes_after_the_stop_is_kept(service: Service) -> None:
    service.answer = lambda _body: Turn(told(), delay=0.8)
    memory = Kept()
    with pytest.raises(StopError):
        list(asker(service, memory).outcomes(questions(service, 3), stop_once_asked(service)))
    for thread in threading.enumerate():
        if thread.name.startswith("endpoint"):
            thread.join(5)
    assert len(memory.held) == len(service.bodies) == 1


@pytest.mark.parametrize(("refusals", "form"), [(0, Form.JSON), (1, Form.TEXT), (2, Form.BARE)])
def test_the_test_of_a_connection_finds_what_a_service_understands(
    service: Service, refusals: int, form: Form
) -> None:
    service.script.extend([Turn(status=400)] * refusals)
    service.answer = lambda _body: OK
    assert probe(service.profile()).form is form
    last = service.bodies[-1]
    assert ("response_format" in last) is (form is Form.JSON)
    assert ("max_tokens" in last) is (form is not Form.BARE)


def test_the_test_of_a_connection_says_why_it_fails(service: Service) -> None:
    service.answer = lambda _body: Turn(status=401)
    with pytest.raises(EndpointError, match="does not accept the key"):
        probe(service.profile())
    assert len(service.bodies) == 1
