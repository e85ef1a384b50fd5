"""What was recorded of a call that was booked here is kept only with everybody's yes; notes always are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from interviewer import interchange
from interviewer.bookings import finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.importing import calls, imports
from interviewer.importing.imports import State, Taken
from interviewer.store import bookings
from interviewer.store.bookings import CANCELLED, MISSED
from interviewer.store.tables.bookings import BookingRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store.booking_scene import at, booked, buyer, host, take
from tests.store.call_mail_scene import KIM
from tests.store.test_call_interview import transcript

NOOR = Viewer("noor", Role.PMM, "Noor")
SPOKEN = [
    {"speaker": "interviewer", "text": "What made you start looking?"},
    {"speaker": "buyer", "text": "Our rota person left in May and nobody could read her sheet."},
]
NOTED = [{"speaker": "buyer", "kind": "noted", "text": "Rota person left, nobody could read the sheet"}]


@pytest.fixture
async def call(deps: Deps, clock: FakeClock) -> BookingRow:
    """Mara's call with Kim is over."""
    await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    clock.present = at(4, 10, 20)
    return row


async def answer(deps: Deps, given: str, attendee: str = "") -> None:
    (row,) = await booked(deps)
    await noting.answer_recording(deps, NOOR, row.id, given, attendee=attendee)


async def bring(deps: Deps, turns: list[dict[str, str]], **given: Any) -> Taken:
    call = {
        "flow": "loss",
        "mode": "human",
        "conducted_by": "Mara",
        "consent": "All said yes",
        "started_at": "2026-11-04T10:00:00Z",
        "buyer": {"email": KIM},
        "turns": turns,
    }
    (taken,) = await imports.take(deps, interchange.read(json.dumps(call | given).encode()))
    return taken


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([], "no yes to being recorded"),
        ([("no", "")], "said no"),
        ([("yes", ""), ("no", "Their lawyer")], "said no"),
        ([("yes", "Their lawyer")], "no yes to being recorded"),
        ([("yes", "")], ""),
        ([("yes", ""), ("yes", "Their lawyer")], ""),
    ],
)
async def test_a_transcript_takes_everybodys_yes(
    deps: Deps, call: BookingRow, jobs: RecordingJobs, answers: list[tuple[str, str]], why: str
) -> None:
    for given, attendee in answers:
        await answer(deps, given, attendee)
    taken = await bring(deps, SPOKEN)
    assert taken.state is (State.LEFT_OUT if why else State.CREATED)
    assert why in taken.why
    assert bool(jobs.keys("analyse")) is not bool(why)


@pytest.mark.parametrize("turns", [NOTED, SPOKEN[:1] + NOTED])
async def test_notes_take_no_yes(deps: Deps, call: BookingRow, turns: list[dict[str, str]]) -> None:
    await answer(deps, "no")
    assert (await bring(deps, turns)).state is State.CREATED


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"started_at": "2026-09-10T10:00:00Z"}, State.LEFT_OUT),  # the day is a slip: it is this deal's call
        ({"deal": {"deal_id": "D-2"}}, State.LEFT_OUT),  # another deal, the same day
        ({"deal": {"deal_id": "D-2"}, "started_at": "2026-09-10T10:00:00Z"}, State.CREATED),
        ({"buyer": {"email": "jo@buyer.example"}}, State.CREATED),
        ({"buyer": {"name": "Kim"}}, State.LEFT_OUT),  # no address: name and day tell
        ({"buyer": {"company": " brightwater"}}, State.LEFT_OUT),
        ({"buyer": {"name": "Kim", "company": "Elsewhere"}}, State.CREATED),
        ({"buyer": {"name": "Kim"}, "started_at": None}, State.LEFT_OUT),  # nor a day
        ({"buyer": {"name": "Kim"}, "started_at": "2026-09-10T10:00:00Z"}, State.CREATED),
        ({"mode": "ai"}, State.CREATED),
    ],
)
async def test_which_call_it_is_of(deps: Deps, call: BookingRow, given: dict[str, Any], state: State) -> None:
    assert (await bring(deps, SPOKEN, **given)).state is state


