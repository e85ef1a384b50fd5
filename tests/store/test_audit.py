"""The audit log is a chain: one writer at a time, whatever was changed shows, and what is past its time may go."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, delete, select

import interviewer
from interviewer import people, status, trail
from interviewer.confidentiality import Role, Seen, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed
from interviewer.records.trail import Verdict
from interviewer.settings import Settings
from interviewer.store import audit
from interviewer.store.db import Database, Tx
from interviewer.store.tables.people import AnchorRow, AuditRow
from interviewer.trail import Wanted
from tests.conftest import MakeDeps
from tests.fakes import audit_log
from tests.fakes.clock import FakeClock

ADMIN = Viewer("admin-1", Role.ADMIN)


async def did(deps: Deps, count: int, verb: str = "viewed transcript") -> None:
    """So many acts, each in a transaction of its own."""
    for number in range(count):
        async with deps.db.write() as tx:
            audit.add(tx, "pmm-1", verb, f"interview:i{number}", deps.now())


async def check(deps: Deps, head: str = "") -> Seen[Verdict]:
    return await trail.verify(deps, ADMIN, head=head)


async def tamper(deps: Deps, statement: str) -> None:
    """As somebody does who reaches the database past the application."""
    async with deps.db.write() as tx:
        await (await tx.connection()).execute(text(statement))


async def test_each_entry_follows_from_the_one_before(deps: Deps) -> None:
    await did(deps, 3)
    async with deps.db.write() as tx:  # several in one transaction
        for verb in ("deleted", "set to sales"):
            audit.add(tx, "", verb, 'user:ö/"x"', deps.now())
    async with deps.db.read() as tx:
        rows = await audit_log.entries(tx)
        assert (await audit.head(tx)).digest == rows[-1].digest
    assert [row.position for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows] == ["", *(row.digest for row in rows[:-1])]
    assert len({row.digest for row in rows}) == 5 and all(row.digest == audit.digest_of(row) for row in rows)
    found = await check(deps)
    assert found.whole and found.entries == 5 and found.head == rows[-1].digest and found.wrong == ""
    assert (await check(deps)).entries == 6  # that it was checked is in it


@pytest.mark.parametrize(
    ("statement", "position", "wrong"),
    [
        ("UPDATE audit SET verb = 'signed in' WHERE position = 3", 3, "Entry 3 is not what was written."),
        ("UPDATE audit SET user_id = '' WHERE position = 1", 1, "Entry 1 is not what was written."),
        ("UPDATE audit SET at = (SELECT max(at) FROM audit) WHERE position = 2", 2, "Entry 2 is not what was written."),
        ("UPDATE audit SET digest = previous WHERE position = 4", 4, "Entry 4 is not what was written."),
        ("DELETE FROM audit WHERE position = 2", 3, "Before entry 3, entry 2 is missing."),
        ("DELETE FROM audit WHERE position < 4", 4, "Before entry 4, entries from 1 are missing."),
        ("UPDATE audit SET position = NULL WHERE position = 3", 4, "Before entry 4, entry 3 is missing."),
        ("UPDATE audit SET previous = '' WHERE position = 5", 5, "Entry 5 does not follow from the one before it."),
    ],
)
async def test_the_first_entry_that_was_touched_is_named(
    deps: Deps, clock: FakeClock, statement: str, position: int, wrong: str
) -> None:
    for _ in range(6):
        await did(deps, 1)
        clock.advance(minutes=1)
    await tamper(deps, statement)
    found = await check(deps)
    assert (found.whole, found.position, found.wrong) == (False, position, wrong)


async def test_an_end_that_was_cut_off_shows_beside_a_digest_noted_earlier(deps: Deps) -> None:
    await did(deps, 6)
    noted = (await check(deps)).head
    assert (await check(deps, head=noted.upper())).whole  # more may follow
    await tamper(deps, "DELETE FROM audit WHERE position >= 5")
    assert (await check(deps)).whole  # by itself it cannot be told
    found = await check(deps, head=noted)
    assert not found.whole and "cut off or made anew" in found.wrong


async def cut(deps: Deps, upto: int) -> None:
    """Cut the front off, and have the rest begin there."""
    async with deps.db.write() as tx:
        last = (await tx.exec(select(AuditRow).where(AuditRow.position == upto))).one()
        tx.add(AnchorRow(position=upto, digest=last.digest, at=deps.now()))
        await tx.exec(delete(AuditRow).where(col(AuditRow.position) <= upto))


async def positions(deps: Deps) -> list[int | None]:
    async with deps.db.read() as tx:
        return list((await tx.exec(select(AuditRow.position).order_by(col(AuditRow.position)))).all())


async def test_one_writer_at_a_time(make_deps: MakeDeps, database_url: str) -> None:
    """As two processes do it: each with connections of its own."""
    servers = [make_deps(Database(database_url)) for _ in range(2)]
    await asyncio.gather(*(did(servers[number % 2], 5, f"by {number}") for number in range(8)))
    found = await check(servers[0])
    assert found.whole and found.entries == 40
    async with servers[1].db.read() as tx:
        positions = (await tx.exec(select(AuditRow.position).order_by(col(AuditRow.position)))).all()
    assert positions == list(range(1, 42))
    for server in servers:
        await server.db.close()


async def test_nothing_is_left_of_what_was_rolled_back(deps: Deps) -> None:
    await did(deps, 1)
    with pytest.raises(ZeroDivisionError):
        async with deps.db.write() as tx:
            audit.add(tx, "", "deleted", "interview:1", deps.now())
            raise ZeroDivisionError
    await did(deps, 1)
    found = await check(deps)
    assert found.whole and found.entries == 2


async def test_entries_of_the_release_before_get_their_place(deps: Deps) -> None:
    """It knows no chain, and runs beside this one while a deploy lasts."""
    await did(deps, 1)
    async with deps.db.write() as tx:
        for number in range(2):
            tx.add(AuditRow(at=deps.now(), user_id="old", verb="signed in", object=f"user:{number}"))
    async with deps.db.read() as tx:
        assert await audit.unsealed(tx) == 2
    assert (await check(deps)).whole  # and with it they are in
    assert await trail.keep(deps) == 0
    found = await check(deps)
    assert found.whole and found.entries == 4 and found.waiting == 0


async def test_what_is_past_its_time_goes_and_the_rest_still_follows(deps: Deps, clock: FakeClock) -> None:
    settings = deps.settings
    days = max(settings.audit_days, settings.retention_days + settings.link_days)
    await did(deps, 4)
    noted = (await check(deps)).head
    clock.advance(days=days - 1)
    await did(deps, 2)
    assert await trail.expire(deps) == 0
    clock.advance(days=2)
    assert await trail.expire(deps) == 4  # the latest of the five shows that the others were due
    found = await check(deps)
    assert found.whole and found.dropped == 4 and found.first_at is not None
    async with deps.db.read() as tx:
        assert [row.position for row in await audit_log.entries(tx)][:2] == [5, 6]
        anchors = (await tx.exec(select(AnchorRow.position))).all()
    assert anchors == [4]
    assert (await check(deps, head=noted)).whole  # what was noted is where the rest begins
    assert await trail.expire(deps) == 0
    clock.advance(days=days + 1)
    assert await trail.expire(deps) > 0  # the last entry stays
    assert (await check(deps)).whole
    old = await check(deps, head=noted)
    assert not old.whole and "older than what was kept (entry " in old.wrong
    await tamper(deps, "DELETE FROM audit_anchors")
    assert not (await check(deps)).whole


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ({"audit_days": 400, "retention_days": 300, "link_days": 50}, 400),
        ({"audit_days": 30, "retention_days": 300, "link_days": 50}, 350),
    ],
)
async def test_nothing_goes_before_what_it_is_about(
    db: Database, settings: Settings, make_deps: MakeDeps, clock: FakeClock, changed: dict[str, int], days: int
) -> None:
    deps = make_deps(db, settings=settings.model_copy(update=changed))
    await did(deps, 3)
    clock.advance(days=days - 1)
    await did(deps, 1)
    assert await trail.expire(deps) == 0
    clock.advance(days=2)
    assert await trail.expire(deps) == 2


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET verb = 'x' WHERE position = 2", "Entry 2 is not what was written."),
        ("DELETE FROM audit WHERE position = 3", "Before entry 4, entry 3 is missing."),
        ("DELETE FROM audit WHERE position IN (3, 4)", "Before entry 5, entries from 3 are missing."),
        ("DELETE FROM audit WHERE position = 5", "Before entry 6, entries from 5 are missing."),
        ("UPDATE audit SET verb = 'x' WHERE position = 5", "Entry 5 is not what was written."),
    ],
)
async def test_a_broken_log_is_not_let_go_of(deps: Deps, clock: FakeClock, statement: str, told: str) -> None:
    """What would tell stays, and the status page and `doctor` say so until it was looked at again and held."""
    await did(deps, 5)
    clock.advance(days=2000)
    await did(deps, 1)
    await tamper(deps, statement)
    before = await positions(deps)
    assert await trail.expire(deps) == 0 and await positions(deps) == before
    assert not (await check(deps)).whole
    facts = await status.read(deps.db, deps.settings, deps.now())
    (trouble,) = [one for one in status.troubles(facts) if one.area == "audit log"]
    assert trouble.level == "fail" and told in trouble.what
    clock.advance(days=3)
    assert (await status.read(deps.db, deps.settings, deps.now())).log_wrong == ""


async def test_a_front_that_was_cut_off_shows(deps: Deps) -> None:
    """With an anchor in its place the rest follows, and the digest that was noted is there still."""
    await did(deps, 6)
    noted = (await check(deps)).head
    await cut(deps, 4)
    found = await check(deps, noted)
    assert not found.whole and found.wrong == "Entries up to 4 are missing, and none says that they were dropped."
    await tamper(deps, "DELETE FROM audit")
    assert not (await check(deps)).whole


async def test_a_front_that_was_cut_off_before_its_time_shows(deps: Deps, clock: FakeClock) -> None:
    """Also with an entry that says that it was due; and what comes to be due later does not wash it out."""
    await trail.note_settings(deps)
    await did(deps, 6)
    clock.advance(days=10)
    await cut(deps, 4)
    async with deps.db.write() as tx:
        audit.add(tx, "", audit.DROPPED, "audit:4", deps.now())
    found = await check(deps)
    assert not found.whole and found.wrong == "Entries up to 4 were dropped before they were 1,095 days old."
    clock.advance(days=2000)
    assert await trail.expire(deps) == 0
    assert not (await check(deps)).whole


async def test_days_that_were_fewer_once_are_no_fault(deps: Deps, make_deps: MakeDeps, clock: FakeClock) -> None:
    """Though what the settings were went with the entries: they are noted again, so that a change is told as one."""
    few = deps.settings.model_copy(update={"audit_days": 30, "retention_days": 30, "link_days": 10})
    then = make_deps(deps.db, settings=few)
    await trail.note_settings(then)
    clock.advance(days=41)
    await did(then, 2)
    assert await trail.expire(then) > 0 and (await check(then)).whole
    assert not (await check(deps)).whole
    assert await trail.note_settings(deps) == 3
    assert (await check(deps)).whole


async def test_an_entry_that_is_dated_back_shows(deps: Deps, clock: FakeClock) -> None:
    """One that was added past the application gets a place as those of the release before do."""
    await did(deps, 3)
    clock.advance(days=3)
    await did(deps, 1)
    async with deps.db.write() as tx:
        earlier = deps.now() - timedelta(hours=2)
        tx.add(AuditRow(at=earlier, user_id="mara", verb="exported", object="export:all"))
    await trail.keep(deps)
    await did(deps, 2)
    found = await check(deps)
    assert (found.whole, found.wrong, found.entries) == (True, "", 7), "a clock that was wrong once hides nothing later"
    assert found.doubt.startswith(f"Entry 5 is dated {earlier:%Y-%m-%d %H:%M} UTC, long before the one that it follows")
    await tamper(deps, "UPDATE audit SET verb = 'x' WHERE position = 6")  # and hides nothing that is worse
    found = await check(deps)
    assert (found.wrong, found.doubt) == ("Entry 6 is not what was written.", "")


async def test_clocks_of_several_hosts_may_differ_a_little(deps: Deps) -> None:
    await did(deps, 1)
    async with deps.db.write() as tx:
        audit.add(tx, "", "signed in", "user:1", deps.now() - timedelta(minutes=50))
    assert (await check(deps)).whole


async def test_what_is_dropped_while_it_is_checked_is_no_fault(
    deps: Deps, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is checked as it was at one moment, on either database."""
    await did(deps, 5)
    clock.advance(days=4000)
    await did(deps, 2)
    anchor, dropped = audit.anchor, list[int]()

    async def read_before(tx: Tx) -> audit.Link:
        found = await anchor(tx)
        if not dropped:
            dropped.append(0)
            dropped.append(await trail.expire(deps))
        return found

    monkeypatch.setattr(audit, "anchor", read_before)
    found = await check(deps)
    assert found.whole and found.dropped == 0 and dropped[1:] == [4]
    assert (await check(deps)).dropped == 4


