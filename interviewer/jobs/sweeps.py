"""What the clock brings about: rows that have become due. Every process sweeps; each sweep may run beside itself."""

from __future__ import annotations

from datetime import timedelta

from interviewer import backups, checking, deliveries, erasure, interviews, previews, reruns, status, trail
from interviewer.bookings import busy, noes
from interviewer.deps import Deps
from interviewer.jobs.clockwork import Sweep
from interviewer.library import upkeep
from interviewer.store import deliveries as sent
from interviewer.store import external, hits, jobs, spending, users

KEPT_JOBS = timedelta(days=30)
KEPT_MAIL = timedelta(days=90)
KEPT_TRIES = timedelta(days=1)
KEPT_SESSIONS = timedelta(days=7)
KEPT_HOOKS = timedelta(days=7)
"""Longer than any message of a scheduler is taken after it was made."""


async def purge(deps: Deps) -> int:
    """Drop what nobody will ask for any more. Nothing that a buyer said is touched; that is retention's."""
    now = deps.now()
    async with deps.db.write() as tx:
        await jobs.forget(tx, now - KEPT_JOBS)
        await sent.forget(tx, now - KEPT_MAIL)
        await hits.forget(tx, now - KEPT_TRIES)
        await spending.forget(tx, now - KEPT_TRIES)
        await sent.forget_codes(tx, now - KEPT_TRIES)
        await external.forget(tx, heard_before=now - KEPT_HOOKS, nobodys_before=now - KEPT_HOOKS)
        await users.forget_old(tx, now=now, idle_since=now - KEPT_SESSIONS)
    return 0


SWEEPS = (
    Sweep("resume replies", timedelta(seconds=20), interviews.resume_stale),
    Sweep("settle silent interviews", timedelta(minutes=1), checking.settle_silent),
    Sweep("analyse what was missed", timedelta(minutes=5), reruns.queue_missed),
    Sweep("index what cannot be found yet", timedelta(minutes=1), upkeep.catch_up),
    Sweep("send due mail", timedelta(minutes=1), deliveries.queue_due),
    Sweep("remind of calls", timedelta(minutes=1), deliveries.queue_reminders),
    Sweep("settle calls elsewhere with who said no", timedelta(hours=1), noes.settle_all),
    Sweep("read hosts' calendars", busy.EVERY, busy.refresh_all),
    Sweep("erase what is past its time", timedelta(hours=1), erasure.expire_old),
    Sweep("delete old previews", timedelta(hours=1), previews.expire),
    Sweep("forget what was erased", timedelta(minutes=1), erasure.forget),
    Sweep("list what was erased", timedelta(minutes=1), backups.keep_list),
    Sweep("chain what the audit log got", timedelta(minutes=1), trail.keep),
    Sweep("drop old entries of the audit log", timedelta(days=1), trail.expire),
    Sweep("note what went wrong", timedelta(seconds=30), status.note_trouble),
    Sweep("purge", timedelta(days=1), purge),
)
