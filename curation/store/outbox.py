"""The last committed number of each screen, so that a repeated action does nothing twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from curation.store.tables import outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

_REFUSALS_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Refused:
    """An action that was answered with no: its number, record, and the reason's template."""

    number: int
    conversation_id: int
    template: str
    values: dict[str, Any]


def last_number(connection: Connection, client: str) -> int:
    """Return the number of the last action of `client` that was answered, 0 for none."""
    return connection.scalar(select(outbox.c.number).where(outbox.c.client == client)) or 0


def refusals(connection: Connection, client: str) -> list[Refused]:
    """Return the refused actions of `client` that it was not yet seen to know of, oldest first."""
    text = connection.scalar(select(outbox.c.refused).where(outbox.c.client == client))
    return [
        Refused(row["n"], row["id"], row["template"], row["values"])
        for row in json.loads(text or "[]")
    ]


def answer(connection: Connection, client: str, number: int, refused: list[Refused]) -> None:
    """Remember that `client` is answered up to `number`, and what was refused to it."""
    kept = [
        {
            "n": each.number,
            "id": each.conversation_id,
            "template": each.template,
            "values": each.values,
        }
        for each in refused[-_REFUSALS_KEPT:]
    ]
    connection.execute(delete(outbox).where(outbox.c.client == client))
    connection.execute(
        insert(outbox).values(
            client=client, number=number, refused=json.dumps(kept, ensure_ascii=False)
        )
    )
