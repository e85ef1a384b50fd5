"""The demo's people as data: what each would answer, and what the others do instead of answering."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from interviewer.invitees import Invitee

NOTHING_LEFT = {
    "en": ("That's all on that one.", "Nothing more there."),
    "de": ("Mehr weiß ich dazu nicht.", "Das war alles."),
}


@dataclass(frozen=True)
class Deal:
    """One deal with its buyer. Times are days before the demo begins."""

    becomes: str
    """`finished`, `silent`, `left`, `paused`, `withdrawn` or `deleted` for one who answers; else what is done."""
    closed: float
    invited: float
    details: Invitee
    acts: float = 0.0
    """When the buyer starts, or does what is done instead."""
    leaves_after: int = 0
    """Answers until the buyer leaves; 0 for one who stays to the end."""
    pace: float = 1.0
    """Time taken over an answer, against what the clock reckons."""
    answers: dict[str, list[str]] = field(default_factory=dict)
    """By topic, for each time it is asked."""
    more: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By topic and probe, `any` for the probes that are not named."""
    agrees_to_crm: bool | None = None
    """What is said to handing the reason back to the CRM; None for one who closes the page."""
    call: dict[str, str] = field(default_factory=dict)
    handled: bool = False

    def invitee(self, begin: datetime) -> Invitee:
        """The row that invites this buyer, where the demo begins at `begin`."""
        return replace(self.details, closed_on=(begin - timedelta(days=self.closed)).date().isoformat())


class Script:
    """What a buyer says to whatever is asked, each thing once."""

    def __init__(self, deal: Deal) -> None:
        self._answers = {topic: list(said) for topic, said in deal.answers.items()}
        self._more = {topic: {probe: list(said) for probe, said in more.items()} for topic, more in deal.more.items()}
        self._rest = list(NOTHING_LEFT.get(deal.details.language, NOTHING_LEFT["en"]))

    def answer(self, topic: str, move: str) -> str:
        """The answer to a message about `topic`, spoken by the move with this key; empty to skip the question."""
        kind, *_, detail = move.split(":")
        if kind == "probe":
            more = self._more.get(topic, {})
            said = more.get(detail) or more.get("any")
        else:
            said = self._answers.get(topic)
        if said:
            return said.pop(0)
        return self._rest.pop(0) if self._rest else ""


def load() -> list[Deal]:
    """Everybody, those with most to say first."""
    folder = files("interviewer.demo")
    buyers = sorted((folder / "buyers").iterdir(), key=lambda entry: entry.name)
    deals = [
        _deal(tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in buyers if entry.name.endswith(".toml")
    ]
    others = tomllib.loads((folder / "deals.toml").read_text(encoding="utf-8"))
    return deals + [_deal(data) for data in others["deal"]]


def _deal(data: dict[str, Any]) -> Deal:
    data = dict(data)
    data["details"] = Invitee(**data.pop("invitee"))
    data["answers"] = {topic: _listed(said) for topic, said in data.get("answers", {}).items()}
    data["more"] = {
        topic: {probe: _listed(said) for probe, said in more.items()} for topic, more in data.get("more", {}).items()
    }
    return Deal(**data)


def _listed(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said
