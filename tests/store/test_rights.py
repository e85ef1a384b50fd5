"""What is held about a person is told whole, to whoever answers for them, and goes when they want it gone."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import SQLModel, select

from interviewer import checking, deliveries, erasure, interviews, invitations, people, reviewing, rights, store
from interviewer.bookings import request
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid, NotAllowed
from interviewer.invitees import Invitee
from interviewer.store import held
from interviewer.store.tables.analysis import StatementRow
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.consents import CallConsentRow
from interviewer.store.tables.interviews import InterviewRow, RevisionRow
from interviewer.store.tables.invitations import InvitationRow, SuppressionRow
from interviewer.store.tables.review import TranslationRow
from tests.fakes import audit_log
from tests.fakes.clock import FakeClock
from tests.store import booking_scene as scene_of_calls
from tests.web import review_scene as scene
from tests.web.desk_scene import SAID, play

NOTES = "Notes, drivers and whatever else was concluded"
PMM, ADMIN = Viewer("pmm-1", Role.PMM), Viewer("admin-1", Role.ADMIN)
KIM = "kim@canary.example"


def shown_and_withheld() -> dict[str, set[str]]:
    """Columns that have a rule, by table."""
    found: dict[str, set[str]] = {}
    for rule in held.RULES:
        columns = found.setdefault(str(rule.row.__tablename__), set())
        columns |= set(rule.shown.split())
        for names in rule.withheld.values():
            columns |= set(names.split())
    return found


def test_every_column_of_every_table_is_told_or_withheld_for_a_reason() -> None:
    """Whoever adds a table or a column says here what a person is told of it: see `store/held.py`."""
    known = shown_and_withheld()
    tables = {name: set(table.columns.keys()) for name, table in SQLModel.metadata.tables.items()}
    assert set(tables) == set(known) | set(held.NOT_HELD) and not set(known) & set(held.NOT_HELD)
    assert {name: columns for name, columns in tables.items() if name in known} == known
    assert all(reason for reason in held.NOT_HELD.values())


@pytest.mark.parametrize("rule", held.RULES, ids=lambda rule: f"{rule.row.__tablename__}-{rule.part}")
def test_no_rule_tells_and_withholds_the_same_and_each_finds_its_ids(rule: held.Rule) -> None:
    named = rule.shown.split() + [name for names in rule.withheld.values() for name in names.split()]
    assert len(named) == len(set(named))
    before = held.RULES[: held.RULES.index(rule)]
    assert rule.among in {"address", "mark", "object"} | {name for one in before for name in one.gives}
    columns = rule.row.model_fields
    assert {rule.on, *rule.only, *rule.gives.values()} <= set(columns)


async def worked(deps: Deps) -> tuple[str, str]:
    """An interview with all that can come of it. Gives its invitation and itself."""
    invitation_id, interview_id = await scene.suggested(deps, email=KIM)
    await request(
        deps, invitation_id, first_time="CANARYTIME", second_time="", phone="+49 170 1234567", time_zone="Europe/Berlin"
    )
    await scene_of_calls.host(deps)
    call = await scene_of_calls.take(deps, invitation_id, scene_of_calls.at(4, 10))
    async with deps.db.write() as tx:
        booked = await tx.get(BookingRow, call.id)
        assert booked is not None
        booked.handed_from = PMM.user_id
        for attendee in ("", "CANARYCOLLEAGUE"):
            consent = CallConsentRow(booking_id=call.id, attendee=attendee, answer="yes", at=deps.now())
            consent.asked_by = PMM.user_id
            tx.add(consent)
        tx.add(CallNoteRow(booking_id=call.id, topic="trigger", text="CANARYNOTE", changed_at=deps.now()))
        await deliveries.queue_copy(deps, tx, interview_id)
    tag = (await scene.tags(deps, interview_id))["trigger: rota person left"]
    await reviewing.confirm(deps, PMM, interview_id, "tag", tag.id or 0, tag.version)
    await reviewing.release(deps, PMM, interview_id, tag.quote_id, "sales", "CANARYPHRASE of ours")
    return invitation_id, interview_id


async def test_the_account_has_every_part(deps: Deps) -> None:
    _, interview_id = await worked(deps)
    other, _ = await scene.suggested(deps, email="else@other.example", deal_id="D-9")
    account = await rights.of(deps, ADMIN, f" {KIM.upper()} ")
    told = rights.structured(account)
    text = json.dumps(told, ensure_ascii=False)
    assert (told["address"], account.invitations) == (KIM, 1)
    assert set(told) >= {"person", "said", "derived", "released", "calls", "deal", "mails"}
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        turns = await store.turns.rows(tx, interview_id)
    assert row is not None
    for turn in turns:
        assert json.dumps(turn.text, ensure_ascii=False) in text
    for words in ("CANARYTIME", "+49 170 1234567", "CANARYNOTE", "CANARYPHRASE", "copy_of_answers", "rota person left"):
        assert words in text, words
    (said,) = told["calls"]["What you said to being recorded"]
    assert said["answer"] == "yes" and "CANARYCOLLEAGUE" not in text  # who else was there is not theirs to know
    (interview,) = told["said"]["Interviews, and what you agreed to"]
    assert interview["notice_digest"] == row.notice_digest and interview["promise_version"] == row.promise_version
    assert row.promise_version and interview["started_at"]
    (notice,) = told["said"]["The notice that you were shown"]
    assert notice["digest"] == row.notice_digest and "Tidewater" in notice["text"]
    acts = [act["verb"] for act in told["mails"]["Who looked, and what was done"]]
    assert "review: release" in acts and PMM.user_id not in text
    assert other not in text and "else@other.example" not in text


async def test_the_page_has_words_where_the_file_has_fields(sqlite_deps: Deps) -> None:
    await worked(sqlite_deps)
    page = rights.page(await rights.of(sqlite_deps, ADMIN, KIM), "Tidewater")
    names, values = re.findall("<dt>(.*?)</dt>", page), re.findall("<dd>(.*?)</dd>", page)
    assert names and not [name for name in names if "_" in name]
    assert "how the answer was read" in names and "version of the notice" in names and "crm consent" not in names
    assert not [value for value in values if value.startswith(("{", "[", "&#x27;")) or "&quot;:" in value]
    assert not [value for value in values if re.search(r"\d\dT\d\d:", value)]


async def test_it_comes_as_a_page_and_a_file_and_both_escape_and_parse(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    await invitations.invite(deps, [Invitee(KIM, name="<script>alert(1)</script>", company="A & B", deal_id="D-1")])
    account = await rights.of(deps, PMM, KIM)
    with zipfile.ZipFile(io.BytesIO(rights.packed(account, "Tidewater"))) as files:
        assert sorted(files.namelist()) == ["about-you.html", "about-you.json"]
        page, data = files.read("about-you.html").decode(), json.loads(files.read("about-you.json"))
    assert "<script" not in page and "&lt;script&gt;" in page and "A &amp; B" in page
    assert page.startswith("<!doctype html>") and "What Tidewater holds about kim@canary.example" in page
    assert data["person"]["Invitations"][0]["name"] == "<script>alert(1)</script>"


async def test_words_under_a_bar_stay_there(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps, email=KIM)
    async with deps.db.read() as tx:
        turn = next(turn for turn in await store.turns.rows(tx, interview_id) if turn.number == 2)
    start = turn.text.index("rota person")
    await reviewing.redact(deps, PMM, interview_id, 2, start, start + len("rota person"))
    text = json.dumps(rights.structured(await rights.of(deps, PMM, KIM)), ensure_ascii=False)
    assert "rota person" not in text.lower() and "█" in text


async def test_words_under_a_bar_stay_there_in_what_was_concluded(deps: Deps) -> None:
    """Parted by a line break, or beside the name of a JSON member, and the file is sound."""
    said = ("It was Zirkon\nValjean who said no to the incumbent Quarz", *SAID[1:])
    _, interview_id = await play(deps, said=said, email=KIM)
    body = {"incumbent": "Quarz", "seen": [{"note": "Zirkon\nValjean"}, "Zirkon Valjean", 3], "none": None}
    for words in ("Zirkon\nValjean", "incumbent Quarz"):
        start = said[0].index(words)
        await reviewing.redact(deps, PMM, interview_id, 2, start, start + len(words))
    async with deps.db.write() as tx:
        made = StatementRow(interview_id=interview_id, kind="versus", step="claims", text="Zirkon\nValjean", body=body)
        tx.add(made)
    told = rights.structured(await rights.of(deps, PMM, KIM))
    text = json.dumps(told, ensure_ascii=False)
    assert "Zirkon" not in text and "Valjean" not in text
    (kept,) = [one for one in told["derived"][NOTES] if one["kind"] == "versus"]
    assert set(kept["body"]) == {"incumbent", "seen", "none"} and kept["body"]["seen"][2] == 3


async def test_words_under_a_bar_stay_there_in_other_versions_of_the_answer(deps: Deps) -> None:
    """Nobody knows where they stood before a change, or stand in a translation: all of it is hidden."""
    _, interview_id = await scene.suggested(deps, email=KIM)
    async with deps.db.write() as tx:
        turn = next(turn for turn in await store.turns.rows(tx, interview_id) if turn.number == 2)
        other = next(turn for turn in await store.turns.rows(tx, interview_id) if turn.number == 4)
        for one in (turn, other):
            assert one.id is not None
            tx.add(RevisionRow(turn_id=one.id, text=f"CANARYBEFORE {one.number}", at=deps.now()))
            made = {"turn_id": one.id, "language": "nl", "words_digest": "d", "made_by": "stub"}
            tx.add(TranslationRow(**made, text=f"CANARYDUTCH {one.number}"))
    start = turn.text.index("rota person")
    await reviewing.redact(deps, PMM, interview_id, 2, start, start + len("rota person"))
    told = rights.structured(await rights.of(deps, PMM, KIM))
    earlier = [one["text"] for one in told["said"]["Answers as they were before a change"]]
    dutch = [one["text"] for one in told["derived"]["Translations"] if one["language"] == "nl"]
    assert earlier == ["████████████ █", "CANARYBEFORE 4"] and dutch == ["███████████ █", "CANARYDUTCH 4"]


async def test_looking_and_telling_are_audited_without_the_address(deps: Deps) -> None:
    invitation_id, _ = await scene.suggested(deps, email=KIM)
    await rights.look(deps, PMM, KIM)
    await rights.of(deps, PMM, KIM)
    await rights.of(deps, PMM, "nobody@x.example")
    async with deps.db.read() as tx:
        rows = [(row.user_id, row.verb, row.object) for row in await audit_log.entries(tx)][-3:]
    assert rows == [
        (PMM.user_id, "looked up for the person", f"invitation:{invitation_id}"),
        (PMM.user_id, "exported for the person", f"invitation:{invitation_id}"),
        (PMM.user_id, "exported for the person", "person:unknown"),
    ]


async def test_a_desk_users_account_is_told_by_admins_alone(sqlite_deps: Deps) -> None:
    await people.add_user(sqlite_deps, KIM, "pmm", "Kim")
    told = rights.structured(await rights.of(sqlite_deps, ADMIN, KIM))
    assert told["desk"]["Your account at the desk"][0]["role"] == "pmm"
    assert "left_out" not in told and "This is everything" in rights.page(await rights.of(sqlite_deps, ADMIN, KIM), "")
    partly = await rights.of(sqlite_deps, PMM, KIM)
    assert "desk" not in rights.structured(partly)
    assert "an admin makes a file with all of it" in rights.structured(partly)["left_out"]
    page = rights.page(partly, "")
    assert "This is everything" not in page and "an admin makes a file with all of it" in page
    assert (await rights.would_erase(sqlite_deps, PMM, KIM)).at_desk


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.PMM)])
async def test_other_roles_answer_for_nobody(sqlite_deps: Deps, role: Role) -> None:
    viewer = Viewer("u", role)
    for work in (rights.look, rights.of, rights.would_erase, rights.erase):
        with pytest.raises(NotAllowed):
            await work(sqlite_deps, viewer, KIM)


@pytest.mark.parametrize("address", ["", "kim", "kim @x.example", "k" * 250 + "@x.example", "@\n"])
async def test_what_is_no_address_is_refused(sqlite_deps: Deps, address: str) -> None:
    with pytest.raises(BadInput):
        await rights.look(sqlite_deps, PMM, address)
    with pytest.raises(BadInput):
        await rights.erase(sqlite_deps, PMM, address)


async def test_every_invitation_of_an_address_is_erased(deps: Deps) -> None:
    first, interview_id = await worked(deps)
    (bare,) = await invitations.invite(deps, [Invitee(KIM, name="Kim", company="Canary Pools", deal_id="D-2")])
    _, other = await scene.suggested(deps, email="else@other.example", deal_id="D-9")
    told = await rights.would_erase(deps, PMM, KIM)
    assert (told.invitations, told.interviews, told.calls, told.at_desk) == (2, 1, 1, False) and told.answers >= 4
    async with deps.db.read() as tx:
        assert len(await store.invitations.by_addresses(tx, [KIM])) == 2  # asked alone, nothing went
    assert (await rights.erase(deps, PMM, KIM)).invitations == 2
    async with deps.db.read() as tx:
        assert await store.invitations.by_addresses(tx, [KIM]) == []
        rows = {row.id: row for row in (await tx.exec(select(InvitationRow))).all()}
        assert rows[first].erased_at and rows[bare.invitation_id].erased_at
        there = {row.id: row.deleted_at for row in (await tx.exec(select(InterviewRow))).all()}
        assert there[interview_id] and there[other] is None
        (mark,) = (await tx.exec(select(SuppressionRow))).all()
        done = [row for row in await audit_log.entries(tx) if row.verb.startswith("deleted")]
    assert {(row.user_id, row.object) for row in done} == {
        (PMM.user_id, f"invitation:{one}") for one in (first, bare.invitation_id)
    }
    assert mark.reason == store.invitations.ERASED
    assert (await rights.erase(deps, PMM, KIM)).invitations == 0
    left = rights.structured(await rights.of(deps, PMM, KIM))
    assert set(left) == {"address", "made_at", "person"} and list(left["person"]) == ["Never to be written to"]


async def test_who_asks_to_be_erased_is_not_invited_again_though_retention_was_first(
    deps: Deps, clock: FakeClock
) -> None:
    await invitations.invite(deps, [Invitee(KIM, deal_id="D-1")])
    clock.advance(days=deps.settings.link_days + deps.settings.retention_days + 1)
    assert await erasure.expire_old(deps) == 1
    assert not (await rights.would_erase(deps, PMM, KIM)).suppressed
    assert (await rights.erase(deps, PMM, KIM.upper())).suppressed
    async with deps.db.read() as tx:
        (mark,) = (await tx.exec(select(SuppressionRow))).all()
        done = [(row.verb, row.object) for row in await audit_log.entries(tx)][-1]
    assert mark.reason == store.invitations.ERASED and done == ("deleted on the person’s request", "person:unknown")
    with pytest.raises(BadInput, match="answers deleted on"):
        await invitations.invite(deps, [Invitee(KIM, deal_id="D-2")])


async def test_start_pressed_while_it_is_erased_leaves_nothing(deps: Deps) -> None:
    """Whichever comes first: no interview is left of somebody who was erased."""

    async def start(invitation_id: str) -> None:
        try:
            await interviews.start(deps, invitation_id)
        except LinkInvalid:
            return

    for number in range(6):
        address = f"kim{number}@canary.example"
        (one,) = await invitations.invite(deps, [Invitee(address, deal_id="D")])
        await asyncio.gather(start(one.invitation_id), rights.erase(deps, PMM, address))
    async with deps.db.read() as tx:
        assert [row.id for row in (await tx.exec(select(InterviewRow))).all() if row.deleted_at is None] == []


async def test_who_erased_it_is_in_the_log(deps: Deps) -> None:
    """The buyer, somebody at the desk, retention: told apart, and once each."""
    ids = []
    for number in range(3):
        (one,) = await invitations.invite(deps, [Invitee(f"kim{number}@canary.example", deal_id="D")])
        interview_id = await interviews.start(deps, one.invitation_id)
        kept = await interviews.answer(deps, interview_id, browser="me", key="k", number=2, text="The price")
        await interviews.reply(deps, interview_id, kept.reply_number, lease=kept.lease)
        ids.append((one.invitation_id, interview_id))
    await erasure.by_buyer(deps, ids[0][1], browser="me")
    await erasure.erase(deps, ids[1][1], erasure.By(user_id="pmm-1"))
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, ids[2][1], lock=True)
        assert row is not None
        row.last_active_at -= timedelta(days=deps.settings.retention_days + 1)
        tx.add(row)
    assert await erasure.expire_old(deps) == 1 and await erasure.expire_old(deps) == 0
    await erasure.erase(deps, ids[0][1])
    async with deps.db.read() as tx:
        every = [(row.verb, row.user_id, row.object) for row in await audit_log.entries(tx)]
    found = [one for one in every if one[0].startswith("deleted")]
    assert found == [
        ("deleted by the buyer", "", f"invitation:{ids[0][0]}"),
        ("deleted", "pmm-1", f"invitation:{ids[1][0]}"),
        ("deleted by retention", "", f"invitation:{ids[2][0]}"),
    ]


async def test_answers_as_they_were_are_told_until_they_are_sent(deps: Deps) -> None:
    (one,) = await invitations.invite(deps, [Invitee(KIM, deal_id="D")])
    interview_id = await interviews.start(deps, one.invitation_id)
    await interviews.answer(deps, interview_id, browser="me", key="k", number=2, text="OLDWORDS")
    await checking.change(deps, interview_id, browser="me", number=2, text="new words")
    told = rights.structured(await rights.of(deps, PMM, KIM))
    assert told["said"]["Answers as they were before a change"][0]["text"] == "OLDWORDS"
