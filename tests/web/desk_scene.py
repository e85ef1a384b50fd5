"""A browser at the desk, and interviews to look at, played through the use cases."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2
from fastapi import FastAPI
from sqlmodel import col, select

from interviewer import bookings, checking, erasure, interviews, invitations, people, store
from interviewer.analysis.steps import STEPS
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.store.analysis import State
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import AnalysisStepRow, JobRunRow, QuoteRow
from interviewer.store.tables.people import AuditRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store import booking_scene

SAID = (
    "Our rota person left in May and nobody could read her sheet, so the pool in Leith opened without a lifeguard",
    "You and Shiftwell, or just leaving it on paper honestly. Shiftwell came from a friend at another council",
    "The price of the import. Your consultant quoted nine days and we had two people who could help",
    "In the trial your desk closes at six and our pools open at five in the morning. Shiftwell picked up at 4am",
    "Ask who answers the phone at night before you look at any feature, that is what I would tell them",
)
CANARY = "zirkonfeld"
DEAL = {
    "deal_id": "D-77",
    "amount": "18400",
    "currency": "EUR",
    "closed_on": "2026-10-30",
    "owner": "Rik Jansen",
    "rep_reason": "missing offline mode",
    "reason_category": "product",
    "primary_competitor": "Shiftwell",
}


class Browser:
    """One browser at the desk. `script` sends what htmx sends; `address` is where the application sees it."""

    def __init__(self, app: FastAPI, *, script: bool = False, address: str = "127.0.0.1") -> None:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 0))
        headers = {"Sec-Fetch-Site": "same-origin"} | ({"HX-Request": "true"} if script else {})
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://testserver", headers=headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def sign_in(self, deps: Deps, role: str = "pmm", email: str = "") -> Viewer:
        """Come in by a link, as a user of this role."""
        email = email or f"{role}@tidewater.example"
        user_id = await people.add_user(deps, email, role, name=role.title())
        entered = await self.post(path_of(await people.make_link(deps, email)))
        assert entered.status_code == 303, entered.text
        return Viewer(user_id, Role(role), role.title())

    async def get(self, path: str) -> httpx2.Response:
        return await self.http.get(path)

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        return await self.http.post(path, data=fields)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


async def invite(deps: Deps, email: str = "jo@brightwater.example", **given: str) -> str:
    """Invite somebody; gives the invitation's id."""
    facts = {"name": "Jo Marsh", "role": "champion", "company": "Brightwater Leisure"} | given
    return (await invitations.invite(deps, [Invitee(email=email, **facts)]))[0].invitation_id


async def play(
    deps: Deps, *, said: Sequence[str] = SAID, send: bool = True, browser: str = "phone", **given: str
) -> tuple[str, str]:
    """Invite somebody who answers (an empty answer skips) and sends. Gives the invitation's and the interview's id."""
    invitation_id = await invite(deps, **given)
    interview_id = await interviews.start(deps, invitation_id)
    for text in said:
        await say(deps, interview_id, text, browser=browser)
    if send:
        await checking.send(deps, interview_id, browser=browser)
    return invitation_id, interview_id


async def say(deps: Deps, interview_id: str, text: str, *, browser: str = "phone") -> int:
    """One answer and the reply to it. Gives the number of the answer."""
    async with deps.db.read() as tx:
        number = (await store.turns.rows(tx, interview_id))[-1].number + 1
    key = f"key-{number}"
    if text:
        receipt = await interviews.answer(deps, interview_id, browser=browser, key=key, number=number, text=text)
    else:
        receipt = await interviews.skip(deps, interview_id, browser=browser, key=key, number=number)
    await interviews.reply(deps, interview_id, receipt.reply_number, lease=receipt.lease)
    return number


async def analysed(deps: Deps, jobs: RecordingJobs, **given: str) -> tuple[str, str]:
    """A finished interview with its analysis, by rules."""
    ids = await play(deps, **given)
    await jobs.run(deps)
    async with deps.db.read() as tx:
        assert (await tx.exec(select(QuoteRow))).first(), "the analysis found nothing to quote"
    return ids


