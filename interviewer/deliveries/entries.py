"""A call as calendars keep it: one `uid`, and a `sequence` that grows, in the mails of both sides and in downloads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.notify import events
from interviewer.scheduling import calendars, zones
from interviewer.scheduling.calendars import Entry
from interviewer.store import hosts, invitations, users
from interviewer.store.bookings import CANCELLED
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import InvitationRow

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Moment:
    """A call's time on somebody's wall, in words."""

    day: str
    """'Tuesday 24 November'."""
    hours: str
    """'2:30 pm – 2:45 pm'."""
    zone: str
    """'New York, EST (UTC-5)'."""
    short: str
    """'Tue 24 Nov, 2:30 pm EST (UTC-5)'."""


def moment(start: datetime, end: datetime, zone: str, language: str) -> Moment:
    place = zones.place(zone) if zones.known(zone) else zones.FALLBACK
    offset = zones.abbreviation(start, zone)
    return Moment(
        day=zones.day(start, zone, language),
        hours=f"{zones.clock(start, zone, language)} – {zones.clock(end, zone, language)}",
        zone=offset if place == offset else f"{place}, {offset}",
        short=f"{zones.said(start, zone, language)} {offset}",
    )


async def calendar(deps: Deps, row: BookingRow) -> bytes:
    """The call as an .ics file to download, in the buyer's language; for one that is off, what takes it out again.

    It does not say who they are (trust.md 7). Raises NotFound where the invitation was erased.
    """
    async with deps.db.read() as tx:
        invitation = await invitations.get(tx, row.invitation_id)
        host, link = await host_name(tx, row), await video(tx, row)
    if invitation is None or invitation.erased_at:
        raise NotFound
    write = calendars.retraction if row.state == CANCELLED else calendars.publication
    return write(of_buyer(deps, row, invitation, host=host, link=link))


def of_buyer(deps: Deps, row: BookingRow, invitation: InvitationRow, *, host: str, link: str) -> Entry:
    """What the buyer's calendar keeps; `link` is the video's. Some programs show nothing else of the mail."""
    summary, description = events.entry(
        row.language,
        organisation=deps.settings.organisation,
        product=invitation.product or deps.settings.product,
        host=host,
        video=link,
        page=page(deps, invitation),
    )
    return Entry(
        uid=row.uid,
        sequence=row.sequence,
        start=row.starts_at,
        end=row.ends_at,
        summary=summary,
        description=description,
        location=link,
        organiser_name=host or deps.settings.asker or deps.settings.organisation,
        organiser_address=sender(deps),
        attendee_name=invitation.name,
        attendee_address=invitation.email,
        stamp=row.changed_at,
    )


def sender(deps: Deps) -> str:
    """Who invites: the address that our mail comes from. With the host's own, their calendar would not take it for an
    invitation; with one that is not the mail's, some do not trust it."""
    address = parseaddr(deps.mail.sender)[1] if deps.mail is not None else deps.settings.contact
    return address if "@" in address else f"calls@{urlsplit(deps.settings.base_url).hostname or 'localhost'}"


def page(deps: Deps, invitation: InvitationRow) -> str:
    """Where the buyer moves the call or calls it off; empty where their link was withdrawn."""
    link = chat(deps, invitation)
    return f"{link}/call" if link else ""


def chat(deps: Deps, invitation: InvitationRow) -> str:
    """The buyer's personal link; empty where it was withdrawn."""
    return "" if invitation.revoked_at else deps.links.interview(invitation.id, invitation.link_version)


async def host_name(tx: Tx, row: BookingRow) -> str:
    return await users.name_of(tx, row.host_id) if row.host_id else ""


async def video(tx: Tx, row: BookingRow) -> str:
    """Where the call is held: as it was booked, else where its host holds them by now."""
    host = await hosts.get(tx, row.host_id) if row.host_id and not row.video_link else None
    return row.video_link or (host.video_link if host else "")
