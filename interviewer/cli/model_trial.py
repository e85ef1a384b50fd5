"""`interviewer doctor --model`: is this server, with this model, good enough to talk to buyers?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from interviewer.cli.findings import Finding

if TYPE_CHECKING:
    from interviewer.bench.trial import Summary, Tried
    from interviewer.deps import Deps

ENOUGH = 0.7
"""Share of answers that a model must follow up as a person would, and of messages that must come in its words."""
QUICK_S = 4.0
SHORT = 2_000
"""Input tokens of a turn; the prompt is made for 1,500."""

_BENCH = "see `interviewer bench --model --page FILE` before buyers meet it"


def examine(price_in: float, price_out: float) -> list[Finding]:
    """Ask the model of the settings in force. `fail` where it does not answer, or does not do the job."""
    return asyncio.run(_examine(price_in, price_out))


async def _examine(price_in: float, price_out: float) -> list[Finding]:
    from interviewer.bench import session, trial
    from interviewer.llm import conformance

    async with session.stage() as deps:
        if deps.llm.scripted:
            return [Finding("fail", "model", "none is configured; OPENAI_API_KEY or OPENAI_BASE_URL set one up")]
        checks = await conformance.examine(deps.llm)
        found = [Finding("ok" if check.ok else "warn", check.name, check.detail) for check in checks]
        if not checks[0].ok:
            return [found[0]._replace(state="fail")]
        tried = await _try(deps)
        *labelled, grim = tried
        found.append(_on_grim(grim))
        try:
            told = trial.sum_up(labelled)
        except ValueError:
            return [*found, Finding("warn", "trial", "no answer took the model; there may be too few in these flows")]
        return [*found, *_judged(told, deps.settings.reply_deadline_s), *_cost(told, price_in, price_out)]


async def _try(deps: Deps) -> list[Tried]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    from interviewer.bench import answers, trial

    labels = (*trial.choose(answers.shipped(deps.flows)), trial.GRIM)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), console=console
    )
    task = bar.add_task("Asking the model", total=len(labels))
    with bar if console.is_terminal else contextlib.nullcontext():
        return await trial.run(deps, labels, lambda: bar.advance(task))


def _judged(told: Summary, deadline_s: float) -> Iterator[Finding]:
    """How well it does the job: these it fails by."""
    good = told.judged > 0 and told.as_labelled >= min(ENOUGH * told.judged, told.by_rules)
    yield Finding(
        "ok" if good else "fail",
        "choices",
        f"{told.as_labelled} of {told.judged} answers were followed as a person would, by rules alone {told.by_rules}"
        + ("" if good else f"; use another model, or none; {_BENCH}"),
    )
    good = told.worded >= ENOUGH * told.asked
    kinds = [
        f"{told.again} of them at the second try" if told.again else "",
        f"{told.elsewhere} for another step" if told.elsewhere else "",
        f"{told.failed} unusable or late" if told.failed else "",
        "turned down: " + ", ".join(f"{rule} {times}" for rule, times in told.rules.items()) if told.rules else "",
    ]
    yield Finding(
        "ok" if good else "fail",
        "words",
        "; ".join([f"{told.worded} of {told.asked} messages in its words", *filter(None, kinds)])
        + ("" if good else f"; buyers would mostly read the flow's own; {_BENCH}"),
    )
    good = told.median_s <= QUICK_S and told.slowest_s < deadline_s
    yield Finding(
        "ok" if good else "warn",
        "time",
        f"{told.median_s:.1f} s a turn, the slowest {told.slowest_s:.1f} s, first byte after {told.first_s:.1f} s"
        + ("" if good else f"; buyers wait, {deadline_s:g} s at most: try a smaller model or a nearer server"),
    )
    if not told.languages:
        return
    astray = [language for language, (kept, of) in told.languages.items() if kept < of]
    yield Finding(
        "fail" if astray else "ok",
        "languages",
        ", ".join(f"{language} {kept}/{of}" for language, (kept, of) in told.languages.items())
        + (f"; words in another language are not shown: use another model for {', '.join(astray)}" if astray else ""),
    )


def _cost(told: Summary, price_in: float, price_out: float) -> Iterator[Finding]:
    from interviewer.bench.trial import USUAL_TURNS

    known = f", {told.cached_tokens / told.input_tokens:.0%} known from before" if told.cached_tokens else ""
    short = told.input_tokens <= SHORT
    yield Finding(
        "ok" if short else "warn",
        "tokens",
        f"{told.input_tokens:,.0f} read{known} and {told.output_tokens:,.0f} written a turn"
        + ("" if short else "; the prompt or the topics of your flows are long"),
    )
    whole = USUAL_TURNS * (told.input_tokens + told.output_tokens)
    price = f", {told.cost(price_in, price_out):.4f} at these prices" if price_in or price_out else ""
    hint = "" if price else "; --price-in and --price-out say what that costs"
    yield Finding("ok", "cost", f"{whole:,.0f} tokens an interview of {USUAL_TURNS} such turns{price}{hint}")


def _on_grim(tried: Tried) -> Finding:
    """Either way is fine: what matters is that a refusal is heard as one."""
    if tried.judged:
        return Finding("ok", "refusals", "an answer about harm was judged like any other")
    return Finding("ok", "refusals", "an answer about harm was not judged; the flow's own words stood in, as they do")
