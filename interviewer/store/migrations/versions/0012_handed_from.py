"""Who held a call before it was handed on: its buyer is told who comes instead of whom."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("handed_from", sa.String(), nullable=False, server_default=sa.text("''")))
