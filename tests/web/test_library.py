"""The library at the desk: search, filters, kept views and questions, as the roles that may see it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer.deps import Deps
from interviewer.store.tables.people import AuditRow
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import Browser, analysed

ALL = "/desk/library"


@pytest.fixture
async def desk(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        yield browser


@pytest.fixture
async def scene(sqlite_deps: Deps, jobs: RecordingJobs) -> str:
    """A loss with words about Shiftwell, and a win with words about the rota."""
    lost, _ = await analysed(sqlite_deps, jobs, segment="Leisure", amount="18400", currency="EUR")
    await analysed(
        sqlite_deps,
        jobs,
        email="b@x.example",
        company="Fjord Pools",
        flow="win",
        amount="120000",
        said=(
            "A new safety rule in March meant we had to show who was on duty, minute by minute",
            "Rotaplan was the other one, and our spreadsheet of course",
            "The implementation worried us, nine days of consultants sounded long",
            "Your phone support answered within a minute in the trial, that decided it for us",
            "Go and see the migration before you sign, it is the only hard part of it",
        ),
    )
    return lost


def shown(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


async def test_the_library_opens_on_quotes_with_counts(desk: Browser, scene: str) -> None:
    page = (await desk.get(ALL)).text
    assert "2 interviews" in page and "anecdotal" in page
    assert re.search(r"Quotes <b>\d+</b>", page)
    assert f"/desk/interviews/{scene}#q" in page


async def test_words_are_found_marked_and_lead_to_their_turn(desk: Browser, scene: str) -> None:
    page = (await desk.get(f"{ALL}?q=SHIFTWELL+4am")).text
    assert "<mark>Shiftwell</mark>" in page and "<mark>4am</mark>" in page and "Fjord" not in page
    assert re.search(rf'href="/desk/interviews/{scene}#(q|t)\d+"', page)
    assert "<mark>Brightwater" not in (await desk.get(f"{ALL}?q=fjord")).text


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("flow=win", "Fjord Pools", "Brightwater"),
        ("outcome=lost", "Brightwater", "Fjord Pools"),
        ("least=100000", "Fjord Pools", "Brightwater"),
        ("most=20000", "Brightwater", "Fjord Pools"),
        ("segment=Leisure", "Brightwater", "Fjord Pools"),
        ("status=open&flow=loss", "Brightwater", "Fjord Pools"),
        ("competitor=shiftwell", "Brightwater", "Fjord Pools"),
        ("language=de", "Nothing matches", "Brightwater"),
        ("mode=human", "Nothing matches", "Brightwater"),
        ("since=2199-01-01", "Nothing matches", "Brightwater"),
        ("q=%F0%9F%98%80", "Nothing matches", "Brightwater"),
    ],
)
async def test_filters_stand_in_the_address(desk: Browser, scene: str, query: str, there: str, gone: str) -> None:
    page = (await desk.get(f"{ALL}?{query}")).text
    assert there in page and gone not in page


async def test_values_keep_the_spelling_that_was_given(
    desk: Browser, scene: str, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    await analysed(sqlite_deps, jobs, email="c@x.example", segment="Energy, UK", role="IT lead")
    text = shown((await desk.get(f"{ALL}?segment=energy%2C+uk")).text)
    assert "Segment: Energy, UK" in text and "Energy, uk" not in text
    text = shown((await desk.get(ALL)).text)
    assert "IT lead" in text and "It lead" not in text and "Champion 2" in text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("q=what+do+buyers+say+about+zeppelins%3F", "Nothing answers this: ask it in other words."),
        (
            "q=what+do+buyers+say+about+zeppelins+in+deals+over+100k%3F",
            "Nothing within these filters answers this: take a filter away, or ask it in other words.",
        ),
        ("q=zeppelin", "Nothing has this word: try another one."),
        ("q=zeppelin+hangar", "Nothing has all of these words in one place: use fewer of them."),
        (
            "q=zeppelin+hangar&flow=win",
            "Nothing within these filters has all of these words in one place: take a filter away, or use fewer",
        ),
        ("language=de", "No interview of 2 passes this filter: take it away."),
        ("language=de&flow=win", "No interview of 2 passes all of these filters: take one away."),
        ("q=zeppelin&kind=quote", "None of the quotes fit: look among everything."),
    ],
)
async def test_where_nothing_is_found_one_sentence_says_why(desk: Browser, scene: str, query: str, says: str) -> None:
    page = (await desk.get(f"{ALL}?{query}")).text
    assert says in page
    for other in ("fits.", "No quote answers", "Answered by search", "All words of a search"):
        assert other not in page


async def test_a_number_is_what_it_opens(desk: Browser, scene: str) -> None:
    page = (await desk.get(ALL)).text
    for address, number in re.findall(r'href="(/desk/library\?theme=\w+)".*?class="num">(\d+)<', page):
        opened = (await desk.get(address)).text
        assert f"<b>{number} interview" in opened, address
    assert "theme=" in page


async def test_a_question_is_read_as_filters_and_answered_by_quotes(desk: Browser, scene: str) -> None:
    page = (await desk.get(f"{ALL}?q=what+do+buyers+say+about+implementation+in+deals+over+100k%3F")).text
    assert "From 100,000" in page and "Answered by search" in page
    assert "<mark>implementation</mark>" in page and "Brightwater" not in page
    assert "<mark>migration</mark>" in page


async def test_an_htmx_request_gets_the_block_and_the_address(app: FastAPI, sqlite_deps: Deps, scene: str) -> None:
    async with Browser(app, script=True) as desk:
        await desk.sign_in(sqlite_deps)
        typed = await desk.get(f"{ALL}?typed=yes&q=shiftwell&least=&flow=")
        pressed = await desk.get(f"{ALL}?flow=win")
    assert typed.headers["HX-Replace-Url"] == "/desk/library?q=shiftwell"
    assert pressed.headers["HX-Push-Url"] == "/desk/library?flow=win"
    assert typed.text.lstrip().startswith('<section id="library"')


async def test_views_are_kept_shared_and_deleted_with_a_way_back(
    app: FastAPI, desk: Browser, sqlite_deps: Deps, scene: str
) -> None:
    assert (await desk.post(f"{ALL}/views", name="Wins", query="flow=win&page=3", shared="yes")).status_code == 303
    assert (await desk.post(f"{ALL}/views", name=" ", query="flow=win")).status_code == 422
    page = (await desk.get(ALL)).text
    (view,) = re.findall(r"/desk/library/views/([\w-]+)/delete", page)
    assert 'href="/desk/library?flow=win"' in page and "shared" in page
    async with Browser(app) as other:
        await other.sign_in(sqlite_deps, "admin")
        seen = (await other.get(ALL)).text
        assert ">Wins</a>" in seen and view not in seen
        assert (await other.post(f"{ALL}/views/{view}/delete")).status_code == 403
    deleted = await desk.post(f"{ALL}/views/{view}/delete")
    page = (await desk.get(deleted.headers["location"])).text
    assert "The view “Wins” was deleted." in page and ">Wins</a>" not in page
    fields = dict(re.findall(r'<input type="hidden" name="(name|query|shared)" value="([^"]*)">', page))
    assert fields == {"name": "Wins", "query": "flow=win", "shared": "yes"}
    await desk.post(f"{ALL}/views", **fields)
    assert ">Wins</a>" in (await desk.get(ALL)).text


@pytest.mark.parametrize("role", ["product", "leadership", "revops", "sales"])
async def test_other_roles_do_not_get_in(app: FastAPI, sqlite_deps: Deps, scene: str, role: str) -> None:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, role)
        for path in (ALL, f"{ALL}?q=shiftwell", f"{ALL}/answer?q=what+of+shiftwell%3F&answer=model"):
            answer = await browser.http.get(path, follow_redirects=True)
            assert answer.status_code == 403 and "hiftwell" not in answer.text.replace("q=shiftwell", "")
        assert (await browser.post(f"{ALL}/views", name="x", query="")).status_code == 403


async def test_searching_is_audited_without_its_words(desk: Browser, sqlite_deps: Deps, scene: str) -> None:
    await desk.get(f"{ALL}?q=shiftwell")
    async with sqlite_deps.db.read() as tx:
        rows = (await tx.exec(select(AuditRow))).all()
    assert "searched library" in {row.verb for row in rows}
    assert not any("shiftwell" in f"{row.verb} {row.object}" for row in rows)


async def test_an_empty_library_says_what_will_stand_there(desk: Browser) -> None:
    assert "What buyers say will stand here" in (await desk.get(ALL)).text


async def test_every_search_survives_odd_addresses(desk: Browser, scene: str) -> None:
    odd = ("page=99999", "page=-1", "kind=x", "least=1e9", "since=2026-13-40", "q=%22", "theme=%27", "a=1")
    for query in (*odd, "kind=quote&page=77", "words=loose", "q=%3F", "q=what+is+it+%3F"):
        assert (await desk.get(f"{ALL}?{query}")).status_code == 200, query


async def test_why_a_rival_won_is_answered_by_reasons_of_deals_it_took(
    desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs, scene: str
) -> None:
    page = (await desk.get(f"{ALL}?q=why+do+we+lose+to+shiftwell%3F")).text
    assert "Lost to: Shiftwell" in page and "Theme: Reasons" in page and "Brightwater" in page
    for theme in ("competitor mention", "trigger"):
        quotes = page.split('id="group-quote"')[1].split('id="group-')[0]
        assert not re.search(rf'class="hits">.*?<a class="chip"[^>]*>{theme}</a></p>\s*</li>', quotes)
    assert "Fjord Pools" not in shown((await desk.get(f"{ALL}?lost_to=rotaplan")).text)


async def test_asked_who_people_stand_before_what_they_said(desk: Browser, scene: str) -> None:
    page = (await desk.get(f"{ALL}?q=who+mentioned+implementation%3F")).text
    assert re.search(r'<li class="who"><h3>Fjord Pools[^<]*</h3>', page)


@pytest.mark.parametrize("typed", ["implementatoin", "what+do+buyers+say+about+implementatoin%3F"])
async def test_misspelt_words_offer_those_that_find_something(desk: Browser, scene: str, typed: str) -> None:
    page = (await desk.get(f"{ALL}?q={typed}")).text
    (address,) = re.findall(r'Did you mean <a [^>]*href="([^"]+)"', page)
    assert "Fjord Pools" in (await desk.get(address.replace("&amp;", "&"))).text
    assert "Did you mean" not in (await desk.get(f"{ALL}?q=zzzqqqzz")).text
