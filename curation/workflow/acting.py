"""What each action of the review screen does to its conversation.

An action is prepared before it is done: what it says is read, and slow work is done, such as the
search of a new text for private data. What comes back needs the recorder alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from curation import cleaning, pii
from curation.errors import N_, ActionRefusedError
from curation.model import Decision, Side, Status, SuggestionKind
from curation.store import actions, several
from curation.store.answering import agree
from curation.workflow import answering, arranging, flagging
from curation.workflow.deciding import DECIDE
from curation.workflow.detecting import common_rules, detect_texts, detection_rules, valued
from curation.workflow.sent import MALFORMED, Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.model import DetectionRules, Finding
    from curation.store import Workspace
    from curation.store.journal import Recorder

    Act = Callable[[Recorder], object]

_EMPTY_TEXT: Final = N_("A message cannot be empty; delete it instead.")


def prepared(workspace: Workspace, sent: Sent, conversation_id: int) -> Act:
    """Return what an action does; ActionRefusedError where it is none or lacks something."""
    name = sent.fields.get("type")
    if not isinstance(name, str) or name not in _ACTIONS:
        raise ActionRefusedError(MALFORMED)
    act = _ACTIONS[name](workspace, sent, conversation_id)
    # What a person may do because of a suggestion is at the same time the answer to it.
    because = sent.optional_integer("suggestion") if name in _IN_ANSWER else None
    return act if because is None else answering.in_answer(act, conversation_id, because)


def _set_status(_workspace: Workspace, sent: Sent, here: int) -> Act:
    status = Status(sent.choice("status", list(Status)))
    return lambda r: actions.set_status(r, [here], status)


def _tag(_workspace: Workspace, sent: Sent, here: int) -> Act:
    emotion, on = sent.text("emotion"), sent.flag("on")
    message = sent.optional_integer("message")

    def act(recorder: Recorder) -> None:
        actions.tag_emotion(recorder, [here], emotion, on=on, message_id=message)
        if on:
            agree(recorder, here, [message], SuggestionKind.EMOTION, emotion)

    return act


def _edit_message(workspace: Workspace, sent: Sent, here: int) -> Act:
    message = sent.integer("message")
    rules = detection_rules(workspace)
    edited = {message: _new_text(sent, _typing_rules(workspace, rules))}
    return lambda r: flagging.edit(r, here, edited, rules)


def _delete_message(workspace: Workspace, sent: Sent, here: int) -> Act:
    message, deleted = sent.integer("message"), sent.flag("deleted")
    rules = detection_rules(workspace)

    def act(recorder: Recorder) -> None:
        actions.delete_message(recorder, here, message, deleted=deleted)
        flagging.find_around(recorder, here, rules)

    return act


def _add_message(workspace: Workspace, sent: Sent, here: int) -> Act:
    side = Side(sent.choice("side", list(Side)))
    before = sent.optional_integer("before")
    rules = detection_rules(workspace)
    text, found = _new_text(sent, _typing_rules(workspace, rules))
    new = valued(text, found)

    def act(recorder: Recorder) -> None:
        actions.add_message(recorder, here, side, text, new, before=before)
        flagging.find_around(recorder, here, rules)

    return act


def _set_background(_workspace: Workspace, sent: Sent, here: int) -> Act:
    written = _written(sent)
    return lambda r: actions.set_background(r, here, written)


def _set_note(_workspace: Workspace, sent: Sent, here: int) -> Act:
    written = _written(sent)
    return lambda r: actions.set_note(r, here, written)


def _set_message_background(_workspace: Workspace, sent: Sent, here: int) -> Act:
    message, written = sent.integer("message"), _written(sent)
    return lambda r: actions.set_message_background(r, here, message, written)


def _split(workspace: Workspace, sent: Sent, here: int) -> Act:
    first, rules = sent.integer("message"), detection_rules(workspace)

    def act(recorder: Recorder) -> None:
        agree(recorder, here, [first], SuggestionKind.TOPIC_JUMP)
        arranging.split(recorder, here, first, rules)

    return act


def _split_off(workspace: Workspace, sent: Sent, here: int) -> Act:
    messages, rules = sent.integers("messages"), detection_rules(workspace)
    return lambda r: arranging.split_off(r, here, messages, rules)


def _merge(workspace: Workspace, _sent: Sent, here: int, *, before: bool) -> Act:
    rules = detection_rules(workspace)
    return lambda r: arranging.merge(r, here, rules, before=before)


def _delete_messages(workspace: Workspace, sent: Sent, here: int) -> Act:
    messages, deleted = sent.integers("messages"), sent.flag("deleted")
    rules = detection_rules(workspace)

    def act(recorder: Recorder) -> None:
        several.delete_messages(recorder, here, messages, deleted=deleted)
        flagging.find_around(recorder, here, rules)

    return act


def _tag_messages(_workspace: Workspace, sent: Sent, here: int) -> Act:
    messages, on = sent.integers("messages"), sent.flag("on")
    emotion = sent.text("emotion")

    def act(recorder: Recorder) -> None:
        several.tag_messages(recorder, here, messages, emotion, on=on)
        if on:
            agree(recorder, here, messages, SuggestionKind.EMOTION, emotion)

    return act


def _replace(workspace: Workspace, sent: Sent, here: int) -> Act:
    rules = detection_rules(workspace)
    edited = _new_texts(sent, _typing_rules(workspace, rules))
    return lambda r: flagging.edit(r, here, edited, rules)


def _swap_sides(workspace: Workspace, sent: Sent, here: int) -> Act:
    messages, rules = sent.integers("messages"), detection_rules(workspace)
    return lambda r: arranging.swap_sides(r, here, messages, rules)


def _flag(workspace: Workspace, sent: Sent, here: int) -> Act:
    rules = detection_rules(workspace)
    message = sent.integer("message")
    span = (sent.integer("start"), sent.integer("end"))
    shown = sent.text("text")
    entity = sent.choice("entity", pii.ENTITIES)
    everywhere = sent.flag("all_equal")

    def act(recorder: Recorder) -> None:
        flagging.flag(recorder, here, message, span=span, shown=shown, entity=entity)
        if everywhere:
            flagging.flag_everywhere(recorder, shown, entity, rules)

    return act


def _relabel(_workspace: Workspace, sent: Sent, here: int) -> Act:
    finding, entity = sent.integer("finding"), sent.choice("entity", pii.ENTITIES)
    return lambda r: flagging.relabel(r, here, finding, entity)


def _release(workspace: Workspace, sent: Sent, here: int) -> Act:
    finding, rules = sent.integer("finding"), detection_rules(workspace)
    return lambda r: flagging.release(r, here, finding, rules)


def _decide(_workspace: Workspace, sent: Sent, here: int) -> Act:
    finding, all_equal = sent.integer("finding"), sent.flag("all_equal")
    decision = Decision(sent.choice("decision", list(Decision)))
    return lambda r: actions.decide_finding(r, here, finding, decision, all_equal=all_equal)


def _answer_suggestion(workspace: Workspace, sent: Sent, here: int) -> Act:
    chosen, accept = sent.optional_integer("suggestion"), sent.flag("accept")
    rules = detection_rules(workspace)
    return lambda r: answering.answer(r, here, chosen, rules, accept=accept)


_ACTIONS: Final[Mapping[str, Callable[[Workspace, Sent, int], Act]]] = {
    "set_status": _set_status,
    "tag": _tag,
    "edit_message": _edit_message,
    "delete_message": _delete_message,
    "add_message": _add_message,
    "set_background": _set_background,
    "set_note": _set_note,
    "set_message_background": _set_message_background,
    "split": _split,
    "split_off": _split_off,
    "merge_next": partial(_merge, before=False),
    "merge_previous": partial(_merge, before=True),
    "delete_messages": _delete_messages,
    "tag_messages": _tag_messages,
    "replace": _replace,
    "swap_sides": _swap_sides,
    "flag": _flag,
    "relabel": _relabel,
    "release": _release,
    DECIDE: _decide,
    "answer_suggestion": _answer_suggestion,
}

_IN_ANSWER: Final = frozenset({"set_status", "set_background", "set_message_background"})


def _written(sent: Sent) -> str:
    """Return what was written, which may be nothing."""
    return cleaning.clean_text(sent.text("text", empty=True))


def _said(sent: Sent) -> str:
    """Return the text of a message, which must not be empty."""
    text = _written(sent)
    if not text:
        raise ActionRefusedError(_EMPTY_TEXT)
    return text


def _typing_rules(workspace: Workspace, rules: DetectionRules) -> DetectionRules:
    """Return what a new text is searched by.

    From whom private details are hidden, it must not tell which terms and names an owner knows.
    """
    return common_rules(rules) if workspace.access().hides else rules


def _new_text(sent: Sent, rules: DetectionRules) -> tuple[str, Sequence[Finding]]:
    text = _said(sent)
    return text, detect_texts([text], rules)[0]


def _new_texts(sent: Sent, rules: DetectionRules) -> dict[int, tuple[str, Sequence[Finding]]]:
    """Return texts by message id, all searched at once."""
    texts: dict[int, str] = {}
    for pair in sent.several("texts"):
        if not isinstance(pair, list) or len(pair) != len(("message", "text")):
            raise ActionRefusedError(MALFORMED)
        each = Sent(dict(zip(("message", "text"), pair, strict=True)))
        text = _said(each)
        texts[each.integer("message")] = text
    found = detect_texts(list(texts.values()), rules)
    return {number: (text, hits) for (number, text), hits in zip(texts.items(), found, strict=True)}
