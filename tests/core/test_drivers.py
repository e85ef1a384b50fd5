"""What moved the decision: categories with whole shares, weighed by where and how a reason is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.analysis import drivers
from interviewer.analysis.case import Case
from interviewer.analysis.shares import to_hundred
from interviewer.bodies import Category, Driver
from tests.core.cases import interview


def told(flow: str, *answers: tuple[str, str]) -> list[Driver]:
    claims = drivers.by_rules(Case(flow, interview(*answers))).claims
    assert all(claim.spans for claim in claims)
    return [claim.body for claim in claims if isinstance(claim.body, Driver)]


@pytest.mark.parametrize(
    ("flow", "answers", "category"),
    [
        ("loss", [("decision", "Your sales rep rang our chief executive behind my back.")], Category.RELATIONSHIP),
        ("loss", [("decision", "It was too expensive for a team of our size.")], Category.PRICING),
        ("loss", [("decision", "You could not bring over eleven years of records.")], Category.IMPLEMENTATION),
        ("loss", [("decision", "no offline mode, the app died with no signal")], Category.PRODUCT),
        ("no_decision", [("decision", "They froze all new software until next year.")], Category.TIMING),
        ("loss", [("decision", "The new head wanted what she knew from her last place.")], Category.COMPETITIVE),
        ("win", [("decision", "We were live in a day and nobody needed training.")], Category.IMPLEMENTATION),
        (
            "churn",
            [("trigger", "Our bill went from 2100 to 5800."), ("decision", "We couldn't forecast it.")],
            Category.PRICING,
        ),
    ],
)
def test_the_weightiest_category(flow: str, answers: list[tuple[str, str]], category: Category) -> None:
    found = told(flow, *answers)
    assert found[0].category is category
    assert sum(driver.share for driver in found) == 100 and 1 <= len(found) <= drivers.MOST


@pytest.mark.parametrize(
    "denial",
    [
        "Price was not the issue.",
        "It wasn't the money.",
        "They were actually a bit dearer.",
        "We had the budget.",
        "The price was fine.",
    ],
)
def test_what_is_denied_is_no_driver(denial: str) -> None:
    found = told("loss", ("decision", f"{denial} The app kept crashing in the trial."))
    assert {driver.category for driver in found} == {Category.PRODUCT}


def test_a_label_gives_way_to_what_a_follow_up_brings_out() -> None:
    found = told("loss", ("decision", "It was cheaper, but your support never answered our tickets."))
    assert found[0].category is Category.RELATIONSHIP


def test_no_words_no_drivers() -> None:
    assert told("loss", ("trigger", "A new boss.")) == []


@given(st.lists(st.integers(min_value=0, max_value=5000), max_size=8))
def test_shares_add_up(weights: list[int]) -> None:
    shares = to_hundred(weights)
    assert len(shares) == len(weights)
    assert not weights or (sum(shares) == 100 and min(shares) >= 1)
