"""Messages of schedulers at once, beside calls of ours, and how long they are remembered; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, Update, update
from sqlmodel import col, select

from interviewer import bookings, checking, interviews, invitations, review
from interviewer.agenda import meetings
from interviewer.bookings import external, noes
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.jobs import sweeps
from interviewer.schedulers import SCHEDULERS
from interviewer.schedulers.base import Told
from interviewer.settings import Settings
from interviewer.store.tables.bookings import ExternalCallRow, ReceivedRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store import booking_scene as scene
from tests.web.desk_scene import SAID, say

PMM = Viewer("m", Role.PMM)
HOUR = timedelta(hours=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"scheduling_url": "https://cal.com/mara"})


async def ask(deps: Deps, invitation_id: str) -> str:
    """Go to the booking page. Gives the reference that the link carries."""
    await bookings.choose_scheduler(deps, invitation_id, prefilled=True)
    async with deps.db.read() as tx:
        query = select(CallRequestRow.id).where(CallRequestRow.invitation_id == invitation_id)
        return (await tx.exec(query)).one()


async def hear(deps: Deps, told: Told, source: str = "calcom") -> bool:
    return await external.receive(deps, SCHEDULERS[source], told, repr(told).encode())


def booking(name: str, at: datetime, start: datetime, *, reference: str = "", replaces: str = "") -> Told:
    return Told(name, at, reference, replaces, starts_at=start, ends_at=start + timedelta(minutes=15))


async def test_messages_that_belong_together_come_at_once(deps: Deps, clock: FakeClock) -> None:
    """Two moves that name no buyer, and the booking that does: none may miss the others."""
    for number in range(5):
        invitation_id = await scene.buyer(deps, f"b{number}@buyer.example")
        reference, now = await ask(deps, invitation_id), clock()
        story = [
            booking(f"A{number}", now, now + HOUR, reference=reference),
            booking(f"B{number}", now + timedelta(seconds=1), now + 2 * HOUR, replaces=f"A{number}"),
            booking(f"C{number}", now + timedelta(seconds=2), now + 3 * HOUR, replaces=f"B{number}"),
        ]
        await asyncio.gather(*(hear(deps, told) for told in [*story, *reversed(story)]))
    found = await scene.booked(deps)
    assert [(row.source, row.starts_at) for row in found] == [("calcom", clock() + 3 * HOUR)] * 5


async def test_the_same_message_at_once_is_taken_once(deps: Deps, clock: FakeClock) -> None:
    reference = await ask(deps, await scene.buyer(deps))
    told = booking("A", clock(), clock() + HOUR, reference=reference)
    assert sorted(await asyncio.gather(*(hear(deps, told) for _ in range(4)))) == [False, False, False, True]
    assert len(await scene.booked(deps)) == 1


async def test_of_a_call_here_and_one_there_the_later_stands(deps: Deps, clock: FakeClock) -> None:
    await scene.host(deps)
    invitation_id = await scene.buyer(deps)
    reference, before = await ask(deps, invitation_id), clock()
    clock.advance(minutes=1)
    await scene.take(deps, invitation_id, scene.at(4, 10))
    await hear(deps, booking("A", before, scene.at(5, 10), reference=reference))
    assert [row.source for row in await scene.booked(deps)] == ["own"]
    clock.advance(minutes=1)
    await hear(deps, booking("B", clock(), scene.at(5, 11), reference=reference))
    assert [(row.source, row.starts_at) for row in await scene.booked(deps)] == [("calcom", scene.at(5, 11))]
    assert [row.source for row in await scene.booked(deps, "cancelled")] == ["own"]


async def test_a_call_here_whose_time_has_passed_is_not_called_off(deps: Deps, clock: FakeClock) -> None:
    await scene.host(deps)
    invitation_id = await scene.buyer(deps)
    reference = await ask(deps, invitation_id)
    await scene.take(deps, invitation_id, scene.at(4, 10))
    clock.advance(days=3)
    await hear(deps, booking("A", clock(), clock() + HOUR, reference=reference))
    assert [row.source for row in await scene.booked(deps)] == ["calcom"]
    assert [row.source for row in await scene.booked(deps, "missed")] == ["own"]


async def test_nobody_is_written_to_about_a_call_that_was_booked_elsewhere(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    reference = await ask(deps, await scene.buyer(deps))
    await jobs.run(deps)
    mailbox.sent.clear()
    await hear(deps, booking("A", clock(), clock() + HOUR, reference=reference))
    await hear(deps, booking("B", clock(), clock() + 2 * HOUR, replaces="A"))
    await hear(deps, Told("B", clock(), cancelled=True))
    await jobs.run(deps)
    assert mailbox.sent == []


async def test_of_two_schedulers_the_later_stands(deps: Deps, clock: FakeClock) -> None:
    reference = await ask(deps, await scene.buyer(deps))
    first = booking("A", clock(), clock() + HOUR, reference=reference)
    second = booking("B", clock.advance(minutes=1), clock() + 2 * HOUR, reference=reference)
    await hear(deps, second, "calendly")
    await hear(deps, first, "calcom")
    assert [row.source for row in await scene.booked(deps)] == ["calendly"]


async def test_what_was_heard_is_forgotten_when_it_cannot_come_again(deps: Deps, clock: FakeClock) -> None:
    reference = await ask(deps, await scene.buyer(deps))
    await hear(deps, booking("A", clock(), clock() + HOUR, reference=reference))
    await hear(deps, booking("X", clock(), clock() + HOUR, replaces="W"))
    clock.advance(days=8)
    await sweeps.purge(deps)
    async with deps.db.read() as tx:
        assert (await tx.exec(select(ReceivedRow))).all() == []
        assert [row.external_id for row in (await tx.exec(select(ExternalCallRow))).all()] == ["A"]


async def test_moves_without_end_are_followed_only_so_far(deps: Deps, clock: FakeClock) -> None:
    for number in range(60):
        told = booking(f"N{number}", clock(), clock() + HOUR, replaces=f"N{number - 1}" if number else "")
        assert not await hear(deps, told)


async def withdraw(deps: Deps, invitation_id: str) -> None:
    interview_id = await interviews.start(deps, invitation_id)
    await say(deps, interview_id, SAID[0])
    await checking.withdraw(deps, interview_id, browser="phone")


async def opt_out(deps: Deps, invitation_id: str) -> None:
    await invitations.opt_out(deps, deps.links.opt_out(invitation_id).rpartition("/")[2])


def one_of(said: Update, invitation_id: str) -> ColumnElement[bool]:
    """The row of this invitation's that `said` is about."""
    own = InvitationRow.id if said.table.name == "invitations" else InterviewRow.invitation_id
    return col(own) == invitation_id


