"""The status page says in plain words how the installation does, and each trouble what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from interviewer import backups, status
from interviewer.cli.checks import work
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable
from interviewer.llm.base import Prompt
from interviewer.llm.scripted import ScriptedLLM
from interviewer.llm.watched import Watched, kind_of
from interviewer.settings import Settings
from interviewer.status import Facts
from interviewer.status.troubles import ago, mail_words, troubles
from interviewer.store import jobs as store_jobs
from interviewer.store import operations
from interviewer.store.tables.analysis import JobRunRow
from interviewer.store.tables.bookings import HostRow
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.people import UserRow
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import SAID, Browser, analysed, invite, play, request_call

NOW = FakeClock()()
WELL = Facts(
    now=NOW,
    demo=False,
    mails=True,
    mail=operations.Mail({"sent": 3}, sent_at=NOW),
    words={"model": 20, "fallback": 1},
    failure="",
    failed_at=None,
    used_up=False,
    work=operations.Work({("analyse", "done"): 4}, workers=1),
    replies_due=0,
    calendars=1,
    unread=(),
    webhooks={},
    invited=7,
    sqlite=True,
    size=4_000_000,
    free=40_000_000_000,
    backup_at=NOW - timedelta(hours=9),
)


def before(**span: float) -> datetime:
    return NOW - timedelta(**span)


def waiting(state: str, **span: float) -> operations.Work:
    return operations.Work({("analyse", state): 2}, oldest=before(**span) if span else None)


@pytest.mark.parametrize(
    ("facts", "level", "area", "says"),
    [
        (replace(WELL, mail=operations.Mail({"waiting": 2}, before(hours=3), error="SMTPConnectError 0")),
         "fail", "mail", "waits for 3 hours, because the server could not be reached"),
        (replace(WELL, mails=False, mail=operations.Mail({"waiting": 1})), "warn", "mail", "1 mail waits"),
        (replace(WELL, words={"fallback": 9, "model": 2}, failure="refused_key", failed_at=before(minutes=4)),
         "fail", "model", "it did not take the key. In the last hour 9 of 11 replies"),
        (replace(WELL, used_up=True), "warn", "budget", "budget for the model is used up"),
        (replace(WELL, replies_due=1), "fail", "interviews", "1 buyer waits for a reply"),
        (replace(WELL, work=waiting("queued", minutes=20)), "fail", "background work", "Nobody works in the"),
        (replace(WELL, work=replace(waiting("queued", hours=2), workers=1)), "warn", "background work", "piles up"),
        (replace(WELL, work=waiting("failed")), "warn", "background work", "did not finish after several tries"),
        (replace(WELL, unread=(("Mara", "It answers 404."),)), "warn", "calendars", "Mara’s calendar"),
        (replace(WELL, free=10_000_000), "fail", "disk", "answers could not be kept"),
        (replace(WELL, free=400_000_000), "warn", "disk", "400 MB"),
        (replace(WELL, backup_at=None), "warn", "backup", "No backup"),
        (replace(WELL, backup_at=before(days=5)), "warn", "backup", "5 days old"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)  # fmt: skip
def test_each_trouble_says_what_it_is_and_what_to_do(facts: Facts, level: str, area: str, says: str) -> None:
    (found,) = troubles(facts)
    assert (found.level, found.area) == (level, area) and says in found.what and found.do.endswith(".")


@pytest.mark.parametrize(
    "facts",
    [
        WELL,
        replace(WELL, words={"fallback": 2, "model": 50}, failure="timeout", failed_at=before(minutes=1)),
        replace(WELL, words={"fallback": 9}, failure="timeout", failed_at=before(hours=5)),
        replace(WELL, mail=operations.Mail({"waiting": 1}, before(minutes=3))),
        replace(WELL, invited=0, backup_at=None),
        replace(WELL, demo=True, backup_at=None),
    ],
    ids=["all well", "now and then", "long ago", "a moment", "nothing to lose", "the demo"],
)
def test_what_passes_by_itself_alarms_nobody(facts: Facts) -> None:
    assert troubles(facts) == ()


def test_the_worst_comes_first() -> None:
    both = replace(WELL, unread=(("Mara", "It answers 404."),), free=1)
    assert [found.level for found in troubles(both)] == ["fail", "warn"]


@pytest.mark.parametrize(
    ("span", "said"),
    [({"seconds": 20}, "0 minutes"), ({"minutes": 1}, "1 minute"), ({"hours": 1}, "1 hour"), ({"days": 6}, "6 days")],
)
def test_lengths_of_time_as_people_say_them(span: dict[str, float], said: str) -> None:
    assert ago(timedelta(**span)) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("SMTPRecipientsRefused 550", "refused it for good (550)"),
        ("SMTPResponseException 451", "put it off (451)"),
        ("SMTPServerDisconnected 0", "could not be reached"),
        ("SMTPAuthenticationError", "did not take our name and password"),
    ],
)
def test_what_a_mail_server_said(error: str, said: str) -> None:
    assert said in mail_words(error)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("no whole answer within 8 s", "timeout"),
        ("no connection to the model", "connection"),
        ("status 429 (rate_limit_exceeded)", "busy"),
        ("status 429 (insufficient_quota)", "quota"),
        ("status 401 (invalid_api_key)", "refused_key"),
        ("status 503", "server"),
        ("status 400", "request"),
        ("the model's stream was cut short", "stream"),
        ("the model refused", "unusable"),
        ("resting after: status 503", "resting"),
    ],
)
def test_failures_of_a_model_by_kind(reason: str, kind: str) -> None:
    assert kind_of(LLMUnavailable(reason)) == kind


class Ready(ScriptedLLM):
    """A model that is set up."""

    scripted = False


async def test_all_is_well_at_the_top(sqlite_deps: Deps, jobs: RecordingJobs, tmp_path: Path) -> None:
    await analysed(sqlite_deps, jobs)
    await backups.make(sqlite_deps, tmp_path / "one.backup")
    page = await _status(replace(sqlite_deps, llm=Ready()))
    assert "All is well" in page and "Last backup" in page and "things need" not in page
    assert "With room, and backed up" in page and "data-partly" not in page


async def test_the_headline_says_what_is_not_set_up(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    page = await _status(make_deps(sqlite_deps.db, mail=None))
    assert "All is well" not in page and "It runs; three things are not set up" in page
    assert "Not set up: mail, a model and backups." in page and "data-partly" in page
    assert "no backup is known" in page and "Safe" not in page
    storage = page.partition(">Storage<")[0].rpartition("<section")[2]
    assert 'data-level="off"' in storage  # a hint, and no green dot
    assert "Replies in the flow’s own words, last hour" in page and "Replies in the last hour" not in page


async def test_who_waits_for_an_answer_stands_at_the_top(
    sqlite_deps: Deps, jobs: RecordingJobs, tmp_path: Path
) -> None:
    await backups.make(sqlite_deps, tmp_path / "one.backup")
    for number in range(2):
        await play(sqlite_deps, said=("Delete everything please", *SAID[1:]), email=f"b{number}@x.example")
    await jobs.run(sqlite_deps)
    await request_call(sqlite_deps, await invite(sqlite_deps, email="c@x.example"))
    page = await _status(replace(sqlite_deps, llm=Ready()))
    assert "It runs, and buyers wait for an answer" in page and "All is well" not in page
    assert '<a href="/desk?status=asked_for_deletion">2 buyers want their answers deleted, or not used</a>' in page
    assert '<a href="/desk/calls">1 buyer wants a call</a>' in page


async def _status(deps: Deps) -> str:
    async with Browser(create_app(deps)) as browser:
        await browser.sign_in(deps, "pmm")
        return (await browser.get("/desk/status")).text


async def test_what_failed_can_be_tried_again(
    desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    async with sqlite_deps.db.write() as tx:
        tx.add(UserRow(id="u9", email="nils@x.example", name="Nils Holm", role="pmm", created_at=clock()))
        await tx.flush()
        tx.add(HostRow(user_id="u9", time_zone="Europe/Berlin", busy_url="https://x", busy_error="It answers 404."))
        await tx.merge(JobRunRow(job="analyse", key=interview_id, state="failed", attempts=5, queued_at=clock()))
        tx.add(
            DeliveryRow(
                id="d1", event="host_call", state="waiting", message_id="<m@x>", attempts=3,
                error="SMTPConnectError 0", created_at=clock() - timedelta(hours=2),
            )
        )  # fmt: skip
    page = (await desk.get("/desk/status")).text
    assert "4 things need somebody" in page and "Nils Holm’s calendar could not be read" in page
    assert page.index("Mail is not going out") < page.index("did not finish")
    answer = await desk.post("/desk/retry", job="analyse", key=interview_id, back="/desk/status")
    assert answer.headers["location"] == "/desk/status?done=retried"
    assert jobs.queued == [("analyse", interview_id)]


async def test_a_models_failure_is_known_to_every_process(sqlite_deps: Deps, clock: FakeClock) -> None:
    class Down(ScriptedLLM):
        scripted = False

        async def complete(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise LLMUnavailable("status 401 (invalid_api_key)", permanent=True, input_tokens=5)

    watched = Watched(Down(), clock)
    with pytest.raises(LLMUnavailable):
        await watched.complete(Prompt("ask_buyer@1", ""), (), object, deadline_s=1)  # type: ignore[type-var]
    assert await status.note_trouble(replace(sqlite_deps, llm=watched)) == 0
    facts = await status.read(sqlite_deps.db, sqlite_deps.settings, clock())
    assert (facts.failure, facts.failed_at) == ("refused_key", clock())
    other = replace(sqlite_deps, llm=Watched(Down(), clock))  # which has not failed there
    async with Browser(create_app(other)) as browser:
        await browser.sign_in(other, "pmm")
        assert "It did not take the key" in (await browser.get("/desk/status")).text


async def test_stuck_replies_and_silent_workers_are_counted(sqlite_deps: Deps, clock: FakeClock) -> None:
    async with sqlite_deps.db.write() as tx:
        await store_jobs.beat(tx, "one", clock())
    await play(sqlite_deps, send=False)
    clock.advance(seconds=20)
    facts = await status.read(sqlite_deps.db, sqlite_deps.settings, clock())
    assert (facts.work.workers, facts.replies_due, facts.words) == (1, 0, {"flow": 5})
    clock.advance(minutes=2)
    assert (await status.read(sqlite_deps.db, sqlite_deps.settings, clock())).work.workers == 0


async def test_doctor_says_the_same(
    app: FastAPI, sqlite_deps: Deps, settings: Settings, jobs: RecordingJobs, clock: FakeClock
) -> None:
    assert [(one.state, one.what) for one in await work.standing(settings, sqlite_deps.db, clock())] == [
        ("ok", "running")
    ]
    _, interview_id = await analysed(sqlite_deps, jobs)
    async with sqlite_deps.db.write() as tx:
        tx.add(JobRunRow(job="deliver", key=interview_id, state="failed", attempts=5, queued_at=clock()))
    found = await work.standing(settings, sqlite_deps.db, clock())
    assert {one.what for one in found} == {"background work", "backup"}
