"""`interviewer token`: keys to the API, for programs that read."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import NotFound

app = typer.Typer(help="Make, list and revoke keys to the API.", no_args_is_help=True)


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="Who reads with it, such as “warehouse”.", show_default=False)],
    scope: Annotated[
        list[str],
        typer.Option(help="interviews:read, quotes:read, deals:read or released:read; may be given again."),
    ],
    role: Annotated[str, typer.Option(help="Reads as: admin, pmm, product, leadership, revops or sales.")] = "pmm",
    days: Annotated[int, typer.Option(help="Days that it is good for.")] = 365,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object with `token`, `id` and `expires_at`.")
    ] = (False),
) -> None:
    """Make a key and print it. It is shown this once."""
    from interviewer import keys
    from interviewer.confidentiality import Role, Viewer

    console = Viewer("", Role.ADMIN, "the server")
    made = with_deps(lambda deps: keys.make(deps, console, name, role=role, scopes=scope, days=days))
    if as_json:
        typer.echo(json.dumps({"token": made.secret, "id": made.id, "expires_at": made.expires_at.isoformat()}))
    else:
        typer.echo(made.secret)


@app.command("list")
def list_keys() -> None:
    """List every key that was made: id, name, role, scopes, last use, and whether it works."""
    from interviewer import keys
    from interviewer.confidentiality import Role, Viewer

    listing = with_deps(lambda deps: keys.listing(deps, Viewer("", Role.ADMIN, "the server")))
    for key in listing.keys:
        used = f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
        typer.echo(
            "\t".join((key.id, key.name, key.role, ",".join(key.scopes), used, "works" if key.works else "ended"))
        )


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="Id, as `token list` says it.", show_default=False)]) -> None:
    """End a key at once."""
    from interviewer import keys
    from interviewer.confidentiality import Role, Viewer

    try:
        with_deps(lambda deps: keys.revoke(deps, Viewer("", Role.ADMIN, "the server"), key_id))
    except NotFound:
        typer.secho(f"No key has the id {key_id}.", fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{key_id} no longer works.")
