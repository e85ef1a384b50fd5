"""The page of an interview: what it says, what it marks, and an analysis that is on its way or given up."""

import html
import re

import pytest

from interviewer import checking, review, store
from interviewer.agenda import meetings
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store.tables.analysis import AnalysisStepRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import (
    DEAL,
    SAID,
    Browser,
    analysed,
    as_read,
    audit,
    play,
    request_call,
    say,
    step,
)


async def test_the_page_of_a_finished_interview(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(sqlite_deps, jobs, **DEAL)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    for words in ("Three notes", "Most surprising", "Summary", "Tagged quotes", "How this was read", "by rules"):
        assert words in text
    for fact in ("18,400 EUR", "closed 30 Oct", "missing offline mode", "Rik Jansen", "Shiftwell", "unknown to the"):
        assert fact in text
    plain = re.sub(r"<(small|a class=\"tag\").*?</(small|a)>|<[^>]+>", "", text)
    for said in SAID:
        assert said in plain
    assert ">What started the search</span>" in text and ">Trigger</span>" not in text
    cited = set(re.findall(r'class="cite num" href="#(q\d+)"', text))
    assert cited and cited <= set(re.findall(r'id="(q\d+)"', text))
    assert (await pmm.get(f"/desk/interviews/{interview_id}")).text == text


async def test_everything_is_read_alike_from_both_databases(deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(deps, jobs, **DEAL)
    await request_call(deps, invitation_id)
    await step(deps, interview_id, "failed", name="more")
    viewer = Viewer("u", Role.PMM)
    listing = await review.interviews(deps, viewer, review.Wanted(status="finished", flow="loss", text="lifeguard 4am"))
    (head,) = listing.heads
    assert (head.company, head.answered, head.call_open, head.analysis) == ("Brightwater Leisure", 5, True, "failed")
    assert head.headline and head.seconds > 0
    assert [(failure.key, failure.company) for failure in listing.failures] == [(interview_id, "Brightwater Leisure")]
    page = await review.interview(deps, viewer, interview_id)
    assert page.head.id == invitation_id and page.deal.amount == 18400 and page.call.phone == "+44 20 7946 0018"
    assert [part.text for turn in page.exchanges if turn.number == 2 for part in turn.segments if part.quotes]
    assert page.notes and all(note.quotes for note in page.notes)
    assert len((await meetings.agenda_of(deps, viewer)).asked) == await review.open_calls(deps, viewer) == 1


async def test_a_question_says_why_it_was_asked_unless_it_was_simply_next(pmm: Browser, sqlite_deps: Deps) -> None:
    said = (*SAID[:2], "", "support mostly", SAID[3])
    invitation_id, interview_id = await play(sqlite_deps, said=said, send=False)
    text = html.unescape((await pmm.get(f"/desk/interviews/{invitation_id}")).text)
    told = re.findall(r'<details class="why"><summary>(.*?)</summary>', text)
    async with sqlite_deps.db.read() as tx:
        why = {row.move: row.why for row in await store.turns.rows(tx, interview_id) if row.move}
    assert why["ask:alternatives"] and why["ask:alternatives"] not in told and why["ask:trigger"] not in told
    others = [why[move] for move in why if not move.startswith("ask:")]
    assert others and set(others) <= set(told)
    assert text.count("the flow's own") == len(told)


@pytest.mark.parametrize(
    ("sent", "agreed", "words"),
    [
        (False, None, "was not asked whether"),
        (True, None, "has not answered whether"),
        (True, False, "did not agree that"),
        (True, True, "agreed that"),
    ],
)
async def test_whether_the_reason_may_go_to_the_crm(
    pmm: Browser, sqlite_deps: Deps, sent: bool, agreed: bool | None, words: str
) -> None:
    invitation_id, interview_id = await play(sqlite_deps, send=sent, **DEAL)
    if agreed is not None:
        await checking.consent_to_crm(sqlite_deps, interview_id, browser="phone", agreed=agreed)
    assert f"The buyer {words}" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text


async def test_two_turns_of_one_minute_are_cited_once(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, _ = await analysed(sqlite_deps, jobs)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    for sentence in re.findall(r"<p>((?:(?!</p>).)*class=\"cite.*?)</p>", text, re.S):
        times = re.findall(r'data-as="time">([\d:]+)<', sentence)
        assert len(times) == len(set(times)), sentence


async def test_what_the_model_did_is_told(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps, send=False)
    async with sqlite_deps.db.write() as tx:
        for row in await store.turns.rows(tx, interview_id):
            if row.number == 3:
                row.source, row.model, row.prompt_id, row.calls = "model", "openai:gpt-5-mini", "ask_buyer@3f9a1c2b", 2
                row.verdicts, row.latency_ms = ["one_question", "passed"], 2340
            if row.number == 5:
                row.source, row.model = "fallback", "openai:gpt-5-mini"
            tx.add(row)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    check = "first words turned down: one question; asked again: passed"
    for words in ("gpt-5-mini", "ask_buyer@3f9a1c2b", "2 calls in 2.3 s", check, "gave nothing usable"):
        assert words in text


async def test_turns_that_are_special_are_marked(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=(*SAID[:2], ""), send=False)
    await say(sqlite_deps, interview_id, SAID[3], browser="another phone")
    await checking.change(sqlite_deps, interview_id, browser="phone", number=2, text="She left, that is all")
    await checking.remove(sqlite_deps, interview_id, browser="phone", number=4)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    for words in ("changed by the buyer", "Removed by the buyer", "Skipped.", "from a second browser", "She left"):
        assert words in text
    assert "lifeguard" not in text and "another council" not in text


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "</textarea></title><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)//<iframe>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_nothing_that_people_write_becomes_markup(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, payload: str
) -> None:
    said = (f"{payload} {SAID[0]}", f"{SAID[1]} {payload}", *SAID[2:4], payload)
    invitation_id, _ = await analysed(
        sqlite_deps, jobs, said=said, name=payload, company=payload, role=payload, rep_reason=payload, owner=payload
    )
    await request_call(sqlite_deps, invitation_id, first_time=payload, time_zone=payload[:60])
    for path in ("/desk", f"/desk?q={payload[:20]}", f"/desk/interviews/{invitation_id}", "/desk/calls"):
        text = (await pmm.get(path)).text
        for tag in ("<script>alert", "<img src=x", "<svg onload", "<iframe", "' onmouseover='alert"):
            assert tag not in text, path
        assert "49 " not in text
    assert (await pmm.get(f"/desk/interviews/{invitation_id}/delete")).status_code == 200


async def test_an_unknown_id_is_not_found(pmm: Browser) -> None:
    for path in ("/desk/interviews/nobody", "/desk/interviews/nobody/delete", "/desk/interviews/nobody/analysis"):
        assert (await pmm.get(path)).status_code == 404
    for path in ("revoke", "replace", "delete"):
        assert (await pmm.post(f"/desk/interviews/nobody/{path}")).status_code == 404
    assert (await pmm.post("/desk/calls/nobody", handled="yes")).status_code == 404


async def test_looking_is_audited_without_content(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(sqlite_deps, jobs)
    await pmm.get("/desk")
    await pmm.get(f"/desk/interviews/{invitation_id}")
    assert await audit(sqlite_deps) == [("viewed transcript", f"interview:{interview_id}")]


# an analysis on its way, or given up


async def test_a_waiting_analysis_is_watched_until_it_is_there(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps)
    await step(sqlite_deps, interview_id, "waiting")
    assert "The answers are being read" in (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert (await pmm.get(f"/desk/interviews/{invitation_id}/analysis")).status_code == 204
    async with sqlite_deps.db.write() as tx:
        row = await tx.get(AnalysisStepRow, (interview_id, "tags"))
        assert row is not None
        row.state = "done"
        tx.add(row)
    await as_read(sqlite_deps, interview_id)
    assert (await pmm.get(f"/desk/interviews/{invitation_id}/analysis")).headers["hx-refresh"] == "true"


async def test_failed_work_is_seen_and_tried_again(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await play(sqlite_deps)
    jobs.queued.clear()
    await step(sqlite_deps, interview_id, "failed")
    listed, page = (await pmm.get("/desk")).text, (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "1 piece of background work did not finish" in listed and "Retry" in listed
    assert "The analysis did not finish" in page
    back = await pmm.post("/desk/retry", job="analyse", key=interview_id, back=f"/desk/interviews/{invitation_id}")
    assert back.headers["location"] == f"/desk/interviews/{invitation_id}?done=retried"
    assert "in the queue again" in (await pmm.get(back.headers["location"])).text
    assert jobs.keys("analyse") == [interview_id]
    assert ("retried analyse", f"job:{interview_id}") in await audit(sqlite_deps)


@pytest.mark.parametrize("job", ["analyse", "drop_everything", ""])
async def test_only_what_failed_is_tried_again(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, job: str) -> None:
    _, interview_id = await play(sqlite_deps)
    jobs.queued.clear()
    assert (await pmm.post("/desk/retry", job=job, key=interview_id)).headers["location"] == "/desk"
    assert jobs.queued == []


async def test_an_interview_that_the_buyer_stopped_did_not_fall_silent(pmm: Browser, sqlite_deps: Deps) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:2], send=False)
    await checking.withdraw(sqlite_deps, interview_id, browser="phone")
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "Stopped by the buyer" in text and "Fell silent" not in text


async def test_who_fell_silent_and_stopped_afterwards_did_fall_silent(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock
) -> None:
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:2], send=False)
    clock.advance(days=2)
    assert await checking.settle_silent(sqlite_deps)
    clock.advance(minutes=5)
    await checking.withdraw(sqlite_deps, interview_id, browser="phone")
    await pmm.sign_in(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{invitation_id}")).text
    assert "Fell silent" in text and "Stopped by the buyer" not in text
