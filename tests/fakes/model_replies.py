"""What a model may say of the interview of `tests/store/talks.py`: nearly right, and now and then made up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from interviewer.llm.base import Completion, Message, Prompt, T


def label(theme: str, subject: str = "", **more: str) -> dict[str, str]:
    return {"theme": theme, "subject": subject, "polarity": "negative", "scope": "deal", "horizon": "short", **more}


NOTES = {
    "surprise": {
        "text": "One call at four in the morning decided it.",
        "quotes": [{"turn": 6, "words": "They picked up at 4am"}],
    },
    "phrase": {"turn": 6, "words": "our pools open at 5 in the morning"},
    "gap": {"text": "No support when the pools open.", "quotes": [{"turn": 6, "words": "your desk  closes at six"}]},
}
TAGS = {
    "quotes": [
        {"turn": 6, "words": "“your desk closes at six”", "tags": [label("process_friction", "support hours")]},
        {"turn": 6, "words": "desk closes", "tags": [label("criticism", "Shiftwell")]},
        {"turn": 6, "words": "at six, our pools", "tags": [label("praise")]},
        {
            "turn": 6,
            "words": "they picked up at 4am",
            "tags": [label("weather"), label("decision_factor", "", polarity="?")],
        },
        {"turn": 4, "words": "you and shiftwell", "tags": [label("competitor_mention", "Shiftwell", horizon="none")]},
        {"turn": 4, "words": "we also looked at Rotahub", "tags": [label("competitor_mention", "Rotahub")]},
        {"turn": 3, "words": "And alternatives?", "tags": [label("trigger")]},
        {"turn": 99, "words": "you and Shiftwell", "tags": [label("trigger")]},
        {"turn": 2, "words": "our rota person left in may", "tags": [label("budget")]},
    ]
}
SUMMARY = {
    "headline": {"text": "Lost to support hours, not to a missing feature", "quotes": [2, 3]},
    "summary": [
        {"text": "Shiftwell was the only vendor beside the paper rota.", "quotes": [1, 1]},
        {"text": "They were 40 percent cheaper.", "quotes": [1]},
        {"text": "The buyer preferred Rotahub for its price.", "quotes": [1]},
        {"text": "What no quote carries is not said.", "quotes": []},
        {"text": "See https://evil.example for more.", "quotes": [2]},
        {"text": "The support desk was closed when the pools opened.", "quotes": [2, 17]},
    ],
}
WEIGHED = {"confidence": "high", "towards": "negative", "quotes": [2]}
COMPETITORS = {
    "competitors": [
        {"name": "shiftwell", "role": "primary", "quotes": [{"turn": 4, "words": "you and Shiftwell"}]},
        {"name": "Shiftwell", "role": "primary", "quotes": [{"turn": 4, "words": "you and Shiftwell"}]},
        {"name": "Rotahub", "role": "considered", "quotes": [{"turn": 4, "words": "you and Shiftwell"}]},
        {"name": "paper", "role": "incumbent", "quotes": [{"turn": 4, "words": "just leaving it on paper"}]},
        {"name": "paper", "role": "winner", "quotes": [{"turn": 4, "words": "just leaving it on paper"}]},
        {"name": "Shiftwell", "role": "selected", "quotes": [{"turn": 4, "words": "we went with Shiftwell"}]},
        {"name": "Tidewater", "role": "considered", "quotes": [{"turn": 4, "words": "you and Shiftwell"}]},
    ]
}
DRIVERS = {
    "drivers": [
        {"category": "weather", "driver": "rain", "share": 10, "confidence": "high", "towards": "", "quotes": [2]},
        {"category": "product", "driver": "Globex offline mode", "share": 10} | WEIGHED,
        {"category": "product", "driver": "nobody said so", "share": 10} | WEIGHED | {"quotes": [99]},
        {"category": "implementation", "driver": "support hours", "share": 60} | WEIGHED,
        {"category": "implementation", "driver": "Support  hours", "share": 5} | WEIGHED,
        {"category": "competitive", "driver": "Shiftwell picked up at 4am", "share": 20, "confidence": "sure"}
        | {"towards": "sideways", "quotes": [1, 3]},
    ]
}
INSIGHTS = {
    "insights": [
        {"area": "night support", "kind": "gap", "seen": "product", "quotes": [2]},
        {"area": "Night support", "kind": "gap", "seen": "sales", "quotes": [2]},
        {"area": "rota app", "kind": "advantage", "seen": "message", "quotes": [3]},
        {"area": "rota app", "kind": "wonder", "seen": "none", "quotes": [3]},
        {"area": "Globex import", "kind": "gap", "seen": "none", "quotes": [2]},
        {"area": "calendar", "kind": "bug", "seen": "none", "quotes": []},
    ]
}
STORY = {
    "trigger": {
        "event": "person_left",
        "text": "The rota person left in May.",
        "quotes": [{"turn": 2, "words": "our rota person left in May"}],
    },
    "stalled": {
        "at": "legal",
        "text": "It waited for legal.",
        "quotes": [{"turn": 6, "words": "it lay with legal for weeks"}],
    },
    "tone": {
        "mood": "disappointed",
        "turned_at": 7,
        "text": "They are let down by the hours of the desk.",
        "quotes": [{"turn": 6, "words": "your desk closes at six"}],
    },
}
ANSWERS = {
    "decided": {"text": "They went with Shiftwell.", "quotes": [1]},
    "why": {"text": "Globex was 40 percent cheaper.", "quotes": [2]},
    "versus": None,
}
FINDINGS = {
    "findings": [
        {"theme": "process_friction", "subject": "support hours", "owner": "sales"}
        | {"scope": "strategic", "horizon": "long", "towards": "negative", "text": "", "quotes": [2]},
        {"theme": "praise", "subject": "rota app", "owner": "the king"}
        | {"scope": "planet", "horizon": "never", "towards": "up", "text": "They like the app.", "quotes": [3, 3]},
        {"theme": "gossip", "subject": "rota app", "owner": "pmm"}
        | {"scope": "deal", "horizon": "none", "towards": "positive", "text": "They talk.", "quotes": [3]},
    ]
}
REPLIES: Mapping[str, dict[str, Any]] = {
    "ThreeNotes": NOTES,
    "MarkedUp": TAGS,
    "Competitors": COMPETITORS,
    "Drivers": DRIVERS,
    "Insights": INSIGHTS,
    "Story": STORY,
    "ThreeAnswers": ANSWERS,
    "SummedUp": SUMMARY,
    "Findings": FINDINGS,
}
"""By the name of the reply that is asked for, in the order of the steps."""


def good(body: dict[str, Any]) -> dict[str, Any]:
    """For `ModelServer`: the reply that the request's schema names."""
    return REPLIES[body["response_format"]["json_schema"]["name"]]


async def plain(kind: str, messages: Sequence[Message]) -> dict[str, Any]:
    """For `Model`."""
    return REPLIES[kind]


class Model:
    """A model of the test's own: gives what `think` says for a kind of reply."""

    scripted = False

    def __init__(
        self, think: Callable[[str, Sequence[Message]], Awaitable[dict[str, Any]]], *, name: str = "fake:1"
    ) -> None:
        self.name = name
        self.think = think
        self.asked: list[str] = []

    async def complete(
        self,
        prompt: Prompt,
        messages: Sequence[Message],
        reply: type[T],
        *,
        deadline_s: float,
        enough: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> Completion[T]:
        assert 0 < deadline_s <= 60 and enough is None, "an analysis waits for the whole reply"
        self.asked.append(reply.__name__)
        return Completion(reply.model_validate(await self.think(reply.__name__, messages)), "fake-1")

    async def warm(self) -> None: ...

    async def close(self) -> None: ...
