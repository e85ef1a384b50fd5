"""Each call of an invitation keeps its own words in the interview, and a no takes recorded ones out again."""

from __future__ import annotations

import pytest
from sqlmodel import select

from interviewer import erasure, invitations, review, store
from interviewer.agenda import brief
from interviewer.bookings import finishing, noting
from interviewer.bookings.noting import Given
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken
from interviewer.interchange import Deal
from interviewer.invitees import Invitee
from interviewer.store.tables.analysis import StatementRow
from interviewer.store.tables.bookings import CallNoteRow
from interviewer.transcript import Act
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store.booking_scene import at, buyer, host, take
from tests.store.test_call_interview import TALK, said_in, transcript
from tests.store.test_call_notes import NOTED, SAID, booking_of, called, noted
from tests.store.test_call_recordings import SPOKEN, bring

SPOKE = [(Act.ANSWER, text) for who, text in TALK if who == "buyer"]


async def finished(deps: Deps, clock: FakeClock, *, chat: bool = False) -> tuple[Viewer, str, str, str]:
    """A call with a yes whose notes on the trigger became an interview."""
    mara, invitation_id, booking_id = await called(deps, clock, chat=chat)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    await noted(deps, mara, booking_id, alternatives=NOTED)
    clock.advance(hours=1)
    return mara, invitation_id, booking_id, await finishing.finish(deps, mara, booking_id)


async def second(deps: Deps, clock: FakeClock, mara: Viewer, invitation_id: str, text: str, day: int = 6) -> str:
    """Another call, made part of the interview."""
    row = await take(deps, invitation_id, at(day, 10))
    clock.present = at(day, 10, 5)
    await noted(deps, mara, row.id, decision=text)
    clock.present = at(day, 11)
    await finishing.finish(deps, mara, row.id)
    return row.id


async def notes_of(deps: Deps) -> list[tuple[str, str]]:
    async with deps.db.read() as tx:
        return [(row.topic, row.text) for row in (await tx.exec(select(CallNoteRow))).all()]


# Two calls


async def test_a_second_call_leaves_the_first_as_it_is(deps: Deps, clock: FakeClock, jobs: RecordingJobs) -> None:
    mara, invitation_id, first, interview_id = await finished(deps, clock)
    before = await said_in(deps, interview_id)
    await second(deps, clock, mara, invitation_id, "The board vetoed it")
    assert await said_in(deps, interview_id) == [*before, (Act.NOTED, "The board vetoed it")]
    await jobs.run(deps)
    page = await review.interview(deps, mara, interview_id)
    assert page.conducted_by == "Mara" and page.consent.count("asked") == 2
    # The transcript of the first replaces the first's notes alone.
    assert await finishing.bring_in(deps, mara, transcript()) == invitation_id
    assert await said_in(deps, interview_id) == [(Act.NOTED, "The board vetoed it"), *SPOKE]
    assert (await booking_of(deps, first)).interview_id == interview_id


async def test_turns_of_the_release_before_are_of_the_call_that_was(deps: Deps, clock: FakeClock) -> None:
    mara, invitation_id, _, interview_id = await finished(deps, clock)
    async with deps.db.write() as tx:
        for turn in await store.turns.rows(tx, interview_id):
            turn.booking_id = ""
    before = await said_in(deps, interview_id)
    await second(deps, clock, mara, invitation_id, "The board vetoed it")
    assert await said_in(deps, interview_id) == [*before, (Act.NOTED, "The board vetoed it")]


@pytest.mark.parametrize("day", [2, 3])
async def test_notes_of_a_call_stay_beside_an_import(deps: Deps, clock: FakeClock, day: int) -> None:
    """One of long before the call is another talk; one of about that day may be this call's, and loses no note."""
    mara, invitation_id = await host(deps), await buyer(deps)
    row = await take(deps, invitation_id, at(4, 10))
    clock.present = at(3, 20)
    assert await bring(deps, SPOKEN, started_at=f"2026-11-0{day}T09:00:00Z" if day == 2 else "2026-11-03T19:00:00Z")
    clock.present = at(4, 10, 5)
    await noted(deps, mara, row.id, decision="The board vetoed it")
    clock.present = at(4, 11)
    interview_id = await finishing.finish(deps, mara, row.id)
    words = [text for _, text in await said_in(deps, interview_id)] + [text for _, text in await notes_of(deps)]
    assert words == [SPOKEN[1]["text"], "The board vetoed it"]
    assert [topic for topic, _ in await notes_of(deps)] == ([] if day == 2 else ["decision"])


