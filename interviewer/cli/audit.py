"""`interviewer audit`: who did what to what, and whether the log of it is whole."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import NotFound

if TYPE_CHECKING:
    from interviewer.confidentiality import Seen
    from interviewer.deps import Deps
    from interviewer.records.trail import Trail

app = typer.Typer(help="Read and check the log of who did what.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day (UTC), included.", show_default=False)]


@app.command()
def verify(
    head: Annotated[str, typer.Option(help="A digest noted earlier: is that entry still there?")] = "",
    as_json: AsJson = False,
) -> None:
    """Check that no entry was changed, removed or slipped in; exit code 1 where one was, and which is the first.

    Prints the digest of the last entry: keep it elsewhere, and give it to `--head` the next time.
    """
    from interviewer import people, trail

    found = with_deps(lambda deps: trail.verify(deps, people.CONSOLE, head=head))
    if as_json:
        names = ("whole", "entries", "waiting", "dropped", "head", "position", "wrong", "doubt")
        typer.echo(json.dumps({name: getattr(found, name) for name in names}))
    elif found.whole:
        dropped = f" The first {found.dropped:,} went with their time." if found.dropped else ""
        typer.echo(f"The log is whole: {found.entries:,} entries follow from one another.{dropped}")
        typer.echo(f"head {found.head}")
        if found.doubt:
            typer.secho(f"But: {found.doubt}", fg="yellow", err=True)
    else:
        typer.secho(f"The log is not what was written. {found.wrong}", fg="red", err=True)
    if not found.whole:
        raise typer.Exit(1)


@app.command("list")
def list_entries(
    by: Annotated[str, typer.Option(help="Address of who did it; `-`: buyers, the clock, the server.")] = "",
    verb: Annotated[str, typer.Option(help="How the act begins: `exported`, `deleted`.")] = "",
    kind: Annotated[str, typer.Option(help="To what: interview, invitation, user, key, export, setting…")] = "",
    of: Annotated[str, typer.Option(help="A part of the id of what it was done to.")] = "",
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="So many at most, the latest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what was done, the latest first."""

    async def read(deps: Deps) -> Seen[Trail]:
        from interviewer import people, trail

        who = by if by in ("", trail.NOBODY) else await people.find(deps, by)
        first, last = since.date() if since else None, until.date() if until else None
        wanted = trail.Wanted(by=who, verb=verb, kind=kind, of=of, first=first, last=last)
        return await trail.listing(deps, people.CONSOLE, wanted, limit=limit)

    try:
        found = with_deps(read)
    except NotFound:
        typer.secho(f"Nobody has the address {by}.", fg="red", err=True)
        raise typer.Exit(1) from None
    for one in found.entries:
        of_what = f"{one.kind}:{one.ref}" if one.ref else one.kind
        told = {"at": one.at.isoformat(), "by": one.email or one.who, "verb": one.verb, "of": of_what}
        if as_json:
            typer.echo(json.dumps(told | {"entry": one.position, "digest": one.digest}))
        else:
            typer.echo("\t".join((f"{one.at:%Y-%m-%d %H:%M:%S}", one.email or one.who or "-", one.verb, of_what)))
