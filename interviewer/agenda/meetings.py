"""The page of all calls, each told in words. All times with their zone (trust.md 43)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from interviewer import bookings, dossier, records
from interviewer.agenda import clock
from interviewer.bookings import handing
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deliveries.calls import said_no
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.records.meetings import Agenda, FollowUp, Meeting
from interviewer.scheduling import zones
from interviewer.store import agenda, agreement, desk, hosts, users
from interviewer.store.agenda import Line
from interviewer.store.bookings import BARRED, CANCELLED, MISSED, OWN, of_invitation
from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow

MOST_PAST = 30
"""Calls of each kind that are over."""
MOST_UNHELD = 20
"""Calls that nobody holds, shown above all others, the soonest first; more follow as these are seen to."""
LANGUAGE = "en-GB"
"""Of the desk, which tells the time by 24 hours."""
_STEPS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


async def agenda_of(deps: Deps, viewer: Viewer, *, all_past: bool = False) -> Seen[Agenda]:
    """Every call: to come, to be noted, done, missed; and who asked for one without a time of ours.

    Of what is over the latest `MOST_PAST` of each kind, unless `all_past`; what was noted comes before all others.
    """
    viewer.require(Field.CALL)
    anybody = await bookings.anybody(deps)
    async with deps.db.read() as tx:
        now = deps.now()
        waiting, handled = await desk.calls(tx, handled=False), await desk.calls(tx, handled=True)
        own = await hosts.get(tx, viewer.user_id)
        to_come, unheld = await agenda.to_come(tx, now), set((await handing.unheld(deps, tx))[:MOST_UNHELD])
        most = None if all_past else MOST_PAST
        ask = most and most + 1
        past = await agenda.done(tx, ask, now), await agenda.missed(tx, ask, now)
        page = Agenda(
            hosting=own is not None and own.taking,
            anybody=anybody,
            zone=zones.abbreviation(now, await clock.zone_of(tx, viewer)),
            to_come=await _shown(deps, tx, viewer, [line for line in to_come if line.booking.id not in unheld]),
            to_call_off=await _shown(deps, tx, viewer, await agenda.to_call_off(tx, now)),
            to_note=await _shown(deps, tx, viewer, await agenda.to_note(tx, now)),
            done=await _shown(deps, tx, viewer, past[0][:most]),
            missed=await _shown(deps, tx, viewer, past[1][:most]),
            asked=_requests(deps, waiting),
            handled=_requests(deps, handled[:most]),
            more=most is not None and max(map(len, (*past, handled))) > most,
        )
    return see(viewer, page)


async def standing(deps: Deps, viewer: Viewer, invitation_id: str) -> Seen[Meeting] | None:
    """The call to come with this buyer, if there is one, for who may see it."""
    if not viewer.sees(Field.CALL):
        return None
    async with deps.db.read() as tx:
        row = await of_invitation(tx, invitation_id)
        if row is None or row.starts_at <= deps.now():
            return None
        return see(viewer, await shown(deps, tx, viewer, await found(tx, row.id)))


async def found(tx: Tx, booking_id: str) -> Line:
    """Raises NotFound, also for a preview's and for what was erased."""
    line = await agenda.line(tx, booking_id)
    if line is None:
        raise NotFound
    return line


async def shown(deps: Deps, tx: Tx, viewer: Viewer, line: Line) -> Meeting:
    (meeting,) = await _shown(deps, tx, viewer, [line])
    return meeting


def how_far(moment: datetime, now: datetime) -> str:
    """How far a moment is from now, in its largest whole part: "in 2 hours", "3 days ago", "now"."""
    apart = abs(moment - now)
    for step, name in _STEPS:
        if apart >= step:
            number = apart // step
            words = f"{number} {name}{'' if number == 1 else 's'}"
            return f"in {words}" if moment > now else f"{words} ago"
    return "now"


def _requests(deps: Deps, rows: Sequence[tuple[CallRequestRow, InvitationRow]]) -> tuple[records.Call, ...]:
    return tuple(dossier.call(deps, call, invitation) for call, invitation in rows)


async def _shown(deps: Deps, tx: Tx, viewer: Viewer, lines: Sequence[Line]) -> tuple[Meeting, ...]:
    ids = {line.booking.host_id for line in lines if line.booking.host_id}
    names, zone = await users.names(tx, ids), await clock.zone_of(tx, viewer)
    missed = [line for line in lines if line.booking.state == MISSED]
    theirs = [line.invitation.id for line in missed]
    mails, phones = await agenda.missed_mails(tx, theirs), await agenda.phones(tx, theirs)
    follow_ups = {line.booking.id: _follow_up(line, mails, phones) for line in missed}
    return tuple(_meeting(deps, viewer, line, names, zone, follow_ups.get(line.booking.id)) for line in lines)


def _follow_up(line: Line, mails: Mapping[str, DeliveryRow], phones: Mapping[str, str]) -> FollowUp:
    mail = mails.get(line.booking.id)
    may_write = not said_no(line.booking, line.invitation, line.interview)
    return FollowUp(
        mail=mail.state if mail else "",
        at=(mail.sent_at or mail.next_try_at) if mail else None,
        email=line.invitation.email if may_write else "",
        phone=phones.get(line.invitation.id, "") if may_write else "",
        no_mail=not may_write,
    )


def _why_off(line: Line) -> str:
    """Why there is no call here with who has one at a scheduler elsewhere. Of these only a link comes back."""
    if agreement.stopped(line.interview):
        return "no longer agrees"
    if line.invitation.opted_out_at:
        return "asked for no more mail"
    declined = line.invitation.declined_at and not line.invitation.revoked_at
    return "would rather not take part" if declined else "had their link revoked"


def _meeting(
    deps: Deps,
    viewer: Viewer,
    line: Line,
    names: Mapping[str, str],
    zone: str,
    follow_up: FollowUp | None,
) -> Meeting:
    row, invitation, now = line.booking, line.invitation, deps.now()
    host_id = row.host_id or ""
    time = zones.said(row.starts_at, zone, LANGUAGE)
    theirs = zones.said(row.starts_at, row.time_zone or zone, LANGUAGE)
    return Meeting(
        id=row.id,
        page=invitation.id,
        state=row.state,
        starts_at=row.starts_at,
        over=row.ends_at <= now,
        begun=row.starts_at <= now,
        how_far=how_far(row.starts_at, now),
        time=time,
        zone=zones.abbreviation(row.starts_at, zone),
        buyer_time=theirs if theirs != time else "",
        buyer_zone=zones.abbreviation(row.starts_at, row.time_zone or zone),
        own=row.source == OWN,
        host=names.get(host_id, ""),
        mine=host_id == viewer.user_id,
        video_link=row.video_link,
        language=row.language.partition("-")[0],  # the region is for clocks alone
        cancelled_by=row.cancelled_by,
        why_off=_why_off(line) if (row.state, row.cancelled_by) == (CANCELLED, BARRED) else "",
        became=bool(row.interview_id),
        stopped=agreement.stopped(line.interview),
        follow_up=follow_up,
        flow_name=dossier.flow_name(deps, invitation.flow),
        name=invitation.name,
        email=invitation.email,
        role=invitation.role,
        company=invitation.company,
    )
