"""Files say what they like: what comes in passes the rules of the desk, and undoes nothing that people did here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from interviewer import erasure, exporting, interviews, invitations, released, review, reviewing, store
from interviewer.analysis import pipeline
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid
from interviewer.exports import What
from interviewer.importing import deals as typing
from interviewer.importing import fields, keeping
from interviewer.importing.imports import State
from interviewer.invitees import Invitee
from interviewer.library import pages
from interviewer.library.wanted import Wanted
from interviewer.store import deals, search
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.review import DocumentRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store.test_imports import CALL, PMM, QUOTED, TURNS, take

SALES, PRODUCT = Viewer("sal", Role.SALES), Viewer("pat", Role.PRODUCT)
NAMED = [
    *TURNS[:5],
    {"speaker": "buyer", "text": "Your desk closes at six, said Jo Marsh. Shiftwell picked up at 4am."},
]
HOURS = {"turn": 6, "start": 0, "end": 39, "tags": [{"theme": "process_friction", "review": "confirmed"}]}
RIVAL = {"turn": 6, "start": 40, "end": 67, "tags": [{"theme": "praise", "review": "confirmed"}]}
OPEN = {"turn": 6, "start": 40, "end": 49, "tags": [{"theme": "praise"}]}
TOLD = "A rival answered the phone before opening time."


def releasing(*releases: dict[str, Any], **given: Any) -> dict[str, Any]:
    return CALL | {"turns": NAMED, "quotes": [HOURS, RIVAL, OPEN], "releases": list(releases)} | given


@pytest.mark.parametrize(
    ("release", "part", "why"),
    [
        ({"quote": 1, "audience": "sales"}, "wording", "paraphrase"),
        ({"quote": 1, "audience": "sales", "wording": "Shiftwell picked up at 4am"}, "wording", "own words"),
        (
            {"quote": 1, "audience": "sales", "wording": "Marsh could reach a rival by night."},
            "wording",
            "whose they are",
        ),
        ({"quote": 1, "audience": "sales", "wording": "The rota had to be on paper."}, "wording", "redacted"),
        ({"quote": 0, "audience": "product"}, "words", "whose they are"),
        ({"quote": 2, "audience": "product"}, "quote", "confirmed tag"),
        ({"quote": 1, "audience": "leadership"}, "audience", "promised"),
        ({"quote": 1, "audience": "everybody"}, "audience", "none that"),
        ({"quote": 1, "audience": "product", "wording": TOLD}, "wording", "for sales alone"),
    ],
)
async def test_a_release_that_the_desk_would_refuse_is_left_out(
    sqlite_deps: Deps, release: dict[str, Any], part: str, why: str
) -> None:
    hidden = [{"turn": 2, "start": 4, "end": 8}]
    good = {"quote": 1, "audience": "sales", "wording": TOLD}
    (taken,) = await take(sqlite_deps, releasing(release, good, redactions=hidden))
    assert taken.state is State.CREATED
    (note,) = taken.notes
    assert note.where == f"interviews[0].releases[0].{part}"
    assert why in note.what
    assert [one.text for one in (await released.shelf(sqlite_deps, SALES)).statements] == [TOLD]
    assert not (await released.shelf(sqlite_deps, PRODUCT)).statements


async def test_what_passes_the_rules_is_released(deps: Deps) -> None:
    (taken,) = await take(
        deps, releasing({"quote": 1, "audience": "product"}, {"quote": 1, "audience": "sales", "wording": TOLD})
    )
    assert not taken.notes
    assert [one.text for one in (await released.shelf(deps, PRODUCT)).statements] == ["Shiftwell picked up at 4am."]
    assert [one.text for one in (await released.shelf(deps, SALES)).statements] == [TOLD]


async def test_a_dry_run_tells_what_would_be_left_out(sqlite_deps: Deps) -> None:
    (tried,) = await take(sqlite_deps, releasing({"quote": 0, "audience": "product"}), dry_run=True)
    assert [note.where for note in tried.notes] == ["interviews[0].releases[0].words"]


DRIVER = {"category": "pricing", "driver": "fee", "share": 60, "confidence": "low"}
FINDING = {"theme": "pricing", "subject": "fee", "owner": "pmm", "scope": "deal"}
AGAINST = {"field": "reason", "source": "crm", "logged": "price", "buyer": "hours"}


@pytest.mark.parametrize(
    ("kind", "body", "field", "allowed"),
    [
        ("driver", DRIVER | {"share": "lots"}, "share", "integer"),
        ("driver", DRIVER | {"share": "60"}, "share", "integer"),
        ("driver", DRIVER | {"share": 160}, "share", "less than or equal to 100"),
        ("driver", DRIVER | {"driver": " "}, "driver", "not be empty"),
        ("driver", {"share": 1}, "category", "missing"),
        ("driver", DRIVER | {"towards": "us"}, "towards", "'positive', 'negative'"),
        ("finding", FINDING | {"theme": "made_up"}, "theme", "'decision_factor'"),
        ("finding", FINDING | {"owner": "me"}, "owner", "'revops'"),
        ("finding", FINDING | {"scope": "world"}, "scope", "'deal' or 'strategic'"),
        ("finding", FINDING | {"subject": 7}, "subject", "string"),
        ("contradiction", AGAINST | {"source": "someone"}, "source", "'crm', 'rep' or 'both'"),
        ("contradiction", AGAINST | {"field": "mood"}, "field", "'reason'"),
        ("competitor", {"name": ["a"], "role": "primary"}, "name", "string"),
        ("competitor", {"name": "A", "role": "boss"}, "role", "'incumbent'"),
        ("trigger", {"event": "full_moon", "fits": "yes"}, "event", "new_hire"),
        ("stalled", {"at": None}, "at", "missing"),
        ("tone", {"mood": "calm", "turned_at": 3}, "turned_at", "not the buyer's"),
        ("tone", {"mood": "calm", "turned_at": 99}, "turned_at", "not the buyer's"),
        ("insight", {"area": "paper", "kind": "wish"}, "kind", "'requested'"),
    ],
)
async def test_fields_of_statements_are_checked(
    sqlite_deps: Deps, kind: str, body: dict[str, Any], field: str, allowed: str
) -> None:
    stated = {"kind": kind, "text": "x", "body": body, "review": "confirmed", "quotes": [0]}
    with pytest.raises(BadInput) as refused:
        await take(sqlite_deps, CALL, releasing(id="other", statements=[stated]))
    found = {problem.where: problem.what for problem in refused.value.problems}
    assert allowed in found[f"interviews[1].statements[0].body.{field}"]


async def test_what_passes_the_check_shows_everywhere(sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    bodies = {
        "driver": DRIVER,
        "finding": FINDING,
        "contradiction": AGAINST,
        "competitor": {"name": "A", "role": "primary"},
        "trigger": {"fits": "unknown"},
        "stalled": {"at": "security"},
        "tone": {"mood": "calm", "turned_at": 2},
        "insight": {"area": "paper", "kind": "gap", "seen": None},
    }
    assert set(bodies) == set(fields.FIELDS)
    stated = [
        {"kind": kind, "text": "x", "body": body, "review": "confirmed", "quotes": [0]} for kind, body in bodies.items()
    ]
    (taken,) = await take(sqlite_deps, releasing(statements=stated))
    await jobs.run(sqlite_deps)
    page = await review.interview(sqlite_deps, PMM, taken.invitation_id)
    assert page.drivers and page.findings and page.contradictions and page.story.mood == "calm"
    for what in (What.INTERVIEWS, What.DEALS):
        for kind in ("csv", "json", "md"):
            assert [
                piece async for piece in await exporting.stream(sqlite_deps, PMM, exporting.Wanted(what=what), kind)
            ]


async def test_a_sign_that_no_database_takes_is_replaced(deps: Deps, jobs: RecordingJobs) -> None:
    stated = {"kind": "driver", "text": "x\x00", "body": DRIVER | {"driver": "a\x00fee"}, "review": "confirmed"}
    (taken,) = await take(deps, releasing(statements=[stated | {"quotes": [0]}]))
    await jobs.run(deps)
    page = await review.interview(deps, PMM, taken.invitation_id)
    assert "a\N{REPLACEMENT CHARACTER}fee" in [one.driver for one in page.drivers]


async def test_a_deal_that_somebody_typed_stays_theirs(deps: Deps) -> None:
    (taken,) = await take(deps, CALL)
    sheet = await typing.look(deps, PMM, taken.invitation_id)
    await typing.keep(deps, PMM, taken.invitation_id, {"deal_id": "D-1", "amount": "25000", "seen": sheet.seen})
    (same,) = await take(deps, CALL)
    (newer,) = await take(deps, CALL | {"segment": "councils", "deal": {"amount": 20000, "owner": "Sam"}})
    async with deps.db.read() as tx:
        deal = await deals.get(tx, taken.invitation_id)
        invitation = await store.invitations.get(tx, taken.invitation_id)
    assert deal and (deal.amount, deal.rep_reason, deal.owner) == (25000, "", "")
    assert invitation and invitation.segment == "councils", "all else is brought up to its source"
    assert (same.state, newer.state) == (State.UNCHANGED, State.UPDATED)
    assert "typed it at the desk" in same.why and "typed it at the desk" in newer.why


async def test_a_deal_that_waits_for_its_interview_stays_as_it_was_typed(deps: Deps) -> None:
    (invited,) = await invitations.invite(deps, [Invitee("jo@brightwater.example", deal_id="D-1")])
    sheet = await typing.look(deps, PMM, invited.invitation_id)
    await typing.keep(deps, PMM, invited.invitation_id, {"deal_id": "D-1", "amount": "25000", "seen": sheet.seen})
    (taken,) = await take(deps, CALL)
    assert taken.invitation_id == invited.invitation_id and "typed it at the desk" in taken.why
    async with deps.db.read() as tx:
        deal = await deals.get(tx, invited.invitation_id)
    assert deal and deal.amount == 25000


async def test_a_file_that_is_taken_twice_at_once_comes_in_once(deps: Deps) -> None:
    files = [CALL, CALL | {"id": "call-18", "buyer": {}}, CALL | {"id": "", "buyer": {"email": "kim@other.example"}}]
    several = await asyncio.gather(*(take(deps, *files) for _ in range(4)))
    states = sorted(one.state.value for taken in several for one in taken)
    assert states == ["created"] * 3 + ["unchanged"] * 9
    async with deps.db.read() as tx:
        assert len((await tx.exec(select(InterviewRow))).all()) == 3


async def test_an_update_and_an_erasure_follow_each_other(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes second waits: no words are left of an interview that was erased, and neither stops the other."""
    (taken,) = await take(deps, CALL)
    more = [*TURNS, {"speaker": "buyer", "text": "canary words"}]
    reached, differs = asyncio.Event(), keeping.differs
    looked = 0

    async def slow(*given: Any) -> bool:
        nonlocal looked
        looked += 1
        if looked == 2:  # the first look is before the transaction
            reached.set()
            await asyncio.sleep(0.3)
        return await differs(*given)

    monkeypatch.setattr(keeping, "differs", slow)
    importing = asyncio.create_task(take(deps, CALL | {"turns": more, "segment": "councils"}))
    await asyncio.wait_for(reached.wait(), 60)
    await asyncio.gather(importing, erasure.erase(deps, taken.interview_id))
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, taken.interview_id)
        invitation = await store.invitations.get(tx, taken.invitation_id)
        left = (await tx.exec(select(TurnRow))).all()
    assert row and row.deleted_at and not left
    assert invitation and (invitation.name, invitation.segment) == ("", "")


