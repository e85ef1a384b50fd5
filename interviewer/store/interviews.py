"""Interviews and what they ran with: the flow's version, the notice shown, who has proved to be the invitee."""

from datetime import datetime

from sqlmodel import col, delete, exists, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from interviewer.errors import NotFound
from interviewer.flows.catalogue import digest, from_body
from interviewer.flows.model import Flow
from interviewer.store import bookings
from interviewer.store.db import Tx, add_new
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import AnalysisStepRow, QuoteRow, StatementRow
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.interviews import FlowVersionRow, InterviewRow, NoticeRow, ProofCodeRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import HoldingRow, MentionRow, RivalRow
from interviewer.store.tables.review import ChangeRow, DocumentRow, RedactionRow, ReleaseRow


async def get(tx: Tx, interview_id: str, *, lock: bool = False) -> InterviewRow | None:
    """`lock` holds the row against other writers until the transaction ends (SQLite's writer is alone anyway)."""
    return await _one(tx, select(InterviewRow).where(InterviewRow.id == interview_id), lock=lock)


async def with_invitation(
    tx: Tx, interview_id: str, *, lock: bool = False
) -> tuple[InterviewRow, InvitationRow] | None:
    """The interview and what it came of. `lock` as for `get`, of the interview alone."""
    if lock:  # and then look at the invitation: what was read while this waited for the lock may be old
        row = await get(tx, interview_id, lock=True)
        return None if row is None else (row, await tx.get_one(InvitationRow, row.invitation_id))
    query = select(InterviewRow, InvitationRow).join(InvitationRow).where(InterviewRow.id == interview_id)
    found = (await tx.exec(query)).first()
    return (found[0], found[1]) if found else None


async def of_invitation(tx: Tx, invitation_id: str, *, lock: bool = False) -> InterviewRow | None:
    """The interview that came of an invitation, or None. Who locks both locks the interview first."""
    return await _one(tx, select(InterviewRow).where(InterviewRow.invitation_id == invitation_id), lock=lock)


async def _one(tx: Tx, query: SelectOfScalar[InterviewRow], *, lock: bool) -> InterviewRow | None:
    if lock:  # what this transaction read before it waited for the lock may be old
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await tx.exec(query)).first()


_parsed: dict[str, Flow] = {}
"""Flows by digest. A digest names one text for ever, so what was parsed once stays right."""


async def flow(tx: Tx, row: InterviewRow) -> Flow:
    """The flow in the version that this interview runs with."""
    if row.flow_digest not in _parsed:
        kept = await tx.get(FlowVersionRow, row.flow_digest)
        if kept is None:
            raise NotFound
        _parsed[row.flow_digest] = from_body(kept.body)
    return _parsed[row.flow_digest]


async def keep_flow(tx: Tx, used: Flow, now: datetime) -> str:
    """Keep this version of the flow, and give its digest."""
    key = digest(used)
    body = used.model_dump(mode="json")
    await add_new(tx, FlowVersionRow(digest=key, flow=used.id, version=used.version, body=body, first_used_at=now))
    return key


async def keep_notice(tx: Tx, key: str, text: str, now: datetime) -> None:
    await add_new(tx, NoticeRow(digest=key, text=text, first_shown_at=now))


async def notice(tx: Tx, row: InterviewRow) -> str:
    """The notice as this buyer was shown it."""
    kept = await tx.get(NoticeRow, row.notice_digest)
    return kept.text if kept is not None else ""


async def proof(tx: Tx, interview_id: str, browser: str) -> ProofCodeRow | None:
    """The code that was mailed for this browser, used or not."""
    return await tx.get(ProofCodeRow, (interview_id, browser), with_for_update=True)


async def is_proved(tx: Tx, row: InterviewRow, browser: str) -> bool:
    """Whether this browser is the invitee's: it typed the first answer, or returned a mailed code."""
    if row.proved_browser and row.proved_browser == browser:
        return True
    code = await tx.get(ProofCodeRow, (row.id, browser))
    return code is not None and code.proved_at is not None


async def is_preview(tx: Tx, row: InterviewRow) -> bool:
    """Whether this is somebody at the desk who tries a flow: nothing may come of it."""
    invitation = await tx.get(InvitationRow, row.invitation_id)
    return invitation is not None and invitation.preview


async def silent_since(tx: Tx, moment: datetime) -> list[InterviewRow]:
    """Open interviews with a typed answer and nothing since `moment`: neither a word nor a call."""
    found = await tx.exec(
        select(InterviewRow)
        .join(InvitationRow)
        .where(
            real(),
            col(InterviewRow.completed_at).is_(None),
            col(InterviewRow.deleted_at).is_(None),
            col(InterviewRow.abandoned_at).is_(None),
            col(InterviewRow.first_answer_at).is_not(None),
            col(InterviewRow.last_active_at) < moment,
            ~bookings.call_after(col(InterviewRow.invitation_id), moment),
        )
    )
    return list(found.all())


async def ended_before(tx: Tx, moment: datetime) -> list[str]:
    """Ids of interviews whose last word, or call, is older than `moment` and that were not erased yet."""
    found = await tx.exec(
        select(InterviewRow.id)
        .join(InvitationRow)
        .where(real(), col(InterviewRow.last_active_at) < moment, col(InterviewRow.deleted_at).is_(None))
        .where(~bookings.call_after(col(InterviewRow.invitation_id), moment))
    )
    return list(found.all())


async def half_erased(tx: Tx) -> list[str]:
    """Ids of deleted interviews of which something is left: whoever deleted them did not know these places."""
    left = [exists().where(col(table.interview_id) == col(InterviewRow.id)) for table in (ChangeRow, DocumentRow)]
    left.append(exists().where(col(BookingRow.invitation_id) == col(InterviewRow.invitation_id)))
    told = [col(column) != "" for column in (InterviewRow.conducted_by, InterviewRow.consent, InterviewRow.source_name)]
    query = select(InterviewRow.id).where(col(InterviewRow.deleted_at).is_not(None), or_(*left, *told))
    return list((await tx.exec(query)).all())


async def erase(tx: Tx, row: InterviewRow, now: datetime) -> None:
    """Remove all that was said and all that was made of it; the empty shell says that it was deleted."""
    for table in (
        ChangeRow,
        DocumentRow,
        HoldingRow,
        MentionRow,
        RivalRow,
        ReleaseRow,
        RedactionRow,
        StatementRow,
        QuoteRow,
        AnalysisStepRow,
        TurnRow,
        ProofCodeRow,
    ):
        await tx.exec(delete(table).where(col(table.interview_id) == row.id))
    row.deleted_at, row.proved_browser = now, ""
    # `source_id` stays, a digest: the file it came from must not bring it back.
    row.conducted_by = row.consent = row.source_name = ""
    tx.add(row)
