"""What a reviewer may say of tags, selected words, subjects and sentences, and what later runs make of it."""

from __future__ import annotations

import pytest

from interviewer import reviewing, store
from interviewer.analysis.codebook import Theme
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound, Overtaken
from interviewer.evidence import PERSON, Marked, Tag
from interviewer.reviewing import Retag
from interviewer.store import quotes, releases
from interviewer.store.tables.analysis import StatementRow, TagRow
from interviewer.transcript import Speaker
from tests.fakes.clock import FakeClock
from tests.web import desk_scene
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM, "Mara")
FEE = "pricing: import fee"


async def run_again(deps: Deps, interview_id: str, *made: tuple[str, Tag]) -> None:
    """The machine tags these words, in place of what it had tagged."""
    async with deps.db.write() as tx:
        rows = await store.turns.rows(tx, interview_id)
        turns = {row.number: row for row in rows if row.speaker == Speaker.BUYER}
        marks = [Marked(scene.span(turns, words), words, (tag,)) for words, tag in made]
        await quotes.tag(tx, interview_id, "quotes", turns, marks)
        await quotes.sweep(tx, interview_id)


async def retag(deps: Deps, of: str, name: str, **said: str) -> int:
    row = (await scene.tags(deps))[name]
    return await reviewing.retag(deps, PMM, of, row.id or 0, row.version, Retag(**said))


async def sentence(deps: Deps, start: str) -> StatementRow:
    return next(row for text, row in (await scene.said(deps)).items() if text.startswith(start))


async def test_another_theme_is_the_reviewers_and_the_suggested_one_does_not_come_back(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    await retag(deps, interview_id, FEE, theme="feature_gap", subject="  import   tool ", polarity="negative")
    tags = await scene.tags(deps)
    new, old = tags["feature_gap: import tool"], tags[FEE]
    assert (new.review, new.made_by, new.reviewed_by, new.version) == ("confirmed", PERSON, PMM.user_id, 2)
    assert (new.scope, new.horizon) == ("strategic", "long"), "the theme's usual ones"
    assert (old.review, old.made_by) == ("rejected", "")
    again = Tag("pricing", "import fee")
    await run_again(deps, interview_id, ("The price of the import", again), ("Your consultant", Tag("criticism")))
    kept = {name: row.review for name, row in (await scene.tags(deps)).items() if row.review or row.theme == "pricing"}
    assert kept == {"feature_gap: import tool": "confirmed", FEE: "rejected"}


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"theme": "gossip"}, ["theme"]),
        (
            {"theme": "pricing", "polarity": "angry", "scope": "all", "horizon": "soon"},
            ["polarity", "scope", "horizon"],
        ),
        ({"theme": "pricing", "subject": "x" * 61}, ["subject"]),
    ],
)
async def test_words_that_are_not_the_codebooks_are_refused(
    sqlite_deps: Deps, said: dict[str, str], where: list[str]
) -> None:
    _, interview_id = await scene.suggested(sqlite_deps)
    with pytest.raises(BadInput) as refused:
        await retag(sqlite_deps, interview_id, FEE, **said)
    assert [problem.where for problem in refused.value.problems] == where


