"""The demo's calls: the hours that its product marketer keeps, and what became of the times that buyers took."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Protocol

from interviewer import bookings, people
from interviewer.bookings import closing, finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.demo.place import DESK_USER, VENDOR
from interviewer.deps import Deps
from interviewer.scheduling import hours
from interviewer.store.tables.bookings import BookingRow

BEGAN = 70.0
"""Days before the demo since when she takes calls."""
_AFTER = timedelta(minutes=20)
"""From the beginning of a call to what is said of it."""


class Clock(Protocol):
    """The present of the one who is being played, which can be set."""

    present: datetime

    def go_back(self, days: float) -> None: ...


async def play(deps: Deps, clock: Clock, invited: Mapping[str, str]) -> None:
    """Book every call when its buyer did, and hold those in the past. `invited` has the invitations by deal."""
    told = tomllib.loads((files("interviewer.demo") / "calls.toml").read_text(encoding="utf-8"))
    clock.go_back(BEGAN)
    mara = Viewer(await people.add_user(deps, DESK_USER, "admin", VENDOR["asker"]), Role.ADMIN, VENDOR["asker"])
    weekly = hours.as_values(hours.usual())
    await bookings.save(deps, mara, bookings.Form(user_id=mara.user_id, hours=weekly, **told["host"]))
    for call in told["booked"]:
        clock.go_back(call["taken"])
        row = await _book(deps, invited[call["deal"]], call)
        if call.get("missed"):
            clock.present = row.starts_at + _AFTER
            await closing.missed(deps, mara, row.id)
        elif notes := call.get("notes"):
            clock.present = row.starts_at + _AFTER
            await noting.answer_recording(deps, mara, row.id, call["recording"])
            await noting.save(deps, mara, row.id, [noting.Given(topic, text, 0) for topic, text in notes.items()])
            await finishing.finish(deps, mara, row.id)


async def _book(deps: Deps, invitation_id: str, call: Mapping[str, Any]) -> BookingRow:
    """The soonest time that is free."""
    free = await bookings.offered(deps, invitation_id)
    return await bookings.take(deps, invitation_id, free[0].start, zone=call["zone"], language=call["language"])
