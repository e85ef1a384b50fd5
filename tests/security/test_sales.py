"""Sales sees no number (trust.md 10): what it is shown is the same however many buyers there are."""

from __future__ import annotations

import io
import re
import zipfile

from fastapi import FastAPI

from interviewer.confidentiality import Role
from interviewer.deps import Deps
from tests.fakes.jobs import RecordingJobs
from tests.security import house as scene
from tests.web.api_scene import Program, key
from tests.web.desk_scene import Browser, analysed, invite, request_call
from tests.web.test_crawl import WAYS, Ids


async def test_what_sales_sees_is_the_same_with_one_buyer_and_with_many(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    ids, secret = Ids(house.page, house.interview, house.booking), await key(sqlite_deps, Role.SALES)
    async with Browser(app) as desk, Program(app, secret) as program:
        await desk.sign_in(sqlite_deps, "sales")
        before = await _seen(desk, program, ids)
        for number in range(3):
            page, _ = await analysed(sqlite_deps, jobs, email=f"b{number}@harbour.example", company=f"Harbour {number}")
            await invite(sqlite_deps, f"i{number}@harbour.example")
            await request_call(sqlite_deps, page)
        after = await _seen(desk, program, ids)
    assert sum(told.startswith("200") for told in before.values()) > 5, "there is something to look at"
    assert {way: told for way, told in after.items() if told != before[way]} == {}


async def _seen(desk: Browser, program: Program, ids: Ids) -> dict[str, str]:
    """Status and content of every GET there is, without the reference that each answer has of its own."""
    found = {}
    for way in (ids.fill(way) for ways in WAYS.values() for way in ways):
        if way.startswith(("/i/", "/interview/", "/o/", "/metrics", "/healthz", "/readyz")):
            continue
        answer = await (program if way.startswith("/api/") else desk).http.get(way)
        body = answer.content
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                parts = [name for name in sorted(packed.namelist()) if name != "docProps/core.xml"]  # when it was made
                body = b"".join(map(packed.read, parts))
        text = re.sub(answer.headers.get("x-request-id", "-"), "", body.decode("utf-8", "replace"))
        found[way] = f"{answer.status_code} {answer.headers.get('location', '')}\n{text}"
    return found
