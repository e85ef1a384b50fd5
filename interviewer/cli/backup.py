"""`interviewer backup`: everything that is kept, in one file, while the server runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, or a folder in which it gets a name with the time.")],
    keep: Annotated[int, typer.Option(min=0, help="Keep so many backups in the folder; older ones go. 0: all.")] = 0,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put the signing keys into it: then the file is as secret as they are.")
    ] = False,
) -> None:
    """Back up the database, and the organisation's own flows and logo. The server may run meanwhile.

    Keys and passwords are not in it unless asked: keep those of the environment elsewhere.
    """
    from interviewer import backups
    from interviewer.cli.running import with_open_deps

    made = with_open_deps(lambda deps: backups.make(deps, file, keep=keep, keys=with_keys))
    size = made.file.stat().st_size
    typer.echo(f"{made.file}: {made.manifest.rows:,} rows, {size:,} bytes, read back and found whole.")
    typer.echo(f"sha256 {made.digest}")
    for gone in made.removed:
        typer.echo(f"Removed {gone}")
    if not with_keys:
        typer.echo("The signing keys are not in it: without them links die and opt-outs cannot be read. Keep them too.")
