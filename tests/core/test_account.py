"""Notes of a call as an account of it: question and answer by topic, timed, and what three notes follow from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.analysis.case import Case
from interviewer.analysis.steps import in_memory
from interviewer.bookings import account
from interviewer.bookings.noting import REST, rest_of
from interviewer.evidence import StatementKind
from interviewer.interchange import MAX_TEXT
from interviewer.transcript import Act, Speaker, Transcript, Turn
from tests.core.talk import CONTEXT, FLOWS, LOSS, PHRASES

BEGUN = datetime(2026, 11, 11, 9, tzinfo=UTC)
HELD = BEGUN, BEGUN + timedelta(minutes=15)
NOTES = {
    "decision": "Kestrel was already in the building. Nobody wanted to train forty guards again.",
    "almost": "- Your mobile app, honestly",
    "trigger": "Two sites lost their guard roster on one Sunday in August",
}


def told(notes: dict[str, str], said: Transcript | None = None) -> Transcript:
    said = replace(said or Transcript(), context=CONTEXT)
    return replace(said, turns=(*said.turns, *account.turns(LOSS, said, notes, PHRASES.get("en"), HELD)))


def tags_of(transcript: Transcript) -> dict[str, set[tuple[str, str]]]:
    marks = in_memory(Case("loss", transcript)).marks
    return {mark.text: {(str(tag.theme), str(tag.polarity)) for tag in mark.tags} for mark in marks}


def test_each_note_answers_its_own_question_in_the_flows_order() -> None:
    said = told(NOTES)
    assert [(turn.number, turn.move or turn.topic) for turn in said] == [
        (1, "ask:trigger"),
        (2, "trigger"),
        (3, "ask:almost"),
        (4, "almost"),
        (5, "ask:decision"),
        (6, "decision"),
    ]
    assert {turn.act for turn in said.answers} == {Act.NOTED}
    assert said.turns[3].text == "Your mobile app, honestly"
    times = [turn.at for turn in said if turn.at]
    assert times[0] == BEGUN and times == sorted(set(times)) and times[-1] < HELD[1]


def test_what_was_noted_is_read_by_what_was_asked() -> None:
    tags = tags_of(told(NOTES))
    assert ("praise", "positive") in tags["Your mobile app"]  # what came closest to choosing the vendor
    assert ("decision_factor", "negative") in tags["Nobody wanted to train forty guards again"]
    assert [text for text, found in tags.items() if ("trigger", "neutral") in found] == [NOTES["trigger"]]


def test_a_question_that_the_chat_left_open_is_not_asked_twice() -> None:
    chat = Transcript(
        (
            Turn(1, Speaker.INTERVIEWER, "What set it off?", "trigger", move="ask:trigger"),
            Turn(2, Speaker.BUYER, "A new board member.", "trigger"),
            Turn(3, Speaker.INTERVIEWER, "Who else?", "alternatives", move="ask:alternatives"),
        )
    )
    said = told({"alternatives": "Only Kestrel", "almost": "The app"}, chat)
    assert [turn.move or turn.topic for turn in said.turns[3:]] == ["alternatives", "ask:almost", "almost"]


@pytest.mark.parametrize("flow_id", FLOWS.ids)
def test_everything_else_goes_with_what_a_flow_asks_at_its_end(flow_id: str) -> None:
    assert rest_of(FLOWS.get(flow_id)) == "anything_else"


def test_everything_else_is_one_answer_wherever_it_was_typed() -> None:
    said = told({REST: "Their dog barked", "anything_else": "They merge in March"})
    assert [(turn.topic, turn.text) for turn in said.answers] == [
        ("anything_else", "They merge in March\nTheir dog barked")
    ]


def test_everything_else_of_a_flow_that_does_not_ask_for_it_stands_at_its_end() -> None:
    bare = LOSS.model_copy(update={"topics": LOSS.core})
    assert rest_of(bare) == REST
    found = account.turns(
        bare, Transcript(context=CONTEXT), {REST: "They merge", "peer": "Ask"}, PHRASES.get("en"), HELD
    )
    assert [turn.topic for turn in found if turn.act is Act.NOTED] == ["peer", "anything_else"]


def test_a_note_longer_than_an_answer_is_several() -> None:
    said = told({"trigger": "\n".join(["x" * 999] * 9) + "\n" + "y" * (MAX_TEXT + 1)})
    assert len(said.answers) > 2 and all(len(turn.text) <= MAX_TEXT for turn in said.answers)
    assert "".join(turn.text for turn in said.answers).count("y") == MAX_TEXT + 1


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("The mobile app nearly won", ["Your mobile app"]),
        ("The app nearly won", []),
        ("The union was never asked.", []),
        ("They need to be told who says so", []),
        ("We lost to Kestrel", ["Kestrel was already in the building"]),
        ("A plan for 12 May, said the board", ["My director asked for a plan by 12 May"]),
        ("Forty guards would have had to train again", ["Nobody wanted to train forty guards again"]),
        ("No switching plan for shift workers: write one", []),
        ("", []),
    ],
)
def test_a_note_after_the_call_cites_the_words_it_follows_from_or_none(note: str, words: list[str]) -> None:
    peer = "Ask who trains the night shift. My director asked for a plan by 12 May. He says to tell us"
    said = told(NOTES | {"peer": peer})
    texts = {turn.number: turn.text for turn in said}
    assert [texts[span.turn_number][span.start : span.end] for span in account.grounds(note, said)] == words


def test_noted_words_stand_in_no_quotation_marks_and_make_no_phrase() -> None:
    claims = in_memory(Case("loss", told(NOTES))).claims
    assert claims and not any("“" in claim.text for claim in claims)
    assert StatementKind.PHRASE not in {claim.kind for claim in claims}


def test_what_a_note_puts_in_quotation_marks_is_the_phrase() -> None:
    quoted = 'Not about the price: "thirty leva a month I lose in one no-show"'
    claims = in_memory(Case("loss", told(NOTES | {"decision": quoted}))).claims
    assert [claim.text for claim in claims if claim.kind is StatementKind.PHRASE] == [
        "“thirty leva a month I lose in one no-show”"
    ]


def test_what_the_buyer_typed_stays_a_quote_beside_what_was_noted() -> None:
    chat = Transcript(
        (
            Turn(1, Speaker.INTERVIEWER, "What set it off?", "trigger", move="ask:trigger"),
            Turn(2, Speaker.BUYER, "Our scheduler was one person with a ring binder, and she left.", "trigger"),
        )
    )
    claims = in_memory(Case("loss", told({"decision": NOTES["decision"]}, chat))).claims
    phrase = next(claim for claim in claims if claim.kind is StatementKind.PHRASE)
    assert {span.turn_number for span in phrase.spans} == {2} and phrase.text.startswith("“")


def test_a_word_that_opens_a_note_is_no_competitor() -> None:
    notes = {
        "trigger": "Two guards stood at the same gate",
        "alternatives": "Us and Kestrel Ops",
        "decision": "Guards would have had to use their own phones, half of the guards refused",
    }
    claims = in_memory(Case("loss", told(notes))).claims
    assert not any("Guards" in claim.text for claim in claims if claim.kind is StatementKind.COMPETITOR)


def test_a_price_that_was_no_reason_is_no_gap() -> None:
    said = told({"trigger": NOTES["trigger"], "decision": "It was never about the price"})
    assert {polarity for _, polarity in tags_of(said)["It was never about the price"]} == {"neutral"}
    assert StatementKind.GAP not in {claim.kind for claim in in_memory(Case("loss", said)).claims}
