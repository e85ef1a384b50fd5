"""A buyer answering: what a question brings out of somebody who knows more than they volunteer.

Code decides which facts come out, whoever words them, so that every interviewer meets the same buyer.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from interviewer.bench.buyers import DEPTHS, Buyer, Fact, TopicAnswer
from interviewer.flows.catalogue import CORE
from interviewer.flows.tokens import says

ENGLISH = "en"


@dataclass(frozen=True)
class Asked:
    """One message of an interviewer, as the buyer meets it."""

    topic: str
    text: str
    follows_up: bool
    """It goes on with what was said, rather than open the topic."""
    asks: bool = True
    """There is a question in it."""
    closed: bool = False
    """It can be answered by yes or no."""
    leading: bool = False


@dataclass(frozen=True)
class Said:
    """An answer, and what it was worth. No text: the question is skipped."""

    text: str
    facts: tuple[str, ...] = ()
    """Ids of the facts that came out."""
    fault: str = ""
    """What was wrong with having asked: `asked_again`, `pressed` or `repeated`."""


class Player:
    """One buyer in one interview."""

    def __init__(self, buyer: Buyer) -> None:
        self._buyer = buyer
        self._words = small_words(buyer.language)
        self._moments = [(moment.topic, moment.says) for moment in buyer.moments]
        self._answered: set[str] = set()
        self._told: set[str] = set()
        self._followed: Counter[str] = Counter()
        self._out: set[str] = set()

    def answer(self, asked: Asked) -> Said:
        """What the buyer types."""
        if moment := self._moment(asked.topic):
            return Said(moment)
        if asked.asks and (asked.leading or asked.closed):
            return Said(self._words["yes" if asked.leading else "no"])
        given = self._buyer.topics.get(asked.topic)
        if given is None:
            return Said(self._words["nothing_left" if asked.topic in CORE else "nothing_more"])
        if asked.topic in self._answered:
            return self._more(asked, given)
        self._answered.add(asked.topic)
        if asked.topic in self._told:
            return self._followed_up(asked) if asked.follows_up else Said(self._words["as_i_said"], fault="asked_again")
        self._told.update(given.tells)
        return Said(given.says, self._bring_out([f for f in self._buyer.facts if not f.depth and f.says in given.says]))

    def _moment(self, topic: str) -> str:
        """What the buyer does instead of a first answer, each thing once."""
        due = next((moment for moment in self._moments if moment[0] == topic), None)
        if due is None or topic in self._answered:
            return ""
        self._moments.remove(due)
        return due[1]

    def _more(self, asked: Asked, given: TopicAnswer) -> Said:
        """To another message on a topic that has its first answer."""
        if not asked.asks:
            return Said(self._words["nothing_left"])
        if given.refuses:
            return Said(self._words["rather_not"], fault="pressed")
        if not asked.follows_up:
            return Said(self._words["as_i_said"], fault="repeated")
        return self._followed_up(asked)

    def _followed_up(self, asked: Asked) -> Said:
        self._followed[asked.topic] += 1
        shallow, deep = (self._buyer.facts_on(asked.topic, depth) for depth in DEPTHS[1:])
        opened = deep if self._followed[asked.topic] > 1 else tuple(fact for fact in deep if _opens(fact, asked.text))
        due = [fact for fact in (*shallow, *opened) if fact.id not in self._out]
        return Said(" ".join(fact.says for fact in due) or self._words["nothing_left"], self._bring_out(due))

    def _bring_out(self, facts: list[Fact]) -> tuple[str, ...]:
        new = tuple(fact.id for fact in facts if fact.id not in self._out)
        self._out.update(new)
        return new


def _opens(fact: Fact, question: str) -> bool:
    return any(says(question, word) for word in fact.opens_on)


def small_words(language: str) -> dict[str, str]:
    """Short answers in the language, or in English."""
    found = _small_words()
    return found.get(language.lower().partition("-")[0], found[ENGLISH])


@cache
def _small_words() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("interviewer.bench") / "words.toml").read_text(encoding="utf-8"))
