"""One run of the gate: a server, a model, buyers, and troubles that come as the buyers get on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.gate import account
from benchmarks.gate.account import Account
from benchmarks.gate.buyer import Buyer, Habits
from benchmarks.gate.places import PostgresPlace, SqlitePlace
from interviewer import invitations
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.jobs.heart import BEAT
from interviewer.store import jobs
from tests.fakes.live_server import LiveServer, free_port

BUYERS_DO = ("abort", "double", "tabs", "call")
FAULTS = (*BUYERS_DO, "model", "kill", "reload", *SqlitePlace.troubles, *PostgresPlace.troubles, PostgresPlace.once)
_DISK_MB = 512
_ANSWERS = 5
"""That an interview takes, about: troubles are spread over as many of all buyers'."""
_RELOAD_S = 180.0
_LAST = 0.85
"""After this part of them no trouble begins any more."""


@dataclass(frozen=True)
class Plan:
    """What to do to whom. The same seed wants the same of buyers, troubles and model; machines differ all the same."""

    interviews: int = 500
    seed: int = 1
    database: str = "sqlite"
    workers: int = 1
    faults: frozenset[str] = frozenset(FAULTS)
    kills: int = 8
    """The other troubles come half as often, the long outage once."""
    trouble_s: float = 7.0
    """How long a lock, a full disk or an absence lasts: longer than the application waits for a lock."""
    outage_s: float = (jobs.SILENT + 2 * BEAT).total_seconds()
    """How long PostgreSQL is away when that takes long: every worker has been silent for long enough to be dead."""
    think_s: float = 1.0
    deadline_s: float = 8.0
    """What the application gives its model."""
    longest_s: float = 1800.0
    """For the interviews, and again for the work that they leave."""
    patient: bool = True
    """Whether work that failed is waited for until its next tries are over, minutes later."""


@dataclass(frozen=True)
class Outcome:
    account: Account
    troubles: dict[str, int]
    seconds: float
    small_disk: bool
    log: str
    """What the server wrote."""


def run(plan: Plan, told: Callable[[str], None] = lambda _line: None) -> Outcome:
    """Play it. `told` hears of each trouble as it begins."""
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="gate-", ignore_cleanup_errors=True) as name,
        contextlib.ExitStack() as open_,
    ):
        folder = Path(name)
        place = PostgresPlace() if plan.database == "postgresql" else SqlitePlace(folder, size_mb=_DISK_MB)
        open_.callback(place.close)
        model, port = open_.enter_context(_model(plan))
        server = LiveServer(
            folder,
            workers=plan.workers,
            OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1",
            OPENAI_API_KEY="local",
            INTERVIEWER_MODEL="stub",
            INTERVIEWER_MODEL_DAILY_TOKENS=str(10**12),  # counted as always, and never used up
            INTERVIEWER_REPLY_DEADLINE_S=str(plan.deadline_s),
            INTERVIEWER_DATABASE_URL=place.url,
        )
        server.start()
        open_.callback(server.kill)
        links = server.do(lambda deps: _invite(deps, plan.interviews))
        buyers = _buyers(plan, links, server.port)
        troubles = asyncio.run(_play(plan, buyers, Troubles(plan, server, place, told), model))
        _work_off(place.url, plan, told)
        server.stop()
        log = server.log.read_text()
        judged = account.judge([buyer.ledger for buyer in buyers], account.read(place.url), log, patient=plan.patient)
        small_disk = isinstance(place, SqlitePlace) and place.small_disk
        return Outcome(judged, dict(troubles), time.monotonic() - began, small_disk, log)


