"""An answer to the question before: names that come one question late, "and also …", "I forgot to say …"."""

from __future__ import annotations

from interviewer.flows.model import Flow, Topic
from interviewer.flows.tokens import tokens
from interviewer.flows.words import Lexicon
from interviewer.transcript import Transcript

SIGNAL = "belated"
"""Of an answer that tells of the question before, so that the one at hand is still open."""


def topic_before(flow: Flow, transcript: Transcript, here: Topic | None) -> Topic | None:
    """The topic asked just before `here`, where `here` has had no question but its own so far."""
    if here is None or not here.core:
        return None
    on_here = [turn.move for turn in transcript.questions if turn.topic == here.id]
    if len(on_here) != 1 or not on_here[0].startswith("ask:"):
        return None
    asked = [turn.topic for turn in transcript.questions if turn.topic not in ("", here.id)]
    return next((topic for topic in flow.core if asked and topic.id == asked[-1]), None)


def addition(text: str, lexicon: Lexicon) -> str:
    """What is added to an earlier answer, without the words that announce it; "" where nothing announces it."""
    found, expression = tokens(text), lexicon.anywhere.get("belated")
    match = expression.match(text, found[0].start) if expression and found else None
    return text[match.end() :].strip(" ,:;.-") if match else ""
