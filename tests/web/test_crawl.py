"""Every GET route, every export and the API as each role, over a database full of canaries (trust.md 9, 48).

A canary is planted in everything that says who a buyer is, what was said, and what the CRM has. A route that is not
named in `WAYS` fails the test: whoever adds one says how it is crawled.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import select

from interviewer import keys, reviewing
from interviewer.agenda import brief
from interviewer.bookings import noting
from interviewer.confidentiality import AUDIENCES, Role, Viewer
from interviewer.deps import Deps
from interviewer.exports import EXPORTS, What
from interviewer.links import digest
from interviewer.reviewing import Retag
from interviewer.store.tables.analysis import QuoteRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.store.tables.review import TokenRow
from tests.fakes.jobs import RecordingJobs
from tests.web.api_scene import Program
from tests.web.desk_scene import SAID, Browser, analysed, book_call, play

SAID_THERE, PERSON, COMPANY, LOGGED = "zirkonturn", "zirkonperson", "zirkonfirm", "zirkonlogged"
NOTED, EXPECTED = "zirkonnoted", "zirkonexpected"
"""In the notes of a call, and in what the team expects to hear."""
CANARIES = (SAID_THERE, PERSON, COMPANY, LOGGED, NOTED, EXPECTED)
WORDS, PARAPHRASE = "kestrelwords", "lanternphrase"
"""What was released: the buyer's words to all but sales, and a paraphrase to sales."""

RELEASED = f"Ask who answers the phone at night {WORDS} before you look at any feature"
ANSWERS = (*(f"{text}. Also {SAID_THERE}{place}" for place, text in enumerate(SAID[:4])), RELEASED)
DEAL = {
    "deal_id": "D-77",
    "amount": "18400",
    "currency": "EUR",
    "closed_on": "2026-10-30",
    "owner": LOGGED,
    "rep_reason": f"{LOGGED} price",
    "rep_competitor": LOGGED,
    "reason_category": "pricing",
    "reason_explanation": LOGGED,
}
THERE = Viewer("", Role.ADMIN, "console")