async def test_a_buyer_who_starts_meanwhile_has_one_interview(deps: Deps) -> None:
    people = [Invitee(f"k{number}@x.example", deal_id="D-1") for number in range(4)]
    invited = await invitations.invite(deps, people)
    held = [CALL | {"id": one.email, "buyer": {"email": one.email}} for one in people]
    starts = (interviews.start(deps, one.invitation_id) for one in invited)
    started = await asyncio.gather(take(deps, *held), *starts, return_exceptions=True)
    assert not [one for one in started if isinstance(one, BaseException) and not isinstance(one, LinkInvalid)]
    async with deps.db.read() as tx:
        rows = (await tx.exec(select(InterviewRow))).all()
    assert len(rows) == len({row.invitation_id for row in rows})


@pytest.mark.parametrize("other", [{"id": "another-export"}, {"id": "", "turns": NAMED}, {"flow": "win", "id": "x"}])
async def test_an_erased_buyer_does_not_come_back_under_another_name(deps: Deps, other: dict[str, Any]) -> None:
    (taken,) = await take(deps, CALL)
    await erasure.erase(deps, taken.interview_id)
    (again, stranger) = await take(deps, CALL | other, CALL | {"id": "kim", "buyer": {"email": "kim@other.example"}})
    assert again.state is State.LEFT_OUT and "answers were deleted" in again.why
    assert stranger.state is State.CREATED


