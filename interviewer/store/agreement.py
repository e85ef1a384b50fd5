"""Whose words are evidence, said once (docs/privacy.md): those of buyers who still agree and whose interview is there.

Whatever shows, finds, counts, exports or makes evidence asks here. What somebody let be kept when they took their word
back is read on its own page, and is evidence nowhere.
"""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, exists, or_

from interviewer.store.invitations import real
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow


def stands(row: InterviewRow) -> bool:
    """Whether the buyer still agrees, and nothing was deleted."""
    return row.deleted_at is None and row.withdrawn_at is None


def stopped(row: InterviewRow | None) -> bool:
    """Whether the buyer took their word back; who has no interview did not."""
    return row is not None and row.withdrawn_at is not None


def standing() -> ColumnElement[bool]:
    """The same of interviews in a query."""
    return and_(col(InterviewRow.deleted_at).is_(None), col(InterviewRow.withdrawn_at).is_(None))


def nobody_who_stopped() -> ColumnElement[bool]:
    """Invitations whose buyer did not take their word back; most have no interview yet."""
    stopped = aliased(InterviewRow)
    same = col(stopped.invitation_id) == col(InvitationRow.id)
    return ~exists().where(same, col(stopped.withdrawn_at).is_not(None))


def evidence() -> ColumnElement[bool]:
    """Interviews that ended with an answer, and stand; to be joined with their invitations. Previews are none."""
    return and_(
        real(),
        standing(),
        or_(col(InterviewRow.completed_at).is_not(None), col(InterviewRow.abandoned_at).is_not(None)),
        col(InterviewRow.first_answer_at).is_not(None),
        col(InvitationRow.erased_at).is_(None),
    )