async def test_the_listing_by_filters(deps: Deps, clock: FakeClock) -> None:
    mara = await people.add_user(deps, "mara@x.example", "admin", "Mara")
    await did(deps, 3)
    clock.advance(days=3)
    async with deps.db.write() as tx:
        audit.add(tx, mara, "exported quotes", "export:quotes.csv", deps.now())
        audit.add(tx, "", "deleted by the buyer", "invitation:100%_x", deps.now())
    today = deps.now().date()

    async def found(**asked: object) -> list[str]:
        listing = await trail.listing(deps, ADMIN, Wanted(**asked))  # type: ignore[arg-type]
        return [entry.verb for entry in listing.entries]

    assert (await found())[:2] == ["deleted by the buyer", "exported quotes"]
    assert await found(by=mara) == await found(verb="Exported") == await found(kind="export") == ["exported quotes"]
    assert await found(by=trail.NOBODY) == ["deleted by the buyer", "added as admin"]
    first = (await trail.listing(deps, ADMIN, Wanted())).entries[0]
    assert (first.who, first.did) == ("The buyer", "deleted")
    assert await found(of="%_") == ["deleted by the buyer"] and await found(verb="%") == []
    assert len(await found(first=today)) == 2 and len(await found(last=today - timedelta(days=1))) == 4
    listing = await trail.listing(deps, ADMIN, Wanted(page=99), limit=4)
    assert (listing.pages, listing.page, listing.found, len(listing.entries)) == (2, 2, 6, 2)
    assert {entry.page for entry in (await trail.listing(deps, ADMIN, Wanted(kind="interview"))).entries} == {
        f"/desk/interviews/i{number}" for number in range(3)
    }
    entry = (await trail.listing(deps, ADMIN, Wanted(by=mara))).entries[0]
    assert (entry.who, entry.email) == ("Mara", "mara@x.example")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_only_admins_read_it(sqlite_deps: Deps, role: Role) -> None:
    for work in (trail.verify(sqlite_deps, Viewer("u", role)), trail.listing(sqlite_deps, Viewer("u", role), Wanted())):
        with pytest.raises(NotAllowed):
            await work


