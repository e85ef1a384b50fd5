"""What the source of an interview calls it, and how much of its times is known."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("interviews") as table:
        table.add_column(sa.Column("source_name", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("times", sa.String(), server_default=sa.text("''"), nullable=False))
