"""What a buyer said, and who they are, leaves tables, files and the queue while the server runs (trust.md 30)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, col, delete, select

import interviewer
from interviewer import (
    backups,
    bookings,
    checking,
    deliveries,
    erasure,
    exporting,
    interviews,
    invitations,
    people,
    proof,
    reviewing,
    rights,
    store,
    trail,
)
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed
from interviewer.invitees import Invitee
from interviewer.jobs import queue
from interviewer.jobs.engine import Engine
from interviewer.library import views
from interviewer.reviewing import Retag
from interviewer.store import bookings as calls
from interviewer.store import deals, search
from interviewer.store.db import Database
from interviewer.store.tables.analysis import JobRunRow, QuoteRow, StatementRow
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow, SuppressionRow
from interviewer.store.tables.review import SubjectRow, ViewRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.mail import RecordingChannel
from tests.store import booking_scene as scene_of_calls
from tests.web import review_scene as scene

CALL = "video.example/canary-room"
PMM = Viewer("pmm-1", Role.PMM)
ADMIN = Viewer("admin-1", Role.ADMIN)
DOCUMENTED = (Path(interviewer.__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
KIM = "kim@canary.example"
ANSWERS = (
    "We missed two delivery windows in June because of CANARYWORD",
    "You, Acme and keeping the CANARYWORD sheet",
    "The import into CANARYWORD nearly stopped us",
    "CANARYWORD moved our data for us, nobody else did",
)


async def invite(deps: Deps, email: str = KIM, **given: str) -> str:
    invitee = Invitee(email, name="Kim Canary", company="Canary Pools", rep_reason="price CANARYWORD", **given)
    return (await invitations.invite(deps, [invitee]))[0].invitation_id


async def holding(db: Database, words: str) -> list[str]:
    """Files, and on PostgreSQL tables of ours and of the queue, that hold `words`."""
    if db.file:
        return [file.name for file in db.file.parent.glob(f"{db.file.name}*") if words.encode() in file.read_bytes()]
    found = []
    async with db.read() as tx:
        connection = await tx.connection()
        named = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')"
        for schema, table in (await connection.execute(text(named))).all():
            rows = (await connection.execute(text(f'SELECT t::text FROM "{schema}"."{table}" t'))).scalars()
            if any(words in row for row in rows):
                found.append(table)
    return found


@pytest.fixture
async def worked(db: Database, make_deps: MakeDeps, mailbox: RecordingChannel) -> AsyncIterator[Deps]:
    """As a server runs: with a queue that works, and connections that stay open."""
    await asyncio.to_thread(queue.migrate, db.url)
    engine = Engine(db, sweeps=(), poll_s=0.1)
    deps = make_deps(db, jobs=engine)
    await engine.start(deps)
    yield deps
    await engine.stop(patience_s=1)


async def test_nothing_is_left_on_disk_while_the_server_runs(
    worked: Deps, mailbox: RecordingChannel, capfd: pytest.CaptureFixture[str]
) -> None:
    """Planted by real use in everything that a person's words, names and numbers reach: conversation and revisions,
    codes, calls and their notes, mails, analysis, tags, merges, saved searches, exports, the log of who looked."""
    deps = worked
    invitation_id = await invite(deps)
    interview_id = await interviews.start(deps, invitation_id)
    for number, said in enumerate(ANSWERS):
        kept = await interviews.answer(
            deps, interview_id, browser="a", key=f"k{number}", number=2 * number + 2, text=said
        )
        await interviews.reply(deps, interview_id, kept.reply_number, lease=kept.lease)
    await checking.change(deps, interview_id, browser="a", number=2, text=f"{ANSWERS[0]}, and of the weather")
    await proof.send_code(deps, interview_id, browser="b")
    await bookings.request(
        deps, invitation_id, first_time="CANARYWORD", second_time="", phone="+49 170 1234567", time_zone=""
    )
    booked = await _call_with_notes(deps, invitation_id)
    async with asyncio.timeout(60):  # what she was never told of is not taken back either
        while not any(mail.to == "mara@tidewater.example" for mail in mailbox.sent):  # noqa: ASYNC110 - as below
            await asyncio.sleep(0.1)
    moved = await scene_of_calls.take(deps, invitation_id, scene_of_calls.at(5, 10))  # word of it is held back
    await checking.send(deps, interview_id, browser="a")
    async with deps.db.write() as tx:
        await deliveries.queue_copy(deps, tx, interview_id)
    async with asyncio.timeout(60):
        while not await _idle(deps.db):  # noqa: ASYNC110 - what is waited for happens in threads
            await asyncio.sleep(0.1)
    await _tagged_and_merged(deps, interview_id)
    await _looked_for_and_taken_along(deps)
    assert any("CANARYWORD" in mail.text for mail in mailbox.sent)
    assert len(await _views(deps)) == 3
    assert await holding(deps.db, "CANARYWORD") and await holding(deps.db, KIM) and await holding(deps.db, CALL)

    await erasure.erase(deps, interview_id)
    await backups.keep_list(deps)
    logged = "".join(capfd.readouterr())
    for words in ("CANARYWORD", "canaryword", KIM, "canary.example", "Kim Canary", "Canary Pools", "1234567", CALL):
        assert await holding(deps.db, words) == []
        assert words not in logged
        for file in deps.settings.data_dir.rglob("*"):
            assert not file.is_file() or words.encode() not in file.read_bytes(), file
    assert await _views(deps) == ["Prices"]
    assert (await trail.verify(deps, ADMIN)).whole
    async with deps.db.read() as tx:
        for table in (BookingRow, CallNoteRow):
            assert (await tx.exec(select(table))).all() == []
        due = select(DeliveryRow).where(col(DeliveryRow.state) == "waiting", DeliveryRow.invitation_id == invitation_id)
        assert (await tx.exec(due)).all() == [] and await calls.get(tx, booked) is None
    async with asyncio.timeout(60):
        while not (off := [mail for mail in mailbox.sent if mail.calendar_method == "CANCEL"]):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
    (withdrawn,) = off
    assert withdrawn.to == "mara@tidewater.example" and moved.uid in withdrawn.calendar.decode()
    whole = withdrawn.subject + withdrawn.text + withdrawn.html + withdrawn.calendar.decode()
    assert "canary" not in whole.lower() and "Kim" not in whole


async def _call_with_notes(deps: Deps, invitation_id: str) -> str:
    """A call that was booked, with a link of its own and what somebody typed in it. Gives its id."""
    await scene_of_calls.host(deps)
    row = await scene_of_calls.take(deps, invitation_id, scene_of_calls.at(4, 10))
    async with deps.db.write() as tx:
        kept = await calls.get(tx, row.id, lock=True)
        assert kept is not None
        kept.video_link = f"https://{CALL}"
        tx.add(CallNoteRow(booking_id=row.id, topic="trigger", text="The CANARYWORD again", changed_at=deps.now()))
    return row.id


async def _tagged_and_merged(deps: Deps, interview_id: str) -> None:
    """Somebody at the desk calls what it is about by names that are the buyer's own, and merges two of them."""
    said = "keeping the CANARYWORD sheet"
    await reviewing.mark(deps, PMM, interview_id, 4, 0, len(said), said, Retag("praise", "CANARYWORD sheet"))
    await reviewing.merge(deps, PMM, "CANARYWORD sheet", "Kim Canary’s sheet")


