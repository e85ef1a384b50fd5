"""What a question brings out of a buyer: tables of questions in, facts out."""

from __future__ import annotations

import pytest

from interviewer.bench.play import Asked, Player, Said, small_words
from tests.bench.cast import CAROL, JONAS

EN, DE = small_words("en"), small_words("de")


def ask(topic: str, text: str = "What happened?") -> Asked:
    return Asked(topic, text, follows_up=False)


def probe(topic: str, text: str = "What was behind that?") -> Asked:
    return Asked(topic, text, follows_up=True)


def closed(topic: str, *, leading: bool = False) -> Asked:
    return Asked(topic, "Was it the price?", follows_up=True, closed=not leading, leading=leading)


@pytest.mark.parametrize(
    ("questions", "facts"),
    [
        ([ask("trigger")], ["drivers_quit"]),
        ([ask("decision")], []),
        ([ask("decision"), probe("decision")], ["unreadable_quote"]),
        ([ask("decision"), probe("decision"), probe("decision")], ["unreadable_quote", "board_rule"]),
        ([ask("decision"), probe("decision", "Who had a say in that?")], ["unreadable_quote", "board_rule"]),
        ([ask("decision"), probe("decision", "What about your cfo?")], ["unreadable_quote", "board_rule"]),
        ([ask("decision"), probe("decision", "Whose idea was it?")], ["unreadable_quote"]),
        ([ask("decision"), closed("decision")], []),
        ([ask("decision"), closed("decision", leading=True)], []),
        ([ask("decision"), closed("decision"), probe("decision")], ["unreadable_quote"]),
        ([closed("decision"), probe("decision")], []),
        ([ask("decision"), probe("almost")], []),
        ([ask("decision"), ask("decision")], []),
    ],
)
def test_facts_come_out_by_their_depth(questions: list[Asked], facts: list[str]) -> None:
    player = Player(CAROL)
    assert [fact for asked in questions for fact in player.answer(asked).facts] == facts


def test_a_fact_comes_out_once_and_then_nothing_is_left() -> None:
    player = Player(CAROL)
    said = [player.answer(asked).text for asked in (ask("almost"), probe("almost"), probe("almost"))]
    assert said == ["The map view.", "In the demo the dispatcher moved a stop with one finger.", EN["nothing_left"]]


def test_yes_or_no_is_all_that_a_closed_question_gets() -> None:
    player = Player(CAROL)
    assert player.answer(closed("decision")).text == EN["no"]
    assert player.answer(closed("decision", leading=True)).text == EN["yes"]
    assert player.answer(ask("decision")).text == "Price, mostly."


def test_what_was_volunteered_and_is_asked_again_is_a_fault() -> None:
    player = Player(JONAS)
    player.answer(ask("trigger"))
    assert player.answer(ask("alternatives")) == Said(DE["as_i_said"], fault="asked_again")


def test_what_was_volunteered_may_be_followed_up() -> None:
    player = Player(JONAS)
    player.answer(ask("trigger"))
    assert player.answer(probe("alternatives")) == Said(DE["nothing_left"])


def test_following_up_a_refusal_is_a_fault() -> None:
    player = Player(JONAS)
    assert player.answer(ask("decision")).fault == ""
    assert player.answer(probe("decision")) == Said(DE["rather_not"], fault="pressed")


def test_putting_an_answered_question_again_is_a_fault() -> None:
    player = Player(CAROL)
    player.answer(ask("peer"))
    assert player.answer(ask("peer")) == Said(EN["as_i_said"], fault="repeated")


def test_a_message_without_a_question_is_no_follow_up() -> None:
    player = Player(CAROL)
    player.answer(ask("decision"))
    waits = Asked("decision", "Of course, a person can take 15 minutes.", follows_up=False, asks=False)
    assert player.answer(waits) == Said(EN["nothing_left"])


def test_a_moment_comes_once_before_the_first_answer() -> None:
    player = Player(JONAS)
    assert player.answer(ask("almost")) == Said("Moment, bist du ein Bot?")
    assert player.answer(ask("almost")) == Said("Der Betriebsrat.")
    assert player.answer(probe("almost")).facts == ("works_council",)


def test_a_closing_topic_without_words_of_its_own_is_declined() -> None:
    assert Player(CAROL).answer(ask("anything_else")).text.startswith("Jo was great")
    assert Player(CAROL).answer(ask("someone_else")).text == EN["nothing_more"]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "pt", "id", "it", "nl", "pl"])
def test_small_words_are_there_in_every_language(language: str) -> None:
    words = small_words(f"{language}-XX")
    assert words.keys() == EN.keys() and all(words.values())
    assert language == "en" or words != EN


def test_other_languages_fall_back_to_english() -> None:
    assert small_words("ja") == EN
