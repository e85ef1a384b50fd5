"""`interviewer person`: what somebody may ask for who was invited: to be told what is held, or to have it erased."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from interviewer.cli.findings import counted
from interviewer.cli.running import with_deps

if TYPE_CHECKING:
    from interviewer.confidentiality import Seen
    from interviewer.records.rights import Account

app = typer.Typer(help="Answer somebody who asks what is held about them, or wants it erased.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(help="Their e-mail address.", show_default=False)]


@app.command()
def export(
    address: Address,
    out: Annotated[Path, typer.Option(help="File to write: FILE.zip, FILE.json or FILE.html.", show_default=False)],
) -> None:
    """Write everything that is held about somebody to a file for them. It is in the audit log.

    Exit code 1, and no file, where nothing is held.
    """
    from interviewer import people, rights
    from interviewer.bootstrap import load_settings

    settings = load_settings()
    if out.suffix not in (".zip", ".json", ".html"):
        raise typer.BadParameter("name a file that ends in .zip, .json or .html", param_hint="--out")
    account = with_deps(lambda deps: rights.of(deps, people.CONSOLE, address), settings)
    if not _holds_something(account):
        _nothing(address)
    match out.suffix:
        case ".json":
            content = json.dumps(rights.structured(account), ensure_ascii=False, indent=2).encode()
        case ".html":
            content = rights.page(account, settings.organisation).encode()
        case _:
            content = rights.packed(account, settings.organisation)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    typer.echo(f"{out}: {counted(account.invitations, 'invitation')} and all that belongs to them.")
    typer.echo("It holds everything they said: send it to them alone, and delete it.")


def _holds_something(account: Seen[Account]) -> bool:
    parts = (account.person, account.said, account.derived, account.released, account.calls, account.deal)
    return any((*parts, account.mails, account.desk))


def _nothing(address: str) -> NoReturn:
    typer.secho(f"Nothing is held under {address}. Is it written as they were invited?", fg="yellow", err=True)
    raise typer.Exit(1)


@app.command()
def erase(
    address: Address,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and erase nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Erase everything of somebody, whatever they were invited to, and never write to the address again.

    Exit code 1 where there is nothing to erase.
    """
    from interviewer import people, rights

    found = with_deps(lambda deps: rights.would_erase(deps, people.CONSOLE, address))
    told = {name: getattr(found, name) for name in ("invitations", "interviews", "answers", "calls", "at_desk")}
    go = not dry_run and found.invitations > 0
    invited, answers = counted(found.invitations, "invitation"), counted(found.answers, "answer")
    if not dry_run and not yes:
        nobody = f"Nobody was invited as {address}. Never write to it all the same?"
        typer.confirm(f"Erase {invited} and {answers} for good?" if go else nobody, abort=True, err=True)
    if not dry_run:  # retention may have been first: who asks is not written to again
        with_deps(lambda deps: rights.erase(deps, people.CONSOLE, address))
    if as_json:
        typer.echo(json.dumps(told | {"erased": go}))
    elif found.invitations:
        interviews, calls = counted(found.interviews, "interview"), counted(found.calls, "call")
        verb = "Erased" if go else "Would erase"
        typer.echo(f"{verb} {invited}, {interviews}, {answers} and {calls}, with all that was made of them.")
    if found.at_desk and not as_json:
        typer.echo("The address is also that of somebody at the desk, whose account stays: `interviewer user disable`.")
    if go and not as_json:
        typer.echo("Backups from before hold it until they expire.")
    if not found.invitations:
        _nothing_to_erase(address, "" if dry_run else " Nobody writes to the address from now on.")


def _nothing_to_erase(address: str, then: str) -> NoReturn:
    typer.secho(f"Nobody was invited as {address}: there is nothing to erase.{then}", fg="yellow", err=True)
    raise typer.Exit(1)
