"""What every table shares: names for constraints (Alembic's batch mode needs them) and short column makers."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from interviewer.store.types import UtcDateTime

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

GIVEN_ONCE = {"sqlite_autoincrement": True}
"""Of a table whose ids are named by pages and by the ledger of changes: SQLite gives a deleted one to the next row
otherwise, and a decision would hit something that nobody looked at."""


def moment(**more: Any) -> Any:
    """A UTC moment that may be empty."""
    return Field(default=None, sa_type=UtcDateTime, nullable=True, **more)


def required_moment(**more: Any) -> Any:
    """A UTC moment that is always set."""
    return Field(sa_type=UtcDateTime, nullable=False, **more)


def data(default: Any = None) -> Any:
    """A JSON value."""
    if default is None:
        return Field(default=None, sa_type=JSON, nullable=True)
    return Field(default_factory=lambda: default.copy(), sa_type=JSON, nullable=False)