async def test_erasing_is_told_from_a_wish_for_no_mail(deps: Deps) -> None:
    (invited,) = await invitations.invite(deps, [Invitee("jo@brightwater.example", deal_id="other")])
    await invitations.opt_out(deps, invited.opt_out_link.rsplit("/", 1)[-1])
    (taken,) = await take(deps, CALL)
    assert taken.state is State.CREATED, "who wants no mail may still have talked"
    await erasure.erase(deps, taken.interview_id)
    (again,) = await take(deps, CALL | {"id": "other"})
    assert again.state is State.LEFT_OUT


async def test_what_changed_at_its_source_is_found_as_it_is_now(deps: Deps, clock: FakeClock) -> None:
    (taken,) = await take(deps, CALL | QUOTED)
    await pipeline.analyse(deps, taken.interview_id)
    start = str(TURNS[3]["text"]).index("Shiftwell")
    await reviewing.redact(deps, PMM, taken.interview_id, 4, start, start + len("Shiftwell"))
    clock.advance(minutes=1)
    moved = TURNS[3] | {"text": "Well: you, then of course Shiftwell, or just paper. Secretly."}
    await take(deps, CALL | {"turns": [*TURNS[:3], moved, *TURNS[4:]]})
    page = await pages.page(deps, PMM, Wanted())
    shown = ["".join(piece.text for piece in hit.pieces) for group in page.groups for hit in group.hits]
    assert shown and not [words for words in shown if "course" in words or "paper" in words]


async def test_who_is_called_otherwise_at_the_source_is_found_by_the_new_name(deps: Deps) -> None:
    (taken,) = await take(deps, CALL)
    await pipeline.analyse(deps, taken.interview_id)
    await take(deps, CALL | {"buyer": CALL["buyer"] | {"company": "Saltmarsh"}})
    async with deps.db.read() as tx:
        about = (await tx.exec(select(DocumentRow.search_text).where(DocumentRow.kind == search.ABOUT))).one()
    assert "saltmarsh" in about
