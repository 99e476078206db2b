"""Several personas, each with what was saved of it; the one there was becomes the first."""

from __future__ import annotations

import json
import time
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXTS: Final = (
    *("name", "gender", "age_band", "personality", "occupation", "interests", "mbti"),
    *("catch_phrases", "speaking_style", "taboos", "system_prompt"),
)
SETTING: Final = "persona"


def upgrade() -> None:
    """Bring the tables to this revision."""
    persona = op.create_table(
        "persona",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in TEXTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persona")),
        sqlite_autoincrement=True,
    )
    version = op.create_table(
        "persona_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.String(length=64), server_default="", nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_persona_version_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persona_version")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_persona_version_persona_id", "persona_version", ["persona_id"])
    held = _held()
    texts = {name: held[name] for name in TEXTS if isinstance(held.get(name), str)}
    if not any(texts.values()):
        return
    connection = op.get_bind()
    number = connection.execute(
        sa.insert(persona).values(active=True, **texts).returning(persona.c.id)
    ).scalar_one()
    whole = dict.fromkeys(TEXTS, "") | texts
    connection.execute(
        sa.insert(version).values(
            persona_id=number, at=int(time.time()), content=json.dumps(whole, ensure_ascii=False)
        )
    )
    _keep({"relations": held.get("relations", {})})


def downgrade() -> None:
    """Take this revision back; of several personas the one that is exported stays."""
    connection = op.get_bind()
    persona = sa.table("persona", sa.column("active"), *(sa.column(name) for name in TEXTS))
    row = connection.execute(sa.select(persona).where(persona.c.active)).mappings().first()
    if row is not None:
        _keep({**_held(), **{name: row[name] for name in TEXTS}})
    op.drop_index("ix_persona_version_persona_id", table_name="persona_version")
    op.drop_table("persona_version")
    op.drop_table("persona")


_setting: Final = sa.table("setting", sa.column("key"), sa.column("value"))


def _held() -> dict[str, Any]:
    text = (
        op.get_bind()
        .execute(sa.select(_setting.c.value).where(_setting.c.key == SETTING))
        .scalar_one_or_none()
    )
    held = None if text is None else json.loads(text)
    return held if isinstance(held, dict) else {}


def _keep(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False)
    connection = op.get_bind()
    connection.execute(sa.delete(_setting).where(_setting.c.key == SETTING))
    connection.execute(sa.insert(_setting).values(key=SETTING, value=text))
