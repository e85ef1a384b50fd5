"""Moves read back from their keys, and the lint's verdicts gathered into the kinds that the bench counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.bench import faults
from interviewer.bootstrap import read_flows
from interviewer.flows import lint
from interviewer.flows.moves import Ask, Close, CloseReason, Move, OneMore, Probe, Reply, ReplyTo
from interviewer.settings import Settings
from interviewer.transcript import Context, Speaker, Transcript, Turn

LOSS = read_flows(Settings()).get("loss")
BEFORE = Transcript(
    (
        Turn(1, Speaker.INTERVIEWER, "What tipped it in the end?", "decision", move="ask:decision"),
        Turn(2, Speaker.BUYER, "No idea. The migration.", "decision"),
    ),
    context=Context(vendor="Routely Inc", product="Routely"),
)


def said(text: str, move: str = "probe:decision:practice") -> Turn:
    return Turn(3, Speaker.INTERVIEWER, text, "decision", move=move)


@pytest.mark.parametrize(
    "move",
    [
        Ask("trigger"),
        Probe("almost", "doubt"),
        OneMore("decision"),
        Close(CloseReason.CAPPED),
        Reply(ReplyTo.BOT, "almost", Ask("almost")),
    ],
)
def test_a_move_is_read_back_from_its_key(move: Move) -> None:
    assert faults.move_of(said("What now?", move.key)) == move


def test_a_reply_that_waits_asks_nothing() -> None:
    turn = said("Of course, a person can take 15 minutes for you.", "reply:person:almost")
    assert faults.move_of(turn) == Reply(ReplyTo.PERSON, "almost")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How did the migration come to weigh the most?", ""),
        ("Was it the migration?", "closed"),
        ("What made it the migration, wasn't it?", "leading"),
        ("What went wrong with the migration and why did it matter?", "double_barrelled"),
        ("Great answer. What was behind the migration?", "praise"),
        ("We can fix the migration. What was behind it?", "pitch"),
        ("What did Hollis offer on the migration?", "unsaid"),
        ("What tipped it in the end?", "repeated"),
        ("You wrote “no idea”. What was behind that?", "misfit"),
        (f"What was it about the migration that {'really ' * 30}mattered?", "long"),
    ],
)
def test_words_are_judged_by_the_lint(text: str, kind: str) -> None:
    kinds = faults.kinds(faults.broken(said(text), LOSS, BEFORE))
    assert kind in kinds if kind else kinds == ()


def test_what_a_person_has_overruled_is_no_fault() -> None:
    text = "Was it the migration?"
    topics = tuple(topic.model_copy(update={"wording": {"en": text}}) for topic in LOSS.topics)
    approved = tuple(topic.model_copy(update={"approved": ("open",)}) for topic in topics)
    assert "open" in faults.broken(said(text, "ask:decision"), LOSS.model_copy(update={"topics": topics}), BEFORE)
    assert "open" not in faults.broken(said(text, "ask:decision"), LOSS.model_copy(update={"topics": approved}), BEFORE)


def test_words_of_another_language_are_not_taken_for_a_closed_question() -> None:
    question, answer = BEFORE.turns
    german = Transcript((question, replace(answer, text="Das war die Umstellung auf das neue System.")), "de")
    rules = faults.broken(said("What was it that made you look for something else that week?"), LOSS, german)
    assert rules == ("wrong_language",)
    assert not faults.is_closed(rules)


def test_every_rule_of_the_lint_is_known_or_counted_under_its_own_name() -> None:
    assert {rule for rules in faults.KINDS.values() for rule in rules} <= set(lint.RULES)
    assert faults.kinds(["markup", "open", "option_list"]) == ("markup", "closed")
