"""`interviewer user`: who works at the desk, and links to sign in with.

It needs nothing but the server: with mail and the company's sign-in away, it is the way back in.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import NotFound

if TYPE_CHECKING:
    from interviewer.deps import Deps

T = TypeVar("T")

app = typer.Typer(help="Say who works at the desk, and make links to sign in with.", no_args_is_help=True)

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


@app.command("list")
def list_users(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """List who works at the desk: address, role, last seen, and whether they may come in."""
    from interviewer import people

    listing = with_deps(lambda deps: people.listing(deps, people.CONSOLE))
    for one in listing.people:
        seen = one.last_seen_at
        if as_json:
            told = {name: getattr(one, name) for name in ("email", "name", "role", "by_groups", "by_company")}
            told |= {"last_seen_at": seen and seen.isoformat(), "disabled": one.disabled_at is not None}
            typer.echo(json.dumps(told))
        else:
            state = "disabled" if one.disabled_at else "may sign in"
            typer.echo("\t".join((one.email, one.role, f"{seen:%Y-%m-%d}" if seen else "never seen", state)))


@app.command()
def link(
    address: Address,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object with `link` and `email`.")] = False,
) -> None:
    """Print a link to sign in with. It works once, and for a day; where mail is set, admins are told of it."""
    from interviewer import people

    try:
        made = with_deps(lambda deps: people.break_glass(deps, address))
    except NotFound:
        _fail(f"Nobody who may sign in has the address {address}. Add them: interviewer user add {address}")
    typer.echo(json.dumps({"link": made, "email": address.strip().lower()}) if as_json else made)


@app.command()
def role(
    address: Address,
    role: Annotated[str, typer.Argument(help="admin, pmm, product, leadership, revops or sales.", show_default=False)],
) -> None:
    """Give somebody another role. Their sessions end."""
    from interviewer import people

    _on(address, lambda deps, user_id: people.set_role(deps, people.CONSOLE, user_id, role))
    typer.echo(f"{address} is {role}.")
    _tell_unheld()


@app.command()
def disable(address: Address) -> None:
    """Sign somebody out everywhere, and let them in no more. `enable` lets them in again."""
    from interviewer import people

    _on(address, lambda deps, user_id: people.disable(deps, people.CONSOLE, user_id))
    typer.echo(f"{address} can no longer sign in.")
    _tell_unheld()


@app.command()
def enable(address: Address) -> None:
    """Let somebody in again who was disabled, as what they were."""
    from interviewer import people

    _on(address, lambda deps, user_id: people.enable(deps, people.CONSOLE, user_id))
    typer.echo(f"{address} can sign in again.")


@app.command()
def unlink(address: Address) -> None:
    """Forget somebody's company account: the next one with this address is taken for them."""
    from interviewer import people

    _on(address, lambda deps, user_id: people.unlink(deps, people.CONSOLE, user_id))
    typer.echo(f"{address} is recognised anew when they next come from the company's sign-in.")


def _on(address: str, work: Callable[[Deps, str], Awaitable[T]]) -> T:
    """Do something to somebody who is there."""

    async def do(deps: Deps) -> T:
        from interviewer import people

        return await work(deps, await people.find(deps, address))

    try:
        return with_deps(do)
    except NotFound:
        _fail(f"Nobody has the address {address}.")


def _fail(words: str) -> NoReturn:
    typer.secho(words, fg="red", err=True)
    raise typer.Exit(1) from None


def _tell_unheld() -> None:
    """Whoever leaves may have calls to come, and buyers who wait for them."""
    from interviewer.bookings import handing

    if number := with_deps(handing.count_unheld):
        calls = "1 call to come" if number == 1 else f"{number} calls to come"
        typer.secho(f"Nobody holds {calls} now: hand over what is under Calls at the desk.", fg="yellow", err=True)