async def _looked_for_and_taken_along(deps: Deps) -> None:
    """Somebody keeps searches that name the buyer, makes an export, and answers a request."""
    viewer = Viewer(await people.add_user(deps, "mara@tidewater.example", "admin", "Mara"), Role.ADMIN)
    await views.save(deps, viewer, "Sheet", "q=CANARYWORD+sheet&theme=pricing", shared=True)
    await views.save(deps, viewer, "Canary Pools", "flow=loss", shared=False)
    await views.save(deps, viewer, "Prices", "q=price", shared=False)
    async for _ in await exporting.stream(deps, viewer, exporting.Wanted(), "csv"):
        pass
    await rights.of(deps, viewer, KIM)
    await trail.listing(deps, viewer, trail.Wanted())


async def _views(deps: Deps) -> list[str]:
    async with deps.db.read() as tx:
        return sorted(row.name for row in (await tx.exec(select(ViewRow))).all())


async def test_an_erased_interview_keeps_what_the_documentation_says_and_no_more(deps: Deps) -> None:
    """docs/privacy.md, "What stays": by table, the columns that may still say something."""
    invitation_id, interview_id = await scene.suggested(deps, email=KIM)
    await erasure.erase(deps, interview_id)
    stays = {
        table: set(re.findall(r"`(\w+)`", columns))
        for table, columns in re.findall(r"^- `(\w+)`: (.+)$", DOCUMENTED.split("## What stays")[1], re.MULTILINE)
    }
    async with deps.db.read() as tx:
        invitation = await store.invitations.get(tx, invitation_id)
        interview = await store.interviews.get(tx, interview_id)
        assert invitation is not None and interview is not None
    for name, row in (("invitations", invitation), ("interviews", interview)):
        assert {key for key, value in row.model_dump().items() if value not in (None, "", [])} <= stays[name]
        assert stays[name] <= set(type(row).model_fields)
    assert set(stays) <= set(SQLModel.metadata.tables)


