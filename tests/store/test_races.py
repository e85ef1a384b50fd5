"""What several people, browsers or servers do first and at once is done once, and nobody gets an error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import func, select

from interviewer import interviews, invitations, proof, store, suppression
from interviewer.deps import Deps
from interviewer.errors import BadInput, TooMany
from interviewer.invitees import Invitee
from interviewer.store.db import Database
from interviewer.store.tables.interviews import FlowVersionRow, InterviewRow, NoticeRow
from interviewer.store.tables.invitations import InvitationRow, SuppressionRow
from tests.conftest import MakeDeps
from tests.fakes.mail import RecordingChannel


@pytest.fixture
async def servers(deps: Deps, make_deps: MakeDeps) -> AsyncIterator[tuple[Deps, Deps]]:
    """Two servers on one fresh database."""
    other = Database(deps.db.url)
    yield deps, make_deps(other, new_id=deps.new_id)
    await other.close()


async def test_many_first_starts_at_once(servers: tuple[Deps, Deps]) -> None:
    people = [Invitee(f"k{number}@buyer.example", flow=("loss", "win")[number % 2]) for number in range(16)]
    invited = await invitations.invite(servers[0], people)
    await asyncio.gather(
        *(interviews.start(servers[n % 2], one.invitation_id) for n, one in enumerate(invited)),
        *(interviews.start(servers[1 - n % 2], one.invitation_id) for n, one in enumerate(invited)),
    )
    async with servers[0].db.read() as tx:
        assert (await tx.exec(select(func.count()).select_from(InterviewRow))).one() == 16
        assert (await tx.exec(select(func.count()).select_from(FlowVersionRow))).one() == 2
        assert (await tx.exec(select(func.count()).select_from(NoticeRow))).one() == 1


async def test_a_double_tap_on_mail_me_a_code(servers: tuple[Deps, Deps], mailbox: RecordingChannel) -> None:
    (invited,) = await invitations.invite(servers[0], [Invitee("kim@buyer.example")])
    interview_id = await interviews.start(servers[0], invited.invitation_id)
    asked = [proof.send_code(servers[n % 2], interview_id, browser="b") for n in range(6)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome] == [TooMany] * 5
    assert len(mailbox.sent) == 1


async def test_two_say_no_for_one_address_at_once(servers: tuple[Deps, Deps]) -> None:
    """An opt-out waits for one that is being kept, of another deal of the same person, and finds it done."""
    one, other = servers
    people = [Invitee("kim@buyer.example", deal_id="1"), Invitee("kim@buyer.example", deal_id="2")]
    first, second = await invitations.invite(one, people)
    async with one.db.write() as tx:
        mark = suppression.mark(one.links.keys, first.email)
        await store.invitations.suppress(tx, mark, "opted out", one.now())
        await tx.flush()
        waiting = asyncio.create_task(invitations.opt_out(other, second.opt_out_link.rsplit("/", 1)[1]))
        await asyncio.sleep(0.3)
    await waiting
    async with one.db.read() as tx:
        assert (await tx.exec(select(SuppressionRow.reason))).all() == ["opted out"]


async def test_an_import_waits_for_an_erasure_and_brings_nothing_back(servers: tuple[Deps, Deps]) -> None:
    one, other = servers
    kim = Invitee("kim@buyer.example", name="Kim Osei", company="Northgate Pools", deal_id="1", rep_reason="price")
    (invited,) = await invitations.invite(one, [kim])
    async with one.db.write() as tx:
        await store.invitations.erase(tx, invited.invitation_id, one.now(), mark_under=one.links.keys)
        await tx.flush()
        waiting = asyncio.create_task(invitations.invite(other, [kim]))
        await asyncio.sleep(0.3)
    with pytest.raises(BadInput, match="answers deleted"):
        await waiting
    async with one.db.read() as tx:
        (row,) = (await tx.exec(select(InvitationRow))).all()
    assert (row.email, row.name, row.company) == ("", "", "")