NOES = [withdraw, opt_out, invitations.decline, invitations.revoke]
No = Callable[[Deps, str], Awaitable[object]]


async def barred(deps: Deps) -> list[tuple[str, str]]:
    """Who is to be called off at the booking page, as the desk lists them, and why."""
    page = await meetings.agenda_of(deps, PMM)
    assert await review.open_calls(deps, PMM) == len(page.to_call_off) + len(page.to_note) + len(page.asked)
    assert page.to_come == page.missed == ()
    return [(one.page, one.why_off) for one in page.to_call_off]


@pytest.mark.parametrize("say_no", NOES)
async def test_who_said_no_has_no_call_here_whatever_a_scheduler_has(deps: Deps, clock: FakeClock, say_no: No) -> None:
    """Told before the no, or late, or once more: none of it stands, and the desk says who calls it off there."""
    invitation_id = await scene.buyer(deps)
    reference, before = await ask(deps, invitation_id), clock()
    await hear(deps, booking("A", before, scene.at(4, 10), reference=reference))
    clock.advance(minutes=1)
    await say_no(deps, invitation_id)
    assert await scene.booked(deps) == []
    await hear(deps, booking("A", clock.advance(minutes=1), scene.at(4, 11), reference=reference))  # at another time
    assert await scene.booked(deps) == []
    await hear(deps, booking("B", clock.advance(minutes=1), scene.at(5, 10), replaces="A"))  # moved there by its host
    await hear(deps, booking("B", before, scene.at(5, 10), reference=reference, replaces="A"))
    assert await scene.booked(deps) == []
    ((page, why),) = await barred(deps)
    assert page == invitation_id and why
    await hear(deps, Told("B", clock.advance(minutes=1), cancelled=True))
    assert (await meetings.agenda_of(deps, PMM)).to_call_off == ()
    assert [row.cancelled_by for row in await scene.booked(deps, "cancelled")] == ["scheduler"]


