"""Turns in another language. One is there while the words that were translated are (ux.md desk 3)."""

from collections.abc import Mapping

from sqlmodel import col, select

from interviewer.store import quotes
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import TranslationRow


async def of(tx: Tx, interview_id: str, language: str) -> Mapping[int, str]:
    """Translations into `language`, by the number of the turn."""
    found = await tx.exec(
        select(TranslationRow, TurnRow)
        .join(TurnRow, col(TurnRow.id) == col(TranslationRow.turn_id))
        .where(TurnRow.interview_id == interview_id, TranslationRow.language == language)
    )
    return {
        turn.number: row.text
        for row, turn in found.all()
        if not turn.removed and quotes.digest(turn.text) == row.words_digest
    }
