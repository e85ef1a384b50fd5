"""What the tests of exports share: a deal, an export taken whole, and its rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import openpyxl

from interviewer import dossier, exporting, store
from interviewer.confidentiality import Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.exporting import Wanted
from interviewer.exports import EXPORTS, About, What
from interviewer.records import Head, Interview
from interviewer.store import extracts
from tests.fakes.clock import FakeClock

PMM = Viewer("mara", Role.PMM, "Mara")
TABLES = (What.INTERVIEWS, What.QUOTES, What.DEALS, What.CORRECTIONS, What.RELEASED)
DEAL = {
    "deal_id": "D-77",
    "amount": "18400",
    "currency": "EUR",
    "closed_on": "2026-10-30",
    "rep_reason": "price",
    "reason_category": "pricing",
    "primary_competitor": "Rosterly",
}


async def taken(deps: Deps, wanted: Wanted, ending: str, viewer: Viewer = PMM) -> bytes:
    return b"".join([piece async for piece in await exporting.stream(deps, viewer, wanted, ending)])


def table(data: bytes, ending: str) -> list[dict[str, Any]]:
    """The rows of a CSV, XLSX or JSON export."""
    if ending == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if ending == "json":
        document = json.loads(data)
        rows: list[dict[str, Any]] = next(value for value in document.values() if isinstance(value, list))
        return rows
    first, *rest = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip([str(name) for name in first], row, strict=True)) for row in rest]


async def agree(deps: Deps, interview_id: str) -> None:
    """The buyer agrees that the reason goes back to the CRM, and a person has reviewed the interview."""
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.crm_consent, row.reviewed_at = True, deps.now()
        tx.add(row)


async def seen_by(viewer: Viewer, deps: Deps, **changes: str) -> Seen[Interview]:
    """An interview of which the head says what is given."""
    async with deps.db.read() as tx:
        (line,) = await extracts.lines(tx, extracts.Filter(), after=None, limit=1)
        page = await dossier.page(deps, tx, line)
    head: Head = replace(page.head, **changes)
    return see(viewer, replace(page, head=head))


async def written(ending: str, *interviews: Seen[Interview], what: What = What.INTERVIEWS) -> bytes:
    async def records() -> AsyncIterator[Seen[Any]]:
        for interview in interviews:
            yield interview

    about = About(what, FakeClock()(), "https://desk.example")
    return b"".join([piece async for piece in EXPORTS[ending].write(about, records())])