async def test_a_search_stays_while_another_interview_has_its_words(deps: Deps) -> None:
    viewer = Viewer(await people.add_user(deps, "mara@tidewater.example", "pmm"), Role.PMM)
    _, one = await scene.suggested(deps, email=KIM)
    await scene.suggested(deps, email="else@other.example", deal_id="D-2")
    await views.save(deps, viewer, "Lifeguards", "q=lifeguard", shared=False)
    await views.save(deps, viewer, "Kim’s", "q=kim@canary.example", shared=False)
    await erasure.erase(deps, one)
    assert await _views(deps) == ["Lifeguards"]


async def _subjects(deps: Deps) -> dict[str, str]:
    """Merges in force."""
    async with deps.db.read() as tx:
        return {row.alias: row.subject for row in (await tx.exec(select(SubjectRow))).all()}


async def test_a_merge_goes_with_the_last_interview_that_it_rests_on(deps: Deps, clock: FakeClock) -> None:
    """A chain of merges, of a name that one interview said into others that both say: one goes, the rest stays."""
    _, one = await scene.suggested(deps)
    _, two = await scene.suggested(deps, email="kim@other.example", deal_id="D-2")
    tag = (await scene.tags(deps, one))["trigger: rota person left"]
    renamed = Retag("trigger", "Canary Jo left", "neutral", "strategic")
    await reviewing.retag(deps, PMM, one, tag.id or 0, tag.version, renamed)
    await reviewing.merge(deps, PMM, "Canary Jo left", "rota person left")
    clock.advance(minutes=1)
    await reviewing.merge(deps, PMM, "rota person left", "key person left")
    clock.advance(minutes=1)
    change = await reviewing.merge(deps, PMM, "support at night", "night support")
    merged = {"rota person left": "key person left", "support at night": "night support"}
    assert await _subjects(deps) == merged | {"canary jo left": "key person left"}
    await erasure.erase(deps, one)
    assert await _subjects(deps) == merged
    for words in ("Canary Jo", "canary jo"):
        assert await holding(deps.db, words) == []
    await reviewing.undo(deps, PMM, change)
    assert await _subjects(deps) == {"rota person left": "key person left"}
    await erasure.erase(deps, two)
    assert await _subjects(deps) == {}


async def test_a_merge_stays_while_another_buyer_says_the_old_name(deps: Deps) -> None:
    """Tags that come after a merge have the new name at once, so no change of theirs tells the old one."""
    _, one = await scene.suggested(deps)
    await reviewing.merge(deps, PMM, "rota person left", "key person left")
    _, two = await scene.suggested(deps, email="kim@other.example", deal_id="D-2")
    async with deps.db.write() as tx:
        turn = (await tx.exec(select(TurnRow).where(TurnRow.interview_id == two, TurnRow.speaker == "buyer"))).first()
        assert turn is not None
        turn.text = "It began when our rota person left in spring"
        await tx.flush()
        await search.index(tx, two)
    await erasure.erase(deps, one)
    assert await _subjects(deps) == {"rota person left": "key person left"}
    await erasure.erase(deps, two)


async def test_interviews_that_share_merges_are_erased_at_once(deps: Deps) -> None:
    ids = [(await scene.suggested(deps, email=f"k{n}@other{n}.example", deal_id=f"D-{n}"))[1] for n in range(4)]
    await reviewing.merge(deps, PMM, "support at night", "night support")
    await reviewing.merge(deps, PMM, "rota person left", "key person left")
    await asyncio.gather(*(erasure.erase(deps, interview_id) for interview_id in ids))
    assert await _subjects(deps) == {}


