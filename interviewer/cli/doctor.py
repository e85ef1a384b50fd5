"""`interviewer doctor`: is everything there that interviews need, and what to do where it is not (trust.md 45)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli.checks import database, installation, outside, work
from interviewer.cli.findings import Finding
from interviewer.errors import InterviewerError

if TYPE_CHECKING:
    from interviewer.settings import Settings

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    model: Annotated[
        bool, typer.Option("--model", help="Look closely at the configured model instead, with some 30 calls.")
    ] = False,
    price_in: Annotated[float, typer.Option(min=0, help="With --model: price of a million tokens read.")] = 0.0,
    price_out: Annotated[float, typer.Option(min=0, help="With --model: price of a million tokens written.")] = 0.0,
) -> None:
    """Check database, keys, disk, mail, model, address and clock, and say what to do. Changes nothing.

    Exit code 1 where something failed. A configured model is asked one short question; with --model it is tried at
    its job, on answers that a person has labelled.
    """
    from interviewer import bootstrap

    if model:
        from interviewer.cli.model_trial import examine

        findings = examine(price_in, price_out)
    else:
        findings = asyncio.run(_collect(bootstrap.load_settings()))
    for finding in findings:
        typer.echo(
            f"{typer.style(f'{finding.state:<4}', fg=_COLOURS[finding.state])}  {finding.what:<9} {finding.detail}"
        )
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(1)


async def _collect(settings: Settings) -> list[Finding]:
    return [
        *[finding async for finding in _kept(settings)],
        installation.keys(settings),
        *installation.names(settings),
        *installation.unknown(),
        *installation.disk(settings),
        installation.flows(settings),
        await outside.mail(),
        *[finding async for finding in outside.company(settings)],
        *[finding async for finding in outside.model(settings)],
        *outside.booking_page(settings),
        installation.address(settings),
    ]


async def _kept(settings: Settings) -> AsyncIterator[Finding]:
    """The database, and what it says of the work; nothing of that where it cannot be used."""
    from interviewer.store import health
    from interviewer.store.db import Database, file_of

    file = file_of(settings.url)
    if file and not file.is_file():
        yield Finding("warn", "database", f"{file} is not there yet; `interviewer serve` makes it")
        return
    opened, now = Database(settings.url), datetime.now(UTC)
    try:
        schema = await database.tables(settings, opened)
        yield schema
        if schema.state == "fail":
            return
        async for one in database.around(opened, now):
            yield one
        yield await database.clock(opened)
        yield await database.opt_outs(settings, opened)
        for found in (
            await work.tokens(settings, opened, now),
            await work.calendars(opened),
            await work.unheld(opened, now),
            *await work.standing(settings, opened, now),
        ):
            if found:
                yield found
    except Exception as error:
        if reason := health.trouble(error):
            yield Finding("fail", "database", f"{reason}; check INTERVIEWER_DATABASE_URL")
        elif isinstance(error, InterviewerError):
            yield Finding("fail", "database", str(error))
        else:
            raise
    finally:
        await opened.close()
