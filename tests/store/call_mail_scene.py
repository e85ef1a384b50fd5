"""Mails of calls as a mail program reads them: from the bytes that a real server took."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar
from sqlmodel import col, select

from interviewer import deliveries
from interviewer.deps import Deps
from interviewer.notify import smtp
from interviewer.store.tables.deliveries import DeliveryRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.smtp_server import PostOffice, post_office

KIM, MARA = "kim@buyer.example", "mara@tidewater.example"
SENDER = "research@tidewater.example"


@asynccontextmanager
async def posted(deps: Deps) -> AsyncIterator[tuple[Deps, PostOffice]]:
    """The same `Deps`, with mail that goes to a server on this machine."""
    async with post_office() as office:
        env = {"HOST": "127.0.0.1", "PORT": str(office.port), "FROM": f"Tidewater <{SENDER}>"}
        channel = smtp.from_env({f"INTERVIEWER_SMTP_{name}": value for name, value in env.items()})
        yield dataclasses.replace(deps, mail=channel), office


def to(office: PostOffice, address: str) -> list[EmailMessage]:
    return [mail for mail in office.mails if mail["To"] == address]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def every_word(mail: EmailMessage) -> str:
    """Headers and all parts, decoded."""
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*map(str, mail.values()), *(part.decode() for part in parts if isinstance(part, bytes))])


def parts(mail: EmailMessage) -> list[str]:
    """Types of the mail's parts, from the outside in."""
    return [part.get_content_type() for part in mail.walk()]


def entry(mail: EmailMessage) -> tuple[str, Any]:
    """METHOD and event; the part that programs answer and the file hold the same bytes."""
    (answered,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (file,) = mail.iter_attachments()
    raw = answered.get_payload(decode=True)
    assert isinstance(raw, bytes) and raw == file.get_payload(decode=True)
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert answered.get_content_disposition() is None
    method, event = read(raw)
    assert answered.get_param("method") == method
    return method, event


def read(raw: bytes) -> tuple[str, Any]:
    """METHOD and event of a file."""
    calendar = Calendar.from_ical(raw)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


async def settled(deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    """Send what is due, also what was held back for two minutes, as the sweep does."""
    clock.advance(minutes=2)
    await deliveries.queue_due(deps)
    await jobs.run(deps)


async def rows(deps: Deps, event: str = "") -> Sequence[DeliveryRow]:
    async with deps.db.read() as tx:
        found = (await tx.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all()
    return [row for row in found if row.event == event or not event]
