"""`interviewer doctor`: is everything there that interviews need, and what to do where it is not (trust.md 45)."""

from __future__ import annotations

import asyncio
import ipaddress
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from interviewer.cli import ground
from interviewer.cli.findings import Finding, counted
from interviewer.errors import BadInput, InterviewerError, MailFailed, ProviderAway

if TYPE_CHECKING:
    from interviewer.settings import Settings
    from interviewer.store.db import Database

LOW_DISK = 500_000_000
NO_DISK = 50_000_000
CLOCK_OFF = timedelta(seconds=30)
_OWN = frozenset({"budget", "calendars", "disk"})
"""Looked at here anyway."""
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
        *[finding async for finding in _database(settings)],
        _keys(settings),
        *_names(settings),
        *_unknown(),
        *_disk(settings),
        _flows(settings),
        await _mail(),
        *[finding async for finding in _company(settings)],
        *[finding async for finding in _model(settings)],
        *_booking_page(settings),
        _address(settings),
    ]


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    """The database, its tables, its clock, and opt-outs that can no longer be read."""
    from interviewer.store import health
    from interviewer.store.db import Database, file_of

    file = file_of(settings.url)
    if file and not file.is_file():
        yield Finding("warn", "database", f"{file} is not there yet; `interviewer serve` makes it")
        return
    database = Database(settings.url)
    try:
        schema = await ground.tables(settings, database)
        yield schema
        if schema.state == "fail":
            return
        async for one in ground.around(database, datetime.now(UTC)):
            yield one
        yield await _clock(database)
        yield await _opt_outs(settings, database)
        if found := await budget_of(settings, database, datetime.now(UTC)):
            yield found
        if found := await _calendars(database):
            yield found
        if found := await _unheld(database, datetime.now(UTC)):
            yield found
        for one in await standing(settings, database, datetime.now(UTC)):
            yield one
    except Exception as error:
        if reason := health.trouble(error):
            yield Finding("fail", "database", f"{reason}; check INTERVIEWER_DATABASE_URL")
        elif isinstance(error, InterviewerError):
            yield Finding("fail", "database", str(error))
        else:
            raise
    finally:
        await database.close()


async def _clock(database: Database) -> Finding:
    """A clock that is off ends links early or late, and turns deadlines into nonsense."""
    from interviewer.store import health

    async with database.read() as tx:
        elsewhere, latest = await health.server_time(tx), await health.latest(tx)
    now = datetime.now(UTC)
    if elsewhere and abs(now - elsewhere) > CLOCK_OFF:
        return Finding("fail", "clock", f"{_seconds(now - elsewhere)} off the database's; let both set theirs by NTP")
    if latest and latest - now > CLOCK_OFF:
        return Finding("fail", "clock", f"{_seconds(latest - now)} behind what was last written; set it by NTP")
    return Finding("ok", "clock", f"{now:%Y-%m-%d %H:%M} UTC")


async def _opt_outs(settings: Settings, database: Database) -> Finding:
    from interviewer import suppression
    from interviewer.store import invitations

    async with database.read() as tx:
        kept = await invitations.all_marks(tx)
    lost = suppression.unreadable([key.get_secret_value() for key in settings.secret_keys], kept)
    if lost:
        return Finding(
            "fail",
            "opt-outs",
            f"{lost} of {len(kept)} were kept under a signing key that is gone, so these people could be asked again; "
            "put that key back in front of INTERVIEWER_SECRET_KEYS",
        )
    verb = "is" if len(kept) == 1 else "are"
    return Finding("ok", "opt-outs", f"{counted(len(kept), 'address', 'addresses')} {verb} never written to")


