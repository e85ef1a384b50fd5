"""What there is about a person, to be looked at before they are answered: whose it is, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from interviewer import dossier
from interviewer.confidentiality import Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.records.holdings import Asked, Holding, Holdings
from interviewer.records.rights import Account
from interviewer.rights.account import look
from interviewer.store import deals, invitations

_PARTS = ("person", "said", "derived", "released", "calls", "deal", "mails", "desk")

LABELS: Mapping[str, str] = {
    "Invitations": "Invitations",
    "Never to be written to": "On the list of those who are not written to",
    "Interviews, and what you agreed to": "Interviews",
    "What was asked and answered": "Questions and answers, counted together",
    "Answers as they were before a change": "Earlier wordings of answers",
    "Translations": "Translations of answers",
    "Quotes: places in the answers": "Quotes",
    "Tags on quotes": "Tags on quotes",
    "Notes, drivers and whatever else was concluded": "Notes, drivers and other conclusions",
    "Words under a bar": "Redacted passages",
    "What other teams may read, without name and company": "Statements that other teams may read",
    "Calls that were asked for": "Calls they asked for",
    "Calls that were booked": "Calls that were booked",
    "Notes of calls": "Notes of calls",
    "What you said to being recorded": "Answers to being recorded",
    "What a scheduling service told of calls": "Calls booked elsewhere",
    "The deal, as the CRM and the rep have it": "Deals, as the CRM and the rep have them",
    "Mails": "Mails to them",
    "Who looked, and what was done": "Entries in the audit log",
    "Your account at the desk": "Their account at this desk",
    "Your account at the company’s sign-in": "Their company account",
    "Where you are signed in": "Browsers they are signed in with",
    "Your hours for calls": "Their hours for calls",
    "Your days without calls": "Their days without calls",
    "Keys to the API that you made": "API keys they made",
    "Searches that you keep": "Searches they keep",
    "What you did at the desk": "What they did at this desk",
}
"""A section of the account in words for the desk: the account itself speaks to the person."""
INNER = frozenset(
    {
        "The notice that you were shown",
        "Codes that were mailed to prove a browser",
        "Which quotes conclusions rest on",
        "Analysis",
        "Background work",
        "What people changed of it",
        "Links to sign in",
    }
)
"""Sections whose number tells nobody at the desk anything; the account has them."""


async def holdings(deps: Deps, viewer: Viewer, address: str) -> Seen[Holdings]:
    """What there is under this address. That it was looked up stands in the audit log. Raises BadInput, NotAllowed."""
    account = await look(deps, viewer, address)
    async with deps.db.read() as tx:
        rows = [row for row in await invitations.by_addresses(tx, [account.address]) if row.erased_at is None]
        logged = await deals.of(tx, [row.id for row in rows])
    told = Holdings(
        address=account.address,
        who=_several(row.name for row in rows),
        companies=_several(row.company for row in rows),
        asked=tuple(
            Asked(row.id, row.name, row.role, row.company, dossier.flow_name(deps, row.flow), row.created_at)
            for row in rows
        ),
        holdings=tuple(_counted(account)),
        deals=sum(1 for row in logged.values() if dossier.deal(row)),
        works_here=account.works_here,
        partly=account.works_here and not account.desk,
    )
    return see(viewer, told)


def _counted(account: Seen[Account]) -> Iterator[Holding]:
    sections: list[Any] = [section for part in _PARTS for section in getattr(account, part)]
    for section in sections:
        if section.title not in INNER:
            yield Holding(LABELS.get(section.title, section.title), len(section.rows))


def _several(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, names)))
