"""Talking with a Spark service: what is sent, what comes back, and every way it goes wrong."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from curation.chatting import (
    Options,
    Piece,
    Role,
    Said,
    SparkTalker,
    Thinking,
    ThoughtSplitter,
)
from curation.chatting.codes import KNOWN
from curation.errors import EndpointError
from tests.spark_service import APP_ID, KEY, SECRET, Play, answer, error_frame, frame

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.spark_service import Spark

PRIVATE: Final = "不能外传的话"
SYSTEM: Final = "你是阿橙。"
ASKED: Final = (Said(Role.USER, PRIVATE),)


def talker(spark: Spark, options: Options | None = None, **more: Any) -> SparkTalker:
    given = {name: more.pop(name) for name in ("timeout", "key", "resource") if name in more}
    return SparkTalker(spark.profile(**given), options or Options(), len, **more)


def said(pieces: list[Piece]) -> str:
    return "".join(each.text for each in pieces)


def until(true: Callable[[], bool], seconds: float = 3) -> bool:
    """Return whether something comes true within some seconds."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not true():
        time.sleep(0.01)
    return true()


def test_an_answer_comes_in_pieces(spark: Spark) -> None:
    talk = talker(spark)
    pieces = list(talk.answer(SYSTEM, ASKED))
    assert [each.text for each in pieces if each.text] == ["好", "呀[微笑]"]
    talk.close()


def test_the_question_has_the_form_that_the_service_wants(spark: Spark) -> None:
    history = [Said(Role.USER, "在吗"), Said(Role.ASSISTANT, "在"), Said(Role.USER, "吃了没")]
    with_thoughts = Options(temperature=1.4, most_tokens=300, top_k=9, thinking=Thinking.OFF)
    list(talker(spark, with_thoughts).answer(SYSTEM, history))
    (body,) = spark.bodies
    user = body["header"].pop("uid")
    assert 0 < len(user) <= 32
    assert body["header"] == {"app_id": APP_ID, "patch_id": ["77001"]}
    assert body["parameter"]["chat"] == {
        "domain": "xqwen3",
        "temperature": 1.0,  # the most that this service takes
        "top_k": 6,
        "max_tokens": 300,
        "enable_thinking": False,
    }
    assert body["payload"]["message"]["text"] == [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": "在吗"},
        {"role": "assistant", "content": "在"},
        {"role": "user", "content": "吃了没"},
    ]


def test_a_model_as_the_vendor_has_it_needs_no_resource(spark: Spark) -> None:
    list(talker(spark, resource="").answer("", ASKED))
    assert "patch_id" not in spark.bodies[0]["header"]
    assert spark.bodies[0]["parameter"]["chat"]["temperature"] == 0.9
    assert "enable_thinking" not in spark.bodies[0]["parameter"]["chat"]


def test_thoughts_are_kept_apart_from_what_is_said(spark: Spark) -> None:
    frames = (frame("", thought="想一想"), frame("<thi"), frame("nk>再想</think>\n好"))
    spark.script.append(Play((*frames, frame("的", status=2))))
    pieces = list(talker(spark).answer("", ASKED))
    assert said(pieces) == "好的"
    assert "".join(each.thought for each in pieces) == "想一想再想"


@pytest.mark.parametrize(
    ("pieces", "spoken", "thought"),
    [
        (("<think>想</think>好",), "好", "想"),
        (("<", "thi", "nk>想", "</th", "ink>", "\n\n好"), "\n\n好", "想"),
        (("<3 你",), "<3 你", ""),
        (("<",), "<", ""),
        (("好<think>不是</think>",), "好<think>不是</think>", ""),
        (("<think>想到一半",), "", "想到一半"),
        (("<think>a</b",), "", "a</b"),
    ],
)
def test_marks_of_thoughts_may_be_cut_anywhere(
    pieces: tuple[str, ...], spoken: str, thought: str
) -> None:
    splitter = ThoughtSplitter()
    parts = [*map(splitter.feed, pieces), splitter.end()]
    assert "".join(said for said, _thought in parts).strip() == spoken.strip()
    assert "".join(thought for _said, thought in parts) == thought


def test_a_connection_serves_several_questions(spark: Spark) -> None:
    talk = talker(spark)
    talk.open()
    for _turn in range(3):
        assert said(list(talk.answer("", ASKED))) == "好呀[微笑]"
    assert (spark.opened, len(spark.bodies)) == (1, 3)
    talk.close()


def test_a_connection_that_nobody_uses_is_closed_and_opened_again(spark: Spark) -> None:
    talk = talker(spark, idle=0.05)
    list(talk.answer("", ASKED))
    assert until(lambda: spark.closed == 1)
    assert said(list(talk.answer("", ASKED))) == "好呀[微笑]"
    assert spark.opened == 2


def test_a_connection_that_the_service_closed_meanwhile_is_opened_again(spark: Spark) -> None:
    spark.script.append(Play(answer("好"), hang_up=True))
    talk = talker(spark)
    assert said(list(talk.answer("", ASKED))) == "好"
    assert until(lambda: spark.closed == 1)
    assert said(list(talk.answer("", ASKED))) == "好呀[微笑]"


