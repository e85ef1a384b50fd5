"""How far the own calendar of a host was read: whether they are taken after that is not known."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_HOSTS = sa.table(
    "hosts",
    sa.column("user_id", sa.String()),
    sa.column("horizon_days", sa.Integer()),
    sa.column("busy_read_at", sa.DateTime(timezone=True)),
    sa.column("busy_until", sa.DateTime(timezone=True)),
)
_BEYOND = timedelta(days=1)
"""Of the days that buyers see, so far calendars were read."""


def upgrade() -> None:
    op.add_column("hosts", sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    read = sa.select(_HOSTS).where(_HOSTS.c.busy_read_at.is_not(None))
    for host in connection.execute(read).all():
        until = host.busy_read_at + timedelta(days=host.horizon_days) + _BEYOND
        connection.execute(sa.update(_HOSTS).where(_HOSTS.c.user_id == host.user_id).values(busy_until=until))
