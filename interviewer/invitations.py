"""Invitations: who is asked, and what their links do. Link -> invitation is the first step of the walk.

The CRM's and the rep's view of a deal comes in here and goes to `store.deals` at once; nothing of it is kept on
the invitation, which the interviewer's side reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from interviewer import bookings, suppression
from interviewer import invitees as rows
from interviewer.bookings import noes
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid, NotFound, Problem
from interviewer.invitees import Invitee
from interviewer.links import Purpose
from interviewer.store import deals
from interviewer.store import invitations as store
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import InvitationRow

DEFAULT_FLOW = "loss"
DEFAULT_LANGUAGE = "en"

_PERSON = ("name", "role", "company", "segment")
_PLAN = ("flow", "language", "product")
_DEAL = (
    "deal_id",
    "company",
    "currency",
    "owner",
    "rep_reason",
    "rep_competitor",
    "reason_category",
    "reason_driver",
    "reason_explanation",
    "primary_competitor",
    "incumbent",
    "selected_competitor",
)


@dataclass(frozen=True)
class Invited:
    """What a mail tool needs to write to one person. `created` is False where the invitation was there already."""

    invitation_id: str
    link: str
    opt_out_link: str
    name: str
    email: str
    flow: str
    created: bool
    deal_kept: bool = False
    """Whether the deal was typed at the desk and stays, though the row says something else of it."""


async def invite(deps: Deps, invitees: Sequence[Invitee], *, skip_refused: bool = False) -> list[Invited]:
    """Give each person a link, all or nothing. The same rows again change nothing and invite nobody anew.

    One invitation per address and deal; a later row updates it, an empty cell keeps what is there. Raises BadInput
    with every problem found: bad values, repeats, a plan that would change under an interview that has begun, and
    people who must not be asked (opted out, declined, link ended), whom `skip_refused` leaves out instead.
    """
    problems = rows.check(invitees, deps.flows.ids)
    async with deps.db.write() as tx:
        await store.one_import(tx)
        there = await store.by_addresses(tx, {invitee.address for invitee in invitees}, lock=True)
        by_key = {(row.email, row.deal_id): row for row in there}
        refused = await _refused(deps, tx, invitees, there)
        if not skip_refused:
            problems += [Problem(_where(invitee, "email"), why) for invitee, why in refused]
        left_out = {invitee.key for invitee, _ in refused}
        wanted = [invitee for invitee in invitees if invitee.key not in left_out]
        begun = await store.begun(tx, {row.id for row in there})
        for invitee in wanted:
            row = by_key.get(invitee.key)
            if row and row.id in begun:
                problems += _plan_problems(invitee, row)
        if problems:
            raise BadInput(problems)
        ids = {row.id for row in there}
        known, typed = await deals.of(tx, ids), await deals.typed(tx, ids)
        invited = [_keep(deps, tx, invitee, by_key.get(invitee.key)) for invitee in wanted]
        await tx.flush()  # a deal points at its invitation, which has to be there first
        for place, (invitee, one) in enumerate(zip(wanted, invited, strict=True)):
            facts, deal = _facts(invitee), known.get(one.invitation_id)
            if one.invitation_id in typed:
                invited[place] = replace(one, deal_kept=deals.news(deal, facts))
            else:
                deals.keep(tx, one.invitation_id, deal, facts, deps.now())
        return invited


async def open(deps: Deps, token: str) -> InvitationRow:
    """The invitation behind a buyer's link. Writes nothing. Raises LinkInvalid: altered, expired, revoked, replaced."""
    invitation_id, version = deps.links.read_interview(token)
    async with deps.db.read() as tx:
        row = await store.get(tx, invitation_id)
    if row is None or row.link_version != version or row.revoked_at or row.expires_at <= deps.now():
        raise LinkInvalid
    return row


async def revoke(deps: Deps, invitation_id: str) -> None:
    """End the link, and call off a call to come: nobody could reach it any more. Answers that were given stay.

    Raises NotFound.
    """
    async with deps.db.write() as tx:
        row = await _locked(tx, invitation_id)
        row.revoked_at = row.revoked_at or deps.now()
        await bookings.call_off(deps, tx, invitation_id, bookings.HOST)


async def replace_link(deps: Deps, invitation_id: str) -> str:
    """A fresh link for the same invitation; earlier ones stop working, a revoked or expired one opens again. A call
    that a scheduler elsewhere has kept for them stands again; one of ours, which was called off, does not.

    Raises NotFound, also for somebody who opted out or whose answers were erased: they are not asked again.
    """
    async with deps.db.write() as tx:
        row = await _locked(tx, invitation_id)
        if row.opted_out_at or row.erased_at:
            raise NotFound
        row.link_version += 1
        row.expires_at = deps.now() + timedelta(days=deps.settings.link_days)
        row.revoked_at = row.link_asked_at = None
        await noes.settle(deps, tx, row)
        return deps.links.interview(row.id, row.link_version)


