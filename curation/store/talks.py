"""Talks with tuned models: kept as they go, apart from the dataset.

What is said is no action: it is in no journal. That a talk is named or deleted is one, and can be
undone.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, or_, select, update

from curation.errors import N_, ActionRefusedError
from curation.store.tables import conversation, talk, talk_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from curation.store import journal

USER: Final = "user"
ASSISTANT: Final = "assistant"
_GONE: Final = N_("This talk is no longer there.")


@dataclass(frozen=True, slots=True)
class TalkHead:
    """A talk without what was said: its name, with which model, as whom, and when (UTC seconds).

    `persona` None is the one that is exported. `closed` says that the service ended it. `lines` is
    how much was said, `opening` how it began.
    """

    id: int
    name: str = ""
    model: str = ""
    persona: int | None = None
    partner: str = ""
    closed: bool = False
    changed_at: int = 0
    lines: int = 0
    opening: str = ""


@dataclass(frozen=True, slots=True)
class TalkLine:
    """What was said once: by the person as `user`, or by the model at `host` as `assistant`.

    `problem` is a sentence of the catalogue and its values, where the answer did not come as it
    should. `corrected` is what the model should have said. `kept_in` is the conversation that was
    made of it, None where there is none or it is gone; what was corrected counts only with it.
    """

    id: int
    role: str
    text: str
    thought: str = ""
    model: str = ""
    host: str = ""
    problem: tuple[str, Mapping[str, Any]] | None = None
    corrected: str = ""
    kept_in: int | None = None
    at: int = field(default=0, compare=False)

    @property
    def said(self) -> str:
        """What counts: the correction, where there is one."""
        return self.corrected or self.text


def add(
    connection: Connection, *, model: str = "", persona: int | None = None, partner: str = ""
) -> int:
    """Begin a talk; return its id."""
    now = int(time.time())
    values = {"model": model, "persona_id": persona, "partner": partner}
    query = insert(talk).values(at=now, changed_at=now, **values).returning(talk.c.id)
    return int(connection.execute(query).scalar_one())


def heads(connection: Connection) -> list[TalkHead]:
    """Return all talks, the one in which something was said last first."""
    first = (
        select(
            talk_line.c.talk_id, func.min(talk_line.c.id).label("first"), func.count().label("n")
        )
        .group_by(talk_line.c.talk_id)
        .subquery()
    )
    rows = connection.execute(
        select(talk, first.c.n, talk_line.c.text)
        .outerjoin(first, first.c.talk_id == talk.c.id)
        .outerjoin(talk_line, talk_line.c.id == first.c.first)
        .order_by(talk.c.changed_at.desc(), talk.c.id.desc())
    )
    return [
        TalkHead(
            row.id,
            row.name,
            row.model,
            row.persona_id,
            row.partner,
            row.closed,
            row.changed_at,
            row.n or 0,
            row.text or "",
        )
        for row in rows
    ]


def lines(connection: Connection, number: int) -> list[TalkLine]:
    """Return what was said in a talk, in order; none where it is gone."""
    rows = connection.execute(
        select(talk_line, conversation.c.id.label("there"))
        .outerjoin(conversation, conversation.c.id == talk_line.c.kept_in)
        .where(talk_line.c.talk_id == number)
        .order_by(talk_line.c.id)
    )
    return [
        TalkLine(
            row.id,
            row.role,
            row.text,
            row.thought,
            row.model,
            row.host,
            tuple(json.loads(row.problem)) if row.problem else None,
            row.corrected if row.there is not None else "",
            row.there,
            row.at,
        )
        for row in rows
    ]


def say(
    connection: Connection,
    number: int,
    role: str,
    text: str,
    *,
    thought: str = "",
    model: str = "",
    host: str = "",
    problem: tuple[str, Mapping[str, Any]] | None = None,
    closed: bool = False,
) -> int | None:
    """Add what was said to a talk; return its id, None where the talk is gone."""
    now = int(time.time())
    more: dict[str, Any] = {"closed": True} if closed else {}
    query = update(talk).where(talk.c.id == number).values(changed_at=now, **more)
    if not connection.execute(query).rowcount:
        return None
    told = {"thought": thought, "model": model, "host": host}
    return int(
        connection.execute(
            insert(talk_line)
            .values(
                talk_id=number,
                role=role,
                text=text,
                problem="" if problem is None else json.dumps(problem, ensure_ascii=False),
                at=now,
                **told,
            )
            .returning(talk_line.c.id)
        ).scalar_one()
    )


def unsay(connection: Connection, number: int, line: int) -> None:
    """Take back what was said last in a talk: it is to be said anew."""
    last = select(func.max(talk_line.c.id)).where(talk_line.c.talk_id == number)
    if connection.scalar(last) == line:
        connection.execute(delete(talk_line).where(talk_line.c.id == line))


def keep_in(connection: Connection, line: int, conversation_id: int, corrected: str) -> None:
    """Note which conversation was made of a line, and what it should have said there.

    ActionRefusedError where one was made of it already that is still there, or it is gone.
    """
    values = {"kept_in": conversation_id, "corrected": corrected}
    free = or_(talk_line.c.kept_in.is_(None), talk_line.c.kept_in.not_in(select(conversation.c.id)))
    query = update(talk_line).where(talk_line.c.id == line, free).values(**values)
    if connection.execute(query).rowcount:
        return
    if connection.scalar(select(talk_line.c.id).where(talk_line.c.id == line)) is None:
        raise ActionRefusedError(N_("This answer is no longer there."))
    raise ActionRefusedError(N_("This answer is in the dataset already."))


def change(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of a talk; ActionRefusedError where it is gone."""
    query = update(talk).where(talk.c.id == number).values(**values)
    if not connection.execute(query).rowcount:
        raise ActionRefusedError(_GONE)


def rename(recorder: journal.Recorder, number: int, name: str) -> None:
    """Call a talk otherwise; ActionRefusedError where it is gone."""
    if recorder.connection.scalar(select(talk.c.id).where(talk.c.id == number)) is None:
        raise ActionRefusedError(_GONE)
    recorder.update(talk, talk.c.id == number, name=name)


def remove(recorder: journal.Recorder, number: int) -> None:
    """Delete a talk with all that was said in it."""
    recorder.delete(talk_line, talk_line.c.talk_id == number)
    recorder.delete(talk, talk.c.id == number)
