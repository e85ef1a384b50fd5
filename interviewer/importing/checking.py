"""What may be wrong with an interview that is well-formed: words of ours that are none, spans that do not fit. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from interviewer.analysis.codebook import CODEBOOK, Horizon, Polarity, Scope
from interviewer.bodies import Tone
from interviewer.confidentiality import AUDIENCES
from interviewer.errors import Problem
from interviewer.evidence import StatementKind
from interviewer.importing import fields
from interviewer.importing.turns import numbers
from interviewer.interchange import Interview, Quote, Redaction, Statement, Turn
from interviewer.invitees import is_address
from interviewer.masks import BAR
from interviewer.transcript import Speaker

_AHEAD = timedelta(days=1)
"""Clocks and zones differ; more than this lies in the future."""


def check(interview: Interview, place: str, *, flows: Collection[str], now: datetime) -> list[Problem]:
    """Everything wrong with one interview, each by its place in the file."""
    return [Problem(within(place, where), what) for where, what in _problems(interview, flows, now)]


def within(place: str, where: str) -> str:
    """A part of what stands at `place` in a file: "interviews[3].turns[2]", "line 4, turns[2]"."""
    return f"{place}, {where}" if place.startswith("line ") else f"{place}.{where}" if place else where


def _problems(interview: Interview, flows: Collection[str], now: datetime) -> Iterator[tuple[str, str]]:
    if interview.flow not in flows:
        yield "flow", f"{interview.flow!r} is not a flow; there are {', '.join(sorted(flows))}"
    if interview.buyer.email and not is_address(interview.buyer.email):
        yield "buyer.email", f"{interview.buyer.email!r} is not an address"
    if interview.started_at and interview.ended_at and interview.ended_at < interview.started_at:
        yield "ended_at", "is before started_at"
    for name in ("started_at", "ended_at"):
        at = getattr(interview, name)
        if at and at > now + _AHEAD:
            yield name, "lies in the future"
    for index, audience in enumerate(interview.audiences or ()):
        yield from _word(f"audiences[{index}]", audience, AUDIENCES, "a role that statements can be released to")
    if not any(turn.speaker is Speaker.BUYER and turn.text.strip() and not turn.removed for turn in interview.turns):
        yield "turns", "hold no words of the buyer"
    numbered = numbers(interview.turns)
    for index, (number, before) in enumerate(zip(numbered, (0, *numbered), strict=False)):
        if number <= before:
            yield f"turns[{index}].number", f"is {number} after {before}; they should rise from 1"
    turns = dict(zip(numbered, interview.turns, strict=True))
    for index, quote in enumerate(interview.quotes):
        yield from ((f"quotes[{index}]{where}", what) for where, what in _quote(quote, turns))
    for index, statement in enumerate(interview.statements):
        found = _statement(statement, len(interview.quotes), turns)
        yield from ((f"statements[{index}].{where}", what) for where, what in found)
    for index, redaction in enumerate(interview.redactions):
        if why := _outside(redaction, turns.get(redaction.turn)):
            yield f"redactions[{index}]", why
    for index, release in enumerate(interview.releases):
        if release.quote >= len(interview.quotes):
            yield f"releases[{index}].quote", f"there are {len(interview.quotes)} quotes, counted from 0"


def _quote(quote: Quote, turns: Mapping[int, Turn]) -> Iterator[tuple[str, str]]:
    turn = turns.get(quote.turn)
    if why := _outside(quote, turn):
        yield "", why
        return
    assert turn is not None
    if not _of_buyer(turn):
        yield ".turn", f"turn {quote.turn} is not the buyer's"
    words = turn.text[quote.start : quote.end]
    if quote.text and words != quote.text and BAR not in words + quote.text:
        yield ".text", "is not what the turn says there; spans count code points"
    for index, tag in enumerate(quote.tags):
        for name, words_of_ours in (("theme", tuple(CODEBOOK)), ("polarity", ("", *Polarity)), ("scope", ("", *Scope))):
            yield from _word(f".tags[{index}].{name}", getattr(tag, name), words_of_ours, f"a {name}")
        yield from _word(f".tags[{index}].horizon", tag.horizon, ("", *Horizon), "a horizon")


def _statement(statement: Statement, held: int, turns: Mapping[int, Turn]) -> Iterator[tuple[str, str]]:
    yield from _word("kind", statement.kind, tuple(StatementKind), "a kind of statement")
    for index, number in enumerate(statement.quotes):
        if number >= held:
            yield f"quotes[{index}]", f"there are {held} quotes, counted from 0"
    if not statement.text.strip():
        yield "text", "should not be empty"
    wrong = [(f"body.{name}", what) for name, what in fields.problems(statement.kind, statement.body)]
    yield from wrong
    body = None if wrong else fields.body(statement.kind, statement.body)
    if isinstance(body, Tone) and body.turned_at and not _of_buyer(turns.get(body.turned_at)):
        yield "body.turned_at", f"turn {body.turned_at} is not the buyer's"


def _of_buyer(turn: Turn | None) -> bool:
    return turn is not None and turn.speaker is Speaker.BUYER


def _outside(span: Quote | Redaction, turn: Turn | None) -> str:
    if turn is None:
        return f"there is no turn {span.turn}"
    if not span.start < span.end <= len(turn.text):
        return f"[{span.start}, {span.end}) is no part of turn {span.turn}, which is {len(turn.text)} long"
    return ""


def _word(where: str, value: str, known: Collection[str], what: str) -> Iterator[tuple[str, str]]:
    if value not in known:
        listed = ", ".join(str(word) for word in known if word) or "none"
        yield where, f"{value!r} is not {what}; there are {listed}"
