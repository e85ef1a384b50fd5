"""Ids that people's decisions name are given once: SQLite must not give a deleted one to something else.

SQLite alone: PostgreSQL's sequences never go back. A primary key becomes AUTOINCREMENT only by making its table anew;
none of these has a trigger.
"""

import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("quotes", "tags", "statements", "changes", "redactions", "releases")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
    # It counts on from what is left; the ledger may still name more, which was deleted since.
    for table, highest in _named(connection).items():
        left = connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table))) or 0
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
            {"name": table, "seq": max(left, highest)},
        )


def _named(connection: sa.Connection) -> dict[str, int]:
    """The highest id of each table that the ledger of changes names."""
    found: dict[str, int] = defaultdict(int)
    for (rows,) in connection.execute(sa.text("SELECT rows FROM changes")):
        for entry in json.loads(rows):
            if entry["table"] in TABLES and isinstance(entry["id"][0], int):
                found[entry["table"]] = max(found[entry["table"]], entry["id"][0])
    return found