async def audit(deps: Deps) -> list[tuple[str, str]]:
    async with deps.db.read() as tx:
        rows = (await tx.exec(select(AuditRow).order_by(col(AuditRow.id)))).all()
    return [(row.verb, row.object) for row in rows if row.verb not in ("signed in", "added as pmm", "added as sales")]


async def request_call(deps: Deps, invitation_id: str, **given: str) -> None:
    facts = {"first_time": "Tuesday after 3", "second_time": "", "phone": "+44 20 7946 0018", "time_zone": ""}
    await bookings.request(deps, invitation_id, **(facts | given))


async def book_call(deps: Deps, invitation_id: str) -> str:
    """A host who takes calls on weekdays, and a call with them two days from now; gives its id."""
    user_id = await people.add_user(deps, "nils@tidewater.example", "pmm", "Nils Holm")
    hours = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    viewer = Viewer(user_id, Role.PMM, "Nils Holm")
    form = bookings.Form(
        user_id=user_id, time_zone="Europe/Berlin", hours=hours, video_link="https://video.example/nils"
    )
    await bookings.save(deps, viewer, form)
    start = (await bookings.offered(deps, invitation_id))[4].start
    return (await bookings.take(deps, invitation_id, start, zone="America/New_York", language="en")).id


async def step(deps: Deps, interview_id: str, state: str, *, name: str = "tags") -> None:
    async with deps.db.write() as tx:
        tx.add(AnalysisStepRow(interview_id=interview_id, step=name, state=state, at=deps.now()))
        if state == "failed":
            await tx.merge(JobRunRow(job="analyse", key=interview_id, state="failed", attempts=5, queued_at=deps.now()))


async def as_read(deps: Deps, interview_id: str) -> None:
    """Let its reading be over, with nothing found."""
    async with deps.db.write() as tx:
        await mark_read(deps, tx, interview_id)


async def mark_read(deps: Deps, tx: Tx, interview_id: str) -> None:
    for step in STEPS:
        await store.analysis.mark(
            tx, interview_id, step.name, State.DONE, deps.now(), transcript_digest="", attempts=1, made_by="rules"
        )
    if row := await store.jobs.get(tx, "analyse", interview_id):
        row.state = store.jobs.DONE


async def every_status(deps: Deps, clock: FakeClock) -> dict[str, str]:
    """One invitation of each status, made by what really leads there. Company -> status."""
    made = {}
    for status in ("expired", "left_early"):
        given = {"email": f"{status}@x.example", "company": f"co-{status}"}
        if status == "expired":
            made[status] = await invite(deps, **given)
            clock.advance(days=deps.settings.link_days)
        else:
            made[status], _ = await play(deps, said=SAID[:2], send=False, **given)
            clock.advance(hours=25)
            await checking.settle_silent(deps)
    talked = ("finished", "no_longer_agrees", "in_progress", "deleted")
    for status in (*talked, "wants_a_call", "call_booked", "invited", "declined", "opted_out", "revoked"):
        given = {"email": f"{status}@x.example", "company": f"co-{status}"}
        if status in ("finished", "deleted", "no_longer_agrees"):
            made[status], interview_id = await play(deps, **given)
            if status == "no_longer_agrees":
                await checking.withdraw(deps, interview_id, browser="phone")
        elif status == "in_progress":
            made[status], _ = await play(deps, said=SAID[:1], send=False, **given)
        else:
            made[status] = await invite(deps, **given)
        clock.advance(minutes=1)
    await request_call(deps, made["wants_a_call"])
    await booking_scene.host(deps)
    await booking_scene.take(deps, made["call_booked"], (await booking_scene.starts(deps, made["call_booked"]))[0])
    await invitations.decline(deps, made["declined"])
    await invitations.opt_out(deps, deps.links.opt_out(made["opted_out"]).rpartition("/")[2])
    await invitations.revoke(deps, made["revoked"])
    async with deps.db.read() as tx:
        row = await store.interviews.of_invitation(tx, made["deleted"])
    assert row is not None
    await erasure.erase(deps, row.id)
    return made
