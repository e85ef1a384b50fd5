"""Stretches of turns that nobody reads any more."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from interviewer import masks
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import RedactionRow
from interviewer.transcript import Speaker

Masks = Mapping[int, Sequence[tuple[int, int]]]
"""By the number of a turn: the spans [start, end) under a black bar."""

_Sought = tuple[tuple[str, ...], str]
"""Stretches, and the text that may repeat them."""
_Places = dict[_Sought, list[tuple[int, int]]]
_REPEATS = "repeats"
"""By this a transaction keeps what was found in it."""
_AT_ONCE = 1_000_000
"""Characters, times stretches to look for in them, up to which the event loop does it itself: some 20 ms."""


@dataclass(frozen=True)
class Hidden:
    """What is redacted in one interview: where, and the words themselves, which are for nobody's eyes: they serve to
    hide them in what repeats them."""

    masks: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    words: tuple[str, ...] = ()


async def of(tx: Tx, interview_id: str) -> Masks:
    """The redactions of one interview."""
    return (await among(tx, [interview_id]))[interview_id].masks


async def words(tx: Tx, interview_id: str) -> tuple[str, ...]:
    """The redacted stretches themselves, for hiding them in what repeats them. Not for anybody's eyes."""
    return (await among(tx, [interview_id]))[interview_id].words


async def among(tx: Tx, interview_ids: Collection[str]) -> Mapping[str, Hidden]:
    """The redactions of each of these interviews, and every place where the buyer repeats what they hide, or a part of
    a name in it. Where an answer was changed since, nobody knows where the words went: all of it is hidden."""
    found = await tx.exec(
        select(RedactionRow, TurnRow)
        .join(TurnRow, col(TurnRow.id) == col(RedactionRow.turn_id))
        .where(col(RedactionRow.interview_id).in_(interview_ids))
        .order_by(col(TurnRow.number), col(RedactionRow.start))
    )
    spans: dict[str, dict[int, list[tuple[int, int]]]] = {key: defaultdict(list) for key in interview_ids}
    said: dict[str, list[str]] = defaultdict(list)
    for row, turn in found.all():
        if turn.changed_at and turn.changed_at > row.at:
            spans[row.interview_id][turn.number].append((0, len(turn.text)))
            continue
        spans[row.interview_id][turn.number].append((row.start, row.end))
        said[row.interview_id].append(turn.text[row.start : row.end])
    hidden = {interview_id: tuple(dict.fromkeys(stretches)) for interview_id, stretches in said.items()}
    answers = await _answers(tx, said)
    repeated = await _repeats(tx, {(hidden[interview_id], text) for interview_id, _, text in answers})
    for interview_id, number, text in answers:
        if places := repeated[hidden[interview_id], text]:
            spans[interview_id][number] += places
    return {
        key: Hidden(
            {number: masks.merged(places) for number, places in spans[key].items()},
            hidden.get(key, ()),
        )
        for key in interview_ids
    }


async def _repeats(tx: Tx, asked: Collection[_Sought]) -> _Places:
    """Where a text repeats what is hidden. Many ask that in one transaction: each answer is searched once in it, and
    much of it beside the event loop."""
    known: _Places = tx.info.setdefault(_REPEATS, {})
    fresh = [one for one in asked if one not in known]
    if sum(len(stretches) * len(text) for stretches, text in fresh) > _AT_ONCE:
        found = await asyncio.to_thread(_searched, fresh)
    else:
        found = _searched(fresh)
    known.update(found)
    return known


def _searched(asked: Iterable[_Sought]) -> _Places:
    return {(stretches, text): masks.places(text, stretches) for stretches, text in asked}


async def _answers(tx: Tx, interview_ids: Collection[str]) -> Sequence[tuple[str, int, str]]:
    """Interview, number and text of the buyer's turns."""
    if not interview_ids:
        return ()
    query = select(TurnRow.interview_id, TurnRow.number, TurnRow.text)
    of_buyer = (col(TurnRow.interview_id).in_(interview_ids), TurnRow.speaker == Speaker.BUYER)
    return (await tx.exec(query.where(*of_buyer, TurnRow.text != ""))).all()