async def budget_of(settings: Settings, database: Database, now: datetime) -> Finding | None:
    """What was taken of the model today; None where nothing was."""
    from interviewer import budget

    async with database.read() as tx:
        today = await budget.today(tx, settings.model_daily_tokens, now)
    if today.used_up:
        return Finding(
            "warn",
            "budget",
            f"today's {today.allowed:,} tokens are used up; the flow's own words and the rules carry on until midnight "
            "UTC. INTERVIEWER_MODEL_DAILY_TOKENS sets more",
        )
    limit = f"of {today.allowed:,}" if today.allowed else "with no limit"
    return Finding("ok", "budget", f"{today.spent:,} tokens of the model today, {limit}") if today.spent else None


async def standing(settings: Settings, database: Database, now: datetime) -> list[Finding]:
    """What the desk's status page says as well: mail, model, what is stuck, the last backup."""
    from interviewer import status

    facts = await status.read(database, settings, now, mails=_mails())
    found = [
        Finding(trouble.level, trouble.area, f"{trouble.what} {trouble.do}")
        for trouble in status.troubles(facts)
        if trouble.area not in _OWN
    ]
    return found or [Finding("ok", "running", "no mail, reply or background work waits too long")]


def _mails() -> bool:
    """Whether a channel is set up; one that is set up wrong is told of by `_mail`."""
    from interviewer import notify

    try:
        return notify.choose() is not None
    except BadInput:
        return False


async def _calendars(database: Database) -> Finding | None:
    """Hosts' own calendars; None where none is read."""
    from interviewer.store import hosts

    async with database.read() as tx:
        connected = [(row, user.name or user.email) for row, user in await hosts.every(tx) if row.busy_url]
    wrong = [
        f"{name}'s{'' if row.busy_until else ', never read'}: {row.busy_error}"
        for row, name in connected
        if row.busy_error
    ]
    if wrong:
        return Finding(
            "warn",
            "calendars",
            "what was known last counts, and nothing is offered beyond; one that was never read holds nothing back. "
            f"{' '.join(wrong)} Their hosts see under Calls at the desk what follows, and can give another address",
        )
    return Finding("ok", "calendars", f"{len(connected)} of hosts are read") if connected else None


async def _unheld(database: Database, now: datetime) -> Finding | None:
    """Calls to come whose host was disabled, or may not see calls any more; None where there are none."""
    from interviewer.bookings import offering
    from interviewer.store import hosts

    async with database.read() as tx:
        count = len(await hosts.unheld(tx, offering.HOSTS, now))
    if not count:
        return None
    them = "it" if count == 1 else "them"
    return Finding(
        "warn",
        "calls",
        f"nobody holds {counted(count, 'call')} to come, since their host left or may not see calls; "
        f"hand {them} to a colleague under Calls at the desk",
    )


def _keys(settings: Settings) -> Finding:
    from interviewer import bootstrap

    try:
        bootstrap.check_keys(settings)
    except BadInput as error:
        return Finding("fail", "keys", str(error))
    return Finding("ok", "keys", f"{counted(len(set(settings.secret_keys)), 'signing key')}, long enough")


def _names(settings: Settings) -> Iterator[Finding]:
    from interviewer import bootstrap

    try:
        bootstrap.check_names(settings)
    except BadInput as error:
        missing = ", ".join(problem.where for problem in error.problems)
        yield Finding("fail", "names", f"buyers are not told who asks about what; set {missing}")
    else:
        yield Finding("ok", "names", f"{settings.asker} of {settings.organisation} asks about {settings.product}")
    if not settings.contact.strip():
        yield Finding(
            "warn",
            "contact",
            "the notice names no address for questions, objections and wishes to be erased; set INTERVIEWER_CONTACT",
        )


def _unknown() -> Iterator[Finding]:
    from interviewer import environment

    for name, meant in environment.unknown().items():
        yield Finding("warn", "settings", f"there is no {name}{f'; is {meant} meant?' if meant else ''}")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir.resolve()
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if free < NO_DISK:
        yield Finding("fail", "disk", f"{free // 1_000_000} MB free at {there}; answers could not be kept. Make room")
    elif free < LOW_DISK:
        yield Finding("warn", "disk", f"{free // 1_000_000} MB free at {there}; make room soon")
    else:
        yield Finding("ok", "disk", f"{free // 1_000_000_000} GB free at {there}")


