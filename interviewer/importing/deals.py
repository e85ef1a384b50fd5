"""What the CRM and the rep say of a deal, typed at the desk. The interviewer never learns it."""

from collections.abc import Mapping
from datetime import date

from interviewer import store
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.importing import sheets
from interviewer.records.forms import DealSheet
from interviewer.store import agreement, audit, deals, search
from interviewer.store.db import Tx
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow

Given = Mapping[str, str]

_COMPARES = ("comparison",)
"""Steps of the analysis that read what is logged."""


async def look(deps: Deps, viewer: Viewer, invitation_id: str) -> Seen[DealSheet]:
    """What is logged of this invitation's deal. Raises NotFound, also for one that was deleted."""
    viewer.require(Act.EDIT_DEAL)
    async with deps.db.read() as tx:
        invitation = await _invitation(tx, invitation_id)
        deal = await deals.get(tx, invitation.id)
        return see(viewer, _sheet(invitation, deal, _values(deal), {}, await deals.rivals(tx)))


async def keep(deps: Deps, viewer: Viewer, invitation_id: str, given: Given) -> Seen[DealSheet] | None:
    """Make the deal say what was typed, empty blanks included, and have the comparison made anew.

    Gives the sheet again where something is wrong with it, or somebody else changed the deal since `given["seen"]`.
    Raises NotFound.
    """
    viewer.require(Act.EDIT_DEAL)
    wrong = {name: what for name, what in sheets.problems(given, deps.flows.ids).items() if name in sheets.DEAL_FIELDS}
    async with deps.db.write() as tx:
        # The interview before its invitation and its deal, as everybody holds them who holds several.
        interview = await store.interviews.of_invitation(tx, invitation_id, lock=True)
        invitation = await _invitation(tx, invitation_id, lock=True)
        deal = await deals.get(tx, invitation.id, lock=True)
        overtaken = given.get("seen", "") != _version(deal)
        if wrong or overtaken:
            rivals = await deals.rivals(tx)
            return see(viewer, _sheet(invitation, deal, given, wrong, rivals, overtaken=overtaken))
        if deal is None:
            deal = DealRow(invitation_id=invitation.id, company=invitation.company, updated_at=deps.now())
            deals.add(tx, deal)
        if deals.put(deal, sheets.facts(given), deps.now()):
            audit.add(tx, viewer.user_id, deals.TYPED, f"invitation:{invitation.id}", deps.now())
            await tx.flush()
            await _compare_again(deps, tx, interview)
    return None


async def _invitation(tx: Tx, invitation_id: str, *, lock: bool = False) -> InvitationRow:
    row = await store.invitations.get(tx, invitation_id, lock=lock)
    if row is None or row.preview or row.erased_at:
        raise NotFound
    return row


async def _compare_again(deps: Deps, tx: Tx, interview: InterviewRow | None) -> None:
    """Of who no longer agrees nothing is compared: the deal is kept, as it is not theirs."""
    if interview and agreement.stands(interview) and (interview.completed_at or interview.abandoned_at):
        await store.analysis.reopen(tx, interview.id, _COMPARES)
        await search.index(tx, interview.id)
        await deps.jobs.enqueue(tx, "analyse", interview.id)


def _sheet(
    invitation: InvitationRow,
    deal: DealRow | None,
    values: Given,
    wrong: Mapping[str, str],
    rivals: list[str],
    *,
    overtaken: bool = False,
) -> DealSheet:
    return DealSheet(
        id=invitation.id,
        title=invitation.company or invitation.name or invitation.email,
        groups=sheets.deal_groups(values, wrong, rivals),
        seen=_version(deal),
        overtaken=overtaken,
        problems=len(wrong),
    )


def _version(deal: DealRow | None) -> str:
    return deal.updated_at.isoformat() if deal else ""


def _values(deal: DealRow | None) -> dict[str, str]:
    """The deal as its blanks show it."""
    return {name: _shown(getattr(deal, name)) for name in sheets.DEAL_FIELDS} if deal else {}


def _shown(value: str | float | date | None) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00")
    return "" if value is None else str(value)
