"""The demo's calls: the hours that its product marketer keeps, and what became of the times that buyers took."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from importlib.resources import files
from typing import Any

from interviewer import bookings, people
from interviewer.bookings import closing, finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.demo.past import Past
from interviewer.demo.place import DESK_USER, VENDOR
from interviewer.deps import Deps
from interviewer.scheduling import hours
from interviewer.store.tables.bookings import BookingRow

BEGAN = 70.0
"""Days before the demo since when she takes calls."""
_AFTER = timedelta(minutes=20)
"""From the beginning of a call to what is said of it."""


def plan(deps: Deps, past: Past, invited: Mapping[str, str]) -> None:
    """Book every call when its buyer did, and hold those in the past. `invited` has the invitations by deal."""
    told = tomllib.loads((files("interviewer.demo") / "calls.toml").read_text(encoding="utf-8"))
    past.ago(BEGAN, partial(_host, deps, told["host"]))
    for call in told["booked"]:
        past.ago(call["taken"], partial(_take, deps, past, invited, call))


async def _host(deps: Deps, given: Mapping[str, Any]) -> None:
    mara, weekly = await _mara(deps), hours.as_values(hours.usual())
    await bookings.save(deps, mara, bookings.Form(user_id=mara.user_id, hours=weekly, **given))


async def _take(deps: Deps, past: Past, invited: Mapping[str, str], call: Mapping[str, Any]) -> None:
    row = await _book(deps, invited[call["deal"]], call)
    if call.get("missed") or call.get("notes"):
        past.at(row.starts_at + _AFTER, partial(_close, deps, row.id, call))


async def _close(deps: Deps, booking_id: str, call: Mapping[str, Any]) -> None:
    mara = await _mara(deps)
    if call.get("missed"):
        await closing.missed(deps, mara, booking_id)
        return
    given = [noting.Given(topic, text, 0) for topic, text in call["notes"].items()]
    await noting.answer_recording(deps, mara, booking_id, call["recording"])
    await noting.save(deps, mara, booking_id, given)
    await finishing.finish(deps, mara, booking_id)


async def _mara(deps: Deps) -> Viewer:
    return Viewer(await people.add_user(deps, DESK_USER, "admin", VENDOR["asker"]), Role.ADMIN, VENDOR["asker"])


async def _book(deps: Deps, invitation_id: str, call: Mapping[str, Any]) -> BookingRow:
    """The soonest time that is free."""
    free = await bookings.offered(deps, invitation_id)
    return await bookings.take(deps, invitation_id, free[0].start, zone=call["zone"], language=call["language"])
