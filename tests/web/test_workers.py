"""`interviewer serve --workers`: any process answers; whichever dies or is replaced, no answer is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx2
import pytest

from interviewer import store
from interviewer.deps import Deps
from interviewer.errors import NotSaved
from tests.fakes.live_server import LiveServer
from tests.fakes.model_server import ModelServer
from tests.fakes.phone import Form, Page

SAID = "We missed two delivery windows in June and the ops director asked for a plan"
TOLD = [("interviewer", 1), ("buyer", 2), ("interviewer", 3)]
LONG_S = 240
"""Never waited for where all is well: a machine may be slow."""


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


@contextmanager
def serving(folder: Path, **env: str) -> Iterator[LiveServer]:
    server = LiveServer(folder, workers=2, **env)
    server.start()
    try:
        until(lambda: len(server.workers()) == 2)
        yield server
    finally:
        server.stop()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.05)


def test_one_that_is_killed_in_mid_turn_is_stood_in_for(tmp_path: Path, database_url: str) -> None:
    with (
        ModelServer(delay_s=5.0) as model,
        serving(tmp_path, OPENAI_BASE_URL=model.url, INTERVIEWER_DATABASE_URL=database_url) as server,
        Talk(server, server.invite()) as talk,
    ):
        standing, dying = server.workers()
        with stopped(server, standing):  # so that the other one takes the answer
            talk.send()
            until(lambda: model.requests)
            os.kill(dying, signal.SIGKILL)
        model.delay_s = 0.0
        assert talk.wait() is None
        assert talk.said()[:2] == TOLD[:2]
        until(lambda: talk.said() == TOLD)
        assert talk.again() == TOLD
        until(lambda: len(server.workers()) == 2 and dying not in server.workers())
        assert standing in server.workers() and "was replaced" in server.log.read_text()


def test_a_stop_lets_the_answer_out_and_a_reload_drops_nobody(tmp_path: Path, sqlite_url: str) -> None:
    with (
        ModelServer(delay_s=2.0) as model,
        serving(tmp_path, OPENAI_BASE_URL=model.url, INTERVIEWER_DATABASE_URL=sqlite_url) as server,
        Talk(server, server.invite()) as talk,
        Talk(server, server.invite("lee@buyer.example")) as late,
    ):
        before = set(server.workers())
        talk.send()
        until(lambda: model.requests)
        os.kill(server.pid, signal.SIGHUP)
        answers: list[int] = []

        def all_new() -> bool:
            answers.append(httpx2.get(f"{server.url}/healthz", timeout=60).status_code)
            here = set(server.workers())
            return len(here) == 2 and not here & before

        until(all_new)
        assert set(answers) == {200}
        answer = talk.wait()
        assert answer is not None and answer.status_code == 303
        assert talk.said() == TOLD
        asked = len(model.requests)
        late.send()
        until(lambda: len(model.requests) > asked)
        server.stop()
        answer = late.wait()
        assert answer is not None and answer.status_code == 303
        assert server.do(late.kept) == TOLD


def test_when_the_one_that_started_them_is_killed_none_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.kill()
        until(lambda: not server.workers())
        server.start()  # the port is free


def test_what_cannot_work_is_told_once_it_is_tried(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "loss.toml").write_text("version = ")
    with pytest.raises(AssertionError, match=r"loss\.toml") as caught:
        LiveServer(tmp_path, workers=2, INTERVIEWER_FLOWS_DIR=str(tmp_path / "flows")).start()
    assert "The workers could not start" in str(caught.value) and "Traceback" not in str(caught.value)


@contextmanager
def stopped(server: LiveServer, pid: int) -> Iterator[None]:
    """It does nothing meanwhile, and holds nothing that others wait for."""
    for number in count():
        os.kill(pid, signal.SIGSTOP)
        try:
            server.invite(f"probe{number}@buyer.example")
        except NotSaved:
            os.kill(pid, signal.SIGCONT)
        else:
            break
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
