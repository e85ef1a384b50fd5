"""Interviews as one JSON document: what an export writes and an import reads ("interviewer/1", docs/import.md).

Only a flow and turns are needed on the way in. Quotes are spans here as everywhere: their `text` is a check, and is
never taken for what was said.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from interviewer.errors import BadInput, Problem
from interviewer.transcript import Speaker

FORMAT: Final = "interviewer/1"

MAX_BYTES = 50_000_000
MAX_INTERVIEWS = 5_000
MAX_TURNS = 2_000
MAX_TEXT = 20_000
"""Characters of one turn."""
MAX_CELL = 200
MAX_PROSE = 4_000
MAX_PARTS = 1_000
"""Quotes, statements, redactions or releases of one interview."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def _storable(text: str) -> str:
    """Without NUL, which no database column takes; as long as before, so that spans hold."""
    return text.replace("\x00", _REPLACEMENT)


Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_storable)]
Prose = Annotated[str, Field(max_length=MAX_PROSE), AfterValidator(_storable)]
Cell = Annotated[str, Field(max_length=MAX_CELL), AfterValidator(_storable)]
Place = Annotated[int, Field(ge=0, le=MAX_TEXT)]
TurnNumber = Annotated[int, Field(ge=0, le=9_999)]


class _Part(BaseModel):
    """Keys that are not known are dropped with a note rather than refused: other tools add their own."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _said(cls, values: Any) -> Any:
        """A null says nothing, as a key that is not there."""
        return {key: value for key, value in values.items() if value is not None} if type(values) is dict else values


class Buyer(_Part):
    name: Cell = ""
    email: Cell = ""
    role: Cell = ""
    company: Cell = ""


class Deal(_Part):
    """What the CRM and the rep say of it; never handed to the interviewer."""

    deal_id: Cell = ""
    amount: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Za-z]{3})?$")] = ""
    closed_on: date | None = None
    owner: Cell = ""
    rep_reason: Prose = ""
    rep_competitor: Cell = ""
    reason_category: Cell = ""
    reason_driver: Cell = ""
    reason_explanation: Prose = ""
    primary_competitor: Cell = ""
    incumbent: Cell = ""
    selected_competitor: Cell = ""


class Turn(_Part):
    speaker: Speaker
    text: Text
    number: TurnNumber | None = None
    """Counted from 1 where it is left out."""
    kind: Cell = ""
    """What it does: of the interviewer `ask`, `probe`, `reply`, `one_more`, `close`; of a buyer `answer`, `skip`, or
    `noted` where the words are the interviewer's notes rather than the buyer's own."""
    topic: Cell = ""
    move: Cell = ""
    """Of the interviewer: the key of the move spoken ("probe:almost:doubt")."""
    at: AwareDatetime | None = None
    removed: bool = False


class Tag(_Part):
    theme: Cell
    subject: Cell = ""
    polarity: Cell = ""
    scope: Cell = ""
    horizon: Cell = ""
    review: Literal["", "confirmed", "rejected"] = ""
    made_by: Cell = ""


class Quote(_Part):
    """The code points [start, end) of a buyer's turn."""

    turn: TurnNumber
    start: Place
    end: Place
    text: Text = ""
    """The words again, for readers and as a check; empty: not checked."""
    tags: Annotated[tuple[Tag, ...], Field(max_length=MAX_PARTS)] = ()


class Statement(_Part):
    kind: Cell
    """A `StatementKind`."""
    text: Prose
    body: dict[str, JsonValue] | None = None
    """What it says as fields: see `bodies.py`."""
    key: Cell = ""
    review: Literal["", "confirmed", "rejected"] = ""
    made_by: Cell = ""
    machine_text: Prose = ""
    quotes: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(max_length=MAX_PARTS)] = ()
    """Positions in the interview's `quotes`, from 0."""


class Redaction(_Part):
    """The code points [start, end) of a turn that nobody reads any more. An export has bars in their place."""

    turn: TurnNumber
    start: Place
    end: Place


class Release(_Part):
    quote: Annotated[int, Field(ge=0)]
    """Position in the interview's `quotes`, from 0."""
    audience: Cell
    wording: Prose = ""


