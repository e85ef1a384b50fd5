"""Who asks for deletion is counted on every page of the desk, so by an index that has nobody else (both databases)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event, text

from interviewer import checking, people, review
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store import migrate
from tests.store.people_scene import ANN, admin
from tests.web.desk_scene import SAID, play

PMM = Viewer("m", Role.PMM)
INDEX = "ix_turns_asks_deletion"
ASKS = ("Delete everything please", *SAID[1:])


async def _asked(deps: Deps) -> tuple[str, Any]:
    """The statement behind the number, and its values."""
    found: list[tuple[str, Any]] = []
    engine = deps.db.reader.sync_engine

    def note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        await review.asking_deletion(deps, PMM)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    (one,) = found
    return one


async def _plan(deps: Deps) -> str:
    """How the database goes about it. PostgreSQL would read through so few rows as there are here."""
    statement, values = await _asked(deps)
    explain = "EXPLAIN QUERY PLAN" if deps.db.sqlite else "EXPLAIN"
    async with deps.db.read() as tx:
        connection = await tx.connection()
        if not deps.db.sqlite:
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows: Sequence[Any] = (await connection.exec_driver_sql(f"{explain} {statement}", values)).all()
    return "\n".join(str(row) for row in rows)


async def test_no_answer_is_read_but_of_who_asks(deps: Deps) -> None:
    await play(deps, said=ASKS)
    for number in range(3):
        await play(deps, email=f"b{number}@x.example")
    assert await review.asking_deletion(deps, PMM) == 1
    plan = await _plan(deps)
    assert INDEX in plan and "SCAN turns\n" not in plan, plan


async def test_a_changed_answer_asks_no_more(deps: Deps) -> None:
    _, interview_id = await play(deps, said=ASKS, send=False)
    assert await review.asking_deletion(deps, PMM) == 1
    await checking.change(deps, interview_id, browser="phone", number=2, text=SAID[0])
    assert await review.asking_deletion(deps, PMM) == 0
    await checking.change(deps, interview_id, browser="phone", number=4, text=ASKS[0])
    assert await review.asking_deletion(deps, PMM) == 1


async def test_what_is_there_before_an_upgrade_is_found_after_it(deps: Deps) -> None:
    """Answers that ask, and when somebody was last seen who signed in before that was kept."""
    await play(deps, said=ASKS)
    mara = await admin(deps)
    await people.sign_in(deps, (await people.make_link(deps, "mara@tidewater.example")).rpartition("/")[2])
    ann, seen = await people.add_user(deps, ANN, "pmm"), deps.now()
    async with deps.db.write() as tx:
        connection = await tx.connection()
        await connection.execute(text(f"DROP INDEX {INDEX}"))
        await connection.execute(text("UPDATE users SET last_seen_at = NULL"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0015'"))
    await deps.db.close()
    migrate.upgrade(deps.db.url)
    assert migrate.check(deps.db.url) == ()
    assert await review.asking_deletion(deps, PMM) == 1 and INDEX in await _plan(deps)
    found = {one.id: one.last_seen_at for one in (await people.listing(deps, mara)).people}
    assert found == {mara.user_id: seen, ann: None}
