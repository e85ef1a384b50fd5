"""The fixed vocabulary of tags (domain.md, "What an interview becomes"). Ids are permanent: rows and reports use them.

Pure data: the steps tag with it, the prompts print it, and the desk takes labels and tints from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Theme(StrEnum):
    TRIGGER = "trigger"
    DECISION_FACTOR = "decision_factor"
    HIDDEN_CRITERION = "hidden_criterion"
    COMPETITOR_MENTION = "competitor_mention"
    PRICING = "pricing"
    FEATURE_GAP = "feature_gap"
    MESSAGING_MISS = "messaging_miss"
    PROCESS_FRICTION = "process_friction"
    EXPECTATION_MISSED = "expectation_missed"
    STALLED_AT = "stalled_at"
    PRAISE = "praise"
    CRITICISM = "criticism"
    PEER_RECOMMENDATION = "peer_recommendation"
    REFERRAL_LANGUAGE = "referral_language"


class Polarity(StrEnum):
    """Towards the vendor: praise of a rival is negative."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MIXED = "mixed"
    NEUTRAL = "neutral"


class Scope(StrEnum):
    DEAL = "deal"
    """Coaching or a CRM fix for this deal."""
    STRATEGIC = "strategic"
    """May be a pattern."""


class Horizon(StrEnum):
    SHORT = "short"
    """A fix."""
    LONG = "long"
    """A change of product, price or position."""


class Tint(StrEnum):
    """Groups of themes that share a highlight. The label stands beside it, so colour never speaks alone."""

    FACTOR = "factor"
    RIVAL = "rival"
    PRICE = "price"
    GAP = "gap"
    PEER = "peer"


@dataclass(frozen=True)
class Entry:
    """What a theme means, and what a tag with it usually calls for: scope, and horizon where there is one to fix."""

    label: str
    meaning: str
    tint: Tint
    scope: Scope
    horizon: Horizon | None = None


CODEBOOK: Mapping[Theme, Entry] = MappingProxyType(
    {
        Theme.TRIGGER: Entry("trigger", "The event that made them start looking.", Tint.FACTOR, Scope.STRATEGIC),
        Theme.DECISION_FACTOR: Entry(
            "decision factor", "A reason that moved the decision, either way.", Tint.FACTOR, Scope.STRATEGIC
        ),
        Theme.HIDDEN_CRITERION: Entry(
            "hidden criterion",
            "What counted inside the buyer's company and was not told to vendors: sign-off, risk, politics.",
            Tint.FACTOR,
            Scope.DEAL,
        ),
        Theme.COMPETITOR_MENTION: Entry(
            "competitor",
            "Another option by name or kind: a vendor, the incumbent, an in-house build, a spreadsheet, nothing.",
            Tint.RIVAL,
            Scope.STRATEGIC,
        ),
        Theme.PRICING: Entry(
            "pricing",
            "The price, how it is built, or what it was worth to them.",
            Tint.PRICE,
            Scope.STRATEGIC,
            Horizon.LONG,
        ),
        Theme.FEATURE_GAP: Entry(
            "feature gap",
            "Something the product cannot do, or was believed not to.",
            Tint.GAP,
            Scope.STRATEGIC,
            Horizon.LONG,
        ),
        Theme.MESSAGING_MISS: Entry(
            "messaging miss",
            "The website, the deck or the pitch left unclear or wrong what the product is.",
            Tint.GAP,
            Scope.STRATEGIC,
            Horizon.SHORT,
        ),
        Theme.PROCESS_FRICTION: Entry(
            "process friction",
            "Selling, contracting or supporting got in the way: slow, pushy, hard to reach.",
            Tint.GAP,
            Scope.DEAL,
            Horizon.SHORT,
        ),
        Theme.EXPECTATION_MISSED: Entry(
            "expectation missed",
            "What was promised or expected did not hold.",
            Tint.GAP,
            Scope.STRATEGIC,
            Horizon.SHORT,
        ),
        Theme.STALLED_AT: Entry(
            "stalled at", "Where the decision stood still, and why.", Tint.GAP, Scope.DEAL, Horizon.SHORT
        ),
        Theme.PRAISE: Entry(
            "praise", "Something about the vendor or its product that they liked.", Tint.FACTOR, Scope.STRATEGIC
        ),
        Theme.CRITICISM: Entry(
            "criticism",
            "Something about the vendor or its product that they disliked.",
            Tint.GAP,
            Scope.STRATEGIC,
            Horizon.SHORT,
        ),
        Theme.PEER_RECOMMENDATION: Entry(
            "peer recommendation",
            "Whether, and to whom, they would recommend it, and what to watch out for.",
            Tint.PEER,
            Scope.STRATEGIC,
        ),
        Theme.REFERRAL_LANGUAGE: Entry(
            "referral language", "Words they use for it to a colleague.", Tint.PEER, Scope.STRATEGIC
        ),
    }
)


def theme(name: str) -> Theme | None:
    """The theme with this id, or None for a word that is not in the codebook."""
    try:
        return Theme(name.strip().lower())
    except ValueError:
        return None
