"""Turns in another language. One is there while the words that were translated are (ux.md desk 3)."""

from collections.abc import Collection, Iterable, Mapping

from sqlmodel import col, delete, select

from interviewer import masks
from interviewer.store import quotes, redactions
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import TranslationRow


async def of(tx: Tx, interview_id: str, language: str) -> Mapping[int, str]:
    """Translations into `language`, by the number of the turn. What was redacted since is not among them."""
    return (await among(tx, [interview_id], language))[interview_id]


async def among(tx: Tx, interview_ids: Collection[str], language: str) -> Mapping[str, dict[int, str]]:
    """The same of each of these interviews."""
    found = await tx.exec(
        select(TranslationRow, TurnRow)
        .join(TurnRow, col(TurnRow.id) == col(TranslationRow.turn_id))
        .where(col(TurnRow.interview_id).in_(interview_ids), TranslationRow.language == language)
    )
    rows = found.all()
    hidden = await redactions.among(tx, interview_ids) if rows else {}
    texts: dict[str, dict[int, str]] = {interview_id: {} for interview_id in interview_ids}
    for row, turn in rows:
        if not turn.removed and _digest(turn, hidden[turn.interview_id].masks) == row.words_digest:
            texts[turn.interview_id][turn.number] = row.text
    return texts


async def replace(
    tx: Tx, interview_id: str, language: str, made: Iterable[tuple[int, str]], *, made_by: str, prompt_id: str
) -> None:
    """Keep these translations, a turn's number and its text, in place of all that were there in `language`."""
    known = await turns(tx, interview_id)
    await tx.exec(
        delete(TranslationRow).where(
            col(TranslationRow.turn_id).in_([turn.id for turn in known.values()]),
            col(TranslationRow.language) == language,
        )
    )
    hidden = await redactions.of(tx, interview_id)
    tx.add_all(
        TranslationRow(
            turn_id=known[number].id or 0,
            language=language,
            text=text,
            words_digest=_digest(known[number], hidden),
            made_by=made_by,
            prompt_id=prompt_id,
        )
        for number, text in made
        if number in known
    )
    await tx.flush()


async def turns(tx: Tx, interview_id: str) -> Mapping[int, TurnRow]:
    """By number."""
    found = await tx.exec(select(TurnRow).where(TurnRow.interview_id == interview_id))
    return {turn.number: turn for turn in found.all()}


def _digest(turn: TurnRow, hidden: redactions.Masks) -> str:
    """Of what anybody may read of a turn: a redaction voids a translation, which would repeat what it hides."""
    return quotes.digest(masks.masked(turn.text, hidden.get(turn.number, ())))
