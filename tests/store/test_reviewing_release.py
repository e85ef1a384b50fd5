"""Releases: to whom, of what, in whose words; and redaction, which reaches everything that repeats the words."""

from __future__ import annotations

import pytest
from sqlmodel import select

from interviewer import masks, review, reviewing, store
from interviewer.confidentiality import IN_FORCE, Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Overtaken
from interviewer.evidence import Claim, Marked, StatementKind, Tag
from interviewer.reviewing import Retag
from interviewer.store import quotes, releases, search, statements
from interviewer.store.tables.review import DocumentRow
from interviewer.transcript import Speaker
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web import desk_scene
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM, "Mara")
FEE = "pricing: import fee"


async def confirmed(deps: Deps, of: str, name: str = FEE) -> int:
    """The quote of a tag that was accepted."""
    row = (await scene.tags(deps))[name]
    await reviewing.confirm(deps, PMM, of, "tag", row.id or 0, row.version)
    return row.quote_id


async def let(deps: Deps, of: str) -> dict[str, str]:
    """Whom the interview's quotes are released to, and in which words of the PMM's."""
    async with deps.db.read() as tx:
        return {row.audience: row.wording for rows in (await releases.of(tx, of)).values() for row in rows}


def bare(error: pytest.ExceptionInfo[BadInput]) -> str:
    return str(error.value)