async def test_a_yes_that_was_taken_back_lets_nothing_more_in(deps: Deps, call: BookingRow) -> None:
    await answer(deps, "yes")
    assert (await bring(deps, SPOKEN, id="call-1")).state is State.CREATED
    await answer(deps, "no")
    more = [*SPOKEN, {"speaker": "buyer", "text": "And your desk closes at six."}]
    assert (await bring(deps, more, id="call-1")).state is State.LEFT_OUT


@pytest.mark.parametrize("becomes", [MISSED, CANCELLED])
async def test_a_no_holds_whatever_became_of_the_call(deps: Deps, call: BookingRow, becomes: str) -> None:
    await answer(deps, "no")
    await became(deps, call.id, becomes)
    taken = await bring(deps, SPOKEN)
    assert taken.state is State.LEFT_OUT and "said no" in taken.why


@pytest.mark.parametrize(("becomes", "state"), [(MISSED, State.LEFT_OUT), (CANCELLED, State.CREATED)])
async def test_a_transcript_of_a_missed_call_says_that_it_was_held(
    deps: Deps, call: BookingRow, becomes: str, state: State
) -> None:
    await became(deps, call.id, becomes)
    assert (await bring(deps, SPOKEN)).state is state


async def test_a_no_in_one_call_is_not_overruled_by_a_yes_in_the_next(
    deps: Deps, call: BookingRow, clock: FakeClock
) -> None:
    await answer(deps, "no")
    await became(deps, call.id, MISSED)
    await take(deps, call.invitation_id, at(5, 11))
    clock.present = at(5, 11, 20)
    await answer(deps, "yes")
    assert (await bring(deps, SPOKEN, started_at="2026-11-05T09:30:00Z")).state is State.LEFT_OUT
    assert await finishing.bring_in(deps, NOOR, transcript()) is None


async def test_what_nobody_could_check_is_said(deps: Deps, call: BookingRow) -> None:
    taken = await bring(deps, SPOKEN, buyer={"company": "Elsewhere"})
    assert taken.state is State.CREATED and "nobody could check" in taken.why
    assert (await bring(deps, SPOKEN, buyer={"company": "Far"}, started_at="2026-09-10T10:00:00Z")).why == ""
    assert (await bring(deps, NOTED, buyer={"company": "Notes"})).why == ""


async def test_the_preview_of_a_transcript_says_what_cannot_be_checked(deps: Deps, call: BookingRow) -> None:
    given = {
        "flow": "loss",
        "held_on": "2026-11-04",
        "conducted_by": "Mara",
        "consent": "All said yes",
        "company": "Elsewhere",
        "text": "Mara: What tipped it?\n\nKim: Your desk closes at six.\n",
    }
    sheet = await calls.read(deps, NOOR, given, b"")
    assert sheet.stage == "speakers" and "nobody could check" in sheet.unchecked
    named = await calls.read(deps, NOOR, given | {"email": "jo@elsewhere.example"}, b"")
    assert named.unchecked == ""
    refused = await calls.read(deps, NOOR, given | {"company": "Brightwater"}, b"")
    assert "no yes to being recorded" in refused.unchecked


async def became(deps: Deps, booking_id: str, state: str) -> None:
    async with deps.db.write() as tx:
        row = await bookings.get(tx, booking_id)
        assert row is not None
        row.state = state


async def test_the_desk_says_why(deps: Deps, call: BookingRow) -> None:
    given = {
        "flow": "loss",
        "held_on": "2026-11-04",
        "conducted_by": "Mara",
        "consent": "All said yes",
        "email": KIM,
        "text": "Mara: What tipped it?\n\nKim: Your desk closes at six.\n",
        "speaker_0": "interviewer",
        "speaker_1": "buyer",
    }
    sheet = await calls.keep(deps, NOOR, given)
    assert not isinstance(sheet, str) and "no yes to being recorded" in sheet.problem
    await answer(deps, "yes")
    assert isinstance(await calls.keep(deps, NOOR, given), str)
