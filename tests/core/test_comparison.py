"""The CRM, the rep and the buyer side by side: only what really differs is a contradiction."""

from dataclasses import replace

import pytest

from interviewer.analysis import comparison, steps
from interviewer.analysis.case import Case
from interviewer.analysis.comparison import Logged, categories
from interviewer.bodies import Category, Competitor, CompetitorRole, Confidence, Contradiction, Driver, key
from interviewer.evidence import Claim, Span, StatementKind
from tests.core.cases import interview

SPAN = Span(2, 0, 5)
ROLE = CompetitorRole


def rival(name: str, role: CompetitorRole) -> Claim:
    body = Competitor(name, role)
    return Claim(StatementKind.COMPETITOR, "", (SPAN,), "rules", body, key(body))


def driver(category: Category, share: int, words: str = "a reason") -> Claim:
    body = Driver(category, words, share, Confidence.MEDIUM)
    return Claim(StatementKind.DRIVER, "", (SPAN,), "rules", body, key(body))


SAID = (
    rival("Shiftwell", ROLE.PRIMARY),
    rival("spreadsheet", ROLE.INCUMBENT),
    rival("Shiftwell", ROLE.SELECTED),
    driver(Category.PRODUCT, 75, "no offline mode"),
    driver(Category.PRICING, 25),
)


def compared(logged: Logged, said: tuple[Claim, ...] = SAID, flow: str = "loss") -> set[tuple[str, str]]:
    case = Case(flow, interview(("decision", "It was so.")), claims=said, logged=logged)
    found = comparison.by_rules(case).claims
    assert all(claim.spans and claim.text for claim in found)
    return {(claim.body.field, claim.body.source) for claim in found if isinstance(claim.body, Contradiction)}


@pytest.mark.parametrize(
    ("logged", "contradictions"),
    [
        (Logged(), set()),
        (Logged(primary_competitor="Shiftwell Inc", selected_competitor="shiftwell"), set()),
        (Logged(primary_competitor="Shiftwel"), set()),
        (Logged(primary_competitor="Acme"), {("primary_competitor", "crm")}),
        (Logged(rep_competitor="Acme"), {("primary_competitor", "rep")}),
        (Logged(incumbent="Excel"), set()),
        (Logged(incumbent="paper"), {("incumbent", "crm")}),
        (Logged(primary_competitor="unknown", incumbent="n/a"), set()),
        (Logged(selected_competitor="in-house build"), {("selected_competitor", "crm")}),
        (Logged(reason_category="product"), set()),
        (Logged(reason_category="pricing"), set()),
        (Logged(reason_category="timing", reason_driver="project postponed"), {("reason", "crm")}),
        (Logged(rep_reason="lost to competitor"), set()),
        (Logged(rep_reason="They postponed the project to next year"), {("reason", "rep")}),
        (Logged(reason_category="implementation", reason_driver="offline mode"), set()),
    ],
)
def test_contradictions(logged: Logged, contradictions: set[tuple[str, str]]) -> None:
    assert compared(logged) == contradictions


def test_what_the_buyer_would_not_say_contradicts_nothing() -> None:
    assert compared(Logged(primary_competitor="Acme"), (rival("unknown", ROLE.PRIMARY),)) == set()


def test_nothing_logged_nothing_compared() -> None:
    assert comparison.by_rules(Case("loss", interview(("decision", "It was so.")), claims=SAID)).claims == ()


def test_the_vendor_won() -> None:
    assert compared(Logged(selected_competitor="Tidewater"), flow="win") == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Price. They went with a cheaper tool", {Category.PRICING}),
        ("lost to competitor", set()),
        ("Product gap: payroll integration was not ready", {Category.PRODUCT}),
        ("No decision. IT put a hold on new purchases", {Category.TIMING}),
        ("Great relationship, won on trust", {Category.RELATIONSHIP}),
        ("Could not bring over the archive", {Category.IMPLEMENTATION}),
        ("pricing", {Category.PRICING}),
        ("", set()),
    ],
)
def test_reasons_in_prose(text: str, found: set[Category]) -> None:
    assert categories(text) == found


def test_what_both_sources_say_is_one_line() -> None:
    reason = Logged(reason_category="timing", rep_reason="They postponed it")
    logged = replace(reason, primary_competitor="Acme", rep_competitor="Acme")
    assert compared(logged) == {("reason", "both"), ("primary_competitor", "both")}


def test_a_denial_contradicts_even_where_the_drivers_agree() -> None:
    said = (driver(Category.PRICING, 100),)
    turns = interview(("decision", "Price was never the issue. It was something else."))
    case = Case("loss", turns, claims=said, logged=Logged(reason_category="pricing"))
    (found,) = comparison.by_rules(case).claims
    assert found.text == "The CRM has pricing as the reason; the buyer says that it was not."
    assert [turns.turns[span.turn_number - 1].text[span.start : span.end] for span in found.spans] == [
        "Price was never the issue"
    ]


def test_what_people_turned_down_is_not_worked_out_again() -> None:
    turns = interview(("alternatives", "you and Acme"), ("decision", "It kept crashing, we chose Acme."))
    assert comparison.by_rules(Case("loss", turns, logged=Logged(primary_competitor="Zed"))).claims == ()


def test_nobody_is_contradicted_on_the_closest_of_those_that_were_only_named() -> None:
    turns = interview(("alternatives", "You, Acme and Rotahub"), ("decision", "price"))

    def fields(logged: Logged) -> set[str]:
        claims = steps.in_memory(Case("loss", turns, logged=logged))[1]
        return {claim.body.field for claim in claims if isinstance(claim.body, Contradiction)}

    assert fields(Logged(primary_competitor="Rotahub", selected_competitor="Rotahub")) == set()
    assert fields(Logged(primary_competitor="Zed")) == {"primary_competitor"}


def test_what_was_logged_and_disowned() -> None:
    turns = interview(("decision", "Not the AI stuff. A guest clicks one link."))
    logged = Logged(reason_category="product", reason_driver="AI clean-up")
    (found,) = comparison.by_rules(Case("win", turns, claims=SAID, logged=logged)).claims
    assert isinstance(found.body, Contradiction) and found.body.field == "reason"