def _flows(settings: Settings) -> Finding:
    from interviewer import bootstrap

    try:
        return Finding("ok", "flows", ", ".join(bootstrap.read_flows(settings).ids))
    except BadInput as error:
        return Finding("fail", "flows", f"{error.problems[0]}; `interviewer flows check` says more")


async def _mail() -> Finding:
    from interviewer import notify

    try:
        channel = notify.choose()
    except BadInput as error:
        return Finding("fail", "mail", str(error))
    if channel is None:
        return Finding(
            "warn",
            "mail",
            "none, so codes, copies and sign-in links are not mailed; INTERVIEWER_SMTP_HOST and _FROM set it up",
        )
    try:
        await channel.check()
    except MailFailed as error:
        return Finding("fail", "mail", f"the {channel.name} server does not let us in: {error.reason}")
    return Finding("ok", "mail", f"the {channel.name} server answers")


async def _company(settings: Settings) -> AsyncIterator[Finding]:
    """The company's sign-in, where it is set: whether it answers, and what has to be registered there."""
    from interviewer import identity

    try:
        company = identity.choose(settings.base_url)
    except BadInput as error:
        yield Finding("fail", "company", str(error))
        return
    if company is None:
        return
    way_in = "`interviewer user link` prints links to sign in with meanwhile"
    try:
        found = await company.check()
    except ProviderAway as error:
        yield Finding("fail", "company", f"nobody can sign in by the company: {error.reason}; {way_in}")
        return
    many = f"{counted(len(company.roles), 'group')} {'gives' if len(company.roles) == 1 else 'give'} roles"
    groups = many if company.roles else "roles are given at the desk alone"
    yield Finding("ok", "company", f"{found}; {groups}; register {company.back} there as redirect URI")


async def _model(settings: Settings) -> AsyncIterator[Finding]:
    from interviewer import llm
    from interviewer.llm import conformance

    try:
        model = llm.choose(settings.llm, settings.model)
    except BadInput as error:
        yield Finding("fail", "model", str(error))
        return
    try:
        for check in await conformance.check(model):
            # Interviews go on with the flow's own words, so no model trouble stops them.
            yield Finding("ok" if check.ok else "warn", check.name, check.detail)
    finally:
        await model.close()


def _booking_page(settings: Settings) -> Iterator[Finding]:
    """Where buyers book calls elsewhere, and whether we hear of it."""
    from interviewer import schedulers

    if not settings.scheduling_url:
        return
    try:
        scheduler = schedulers.choose(settings.scheduling_url, settings.scheduler)
    except BadInput as error:
        yield Finding("fail", "calls", str(error))
        return
    if scheduler.secret():
        hook = f"{settings.base_url.rstrip('/')}/hooks/{scheduler.name}"
        yield Finding("ok", "calls", f"booked at a page of {scheduler.name}, which is to tell {hook}")
    else:
        yield Finding("ok", "calls", f"booked at a page of {scheduler.name}, which tells us nothing; see docs/calls.md")


def _address(settings: Settings) -> Finding:
    parts = urlsplit(settings.base_url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        return Finding(
            "fail", "address", f"INTERVIEWER_BASE_URL is {settings.base_url!r}; make it like https://talk.example.com"
        )
    if host == "localhost" or _loopback(host):
        return Finding(
            "warn",
            "address",
            f"{settings.base_url} is reached from this machine only; set INTERVIEWER_BASE_URL for buyers",
        )
    if parts.scheme == "http":
        return Finding("warn", "address", f"{settings.base_url} is not https: anybody on the way can read along")
    return Finding("ok", "address", settings.base_url)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(span: timedelta) -> str:
    return f"{abs(span).total_seconds():.0f} s"
