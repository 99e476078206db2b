"""A persona and a template become the system text of a record."""

from __future__ import annotations

import re
import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from curation.errors import N_, PersonaError
from curation.model import PERSONA_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Template

    from curation.model import Persona

MAX_TEMPLATE: Final = 20_000
"""The most characters of a template."""
MAX_SYSTEM: Final = 50_000
"""The most characters of a system text; longer ones fill a trainer's whole window."""
_OWN: Final = tuple(name for name in PERSONA_TEXTS if name != "system_prompt")
FIELDS: Final = (*_OWN, "relation")
"""What a template may name; `relation` is what the partner of the chat is to me."""

DEFAULT_TEMPLATE: Final = """\
{% if name %}你是{{ name }}，{% else %}你{% endif %}正在和熟悉的人聊天。
{% if gender or age_band %}
{{ gender }}{% if gender and age_band %}，{% endif %}{{ age_band }}。
{% endif %}
{% if personality %}
性格：{{ personality }}
{% endif %}
{% if occupation %}
职业：{{ occupation }}
{% endif %}
{% if interests %}
兴趣爱好：{{ interests }}
{% endif %}
{% if mbti %}
MBTI：{{ mbti }}
{% endif %}
{% if speaking_style %}
说话方式：{{ speaking_style }}
{% endif %}
{% if catch_phrases %}
口头禅：{{ catch_phrases }}
{% endif %}
{% if taboos %}
不会说、不会聊：{{ taboos }}
{% endif %}
{% if relation %}
对方是你的{{ relation }}。
{% endif %}
请用你自己平时说话的语气、口头禅和表情来回复。
"""

# A sandbox stops a template from reaching objects, not from eating time and memory:
# `{{ 'a' * 10**9 }}`, nested loops, `x ~ x` doubled again and again. What is allowed here can only
# grow with the lengths of template and persona, so no clock is needed.
_NODES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Tuple,
    nodes.List,
    nodes.Getitem,
    nodes.Slice,
    nodes.Neg,
    nodes.Keyword,
)
_FILTERS: Final = frozenset(
    {"capitalize", "d", "default", "first", "last", "length", "lower", "trim", "truncate", "upper"}
)
_TESTS: Final = frozenset({"defined", "undefined", "none", "string", "eq", "ne", "in"})


_FAILURES: Final = (TypeError, ValueError, AssertionError, ArithmeticError, LookupError)
"""What Jinja's filters raise for arguments that make no sense, such as `truncate(1)`."""


def render_system(persona: Persona, *, chat: str, background: str = "") -> str:
    """Return the system text of a conversation in `chat`; never empty.

    The persona's template is filled with its fields and its relation to `chat`; where that gives
    nothing, the built-in one is. A `background` follows as a paragraph of its own. Raises
    `PersonaError` naming the line of the template that cannot be filled.
    """
    values = {name: getattr(persona, name).strip() for name in _OWN}
    values["relation"] = persona.relations.get(chat, "").strip()
    text = _filled(persona.system_prompt, values) or _filled(DEFAULT_TEMPLATE, values)
    return f"{text}\n\n背景：{background.strip()}" if background.strip() else text


def woven(text: str, persona: Persona, emotions: Sequence[str]) -> str:
    """Return a system text with the traits it does not name yet, and how the person feels."""
    traits = (
        f"{label}：{words}"
        for label, words in (
            ("性格", persona.personality.strip()),
            ("职业", persona.occupation.strip()),
            ("兴趣爱好", persona.interests.strip()),
        )
        if words and words not in text
    )
    mood = (f"此刻的心情：{'、'.join(emotions)}",) if emotions else ()
    more = "\n".join((*traits, *mood))
    return f"{text}\n\n{more}" if more else text


def check_template(text: str) -> None:
    """Raise `PersonaError` naming the line when `text` is not a template that can be used."""
    _compiled(text)


