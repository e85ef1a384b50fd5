"""A backup is what one moment held, without what must not be kept; a file that is not whole is refused."""

from __future__ import annotations

import asyncio
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer import backups
from interviewer.backups import archive
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.settings import Settings
from interviewer.store import users
from interviewer.store.db import Database
from interviewer.store.tables.deliveries import HitRow
from interviewer.store.tables.people import SignInLinkRow, UserRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store.backup_scene import talked
from tests.web import desk_scene as scene


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


async def test_what_works_once_and_what_was_tried_stay_out(
    sqlite_deps: Deps, jobs: RecordingJobs, tmp_path: Path
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


def _read(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as kept:
        return kept.read(name)


def _rewrite(file: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(file) as kept:
        members = {one: kept.read(one) for one in kept.namelist()}
    with zipfile.ZipFile(file, "w") as new:
        for one, old in members.items():
            new.writestr(one, content if one == name else old)
