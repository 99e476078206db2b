"""The page of talks: how one begins, where things go, and each state it can be in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

import pytest

from curation import workflow
from curation.chatting import load_spark, save_spark
from curation.endpoints import save_profile
from curation.store import talks
from curation.ui.components.talk import Deed, Told, bubbles_of, read_told, talk_data, talk_labels
from curation.ui.markdown import plain
from curation.workflow import ASSISTANT, USER, Answering, SparkProfile, TalkLine
from tests.model_service import Turn, running_service
from tests.spark_service import KEY, SECRET, Play, answer, running_spark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace
    from tests.model_service import Service
    from tests.spark_service import Spark

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn


@pytest.fixture
def spark() -> Iterator[Spark]:
    with running_spark() as running:
        yield running


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


@pytest.fixture
def secrets(database: Path) -> Path:
    return database.parent / "secrets.toml"


def words(at: AppTest) -> str:
    """Return everything that the page says."""
    kinds = (at.markdown, at.caption, at.error, at.success, at.info, at.warning, at.toast)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def fill(at: AppTest, spark: Spark, **more: str) -> AppTest:
    """Fill the form of a Spark service and save it."""
    at.button("add-spark").click().run()
    profile = spark.profile()
    for field in ("name", "app_id", "key", "secret", "service", "resource", "address"):
        at.text_input(f"spark-{field}").set_value(more.get(field, getattr(profile, field)))
    return next(each for each in at.button if each.label == "保存并测试").click().run()


def test_without_a_model_the_page_says_how_to_get_one(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("chat").run()
    assert not at.exception
    assert not at.error
    assert "讯飞星辰 MaaS" in words(at)
    assert "Ollama" in words(at)
    assert {each.key for each in at.button} >= {"add-spark", "to-connections", "to-training"}


def test_a_spark_service_is_saved_with_its_keys_and_tried(
    empty: Workspace, open_page: OpenPage, spark: Spark, secrets: Path, tmp_path: Path
) -> None:
    at = fill(open_page("chat").run(), spark)
    assert not at.exception
    assert "连接正常" in words(at)
    (kept,) = load_spark(secrets)
    assert (kept.key, kept.secret, kept.resource) == (KEY, SECRET, "77001")
    assert spark.bodies == []
    assert not at.session_state["spark-secret"]
    assert SECRET not in words(at)
    workflow.backup_workspace(empty, tmp_path / "all.ruwo")
    with ZipFile(tmp_path / "all.ruwo") as everything:
        told = b"".join(everything.read(each) for each in everything.namelist())
    assert SECRET.encode() not in told


def test_a_service_that_refuses_says_why_and_stays_to_be_changed(
    empty: Workspace, open_page: OpenPage, spark: Spark, secrets: Path
) -> None:
    at = fill(open_page("chat").run(), spark, key="another")
    assert "不接受这对 APIKey" in words(at)
    at.button("edit-spark-0").click().run()
    assert at.text_input("spark-secret").value == ""
    at.text_input("spark-key").set_value(KEY)
    next(each for each in at.button if each.label == "保存并测试").click().run()
    assert "连接正常" in words(at)
    assert load_spark(secrets)[0].secret == SECRET
    at.button("forget-spark-0").click().run()
    assert load_spark(secrets) == []
    assert SECRET not in secrets.read_text("utf-8")


def test_what_cannot_be_used_is_refused_and_the_form_stays(
    empty: Workspace, open_page: OpenPage, spark: Spark, secrets: Path
) -> None:
    at = fill(open_page("chat").run(), spark, app_id="much-too-long")
    assert "APPID 最多 8 位" in words(at)
    assert at.text_input("spark-name").value == "星火"
    assert load_spark(secrets) == []


FAR: Final = SparkProfile("远", "a1b2c3d4", "key-one", "secretTwo", "xqwen3")


def test_the_page_says_that_what_is_typed_goes_as_typed_and_where(
    sample: Workspace, open_page: OpenPage, secrets: Path, service: Service
) -> None:
    save_spark(secrets, FAR)
    save_profile(secrets, service.profile())
    at = open_page("chat").run()
    assert not at.exception
    assert plain("你输入的话会原样发给 maas-api.cn-huabei-1.xf-yun.com，不会遮盖") in words(at)
    at.selectbox("talk-model:0").set_value("service:here").run()
    assert "什么都不会离开本机" in words(at)
    assert service.bodies == []


def test_a_talk_remembers_model_and_partner_and_settings(
    sample: Workspace, open_page: OpenPage, secrets: Path, service: Service
) -> None:
    save_spark(secrets, FAR)
    save_profile(secrets, service.profile())
    talk = workflow.begin_talk(sample, model="spark:远")
    at = open_page("chat").run()
    at.selectbox(f"talk-model:{talk}").set_value("service:here").run()
    at.selectbox(f"talk-partner:{talk}").set_value("妈妈").run()
    at.slider("talk-option-temperature:service:here").set_value(0.5).run()
    assert not at.exception
    (head,) = workflow.all_talks(sample)
    assert (head.model, head.partner) == ("service:here", "妈妈")
    model = workflow.chat_models()[1]
    assert workflow.chat_options(sample, model).temperature == 0.5
    at.number_input("talk-option-most_tokens:service:here").set_value(4000).run()
    assert "最多只能占" in words(at)
    assert workflow.chat_options(sample, model).most_tokens == 512


def test_talks_are_chosen_named_and_deleted(
    sample: Workspace, open_page: OpenPage, secrets: Path
) -> None:
    save_spark(secrets, FAR)
    first, second = (workflow.begin_talk(sample, model="spark:远") for _each in range(2))
    at = open_page("chat").run()
    assert at.selectbox("talk-shown").value == second
    at.selectbox("talk-shown").set_value(first).run()
    at.text_input(f"talk-name:{first}").set_value("第一次").run()
    assert [each.name for each in workflow.all_talks(sample)] == ["", "第一次"]
    at.button("delete-talk").click().run()
    assert [each.id for each in workflow.all_talks(sample)] == [second]
    at.button("new-talk").click().run()
    assert at.selectbox("talk-shown").value == 0
    assert len(workflow.all_talks(sample)) == 1  # it begins with what is said first


def said_with(ws: Workspace, model: str, host: str = "") -> int:
    """Keep a talk in which a model answered; return its number."""
    talk = workflow.begin_talk(ws, model=model)
    with ws.write() as connection:
        talks.say(connection, talk, USER, "在吗")
        talks.say(connection, talk, ASSISTANT, "在", model=model, host=host)
    return talk


def test_a_talk_whose_model_is_gone_waits_for_the_person_to_choose(
    sample: Workspace, open_page: OpenPage, secrets: Path
) -> None:
    save_spark(secrets, FAR)
    talk = said_with(sample, "service:gone")
    at = open_page("chat").run()
    assert not at.exception
    assert at.selectbox(f"talk-model:{talk}").value is None
    assert "请另选一个" in words(at)
    assert [each.model for each in workflow.all_talks(sample)] == ["service:gone"]
    at.selectbox(f"talk-model:{talk}").set_value("spark:远").run()
    assert not at.exception
    assert plain("都会原样发给 maas-api.cn-huabei-1.xf-yun.com") in words(at)


def test_before_a_talk_goes_to_another_host_the_page_says_so(
    sample: Workspace, open_page: OpenPage, secrets: Path, service: Service
) -> None:
    save_spark(secrets, FAR)
    save_profile(secrets, service.profile())
    talk = said_with(sample, "service:here", service.profile().host)
    at = open_page("chat").run()
    assert not [each for each in at.button if each.key == "new-talk-instead"]
    at.selectbox(f"talk-model:{talk}").set_value("spark:远").run()
    assert plain("都会原样发给 maas-api.cn-huabei-1.xf-yun.com") in words(at)
    at.button("new-talk-instead").click().run()
    assert not at.exception
    assert at.selectbox("talk-shown").value == 0
    assert at.selectbox("talk-model:0").value == "spark:远"
    assert not [each for each in at.button if each.key == "new-talk-instead"]
    assert service.bodies == []


def test_the_page_says_whose_words_go_into_the_dataset_with_an_answer(
    sample: Workspace, open_page: OpenPage, secrets: Path
) -> None:
    save_spark(secrets, FAR)
    assert "模型自己的话" in words(open_page("chat").run())


def test_a_file_of_keys_that_is_broken_is_one_sentence(
    empty: Workspace, open_page: OpenPage, secrets: Path
) -> None:
    secrets.write_text("[spark", "utf-8")
    at = open_page("chat").run()
    assert [each.value for each in at.error] == [
        plain("存放密钥的文件 secrets.toml 无法读取，请修好或删除它。")
    ]


def test_two_are_compared_and_the_numbers_stand_beside_the_persons_own(
    sample: Workspace, open_page: OpenPage, secrets: Path, service: Service, spark: Spark
) -> None:
    save_spark(secrets, spark.profile())
    save_profile(secrets, service.profile())
    spark.usual = Play(answer("在呢，刚吃完晚饭\n", "你下班了没"))
    service.answer = lambda _body: Turn("您好！<b>很高兴</b>为您服务。" * 3)
    at = open_page("chat").run()
    at.segmented_control("chat-way").set_value("likeness").run()
    assert not at.exception
    assert at.selectbox("like-second-zh").options[0] == "我真实的回答"
    assert plain(f"127.0.0.1:{spark.port}") in words(at)
    at.text_area("like-questions-zh").set_value("\n".join(f"第{n}问" for n in range(6))).run()
    at.selectbox("like-second-zh").set_value("service:here").run()
    assert spark.bodies == service.bodies == []
    at.button("ask-likeness").click().run()
    assert not at.exception
    assert (len(spark.bodies), len(service.bodies)) == (6, 6)
    assert "星火 更像你" in words(at)
    shown = "".join(str(each.proto.body) for each in at.get("html"))
    assert "&lt;b&gt;很高兴" in shown
    assert "<b>" not in shown
    assert workflow.everyday_questions(sample) == tuple(f"第{n}问" for n in range(6))
    again = open_page("chat").run()
    again.segmented_control("chat-way").set_value("likeness").run()
    assert "星火 更像你" in words(again)
    again.button("usual-questions").click().run()
    assert (again.text_area("like-questions-zh").value or "").startswith("在吗\n")


def test_a_comparison_that_fails_is_one_sentence(
    sample: Workspace, open_page: OpenPage, secrets: Path, service: Service
) -> None:
    save_profile(secrets, service.profile())
    service.answer = lambda _body: Turn(status=401)
    at = open_page("chat").run()
    at.segmented_control("chat-way").set_value("likeness").run()
    at.button("ask-likeness").click().run()
    assert not at.exception
    assert ["不接受这个密钥" in each.value for each in at.error] == [True]
    assert len(service.bodies) == 1


GOOD: Final[dict[str, Any]] = {
    "id": "a",
    "place": 1,
    "what": "correct",
    "text": "好",
    "line": 5,
    "workspace": "w",
    "process": "p",
    "since": 4,
}


def test_what_the_piece_tells_is_read() -> None:
    stop = {"id": "b", "place": 1.0, "what": "stop"}
    assert read_told({"mark": "m", "deeds": [GOOD, stop]}) == Told(
        "m", (Deed("a", 1, "correct", "好", 5, "w", "p", 4), Deed("b", 1, "stop"))
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"what": "delete"},
        {"id": ""},
        {"id": 3},
        {"place": None},
        {"place": 2.5},
        {"text": ["x"]},
        {"line": "5"},
        {"since": "x"},
    ],
)
def test_what_is_no_such_deed_is_passed_over(changed: dict[str, Any]) -> None:
    assert read_told({"deeds": [{**GOOD, **changed}]}) == Told("", ())


@pytest.mark.parametrize("value", ["x", {}, {"deeds": GOOD}])
def test_what_is_no_such_message_is_passed_over(value: object) -> None:
    assert read_told(value) is None


@pytest.mark.parametrize(
    ("text", "bubbles"),
    [
        ("在吗", [["在吗"]]),
        ("在\n\n刚醒", [["在"], ["刚醒"]]),
        ("好[害羞]呀", [["好", ["[害羞]", "☺️"], "呀"]]),
        ("[666]", [[["[666]", "💯"]]]),
        ("[没有这个] [3]", [["[没有这个] [3]"]]),
        ("<b>*x*</b>", [["<b>*x*</b>"]]),
        ("(｡•́︿•̀｡)~", [["(｡•́︿•̀｡)~"]]),
        ("", []),
    ],
)
def test_codes_are_shown_as_emoji_and_lines_as_bubbles(text: str, bubbles: list[object]) -> None:
    assert bubbles_of(text) == bubbles


def test_the_piece_is_given_plain_values() -> None:
    lines = [
        TalkLine(1, USER, "在吗"),
        TalkLine(2, ASSISTANT, "您好", corrected="在", kept_in=9),
        TalkLine(3, USER, "喂"),
        TalkLine(4, ASSISTANT, "", problem=("{host} broke.", {"host": "h"})),
    ]
    labels = talk_labels(lambda text: text)
    data = talk_data(
        lines,
        None,
        place=1,
        name="小满",
        closed=False,
        say=lambda text, values: text.format(**values),
        labels=labels,
    )
    assert json.loads(json.dumps(data)) == data
    told = data["lines"]
    assert [each["again"] for each in told] == [False, False, False, True]
    assert [each["can"] for each in told] == [False, False, False, True]
    assert (told[1]["old"], told[1]["bubbles"], told[1]["kept"]) == (
        "您好",
        [["在"]],
        labels["corrected"],
    )
    assert told[3]["note"] == "h broke."


def test_while_an_answer_comes_nothing_can_be_asked_again() -> None:
    data = talk_data(
        [TalkLine(1, USER, "在吗")],
        Answering("在\n刚", "想"),
        place=1,
        name="",
        closed=False,
        say=lambda text, _values: text,
        labels=talk_labels(lambda text: text),
    )
    assert data["partial"] == {"bubbles": [["在"], ["刚"]], "thinks": True}
    assert not data["lines"][0]["again"]
