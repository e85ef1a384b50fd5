"""Labelled interviews are read whole, or refused with the place of every fault."""

import re

import pytest

from interviewer import bootstrap
from interviewer.bench import labelled
from interviewer.errors import BadInput
from interviewer.flows.catalogue import Catalogue
from interviewer.transcript import Speaker

FILE = """
id = "x"
language = "en"
flow = "loss"
vendor = "Emberline"
mood = "calm"
[[turns]]
who = "interviewer"
topic = "decision"
kind = "ask"
text = "What tipped it?"
[[turns]]
who = "buyer"
text = "The price, in the end. Kilnworks took less."
[[quotes]]
turn = 2
words = "The price"
themes = ["pricing"]
polarity = "negative"
"""


@pytest.fixture(scope="module")
def flows() -> Catalogue:
    return bootstrap.read_flows(bootstrap.load_settings())


@pytest.mark.parametrize("name", labelled.SETS)
def test_every_shipped_interview_is_read(flows: Catalogue, name: str) -> None:
    found = labelled.shipped(flows, name)
    assert len({one.id for one in found}) == len(found) >= 10
    for one in found:
        said = {turn.number: turn.text for turn in one.transcript.answers}
        assert all(
            said[quote.span.turn_number][quote.span.start : quote.span.end] == quote.text for quote in one.quotes
        )


def test_an_answer_has_the_topic_of_its_question_and_is_judged(flows: Catalogue) -> None:
    (one,) = labelled.load({"x.toml": FILE}, flows)
    question, answer = one.transcript
    assert (question.speaker, question.move) == (Speaker.INTERVIEWER, "ask:decision")
    assert answer.topic == "decision"
    assert answer.assessment is not None
    assert labelled.case(one).own_names == ("Emberline",)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"The price"', '"The prices"', "x.toml: quotes.0.words"),
        ("turn = 2", "turn = 1", "x.toml: quotes.0.turn"),
        ('"loss"', '"lost"', "x.toml: flow"),
        ('"calm"', '"serene"', "x.toml: mood"),
        ("[[turns]]", "[turns", "x.toml"),
        ("[[quotes]]", '[[drivers]]\ncategory = "pricing"\ndriver = "x"\nshare = 60\n[[quotes]]', "x.toml: drivers"),
    ],
)
def test_a_fault_is_named_by_file_and_key(flows: Catalogue, old: str, new: str, where: str) -> None:
    with pytest.raises(BadInput, match=re.escape(where)):
        labelled.load({"x.toml": FILE.replace(old, new)}, flows)
