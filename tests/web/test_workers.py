"""`interviewer serve` as processes: whichever dies, stops or is replaced, no answer is lost or doubled.

To start one takes seconds of both cores, so tests share two servers, and start anew only what they ended.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from interviewer import store
from interviewer.deps import Deps
from interviewer.errors import NotSaved
from tests.fakes.databases import PostgresServer, SqliteFiles
from tests.fakes.live_server import LiveServer
from tests.fakes.model_plays import Play, Server, good
from tests.fakes.model_server import ModelServer
from tests.fakes.phone import Form, Page

SAID = "We missed two delivery windows in June and the ops director asked for a plan"
TOLD = [("interviewer", 1), ("buyer", 2), ("interviewer", 3)]
LONG_S = 240
"""Never waited for where all is well: a machine may be slow."""
EVER = ("--drain", "600")


class Model(ModelServer):
    """Answers, or lets everybody wait meanwhile: `with model.silent(): …`."""

    def __init__(self) -> None:
        super().__init__(usual=self._in_time)
        self._speaks = threading.Event()
        self._speaks.set()

    @contextmanager
    def silent(self) -> Iterator[None]:
        self._speaks.clear()
        try:
            yield
        finally:
            self._speaks.set()

    def _in_time(self, server: Server, body: dict[str, Any]) -> Play:
        self._speaks.wait(LONG_S)
        return good(server, body)


class Place:
    """A server of two processes with a model and a database of its own, kept from one test to the next."""

    def __init__(self, folder: Path, model: Model, database_url: str) -> None:
        self.model = model
        self.server = LiveServer(
            folder, workers=2, options=EVER, OPENAI_BASE_URL=model.url, INTERVIEWER_DATABASE_URL=database_url
        )
        self.server.log.touch()
        self._invited = count(1)

    def up(self) -> LiveServer:
        """It, serving: as the test before left it, or started anew."""
        if not self.server.workers():
            self.server.start()
        until(lambda: len(self.server.workers()) == 2)
        return self.server

    def talk(self) -> Talk:
        return Talk(self.up(), self.server.invite(f"kim{next(self._invited)}@buyer.example"))

    def asked(self, talk: Talk) -> None:
        """Send the answer, and wait until the model is asked about it."""
        before = len(self.model.requests)
        talk.send()
        until(lambda: len(self.model.requests) > before)


@contextmanager
def place(folder: Path, database_url: str) -> Iterator[Place]:
    with Model() as model:
        here = Place(folder, model, database_url)
        try:
            yield here
        finally:
            here.server.kill()
            until(lambda: not here.server.workers())


@pytest.fixture(scope="module")
def on_sqlite(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("on-sqlite")
    with sqlite_files.fresh(folder) as url, place(folder, url) as here:
        yield here


@pytest.fixture(scope="module")
def on_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with postgres_server.fresh() as url, place(tmp_path_factory.mktemp("on-postgres"), url) as here:
        yield here


class Talk:
    """A buyer at the first question."""

    def __init__(self, server: LiveServer, link: str) -> None:
        self.http = httpx2.Client(
            base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True, timeout=60
        )
        self._url = server.url
        landing = Page(self.http.get(link).text)
        self.form: Form = Page(self.http.post(landing.forms["start"].action).text).forms["answer"]
        self.path = self.form.action.rpartition("/")[0]
        self.answered: httpx2.Response | None = None
        self._sending = threading.Thread(target=self._send)

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        if self._sending.is_alive():
            self._sending.join()
        self.http.close()

    def send(self) -> None:
        """Answer, over a connection of its own, and do not wait."""
        self._sending.start()

    def wait(self) -> httpx2.Response | None:
        """What came back; None where the connection broke."""
        self._sending.join()
        return self.answered

    def said(self) -> list[tuple[str, int]]:
        return [(message.speaker, message.number) for message in Page(self.http.get(self.path).text).messages]

    async def kept(self, deps: Deps) -> list[tuple[str, int]]:
        """As `said`, from the database; what is still due does not count."""
        async with deps.db.read() as tx:
            rows = await store.turns.rows(tx, self.path.rpartition("/")[2])
        return [(row.speaker, row.number) for row in rows if not row.pending]

    def again(self) -> list[tuple[str, int]]:
        """The same answer sent again, as a phone does that heard nothing."""
        self.http.post(self.form.action, data={**self.form.fields, "text": SAID})
        return self.said()

    def _send(self) -> None:
        try:
            self.answered = httpx2.post(
                f"{self._url}{self.form.action}",
                data={**self.form.fields, "text": SAID},
                headers={"Sec-Fetch-Site": "same-origin", "Connection": "close"},
                cookies=self.http.cookies,
                timeout=60,
            )
        except httpx2.TransportError:
            self.answered = None


def until(true: Callable[[], object], every_s: float = 0.1) -> None:
    end = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(every_s)


def says(server: LiveServer, path: str = "/readyz") -> str:
    """To a new connection."""
    return httpx2.get(server.url + path, timeout=60).text


def listens(pid: int) -> bool:
    """Whether that process takes connections."""
    try:
        return any(each.status == psutil.CONN_LISTEN for each in psutil.Process(pid).net_connections("tcp"))
    except psutil.NoSuchProcess:
        return False


def test_one_that_is_killed_in_mid_turn_is_stood_in_for(on_sqlite: Place, on_postgres: Place) -> None:
    """On both at a time: what takes long is the lease of the dead."""
    with ExitStack() as held:
        killed = [_killed(here, held.enter_context(here.talk())) for here in (on_sqlite, on_postgres)]
        for here, talk, standing, dying in killed:
            until(lambda talk=talk: talk.said() == TOLD, every_s=1)  # type: ignore[misc]
            assert talk.again() == TOLD
            assert standing in here.up().workers() and dying not in here.server.workers()
            assert "was replaced" in here.server.log.read_text()


def _killed(here: Place, talk: Talk) -> tuple[Place, Talk, int, int]:
    """With who goes on, and who was killed while it had the buyer's answer in hand."""
    standing, dying = here.up().workers()
    with here.model.silent(), stopped(here, standing):  # so that the other one takes the answer
        here.asked(talk)
        os.kill(dying, signal.SIGKILL)
    assert talk.wait() is None
    assert talk.said()[:2] == TOLD[:2]
    return here, talk, standing, dying


