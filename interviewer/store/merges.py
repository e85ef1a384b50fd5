"""Merged subjects, when an interview that they rest on is erased: a name may be a person's or a company's."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete, select

from interviewer.folding import fold
from interviewer.store.db import Tx
from interviewer.store.reviews import MERGE
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.review import ChangeRow, SubjectRow


async def forget(tx: Tx, interview_id: str) -> None:
    """Drop the merges whose old name only tags of this interview said, from what other interviews keep of them too.

    For a caller that holds the interview and erases it next: its changes tell which merges it had a part in.
    """
    query = select(ChangeRow).where(ChangeRow.verb == MERGE)
    own = (await tx.exec(query.where(ChangeRow.interview_id == interview_id))).all()
    aliases = {entry["id"][0] for made in own for entry in _entries(made, SubjectRow)}
    if not aliases:
        return
    elsewhere = query.where(ChangeRow.interview_id != interview_id).order_by(col(ChangeRow.id)).with_for_update()
    others = (await tx.exec(elsewhere)).all()
    aliases -= {fold(entry["before"]["subject"]) for made in others for entry in _entries(made, TagRow)}
    for made in others:
        gone = [entry for entry in _entries(made, SubjectRow) if entry["id"][0] in aliases]
        if gone:
            made.rows = [entry for entry in made.rows if entry not in gone]
            tx.add(made)
    await tx.exec(delete(SubjectRow).where(col(SubjectRow.alias).in_(aliases)))


def _entries(made: ChangeRow, table: type[TagRow] | type[SubjectRow]) -> Sequence[dict[str, Any]]:
    return [entry for entry in made.rows if entry["table"] == table.__tablename__]
