"""Answers of OpenAI-compatible services in pieces: as they come, stopped, cut, and put in words."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation.endpoints import Client, Delta, Form, chat_body
from curation.errors import EndpointError
from tests.model_service import KEY, Turn, chunk

if TYPE_CHECKING:
    from tests.model_service import Service

PRIVATE: Final = "不能外传的话"
MESSAGES: Final = [{"role": "user", "content": PRIVATE}]
BODY: Final = {"model": "small", "messages": MESSAGES}


def stream(service: Service, stopping: threading.Event | None = None, **given: Any) -> list[Delta]:
    with Client(service.profile(**given), stopping=stopping) as client:
        return list(client.stream(BODY))


def said(deltas: list[Delta]) -> str:
    return "".join(each.text for each in deltas)


def test_an_answer_comes_in_pieces_with_what_it_took(service: Service) -> None:
    service.script.append(Turn("在呀[微笑]", thought="他问我在不在"))
    deltas = stream(service)
    assert [each.text for each in deltas if each.text] == list("在呀[微笑]")
    assert "".join(each.thought for each in deltas) == "他问我在不在"
    assert (deltas[-1].tokens_in, deltas[-1].tokens_out) == (100, 20)
    options = {"stream": True, "stream_options": {"include_usage": True}}
    assert service.bodies == [{**BODY, **options}]


def test_a_tuned_model_is_named_in_a_header(service: Service) -> None:
    service.script.append(Turn("好"))
    stream(service, headers={"lora_id": "77001"})
    assert service.headers[0]["lora_id"] == "77001"
    assert service.headers[0]["authorization"] == f"Bearer {KEY}"


def test_thoughts_may_have_another_name(service: Service) -> None:
    events = (chunk({"reasoning": "想"}), chunk({"content": "好"}, ended="stop"), "[DONE]")
    service.script.append(Turn(events=events))
    deltas = stream(service)
    assert ("".join(each.thought for each in deltas), said(deltas)) == ("想", "好")


@pytest.mark.parametrize("refusals", [1, 2])
@pytest.mark.parametrize("status", [400, 422])
def test_a_service_that_knows_no_pieces_is_asked_for_the_whole(
    service: Service, refusals: int, status: int
) -> None:
    service.script.extend([Turn(status=status)] * refusals + [Turn("在呀")])
    assert said(stream(service)) == "在呀"
    last = service.bodies[-1]
    assert "stream_options" not in last
    assert ("stream" in last) == (refusals == 1)


def test_a_service_that_answers_with_the_whole_anyway_is_understood(service: Service) -> None:
    service.script.append(Turn("在呀", whole=True))
    (delta,) = stream(service)
    assert (delta.text, delta.tokens_in, delta.tokens_out) == ("在呀", 100, 20)
    assert len(service.bodies) == 1


def test_a_stop_ends_an_answer_where_it_is(service: Service) -> None:
    service.script.append(Turn("一二三四五六七八九十", pause=0.03))
    stopping = threading.Event()
    heard = ""
    began = time.monotonic()
    with Client(service.profile(), stopping=stopping) as client:
        for each in client.stream(BODY):
            heard += each.text
            if len(heard) == 2:
                stopping.set()
    assert heard == "一二"
    assert time.monotonic() - began < 1


def test_a_stop_does_not_wait_for_a_service_that_is_silent(service: Service) -> None:
    service.script.append(Turn("好", delay=1.5))
    stopping = threading.Event()
    stopped: list[float] = []

    def stop_once_asked() -> None:
        while not service.bodies:
            time.sleep(0.01)
        stopped.append(time.monotonic())
        stopping.set()

    stopper = threading.Thread(target=stop_once_asked, daemon=True)
    stopper.start()
    assert stream(service, stopping) == []
    stopper.join()
    assert time.monotonic() - stopped[0] < 1


CUT_SENTENCE: Final = "broke off in the middle"
FOREIGN_SENTENCE: Final = "does not answer as services"


@pytest.mark.parametrize(
    ("turn", "heard", "sentence", "fatal"),
    [
        pytest.param(Turn("在呀在呀", cut=True), "在呀", CUT_SENTENCE, False, id="cut"),
        pytest.param(
            Turn(events=(chunk({"content": "在"}),)), "在", CUT_SENTENCE, False, id="no end"
        ),
        pytest.param(
            Turn(events=(chunk({"content": "在"}), "[DONE]")),
            "在",
            CUT_SENTENCE,
            False,
            id="an end without a reason",
        ),
        pytest.param(
            Turn(events=(chunk({"content": "在"}), '{"choices": [')),
            "在",
            FOREIGN_SENTENCE,
            False,
            id="broken JSON",
        ),
        pytest.param(Turn(events=('{"hello": 1}',)), "", FOREIGN_SENTENCE, False, id="foreign"),
        pytest.param(
            Turn(events=('{"choices": [{"delta": {"content": 5}}]}',)),
            "",
            FOREIGN_SENTENCE,
            False,
            id="a number",
        ),
        pytest.param(
            Turn(events=(json.dumps({"error": {"message": f"{KEY} {PRIVATE}"}}),)),
            "",
            FOREIGN_SENTENCE,
            False,
            id="an error within",
        ),
        pytest.param(
            Turn("前面", ended="content_filter"), "前面", "does not want to answer", False
        ),
        pytest.param(Turn(status=401), "", "does not accept the key", True, id="401"),
        pytest.param(Turn(status=404), "", "has no model", True, id="404"),
        pytest.param(Turn(status=400), "", "did not take a question", False, id="400"),
        pytest.param(Turn(status=429), "", "takes no more questions for now", True, id="429"),
        pytest.param(Turn(status=500), "", "has trouble of its own", False, id="500"),
        pytest.param(Turn(raw=b"<html>"), "", FOREIGN_SENTENCE, False, id="a page"),
    ],
)
def test_what_goes_wrong_is_one_sentence_after_what_was_said(
    service: Service, turn: Turn, heard: str, sentence: str, *, fatal: bool
) -> None:
    service.answer = lambda _body: turn
    told: list[Delta] = []
    with Client(service.profile()) as client, pytest.raises(EndpointError) as caught:
        told.extend(client.stream(BODY))  # each as it comes, up to the error
    assert said(told) == heard
    assert sentence in str(caught.value)
    assert caught.value.fatal is fatal
    shown = f"{caught.value!s}{caught.value!r}{caught.value.values}{caught.value.__cause__!r}"
    assert KEY not in shown
    assert PRIVATE not in shown


def test_a_slow_service_is_waited_for_only_so_long(service: Service) -> None:
    service.answer = lambda _body: Turn("好", delay=0.6)
    with pytest.raises(EndpointError, match=r"within 0\.2 seconds"):
        stream(service, timeout=0.2)


def test_pieces_that_stop_coming_are_waited_for_only_so_long(service: Service) -> None:
    service.answer = lambda _body: Turn("好", pause=0.6)
    with pytest.raises(EndpointError, match=r"within 0\.2 seconds|broke off"):
        stream(service, timeout=0.2)


def test_a_service_that_does_not_run_is_said_to_be_not_there(service: Service) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(EndpointError, match="Nothing answers at"):
            stream(service, base_url=f"http://127.0.0.1:{port}/v1")


@pytest.mark.parametrize("form", Form)
def test_a_talk_goes_out_with_what_the_service_understands(service: Service, form: Form) -> None:
    body = chat_body(service.profile(form=form), MESSAGES, 0.9, 300)
    bare = {"model": "small", "messages": MESSAGES}
    assert body == (bare if form is Form.BARE else {**bare, "temperature": 0.9, "max_tokens": 300})