@pytest.mark.parametrize("say_no", NOES)
async def test_a_booking_that_is_first_heard_of_after_the_no(deps: Deps, clock: FakeClock, say_no: No) -> None:
    invitation_id = await scene.buyer(deps)
    reference, before = await ask(deps, invitation_id), clock()
    clock.advance(minutes=1)
    await say_no(deps, invitation_id)
    await hear(deps, booking("A", before, scene.at(4, 10), reference=reference))
    assert await scene.booked(deps) == [] and [page for page, _ in await barred(deps)] == [invitation_id]
    clock.present = scene.at(4, 12)
    assert (await meetings.agenda_of(deps, PMM)).to_call_off == ()  # it is over, whoever was there


@pytest.mark.parametrize(("say_no", "stands"), list(zip(NOES, (False, True, True, False), strict=True)))
async def test_a_later_word_counts_but_of_who_no_longer_agrees(
    deps: Deps, clock: FakeClock, say_no: No, stands: bool
) -> None:
    """Who wants no more mail, or declined, and then books a call wants that call (docs/calls.md)."""
    invitation_id = await scene.buyer(deps)
    reference = await ask(deps, invitation_id)
    await say_no(deps, invitation_id)
    await hear(deps, booking("A", clock.advance(minutes=1), scene.at(4, 10), reference=reference))
    assert bool(await scene.booked(deps)) is stands


@pytest.mark.parametrize("say_no", [opt_out, invitations.decline])
async def test_a_second_no_bars_what_was_booked_since_the_first(deps: Deps, clock: FakeClock, say_no: No) -> None:
    invitation_id = await scene.buyer(deps)
    reference = await ask(deps, invitation_id)
    await say_no(deps, invitation_id)
    await hear(deps, booking("A", clock.advance(minutes=1), scene.at(4, 10), reference=reference))
    assert len(await scene.booked(deps)) == 1
    clock.advance(minutes=1)
    await say_no(deps, invitation_id)
    assert await scene.booked(deps) == []
    await hear(deps, booking("B", clock.advance(minutes=1), scene.at(5, 10), replaces="A"))  # moved there by its host
    assert await scene.booked(deps) == [] and [page for page, _ in await barred(deps)] == [invitation_id]
    await hear(deps, booking("C", clock.advance(minutes=1), scene.at(6, 10), reference=reference))
    assert [row.external_id for row in await scene.booked(deps)] == ["C"]  # their wish, once more


async def test_a_new_link_lets_the_call_stand_that_was_barred_for_the_old_one(deps: Deps, clock: FakeClock) -> None:
    invitation_id = await scene.buyer(deps)
    reference = await ask(deps, invitation_id)
    await hear(deps, booking("A", clock(), scene.at(4, 10), reference=reference))
    clock.advance(minutes=1)
    await invitations.revoke(deps, invitation_id)
    assert await barred(deps) == [(invitation_id, "had their link revoked")]
    await invitations.replace_link(deps, invitation_id)
    (row,) = await scene.booked(deps)
    assert (row.external_id, row.starts_at, row.cancelled_by) == ("A", scene.at(4, 10), "")
    assert (await meetings.agenda_of(deps, PMM)).to_call_off == ()
    assert await noes.settle_all(deps) == 0


