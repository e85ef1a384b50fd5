"""The demo's calls: the hours that its product marketer keeps, and the times that buyers took."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from interviewer import bookings, people
from interviewer.confidentiality import Role, Viewer
from interviewer.demo.place import DESK_USER, VENDOR
from interviewer.deps import Deps
from interviewer.scheduling import hours

BEGAN = 70.0
"""Days before the demo since when she takes calls."""


async def play(deps: Deps, go_back: Callable[[float], None], invited: Mapping[str, str]) -> None:
    """Book every call when its buyer did. `go_back` sets the clock of `deps`; `invited` has the invitations by deal."""
    told = tomllib.loads((files("interviewer.demo") / "calls.toml").read_text(encoding="utf-8"))
    go_back(BEGAN)
    mara = Viewer(await people.add_user(deps, DESK_USER, "admin", VENDOR["asker"]), Role.ADMIN, VENDOR["asker"])
    weekly = hours.as_values(hours.usual())
    await bookings.save(deps, mara, bookings.Form(user_id=mara.user_id, hours=weekly, **told["host"]))
    for call in told["booked"]:
        go_back(call["taken"])
        await _book(deps, invited[call["deal"]], call)


async def _book(deps: Deps, invitation_id: str, call: Mapping[str, Any]) -> None:
    """The soonest time that is free."""
    free = await bookings.offered(deps, invitation_id)
    await bookings.take(deps, invitation_id, free[0].start, zone=call["zone"], language=call["language"])
