"""What those who run the service ask it, and what it calls each request."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from interviewer.deps import Deps
from interviewer.settings import Settings
from interviewer.store.db import Database
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.phone import Phone
from tests.web.conftest import Invite

TOKEN = "a-token-for-prometheus"
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}


def client(app: object, **given: object) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, **given)  # type: ignore[arg-type]
    return httpx2.AsyncClient(transport=transport, base_url="http://testserver")


@pytest.fixture
def counted(sqlite_deps: Deps, settings: Settings) -> FastAPI:
    """An application that says what it counts."""
    told = settings.model_copy(update={"metrics_token": Settings(metrics_token=TOKEN).metrics_token})
    return create_app(replace(sqlite_deps, settings=told))


async def test_a_process_lives_whatever_the_database_does(app: FastAPI, sqlite_deps: Deps) -> None:
    await sqlite_deps.db.close()
    file = sqlite_deps.db.file
    assert file is not None
    file.unlink()
    async with client(app) as http:
        assert (await http.get("/healthz")).text == "ok"


async def test_ready_from_start_to_drain(app: FastAPI) -> None:
    async with client(app) as http:
        assert (await http.get("/readyz")).text == "starting"
        async with app.router.lifespan_context(app):
            ready = await http.get("/readyz")
            assert (ready.status_code, ready.text) == (200, "ready")
        drained = await http.get("/readyz")
        assert (drained.status_code, drained.text) == (503, "draining")


async def test_ready_with_a_newer_schema_and_not_with_an_older_one(db: Database, make_deps: MakeDeps) -> None:
    app = create_app(make_deps(db))
    app.state.started = True
    async with client(app) as http:
        for revision, said in (("9999", "ready"), ("0007", "migrations")):
            async with db.write() as tx:
                await (await tx.connection()).execute(
                    text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
                )
            assert (await http.get("/readyz")).text == said


async def test_a_database_that_is_away_is_named_and_nothing_else(make_deps: MakeDeps) -> None:
    db = Database("postgresql+psycopg://nobody:canary-password@127.0.0.1:1/none")
    app = create_app(make_deps(db))
    app.state.started = True
    async with client(app) as http:
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "database")
    await db.close()


async def test_there_is_no_page_of_counts_without_a_token(app: FastAPI, counted: FastAPI) -> None:
    async with client(app) as http:
        assert (await http.get("/metrics", headers=ALLOWED)).status_code == 404
    async with client(counted) as http:
        assert (await http.get("/metrics")).status_code == 401
        assert (await http.get("/metrics", headers={"Authorization": b"Bearer n\xf6"})).status_code == 401
        assert (await http.get("/metrics", headers=ALLOWED)).status_code == 200


async def test_counts_name_routes_and_nobody(counted: FastAPI, invite: Invite) -> None:
    link = await invite(email="zirkon@buyer.example")
    async with Phone(counted) as phone:
        await phone.start(link)
        await phone.say("zirkonword, the price of the import")
        interview_id = phone.interview_id
    async with client(counted) as http:
        page = (await http.get("/metrics", headers=ALLOWED)).text
        assert (await http.get("/zirkonpath")).status_code == 404
        again = (await http.get("/metrics", headers=ALLOWED)).text
    assert 'interviewer_request_seconds_count{method="GET",route="/i/{token}",status="200"}' in page
    assert 'interviewer_turns_total{kind="scripted"}' in page
    assert 'interviewer_funnel{stage="answered"} 1.0' in page and 'interviewer_funnel{stage="finished"} 0.0' in page
    assert "interviewer_database_up 1.0" in page and 'interviewer_database_connections{pool="reader"}' in page
    assert 'route="(none)",status="404"' in again
    assert not re.search(r"zirkon|@|/i/[A-Za-z0-9]", page + again) and interview_id not in page


async def test_counts_are_told_while_the_database_is_away(make_deps: MakeDeps, settings: Settings) -> None:
    db = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    told = settings.model_copy(update={"metrics_token": Settings(metrics_token=TOKEN).metrics_token})
    async with client(create_app(make_deps(db, settings=told))) as http:
        answer = await http.get("/metrics", headers=ALLOWED)
    assert answer.status_code == 200 and "interviewer_database_up 0.0" in answer.text
    await db.close()


_COUNTER = """
import sys
from interviewer import metrics
metrics.said("fallback", ("vague, passive", "passed"))
metrics.CONNECTIONS.labels("reader").inc(3)
metrics.MODEL.labels("ask_buyer", "answered").observe(1.2)
print("counted", flush=True)
sys.stdin.read()
"""
_READER = "import sys; from interviewer import metrics; sys.stdout.buffer.write(metrics.page())"


def test_processes_that_serve_together_count_together(tmp_path: Path) -> None:
    """Two of them count; a third is asked. What the dead had in use is theirs no more, what they counted stays."""
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _COUNTER], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for one in running:
        assert one.stdout is not None and one.stdout.readline() == "counted\n"

    def told() -> str:
        return subprocess.run(
            [sys.executable, "-c", _READER], env=env, capture_output=True, text=True, check=True
        ).stdout

    both = told()
    assert 'interviewer_turns_total{kind="fallback"} 2.0' in both
    assert 'interviewer_lint_total{verdict="passed"} 2.0' in both
    assert 'interviewer_lint_rule_total{rule="passive"} 2.0' in both
    assert 'interviewer_model_seconds_count{outcome="answered",prompt="ask_buyer"} 2.0' in both
    assert 'interviewer_database_connections{pool="reader"} 6.0' in both
    running[0].communicate("")
    one_left = told()
    assert 'interviewer_turns_total{kind="fallback"} 2.0' in one_left
    assert 'interviewer_database_connections{pool="reader"} 3.0' in one_left
    running[1].communicate("")


async def test_every_answer_names_its_request(app: FastAPI) -> None:
    async with client(app) as http:
        named = [(await http.get(path)).headers["x-request-id"] for path in ("/healthz", "/nothing", "/i/none")]
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in named) and len(set(named)) == 3


@pytest.mark.parametrize(
    ("peer", "given", "kept"),
    [
        ("10.0.0.9", "deploy-7f3a", True),
        ("203.0.113.5", "deploy-7f3a", False),
        ("10.0.0.9", "kim@buyer.example", False),
        ("10.0.0.9", "x", False),
    ],
    ids=["by a trusted proxy", "by anybody", "an address", "too short"],
)
async def test_an_id_is_taken_of_a_trusted_proxy_alone(app: FastAPI, peer: str, given: str, kept: bool) -> None:
    """As the server has it with `--proxy 10.0.0.9`."""
    behind = ProxyHeadersMiddleware(app, trusted_hosts="10.0.0.9")  # type: ignore[arg-type]
    headers = {"X-Forwarded-For": "198.51.100.7", "X-Request-ID": given}
    async with client(behind, client=(peer, 51234)) as http:
        answer = await http.get("/nothing", headers=headers)
    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.headers["x-request-id"] in answer.text
