"""Walks over what ended, and keys to the API, on both databases."""

import asyncio
from datetime import date

import pytest
from sqlmodel import col, select

from interviewer import exporting, keys, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import KeyNeeded, TooMany
from interviewer.exporting import Wanted
from interviewer.exports import What
from interviewer.library import pages
from interviewer.library import wanted as shelf
from interviewer.store import extracts, quotes, search
from interviewer.store.tables.analysis import CitationRow, QuoteRow
from interviewer.store.tables.interviews import TurnRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.api_scene import CONSOLE, key
from tests.web.desk_scene import SAID, analysed, play

PMM = Viewer("mara", Role.PMM, "Mara")


async def test_a_walk_with_every_filter(deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    _, lost = await analysed(deps, jobs)
    same = [(await play(deps, said=SAID[:2], email=f"b{place}@buyer.example", flow="win"))[1] for place in range(3)]
    await play(deps, send=False, email="open@buyer.example")
    met, after = [], None
    while True:
        part = await exporting.part(deps, PMM, Wanted(), after=after, limit=1)
        met += [one.interview_id for one in part.interviews]
        after = part.after
        if after is None:
            break
    assert met == sorted([lost, *same])  # all began at one moment: the ids decide
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, lost, lock=True)
        assert row is not None
        row.crm_consent, row.reviewed_at = True, clock()
        tx.add(row)
    day = clock().date()
    for wanted, number in (
        (Wanted(flow="win"), 3),
        (Wanted(reviewed=True, mode="ai", first=day, last=day), 1),
        (Wanted(first=date.min, last=date.max), 4),
        (Wanted(What.CORRECTIONS), 1),
        (Wanted(kind="headline", only=lost), 1),
        (Wanted(theme="referral_language", flow="no_decision"), 0),
    ):
        assert await exporting.count(deps, PMM, wanted) == number
        async with deps.db.read() as tx:
            found = await extracts.lines(tx, exporting.chosen(deps, wanted), after=None, limit=10)
        assert len(found) == number


async def test_the_page_counts_the_quotes_that_the_file_and_the_library_have(deps: Deps, jobs: RecordingJobs) -> None:
    """Of two quotes that one turn gives to a statement, the first carries it, and the second stands nowhere."""
    _, interview_id = await analysed(deps, jobs)
    async with deps.db.write() as tx:
        cited = await tx.exec(select(CitationRow, QuoteRow).join(QuoteRow, col(QuoteRow.id) == CitationRow.quote_id))
        citation, first = cited.all()[0]
        said = (await tx.get_one(TurnRow, first.turn_id)).text
        taken = {"interview_id": interview_id, "turn_id": first.turn_id, "step": first.step}
        second = QuoteRow(**taken, start=0, end=3, words_digest=quotes.digest(said[:3]))
        tx.add(second)
        await tx.flush()
        tx.add(CitationRow(statement_id=citation.statement_id, quote_id=second.id))
        await search.index(tx, interview_id)
    async with deps.db.read() as tx:
        counted = await extracts.quotes(tx, exporting.chosen(deps, Wanted(What.QUOTES)))
    part = await exporting.part(deps, PMM, Wanted(What.QUOTES), after=None, limit=1)
    library = await pages.page(deps, PMM, shelf.Wanted())
    assert counted == sum(len(one.quotes) for one in part.interviews) == library.groups[0].number


async def test_what_comes_at_once_is_counted_one_by_one(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "PER_WINDOW", 5)
    secret = await key(deps, Role.PMM)
    results = await asyncio.gather(*(keys.caller(deps, secret) for _ in range(30)), return_exceptions=True)
    assert sum(isinstance(result, keys.Caller) for result in results) == 5
    assert sum(isinstance(result, TooMany) for result in results) == 25, results


async def test_a_key_works_until_it_does_not(deps: Deps, clock: FakeClock) -> None:
    secret = await key(deps, Role.PMM)
    for _ in range(keys.PER_WINDOW):
        reader = await keys.caller(deps, secret)
    assert reader.viewer.role is Role.PMM and reader.scopes == frozenset(keys.Scope)
    with pytest.raises(TooMany):
        await keys.caller(deps, secret)
    clock.advance(minutes=2)
    results = await asyncio.gather(*(keys.caller(deps, secret) for _ in range(9)), return_exceptions=True)
    assert not [result for result in results if isinstance(result, BaseException)]
    (listed,) = (await keys.listing(deps, CONSOLE)).keys
    assert listed.works and listed.last_used_at
    await keys.revoke(deps, CONSOLE, listed.id)
    with pytest.raises(KeyNeeded):
        await keys.caller(deps, secret)
