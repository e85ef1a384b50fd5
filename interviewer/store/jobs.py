"""Background work as the desk shows it: one row for each job and key, whatever engine runs it.

`run` counts what was handed to the engine. A run that is not the newest finds out here and does nothing, so that
asking twice, retrying and handing work over after a crash cannot double it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import inspect
from sqlmodel import col, delete, select, update

from interviewer.store.db import Tx, add_new
from interviewer.store.tables.analysis import JobRunRow
from interviewer.store.tables.deliveries import HeartbeatRow

_CHUNK = 500
"""Values in one IN (…)."""
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
AT_WORK = (QUEUED, RUNNING)
SILENT = timedelta(seconds=25)
"""A worker that was not heard of for so long is dead: five beats, and more than clocks of hosts may differ."""


async def get(tx: Tx, job: str, key: str) -> JobRunRow | None:
    return await tx.get(JobRunRow, (job, key), populate_existing=True)


async def states(tx: Tx, job: str, keys: Collection[str]) -> list[str]:
    """Where `job` stands for each of these keys that it was asked for, one after the other."""
    return list((await by_key(tx, job, keys)).values())


async def by_key(tx: Tx, job: str, keys: Collection[str]) -> Mapping[str, str]:
    """Where `job` stands for each of these keys that it was asked for."""
    found: dict[str, str] = {}
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        query = select(JobRunRow.key, JobRunRow.state).where(JobRunRow.job == job, col(JobRunRow.key).in_(chunk))
        found.update((await tx.exec(query)).all())
    return found


async def ask(tx: Tx, job: str, key: str, now: datetime) -> int | None:
    """Want `job` done for `key`. Gives the run to hand to the engine, None when one is due or will follow."""
    row = await _locked(tx, job, key, now)
    if row.state == QUEUED and not row.attempts:
        return None
    if row.state == RUNNING:
        row.again = True
        return None
    return _hand_over(row, now, attempts=0)


async def renew(tx: Tx, job: str, key: str, run: int, now: datetime) -> int | None:
    """Hand `run` over anew, because the engine lost it. None when it is not the newest, or is over."""
    row = await _locked(tx, job, key, now)
    if row.run != run or row.state not in AT_WORK:
        return None
    return _hand_over(row, now, attempts=row.attempts)


async def begin(tx: Tx, job: str, key: str, run: int, now: datetime, *, tries: int) -> bool:
    """Whether this run may work now. What dies with its process `tries` times has failed."""
    row = await _locked(tx, job, key, now)
    if row.run != run or row.state not in AT_WORK:
        return False
    if row.attempts >= tries:
        row.state, row.error, row.finished_at = FAILED, row.error or "the process ended", now
        return False
    row.state, row.attempts, row.again, row.finished_at = RUNNING, row.attempts + 1, False, None
    return True


async def is_overtaken(tx: Tx, job: str, key: str, run: int, now: datetime) -> bool:
    """Whether another worker has ended this run, or works on a newer one: then how it ends does not count."""
    row = await _locked(tx, job, key, now)
    return row.run > run or (row.run == run and row.state != RUNNING)


async def finish(tx: Tx, job: str, key: str, run: int, now: datetime) -> int | None:
    """This run worked. Gives the run to hand over when the job was asked for meanwhile."""
    row = await _locked(tx, job, key, now)
    if row.run != run or row.state != RUNNING:
        return None
    row.state, row.error, row.finished_at = DONE, "", now
    return _hand_over(row, now, attempts=0) if row.again else None


async def fail(
    tx: Tx, job: str, key: str, run: int, now: datetime, *, error: str, pauses: Sequence[timedelta]
) -> tuple[int, timedelta] | None:
    """This run failed. Gives the next one and which of `pauses` comes before it; None when it has failed for good."""
    row = await _locked(tx, job, key, now)
    if row.run != run or row.state != RUNNING:
        return None
    row.state, row.error, row.finished_at = FAILED, error, now
    if row.again:
        return _hand_over(row, now, attempts=0), timedelta(0)
    if row.attempts > len(pauses):
        return None
    pause = pauses[row.attempts - 1]
    return _hand_over(row, now, attempts=row.attempts), pause


async def has_table(tx: Tx, name: str, schema: str | None) -> bool:
    """Whether the engine's own tables were made in this database."""
    connection = await tx.connection()
    return await connection.run_sync(lambda sync: inspect(sync).has_table(name, schema=schema))


async def unfinished(tx: Tx, *, before: datetime) -> list[tuple[str, str, int]]:
    """Job, key and run of what was handed over before then and has not ended."""
    query = select(JobRunRow.job, JobRunRow.key, JobRunRow.run).where(
        col(JobRunRow.state).in_(AT_WORK), JobRunRow.queued_at < before
    )
    return [(job, key, run) for job, key, run in (await tx.exec(query)).all()]


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what was done by then; what failed stays to be seen."""
    await tx.exec(delete(JobRunRow).where(col(JobRunRow.state) == DONE, col(JobRunRow.finished_at) < before))


async def beat(tx: Tx, executor_id: str, now: datetime) -> None:
    """This worker is alive."""
    if not await add_new(tx, HeartbeatRow(executor_id=executor_id, at=now)):
        await tx.exec(update(HeartbeatRow).where(col(HeartbeatRow.executor_id) == executor_id).values(at=now))


async def sign_off_silent(tx: Tx, now: datetime) -> None:
    """Workers that were not heard of for `SILENT` are dead: what they left may be handed on."""
    await tx.exec(delete(HeartbeatRow).where(col(HeartbeatRow.at) < now - SILENT))


async def signed_on(tx: Tx) -> set[str]:
    """Workers that have begun, and of which neither they nor others said that they ended."""
    return set((await tx.exec(select(HeartbeatRow.executor_id))).all())


async def heard(tx: Tx, *, since: datetime) -> set[str]:
    """Workers that were heard of since then."""
    return set((await tx.exec(select(HeartbeatRow.executor_id).where(col(HeartbeatRow.at) >= since))).all())


async def sign_off(tx: Tx, executor_id: str) -> None:
    """This worker ends; what it left may be handed on at once."""
    await tx.exec(delete(HeartbeatRow).where(col(HeartbeatRow.executor_id) == executor_id))


def _hand_over(row: JobRunRow, now: datetime, *, attempts: int) -> int:
    row.run, row.state, row.attempts, row.again, row.queued_at = row.run + 1, QUEUED, attempts, False, now
    return row.run


async def _locked(tx: Tx, job: str, key: str, now: datetime) -> JobRunRow:
    """The row, made where there is none, and held against others until the transaction ends."""
    await add_new(tx, JobRunRow(job=job, key=key, state=DONE, queued_at=now))
    query = select(JobRunRow).where(JobRunRow.job == job, JobRunRow.key == key).with_for_update()
    return (await tx.exec(query.execution_options(populate_existing=True))).one()
