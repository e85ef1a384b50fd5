"""What may be asked and what may not, rule by rule."""

from __future__ import annotations

import pytest

from interviewer.flows import lint
from interviewer.flows.moves import Ask, Close, CloseReason, Move, OneMore, Probe, Reply, ReplyTo
from interviewer.transcript import AnswerKind, Assessment, Transcript
from tests.core.talk import LOSS, answered, asked, started

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
    ("What tipped it in the end?", PROBE, "repeat"),
]


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
    assert {rule for *_, rule in BROKEN} == set(lint.RULES)


def test_other_languages_get_the_rules_that_need_no_words() -> None:
    transcript = after("c'était trop cher", "fr")
    assert lint.check("Où cela s'est-il vu ?", PROBE, LOSS, transcript) == ()
    assert lint.check("Où ? Quand ?", PROBE, LOSS, transcript) == ("one_question",)
    assert lint.check("Vous avez écrit « trop lent ». Où ?", PROBE, LOSS, transcript) == ("invented_callback",)


def test_one_more_may_ask_again_what_was_asked() -> None:
    assert lint.check("One more. What tipped it in the end?", OneMore("decision"), LOSS, after()) == ()
