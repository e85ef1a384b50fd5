"""What a follow-up may pick up of the buyer's words, and what makes nonsense of it."""

from __future__ import annotations

import pytest

from interviewer.flows import lint
from interviewer.flows.moves import Ask, Probe
from interviewer.transcript import AnswerKind, Assessment, Transcript
from tests.core.talk import LOSS, answered, asked, started

CREDIBLE = "What made {} a serious option?"


def verdict(topic: str, probe: str, text: str, *said: str, hook: str = "", language: str = "en") -> bool:
    """Whether the question is a misfit after these answers, the last of them read with this hook."""
    transcript: Transcript = started(language)
    for number, answer in enumerate(said, start=1):
        told = Assessment(AnswerKind.VAGUE, hook=hook) if hook and number == len(said) else None
        transcript = answered(asked(transcript, LOSS, Ask(topic)), answer, told)
    return "misfit" in lint.check(text, Probe(topic, probe, hook), LOSS, transcript)


@pytest.mark.parametrize(
    ("answer", "hook", "picked"),
    [
        ("no idea", "", "no idea"),
        ("No idea, ask procurement", "No idea", "no idea"),
        ("40 trucks", "40 trucks", "40 trucks"),
        ("We run 40 trucks.", "40 trucks", "“40 trucks”"),
        ("we have three warehouses, forty people", "forty people", "forty people"),
    ],
)
def test_an_option_is_neither_a_shrug_nor_a_number(answer: str, hook: str, picked: str) -> None:
    assert verdict("alternatives", "credible", CREDIBLE.format(picked), answer, hook=hook)


@pytest.mark.parametrize(
    ("answer", "hook", "picked"),
    [
        ("Brightline", "Brightline", "Brightline"),
        ("3 Men Moving", "3 Men Moving", "3 Men Moving"),
        ("the spreadsheet, 40 rows of it", "the spreadsheet", "the spreadsheet"),
        ("Brightline. We run 40 trucks.", "Brightline", "Brightline"),
        ("Nothing Phone and Shiftwell", "Shiftwell", "Shiftwell"),
    ],
)
def test_names_may_be_picked_up(answer: str, hook: str, picked: str) -> None:
    assert not verdict("alternatives", "credible", CREDIBLE.format(picked), answer, hook=hook)


def test_figures_are_news_where_no_name_belongs() -> None:
    assert not verdict("decision", "price", "You wrote “40% more”. When did that start to matter?", "40% more.")


@pytest.mark.parametrize(
    "answer",
    [
        "what do you mean by that?",
        "are you a bot?",
        "I want to stop now",
        "can I talk to a real person",
        "driving, later",
    ],
)
def test_wishes_and_questions_are_not_quoted(answer: str) -> None:
    assert verdict("decision", "where", f"You wrote “{answer}”. Where did that show?", answer)


def test_a_wish_of_an_earlier_answer_is_one_still() -> None:
    said = ("can I talk to a real person", "The import took nine days.")
    assert verdict("decision", "where", "You wrote “talk to a real person”. Where did that show?", *said)
    assert not verdict("decision", "where", "You wrote “took nine days”. Where did that show?", *said)


def test_what_was_told_beside_a_wish_may_be_quoted() -> None:
    answer = "The import took nine days and finance had to type invoices by hand. Can I talk to a real person?"
    assert not verdict("decision", "where", "You wrote “took nine days”. Where did that show?", answer)
    assert verdict("decision", "where", "You wrote “talk to a real person”. Where did that show?", answer)


def test_it_holds_in_other_languages() -> None:
    assert verdict(
        "decision", "where", "Sie schreiben „keine Ahnung“. Wo hat sich das gezeigt?", "keine Ahnung", language="de"
    )
    assert not verdict(
        "decision", "where", "Sie schreiben „der Import“. Wo hat sich das gezeigt?", "der Import", language="de"
    )


def test_only_follow_ups_pick_something_up() -> None:
    transcript = answered(asked(started(), LOSS, Ask("alternatives")), "no idea")
    assert "misfit" not in lint.check("No idea is fine. What tipped it?", Ask("decision"), LOSS, transcript)
