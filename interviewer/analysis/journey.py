"""What an answer to each question is, by flow: the theme that it carries for having been asked, and how it is told.

The five core topics keep their ids in every flow, but a customer of three months is asked other things under them than
a buyer who left. An organisation's own flow is read as the default.
"""

from dataclasses import dataclass

from interviewer.analysis.codebook import Polarity, Theme


@dataclass(frozen=True)
class Stage:
    """One core topic of a flow."""

    topic: str
    lead: str
    """How a summary leads over to the buyer's words."""
    theme: Theme


@dataclass(frozen=True)
class Branch:
    """A probe that seeks something else than its topic asks for: the other side, a remedy, the time before."""

    lead: str = ""
    """How a summary leads over to the answer; empty where it tells it only by the words' own themes."""
    theme: Theme | None = None
    polarity: Polarity = Polarity.NEUTRAL
    at_last: bool = False
    """Whether the answer comes to it at its end, after what there was before."""


_DEFAULT = (
    Stage("trigger", "What started the search", Theme.TRIGGER),
    Stage("alternatives", "Also on the list", Theme.COMPETITOR_MENTION),
    Stage("almost", "What nearly changed the outcome", Theme.DECISION_FACTOR),
    Stage("decision", "What tipped it", Theme.DECISION_FACTOR),
    Stage("peer", "To a colleague", Theme.PEER_RECOMMENDATION),
)
_JOURNEYS = {
    "no_decision": (
        Stage("trigger", "What started the search", Theme.TRIGGER),
        Stage("alternatives", "Also considered", Theme.COMPETITOR_MENTION),
        Stage("almost", "What nearly got it bought", Theme.DECISION_FACTOR),
        Stage("decision", "What settled it", Theme.DECISION_FACTOR),
        Stage("peer", "To a colleague", Theme.PEER_RECOMMENDATION),
    ),
    "churn": (
        Stage("trigger", "What had changed", Theme.TRIGGER),
        Stage("alternatives", "In its place", Theme.COMPETITOR_MENTION),
        Stage("almost", "What nearly made them stay", Theme.DECISION_FACTOR),
        Stage("decision", "What made it final", Theme.DECISION_FACTOR),
        Stage("peer", "To a colleague", Theme.PEER_RECOMMENDATION),
    ),
    "midpoint": (
        Stage("trigger", "What they expected", Theme.DECISION_FACTOR),
        Stage("alternatives", "What still happens elsewhere", Theme.FEATURE_GAP),
        Stage("almost", "What is missing", Theme.FEATURE_GAP),
        Stage("decision", "What works", Theme.PRAISE),
        Stage("peer", "To a colleague", Theme.PEER_RECOMMENDATION),
    ),
}

_ASIDE = Branch()
_AGAINST = Branch("Against it", Theme.DECISION_FACTOR, Polarity.NEGATIVE)
_PAST_IT = Branch("What got them past it", Theme.DECISION_FACTOR, Polarity.POSITIVE, at_last=True)
_BRANCHES = {
    ("trigger", "held"): _ASIDE,
    ("trigger", "set_by"): _ASIDE,
    ("alternatives", "status_quo"): _ASIDE,
    ("alternatives", "credible"): _ASIDE,
    ("alternatives", "kept"): _ASIDE,
    ("almost", "people"): _AGAINST,
    ("almost", "doubt"): Branch("In doubt", Theme.DECISION_FACTOR),
    ("almost", "resolved"): _PAST_IT,
    ("almost", "weighed"): Branch("What outweighed it", Theme.DECISION_FACTOR, Polarity.NEGATIVE),
    ("almost", "tried"): Branch("What came of it", Theme.DECISION_FACTOR),
    ("almost", "support"): Branch("What came of it"),
    ("almost", "slowed"): Branch("What came after", Theme.DECISION_FACTOR, Polarity.NEGATIVE),
    ("almost", "meantime"): Branch("Until then"),
    ("decision", "before"): _ASIDE,
    ("decision", "unsaid"): Branch("Told to no vendor", Theme.HIDDEN_CRITERION),
    ("peer", "based_on"): Branch("Behind that advice", Theme.PEER_RECOMMENDATION),
}
_BRANCHES_OF = {
    "win": {("almost", "price"): _PAST_IT},
    "churn": {("almost", "people"): Branch("Seen the other way", Theme.DECISION_FACTOR)},
}


def branch(flow: str, move: str) -> Branch | None:
    """What the answer to a move is when it does not answer its topic's own question, by the move's key."""
    kind, _, rest = move.partition(":")
    if kind != "probe":
        return None
    topic, _, probe = rest.partition(":")
    return _BRANCHES_OF.get(flow, {}).get((topic, probe)) or _BRANCHES.get((topic, probe))


def stages(flow: str) -> tuple[Stage, ...]:
    """The core topics of a flow, in the buyer's order of memory."""
    return _JOURNEYS.get(flow, _DEFAULT)


def theme_of(flow: str, topic: str) -> Theme | None:
    """What an answer on `topic` is for having been asked; None for topics beside the core."""
    return next((stage.theme for stage in stages(flow) if stage.topic == topic), None)
