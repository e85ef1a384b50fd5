"""One run of the load: the server, the stub and a bare endpoint in processes of their own, and what a turn cost."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy
from sqlmodel import SQLModel

from benchmarks.load import cost, driver
from benchmarks.load.driver import Took
from benchmarks.turns import BARE
from benchmarks.wire import Lost, Wire
from interviewer import invitations
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from tests.fakes.databases import PostgresServer
from tests.fakes.live_server import LiveServer, free_port

_QUIET_S = 1.0
_SENT = 10
"""Interviews that are sent and analysed: an analysis asks the model nine times or so, and that takes a while."""
_FALLBACKS = "SELECT count(*) FROM turns WHERE source = 'fallback'"
_AT_WORK = "SELECT count(*) FROM job_runs WHERE state IN ('queued', 'running')"


@dataclass(frozen=True)
class Plan:
    sessions: int
    think_s: float = 8.0
    model_s: float = 1.0
    workers: int = 1
    database: str = "sqlite"


@dataclass(frozen=True)
class Measured:
    """What turns took beyond the model, in milliseconds, and what they cost. `bare`: the endpoint that only waits."""

    sessions: int
    workers: int
    turns: int
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    """Processor time of a turn, all processes of the server together."""
    errors: int
    polled: int
    fallback: int
    idle_mib: float = 0.0
    session_kb: float = 0.0
    """Growth of memory for each session that is open."""
    start_ms: float = 0.0
    """Processor time from the link to the first question."""
    send_ms: float = 0.0
    """And from the check page to the end of the analysis, for an interview."""
    db_ms: float = 0.0
    """Processor time of a turn at PostgreSQL; SQLite's is in `cpu_ms`."""
    rows: float = 0.0
    """That one interview leaves, its analysis and what was done for it included."""


def measure(plan: Plan) -> tuple[Measured, Measured]:
    """The server and the bare endpoint, one after the other, under the same traffic."""
    with contextlib.ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        model, _ = open_.enter_context(_process("-m", "benchmarks.load.stub", seconds=plan.model_s))
        env, postgres = {}, None
        if plan.database == "postgresql":
            postgres = PostgresServer()
            open_.callback(postgres.close)
            env["INTERVIEWER_DATABASE_URL"] = open_.enter_context(postgres.fresh())
        server = LiveServer(
            folder,
            workers=plan.workers,
            OPENAI_BASE_URL=f"http://127.0.0.1:{model}/v1",
            OPENAI_API_KEY="local",
            INTERVIEWER_MODEL="stub",
            INTERVIEWER_MODEL_DAILY_TOKENS=str(10**12),  # counted and logged as it ships
            **env,
        )
        server.start()
        open_.callback(server.stop)
        ours = asyncio.run(_ours(plan, server, postgres))
        return ours, asyncio.run(_bare(plan, *open_.enter_context(_process("-c", BARE, seconds=plan.model_s))))


async def _ours(plan: Plan, server: LiveServer, postgres: PostgresServer | None) -> Measured:
    links = [urlsplit(link).path for link in server.do(lambda deps: _invite(deps, plan.sessions + 2 * plan.workers))]
    warm = await driver.enter(server.port, links[plan.sessions :])
    await driver.talk(warm, 0.1)  # it pays for imports and compiles the pages
    for session in warm:
        session.wire.close()
    pids = cost.family(server.pid)
    idle = await _still(pids)
    began, empty = cost.cpu_s(pids), await asyncio.to_thread(_rows, server.settings.url)
    sessions = await driver.enter(server.port, links[: plan.sessions])
    theirs = postgres.pids if postgres else []
    entered, db_before = cost.cpu_s(pids), cost.cpu_s(theirs)
    took = await driver.talk(sessions, plan.think_s)
    talked, held, db_after = cost.cpu_s(pids), cost.memory(pids), cost.cpu_s(theirs)
    url = server.settings.url
    spoken = await asyncio.to_thread(_rows, url)
    await driver.send(sessions[:_SENT])
    for session in sessions:
        session.wire.close()
    while await asyncio.to_thread(_count, url, _AT_WORK):  # noqa: ASYNC110 nobody tells when it is done
        await asyncio.sleep(_QUIET_S)
    sent, made = cost.cpu_s(pids), await asyncio.to_thread(_rows, url)
    turns = max(1, len(took.turns))
    return Measured(
        **_times(plan, took),  # type: ignore[arg-type]  # whole numbers and milliseconds, each where it belongs
        cpu_ms=(talked - entered) * 1000 / turns,
        fallback=await asyncio.to_thread(_count, url, _FALLBACKS),
        idle_mib=idle / 2**20,
        session_kb=(held - idle) / plan.sessions / 1000,
        start_ms=(entered - began) * 1000 / plan.sessions,
        send_ms=(sent - talked) * 1000 / min(_SENT, plan.sessions),
        db_ms=(db_after - db_before) * 1000 / turns,
        rows=(spoken - empty) / plan.sessions + (made - spoken) / min(_SENT, plan.sessions),
    )


async def _bare(plan: Plan, port: int, pid: int) -> Measured:
    wire = Wire(port)
    while True:
        with contextlib.suppress(Lost):
            await wire.post("/turn", {"text": "?"})
            break
        await asyncio.sleep(0.1)
    wire.close()
    began = cost.cpu_s([pid])
    took = await driver.plain(port, plan.sessions, plan.think_s)
    spent = cost.cpu_s([pid]) - began
    times = _times(plan, took)
    return Measured(**times, cpu_ms=spent * 1000 / max(1, len(took.turns)), fallback=0)  # type: ignore[arg-type]


@contextmanager
def _process(*what: str, seconds: float) -> Iterator[tuple[int, int]]:
    """Its port and its process id."""
    port = free_port()
    process = subprocess.Popen([sys.executable, *what, str(port), str(seconds)])
    try:
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


def _times(plan: Plan, took: Took) -> dict[str, int | float]:
    beyond = sorted((seconds - plan.model_s) * 1000 for seconds in took.turns) or [0.0]
    cuts = statistics.quantiles(beyond, n=100) if len(beyond) > 1 else beyond * 99
    counted = {"sessions": plan.sessions, "workers": plan.workers, "turns": len(took.turns)}
    return counted | {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "errors": took.errors, "polled": took.polled}


async def _still(pids: Sequence[int]) -> int:
    """Wait until the processes have nothing left to do; gives the memory that they hold then."""
    while True:
        before = cost.cpu_s(pids)
        await asyncio.sleep(_QUIET_S)
        if cost.cpu_s(pids) - before < 0.1 * _QUIET_S:
            return cost.memory(pids)


def _count(url: str, query: str) -> int:
    engine = sqlalchemy.create_engine(url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            return int(connection.execute(sqlalchemy.text(query)).scalar_one())
    finally:
        engine.dispose()


def _rows(url: str) -> int:
    """In all tables together."""
    return sum(_count(url, f"SELECT count(*) FROM {name}") for name in SQLModel.metadata.tables)


async def _invite(deps: Deps, count: int) -> list[str]:
    people = [Invitee(email=f"b{number}@load.example", company=f"Company {number}") for number in range(count)]
    return [invited.link for invited in await invitations.invite(deps, people)]
