"""How the work goes, by what the database holds of it: tokens, hosts and their calendars, what waits or is stuck."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from interviewer.cli.findings import Finding, counted
from interviewer.errors import BadInput

if TYPE_CHECKING:
    from interviewer.settings import Settings
    from interviewer.store.db import Database

_OWN = frozenset({"budget", "calendars", "disk"})
"""Looked at here anyway."""


async def tokens(settings: Settings, database: Database, now: datetime) -> Finding | None:
    """What was taken of the model today; None where nothing was."""
    from interviewer import budget

    async with database.read() as tx:
        today = await budget.today(tx, settings.model_daily_tokens, now)
    if today.used_up:
        return Finding(
            "warn",
            "budget",
            f"today's {today.allowed:,} tokens are used up; the flow's own words and the rules carry on until midnight "
            "UTC. INTERVIEWER_MODEL_DAILY_TOKENS sets more",
        )
    limit = f"of {today.allowed:,}" if today.allowed else "with no limit"
    return Finding("ok", "budget", f"{today.spent:,} tokens of the model today, {limit}") if today.spent else None


async def calendars(database: Database) -> Finding | None:
    """Hosts' own calendars; None where none is read."""
    from interviewer.store import hosts

    async with database.read() as tx:
        connected = [(row, user.name or user.email) for row, user in await hosts.every(tx) if row.busy_url]
    wrong = [
        f"{name}'s{'' if row.busy_until else ', never read'}: {row.busy_error}"
        for row, name in connected
        if row.busy_error
    ]
    if wrong:
        return Finding(
            "warn",
            "calendars",
            "what was known last counts, and nothing is offered beyond; one that was never read holds nothing back. "
            f"{' '.join(wrong)} Their hosts see under Calls at the desk what follows, and can give another address",
        )
    return Finding("ok", "calendars", f"{len(connected)} of hosts are read") if connected else None


async def unheld(database: Database, now: datetime) -> Finding | None:
    """Calls to come whose host was disabled, or may not see calls any more; None where there are none."""
    from interviewer.bookings import offering
    from interviewer.store import hosts

    async with database.read() as tx:
        count = len(await hosts.unheld(tx, offering.HOSTS, now))
    if not count:
        return None
    them = "it" if count == 1 else "them"
    return Finding(
        "warn",
        "calls",
        f"nobody holds {counted(count, 'call')} to come, since their host left or may not see calls; "
        f"hand {them} to a colleague under Calls at the desk",
    )


async def standing(settings: Settings, database: Database, now: datetime) -> list[Finding]:
    """What the desk's status page says as well: mail, model, what is stuck, the last backup."""
    from interviewer import status

    facts = await status.read(database, settings, now, mails=_mails())
    found = [
        Finding(trouble.level, trouble.area, f"{trouble.what} {trouble.do}")
        for trouble in status.troubles(facts)
        if trouble.area not in _OWN
    ]
    return found or [Finding("ok", "running", "no mail, reply or background work waits too long")]


def _mails() -> bool:
    """Whether a channel is set up; one that is set up wrong is told of by `outside.mail`."""
    from interviewer import notify

    try:
        return notify.choose() is not None
    except BadInput:
        return False
