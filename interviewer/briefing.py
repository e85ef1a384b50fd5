"""What the model is told before it judges an answer and words a message, and what it gives back.

The prompt holds the flow, vendor, product, outcome, contact role and this buyer's own turns, and nothing else
(trust.md 15). What the buyer wrote travels in user messages only, marked as an answer and with its marks disarmed.

What stays the same for a whole interview comes first and what changes comes last, after the last answer, so that a
server which keeps what it has read need not read it again (docs/decisions).
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Literal, get_args

from pydantic import BaseModel, field_validator

from interviewer.flows import history
from interviewer.flows.model import BROUGHT, HEAVY, Flow, Topic
from interviewer.flows.moves import Ask, Probe
from interviewer.flows.tokens import count
from interviewer.llm.base import Message, Prompt
from interviewer.transcript import Act, AnswerKind, Speaker, Transcript, Turn

About = Literal[
    "",
    "bot",
    "confidentiality",
    "product",
    "rep",
    "time",
    "colleagues",
    "address",
    "gift",
    "copy",
    "language",
    "data",
    "named",
    "why",
    "greeting",
]
Worded = Ask | Probe
"""The moves that the model may word. All others carry promises or facts, which are the flow's own."""

SECOND = "second"
"""The engine's own signal: the topic was followed up before. No model hears it."""

_CHANGES = "\n---\n"
"""In the prompt's file: what stands above holds for the whole interview, what stands below for one turn."""

_MARKS = "`'\" \n"

_OPENING = Message("user", "(The buyer has opened the interview.)")
"""Some servers want the user to speak first."""

_MEANING = {
    "bare_name": " (a name and no why)",
    "praise": " (nothing but praise)",
    "unsure": " (does not know)",
    "politics": " (who wanted what inside)",
    "message": " (what they were told)",
    "process": " (how they were sold to)",
    "effort": " (work it makes)",
}


