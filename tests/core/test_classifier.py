"""Learned weights are those of the statements at hand, cover what is asked for, and are quick to read."""

import json
import math
import time
from importlib.resources import files

import pytest

from benchmarks import train_statements
from benchmarks.learning import digest
from interviewer.analysis import classifier
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.bodies import Category

CLAUSE = "Your quote had a setup fee, a platform fee and something per seat, nobody could say what year two would cost."


def test_the_weights_were_learned_from_the_statements_at_hand() -> None:
    model = json.loads((files("interviewer.analysis") / classifier.FILE).read_text("utf-8"))
    assert model["statements"] == digest(train_statements.read()), (
        "statements were changed: run python -m benchmarks.train_statements"
    )


def test_every_class_has_a_figure() -> None:
    assert set(classifier.categories(CLAUSE)) == {*Category, None}
    assert set(classifier.polarity(CLAUSE)) == set(Polarity)
    assert set(classifier.themes(CLAUSE)) == set(Theme)
    for found in (classifier.categories(CLAUSE), classifier.polarity(CLAUSE)):
        assert math.isclose(sum(found.values()), 1.0)
    assert all(0 <= sure <= 1 for sure in classifier.themes(CLAUSE).values())


@pytest.mark.parametrize(
    ("text", "category"),
    [
        (CLAUSE, Category.PRICING),
        ("Three weeks of migration and a consultant on site before anybody could log in", Category.IMPLEMENTATION),
        ("After the merger every project was put on hold until next year", Category.TIMING),
        ("could you repeat the question please", None),
    ],
)
def test_a_plain_clause_has_its_category(text: str, category: Category | None) -> None:
    found = classifier.categories(text)
    assert max(found, key=lambda name: found[name]) == category


def words(text: str) -> set[str]:
    """Features that come from words rather than from lists."""
    return {name for name in classifier.features(text) if ":" not in name}


def test_a_contraction_a_figure_and_an_accent_are_read_as_their_plain_forms() -> None:
    assert words("It didn’t cost 300 in Málaga") == words("it did not cost 450 in Malaga")


@pytest.mark.parametrize("text", ["", "???", "我们选择了别的", "x" * 100_000])
def test_anything_typed_is_read(text: str) -> None:
    assert math.isclose(sum(classifier.categories(text).values()), 1.0)


def test_other_languages_hear_nothing() -> None:
    assert not classifier.categories(CLAUSE, "de")
    assert not classifier.themes(CLAUSE, "de")
    assert not classifier.polarity(CLAUSE, "de")


def test_a_clause_takes_about_a_millisecond() -> None:
    clauses = [f"{CLAUSE} {number}" for number in range(200)]
    classifier.categories("load the weights")
    began = time.process_time()
    for clause in clauses:
        classifier.categories(clause)
        classifier.themes(clause)
        classifier.polarity(clause)
    assert (time.process_time() - began) / len(clauses) < 0.005
