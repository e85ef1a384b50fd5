"""The hours of a host at the desk: as plain forms and with htmx."""

from __future__ import annotations

import re
from html import unescape

from fastapi import FastAPI

from interviewer import bookings, people
from interviewer.deps import Deps
from interviewer.store import hosts
from tests.web.desk_scene import Browser, audit, invite

WEEK = {"wed_0_first": "09:00", "wed_0_last": "10:00"}
FORM = {
    "time_zone": "Europe/Berlin",
    "buffer_minutes": "0",
    "notice_hours": "24",
    "horizon_days": "7",
    "daily_maximum": "4",
    "taking": "yes",
    "version": "0",
} | WEEK


async def calendar_of(deps: Deps, user_id: str) -> tuple[str, str]:
    """The address that is kept, and what went wrong with it."""
    async with deps.db.read() as tx:
        row = await hosts.get(tx, user_id)
    assert row is not None
    return row.busy_url, row.busy_error


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_hours_are_kept_and_shown_as_buyers_will_see_them(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    fresh = await browser.get("/desk/calls/hours")
    assert 'value="09:00"' in fresh.text and "Choose one" in fresh.text
    looked = await browser.post("/desk/calls/hours", host=mara.user_id, act="look", **FORM)
    assert "4 free times" in text_of(looked.text) and "CET (UTC+1)" in looked.text
    kept = await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM)
    assert kept.headers["location"] == f"/desk/calls/hours?host={mara.user_id}&done=hours_kept"
    page = text_of((await browser.get(kept.headers["location"])).text)
    assert "Wednesday 4 November 4 times, 09:00–09:45 09:00 09:15 09:30 09:45" in page
    offered = await bookings.offered(sqlite_deps, await invite(sqlite_deps))
    assert len(offered) == 4
    assert ("changed hours", f"user:{mara.user_id}") in await audit(sqlite_deps)


async def test_a_new_host_is_asked_for_a_zone_and_not_told_of_a_fault(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as one:
        mara = await one.sign_in(sqlite_deps)
        page = text_of((await one.get("/desk/calls/hours")).text)
        assert "Choose the time zone of these hours" in page and "cannot be taken" not in page
        refused = await one.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM | {"time_zone": ""})
        assert "The time zone is still to be chosen" in text_of(refused.text)


async def test_buyers_are_offered_times_up_to_midnight(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    late = FORM | {"wed_0_first": "23:30", "wed_0_last": "00:00", "thu_0_first": "00:00", "thu_0_last": "00:15"}
    await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **late)
    page = await browser.get("/desk/calls/hours")
    assert "Wednesday 4 November 2 times, 23:30–23:45 23:30 23:45" in text_of(page.text)
    assert 'value="00:00"' in field(page.text, "wed_0_last")
    assert len(await bookings.offered(sqlite_deps, await invite(sqlite_deps))) == 3


async def test_the_preview_follows_what_is_typed(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app, script=True) as one:
        mara = await one.sign_in(sqlite_deps)
        typed = FORM | {"wed_0_last": "09:30"}
        seen = await one.post("/desk/calls/hours/preview", host=mara.user_id, **typed)
        assert seen.text.lstrip().startswith('<div id="shown"') and "2</b> free times" in seen.text
        wrong = await one.post("/desk/calls/hours/preview", host=mara.user_id, **FORM | {"wed_0_last": "08:00"})
        assert wrong.status_code == 200 and "runs into the next day" in wrong.text
        off = {name: value for name, value in FORM.items() if name != "taking"}
        assert "switched off" in (await one.post("/desk/calls/hours/preview", host=mara.user_id, **off)).text
    async with sqlite_deps.db.read() as tx:
        assert await hosts.get(tx, mara.user_id) is None


async def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(desk: Browser, sqlite_deps: Deps) -> None:
    viewer_id = await people.add_user(sqlite_deps, "pmm@tidewater.example", "pmm")
    typed = FORM | {
        "wed_0_first": "25:00",
        "buffer_minutes": "lots",
        "video_link": "http://video.example",
        "off_0_first": "soon",
    }
    answer = await desk.post("/desk/calls/hours", host=viewer_id, act="keep", **typed)
    assert answer.status_code == 422 and 'value="25:00"' in answer.text and 'value="lots"' in answer.text
    page = text_of(answer.text)
    assert "4 things need another look" in page
    assert "Wednesday '25:00' is not a time of day" in page and "whole number from 0 to 120" in page
    assert "begins with https://" in page and "A day off has to be a date: pick one" in page


async def test_lines_are_added_and_taken_away_without_script(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    more = await browser.post("/desk/calls/hours", host=mara.user_id, act="add:wed", **FORM)
    assert 'name="wed_1_first"' in more.text and 'value="09:00"' in more.text
    less = await browser.post("/desk/calls/hours", host=mara.user_id, act="remove:wed_0", **FORM)
    assert 'value="09:00"' not in less.text
    days = await browser.post("/desk/calls/hours", host=mara.user_id, act="add:off", off_0_first="2026-12-24", **FORM)
    assert 'name="off_1_first"' in days.text and 'value="2026-12-24"' in days.text
    async with sqlite_deps.db.read() as tx:
        assert await hosts.get(tx, mara.user_id) is None


async def test_hours_changed_in_another_tab_are_not_overwritten(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM)
    again = await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM | {"wed_0_last": "11:00"})
    assert again.status_code == 409 and "changed while you typed" in again.text and 'value="11:00"' in again.text