def _filled(text: str, values: dict[str, str]) -> str:
    """Return the template `text` with `values` in it, without outer blanks."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in _compiled(text).generate(values):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_SYSTEM:
                raise PersonaError(
                    N_("The system text would be longer than {limit} characters."),
                    limit=MAX_SYSTEM,
                )
    except (TemplateError, *_FAILURES) as exc:
        raise PersonaError(
            N_("System prompt template, line {line}: {reason}."), line=_line(exc), reason=exc
        ) from exc
    return "".join(pieces).strip()


def _line(exc: BaseException) -> int:
    """Return the line of the template that `exc` comes from; Jinja writes it into the traceback."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(exc.__traceback__)
        if frame.filename == "<template>" and frame.lineno
    ]
    return lines[-1] if lines else 1


@lru_cache(maxsize=64)
def _compiled(text: str) -> Template:
    if len(text) > MAX_TEMPLATE:
        raise PersonaError(
            N_("The system prompt template is longer than {limit} characters."), limit=MAX_TEMPLATE
        )
    try:
        tree = _ENVIRONMENT.parse(text)
        _check(tree)
        return _ENVIRONMENT.from_string(tree)
    except TemplateSyntaxError as exc:
        raise _broken(exc) from exc
    except (RecursionError, SyntaxError, MemoryError) as exc:
        # Python itself refuses code that is nested too deeply.
        raise PersonaError(N_("The system prompt template is nested too deeply.")) from exc


_NOT_ALLOWED: Final = N_("System prompt template, line {line}: {what} is not allowed here.")
_BROKEN: Final = (
    (
        r"unexpected end of template|missing end of",
        N_("System prompt template, line {line}: something is opened here and never closed."),
    ),
    (
        r"unknown tag '(?P<what>end\w*|else|elif)'",
        N_("System prompt template, line {line}: {what} has no beginning."),
    ),
    (r"unknown tag '(?P<what>[^']*)'", _NOT_ALLOWED),
    (
        r"expected an expression",
        N_("System prompt template, line {line}: something is missing between the brackets."),
    ),
    (
        r"unexpected (?:char )?['\"](?P<what>[^'\"]|'|\")['\"]|got '(?P<word>[^']*)'",
        N_("System prompt template, line {line}: {what} is not expected here."),
    ),
)
"""What Jinja says of a template, and the sentence for it; what else it says is told as it is."""


def _broken(error: TemplateSyntaxError) -> PersonaError:
    """Return why a template cannot be read, in words of this program's own."""
    said = (error.message or "").rstrip(".")
    for pattern, sentence in _BROKEN:
        found = re.search(pattern, said, re.IGNORECASE)
        if found:
            parts = found.groupdict()
            what = parts.get("what") or parts.get("word") or ""
            return PersonaError(sentence, line=error.lineno, what=_END.sub("}}", what))
    template = N_("System prompt template, line {line}: {reason}.")
    return PersonaError(template, line=error.lineno, reason=said)


_END: Final = re.compile(r"^end of \w+ ?\w*$")
"""What Jinja calls the closing brackets."""


def _check(tree: nodes.Template) -> None:
    """Raise `PersonaError` where `tree` holds more than names, choices and plain filters."""
    for node in _walk(tree):
        if isinstance(node, nodes.Name) and node.name not in FIELDS:
            raise PersonaError(
                N_("System prompt template, line {line}: {name} is not known, only {fields} are."),
                line=node.lineno,
                name=node.name,
                fields=", ".join(FIELDS),
            )
        refused = _refused(node)
        if refused:
            raise PersonaError(_NOT_ALLOWED, line=node.lineno, what=refused)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


_WRITTEN: Final = {
    "For": "{% for %}",
    "Call": "(…)",
    "Getattr": ".…",
    "Add": "+",
    "Sub": "-",
    "Mul": "*",
    "Div": "/",
    "FloorDiv": "//",
    "Pow": "**",
    "Mod": "%",
    "Assign": "{% set %}",
    "Dict": "{…}",
}
"""How things are written that may not stand in a template."""


def _refused(node: nodes.Node) -> str:
    """Return what `node` is called when it may not stand in a template, or nothing."""
    match node:
        case nodes.Filter(name=name) if name not in _FILTERS:
            return f"|{name}"
        case nodes.Test(name=name) if name not in _TESTS:
            return f"is {name}"
        case nodes.Getitem(arg=part) if not isinstance(part, nodes.Slice):
            return "[...]"
        case _ if isinstance(node, _NODES):
            return ""
        case _:
            return _WRITTEN.get(type(node).__name__, type(node).__name__)


_ENVIRONMENT: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,
)
