"""Whole interviews that a person has labelled: which words are worth quoting, and what they say about the deal.

The analysis is judged by them (`evidence.py`). Those in `held_out/` are kept out of sight of whoever writes rules:
the program reads them and prints figures only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.comparison import Logged
from interviewer.bench.buyers import read_folder
from interviewer.bodies import Category, Mood
from interviewer.errors import BadInput, Problem
from interviewer.evidence import Span
from interviewer.flows import reading
from interviewer.flows.catalogue import Catalogue
from interviewer.transcript import Context, Speaker, Transcript, Turn

SETS = ("shown", "held_out")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Crm(_Data):
    """What the CRM and the rep say; empty where they say nothing."""

    rep_reason: str = ""
    rep_competitor: str = ""
    reason_category: str = ""
    reason_driver: str = ""
    reason_explanation: str = ""
    primary_competitor: str = ""
    incumbent: str = ""
    selected_competitor: str = ""


class Roles(_Data):
    """Competitors by role; empty where there is none."""

    primary: str = ""
    incumbent: str = ""
    selected: str = ""
    also: tuple[str, ...] = ()


class GoldDriver(_Data):
    category: Category
    driver: str
    share: int = Field(ge=1, le=100)
    turns: tuple[int, ...] = ()


class GoldContradiction(_Data):
    field: str
    logged: str
    buyer: str
    turns: tuple[int, ...] = ()


class GoldStalled(_Data):
    turn: int
    at: str


class _Said(_Data):
    who: Speaker
    text: str
    topic: str = ""
    kind: Literal["", "ask", "probe", "close"] = ""


class _Quoted(_Data):
    turn: int
    words: str = Field(min_length=1)
    themes: tuple[Theme, ...] = Field(min_length=1)
    subject: str = ""
    polarity: Polarity


class _File(_Data):
    id: str
    language: str
    flow: str
    vendor: str
    product: str = ""
    role: str = ""
    mood: Mood
    turns: tuple[_Said, ...] = Field(min_length=1)
    quotes: tuple[_Quoted, ...] = ()
    competitors: Roles = Roles()
    drivers: tuple[GoldDriver, ...] = ()
    contradictions: tuple[GoldContradiction, ...] = ()
    crm: _Crm = _Crm()
    stalled: GoldStalled | None = None


@dataclass(frozen=True)
class GoldQuote:
    """Words that a person found worth quoting."""

    span: Span
    text: str
    themes: tuple[Theme, ...]
    subject: str
    polarity: Polarity


@dataclass(frozen=True)
class Labelled:
    """One interview with its labels."""

    id: str
    flow: str
    transcript: Transcript
    quotes: tuple[GoldQuote, ...]
    competitors: Roles
    drivers: tuple[GoldDriver, ...]
    contradictions: tuple[GoldContradiction, ...]
    mood: Mood
    crm: Logged
    stalled: GoldStalled | None = None

    @property
    def language(self) -> str:
        return self.transcript.language


def shipped(flows: Catalogue, name: str = "shown") -> tuple[Labelled, ...]:
    """The labelled interviews of one of `SETS`."""
    return load(read_folder(files("interviewer.bench") / "interviews" / name), flows)


def load(texts: Mapping[str, str], flows: Catalogue) -> tuple[Labelled, ...]:
    """Interviews from the text of each file. Raises BadInput with every problem by file and key."""
    found: list[Labelled] = []
    problems: list[Problem] = []
    for name, text in texts.items():
        try:
            data = _File.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            problems.append(Problem(name, f"is not valid TOML: {error}"))
            continue
        except ValidationError as error:
            problems += [Problem(f"{name}: {'.'.join(map(str, e['loc']))}", e["msg"]) for e in error.errors()]
            continue
        wrong = [Problem(f"{name}: {problem.where}", problem.what) for problem in _wrong(data, flows)]
        problems += wrong
        if not wrong:
            found.append(_labelled(data, flows))
    if problems:
        raise BadInput(problems)
    return tuple(found)


def case(labelled: Labelled) -> Case:
    """The interview as the steps are given it, with its answers judged by rules."""
    return Case(labelled.flow, labelled.transcript, logged=labelled.crm)


def _wrong(data: _File, flows: Catalogue) -> Iterator[Problem]:
    if data.flow not in flows.ids:
        yield Problem("flow", f"there is no flow {data.flow!r}")
        return
    for position, quote in enumerate(data.quotes):
        where = f"quotes.{position}"
        if not _is_answer(data, quote.turn):
            yield Problem(f"{where}.turn", f"{quote.turn} is no turn of the buyer's")
        elif quote.words not in data.turns[quote.turn - 1].text:
            yield Problem(f"{where}.words", "are not in that turn, letter for letter")
    listed: dict[str, tuple[GoldDriver | GoldContradiction, ...]] = {
        "drivers": data.drivers,
        "contradictions": data.contradictions,
    }
    cited = [
        (f"{key}.{position}", turn)
        for key, entries in listed.items()
        for position, entry in enumerate(entries)
        for turn in entry.turns
    ]
    if data.stalled:
        cited.append(("stalled", data.stalled.turn))
    for where, turn in cited:
        if not _is_answer(data, turn):
            yield Problem(where, f"{turn} is no turn of the buyer's")
    if data.drivers and sum(driver.share for driver in data.drivers) != 100:
        yield Problem("drivers", "shares must add up to 100")


def _is_answer(data: _File, number: int) -> bool:
    return 0 < number <= len(data.turns) and data.turns[number - 1].who is Speaker.BUYER


def _labelled(data: _File, flows: Catalogue) -> Labelled:
    return Labelled(
        id=data.id,
        flow=data.flow,
        transcript=_transcript(data, flows),
        quotes=tuple(_gold(data, quote) for quote in data.quotes),
        competitors=data.competitors,
        drivers=data.drivers,
        contradictions=data.contradictions,
        mood=data.mood,
        crm=Logged(**data.crm.model_dump()),
        stalled=data.stalled,
    )


def _gold(data: _File, quote: _Quoted) -> GoldQuote:
    start = data.turns[quote.turn - 1].text.index(quote.words)
    span = Span(quote.turn, start, start + len(quote.words))
    return GoldQuote(span, quote.words, quote.themes, quote.subject, quote.polarity)


def _transcript(data: _File, flows: Catalogue) -> Transcript:
    """The turns with each answer judged when it was given, knowing no later one."""
    flow = flows.get(data.flow)
    context = Context(data.vendor, data.product, flow.outcome, data.role)
    transcript = Transcript((), data.language, context)
    topic = ""
    for number, said in enumerate(data.turns, start=1):
        topic = said.topic or topic
        if said.who is Speaker.INTERVIEWER:
            turn = Turn(number, said.who, said.text, topic, move=f"{said.kind}:{topic}" if said.kind else "")
        else:
            turn = Turn(number, said.who, said.text, topic)
        transcript = replace(transcript, turns=(*transcript.turns, turn))
        if turn.speaker is Speaker.BUYER:
            judged = replace(turn, assessment=reading.assess(flow, transcript))
            transcript = replace(transcript, turns=(*transcript.turns[:-1], judged))
    return transcript
