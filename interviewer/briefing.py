"""What the model is told before it judges an answer and words a message, and what it gives back.

The prompt holds the flow, vendor, product, outcome, contact role and this buyer's own turns, and nothing else
(trust.md 15). What the buyer wrote travels in user messages only, marked as an answer and with its marks disarmed.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from pydantic import BaseModel

from interviewer.flows.model import Flow, Topic
from interviewer.flows.moves import Ask, Probe
from interviewer.llm.base import Message
from interviewer.transcript import Act, AnswerKind, Speaker, Transcript, Turn

About = Literal[
    "", "bot", "confidentiality", "product", "rep", "time", "colleagues", "address", "gift", "copy", "language"
]
Worded = Ask | Probe
"""The moves that the model may word. All others carry promises or facts, which are the flow's own."""

_OPENING = Message("user", "(The buyer has opened the interview.)")
"""Some servers want the user to speak first."""

_MEANING = {
    "bare_name": " (a name without a why)",
    "praise": " (nothing but praise)",
    "unsure": " (does not know)",
    "only_us": " (looked at nobody else)",
    "number": " (a figure)",
}


class Judged(BaseModel):
    """The model's answer, the decision first. The same for every turn: servers compile a schema once and keep it."""

    kind: AnswerKind
    covers: list[str]
    signals: list[str]
    hook: str
    about: About
    option: str
    message: str = ""


def instructions(flow: Flow, transcript: Transcript, worded: Sequence[Worded], note: str = "") -> dict[str, str]:
    """The values of `prompts/ask_buyer.md`. `note` says what was wrong with a first try."""
    known = transcript.context
    return {
        "vendor": _line(known.vendor) or "the vendor",
        "product": _line(known.product) or "the product",
        "outcome": _line(known.outcome) or _line(flow.outcome),
        "role": _line(known.role) or "not known",
        "language": _line(transcript.language),
        "signals": ", ".join(f"{signal}{_MEANING.get(signal, '')}" for signal in sorted(signals(flow))),
        "topics": "\n".join(_topic(topic) for topic in flow.topics),
        "options": "\n".join(_option(flow, move) for move in _in_order(flow, worded)),
        "note": f"\n{note}\n" if note else "",
    }


def signals(flow: Flow) -> frozenset[str]:
    """What probes of this flow listen for."""
    return frozenset(fit for topic in flow.topics for probe in topic.probes for fit in probe.fits)


def conversation(transcript: Transcript) -> list[Message]:
    """The turns as messages, user and assistant by turns; what the buyer removed is not in them."""
    spoken = [_OPENING]
    for speaker, turns in groupby(transcript.turns, key=lambda turn: turn.speaker):
        if speaker is Speaker.BUYER:
            spoken.append(Message("user", "\n".join(_answer(turn) for turn in turns)))
        else:
            spoken.append(Message("assistant", "\n".join(turn.text for turn in turns)))
    return spoken


def _answer(turn: Turn) -> str:
    topic = f' topic="{turn.topic}"'
    if turn.removed or turn.act is Act.SKIP or not turn.text.strip():
        return f"<answer{topic} skipped/>"
    disarmed = turn.text.strip().replace("<", "‹").replace(">", "›")
    return f"<answer{topic}>\n{disarmed}\n</answer>"


def _topic(topic: Topic) -> str:
    return f"- {topic.id}: {_line(topic.purpose)} Listen for: {_line('; '.join(topic.listen_for))}."


def _option(flow: Flow, move: Worded) -> str:
    if isinstance(move, Ask):
        return f"- `{move.key}`: go on to {move.topic}."
    hint = flow.topic(move.topic).probe(move.hint)
    return f"- `{move.key}`: find out {_line(hint.seeks)} (fits: {', '.join(hint.fits)})"


def _in_order(flow: Flow, worded: Sequence[Worded]) -> list[Worded]:
    """Probes as the flow lists them, which is the order in which the engine tries them; questions as they came."""
    probes = [move for move in worded if isinstance(move, Probe)]
    probes.sort(key=lambda move: [hint.id for hint in flow.topic(move.topic).probes].index(move.hint))
    return [*probes, *(move for move in worded if isinstance(move, Ask))]


def _line(text: str) -> str:
    """On one line: a name or a role from an import must not look like a part of the instructions."""
    return " ".join(text.split())
