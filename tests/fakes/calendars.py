"""Hosts' calendars that answer as they are told, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from interviewer.outbound import Outbound

ADDRESS = "https://calendar.example/private-zirkonkey/basic.ics"
TITLE = "zirkontitle"
TUESDAY = datetime(2026, 11, 3, 10, tzinfo=UTC)


def feed(*starts: datetime) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN"]
    for number, start in enumerate(starts):
        end = start + timedelta(hours=1)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{number}@calendar.example",
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{end:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{TITLE}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def minutely(number: int) -> bytes:
    """Taken for a minute, free for a minute, so many times."""
    starts = (TUESDAY + timedelta(minutes=2 * one) for one in range(number))
    lines = "\r\n".join(f"FREEBUSY:{start:%Y%m%dT%H%M%SZ}/PT1M" for start in starts)
    return f"BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\n{lines}\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n".encode()


class Calendars(Outbound):
    """Answers with what it was given last: a feed, or what went wrong. Names are not looked up."""

    def __init__(self, answer: bytes | Exception) -> None:
        super().__init__(resolve=_public)
        object.__setattr__(self, "answer", answer)
        object.__setattr__(self, "asked", [])
        object.__setattr__(self, "go", asyncio.Event())
        self.go.set()

    answer: bytes | Exception
    asked: list[str]
    go: asyncio.Event
    """Until it is set nothing is answered."""

    def now(self, answer: bytes | Exception, *, slow: bool = False) -> None:
        object.__setattr__(self, "answer", answer)
        if slow:
            self.go.clear()

    async def fetch(self, url: str, *, limit: int = 0) -> bytes:
        self.asked.append(url)
        await self.go.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def _public(_host: str, _port: int) -> Sequence[str]:
    return ["93.184.215.14"]
