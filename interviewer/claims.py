"""Statements made into the desk's records: drivers, competitors, what started it, and one deal from three sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from interviewer import bodies, evidence, exchanges, records
from interviewer.analysis.codebook import CODEBOOK, Theme
from interviewer.evidence import StatementKind
from interviewer.store.tables.deals import DealRow

_LABELS = {
    "reason": "Reason",
    "primary_competitor": "Closest rival",
    "incumbent": "Before",
    "selected_competitor": "Chosen",
}
_ROLES = {
    "primary_competitor": bodies.CompetitorRole.PRIMARY,
    "incumbent": bodies.CompetitorRole.INCUMBENT,
    "selected_competitor": bodies.CompetitorRole.SELECTED,
}


_B = TypeVar("_B", bound=bodies.Body)


@dataclass(frozen=True)
class Claims:
    """The statements of one interview, each with its quotes as the page has them."""

    found: Sequence[evidence.Statement]
    marked: Mapping[int, records.Quote]

    def of(self, *kinds: StatementKind) -> tuple[records.Statement, ...]:
        """The plain sentences of these kinds."""
        return tuple(self._shown(one) for one in self.found if one.kind in kinds)

    def drivers(self) -> tuple[records.Driver, ...]:
        """The weightiest first. What a person turned down is gone, so the shares are brought to 100 again."""
        pairs = self._with(bodies.Driver)
        shares = to_hundred([body.share for _, body in pairs])
        made = [
            records.Driver(
                statement=self._shown(one),
                category=body.category,
                driver=body.driver,
                share=share,
                confidence=body.confidence,
                towards=body.towards,
            )
            for (one, body), share in zip(pairs, shares, strict=True)
        ]
        return tuple(sorted(made, key=lambda driver: -driver.share))

    def competitors(self) -> tuple[records.Competitor, ...]:
        return tuple(
            records.Competitor(self._shown(one), body.name, body.role) for one, body in self._with(bodies.Competitor)
        )

    def insights(self) -> tuple[records.Insight, ...]:
        return tuple(
            records.Insight(self._shown(one), body.area, body.kind, body.seen or "")
            for one, body in self._with(bodies.Insight)
        )

    def findings(self) -> tuple[records.Finding, ...]:
        return tuple(
            records.Finding(
                statement=self._shown(one),
                theme=body.theme,
                label=CODEBOOK[Theme(body.theme)].label,
                subject=body.subject,
                owner=body.owner,
                scope=body.scope,
                horizon=body.horizon,
                towards=body.towards,
            )
            for one, body in self._with(bodies.Finding)
        )

    def contradictions(self) -> tuple[records.Contradiction, ...]:
        return tuple(
            records.Contradiction(self._shown(one), body.field, body.source, body.logged, body.buyer)
            for one, body in self._with(bodies.Contradiction)
        )

    def story(self) -> records.Story:
        trigger = next(iter(self._with(bodies.Trigger)), None)
        stalled = next(iter(self._with(bodies.Stalled)), None)
        tone = next(iter(self._with(bodies.Tone)), None)
        return records.Story(
            trigger=self._shown(trigger[0]) if trigger else None,
            event=trigger[1].event if trigger else "",
            fits=trigger[1].fits if trigger else "",
            stalled=self._shown(stalled[0]) if stalled else None,
            tone=self._shown(tone[0]) if tone else None,
            mood=tone[1].mood if tone else "",
            turned_at=tone[1].turned_at if tone else 0,
        )

    def views(self, deal: DealRow | None) -> tuple[records.View, ...]:
        """The lines of which any side says something."""
        sides = [self._reason(deal), *(self._competitor(deal, field) for field in _ROLES)]
        return tuple(view for view in sides if view.crm or view.rep or view.buyer)

    def _reason(self, deal: DealRow | None) -> records.View:
        drivers = self.drivers()
        crm = ": ".join(filter(None, (deal.reason_category, deal.reason_driver))) if deal else ""
        return self._view(
            "reason",
            crm=crm or (deal.reason_explanation if deal else ""),
            rep=deal.rep_reason if deal else "",
            buyer=drivers[0].driver if drivers else "",
            quotes=drivers[0].statement.quotes if drivers else (),
        )

    def _competitor(self, deal: DealRow | None, field: str) -> records.View:
        known = [one for one in self.competitors() if one.role == _ROLES[field]]
        return self._view(
            field,
            crm=getattr(deal, field) if deal else "",
            rep=deal.rep_competitor if deal and field == "primary_competitor" else "",
            buyer=", ".join(one.name for one in known),
            quotes=tuple(quote for one in known for quote in one.statement.quotes),
        )

    def _view(self, field: str, *, crm: str, rep: str, buyer: str, quotes: tuple[records.Quote, ...]) -> records.View:
        contradicts = any(one.field == field for one in self.contradictions())
        return records.View(field, _LABELS[field], crm, rep, buyer, quotes, contradicts)

    def _with(self, kind: type[_B]) -> list[tuple[evidence.Statement, _B]]:
        return [(one, one.body) for one in self.found if isinstance(one.body, kind)]

    def _shown(self, one: evidence.Statement) -> records.Statement:
        return exchanges.statement(one, self.marked)


def to_hundred(shares: Sequence[int]) -> list[int]:
    """The same proportions in whole numbers that add up to 100; nothing for nothing."""
    total = sum(shares)
    if not total:
        return [0 for _ in shares]
    exact = [share * 100 / total for share in shares]
    floors = [int(value) for value in exact]
    rest = sorted(range(len(exact)), key=lambda place: (floors[place] - exact[place], place))
    for place in rest[: 100 - sum(floors)]:
        floors[place] += 1
    return floors
