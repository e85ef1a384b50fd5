"""What statements that come in may say as fields, kind by kind: what the pages, the exports and the analysis count on.

`bodies.from_values` trusts rows that this program wrote. A file may say anything. Pure.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from interviewer import bodies
from interviewer.analysis.codebook import Horizon, Polarity, Scope, Theme
from interviewer.analysis.story import EVENTS
from interviewer.interchange import Prose


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("should not be empty")
    return text


def _event(text: str) -> str:
    if text and text not in EVENTS:
        raise ValueError(f"should be one of {', '.join(EVENTS)}, or empty")
    return text


_Said = Annotated[Prose, AfterValidator(_said)]
_Towards = Polarity | Literal[""]


class _Fields(BaseModel):
    """A null says nothing, as a field that is not there; fields that are not known are dropped."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        return {key: value for key, value in values.items() if value is not None} if type(values) is dict else values


class _Driver(_Fields):
    category: bodies.Category
    driver: _Said
    share: Annotated[int, Field(ge=0, le=100, strict=True)]
    confidence: bodies.Confidence
    towards: _Towards = ""


class _Competitor(_Fields):
    name: _Said
    role: bodies.CompetitorRole


class _Trigger(_Fields):
    event: Annotated[str, AfterValidator(_event)] = ""
    fits: bodies.Fit


class _Stalled(_Fields):
    at: _Said


class _Tone(_Fields):
    mood: bodies.Mood
    turned_at: Annotated[int, Field(ge=0, strict=True)] = 0


class _Insight(_Fields):
    area: _Said
    kind: bodies.InsightKind
    seen: bodies.Seen | None = None


class _Contradiction(_Fields):
    field: Literal["reason", "primary_competitor", "incumbent", "selected_competitor"]
    source: Literal["crm", "rep", "both"]
    logged: Prose
    buyer: Prose


class _Finding(_Fields):
    theme: Theme
    subject: Prose
    owner: bodies.Owner
    scope: Scope
    horizon: Horizon | Literal[""] = ""
    towards: _Towards = ""


FIELDS: Mapping[str, TypeAdapter[Any]] = MappingProxyType(
    {
        "driver": TypeAdapter(_Driver),
        "competitor": TypeAdapter(_Competitor),
        "trigger": TypeAdapter(_Trigger),
        "stalled": TypeAdapter(_Stalled),
        "tone": TypeAdapter(_Tone),
        "insight": TypeAdapter(_Insight),
        "contradiction": TypeAdapter(_Contradiction),
        "finding": TypeAdapter(_Finding),
    }
)
"""By the kind of their statement."""


def body(kind: str, values: Mapping[str, Any] | None) -> bodies.Body | None:
    """The body of a statement of this kind; None where it has none. Raises ValidationError."""
    if kind not in FIELDS or not values:
        return None
    return bodies.from_values(kind, FIELDS[kind].dump_python(FIELDS[kind].validate_python(dict(values)), mode="json"))


def problems(kind: str, values: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a body: the field, and what it is, with what would do."""
    try:
        body(kind, values)
    except ValidationError as error:
        told: dict[str, str] = {}
        for wrong in error.errors(include_url=False):
            told.setdefault(str(wrong["loc"][0]), _told(wrong))
        yield from told.items()


def _told(wrong: Any) -> str:
    """Pydantic's words as ours, with what stood there."""
    if wrong["type"] == "missing":
        return "is missing"
    what = wrong["msg"].removeprefix("Value error, ")
    return f"{_short(wrong['input'])}: {what[:1].lower()}{what[1:]}"


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
