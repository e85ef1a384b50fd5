"""A backup is what one moment held; restored, on either database, it is that again, less what was erased since."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, inspect
from sqlmodel import col, select

from interviewer import backups, erasure
from interviewer.backups import archive, erased
from interviewer.deps import Deps
from interviewer.errors import BadInput, InterviewerError, Unavailable
from interviewer.settings import Settings
from interviewer.store import copying, deliveries, migrate, users
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database, file_of
from interviewer.store.tables.deliveries import DeliveryRow, HitRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.invitations import InvitationRow, SuppressionRow
from interviewer.store.tables.people import SessionRow, SignInLinkRow, UserRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.databases import PostgresServer
from tests.fakes.jobs import RecordingJobs
from tests.web import desk_scene as scene

SAID = "zirkonturn: the price of the import, nine days were quoted"


@pytest.fixture(params=["sqlite", "postgres"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database to restore to: without tables, as a new machine has it."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'target' / 'interviewer.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            yield url


At = Callable[[str, Path], Deps]


@pytest.fixture
async def at(make_deps: MakeDeps, settings: Settings) -> AsyncIterator[At]:
    """`Deps` on the database at an address, with a data folder: `at(url, folder)`."""
    opened: list[Database] = []

    def make(url: str, folder: Path) -> Deps:
        opened.append(Database(url))
        return make_deps(opened[-1], settings=settings.model_copy(update={"database_url": url, "data_dir": folder}))

    yield make
    for one in opened:
        await one.close()


async def talked(deps: Deps, jobs: RecordingJobs) -> str:
    """An interview with its analysis. Gives the invitation's id."""
    invitation_id, _ = await scene.play(deps, said=(SAID, *scene.SAID[1:]), **scene.DEAL)
    await jobs.run(deps)
    return invitation_id


async def said(deps: Deps) -> list[str]:
    async with deps.db.read() as tx:
        query = select(TurnRow.text).where(TurnRow.speaker == "buyer").order_by(col(TurnRow.id))
        return list((await tx.exec(query)).all())


async def account(deps: Deps) -> list[copying.Account]:
    async with deps.db.read() as tx:
        tallies: dict[str, copying.Tally] = {}
        async for name, rows in copying.read(tx):
            tallies.setdefault(name, copying.Tally(name)).add(rows)
    left = {*backups.making.LEFT_OUT, "audit"}
    return [tally.account() for name, tally in tallies.items() if name not in left]


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


async def test_a_backup_under_writes_is_of_one_moment(db: Database, make_deps: MakeDeps, tmp_path: Path) -> None:
    """Each reply is there with the answer that it replies to, whatever was written meanwhile."""
    deps = make_deps(db)
    ids = [(await scene.play(deps, said=(), send=False, email=f"b{n}@x.example"))[1] for n in range(4)]
    stop = asyncio.Event()

    async def talk(interview_id: str) -> None:
        for text in scene.SAID:
            if stop.is_set():
                return
            await scene.say(deps, interview_id, text)

    async def back_up() -> list[backups.Made]:
        made = [await backups.make(deps, tmp_path / f"{number}.backup") for number in range(3)]
        stop.set()
        return made

    *_, made = await asyncio.gather(*(talk(one) for one in ids), back_up())
    for one in made:
        kept: dict[str, list[dict[str, object]]] = {}
        async for name, rows in backups.Archive(one.file).batches():
            kept.setdefault(name, []).extend(rows)
        answers = {(row["interview_id"], row["number"]) for row in kept["turns"] if row["speaker"] == "buyer"}
        replies = {(row["interview_id"], row["reply_to"]) for row in kept["turns"] if row["reply_to"]}
        assert answers == replies


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


