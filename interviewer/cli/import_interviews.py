"""`interviewer import-interviews`: bring in interviews that were held elsewhere, or that an export wrote."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import BadInput, Problem

if TYPE_CHECKING:
    from interviewer.deps import Deps
    from interviewer.importing.imports import Taken
    from interviewer.interchange import Reading

_MANY = 50
"""Interviews from which it takes a while to judge their answers."""


def import_interviews(
    files: Annotated[list[str], typer.Argument(help="JSON or JSON Lines; `-` reads from a pipe.", show_default=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each, and keep nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, with `id`, `page` and `created`.")
    ] = False,
) -> None:
    """Bring in finished interviews: your history, or what `interviewer export --format json` wrote.

    A file is taken whole or not at all, and taking it twice changes nothing. Nobody is written to. The analysis of
    what is new runs while the server does; docs/import.md describes the format.
    """
    readings = [(file, _reading(file)) for file in files]

    async def work(deps: Deps) -> list[Taken]:
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
        return found

    counts = Counter(one.state for one in with_deps(work)).most_common()
    told = ", ".join(f"{number} {state.value.replace('_', ' ')}" for state, number in counts)
    typer.secho(f"{'Nothing was kept. Would be: ' if dry_run else ''}{told or 'no interviews'}.", err=True, dim=True)
    if not dry_run and {"created", "updated"} & {state.value for state, _ in counts}:
        typer.secho(
            "Next: interviewer serve analyses them, or interviewer analyse --stale --yes --wait at once;"
            " then review them at the desk.",
            err=True,
        )


def _tell(file: str, reading: Reading, taken: Sequence[Taken], as_json: bool) -> None:
    """What became of one file, at once: the next one may be refused."""
    for note in reading.notes:
        typer.secho(f"{file}: {note}", err=True, dim=True)
    for one in taken:
        if one.why:
            typer.secho(f"{file}: {one.place or 'the interview'} {one.why}", err=True, fg="yellow")
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
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
