"""Booking pages elsewhere. Add a scheduler: its file, plus one line here."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from interviewer.errors import BadInput, Problem
from interviewer.schedulers.base import Scheduler
from interviewer.schedulers.calcom import CalCom
from interviewer.schedulers.calendly import Calendly
from interviewer.schedulers.hubspot import HubSpot
from interviewer.schedulers.plain import Plain
from interviewer.schedulers.savvycal import SavvyCal

PLAIN = Plain()
SCHEDULERS: Mapping[str, Scheduler] = {
    one.name: one for one in (CalCom(), Calendly(), SavvyCal(), HubSpot(), PLAIN)
}  # fmt: skip


def choose(url: str, name: str = "") -> Scheduler:
    """The scheduler of this booking page: by `name`, else by the host; any other page is taken as it is.

    Raises BadInput for a name that there is not.
    """
    if name:
        if name not in SCHEDULERS:
            known = ", ".join(SCHEDULERS)
            raise BadInput([Problem("INTERVIEWER_SCHEDULER", f"{name!r} is not one of {known}")])
        return SCHEDULERS[name]
    host = (urlsplit(url).hostname or "").rstrip(".")
    for one in SCHEDULERS.values():
        if any(host == known or host.endswith(f".{known}") for known in one.hosts):
            return one
    return PLAIN
