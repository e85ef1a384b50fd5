"""The headline, the answers and the drivers rest on one weighing: what was told of what tipped it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.analysis.case import Case
from interviewer.analysis.shares import STEP, in_steps
from interviewer.analysis.steps import in_memory
from interviewer.bodies import Category, Driver
from interviewer.evidence import Claim, StatementKind
from tests.core.cases import EVERY, talk


def told(case: Case) -> dict[StatementKind, list[Claim]]:
    found: dict[StatementKind, list[Claim]] = {}
    for claim in in_memory(case).claims:
        found.setdefault(claim.kind, []).append(claim)
    return found


@pytest.mark.parametrize(
    ("flow", "said", "language", "category", "driver"),
    [
        (
            "loss",
            [
                ("ask:decision", "Die Personalvertretung. Nein, der Betriebsrat."),
                ("probe:decision:feeling", "Er fragte, ob ihr unsere Fahrer überwacht. Von euch kam keine Antwort."),
            ],
            "de",
            Category.PRODUCT,
            "data protection",
        ),
        (
            "churn",
            [
                ("ask:trigger", "The login kept failing on site."),
                ("ask:decision", "Fourth account manager in two years, and each asked who we are."),
            ],
            "en",
            Category.RELATIONSHIP,
            "account management",
        ),
        (
            "loss",
            [("ask:decision", "It was the CEO in the end. You needed five months to set it up, Acme needed a week.")],
            "en",
            Category.IMPLEMENTATION,
            "speed of set-up",
        ),
    ],
)
def test_who_decided_is_no_reason_and_what_tipped_it_weighs_most(
    flow: str, said: list[tuple[str, str]], language: str, category: Category, driver: str
) -> None:
    first = told(Case(flow, talk(*said, language=language)))[StatementKind.DRIVER][0].body
    assert isinstance(first, Driver)
    assert (first.category, first.driver) == (category, driver)


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_the_headline_rests_on_the_weightiest_driver(case: Case) -> None:
    found = told(case)
    if case.flow == "midpoint" or StatementKind.DRIVER not in found:
        return
    main = max(found[StatementKind.DRIVER], key=lambda one: one.body.share if isinstance(one.body, Driver) else 0)
    (headline,) = found[StatementKind.HEADLINE]
    quotes = {mark.span for mark in in_memory(case).marks}
    cited = [span for span in quotes if any(span.overlaps(other) for other in main.spans)]
    assert not cited or set(headline.spans) <= set(cited)
    (why,) = found[StatementKind.WHY]
    assert isinstance(main.body, Driver) and main.body.driver.casefold() in why.text.casefold()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            [
                ("ask:decision", "the price"),
                ("probe:decision:price", "your support never answered, three tickets open, nobody rang us back"),
            ],
            "Asked what decided it they named price, but they spoke most of ",
        ),
        ([("ask:decision", "your support. nobody rang back, tickets open for weeks")], ""),
    ],
)
def test_where_name_and_story_differ_the_answer_says_so(answers: list[tuple[str, str]], said: str) -> None:
    (why,) = told(Case("loss", talk(*answers)))[StatementKind.WHY]
    assert said in why.text and bool(said) == ("they spoke most of" in why.text)


@given(st.lists(st.integers(min_value=0, max_value=5000), min_size=1, max_size=8))
def test_shares_are_no_finer_than_they_are_known(weights: list[int]) -> None:
    shares = in_steps(weights)
    assert sum(shares) == 100 and all(share >= STEP and share % STEP == 0 for share in shares)
    assert len(shares) == len(weights)


def test_no_weights_no_shares() -> None:
    assert in_steps([]) == ()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Rotahub charges per van and you wanted money per head", "rotahub"),
        ("seventeen of us and your chap in one room, he only spoke to the boss", "your"),
        ("three mails, asking for depot pricing, nothing", "asking"),
    ],
)
def test_a_reason_is_no_scrap_with_somebody_in_it(said: str, wrong: str) -> None:
    case = Case("loss", talk(("ask:alternatives", "you and Rotahub"), ("ask:decision", said)))
    names = [claim.body.driver for claim in told(case)[StatementKind.DRIVER] if isinstance(claim.body, Driver)]
    assert names and not any(wrong in name.split() for name in names)