async def test_changed_settings_are_noted_by_name_and_once(deps: Deps, make_deps: MakeDeps) -> None:
    assert await trail.note_settings(deps) == len(trail.NOTED)
    assert await trail.note_settings(deps) == 0
    secret = "postgresql://ann:hunter2@db.example/interviewer"
    changed = deps.settings.model_copy(update={"retention_days": 30, "database_url": secret, "organisation": "Zirkon"})
    later = make_deps(deps.db, settings=changed)
    found = await asyncio.gather(*(trail.note_settings(later) for _ in range(3)))
    assert sorted(found) == [0, 0, 3]
    async with deps.db.read() as tx:
        rows = await audit_log.entries(tx)
    assert {row.object.split(":")[1] for row in rows[-3:]} == {"retention_days", "database_url", "organisation"}
    told = json.dumps([row.model_dump(mode="json") for row in rows])
    assert "hunter2" not in told and "Zirkon" not in told and "Tidewater" not in told
    assert await trail.note_settings(deps) == 3  # and back again


@pytest.mark.parametrize("of", ["setting", "setting:model", "setting:model:a:b", ""])
async def test_an_entry_that_says_nothing_of_a_setting_stops_no_start(deps: Deps, of: str) -> None:
    await trail.note_settings(deps)
    async with deps.db.write() as tx:
        audit.add(tx, "", "changed setting", of, deps.now())
    assert await trail.note_settings(deps) == 0


def test_nobody_else_changes_the_log() -> None:
    """`store/audit.py` adds, seals and drops; in no other module does a statement name its tables to change them."""
    source = Path(interviewer.__file__).parent
    changes = re.compile(
        r"(update|delete|insert|delete_all|merge)\(\s*(AuditRow|AnchorRow)|(AuditRow|AnchorRow)\("
        r"|(UPDATE|DELETE FROM|INSERT INTO|DROP TABLE)\s+\"?audit", re.IGNORECASE)  # fmt: skip
    found = {str(file.relative_to(source)) for file in source.rglob("*.py") if changes.search(file.read_text())}
    tables = {"store/tables/people.py"}  # where the classes are
    assert found - tables == {"store/audit.py"}
