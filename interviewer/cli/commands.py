"""Every command by its name: a module for each, which imports what is heavy when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from interviewer import __version__
from interviewer.cli import (
    analyse,
    audit,
    backup,
    bench,
    demo,
    doctor,
    export,
    flows,
    import_interviews,
    invite,
    migrate,
    move,
    person,
    reindex,
    restore,
    serve,
    token,
    user,
)

app = typer.Typer(
    name="interviewer",
    help="Async AI interviews for win/loss programmes. New here? Run `interviewer demo`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(invite.invite)
app.command()(import_interviews.import_interviews)
app.command()(export.export)
app.add_typer(user.app, name="user")
app.add_typer(token.app, name="token")
app.add_typer(audit.app, name="audit")
app.add_typer(person.app, name="person")
app.command()(analyse.analyse)
app.command()(migrate.migrate)
app.command()(move.move)
app.command()(reindex.reindex)
app.command()(backup.backup)
app.command()(restore.restore)
app.add_typer(flows.app, name="flows")
app.command()(doctor.doctor)
app.command()(bench.bench)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"interviewer {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Async AI interviews for win/loss programmes. New here? Run `interviewer demo`."""