def test_a_second_question_waits_for_the_first(spark: Spark) -> None:
    talk = talker(spark)
    first = talk.answer("", ASKED)
    next(first)
    with pytest.raises(EndpointError, match="Wait until the question before") as caught:
        list(talk.answer("", ASKED))
    assert not caught.value.fatal
    assert said(list(first)) == "呀[微笑]"
    assert said(list(talk.answer("", ASKED))) == "好呀[微笑]"


def test_a_stop_ends_an_answer_where_it_is(spark: Spark) -> None:
    stopping = threading.Event()
    spark.usual = Play(answer(*"一二三四五六七八九十"), pause=0.03)
    heard = []
    for piece in talker(spark, stopping=stopping).answer("", ASKED):
        heard.append(piece.text)
        if len(heard) == 2:
            stopping.set()
    assert heard == ["一", "二"]
    assert until(lambda: spark.closed == 1)


def test_what_a_stopped_answer_still_holds_is_not_taken_for_the_next(spark: Spark) -> None:
    spark.script.append(Play(answer(*"一二三"), pause=0.02))
    talk = talker(spark)
    unread = talk.answer("", ASKED)
    assert next(unread).text == "一"
    cast("Generator[Piece]", unread).close()
    assert said(list(talk.answer("", ASKED))) == "好呀[微笑]"


def fails(talk: SparkTalker) -> EndpointError:
    """Return the error that an answer ends with, which holds nothing that it must not tell."""
    with pytest.raises(EndpointError) as caught:
        list(talk.answer(SYSTEM, ASKED))
    error = caught.value
    told = f"{error!s}{error!r}{error.values}{error.__cause__!r}"
    assert not [each for each in (KEY, SECRET, PRIVATE) if each in told]
    return error


CODES: Final = {
    10000: ("did not open the connection", True),
    10001: ("could not read the question", False),
    10002: ("could not send its answer", False),
    10003: ("does not take the question in this form", True),
    10004: ("does not take the question in this form", True),
    10006: ("connected to", False),
    10007: ("Wait until the question before", False),
    10008: ("is full at the moment", False),
    10013: ("does not let this question pass", False),
    10014: ("held the answer back", False),
    10016: ("APPID may not use this service", True),
    10110: ("is full at the moment", False),
    10163: ("look at the service ID", True),
    10907: ("too long for", False),
    11200: ("is used up", True),
    11201: ("No more questions", True),
    11202: ("a second", False),
    11203: ("at once", False),
    99999: ("an error that is not known here (code 99999)", False),
}


def test_every_code_of_the_vendor_has_its_sentence() -> None:
    assert CODES.keys() - {99999} == KNOWN


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_one_sentence(spark: Spark, code: int) -> None:
    spark.usual = Play((error_frame(code),))
    error = fails(talker(spark))
    sentence, fatal = CODES[code]
    assert sentence in str(error)
    assert error.fatal is fatal


def test_of_an_answer_that_is_held_back_nothing_more_is_shown(spark: Spark) -> None:
    spark.usual = Play((frame("前面"), frame("不许看", code=10014), frame("也不许", status=2)))
    shown = []
    with pytest.raises(EndpointError, match="held the answer back"):
        shown += [piece.text for piece in talker(spark).answer("", ASKED)]
    pieces = talker(spark).answer("", ASKED)
    assert next(pieces).text == "前面"
    with pytest.raises(EndpointError):
        next(pieces)
    assert next(pieces, None) is None


@pytest.mark.parametrize(
    "payload",
    [{}, [], "no", {"choices": None}, {"choices": {"text": [{"content": 5}, "x"]}}],
)
@pytest.mark.parametrize("code", [10013, 10014])
def test_a_code_counts_whatever_comes_with_it(spark: Spark, code: int, payload: object) -> None:
    spark.usual = Play((json.dumps({"header": {"code": code}, "payload": payload}),))
    assert CODES[code][0] in str(fails(talker(spark)))


@pytest.mark.parametrize(
    "last",
    [
        error_frame(10019),
        frame("话", code=10019, status=2),
        '{"header": {"code": 10019}, "payload": {"choices": {"text": [{"content": "话"}]}}}',
    ],
)
def test_an_answer_that_is_doubted_is_shown_with_a_warning_and_closes_the_talk(
    spark: Spark, last: str
) -> None:
    spark.usual = Play((frame("整句"), last))
    pieces = list(talker(spark).answer("", ASKED))
    assert said(pieces).startswith("整句")
    assert pieces[-1].closing
    assert "doubts" in pieces[-1].warning
    assert not pieces[0].closing


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "hello",
        "{",
        "[]",
        "null",
        "{}",
        '{"header": {}}',
        '{"header": {"code": "0"}}',
        '{"header": {"code": true}}',
        '{"header": {"code": 0}}',
        '{"header": {"code": 0}, "payload": {"choices": {"text": []}}}',
        '{"header": {"code": 0}, "payload": {"choices": {"status": 7, "text": []}}}',
        '{"header": {"code": 0}, "payload": {"choices": {"status": 1, "text": [{"content": 5}]}}}',
        '{"header": {"code": 0}, "payload": {"choices": {"status": 1, "text": "no"}}}',
        b"\xff\xfe",
        "[" * 100_000,
    ],
)
def test_a_malformed_frame_is_said_to_be_none(spark: Spark, broken: str | bytes) -> None:
    spark.usual = Play((frame("前面"), broken))
    error = fails(talker(spark))
    assert "does not answer as services of this kind do" in str(error)


