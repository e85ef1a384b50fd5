"""No token, address or answer is in a log or a span, whatever happens on the way (trust.md 8)."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from interviewer import interviews, keys, logs, tracing
from interviewer.deps import Deps
from interviewer.errors import BadInput, MailFailed, NotSaved
from interviewer.jobs.engine import Engine
from interviewer.settings import Settings
from interviewer.store.db import Database
from tests.conftest import MakeDeps
from tests.fakes.phone import Phone
from tests.web.conftest import Invite
from tests.web.desk_scene import SAID, Browser, path_of

CANARY = "zirkon"


@pytest.fixture
def lines(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What a server logs, as JSON, line by line; filled when the test asks by `read`."""
    out = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers, root.level
    logs.configure(settings.model_copy(update={"log_format": "json", "log_level": "DEBUG"}))
    structlog.configure(cache_logger_on_first_use=False)  # else other tests would log here for good
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)

    class Lines(list[dict[str, Any]]):
        def read(self) -> str:
            self[:] = [json.loads(line) for line in out.getvalue().splitlines()]
            return out.getvalue()

    yield Lines()
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield exporter
    tracing.use(None)
    provider.shutdown()


async def everything(app: FastAPI, deps: Deps, invite: Invite, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A whole interview, the desk and the API, with what goes wrong. Gives every secret that was in an address."""
    link = await invite(email=f"{CANARY}@buyer.example", deal_id=f"{CANARY}-1")
    secrets = {path_of(link).rpartition("/")[2]}
    async with Phone(app) as phone:
        await phone.start(link)
        for text in SAID[:3]:
            await phone.say(f"{CANARY}word. {text}")

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError(f"{CANARY} in an error: {SAID[0]}")

        async def locked(*_: object, **__: object) -> None:
            raise NotSaved(f"{CANARY} is locked")

        page = f"/interview/{phone.interview_id}"
        await phone.open(f"/i/{CANARY}token-that-is-wrong")
        for failing in (broken, locked):
            with monkeypatch.context() as patch:
                patch.setattr(interviews, "answer", failing)
                await phone.open(page)
                await phone.say(f"{CANARY} again, and it failed")
    async with Browser(app) as desk:
        await desk.sign_in(deps, "pmm", f"{CANARY}@tidewater.example")
        for path in (
            "/desk",
            f"/desk?q={CANARY}",
            f"/desk/interviews/{CANARY}",
            "/desk/status",
            "/desk/library?q=price",
        ):
            await desk.get(path)
        admin = await desk.sign_in(deps, "admin")
        secrets |= {cookie.value or "" for cookie in desk.http.cookies.jar}
        token = (await keys.make(deps, admin, f"{CANARY} key", role="pmm", scopes=["interviews:read"])).secret
        secrets.add(token)
        for given in (token, f"ivk_{CANARY}"):
            desk.http.cookies.clear()
            await desk.http.get(f"/api/v1/interviews?flow={CANARY}", headers={"Authorization": f"Bearer {given}"})
    return secrets - {""}


async def test_nothing_of_anybody_is_in_the_log(
    app: FastAPI, sqlite_deps: Deps, invite: Invite, monkeypatch: pytest.MonkeyPatch, lines: Any
) -> None:
    secrets = await everything(app, sqlite_deps, invite, monkeypatch)
    written = lines.read()
    assert CANARY not in written and not [secret for secret in secrets if secret in written]
    told = [line for line in lines if line["event"] == "request"]
    assert {(line["route"], line["status"]) for line in told} >= {
        ("/i/{token}", 200),
        ("/interview/{interview_id}/answer", 500),
        ("/interview/{interview_id}/answer", 503),
        ("/desk/status", 200),
        ("/api/v1/interviews", 401),
    }
    assert all(line["ms"] >= 0 and line["request"] for line in told)
    failed = next(line for line in lines if line["event"] == "request failed")
    assert failed["request"] in {line["request"] for line in told}


async def test_nothing_of_anybody_is_in_a_span(
    app: FastAPI,
    sqlite_deps: Deps,
    invite: Invite,
    monkeypatch: pytest.MonkeyPatch,
    spans: InMemorySpanExporter,
) -> None:
    secrets = await everything(app, sqlite_deps, invite, monkeypatch)
    made = spans.get_finished_spans()
    names = {span.name for span in made}
    assert names >= {"turn", "read", "write", "GET /i/{token}", "POST /interview/{interview_id}/answer"}
    written = "".join(span.to_json() for span in made)
    assert CANARY not in written and not [secret for secret in secrets if secret in written]
    assert not any(span.events for span in made), "an exception's words would stand there"
    assert any(span.attributes["http.response.status_code"] == 500 for span in made if "http.route" in span.attributes)
    turn = next(span for span in made if span.name == "turn")
    inside = next(span for span in made if span.name == "write" and span.parent == turn.context)
    assert inside.context.trace_id == turn.context.trace_id


async def test_jobs_and_models_have_spans_and_lines_of_their_own(
    db: Database, make_deps: MakeDeps, spans: InMemorySpanExporter, lines: Any
) -> None:
    begun = asyncio.Event()

    async def work(_deps: Deps, key: str) -> None:
        begun.set()
        structlog.get_logger().info("at it")
        raise MailFailed(f"{CANARY} said no", permanent=True)

    engine = Engine(db, handlers={"deliver": work}, sweeps=(), poll_s=0.05)
    deps = make_deps(db, jobs=engine)
    await engine.start(deps)
    async with db.write() as tx:
        await engine.enqueue(tx, "deliver", "delivery-1")
    await begun.wait()
    await engine.stop()
    assert "job failed" in lines.read()
    at_it = next(line for line in lines if line["event"] == "at it")
    assert (at_it["job"], at_it["key"]) == ("deliver", "delivery-1")
    assert CANARY not in lines.read()
    job = next(span for span in spans.get_finished_spans() if span.name == "job")
    assert dict(job.attributes or {}) == {"interviewer.job": "deliver", "error.type": "MailFailed"}


def test_spans_are_made_where_they_are_wanted() -> None:
    there = {tracing.ENDPOINT: "http://collector:4318"}
    assert [tracing.wanted(*given) for given in (("", {}), ("", there), ("off", there), ("otlp", {}))] == [
        False, True, False, True,
    ]  # fmt: skip


def test_without_the_libraries_one_is_told_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace.export", None)
    with pytest.raises(BadInput, match=r"pip install 'interviewer\[otel\]'"):
        tracing.check("otlp", {})
    tracing.check("", {})
