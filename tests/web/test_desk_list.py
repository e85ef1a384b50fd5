"""The list of the desk: every status, what is searched, and what stands first."""

import re

import pytest

from interviewer import checking, interviews, people, review, store
from interviewer.deps import Deps
from interviewer.flows import clock as flow_clock
from interviewer.review import PAGE
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import SAID, Browser, analysed, audit, every_status, invite, play, say


async def test_every_status_is_told_and_filtered(desk: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    made = await every_status(sqlite_deps, clock)
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
        ("call_booked", "booked a call"),
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
    made = await every_status(sqlite_deps, clock)
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
    assert await audit(sqlite_deps) == [("searched answers", "interviews")]


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
