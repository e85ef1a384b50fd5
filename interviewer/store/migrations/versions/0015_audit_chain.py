"""The audit log becomes a chain of digests, and interviews keep which promise was shown and whether it was taken back.

Rows that are there get their places in the order in which they came.
"""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_BATCH = 1000


def upgrade() -> None:
    with op.batch_alter_table("audit") as table:
        table.add_column(sa.Column("position", sa.Integer(), nullable=True))
        table.add_column(sa.Column("previous", sa.String(), nullable=False, server_default=_EMPTY))
        table.add_column(sa.Column("digest", sa.String(), nullable=False, server_default=_EMPTY))
    op.create_table(
        "audit_anchors",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_anchors")),
    )
    _chain(op.get_bind())
    op.create_index(op.f("ix_audit_position"), "audit", ["position"], unique=True)
    with op.batch_alter_table("interviews") as table:
        table.add_column(sa.Column("promise_version", sa.String(), nullable=False, server_default=_EMPTY))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def _chain(connection: sa.Connection) -> None:
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer),
        sa.column("at", sa.DateTime(timezone=True)),
        *(sa.column(name, sa.String) for name in ("user_id", "verb", "object", "previous", "digest")),
        sa.column("position", sa.Integer),
    )
    told = sa.select(audit.c.id, audit.c.at, audit.c.user_id, audit.c.verb, audit.c.object).order_by(audit.c.id)
    change = (
        sa.update(audit)
        .where(audit.c.id == sa.bindparam("row"))
        .values(position=sa.bindparam("place"), previous=sa.bindparam("before"), digest=sa.bindparam("own"))
    )
    after, place, before = -1, 0, ""
    while rows := connection.execute(told.where(audit.c.id > after).limit(_BATCH)).all():
        changes = []
        for row in rows:
            place += 1
            own = _digest([place, _moment(row.at), row.user_id, row.verb, row.object, before])
            changes.append({"row": row.id, "place": place, "before": before, "own": own})
            before = own
        connection.execute(change, changes)
        after = rows[-1].id


def _moment(at: datetime) -> str:
    """SQLite gives what was written in UTC without saying so."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


def _digest(told: list[object]) -> str:
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