# Which deal a transcript is of


async def two_deals(deps: Deps, clock: FakeClock) -> tuple[Viewer, str, str]:
    mara = await host(deps)
    people = [Invitee("kim@buyer.example", name="Kim", deal_id=deal) for deal in ("A", "B")]
    first, _ = [one.invitation_id for one in await invitations.invite(deps, people)]
    row = await take(deps, first, at(4, 9))
    clock.present = at(4, 9, 1)
    await noting.answer_recording(deps, mara, row.id, "yes")
    await noted(deps, mara, row.id, trigger=SAID)
    clock.advance(hours=1)
    return mara, first, row.id


async def test_a_transcript_joins_the_call_of_its_own_deal(deps: Deps, clock: FakeClock) -> None:
    mara, first, _ = await two_deals(deps, clock)
    of_b = transcript().model_copy(update={"deal": Deal(deal_id="B")})
    assert await finishing.bring_in(deps, mara, of_b) is None
    with pytest.raises(BadInput, match="several deals here: give the deal id"):
        await finishing.bring_in(deps, mara, transcript())
    assert await notes_of(deps) == [("trigger", SAID)]
    of_a = transcript().model_copy(update={"deal": Deal(deal_id="A")})
    assert await finishing.bring_in(deps, mara, of_a) == first


# Set aside, and taken back


@pytest.mark.parametrize("order", ["notes first", "transcript first"])
async def test_notes_are_set_aside_and_a_no_brings_them_back(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs, order: str
) -> None:
    mara, _, booking_id = await called(deps, clock, chat=True)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    await noting.save(deps, mara, booking_id, [Given("alternatives", NOTED, 0), Given("decision", "The phone", 0)])
    clock.advance(hours=1)
    if order == "notes first":
        await finishing.finish(deps, mara, booking_id)
    await finishing.bring_in(deps, mara, transcript())
    interview_id = (await booking_of(deps, booking_id)).interview_id
    assert await said_in(deps, interview_id) == [(Act.ANSWER, SAID), *SPOKE]
    assert {topic for topic, _ in await notes_of(deps)} == {"alternatives", "decision"}
    page = await brief.of(deps, mara, booking_id)
    assert page.meeting.became and page.recording.answer == "yes"
    await jobs.run(deps)

    clock.advance(hours=1)
    await noting.answer_recording(deps, mara, booking_id, "no")
    assert await said_in(deps, interview_id) == [(Act.ANSWER, SAID)]
    assert await finishing.bring_in(deps, mara, transcript()) is None
    consent = (await review.interview(deps, mara, interview_id)).consent
    assert "Kim said yes" in consent and consent.endswith(
        "The buyer said no. One no is enough: nothing recorded is kept."
    )
    await jobs.run(deps)
    async with deps.db.read() as tx:
        told = " ".join((await tx.exec(select(StatementRow.text))).all())
    assert "four in the morning" not in told, told
    assert not (await brief.of(deps, mara, booking_id)).meeting.became
    assert await finishing.finish(deps, mara, booking_id) == interview_id
    said = await said_in(deps, interview_id)
    assert [act for act, _ in said] == [Act.ANSWER, Act.NOTED, Act.NOTED] and await notes_of(deps) == []
    shown = await review.interview(deps, mara, interview_id)
    assert "The buyer said no." in shown.consent and shown.consent.endswith("nothing recorded is kept.")


