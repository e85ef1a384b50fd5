"""A flow taken at the desk: the phone is real, the reasons stand beside it, and nothing is counted."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import SQLModel

from interviewer import bookings, invitations, previews, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.jobs.sweeps import SWEEPS
from interviewer.previews import Wanted
from interviewer.transcript import Speaker
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.fakes.phone import Phone
from tests.web.desk_scene import SAID, Browser, analysed, invite, play
from tests.web.test_desk import RULES

CANARY = "zwieselgrund"
ANSWERS = (f"Our planner left in May, and {CANARY} said so", *SAID[1:4], "Ask about nights", "Nothing", "No", "No")
TEXTS = {"flow_versions", "notices"}
"""What interviews ran with, by digest. A preview needs them too, and they count nothing."""


@pytest.fixture
async def desk(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        yield one


@pytest.fixture
async def handset(app: FastAPI, desk: Browser) -> AsyncIterator[Phone]:
    """The phone in the desk's own browser: same cookies."""
    async with Phone(app) as one:
        one.http.cookies.jar = desk.http.cookies.jar
        yield one


async def begin(desk: Browser, **given: str) -> tuple[str, str]:
    """Start a preview; gives its page and the address in its phone."""
    answer = await desk.post("/desk/preview", **given)
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    return page, phone_in((await desk.get(page)).text)


def phone_in(page: str) -> str:
    found = re.search(r'<iframe id="phone" src="([^"]+)"', page)
    assert found, page
    return found[1]


async def answer_all(phone: Phone, where: str) -> None:
    await phone.start(where)
    for said in ANSWERS:
        if "closed" not in phone.last.text.partition("<body")[2][:40]:
            await phone.say(said)


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


async def delete_it(phone: Phone, where: str) -> None:
    await phone.start(where)
    await phone.say(ANSWERS[0])
    await phone.open(f"/interview/{phone.interview_id}/delete")
    await phone.press("delete")
    assert phone.last.status_code == 200


async def tables(deps: Deps) -> dict[str, list[Any]]:
    """Every row of every table."""
    async with deps.db.read() as tx:
        connection = await tx.connection()
        return {
            name: sorted(map(repr, (await connection.execute(table.select())).all()))
            for name, table in SQLModel.metadata.tables.items()
        }


async def _by_a_model(deps: Deps, invitation_id: str) -> None:
    """As if a model had worded every reply, so that the quality page would count it."""
    async with deps.db.write() as tx:
        interview = await store.interviews.of_invitation(tx, invitation_id)
        for row in await store.turns.rows(tx, interview.id) if interview else []:
            if row.speaker == Speaker.INTERVIEWER:
                row.source, row.calls, row.verdicts = "model", 1, ["leading", "passed"]


async def pages(desk: Browser) -> dict[str, str]:
    """Every page of the desk that needs no id, and the list filtered by each thing that a preview has."""
    paths = [path for method, path in RULES if method == "GET" and "{" not in path and path != "/desk/preview"]
    paths += [f"/desk?q={word}" for word in (CANARY, "champion", "nights")]
    paths += [f"/desk?status={status}" for status in ("finished", "wants_a_call", "opted_out", "deleted", "invited")]
    paths += ["/desk?flow=loss", "/desk?flow=win"]
    # What was typed stands in the address of the search itself.
    return {path: (await desk.get(path)).text.replace(CANARY, "…") for path in paths}


# nothing is counted


@pytest.mark.parametrize("act", [to_the_end, stop_all_mail, delete_it])
async def test_nothing_comes_of_a_preview(
    desk: Browser, handset: Phone, sqlite_deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, act: Any
) -> None:
    done, _ = await analysed(sqlite_deps, jobs)
    await play(sqlite_deps, said=SAID[:2], send=False, email="half@x.example", flow="win")
    times = {"first_time": "Tuesday", "second_time": "", "time_zone": ""}
    await bookings.request(sqlite_deps, done, phone="+44 20 7946 0018", **times)
    await jobs.run(sqlite_deps)
    mails = len(mailbox.sent)
    await _by_a_model(sqlite_deps, done)
    seen, kept = await pages(desk), await tables(sqlite_deps)
    page, where = await begin(desk, flow="win", role="champion", language="en")

    await act(handset, where)
    await _by_a_model(sqlite_deps, page.rpartition("/")[2])

    now = await tables(sqlite_deps)
    theirs = {"invitations", "interviews", "turns"} | TEXTS
    assert {name for name in now if now[name] != kept[name]} <= theirs
    assert all(set(rows) <= set(now[name]) for name, rows in kept.items()), "a real row was changed"
    assert await pages(desk) == seen
    assert jobs.queued == [] and len(mailbox.sent) == mails
    for some_id in re.findall(r"[\w-]{16,}", f"{page} {handset.last.url}"):
        assert (await desk.get(f"/desk/interviews/{some_id}")).status_code == 404
        assert (await desk.post(f"/desk/interviews/{some_id}/delete")).status_code == 404

    assert (await desk.post(f"{page}/end")).headers["location"] == "/desk/preview?done=preview_ended"
    after = await tables(sqlite_deps)
    assert {name for name in after if after[name] != kept[name]} <= TEXTS | {"audit"}  # of looking at the pages again
    assert CANARY not in repr(after)


