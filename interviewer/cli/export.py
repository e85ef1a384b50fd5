"""`interviewer export`: evidence as a file, for whoever runs the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from interviewer.cli.running import with_deps

if TYPE_CHECKING:
    from interviewer.deps import Deps

_DAY = ["%Y-%m-%d"]


def export(
    what: Annotated[
        str, typer.Option("--what", help="interviews, quotes, deals, corrections or released.")
    ] = "interviews",
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, json or md.")] = "csv",
    out: Annotated[
        Path | None, typer.Option(help="Write to this file, that only you can read.", show_default=False)
    ] = (None),
    flow: Annotated[str, typer.Option(help="Only this flow, such as loss.", show_default=False)] = "",
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, help="Only what ended on this day or later.", show_default=False),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, help="Only what ended on this day or earlier.", show_default=False),
    ] = None,
    reviewed: Annotated[bool, typer.Option("--reviewed", help="Only what a person went through.")] = False,
    audience: Annotated[
        str, typer.Option(help="Released statements of one team: product, leadership, revops or sales.")
    ] = "",
) -> None:
    """Write what ended interviews came to, as an admin may see it. Without `--out` it is printed.

    The JSON of interviews can be read again by an import elsewhere. Redacted words stay under bars.
    """
    from interviewer import exporting
    from interviewer.confidentiality import Role, Viewer
    from interviewer.exports import EXPORTS, What

    if what not in set(What):
        raise typer.BadParameter(f"{what!r} is not one of {', '.join(What)}", param_hint="--what")
    if form not in EXPORTS:
        raise typer.BadParameter(f"{form!r} is not one of {', '.join(EXPORTS)}", param_hint="--format")
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise typer.BadParameter("a workbook goes to a file", param_hint="--out")
    wanted = exporting.Wanted(
        what=What(what),
        flow=flow,
        first=since.date() if since else None,
        last=until.date() if until else None,
        reviewed=True if reviewed else None,
        audience=audience,
    )
    viewer = Viewer("", Role.ADMIN, "the server")

    async def work(deps: Deps) -> int:
        number = await exporting.count(deps, viewer, wanted)
        with _target(out) as target:
            async for piece in await exporting.stream(deps, viewer, wanted, form):
                target.write(piece)
        return number

    number = with_deps(work)
    noun = "statement" if wanted.what is What.RELEASED else "interview"
    where = f", in {out}" if out else ""
    typer.secho(f"{number:,} {noun}{'' if number == 1 else 's'} exported{where}.", err=True, dim=True)


@contextmanager
def _target(path: Path | None) -> Iterator[BinaryIO]:
    """A file that only its owner may read, whole or not there: buyers' words stand in it. Else standard output."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            yield target
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
