"""What may be asked and what may not, rule by rule, and how well the lint tells: by questions judged by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer.cli.flows import app as cli
from interviewer.flows import claims, lint, misfit, tokens, words
from interviewer.flows.model import Flow
from interviewer.flows.moves import Ask, Close, CloseReason, Move, OneMore, Probe, Reply, ReplyTo
from interviewer.transcript import AnswerKind, Assessment, Transcript
from tests.core import questions
from tests.core.talk import FLOWS, LOSS, SOURCES, answered, asked, started

PROBE = Probe("decision", "where", "better product")
ANSWER = "Their better product won, and Brightline was 30% cheaper. Jonas liked the reports and the exports."


def after(answer: str = ANSWER, language: str = "en") -> Transcript:
    transcript = asked(started(language), LOSS, Ask("decision"))
    return answered(transcript, answer, Assessment(AnswerKind.VAGUE, hook="better product"))


FINE = [
    ("Where did that show?", PROBE),
    ("You wrote “better product”. Where did that show?", PROBE),
    ("You said Brightline was cheaper. When did that start to matter?", PROBE),
    ("You mentioned the reports and the exports. Who looked at them first?", PROBE),
    ("How did the 30% come up?", PROBE),
    ("At what moment did Jonas see it?", PROBE),
    ("Understood. What nearly made you stay with Brightline?", Ask("almost")),
    ("When the choice was made, who had the last word?", PROBE),
    ("What do you tell a colleague who looks at Tidewater Flow?", Ask("peer")),
    ("What would you tell a colleague who looks at Tidewater Flow?", Ask("peer")),
    ("What stood between you and a yes?", PROBE),
    ("What was it about the reports and the exports?", PROBE),
    ("Thank you, that was the last question.", Close(CloseReason.DONE)),
    ("I only ask the questions.", Reply(ReplyTo.PRODUCT, "decision")),
]

BROKEN = [
    ("", PROBE, "empty"),
    ("That is clear.", PROBE, "one_question"),
    ("Where did that show? When was it?", PROBE, "one_question"),
    ("Any more questions?", Close(CloseReason.DONE), "one_question"),
    ("I only ask. What was it?", Reply(ReplyTo.PRODUCT, "decision"), "one_question"),
    ("Did that show in the trial?", PROBE, "open"),
    ("Was it the product?", PROBE, "open"),
    ("After the meeting, did that change?", PROBE, "open"),
    ("The better product?", PROBE, "open"),
    ("What " + "very " * 30 + "thing was it?", PROBE, "length"),
    ("Well then. " * 25 + "What was it?", PROBE, "length"),
    ("What was it? See https://example.org", PROBE, "markup"),
    ("**What** was it?", PROBE, "markup"),
    ("What was it? 🙂", PROBE, "markup"),
    ("What was behind {hook}?", PROBE, "markup"),
    ("Why didn't you choose us?", PROBE, "leading"),
    ("How good was their product?", PROBE, "leading"),
    ("What made it so obviously better, surely the reports?", PROBE, "leading"),
    ("What did you like, and why did it matter?", PROBE, "double_barrelled"),
    ("What did you like and dislike?", PROBE, "double_barrelled"),
    ("Great answer. Where did that show?", PROBE, "praise"),
    ("Thanks for sharing. Where did that show?", PROBE, "praise"),
    ("We have since fixed that. Where did it show?", PROBE, "pitch"),
    ("I will make sure the team hears. Where did it show?", PROBE, "pitch"),
    ("In fact it can do that. Where did it show?", PROBE, "pitch"),
    ("What would you have done at a lower figure?", PROBE, "hypothetical"),
    ("What if it had been there?", PROBE, "hypothetical"),
    ("Which was it, the product or the way it was sold?", PROBE, "option_list"),
    ("What was it, for example the reports?", PROBE, "option_list"),
    ("I'm sorry to hear that. Where did it show?", PROBE, "feelings"),
    ("That must have been hard. Where did it show?", PROBE, "feelings"),
    ("You wrote “no mobile app”. When did that show?", PROBE, "invented_callback"),
    ("You mentioned the onboarding. Who looked at it?", PROBE, "invented_callback"),
    ("What did Shiftwell show you?", PROBE, "unsaid_name"),
    ("How did 40 people use it?", PROBE, "unsaid_name"),
    ("How did security weigh in?", PROBE, "unsaid_reason"),
    ("Who talked about the onboarding first?", PROBE, "unsaid_reason"),
    ("How did the mobile app come up?", PROBE, "unsaid_feature"),
    ("What tipped it in the end?", PROBE, "repeat"),
    ("Wo hat sich das gezeigt?", PROBE, "wrong_language"),
]

ELSEWHERE = {"misfit"}
"""Tried in `test_misfit.py`: each case needs an answer of its own."""


@pytest.mark.parametrize(("text", "move"), FINE)
def test_fine(text: str, move: Move) -> None:
    assert lint.check(text, move, LOSS, after()) == ()


@pytest.mark.parametrize(("text", "move", "rule"), BROKEN)
def test_broken(text: str, move: Move, rule: str) -> None:
    assert rule in lint.check(text, move, LOSS, after())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Hat sich das im Test gezeigt?", "open"),
        ("Wie gut war deren Produkt?", "leading"),
        ("Was hat Ihnen gefallen und was nicht?", "double_barrelled"),
        ("Sehr interessant. Wo hat sich das gezeigt?", "praise"),
        ("Wir bieten das inzwischen an. Wo hat es gefehlt?", "pitch"),
        ("Was hätten Sie sonst getan?", "hypothetical"),
        ("Was war es, der Preis oder das Produkt?", "option_list"),
        ("Das tut mir leid. Wo hat sich das gezeigt?", "feelings"),
        ("Sie schreiben „keine App“. Wo hat sich das gezeigt?", "invented_callback"),
        ("Sie erwähnten die Schulung. Wer war dabei?", "invented_callback"),
    ],
)
def test_german_rules(text: str, rule: str) -> None:
    transcript = after("Das Produkt war besser", "de")
    assert rule in lint.check(text, PROBE, LOSS, transcript)
    assert lint.check("Sie schreiben „besser“. Wo hat sich das gezeigt?", PROBE, LOSS, transcript) == ()


def test_every_rule_is_tried_and_described() -> None:
    assert {rule for *_, rule in BROKEN} | ELSEWHERE == set(lint.RULES)


def test_every_rule_is_in_the_handbook() -> None:
    handbook = (Path(__file__).parents[2] / "docs/flows.md").read_text(encoding="utf-8")
    assert [rule for rule in lint.RULES if f"| `{rule}` |" not in handbook] == []


def test_other_languages_get_the_rules_that_need_no_words() -> None:
    transcript = after("era troppo caro", "it")
    assert lint.check("Dove si è visto?", PROBE, LOSS, transcript) == ()
    assert lint.check("Dove? Quando?", PROBE, LOSS, transcript) == ("one_question",)
    assert lint.check("Lei scrive « troppo lento ». Dove?", PROBE, LOSS, transcript) == ("invented_callback",)


def test_one_more_may_ask_again_what_was_asked() -> None:
    assert lint.check("One more. What tipped it in the end?", OneMore("decision"), LOSS, after()) == ()


# Judged by hand

FALSE_ALARMS = 0.02


TALKS = {
    "en": (LOSS, ("trigger", "alternatives", "decision"), questions.ENGLISH, "better product"),
    "de": (LOSS, ("trigger", "alternatives", "decision"), questions.GERMAN, ""),
    "churn": (FLOWS.get("churn"), ("trigger", "alternatives", "almost"), questions.CHURN, "the payroll sync"),
}


def judged(talk: str, texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What the lint says of each question, put as a probe on the last answer of this conversation."""
    flow, topics, exchanges, hook = TALKS[talk]
    transcript = started("de" if talk == "de" else "en")
    for topic, (question, answer) in zip(topics, exchanges, strict=True):
        told = Assessment(AnswerKind.VAGUE, hook=hook if hook in answer else "")
        transcript = answered(asked(transcript, flow, Ask(topic), question), answer, told)
    move = Probe(topics[-1], flow.topic(topics[-1]).probes[0].id, hook)
    return {text: lint.check(text, move, flow, transcript) for text in texts}


