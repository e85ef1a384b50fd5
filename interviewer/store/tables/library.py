"""What the library filters by, taken from the evidence so that counting is quick. Made anew by `store.search.index`."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class MentionRow(SQLModel, table=True):
    """A theme on a quote that stands: a tag that nobody rejected."""

    __tablename__ = "mentions"
    __table_args__ = (
        Index(None, "theme", "interview_id"),
        Index(None, "subject_key", "interview_id"),
        Index(None, "polarity", "interview_id"),
    )

    tag_id: int = Field(primary_key=True, foreign_key="tags.id", ondelete="CASCADE")
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    quote_id: int = Field(foreign_key="quotes.id", ondelete="CASCADE", index=True)
    theme: str
    subject: str
    subject_key: str
    """Folded: what is written in several ways counts as one."""
    polarity: str


class RivalRow(SQLModel, table=True):
    """A competitor that the buyer named."""

    __tablename__ = "rivals"
    __table_args__ = (Index(None, "key", "interview_id"),)

    interview_id: str = Field(primary_key=True, foreign_key="interviews.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    """Folded."""
    name: str


class HoldingRow(SQLModel, table=True):
    """How many documents of each kind there are of an interview, so that nobody has to count them."""

    __tablename__ = "holdings"

    interview_id: str = Field(primary_key=True, foreign_key="interviews.id", ondelete="CASCADE")
    quotes: int
    statements: int
    answers: int
