"""What an interviewer got out of the buyers, and what it cost them. Means are over buyers unless they say pooled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from interviewer.bench import faults, thumbs
from interviewer.bench.buyers import DEPTHS, Fact
from interviewer.bench.talk import Played, Usage
from interviewer.flows.tokens import count

PROMISED_S = 180
"""The three minutes that buyers are promised."""


@dataclass(frozen=True)
class Fault:
    kind: str
    turn: int
    """Number of the message."""


@dataclass(frozen=True)
class Result:
    """One interview, judged."""

    played: Played
    seconds: float
    """On a phone: every message read, every answer thought of and typed."""
    words: int
    """Typed by the buyer."""
    questions: int
    reached: frozenset[str]
    """Ids of the facts that came out."""
    in_time: int
    """Facts that came out within the promised three minutes."""
    faults: tuple[Fault, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.played.buyer.facts

    @property
    def drivers(self) -> tuple[int, int]:
        """(reached, in all)."""
        drivers = [fact for fact in self.facts if fact.driver]
        return sum(1 for fact in drivers if fact.id in self.reached), len(drivers)

    @property
    def driver_share(self) -> float:
        reached, all_ = self.drivers
        return reached / all_


def judge(played: Played) -> Result:
    seconds, words, in_time = 0.0, 0, 0
    reached: set[str] = set()
    for exchange in played.exchanges:
        seconds += thumbs.reading_s(exchange.message.text)
        if exchange.answer is None:
            continue
        seconds += thumbs.answering_s(exchange.answer.text)
        words += count(exchange.answer.text)
        reached.update(exchange.answer.facts)
        in_time += len(exchange.answer.facts) if seconds <= PROMISED_S else 0
    return Result(
        played=played,
        seconds=seconds,
        words=words,
        questions=sum(1 for exchange in played.exchanges if faults.asks(exchange.message.text)),
        reached=frozenset(reached),
        in_time=in_time,
        faults=tuple(_faults(played)),
    )


def _faults(played: Played) -> Iterator[Fault]:
    for exchange in played.exchanges:
        told = (exchange.answer.fault,) if exchange.answer and exchange.answer.fault else ()
        for kind in dict.fromkeys((*faults.kinds(exchange.broken), *told)):
            yield Fault(kind, exchange.message.number)


@dataclass(frozen=True)
class Standing:
    """One interviewer over all its buyers."""

    name: str
    results: tuple[Result, ...]

    @property
    def driver_share(self) -> float:
        return mean(result.driver_share for result in self.results)

    def of_flow(self, flow: str) -> Standing:
        """The same with only the buyers of one flow."""
        return Standing(self.name, tuple(result for result in self.results if result.played.buyer.flow == flow))

    @property
    def driver_share_pooled(self) -> float:
        both = [result.drivers for result in self.results]
        return sum(reached for reached, _ in both) / sum(all_ for _, all_ in both)

    def at_depth(self, depth: int) -> tuple[int, int]:
        """Facts of this depth: (reached, in all)."""
        facts = [(fact, result) for result in self.results for fact in result.facts if fact.depth == depth]
        return sum(1 for fact, result in facts if fact.id in result.reached), len(facts)

    @property
    def in_time(self) -> float:
        return mean(result.in_time for result in self.results)

    @property
    def minutes(self) -> float:
        return mean(result.seconds for result in self.results) / 60

    @property
    def words(self) -> float:
        return mean(result.words for result in self.results)

    @property
    def questions(self) -> float:
        return mean(result.questions for result in self.results)

    @property
    def faults(self) -> dict[str, int]:
        """Messages at fault by kind: every kind of the bench, then others that the lint found."""
        counted = Counter(fault.kind for result in self.results for fault in result.faults)
        return {kind: counted[kind] for kind in (*faults.KINDS, *sorted(counted.keys() - faults.KINDS.keys()))}

    @property
    def usage(self) -> Usage:
        """Of all its interviews together."""
        each = [result.played.usage for result in self.results]
        return Usage(
            turns=sum(one.turns for one in each),
            worded=sum(one.worded for one in each),
            calls=sum(one.calls for one in each),
            input_tokens=sum(one.input_tokens for one in each),
            output_tokens=sum(one.output_tokens for one in each),
        )

    @property
    def input_per_turn(self) -> float:
        """Input tokens for each message that took a model."""
        return self.usage.input_tokens / self.usage.turns if self.usage.turns else 0.0

    def cost(self, price_in: float, price_out: float) -> float:
        """Of one interview, at prices for a million tokens."""
        spent = self.usage.input_tokens * price_in + self.usage.output_tokens * price_out
        return spent / 1_000_000 / len(self.results)


def standings(plays: Iterable[Played]) -> tuple[Standing, ...]:
    """By interviewer, in the order of the plays."""
    by_name: dict[str, list[Result]] = {}
    for played in plays:
        by_name.setdefault(played.interviewer, []).append(judge(played))
    return tuple(Standing(name, tuple(results)) for name, results in by_name.items())


def by_depth(standing: Standing) -> Sequence[tuple[int, int]]:
    return [standing.at_depth(depth) for depth in DEPTHS]