@pytest.mark.parametrize("talk", TALKS)
def test_good_questions_pass(talk: str) -> None:
    alarms = {text: rules for text, rules in judged(talk, questions.GOOD[talk]).items() if rules}
    assert len(alarms) <= FALSE_ALARMS * len(questions.GOOD[talk]), alarms


@pytest.mark.parametrize("talk", TALKS)
def test_bad_questions_are_caught_by_the_right_rule(talk: str) -> None:
    missed = {
        text: (rule, verdict)
        for rule, texts in questions.BAD[talk].items()
        for text, verdict in judged(talk, texts).items()
        if rule not in verdict
    }
    assert missed == {}


def test_the_judged_set_is_as_large_as_promised() -> None:
    sizes = {
        language: len(good) + sum(map(len, questions.BAD[language].values()))
        for language, good in questions.GOOD.items()
    }
    assert sizes["en"] >= 120 and sizes["de"] >= 20
    assert questions.BAD["en"].keys() | ELSEWHERE == lint.RULES.keys()


# The flows' own words


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("flow", tuple(FLOWS), ids=lambda flow: flow.id)
def test_no_two_questions_of_a_flow_are_one(flow: Flow, language: str) -> None:
    assert lint.alike(flow, language) == ()


def test_the_check_of_flows_tells_what_is_worth_a_look(tmp_path: Path) -> None:
    source = SOURCES["loss.toml"]
    tipped = "What tipped it in the end?"
    twice = source.replace("When did you know which way it would go?", "What tipped the decision in the end?")
    assert twice.count("in the end?") > source.count("in the end?")
    file = tmp_path / "mine.toml"
    file.write_text(twice.replace('told_by = "reason"', 'told_by = "reason"\napproved = ["leading"]'), encoding="utf-8")
    told = CliRunner().invoke(cli, ["check", str(file)])
    assert told.exit_code == 0, told.output
    assert "mine.toml: flow 'loss'" in told.output
    assert "loss: decision overrules leading" in told.output
    assert f"nearly the same in 'en': “{tipped}” and “What tipped the decision in the end?”" in told.output


