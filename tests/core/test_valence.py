"""What points which way where little is said: a topic, a wish or a cost is neither praise nor a point in favour."""

import pytest

from interviewer.analysis import drivers, tags
from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.bodies import Driver
from tests.core.cases import interview


def told(topic: str, text: str) -> dict[str, tuple[str, str]]:
    """By theme: subject and polarity."""
    marks = tags.marks(Case("loss", interview((topic, text))))
    return {tag.theme: (tag.subject, tag.polarity) for mark in marks for tag in mark.tags}


@pytest.mark.parametrize(
    "said",
    [
        "Jonas Weber from IT said the import with you would take him three weekends",
        "moving our data would have cost us two whole months",
    ],
)
def test_a_cost_in_time_is_against_the_vendor(said: str) -> None:
    found = told("almost", said)
    assert Theme.PRAISE not in found
    assert {polarity for _, polarity in found.values()} == {Polarity.NEGATIVE}


def test_what_to_do_is_advice_and_no_praise() -> None:
    assert told("peer", "do the import for people").keys() == {Theme.PEER_RECOMMENDATION}
    assert Theme.PRAISE in told("peer", "It is great and my team loves it")


def test_a_bare_noun_points_nowhere() -> None:
    assert told("almost", "price")[Theme.PRICING] == ("price", Polarity.NEUTRAL)
    assert told("almost", "your price was great")[Theme.PRICING] == ("price", Polarity.POSITIVE)
    assert told("decision", "price")[Theme.PRICING] == ("price", Polarity.NEGATIVE)


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("in March we lost two hospital contracts because runs were late", ""),
        ("your contracts are too long for us", "contract terms"),
    ],
)
def test_customers_that_were_lost_are_no_terms(said: str, subject: str) -> None:
    assert {subject} == {found for found, _ in told("trigger" if not subject else "anything_else", said).values()}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("me and our finance lead", []),
        ("your account manager", ["account management"]),
        ("our finance lead wanted a flat price", ["pricing model"]),
    ],
)
def test_who_decided_is_no_reason(said: str, found: list[str]) -> None:
    claims = drivers.by_rules(Case("loss", interview(("decision", said)))).claims
    assert [claim.body.driver for claim in claims if isinstance(claim.body, Driver)] == found