class Judged(BaseModel):
    """The model's answer, the decision first. The same for every turn: servers compile a schema once and keep it.

    Slips of form that leave the meaning plain are put right; every other drift is no answer.
    """

    kind: AnswerKind
    covers: list[str]
    signals: list[str]
    hook: str
    about: About
    option: str
    message: str = ""

    @field_validator("kind", "option", mode="before")
    @classmethod
    def _as_named(cls, value: Any) -> Any:
        """`Vague` is `vague`, and marks around a name are no part of it."""
        return value.strip(_MARKS).lower() if isinstance(value, str) else value or ""

    @field_validator("about", mode="before")
    @classmethod
    def _known(cls, value: Any) -> str:
        """What we have no words for is a question like any other."""
        named = value.strip(_MARKS).lower() if isinstance(value, str) else ""
        return named if named in get_args(About) else ""

    @field_validator("covers", "signals", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        listed = [value] if isinstance(value, str) and value else value or []
        if not isinstance(listed, list):
            raise ValueError("is no list")
        return [one.strip().lower() if isinstance(one, str) else one for one in listed]

    @field_validator("hook", "message", mode="before")
    @classmethod
    def _alone(cls, value: Any) -> Any:
        """A text that comes as the only one of a list."""
        return value[0] if isinstance(value, list) and len(value) == 1 else value or ""


def instructions(flow: Flow, transcript: Transcript, worded: Sequence[Worded], note: str = "") -> dict[str, str]:
    """The values of `prompts/ask_buyer.md`. `note` says what was wrong with a first try."""
    known = transcript.context
    topic = _asked_about(flow, transcript)
    again = topic is not None and bool(history.read(flow, transcript).probes_on(topic.id))
    return {
        "vendor": _line(known.vendor) or "the vendor",
        "product": _line(known.product) or "the product",
        "outcome": _line(known.outcome) or _line(flow.outcome),
        "role": _line(known.role) or "not known",
        "language": _line(transcript.language),
        "signals": ", ".join(f"{signal}{_MEANING.get(signal, '')}" for signal in sorted(signals(flow))),
        "topics": "\n".join(_topic(topic) for topic in flow.topics),
        "asked": topic.id if topic else "nothing",
        "options": _options(flow, [move for move in worded if _is_about(move, topic)], again=again),
        "probing": _probing(topic, again=again, brought=_brought(transcript)),
        "note": f"\n{note}\n" if note else "",
    }


def divided(prompt: Prompt) -> tuple[Prompt, str]:
    """What holds for the whole interview, and what holds for this turn."""
    kept, _, changes = prompt.text.partition(_CHANGES)
    return Prompt(prompt.id, kept), changes


def signals(flow: Flow) -> frozenset[str]:
    """What probes of this flow listen for, as far as a model can hear it in an answer."""
    heard = {fit for topic in flow.topics for probe in topic.probes for fit in probe.fits}
    return frozenset(heard) - {SECOND, AnswerKind.VAGUE, AnswerKind.NOTHING}


def conversation(transcript: Transcript, changes: str) -> list[Message]:
    """The turns as messages, user and assistant by turns, with what holds for this turn after the last answer.

    What the buyer removed is not in them.
    """
    spoken = [_OPENING]
    for speaker, turns in groupby(transcript.turns, key=lambda turn: turn.speaker):
        if speaker is Speaker.BUYER:
            spoken.append(Message("user", "\n".join(_answer(turn) for turn in turns)))
        else:
            spoken.append(Message("assistant", "\n".join(turn.text for turn in turns)))
    return [*spoken[:-1], Message("user", f"{spoken[-1].text}\n\n{changes}")]


def _answer(turn: Turn) -> str:
    if turn.removed or turn.act is Act.SKIP or not turn.text.strip():
        return "<answer skipped/>"
    disarmed = turn.text.strip().replace("<", "‹").replace(">", "›")
    return f"<answer>\n{disarmed}\n</answer>"


def _topic(topic: Topic) -> str:
    return f"- {topic.id}: {_line(topic.purpose)}"


def _asked_about(flow: Flow, transcript: Transcript) -> Topic | None:
    if not transcript.turns:
        return None
    topic_id = history.topic_of(transcript, len(transcript.turns) - 1)
    return next((topic for topic in flow.topics if topic.id == topic_id), None)


def _is_about(move: Worded, topic: Topic | None) -> bool:
    """Whether it may follow what was asked: a follow-up on what was told unasked has words of its own."""
    return isinstance(move, Ask) or (topic is not None and move.topic == topic.id)


def _brought(transcript: Transcript) -> bool:
    last = transcript.last
    return last is not None and count(last.text) >= BROUGHT


def _probing(topic: Topic | None, *, again: bool, brought: bool) -> str:
    """The kinds of answer that the engine follows up here, in words."""
    if again:
        return "`vague` or `specific`" if brought else "`specific`"
    nothing = ["`nothing`"] if topic and topic.weight >= HEAVY else []
    return ", ".join(["`vague`", *nothing, "`specific` with `bare_name`"])


def _options(flow: Flow, worded: Sequence[Worded], *, again: bool) -> str:
    """Probes as the flow lists them, which is the order in which the engine tries them; questions as they came."""
    probes = [move for move in worded if isinstance(move, Probe)]
    probes.sort(key=lambda move: [hint.id for hint in flow.topic(move.topic).probes].index(move.hint))
    asks = ", ".join(f"`{move.key}`" for move in worded if isinstance(move, Ask))
    return "\n".join([*(_probe(flow, move, again=again) for move in probes), *([f"- {asks}"] if asks else [])])


def _probe(flow: Flow, move: Probe, *, again: bool) -> str:
    hint = flow.topic(move.topic).probe(move.hint)
    marks = [fit for fit in hint.fits if fit != SECOND] + ["any"] * (again and SECOND in hint.fits)
    return f"- `{move.key}` ({', '.join(marks)}) {_line(hint.seeks)}"


def _line(text: str) -> str:
    """On one line: a name or a role from an import must not look like a part of the instructions."""
    return " ".join(text.split())
