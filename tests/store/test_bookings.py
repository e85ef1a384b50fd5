"""Who is offered what, who gets the call, and what a call does to the chat, to requests and to the desk's lists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer import bookings, checking, erasure, interviews, invitations, people, previews, review, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken, Taken
from interviewer.previews import Wanted
from interviewer.records import Status
from interviewer.scheduling.slots import Stretch
from interviewer.store import bookings as rows
from interviewer.store import calls, hosts
from interviewer.store.tables.bookings import BookingRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import LONDON, at, booked, buyer, buyers, host, starts, take
from tests.store.call_mail_scene import settled

PMM = Viewer("pmm-1", Role.PMM)
SAID = "We missed two delivery windows in June because the schedule lived in one person's head."


async def answer(deps: Deps, interview_id: str, number: int = 2, text: str = SAID) -> None:
    kept = await interviews.answer(deps, interview_id, browser="a", key=f"k{number}", number=number, text=text)
    await interviews.reply(deps, interview_id, kept.reply_number, lease=kept.lease)


async def status(deps: Deps, invitation_id: str) -> Status:
    return Status((await review.head(deps, PMM, invitation_id)).status)


# What is offered


async def test_free_times_of_all_hosts_together(deps: Deps) -> None:
    """In order and each once; who could hold the call is no host's name, unless there is one host."""
    mara = await host(deps, hours={"wed": [["09:00", "10:00"]]}, horizon_days="7")
    one = await buyer(deps)
    assert await bookings.only_host(deps) == "Mara" and await bookings.anybody(deps)
    nils = await host(deps, "Nils", hours={"wed": [["10:30", "11:30"]]}, time_zone="Europe/Berlin", horizon_days="7")
    assert await bookings.only_host(deps) == ""
    offered = await bookings.offered(deps, one)
    assert [slot.start for slot in offered] == [at(4, 9) + n * timedelta(minutes=15) for n in range(6)]
    assert [set(slot.hosts) for slot in offered[1:5]] == [
        {mara.user_id}, {mara.user_id, nils.user_id}, {mara.user_id, nils.user_id}, {nils.user_id}
    ]  # fmt: skip
    assert offered[0].end == at(4, 9, 15)


async def test_without_anybody_nothing_is_offered_and_the_old_ways_stay(deps: Deps) -> None:
    one = await buyer(deps)
    assert await bookings.offered(deps, one) == [] and not await bookings.anybody(deps)
    with pytest.raises(Taken) as told:
        await take(deps, one, at(4, 9))
    assert told.value.others == ()
    await host(deps, hours={})
    assert await bookings.offered(deps, one) == [] and not await bookings.anybody(deps)
    await bookings.request(deps, one, first_time="Tue 10", second_time="", phone="+44 20 7946 0018", time_zone="")
    assert await status(deps, one) == Status.WANTS_CALL


async def test_who_left_or_sells_or_pauses_is_not_offered(deps: Deps) -> None:
    one = await buyer(deps)
    await host(deps, "Sal", role="sales")
    await host(deps, "Gone")
    await people.disable_user(deps, "gone@tidewater.example")
    await host(deps, "Paused", taking=False)
    assert await bookings.offered(deps, one) == [] and not await bookings.anybody(deps)


async def test_calendars_and_days_off_are_kept_free(deps: Deps) -> None:
    mara = await host(deps, days_off=(("2026-11-04", ""), ("2026-11-06", "2026-11-13")), buffer_minutes="15")
    async with deps.db.write() as tx:
        await hosts.replace_busy(tx, mara.user_id, [Stretch(at(5, 9), at(5, 16))])
    one = await buyer(deps)
    times = await starts(deps, one)
    assert times[:3] == [at(3, 9), at(3, 9, 15), at(3, 9, 30)]
    assert {time.day for time in times} == {3, 5, 16} and [time for time in times if time.day == 5] == [
        at(5, 16, 15), at(5, 16, 30), at(5, 16, 45)
    ]  # fmt: skip


