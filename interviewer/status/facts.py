"""What there is to know of the installation, read in one transaction."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from interviewer import budget, notify
from interviewer.settings import Settings
from interviewer.store import hosts, jobs, operations, users
from interviewer.store.db import Database

LATELY = timedelta(hours=1)
"""What is meant where the page says "in the last hour"."""
PATIENT = timedelta(minutes=2)
"""A reply that is due for longer waits for somebody to take it up."""
LOOKED = timedelta(days=2)
"""The audit log's old end is looked at every day; what was found before that no longer is."""
MODEL = "model"
"""Subject of the troubles that are kept."""


@dataclass(frozen=True)
class Facts:
    now: datetime
    demo: bool
    mails: bool
    """Whether there is a mail server."""
    mail: operations.Mail
    words: Mapping[str, int]
    """Replies in the last hour by who worded them."""
    failure: str
    """Kind of the model's last failure, whichever process had it; empty where none is kept."""
    failed_at: datetime | None
    used_up: bool
    """The day's tokens are."""
    work: operations.Work
    replies_due: int
    calendars: int
    """Hosts' calendars that are read."""
    unread: tuple[tuple[str, str], ...]
    """Host, and why their calendar could not be read last."""
    webhooks: Mapping[str, datetime]
    invited: int
    sqlite: bool
    size: int
    """Bytes of the database."""
    free: int
    """Bytes free where the data folder is."""
    backup_at: datetime | None
    log_wrong: str = ""
    """How the audit log was found to be broken; empty where it was not, lately."""
    kept_admins: tuple[str, ...] = ()
    """Whose admin's role stays against the company's groups."""


async def read(db: Database, settings: Settings, now: datetime, *, mails: bool | None = None) -> Facts:
    """How things stand now. Raises Unavailable where the database cannot be asked.

    `mails`: whether mail is sent, where that is known already.
    """
    async with db.read() as tx:
        trouble = await operations.trouble(tx, MODEL)
        log = await operations.trouble(tx, operations.AUDIT_LOG)
        connected = [(row, user) for row, user in await hosts.every(tx) if row.busy_url]
        return Facts(
            now=now,
            demo=settings.demo,
            mails=notify.choose() is not None if mails is None else mails,
            mail=await operations.mail(tx, now),
            words=await operations.words_since(tx, now - LATELY),
            failure=trouble.words if trouble else "",
            failed_at=trouble.at if trouble else None,
            used_up=(await budget.today(tx, settings.model_daily_tokens, now)).used_up,
            work=await operations.work(tx, heard_since=now - jobs.SILENT),
            replies_due=await operations.replies_due(tx, now - PATIENT),
            calendars=len(connected),
            unread=tuple((user.name or user.email, row.busy_error) for row, user in connected if row.busy_error),
            webhooks=await operations.webhooks(tx),
            invited=(await operations.funnel(tx))["invited"],
            sqlite=db.sqlite,
            size=await operations.size(tx),
            free=free_at(settings.data_dir),
            backup_at=await operations.last_backup(tx),
            log_wrong=log.words if log is not None and now - log.at < LOOKED else "",
            kept_admins=tuple(await users.kept_admins(tx)),
        )


def free_at(folder: Path) -> int:
    """Bytes free where `folder` is, or will be."""
    whole = folder.resolve()
    there = next(path for path in (whole, *whole.parents) if path.is_dir())
    return shutil.disk_usage(there).free
