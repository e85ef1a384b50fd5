"""An installation with everything in it, and everybody who may knock: buyers, strangers, the desk, programs."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import FastAPI
from sqlmodel import select

from interviewer import invitations, keys, people, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.keys import Scope
from interviewer.links import Purpose, digest
from interviewer.store import users
from interviewer.store.tables.analysis import QuoteRow, StatementRow, TagRow
from interviewer.store.tables.people import SessionRow
from interviewer.store.tables.review import TokenRow, ViewRow
from tests.fakes.jobs import RecordingJobs
from tests.fakes.phone import Phone
from tests.web.api_scene import Program
from tests.web.desk_scene import DEAL, SAID, Browser, analysed, book_call, invite, play

CANARY = "zirkonvogel"
"""In all that the first buyer is, said, and is in the CRM."""
THEIRS = {
    "email": f"kim@{CANARY}.example",
    "name": f"Kim {CANARY}",
    "company": f"{CANARY} Pools",
    **DEAL,
    "rep_reason": f"{CANARY} price",
    "owner": f"{CANARY} rep",
}
ANSWERS = tuple(f"{text}, {CANARY}" for text in SAID)


@dataclass
class House:
    """Ids of what there is. `page` is an invitation's id, `open` an interview that was not sent."""

    app: FastAPI
    deps: Deps
    page: str = ""
    interview: str = ""
    open: str = ""
    open_page: str = ""
    other_page: str = ""
    other_interview: str = ""
    booking: str = ""
    quote: int = 0
    other_quote: int = 0
    tag: int = 0
    other_tag: int = 0
    statement: int = 0
    other_statement: int = 0
    view: str = ""
    session: str = ""
    key: str = ""
    people: dict[str, str] = field(default_factory=dict)

    async def link(self, invitation_id: str) -> str:
        async with self.deps.db.read() as tx:
            row = await store.invitations.get(tx, invitation_id)
        assert row is not None
        return urlsplit(self.deps.links.interview(row.id, row.link_version)).path


async def build(app: FastAPI, deps: Deps, jobs: RecordingJobs) -> House:
    """Two buyers with a sent and analysed interview each, one still talking, a call, a view, a key and six users."""
    app.state.started = True
    house = House(app, deps)
    house.page, house.interview = await analysed(deps, jobs, said=ANSWERS, **THEIRS)
    other = {"email": "ann@harbour.example", "company": "Harbour", "flow": "win"}
    house.other_page, house.other_interview = await analysed(deps, jobs, **other)
    house.open_page, house.open = await play(
        deps, said=ANSWERS[:2], send=False, **THEIRS | {"email": f"lee@{CANARY}.example"}
    )
    house.booking = await book_call(deps, house.page)
    async with deps.db.read() as tx:
        for row in (await tx.exec(select(QuoteRow))).all():
            setattr(house, "quote" if row.interview_id == house.interview else "other_quote", row.id)
        tags = select(TagRow, QuoteRow.interview_id).where(TagRow.quote_id == QuoteRow.id)
        for tag, interview_id in (await tx.exec(tags)).all():
            setattr(house, "tag" if interview_id == house.interview else "other_tag", tag.id)
        for said in (await tx.exec(select(StatementRow))).all():
            setattr(house, "statement" if said.interview_id == house.interview else "other_statement", said.id)
    for role in Role:
        house.people[role] = await people.add_user(deps, f"{role}@house.example", role, name=role.title())
    owner = await people.add_user(deps, "owner@house.example", "admin", name="Owner")
    await people.sign_in(deps, urlsplit(await people.make_link(deps, "owner@house.example")).path.rpartition("/")[2])
    viewer = Viewer(owner, Role.ADMIN, "Owner")
    house.key = (await keys.make(deps, viewer, "reader", role="pmm", scopes=list(Scope))).id
    async with deps.db.write() as tx:
        house.session = (await tx.exec(select(SessionRow.digest).where(SessionRow.user_id == owner))).one()
        row = ViewRow(id="view-1", user_id=owner, name=CANARY, query="q=x", shared=False, created_at=deps.now())
        tx.add(row)
        house.view = "view-1"
    return house


async def link_of(house: House, kind: str) -> str:
    """A token that opens nothing, of this kind."""
    deps, good = house.deps, (await house.link(house.page)).rpartition("/")[2]
    if kind == "altered":
        return good[:-1] + ("A" if good[-1] != "A" else "B")
    if kind == "of another purpose":
        return deps.links.sign(Purpose.OPT_OUT, house.page)
    if kind == "of a sign-in":
        return deps.links.sign(Purpose.SIGN_IN, f"{house.page}.1")
    if kind == "of another version":
        return deps.links.sign(Purpose.INTERVIEW, f"{house.page}.99")
    if kind == "revoked":
        made = await invite(deps, "revoked@x.example", company=CANARY)
        path = await house.link(made)
        await invitations.revoke(deps, made)
        return path.rpartition("/")[2]
    if kind == "unknown":
        return deps.links.sign(Purpose.INTERVIEW, "nobody.1")
    return "none"


DEAD = ("altered", "of another purpose", "of a sign-in", "of another version", "revoked", "unknown", "made up")


async def key_of(house: House, scopes: tuple[str, ...], *, role: str = "admin", works: str = "yes") -> str:
    """A key with these scopes; `works` may be expired, revoked or orphaned."""
    now, name = house.deps.now(), f"{role}-{'-'.join(scopes)}-{works}"
    row = TokenRow(
        id=name,
        name=name,
        digest=digest(f"{keys.PREFIX}{name}"),
        role=role,
        scopes=list(scopes),
        user_id=house.people[Role.SALES] if works == "orphaned" else "",
        created_at=now,
        expires_at=now - timedelta(days=1) if works == "expired" else None,
        revoked_at=now if works == "revoked" else None,
    )
    async with house.deps.db.write() as tx:
        tx.add(row)
    return f"{keys.PREFIX}{name}"


async def disabled(house: House, stack: AsyncExitStack) -> Browser:
    """Somebody whose session was good until they were let go."""
    browser = await stack.enter_async_context(Browser(house.app))
    viewer = await browser.sign_in(house.deps, "admin", "gone@house.example")
    async with house.deps.db.write() as tx:
        row = await users.get(tx, viewer.user_id, lock=True)
        assert row is not None
        row.disabled_at = house.deps.now()
        tx.add(row)
    return browser


async def forwarded(house: House, stack: AsyncExitStack, page: str) -> Phone:
    """Somebody with the first buyer's link, who has pressed Start and proved nothing."""
    phone = await stack.enter_async_context(Phone(house.app))
    phone.http.follow_redirects = False
    answer = await phone.http.post(f"{await house.link(page)}/start")
    assert answer.status_code == 303, answer.text
    return phone


async def other_buyer(house: House, stack: AsyncExitStack) -> Phone:
    return await forwarded(house, stack, house.other_page)


async def program(house: House, stack: AsyncExitStack, secret: str) -> Program:
    return await stack.enter_async_context(Program(house.app, secret))
