"""What services answered, by what stands for the request: the same is never asked twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from curation.store.tables import model_answer

if TYPE_CHECKING:
    from curation.store.workspace import Workspace


def recall(workspace: Workspace, digest: str) -> str | None:
    """Return the answer to a request, None where none was kept."""
    with workspace.read() as connection:
        query = select(model_answer.c.answer).where(model_answer.c.digest == digest)
        return connection.scalar(query)


def keep(
    workspace: Workspace, digest: str, answer: str, *, model: str, tokens: tuple[int, int]
) -> None:
    """Keep the answer to a request in place of an older one; `tokens` it read and wrote."""
    with workspace.write() as connection:
        connection.execute(delete(model_answer).where(model_answer.c.digest == digest))
        connection.execute(
            insert(model_answer).values(
                digest=digest,
                model=model,
                answer=answer,
                tokens_in=tokens[0],
                tokens_out=tokens[1],
                at=int(time.time()),
            )
        )