async def test_silence_ends_and_analyses_no_preview_and_a_day_deletes_it(
    desk: Browser, handset: Phone, sqlite_deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    page, where = await begin(desk)
    await answer_all(handset, where)  # not sent: a real one would be complete after half an hour
    clock.advance(hours=23)
    for sweep in SWEEPS:
        assert await sweep.do(sqlite_deps) == 0, sweep.name
    assert jobs.queued == []
    assert (await desk.http.get(page)).status_code in (200, 303)  # the desk's own session may have ended meanwhile
    clock.advance(hours=1, minutes=1)
    assert await previews.expire(sqlite_deps) == 1
    assert CANARY not in repr(await tables(sqlite_deps))
    assert await previews.expire(sqlite_deps) == 0


async def test_a_real_interview_is_no_preview(sqlite_deps: Deps, desk: Browser) -> None:
    invitation_id, _ = await play(sqlite_deps, said=SAID[:1], send=False)
    for what in ("again", "end"):
        answer = await desk.post(f"/desk/preview/{invitation_id}/{what}")
        assert answer.headers["location"] == "/desk/preview?done=preview_over"
    assert (await desk.get(f"/desk/preview/{invitation_id}")).status_code == 303
    async with sqlite_deps.db.read() as tx:
        assert await store.interviews.of_invitation(tx, invitation_id) is not None


async def test_a_scheduler_is_not_opened(sqlite_deps: Deps, make_deps: Any, desk: Browser) -> None:
    chosen = sqlite_deps.settings.model_copy(update={"scheduling_url": "https://meet.example/mara"})
    app = create_app(make_deps(sqlite_deps.db, settings=chosen))
    _, where = await begin(desk)
    async with Phone(app) as phone:
        await phone.open(where)
        await phone.press("call")
        await phone.press("book")
        assert str(phone.last.url).endswith("/call?asked=True") or str(phone.last.url).endswith("/call?asked=1")
    assert (await tables(sqlite_deps))["call_requests"] == []


# frames and cookies


async def _framing(phone: Phone, where: str) -> set[tuple[str, str]]:
    """(frame-ancestors, X-Frame-Options) over every page that a buyer can come to, errors included."""
    found = set()

    def look() -> None:
        headers = phone.last.headers
        policy = headers["content-security-policy"]
        found.add((policy.partition("frame-ancestors ")[2], headers["x-frame-options"]))
        assert "frame-src" not in policy

    for path in (where, f"{where}/notice", f"{where}/call", f"{where}/declined"):
        await phone.open(path)
        look()
    opt_out = re.search(r'href="[^"]*(/o/[^"]+)"', phone.last.text)
    assert opt_out
    await phone.open(opt_out[1])
    look()
    interview_id = await phone.start(where)
    look()
    await phone.say(ANSWERS[0])
    look()
    await phone.say("")  # refused: nothing in it
    look()
    for path in ("", "/notice", "/call", "/check", "/delete", "/reply?number=4"):
        await phone.open(f"/interview/{interview_id}{path}")
        look()
    await phone.open(f"/interview/{interview_id}/check")
    await phone.press("confirm")
    look()
    await phone.http.post(f"/interview/{interview_id}/delete")
    await phone.open(f"/interview/{interview_id}")
    look()
    return found


async def test_only_a_preview_may_be_framed_and_only_by_us(
    desk: Browser, handset: Phone, sqlite_deps: Deps, link: str
) -> None:
    _, where = await begin(desk)
    assert await _framing(handset, where) == {("'self'", "SAMEORIGIN")}
    assert await _framing(handset, link.removeprefix("http://testserver")) == {("'none'", "DENY")}


async def test_only_the_preview_shows_a_frame_and_nobody_frames_the_desk(desk: Browser) -> None:
    page, _ = await begin(desk)
    policy = (await desk.get(page)).headers["content-security-policy"]
    assert "frame-src 'self'; frame-ancestors 'none'" in policy
    for path in ("/desk", "/desk/preview", "/desk/calls"):
        policy = (await desk.get(path)).headers["content-security-policy"]
        assert "frame-src" not in policy and policy.endswith("frame-ancestors 'none'")


async def test_previews_leave_the_interviews_of_this_browser_alone(desk: Browser, handset: Phone, link: str) -> None:
    mine = await handset.start(link)
    await handset.say(SAID[0])
    before = desk.http.cookies.get("interviewer")
    assert before
    for _ in range(22):  # more than a cookie holds
        _, where = await begin(desk)
        await handset.start(where)
    assert desk.http.cookies.get("interviewer") == before
    await handset.open(f"/interview/{mine}")
    assert handset.mine and SAID[0] in handset.mine[0]


async def test_the_cookie_works_in_a_frame_over_plain_http(desk: Browser, handset: Phone) -> None:
    _, where = await begin(desk)
    await handset.open(where)
    started = await handset.http.post(handset.page.forms["start"].action, follow_redirects=False)
    cookie = started.headers["set-cookie"]
    assert cookie.startswith("interviewer-preview=") and "Secure" not in cookie
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=86400" in cookie


# the page


async def test_every_flow_and_language_can_be_chosen(desk: Browser, handset: Phone, sqlite_deps: Deps) -> None:
    page = (await desk.get("/desk/preview")).text
    languages = re.findall(r'<option value="(\w\w)"', page)
    assert set(languages) == {*sqlite_deps.phrases.languages, *sqlite_deps.languages.texts}
    for flow in sqlite_deps.flows:
        assert f'value="{flow.id}"' in page and html.escape(flow.name) in page
        await begin(desk, flow=flow.id)
    for language in languages:
        _, where = await begin(desk, language=language, product="Shift Board", role="evaluator")
        await handset.start(where)
        spoken = sqlite_deps.languages.get(language).language  # English where the pages have no words of their own
        assert f'<html lang="{spoken}"' in handset.last.text


@pytest.mark.parametrize("given", [{"flow": "nonsense"}, {"language": "xx"}])
async def test_what_there_is_none_of_is_not_found(desk: Browser, given: dict[str, str]) -> None:
    assert (await desk.post("/desk/preview", **given)).status_code == 404


async def test_the_reasons_follow_each_turn(desk: Browser, handset: Phone, sqlite_deps: Deps) -> None:
    page, where = await begin(desk, role="economic buyer", product="Shift Board")
    shown = (await desk.get(page)).text
    for words in ("Press Start on the phone", "economic buyer", "Shift Board", "0 s</b>", "to come"):
        assert words in shown
    await handset.start(where)
    await handset.say(SAID[0])
    await handset.skip()
    await handset.say("The price of the import")
    desk.http.headers["HX-Request"] = "true"
    answer = await desk.get(page)
    assert answer.text.lstrip().startswith('<section id="reasons"') and "<iframe" not in answer.text
    async with sqlite_deps.db.read() as tx:
        rows = await store.turns.rows(tx, handset.interview_id)
    shown = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    assert "Skipped." in shown and "open question" in shown
    positions = [shown.index(row.text) for row in rows if row.text]
    assert positions[-1] < positions[0], "the latest comes first"
    for row in rows:
        assert row.why in shown
        if row.assessment:
            assert f"Read as {row.assessment['kind'].replace('_', ' ')}" in shown
            assert not row.assessment["hook"] or f"worth picking up: {row.assessment['hook']}" in shown
    del desk.http.headers["HX-Request"]
    assert phone_in((await desk.get(page)).text) == f"/interview/{handset.interview_id}", "a reload goes on"


async def test_the_words_of_a_model_are_told_with_their_verdicts(
    desk: Browser, handset: Phone, sqlite_deps: Deps
) -> None:
    page, where = await begin(desk)
    await handset.start(where)
    await handset.say(SAID[0])
    async with sqlite_deps.db.write() as tx:
        row = (await store.turns.rows(tx, handset.interview_id))[-1]
        row.source, row.model, row.prompt_id, row.calls = "model", "some-model", "ask_buyer@1234", 2
        row.tokens, row.latency_ms, row.verdicts = 2100, 1940, ["leading, too_long", "passed"]
    shown = html.unescape(re.sub(r"<[^>]+>", "", (await desk.get(page)).text))
    assert (
        "Worded by the model. Wording check: first words turned down: leading, too long; asked again: passed." in shown
    )
    assert "some-model: 2 calls, 2,100 tokens, 1.9 s, ask_buyer@1234." in shown
    assert shown.count("when the flow was loaded") == 1 and "Lint" not in shown


async def test_again_begins_anew_and_deletes_what_was(desk: Browser, handset: Phone, sqlite_deps: Deps) -> None:
    page, where = await begin(desk, flow="churn", language="de", role="detractor")
    await handset.start(where)
    await handset.say(ANSWERS[0])
    fresh = (await desk.post(f"{page}/again")).headers["location"]
    assert fresh != page and (await desk.get(page)).status_code == 303
    shown = (await desk.get(fresh)).text
    assert "German" in shown and "detractor" in shown and "Press Start on the phone" in shown
    assert CANARY not in repr(await tables(sqlite_deps))
    await handset.open(f"/interview/{handset.interview_id}")
    assert handset.last.status_code == 404 and handset.last.headers["x-frame-options"] == "SAMEORIGIN"


async def test_again_knows_the_role_after_the_buyer_deleted_everything(
    desk: Browser, handset: Phone, sqlite_deps: Deps
) -> None:
    page, where = await begin(desk, role="detractor")
    await delete_it(handset, where)
    fresh = (await desk.post(f"{page}/again")).headers["location"]
    assert "detractor" in (await desk.get(fresh)).text


async def test_pressed_twice_again_leaves_one_preview(deps: Deps) -> None:
    viewer = Viewer("mara", Role.ADMIN)
    preview_id = await previews.begin(deps, viewer, Wanted("loss", "en", "", "champion"))
    presses = (previews.again(deps, viewer, preview_id) for _ in range(2))
    told = await asyncio.gather(*presses, return_exceptions=True)
    (fresh,) = (one for one in told if isinstance(one, str))
    assert [type(one) for one in told if one != fresh] == [NotFound]
    async with deps.db.read() as tx:
        assert list(await store.previews.begun_before(tx, deps.now() + timedelta(days=1))) == [fresh]


async def test_again_keeps_a_preview_whose_flow_is_gone(sqlite_deps: Deps, make_deps: Any) -> None:
    from interviewer.flows.catalogue import Catalogue

    viewer = Viewer("mara", Role.ADMIN)
    preview_id = await previews.begin(sqlite_deps, viewer, Wanted("churn", "en", "", ""))
    later = make_deps(sqlite_deps.db, flows=Catalogue([flow for flow in sqlite_deps.flows if flow.id != "churn"]))
    with pytest.raises(NotFound):
        await previews.again(later, viewer, preview_id)
    async with sqlite_deps.db.read() as tx:
        assert await store.previews.get(tx, preview_id) is not None


async def test_one_that_is_over_leads_back_to_the_choice(desk: Browser) -> None:
    page, _ = await begin(desk)
    await desk.post(f"{page}/end")
    answer = await desk.get(page)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/preview?done=preview_over")
    assert "That preview is over" in (await desk.get(answer.headers["location"])).text
    desk.http.headers["HX-Request"] = "true"
    assert (await desk.get(page)).headers["hx-redirect"] == "/desk/preview?done=preview_over"


async def test_who_may_not_look_may_not_try(app: FastAPI, sqlite_deps: Deps, desk: Browser) -> None:
    page, where = await begin(desk)
    async with Browser(app) as sales:
        viewer = await sales.sign_in(sqlite_deps, "sales")
        assert "/desk/preview" not in (await sales.get("/desk")).text
        answer = await sales.get(page)
        assert answer.status_code == 403 and where not in answer.text
    preview_id = page.rpartition("/")[2]
    wanted = Wanted("loss", "en", "", "")
    with pytest.raises(NotAllowed):
        previews.offers(sqlite_deps, viewer)
    for refused in (
        previews.begin(sqlite_deps, viewer, wanted),
        previews.look(sqlite_deps, viewer, preview_id),
        previews.again(sqlite_deps, viewer, preview_id),
        previews.end(sqlite_deps, viewer, preview_id),
    ):
        with pytest.raises(NotAllowed):
            await refused


async def test_a_changed_flow_is_told(desk: Browser, handset: Phone, sqlite_deps: Deps, make_deps: Any) -> None:
    from interviewer.flows.catalogue import Catalogue

    page, where = await begin(desk)
    await handset.start(where)
    changed = [flow.model_copy(update={"version": flow.version + 1}) for flow in sqlite_deps.flows]
    later = create_app(make_deps(sqlite_deps.db, flows=Catalogue(changed)))
    assert "The flow was changed" not in (await desk.get(page)).text
    async with Browser(later) as same:
        same.http.cookies.jar = desk.http.cookies.jar
        assert "The flow was changed after this preview began" in (await same.get(page)).text


# both databases


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