EXPORTED = tuple(f"{what}.{ending}" for what in What for ending in EXPORTS)
QUERIES = ("", "?status=finished", "?flow=loss", "?q=lifeguard")
LISTS = ("", "?limit=1", "?flow=loss&reviewed=false")
WAYS: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/healthz": ("/healthz",),
    "/readyz": ("/readyz",),
    "/metrics": ("/metrics",),
    "/robots.txt": ("/robots.txt",),
    "/static/{hashed}": ("/static/none.css",),
    "/desk": tuple(f"/desk{query}" for query in QUERIES),
    "/desk/account": ("/desk/account",),
    "/desk/audit": ("/desk/audit", "/desk/audit?kind=interview", "/desk/audit?by=-&from=2026-01-01"),
    "/desk/person": ("/desk/person",),
    "/desk/calls": ("/desk/calls",),
    "/desk/calls/hours": ("/desk/calls/hours",),
    "/desk/calls/{booking_id}": ("/desk/calls/{call}",),
    "/desk/calls/{call_id}/book": ("/desk/calls/call/book",),
    "/desk/calls/{booking_id}/move": ("/desk/calls/{call}/move",),
    "/desk/exports": ("/desk/exports", "/desk/exports?flow=loss&audience=sales"),
    "/desk/exports/{name}": tuple(f"/desk/exports/{name}" for name in EXPORTED),
    "/desk/import": ("/desk/import",),
    "/desk/interviews/{some_id}": ("/desk/interviews/{page}", "/desk/interviews/{interview}"),
    "/desk/interviews/{some_id}/analysis": ("/desk/interviews/{page}/analysis",),
    "/desk/interviews/{some_id}/deal": ("/desk/interviews/{page}/deal",),
    "/desk/interviews/{some_id}/told": ("/desk/interviews/{page}/told",),
    "/desk/interviews/{some_id}/delete": ("/desk/interviews/{page}/delete",),
    "/desk/interviews/{some_id}/evidence": ("/desk/interviews/{page}/evidence",),
    "/desk/interviews/{some_id}/export.{ending}": tuple(
        f"/desk/interviews/{{page}}/export.{ending}" for ending in EXPORTS
    ),
    "/desk/interviews/{some_id}/next": ("/desk/interviews/{page}/next",),
    "/desk/interviews/{some_id}/print": ("/desk/interviews/{page}/print",),
    "/desk/keys": ("/desk/keys",),
    "/desk/library": ("/desk/library", "/desk/library?q=lifeguard", "/desk/library?q=price&theme=pricing"),
    "/desk/library/answer": ("/desk/library/answer?q=what+do+buyers+say+about+price",),
    "/desk/people": ("/desk/people",),
    "/desk/people/{user_id}": ("/desk/people/none",),
    "/desk/preview": ("/desk/preview",),
    "/desk/preview/{some_id}": ("/desk/preview/{page}",),
    "/desk/quality": ("/desk/quality", "/desk/quality?outcome=passed"),
    "/desk/status": ("/desk/status",),
    "/desk/released": ("/desk/released", *(f"/desk/released?audience={role}" for role in AUDIENCES)),
    "/desk/review": ("/desk/review",),
    "/desk/review/reading": ("/desk/review/reading", "/desk/review/reading?left=0"),
    "/desk/sign-in": ("/desk/sign-in",),
    "/desk/sign-in/company": ("/desk/sign-in/company",),
    "/desk/sign-in/company/back": ("/desk/sign-in/company/back?code=none&state=none",),
    "/desk/sign-in/{token}": ("/desk/sign-in/none",),
    "/i/{token}": ("/i/none",),
    "/i/{token}/call": ("/i/none/call",),
    "/i/{token}/call/calendar.ics": ("/i/none/call/calendar.ics",),
    "/i/{token}/call/cancel": ("/i/none/call/cancel",),
    "/i/{token}/call/other": ("/i/none/call/other",),
    "/i/{token}/call/times": ("/i/none/call/times",),
    "/i/{token}/declined": ("/i/none/declined",),
    "/i/{token}/notice": ("/i/none/notice",),
    "/interview/{interview_id}": ("/interview/{interview}",),
    "/interview/{interview_id}/answers.txt": ("/interview/{interview}/answers.txt",),
    "/interview/{interview_id}/call": ("/interview/{interview}/call",),
    "/interview/{interview_id}/call/calendar.ics": ("/interview/{interview}/call/calendar.ics",),
    "/interview/{interview_id}/call/cancel": ("/interview/{interview}/call/cancel",),
    "/interview/{interview_id}/call/other": ("/interview/{interview}/call/other",),
    "/interview/{interview_id}/call/times": ("/interview/{interview}/call/times",),
    "/interview/{interview_id}/check": ("/interview/{interview}/check",),
    "/interview/{interview_id}/delete": ("/interview/{interview}/delete",),
    "/interview/{interview_id}/done": ("/interview/{interview}/done",),
    "/interview/{interview_id}/notice": ("/interview/{interview}/notice",),
    "/interview/{interview_id}/withdraw": ("/interview/{interview}/withdraw",),
    "/interview/{interview_id}/reply": ("/interview/{interview}/reply?after=1",),
    "/o/{token}": ("/o/none",),
    "/api/v1/openapi.json": ("/api/v1/openapi.json",),
    "/api/v1/interviews": tuple(f"/api/v1/interviews{query}" for query in LISTS),
    "/api/v1/interviews/{interview_id}": ("/api/v1/interviews/{interview}", "/api/v1/interviews/{page}"),
    "/api/v1/deals": tuple(f"/api/v1/deals{query}" for query in LISTS),
    "/api/v1/corrections": tuple(f"/api/v1/corrections{query}" for query in LISTS),
    "/api/v1/quotes": tuple(f"/api/v1/quotes{query}" for query in LISTS),
    "/api/v1/statements": tuple(f"/api/v1/statements{query}" for query in LISTS),
    "/api/v1/released": ("/api/v1/released", *(f"/api/v1/released?audience={role}" for role in AUDIENCES)),
}
"""How each GET route is crawled: addresses, with the ids of an interview full of canaries."""


def _get_routes(routes: list, prefix: str = "") -> Iterator[str]:  # type: ignore[type-arg]
    for route in routes:
        if isinstance(route, APIRoute):
            if "GET" in (route.methods or ()):
                yield prefix + route.path
        elif router := getattr(route, "original_router", None):
            yield from _get_routes(router.routes, prefix + route.include_context.prefix)


def test_every_get_route_has_a_way(app: FastAPI) -> None:
    assert sorted(set(_get_routes(app.routes))) == sorted(WAYS)


@dataclass(frozen=True)
class Ids:
    page: str
    interview: str
    call: str

    def fill(self, way: str) -> str:
        ids = {"{page}": self.page, "{interview}": self.interview, "{call}": self.call}
        for name, some_id in ids.items():
            way = way.replace(name, quote(some_id))
        return way


@pytest.fixture
async def ids(sqlite_deps: Deps, jobs: RecordingJobs) -> Ids:
    """An interview whose every part is a canary, but for one statement that is released to each team."""
    about = {"company": COMPANY, "name": f"Jo {PERSON}", "segment": "public", **DEAL}
    page, interview = await play(sqlite_deps, said=ANSWERS, email=f"{PERSON}@{COMPANY}.example", **about)
    await jobs.run(sqlite_deps)
    other = f"ann.{PERSON}@second-{COMPANY}.example"
    await analysed(sqlite_deps, jobs, said=ANSWERS, email=other, flow="win", company=f"Second {COMPANY}")
    await _release(sqlite_deps, interview)
    call = await book_call(sqlite_deps, page)
    await noting.save(sqlite_deps, THERE, call, [noting.Given("trigger", NOTED, 0)])
    await brief.expect(sqlite_deps, THERE, "loss", EXPECTED, 0)
    async with sqlite_deps.db.write() as tx:
        for row in (await tx.exec(select(InterviewRow))).all():
            row.crm_consent, row.reviewed_at = True, sqlite_deps.now()
            tx.add(row)
        invitation = await tx.get(InvitationRow, page)
        assert invitation is not None
        tx.add(
            CallRequestRow(
                id="call",
                invitation_id=page,
                channel="times",
                first_time=PERSON,
                phone=PERSON,
                created_at=sqlite_deps.now(),
            )
        )
    return Ids(page, interview, call)


