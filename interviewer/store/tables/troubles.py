"""What went wrong last, for the page that says how the installation does."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import required_moment


class TroubleRow(SQLModel, table=True):
    """The last trouble with one thing, whichever process had it. Words of ours: no content, no address."""

    __tablename__ = "troubles"

    subject: str = Field(primary_key=True)
    """`model`."""
    words: str
    at: datetime = required_moment()
