"""Simulated buyers as data: what each knows, what brings it out, and how it is typed. One TOML file a buyer."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.errors import BadInput, Problem
from interviewer.flows.catalogue import CORE

DEPTHS = (0, 1, 2)
"""Volunteered; told on an open follow-up; told on a second one, or on one that is specific enough."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TopicAnswer(_Data):
    """What is typed when a topic is first asked. Empty: the question is skipped."""

    says: str
    tells: tuple[str, ...] = ()
    """Other topics whose point this answer tells: asking for them again is a fault."""
    refuses: bool = False
    """The buyer will not talk about this topic: following up is a fault."""


class Fact(_Data):
    """One thing that the buyer knows."""

    id: str
    topic: str
    depth: int = Field(ge=DEPTHS[0], le=DEPTHS[-1])
    driver: bool = False
    """It moved the decision."""
    says: str = Field(min_length=1)
    opens_on: tuple[str, ...] = ()
    """For depth 2: words of a first follow-up that bring it out at once."""


class Moment(_Data):
    """What is typed instead of an answer, once, when the topic is first asked."""

    topic: str
    says: str = Field(min_length=1)


class Buyer(_Data):
    id: str
    flow: str
    language: str = "en"
    style: str = "plain"
    held_out: bool = False
    """Kept out of sight of whoever writes the interviewer's rules."""
    product: str
    vendor: str
    role: str = ""
    market: str = ""
    topics: Mapping[str, TopicAnswer]
    facts: tuple[Fact, ...] = Field(min_length=1)
    moments: tuple[Moment, ...] = ()

    def facts_on(self, topic: str, depth: int) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.topic == topic and fact.depth == depth)


def shipped() -> tuple[Buyer, ...]:
    """The buyers that come with the product."""
    return load(read_folder(files("interviewer.bench") / "buyers"))


def read_folder(folder: Traversable) -> dict[str, str]:
    """The text of each TOML file. Raises BadInput for a folder that is not there, and for what is not UTF-8."""
    if not folder.is_dir():
        raise BadInput([Problem(folder.name, "is not a folder")])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            try:
                texts[entry.name] = entry.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                problems.append(Problem(entry.name, "is not UTF-8"))
    if problems:
        raise BadInput(problems)
    return texts


def load(texts: Mapping[str, str]) -> tuple[Buyer, ...]:
    """Buyers from the text of each `<id>.toml`. Raises BadInput with every problem by file and key."""
    found: list[Buyer] = []
    problems: list[Problem] = []
    for file, text in texts.items():
        try:
            found.append(parse(text, file))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    return tuple(found)


def parse(text: str, file: str) -> Buyer:
    """One buyer. Raises BadInput; each problem names the file and the key ("carol.toml: facts[2].depth")."""
    try:
        buyer = Buyer.model_validate({**tomllib.loads(text), "id": PurePath(file).stem})
    except tomllib.TOMLDecodeError as error:
        raise BadInput([Problem(file, f"is not valid TOML: {error}")]) from error
    except ValidationError as error:
        raise BadInput([Problem(f"{file}: {_key(found['loc'])}", found["msg"]) for found in error.errors()]) from error
    if problems := list(_check(buyer)):
        raise BadInput([Problem(f"{file}: {problem.where}", problem.what) for problem in problems])
    return buyer


def choose(
    buyers: Iterable[Buyer], *, flows: Collection[str] = (), ids: Collection[str] = (), held_out: bool | None = None
) -> tuple[Buyer, ...]:
    """Those that were asked for; `held_out` None is all, True only the held-out ones. An id named is always taken.

    Raises BadInput for an id or a flow that no file has, and where nobody is left.
    """
    buyers = tuple(buyers)
    problems = [
        *_unknown("flow", flows, {buyer.flow for buyer in buyers}, "no buyer has the flow"),
        *_unknown("buyer", ids, {buyer.id for buyer in buyers}, "there is no buyer"),
    ]
    if problems:
        raise BadInput(problems)
    chosen = tuple(
        buyer
        for buyer in buyers
        if (not flows or buyer.flow in flows)
        and (buyer.id in ids if ids else held_out is None or buyer.held_out is held_out)
    )
    if not chosen:
        raise BadInput([Problem("buyers", "nobody is left to play; see --flow, --buyer, --held-out and --all")])
    return chosen


def _unknown(option: str, asked: Iterable[str], known: Collection[str], what: str) -> Iterator[Problem]:
    for one in asked:
        if one not in known:
            yield Problem(f"--{option}", f"{what} {one!r}; known are {', '.join(sorted(known))}")


def _key(place: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _check(buyer: Buyer) -> Iterator[Problem]:
    for topic in CORE:
        if topic not in buyer.topics:
            yield Problem(f"topics.{topic}", "is missing: every core topic needs a first answer")
    for topic, answer in buyer.topics.items():
        for told in answer.tells:
            if told not in CORE or told == topic:
                yield Problem(f"topics.{topic}.tells", f"{told!r} is not another core topic")
    for position, moment in enumerate(buyer.moments):
        if moment.topic not in buyer.topics:
            yield Problem(f"moments[{position}].topic", f"{moment.topic!r} has no answer under topics")
    if not any(fact.driver for fact in buyer.facts):
        yield Problem("facts", "none is a driver of the decision")
    for fact_id, times in Counter(fact.id for fact in buyer.facts).items():
        if times > 1:
            yield Problem("facts", f"{fact_id!r} is used {times} times")
    for position, fact in enumerate(buyer.facts):
        yield from _check_fact(buyer, fact, f"facts[{position}]")


def _check_fact(buyer: Buyer, fact: Fact, where: str) -> Iterator[Problem]:
    answer = buyer.topics.get(fact.topic)
    if answer is None:
        yield Problem(f"{where}.topic", f"{fact.topic!r} has no answer under topics")
        return
    if fact.depth == 0 and not any(fact.says in other.says for other in buyer.topics.values()):
        yield Problem(f"{where}.says", f"is volunteered, so it must stand word for word in topics.{fact.topic}.says")
    if fact.depth > 0 and answer.refuses:
        yield Problem(f"{where}.topic", f"the buyer refuses {fact.topic!r}, so this could never be told")
    if fact.opens_on and fact.depth != DEPTHS[-1]:
        yield Problem(f"{where}.opens_on", f"belongs to facts of depth {DEPTHS[-1]}")
