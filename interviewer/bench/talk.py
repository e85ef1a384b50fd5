"""One interview between a buyer and whoever asks: the same loop for the application and for the plain forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from interviewer.bench import faults
from interviewer.bench.buyers import Buyer
from interviewer.bench.play import Asked, Player, Said
from interviewer.flows.model import Flow
from interviewer.flows.moves import Probe
from interviewer.transcript import Transcript, Turn

MOST_ANSWERS = 40
"""After so many answers a buyer is held by an interviewer who does not end."""


class Interviewer(Protocol):
    """Whoever asks."""

    flow: Flow

    async def begin(self) -> Transcript:
        """The transcript with the first question as its last turn."""
        ...

    async def hear(self, text: str) -> Transcript:
        """Take the answer to the last question (no text: it is skipped); the next message is the last turn then."""
        ...

    async def end(self) -> None:
        """The buyer is through."""
        ...


@dataclass(frozen=True)
class Usage:
    """What models cost in one interview, the buyer's own words left out."""

    turns: int = 0
    """Messages for which a model was asked."""
    worded: int = 0
    """Those of them that were shown in its words; the rest were said in the flow's own."""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class Exchange:
    """A message and the answer to it; none to the last one."""

    message: Turn
    broken: tuple[str, ...]
    """Rules of the lint."""
    answer: Said | None = None


@dataclass(frozen=True)
class Played:
    """One buyer's interview."""

    interviewer: str
    buyer: Buyer
    exchanges: tuple[Exchange, ...]
    usage: Usage = Usage()


Voice = Callable[[Asked, Said], Awaitable[str]]
"""Puts an answer into words."""


async def talk(buyer: Buyer, interviewer: Interviewer, voice: Voice) -> tuple[Exchange, ...]:
    """Play it to its end."""
    player, exchanges = Player(buyer), list[Exchange]()
    transcript = await interviewer.begin()
    while True:
        message = transcript.turns[-1]
        before = Transcript(transcript.turns[:-1], transcript.language, transcript.context)
        rules = faults.broken(message, interviewer.flow, before)
        if message.move.startswith("close:") or len(exchanges) == MOST_ANSWERS:
            await interviewer.end()
            return (*exchanges, Exchange(message, rules))
        asked = Asked(
            topic=message.topic,
            text=message.text,
            follows_up=isinstance(faults.move_of(message), Probe),
            asks=faults.asks(message.text),
            closed=faults.is_closed(rules),
            leading="leading" in rules,
        )
        said = player.answer(asked)
        text = await voice(asked, said) if said.text else ""
        exchanges.append(Exchange(message, rules, Said(text, said.facts, said.fault)))
        transcript = await interviewer.hear(text)


async def as_written(asked: Asked, said: Said) -> str:
    """The voice of a buyer without a model: the words of the file."""
    return said.text
