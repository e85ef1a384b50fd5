"""How often the buyer's pages take something: by link, and by the network it comes from (trust.md 28).

Far above what people do, so that only a program meets it. It is counted in memory, by each process for itself: no
address of a buyer is written down, and an answer costs no second write. What all buyers together may cost of a model
is `budget.py`'s, where nobody is refused: the flow's own words go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import Depends, Request

from interviewer.deps import Deps
from interviewer.errors import TooFast
from interviewer.web import cookies
from interviewer.web.deps import DepsDep
from interviewer.web.security import SAFE


@dataclass(frozen=True)
class Limit:
    """So many at once, and one more `each` time that passes."""

    at_once: int
    each: timedelta


PER_LINK = Limit(120, timedelta(seconds=1))
"""An interview has some twenty turns; two tabs, double taps and retries of a bad connection fit in."""
PER_NETWORK = Limit(1200, timedelta(milliseconds=50))
"""A company behind one address: fifty colleagues who answer every four seconds come to 750 a minute of these 1,200."""
_MOST = 20_000


class Pace:
    """Who came how often lately. What is forgotten first is who has the most room again."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._full_at: dict[str, datetime] = {}

    def take(self, name: str, limit: Limit, now: datetime) -> None:
        """Count one of `name`. Raises TooFast, which says when there is room again; then it is not counted."""
        room = limit.at_once * limit.each
        used_until = min(max(self._full_at.get(name, now), now), now + room)  # also where the clock was put back
        after = used_until + limit.each
        if after > now + room:
            raise TooFast(until=after - room)
        self._full_at[name] = after
        if len(self._full_at) > self._most:
            self._forget(now)

    def _forget(self, now: datetime) -> None:
        kept = sorted((at, name) for name, at in self._full_at.items() if at > now)[-self._most // 2 :]
        self._full_at = {name: at for at, name in kept}


def count(request: Request, deps: Deps) -> None:
    """Count what is posted to a buyer's page. Raises TooFast.

    Whoever has not opened an interview cannot use up the room of those who have.
    """
    if request.method in SAFE:
        return
    pace: Pace = request.app.state.pace
    if network := network_of(request):
        pace.take(f"net:{network}", PER_NETWORK, deps.now())
    interview_id = request.path_params.get("interview_id", "")
    if token := request.path_params.get("token", ""):
        pace.take(f"link:{token[:100]}", PER_LINK, deps.now())
    elif any(_opened(request, deps, interview_id, preview=preview) for preview in (False, True)):
        pace.take(f"interview:{interview_id}", PER_LINK, deps.now())


def network_of(request: Request) -> str:
    """The network that a request comes from, for limits; empty where that is not known."""
    return network(request.client.host if request.client else "")


def network(address: str) -> str:
    """The network that an address stands for; empty where it says nothing about who is there.

    An address that is nobody's on the internet is that of a proxy which was not named to `serve --proxy`, or of the
    own house: all buyers together must not be taken for one.
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if not parsed.is_global:
        return ""
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else str(parsed)  # a /64 is one household


def _opened(request: Request, deps: Deps, interview_id: str, *, preview: bool) -> bool:
    browser = cookies.read(request, deps, preview=preview)
    return browser is not None and interview_id in browser.interviews


async def _counted(request: Request, deps: DepsDep) -> None:
    count(request, deps)


PACED = Depends(_counted)
"""For a route that has nothing typed to give back; the others `count` themselves, and keep the text in the box."""