async def test_what_works_once_and_what_was_tried_stay_out(
    sqlite_deps: Deps, jobs: RecordingJobs, at: At, tmp_path: Path
) -> None:
    """Nothing of how somebody signs in or tried to comes back."""
    deps = sqlite_deps
    await talked(deps, jobs)
    async with deps.db.write() as tx:
        tx.add(UserRow(id="u1", email="mara@x.example", role="pmm", created_at=deps.now()))
        await tx.flush()
        later = deps.now() + timedelta(days=1)
        tx.add(SignInLinkRow(digest="d", user_id="u1", created_at=deps.now(), expires_at=later))
        assert await users.use_once(tx, "used", later)
        tx.add(HitRow(bucket="tried", at=deps.now()))
    kept = backups.Archive((await backups.make(deps, tmp_path / "one.backup")).file)
    names = {name for name, _ in kept.files()} | {one.table for one in kept.manifest.tables}
    assert not names & {"sessions", "signin_links", "used_once", "hits"} and "users" in names


@pytest.mark.parametrize("harm", ["middle", "tables", "no zip", "digest"])
async def test_a_damaged_file_touches_nothing(
    sqlite_deps: Deps, jobs: RecordingJobs, tmp_path: Path, harm: str
) -> None:
    await talked(sqlite_deps, jobs)
    file = (await backups.make(sqlite_deps, tmp_path / "one.backup")).file
    content = bytearray(file.read_bytes())
    if harm == "middle":
        content[len(content) // 2] ^= 0xFF
        archive.beside(file).unlink()
    elif harm == "no zip":
        content = bytearray(b"hello")
        archive.beside(file).unlink()
    elif harm == "digest":
        content += b"x"
    file.write_bytes(content)
    if harm == "tables":
        _rewrite(file, "tables/turns.jsonl", b"")
        archive.beside(file).unlink()
    with pytest.raises(BadInput, match=r"one\.backup"):
        backups.Archive(file)


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


async def test_a_backup_of_a_newer_version_is_refused(sqlite_deps: Deps, tmp_path: Path) -> None:
    file = (await backups.make(sqlite_deps, tmp_path / "one.backup")).file
    archive.beside(file).unlink()
    manifest = json.loads(_read(file, archive.MANIFEST))
    _rewrite(file, archive.MANIFEST, json.dumps(manifest | {"revision": "9999", "version": "9.0"}).encode())
    with pytest.raises(BadInput, match=r"newer version \(9\.0\)"):
        await backups.restore(sqlite_deps, backups.Archive(file), replace_all=True)


async def test_old_backups_make_room(sqlite_deps: Deps, clock: FakeClock, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    made = []
    for _ in range(4):
        made.append(await backups.make(sqlite_deps, folder, keep=2))
        clock.advance(days=1)
    assert [one.name for one in made[-1].removed] == [made[1].file.name]
    assert sorted(path.name for path in folder.glob("*.backup")) == [one.file.name for one in made[2:]]
    assert len(list(folder.glob("*.sha256"))) == 2 and (folder / "notes.txt").is_file()
    with pytest.raises(BadInput, match="needs a folder"):
        await backups.make(sqlite_deps, tmp_path / "x.backup", keep=2)


async def test_keys_are_in_it_only_when_asked_for(
    sqlite_deps: Deps, settings: Settings, jobs: RecordingJobs, tmp_path: Path
) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "own.toml").write_text("# ours")
    deps = replace(sqlite_deps, settings=settings.model_copy(update={"flows_dir": flows}))
    key = settings.secret_keys[0].get_secret_value()
    without = await backups.make(deps, tmp_path / "without.backup")
    assert [name for name, _ in backups.Archive(without.file).files()] == ["flows/own.toml"]
    assert not without.manifest.keys
    kept = await backups.make(deps, tmp_path / "with.backup", keys=True)
    assert dict(backups.Archive(kept.file).files())["secret_keys"] == key.encode() and kept.manifest.keys


async def test_half_a_file_has_no_name(sqlite_deps: Deps, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(archive.Writer, "finish", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        await backups.make(sqlite_deps, tmp_path / "one.backup")
    assert names(tmp_path) == []


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("one*")]


def content(file: Path) -> bytes:
    return file.read_bytes()


def _read(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as kept:
        return kept.read(name)


def _rewrite(file: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(file) as kept:
        members = {one: kept.read(one) for one in kept.namelist()}
    with zipfile.ZipFile(file, "w") as new:
        for one, old in members.items():
            new.writestr(one, content if one == name else old)
