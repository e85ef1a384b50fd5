"""PostgreSQL is stopped under a running server and comes back: nothing is marked saved that is not, and all goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from interviewer.deps import Deps
from interviewer.store import jobs
from tests.fakes.databases import PostgresServer
from tests.fakes.live_server import LiveServer
from tests.fakes.phone import Page

LONG_S = 120
"""Never waited for where all is well: a machine may be slow."""
SAID = "We missed two delivery windows in June and the ops director asked for a plan"


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server that nobody else uses."""
    server = PostgresServer()
    yield server
    server.close()


def test_an_answer_waits_on_the_phone_and_work_goes_on(tmp_path: Path, own_postgres: PostgresServer) -> None:
    with own_postgres.fresh() as url:
        server = LiveServer(tmp_path, INTERVIEWER_DATABASE_URL=url)
        server.start()
        try:
            with httpx2.Client(
                base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True, timeout=60
            ) as phone:
                landing = Page(phone.get(server.invite()).text)
                form = Page(phone.post(landing.forms["start"].action).text).forms["answer"]
                answer = {**form.fields, "text": SAID}
                with stopped(own_postgres):
                    refused = phone.post(form.action, data=answer, headers={"HX-Request": "true"})
                    assert refused.status_code == 503
                    assert "Not saved yet" in refused.text
                    assert phone.get("/readyz").status_code == 503
                until(lambda: phone.get("/readyz").status_code == 200)
                assert phone.post(form.action, data=answer, headers={"HX-Request": "true"}).status_code == 200
                chat = form.action.rpartition("/")[0]
                until(lambda: len(Page(phone.get(chat).text).messages) == 3)
            server.do(ask_for_work)
            until(lambda: server.do(work_is_done))
        finally:
            server.stop()


@contextmanager
def stopped(postgres: PostgresServer) -> Iterator[None]:
    postgres.stop()
    try:
        yield
    finally:
        postgres.start()


async def ask_for_work(deps: Deps) -> None:
    async with deps.db.write() as tx:
        await deps.jobs.enqueue(tx, "deliver", "nothing")


async def work_is_done(deps: Deps) -> bool:
    async with deps.db.read() as tx:
        row = await jobs.get(tx, "deliver", "nothing")
    return row is not None and row.state == jobs.DONE


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.2)
