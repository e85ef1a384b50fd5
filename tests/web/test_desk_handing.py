"""The page of calls where something has to be seen to: calls that nobody holds, and a calendar that is not read."""

from __future__ import annotations

from interviewer import people
from interviewer.bookings import busy
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.calendars import ADDRESS, Calendars, feed
from tests.store import booking_scene as scene
from tests.store.booking_scene import at
from tests.web.desk_scene import Browser, audit
from tests.web.test_desk_calls import text_of


async def nils_and_a_lost_call(browser: Browser, deps: Deps) -> tuple[Viewer, str]:
    """Mara left, and a call with her stands; Nils, who takes calls too, looks at the page."""
    await scene.host(deps, "Mara")
    row = await scene.take(deps, await scene.buyer(deps), at(4, 10))
    nils = await scene.host(deps, "Nils")
    await browser.sign_in(deps, "pmm", "nils@tidewater.example")
    assert "Nobody holds these calls" not in (await browser.get("/desk/calls")).text
    await people.disable_user(deps, "mara@tidewater.example")
    return nils, row.id


async def test_a_call_that_nobody_holds_is_handed_over_by_a_press(browser: Browser, sqlite_deps: Deps) -> None:
    nils, call = await nils_and_a_lost_call(browser, sqlite_deps)
    page = await browser.get("/desk/calls")
    assert "Nobody holds these calls" in text_of(page.text)
    assert "booked with Mara" in text_of(page.text)
    assert f'<option value="{nils.user_id}">Pmm</option>' in page.text
    done = await browser.post(f"/desk/calls/{call}/hand", host=nils.user_id)
    assert done.headers["location"] == "/desk/calls?done=call_handed"
    page = await browser.get(done.headers["location"])
    assert "Handed over. The buyer keeps their time." in page.text
    assert "Nobody holds these calls" not in page.text
    assert "with you" in page.text
    assert ("handed call over", f"booking:{call}") in await audit(sqlite_deps)


async def test_who_is_taken_meanwhile_gets_no_second_call(browser: Browser, sqlite_deps: Deps) -> None:
    nils, call = await nils_and_a_lost_call(browser, sqlite_deps)
    await scene.take(sqlite_deps, await scene.buyer(sqlite_deps, "lee@buyer.example"), at(4, 10))
    page = await browser.get("/desk/calls")
    assert "Nobody who takes calls is free then" in page.text
    done = await browser.post(f"/desk/calls/{call}/hand", host=nils.user_id)
    assert "Nothing was changed" in (await browser.get(done.headers["location"])).text
    assert "Nobody holds these calls" in (await browser.get("/desk/calls")).text


async def test_a_host_sees_that_their_calendar_is_not_read(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    deps = make_deps(sqlite_deps.db, outbound=Calendars(b"no calendar"))
    nils = await scene.host(deps, "Nils", busy_url=ADDRESS)
    await busy.refresh(deps, nils.user_id)
    async with Browser(create_app(deps)) as browser:
        await browser.sign_in(deps, "pmm", "nils@tidewater.example")
        page = text_of((await browser.get("/desk/calls")).text)
        assert "Your calendar could not be read: What this address gives is not a calendar" in page
        assert "It was never read so far, so it holds nothing back" in page
        deps.outbound.now(feed())  # type: ignore[attr-defined]
        await busy.refresh(deps, nils.user_id)
        assert "could not be read" not in (await browser.get("/desk/calls")).text