def test_a_reload_lets_the_answer_out_and_drops_nobody(on_sqlite: Place) -> None:
    server = on_sqlite.up()
    before = set(server.workers())
    idle, holds = before
    told: set[str] = set()

    def all_new() -> bool:
        told.add(says(server))
        here = set(server.workers())
        return len(here) == 2 and not here & before

    with on_sqlite.talk() as talk:
        with on_sqlite.model.silent():
            with stopped(on_sqlite, idle):
                on_sqlite.asked(talk)
            os.kill(server.pid, signal.SIGHUP)
            until(lambda: told.add(says(server)) or not listens(holds))
        answer = talk.wait()
        assert answer is not None and answer.status_code == 303
        until(all_new)
        assert told == {"ready"}, "others on this port are there for a load balancer"
        assert talk.said() == TOLD


def test_a_stop_is_announced_and_lets_the_answer_out(on_sqlite: Place) -> None:
    server = on_sqlite.up()
    workers = server.workers()
    with on_sqlite.talk() as talk:
        with on_sqlite.model.silent():
            on_sqlite.asked(talk)
            os.kill(server.pid, signal.SIGTERM)
            until(lambda: says(server) == "draining")
            assert {says(server) for _ in range(8)} == {"draining"}
            with on_sqlite.talk() as late:
                assert late.said() == TOLD[:1], "new ones are served meanwhile"
            os.kill(server.pid, signal.SIGTERM)
            until(lambda: not any(listens(pid) for pid in workers))
        answer = talk.wait()
        assert answer is not None and answer.status_code == 303
        assert server.wait() == 0 and not server.workers()
        assert server.do(talk.kept) == TOLD


def test_when_the_one_that_started_them_is_killed_none_goes_on(on_postgres: Place) -> None:
    server = on_postgres.up()
    server.kill()
    until(lambda: not server.workers())
    with socket.create_server(("127.0.0.1", server.port)):
        """The next server can have it."""


def test_one_alone_hears_a_reload_as_a_stop_and_lets_the_answer_out(tmp_path: Path) -> None:
    with Model() as model:
        server = LiveServer(tmp_path, options=EVER, OPENAI_BASE_URL=model.url)
        server.start()
        try:
            with Talk(server, server.invite()) as talk:
                with model.silent():
                    talk.send()
                    until(lambda: model.requests)
                    assert says(server) == "ready"
                    os.kill(server.pid, signal.SIGHUP)
                    until(lambda: says(server) == "draining")
                    os.kill(server.pid, signal.SIGHUP)
                    until(lambda: not listens(server.pid))
                answer = talk.wait()
                assert answer is not None and answer.status_code == 303
                assert server.wait() == -signal.SIGTERM, "no failure to systemd, which starts it again"
                assert server.do(talk.kept) == TOLD
        finally:
            server.kill()


def test_what_cannot_work_is_told_once_it_is_tried(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "loss.toml").write_text("version = ")
    with pytest.raises(AssertionError, match=r"loss\.toml") as caught:
        LiveServer(tmp_path, workers=2, INTERVIEWER_FLOWS_DIR=str(tmp_path / "flows")).start()
    assert "The workers could not start" in str(caught.value) and "Traceback" not in str(caught.value)


@contextmanager
def stopped(here: Place, pid: int) -> Iterator[None]:
    """It does nothing meanwhile, and holds nothing that others wait for."""
    for number in count():
        os.kill(pid, signal.SIGSTOP)
        try:
            here.server.invite(f"probe{pid}-{number}@buyer.example")
        except NotSaved:
            os.kill(pid, signal.SIGCONT)
        else:
            break
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
