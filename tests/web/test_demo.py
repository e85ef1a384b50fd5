"""The demo: its history played through the real use cases, and the command that shows it."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select

from interviewer import trail
from interviewer.bookings.spoken import FROM_CALL
from interviewer.demo import cast, history, place, visit
from interviewer.deps import Deps
from interviewer.errors import InterviewerError
from interviewer.invitees import check
from interviewer.people.roster import CONSOLE
from interviewer.records import Status
from interviewer.scheduling import hours
from interviewer.store import desk
from interviewer.store.db import Database
from interviewer.store.tables.analysis import AnalysisStepRow, StatementRow
from interviewer.store.tables.bookings import BookingRow, HostRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.people import AuditRow
from tests.conftest import MakeDeps, assemble, settings_of
from tests.fakes.clock import FakeClock
from tests.fakes.databases import SqliteFiles
from tests.fakes.jobs import RecordingJobs
from tests.web.cli_scene import get, read_until, running

FLOWS = {"loss", "win", "no_decision", "churn", "midpoint"}


@pytest.fixture(scope="module")
def demo(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of a demo that nobody has looked at yet: its history takes a while to play."""
    folder = tmp_path_factory.mktemp("demo")

    async def play(url: str) -> None:
        database = Database(url)
        deps = assemble(database, settings=settings_of(folder), mail=None, jobs=RecordingJobs(), now=FakeClock())
        await history.play(deps, cast.load())
        await database.close()

    with sqlite_files.fresh(folder) as url:
        asyncio.run(play(url))
        yield Path(url.partition(":///")[2])


@pytest.fixture
async def played(demo: Path, make_deps: MakeDeps, tmp_path: Path) -> AsyncIterator[Deps]:
    """A demo of the test's own."""
    file = tmp_path / "played.db"
    with closing(sqlite3.connect(demo)) as whole, closing(sqlite3.connect(file)) as copy:
        whole.backup(copy)
    database = Database(f"sqlite+aiosqlite:///{file}")
    yield make_deps(database)
    await database.close()


async def rows(deps: Deps, table: type) -> list:  # type: ignore[type-arg]
    async with deps.db.read() as tx:
        return list((await tx.exec(select(table))).all())


def test_the_cast_is_some_thirty_deals_of_people_that_do_not_exist(sqlite_deps: Deps) -> None:
    deals = cast.load()
    invitees = [deal.invitee(sqlite_deps.now()) for deal in deals]
    assert 28 <= len(deals) <= 34
    assert check(invitees, FLOWS) == []
    assert all(invitee.email.endswith(".example") for invitee in invitees)
    assert len({invitee.deal_id for invitee in invitees}) == len(deals)


def test_buyers_have_more_to_say_only_where_their_flow_asks(sqlite_deps: Deps) -> None:
    for deal in cast.load():
        flow = sqlite_deps.flows.get(deal.details.flow)
        for topic, more in deal.more.items():
            probes = {probe.id for probe in flow.topic(topic).probes}
            assert set(more) <= probes | {"any"}, (deal.details.company, topic)


async def test_every_state_and_every_flow_is_there(played: Deps) -> None:
    async with played.db.read() as tx:
        statuses = await desk.statuses(tx, desk.Filter(now=played.now()))
    finished = [row for row in await rows(played, InterviewRow) if row.completed_at]
    assert set(statuses) == {str(status) for status in Status}
    assert len(finished) >= 12
    assert {row.flow for row in finished} == FLOWS
    assert {row.language for row in finished} == {"en", "de"}
    assert {row.completed_by for row in finished} == {"buyer", "silence"}


async def test_a_call_is_booked_for_tomorrow_and_others_are_over(played: Deps) -> None:
    """Tomorrow, or the next working day; the hours of the demo's host stand at the desk."""
    now, calls = played.now(), await rows(played, BookingRow)
    to_come = [call for call in calls if call.state == "booked"]
    assert len(to_come) == 1 and timedelta(hours=12) < to_come[0].starts_at - now < timedelta(days=4)
    assert sorted(call.state for call in calls if call.starts_at < now) == ["held", "missed"]
    (held,) = [call for call in calls if call.state == "held"]
    (interview,) = [row for row in await rows(played, InterviewRow) if row.id == held.interview_id]
    assert interview.mode == "human" and interview.conducted_by == "Mara Lindqvist"
    (kept,) = await rows(played, HostRow)
    assert {call.host_id for call in calls} == {kept.user_id} and hours.parse(kept.hours) == hours.usual()


async def test_history_lies_in_the_past_at_the_pace_of_thumbs(played: Deps) -> None:
    now = played.now()
    turns = await rows(played, TurnRow)
    assert all(turn.at <= now for turn in turns)
    assert min(turn.at for turn in turns) < now - timedelta(weeks=4)
    by_interview: dict[str, list[TurnRow]] = {}
    typed = [turn for turn in turns if turn.source != FROM_CALL]  # the time of a call is shared out over its notes
    for turn in sorted(typed, key=lambda turn: turn.number):
        by_interview.setdefault(turn.interview_id, []).append(turn)
    for told in by_interview.values():
        gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(told)]
        assert all(0 < gap < 180 for gap in gaps)


