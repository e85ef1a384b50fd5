"""Run the analysis over labelled interviews: a keyword list, the rules and, where asked for, the model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interviewer.analysis import steps
from interviewer.bench import deals, evidence, keywords
from interviewer.bench.evidence import Score
from interviewer.bench.evidence_report import Column, Row
from interviewer.bench.labelled import Labelled, case
from interviewer.errors import BadInput, LLMUnavailable
from interviewer.evidence import Claim, Marked

BY_RULES = "en"
"""The language that the rules are held to; the others are the model's."""

Found = tuple[tuple[Marked, ...], tuple[Claim, ...]]


@dataclass(frozen=True)
class Group:
    """Interviews of one kind, with what came of them."""

    title: str
    columns: tuple[Column, ...]
    more: tuple[Row, ...]
    found: tuple[tuple[Labelled, Sequence[Marked]], ...]
    """What the last column stands for, one by one."""


def judge(interviews: Sequence[Labelled], *, model: bool = False) -> tuple[Group, ...]:
    """English ones, and those in other languages."""
    english = tuple(one for one in interviews if one.language == BY_RULES)
    others = tuple(one for one in interviews if one.language != BY_RULES)
    return tuple(
        _group(f"{len(group)} {kind}", group, model=model)
        for kind, group in (("in English", english), ("in other languages", others))
        if group
    )


def _group(title: str, interviews: Sequence[Labelled], *, model: bool) -> Group:
    listed: list[Found] = [(keywords.marks(case(one)), deals.baseline(one)) for one in interviews]
    ruled: list[Found] = [steps.in_memory(case(one)) for one in interviews]
    named = [("keywords", listed), ("rules", ruled)]
    if model:
        named.append(("model", asyncio.run(_by_model(interviews))))
    columns = tuple(Column(name, _score(interviews, found)) for name, found in named)
    more = deals.rows(interviews, [[claims for _, claims in found] for _, found in named])
    judged = tuple((one, marks) for one, (marks, _) in zip(interviews, named[-1][1], strict=True))
    return Group(title, columns, more, judged)


def _score(interviews: Iterable[Labelled], found: Iterable[Found]) -> Score:
    judged = (evidence.judge(one, marks) for one, (marks, _) in zip(interviews, found, strict=True))
    return sum(judged, Score())


async def _by_model(interviews: Iterable[Labelled]) -> list[Found]:
    """With the configured model; the rules stand in for an interview that it does not answer for. Raises BadInput."""
    from interviewer.bench import running, session

    found: list[Found] = []
    async with session.stage() as deps:
        if deps.llm.scripted:
            raise BadInput([running.NO_MODEL])
        for one in interviews:
            try:
                found.append(await steps.in_memory_by_model(deps, case(one)))
            except LLMUnavailable:
                found.append(steps.in_memory(case(one)))
    return found
