"""From what was noted in a call to an interview by a person: question and answer, the three notes, both sources."""

from __future__ import annotations

import pytest
from sqlmodel import select

from interviewer import review, reviewing, store
from interviewer.agenda import brief
from interviewer.bookings import closing, finishing, noting
from interviewer.bookings.noting import Given
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken
from interviewer.evidence import PERSON, StatementKind
from interviewer.interchange import Buyer, Interview, Turn
from interviewer.store import bookings as rows
from interviewer.store.tables.bookings import CallNoteRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.transcript import Act, Speaker
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store.booking_scene import at
from tests.store.test_call_notes import NOTED, SAID, booking_of, called, noted


async def test_notes_of_a_call_become_an_interview_by_a_person(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    mara, invitation_id, booking_id = await called(deps, clock)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    asked_at = clock.present
    clock.advance(minutes=14)
    await noting.save(
        deps,
        mara,
        booking_id,
        [
            Given("alternatives", NOTED, 0),
            Given("trigger", SAID, 0),
            Given("", "Their dog barked", 0),
            Given(noting.HEADLINE, "One head held the schedule", 0),
            Given(noting.SURPRISE, "A friend at a council named the rival", 0),
        ],
    )
    interview_id = await finishing.finish(deps, mara, booking_id)
    assert await finishing.finish(deps, mara, booking_id) == interview_id
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        turns = await store.turns.rows(tx, interview_id)
        said = await store.statements.of(tx, interview_id)
        left = (await tx.exec(select(CallNoteRow))).all()
    assert row is not None and row.invitation_id == invitation_id
    assert (row.mode, row.conducted_by, row.completed_by) == ("human", "Mara", "buyer")
    assert row.consent.startswith("Mara asked on 2026-11-04 at 09:01 UTC") and row.consent.endswith("said yes.")
    assert asked_at == at(4, 9, 1) and left == []
    assert [(turn.speaker, turn.topic, turn.move or turn.text) for turn in turns] == [
        ("interviewer", "trigger", "ask:trigger"),
        ("buyer", "trigger", SAID),
        ("interviewer", "alternatives", "ask:alternatives"),
        ("buyer", "alternatives", "You and Shiftwell\nShiftwell came from a friend at another council"),
        ("interviewer", "anything_else", "ask:anything_else"),
        ("buyer", "anything_else", "Their dog barked"),
    ]
    answers = [turn for turn in turns if turn.speaker == "buyer"]
    assert {turn.act for turn in answers} == {Act.NOTED} and all(turn.assessment for turn in answers)
    times = [turn.at for turn in turns]
    assert times == sorted(set(times)) and times[0] == at(4, 9) and times[-1] < at(4, 9, 15)
    assert {(one.kind, one.text, one.made_by) for one in said} == {
        (StatementKind.HEADLINE, "One head held the schedule", PERSON),
        (StatementKind.SURPRISE, "A friend at a council named the rival", PERSON),
    }
    assert (await booking_of(deps, booking_id)).state == rows.HELD
    await jobs.run(deps)
    page = await review.interview(deps, mara, interview_id)
    assert page.headline.text == "One head held the schedule" and page.head.answered >= 2
    (surprise,) = [note for note in page.notes if note.kind == "surprise"]
    assert surprise.text == "A friend at a council named the rival"
    assert [quote.text for quote in surprise.quotes] == ["Shiftwell came from a friend at another council"]
    assert [quote.text for quote in page.headline.quotes] == [SAID.removesuffix(".")]
    assert all(quote.noted for quote in surprise.quotes)
    with pytest.raises(Overtaken):
        await noted(deps, mara, booking_id, trigger="more")
    with pytest.raises(Overtaken):
        await closing.reopen(deps, mara, booking_id)


async def test_what_was_typed_in_the_chat_stays_the_buyers_and_the_call_follows(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    mara, invitation_id, booking_id = await called(deps, clock, chat=True)
    page = await brief.of(deps, mara, booking_id)
    assert [topic.id for topic in page.answered] == ["trigger"] and page.answered[0].said == (SAID,)
    assert [topic.id for topic in page.open][:2] == ["alternatives", "almost"]
    await noted(deps, mara, booking_id, alternatives=NOTED)
    interview_id = await finishing.finish(deps, mara, booking_id)
    async with deps.db.read() as tx:
        turns = [turn for turn in await store.turns.rows(tx, interview_id) if turn.speaker == "buyer"]
        row = await store.interviews.of_invitation(tx, invitation_id)
    assert row is not None and row.id == interview_id and "nothing recorded is kept" in row.consent
    assert [(turn.act, turn.text) for turn in turns] == [
        (Act.ANSWER, SAID),
        (Act.NOTED, "You and Shiftwell\nShiftwell came from a friend at another council"),
    ]
    await jobs.run(deps)
    talk = await review.interview(deps, mara, interview_id)
    assert [turn.kind for turn in talk.exchanges if turn.buyer] == ["answer", "noted"]


async def test_a_note_that_nothing_carries_waits_for_its_words(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    mara, _, booking_id = await called(deps, clock)
    await noted(deps, mara, booking_id, trigger=SAID, **{noting.HEADLINE: "Lost to a fear of change"})
    interview_id = await finishing.finish(deps, mara, booking_id)
    await jobs.run(deps)
    page = await review.interview(deps, mara, interview_id)
    (waits,) = page.unfounded
    assert waits.text == "Lost to a fear of change" and page.headline.text != waits.text
    quote = page.headline.quotes[0]
    await reviewing.reword(deps, mara, interview_id, waits.id, waits.version, waits.text, [quote.id])
    page = await review.interview(deps, mara, interview_id)
    assert not page.unfounded and page.headline.text == waits.text and page.headline.quotes[0].id == quote.id
    await jobs.run(deps)
    assert (await review.interview(deps, mara, interview_id)).headline.text == waits.text


async def test_without_a_word_of_the_buyer_there_is_no_interview(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    await noting.save(deps, mara, booking_id, [Given(noting.HEADLINE, "Nobody came", 0), Given("trigger", " \n", 0)])
    with pytest.raises(BadInput):
        await finishing.finish(deps, mara, booking_id)
    await closing.missed(deps, mara, booking_id)
    with pytest.raises(Overtaken):
        await finishing.finish(deps, mara, booking_id)


# A transcript beside the notes

TALK = (
    ("interviewer", "What made you start looking?"),
    ("buyer", "Our rota person left in May and nobody could read her sheet."),
    ("interviewer", "What tipped it in the end?"),
    ("buyer", "Shiftwell answered the phone at four in the morning, and your desk closes at six."),
)


def transcript(*, email: str = "kim@buyer.example", day: int = 4, kind: str = "") -> Interview:
    turns = tuple(Turn(speaker=Speaker(who), text=text, kind=kind) for who, text in TALK)
    return Interview(
        flow="loss",
        language="en",
        turns=turns,
        mode="human",
        conducted_by="Mara",
        consent="Asked at the start, Kim said yes",
        started_at=at(day, 12),
        buyer=Buyer(email=email),
    )


async def said_in(deps: Deps, interview_id: str) -> list[tuple[str, str]]:
    async with deps.db.read() as tx:
        turns = await store.turns.rows(tx, interview_id)
    return [(turn.act, turn.text) for turn in turns if turn.speaker == "buyer"]


@pytest.mark.parametrize("chat", [False, True])
async def test_a_transcript_takes_the_place_of_what_was_noted(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs, chat: bool
) -> None:
    mara, invitation_id, booking_id = await called(deps, clock, chat=chat)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    await noted(deps, mara, booking_id, decision="The phone at night", **{noting.SURPRISE: "The desk closes at six"})
    interview_id = await finishing.finish(deps, mara, booking_id)
    await jobs.run(deps)
    clock.advance(hours=1)
    assert await finishing.bring_in(deps, mara, transcript()) == invitation_id
    spoken = [(Act.ANSWER, text) for who, text in TALK if who == "buyer"]
    assert await said_in(deps, interview_id) == [(Act.ANSWER, SAID)] * chat + spoken
    await jobs.run(deps)
    page = await review.interview(deps, mara, interview_id)
    (surprise,) = [note for note in page.notes if note.kind == "surprise"]
    assert surprise.text == "The desk closes at six" and not page.unfounded
    assert [quote.text for quote in surprise.quotes] and not any(quote.noted for quote in surprise.quotes)
    assert page.consent == "Asked at the start, Kim said yes" and not page.reviewed_at
    times = [turn.at for turn in page.exchanges if turn.at]
    assert times == sorted(times) and times[-1] >= at(4, 9)

    assert await finishing.bring_in(deps, mara, transcript()) == invitation_id  # the same again
    assert await said_in(deps, interview_id) == [(Act.ANSWER, SAID)] * chat + spoken


async def test_a_transcript_that_comes_first_is_what_was_said(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    mara, invitation_id, booking_id = await called(deps, clock)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    await noted(deps, mara, booking_id, trigger=SAID, **{noting.HEADLINE: "Lost to a phone that was answered at four"})
    clock.advance(hours=1)
    assert await finishing.bring_in(deps, mara, transcript()) == invitation_id
    interview_id = await finishing.finish(deps, mara, booking_id)
    assert [text for _, text in await said_in(deps, interview_id)] == [text for who, text in TALK if who == "buyer"]
    await jobs.run(deps)
    page = await review.interview(deps, mara, interview_id)
    assert page.headline.text == "Lost to a phone that was answered at four"
    async with deps.db.read() as tx:
        assert [row.topic for row in (await tx.exec(select(CallNoteRow))).all()] == ["trigger"]  # set aside
        assert len((await tx.exec(select(InterviewRow))).all()) == 1


async def test_a_transcript_joins_no_call_without_a_yes_nor_another_days(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    clock.advance(hours=1)
    assert await finishing.bring_in(deps, mara, transcript()) is None
    await noting.answer_recording(deps, mara, booking_id, "yes")
    assert await finishing.bring_in(deps, mara, transcript(day=2)) is None
    assert await finishing.bring_in(deps, mara, transcript(email="else@x.example")) is None
    await noting.answer_recording(deps, mara, booking_id, "no")
    assert await finishing.bring_in(deps, mara, transcript()) is None


async def test_notes_from_elsewhere_join_a_call_that_nobody_noted_here(deps: Deps, clock: FakeClock) -> None:
    mara, invitation_id, booking_id = await called(deps, clock)
    clock.advance(hours=1)
    notes = transcript(kind=Act.NOTED)
    await noted(deps, mara, booking_id, trigger=SAID)
    with pytest.raises(BadInput):
        await finishing.bring_in(deps, mara, notes)
    await noting.save(deps, mara, booking_id, [Given("trigger", "", 1)])
    assert await finishing.bring_in(deps, mara, notes) == invitation_id
    interview_id = (await booking_of(deps, booking_id)).interview_id
    assert [act for act, _ in await said_in(deps, interview_id)] == [Act.NOTED, Act.NOTED]
    with pytest.raises(BadInput):
        await finishing.bring_in(deps, mara, notes)
