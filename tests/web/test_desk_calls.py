"""Calls and the brief at the desk: as plain forms and with htmx."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import unquote, urlencode

import pytest

from interviewer import bookings, invitations
from interviewer.bookings import noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store import bookings as rows
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.web.desk_scene import DEAL, SAID, Browser, audit, book_call, invite, play, request_call


async def signed_in(browser: Browser, deps: Deps, role: str = "pmm") -> Viewer:
    return await browser.sign_in(deps, role)


async def over_now(deps: Deps, call: str) -> None:
    """The call was just now: to wait for it would end the desk's session."""
    async with deps.db.write() as tx:
        row = await rows.get(tx, call, lock=True)
        assert row is not None
        row.starts_at, row.ends_at = deps.now() - timedelta(minutes=16), deps.now() - timedelta(minutes=1)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


# Calls


async def test_the_page_of_calls_from_empty_to_done(browser: Browser, sqlite_deps: Deps) -> None:
    await signed_in(browser, sqlite_deps)
    empty = (await browser.get("/desk/calls")).text
    assert "Nobody is waiting for a call" in empty and "Nobody here has hours" in empty
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    page = text_of((await browser.get("/desk/calls")).text)
    assert "Wed 4 Nov, 9:45 am" not in page and "for them" in page and "EST (UTC-5)" in page and "in 1 day" in page
    await over_now(sqlite_deps, call)
    assert "It was held" in (await browser.get("/desk/calls")).text
    missed = await browser.post(f"/desk/calls/{call}/missed")
    assert "goes on where it stood" in (await browser.get(missed.headers["location"])).text
    assert "Take it back" in (await browser.get("/desk/calls")).text


async def test_a_call_is_moved_by_a_pressed_time(browser: Browser, sqlite_deps: Deps) -> None:
    await signed_in(browser, sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    page = await browser.get(f"/desk/calls/{call}/move")
    start = re.findall(r'name="start" value="([^"]+)"', page.text)[7]
    async with sqlite_deps.db.read() as tx:
        before = await rows.get(tx, call)
    assert before is not None
    asked = await browser.get(f"/desk/calls/{call}/move?{urlencode({'start': start})}")
    told = text_of(asked.text)
    assert "Move Jo Marsh’s call from Tue 3 Nov, 11:00 CET" in told and "for them" in told
    assert "Keep it as it is" in told and "They get a mail" in told
    async with sqlite_deps.db.read() as tx:
        still = await rows.get(tx, call)
    assert still is not None and still.starts_at == before.starts_at
    moved = await browser.post(f"/desk/calls/{call}/move", start=start)
    assert moved.status_code == 303
    after = await browser.get(moved.headers["location"])
    assert "Moved." in after.text and f'name="start" value="{before.starts_at.isoformat()}"' in after.text
    async with sqlite_deps.db.read() as tx:
        booking = await rows.get(tx, call)
    assert booking is not None and booking.starts_at.isoformat() == start
    for gone in ("2026-11-01T09:00:00+00:00", "nonsense", "2026-11-05T09:00:00"):
        late = await browser.post(f"/desk/calls/{call}/move", start=gone)
        assert late.status_code == 409 and "not free any more" in late.text
    gone = await browser.get(f"/desk/calls/{call}/move?start=2026-11-01T09:00:00%2B00:00")
    assert gone.status_code == 200 and "not free any more" in gone.text and "Move it?" not in gone.text
    undone = await browser.post(f"/desk/calls/{call}/move", start=before.starts_at.isoformat(), back="yes")
    assert "Moved back." in (await browser.get(undone.headers["location"])).text
    async with sqlite_deps.db.read() as tx:
        booking = await rows.get(tx, call)
    assert booking is not None and booking.starts_at == before.starts_at


async def test_a_move_is_taken_back_only_where_its_old_time_is_free(
    browser: Browser, sqlite_deps: Deps, clock: FakeClock
) -> None:
    await signed_in(browser, sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    page = await browser.get(f"/desk/calls/{call}/move")
    start = re.findall(r'name="start" value="([^"]+)"', page.text)[7]
    location = (await browser.post(f"/desk/calls/{call}/move", start=start)).headers["location"]
    assert "Undo" in (await browser.get(location)).text
    for nonsense in ("nonsense", "2026-11-01T09:00:00%2B00:00"):
        assert "Undo" not in (await browser.get(f"/desk/calls/{call}?done=call_moved&was={nonsense}")).text
    other = await invite(sqlite_deps, email="kim@x.example")
    was = datetime.fromisoformat(unquote(location.partition("was=")[2].partition("&")[0]))
    await bookings.take(sqlite_deps, other, was, zone="", language="en")
    page = await browser.get(location)
    assert "Undo" not in page.text and "Moved." in page.text


@pytest.mark.parametrize("mail", [True, False])
async def test_mails_are_promised_where_there_are_any(sqlite_deps: Deps, mail: bool) -> None:
    app = create_app(sqlite_deps if mail else replace(sqlite_deps, mail=None))
    async with Browser(app) as browser:
        await signed_in(browser, sqlite_deps)
        call = await book_call(sqlite_deps, await invite(sqlite_deps))
        start = re.findall(r'name="start" value="([^"]+)"', (await browser.get(f"/desk/calls/{call}/move")).text)[7]
        moved = await browser.post(f"/desk/calls/{call}/move", start=start)
        picked = f"/desk/calls/{call}/move?{urlencode({'start': start.replace('T11', 'T14')})}"
        for address in (f"/desk/calls/{call}", picked, moved.headers["location"]):
            page = text_of((await browser.get(address)).text)
            assert ("No mail server is set" in page) is not mail
            assert "by mail" not in page or mail


# The brief


async def test_the_brief_has_the_deal_what_was_said_and_what_is_open(browser: Browser, sqlite_deps: Deps) -> None:
    await signed_in(browser, sqlite_deps)
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:2], send=False, **DEAL)
    call = await book_call(sqlite_deps, invitation_id)
    page = (await browser.get(f"/desk/calls/{call}")).text
    told = text_of(page)
    assert "18,400 EUR" in told and "missing offline mode" in told and "Shiftwell" in told
    assert SAID[0] in unescape(page)
    order = ("Join the call", "May I record", "Known from the chat", SAID[0][:40], "Still to ask", "Right after")
    places = [told.index(part) for part in order]
    assert places == sorted(places)
    assert "Make it an interview" not in page
    titles = re.findall(r'<h3 id="t-[^"]*">([^<]+)</h3>', page)
    assert len(titles) == len(set(titles)) == page.count("What they say</label>")
    assert not re.findall(r"<details class=\"probes\" open", page)
    assert ("viewed transcript", f"interview:{interview_id}") in await audit(sqlite_deps)