def test_frames_without_text_do_no_harm(spark: Spark) -> None:
    odd = '{"header": {"code": 0}, "payload": {"choices": {"status": 1, "text": [{}]}}}'
    null = '{"header": {"code": 0}, "payload": {"choices": {"status": 0, "text": null}}}'
    content = (
        '{"header": {"code": 0}, "payload": {"choices": {"status": 2, "text": [{"content":null}]}}}'
    )
    spark.usual = Play((null, odd, frame("好"), content))
    assert said(list(talker(spark).answer("", ASKED))) == "好"


@pytest.mark.parametrize("frames", [(), (frame("前面"),)])
def test_an_answer_that_breaks_off_is_said_to(spark: Spark, frames: tuple[str, ...]) -> None:
    spark.usual = Play(frames, hang_up=True)
    error = fails(talker(spark))
    assert "broke off in the middle" in str(error)
    assert not error.fatal


@pytest.mark.parametrize("frames", [(), (frame("前面"),)])
def test_a_service_that_is_too_slow_is_not_waited_for(
    spark: Spark, frames: tuple[str, ...]
) -> None:
    spark.usual = Play(frames)
    error = fails(talker(spark, timeout=0.15))
    assert "did not answer within 0.15 seconds" in str(error)
    assert until(lambda: spark.closed == 1)


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (3600, "60 minutes ahead"),
        (-600, "10 minutes behind"),
        (310, "5 minutes ahead"),
        (86400 * 400, "576,000 minutes ahead"),
    ],
)
def test_a_wrong_clock_is_told_by_how_much(spark: Spark, ahead: float, sentence: str) -> None:
    error = fails(talker(spark, now=lambda: time.time() + ahead))
    assert sentence in str(error)
    assert error.fatal
    assert spark.bodies == []


def test_a_clock_that_is_a_little_off_does_no_harm(spark: Spark) -> None:
    talk = talker(spark, now=lambda: time.time() - 200)
    assert said(list(talk.answer("", ASKED))) == "好呀[微笑]"


@pytest.mark.parametrize(
    ("given", "refuse", "headers", "sentence"),
    [
        ({"key": "another"}, None, {}, "does not accept APIKey and APISecret (HTTP 401)"),
        ({"key": "another"}, None, {"Date": "yesterday"}, "does not accept APIKey"),
        ({}, 403, {}, "does not accept APIKey and APISecret (HTTP 403)"),
        ({}, 404, {}, "has no service at this address"),
        ({}, 429, {}, "takes no more questions for now"),
        ({}, 503, {}, "has trouble of its own (HTTP 503)"),
        ({}, 400, {}, "did not open the connection (HTTP 400)"),
        ({}, 302, {"Location": "ws://127.0.0.1:9/"}, "did not open the connection (HTTP 302)"),
    ],
)
def test_a_connection_that_is_refused_says_why(
    spark: Spark,
    given: dict[str, Any],
    refuse: int | None,
    headers: dict[str, str],
    sentence: str,
) -> None:
    spark.refuse, spark.more_headers = refuse, headers
    assert sentence in str(fails(talker(spark, **given)))


def test_without_a_network_the_service_is_said_to_be_out_of_reach(spark: Spark) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        profile = spark.profile(address=f"ws://127.0.0.1:{closed.getsockname()[1]}/v1.1/chat")
        error = fails(SparkTalker(profile, Options(), len))
    assert "cannot be reached" in str(error)


def test_what_is_no_websocket_is_said_to_be_another_service(spark: Spark) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hello() -> None:
            peer, _address = server.accept()
            with peer:
                peer.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=hello, daemon=True).start()
        profile = spark.profile(address=f"ws://127.0.0.1:{server.getsockname()[1]}/v1.1/chat")
        error = fails(SparkTalker(profile, Options(), len))
    assert "does not answer as services of this kind do" in str(error)


def test_nothing_of_a_talk_is_logged(spark: Spark, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        list(talker(spark).answer(SYSTEM, ASKED))
    mine = [each for each in caplog.records if not each.name.startswith("websockets.server")]
    assert mine == []


def test_a_proxy_of_the_system_is_not_asked_for_what_runs_here(
    spark: Spark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert said(list(talker(spark).answer("", ASKED))) == "好呀[微笑]"


def test_a_closed_talker_ends_the_answer_and_asks_no_more(spark: Spark) -> None:
    talk = talker(spark)
    talk.open()
    talk.close()
    assert until(lambda: spark.closed == 1)
    with pytest.raises(EndpointError, match="Stopped before"):
        list(talk.answer("", ASKED))
