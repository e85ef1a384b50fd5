"""Mark invitations that are only a preview of a flow."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the server's: a process of the release before may still add invitations.
    with op.batch_alter_table("invitations") as table:
        table.add_column(sa.Column("preview", sa.Boolean(), server_default=sa.false(), nullable=False))