async def test_notes_are_kept_clash_and_become_an_interview(desk: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps)
    call = await book_call(sqlite_deps, invitation_id)
    script = "HX-Request" in desk.http.headers
    first = await desk.post(
        f"/desk/calls/{call}/notes", **{"note-trigger": "The rota person left", "version-trigger": "0"}
    )
    assert first.status_code == (200 if script else 303)
    if script:
        assert 'id="saved"' in first.text and 'name="version-trigger" value="1"' in first.text and "Saved" in first.text
    colleague = Viewer("ann", Role.PMM)
    await noting.save(sqlite_deps, colleague, call, [noting.Given("trigger", "A missed number", 1)])
    mine = {"note-trigger": "The rota person left in May", "version-trigger": "1"}
    clash = await desk.post(f"/desk/calls/{call}/notes", **mine)
    assert clash.status_code == 409 and "A missed number" in clash.text
    assert 'name="version-trigger" value="1"' in clash.text
    if not script:
        assert "The rota person left in May" in clash.text
    over = await desk.post(f"/desk/calls/{call}/notes", over="note-trigger", **mine)
    assert over.status_code == (200 if script else 303)
    early = await desk.post(f"/desk/calls/{call}/interview", **mine | {"version-trigger": "3"})
    assert early.status_code == 409
    await over_now(sqlite_deps, call)
    nothing = await desk.post(f"/desk/calls/{call}/interview", **{"note-trigger": "", "version-trigger": "3"})
    assert nothing.status_code == 422 and "at least one thing" in nothing.text
    made = await desk.post(f"/desk/calls/{call}/interview", **{"note-trigger": "The rota", "version-trigger": "4"})
    assert made.status_code == 303
    page = (await desk.get(made.headers["location"])).text
    assert "live call" in page and "Nils Holm" in page


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_what_the_buyer_said_to_being_recorded_is_kept_with_its_time(
    browser: Browser, sqlite_deps: Deps, clock: FakeClock, answer: str
) -> None:
    await signed_in(browser, sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    before = (await browser.get(f"/desk/calls/{call}")).text
    assert "do not record" in before and "/desk/import" not in re.findall(r"recording.*?</section>", before, re.S)[0]
    await browser.post(f"/desk/calls/{call}/recording", answer=answer)
    async with sqlite_deps.db.read() as tx:
        booking = await rows.get(tx, call)
    holds = ("no", clock.present) if answer == "no" else ("", None)  # a yes is asked for once more in the call
    assert booking is not None and (booking.recording, booking.recording_at) == holds
    page = (await browser.get(f"/desk/calls/{call}")).text
    card = re.findall(r'id="recording".*?</section>', page, re.S)[0]
    told = text_of(card)
    assert f"Jo Marsh said {answer} on Mon 2 Nov, 10:00 CET (UTC+1) , kept by Pmm" in told
    assert "/desk/import" not in card and "ask once more" not in told
    clock.advance(minutes=20)
    await over_now(sqlite_deps, call)
    assert "ask once more" in (await browser.get(f"/desk/calls/{call}")).text
    await browser.post(f"/desk/calls/{call}/recording", answer=answer)
    again = (await browser.get(f"/desk/calls/{call}")).text
    card = re.findall(r'id="recording".*?</section>', again, re.S)[0]
    assert "ask once more" not in again and ("/desk/import" in card) == (answer == "yes")
    assert (f"kept {answer} to recording", f"booking:{call}") in await audit(sqlite_deps)


async def begins(browser: Browser, deps: Deps, clock: FakeClock, call: str) -> None:
    """The time of the call has come."""
    async with deps.db.read() as tx:
        booking = await rows.get(tx, call)
    assert booking is not None
    clock.present = booking.starts_at
    await signed_in(browser, deps)


async def test_everybody_in_the_call_is_asked(browser: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    await signed_in(browser, sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    await begins(browser, sqlite_deps, clock, call)
    where = f"/desk/calls/{call}/recording"
    nobody = await browser.post(where, who="other", attendee=" ", answer="yes")
    assert nobody.status_code == 422 and "Say who else is in the call" in nobody.text
    await browser.post(where, answer="yes")
    await browser.post(where, who="other", attendee="Tom <b>IT</b>", answer="no")
    page = (await browser.get(f"/desk/calls/{call}")).text
    assert "Tom &lt;b&gt;IT&lt;/b&gt; said <b>no</b>" in page and "Somebody said no: do not record" in page
    await browser.post(where, attendee="Tom <b>IT</b>", answer="")
    assert "Everybody asked so far said yes" in (await browser.get(f"/desk/calls/{call}")).text


# After the call


@pytest.mark.parametrize("mail", [True, False])
async def test_a_missed_call_says_what_to_do_next(sqlite_deps: Deps, mail: bool) -> None:
    app = create_app(sqlite_deps if mail else replace(sqlite_deps, mail=None))
    async with Browser(app) as browser:
        await signed_in(browser, sqlite_deps)
        invitation_id = await invite(sqlite_deps)
        await request_call(sqlite_deps, invitation_id)
        call = await book_call(sqlite_deps, invitation_id)
        await over_now(sqlite_deps, call)
        done = await browser.post(f"/desk/calls/{call}/missed")
        for address in (done.headers["location"], "/desk/calls"):
            page = (await browser.get(address)).text
            assert ("A kind mail goes out" in text_of(page)) is mail
            assert ("No mail server is set: write to them yourself" in text_of(page)) is not mail
            assert "mailto:jo@brightwater.example" in page and "tel:+442079460018" in page
        await invitations.opt_out(sqlite_deps, sqlite_deps.links.opt_out(invitation_id).rpartition("/")[2])
        page = (await browser.get("/desk/calls")).text.partition('id="missed"')[2].partition("</section>")[0]
        assert "asked for no more mail" in page and "mailto:" not in page and "tel:" not in page


async def test_a_call_that_is_done_leads_to_its_interview(browser: Browser, sqlite_deps: Deps) -> None:
    await signed_in(browser, sqlite_deps)
    invitation_id = await invite(sqlite_deps)
    call = await book_call(sqlite_deps, invitation_id)
    await over_now(sqlite_deps, call)
    await browser.post(f"/desk/calls/{call}/interview", **{"note-trigger": "The rota", "version-trigger": "0"})
    line = (await browser.get("/desk/calls")).text.partition('id="done"')[2]
    assert f'<a href="/desk/interviews/{invitation_id}">Jo Marsh</a>' in line


@pytest.mark.parametrize("noted", [True, False])
async def test_what_was_called_off_was_held_after_all_where_it_was_noted(
    browser: Browser, sqlite_deps: Deps, noted: bool
) -> None:
    await signed_in(browser, sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    if noted:
        await browser.post(f"/desk/calls/{call}/notes", **{"note-trigger": "The rota", "version-trigger": "0"})
    await bookings.cancel(sqlite_deps, call, bookings.BUYER)
    await over_now(sqlite_deps, call)
    async with sqlite_deps.db.write() as tx:
        row = await rows.get(tx, call, lock=True)
        assert row is not None
        row.changed_at = row.starts_at - timedelta(hours=2)
    assert ("It was held after all" in (await browser.get(f"/desk/calls/{call}")).text) is noted
    assert (await browser.post(f"/desk/calls/{call}/held")).status_code == (303 if noted else 409)
    assert ("The rota" in (await browser.get(f"/desk/calls/{call}")).text) is noted
