"""A conversation made into the desk's records: turns, why each was asked, quotes and what rests on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from interviewer import evidence, marking, masks, records
from interviewer.analysis.codebook import CODEBOOK, Theme
from interviewer.evidence import Review
from interviewer.flows.model import Flow
from interviewer.store import turns
from interviewer.store.redactions import Hidden
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import ReleaseRow
from interviewer.transcript import Act, AnswerKind, Speaker


def words(name: str) -> str:
    """An id of ours in words: "left_early" is "Left early"."""
    return name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Beside:
    """What lies over the turns: black bars, and translations, by the number of a turn."""

    hidden: Hidden = field(default_factory=Hidden)
    translations: Mapping[int, str] = field(default_factory=dict)
    timed: bool = True
    """Whether the times of turns are known, and not reckoned."""
    began: datetime | None = None
    """Of a call whose transcript says how far into it things were said."""

    def text(self, row: TurnRow) -> str:
        """The turn as it may be read. A question may repeat what was redacted in an answer."""
        shown = masks.masked(row.text, self.hidden.masks.get(row.number, ()))
        return shown if row.speaker == Speaker.BUYER else self.barred(shown)

    def translation(self, row: TurnRow) -> str:
        return self.barred(self.translations.get(row.number, ""))

    def barred(self, text: str) -> str:
        """Something said of a turn, without what was redacted."""
        return masks.without(text, self.hidden.words)


def exchanges(
    said: Sequence[TurnRow], flow: Flow | None, marked: Collection[records.Quote], beside: Beside
) -> tuple[records.Exchange, ...]:
    """Every turn in order, with the quotes on it."""
    routine = _routine(said, flow) if flow else set()
    return tuple(_exchange(row, flow, marked, beside, routine=row.number in routine) for row in said)


def quotes(
    found: Sequence[evidence.Quote],
    said: Sequence[TurnRow],
    released: Mapping[int, Sequence[ReleaseRow]],
    *,
    timed: bool,
    began: datetime | None = None,
) -> dict[int, records.Quote]:
    """By id, in the order of the conversation."""
    times = {row.number: row.at if timed else None for row in said}
    into = {row.number: _into(row, began) for row in said}
    noted = {row.number for row in said if row.act == Act.NOTED}
    return {
        quote.id: records.Quote(
            id=quote.id,
            turn=quote.turn_number,
            start=quote.start,
            end=quote.end,
            text=quote.text,
            at=times[quote.turn_number],
            into=into[quote.turn_number],
            tags=tuple(_tag(tag) for tag in quote.tags),
            by_person=any(tag.made_by == evidence.PERSON for tag in quote.tags),
            releases=tuple(records.Release(row.audience, row.wording, row.at) for row in released.get(quote.id, ())),
            noted=quote.turn_number in noted,
        )
        for quote in sorted(found, key=lambda quote: quote.span)
    }


def _into(row: TurnRow, began: datetime | None) -> str:
    """How far into a call this was said: "4:07", "1:04:07"; empty where nobody knows."""
    if began is None:
        return ""
    minutes, seconds = divmod(max(0, int((row.at - began).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def standing(every: Mapping[int, records.Quote], found: Sequence[evidence.Statement]) -> dict[int, records.Quote]:
    """The quotes without tags that a person turned down: those that are tagged, released, or carry a statement."""
    cited = {key for one in found for key in one.quotes}
    kept = {
        key: replace(quote, tags=tuple(tag for tag in quote.tags if tag.review != Review.REJECTED))
        for key, quote in every.items()
    }
    return {key: quote for key, quote in kept.items() if quote.tags or quote.releases or key in cited}


def rejected(every: Mapping[int, records.Quote], found: Sequence[evidence.Statement]) -> records.Rejected:
    """What a person turned down, and may take up again: quotes with just those tags, and statements."""
    turned_down = (
        replace(quote, tags=tuple(tag for tag in quote.tags if tag.review == Review.REJECTED))
        for quote in every.values()
    )
    return records.Rejected(
        quotes=tuple(quote for quote in turned_down if quote.tags),
        statements=tuple(statement(one, every) for one in found if one.review == Review.REJECTED),
    )


def open_ones(marked: Collection[records.Quote], found: Sequence[evidence.Statement]) -> tuple[records.Suggestion, ...]:
    """Tags and statements that nobody decided on."""
    tags = (tag for quote in marked for tag in quote.tags if not tag.review)
    return (
        *(records.Suggestion("tag", tag.id, tag.version) for tag in tags),
        *(records.Suggestion("statement", one.id, one.version) for one in found if not one.review),
    )


def statement(found: evidence.Statement, marked: Mapping[int, records.Quote]) -> records.Statement:
    """A sentence of the analysis, with those of `marked` that carry it."""
    carried = tuple(marked[quote] for quote in found.quotes if quote in marked)
    return records.Statement(
        id=found.id,
        kind=found.kind,
        text=found.text,
        made_by=found.made_by,
        quotes=carried,
        review=found.review,
        version=found.version,
        machine_text=found.machine_text,
        key=found.key,
    )


def _exchange(
    row: TurnRow, flow: Flow | None, marked: Collection[records.Quote], beside: Beside, *, routine: bool
) -> records.Exchange:
    buyer = row.speaker == Speaker.BUYER
    judged = turns.as_turn(row).assessment
    return records.Exchange(
        number=row.number,
        buyer=buyer,
        at=row.at if beside.timed else None,
        into=_into(row, beside.began),
        kind=row.act if buyer else row.move.partition(":")[0],
        move="" if buyer else row.move,
        topic=row.topic,
        label=_topic_label(flow, row.topic),
        hidden=tuple(beside.hidden.masks.get(row.number, ())),
        segments=marking.segments(
            beside.text(row),
            [quote for quote in marked if quote.turn == row.number],
        ),
        translation=beside.translation(row),
        removed=row.removed,
        changed_at=row.changed_at,
        proved=row.proved,
        pending=row.pending,
        judged=judged.kind.value if judged else "",
        covers=tuple(_topic_label(flow, topic) for topic in judged.covers) if judged else (),
        signals=tuple(words(signal) for signal in judged.signals) if judged else (),
        judged_by=judged.by if judged else "",
        why="" if routine else beside.barred(row.why),
        source=row.source,
        model=row.model,
        prompt=row.prompt_id,
        verdicts=tuple(map(beside.barred, row.verdicts)),
        calls=row.calls,
        latency_ms=row.latency_ms,
    )


def _routine(said: Sequence[TurnRow], flow: Flow) -> set[int]:
    """Numbers of the questions that only went on to the next open topic, after a skip or a plain answer."""
    found, done, plain = set(), set[str](), True
    for row in said:
        if row.speaker == Speaker.BUYER:
            judged = turns.as_turn(row).assessment
            plain = judged is None or judged.kind is AnswerKind.SPECIFIC
            done.update(judged.covers if judged else ())
            continue
        due = next((topic.id for topic in flow.core if topic.id not in done), "")
        if plain and due and row.move == f"ask:{due}":
            found.add(row.number)
        done.add(row.topic)
    return found


def _tag(tag: evidence.Tag) -> records.Tag:
    entry = CODEBOOK[Theme(tag.theme)]
    return records.Tag(
        id=tag.id,
        theme=tag.theme,
        label=entry.label,
        tint=entry.tint,
        subject=tag.subject,
        polarity=tag.polarity,
        scope=tag.scope,
        horizon=tag.horizon,
        confidence=tag.confidence,
        made_by=tag.made_by,
        review=tag.review,
        version=tag.version,
    )


def _topic_label(flow: Flow | None, topic: str) -> str:
    try:
        return flow.topic(topic).label["en"] if flow and topic else ""
    except KeyError:
        return words(topic)
