"""What statements say as fields: drivers, competitors, contradictions (domain.md, "What an interview becomes").

A statement keeps its sentence, its quotes and one of these. Rows hold them as plain values, named by the statement's
kind: `as_values` and `from_values` go there and back.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

from interviewer.folding import fold

Code = Annotated[str, "a word of ours"]
"""Text out of a vocabulary of ours. Any other text may be a buyer's words, and is redacted like them."""


class Category(StrEnum):
    """Of a driver, and of the reason that the CRM logs."""

    PRICING = "pricing"
    PRODUCT = "product"
    IMPLEMENTATION = "implementation"
    RELATIONSHIP = "relationship"
    COMPETITIVE = "competitive"
    TIMING = "timing"


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CompetitorRole(StrEnum):
    PRIMARY = "primary"
    """The rival that was closest in the end."""
    INCUMBENT = "incumbent"
    """What they had before."""
    SELECTED = "selected"
    """What they went with, where it is not the vendor."""
    CONSIDERED = "considered"
    """Named, and none of these."""


class InsightKind(StrEnum):
    GAP = "gap"
    ADVANTAGE = "advantage"
    BUG = "bug"
    REQUESTED = "requested"


class Seen(StrEnum):
    """Where a gap showed after a loss."""

    PRODUCT = "product"
    MESSAGE = "message"
    SALES = "sales"


class Mood(StrEnum):
    CALM = "calm"
    PLEASED = "pleased"
    DISAPPOINTED = "disappointed"
    FRUSTRATED = "frustrated"
    ANGRY = "angry"
    MIXED = "mixed"
    EVASIVE = "evasive"


class Fit(StrEnum):
    """Whether a trigger is one that the team aims at."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Who acts on a finding (domain.md, "From interviews to actions")."""

    PMM = "pmm"
    PRODUCT = "product"
    SALES = "sales"
    """Sales leadership and enablement."""
    REVOPS = "revops"
    NOBODY = "nobody"
    """Filed in the library; costs nobody time."""


@dataclass(frozen=True)
class Driver:
    """What moved the decision. The shares of one interview add up to 100."""

    category: Category
    driver: str
    share: int
    confidence: Confidence
    towards: Code = ""
    """`positive` or `negative`, for the vendor."""


@dataclass(frozen=True)
class Competitor:
    """A name, or "in-house build", "spreadsheet", "paper", "nothing", "unknown"."""

    name: str
    role: CompetitorRole


@dataclass(frozen=True)
class Trigger:
    """The event that started it. `event` is an id of `analysis/events.toml`, or empty."""

    event: Code
    fits: Fit


@dataclass(frozen=True)
class Stalled:
    at: str
    """Where it stood still, in a few words ("security review")."""


@dataclass(frozen=True)
class Tone:
    mood: Mood
    turned_at: int = 0
    """Number of the buyer's turn where it turned; 0 where it did not."""


@dataclass(frozen=True)
class Insight:
    """About the product: an area and what it is about it."""

    area: str
    kind: InsightKind
    seen: Seen | None = None
    """For a gap after a loss: where it showed."""


@dataclass(frozen=True)
class Finding:
    """What somebody may have to act on. `scope` and `horizon` are words of the codebook."""

    theme: Code
    subject: str
    owner: Owner
    scope: Code
    horizon: Code = ""
    towards: Code = ""
    """The polarity of the quotes behind it."""


@dataclass(frozen=True)
class Contradiction:
    """Where the CRM or the rep, and the buyer, say different things of one field."""

    field: Code
    """`reason`, `primary_competitor`, `incumbent`, `selected_competitor`."""
    source: Code
    """`crm`, `rep`, or `both` where they say the same, or each its own, against one word of the buyer's."""
    logged: str
    buyer: str


Body = Driver | Competitor | Trigger | Stalled | Tone | Insight | Finding | Contradiction

BODIES: Mapping[str, type[Body]] = MappingProxyType(
    {
        "driver": Driver,
        "competitor": Competitor,
        "trigger": Trigger,
        "stalled": Stalled,
        "tone": Tone,
        "insight": Insight,
        "contradiction": Contradiction,
        "finding": Finding,
    }
)
"""By the kind of their statement."""

_NAMES = {made: frozenset(part.name for part in fields(made)) for made in BODIES.values()}

_ENUMS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "category": Category,
        "confidence": Confidence,
        "role": CompetitorRole,
        "fits": Fit,
        "mood": Mood,
        "seen": Seen,
        "owner": Owner,
    }
)


def key(body: Body) -> str:
    """What stays the same when a step runs again, so that a person's word on a statement holds; empty where an
    interview has one of a kind."""
    match body:
        case Driver():
            return f"{body.category}: {fold(body.driver)}"
        case Competitor():
            return f"{body.role}: {fold(body.name)}"
        case Insight():
            return f"{body.kind}: {fold(body.area)}"
        case Finding():
            return f"{body.theme}: {fold(body.subject)}"
        case Contradiction():
            source = "crm" if body.source == "both" else body.source
            return f"{body.field}: {source}: {fold(body.buyer)}"
        case Trigger() | Stalled() | Tone():
            return ""


def as_values(body: Body | None) -> dict[str, Any]:
    """Plain values for a row; empty for no body."""
    return asdict(body) if body is not None else {}


def from_values(kind: str, values: Mapping[str, Any] | None) -> Body | None:
    """The body of a statement of this kind; None where it has none. Raises ValueError for words that are not ours."""
    made = BODIES.get(kind)
    if made is None or not values:
        return None
    known = _NAMES[made]
    return made(**{name: _value(made, name, value) for name, value in values.items() if name in known})


def rewritten(kind: str, values: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The values of a body with every text changed but the words of our vocabularies, however deep it lies."""
    made = BODIES.get(kind)
    ours = {part.name for part in fields(made) if _ours(part.type)} if made else frozenset[str]()
    return {name: value if name in ours else _changed(value, change) for name, value in values.items()}


def _ours(kind: Any) -> bool:
    if kind == Code or get_origin(kind) is Literal:
        return True
    return any(isinstance(one, type) and issubclass(one, StrEnum) for one in (kind, *get_args(kind)))


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {name: _changed(part, change) for name, part in value.items()}
        case list() | tuple():
            return [_changed(part, change) for part in value]
    return value


def _value(made: type[Body], name: str, value: Any) -> Any:
    if made is Insight and name == "kind":
        return InsightKind(value)
    return _ENUMS[name](value) if name in _ENUMS and value is not None else value
