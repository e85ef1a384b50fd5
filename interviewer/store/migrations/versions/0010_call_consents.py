"""What each attendee of a call said to being recorded, when, and who asked; until now one answer was kept of a call."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_consents",
        sa.Column("booking_id", sa.String(), nullable=False),
        sa.Column("attendee", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_call_consents_booking_id_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", "attendee", name=op.f("pk_call_consents")),
    )
    op.execute(
        "INSERT INTO call_consents (booking_id, attendee, answer, asked_by, at) "
        "SELECT id, '', recording, '', recording_at FROM bookings WHERE recording != '' AND recording_at IS NOT NULL"
    )
