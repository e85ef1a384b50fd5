"""What a model was given and gave outside of interviews, whose turns keep their own count."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import required_moment


class SpendingRow(SQLModel, table=True):
    """Tokens of one piece of work."""

    __tablename__ = "spending"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = required_moment(index=True)
    use: str
    """`analysis` or `library`."""
    tokens: int
