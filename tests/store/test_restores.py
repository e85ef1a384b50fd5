"""A backup restored, on either database, is what it was, less what was erased since; or nothing is changed."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, inspect
from sqlmodel import select

from interviewer import backups, erasure
from interviewer.backups import archive, erased
from interviewer.deps import Deps
from interviewer.errors import InterviewerError, Unavailable
from interviewer.store import copying, deliveries, migrate, users
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database, file_of
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.invitations import InvitationRow, SuppressionRow
from interviewer.store.tables.people import SessionRow, UserRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeIds
from tests.fakes.databases import PostgresServer
from tests.fakes.jobs import RecordingJobs
from tests.store.backup_scene import At, account, at, said, talked, target_url
from tests.web import desk_scene as scene

__all__ = ["at", "target_url"]


async def test_what_was_kept_is_there_again_on_either_database(
    db: Database, make_deps: MakeDeps, at: At, jobs: RecordingJobs, target_url: str, tmp_path: Path
) -> None:
    deps = make_deps(db)
    await talked(deps, jobs)
    before = await account(deps)
    made = await backups.make(deps, tmp_path / "one.backup")
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert (tmp_path / "one.backup.sha256").read_text() == f"{made.digest}  one.backup\n"
    target = at(target_url, tmp_path / "data")
    done = await backups.restore(target, backups.Archive(made.file), replace_all=False)
    assert (done.rows, done.aside, done.erased) == (made.manifest.rows, "", 0)
    assert await account(target) == before
    assert migrate.check(target_url) == ()
    again = replace(target, new_id=FakeIds("new"))
    await scene.play(again, email="later@brightwater.example")  # ids go on where they were


async def test_what_is_there_is_kept_aside_and_only_when_told_to(
    db: Database, jobs: RecordingJobs, at: At, tmp_path: Path
) -> None:
    deps = at(db.url, tmp_path / "data")
    await talked(deps, jobs)
    made = await backups.make(deps, tmp_path / "one.backup")
    await scene.play(deps, email="later@brightwater.example")
    after = await said(deps)
    with pytest.raises(InterviewerError, match="There is something in this database"):
        await backups.restore(deps, backups.Archive(made.file), replace_all=False)
    assert await said(deps) == after
    done = await backups.restore(deps, backups.Archive(made.file), replace_all=True)
    restored = at(db.url, tmp_path)
    assert len(await said(restored)) == 5 and done.aside
    if db.sqlite:
        with closing(sqlite3.connect(done.aside)) as old:
            assert old.execute("SELECT count(*) FROM turns WHERE speaker = 'buyer'").fetchone() == (10,)


async def test_a_server_at_work_is_not_restored_under(
    postgres_server: PostgresServer, at: At, jobs: RecordingJobs, tmp_path: Path
) -> None:
    """On PostgreSQL; of a SQLite file its lock tells, see tests/web/test_cli_backup.py."""
    with postgres_server.fresh() as url:
        deps = at(url, tmp_path / "data")
        await talked(deps, jobs)
        made = await backups.make(deps, tmp_path / "one.backup")
        async with deps.db.write() as tx:
            await store_jobs.beat(tx, "somebody", deps.now())
        with pytest.raises(InterviewerError, match="A server works on this database"):
            await backups.restore(deps, backups.Archive(made.file), replace_all=True)
        await deps.db.close()


async def test_what_was_erased_since_is_erased_again(
    db: Database, at: At, jobs: RecordingJobs, target_url: str, tmp_path: Path
) -> None:
    deps = at(db.url, tmp_path / "data")
    invitation_id = await talked(deps, jobs)
    made = await backups.make(deps, tmp_path / "one.backup")
    async with deps.db.read() as tx:
        interview = (await tx.exec(select(TurnRow.interview_id))).first()
    await erasure.erase(deps, interview or "")
    assert await backups.keep_list(deps) == 2 and await backups.keep_list(deps) == 0
    # The machine is lost: only the list in the data folder is left.
    target = at(target_url, tmp_path / "data")
    done = await backups.restore(target, backups.Archive(made.file), replace_all=False)
    assert done.erased == 1 and not done.knew_old
    async with target.db.read() as tx:
        row = await tx.get(InvitationRow, invitation_id)
        assert row is not None and row.erased_at and not row.email
        assert (await tx.exec(select(SuppressionRow))).first()
    assert not any("zirkonturn" in text for text in await said(target))
    if (file := file_of(target_url)) is not None:
        await target.db.forget()
        assert not any(b"zirkonturn" in part.read_bytes() for part in file.parent.glob("interviewer.db*"))


async def test_the_database_in_use_is_asked_what_was_erased(
    sqlite_deps: Deps, jobs: RecordingJobs, at: At, tmp_path: Path
) -> None:
    deps = at(sqlite_deps.db.url, tmp_path / "data")
    invitation_id = await talked(deps, jobs)
    made = await backups.make(deps, tmp_path / "one.backup")
    await erasure.erase_invitation(deps, await scene.invite(deps, email="other@x.example"))
    async with deps.db.read() as tx:
        interview = (await tx.exec(select(TurnRow.interview_id))).first()
    await erasure.erase(deps, interview or "")
    done = await backups.restore(deps, backups.Archive(made.file), replace_all=True)
    assert done.erased == 1 and done.knew_old and invitation_id
    assert erased.listed(deps.settings) == erased.Erased()


async def test_nobody_is_signed_in_and_no_mail_is_sent_twice(
    sqlite_deps: Deps, jobs: RecordingJobs, at: At, tmp_path: Path
) -> None:
    deps = at(sqlite_deps.db.url, tmp_path / "data")
    await talked(deps, jobs)
    async with deps.db.write() as tx:
        tx.add(UserRow(id="u1", email="mara@x.example", role="pmm", created_at=deps.now()))
        await tx.flush()
        later = deps.now() + timedelta(days=1)
        tx.add(SessionRow(digest="d", user_id="u1", created_at=deps.now(), last_seen_at=deps.now(), expires_at=later))
        for key in ("sent-since", "still-waiting"):
            tx.add(
                DeliveryRow(id=key, event="host_call", state="waiting", message_id=f"<{key}@x>", created_at=deps.now())
            )
    made = await backups.make(deps, tmp_path / "one.backup")
    async with deps.db.write() as tx:
        row = await deliveries.get(tx, "sent-since")
        assert row is not None
        row.state = deliveries.SENT
    done = await backups.restore(deps, backups.Archive(made.file), replace_all=True)
    assert done.mails == 1
    restored = at(deps.db.url, tmp_path)
    async with restored.db.read() as tx:
        assert (await tx.exec(select(SessionRow))).all() == []
        states = dict((await tx.exec(select(DeliveryRow.id, DeliveryRow.state))).all())
        assert states["sent-since"] == "given_up" and states["still-waiting"] == "waiting"
        assert await users.by_email(tx, "mara@x.example") is not None


def left_at(url: str) -> list[str]:
    """What stands of a database at this address: its files and who may read them, or its schemas."""
    if (file := file_of(url)) is not None:
        return sorted(f"{one.name} {stat.S_IMODE(one.stat().st_mode):o}" for one in file.parent.glob(f"{file.name}*"))
    engine = create_engine(url)
    try:
        return sorted(set(inspect(engine).get_schema_names()) - {"information_schema"})
    finally:
        engine.dispose()


async def test_a_restore_that_fails_leaves_nothing(
    db: Database, make_deps: MakeDeps, at: At, jobs: RecordingJobs, target_url: str, tmp_path: Path
) -> None:
    """All that anybody said was in it by then."""
    deps = make_deps(db)
    await talked(deps, jobs)
    kept = backups.Archive((await backups.make(deps, tmp_path / "one.backup")).file)
    tables = kept.manifest.tables
    wrong = tuple(replace(one, digest="0" * 64) if one.table == "turns" else one for one in tables)
    kept.manifest = replace(kept.manifest, tables=wrong)
    target = at(target_url, tmp_path / "data")
    before = left_at(target_url)
    with pytest.raises(InterviewerError, match="What arrived differs from the backup in turns; nothing was changed"):
        await backups.restore(target, kept, replace_all=False)
    assert left_at(target_url) == before
    await target.db.close()


async def test_a_restore_that_cannot_take_its_place_leaves_the_one_in_use(
    sqlite_deps: Deps, jobs: RecordingJobs, at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talked(sqlite_deps, jobs)
    made = await backups.make(sqlite_deps, tmp_path / "one.backup")
    before = await said(sqlite_deps)
    file = file_of(sqlite_deps.db.url)
    assert file is not None
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.name.endswith(".restoring"):
            raise OSError(28, "No space left")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    deps = at(sqlite_deps.db.url, tmp_path / "data")
    with pytest.raises(OSError, match="No space left"):
        await backups.restore(deps, backups.Archive(made.file), replace_all=True)
    assert not [one.name for one in file.parent.glob(f"{file.name}.*")]
    assert await said(at(sqlite_deps.db.url, tmp_path)) == before


async def test_only_its_owner_reads_what_is_restored(
    sqlite_deps: Deps, jobs: RecordingJobs, at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its first byte on, not only when it is in its place."""
    await talked(sqlite_deps, jobs)
    made = await backups.make(sqlite_deps, tmp_path / "one.backup")
    url = f"sqlite+aiosqlite:///{tmp_path / 'target' / 'interviewer.db'}"
    seen: list[str] = []
    upgrade = migrate.upgrade

    def watched(url: str, to: str = "head") -> None:
        seen.extend(left_at(url))
        upgrade(url, to)
        seen.extend(left_at(url))

    monkeypatch.setattr(migrate, "upgrade", watched)
    await backups.restore(at(url, tmp_path / "data"), backups.Archive(made.file), replace_all=False)
    assert seen[0] == "interviewer.db.restoring 600" and {one.rpartition(" ")[2] for one in seen} == {"600"}
    assert left_at(url)[0] == "interviewer.db 600"


