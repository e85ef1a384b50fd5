"""A browser at the desk, and interviews to look at, played through the use cases."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2
from fastapi import FastAPI
from sqlmodel import select

from interviewer import checking, interviews, invitations, people, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.store.tables.analysis import QuoteRow
from tests.fakes.jobs import RecordingJobs

SAID = (
    "Our rota person left in May and nobody could read her sheet, so the pool in Leith opened without a lifeguard",
    "You and Shiftwell, or just leaving it on paper honestly. Shiftwell came from a friend at another council",
    "The price of the import. Your consultant quoted nine days and we had two people who could help",
    "In the trial your desk closes at six and our pools open at five in the morning. Shiftwell picked up at 4am",
    "Ask who answers the phone at night before you look at any feature, that is what I would tell them",
)


class Browser:
    """One browser at the desk. `script` sends what htmx sends."""

    def __init__(self, app: FastAPI, *, script: bool = False) -> None:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
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