async def test_its_audit_log_is_in_the_order_of_time_and_leaves_no_doubt(played: Deps) -> None:
    """Whatever stands where was done after what stands before; `interviewer audit verify` has nothing to say of it."""
    entries = await rows(played, AuditRow)
    assert len(entries) > 40 and {"added as admin", "revoked link", "deleted by the buyer"} <= {
        one.verb for one in entries
    }
    times = [one.at for one in sorted(entries, key=lambda one: one.position)]
    assert times == sorted(times) and times[0] < played.now() - timedelta(weeks=4) and times[-1] <= played.now()
    found = await trail.verify(played, CONSOLE)
    assert (found.whole, found.doubt, found.waiting) == (True, "", 0)


async def test_finished_interviews_are_analysed_and_answered_in_their_own_words(played: Deps) -> None:
    steps = await rows(played, AnalysisStepRow)
    assert steps and {step.state for step in steps} == {"done"}
    finished = {row.id for row in await rows(played, InterviewRow) if row.completed_at}
    assert {statement.interview_id for statement in await rows(played, StatementRow)} >= finished
    turns = [turn for turn in await rows(played, TurnRow) if turn.interview_id in finished]
    assert not any(turn.pending for turn in turns)
    probes = Counter(turn.interview_id for turn in turns if turn.move.startswith("probe:"))
    assert len(probes) >= len(finished) // 2
    stock = {text for texts in cast.NOTHING_LEFT.values() for text in texts}
    assert sum(turn.text in stock for turn in turns) <= 2  # buyers have something to say to what is asked


async def test_reps_and_buyers_are_kept_apart_and_the_deleted_one_is_gone(played: Deps) -> None:
    assert sum(bool(deal.rep_reason) for deal in await rows(played, DealRow)) > 20
    (deleted,) = [row for row in await rows(played, InvitationRow) if row.erased_at]
    assert (deleted.email, deleted.name, deleted.company) == ("", "", "")
    kept = [row.model_dump_json() for table in (InvitationRow, DealRow, TurnRow) for row in await rows(played, table)]
    assert not any("Thistle" in row or "van keys" in row for row in kept)


async def test_a_visitor_gets_a_link_until_it_is_used(sqlite_deps: Deps) -> None:
    from interviewer import interviews, invitations

    first = await visit.prepare(sqlite_deps, flow="loss", language="en")
    assert (await visit.prepare(sqlite_deps, flow="loss", language="en")).interview == first.interview
    invitation = await invitations.open(sqlite_deps, first.interview.rsplit("/", 1)[1])
    await interviews.start(sqlite_deps, invitation.id)
    second = await visit.prepare(sqlite_deps, flow="loss", language="en")
    assert second.interview != first.interview
    opened = await invitations.open(sqlite_deps, second.interview.rsplit("/", 1)[1])
    await invitations.opt_out(sqlite_deps, sqlite_deps.links.opt_out(opened.id).rsplit("/", 1)[1])
    assert (await visit.prepare(sqlite_deps, flow="loss", language="en")).interview != second.interview


def test_a_demo_keeps_its_keys_to_itself_and_away_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", "postgresql://production/real")
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "the-key-of-the-real-installation-000")
    monkeypatch.setenv("INTERVIEWER_GIFT", "nothing")
    folder = tmp_path / "demo"
    place.open_folder(folder)
    first = place.settings(folder, "http://127.0.0.1:8000")
    (folder / "interviewer.db").touch()
    place.empty(folder)
    assert not (folder / "interviewer.db").exists()
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o600
    assert first.url.startswith("sqlite") and first.demo and first.gift == "nothing"
    assert first.secret_keys == place.settings(folder, "http://127.0.0.1:8000").secret_keys
    assert "real" not in first.secret_keys[0].get_secret_value()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InterviewerError, match="not a demo"):
        place.open_folder(tmp_path)


def test_the_network_address_is_one() -> None:
    code = "from interviewer.demo import place; print(place.network_address())"  # aside: here the network is off
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert ipaddress.ip_address(told.strip()).version == 4


def test_the_demo_opens_with_no_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ("demo", "--host", "127.0.0.1", "--port", str(port))
        with running(*words, cwd=tmp_path) as server:
            said = read_until(server, "Ctrl+C stops it")
            links = [line for line in said.splitlines() if line.startswith("http://127.0.0.1:")]
            assert f"Port {port} is taken" in said
            assert len(links) == 2 and all(get(link) == 200 for link in links)
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=120)
        assert server.returncode == 0 and "Stopped. The demo is kept in interviewer-demo" in rest
        with running(*words, cwd=tmp_path) as again:
            said = read_until(again, "Ctrl+C stops it")
            assert links[0].rpartition(":")[2].partition("/")[2] in said  # nobody used it: the same link again


def test_a_demo_of_an_older_release_is_kept_until_a_fresh_one_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    place.open_folder(folder)
    assert not place.is_ready(folder)
    place.set_ready(folder)
    assert place.is_ready(folder) and place.is_current(folder)
    (newest,) = folder.glob("history-*")
    newest.rename(folder / "history-1")
    (folder / "interviewer.db").touch()
    assert place.is_ready(folder) and not place.is_current(folder), "older, and whole"
    place.empty(folder)
    assert not place.is_ready(folder)


def test_a_demo_restarted_on_newer_code_keeps_what_was_done_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "interviewer-demo"
    place.open_folder(folder)
    place.settings(folder, "http://127.0.0.1:8000")
    (folder / "history-1").touch()
    (folder / "interviewer.log").write_text("what the visitor did")
    with running("demo", "--host", "127.0.0.1", "--port", "0", cwd=tmp_path) as server:
        said = read_until(server, "Ctrl+C stops it")
    assert "--fresh plays the newer history" in said
    assert (folder / "interviewer.log").read_text() == "what the visitor did"
