"""Interviews that were held elsewhere, brought in on both databases: once, whole, and read like any other."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from interviewer import erasure, exporting, interchange, invitations, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.evidence import Review, StatementKind
from interviewer.importing import imports
from interviewer.importing.imports import State, Taken
from interviewer.invitees import Invitee
from interviewer.masks import BAR
from interviewer.store import deals, redactions, releases
from interviewer.store.db import Database
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act
from tests.conftest import MakeDeps
from tests.fakes import audit_log
from tests.fakes.clock import FakeClock
from tests.fakes.databases import SqliteFiles
from tests.fakes.jobs import RecordingJobs
from tests.store.test_erasure import holding

PMM = Viewer("mara", Role.PMM)
TURNS = [
    {"speaker": "interviewer", "text": "Thanks for your time! So what was going on when you started looking?"},
    {"speaker": "buyer", "text": "Our rota person left in May and nobody could read her sheet 😀, so Leith opened."},
    {"speaker": "interviewer", "text": "Who else was on the list?"},
    {"speaker": "buyer", "text": "You and Shiftwell, or just leaving it on paper honestly."},
    {"speaker": "interviewer", "text": "And what tipped it in the end?"},
    {"speaker": "buyer", "text": "Your desk closes at six and our pools open at five. Shiftwell picked up at 4am."},
]
CALL: dict[str, Any] = {
    "id": "call-17",
    "flow": "loss",
    "language": "en-GB",
    "mode": "human",
    "conducted_by": "Mara",
    "consent": "Asked at the start, both said yes",
    "started_at": "2026-09-10T09:00:00+02:00",
    "audiences": ["product", "sales"],
    "buyer": {"name": "Jo Marsh", "email": "Jo@Brightwater.example", "role": "champion", "company": "Brightwater"},
    "deal": {"deal_id": "D-1", "amount": 18400, "currency": "eur", "closed_on": "2026-09-01", "rep_reason": "price"},
    "turns": TURNS,
}
QUOTED = {
    "quotes": [
        {
            "turn": 4,
            "start": 8,
            "end": 17,
            "text": "Shiftwell",
            "tags": [{"theme": "competitor_mention", "review": "confirmed"}],
        },
        {"turn": 6, "start": 0, "end": 23, "tags": [{"theme": "praise", "review": "rejected"}, {"theme": "pricing"}]},
        {"turn": 2, "start": 0, "end": 27, "tags": [{"theme": "trigger"}]},
    ],
    "statements": [
        {"kind": "headline", "text": "Lost to support hours", "review": "confirmed", "quotes": [1]},
        {"kind": "summary", "text": "A machine said so.", "quotes": [2]},
        {
            "kind": "competitor",
            "text": "They went with Shiftwell.",
            "body": {"name": "Shiftwell", "role": "selected"},
            "review": "confirmed",
            "quotes": [0],
        },
    ],
    "redactions": [{"turn": 2, "start": 4, "end": 8}],
    "releases": [{"quote": 0, "audience": "sales", "wording": "A named rival was on the list."}],
    "reviewed_at": "2026-09-12T08:00:00Z",
}


TURNED_DOWN = {
    "kind": "insight",
    "text": "Paper would have done.",
    "body": {"area": "paper", "kind": "gap"},
    "review": "rejected",
    "quotes": [0],
}


def cited(**given: Any) -> dict[str, Any]:
    return {"quotes": [{"turn": 2, "start": 0, "end": 3} | given]}


async def take(deps: Deps, *interviews: dict[str, Any], dry_run: bool = False) -> tuple[Taken, ...]:
    data = json.dumps({"format": "interviewer/1", "interviews": interviews}).encode()
    return await imports.take(deps, interchange.read(data), dry_run=dry_run)


async def everything(deps: Deps) -> dict[str, list[str]]:
    """Every row of every table."""
    found = {}
    async with deps.db.read() as tx:
        connection = await tx.connection()
        for table in SQLModel.metadata.sorted_tables:
            found[table.name] = sorted(str(row) for row in (await connection.execute(table.select())).all())
    return found


async def test_a_call_becomes_an_interview(deps: Deps, jobs: RecordingJobs) -> None:
    (taken,) = await take(deps, CALL)
    assert taken.state is State.CREATED
    assert taken.page.endswith(f"/desk/interviews/{taken.invitation_id}")
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, taken.interview_id)
        invitation = await store.invitations.get(tx, taken.invitation_id)
        deal = await deals.get(tx, taken.invitation_id)
        said = await store.turns.transcript(tx, taken.interview_id)
        logged = [entry.verb for entry in await audit_log.entries(tx, f"interview:{taken.interview_id}")]
    assert row and invitation and deal
    assert (row.mode, row.conducted_by, row.consent) == ("human", "Mara", CALL["consent"])
    assert (row.language, row.completed_by, row.audiences) == ("en", "buyer", ["product", "sales"])
    assert row.started_at.isoformat() == "2026-09-10T07:00:00+00:00"
    assert row.completed_at and row.completed_at > row.started_at
    assert (invitation.email, invitation.deal_id, invitation.role) == ("jo@brightwater.example", "D-1", "champion")
    assert invitation.revoked_at and invitation.expires_at <= deps.now()
    assert (deal.amount, deal.currency, str(deal.closed_on), deal.rep_reason) == (18400, "EUR", "2026-09-01", "price")
    assert [turn.text for turn in said] == [turn["text"] for turn in TURNS]
    assert [turn.topic for turn in said] == [topic for topic in ("trigger", "alternatives", "decision") for _ in "ab"]
    assert all(turn.assessment for turn in said.answers)
    assert [turn.at for turn in said] == sorted(turn.at for turn in said if turn.at)
    assert jobs.queued == [("analyse", taken.interview_id)]
    assert logged == ["imported"]


async def test_it_is_read_like_any_other(deps: Deps, jobs: RecordingJobs) -> None:
    (taken,) = await take(deps, CALL)
    await jobs.run(deps)
    async with deps.db.read() as tx:
        quotes = await store.quotes.of(tx, taken.interview_id)
        kinds = {statement.kind for statement in await store.statements.of(tx, taken.interview_id)}
    assert any("Shiftwell" in quote.text for quote in quotes)
    assert StatementKind.HEADLINE in kinds


async def test_the_same_file_twice_changes_nothing(deps: Deps, jobs: RecordingJobs) -> None:
    unnamed = {"flow": "win", "turns": [{"speaker": "buyer", "text": "The import took an afternoon."}]}
    first = await take(deps, CALL | QUOTED, unnamed)
    before = await everything(deps)
    jobs.queued.clear()
    again = await take(deps, CALL | QUOTED, unnamed)
    assert [one.state for one in again] == [State.UNCHANGED] * 2
    assert [one.interview_id for one in again] == [one.interview_id for one in first]
    assert await everything(deps) == before
    assert not jobs.queued


async def test_what_its_source_says_now_is_taken_over(deps: Deps, jobs: RecordingJobs) -> None:
    (first,) = await take(deps, CALL | QUOTED)
    await jobs.run(deps)
    fewer_hours, thanks = {"speaker": "buyer", "text": "Your desk closes at five."}, TURNS[0] | {"text": "Thanks!"}
    turns = [*TURNS[:5], fewer_hours, thanks]
    (again,) = await take(deps, CALL | {"turns": turns, "deal": {"amount": 20000}, "segment": "councils"})
    assert (again.state, again.interview_id) == (State.UPDATED, first.interview_id)
    async with deps.db.read() as tx:
        said = await store.turns.transcript(tx, first.interview_id)
        deal, quotes = await deals.get(tx, first.invitation_id), await store.quotes.of(tx, first.interview_id)
        invitation = await store.invitations.get(tx, first.invitation_id)
    assert [turn.text for turn in said] == [turn["text"] for turn in turns]
    assert deal and (deal.amount, deal.rep_reason) == (20000, "price")
    assert invitation and invitation.segment == "councils"
    assert {quote.turn_number for quote in quotes} <= {2, 4}, "quotes of words that are gone are void"
    assert any(tag.review is Review.CONFIRMED for quote in quotes for tag in quote.tags)
    assert jobs.keys("analyse") == [first.interview_id]


async def test_what_people_decided_stays_theirs(deps: Deps, jobs: RecordingJobs) -> None:
    (taken,) = await take(deps, CALL | QUOTED)

    async def decided() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        async with deps.db.read() as tx:
            quotes = await store.quotes.of(tx, taken.interview_id, rejected=True)
            said = await store.statements.of(tx, taken.interview_id, rejected=True)
        tags = {(tag.theme, tag.review.value) for quote in quotes for tag in quote.tags if tag.review}
        return tags, {(one.kind.value, one.text) for one in said if one.review}

    kept = (
        {("competitor_mention", "confirmed"), ("praise", "rejected")},
        {("headline", "Lost to support hours"), ("competitor", "They went with Shiftwell.")},
    )
    assert await decided() == kept
    await jobs.run(deps)
    assert await decided() == kept
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, taken.interview_id)
        headlines = [one for one in await store.statements.of(tx, taken.interview_id) if one.kind == "headline"]
        assert row and row.reviewed_at and row.reviewed_at.isoformat() == "2026-09-12T08:00:00+00:00"
        assert [one.text for one in headlines] == ["Lost to support hours"]
        assert await redactions.of(tx, taken.interview_id) == {2: [(4, 8)]}
        released = [one for several in (await releases.of(tx, taken.interview_id)).values() for one in several]
    assert [(one.audience, one.wording) for one in released] == [("sales", "A named rival was on the list.")]


async def test_a_dry_run_keeps_nothing(deps: Deps, jobs: RecordingJobs) -> None:
    before = await everything(deps)
    (taken,) = await take(deps, CALL, dry_run=True)
    assert (taken.state, taken.interview_id, taken.page) == (State.CREATED, "", "")
    assert await everything(deps) == before
    assert not jobs.queued


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"flow": "lost"}, "interviews[1].flow"),
        ({"buyer": {"email": "nobody"}}, "interviews[1].buyer.email"),
        ({"turns": TURNS[:1]}, "interviews[1].turns"),
        ({"turns": [TURNS[1] | {"number": 2}, TURNS[3] | {"number": 2}]}, "interviews[1].turns[1].number"),
        ({"started_at": "2031-01-01T00:00:00Z"}, "interviews[1].started_at"),
        ({"started_at": "2026-09-10T09:00:00Z", "ended_at": "2026-09-09T09:00:00Z"}, "interviews[1].ended_at"),
        ({"audiences": ["everybody"]}, "interviews[1].audiences[0]"),
        (cited(turn=9), "interviews[1].quotes[0]"),
        (cited(turn=1), "interviews[1].quotes[0].turn"),
        (cited(end=999), "interviews[1].quotes[0]"),
        (cited(text="You"), "interviews[1].quotes[0].text"),
        (cited(tags=[{"theme": "vibes"}]), "interviews[1].quotes[0].tags[0].theme"),
        ({"statements": [{"kind": "guess", "text": "x"}]}, "interviews[1].statements[0].kind"),
        ({"statements": [{"kind": "summary", "text": "x", "quotes": [0]}]}, "interviews[1].statements[0].quotes[0]"),
        (
            {"statements": [{"kind": "driver", "text": "x", "body": {"share": 1}}]},
            "interviews[1].statements[0].body.category",
        ),
        ({"redactions": [{"turn": 2, "start": 3, "end": 3}]}, "interviews[1].redactions[0]"),
        (cited() | {"releases": [{"quote": 1, "audience": "sales"}]}, "interviews[1].releases[0].quote"),
        ({"id": "call-17"}, "interviews[1]"),
    ],
)
async def test_a_file_is_taken_whole_or_not_at_all(
    sqlite_deps: Deps, jobs: RecordingJobs, change: dict[str, Any], where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await take(sqlite_deps, CALL, CALL | {"id": "call-18"} | change)
    assert where in [problem.where for problem in refused.value.problems]
    async with sqlite_deps.db.read() as tx:
        assert (await tx.exec(select(InterviewRow))).all() == []
    assert not jobs.queued


async def test_what_was_deleted_is_not_brought_back(deps: Deps) -> None:
    (taken,) = await take(deps, CALL)
    await erasure.erase(deps, taken.interview_id)
    (again,) = await take(deps, CALL)
    assert again.state is State.LEFT_OUT and "deleted" in again.why
    async with deps.db.read() as tx:
        assert len((await tx.exec(select(InterviewRow))).all()) == 1


async def test_erasing_takes_all_that_came_with_it(deps: Deps, jobs: RecordingJobs) -> None:
    word = "zanzibarcanary"
    turns = [*TURNS[:5], {"speaker": "buyer", "text": f"Your desk closes at six, said {word}. Shiftwell was there."}]
    person = {"name": word, "email": f"{word}@x.example", "company": word}
    told = {"id": word, "turns": turns, "consent": word, "conducted_by": word, "buyer": person, "segment": word}
    (taken,) = await take(deps, CALL | QUOTED | told | {"deal": {"owner": word, "deal_id": word}})
    await jobs.run(deps)
    assert await holding(deps.db, word)
    await erasure.erase(deps, taken.interview_id)
    assert await holding(deps.db, word) == []


async def test_what_is_past_its_retention_is_left_out(sqlite_deps: Deps) -> None:
    old = {"id": "old", "started_at": None, "ended_at": (sqlite_deps.now() - timedelta(days=731)).isoformat()}
    taken = await take(sqlite_deps, CALL | old, CALL)
    assert [one.state for one in taken] == [State.LEFT_OUT, State.CREATED]
    assert "INTERVIEWER_RETENTION_DAYS" in taken[0].why


async def test_an_interview_of_this_installation_that_returns_is_left_as_it_is(
    sqlite_deps: Deps, clock: FakeClock
) -> None:
    (taken,) = await take(sqlite_deps, CALL)
    before = await everything(sqlite_deps)
    (again,) = await take(sqlite_deps, CALL | {"id": taken.interview_id, "segment": "other"})
    assert (again.state, again.interview_id) == (State.UNCHANGED, taken.interview_id)
    assert await everything(sqlite_deps) == before


async def test_a_call_answers_the_invitation_that_waits_for_it(deps: Deps) -> None:
    """The buyer was invited, and wished to talk instead: one deal, one line on the desk."""
    invitee = Invitee("jo@brightwater.example", deal_id="D-1", owner="Sam")
    (invited,) = await invitations.invite(deps, [invitee])
    (taken,) = await take(deps, CALL)
    second = CALL | {"id": "call-18", "turns": TURNS[2:]}
    (other,) = await take(deps, second)
    assert taken.invitation_id == invited.invitation_id
    assert other.invitation_id != invited.invitation_id
    async with deps.db.read() as tx:
        row = await store.invitations.get(tx, invited.invitation_id)
        deal = await deals.get(tx, invited.invitation_id)
        assert len((await tx.exec(select(InvitationRow))).all()) == 2
    assert row and row.revoked_at, "the link has done its work"
    assert deal and (deal.owner, deal.amount) == ("Sam", 18400)
    with pytest.raises(BadInput, match="revoked"):
        await invitations.invite(deps, [invitee])


async def test_notes_are_kept_as_noted(sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    notes = [{"speaker": "buyer", "kind": "noted", "text": "Support closes at six, pools open at five."}]
    (taken,) = await take(sqlite_deps, CALL | {"turns": notes})
    await jobs.run(sqlite_deps)
    async with sqlite_deps.db.read() as tx:
        (turn,) = (await store.turns.transcript(tx, taken.interview_id)).answers
    assert turn.act is Act.NOTED and turn.assessment


async def test_what_one_installation_exports_another_takes(
    deps: Deps, make_deps: MakeDeps, jobs: RecordingJobs, sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    whole = CALL | QUOTED | {"statements": [*QUOTED["statements"], TURNED_DOWN]}
    await take(deps, whole, CALL | {"id": "left", "ended_by": "left", "buyer": {}, "mode": "ai"})
    await jobs.run(deps)
    written = await exported(deps)
    assert {one.state for one in await imports.take(deps, interchange.read(written))} == {State.UNCHANGED}
    (tmp_path / "other").mkdir()
    with sqlite_files.fresh(tmp_path / "other") as url:
        other = make_deps(Database(url))
        taken = await imports.take(other, interchange.read(written))
        assert {one.state for one in taken} == {State.CREATED}
        await jobs.run(other)
        again = await exported(other)
        original = await take(other, whole)
        assert [one.interview_id for one in original] == [taken[0].interview_id], "the first source's file is known"
        await other.db.close()
    assert {one.state for one in await imports.take(deps, interchange.read(again))} == {State.UNCHANGED}
    before, after = (json.loads(data)["interviews"] for data in (written, again))
    assert [essence(one) for one in after] == [essence(one) for one in before]
    assert {one["source_id"] for one in (*before, *after)} == {"call-17", "left"}
    (first, *_) = after
    assert first["redactions"] == QUOTED["redactions"]
    assert [tag["theme"] for one in first["quotes"] for tag in one["tags"] if tag.get("review") == "rejected"] == [
        "praise"
    ]
    assert any(one["text"] == TURNED_DOWN["text"] and one["review"] == "rejected" for one in first["statements"])
    assert BAR in before[0]["turns"][1]["text"]


async def exported(deps: Deps) -> bytes:
    wanted = exporting.Wanted(what=exporting.What.INTERVIEWS)
    return b"".join([piece async for piece in await exporting.stream(deps, PMM, wanted, "json")])


def essence(one: dict[str, Any]) -> dict[str, Any]:
    """What people said and decided: all but ids, and what a machine suggests."""
    tags = [
        (quote["turn"], quote["start"], quote["end"], tag["theme"], tag["review"])
        for quote in one["quotes"]
        for tag in quote["tags"]
        if tag["review"]
    ]
    said = [(statement["kind"], statement["text"]) for statement in one["statements"] if statement["review"]]
    kept = {key: one[key] for key in one if key not in ("id", "quotes", "statements", "releases", "turns")}
    turns = [{key: turn[key] for key in turn if key != "at"} for turn in one["turns"]]
    releases = [(release["audience"], release["wording"]) for release in one["releases"]]
    return kept | {"tags": sorted(tags), "said": sorted(said), "turns": turns, "releases": releases}
