"""Whose clock the desk tells times by: one zone for everybody who looks, on every page."""

from __future__ import annotations

from collections import Counter

from interviewer.bookings import offering
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.scheduling import zones
from interviewer.store import hosts
from interviewer.store.db import Tx


async def zone_of(tx: Tx, viewer: Viewer) -> str:
    """That of the viewer's own hours, else of their browser, else the one that most hosts here have."""
    own = await hosts.get(tx, viewer.user_id)
    if own is not None:
        return own.time_zone
    if zones.known(viewer.zone):
        return viewer.zone
    taking = Counter(host.time_zone for host in await hosts.taking(tx, offering.HOSTS))
    return max(taking, key=lambda zone: taking[zone], default=zones.FALLBACK)


async def zone_for(deps: Deps, viewer: Viewer) -> str:
    """The same, for who has no transaction."""
    async with deps.db.read() as tx:
        return await zone_of(tx, viewer)
