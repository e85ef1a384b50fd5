"""Hosts and their hours, calls that were booked, what was noted in them, and webhooks that came in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BOOKED = sa.text("state = 'booked'")


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "hosts",
        _text("user_id"),
        _text("time_zone"),
        sa.Column("hours", sa.JSON(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("buffer_minutes", "notice_hours", "horizon_days", "daily_maximum")
        ),
        _text("video_link"),
        sa.Column("taking", sa.Boolean(), nullable=False),
        _text("busy_url"),
        _at("busy_tried_at", nullable=True),
        _at("busy_read_at", nullable=True),
        _text("busy_error"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hosts_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_hosts")),
    )
    op.create_table(
        "days_off",
        _text("id"),
        _text("user_id"),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["hosts.user_id"], name=op.f("fk_days_off_user_id_hosts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_off")),
    )
    op.create_index(op.f("ix_days_off_user_id"), "days_off", ["user_id"])
    op.create_table(
        "busy_times",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("user_id"),
        _at("starts_at"),
        _at("ends_at"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["hosts.user_id"], name=op.f("fk_busy_times_user_id_hosts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    op.create_index(op.f("ix_busy_times_user_id"), "busy_times", ["user_id"])
    op.create_table(
        "bookings",
        _text("id"),
        _text("invitation_id"),
        sa.Column("host_id", sa.String(), nullable=True),
        _text("source"),
        _text("external_id"),
        _text("state"),
        _at("starts_at"),
        _at("ends_at"),
        *(_text(name) for name in ("time_zone", "language", "video_link", "uid")),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _at("created_at"),
        _at("changed_at"),
        _text("cancelled_by"),
        _text("recording"),
        _at("recording_at", nullable=True),
        _text("closed_by"),
        _at("closed_at", nullable=True),
        _text("interview_id"),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_bookings_invitation_id_invitations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["host_id"], ["users.id"], name=op.f("fk_bookings_host_id_users"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_bookings_source_external_id")),
    )
    for column in ("invitation_id", "host_id", "starts_at"):
        op.create_index(op.f(f"ix_bookings_{column}"), "bookings", [column])
    for name, columns in (
        ("uq_bookings_host", ["host_id", "starts_at"]),
        ("uq_bookings_invitation", ["invitation_id"]),
    ):
        op.create_index(name, "bookings", columns, unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED)
    op.create_table(
        "call_notes",
        _text("booking_id"),
        _text("topic"),
        _text("text"),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("changed_at"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_call_notes_booking_id_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", "topic", name=op.f("pk_call_notes")),
    )
    op.create_table(
        "external_calls",
        _text("source"),
        _text("external_id"),
        sa.Column("invitation_id", sa.String(), nullable=True),
        _text("replaces"),
        *(_at(name, nullable=True) for name in ("starts_at", "ends_at", "told_at")),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        _text("time_zone"),
        _text("video_link"),
        _at("at"),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_external_calls_invitation_id_invitations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source", "external_id", name=op.f("pk_external_calls")),
    )
    for column in ("invitation_id", "replaces", "at"):
        op.create_index(op.f(f"ix_external_calls_{column}"), "external_calls", [column])
    op.create_table(
        "received_webhooks",
        _text("source"),
        _text("digest"),
        _at("at"),
        sa.PrimaryKeyConstraint("source", "digest", name=op.f("pk_received_webhooks")),
    )
    op.create_index(op.f("ix_received_webhooks_at"), "received_webhooks", ["at"])
    op.create_table(
        "hypotheses",
        _text("flow"),
        _text("text"),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("changed_at"),
        sa.PrimaryKeyConstraint("flow", name=op.f("pk_hypotheses")),
    )
