"""Inviting on both databases: all or nothing, once, and never somebody who said no."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from interviewer import erasure, invitations
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid, NotFound
from interviewer.importing import deals as desk_deals
from interviewer.invitees import Invitee
from interviewer.links import Purpose
from interviewer.store import deals
from interviewer.store.db import Tx
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.invitations import InvitationRow, SuppressionRow
from tests.fakes.clock import FakeClock

ANA = Invitee(
    "Ana@acme.example",
    name="Ana",
    role="champion",
    company="Acme",
    amount="18,400",
    currency="eur",
    closed_on="2026-10-20",
    deal_id="D-1",
    rep_reason="price",
)
BEN = Invitee("ben@bolt.example", name="Ben", flow="win", language="de", deal_id="D-2")


async def everything(deps: Deps) -> dict[str, list[Any]]:
    """The content of every table, to compare."""
    async with deps.db.read() as tx:
        return {
            name: [tuple(row) for row in (await (await tx.connection()).execute(table.select())).all()]
            for name, table in SQLModel.metadata.tables.items()
        }


async def all_of(tx: Tx, table: type[Any]) -> list[Any]:
    return list((await tx.exec(select(table))).all())


def token(link: str) -> str:
    return link.rsplit("/", 1)[1]


async def problems(deps: Deps, *rows: Invitee) -> list[str]:
    with pytest.raises(BadInput) as caught:
        await invitations.invite(deps, rows)
    return [str(problem) for problem in caught.value.problems]


async def test_gives_each_person_a_link_and_keeps_the_deal_apart(deps: Deps) -> None:
    ana, ben = await invitations.invite(deps, [ANA, BEN])
    assert (ana.email, ana.flow, ana.created, ben.flow) == ("ana@acme.example", "loss", True, "win")
    assert len(ana.link.removeprefix("http://testserver")) < 90
    assert (await invitations.open(deps, token(ana.link))).id == ana.invitation_id
    async with deps.db.read() as tx:
        deal = await deals.get(tx, ana.invitation_id)
        row = await tx.get(InvitationRow, ana.invitation_id)
    assert deal and (deal.amount, deal.currency, deal.closed_on) == (18400, "EUR", date(2026, 10, 20))
    assert row and deal.rep_reason == "price" and "price" not in row.model_dump_json()


async def test_the_same_rows_again_change_nothing(deps: Deps, clock: FakeClock) -> None:
    first = await invitations.invite(deps, [ANA, BEN])
    before = await everything(deps)
    clock.advance(days=3)
    again = await invitations.invite(deps, [ANA, BEN])
    assert await everything(deps) == before
    assert again == [replace(invited, created=False) for invited in first]


async def test_two_imports_of_one_file_at_once_invite_once(deps: Deps) -> None:
    both = await asyncio.gather(*(invitations.invite(deps, [ANA, BEN]) for _ in range(2)))
    assert sorted(invited.created for result in both for invited in result) == [False, False, True, True]


async def test_a_changed_row_updates_and_an_empty_cell_keeps(deps: Deps) -> None:
    (invited,) = await invitations.invite(deps, [ANA])
    await invitations.invite(deps, [Invitee(ANA.email, deal_id="D-1", role="evaluator", rep_reason="timing")])
    async with deps.db.read() as tx:
        row = await tx.get(InvitationRow, invited.invitation_id)
        deal = await deals.get(tx, invited.invitation_id)
    assert row and (row.name, row.role, row.flow) == ("Ana", "evaluator", "loss")
    assert deal and (deal.rep_reason, deal.amount) == ("timing", 18400)


async def test_a_deal_that_somebody_typed_is_left_as_it_is(deps: Deps) -> None:
    row = Invitee("kim@buyer.example", deal_id="1", rep_reason="price", owner="Rik")
    (invited,) = await invitations.invite(deps, [row])
    pmm = Viewer("mara", Role.PMM)
    sheet = await desk_deals.look(deps, pmm, invited.invitation_id)
    assert (
        await desk_deals.keep(deps, pmm, invited.invitation_id, {"seen": sheet.seen, "rep_reason": "support"}) is None
    )
    assert [one.deal_kept for one in await invitations.invite(deps, [row])] == [True]
    async with deps.db.read() as tx:
        deal = await deals.get(tx, invited.invitation_id)
    assert deal and (deal.rep_reason, deal.owner) == ("support", "")


async def test_one_bad_row_keeps_the_others_out(deps: Deps) -> None:
    assert await problems(deps, ANA, replace(BEN, flow="lost", where="row 3")) == [
        f"row 3, flow: 'lost' is not a flow; there are {', '.join(sorted(deps.flows.ids))}"
    ]
    async with deps.db.read() as tx:
        assert await all_of(tx, InvitationRow) == await all_of(tx, DealRow) == []


async def test_who_opted_out_is_refused_for_every_deal(deps: Deps) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    await invitations.opt_out(deps, token(ana.opt_out_link))
    await invitations.opt_out(deps, token(ana.opt_out_link))
    assert await problems(deps, replace(ANA, deal_id="D-9", where="row 2"), replace(BEN, amount="x")) == [
        "invitee 2, amount: 'x' is not a number; write 18400 or 18,400.00, without the currency",
        "row 2, email: 'ana@acme.example' opted out on 2026-11-02",
    ]
    left = await invitations.invite(deps, [replace(ANA, deal_id="D-9"), BEN], skip_refused=True)
    assert [invited.email for invited in left] == ["ben@bolt.example"]
    async with deps.db.read() as tx:
        (row,) = await all_of(tx, SuppressionRow)
    assert "ana" not in row.address_hash


async def test_an_opt_out_holds_after_a_key_is_appended(deps: Deps) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    await invitations.opt_out(deps, token(ana.opt_out_link))
    rotated = replace(deps, links=replace(deps.links, keys=[*deps.links.keys, "k" * 40]))
    assert len(await problems(rotated, replace(ANA, deal_id="D-9"))) == 1


async def test_declining_ends_this_deal_and_no_other(deps: Deps) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    await invitations.decline(deps, ana.invitation_id)
    assert await problems(deps, ANA) == ["email: 'ana@acme.example' declined on 2026-11-02"]
    assert (await invitations.invite(deps, [replace(ANA, deal_id="D-9")]))[0].created


async def test_erasing_drops_the_person_and_suppresses_the_address(deps: Deps) -> None:
    first, second = await invitations.invite(deps, [replace(ANA, deal_id=""), replace(BEN, deal_id="")])
    for invited in (first, second):
        await erasure.erase_invitation(deps, invited.invitation_id)
    async with deps.db.read() as tx:
        rows = await all_of(tx, InvitationRow)
        assert await all_of(tx, DealRow) == []
    assert "na@" not in str(rows) and "Acme" not in str(rows)
    assert await problems(deps, ANA) == ["email: 'ana@acme.example' answers deleted on 2026-11-02"]


async def test_a_link_ends_by_time_revocation_replacement_or_change(deps: Deps, clock: FakeClock) -> None:
    ana, ben = await invitations.invite(deps, [ANA, BEN])
    fresh = await invitations.replace_link(deps, ana.invitation_id)
    await invitations.revoke(deps, ben.invitation_id)
    other_purpose = deps.links.sign(Purpose.OPT_OUT, f"{ana.invitation_id}.2")
    for dead in (token(ana.link), token(ben.link), token(fresh)[:-1], other_purpose, "", "x" * 3000):
        with pytest.raises(LinkInvalid):
            await invitations.open(deps, dead)
    assert (await invitations.open(deps, token(fresh))).id == ana.invitation_id
    clock.advance(days=deps.settings.link_days)
    with pytest.raises(LinkInvalid):
        await invitations.open(deps, token(fresh))
    assert await invitations.open(deps, token(await invitations.replace_link(deps, ana.invitation_id)))


async def test_nobody_who_opted_out_gets_a_new_link(deps: Deps) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    await invitations.opt_out(deps, token(ana.opt_out_link))
    for refused in (ana.invitation_id, "unknown"):
        with pytest.raises(NotFound):
            await invitations.replace_link(deps, refused)


async def test_opening_fifty_times_writes_nothing(deps: Deps) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    before = await everything(deps)
    for _ in range(50):
        await invitations.open(deps, token(ana.link))
    assert await everything(deps) == before


async def test_asking_for_a_new_link_is_noted_and_tells_nothing(deps: Deps, clock: FakeClock) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    clock.advance(days=deps.settings.link_days + 1)
    await invitations.ask_new_link(deps, token(ana.link))
    await invitations.ask_new_link(deps, "altered")
    async with deps.db.read() as tx:
        row = await tx.get(InvitationRow, ana.invitation_id)
    assert row and row.link_asked_at == clock()


async def test_an_opt_out_link_must_be_ours(deps: Deps) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    for wrong in (token(ana.link), token(ana.opt_out_link)[:-1], deps.links.sign(Purpose.OPT_OUT, "unknown")):
        with pytest.raises(LinkInvalid):
            await invitations.opt_out(deps, wrong)


async def test_five_thousand_rows_are_one_import(sqlite_deps: Deps, tmp_path: Path) -> None:
    many = [Invitee(f"p{number}@x.example", deal_id=str(number)) for number in range(5_000)]
    assert len(await invitations.invite(sqlite_deps, many)) == 5_000
    assert not any(invited.created for invited in await invitations.invite(sqlite_deps, many))


async def test_a_link_keeps_its_days(deps: Deps, clock: FakeClock) -> None:
    (ana,) = await invitations.invite(deps, [ANA])
    row = await invitations.open(deps, token(ana.link))
    assert row.expires_at == clock() + timedelta(days=180)