async def test_a_new_link_takes_no_other_no_back(deps: Deps, clock: FakeClock) -> None:
    invitation_id = await scene.buyer(deps)
    reference = await ask(deps, invitation_id)
    await hear(deps, booking("A", clock(), scene.at(4, 10), reference=reference))
    clock.advance(minutes=1)
    await invitations.decline(deps, invitation_id)
    await invitations.revoke(deps, invitation_id)
    await invitations.replace_link(deps, invitation_id)
    assert await scene.booked(deps) == []
    assert await barred(deps) == [(invitation_id, "would rather not take part")]


async def test_a_new_link_brings_no_call_back_that_is_over(deps: Deps, clock: FakeClock) -> None:
    """Nor says the desk of whom it was with that they declined."""
    invitation_id = await scene.buyer(deps)
    reference = await ask(deps, invitation_id)
    await hear(deps, booking("A", clock(), scene.at(4, 10), reference=reference))
    await invitations.revoke(deps, invitation_id)
    clock.present = scene.at(4, 12)
    await invitations.replace_link(deps, invitation_id)
    page = await meetings.agenda_of(deps, PMM)
    assert page.to_note == page.to_come == () and await scene.booked(deps) == []
    assert [one.why_off for one in page.missed] == ["had their link revoked"]


@pytest.mark.parametrize(
    "said",
    [
        update(InvitationRow).values(declined_at=scene.at(2, 10)),
        update(InvitationRow).values(opted_out_at=scene.at(2, 10)),
        update(InvitationRow).values(revoked_at=scene.at(2, 10)),
        update(InterviewRow).values(withdrawn_at=scene.at(2, 10)),
    ],
)
async def test_a_no_that_an_earlier_release_heard_is_settled(deps: Deps, clock: FakeClock, said: Update) -> None:
    """It left the call booked; who said no before they booked keeps theirs, and who said nothing."""
    before, asked, silent = [await scene.buyer(deps, f"{name}@buyer.example") for name in ("a", "b", "c")]
    await interviews.start(deps, asked)
    for invitation_id in (asked, silent):
        told = booking(invitation_id, clock(), scene.at(4, 10), reference=await ask(deps, invitation_id))
        await hear(deps, told)
    async with deps.db.write() as tx:
        await tx.exec(said.where(one_of(said, asked)))
        await tx.exec(update(InvitationRow).where(col(InvitationRow.id) == before).values(declined_at=scene.at(2, 10)))
    clock.present = scene.at(2, 11)
    await hear(deps, booking(before, clock(), scene.at(4, 10), reference=await ask(deps, before)))
    assert len(await scene.booked(deps)) == 3
    assert await noes.settle_all(deps) == 1
    assert {row.invitation_id for row in await scene.booked(deps)} == {before, silent}
    assert [one.page for one in (await meetings.agenda_of(deps, PMM)).to_call_off] == [asked]
    assert await noes.settle_all(deps) == 0


async def test_what_was_barred_for_a_link_that_is_there_anew_is_settled(deps: Deps, clock: FakeClock) -> None:
    """As an earlier release left it."""
    invitation_id = await scene.buyer(deps)
    await hear(deps, booking("A", clock(), scene.at(4, 10), reference=await ask(deps, invitation_id)))
    await invitations.revoke(deps, invitation_id)
    async with deps.db.write() as tx:
        await tx.exec(update(InvitationRow).values(revoked_at=None))
    assert await barred(deps) == [(invitation_id, "had their link revoked")]
    assert await noes.settle_all(deps) == 1 and len(await scene.booked(deps)) == 1


async def test_who_no_longer_agrees_is_not_asked_to_be_rung_up(deps: Deps) -> None:
    """They went to the booking page before, which is kept: by that its messages are known."""
    invitation_id = await scene.buyer(deps)
    await ask(deps, invitation_id)
    assert await review.open_calls(deps, PMM) == 1
    await withdraw(deps, invitation_id)
    assert await review.open_calls(deps, PMM) == 0 and (await meetings.agenda_of(deps, PMM)).asked == ()