async def test_an_admin_edits_a_colleagues_hours_and_nobody_those_of_sales(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as pmm, Browser(app) as admin, Browser(app) as sales:
        mara = await pmm.sign_in(sqlite_deps, "pmm")
        boss = await admin.sign_in(sqlite_deps, "admin")
        rep = await sales.sign_in(sqlite_deps, "sales")
        assert (await pmm.get(f"/desk/calls/hours?host={boss.user_id}")).status_code == 404
        assert (await pmm.post("/desk/calls/hours", host=boss.user_id, act="keep", **FORM)).status_code == 404
        page = (await admin.get(f"/desk/calls/hours?host={mara.user_id}")).text
        assert "Hours for calls of Pmm" in page and rep.user_id not in page
        assert (await admin.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM)).status_code == 303
        assert (await admin.post("/desk/calls/hours", host=rep.user_id, act="keep", **FORM)).status_code == 404
        assert (await sales.post("/desk/calls/hours", host=rep.user_id, act="keep", **FORM)).status_code == 403


async def test_the_address_of_a_calendar_is_never_shown_again(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM)
    async with sqlite_deps.db.write() as tx:
        row = await hosts.get(tx, mara.user_id, lock=True)
        assert row is not None
        row.busy_url, row.busy_error = "https://calendar.example/zirkonsecret.ics", "It answered with an error."
        row.busy_tried_at = sqlite_deps.now()  # just now: it is left alone
    page = (await browser.get("/desk/calls/hours")).text
    assert "zirkonsecret" not in page and "kept, and not shown again" in page and "It answered with an error." in page
    await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM | {"version": "1"})
    assert (await calendar_of(sqlite_deps, mara.user_id))[0].endswith("zirkonsecret.ics")
    again = {"version": "2", "forget_calendar": "yes"}
    await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **FORM | again)
    assert await calendar_of(sqlite_deps, mara.user_id) == ("", "")


def field(page: str, name: str) -> str:
    """The tag of one input."""
    (found,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
    return str(found)


async def test_all_that_is_wrong_is_told_at_once_and_nothing_typed_is_lost(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    typed = FORM | {
        "time_zone": "Moon/Base",
        "mon_0_first": "10:00",
        "mon_0_last": "08:00",
        "tue_0_first": "09:00",
        "notice_hours": "-1",
        "video_link": "http://video.example",
        "busy_url": "https://127.0.0.1/zirkonsecret.ics",
        "off_0_first": "soon",
        "off_1_first": "2026-12-24",
        "off_1_last": "2026-12-20",
    }
    answer = await browser.post("/desk/calls/hours", host=mara.user_id, act="keep", **typed)
    page, marked = text_of(answer.text), set(re.findall(r'id="problem-([a-z_]+)"', answer.text))
    assert answer.status_code == 422 and "7 things need another look" in page
    assert marked == {"zone", "mon", "tue", "notice_hours", "video", "calendar", "off"}
    assert "like 2026-12-24; ends on 20 Dec 2026, before it begins on 24 Dec 2026" in page
    assert "The time zone is not one of the list: pick one" in page
    for name, value in typed.items():
        if name not in ("time_zone", "taking", "version"):
            assert f'value="{value}"' in field(answer.text, name), name
    for target in re.findall(r'href="#([a-z_0-9]+)"', answer.text.partition('role="alert"')[2]):
        assert f'id="{target}"' in answer.text
    async with sqlite_deps.db.read() as tx:
        assert await hosts.get(tx, mara.user_id) is None


async def test_mondays_hours_go_to_every_weekday_by_one_press(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    monday = {"mon_0_first": "08:00", "mon_0_last": "11:00", "mon_2_first": "14:00", "mon_2_last": "15:00"}
    sunday = {"sun_0_first": "18:00", "sun_0_last": "19:00"}
    page = (await browser.post("/desk/calls/hours", host=mara.user_id, act="same:mon", **FORM | monday | sunday)).text
    for day in ("mon", "tue", "wed", "thu", "fri"):
        assert 'value="08:00"' in field(page, f"{day}_0_first") and 'value="15:00"' in field(page, f"{day}_2_last")
    assert 'value="18:00"' in field(page, "sun_0_first") and 'value=""' in field(page, "sat_0_first")
    async with sqlite_deps.db.read() as tx:
        assert await hosts.get(tx, mara.user_id) is None


async def test_the_preview_is_looked_at_on_a_buyers_clock(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    for zone, told in (("", "CET (UTC+1)"), ("America/New_York", "EST (UTC-5)"), ("Nowhere", "CET (UTC+1)")):
        page = await browser.post("/desk/calls/hours", host=mara.user_id, act="look", seen_in=zone, **FORM)
        assert f"here in {told}" in text_of(page.text)
    tokyo = await browser.post("/desk/calls/hours", host=mara.user_id, act="look", seen_in="Asia/Tokyo", **FORM)
    assert "Wednesday 4 November 4 times, 17:00–17:45" in text_of(tokyo.text)
    assert '<option value="Asia/Tokyo" selected>Tokyo' in tokyo.text


async def test_a_day_has_room_for_a_second_stretch(browser: Browser, sqlite_deps: Deps) -> None:
    mara = await browser.sign_in(sqlite_deps)
    page = (await browser.post("/desk/calls/hours", host=mara.user_id, act="look", **FORM)).text
    assert 'value=""' in field(page, "wed_1_first") and "wed_2_first" not in page
    full = FORM | {"wed_1_first": "13:00", "wed_1_last": "14:00"}
    assert "wed_2_first" not in (await browser.post("/desk/calls/hours", host=mara.user_id, act="look", **full)).text
    assert "wed_2_first" in (await browser.post("/desk/calls/hours", host=mara.user_id, act="add:wed", **full)).text


async def test_no_place_by_mail_is_promised_without_a_mail_server(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    page = text_of((await browser.get("/desk/calls/hours")).text)
    assert "by mail" not in page and "tell each of them yourself where you meet" in page
