"""The command `interviewer`: a module per command, each importing what is heavy when it runs."""

from __future__ import annotations

import sys
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
from interviewer.errors import BadInput, InterviewerError, Unavailable

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


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 refused or failed, 2 not a command that exists."""
    try:
        app()
    except Exception as error:
        told = _told(error)
        if not told:
            raise
        for line in told:
            typer.secho(line, fg="red", err=True)
        sys.exit(1)


def _told(error: Exception) -> list[str]:
    """What a person can do something about, a line each; nothing for a defect, which keeps its traceback."""
    match error:
        case BadInput():
            return [str(problem) for problem in error.problems]
        case InterviewerError() if not isinstance(error, Unavailable):
            return [str(error) or type(error).__doc__ or type(error).__name__]
        case OSError(filename=str() as name, strerror=str() as reason):
            return [f"{name}: {reason}"]
        case OSError():
            return [str(error)]
        case UnicodeEncodeError():
            return [f"{error.object[error.start : error.end]!r} is not text that can be written as {error.encoding}."]
    from interviewer.store import health

    reason = health.trouble(error)
    return [f"INTERVIEWER_DATABASE_URL: {reason}"] if reason else []
