"""A driver's confidence goes by its part of what was heard, and its name reads as one."""

import pytest

from interviewer.analysis import drivers, naming
from interviewer.analysis.case import Case
from interviewer.analysis.hearing import Hearing
from interviewer.bodies import Category, Confidence, Driver
from tests.core.cases import interview


def told(flow: str, *answers: tuple[str, str]) -> list[Driver]:
    claims = drivers.by_rules(Case(flow, interview(*answers))).claims
    return [claim.body for claim in claims if isinstance(claim.body, Driver)]


def test_one_reason_told_plainly_and_twice_is_sure() -> None:
    found = told(
        "loss",
        ("decision", "It was the price. Your quote was double the other one."),
        ("decision", "The per seat fees were too expensive for us."),
    )
    assert (found[0].category, found[0].confidence) == (Category.PRICING, Confidence.HIGH)


def test_reasons_of_about_the_same_weight_are_not() -> None:
    found = told(
        "loss",
        ("decision", "The price was too high. Nobody answered our tickets. The import of our records failed."),
    )
    assert len(found) > 1
    assert Confidence.HIGH not in {driver.confidence for driver in found}


def test_each_category_is_one_driver() -> None:
    found = told("loss", ("decision", "No offline mode, no audit log, and the app crashed twice."))
    assert [driver.category for driver in found].count(Category.PRODUCT) == 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Drag and drop for emergencies.", "drag and drop for emergencies"),
        ("it sat w 20 people for a month", ""),
        ("genuinely brilliant people", ""),
        ("the man rang twice a day", ""),
    ],
)
def test_scraps_of_a_sentence_are_no_names(said: str, name: str) -> None:
    assert naming.good(Hearing(Case("loss", interview(("decision", said)))), said) == name


def test_what_no_list_knows_is_called_by_what_its_words_mean() -> None:
    found = told("loss", ("decision", "The treasurer does not sign what renews by itself, and yours renews."))
    assert found[0].driver == "contract terms"
