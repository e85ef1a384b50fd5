"""A server with a host and calls of every kind, to be looked at in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from interviewer import bookings, people
from interviewer.agenda import brief
from interviewer.bookings import closing, finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store import bookings as rows
from tests.browser.desk import Desk
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import SAID, invite, play, request_call

HOURS = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@dataclass
class Office(Desk):
    """With a host and calls: `ahead` is to come, `running` has begun, and lasts longer than any test."""

    ahead: str
    running: str

    def another(self) -> str:
        """One more call to come, with another buyer."""

        async def book(deps: Deps) -> str:
            return await _book(
                deps, await invite(deps, email="zoe@x.example", company="Alba Foods", name="Zoe Hart"), 100
            )

        return self.server.do(book)

    def call_off(self, call: str) -> None:
        """As its buyer does."""
        self.server.do(lambda deps: bookings.cancel(deps, call, bookings.BUYER))


async def furnish(deps: Deps, server: LiveServer) -> Office:
    user_id = await people.add_user(deps, "mara@tidewater.example", "pmm", name="Mara Lindqvist")
    mara = Viewer(user_id, Role.PMM, "Mara Lindqvist")
    form = bookings.Form(
        user_id=user_id,
        time_zone="Europe/Berlin",
        hours=HOURS,
        notice_hours="1",
        daily_maximum="20",
        video_link="https://video.example/mara",
    )
    await bookings.save(deps, mara, form)
    deal = {"deal_id": "D-1", "amount": "18400", "currency": "EUR", "closed_on": "2026-10-30", "rep_reason": "price"}
    ahead_of, _ = await play(deps, said=SAID[:2], send=False, **deal)
    await brief.expect(deps, mara, "loss", "They leave over the time that the import takes, not over its price.", 0)
    ahead = await _book(deps, ahead_of, 3)
    talked = await invite(deps, email="priya@x.example", company="Orchard Clinics", name="Priya Nair")
    running = await _begun(deps, await _book(deps, talked, 20), timedelta(minutes=5), lasts=timedelta(hours=12))
    over = await invite(deps, email="tomas@x.example", company="Vela Retail", name="Tomas Vela")
    await _begun(deps, await _book(deps, over, 40), timedelta(hours=3))
    gone = await invite(deps, email="erin@x.example", company="Pinewood Hotels", name="Erin Walsh")
    missed = await _begun(deps, await _book(deps, gone, 60), timedelta(days=1))
    await closing.missed(deps, mara, missed)
    ready = await invite(deps, email="ola@x.example", company="Nordvik Ferries", name="Ola Berg")
    done = await _begun(deps, await _book(deps, ready, 80), timedelta(days=2))
    await noting.save(deps, mara, done, [noting.Given("trigger", SAID[0], 0)])
    await finishing.finish(deps, mara, done)
    asking = await invite(deps, email="lena@x.example", company="Harbour Gyms", name="Lena Roth")
    await request_call(deps, asking, time_zone="Europe/London")
    return Office(server, ahead, running)


async def _book(deps: Deps, invitation_id: str, place: int) -> str:
    start = (await bookings.offered(deps, invitation_id))[place].start
    return (await bookings.take(deps, invitation_id, start, zone="America/New_York", language="en")).id


async def _begun(deps: Deps, call: str, ago: timedelta, *, lasts: timedelta = timedelta(minutes=15)) -> str:
    async with deps.db.write() as tx:
        row = await rows.get(tx, call, lock=True)
        assert row is not None
        row.starts_at = deps.now() - ago
        row.ends_at = row.starts_at + lasts
    return call
