"""The page on which a host books a call for a buyer who asked for one, and times that are typed by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from interviewer import dossier
from interviewer.agenda import clock
from interviewer.agenda.meetings import LANGUAGE
from interviewer.bookings import arranging, offering
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.records.arranging import Arranging
from interviewer.records.hours import Pick
from interviewer.records.meetings import Place
from interviewer.scheduling import zones
from interviewer.store import hosts, users

UNREADABLE = "Give a day and a time."
NOT_THEN = (
    "No call can be then: it has to begin on a quarter of an hour to come, and whoever holds it must have nothing else."
)


def moment(typed: str, zone: str) -> datetime | None:
    """What a form's field for day and time says on the wall of this zone; None for what it cannot say."""
    try:
        wall = datetime.fromisoformat(typed)
        return wall.replace(tzinfo=zones.zone(zone)).astimezone(UTC) if wall.tzinfo is None else None
    except (ValueError, OverflowError):
        return None


def place(start: datetime, zone: str, theirs: str, host: str = "") -> Place:
    """A time in words, on the viewer's clock and on the buyer's."""
    time, buyer_time = zones.said(start, zone, LANGUAGE), zones.said(start, theirs, LANGUAGE)
    return Place(
        value=start.isoformat(),
        time=time,
        zone=zones.abbreviation(start, zone),
        buyer_time=buyer_time if buyer_time != time else "",
        buyer_zone=zones.abbreviation(start, theirs),
        host=host,
    )


async def page(deps: Deps, viewer: Viewer, call_id: str, typed: str = "", *, taken: bool = False) -> Seen[Arranging]:
    """What a buyer asked for, and the time that was typed for it, to be confirmed. Raises as `arranging.asked` does."""
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        request, invitation = await arranging.asked(tx, call_id)
        zone, theirs = await clock.zone_of(tx, viewer), zones.current(request.time_zone)
        start = moment(typed, zone)
        able = await arranging.holding(deps, tx, invitation.id, start) if start else ()
        ids = sorted((one.host.user_id for one in able), key=lambda user_id: user_id != viewer.user_id)
        names = await users.names(tx, ids)
        anybody = bool(await hosts.taking(tx, offering.HOSTS))
    wrong = UNREADABLE if typed and not start else NOT_THEN if start and not able else ""
    return see(
        viewer,
        Arranging(
            call=dossier.call(deps, request, invitation),
            zone=zones.abbreviation(deps.now(), zone),
            typed=typed,
            wrong="That time is not free any more." if taken and not wrong else wrong,
            picked=place(start, zone, theirs if zones.known(theirs) else zone) if start and able else None,
            hosts=tuple(Pick(one, names.get(one, "")) for one in ids),
            anybody=anybody,
        ),
    )