async def test_a_database_that_cannot_be_read_is_put_aside(
    sqlite_deps: Deps, jobs: RecordingJobs, at: At, tmp_path: Path
) -> None:
    await talked(sqlite_deps, jobs)
    made = await backups.make(sqlite_deps, tmp_path / "one.backup")
    broken = tmp_path / "broken" / "interviewer.db"
    broken.parent.mkdir()
    broken.write_bytes(b"this is no database" * 500)
    url = f"sqlite+aiosqlite:///{broken}"
    target = at(url, tmp_path / "data")
    with pytest.raises(Unavailable):
        await backups.restore(target, backups.Archive(made.file), replace_all=False)
    done = await backups.restore(target, backups.Archive(made.file), replace_all=True)
    assert content(Path(done.aside)).startswith(b"this is no database")
    restored = at(url, tmp_path)
    assert len(await said(restored)) == 5


async def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    sqlite_deps: Deps, at: At, jobs: RecordingJobs, target_url: str, tmp_path: Path
) -> None:
    """As the release before this one would have made it: without tables and columns that came later."""
    await talked(sqlite_deps, jobs)
    made = backups.Archive((await backups.make(sqlite_deps, tmp_path / "one.backup")).file)
    file = tmp_path / "older.backup"
    writer = archive.Writer(file)
    tables = await writer.add_tables(_as_of(made, "0008", tmp_path))
    writer.finish(replace(made.manifest, revision="0008", tables=tables))
    target = at(target_url, tmp_path / "data")
    await backups.restore(target, backups.Archive(file), replace_all=False)
    assert migrate.check(target_url) == ()
    assert await said(target) == await said(sqlite_deps)


async def _as_of(made: backups.Archive, revision: str, folder: Path) -> AsyncIterator[copying.Batch]:
    """What a backup has, in the tables and columns of an earlier revision."""
    url = f"sqlite:///{folder / 'then.db'}"
    migrate.upgrade(url, revision)
    engine, then = create_engine(url), MetaData()
    then.reflect(engine)
    engine.dispose()
    async for name, rows in made.batches():
        if name in then.tables:
            there = then.tables[name].columns.keys()
            yield name, [{column: row[column] for column in there} for row in rows]


def content(file: Path) -> bytes:
    return file.read_bytes()
