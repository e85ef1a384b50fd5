"""The same for machines: whether this process can take requests, and numbers of the database for Prometheus."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer import __version__
from interviewer.deps import Deps
from interviewer.errors import Unavailable
from interviewer.metrics import Figure
from interviewer.store import health, jobs, operations


async def missing(deps: Deps) -> list[str]:
    """What keeps requests from being answered: `database` (cannot be asked), `migrations` (its tables are older than
    this version's; newer ones are fine, a deploy has both)."""
    try:
        async with deps.db.read() as tx:
            return [] if await health.is_migrated(tx) else ["migrations"]
    except Unavailable:
        return ["database"]
    except Exception as error:
        if health.trouble(error):
            return ["database"]
        raise


async def figures(deps: Deps) -> Sequence[Figure]:
    """Numbers that are the same whichever process or host is asked; without a database only that it is away."""
    version = Figure("interviewer_info", "The version that runs.", {(__version__,): 1}, ("version",))
    up = Figure("interviewer_database_up", "Whether the database answers.", {(): 1})
    now = deps.now()
    try:
        async with deps.db.read() as tx:
            work = await operations.work(tx, heard_since=now - jobs.SILENT)
            mail = await operations.mail(tx, now)
            funnel = await operations.funnel(tx)
            backup = await operations.last_backup(tx)
    except Unavailable:
        return [version, Figure(up.name, up.meaning, {(): 0})]
    waits = (now - work.oldest).total_seconds() if work.oldest else 0.0
    mail_waits = (now - mail.overdue_since).total_seconds() if mail.overdue_since else 0.0
    found = [
        version,
        up,
        Figure("interviewer_jobs", "Background jobs by state.", work.states, ("job", "state")),
        Figure("interviewer_jobs_oldest_seconds", "Age of the oldest job that has not ended.", {(): waits}),
        Figure("interviewer_workers", "Processes that work in the background.", {(): work.workers}),
        Figure("interviewer_mail", "Mails of the send-log by state.", {(k,): n for k, n in mail.states.items()},
               ("state",)),
        Figure("interviewer_mail_overdue_seconds", "Age of the oldest mail that should be out.", {(): mail_waits}),
        Figure("interviewer_funnel", "How far the invited came.", {(k,): n for k, n in funnel.items()}, ("stage",)),
    ]  # fmt: skip
    if backup:
        age = (now - backup).total_seconds()
        found.append(Figure("interviewer_backup_age_seconds", "Since `interviewer backup` last ran.", {(): age}))
    return found
