"""What is done at the desk: links, deletion, calls, and wishes from the chat."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from interviewer import bookings, checking, invitations, review, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import (
    CANARY,
    DEAL,
    SAID,
    Browser,
    analysed,
    audit,
    every_status,
    invite,
    play,
    request_call,
    say,
)


async def _invitation(deps: Deps, invitation_id: str) -> InvitationRow:
    async with deps.db.read() as tx:
        row = await store.invitations.get(tx, invitation_id)
    assert row is not None
    return row


async def test_a_link_is_revoked_and_made_again(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps)
    path = f"/desk/interviews/{invitation_id}"
    link = sqlite_deps.links.interview(invitation_id, 1)
    assert link in (await pmm.get(path)).text
    told = (await pmm.post(f"{path}/revoke")).headers["location"]
    assert told == f"{path}?done=revoked" and "The link was revoked" in (await pmm.get(told)).text
    assert (await _invitation(sqlite_deps, invitation_id)).revoked_at == sqlite_deps.now()
    revoked = (await pmm.get(path)).text
    assert link not in revoked and "revoked 2 Nov" in re.sub(r"<[^>]+>", "", revoked) and "Make a new link" in revoked
    told = (await pmm.post(f"{path}/replace")).headers["location"]
    assert told == f"{path}?done=replaced"
    for address in (told, path):
        fresh = (await pmm.get(address)).text
        assert link not in fresh and f'readonly value="{sqlite_deps.links.interview(invitation_id, 2)}"' in fresh
        assert ("There is a new link" in fresh) is (address == told)
        assert "The link was revoked" not in (await pmm.get(f"{path}?done=revoked")).text
    assert await audit(sqlite_deps) == [
        ("revoked link", f"invitation:{invitation_id}"),
        ("replaced link", f"invitation:{invitation_id}"),
    ]


async def test_an_expired_link_says_so_and_a_wish_for_a_new_one_is_seen(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock
) -> None:
    invitation_id = await invite(sqlite_deps)
    clock.advance(days=sqlite_deps.settings.link_days + 1)
    await pmm.sign_in(sqlite_deps)
    await invitations.ask_new_link(sqlite_deps, sqlite_deps.links.interview(invitation_id, 1).rpartition("/")[2])
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "ran out" in text and "Asked for a new link on" in text and "then copy the new one and mail it" in text
    assert "asked for a new link" in (await pmm.get("/desk")).text
    await pmm.post(f"/desk/interviews/{invitation_id}/replace")
    for path in ("/desk", f"/desk/interviews/{invitation_id}"):
        assert "asked for a new link" not in (await pmm.get(path)).text.lower()


async def test_who_asked_for_a_new_link_last_comes_first(deps: Deps, clock: FakeClock) -> None:
    early = await invite(deps, email="a@x.example")
    clock.advance(minutes=1)
    late = await invite(deps, email="b@x.example")
    viewer = Viewer("u", Role.PMM)
    assert [head.id for head in (await review.interviews(deps, viewer, review.Wanted())).heads] == [late, early]
    clock.advance(minutes=1)
    await invitations.ask_new_link(deps, deps.links.interview(early, 1).rpartition("/")[2])
    heads = (await review.interviews(deps, viewer, review.Wanted())).heads
    assert [(head.id, bool(head.link_asked_at)) for head in heads] == [(early, True), (late, False)]
    assert heads[0].at == deps.now()


async def test_who_opted_out_gets_no_new_link(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps)
    await invitations.ask_new_link(sqlite_deps, sqlite_deps.links.interview(invitation_id, 1).rpartition("/")[2])
    await invitations.opt_out(sqlite_deps, sqlite_deps.links.opt_out(invitation_id).rpartition("/")[2])
    for path in ("/desk", f"/desk/interviews/{invitation_id}"):
        assert "new link" not in (await pmm.get(path)).text


WISHES = {"person": "I would rather talk to a person", "deletion": "Please delete my answers"}
ASKED = {"person": "Asked for a person", "deletion": "Wants this deleted, or not used"}
LISTED = {"person": "asked for a person", "deletion": "wants it deleted or not used"}


@pytest.mark.parametrize("wish", WISHES)
async def test_what_is_asked_for_in_the_chat_is_not_lost(pmm: Browser, sqlite_deps: Deps, wish: str) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:1], send=False)
    number = await say(sqlite_deps, interview_id, WISHES[wish])
    path, link = f"/desk/interviews/{invitation_id}", f'<a href="#t{number}">'
    text, (other,) = (await pmm.get(path)).text, {"person", "deletion"} - {wish}
    assert link in text and f'id="t{number}"' in text and ASKED[other] not in text and ASKED[wish] in text
    listed = (await pmm.get("/desk")).text
    assert LISTED[wish] in listed and LISTED[other] not in listed
    if wish == "person":
        await request_call(sqlite_deps, invitation_id)
    else:
        await pmm.post(f"{path}/delete")
    assert link not in (await pmm.get(path)).text and LISTED[wish] not in (await pmm.get("/desk")).text


async def test_what_is_told_comes_from_a_short_list(pmm: Browser, sqlite_deps: Deps) -> None:
    path = f"/desk/interviews/{await invite(sqlite_deps)}"
    for done in ("paid", "<b>", "replaced&done=gone"):
        text = (await pmm.get(f"{path}?done={done}")).text
        assert 'class="banner done"' not in text and "<b>" not in text.partition("<main")[2]


@pytest.mark.parametrize("begun", [True, False])
async def test_deleting_asks_first_and_then_leaves_nothing(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, begun: bool
) -> None:
    given = {"company": CANARY, "name": CANARY, "email": f"{CANARY}@x.example", **DEAL}
    if begun:
        said = (f"{CANARY} {SAID[0]}", *SAID[1:])
        invitation_id, _ = await analysed(sqlite_deps, jobs, said=said, **given)
    else:
        invitation_id = await invite(sqlite_deps, **given)
    path = f"/desk/interviews/{invitation_id}/delete"
    assert "This cannot be undone" in (await pmm.get(path)).text
    assert CANARY in (await pmm.get("/desk")).text
    assert (await pmm.post(path)).headers["location"] == "/desk?done=deleted"
    assert "Deleted for good" in (await pmm.get("/desk?done=deleted")).text
    for address in ("/desk", f"/desk/interviews/{invitation_id}", f"/desk?q={CANARY}"):
        page = (await pmm.get(address)).text.replace(f"/desk?q={CANARY}", "").replace(f'value="{CANARY}"', "")
        assert CANARY not in re.sub(r"“[^”]*”|flow=&amp;q=\w+", "", page), address
    async with sqlite_deps.db.read() as tx:
        assert not any(CANARY in row.text for row in (await tx.exec(select(TurnRow))).all())
    assert ("deleted", f"invitation:{invitation_id}") in await audit(sqlite_deps)


async def test_calls_are_listed_and_ticked_off(pmm: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    for n, company in enumerate(("First Co", "Second Co")):
        invitation_id = await invite(sqlite_deps, email=f"c{n}@x.example", company=company)
        await request_call(sqlite_deps, invitation_id, time_zone="Europe/London")
        clock.advance(minutes=5)
    text = (await pmm.get("/desk/calls")).text
    assert text.index("First Co") < text.index("Second Co")
    for words in ("Tuesday after 3", "tel:+442079460018", "London, GMT (UTC+0)", '2<span class="word"> open'):
        assert words in text
    call_id = re.findall(r'action="/desk/calls/([^"]+)"', text)[0]
    done = await pmm.post(f"/desk/calls/{call_id}", handled="yes")
    assert "Marked as handled" in (await pmm.get(done.headers["location"])).text
    handled = (await pmm.get("/desk/calls")).text
    assert '1<span class="word"> open' in handled and handled.index("Second Co") < handled.index("First Co")
    assert 'data-status="invited"' in (await pmm.get("/desk")).text
    done = await pmm.post(f"/desk/calls/{call_id}", handled="no")
    assert "open again" in (await pmm.get(done.headers["location"])).text
    assert '2<span class="word"> open' in (await pmm.get("/desk/calls")).text
    assert [verb for verb, _ in await audit(sqlite_deps)] == ["handled call", "reopened call"]


async def test_the_filter_finds_every_open_call(deps: Deps, clock: FakeClock) -> None:
    made = await every_status(deps, clock)
    for status in ("declined", "finished", "deleted"):
        if status != "deleted":
            await request_call(deps, made[status])
    viewer = Viewer("u", Role.PMM)
    listing = await review.interviews(deps, viewer, review.Wanted(status="wants_a_call"))
    assert {head.id for head in listing.heads} == {made[name] for name in ("declined", "finished", "wants_a_call")}
    counted = {count.value: count.number for count in listing.statuses}
    assert listing.found == counted["wants_a_call"] == await review.open_calls(deps, viewer) == 3
    assert counted["declined"] == counted["finished"] == 1
    assert listing.of_any_status == listing.everything == len(made)


async def test_a_call_at_the_scheduler_says_so(make_deps, sqlite_deps: Deps, pmm: Browser) -> None:  # type: ignore[no-untyped-def]
    settings = sqlite_deps.settings.model_copy(update={"scheduling_url": "https://book.example/mara"})
    invitation_id = await invite(sqlite_deps)
    await bookings.choose_scheduler(make_deps(sqlite_deps.db, settings=settings), invitation_id, prefilled=True)
    assert "Went to the booking page" in (await pmm.get("/desk/calls")).text
    assert "Went to the booking page" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text


async def test_an_unanswered_interview_waits_without_an_analysis(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, _ = await play(sqlite_deps, said=SAID[:1], send=False)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "follow when the interview ends" in text and "Three notes</h2>" not in text


async def test_left_early_with_one_answer_is_not_analysed(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:1], send=False)
    async with sqlite_deps.db.read() as tx:
        row = await tx.get(InterviewRow, interview_id)
    assert row is not None
    clock.advance(seconds=timedelta(hours=25).total_seconds())
    await pmm.sign_in(sqlite_deps)
    await checking.settle_silent(sqlite_deps)
    await jobs.run(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert 'data-status="left_early"' in text and "at least two answers" in text