async def _release(deps: Deps, interview_id: str) -> None:
    async with deps.db.read() as tx:
        turns = (await tx.exec(select(TurnRow).where(TurnRow.interview_id == interview_id))).all()
        number = next(turn.number for turn in turns if turn.text == RELEASED)
        row_id = next(turn.id for turn in turns if turn.number == number)
    tag = Retag(theme="peer_recommendation", subject="support hours", polarity="negative")
    await reviewing.mark(deps, THERE, interview_id, number, 0, len(RELEASED), RELEASED, tag)
    async with deps.db.read() as tx:
        found = select(QuoteRow).where(QuoteRow.turn_id == row_id, QuoteRow.start == 0, QuoteRow.end == len(RELEASED))
        quote_id = (await tx.exec(found)).one().id or 0
    for audience in AUDIENCES:
        wording = f"Phones at night matter, {PARAPHRASE} says" if audience is Role.SALES else ""
        await reviewing.release(deps, THERE, interview_id, quote_id, audience, wording)


def _all_of_it(headers: object, body: bytes) -> str:
    """Everything that an answer holds, what is packed in a workbook included."""
    texts = [str(headers), body.decode("utf-8", "replace")]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            texts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    return "\n".join(texts).lower()


async def _key(deps: Deps, role: Role) -> str:
    """A key with every scope, also those that its role cannot be given: the second wall has to hold, too."""
    secret = f"{keys.PREFIX}{role}"
    row = TokenRow(
        id=role,
        name=role,
        digest=digest(secret),
        role=role,
        scopes=list(keys.Scope),
        user_id="",
        created_at=deps.now(),
    )
    async with deps.db.write() as tx:
        tx.add(row)
    return secret


async def _crawl(app: FastAPI, deps: Deps, ids: Ids, role: Role) -> dict[str, str]:
    """What each address answered this role, by address: at the desk, and to a key."""
    found = {}
    app.state.started = True  # as a server has it, that takes requests
    async with Browser(app) as desk, Program(app, await _key(deps, role)) as program:
        await desk.sign_in(deps, role)
        for ways in WAYS.values():
            for way in map(ids.fill, ways):
                http = program.http if way.startswith("/api/") else desk.http
                answer = await http.get(way)
                assert answer.status_code < 500, (role, way, answer.text)
                found[way] = _all_of_it(answer.headers, answer.content)
    return found


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PMM])
async def test_the_crawl_finds_what_there_is(app: FastAPI, sqlite_deps: Deps, ids: Ids, role: Role) -> None:
    found = await _crawl(app, sqlite_deps, ids, role)
    for canary in (*CANARIES, WORDS, PARAPHRASE):
        assert any(canary in text for text in found.values()), canary
    for what in (What.INTERVIEWS, What.QUOTES, What.DEALS):
        for ending in EXPORTS:
            assert COMPANY in found[f"/desk/exports/{what}.{ending}"]
    assert SAID_THERE in found[f"/desk/interviews/{ids.page}/print"]
    assert "<b>4</b> statements" in found["/desk/exports"]
    assert SAID_THERE in found[f"/api/v1/interviews/{ids.interview}"]


@pytest.mark.parametrize("role", AUDIENCES)
async def test_other_roles_find_what_was_released_and_nothing_else(
    app: FastAPI, sqlite_deps: Deps, ids: Ids, role: Role
) -> None:
    found = await _crawl(app, sqlite_deps, ids, role)
    told = [(canary, way) for canary in CANARIES for way, text in found.items() if canary in text]
    assert told == []
    mine, not_mine = (PARAPHRASE, WORDS) if role is Role.SALES else (WORDS, PARAPHRASE)
    assert [way for way, text in found.items() if not_mine in text] == []
    for way in ("/desk/released", "/api/v1/released", *(f"/desk/exports/released.{ending}" for ending in EXPORTS)):
        assert mine in found[way], way
    assert ("d-77" in found["/api/v1/corrections"]) == (role is Role.REVOPS)


async def test_strangers_find_nothing(app: FastAPI, sqlite_deps: Deps, ids: Ids) -> None:
    async with Browser(app) as stranger:
        for ways in WAYS.values():
            for way in map(ids.fill, ways):
                answer = await stranger.get(way)
                text = _all_of_it(answer.headers, answer.content)
                assert not [canary for canary in (*CANARIES, WORDS, PARAPHRASE) if canary in text], way
