"""Company accounts of users, how sessions came about, when users were last seen, and what works once."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _later(name: str) -> sa.Column[str]:
    """Rows that a process of the old version adds have it empty."""
    return sa.Column(name, sa.String(), nullable=False, server_default=_EMPTY)


def upgrade() -> None:
    with op.batch_alter_table("users") as table:
        table.add_column(_later("role_from"))
        table.add_column(_later("disabled_by"))
        table.add_column(_at("last_seen_at", nullable=True))
    with op.batch_alter_table("sessions") as table:
        table.add_column(_later("way"))
        table.add_column(_later("provider_session"))
        table.add_column(_later("browser"))
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        _at("created_at"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_identities_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "user_id", name=op.f("uq_identities_issuer_user_id")),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"])
    op.create_table(
        "used_once",
        sa.Column("digest", sa.String(), nullable=False),
        _at("expires_at"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_once")),
    )
