"""Run by Alembic for every command. The connection, and any lock on it, come from `store/migrate.py`.

`alembic revision --autogenerate` in a checkout works on the database of `INTERVIEWER_DATABASE_URL`.
"""

import os

from alembic import context
from sqlalchemy import Connection

from interviewer.store import migrate


def run(connection: Connection) -> None:
    context.configure(connection=connection, **migrate.OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrate.locked(os.environ["INTERVIEWER_DATABASE_URL"]) as connection:
        run(connection)