# Who gets the call, and who is told


async def test_the_least_busy_of_the_week_gets_the_call(deps: Deps) -> None:
    """Counted in the week of the call; a tie goes by id. Calls of another week and those called off do not count."""
    mara, nils = await host(deps), await host(deps, "Nils")
    people_ = await buyers(deps, 6)
    first, second = sorted((mara.user_id, nils.user_id))
    given = [(await take(deps, one, at(4, 9 + n))).host_id for n, one in enumerate(people_[:3])]
    assert given == [first, second, first]
    assert (await take(deps, people_[3], at(9, 9))).host_id == first
    for row in await booked(deps):
        if row.host_id == first and row.starts_at.day == 4:
            await bookings.cancel(deps, row.id, bookings.HOST)
    assert (await take(deps, people_[4], at(5, 9))).host_id == first
    assert (await take(deps, people_[5], at(5, 10))).host_id in (first, second)


async def test_buyer_and_host_are_told_of_each_step_once(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    """The same time again is no news; nobody hears of a preview; a host who is rid of a call hears that they are."""

    async def told() -> list[str]:
        await settled(deps, jobs, clock)
        heard, mailbox.sent[:] = sorted(mail.to.partition("@")[0] for mail in mailbox.sent), []
        return heard

    await host(deps, hours={"wed": [["09:00", "12:00"]]})
    one = await buyer(deps)
    row = await take(deps, one, at(4, 10))
    await take(deps, one, at(4, 10))
    assert await told() == ["kim", "mara"]
    await bookings.move(deps, row.id, at(4, 11))
    assert await told() == ["kim", "mara"]
    await host(deps, "Nils", hours={"thu": [["09:00", "12:00"]]})
    await take(deps, one, at(5, 11))
    assert await told() == ["kim", "mara", "nils"]
    with pytest.raises(Taken):
        await take(deps, one, at(5, 8))
    assert await told() == []
    await bookings.cancel(deps, row.id, bookings.BUYER)
    await bookings.cancel(deps, row.id, bookings.BUYER)
    assert await told() == ["kim", "nils"]
    await take(deps, await previews.begin(deps, PMM, Wanted("loss", "en", "", "")), at(4, 9))
    assert await told() == []
    await take(deps, one, at(4, 10))
    await told()
    await erasure.erase_invitation(deps, one)
    await jobs.run(deps)
    (mail,) = mailbox.sent
    assert mail.to == "mara@tidewater.example" and "Kim" not in mail.text and "Brightwater" not in mail.text


async def test_a_booking_keeps_what_its_letters_need(deps: Deps) -> None:
    mara, one = await host(deps), await buyer(deps)
    row = await take(deps, one, at(4, 10), zone="America/New_York", language="de")
    (kept,) = await booked(deps)
    assert kept == row and kept.host_id == mara.user_id and kept.ends_at == at(4, 10, 15)
    assert (kept.time_zone, kept.language, kept.sequence) == ("America/New_York", "de", 0)
    assert kept.video_link == "https://video.example/mara" and kept.uid.endswith("@testserver")
    other = await take(deps, await buyer(deps, "lee@buyer.example"), at(4, 11), zone="Mars/Olympus")
    assert other.time_zone == LONDON and other.uid != row.uid


async def test_moving_keeps_host_and_entry(deps: Deps, clock: FakeClock) -> None:
    """In place: the entry of the calendar is the same, one step further. The old time is free for others again."""
    await host(deps)
    one, two = await buyers(deps, 2)
    row = await take(deps, one, at(4, 10))
    await host(deps, "Aaron")
    clock.advance(minutes=5)
    moved = await bookings.move(deps, row.id, at(5, 11))
    assert (moved.id, moved.uid, moved.sequence, moved.host_id) == (row.id, row.uid, 1, row.host_id)
    assert moved.starts_at == at(5, 11) and moved.changed_at == clock.present and moved.time_zone == LONDON
    again = await take(deps, one, at(5, 12 + 1), zone="Asia/Kolkata", language="fr")
    assert (again.id, again.sequence, again.time_zone, again.language) == (row.id, 2, "Asia/Kolkata", "fr")
    assert at(4, 10) in await starts(deps, two)


async def test_another_host_takes_over_where_the_first_cannot(deps: Deps) -> None:
    mara = await host(deps, hours={"wed": [["09:00", "10:00"]]})
    row = await take(deps, await buyer(deps), at(4, 9))
    nils = await host(deps, "Nils", hours={"thu": [["09:00", "10:00"]]}, video_link="")
    moved = await bookings.move(deps, row.id, at(5, 9))
    assert (row.host_id, moved.host_id) == (mara.user_id, nils.user_id)
    assert (moved.uid, moved.sequence, moved.video_link) == (row.uid, 1, "")


async def test_the_same_time_again_changes_nothing(deps: Deps) -> None:
    await host(deps)
    one = await buyer(deps)
    row = await take(deps, one, at(4, 10))
    assert await take(deps, one, at(4, 10)) == row == await bookings.move(deps, row.id, at(4, 10))
    assert [kept.sequence for kept in await booked(deps)] == [0]
    assert at(4, 10) not in await starts(deps, one) and at(4, 10, 15) in await starts(deps, one)


@pytest.mark.parametrize(
    "start", [at(2, 10), at(4, 8), at(4, 10, 5), at(4, 12), at(7, 10), at(30, 10)],
    ids=["too soon", "before hours", "off the quarter", "at lunch", "a Saturday", "too far"],
)  # fmt: skip
async def test_only_what_is_offered_can_be_taken(sqlite_deps: Deps, start: object) -> None:
    await host(sqlite_deps)
    one = await buyer(sqlite_deps)
    with pytest.raises(Taken) as told:
        await take(sqlite_deps, one, start)  # type: ignore[arg-type]
    assert list(told.value.others) == await starts(sqlite_deps, one)
    assert await booked(sqlite_deps) == []


async def test_calling_off_frees_the_time(deps: Deps, clock: FakeClock) -> None:
    await host(deps)
    one, two = await buyers(deps, 2)
    row = await take(deps, one, at(4, 10))
    clock.advance(minutes=5)
    off = await bookings.cancel(deps, row.id, bookings.BUYER)
    assert (off.state, off.cancelled_by, off.sequence, off.changed_at) == ("cancelled", "buyer", 1, clock.present)
    assert await bookings.cancel(deps, row.id, bookings.HOST) == off
    with pytest.raises(Overtaken):
        await bookings.move(deps, row.id, at(5, 10))
    assert (await take(deps, two, at(4, 10))).starts_at == at(4, 10)
    again = await take(deps, one, at(4, 11))
    assert again.id != row.id and again.uid != row.uid
    async with deps.db.read() as tx:
        assert await rows.latest(tx, one) == again
    for unknown in (bookings.cancel(deps, "none", bookings.BUYER), bookings.move(deps, "none", at(4, 9))):
        with pytest.raises(NotFound):
            await unknown


async def test_a_buyer_changes_no_call_that_has_begun(deps: Deps, clock: FakeClock) -> None:
    """The host may have noted something by then."""
    await host(deps)
    invitation_id = await buyer(deps)
    call = await take(deps, invitation_id, at(4, 10))
    clock.present = at(4, 10, 5)
    with pytest.raises(Overtaken):
        await bookings.cancel(deps, call.id, bookings.BUYER)
    with pytest.raises(Overtaken):
        await take(deps, invitation_id, at(6, 10))
    async with deps.db.read() as tx:
        row = await rows.get(tx, call.id)
    assert row is not None and (row.state, row.starts_at) == (rows.BOOKED, at(4, 10))


async def test_whose_time_has_passed_may_take_another(deps: Deps, clock: FakeClock) -> None:
    """Nobody marked it yet; the buyer asks for a new time, so it did not happen."""
    await host(deps)
    one = await buyer(deps)
    row = await take(deps, one, at(4, 10))
    clock.present = at(4, 12)
    again = await take(deps, one, at(6, 10))
    assert again.id != row.id and [kept.id for kept in await booked(deps)] == [again.id]
    (missed,) = await booked(deps, "missed")
    assert missed.id == row.id and missed.closed_at == clock.present and missed.closed_by == ""
    with pytest.raises(Overtaken):
        await bookings.cancel(deps, row.id, bookings.HOST)


async def test_a_call_of_a_scheduler_elsewhere_is_not_moved_here(deps: Deps) -> None:
    await host(deps)
    one = await buyer(deps)
    async with deps.db.write() as tx:
        there = BookingRow(
            id="x",
            invitation_id=one,
            source="calcom",
            external_id="c1",
            state="booked",
            starts_at=at(5, 9),
            ends_at=at(5, 9, 30),
            uid="x@cal",
            created_at=deps.now(),
            changed_at=deps.now(),
        )
        rows.add(tx, there)
    with pytest.raises(NotFound):
        await take(deps, one, at(4, 10))
    assert await status(deps, one) == Status.CALL_BOOKED


# What a call does to the rest


async def test_a_request_is_settled_by_a_booking(deps: Deps) -> None:
    one = await buyer(deps)
    await bookings.request(deps, one, first_time="Tue 10", second_time="", phone="+44 20 7946 0018", time_zone="")
    await host(deps)
    assert await review.open_calls(deps, PMM) == 1
    await take(deps, one, at(4, 10))
    assert await review.open_calls(deps, PMM) == 0 and await status(deps, one) == Status.CALL_BOOKED
    async with deps.db.read() as tx:
        kept = await calls.of_invitation(tx, one)
    assert kept is not None and kept.handled_at == deps.now() and kept.phone == "+44 20 7946 0018"


async def test_the_chat_goes_on_where_it_stood(deps: Deps, clock: FakeClock) -> None:
    """Chat to call to chat: nothing is said twice, nothing is lost, the desk says which it is."""
    await host(deps)
    one = await buyer(deps)
    interview_id = await interviews.start(deps, one)
    await answer(deps, interview_id)
    async with deps.db.read() as tx:
        before = await store.turns.rows(tx, interview_id)
    assert await status(deps, one) == Status.IN_PROGRESS
    row = await take(deps, one, at(4, 10))
    assert await status(deps, one) == Status.CALL_BOOKED
    clock.advance(days=1, hours=1)
    assert await checking.settle_silent(deps) == 0 and await status(deps, one) == Status.CALL_BOOKED
    await bookings.cancel(deps, row.id, bookings.BUYER)
    assert await status(deps, one) == Status.IN_PROGRESS
    assert await interviews.start(deps, one) == interview_id
    async with deps.db.read() as tx:
        assert await store.turns.rows(tx, interview_id) == before
    await answer(deps, interview_id, before[-1].number + 1, "You, Acme and keeping the sheet as it was.")
    clock.advance(days=1, minutes=1)
    assert await checking.settle_silent(deps) == 1 and await status(deps, one) == Status.LEFT_EARLY


async def test_silence_is_counted_from_the_end_of_the_call(deps: Deps, clock: FakeClock) -> None:
    """Nobody marks the call: a day after it the chat ends as any other, and still opens again."""
    await host(deps)
    one = await buyer(deps)
    interview_id = await interviews.start(deps, one)
    await answer(deps, interview_id)
    await take(deps, one, at(4, 10))
    clock.present = at(5, 10)
    assert await checking.settle_silent(deps) == 0
    clock.present = at(5, 10, 16)
    assert await checking.settle_silent(deps) == 1
    async with deps.db.read() as tx:
        number = (await store.turns.rows(tx, interview_id))[-1].number
    await answer(deps, interview_id, number + 1, "You, Acme and keeping the sheet as it was.")


async def test_who_finished_may_still_have_a_call(deps: Deps, jobs: RecordingJobs) -> None:
    await host(deps)
    one = await buyer(deps)
    interview_id = await interviews.start(deps, one)
    await answer(deps, interview_id)
    await checking.send(deps, interview_id, browser="a")
    await take(deps, one, at(4, 10))
    head = await review.head(deps, PMM, one)
    assert head.status == Status.FINISHED and head.call_at == at(4, 10)
    listing = await review.interviews(deps, PMM, review.Wanted(status="call_booked"))
    assert [found.id for found in listing.heads] == [one] and jobs.keys("analyse") == [interview_id]
    assert {count.value: count.number for count in listing.statuses} == {"finished": 1, "call_booked": 1}


async def test_the_link_opens_the_chat_until_after_the_call(deps: Deps, clock: FakeClock) -> None:
    """Also the link of somebody who books on its last day."""
    one = await buyer(deps)
    async with deps.db.read() as tx:
        row = await store.invitations.get(tx, one)
    assert row is not None
    clock.present = row.expires_at - timedelta(minutes=1)
    await host(deps)
    booking = await take(deps, one, (await starts(deps, one))[-1])
    clock.present = booking.ends_at + timedelta(days=13)
    opened = await invitations.open(deps, deps.links.interview(one, row.link_version).rsplit("/", 1)[1])
    assert opened.id == one


async def test_no_call_of_a_link_that_was_ended(deps: Deps) -> None:
    await host(deps)
    revoked, erased, kept = await buyers(deps, 3)
    row = await take(deps, revoked, at(5, 9))
    await invitations.revoke(deps, revoked)
    await erasure.erase_invitation(deps, erased)
    for gone in (revoked, erased, "nobody"):
        with pytest.raises(NotFound):
            await bookings.offered(deps, gone)
        with pytest.raises(NotFound):
            await take(deps, gone, at(4, 9))
    assert (await bookings.cancel(deps, row.id, bookings.HOST)).state == "cancelled"
    assert (await take(deps, kept, at(4, 9))).starts_at == at(4, 9)


async def test_a_preview_books_nothing(deps: Deps) -> None:
    await host(deps, daily_maximum="1")
    preview = await previews.begin(deps, PMM, Wanted("loss", "en", "", ""))
    assert at(4, 9) in await starts(deps, preview)
    tried = await take(deps, preview, at(4, 9))
    assert (tried.invitation_id, tried.starts_at) == (preview, at(4, 9)) and await booked(deps) == []
    with pytest.raises(Taken):
        await take(deps, preview, at(4, 8))
    assert at(4, 9) in await starts(deps, await buyer(deps))
    assert (await review.interviews(deps, PMM, review.Wanted(status="call_booked"))).found == 0


# Erasing, and retention


async def test_retention_waits_for_a_call_to_come_and_takes_it_along(deps: Deps, clock: FakeClock) -> None:
    await host(deps)
    one = await buyer(deps)
    interview_id = await interviews.start(deps, one)
    await answer(deps, interview_id)
    clock.advance(days=deps.settings.retention_days - 1)
    async with deps.db.write() as tx:
        row = await store.invitations.get(tx, one, lock=True)
        assert row is not None
        row.expires_at = clock.present + timedelta(days=1)
    booking = await take(deps, one, (await starts(deps, one))[-1])
    clock.advance(days=2)
    assert await erasure.expire_old(deps) == 0 and await booked(deps) == [booking]
    clock.advance(days=deps.settings.retention_days + 14)
    assert await erasure.expire_old(deps) == 1 and await booked(deps) == []
