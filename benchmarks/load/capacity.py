"""What 1, 10 and 100 hosts would carry, reckoned from what a turn was measured to cost, and what is full first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TURNS = 6
"""That an interview takes, about."""
FULL = 0.6
"""Of a processor: beyond it turns begin to wait for each other."""
THINKS_S = 25.0
"""Between a person's turns, reading and typing on a phone."""
BUSY_HOUR = 0.15
"""Of a day's interviews."""


@dataclass(frozen=True)
class Costs:
    """Of a load run on PostgreSQL (`--database postgresql --json`): milliseconds of processor time."""

    turn_ms: float
    start_ms: float
    send_ms: float
    """The analysis included."""
    db_ms: float
    rows: float


@dataclass(frozen=True)
class Site:
    """What the hosts are, and what they share."""

    cores: int = 2
    """Of a host, with a process on each."""
    connections: int = 17
    """That a process takes at most (docs/deploy.md)."""
    db_cores: int = 8
    db_connections: int = 500
    model_a_minute: int = 10_000
    """Requests that the model's vendor takes."""


@dataclass(frozen=True)
class Load:
    hosts: int
    turns_s: float
    first: str
    """What is full at that many turns a second."""
    connections: int
    room: dict[str, float]
    """Turns a second that each part could take."""

    @property
    def at_once(self) -> float:
        """People in the middle of an interview."""
        return self.turns_s * THINKS_S

    @property
    def a_day(self) -> float:
        """Interviews, where so many as usual fall into the busiest hour."""
        return self.turns_s * 3600 / TURNS / BUSY_HOUR


def carry(costs: Costs, site: Site, hosts: int) -> Load:
    """The most that `hosts` carry. What is around an interview's turns is laid upon each of them."""
    turn_ms = costs.turn_ms + (costs.start_ms + costs.send_ms) / TURNS
    connections = hosts * site.cores * site.connections
    served = min(1.0, site.db_connections / connections)
    room = {
        "processors of the hosts": hosts * site.cores * FULL * 1000 / turn_ms,
        "connections to PostgreSQL": hosts * site.cores * FULL * 1000 / turn_ms * served,
        "PostgreSQL": site.db_cores * FULL * 1000 / costs.db_ms if costs.db_ms else float("inf"),
        "the model's rate limit": site.model_a_minute / 60,
    }
    first = min(room, key=lambda name: room[name])
    return Load(hosts, room[first], first, connections, room)


def table(costs: Costs, site: Site) -> Iterator[str]:
    """For people, a line each."""
    yield (
        f"a turn {costs.turn_ms:.1f} ms, a start {costs.start_ms:.1f} ms, sending and analysis {costs.send_ms:.0f} ms, "
        f"at PostgreSQL {costs.db_ms:.1f} ms a turn; {costs.rows:.0f} rows an interview"
    )
    yield (
        f"hosts of {site.cores} cores, PostgreSQL with {site.db_cores} cores and {site.db_connections} connections, a "
        f"model that takes {site.model_a_minute} requests a minute"
    )
    yield f"{'hosts':>5} {'turns/s':>8} {'at once':>8} {'a day':>9} {'connections':>11} {'rows a day':>11}  full first"
    for hosts in (1, 10, 100):
        load = carry(costs, site, hosts)
        yield (
            f"{hosts:5} {load.turns_s:8.0f} {load.at_once:8.0f} {load.a_day:9.0f} {load.connections:11} "
            f"{load.a_day * costs.rows:11.0f}  {load.first}"
        )
