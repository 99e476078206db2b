"""The derived columns of a conversation, computed again from its messages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, exists, func, or_, select, update

from curation.model import UNSPOKEN_KINDS, Decision, no_tick
from curation.store.rows import among
from curation.store.tables import conversation, finding, message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy import Connection

_IDS_AT_ONCE: Final = 500

RISK: Final[Mapping[str, float]] = MappingProxyType(
    {
        "CN_ID_CARD": 10.0,
        "BANK_CARD": 10.0,
        "PASSWORD": 10.0,
        "CRYPTO": 9.0,
        "IBAN_CODE": 9.0,
        "PASSPORT": 9.0,
        "CN_ADDRESS": 8.0,
        "PHONE_NUMBER": 8.0,
        "WECHAT_ID": 6.0,
        "QQ_NUMBER": 6.0,
        "EMAIL_ADDRESS": 6.0,
        "CUSTOM_TERM": 6.0,
        "LICENSE_PLATE": 5.0,
        "PERSON": 4.0,
        "IP_ADDRESS": 3.0,
        "MAC_ADDRESS": 3.0,
        "OTP_CODE": 2.0,
    }
)
"""How much harm a value of each entity can do outside, 1 to 10: what comes first in a list."""

_in_order = (message.c.position, message.c.id)
_here = message.c.conversation_id == conversation.c.id
_weight = case(
    *((finding.c.entity == entity, round(weight)) for entity, weight in RISK.items()), else_=1
)
_spoken = and_(message.c.deleted.is_(False), message.c.kind.not_in(sorted(UNSPOKEN_KINDS)))


def refresh(
    connection: Connection,
    conversation_ids: Collection[int],
    told: Callable[[int, int], None] = no_tick,
) -> None:
    """Bring length, turns, times, what is found and `edited` of conversations up to date.

    `told` is called with how many are done and how many there are.
    """
    ids = sorted(conversation_ids)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        told(start, len(ids))
        _refresh_some(connection, ids[start : start + _IDS_AT_ONCE])


def _refresh_some(connection: Connection, ids: list[int]) -> None:
    spoken = (
        select(
            message.c.conversation_id.label("owner"),
            message.c.side.label("side"),
            func.lag(message.c.side)
            .over(partition_by=message.c.conversation_id, order_by=_in_order)
            .label("before"),
        )
        .where(among(connection, message.c.conversation_id, ids), _spoken)
        .subquery()
    )
    length = select(func.count()).select_from(message).where(_here, _spoken).scalar_subquery()
    turns = (
        select(func.count())
        .select_from(spoken)
        .where(
            spoken.c.owner == conversation.c.id,
            or_(spoken.c.before.is_(None), spoken.c.before != spoken.c.side),
        )
        .scalar_subquery()
    )
    found = (
        select(func.count())
        .select_from(finding.join(message, message.c.id == finding.c.message_id))
        .where(_here, message.c.deleted.is_(False))
        .correlate(conversation)
    )
    undecided = found.where(finding.c.decision == Decision.PENDING.value)
    weights = undecided.with_only_columns(func.sum(_weight))
    connection.execute(
        update(conversation)
        .where(among(connection, conversation.c.id, ids))
        .values(
            length=length,
            turns=turns,
            started_at=select(func.min(message.c.time)).where(_here).scalar_subquery(),
            ended_at=select(func.max(message.c.time)).where(_here).scalar_subquery(),
            findings=found.scalar_subquery(),
            undecided=undecided.scalar_subquery(),
            risk=func.coalesce(weights.scalar_subquery(), 0),
            edited=or_(
                conversation.c.background != "",
                exists().where(
                    _here,
                    or_(
                        message.c.deleted,
                        message.c.added,
                        message.c.background != "",
                        message.c.edited_text.is_not(None),
                    ),
                ),
            ),
        )
    )
