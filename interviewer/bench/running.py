"""Every buyer with every interviewer, in one run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from interviewer.bench.baselines import BASELINES, Form
from interviewer.bench.buyers import Buyer
from interviewer.bench.session import Application
from interviewer.bench.talk import Played, Voice, as_written, talk
from interviewer.bench.voice import ModelVoice
from interviewer.deps import Deps
from interviewer.errors import BadInput, InterviewerError, Problem
from interviewer.llm.base import LLM
from interviewer.llm.scripted import ScriptedLLM

SCRIPTED = "scripted"
NO_MODEL = Problem("model", "none is configured; OPENAI_API_KEY or OPENAI_BASE_URL set one up")
AT_ONCE = 4
"""Interviews under way together: with a model they wait, and that can be done side by side."""


def interviewers(deps: Deps, *, model: bool) -> dict[str, LLM]:
    """The application's interviewers by name: the scripted one, and the one with the configured model where asked."""
    return {SCRIPTED: ScriptedLLM(), **({deps.llm.name: deps.llm} if model else {})}


def check(deps: Deps, buyers: Sequence[Buyer], *, model: bool) -> None:
    """Raises BadInput where something is asked for that is not there."""
    problems = [
        Problem(f"{buyer.id}.toml: flow", f"there is no flow {buyer.flow!r}")
        for buyer in buyers
        if buyer.flow not in deps.flows.ids
    ]
    if model and deps.llm.scripted:
        problems.append(NO_MODEL)
    if problems:
        raise BadInput(problems)


async def run(
    deps: Deps,
    buyers: Sequence[Buyer],
    *,
    model: bool = False,
    buyer_model: bool = False,
    done: Callable[[], None] = lambda: None,
) -> list[Played]:
    """Play them all; the same order whatever ends first. `done` is called after each of `plays` interviews."""
    check(deps, buyers, model=model or buyer_model)
    room = asyncio.Semaphore(AT_ONCE if model or buyer_model else 1)

    async def play(name: str, buyer: Buyer, llm: LLM | None) -> Played:
        async with room:
            voice: Voice = ModelVoice(deps, buyer) if buyer_model else as_written
            if llm is None:
                form = Form(deps.flows.get(buyer.flow), buyer, deps.phrases.get(buyer.language), BASELINES[name])
                played = Played(name, buyer, await talk(buyer, form, voice))
            else:
                application = Application(deps, buyer, llm)
                try:
                    played = Played(name, buyer, await talk(buyer, application, voice), application.usage)
                except InterviewerError as error:
                    raise InterviewerError(f"{buyer.id}, {name}: {error or type(error).__name__}") from error
            done()
            return played

    asking: dict[str, LLM | None] = {**interviewers(deps, model=model), **dict.fromkeys(BASELINES)}
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(play(name, buyer, llm)) for name, llm in asking.items() for buyer in buyers]
    except* InterviewerError as failed:
        raise failed.exceptions[0] from failed
    return [task.result() for task in tasks]


def plays(buyers: Sequence[Buyer], *, model: bool) -> int:
    """How many interviews `run` plays."""
    return len(buyers) * (len(BASELINES) + 1 + model)
