"""What learned weights make of the words around a mention."""

import json
import time
from importlib.resources import files

import pytest

from benchmarks import train_options
from benchmarks.learning import digest
from interviewer.analysis import candidates, mentions
from interviewer.analysis.mentions import Place

ANSWER = "In the end it was Quarrel, they had us running within the week. Before that we lived in Tallow for six years."


def place(text: str, name: str, topic: str = "decision", flow: str = "loss") -> Place:
    start = text.index(name)
    return Place(text, start, start + len(name), topic, flow)


def test_the_weights_were_learned_from_the_mentions_at_hand() -> None:
    model = json.loads((files("interviewer.analysis") / mentions.FILE).read_text("utf-8"))
    assert model["mentions"] == digest(train_options.data()), (
        "mentions or statements were changed: run python -m benchmarks.train_options"
    )


def test_words_that_no_pattern_has_tell_the_part() -> None:
    chosen = mentions.roles(place(ANSWER, "Quarrel"))
    before = mentions.roles(place(ANSWER, "Tallow", "trigger"))
    assert chosen["selected"] > 0 > chosen["incumbent"]
    assert before["incumbent"] > 0 > before["selected"]


@pytest.mark.parametrize(
    ("text", "option", "other"),
    [
        ("it was neck and neck with Cinder until Priya saw the price", "Cinder", "Priya"),
        ("Zorrel won, our people in Rotterdam insisted", "Zorrel", "Rotterdam"),
        ("Skip Canter, that is what I told our CFO", "Canter", "CFO"),
    ],
)
def test_an_option_is_told_from_people_places_and_abbreviations(text: str, option: str, other: str) -> None:
    assert mentions.is_option(place(text, option)) > 0 > mentions.is_option(place(text, other))


def test_small_words_with_a_capital_are_no_names() -> None:
    found = [ANSWER[start:end] for start, end in candidates.capitals(ANSWER)]
    assert found == ["Quarrel", "Tallow"]


def test_other_languages_hear_nothing() -> None:
    assert not mentions.roles(place(ANSWER, "Quarrel"), "de")


@pytest.mark.parametrize("text", ["X", "X" * 5000, "我 X 了", "X. " * 500, "?X?"])
def test_anything_typed_is_read(text: str) -> None:
    assert set(mentions.roles(place(text, "X"))) == {"incumbent", "selected", "closest"}
    assert isinstance(mentions.is_option(place(text, "X")), float)


def test_a_mention_takes_less_than_a_few_milliseconds() -> None:
    one = place(ANSWER, "Quarrel")
    mentions.roles(one)
    began = time.process_time()
    for _ in range(200):
        mentions.roles(one)
    assert (time.process_time() - began) / 200 < 0.003
