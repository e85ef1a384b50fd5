"""`interviewer restore`: what a backup holds, in the place of what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from interviewer.backups import Archive, Restored


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by `interviewer backup`.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where something is there; it is kept aside, not deleted.")
    ] = False,
) -> None:
    """Restore a backup, on SQLite or PostgreSQL, whichever made it. Stop the server first.

    The file is checked before anything is touched. Who was signed in signs in again.
    """
    from interviewer import backups, bootstrap
    from interviewer.cli.running import with_open_deps
    from interviewer.jobs.sole import without_servers

    settings = bootstrap.load_settings()
    archive = backups.Archive(file)
    with without_servers(settings.url):
        done = with_open_deps(lambda deps: backups.restore(deps, archive, replace_all=replace), settings)
    _tell(archive, done)


def _tell(archive: Archive, done: Restored) -> None:
    told = archive.manifest
    if not archive.checked:
        typer.echo(f"No {archive.file.name}.sha256 lay beside it; what it says of itself was checked alone.", err=True)
    typer.echo(
        f"Restored {done.rows:,} rows as they were at {told.made_at:%Y-%m-%d %H:%M} UTC (version {told.version})."
    )
    if done.aside:
        typer.echo(f"What was there is kept as {done.aside}, answers included: delete it once you are content.")
    typer.echo(f"Erased again: {done.erased} that were erased since the backup, as far as is known.")
    if not done.knew_old:
        typer.echo("What was there could not be asked, so only the list in the data folder was followed.")
    if done.mails:
        typer.echo(f"{done.mails} mails that waited then are not sent: they may have gone out since.")
    for path in done.files:
        typer.echo(f"From the backup: {path}")
    typer.echo(
        "Next: `interviewer doctor`, then start the server, then `interviewer reindex` for the library's search."
    )
