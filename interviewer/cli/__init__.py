"""The command `interviewer`. Each process of a server in several imports this module anew, so it loads no command."""

from __future__ import annotations

import sys

from interviewer.errors import BadInput, InterviewerError, Unavailable


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 refused or failed, 2 not a command that exists."""
    import typer

    from interviewer.cli.commands import app

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
