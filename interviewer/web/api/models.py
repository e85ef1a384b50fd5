"""The shapes that the API answers with, made of what a key may see and nothing else (trust.md 48)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from interviewer import bodies
from interviewer.confidentiality import Seen
from interviewer.exports.json_document import statements

T = TypeVar("T")
_Seen = Seen[Any]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wrong(_Shape):
    where: str
    what: str


class Problem(_Shape):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[Wrong] = []


class Page(_Shape, Generic[T]):
    items: list[T]
    next: str | None
    """The `cursor` of the page that follows; null at the end."""


class Tag(_Shape):
    theme: str
    subject: str
    polarity: str
    scope: str
    horizon: str
    review: str = Field(description="Empty: suggested by the analysis. `confirmed`: by a person.")
    made_by: str


class Quote(_Shape):
    """Words of a buyer. What was redacted is under bars."""

    id: int
    interview: str
    turn: int
    start: int
    end: int
    text: str
    noted: bool = Field(description="Cut from somebody's notes of a call: not the buyer's own words.")
    at: datetime | None
    tags: list[Tag]
    released_to: list[str]
    page: str = Field(description="The quote in its turn, at the desk.")

    @classmethod
    def of(cls, base_url: str, interview: _Seen, quote: _Seen) -> Self:
        return cls(
            id=quote.id,
            interview=interview.interview_id,
            turn=quote.turn,
            start=quote.start,
            end=quote.end,
            text=quote.text,
            noted=quote.noted,
            at=quote.at,
            tags=[Tag(**{name: getattr(tag, name) for name in Tag.model_fields}) for tag in quote.tags],
            released_to=[release.audience for release in quote.releases],
            page=f"{_page(base_url, interview)}#q{quote.id}",
        )


class Statement(_Shape):
    """A sentence of the analysis, with the quotes that it rests on."""

    id: int
    interview: str
    kind: str
    text: str
    body: dict[str, str | int | None] = Field(description="What it says, as fields; empty for plain sentences.")
    review: str
    made_by: str
    quotes: list[int]

    @classmethod
    def every(cls, interview: _Seen) -> list[Self]:
        """All of one interview, in the order of their ids."""
        made = [
            cls(
                id=one.id,
                interview=interview.interview_id,
                kind=one.kind,
                text=one.text,
                body=bodies.as_values(body),
                review=one.review,
                made_by=one.made_by,
                quotes=[quote.id for quote in one.quotes],
            )
            for one, body in statements(interview)
        ]
        return sorted(made, key=lambda one: one.id)


class Interview(_Shape):
    id: str
    page: str = Field(description="The interview at the desk.")
    flow: str
    outcome: str
    mode: str = Field(description="`ai`, or `human` for a call that was brought in.")
    language: str
    status: str
    company: str
    name: str
    email: str
    role: str
    product: str
    segment: str
    started_at: datetime | None
    ended_at: datetime | None
    answered: int
    topics: int
    headline: str
    quotes: int
    reviewed_at: datetime | None
    reviewed_by: str

    @classmethod
    def of(cls, base_url: str, seen: _Seen) -> Self:
        return cls(**_interview(base_url, seen))


class Turn(_Shape):
    number: int
    speaker: str
    kind: str
    topic: str
    text: str
    at: datetime | None
    removed: bool


class WholeInterview(Interview):
    """One interview with all that was said and all that was made of it."""

    crm_consent: bool | None
    turns: list[Turn]
    statements: list[Statement]
    evidence: list[Quote]

    @classmethod
    def of(cls, base_url: str, seen: _Seen) -> Self:
        return cls(
            **_interview(base_url, seen),
            crm_consent=seen.crm_consent,
            turns=[_turn(exchange) for exchange in seen.exchanges if not exchange.pending],
            statements=Statement.every(seen),
            evidence=[Quote.of(base_url, seen, quote) for quote in seen.quotes],
        )


class Side(_Shape):
    """One field of a deal, as the CRM, the rep and the buyer have it; empty where nothing was said."""

    field: str
    crm: str
    rep: str
    buyer: str
    contradicts: bool
    quotes: list[int]


class Deal(_Shape):
    interview: str
    company: str
    flow: str
    outcome: str
    deal_id: str
    amount: float | None
    currency: str
    closed_on: date | None
    owner: str
    crm_consent: bool | None = Field(description="Whether the buyer agreed that the reason goes back to the CRM.")
    sides: list[Side]

    @classmethod
    def of(cls, seen: _Seen) -> Self:
        deal, head = seen.deal, seen.head
        return cls(
            interview=seen.interview_id,
            company=head.company,
            flow=head.flow,
            outcome=head.outcome,
            deal_id=deal.deal_id if deal else "",
            amount=deal.amount if deal else None,
            currency=deal.currency if deal else "",
            closed_on=deal.closed_on if deal else None,
            owner=deal.owner if deal else "",
            crm_consent=seen.crm_consent,
            sides=[
                Side(
                    **{name: getattr(view, name) for name in ("field", "crm", "rep", "buyer", "contradicts")},
                    quotes=[quote.id for quote in view.quotes],
                )
                for view in seen.views
            ],
        )


class Correction(_Shape):
    """A field of a deal whose buyer agreed that it goes back to the CRM."""

    deal_id: str
    closed_on: date | None
    field: str
    crm: str
    buyer: str
    contradicts: bool
    reviewed: bool
    amount: float | None
    currency: str

    @classmethod
    def of(cls, seen: _Seen) -> Self:
        return cls(**{name: getattr(seen, name) for name in cls.model_fields})


class Released(_Shape):
    """A statement that product marketing let a team read."""

    id: int
    audience: str
    text: str
    paraphrase: bool
    themes: list[str]
    subject: str
    polarity: str
    outcome: str
    quarter: str
    amount: float | None = Field(description="Null too where this key's role does not see it.")
    currency: str
    segment: str

    @classmethod
    def of(cls, seen: _Seen) -> Self:
        values = {name: getattr(seen, name) for name in cls.model_fields}
        hidden = {"amount": seen.amount or None, "currency": str(seen.currency), "segment": str(seen.segment)}
        return cls(**values | hidden)


def _page(base_url: str, seen: _Seen) -> str:
    return f"{base_url.rstrip('/')}/desk/interviews/{seen.head.id}"


def _interview(base_url: str, seen: _Seen) -> dict[str, Any]:
    head = seen.head
    of_head = ("flow", "outcome", "language", "status", "company", "name", "email", "role", "answered", "topics")
    of_interview = ("mode", "product", "segment", "started_at", "ended_at", "reviewed_at", "reviewed_by")
    return {
        "id": seen.interview_id,
        "page": _page(base_url, seen),
        **{name: getattr(head, name) for name in of_head},
        **{name: getattr(seen, name) for name in of_interview},
        "headline": head.headline,
        "quotes": len(seen.quotes),
    }


def _turn(exchange: _Seen) -> Turn:
    return Turn(
        number=exchange.number,
        speaker="buyer" if exchange.buyer else "interviewer",
        kind=exchange.kind,
        topic=exchange.topic,
        text="" if exchange.removed else "".join(part.text for part in exchange.segments),
        at=exchange.at,
        removed=exchange.removed,
    )
