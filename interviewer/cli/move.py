"""`interviewer move`: everything that is kept, from this database to another, of either kind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.errors import BadInput, InterviewerError

if TYPE_CHECKING:
    from interviewer.settings import Settings
    from interviewer.store.copying import Account
    from interviewer.store.db import Database, Tx


def move(
    to: Annotated[
        str, typer.Option(help="Database to move to ('postgresql://user:password@host/name'); it must be empty.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the account as one JSON object.")] = False,
) -> None:
    """Move everything from the database in use to an empty one, of the other kind or of the same.

    Stop the server first. The old database stays as it is; the new one gets all of it, or nothing.
    """
    from interviewer import bootstrap
    from interviewer.cli.running import with_deps
    from interviewer.jobs.sole import without_servers
    from interviewer.library import upkeep
    from interviewer.store import migrate

    source = bootstrap.load_settings()
    bootstrap.check_keys(source)
    target = _target(to)
    _check(source, target)
    with ExitStack() as held:
        held.enter_context(without_servers(source.url))
        migrate.upgrade_all(source.url)
        with _named_by_option():
            held.enter_context(without_servers(target.url))
            migrate.upgrade_all(target.url)
        accounts = asyncio.run(_moved(source.url, target.url))
    indexed = with_deps(lambda deps: upkeep.reindex(deps, lambda _number, _every: None), target)
    if as_json:
        tables = [{"table": one.table, "rows": one.rows, "digest": one.digest} for one in accounts]
        typer.echo(json.dumps({"tables": tables, "indexed": indexed}))
    else:
        _tell(accounts, indexed)


def _target(to: str) -> Settings:
    from interviewer import bootstrap

    try:
        return bootstrap.load_settings(database_url=to)
    except BadInput as error:
        raise InterviewerError("--to: is not the address of a database (postgresql://… or sqlite:///…).") from error


def _check(source: Settings, target: Settings) -> None:
    """Raises InterviewerError for what cannot be moved, before anything is opened."""
    from interviewer.store.db import file_of

    file = file_of(source.url)
    if source.url == target.url or (file and file == file_of(target.url)):
        raise InterviewerError("--to: is the database in use. Name another one.")
    if file and not file.is_file():
        raise InterviewerError(f"There is nothing to move: {file} is not there. INTERVIEWER_DATABASE_URL says which.")


@contextmanager
def _named_by_option() -> Iterator[None]:
    """What keeps a database from being used is told of the one that the option names."""
    from interviewer.store import health

    try:
        yield
    except Exception as error:
        if reason := health.trouble(error):
            raise InterviewerError(f"--to: {reason}") from error
        raise


async def _moved(source_url: str, target_url: str) -> tuple[Account, ...]:
    """Copy in one transaction, read it back, and commit what is the same. Raises InterviewerError, and nothing is
    there, where it is not."""
    from interviewer.store import copying

    async with (
        _opened(source_url) as source,
        _opened(target_url) as target,
        copying.snapshot(source, alone=True) as given,
        target.write() as tx,
    ):
        for database, side in ((source, given), (target, tx)):
            await _check_quiet(database, side)
        if not await copying.is_empty(tx):
            raise InterviewerError("--to: something is kept there already. Name a new, empty database.")
        told = await copying.load(tx, copying.read(given))
        await copying.count_on(tx, await copying.marks(given))
        there = await copying.recount(tx, told)
        if wrong := [one.table for one, other in zip(told, there, strict=True) if one != other]:
            raise InterviewerError(f"What arrived differs in {', '.join(wrong)}; nothing was moved.")
        return told


async def _check_quiet(database: Database, tx: Tx) -> None:
    """Raises InterviewerError while a server works on a PostgreSQL database; of a file, its lock says so."""
    from datetime import UTC, datetime

    from interviewer.store import jobs

    if not database.sqlite and await jobs.heard(tx, since=datetime.now(UTC) - jobs.SILENT):
        seconds = int(jobs.SILENT.total_seconds())
        raise InterviewerError(
            f"A server works on one of the two databases, or was killed in the last {seconds} seconds. Stop it first."
        )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    from interviewer.store.db import Database

    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def _tell(accounts: Sequence[Account], indexed: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("table", "rows", "digest, the same on both sides", box=None, header_style="bold")
    table.columns[1].justify = "right"
    for one in accounts:
        if one.rows:
            table.add_row(one.table, f"{one.rows:,}", one.digest[:16])
    Console(highlight=False).print(table)
    typer.echo(
        f"\nMoved and compared: {sum(one.rows for one in accounts):,} rows. Indexed for the library: {indexed}."
        "\nSet INTERVIEWER_DATABASE_URL to the new database and start the server: it takes up the work that was left."
        "\nThe old database is as it was, people's answers included: delete it once you are content."
    )