class Troubles:
    """What happens to the server and its database, in an order by the seed."""

    def __init__(
        self, plan: Plan, server: LiveServer, place: SqlitePlace | PostgresPlace, told: Callable[[str], None]
    ) -> None:
        self.met: Counter[str] = Counter()
        self._plan, self._server, self._place, self._told = plan, server, place, told
        self._chance = random.Random(plan.seed)
        others = [name for name in ("reload", *place.troubles) if name in plan.faults]
        self.order = [*(["kill"] * plan.kills if "kill" in plan.faults else []), *others * max(1, plan.kills // 2)]
        if isinstance(place, PostgresPlace) and place.once in plan.faults:
            self.order.append(place.once)
        self._chance.shuffle(self.order)

    def cause(self, name: str) -> None:
        """Do it, and wait until it is over."""
        self._told(name)
        self.met[name] += 1
        if name == "kill":
            self._kill()
        elif name == "reload":
            self._reload()
        elif name == PostgresPlace.once and isinstance(self._place, PostgresPlace):
            self._place.outage(self._plan.outage_s)
        elif name == "disk" and isinstance(self._place, SqlitePlace):
            self._place.disk(self._plan.trouble_s, lambda: [self._server.pid, *self._server.workers()])
        else:
            getattr(self._place, name)(self._plan.trouble_s)

    def _kill(self) -> None:
        """A worker, which is replaced; or all of it, as when the power fails, and it is started again."""
        workers = self._server.workers() if self._plan.workers > 1 else []
        if workers and self._chance.random() < 0.7:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._chance.choice(workers), signal.SIGKILL)
            return
        parent = psutil.Process(self._server.pid)
        parent.suspend()  # so that it starts no other meanwhile, which would keep the port
        family = parent.children(recursive=True)
        self._server.kill()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family)
        self._server.start()

    def _reload(self) -> None:
        """As a deploy does in mid-interview: all workers are replaced, or the one process ends and is started again."""
        if self._plan.workers == 1:
            self._server.stop()
            self._server.start()
            return
        before, until = set(self._server.workers()), time.monotonic() + _RELOAD_S
        os.kill(self._server.pid, signal.SIGHUP)
        while not (now := set(self._server.workers())) - before or now & before:
            assert time.monotonic() < until, "its workers were not replaced"
            time.sleep(0.1)


def _work_off(url: str, plan: Plan, told: Callable[[str], None]) -> None:
    """Wait until all background work has ended; what has not by then is told of in the account."""
    told("all are done: the work that they left")
    until = time.monotonic() + plan.longest_s
    while account.open_jobs(account.read(url).jobs, patient=plan.patient) and time.monotonic() < until:
        time.sleep(0.5)


async def _play(plan: Plan, buyers: list[Buyer], troubles: Troubles, model: subprocess.Popen[bytes]) -> Counter[str]:
    """Everybody answers; troubles begin as answers are acknowledged; then the model is well, and all get to the end."""
    talking = [asyncio.create_task(buyer.run()) for buyer in buyers]
    everybody = asyncio.create_task(_all(talking))
    whole = plan.interviews * _ANSWERS * _LAST

    async def trouble() -> None:
        for place, name in enumerate(troubles.order, 1):
            begin = whole * place / (len(troubles.order) + 1)
            while sum(buyer.ledger.acknowledged for buyer in buyers) < begin:  # noqa: ASYNC110 ledgers tell nobody
                await asyncio.sleep(0.1)
            await asyncio.to_thread(troubles.cause, name)

    troubling = asyncio.create_task(trouble())
    try:
        async with asyncio.timeout(plan.longest_s):
            await asyncio.wait([troubling, everybody], return_when=asyncio.FIRST_COMPLETED)
            if not everybody.done():
                await troubling
                model.send_signal(signal.SIGUSR1)
            await everybody
    except TimeoutError:
        pass  # whoever did not get to the end is told of in the account
    finally:
        for task in (troubling, *talking):
            task.cancel()
        await asyncio.gather(troubling, *talking, return_exceptions=True)
    return troubles.met


async def _all(talking: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*talking)


def _buyers(plan: Plan, links: list[str], port: int) -> list[Buyer]:
    habits = Habits.of(plan.faults, think_s=plan.think_s)
    return [
        Buyer(number, urlsplit(link).path, port, habits, plan.seed, timeout_s=plan.deadline_s + 30)
        for number, link in enumerate(links)
    ]


async def _invite(deps: Deps, count: int) -> list[str]:
    people = [Invitee(email=f"b{number}@gate.example", company=f"Company {number}") for number in range(count)]
    return [invited.link for invited in await invitations.invite(deps, people)]


@contextmanager
def _model(plan: Plan) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.gate.model", "--port", str(port), "--seed", str(plan.seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun, and takes signals
        if "model" not in plan.faults:
            process.send_signal(signal.SIGUSR1)
        yield process, port
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
