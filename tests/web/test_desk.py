"""The desk: who gets where, what the list and the page say, and what is done there."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import col, select

import interviewer.web.desk
from interviewer import bookings, checking, erasure, interviews, invitations, people, review, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.flows import clock as flow_clock
from interviewer.review import PAGE
from interviewer.store.tables.analysis import AnalysisStepRow, JobRunRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.store.tables.people import AuditRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import SAID, Browser, analysed, invite, play, say

CANARY = "zirkonfeld"
DEAL = {
    "deal_id": "D-77",
    "amount": "18400",
    "currency": "EUR",
    "closed_on": "2026-10-30",
    "owner": "Rik Jansen",
    "rep_reason": "missing offline mode",
    "reason_category": "product",
    "primary_competitor": "Shiftwell",
}


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        yield one


@pytest.fixture(params=["plain", "htmx"])
async def desk(app: FastAPI, sqlite_deps: Deps, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """Product marketing, signed in, with and without htmx."""
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        if request.param == "htmx":
            one.http.headers["HX-Request"] = "true"
        yield one


@pytest.fixture
async def pmm(browser: Browser, sqlite_deps: Deps) -> Browser:
    await browser.sign_in(sqlite_deps)
    return browser


async def _audit(deps: Deps) -> list[tuple[str, str]]:
    async with deps.db.read() as tx:
        rows = (await tx.exec(select(AuditRow).order_by(col(AuditRow.id)))).all()
    return [(row.verb, row.object) for row in rows if row.verb not in ("signed in", "added as pmm", "added as sales")]


# who gets where

OPEN = {("GET", "/desk/sign-in"), ("POST", "/desk/sign-in"), ("GET", "/desk/sign-in/{token}")} | {
    ("POST", "/desk/sign-in/{token}"),
    ("POST", "/desk/sign-out"),
}
"""Signing in and out: the only desk routes that a stranger reaches."""

RULES = {
    ("GET", "/desk"): {"desk": 200, "others": 303},
    ("GET", "/desk/released"): {"desk": 200, "others": 200},
    ("GET", "/desk/interviews/{some_id}"): {"desk": 200, "others": 403},
    ("GET", "/desk/interviews/{some_id}/analysis"): {"desk": 200, "others": 403},
    ("GET", "/desk/interviews/{some_id}/evidence"): {"desk": 200, "others": 403},
    ("GET", "/desk/interviews/{some_id}/next"): {"desk": 303, "others": 403},
    ("POST", "/desk/interviews/{some_id}/finish"): {"desk": (303, 409), "others": 403},
    ("POST", "/desk/interviews/{some_id}/unfinish"): {"desk": 409, "others": 403},
    ("POST", "/desk/interviews/{some_id}/accept"): {"desk": 409, "others": 403},
    ("POST", "/desk/interviews/{some_id}/confirm"): {"desk": 422, "others": 403},
    ("POST", "/desk/interviews/{some_id}/rerun"): {"desk": 303, "others": 403},
    ("POST", "/desk/interviews/{some_id}/tags/{ref}/{verb}"): {"desk": 409, "others": 403},
    ("POST", "/desk/interviews/{some_id}/tags/{tag_id}/retag"): {"desk": 422, "others": 403},
    ("POST", "/desk/interviews/{some_id}/statements/{ref}/{verb}"): {"desk": 409, "others": 403},
    ("POST", "/desk/interviews/{some_id}/statements/{statement_id}/reword"): {"desk": 422, "others": 403},
    ("POST", "/desk/interviews/{some_id}/quotes"): {"desk": 422, "others": 403},
    ("POST", "/desk/interviews/{some_id}/quotes/{quote_id}/release"): {"desk": 409, "others": 403},
    ("POST", "/desk/interviews/{some_id}/quotes/{quote_id}/withdraw"): {"desk": 409, "others": 403},
    ("POST", "/desk/interviews/{some_id}/redactions"): {"desk": 422, "others": 403},
    ("GET", "/desk/interviews/{some_id}/export.{ending}"): {"desk": 200, "others": 403},
    ("GET", "/desk/interviews/{some_id}/print"): {"desk": 200, "others": 403},
    ("GET", "/desk/keys"): {"admin": 200, "desk": 403, "others": 403},
    ("POST", "/desk/keys"): {"admin": 422, "desk": 403, "others": 403},
    ("POST", "/desk/keys/{key_id}/revoke"): {"admin": 404, "desk": 403, "others": 403},
    ("GET", "/desk/exports"): {"desk": 200, "others": 200},
    ("GET", "/desk/exports/{name}"): {"desk": 200, "others": 403},
    ("GET", "/desk/library"): {"desk": 200, "others": 403},
    ("GET", "/desk/library/answer"): {"desk": 303, "others": 303},
    ("POST", "/desk/library/views"): {"desk": 422, "others": 403},
    ("POST", "/desk/library/views/{view_id}/delete"): {"desk": 404, "others": 403},
    ("GET", "/desk/review"): {"desk": 200, "others": 403},
    ("POST", "/desk/review/undo"): {"desk": 404, "others": 403},
    ("POST", "/desk/review/merge"): {"desk": 404, "others": 403},
    ("POST", "/desk/interviews/{some_id}/revoke"): {"desk": 303, "others": 403},
    ("POST", "/desk/interviews/{some_id}/replace"): {"desk": 303, "others": 403},
    ("GET", "/desk/interviews/{some_id}/deal"): {"desk": 200, "others": 403},
    ("POST", "/desk/interviews/{some_id}/deal"): {"desk": 409, "others": 403},
    ("GET", "/desk/import"): {"desk": 200, "others": 403},
    ("POST", "/desk/import"): {"desk": 422, "others": 403},
    ("POST", "/desk/import/keep"): {"desk": 422, "others": 403},
    ("GET", "/desk/interviews/{some_id}/delete"): {"desk": 200, "others": 403},
    ("POST", "/desk/interviews/{some_id}/delete"): {"desk": 303, "others": 403},
    ("POST", "/desk/retry"): {"desk": 303, "others": 403},
    ("GET", "/desk/quality"): {"desk": 200, "others": 403},
    ("GET", "/desk/calls"): {"desk": 200, "others": 403},
    ("POST", "/desk/calls/{call_id}"): {"desk": 303, "others": 403},
    ("GET", "/desk/preview"): {"desk": 200, "others": 403},
    ("POST", "/desk/preview"): {"desk": 303, "others": 403},
    ("GET", "/desk/preview/{some_id}"): {"desk": 303, "others": 403},
    ("POST", "/desk/preview/{some_id}/again"): {"desk": 303, "others": 403},
    ("POST", "/desk/preview/{some_id}/end"): {"desk": 303, "others": 403},
}
"""What each role gets from each route. A route that is missing here fails the test below."""


def _routes(app: FastAPI) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in _flat(app.routes)
        if route.path.startswith("/desk")
        for method in (route.methods or set()) - {"HEAD"}
    }


def _flat(routes: list) -> list[APIRoute]:  # type: ignore[type-arg]
    return [one for route in routes for one in ([route] if isinstance(route, APIRoute) else _flat(_inner(route)))]


def _inner(route: object) -> list:  # type: ignore[type-arg]
    return list(getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", []))


def test_every_route_of_the_desk_has_a_rule(app: FastAPI) -> None:
    assert _routes(app) == set(RULES) | OPEN


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule[0]} {rule[1]}")
async def test_roles_by_routes(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs, rule: tuple[str, str]) -> None:
    method, path = rule
    said = (*SAID[:3], f"It was {CANARY} who said no, in the trial in March", SAID[4])
    invitation_id, _ = await play(sqlite_deps, said=said, company=CANARY, name=f"Jo {CANARY}", **DEAL)
    await jobs.run(sqlite_deps)
    await _request_call(sqlite_deps, invitation_id, phone="+44 20 7946 0018", first_time=CANARY)
    async with sqlite_deps.db.read() as tx:
        call_id = (await tx.exec(select(CallRequestRow.id))).one()
    nothing = dict.fromkeys(("ref", "tag_id", "statement_id", "quote_id"), 0)
    names = {"verb": "confirm", "ending": "csv", "name": "quotes.csv", "key_id": "none", "view_id": "none"}
    address = path.format(some_id=invitation_id, call_id=call_id, **names, **nothing)
    async with Browser(app) as stranger:
        answer = await (stranger.get(address) if method == "GET" else stranger.post(address))
        assert answer.status_code == 303 and answer.headers["location"].startswith("/desk/sign-in?next=")
        assert CANARY not in answer.text.lower()
    for role in sorted(Role, key=lambda role: role in (Role.ADMIN, Role.PMM)):  # those who may act come last
        async with Browser(app) as one:
            await one.sign_in(sqlite_deps, role)
            answer = await (one.get(address) if method == "GET" else one.post(address))
        reader = role in (Role.ADMIN, Role.PMM)
        expected = RULES[rule].get(role, RULES[rule]["desk" if reader else "others"])
        assert answer.status_code in (expected if isinstance(expected, tuple) else (expected,)), (role, answer.text)
        if not reader:
            assert CANARY not in answer.text.lower() and "brightwater" not in answer.text.lower()
            assert "D-77" not in answer.text and "18,400" not in answer.text


def test_only_one_place_of_the_desk_renders_pages() -> None:
    """`Desk.page` takes nothing unfiltered; a route that went round it would."""
    folder = Path(interviewer.web.desk.__file__).parent
    rendering = re.compile(r"templating\.(page|fragment)\(|import .*\b(page|fragment)\b|HTMLResponse")
    assert [path.name for path in folder.glob("*.py") if rendering.search(path.read_text("utf-8"))] == ["pages.py"]


async def test_sales_gets_a_calm_page_of_its_own(browser: Browser, sqlite_deps: Deps) -> None:
    await play(sqlite_deps)
    await browser.sign_in(sqlite_deps, "sales")
    page = (await browser.get((await browser.get("/desk")).headers["location"])).text
    assert "Nothing has been released yet" in page and "so that it helps in the next deal" in page
    assert "/desk/calls" not in page and "/desk/library" not in page


async def _request_call(deps: Deps, invitation_id: str, **given: str) -> None:
    facts = {"first_time": "Tuesday after 3", "second_time": "", "phone": "+44 20 7946 0018", "time_zone": ""}
    await bookings.request(deps, invitation_id, **(facts | given))


# the list


async def _every_status(deps: Deps, clock: FakeClock) -> dict[str, str]:
    """One invitation of each status, made by what really leads there. Company -> status."""
    made = {}
    for status in ("expired", "left_early"):
        given = {"email": f"{status}@x.example", "company": f"co-{status}"}
        if status == "expired":
            made[status] = await invite(deps, **given)
            clock.advance(days=deps.settings.link_days)
        else:
            made[status], _ = await play(deps, said=SAID[:2], send=False, **given)
            clock.advance(hours=25)
            await checking.settle_silent(deps)
    for status in ("finished", "in_progress", "wants_a_call", "invited", "declined", "opted_out", "revoked", "deleted"):
        given = {"email": f"{status}@x.example", "company": f"co-{status}"}
        if status in ("finished", "deleted"):
            made[status], _ = await play(deps, **given)
        elif status == "in_progress":
            made[status], _ = await play(deps, said=SAID[:1], send=False, **given)
        else:
            made[status] = await invite(deps, **given)
        clock.advance(minutes=1)
    await _request_call(deps, made["wants_a_call"])
    await invitations.decline(deps, made["declined"])
    await invitations.opt_out(deps, deps.links.opt_out(made["opted_out"]).rpartition("/")[2])
    await invitations.revoke(deps, made["revoked"])
    async with deps.db.read() as tx:
        row = await store.interviews.of_invitation(tx, made["deleted"])
    assert row is not None
    await erasure.erase(deps, row.id)
    return made


async def test_every_status_is_told_and_filtered(desk: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    made = await _every_status(sqlite_deps, clock)
    await desk.sign_in(sqlite_deps)
    for status, invitation_id in made.items():
        text = (await desk.get(f"/desk?status={status}")).text
        assert re.findall(r'href="/desk/interviews/([^"]+)"', text) == [invitation_id], status
        assert f'data-status="{status}"' in text
    everything = (await desk.get("/desk")).text
    assert set(re.findall(r'href="/desk/interviews/([^"]+)"', everything)) == set(made.values())
    assert "co-deleted" not in everything


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("invited", "send the personal link"),
        ("wants_a_call", "ring them"),
        ("declined", "would rather not take part"),
        ("opted_out", "not to be written to again"),
        ("revoked", "revoked before an answer came"),
        ("expired", "ran out before an answer came"),
        ("deleted", "gone for good"),
    ],
)
async def test_a_page_without_answers_says_why(
    browser: Browser, sqlite_deps: Deps, clock: FakeClock, status: str, words: str
) -> None:
    made = await _every_status(sqlite_deps, clock)
    await browser.sign_in(sqlite_deps)
    assert words in (await browser.get(f"/desk/interviews/{made[status]}")).text


async def test_a_scanner_that_pressed_start_changes_no_status(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps)
    await interviews.start(sqlite_deps, invitation_id)
    assert 'data-status="invited"' in (await pmm.get("/desk")).text
    assert "No answer yet" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text


async def test_htmx_gets_the_block_and_others_the_page(desk: Browser, sqlite_deps: Deps) -> None:
    await play(sqlite_deps)
    answer = await desk.get("/desk?q=leith&status=&flow=")
    script = "HX-Request" in desk.http.headers
    assert answer.text.startswith("<section" if script else "<!doctype html>") is True
    assert 'id="interviews"' in answer.text and "Brightwater Leisure" in answer.text
    assert answer.headers.get("hx-replace-url") == ("/desk?q=leith" if script else None)
    assert "HX-Request" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("brightwater", True),
        ("MARSH", True),
        ("jo@bright", True),
        ("champion", True),
        ("lifeguard", True),
        ("shiftwell 4am", True),
        ("lifeguard kayak", False),
        ("100%", False),
        ("_", False),
        ("what happened", False),  # the interviewer's words are not searched
    ],
)
async def test_search(pmm: Browser, sqlite_deps: Deps, words: str, found: bool) -> None:
    await play(sqlite_deps)
    text = (await pmm.http.get("/desk", params={"q": words})).text
    assert ("Brightwater Leisure" in text) is found
    assert ("Nothing matches" in text) is not found


async def test_a_hit_shows_where_it_stands(desk: Browser, sqlite_deps: Deps) -> None:
    await play(
        sqlite_deps, said=(*SAID[:4], "Ask <b>them</b> who answers at night before any LIFEGUARD does"), send=False
    )
    await desk.sign_in(sqlite_deps)
    text = (await desk.get("/desk?q=lifeguard+night")).text
    shown = re.findall(r'<q class="hit" lang="en">(.*?)</q>', text)
    assert shown == [
        "Ask &lt;b&gt;them&lt;/b&gt; who answers at <mark>night</mark> before any <mark>LIFEGUARD</mark> does"
    ]
    assert 'class="hit"' not in (await desk.get("/desk?q=brightwater")).text
    assert await _audit(sqlite_deps) == [("searched answers", "interviews")]


async def test_search_finds_other_alphabets_in_any_case(deps: Deps) -> None:
    await people.add_user(deps, "mara@x.example", "pmm")
    secret = await people.sign_in(deps, (await people.make_link(deps, "mara@x.example")).rpartition("/")[2])
    viewer = await people.viewer(deps, secret)
    assert viewer is not None
    await invite(deps, company="Österreichische Bäder")
    for words in ("österreich", "ÖSTERREICH", "Bäder"):
        assert (await review.interviews(deps, viewer, review.Wanted(text=words))).found == 1
    listing = await review.interviews(deps, viewer, review.Wanted(flow="loss", status="invited"))
    assert (listing.found, listing.everything) == (1, 1)


async def test_removed_words_are_not_found(pmm: Browser, sqlite_deps: Deps) -> None:
    _, interview_id = await play(sqlite_deps, said=SAID[:2], send=False)
    await checking.remove(sqlite_deps, interview_id, browser="phone", number=2)
    assert "Nothing matches" in (await pmm.get("/desk?q=lifeguard")).text


async def test_pages(pmm: Browser, sqlite_deps: Deps) -> None:
    for n in range(PAGE + 2):
        await invite(sqlite_deps, email=f"n{n}@x.example", company=f"co{n}")
    first, second = (await pmm.get("/desk")).text, (await pmm.get("/desk?page=2")).text
    assert first.count('class="who"') == PAGE and second.count('class="who"') == 2
    assert "Page 1 of 2" in first and 'rel="next"' in first and 'rel="prev"' in second
    assert 'href="/desk?page=2"' in first and 'href="/desk?status=invited"' in first and 'href="/desk"' in second
    assert "Page 2 of 2" in (await pmm.get("/desk?page=99")).text
    for nonsense in ("0", "-1", "x", "9" * 30, "²"):
        assert (await pmm.http.get("/desk", params={"page": nonsense})).status_code == 200


async def test_the_latest_come_first(pmm: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    early = await invite(sqlite_deps, email="a@x.example")
    clock.advance(minutes=1)
    late = await invite(sqlite_deps, email="b@x.example")
    clock.advance(minutes=1)
    interview_id = await interviews.start(sqlite_deps, early)
    await say(sqlite_deps, interview_id, SAID[0])
    assert re.findall(r'href="/desk/interviews/([^"]+)"', (await pmm.get("/desk")).text) == [early, late]


async def test_an_empty_desk_names_the_next_step(pmm: Browser) -> None:
    text = (await pmm.get("/desk")).text
    assert "Your first interview will stand here" in text and "interviewer invite" in text
    assert "Nobody is waiting for a call" in (await pmm.get("/desk/calls")).text


async def test_the_line_says_what_was_answered_and_how_long_it_took(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    async with sqlite_deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        assert row is not None
        flow, transcript = await store.interviews.flow(tx, row), await store.turns.transcript(tx, interview_id)
    spent = round(flow_clock.read(flow, transcript).spent_s)
    text = (await pmm.get("/desk")).text
    assert "5 of 5" in text
    assert f"about {round(spent / 60)} min" in text and not re.search(r"\d s\b", text)


async def test_a_refusal_is_no_answer(pmm: Browser, sqlite_deps: Deps) -> None:
    await play(sqlite_deps, said=(SAID[0], "I'd rather not say"), send=False)
    assert re.search(r"\b1 of 5\b", (await pmm.get("/desk")).text)


# the page


async def test_the_page_of_a_finished_interview(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(sqlite_deps, jobs, **DEAL)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    for words in ("Three notes", "Most surprising", "Summary", "Tagged quotes", "How this was read", "by rules"):
        assert words in text
    for fact in ("18,400 EUR", "closed 30 Oct", "missing offline mode", "Rik Jansen", "Shiftwell", "unknown to the"):
        assert fact in text
    plain = re.sub(r"<(small|a class=\"tag\").*?</(small|a)>|<[^>]+>", "", text)
    for said in SAID:
        assert said in plain
    assert ">What started the search</span>" in text and ">Trigger</span>" not in text
    cited = set(re.findall(r'class="cite num" href="#(q\d+)"', text))
    assert cited and cited <= set(re.findall(r'id="(q\d+)"', text))
    assert (await pmm.get(f"/desk/interviews/{interview_id}")).text == text


async def test_everything_is_read_alike_from_both_databases(deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(deps, jobs, **DEAL)
    await _request_call(deps, invitation_id)
    await _step(deps, interview_id, "failed", name="more")
    viewer = Viewer("u", Role.PMM)
    listing = await review.interviews(deps, viewer, review.Wanted(status="finished", flow="loss", text="lifeguard 4am"))
    (head,) = listing.heads
    assert (head.company, head.answered, head.call_open, head.analysis) == ("Brightwater Leisure", 5, True, "failed")
    assert head.headline and head.seconds > 0
    assert [(failure.key, failure.company) for failure in listing.failures] == [(interview_id, "Brightwater Leisure")]
    page = await review.interview(deps, viewer, interview_id)
    assert page.head.id == invitation_id and page.deal.amount == 18400 and page.call.phone == "+44 20 7946 0018"
    assert [part.text for turn in page.exchanges if turn.number == 2 for part in turn.segments if part.quotes]
    assert page.notes and all(note.quotes for note in page.notes)
    assert len((await review.calls(deps, viewer)).open) == await review.open_calls(deps, viewer) == 1


async def test_a_question_says_why_it_was_asked_unless_it_was_simply_next(pmm: Browser, sqlite_deps: Deps) -> None:
    said = (*SAID[:2], "", "support mostly", SAID[3])
    invitation_id, interview_id = await play(sqlite_deps, said=said, send=False)
    text = html.unescape((await pmm.get(f"/desk/interviews/{invitation_id}")).text)
    told = re.findall(r'<details class="why"><summary>(.*?)</summary>', text)
    async with sqlite_deps.db.read() as tx:
        why = {row.move: row.why for row in await store.turns.rows(tx, interview_id) if row.move}
    assert why["ask:alternatives"] and why["ask:alternatives"] not in told and why["ask:trigger"] not in told
    others = [why[move] for move in why if not move.startswith("ask:")]
    assert others and set(others) <= set(told)
    assert text.count("the flow's own") == len(told)


@pytest.mark.parametrize(
    ("sent", "agreed", "words"),
    [
        (False, None, "was not asked whether"),
        (True, None, "has not answered whether"),
        (True, False, "did not agree that"),
        (True, True, "agreed that"),
    ],
)
async def test_whether_the_reason_may_go_to_the_crm(
    pmm: Browser, sqlite_deps: Deps, sent: bool, agreed: bool | None, words: str
) -> None:
    invitation_id, interview_id = await play(sqlite_deps, send=sent, **DEAL)
    if agreed is not None:
        await checking.consent_to_crm(sqlite_deps, interview_id, browser="phone", agreed=agreed)
    assert f"The buyer {words}" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text


async def test_two_turns_of_one_minute_are_cited_once(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, _ = await analysed(sqlite_deps, jobs)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    for sentence in re.findall(r"<p>((?:(?!</p>).)*class=\"cite.*?)</p>", text, re.S):
        times = re.findall(r'data-as="time">([\d:]+)<', sentence)
        assert len(times) == len(set(times)), sentence


async def test_what_the_model_did_is_told(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps, send=False)
    async with sqlite_deps.db.write() as tx:
        for row in await store.turns.rows(tx, interview_id):
            if row.number == 3:
                row.source, row.model, row.prompt_id, row.calls = "model", "openai:gpt-5-mini", "ask_buyer@3f9a1c2b", 2
                row.verdicts, row.latency_ms = ["one_question", "passed"], 2340
            if row.number == 5:
                row.source, row.model = "fallback", "openai:gpt-5-mini"
            tx.add(row)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    check = "first words turned down: one question; asked again: passed"
    for words in ("gpt-5-mini", "ask_buyer@3f9a1c2b", "2 calls in 2.3 s", check, "gave nothing usable"):
        assert words in text


async def test_turns_that_are_special_are_marked(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=(*SAID[:2], ""), send=False)
    await say(sqlite_deps, interview_id, SAID[3], browser="another phone")
    await checking.change(sqlite_deps, interview_id, browser="phone", number=2, text="She left, that is all")
    await checking.remove(sqlite_deps, interview_id, browser="phone", number=4)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    for words in ("changed by the buyer", "Removed by the buyer", "Skipped.", "from a second browser", "She left"):
        assert words in text
    assert "lifeguard" not in text and "another council" not in text


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "</textarea></title><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)//<iframe>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_nothing_that_people_write_becomes_markup(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, payload: str
) -> None:
    said = (f"{payload} {SAID[0]}", f"{SAID[1]} {payload}", *SAID[2:4], payload)
    invitation_id, _ = await analysed(
        sqlite_deps, jobs, said=said, name=payload, company=payload, role=payload, rep_reason=payload, owner=payload
    )
    await _request_call(sqlite_deps, invitation_id, first_time=payload, time_zone=payload[:60])
    for path in ("/desk", f"/desk?q={payload[:20]}", f"/desk/interviews/{invitation_id}", "/desk/calls"):
        text = (await pmm.get(path)).text
        for tag in ("<script>alert", "<img src=x", "<svg onload", "<iframe", "' onmouseover='alert"):
            assert tag not in text, path
        assert "49 " not in text
    assert (await pmm.get(f"/desk/interviews/{invitation_id}/delete")).status_code == 200


async def test_an_unknown_id_is_not_found(pmm: Browser) -> None:
    for path in ("/desk/interviews/nobody", "/desk/interviews/nobody/delete", "/desk/interviews/nobody/analysis"):
        assert (await pmm.get(path)).status_code == 404
    for path in ("revoke", "replace", "delete"):
        assert (await pmm.post(f"/desk/interviews/nobody/{path}")).status_code == 404
    assert (await pmm.post("/desk/calls/nobody", handled="yes")).status_code == 404


async def test_looking_is_audited_without_content(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(sqlite_deps, jobs)
    await pmm.get("/desk")
    await pmm.get(f"/desk/interviews/{invitation_id}")
    assert await _audit(sqlite_deps) == [("viewed transcript", f"interview:{interview_id}")]


# an analysis on its way, or given up


async def _step(deps: Deps, interview_id: str, state: str, *, name: str = "tags") -> None:
    async with deps.db.write() as tx:
        tx.add(AnalysisStepRow(interview_id=interview_id, step=name, state=state, at=deps.now()))
        if state == "failed":
            tx.add(JobRunRow(job="analyse", key=interview_id, state="failed", attempts=5, queued_at=deps.now()))


async def test_a_waiting_analysis_is_watched_until_it_is_there(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps)
    await _step(sqlite_deps, interview_id, "waiting")
    assert "The answers are being read" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert (await pmm.get(f"/desk/interviews/{invitation_id}/analysis")).status_code == 204
    async with sqlite_deps.db.write() as tx:
        row = await tx.get(AnalysisStepRow, (interview_id, "tags"))
        assert row is not None
        row.state = "done"
        tx.add(row)
    assert (await pmm.get(f"/desk/interviews/{invitation_id}/analysis")).headers["hx-refresh"] == "true"


async def test_failed_work_is_seen_and_tried_again(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await play(sqlite_deps)
    jobs.queued.clear()
    await _step(sqlite_deps, interview_id, "failed")
    listed, page = (await pmm.get("/desk")).text, (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "1 piece of background work did not finish" in listed and "Retry" in listed
    assert "The analysis did not finish" in page
    back = await pmm.post("/desk/retry", job="analyse", key=interview_id, back=f"/desk/interviews/{invitation_id}")
    assert back.headers["location"] == f"/desk/interviews/{invitation_id}?done=retried"
    assert "in the queue again" in (await pmm.get(back.headers["location"])).text
    assert jobs.keys("analyse") == [interview_id]
    assert ("retried analyse", f"job:{interview_id}") in await _audit(sqlite_deps)


@pytest.mark.parametrize("job", ["analyse", "drop_everything", ""])
async def test_only_what_failed_is_tried_again(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, job: str) -> None:
    _, interview_id = await play(sqlite_deps)
    jobs.queued.clear()
    assert (await pmm.post("/desk/retry", job=job, key=interview_id)).headers["location"] == "/desk"
    assert jobs.queued == []


# links, deletion, calls


async def _invitation(deps: Deps, invitation_id: str) -> InvitationRow:
    async with deps.db.read() as tx:
        row = await store.invitations.get(tx, invitation_id)
    assert row is not None
    return row


async def test_a_link_is_revoked_and_made_again(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps)
    path = f"/desk/interviews/{invitation_id}"
    link = sqlite_deps.links.interview(invitation_id, 1)
    assert link in (await pmm.get(path)).text
    told = (await pmm.post(f"{path}/revoke")).headers["location"]
    assert told == f"{path}?done=revoked" and "The link was revoked" in (await pmm.get(told)).text
    assert (await _invitation(sqlite_deps, invitation_id)).revoked_at == sqlite_deps.now()
    revoked = (await pmm.get(path)).text
    assert link not in revoked and "revoked 2 Nov" in re.sub(r"<[^>]+>", "", revoked) and "Make a new link" in revoked
    told = (await pmm.post(f"{path}/replace")).headers["location"]
    assert told == f"{path}?done=replaced"
    for address in (told, path):
        fresh = (await pmm.get(address)).text
        assert link not in fresh and f'readonly value="{sqlite_deps.links.interview(invitation_id, 2)}"' in fresh
        assert ("There is a new link" in fresh) is (address == told)
        assert "The link was revoked" not in (await pmm.get(f"{path}?done=revoked")).text
    assert await _audit(sqlite_deps) == [
        ("revoked link", f"invitation:{invitation_id}"),
        ("replaced link", f"invitation:{invitation_id}"),
    ]


async def test_an_expired_link_says_so_and_a_wish_for_a_new_one_is_seen(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock
) -> None:
    invitation_id = await invite(sqlite_deps)
    clock.advance(days=sqlite_deps.settings.link_days + 1)
    await pmm.sign_in(sqlite_deps)
    await invitations.ask_new_link(sqlite_deps, sqlite_deps.links.interview(invitation_id, 1).rpartition("/")[2])
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "ran out" in text and "Asked for a new link on" in text and "then copy the new one and mail it" in text
    assert "asked for a new link" in (await pmm.get("/desk")).text
    await pmm.post(f"/desk/interviews/{invitation_id}/replace")
    for path in ("/desk", f"/desk/interviews/{invitation_id}"):
        assert "asked for a new link" not in (await pmm.get(path)).text.lower()


async def test_who_asked_for_a_new_link_last_comes_first(deps: Deps, clock: FakeClock) -> None:
    early = await invite(deps, email="a@x.example")
    clock.advance(minutes=1)
    late = await invite(deps, email="b@x.example")
    viewer = Viewer("u", Role.PMM)
    assert [head.id for head in (await review.interviews(deps, viewer, review.Wanted())).heads] == [late, early]
    clock.advance(minutes=1)
    await invitations.ask_new_link(deps, deps.links.interview(early, 1).rpartition("/")[2])
    heads = (await review.interviews(deps, viewer, review.Wanted())).heads
    assert [(head.id, bool(head.link_asked_at)) for head in heads] == [(early, True), (late, False)]
    assert heads[0].at == deps.now()


async def test_who_opted_out_gets_no_new_link(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps)
    await invitations.ask_new_link(sqlite_deps, sqlite_deps.links.interview(invitation_id, 1).rpartition("/")[2])
    await invitations.opt_out(sqlite_deps, sqlite_deps.links.opt_out(invitation_id).rpartition("/")[2])
    for path in ("/desk", f"/desk/interviews/{invitation_id}"):
        assert "new link" not in (await pmm.get(path)).text


WISHES = {"person": "I would rather talk to a person", "deletion": "Please delete my answers"}


@pytest.mark.parametrize("wish", WISHES)
async def test_what_is_asked_for_in_the_chat_is_not_lost(pmm: Browser, sqlite_deps: Deps, wish: str) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:1], send=False)
    number = await say(sqlite_deps, interview_id, WISHES[wish])
    path, link = f"/desk/interviews/{invitation_id}", f'<a href="#t{number}">Asked for'
    text, (other,) = (await pmm.get(path)).text, {"person", "deletion"} - {wish}
    assert link in text and f'id="t{number}"' in text and f"Asked for {other}" not in text
    listed = (await pmm.get("/desk")).text
    assert ("asked for a person" in listed) is (wish == "person")
    assert ("asked for deletion" in listed) is (wish == "deletion")
    if wish == "person":
        await _request_call(sqlite_deps, invitation_id)
    else:
        await pmm.post(f"{path}/delete")
    assert link not in (await pmm.get(path)).text and f"asked for {wish}" not in (await pmm.get("/desk")).text


async def test_what_is_told_comes_from_a_short_list(pmm: Browser, sqlite_deps: Deps) -> None:
    path = f"/desk/interviews/{await invite(sqlite_deps)}"
    for done in ("paid", "<b>", "replaced&done=gone"):
        text = (await pmm.get(f"{path}?done={done}")).text
        assert 'class="banner done"' not in text and "<b>" not in text.partition("<main")[2]


@pytest.mark.parametrize("begun", [True, False])
async def test_deleting_asks_first_and_then_leaves_nothing(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, begun: bool
) -> None:
    given = {"company": CANARY, "name": CANARY, "email": f"{CANARY}@x.example", **DEAL}
    if begun:
        said = (f"{CANARY} {SAID[0]}", *SAID[1:])
        invitation_id, _ = await analysed(sqlite_deps, jobs, said=said, **given)
    else:
        invitation_id = await invite(sqlite_deps, **given)
    path = f"/desk/interviews/{invitation_id}/delete"
    assert "This cannot be undone" in (await pmm.get(path)).text
    assert CANARY in (await pmm.get("/desk")).text
    assert (await pmm.post(path)).headers["location"] == "/desk?done=deleted"
    assert "Deleted for good" in (await pmm.get("/desk?done=deleted")).text
    for address in ("/desk", f"/desk/interviews/{invitation_id}", f"/desk?q={CANARY}"):
        page = (await pmm.get(address)).text.replace(f"/desk?q={CANARY}", "").replace(f'value="{CANARY}"', "")
        assert CANARY not in re.sub(r"“[^”]*”|flow=&amp;q=\w+", "", page), address
    async with sqlite_deps.db.read() as tx:
        assert not any(CANARY in row.text for row in (await tx.exec(select(TurnRow))).all())
    assert ("deleted", f"invitation:{invitation_id}") in await _audit(sqlite_deps)


async def test_calls_are_listed_and_ticked_off(pmm: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    for n, company in enumerate(("First Co", "Second Co")):
        invitation_id = await invite(sqlite_deps, email=f"c{n}@x.example", company=company)
        await _request_call(sqlite_deps, invitation_id, time_zone="Europe/London")
        clock.advance(minutes=5)
    text = (await pmm.get("/desk/calls")).text
    assert text.index("First Co") < text.index("Second Co")
    for words in ("Tuesday after 3", "tel:+442079460018", "Europe/London", '2<span class="word"> open'):
        assert words in text
    call_id = re.findall(r'action="/desk/calls/([^"]+)"', text)[0]
    done = await pmm.post(f"/desk/calls/{call_id}", handled="yes")
    assert "Marked as handled" in (await pmm.get(done.headers["location"])).text
    handled = (await pmm.get("/desk/calls")).text
    assert '1<span class="word"> open' in handled and handled.index("Second Co") < handled.index("First Co")
    assert 'data-status="invited"' in (await pmm.get("/desk")).text
    done = await pmm.post(f"/desk/calls/{call_id}", handled="no")
    assert "open again" in (await pmm.get(done.headers["location"])).text
    assert '2<span class="word"> open' in (await pmm.get("/desk/calls")).text
    assert [verb for verb, _ in await _audit(sqlite_deps)] == ["handled call", "reopened call"]


async def test_the_filter_finds_every_open_call(deps: Deps, clock: FakeClock) -> None:
    made = await _every_status(deps, clock)
    for status in ("declined", "finished", "deleted"):
        if status != "deleted":
            await _request_call(deps, made[status])
    viewer = Viewer("u", Role.PMM)
    listing = await review.interviews(deps, viewer, review.Wanted(status="wants_a_call"))
    assert {head.id for head in listing.heads} == {made[name] for name in ("declined", "finished", "wants_a_call")}
    counted = {count.value: count.number for count in listing.statuses}
    assert listing.found == counted["wants_a_call"] == await review.open_calls(deps, viewer) == 3
    assert counted["declined"] == counted["finished"] == 1
    assert listing.of_any_status == listing.everything == len(made)


async def test_a_call_at_the_scheduler_says_so(make_deps, sqlite_deps: Deps, pmm: Browser) -> None:  # type: ignore[no-untyped-def]
    settings = sqlite_deps.settings.model_copy(update={"scheduling_url": "https://book.example/mara"})
    invitation_id = await invite(sqlite_deps)
    await bookings.choose_scheduler(make_deps(sqlite_deps.db, settings=settings), invitation_id, prefilled=True)
    assert "Went to the booking page" in (await pmm.get("/desk/calls")).text
    assert "Went to the booking page" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text


async def test_an_unanswered_interview_waits_without_an_analysis(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, _ = await play(sqlite_deps, said=SAID[:1], send=False)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "follow when the interview ends" in text and "Three notes</h2>" not in text


async def test_left_early_with_one_answer_is_not_analysed(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:1], send=False)
    async with sqlite_deps.db.read() as tx:
        row = await tx.get(InterviewRow, interview_id)
    assert row is not None
    clock.advance(seconds=timedelta(hours=25).total_seconds())
    await pmm.sign_in(sqlite_deps)
    await checking.settle_silent(sqlite_deps)
    await jobs.run(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert 'data-status="left_early"' in text and "at least two answers" in text
