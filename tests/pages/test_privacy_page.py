from __future__ import annotations

from html import unescape
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import Decision, FindingOrder, FindingQuery, Persona
from curation.ui.state import Keys
from curation.workflow import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def decided(workspace: Workspace, decision: Decision) -> int:
    counts = workflow.finding_counts(workspace)
    return sum(count for (_entity, each), count in counts.items() if each is decision)


def test_a_value_is_kept_everywhere_with_one_click_and_undone_with_another(
    sample: Workspace, open_page: OpenPage
) -> None:
    group = workflow.finding_groups(sample).groups[0]
    at = open_page("privacy").run()
    at.button(key=f"keep:{group.entity}-{group.value}").click().run()

    assert not at.exception
    assert decided(sample, Decision.KEEP) == group.count
    assert at.toast[0].value.startswith(f"已保留 {group.count} 处")

    at.button(key="undo").click().run()
    assert decided(sample, Decision.KEEP) == 0


def test_a_value_is_undecided_again_with_one_click(sample: Workspace, open_page: OpenPage) -> None:
    group = workflow.finding_groups(sample).groups[0]
    at = open_page("privacy").run()
    name = f"{group.entity}-{group.value}"
    assert f"pending:{name}" not in {each.key for each in at.button}
    at.button(key=f"mask:{name}").click().run()
    at.segmented_control(key=Keys.PRIVACY_DECISION).set_value(Decision.MASK).run()
    at.button(key=f"pending:{name}").click().run()

    assert not at.exception
    assert decided(sample, Decision.MASK) == 0


def test_ticked_values_are_decided_and_undone_at_once(
    sample: Workspace, open_page: OpenPage
) -> None:
    groups = workflow.finding_groups(sample).groups
    chosen = (groups[1], groups[3])
    at = open_page("privacy").run()
    for group in chosen:
        at.checkbox(key=f"{Keys.PRIVACY_TICK}0:{group.entity}-{group.value}").check()
    at.run().button(key="bar-keep").click().run()

    assert not at.exception
    assert decided(sample, Decision.KEEP) == sum(group.count for group in chosen)
    assert not any(each.value for each in at.checkbox)
    at.button(key="undo").click().run()
    assert decided(sample, Decision.KEEP) == 0
    at.button(key="tick-all").click().run()
    assert all(each.value for each in at.checkbox)


def test_keys_decide_one_value_after_the_other(sample: Workspace, open_page: OpenPage) -> None:
    first, second, third = workflow.finding_groups(sample).groups[:3]
    at = open_page("privacy").run()
    at.button(key="bar-mask").click().run()
    at.button(key="bar-down").click().run()
    at.button(key="bar-keep").click().run()

    assert not at.exception
    now = {
        (each.entity, each.value): each.decision
        for each in workflow.finding_groups(sample, page_size=500).groups
    }
    assert [now[each.entity, each.value] for each in (first, second, third)] == [
        Decision.MASK,
        Decision.PENDING,
        Decision.KEEP,
    ]


def test_a_key_pressed_before_the_bar_is_drawn_anew_is_for_the_next_value(
    sample: Workspace, open_page: OpenPage
) -> None:
    first, second, third = workflow.finding_groups(sample).groups[:3]
    at = open_page("privacy").run()
    # As the key before has left it, while the bar on the screen is still that of the first value.
    at.session_state["ruwo"].privacy_at = (second.entity, second.value)
    at.button(key="bar-keep").click().run()
    assert not at.exception
    now = workflow.finding_groups(sample, page_size=500).groups
    held = {(each.entity, each.value): each for each in now}
    decisions = [held[each.entity, each.value].decision for each in (first, second, third)]
    assert decisions == [Decision.PENDING, Decision.KEEP, Decision.PENDING]
    assert at.session_state["ruwo"].privacy_at == (third.entity, third.value)