async def test_a_theme_stands_once_on_a_quote(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    with pytest.raises(BadInput):
        await retag(deps, interview_id, "decision_factor: support at night", theme="competitor_mention")
    rival = (await scene.tags(deps))["decision_factor: support at night"]
    async with deps.db.read() as tx:
        found = await quotes.of(tx, interview_id)
    twin = next(tag for quote in found if quote.id == rival.quote_id for tag in quote.tags if tag.id != rival.id)
    await reviewing.reject(deps, PMM, interview_id, "tag", twin.id, twin.version)
    await retag(
        deps, interview_id, "decision_factor: support at night", theme="competitor_mention", subject="Shiftwell"
    )
    async with deps.db.read() as tx:
        row = await tx.get(TagRow, rival.id)
    assert row is not None and (row.theme, row.review) == ("competitor_mention", "confirmed")


SAID = ("We love it 👩‍🚒 — the café café import", "second answer", "third", "fourth one", "fifth")


@pytest.mark.parametrize(
    ("start", "words", "place"),
    [
        (11, "👩‍🚒", (11, 14)),
        (26, "café", (26, 30)),
        (22, "café", (21, 25)),
        (999, "café", (26, 30)),
        (0, "  the café\r\n", (17, 25)),
    ],
)
async def test_selected_words_are_kept_exactly_where_they_stand(
    sqlite_deps: Deps, start: int, words: str, place: tuple[int, int]
) -> None:
    deps = sqlite_deps
    _, interview_id = await desk_scene.play(deps, said=SAID)
    await reviewing.mark(deps, PMM, interview_id, 2, start, start + len(words), words, Retag("praise"))
    async with deps.db.read() as tx:
        (quote,) = await quotes.of(tx, interview_id)
    assert (quote.start, quote.end, quote.text) == (*place, words.strip())
    assert [(tag.theme, tag.made_by, tag.review) for tag in quote.tags] == [("praise", PERSON, "confirmed")]


@pytest.mark.parametrize(("turn", "words"), [(2, "never said"), (1, "what"), (2, "  "), (40, "We")])
async def test_words_that_no_answer_holds_are_refused(sqlite_deps: Deps, turn: int, words: str) -> None:
    _, interview_id = await desk_scene.play(sqlite_deps, said=SAID)
    with pytest.raises(BadInput):
        await reviewing.mark(sqlite_deps, PMM, interview_id, turn, 0, 4, words, Retag("praise"))


async def test_a_mark_repeated_settles_the_suggestion_or_is_refused(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    words = "The price of the import"
    await reviewing.mark(deps, PMM, interview_id, 6, 0, len(words), words, Retag("pricing", "the fee"))
    tags = await scene.tags(deps)
    assert FEE not in tags and tags["pricing: the fee"].review == "confirmed"
    with pytest.raises(BadInput):
        await reviewing.mark(deps, PMM, interview_id, 6, 0, len(words), words, Retag("pricing", "again"))


async def test_subjects_are_merged_everywhere_and_for_good(deps: Deps, clock: FakeClock) -> None:
    _, one = await scene.suggested(deps)
    _, two = await scene.suggested(deps, email="kim@other.example", deal_id="D-2")
    before = await reviewing.subjects(deps, PMM)
    assert {(one.name, one.tags, one.interviews) for one in before.subjects} >= {("Shiftwell", 6, 2), ("import", 2, 2)}
    change = await reviewing.merge(deps, PMM, "Support HOURS", "support at night", one)
    async with deps.db.read() as tx:
        for interview_id in (one, two):
            subjects = {tag.subject for quote in await quotes.of(tx, interview_id) for tag in quote.tags}
            assert "support at night" in subjects and "support hours" not in subjects
    clock.advance(minutes=1)
    await reviewing.merge(deps, PMM, "support at night", "night desk", two)
    await run_again(deps, two, ("In the trial your desk closes at six", Tag("process_friction", "support hours")))
    async with deps.db.read() as tx:
        tags = [tag for quote in await quotes.of(tx, two) for tag in quote.tags]
    assert [tag.subject for tag in tags] == ["night desk"]
    with pytest.raises(Overtaken):
        await reviewing.undo(deps, PMM, change)
    latest = await reviewing.last(deps, PMM, two)
    assert latest is not None and latest.verb == "merge"
    assert (await reviewing.undo(deps, PMM, latest.id)).interview_id == two
    assert (await reviewing.undo(deps, PMM, change)).interview_id == one
    async with deps.db.read() as tx:
        subjects = {tag.subject for quote in await quotes.of(tx, one) for tag in quote.tags}
    assert {"support hours", "support at night"} <= subjects


async def test_subjects_merged_back_and_forth_end_where_the_last_word_was(sqlite_deps: Deps, clock: FakeClock) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    for pair in (("import", "import fee"), ("import fee", "Import"), ("import", "import")):
        clock.advance(minutes=1)
        await reviewing.merge(deps, PMM, *pair)
    names = [one.name for one in (await reviewing.subjects(deps, PMM)).subjects]
    assert "import" in names and "import fee" not in names and "Import" not in names
    await run_again(deps, interview_id, ("The price of the import", Tag("pricing", "IMPORT FEE")))
    assert "pricing: import" in await scene.tags(deps)
    with pytest.raises(NotFound):
        await reviewing.merge(deps, PMM, "nothing says this", "import")
    with pytest.raises(BadInput):
        await reviewing.merge(deps, PMM, "import", " ")


async def test_a_sentence_in_a_persons_words_keeps_the_analysis_beside_it(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    tags = await scene.tags(deps)
    row = await sentence(deps, "The import was quoted")
    gone, stands = 4711, tags[FEE].quote_id
    await reviewing.reword(
        deps, PMM, interview_id, row.id or 0, row.version, "The import\n cost too much.", [gone, stands]
    )
    async with deps.db.read() as tx:
        found = next(one for one in await store.statements.of(tx, interview_id) if one.id == row.id)
    assert (found.text, found.quotes, found.made_by) == ("The import cost too much.", (stands,), PERSON)
    assert found.machine_text == "The import was quoted at nine days." and found.review == "confirmed"


async def test_sentences_need_words_and_a_quote_and_fields_are_not_reworded(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    quote = (await scene.tags(deps))[FEE].quote_id
    summary, driver = await sentence(deps, "The import was"), await sentence(deps, "Support was closed")
    for row, text, chosen in (
        (summary, " ", [quote]),
        (summary, "x" * 281, [quote]),
        (summary, "Fine.", []),
        (summary, "Fine.", [4711]),
        (driver, "Fine.", [quote]),
    ):
        with pytest.raises(BadInput):
            await reviewing.reword(deps, PMM, interview_id, row.id or 0, row.version, text, chosen)


async def test_the_phrase_stays_the_buyers_own(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    row, quote = await sentence(deps, "our pools open"), (await scene.tags(deps))[FEE].quote_id
    with pytest.raises(BadInput):
        await reviewing.reword(deps, PMM, interview_id, row.id or 0, row.version, "the cost of the import", [quote])
    await reviewing.reword(deps, PMM, interview_id, row.id or 0, row.version, "“price of the import”", [quote])
    assert (await sentence(deps, "“price of")).machine_text.startswith("our pools")


async def test_accepting_all_takes_what_was_shown(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    row, shown = (await scene.tags(deps))[FEE], await scene.left(deps)
    await reviewing.reject(deps, PMM, interview_id, "tag", row.id or 0, row.version)
    with pytest.raises(Overtaken):
        await reviewing.confirm_these(deps, PMM, interview_id, shown)
    await reviewing.confirm_these(deps, PMM, interview_id, await scene.left(deps))
    tags, said = await scene.tags(deps), await scene.said(deps)
    assert [name for name, row in tags.items() if row.review != "confirmed"] == [FEE]
    assert {row.review for row in said.values()} == {"confirmed"}


@pytest.mark.parametrize("role", [Role.PRODUCT, Role.LEADERSHIP, Role.REVOPS, Role.SALES])
async def test_nobody_else_reviews(sqlite_deps: Deps, role: Role) -> None:
    deps, viewer = sqlite_deps, Viewer("u", role)
    _, interview_id = await scene.suggested(deps)
    retag = Retag(Theme.PRAISE)
    for act in (
        reviewing.confirm(deps, viewer, interview_id, "tag", 1, 1),
        reviewing.confirm_these(deps, viewer, interview_id, [("tag", 1, 1)]),
        reviewing.retag(deps, viewer, interview_id, 1, 1, retag),
        reviewing.mark(deps, viewer, interview_id, 2, 0, 3, "Our", retag),
        reviewing.merge(deps, viewer, "import", "imports"),
        reviewing.reword(deps, viewer, interview_id, 1, 1, "Fine.", [1]),
        reviewing.redact(deps, viewer, interview_id, 2, 0, 3),
        reviewing.release(deps, viewer, interview_id, 1, "product"),
        reviewing.withdraw(deps, viewer, interview_id, 1, "product"),
        reviewing.finish(deps, viewer, interview_id),
        reviewing.unfinish(deps, viewer, interview_id),
        reviewing.undo(deps, viewer, 1),
        reviewing.last(deps, viewer, interview_id),
        reviewing.subjects(deps, viewer),
        reviewing.queue(deps, viewer, deps.now()),
        reviewing.next_after(deps, viewer, interview_id),
    ):
        with pytest.raises(NotAllowed):
            await act
    assert await reviewing.waiting(deps, viewer) == 0


async def test_what_is_not_there_is_not_found(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, one = await scene.suggested(deps)
    _, two = await scene.suggested(deps, email="kim@other.example", deal_id="D-2")
    row = (await scene.tags(deps))[FEE]
    async with deps.db.read() as tx:
        theirs = next(tag for quote in await quotes.of(tx, two) for tag in quote.tags)
    assert row.id != theirs.id
    with pytest.raises(NotFound):
        await reviewing.confirm(deps, PMM, one, "tag", theirs.id, theirs.version)
    with pytest.raises(NotFound):
        await reviewing.confirm(deps, PMM, "nowhere", "tag", theirs.id, theirs.version)
    with pytest.raises(BadInput):
        await reviewing.confirm(deps, PMM, two, "turn", theirs.id, theirs.version)


async def test_an_answer_changed_since_takes_what_was_said_of_other_words_along(sqlite_deps: Deps) -> None:
    """A quote's place may hold other words by now: nobody confirmed or released those."""
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    row = (await scene.tags(deps))[FEE]
    await reviewing.confirm(deps, PMM, interview_id, "tag", row.id or 0, row.version)
    await reviewing.release(deps, PMM, interview_id, row.quote_id, "product")
    async with deps.db.write() as tx:
        turn = await store.turns.get(tx, interview_id, 6, lock=True)
        assert turn is not None
        await store.turns.revise(tx, turn, "Not the price, my own secret", deps.now(), removed=False)
    await run_again(deps, interview_id, ("Not the price, my own s", Tag("pricing", "secret")))
    async with deps.db.read() as tx:
        quote = next(quote for quote in await quotes.of(tx, interview_id) if quote.text == "Not the price, my own s")
        assert quote.id != row.quote_id and [(tag.subject, tag.review) for tag in quote.tags] == [("secret", "")]
        assert not await releases.of(tx, interview_id)