async def test_a_quote_is_released_to_one_audience_at_a_time(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    quote = await confirmed(deps, interview_id)
    await reviewing.release(deps, PMM, interview_id, quote, "product", "words that nobody asked for")
    await reviewing.release(deps, PMM, interview_id, quote, "sales", "The fee for the import was too high for them.")
    said = {"product": "", "sales": "The fee for the import was too high for them."}
    assert await let(deps, interview_id) == said
    with pytest.raises(Overtaken):
        await reviewing.release(deps, PMM, interview_id, quote, "product")
    change = await reviewing.release(deps, PMM, interview_id, quote, "sales", "They found the fee too high.")
    await reviewing.undo(deps, PMM, change)
    assert await let(deps, interview_id) == said
    await reviewing.withdraw(deps, PMM, interview_id, quote, "product")
    assert set(await let(deps, interview_id)) == {"sales"}
    with pytest.raises(Overtaken):
        await reviewing.withdraw(deps, PMM, interview_id, quote, "product")


async def test_nobody_is_let_in_whom_the_buyer_was_not_promised(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    quote = await confirmed(deps, interview_id)
    with pytest.raises(BadInput, match="promised"):
        await reviewing.release(deps, PMM, interview_id, quote, "revops")
    for audience in ("pmm", "admin", "everybody", ""):
        with pytest.raises(BadInput, match="none that"):
            await reviewing.release(deps, PMM, interview_id, quote, audience)
    assert not await let(deps, interview_id)


async def test_an_interview_begins_with_the_audiences_in_force(sqlite_deps: Deps) -> None:
    _, interview_id = await desk_scene.play(sqlite_deps, said=("Price, mostly",), send=False)
    assert (await scene.interview(sqlite_deps, interview_id)).audiences == sorted(IN_FORCE.hearers)


async def test_what_nobody_reviewed_is_not_released(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    quote = (await scene.tags(deps))[FEE].quote_id
    with pytest.raises(BadInput, match="confirmed tag"):
        await reviewing.release(deps, PMM, interview_id, quote, "product")
    with pytest.raises(NotFound):
        await reviewing.release(deps, PMM, interview_id, 4711, "product")
    await reviewing.finish(deps, PMM, interview_id)
    await reviewing.release(deps, PMM, interview_id, quote, "product")


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("", "empty"),
        ("x" * 281, "more than 280"),
        ("They said: the price, of THE import. Your side", "in a row"),
        ("Nobody could read her sheet, they say", "in a row"),
        ("It was the pri\u200bce of the ｉｍｐｏｒｔ. Your offer", "in a row"),
        ("Jo Marsh found it too dear", "jo marsh"),
        ("the team at brightwater found it too dear", "brightwater"),
        ("Too dear, says Marsh", "marsh"),
    ],
)
async def test_sales_reads_a_paraphrase_that_gives_nobody_away(sqlite_deps: Deps, wording: str, why: str) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    quote = await confirmed(deps, interview_id)
    with pytest.raises(BadInput) as refused:
        await reviewing.release(deps, PMM, interview_id, quote, "sales", wording)
    assert why in bare(refused).casefold()
    assert not await let(deps, interview_id)


SECRET = "Ask for Ilse Okafor, she kept the rota"


async def named(deps: Deps) -> str:
    """An interview whose answer, tag, sentence and headline name somebody."""
    _, interview_id = await desk_scene.play(deps, said=(SECRET, *desk_scene.SAID[1:]))
    async with deps.db.write() as tx:
        rows = await store.turns.rows(tx, interview_id)
        turns = {row.number: row for row in rows if row.speaker == Speaker.BUYER}
        span = scene.span(turns, SECRET)
        await quotes.tag(tx, interview_id, "quotes", turns, [Marked(span, SECRET, (Tag("trigger", "Ilse Okafor"),))])
        claims = [
            Claim(StatementKind.HEADLINE, "Without ilse  okafor nothing went", (span,), "rules"),
            Claim(StatementKind.SUMMARY, "They lost ILSE OKAFOR in May.", (span,), "rules"),
        ]
        await statements.replace(tx, interview_id, "summary", turns, claims)
        await search.index(tx, interview_id)
    return interview_id


async def test_redacted_words_stand_nowhere_any_more(deps: Deps) -> None:
    interview_id = await named(deps)
    change = await reviewing.redact(deps, PMM, interview_id, 2, 7, 19)
    page = await review.interview(deps, PMM, interview_id)
    listing = await review.interviews(deps, PMM, review.Wanted(text="Ask"))
    waiting = await reviewing.queue(deps, PMM, deps.now())
    async with deps.db.read() as tx:
        documents = [row.search_text for row in (await tx.exec(select(DocumentRow))).all()]
    said = "".join(part.text for part in page.exchanges[1].segments)
    assert said == f"Ask for {masks.BAR * 4} {masks.BAR * 6}, she kept the rota"
    texts = [
        page.head.headline,
        page.headline.text,
        page.summary[0].text,
        *[quote.text + quote.tags[0].subject for quote in page.quotes],
        *["".join(piece.text for piece in head.excerpt) + head.headline for head in listing.heads],
        waiting.waiting[0].head.headline,
        *documents,
    ]
    assert texts and not [text for text in texts if "ilse" in text.casefold() or "okafor" in text.casefold()]
    assert listing.heads[0].excerpt
    await reviewing.undo(deps, PMM, change)
    assert (await review.interview(deps, PMM, interview_id)).quotes[0].text == SECRET


async def test_a_person_can_quote_around_a_bar(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    interview_id = await named(deps)
    await reviewing.redact(deps, PMM, interview_id, 2, 7, 19)
    shown = f"{masks.BAR * 4} {masks.BAR * 6}, she kept"
    await reviewing.mark(deps, PMM, interview_id, 2, 8, 8 + len(shown), shown, Retag("trigger", "rota"))
    async with deps.db.read() as tx:
        assert shown in [quote.text for quote in await quotes.of(tx, interview_id)]


async def test_redactions_are_places_in_answers(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    interview_id = await named(deps)
    for turn, start, end in ((1, 0, 3), (40, 0, 3), (2, 5, 5), (2, 3, 4), (2, 9999, 10000), (2, 9, 3)):
        with pytest.raises(BadInput):
            await reviewing.redact(deps, PMM, interview_id, turn, start, end)
    await reviewing.redact(deps, PMM, interview_id, 2, 7, 20)
    with pytest.raises(Overtaken):
        await reviewing.redact(deps, PMM, interview_id, 2, 8, 12)


async def test_the_analysis_follows_a_redaction_when_the_review_is_done(sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    deps = sqlite_deps
    interview_id = await named(deps)
    jobs.queued.clear()
    await desk_scene.as_read(deps, interview_id)
    await reviewing.redact(deps, PMM, interview_id, 2, 7, 19)
    assert not jobs.keys("analyse"), "nothing changes under the reviewer's hands"
    await reviewing.finish(deps, PMM, interview_id)
    assert jobs.keys("analyse") == [interview_id]


async def test_names_are_redacted_before_words_are_released_and_stay_so(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await desk_scene.play(deps, said=("Brightwater pays for this", *desk_scene.SAID[1:]))
    await reviewing.mark(deps, PMM, interview_id, 2, 0, 25, "Brightwater pays for this", Retag("pricing"))
    async with deps.db.read() as tx:
        (quote,) = await quotes.of(tx, interview_id)
    with pytest.raises(BadInput, match="brightwater"):
        await reviewing.release(deps, PMM, interview_id, quote.id, "product")
    hidden = await reviewing.redact(deps, PMM, interview_id, 2, 0, 11)
    await reviewing.release(deps, PMM, interview_id, quote.id, "product")
    with pytest.raises(BadInput, match="released"):
        await reviewing.undo(deps, PMM, hidden)
    await reviewing.withdraw(deps, PMM, interview_id, quote.id, "product")
    await reviewing.undo(deps, PMM, hidden)


async def test_a_question_that_repeats_redacted_words_hides_them_too(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    interview_id = await named(deps)
    async with deps.db.write() as tx:
        question = await store.turns.get(tx, interview_id, 3, lock=True)
        assert question is not None
        question.text = "You said ilse okafor kept it. Who else was there?"
        tx.add(question)
    await reviewing.redact(deps, PMM, interview_id, 2, 8, 19)
    page = await review.interview(deps, PMM, interview_id)
    assert page.exchanges[2].segments[0].text == f"You said {masks.BAR * 11} kept it. Who else was there?"


async def test_an_answer_changed_after_a_redaction_is_hidden_altogether(sqlite_deps: Deps, clock: FakeClock) -> None:
    """Nobody knows where the redacted words went: better all of it than a wrong place."""
    deps = sqlite_deps
    interview_id = await named(deps)
    await reviewing.redact(deps, PMM, interview_id, 2, 8, 19)
    clock.advance(minutes=1)
    async with deps.db.write() as tx:
        turn = await store.turns.get(tx, interview_id, 2, lock=True)
        assert turn is not None
        await store.turns.revise(tx, turn, "We asked Ilse Okafor, who left", deps.now(), removed=False)
    page = await review.interview(deps, PMM, interview_id)
    assert set(page.exchanges[1].segments[0].text) == {masks.BAR, " "}


async def test_words_that_say_nothing_are_hidden_in_their_place_alone_and_cut_ones_whole(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    said = "You told us that your consultant Ilse would help you"
    _, interview_id = await desk_scene.play(deps, said=(said, "Ilsebill did, you know", "third", "fourth", "fifth"))
    await reviewing.redact(deps, PMM, interview_id, 2, 0, 2)
    await reviewing.redact(deps, PMM, interview_id, 2, said.index("lse"), said.index("lse") + 2)
    bar = masks.BAR
    page = await review.interview(deps, PMM, interview_id)
    shown = ["".join(part.text for part in one.segments) for one in page.exchanges]
    assert f"{bar * 3} told us that your consultant {bar * 4} would help you" in shown
    assert "Ilsebill did, you know" in shown
