"""`interviewer import-interviews`: bring in interviews that were held elsewhere, or that an export wrote."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import BadInput, Problem

if TYPE_CHECKING:
    from interviewer.deps import Deps
    from interviewer.importing.imports import Taken
    from interviewer.interchange import Reading

_MANY = 50
"""Interviews from which it takes a while to judge their answers."""


class Analysed(NamedTuple):
    """How many interviews had no evidence, and what became of those that were waited for."""

    due: int
    done: int = 0
    failed: int = 0


def import_interviews(
    files: Annotated[list[str], typer.Argument(help="JSON or JSON Lines; `-` reads from a pipe.", show_default=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each, and keep nothing.")
    ] = False,
    analyse: Annotated[
        bool,
        typer.Option("--analyse", help="Have all that has no evidence yet analysed, what was here before included."),
    ] = False,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="With --analyse: do it here, without a server, and stay until it is done."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, with `id`, `page` and `created`.")
    ] = False,
) -> None:
    """Bring in finished interviews: your history, or what `interviewer export --format json` wrote.

    A file is taken whole or not at all, and taking it twice changes nothing. Nobody is written to. The analysis of
    what is new runs while the server does, or at once by --analyse --wait; docs/import.md describes the format.
    """
    if wait and not analyse:
        raise typer.BadParameter("goes with --analyse", param_hint="--wait")
    readings = [(file, _reading(file)) for file in files]

    async def work(deps: Deps) -> tuple[list[Taken], Analysed | None]:
        from interviewer.importing import imports

        found: list[Taken] = []
        for file, reading in readings:
            if len(reading.interviews) >= _MANY:
                typer.secho(f"{file}: reading {len(reading.interviews):,} interviews…", err=True, dim=True)
            try:
                taken = await imports.take(deps, reading, dry_run=dry_run)
            except BadInput as error:
                raise _of_file(file, error) from error
            _tell(file, reading, taken, as_json)
            found += taken
        _sum_up(found, dry_run)
        ids = [one.interview_id for one in found if one.interview_id]
        return found, await _analysed(deps, ids, wait=wait) if analyse and not dry_run else None

    found, analysed = with_deps(work)
    if analysed:
        _tell_analysis(analysed, wait=wait)
    elif not dry_run and {"created", "updated"} & {one.state.value for one in found}:
        typer.secho(
            "Next: interviewer serve analyses them, or this command again with --analyse --wait at once;"
            " then review them at the desk.",
            err=True,
        )


async def _analysed(deps: Deps, ids: Sequence[str], *, wait: bool) -> Analysed:
    """Have those of `ids` analysed that have no evidence yet."""
    from interviewer import reruns
    from interviewer.cli.analyse import at_once

    due = await reruns.unread(deps, ids)
    if wait and due:
        return Analysed(len(due), *await at_once(deps, due, reruns.ask))
    await reruns.ask(deps, due)
    return Analysed(len(due))


def _tell_analysis(analysed: Analysed, *, wait: bool) -> None:
    """What became of the analysis. Ends the command as failed where one did."""
    interviews = f"{analysed.due} interview{'s' if analysed.due != 1 else ''}"
    if not analysed.due:
        typer.secho("All of them have been analysed already.", err=True)
    elif not wait:
        typer.secho(f"{interviews} will be analysed in the background, while interviewer serve runs.", err=True)
    else:
        trouble = f", {analysed.failed} failed: see the desk" if analysed.failed else ""
        typer.secho(f"{analysed.done} of {interviews} analysed{trouble}. Next: review them at the desk.", err=True)
        raise typer.Exit(1 if analysed.failed else 0)


def _sum_up(found: Sequence[Taken], dry_run: bool) -> None:
    counts = Counter(one.state for one in found).most_common()
    told = ", ".join(f"{number} {state.value.replace('_', ' ')}" for state, number in counts)
    typer.secho(f"{'Nothing was kept. Would be: ' if dry_run else ''}{told or 'no interviews'}.", err=True, dim=True)
    if withheld := sum(len(one.notes) for one in found):
        releases = f"{withheld} release{'s' if withheld != 1 else ''}"
        typer.secho(f"{releases} left out: they would not pass the rules of the desk.", err=True, fg="yellow")


def _tell(file: str, reading: Reading, taken: Sequence[Taken], as_json: bool) -> None:
    """What became of one file, at once: the next one may be refused."""
    for note in reading.notes:
        typer.secho(f"{file}: {note}", err=True, dim=True)
    for one in taken:
        if one.why:
            typer.secho(f"{file}: {one.place or 'the interview'} {one.why}", err=True, fg="yellow")
        for left_out in one.notes:
            typer.secho(f"{file}: {left_out}; it was left out", err=True, fg="yellow")
        if as_json:
            sys.stdout.write(_line(one))
        else:
            typer.echo(f"{one.state.value.replace('_', ' '):<10} {one.page or one.place}")


def _reading(file: str) -> Reading:
    from interviewer.interchange import read

    try:
        return read(_content(file))
    except BadInput as error:
        raise _of_file(file, error) from error


def _content(file: str) -> bytes:
    """The file's bytes; one too many where it is over the limit, for `read` to refuse."""
    from interviewer.interchange import MAX_BYTES

    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(file).open("rb") as source:
        return source.read(MAX_BYTES + 1)


def _of_file(file: str, error: BadInput) -> BadInput:
    typer.secho(f"Nothing of {file} was taken:", err=True, bold=True)
    return BadInput([Problem(f"{file}: {problem.where}", problem.what) for problem in error.problems])


def _line(one: Taken) -> str:
    row = {
        "id": one.interview_id,
        "page": one.page,
        "created": one.state.value == "created",
        "state": one.state.value,
        "place": one.place,
        "why": one.why,
        "notes": [str(note) for note in one.notes],
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
