"""JSON. Interviews are the document of `interchange.py`, which an import reads again; the rest are rows."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from typing import Any, Literal, cast

from interviewer import bodies, interchange
from interviewer.bodies import Body
from interviewer.confidentiality import Seen
from interviewer.exports import sheets
from interviewer.exports.base import About, Cell, Records, What, written
from interviewer.transcript import Speaker

_Seen = Seen[Any]
_Mode = Literal["", "ai", "human"]
_Review = Literal["", "confirmed", "rejected"]


class JsonDocument:
    label = "JSON"
    media_type = "application/json"

    async def write(self, about: About, records: Records) -> AsyncGenerator[bytes]:
        kind = interchange.FORMAT if about.what is What.INTERVIEWS else f"interviewer-{about.what}/1"
        head = {"format": kind, "exported_at": written(about.at)}
        yield f"{json.dumps(head)[:-1]}, {json.dumps(about.what)}: [".encode()
        between = "\n"
        async for record in records:
            for piece in _pieces(about, record):
                yield f"{between}{piece}".encode()
                between = ",\n"
        yield b"\n]}\n"


def _pieces(about: About, record: _Seen) -> Iterator[str]:
    if about.what is What.INTERVIEWS:
        yield interview(record).model_dump_json(exclude_none=True)
        return
    sheet = sheets.SHEETS[about.what]
    for row in sheet.rows(about, record):
        named = dict(zip(sheet.columns, row, strict=True))
        yield json.dumps({name: _plain(value) for name, value in named.items()}, ensure_ascii=False)


def _plain(value: Cell) -> Cell:
    return value if value is None or isinstance(value, bool | int | float) else written(value)


def interview(seen: _Seen) -> interchange.Interview:
    """One interview as the document has it. What was redacted is under bars in it, as at the desk."""
    head, deal = seen.head, seen.deal
    marked = _marked(seen)
    places = {number: place for place, number in enumerate(marked)}
    timed = seen.times != "none"
    return interchange.Interview.model_construct(
        id=seen.interview_id,
        source_id=seen.source_id,
        flow=head.flow,
        language=head.language,
        mode=cast(_Mode, seen.mode),
        conducted_by=seen.conducted_by,
        consent=seen.consent,
        started_at=seen.started_at if timed else None,
        ended_at=seen.ended_at if timed else None,
        ended_by=seen.ended_by or ("left" if seen.ended_at else ""),
        audiences=tuple(seen.audiences),
        buyer=interchange.Buyer.model_construct(name=head.name, email=head.email, role=head.role, company=head.company),
        product=seen.product,
        segment=seen.segment,
        deal=interchange.Deal.model_construct(
            **{name: getattr(deal, name) for name in interchange.Deal.model_fields} if deal else {}
        ),
        crm_consent=seen.crm_consent,
        turns=tuple(_turn(exchange) for exchange in seen.exchanges if not exchange.pending),
        quotes=tuple(_quote(quote, tags) for quote, tags in marked.values()),
        statements=tuple(
            _statement(one, body, places)
            for one, body in (*statements(seen), *((one, None) for one in seen.rejected.statements))
        ),
        redactions=tuple(
            interchange.Redaction.model_construct(turn=exchange.number, start=start, end=end)
            for exchange in seen.exchanges
            for start, end in exchange.hidden
        ),
        releases=tuple(
            interchange.Release.model_construct(
                quote=places[quote.id], audience=release.audience, wording=release.wording
            )
            for quote in seen.quotes
            for release in quote.releases
        ),
        reviewed_at=seen.reviewed_at,
    )


def _marked(seen: _Seen) -> dict[int, tuple[_Seen, list[_Seen]]]:
    """Every quote by its id with its tags, those that were turned down among them."""
    marked = {quote.id: (quote, list(quote.tags)) for quote in seen.quotes}
    for quote in seen.rejected.quotes:
        marked.setdefault(quote.id, (quote, []))[1].extend(quote.tags)
    for one in seen.rejected.statements:
        for quote in one.quotes:
            marked.setdefault(quote.id, (quote, []))
    return marked


def _turn(exchange: _Seen) -> interchange.Turn:
    return interchange.Turn.model_construct(
        speaker=Speaker.BUYER if exchange.buyer else Speaker.INTERVIEWER,
        text="" if exchange.removed else "".join(segment.text for segment in exchange.segments),
        number=exchange.number,
        kind=exchange.kind,
        topic=exchange.topic,
        move=exchange.move,
        at=exchange.at,
        removed=exchange.removed,
    )


def _quote(quote: _Seen, tags: Iterable[_Seen]) -> interchange.Quote:
    return interchange.Quote.model_construct(
        turn=quote.turn,
        start=quote.start,
        end=quote.end,
        text=quote.text,
        tags=tuple(
            interchange.Tag.model_construct(
                theme=tag.theme,
                subject=tag.subject,
                polarity=tag.polarity,
                scope=tag.scope,
                horizon=tag.horizon,
                review=cast(_Review, tag.review),
                made_by=tag.made_by,
            )
            for tag in tags
        ),
    )


def _statement(one: _Seen, body: Body | None, places: Mapping[int, int]) -> interchange.Statement:
    return interchange.Statement.model_construct(
        kind=one.kind,
        text=one.text,
        body=bodies.as_values(body) or None,
        key=bodies.key(body) if body else one.key,
        review=cast(_Review, one.review),
        made_by=one.made_by,
        machine_text=one.machine_text,
        quotes=tuple(places[quote.id] for quote in one.quotes if quote.id in places),
    )


def statements(seen: _Seen) -> Iterator[tuple[_Seen, Body | None]]:
    """Every statement of an interview, with what it says as fields."""
    for one in (*((seen.headline,) if seen.headline else ()), *seen.notes, *seen.answers, *seen.summary):
        yield one, None
    for one in seen.drivers:
        yield (
            one.statement,
            bodies.Driver(
                bodies.Category(one.category), one.driver, one.share, bodies.Confidence(one.confidence), one.towards
            ),
        )
    for one in seen.competitors:
        yield one.statement, bodies.Competitor(one.name, bodies.CompetitorRole(one.role))
    for one in seen.insights:
        where = bodies.Seen(one.seen) if one.seen else None
        yield one.statement, bodies.Insight(one.area, bodies.InsightKind(one.kind), where)
    for one in seen.contradictions:
        yield one.statement, bodies.Contradiction(one.field, one.source, one.logged, one.buyer)
    for one in seen.findings:
        yield (
            one.statement,
            bodies.Finding(one.theme, one.subject, bodies.Owner(one.owner), one.scope, one.horizon, one.towards),
        )
    story = seen.story
    if story.trigger:
        yield story.trigger, bodies.Trigger(story.event, bodies.Fit(story.fits))
    if story.stalled:
        yield story.stalled, bodies.Stalled(story.stalled.text)
    if story.tone:
        yield story.tone, bodies.Tone(bodies.Mood(story.mood), story.turned_at)
