"""`interviewer person`: what somebody may ask for who was invited: to be told what is held, or to have it erased."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli.running import with_deps

app = typer.Typer(help="Answer somebody who asks what is held about them, or wants it erased.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(help="Their e-mail address.", show_default=False)]


@app.command()
def export(
    address: Address,
    out: Annotated[Path, typer.Option(help="File to write: FILE.zip, FILE.json or FILE.html.", show_default=False)],
) -> None:
    """Write everything that is held about somebody to a file for them. It is in the audit log."""
    from interviewer import people, rights
    from interviewer.bootstrap import load_settings

    settings = load_settings()
    if out.suffix not in (".zip", ".json", ".html"):
        raise typer.BadParameter("name a file that ends in .zip, .json or .html", param_hint="--out")
    account = with_deps(lambda deps: rights.of(deps, people.CONSOLE, address), settings)
    match out.suffix:
        case ".json":
            content = json.dumps(rights.structured(account), ensure_ascii=False, indent=2).encode()
        case ".html":
            content = rights.page(account, settings.organisation).encode()
        case _:
            content = rights.packed(account, settings.organisation)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    count = account.invitations
    typer.echo(f"{out}: {count} {'invitation' if count == 1 else 'invitations'} and all that belongs to them.")
    typer.echo("It holds everything they said: send it to them alone, and delete it.")


@app.command()
def erase(
    address: Address,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and erase nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Erase everything of somebody, whatever they were invited to, and never write to the address again."""
    from interviewer import people, rights

    found = with_deps(lambda deps: rights.would_erase(deps, people.CONSOLE, address))
    told = {name: getattr(found, name) for name in ("invitations", "interviews", "answers", "calls", "at_desk")}
    go = not dry_run and found.invitations > 0
    if go and not yes:
        typer.confirm(f"Erase {found.invitations} invitations and {found.answers} answers for good?", abort=True)
    if go:
        with_deps(lambda deps: rights.erase(deps, people.CONSOLE, address))
    if as_json:
        typer.echo(json.dumps(told | {"erased": go}))
        return
    verb = "Erased" if go else "Would erase" if found.invitations else "Nothing is held:"
    typer.echo(
        f"{verb} {found.invitations} invitations, {found.interviews} interviews, {found.answers} answers and "
        f"{found.calls} calls, with all that was made of them."
    )
    if found.at_desk:
        typer.echo("The address is also that of somebody at the desk, whose account stays: `interviewer user disable`.")
    if go:
        typer.echo("Backups from before hold it until they expire.")
