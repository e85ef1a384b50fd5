"""Hosts with hours, buyers with links, and the times between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from interviewer import bookings, invitations, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.store.tables.bookings import BookingRow

WEEKDAYS = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LONDON = "Europe/London"
"""UTC in November, when the clock of the tests begins: Monday 2 November 2026, 9:00."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def host(deps: Deps, name: str = "Mara", *, role: str = "pmm", **given: Any) -> Viewer:
    """Somebody at the desk who takes calls on weekdays; any field of the form can be given."""
    user_id = await people.add_user(deps, f"{name.lower()}@tidewater.example", "pmm", name)
    viewer = Viewer(user_id, Role.PMM, name)
    await bookings.save(deps, viewer, form(viewer, **given))
    if role != "pmm":
        await people.add_user(deps, f"{name.lower()}@tidewater.example", role, name)
    return viewer


def form(viewer: Viewer, **given: Any) -> bookings.Form:
    facts = {"time_zone": LONDON, "hours": WEEKDAYS, "buffer_minutes": "0", "video_link": "https://video.example/mara"}
    return bookings.Form(user_id=viewer.user_id, **facts | given)


async def buyers(deps: Deps, number: int) -> list[str]:
    """Ids of so many invitations."""
    people_ = [Invitee(f"b{n}@buyer.example", name=f"Buyer {n}", deal_id=str(n)) for n in range(number)]
    return [one.invitation_id for one in await invitations.invite(deps, people_)]


async def buyer(deps: Deps, email: str = "kim@buyer.example") -> str:
    (invited,) = await invitations.invite(deps, [Invitee(email, name="Kim", company="Brightwater")])
    return invited.invitation_id


async def take(deps: Deps, invitation_id: str, start: datetime, **given: str) -> BookingRow:
    return await bookings.take(deps, invitation_id, start, **{"zone": LONDON, "language": "en"} | given)


async def starts(deps: Deps, invitation_id: str) -> list[datetime]:
    return [slot.start for slot in await bookings.offered(deps, invitation_id)]


async def booked(deps: Deps, state: str = "booked") -> Sequence[BookingRow]:
    """Every booking in this state, the soonest first."""
    async with deps.db.read() as tx:
        query = select(BookingRow).where(BookingRow.state == state).order_by(col(BookingRow.starts_at))
        return (await tx.exec(query)).all()
