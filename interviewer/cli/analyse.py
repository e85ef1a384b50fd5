"""`interviewer analyse`: have the analysis made anew, for one interview or for many."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from interviewer.deps import Deps
    from interviewer.reruns import Wanted

LOOK_S = 0.5


def analyse(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Ids of interviews, as the desk shows them.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every ended interview.")] = False,
    flow: Annotated[str, typer.Option(help="Those of one flow.", show_default=False)] = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Those that ended on this day or later.", show_default=False),
    ] = None,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Those with a step that is missing, or that another prompt or model made."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, more than one are only counted.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until they are done, and show how far it is.")] = False,
) -> None:
    """Have interviews analysed anew, after a prompt or the model changed.

    What a person confirmed, reworded or turned down stays. The work is done in the background by `interviewer serve`,
    or by this command with `--wait`.
    """
    from interviewer.reruns import Wanted

    if not (ids or every or flow or since or stale):
        raise typer.BadParameter("say which: ids, --all, --flow, --since or --stale", param_hint="IDS")
    begin = since.replace(tzinfo=UTC) if since else None
    wanted = Wanted(flow=flow, since=begin, stale=stale, ids=tuple(ids or ()))
    try:
        found, done, failed = with_deps(lambda deps: _analyse(deps, wanted, yes=yes, wait=wait))
    except NotFound:
        typer.secho("There is no ended interview with one of these ids.", fg="red", err=True)
        raise typer.Exit(1) from None
    interviews = f"{found} interview{'s' if found != 1 else ''}"
    if found > 1 and not yes:
        typer.echo(f"{interviews} would be analysed anew. To do it: the same again with --yes")
    elif wait and found:
        typer.echo(f"{done} of {interviews} analysed anew" + (f", {failed} failed: see the desk." if failed else "."))
        raise typer.Exit(1 if failed else 0)
    else:
        typer.echo(f"{interviews} will be analysed anew in the background." if found else "Nothing to do.")


async def _analyse(deps: Deps, wanted: Wanted, *, yes: bool, wait: bool) -> tuple[int, int, int]:
    """How many there are, how many were done and how many failed, as far as was waited for."""
    from interviewer import reruns

    found = await reruns.chosen(deps, wanted)
    if not found or (len(found) > 1 and not yes):
        return len(found), 0, 0
    if not wait:
        await reruns.queue(deps, found)
        return len(found), 0, 0
    return len(found), *await at_once(deps, found, reruns.queue)


async def at_once(
    deps: Deps, ids: Sequence[str], ask: Callable[[Deps, Sequence[str]], Awaitable[None]]
) -> tuple[int, int]:
    """Have these analysed by this process, and wait until they are: how many were done, and how many failed.

    `ask` asks for their analysis.
    """
    from interviewer.jobs.engine import Engine

    working = replace(deps, jobs=Engine(deps.db, sweeps=()))
    await working.jobs.start(working)
    try:
        await ask(working, ids)
        return await _watched(working, ids)
    finally:
        await working.jobs.stop()


async def _watched(deps: Deps, ids: Sequence[str]) -> tuple[int, int]:
    """Wait until all have ended, with a bar where somebody looks on: how many were done, and how many failed."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    from interviewer import reruns
    from interviewer.store import jobs

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    bar = Progress(*columns, console=console)
    task = bar.add_task("Analysing", total=len(ids))
    with bar if console.is_terminal else contextlib.nullcontext():
        while True:
            async with deps.db.read() as tx:
                states = await jobs.states(tx, reruns.JOB, ids)
            ended = [state for state in states if state in (jobs.DONE, jobs.FAILED)]
            bar.update(task, completed=len(ended))
            if len(ended) == len(ids):
                return ended.count(jobs.DONE), ended.count(jobs.FAILED)
            await asyncio.sleep(LOOK_S)
