"""Stretches of turns that nobody reads any more, and taking them away again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import RedactionRow

Masks = Mapping[int, Sequence[tuple[int, int]]]
"""By the number of a turn: the spans [start, end) under a black bar."""


async def of(tx: Tx, interview_id: str) -> Masks:
    """The redactions of one interview."""
    found = await tx.exec(
        select(TurnRow.number, RedactionRow.start, RedactionRow.end)
        .join(RedactionRow, col(RedactionRow.turn_id) == col(TurnRow.id))
        .where(RedactionRow.interview_id == interview_id)
        .order_by(col(TurnRow.number), col(RedactionRow.start))
    )
    masks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, start, end in found.all():
        masks[number].append((start, end))
    return masks


async def words(tx: Tx, interview_id: str) -> tuple[str, ...]:
    """The redacted stretches themselves, for hiding them in what repeats them. Not for anybody's eyes."""
    found = await tx.exec(
        select(TurnRow.text, RedactionRow.start, RedactionRow.end)
        .join(RedactionRow, col(RedactionRow.turn_id) == col(TurnRow.id))
        .where(RedactionRow.interview_id == interview_id)
    )
    return tuple(dict.fromkeys(text[start:end] for text, start, end in found.all()))
