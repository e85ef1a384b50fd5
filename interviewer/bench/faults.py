"""What was wrong with a message: the lint's own verdicts, gathered into the kinds that the bench counts.

What only the buyer can tell (pressed, asked again) comes with the answer, from `play.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from interviewer.flows import lint
from interviewer.flows.model import Flow
from interviewer.flows.moves import WAITS, Ask, Close, CloseReason, Move, OneMore, Probe, Reply, ReplyTo, Wait
from interviewer.transcript import Transcript, Turn

KINDS = {
    "leading": ("leading",),
    "double_barrelled": ("double_barrelled",),
    "closed": ("open", "option_list"),
    "long": ("length",),
    "praise": ("praise",),
    "repeated": ("repeat",),
    "asked_again": (),
    "pressed": (),
    "unsaid": ("unsaid_name", "unsaid_reason", "unsaid_feature", "invented_callback"),
    "misfit": ("misfit",),
    "pitch": ("pitch",),
    "wrong_language": ("wrong_language",),
}
"""Kind of fault -> rules of the lint. A rule that stands nowhere here is a kind of its own."""

_OF_RULE = {rule: kind for kind, rules in KINDS.items() for rule in rules}


def broken(turn: Turn, flow: Flow, before: Transcript) -> tuple[str, ...]:
    """The rules that an interviewer's message breaks after what was said before it."""
    found = lint.check(turn.text, move_of(turn), flow, before)
    foreign = "wrong_language" in found  # then the words that open a question are not known
    return tuple(rule for rule in found if not (foreign and rule == "open"))


def kinds(rules: Iterable[str]) -> tuple[str, ...]:
    """The kinds of fault that broken rules make, each once."""
    return tuple(dict.fromkeys(_OF_RULE.get(rule, rule) for rule in rules))


def is_closed(rules: Iterable[str]) -> bool:
    """Whether a message can be answered by yes or no."""
    return "open" in rules


def move_of(turn: Turn) -> Move:
    """The move that an interviewer's turn was kept as. Why it was made, and its hook, are not kept in its key."""
    verb, _, rest = turn.move.partition(":")
    first, _, second = rest.partition(":")
    match verb:
        case "ask":
            return Ask(rest)
        case "probe":
            return Probe(first, second)
        case "one_more":
            return OneMore(rest)
        case "close":
            return Close(CloseReason(first))
        case "reply":
            to = ReplyTo(first)
            return Reply(to, second, None if to in WAITS or not asks(turn.text) else Ask(second))
    return Wait(topic=turn.topic)


def asks(text: str) -> bool:
    """Whether there is a question in a message."""
    return any(mark in text for mark in "?？؟")