class Interview(_Part):
    flow: Cell
    turns: Annotated[tuple[Turn, ...], Field(min_length=1, max_length=MAX_TURNS)]
    id: Cell = ""
    """What the source calls it; the same id again is the same interview."""
    source_id: Cell = ""
    """Of an export: what its own source called it. It goes before `id` in telling whether this is the same."""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    mode: Literal["", "ai", "human"] = ""
    """Who asked. Empty: `human` where it says who conducted it or how the buyer agreed, else `ai`."""
    conducted_by: Cell = ""
    consent: Prose = ""
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    ended_by: Cell = ""
    audiences: tuple[Cell, ...] | None = None
    buyer: Buyer = Buyer()
    product: Cell = ""
    segment: Cell = ""
    deal: Deal = Deal()
    crm_consent: bool | None = None
    quotes: Annotated[tuple[Quote, ...], Field(max_length=MAX_PARTS)] = ()
    statements: Annotated[tuple[Statement, ...], Field(max_length=MAX_PARTS)] = ()
    redactions: Annotated[tuple[Redaction, ...], Field(max_length=MAX_PARTS)] = ()
    releases: Annotated[tuple[Release, ...], Field(max_length=MAX_PARTS)] = ()
    reviewed_at: AwareDatetime | None = None


class Document(_Part):
    format: Literal["interviewer/1"] = FORMAT
    exported_at: AwareDatetime | None = None
    interviews: Annotated[tuple[Interview, ...], Field(max_length=MAX_INTERVIEWS)]


@dataclass(frozen=True)
class Reading:
    """What a file holds. `places` say where each interview stands in it, `notes` what was left out."""

    interviews: tuple[Interview, ...]
    places: tuple[str, ...]
    notes: tuple[Problem, ...] = ()


def read(data: bytes) -> Reading:
    """The interviews of a file: a document, a list of interviews, one alone, or one a line (JSON Lines).

    Raises BadInput with every problem, each named by its place: "interviews[3].turns[2].text".
    """
    if len(data) > MAX_BYTES:
        raise BadInput([Problem("file", f"is {len(data):,} bytes long; the limit is {MAX_BYTES:,}. Split it in parts")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput([Problem(f"byte {error.start}", "is not UTF-8")]) from error
    raw, places = _raw(text)
    if len(raw) > MAX_INTERVIEWS:
        raise BadInput([Problem("file", f"holds {len(raw):,} interviews; the limit is {MAX_INTERVIEWS:,}")])
    interviews, problems, notes = [], [], []
    for value, place in zip(raw, places, strict=True):
        try:
            interview = Interview.model_validate(value)
        except ValidationError as error:
            problems += [
                Problem(_path(place, wrong["loc"]), _told(wrong["msg"]))
                for wrong in error.errors(include_url=False, include_context=False)
                if wrong["type"] != "too_short" or not wrong["input"]  # else its items say what is wrong
            ]
            continue
        interviews.append(interview)
        notes += [Problem(path, "is not a key that is known; it was left out") for path in _unknown(interview, place)]
    if problems:
        raise BadInput(problems)
    return Reading(tuple(interviews), tuple(places), tuple(notes))


def _raw(text: str) -> tuple[list[Any], list[str]]:
    """The interviews as parsed JSON, and where each stands."""
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise BadInput([Problem("file", "is nested too deeply")]) from error
    except ValueError as error:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for _, line in lines):
            raise BadInput([Problem("file", f"is not JSON: {error}")]) from error
        return [_line(number, line) for number, line in lines], [f"line {number}" for number, _ in lines]
    if isinstance(whole, dict) and "interviews" in whole:
        return _of_document(whole)
    if isinstance(whole, list):
        return whole, [f"[{index}]" for index in range(len(whole))]
    return [whole], [""]


def _of_document(whole: dict[str, Any]) -> tuple[list[Any], list[str]]:
    stated = whole.get("format", FORMAT)
    if stated != FORMAT:
        raise BadInput([Problem("format", f"is {stated!r}; this version reads {FORMAT!r}")])
    interviews = whole["interviews"]
    if not isinstance(interviews, list):
        raise BadInput([Problem("interviews", "should be a list")])
    return interviews, [f"interviews[{index}]" for index in range(len(interviews))]


def _line(number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput([Problem(f"line {number}", f"is not JSON: {error}")]) from error


def _path(place: str, loc: tuple[int | str, ...]) -> str:
    path = place
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f"{_joint(path)}{part}"
    return path or "file"


def _joint(path: str) -> str:
    if not path:
        return ""
    return ", " if path.startswith("line ") and path[5:].isdecimal() else "."


def _told(message: str) -> str:
    """Pydantic's words as ours: they begin small, as every problem does."""
    return message[:1].lower() + message[1:]


def _unknown(part: BaseModel, place: str) -> Iterator[str]:
    """Where keys stand that no model knows."""
    for name in part.model_extra or ():
        yield _path(place, (name,))
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            yield from _unknown(value, _path(place, (name,)))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _unknown(item, _path(place, (name, index)))
