"""What an answer to each question is, by flow: the theme that it carries for having been asked, and how it is told.

The five core topics keep their ids in every flow, but a customer of three months is asked other things under them than
a buyer who left. An organisation's own flow is read as the default.
"""

from dataclasses import dataclass

from interviewer.analysis.codebook import Theme


@dataclass(frozen=True)
class Stage:
    """One core topic of a flow."""

    topic: str
    lead: str
    """How a summary leads over to the buyer's words."""
    theme: Theme


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


def stages(flow: str) -> tuple[Stage, ...]:
    """The core topics of a flow, in the buyer's order of memory."""
    return _JOURNEYS.get(flow, _DEFAULT)


def theme_of(flow: str, topic: str) -> Theme | None:
    """What an answer on `topic` is for having been asked; None for topics beside the core."""
    return next((stage.theme for stage in stages(flow) if stage.topic == topic), None)
