"""An answer to the question before: names that come one question late, "and also …", "I forgot to say …"."""

from __future__ import annotations

from interviewer.flows.model import Flow, Topic
from interviewer.flows.tokens import tokens
from interviewer.flows.words import Lexicon
from interviewer.transcript import Transcript

SIGNAL = "belated"
"""Of an answer that tells of the question before, so that the one at hand is still open."""


def topic_before(flow: Flow, transcript: Transcript, here: Topic | None) -> Topic | None:
    """The topic asked just before `here`, where `here` has had no question but its own so far, be it asked again."""
    if here is None or not here.core:
        return None
    on_here = [turn.move for turn in transcript.questions if turn.topic == here.id]
    if not on_here or not all(move.startswith("ask:") for move in on_here):
        return None
    asked = [turn.topic for turn in transcript.questions if turn.topic not in ("", here.id)]
    return next((topic for topic in flow.core if asked and topic.id == asked[-1]), None)


def is_first(transcript: Transcript, here: Topic | None) -> bool:
    """Whether `here` has been asked about once so far."""
    return here is not None and sum(turn.topic == here.id for turn in transcript.questions) == 1


def addition(text: str, lexicon: Lexicon) -> str:
    """What is added to an earlier answer, without the words that announce it; "" where nothing announces it."""
    found, expression = tokens(text), lexicon.anywhere.get("belated")
    match = expression.match(text, found[0].start) if expression and found else None
    return text[match.end() :].strip(" ,:;.-") if match else ""
