"""A call that a host books for a buyer who asked for one, or moves to a time of her own; whose clock the desk has."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import FastAPI
from sqlmodel import select

from interviewer import bookings
from interviewer.bookings import closing
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.store import bookings as rows
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.invitations import CallRequestRow
from interviewer.store.tables.people import UserRow
from tests.web.desk_scene import Browser, audit, book_call, invite, request_call
from tests.web.test_desk_calls import text_of

SATURDAY = "2026-11-07T12:00"
"""Outside every week's hours; in the tests it is Sunday the first."""


async def hosting(deps: Deps, viewer: Viewer) -> None:
    form = bookings.Form(
        user_id=viewer.user_id,
        time_zone="Europe/Berlin",
        hours={"mon": [["09:00", "17:00"]]},
        daily_maximum="1",
        video_link="https://video.example/mara",
    )
    await bookings.save(deps, viewer, form)


async def asked_for(deps: Deps, invitation_id: str) -> str:
    await request_call(deps, invitation_id, first_time="Saturday noon", time_zone="America/New_York")
    async with deps.db.read() as tx:
        query = select(CallRequestRow.id).where(CallRequestRow.invitation_id == invitation_id)
        return str((await tx.exec(query)).one())


async def test_a_call_is_booked_at_a_time_of_the_hosts_own(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    await hosting(sqlite_deps, mara)
    invitation_id = await invite(sqlite_deps)
    call_id = await asked_for(sqlite_deps, invitation_id)
    listed = await browser.get("/desk/calls")
    assert f'href="/desk/calls/{call_id}/book"' in listed.text
    for path in ("calls", f"calls/{call_id}/book", f"interviews/{invitation_id}"):
        assert "New York, EST (UTC-5)" in text_of((await browser.get(f"/desk/{path}")).text)
    page = text_of((await browser.get(f"/desk/calls/{call_id}/book?{urlencode({'when': SATURDAY})}")).text)
    assert "Saturday noon" in page and "Sat 7 Nov, 12:00 CET (UTC+1) , for them Sat 7 Nov, 06:00 EST (UTC-5)" in page
    fields = {"start": "2026-11-07T11:00:00+00:00", "when": SATURDAY, "host": mara.user_id}
    booked = await browser.post(f"/desk/calls/{call_id}/book", **fields)
    assert booked.status_code == 303 and "done=call_booked" in booked.headers["location"]
    brief = text_of((await browser.get(booked.headers["location"])).text)
    assert "Booked." in brief and "Sat 7 Nov, 12:00" in brief and "with you" in brief
    booking_id = booked.headers["location"].rpartition("/")[2].partition("?")[0]
    assert ("booked call for buyer", f"booking:{booking_id}") in await audit(sqlite_deps)
    async with sqlite_deps.db.read() as tx:
        events = set((await tx.exec(select(DeliveryRow.event))).all())
        request = await tx.get(CallRequestRow, call_id)
    assert request is not None and request.handled_at and "call_booked" in events
    again = await browser.post(f"/desk/calls/{call_id}/book", **fields | {"start": "2026-11-07T13:00:00+00:00"})
    assert "done=call_stands" in again.headers["location"]


async def test_nobody_is_booked_twice_and_the_daily_maximum_is_for_buyers(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    await hosting(sqlite_deps, mara)
    first, second, third = [
        await asked_for(sqlite_deps, await invite(sqlite_deps, f"b{number}@x.example")) for number in range(3)
    ]
    start = {"when": SATURDAY, "host": mara.user_id}
    noon, two = "2026-11-07T11:00:00+00:00", "2026-11-07T13:00:00+00:00"
    assert (await browser.post(f"/desk/calls/{first}/book", start=noon, **start)).status_code == 303
    taken = await browser.post(f"/desk/calls/{second}/book", start=noon, **start)
    assert taken.status_code == 409 and "whoever holds it must have nothing else" in taken.text
    assert (await browser.post(f"/desk/calls/{second}/book", start=two, **start)).status_code == 303
    for never in ("2026-11-01T09:00", "2026-11-07T12:05", "soon", "0001-01-01T00:00"):
        page = await browser.get(f"/desk/calls/{third}/book?{urlencode({'when': never})}")
        assert page.status_code == 200 and "Nothing was booked" in page.text and "Book it?" not in page.text


async def test_a_call_is_moved_to_a_time_of_the_hosts_own(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    page = (await browser.get(f"/desk/calls/{call}/move?{urlencode({'when': SATURDAY})}")).text
    assert "Move it?" in page and 'name="by_hand"' in page and "Sat 7 Nov, 12:00" in page
    refused = await browser.post(f"/desk/calls/{call}/move", start="2026-11-07T11:00:00+00:00")
    assert refused.status_code == 409
    moved = await browser.post(f"/desk/calls/{call}/move", start="2026-11-07T11:00:00+00:00", by_hand="yes")
    assert moved.status_code == 303
    async with sqlite_deps.db.read() as tx:
        row = await rows.get(tx, call)
    assert row is not None and row.starts_at.isoformat() == "2026-11-07T11:00:00+00:00"
    never = (await browser.get(f"/desk/calls/{call}/move?{urlencode({'when': '2026-10-07T11:00'})}")).text
    assert "No call can be then" in never and "Move it?" not in never


async def test_every_user_has_one_clock(app: FastAPI, sqlite_deps: Deps) -> None:
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    async with Browser(app) as there, Browser(app) as host:
        await there.sign_in(sqlite_deps, "admin")
        theirs = (await there.get("/desk/calls")).text
        assert 'data-zone="Europe/Berlin"' in theirs  # nothing is known of her: that of who takes calls here
        there.http.cookies.set("interviewer-zone", "Asia%2FCalcutta")
        page = (await there.get("/desk/calls")).text
        assert 'data-zone="Asia/Kolkata"' in page and "Times are on your clock, IST (UTC+5:30)" in page
        assert text_of(page).count("IST (UTC+5:30)") == 1
        assert "IST (UTC+5:30)" in (await there.get(f"/desk/calls/{call}/move")).text
        there.http.cookies.set("interviewer-zone", "Moon/Base")
        assert 'data-zone="Europe/Berlin"' in (await there.get("/desk/calls")).text
        mara = await host.sign_in(sqlite_deps)
        host.http.cookies.set("interviewer-zone", "Asia%2FTokyo")
        await hosting(sqlite_deps, mara)
        assert 'data-zone="Europe/Berlin"' in (await host.get("/desk/calls")).text
        assert 'data-zone="Asia/Tokyo"' not in (await host.get("/desk")).text


async def test_a_call_that_nobody_holds_stands_once_and_counts(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    async with sqlite_deps.db.write() as tx:
        (nils,) = (await tx.exec(select(UserRow).where(UserRow.email == "nils@tidewater.example"))).all()
        nils.disabled_at = sqlite_deps.now()
        tx.add(nils)
    page = (await browser.get("/desk/calls")).text
    assert f'data-unheld="{call}"' in page and f'data-call="{call}"' not in page
    assert '<span class="badge">1<' in page


async def test_what_was_called_off_leaves_once_its_buyer_booked_again(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    invitation = await invite(sqlite_deps)
    call = await book_call(sqlite_deps, invitation)
    await closing.cancel(sqlite_deps, mara, call)
    assert f'data-call="{call}"' in (await browser.get("/desk/calls")).text
    start = (await bookings.offered(sqlite_deps, invitation))[9].start
    await bookings.take(sqlite_deps, invitation, start, zone="Europe/London", language="en")
    assert f'data-call="{call}"' not in (await browser.get("/desk/calls")).text


async def test_everybody_in_a_call_stands_by_name_asked_or_not(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    await browser.post(f"/desk/calls/{call}/recording", who="other", attendee="Tom, IT", answer="yes")
    page = text_of((await browser.get(f"/desk/calls/{call}")).text)
    assert "Jo Marsh: not asked yet" in page and "Tom, IT said yes on" in page
    assert "CET (UTC+1)" in page.partition("Tom, IT said yes on")[2][:60]
