"""Records as rows: the columns of each export, and how a record fills them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from interviewer.confidentiality import Seen
from interviewer.exports.base import About, Cell, What

_Seen = Seen[Any]
_Row = dict[str, Cell]

WIDE = frozenset({"headline", "surprise", "phrase", "gap", "decided", "why", "versus", "summary", "words", "text"})
"""Columns of sentences."""
_NARROW = frozenset(
    {"turn", "answered", "topics", "seconds", "quotes", "contradictions", "language", "mode", "currency"}
)
_SOURCES = MappingProxyType({"crm": "crm says", "rep": "rep says", "both": "crm and rep say"})


@dataclass(frozen=True)
class Sheet:
    columns: tuple[str, ...]
    fill: Callable[[About, _Seen], Iterable[_Row]]

    def rows(self, about: About, record: _Seen) -> Iterator[tuple[Cell, ...]]:
        """The rows of one record, in the order of `columns`. Raises KeyError for a column that is not filled."""
        for row in self.fill(about, record):
            yield tuple(row[column] for column in self.columns)


def _one(interview: _Seen) -> _Row:
    """What every row says of the interview that it comes from."""
    head = interview.head
    return {
        "interview": interview.interview_id,
        "source_id": interview.source_id,
        "flow": head.flow,
        "outcome": head.outcome,
        "mode": interview.mode,
        "language": head.language,
        "company": head.company,
        "role": head.role,
        "ended_at": interview.ended_at,
        "reviewed_at": interview.reviewed_at,
    }


def _interview(about: About, interview: _Seen) -> Iterator[_Row]:
    head, deal = interview.head, interview.deal
    said = {one.kind: one.text for one in (*interview.notes, *interview.answers)}
    drivers = list(interview.drivers)
    yield {
        **_one(interview),
        "status": head.status,
        "name": head.name,
        "email": head.email,
        "product": interview.product,
        "segment": interview.segment,
        "conducted_by": interview.conducted_by,
        "started_at": interview.started_at,
        "ended_by": interview.ended_by,
        "answered": head.answered,
        "topics": head.topics,
        "seconds": head.seconds,
        "headline": head.headline,
        **{kind: said.get(kind, "") for kind in ("surprise", "phrase", "gap", "decided", "why", "versus")},
        "summary": " ".join(one.text for one in interview.summary),
        "top_driver": drivers[0].driver if drivers else "",
        "top_driver_category": drivers[0].category if drivers else "",
        "top_driver_share": drivers[0].share if drivers else None,
        "drivers": _drivers(interview),
        **_rivals(interview),
        "considered": _named(interview, "considered"),
        "mood": interview.story.mood,
        "trigger": _text(interview.story.trigger),
        "stalled": _text(interview.story.stalled),
        "contradictions": len(interview.contradictions),
        "quotes": len(interview.quotes),
        "amount": deal.amount if deal else None,
        "currency": deal.currency if deal else "",
        "reviewed_by": interview.reviewed_by,
        "page": page(about, interview),
    }


def _quotes(about: About, interview: _Seen) -> Iterator[_Row]:
    for quote in interview.quotes:
        for tag in quote.tags or (None,):
            yield {
                **_one(interview),
                "quote": quote.id,
                "turn": quote.turn,
                "at": quote.at,
                "words": quote.text,
                "as_noted": quote.noted,
                **{
                    name: getattr(tag, name) if tag else ""
                    for name in ("theme", "subject", "polarity", "scope", "horizon", "review", "made_by")
                },
                "released_to": ", ".join(release.audience for release in quote.releases),
                "link": f"{page(about, interview)}#q{quote.id}",
            }


_DEAL = ("deal_id", "amount", "currency", "closed_on", "owner")
_CRM = ("reason_category", "reason_driver", "reason_explanation", "primary_competitor", "incumbent")
_LOGGED = (*_CRM, "selected_competitor")
_REP = ("rep_reason", "rep_competitor")


def _deal(about: About, interview: _Seen) -> Iterator[_Row]:
    deal = interview.deal
    drivers = list(interview.drivers)
    yield {
        **_one(interview),
        **{name: getattr(deal, name) if deal else None for name in (*_DEAL, *_REP)},
        **{f"crm_{name}": getattr(deal, name) if deal else "" for name in _LOGGED},
        "buyer_reason_category": drivers[0].category if drivers else "",
        "buyer_reason": drivers[0].driver if drivers else "",
        "buyer_drivers": _drivers(interview),
        **{f"buyer_{name}": value for name, value in _rivals(interview).items()},
        "contradictions": "; ".join(
            f"{one.field}: {_SOURCES[one.source]} {one.logged or 'nothing'}, buyer says {one.buyer}"
            for one in interview.contradictions
        ),
        "crm_consent": interview.crm_consent,
        "page": page(about, interview),
    }


def _correction(about: About, one: _Seen) -> Iterator[_Row]:
    yield {name: _cell(getattr(one, name)) for name in _CORRECTION}


def _released(about: About, shelf: _Seen) -> Iterator[_Row]:
    for one in shelf.statements:
        yield {
            "audience": shelf.audience,
            "themes": ", ".join(one.themes),
            **{name: _cell(getattr(one, name)) for name in _RELEASED[2:]},
        }


def width(column: str) -> int:
    """Characters that a spreadsheet should have room for."""
    if column in WIDE:
        return 60
    return 10 if column in _NARROW else max(18, len(column) + 3)


def page(about: About, interview: _Seen) -> str:
    """Where the interview stands at the desk."""
    return f"{about.base_url.rstrip('/')}/desk/interviews/{interview.head.id}"


def _drivers(interview: _Seen) -> str:
    return "; ".join(f"{one.driver} ({one.category}) {one.share} %" for one in interview.drivers)


def _rivals(interview: _Seen) -> _Row:
    return {
        "primary_competitor": _named(interview, "primary"),
        "incumbent": _named(interview, "incumbent"),
        "selected_competitor": _named(interview, "selected"),
    }


def _named(interview: _Seen, role: str) -> str:
    return ", ".join(one.name for one in interview.competitors if one.role == role)


def _text(statement: Any) -> str:
    return str(statement.text) if statement else ""


def _cell(value: Any) -> Cell:
    """Nothing for what this viewer may not see."""
    return value if value is None or isinstance(value, bool | int | float) else value or ""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HEAD = _names("company role flow outcome mode language ended_at reviewed_at")
_RIVALS = _names("primary_competitor incumbent selected_competitor")
_CORRECTION = _names(
    "deal_id closed_on field label crm buyer contradicts reviewed amount currency interview_id company"
)
_RELEASED = _names("audience themes text paraphrase subject polarity outcome quarter amount currency segment")

SHEETS: Mapping[What, Sheet] = MappingProxyType(
    {
        What.INTERVIEWS: Sheet(
            _names(
                "company name email role flow outcome mode conducted_by language product segment status "
                "started_at ended_at ended_by answered topics seconds headline surprise phrase gap decided why versus "
                "summary top_driver top_driver_category top_driver_share drivers primary_competitor incumbent "
                "selected_competitor considered mood trigger stalled contradictions quotes amount currency "
                "reviewed_at reviewed_by page source_id interview"
            ),
            _interview,
        ),
        What.QUOTES: Sheet(
            _HEAD
            + _names(
                "theme subject words polarity scope horizon turn at as_noted review made_by released_to link "
                "interview quote"
            ),
            _quotes,
        ),
        What.DEALS: Sheet(
            (
                *(*_HEAD, *_DEAL, *(f"crm_{name}" for name in _LOGGED), *_REP),
                *("buyer_reason_category", "buyer_reason", "buyer_drivers", *(f"buyer_{name}" for name in _RIVALS)),
                *("contradictions", "crm_consent", "page", "source_id", "interview"),
            ),
            _deal,
        ),
        What.CORRECTIONS: Sheet(_CORRECTION, _correction),
        What.RELEASED: Sheet(_RELEASED, _released),
    }
)
