"""A flow taken at the desk is a real interview on a real phone, and nothing is counted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from interviewer import bookings, invitations, previews, store
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.jobs.sweeps import SWEEPS
from interviewer.previews import Wanted
from interviewer.transcript import Speaker
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.fakes.phone import Phone
from tests.web.desk_scene import SAID, Browser, analysed, invite, play
from tests.web.preview_scene import CANARY, answer_all, begin, delete_it, tables
from tests.web.test_desk import RULES

TEXTS = {"flow_versions", "notices"}
"""What interviews ran with, by digest. A preview needs them too, and they count nothing."""


async def to_the_end(phone: Phone, where: str) -> None:
    """Answer everything, ask for a call on the way, send, consent, and want a copy."""
    await answer_all(phone, where)
    await phone.press("call")
    await phone.press("book", first_time="Tuesday", phone="+44 20 7946 0018")
    assert "call" in str(phone.last.url) and phone.last.status_code == 200
    await phone.open(f"/interview/{phone.interview_id}/check")
    await phone.press("confirm")
    assert str(phone.last.url).endswith("/done")
    interview_id = phone.interview_id
    await phone.press(f"/interview/{interview_id}/consent", agreed="yes")
    await phone.press(f"/interview/{interview_id}/copy")
    assert phone.last.status_code == 200, phone.last.text


async def stop_all_mail(phone: Phone, where: str) -> None:
    await phone.open(where)
    await phone.press("decline")
    opt_out = re.search(r'href="[^"]*(/o/[^"]+)"', phone.last.text)
    assert opt_out
    await phone.open(opt_out[1])
    await phone.press("opt-out")
    assert phone.last.status_code == 200


async def _by_a_model(deps: Deps, invitation_id: str) -> None:
    """As if a model had worded every reply, so that the quality page would count it."""
    async with deps.db.write() as tx:
        interview = await store.interviews.of_invitation(tx, invitation_id)
        for row in await store.turns.rows(tx, interview.id) if interview else []:
            if row.speaker == Speaker.INTERVIEWER:
                row.source, row.calls, row.verdicts = "model", 1, ["leading", "passed"]


async def pages(pmm: Browser) -> dict[str, str]:
    """Every page of the desk that needs no id, and the list filtered by each thing that a preview has."""
    paths = [path for method, path in RULES if method == "GET" and "{" not in path and path != "/desk/preview"]
    paths += [f"/desk?q={word}" for word in (CANARY, "champion", "nights")]
    paths += [f"/desk?status={status}" for status in ("finished", "wants_a_call", "opted_out", "deleted", "invited")]
    paths += ["/desk?flow=loss", "/desk?flow=win"]
    found = {}
    for path in paths:  # what was typed stands in the address of the search itself, and each refusal has a number
        text = (await pmm.get(path)).text.replace(CANARY, "…")
        found[path] = re.sub(r"Reference: <code>\w+</code>|[\d.,]+ [GM]B", "", text)  # room on this machine's disk
    return found


@pytest.mark.parametrize("act", [to_the_end, stop_all_mail, delete_it])
async def test_nothing_comes_of_a_preview(
    pmm: Browser, handset: Phone, sqlite_deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, act: Any
) -> None:
    done, _ = await analysed(sqlite_deps, jobs)
    await play(sqlite_deps, said=SAID[:2], send=False, email="half@x.example", flow="win")
    times = {"first_time": "Tuesday", "second_time": "", "time_zone": ""}
    await bookings.request(sqlite_deps, done, phone="+44 20 7946 0018", **times)
    await jobs.run(sqlite_deps)
    mails = len(mailbox.sent)
    await _by_a_model(sqlite_deps, done)
    seen, kept = await pages(pmm), await tables(sqlite_deps)
    page, where = await begin(pmm, flow="win", role="champion", language="en")

    await act(handset, where)
    await _by_a_model(sqlite_deps, page.rpartition("/")[2])

    now = await tables(sqlite_deps)
    theirs = {"invitations", "interviews", "turns"} | TEXTS
    assert {name for name in now if now[name] != kept[name]} <= theirs
    assert all(set(rows) <= set(now[name]) for name, rows in kept.items()), "a real row was changed"
    assert await pages(pmm) == seen
    assert jobs.queued == [] and len(mailbox.sent) == mails
    for some_id in re.findall(r"[\w-]{16,}", f"{page} {handset.last.url}"):
        assert (await pmm.get(f"/desk/interviews/{some_id}")).status_code == 404
        assert (await pmm.post(f"/desk/interviews/{some_id}/delete")).status_code == 404

    assert (await pmm.post(f"{page}/end")).headers["location"] == "/desk/preview?done=preview_ended"
    after = await tables(sqlite_deps)
    assert {name for name in after if after[name] != kept[name]} <= TEXTS | {"audit"}  # of looking at the pages again
    assert CANARY not in repr(after)


async def test_silence_ends_and_analyses_no_preview_and_a_day_deletes_it(
    pmm: Browser, handset: Phone, sqlite_deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    page, where = await begin(pmm)
    await answer_all(handset, where)  # not sent: a real one would be complete after half an hour
    clock.advance(hours=23)
    for sweep in SWEEPS:
        assert await sweep.do(sqlite_deps) == 0, sweep.name
    assert jobs.queued == []
    assert (await pmm.http.get(page)).status_code in (200, 303)  # the desk's own session may have ended meanwhile
    clock.advance(hours=1, minutes=1)
    assert await previews.expire(sqlite_deps) == 1
    assert CANARY not in repr(await tables(sqlite_deps))
    assert await previews.expire(sqlite_deps) == 0


async def test_a_real_interview_is_no_preview(sqlite_deps: Deps, pmm: Browser) -> None:
    invitation_id, _ = await play(sqlite_deps, said=SAID[:1], send=False)
    for what in ("again", "end"):
        answer = await pmm.post(f"/desk/preview/{invitation_id}/{what}")
        assert answer.headers["location"] == "/desk/preview?done=preview_over"
    assert (await pmm.get(f"/desk/preview/{invitation_id}")).status_code == 303
    async with sqlite_deps.db.read() as tx:
        assert await store.interviews.of_invitation(tx, invitation_id) is not None


async def test_a_scheduler_is_not_opened(sqlite_deps: Deps, make_deps: Any, pmm: Browser) -> None:
    chosen = sqlite_deps.settings.model_copy(update={"scheduling_url": "https://meet.example/mara"})
    app = create_app(make_deps(sqlite_deps.db, settings=chosen))
    _, where = await begin(pmm)
    async with Phone(app) as phone:
        await phone.open(where)
        await phone.press("call")
        await phone.press("book")
        assert str(phone.last.url).endswith("/call?asked=True") or str(phone.last.url).endswith("/call?asked=1")
    assert (await tables(sqlite_deps))["call_requests"] == []


async def test_counts_on_both_databases(deps: Deps, clock: FakeClock) -> None:
    from interviewer import review
    from interviewer.confidentiality import Role, Viewer

    viewer = Viewer("u", Role.PMM)
    await invite(deps)
    preview_id = await previews.begin(deps, viewer, Wanted("loss", "en", "Board", "champion"))
    await previews.begin(deps, viewer, Wanted("loss", "en", "Board", "champion"))
    listing = await review.interviews(deps, viewer, review.Wanted())
    assert (listing.everything, listing.found, len(listing.heads)) == (1, 1, 1)
    assert [count.number for count in listing.flows] == [1]
    await invitations.decline(deps, preview_id)
    assert (await review.interviews(deps, viewer, review.Wanted(status="declined"))).found == 0
    with pytest.raises(NotFound):
        await review.head(deps, viewer, preview_id)
    await previews.end(deps, viewer, preview_id)
    with pytest.raises(NotFound):
        await previews.look(deps, viewer, preview_id)
    clock.advance(days=1, minutes=1)
    assert await previews.expire(deps) == 1
    async with deps.db.read() as tx:
        assert await store.invitations.idle_since(tx, deps.now() - timedelta(days=1)) == []