async def decline(deps: Deps, invitation_id: str) -> BookingRow | None:
    """Keep that this buyer does not want this interview, and call off a call to come. Another deal may still ask.

    Gives that call, as `bookings.call_off` does. Raises NotFound.
    """
    async with deps.db.write() as tx:
        row = await _locked(tx, invitation_id)
        row.declined_at = deps.now()  # of several the last: it goes for what they booked since the first
        return await bookings.call_off(deps, tx, invitation_id)


async def opt_out(deps: Deps, token: str) -> BookingRow | None:
    """Never write to this address again, for any deal, and call off a call to come of this one.

    Its calendar entry is taken out by a last mail, which the buyer needs; the call is given as `bookings.call_off`
    does. Raises LinkInvalid for a link that is not one of ours.
    """
    invitation_id = deps.links.read(Purpose.OPT_OUT, token)
    async with deps.db.write() as tx:
        row = await store.get(tx, invitation_id, lock=True)
        if row is None:
            raise LinkInvalid
        row.opted_out_at = deps.now()  # the last, as of a decline
        if row.email:
            await store.suppress(tx, suppression.mark(deps.links.keys, row.email), "opted out", deps.now())
        return await bookings.call_off(deps, tx, invitation_id)


async def ask_new_link(deps: Deps, token: str) -> None:
    """Note that somebody on a dead link wants another. Says nothing about the link, whatever it is."""
    try:
        invitation_id, _ = deps.links.read_interview(token)
    except LinkInvalid:
        return
    async with deps.db.write() as tx:
        row = await store.get(tx, invitation_id, lock=True)
        if row and not row.erased_at:
            row.link_asked_at = deps.now()


async def _locked(tx: Tx, invitation_id: str) -> InvitationRow:
    row = await store.get(tx, invitation_id, lock=True)
    if row is None:
        raise NotFound
    return row


async def _refused(
    deps: Deps, tx: Tx, invitees: Sequence[Invitee], there: Sequence[InvitationRow]
) -> list[tuple[Invitee, str]]:
    """Those who must not be asked, and why. An opt-out holds for every deal, the rest for this one."""
    by_key = {(row.email, row.deal_id): row for row in there}
    opted_out = {row.email: row.opted_out_at for row in there if row.opted_out_at}
    marks = {address: suppression.marks(deps.links.keys, address) for address in {i.address for i in invitees}}
    kept = await store.suppressed(tx, [mark for several in marks.values() for mark in several])
    refused = []
    for invitee in invitees:
        suppressed = next((kept[mark] for mark in marks[invitee.address] if mark in kept), None)
        row = by_key.get(invitee.key)
        if suppressed:
            why = f"{suppressed.reason} on {suppressed.at:%Y-%m-%d}"
        elif at := opted_out.get(invitee.address):
            why = f"opted out on {at:%Y-%m-%d}"
        elif row and row.declined_at:
            why = f"declined on {row.declined_at:%Y-%m-%d}"
        elif row and row.revoked_at:
            why = f"had the link revoked on {row.revoked_at:%Y-%m-%d}"
        elif row and row.expires_at <= deps.now():
            why = f"had a link until {row.expires_at:%Y-%m-%d}; replace it at the desk"
        else:
            continue
        refused.append((invitee, f"{invitee.address!r} {why}"))
    return refused


def _plan_problems(invitee: Invitee, row: InvitationRow) -> list[Problem]:
    return [
        Problem(_where(invitee, field), f"{value!r} comes too late: the interview has begun with {kept!r}")
        for field in _PLAN
        if (value := getattr(invitee, field).strip()) and value != (kept := getattr(row, field))
    ]


def _keep(deps: Deps, tx: Tx, invitee: Invitee, row: InvitationRow | None) -> Invited:
    """Add or update one invitation."""
    now = deps.now()
    created = row is None
    if row is None:
        row = InvitationRow(
            id=deps.new_id(),
            email=invitee.address,
            flow=DEFAULT_FLOW,
            language=DEFAULT_LANGUAGE,
            deal_id=invitee.deal_id.strip(),
            created_at=now,
            expires_at=now + timedelta(days=deps.settings.link_days),
        )
        store.add(tx, row)
    for field in (*_PERSON, *_PLAN):
        if value := getattr(invitee, field).strip():
            setattr(row, field, value)
    return Invited(
        invitation_id=row.id,
        link=deps.links.interview(row.id, row.link_version),
        opt_out_link=deps.links.opt_out(row.id),
        name=row.name,
        email=row.email,
        flow=row.flow,
        created=created,
    )


def _facts(invitee: Invitee) -> dict[str, object]:
    """What the CRM and the rep say of one invitation's deal."""
    facts: dict[str, object] = {field: getattr(invitee, field).strip() for field in _DEAL}
    facts |= {"amount": rows.amount(invitee.amount), "closed_on": rows.day(invitee.closed_on)}
    return facts | {"currency": invitee.currency.strip().upper()}


def _where(invitee: Invitee, column: str) -> str:
    return f"{invitee.where}, {column}" if invitee.where else column