def test_what_stands_beside_the_messages_is_listed_counted_and_decided(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.save_persona(sample, Persona(name="小满", personality="打13900001234找她"))
    before = decided(sample, Decision.PENDING)
    at = open_page("privacy").run()
    assert any(f"{before + 1:,}" in each.value for each in at.html)
    name = "PHONE_NUMBER-13900001234"
    # It stands in no message, so it is what there is of such a search.
    at.text_input(key=Keys.PRIVACY_TEXT).set_value("13900001234").run()
    assert f"mask:{name}" in {each.key for each in at.button}
    at.text_input(key=Keys.PRIVACY_TEXT).set_value("").run()
    at.pills(key=Keys.PRIVACY_ENTITY).set_value("beside").run()
    at.button(key=f"places:{name}").click().run()
    assert any("人设 · 性格" in each.value for each in at.caption)
    at.button(key=f"keep:{name}").click().run()

    assert not at.exception
    (only,) = workflow.beside_findings(sample)
    assert only.group.decision is Decision.KEEP
    at.button(key="undo").click().run()
    (only,) = workflow.beside_findings(sample)
    assert only.group.decision is Decision.PENDING


@pytest.mark.parametrize("kind", ["beside", "PHONE_NUMBER"])
def test_a_decision_tells_of_the_places_in_messages_and_beside_them(
    kind: str, sample: Workspace, open_page: OpenPage
) -> None:
    spoken = workflow.finding_groups(sample, FindingQuery(entity="PHONE_NUMBER")).groups[0]
    workflow.save_persona(sample, Persona(name="小满", personality=f"打{spoken.value}找她"))
    at = open_page("privacy").run()
    at.pills(key=Keys.PRIVACY_ENTITY).set_value(kind).run()
    at.button(key=f"keep:{spoken.entity}-{spoken.value}").click().run()
    assert not at.exception
    assert at.toast[0].value.startswith(f"已保留 {spoken.count + 1} 处")


def test_it_is_said_that_one_decision_does_not_reach_what_stands_beside_the_messages(
    sample: Workspace, open_page: OpenPage
) -> None:
    spoken = workflow.finding_groups(sample, FindingQuery(entity="PHONE_NUMBER")).groups[0]
    name = f"{spoken.entity}-{spoken.value}"
    places = workflow.finding_places(sample, spoken.entity, spoken.value).places
    workflow.save_persona(sample, Persona(name="小满", personality=f"打{spoken.value}找她"))

    def told() -> list[str]:
        return [each.value for each in at.caption if "人设里" in each.value]

    at = open_page("privacy").run()
    at.pills(key=Keys.PRIVACY_ENTITY).set_value(spoken.entity).run()
    at.button(key=f"places:{name}").click().run()
    for place in places:
        at.button(key=f"place-keep-{place.id}").click().run()
    said = "背景和人设里还有 1 处，不能单独决定，跟着整个值的按钮走："
    assert told() == [said + "未决定"]
    assert spoken.value not in workflow.preview_record(sample, 1).system
    at.button(key=f"keep:{name}").click().run()
    assert told() == [said + "保留"]
    assert spoken.value in workflow.preview_record(sample, 1).system
    at.pills(key=Keys.PRIVACY_ENTITY).set_value("beside").run()
    at.button(key=f"places:{name}").click().run()
    assert told() == ["背景和人设里的几处一起决定，用上面的按钮。"]
    assert not at.exception


def test_a_whole_kind_is_masked_once_its_count_was_agreed_to(
    sample: Workspace, open_page: OpenPage
) -> None:
    counts = workflow.finding_counts(sample)
    phones = counts["PHONE_NUMBER", Decision.PENDING]
    at = open_page("privacy").run()
    at.pills(key=Keys.PRIVACY_ENTITY).set_value("PHONE_NUMBER").run()
    at.button(key="all-mask").click().run()
    assert f"遮盖 {phones} 处？" in "".join(each.value for each in at.markdown)
    assert decided(sample, Decision.MASK) == 0

    at.button(key="all-no").click().run()
    assert decided(sample, Decision.MASK) == 0
    at.button(key="all-mask").click().run()
    at.button(key="all-yes").click().run()

    assert not at.exception
    assert workflow.finding_counts(sample)["PHONE_NUMBER", Decision.MASK] == phones
    assert decided(sample, Decision.MASK) == phones
    at.button(key="undo").click().run()
    assert workflow.finding_counts(sample) == counts


def test_the_places_of_a_value_are_decided_one_by_one(
    sample: Workspace, open_page: OpenPage
) -> None:
    groups = workflow.finding_groups(sample, order=FindingOrder.COUNT).groups
    group = next(each for each in groups if each.count > 1)
    places = workflow.finding_places(sample, group.entity, group.value).places
    at = open_page("privacy").run()
    at.selectbox(key=Keys.PRIVACY_ORDER).set_value(FindingOrder.COUNT).run()
    at.button(key=f"places:{group.entity}-{group.value}").click().run()
    at.button(key=f"place-keep-{places[0].id}").click().run()

    assert not at.exception
    after = workflow.finding_places(sample, group.entity, group.value).places
    assert [each.decision for each in after] == [
        Decision.KEEP,
        *([Decision.PENDING] * (len(places) - 1)),
    ]
    at.button(key="undo").click().run()
    assert decided(sample, Decision.KEEP) == 0


def test_a_value_is_given_another_kind(sample: Workspace, open_page: OpenPage) -> None:
    group = workflow.finding_groups(sample).groups[0]
    name = f"{group.entity}-{group.value}"
    at = open_page("privacy").run()
    at.button(key=f"places:{name}").click().run()
    at.selectbox(key=f"kind:{name}").set_value("PASSPORT").run()

    assert not at.exception
    assert at.toast[0].value.startswith("以后它算“护照”")
    groups = workflow.finding_groups(sample, page_size=500).groups
    assert {each.entity for each in groups if each.value == group.value} == {"PASSPORT"}


def test_values_are_searched_sorted_and_filtered(sample: Workspace, open_page: OpenPage) -> None:
    group = workflow.finding_groups(sample).groups[0]
    at = open_page("privacy").run()
    at.text_input(key=Keys.PRIVACY_TEXT).set_value(group.shown).run()
    keeps = {str(each.key) for each in at.button if str(each.key).startswith("keep:")}
    assert f"keep:{group.entity}-{group.value}" in keeps
    assert len(keeps) < workflow.finding_groups(sample).total
    at.text_input(key=Keys.PRIVACY_TEXT).set_value("这里没有这样的词").run()
    assert at.subheader[0].value == "没有符合条件的内容"
    at.button(key="privacy-all").click().run()
    assert str(at.text_input(key=Keys.PRIVACY_TEXT).value) == ""
    assert sum(str(each.key).startswith("keep:") for each in at.button) > len(keeps)
    for order in FindingOrder:
        at.text_input(key=Keys.PRIVACY_TEXT).set_value("")
        at.selectbox(key=Keys.PRIVACY_ORDER).set_value(order).run()
        assert not at.exception


def test_a_surer_threshold_hides_findings_until_it_is_taken_back(
    sample: Workspace, open_page: OpenPage
) -> None:
    before = workflow.finding_counts(sample)
    at = open_page("privacy").run()
    at.slider(key=Keys.THRESHOLD + "PHONE_NUMBER").set_value(1.0).run()
    assert not at.exception
    assert ("PHONE_NUMBER", Decision.PENDING) not in workflow.finding_counts(sample)
    at.slider(key=Keys.THRESHOLD + "PHONE_NUMBER").set_value(DEFAULT_THRESHOLD).run()
    assert workflow.finding_counts(sample) == before
    assert workflow.load_settings(sample).thresholds == {}


def test_a_decision_can_be_looked_at_alone(sample: Workspace, open_page: OpenPage) -> None:
    group = workflow.finding_groups(sample).groups[0]
    workflow.decide_value(sample, group.entity, group.value, Decision.MASK)
    at = open_page("privacy").run()
    at.segmented_control(key=Keys.PRIVACY_DECISION).set_value(Decision.MASK).run()

    keeps = [each for each in at.button if str(each.key).startswith("keep:")]
    assert [each.key for each in keeps] == [f"keep:{group.entity}-{group.value}"]


def test_the_value_stands_highlighted_in_its_words_as_escaped_text(
    sample: Workspace, open_page: OpenPage
) -> None:
    groups = workflow.finding_groups(sample, page_size=20).groups
    at = open_page("privacy").run()
    quotes = [each.value for each in at.html if "<mark" in each.value]
    *quotes, below = quotes
    assert len(quotes) == len(groups)
    assert f">{groups[0].shown}</mark>" in unescape(below), "what the keys decide"
    for group, quote in zip(groups, quotes, strict=True):
        words = unescape(quote.split(">", 1)[1].removesuffix("</div>"))
        assert f">{group.shown}</mark>" in words
        assert words.startswith(group.before)


def test_what_was_not_searched_yet_can_be_searched_here(
    empty: Workspace, open_page: OpenPage
) -> None:
    workflow.import_sample(empty)
    assert workflow.unscanned_count(empty) > 0
    at = open_page("privacy").run()

    at.button(key="scan").click().run()

    assert not at.exception
    assert workflow.unscanned_count(empty) == 0
    assert at.get("vega_lite_chart"), "a picture of what was found"


def test_the_pages_of_values_follow_each_other(sample: Workspace, open_page: OpenPage) -> None:
    total = workflow.finding_groups(sample).total
    at = open_page("privacy").run()
    first = {each.key for each in at.button if str(each.key).startswith("keep:")}
    at.pagination[0].set_value(2).run()
    second = {each.key for each in at.button if str(each.key).startswith("keep:")}
    assert not first & second
    assert len(first | second) == min(total, 40)

    at.segmented_control(key=Keys.PRIVACY_DECISION).set_value(Decision.PENDING).run()
    assert at.pagination[0].value == 1, "another choice starts at the first page"


def test_an_installed_language_model_is_offered_and_remembered(
    sample: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_page("privacy").run()
    assert Keys.PIPELINE not in [each.key for each in at.selectbox]
    names = [EntryPoint("zh_core_web_sm", "zh_core_web_sm", "spacy_models")]
    monkeypatch.setattr("curation.pii.pipelines.entry_points", lambda group: names if group else [])
    at.run()
    assert list(at.selectbox(key=Keys.PIPELINE).options) == ["没有", "zh_core_web_sm"]
    monkeypatch.setattr(workflow, "scan_findings", lambda *_given, **_more: 0)
    at.selectbox(key=Keys.PIPELINE).set_value("zh_core_web_sm").run()
    assert workflow.load_settings(sample).pipeline == "zh_core_web_sm"


def test_the_trained_tagger_can_be_switched_off(
    sample: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_page("privacy").run()
    assert at.toggle(key=Keys.TAGGER).value
    monkeypatch.setattr(workflow, "scan_findings", lambda *_given, **_more: 0)
    at.toggle(key=Keys.TAGGER).set_value(False).run()
    assert not at.exception
    assert not workflow.load_settings(sample).tagger