async def test_what_a_release_before_left_of_an_interview_is_erased_as_well(deps: Deps) -> None:
    """An old process that still runs knows neither the ledger, nor the index, nor calls and who held them."""
    invitation_id, interview_id = await scene.suggested(deps)
    await scene_of_calls.host(deps)
    booked = (await scene_of_calls.take(deps, invitation_id, scene_of_calls.at(4, 10))).model_dump()
    await reviewing.merge(deps, PMM, "rota person left", "Canary Jo left")
    erased_at = deps.now()
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.deleted_at, row.conducted_by = erased_at, "Canary Ann"
        for table in (StatementRow, QuoteRow, TurnRow):
            await tx.exec(delete(table).where(col(table.interview_id) == interview_id))
        await store.invitations.erase(tx, row.invitation_id, erased_at)
        await deals.erase(tx, row.invitation_id)
        calls.add(tx, BookingRow(**booked))
    assert await erasure.expire_old(deps) == 1 and await scene_of_calls.booked(deps) == []
    for words in ("Canary", "canary", "brightwater", "Brightwater"):
        assert await holding(deps.db, words) == []
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
    assert row is not None and row.deleted_at == erased_at
    assert await erasure.expire_old(deps) == 0


async def _idle(db: Database) -> bool:
    async with db.read() as tx:
        states = (await tx.exec(select(JobRunRow.state))).all()
    return len(states) >= 2 and set(states) <= {"done", "failed"}


async def test_what_a_reader_held_is_forgotten_by_the_sweep(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    invitation_id = await invite(deps)
    async with deps.db.read() as tx:
        await store.invitations.get(tx, invitation_id)
        await erasure.erase_invitation(deps, invitation_id)
        assert await holding(deps.db, KIM)
    await erasure.forget(deps)
    assert await holding(deps.db, KIM) == []


async def test_only_a_proved_browser_erases(deps: Deps, mailbox: RecordingChannel) -> None:
    """A scanner that presses Start and then Delete must not take the person's place, nor silence their address."""
    interview_id = await interviews.start(deps, await invite(deps))
    with pytest.raises(NotAllowed):
        await erasure.by_buyer(deps, interview_id, browser="scanner")
    await interviews.answer(deps, interview_id, browser="person", key="k", number=2, text=ANSWERS[0])
    for stranger in ("scanner", ""):
        with pytest.raises(NotAllowed):
            await erasure.by_buyer(deps, interview_id, browser=stranger)
    async with deps.db.read() as tx:
        assert (await tx.exec(select(SuppressionRow))).all() == []
    await erasure.by_buyer(deps, interview_id, browser="person")
    async with deps.db.read() as tx:
        assert (await tx.exec(select(InterviewRow.deleted_at))).one() and (await tx.exec(select(SuppressionRow))).one()


async def test_retention_reaches_who_never_started(deps: Deps, clock: FakeClock) -> None:
    """Counted from the end of the link, or from the no that came before it. The mark of an opt-out outlives it."""
    silent, declined, refused = [await invite(deps, deal_id=str(n), email=f"{n}@x.example") for n in range(3)]
    await invitations.decline(deps, declined)
    await invitations.opt_out(deps, deps.links.opt_out(refused).rsplit("/", 1)[1])
    await bookings.request(deps, silent, first_time="Tue", second_time="", phone="+49 170 1234567", time_zone="")
    clock.advance(days=deps.settings.retention_days + 1)
    assert await erasure.expire_old(deps) == 2
    assert {row.id for row in await _kept(deps)} == {silent}
    clock.advance(days=deps.settings.link_days)
    assert await erasure.expire_old(deps) == 1
    assert await _kept(deps) == []
    async with deps.db.read() as tx:
        assert (await tx.exec(select(DealRow))).all() == (await tx.exec(select(CallRequestRow))).all() == []
        assert [row.reason for row in (await tx.exec(select(SuppressionRow))).all()] == ["opted out"]
    assert await erasure.expire_old(deps) == 0


async def test_one_that_cannot_be_erased_does_not_keep_the_others(
    sqlite_deps: Deps, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deps = sqlite_deps
    bad = await interviews.start(deps, await invite(deps, deal_id="1"))
    await interviews.start(deps, await invite(deps, deal_id="2", email="two@x.example"))
    await invite(deps, deal_id="3", email="three@x.example")
    erase = store.interviews.erase

    async def broken(tx: store.db.Tx, row: InterviewRow, *more: object) -> None:
        if row.id == bad:
            raise ZeroDivisionError
        await erase(tx, row, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(store.interviews, "erase", broken)
    clock.present += timedelta(days=2000)
    assert await erasure.expire_old(deps) == 2
    assert [row.email for row in await _kept(deps)] == [KIM]


async def _kept(deps: Deps) -> list[InvitationRow]:
    async with deps.db.read() as tx:
        return [row for row in (await tx.exec(select(InvitationRow))).all() if row.email]