async def test_a_no_leaves_typed_notes(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id, interview_id = await finished(deps, clock)
    before = await said_in(deps, interview_id)
    await noting.answer_recording(deps, mara, booking_id, "no", attendee="Bob")
    assert await said_in(deps, interview_id) == before and await notes_of(deps) == []
    with pytest.raises(Overtaken):
        await noted(deps, mara, booking_id, trigger="more")


async def test_a_no_takes_an_imported_transcript_out_too(deps: Deps, clock: FakeClock, jobs: RecordingJobs) -> None:
    mara, _, booking_id = await called(deps, clock)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    clock.advance(hours=1)
    taken = await bring(deps, SPOKEN, started_at="2026-11-04T09:00:00Z")
    await jobs.run(deps)
    await noting.answer_recording(deps, mara, booking_id, "no")
    assert await said_in(deps, taken.interview_id) == []
    await jobs.run(deps)
    async with deps.db.read() as tx:
        assert (await tx.exec(select(StatementRow))).all() == []
    assert (await review.interview(deps, mara, taken.interview_id)).head.analysis in ("", "done")


async def test_erasing_takes_notes_that_were_set_aside_along(deps: Deps, clock: FakeClock) -> None:
    mara, _, _, interview_id = await finished(deps, clock)
    await finishing.bring_in(deps, mara, transcript())
    assert await notes_of(deps) == [("alternatives", NOTED.replace("- ", ""))]
    await erasure.erase(deps, interview_id)
    assert await notes_of(deps) == []


# What everybody's answers come to


async def test_a_yes_from_before_the_call_is_not_enough(deps: Deps, clock: FakeClock) -> None:
    mara, invitation_id, booking_id = await called(deps, clock)
    clock.present = at(2, 10)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    clock.present = at(4, 10)
    assert await finishing.bring_in(deps, mara, transcript()) is None
    page = await brief.of(deps, mara, booking_id)
    assert page.recording.answer == "" and page.recording.consents[0].early
    assert "Not everybody said yes in the call itself" in noting.agreement(
        await booking_of(deps, booking_id), await asked(deps, booking_id), "", {}
    )
    await noting.answer_recording(deps, mara, booking_id, "yes")
    assert await finishing.bring_in(deps, mara, transcript()) == invitation_id


async def test_a_no_of_the_release_before_holds_until_its_buyer_says_otherwise(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    clock.advance(minutes=1)
    async with deps.db.write() as tx:
        row = await store.bookings.get(tx, booking_id)
        assert row is not None
        row.recording, row.recording_at = "no", deps.now()
    await noting.answer_recording(deps, mara, booking_id, "yes", attendee="Bob")
    assert (await booking_of(deps, booking_id)).recording == "no"
    assert [(one.attendee, one.answer) for one in await asked(deps, booking_id)] == [("", "no"), ("Bob", "yes")]
    clock.advance(minutes=1)
    await noting.answer_recording(deps, mara, booking_id, "yes")
    assert (await booking_of(deps, booking_id)).recording == "yes"


async def asked(deps: Deps, booking_id: str) -> list[store.consents.CallConsentRow]:
    async with deps.db.read() as tx:
        return list((await store.consents.of_call(tx, booking_id)).values())


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([("yes", "")], "Mara asked on 2026-11-04 at 09:01 UTC: “May I record this call, so that I can listen instead "
         "of writing? Only our team hears it, and a no is perfectly fine.” The buyer said yes."),
        ([("yes", ""), ("no", "Bob")], "Mara asked on 2026-11-04 at 09:01 UTC: Bob said no. One no is enough: nothing "
         "recorded is kept."),
        ([("yes", "Bob")], "Bob said yes. The buyer was not asked: nothing recorded is kept."),
        ([], "Nobody was asked about recording, and nothing recorded is kept: this was written down from notes."),
    ],
)  # fmt: skip
async def test_how_everybody_agreed_is_told_by_what_each_said(
    deps: Deps, clock: FakeClock, answers: list[tuple[str, str]], words: str
) -> None:
    mara, _, booking_id = await called(deps, clock)
    for answer, attendee in answers:
        await noting.answer_recording(deps, mara, booking_id, answer, attendee=attendee)
    await noted(deps, mara, booking_id, trigger=SAID)
    interview_id = await finishing.finish(deps, mara, booking_id)
    assert (await review.interview(deps, mara, interview_id)).consent.endswith(words)
