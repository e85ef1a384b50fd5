"""`interviewer user`: who works at the desk, and links to sign in with."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import NotFound

app = typer.Typer(help="Add people to the desk, and give them links to sign in.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(help="E-mail address.", show_default=False)]


@app.command()
def add(
    address: Address,
    role: Annotated[str, typer.Option(help="admin, pmm, product, leadership, revops or sales.")] = "pmm",
    name: Annotated[str, typer.Option(help="Name as the desk shows it.")] = "",
) -> None:
    """Add somebody to the desk, or change role and name of somebody who is there."""
    from interviewer import people

    with_deps(lambda deps: people.add_user(deps, address, role, name))
    typer.echo(f"{address} is {role}. For a link to sign in: interviewer user link {address}")
    _tell_unheld()


@app.command()
def link(
    address: Address,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object with `link` and `email`.")] = False,
) -> None:
    """Print a link to sign in with. It works once, and for a day."""
    from interviewer import people

    try:
        made = with_deps(lambda deps: people.make_link(deps, address))
    except NotFound:
        typer.secho(
            f"Nobody who may sign in has the address {address}. Add them: interviewer user add {address}",
            fg="red",
            err=True,
        )
        raise typer.Exit(1) from None
    typer.echo(json.dumps({"link": made, "email": address.strip().lower()}) if as_json else made)


@app.command()
def disable(address: Address) -> None:
    """Sign somebody out everywhere, and let them in no more. `add` lets them in again."""
    from interviewer import people

    try:
        with_deps(lambda deps: people.disable_user(deps, address))
    except NotFound:
        typer.secho(f"Nobody has the address {address}.", fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{address} can no longer sign in.")
    _tell_unheld()


def _tell_unheld() -> None:
    """Whoever leaves may have calls to come, and buyers who wait for them."""
    from interviewer.bookings import handing

    if number := with_deps(handing.count_unheld):
        calls = "1 call to come" if number == 1 else f"{number} calls to come"
        typer.secho(f"Nobody holds {calls} now: hand over what is under Calls at the desk.", fg="yellow", err=True)
