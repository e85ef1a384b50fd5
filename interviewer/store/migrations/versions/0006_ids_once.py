"""Ids that people's decisions name are given once: SQLite must not give a deleted one to something else.

SQLite alone: PostgreSQL's sequences never go back. A primary key becomes AUTOINCREMENT only by making its table anew;
none of these has a trigger.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("quotes", "tags", "statements", "changes", "redactions", "releases")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
