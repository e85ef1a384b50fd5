"""Which call a turn was said in: an invitation may come to have several, and each replaces its own turns alone."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("booking_id", sa.String(), nullable=False, server_default=sa.text("''")))
    op.execute(
        "UPDATE turns SET booking_id = COALESCE((SELECT bookings.id FROM bookings "
        "WHERE bookings.interview_id = turns.interview_id ORDER BY bookings.starts_at DESC LIMIT 1), '') "
        "WHERE turns.source = 'call'"
    )
