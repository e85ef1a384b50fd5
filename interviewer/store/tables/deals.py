"""The CRM's view of a deal. Kept apart: the interviewer's side may not import this (blind by construction)."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import required_moment


class DealRow(SQLModel, table=True):
    """What the CRM and the rep say, by invitation (domain.md: categories, drivers, three competitor roles)."""

    __tablename__ = "deals"

    invitation_id: str = Field(primary_key=True, foreign_key="invitations.id", ondelete="CASCADE")
    deal_id: str = Field(default="", index=True)
    company: str = ""
    amount: float | None = None
    currency: str = ""
    closed_on: date | None = None
    owner: str = ""
    rep_reason: str = ""
    rep_competitor: str = ""
    reason_category: str = ""
    reason_driver: str = ""
    reason_explanation: str = ""
    primary_competitor: str = ""
    incumbent: str = ""
    selected_competitor: str = ""
    updated_at: datetime = required_moment()


class HypothesisRow(SQLModel, table=True):
    """What the team expects to hear from deals of one flow. People read it before a call, the interviewer never."""

    __tablename__ = "hypotheses"

    flow: str = Field(primary_key=True)
    text: str = ""
    version: int = 1
    changed_at: datetime = required_moment()
