"""What may go back to the CRM of a deal whose buyer agreed to it: fields, never words (trust.md 1). Pure."""

from collections.abc import Iterator

from interviewer import bodies, records
from interviewer.evidence import Review
from interviewer.folding import fold
from interviewer.masks import BAR
from interviewer.records.outward import Correction

_COMPETITORS = {
    "primary_competitor": bodies.CompetitorRole.PRIMARY,
    "incumbent": bodies.CompetitorRole.INCUMBENT,
    "selected_competitor": bodies.CompetitorRole.SELECTED,
}
_LABELS = {
    "reason_category": "Reason, category",
    "reason_driver": "Reason, driver",
    "primary_competitor": "Closest rival",
    "incumbent": "Before",
    "selected_competitor": "Chosen",
}
_LONGEST = 80
"""Characters: what is longer is a sentence, not a field."""


def of(interview: records.Interview) -> Iterator[Correction]:
    """A line for each field that the buyer said something of; nothing where the buyer has not agreed, or no person
    has reviewed the interview. What the analysis brought since then waits until somebody confirms it."""
    if interview.crm_consent is not True or interview.reviewed_at is None:
        return
    deal = interview.deal
    for field, said in _said(interview):
        if not _is_field(interview, said):
            continue
        logged = getattr(deal, field) if deal else ""
        topic = "reason" if field.startswith("reason") else field
        yield Correction(
            deal_id=deal.deal_id if deal else "",
            closed_on=deal.closed_on if deal else None,
            field=field,
            label=_LABELS[field],
            crm=logged,
            buyer=said,
            contradicts=any(one.field == topic and one.source in {"crm", "both"} for one in interview.contradictions),
            reviewed=interview.reviewed_at is not None,
            amount=deal.amount if deal else None,
            currency=deal.currency if deal else "",
            interview_id=interview.interview_id,
            company=interview.head.company,
        )


def _said(interview: records.Interview) -> Iterator[tuple[str, str]]:
    drivers = [one for one in interview.drivers if _stands(interview, "drivers", one.statement)]
    if drivers:
        yield "reason_category", drivers[0].category
        yield "reason_driver", drivers[0].driver
    rivals = [one for one in interview.competitors if _stands(interview, "competitors", one.statement)]
    for field, role in _COMPETITORS.items():
        names = [one.name for one in rivals if one.role == role]
        if names:
            yield field, ", ".join(names)


def _stands(interview: records.Interview, step: str, said: records.Statement) -> bool:
    """Whether a person confirmed it, or left it standing at the review: not where a later run brought something."""
    reviewed = interview.reviewed_at
    later = any(fold(one.name) == step and one.added and reviewed and one.at >= reviewed for one in interview.steps)
    return said.review == Review.CONFIRMED or not later


def _is_field(interview: records.Interview, said: str) -> bool:
    """Whether this is a short name that does not say who the buyer is, and nothing of it is redacted."""
    head, folded = interview.head, fold(said)
    if BAR in said:
        return False
    telling = [fold(part) for part in (head.company, head.name, head.email) if part]
    return len(said) <= _LONGEST and not any(part in folded for part in telling)