# Asked again in other words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("What tipped it in the end?", "What tipped the decision in the end?", True),
        ("How did that come about?", "How did it come about?", True),
        ("When did you first notice the slow import?", "When was the slow import first noticed?", True),
        ("You wrote “price”. What was behind that?", "You wrote “speed”. What was behind that?", True),
        ("When did you see that?", "Where did you see that?", False),
        ("What happened next?", "What happened in the weeks just before?", False),
        ("What made Brightline a serious option?", "What made Shiftwell a serious option?", False),
        ("When did you first notice the slow import?", "Who first noticed the slow import?", False),
        ("What did that look like in practice?", "What did that look like the last time?", False),
        ("What tipped it in the end?", "How was the decision made?", False),
    ],
)
def test_a_paraphrase_is_told_from_another_question(one: str, other: str, same: bool) -> None:
    assert lint.repeats(one, other, "en") is same
    assert lint.repeats(other, one, "en") is same


# Languages


def test_who_changed_language_is_answered_in_either() -> None:
    transcript = after()
    assert "wrong_language" in lint.check("Wo hat sich das gezeigt?", PROBE, LOSS, transcript)
    switched = asked(transcript, LOSS, Ask("almost"))
    switched = answered(switched, "Das war vor allem der Preis, und dann kam der Berater nie zurück")
    assert lint.check("Wann kam der Preis auf?", PROBE, LOSS, switched) == ()
    assert lint.check("Where did that show?", PROBE, LOSS, switched) == ()
    assert "leading" in lint.check("Wie gut war der Preis?", PROBE, LOSS, switched), "by the rules of that language"


def test_where_a_flow_has_no_words_english_will_do() -> None:
    transcript = after("era troppo caro", "it")
    assert lint.check("Dove si è visto?", PROBE, LOSS, transcript) == ()
    assert lint.check("Where did you see that?", PROBE, LOSS, transcript) == ()
    assert lint.check("Wo haben Sie das gesehen?", PROBE, LOSS, transcript)[0] == "wrong_language"


def test_a_flow_says_nothing_in_the_wrong_language() -> None:
    assert lint.check_wording("Wo hat sich das gezeigt?", "en") == ("wrong_language", "open")
    assert lint.check_wording("Wo hat sich das gezeigt?", "de") == ()


# What a person overruled


def test_an_overrule_holds_for_these_words_of_this_topic_and_for_that_rule() -> None:
    leading = "How good was the import of {product}?"
    topics = [
        replace_topic(topic, leading) if topic["id"] == "almost" else topic for topic in LOSS.model_dump()["topics"]
    ]
    flow = Flow.model_validate({**LOSS.model_dump(), "topics": topics})
    said = leading.replace("{product}", "Tidewater Flow")
    assert lint.check(said, Ask("almost"), flow, started()) == ()
    assert lint.check(said, Ask("decision"), flow, started()) != ()
    assert lint.check(f"Great. {said}", Ask("almost"), flow, started()) == ("praise",)
    assert "leading" in lint.check("How good was that?", Ask("almost"), flow, started())


def replace_topic(topic: dict[str, object], wording: str) -> dict[str, object]:
    return {**topic, "wording": {"en": wording}, "approved": ("leading",)}


def test_what_is_far_too_long_is_told_just_that() -> None:
    long = "Why didn't you choose us? " * 1_500
    assert lint.check(long, PROBE, LOSS, after()) == ("length",)
    assert lint.check("x" * 40_000 + "?", PROBE, LOSS, after()) == ("length",)


@pytest.mark.parametrize("text", ["a. ", "Brightline “that”. "])
def test_a_long_answer_is_folded_and_stemmed_a_few_times_at_most(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each sentence or quotation of the message."""
    heard = after("It was the price of that, Brightline. " * 100)
    read: list[int] = []
    size = len(heard.answers[-1].text)

    def counted(text: str) -> tuple[tokens.Token, ...]:
        read.append(len(text))
        return as_before(text)

    as_before = tokens.tokens
    for module in (claims, lint, misfit, tokens, words):
        monkeypatch.setattr(module, "tokens", counted)

    def times(repeated: int) -> int:
        read.clear()
        lint.check(text * repeated + "Where did that show?", PROBE, LOSS, heard)
        return sum(length >= size for length in read)

    assert times(30) == times(3) <= 12


def test_removed_answers_were_not_said() -> None:
    transcript = after()
    removed = replace(transcript, turns=tuple(replace(turn, removed=True) for turn in transcript.turns))
    assert "unsaid_name" in lint.check("What did Jonas see?", PROBE, LOSS, removed)
