"""Conversations that people held, fitted to a flow: topics of questions and answers, and how answers read."""

import pytest

from interviewer import bootstrap
from interviewer.analysis.topics import complete
from interviewer.settings import Settings
from interviewer.transcript import AnswerKind, Assessment, Context, Speaker, Transcript, Turn

FLOWS = bootstrap.read_flows(Settings())
LOSS = FLOWS.get("loss")


def talk(*said: str, language: str = "en") -> Transcript:
    """Turns in order: what begins with "? " the interviewer says, all else the buyer."""
    turns = tuple(
        Turn(number, Speaker.INTERVIEWER if text.startswith("? ") else Speaker.BUYER, text.removeprefix("? "))
        for number, text in enumerate(said, start=1)
    )
    return Transcript(turns, language, Context("Tidewater", "Tidewater Flow", "chose another vendor"))


def topics(transcript: Transcript, flow: str = "loss") -> list[str]:
    return [turn.topic for turn in complete(transcript, FLOWS.get(flow))]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("So, take me back a bit: what kicked this off?", "trigger"),
        ("Who else did you look at?", "alternatives"),
        ("Right. Which other vendors made the short list?", "alternatives"),
        ("What nearly made you choose us?", "almost"),
        ("Where did you have doubts?", "almost"),
        ("And what tipped it in the end?", "decision"),
        ("Why did you go with them?", "decision"),
        ("What would you tell a colleague who considers us?", "peer"),
        ("Anything else I should know?", "anything_else"),
        ("Is there somebody else we should talk to?", "someone_else"),
        ("What was going on when you started looking for something like this?", "trigger"),
    ],
)
def test_a_question_tells_its_topic(question: str, topic: str) -> None:
    assert topics(talk(f"? {question}", "It went as it went")) == [topic, topic]


@pytest.mark.parametrize(
    ("language", "question", "topic"),
    [
        ("de", "Was hat am Ende den Ausschlag gegeben?", "decision"),
        ("es", "¿Qué estuvo a punto de haceros elegir otra cosa?", "almost"),
        ("fr", "Qui d'autre était sur votre liste ?", "alternatives"),
        ("pt", "O que você diria a um colega?", "peer"),
        ("id", "Apa yang akhirnya menentukan?", "decision"),
    ],
)
def test_in_other_languages_too(language: str, question: str, topic: str) -> None:
    assert topics(talk(f"? {question}", "…", language=language)) == [topic, topic]


def test_the_same_ids_ask_other_things_of_a_customer() -> None:
    asked = talk("? What did you hope for?", "speed", "? And what works well?", "search")
    assert topics(asked, "midpoint") == ["trigger", "trigger", "decision", "decision"]


def test_follow_ups_and_nods_stay_on_the_topic_and_small_talk_has_none() -> None:
    held = talk(
        "? Hi, can you hear me?",
        "yes, all fine",
        "? Great. What made you start looking?",
        "our rota person left in May",
        "? Mm-hm.",
        "and nobody could read her sheet",
        "? When was that? And who else did you look at?",
        "Shiftwell and Rotahub",
    )
    found = complete(held, LOSS)
    assert [turn.topic for turn in found] == ["", "", *["trigger"] * 4, "alternatives", "alternatives"]
    assert [turn.move for turn in found.questions] == ["", "ask:trigger", "probe:trigger", "ask:alternatives"]


def test_answers_are_judged_as_they_are_in_writing() -> None:
    held = complete(talk("? What made you start looking?", "Our rota person left in May.", "? And then?", "skip"), LOSS)
    assert [turn.assessment.kind for turn in held.answers if turn.assessment] == [
        AnswerKind.SPECIFIC,
        AnswerKind.REFUSES,
    ]


def test_a_long_answer_tells_whatever_it_begins_with() -> None:
    story = (
        "Sorry, what do you mean? Ah, right. Well, the support desk closed at six and our pools open at five, so we "
        "could never reach anybody when the rota broke, and in the trial that happened twice in one week."
    )
    (_, answer) = complete(talk("? What tipped it?", story), LOSS)
    assert answer.assessment is not None
    assert answer.assessment.kind is AnswerKind.SPECIFIC


def test_what_turns_have_is_left_alone() -> None:
    judged = Assessment(AnswerKind.VAGUE, by="model")
    turns = (
        Turn(1, Speaker.INTERVIEWER, "What tipped it?", topic="peer", move="ask:peer"),
        Turn(2, Speaker.BUYER, "Shiftwell was cheaper", topic="almost", assessment=judged),
    )
    assert complete(Transcript(turns), LOSS).turns == turns


def test_notes_without_a_question_belong_to_what_they_tell() -> None:
    note = "We started looking in March, when the old system lost two weeks of bookings and the board asked for a plan."
    (turn,) = complete(talk(note), LOSS)
    assert turn.topic == "trigger"


def test_a_flow_of_ones_own_is_told_by_its_wording() -> None:
    topic = LOSS.topics[0].model_copy(
        update={
            "id": "harbour",
            "wording": {"en": "Which harbour masters took part?"},
            "rephrased": {"en": "Who of the harbour?"},
        }
    )
    flow = LOSS.model_copy(update={"id": "ours", "topics": (topic, *LOSS.topics)})
    (asked,) = complete(talk("? And which of the harbour masters took part?"), flow)
    assert asked.topic == "harbour"
