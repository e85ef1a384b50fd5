"""The audit log at the desk and on the command line: read, filtered, checked; and every act leaves its row."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import httpx2
from fastapi import FastAPI
from sqlmodel import select, text
from typer.testing import CliRunner

from interviewer import erasure, exporting, keys, people, rights, store, trail
from interviewer.cli.commands import app as commands
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.rights.holdings import INNER, LABELS
from interviewer.store import audit, held
from interviewer.store.tables.invitations import SuppressionRow
from interviewer.store.tables.people import AuditRow
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import CANARY, DEAL, SAID, Browser, invite, play

ADMIN = Viewer("a", Role.ADMIN)


async def test_an_admin_reads_filters_and_checks_the_log(app: FastAPI, sqlite_deps: Deps) -> None:
    _, interview_id = await play(sqlite_deps)
    async with Browser(app) as browser:
        mara = await browser.sign_in(sqlite_deps, "admin")
        await browser.get(f"/desk/interviews/{interview_id}")
        page = (await browser.get("/desk/audit")).text
        assert "viewed transcript" in page and f"/desk/interviews/{interview_id}" in page and "signed in" in page
        only = (await browser.get(f"/desk/audit?by={mara.user_id}&act=looked&kind=interview")).text
        table = only.partition("<tbody>")[2]
        assert "viewed transcript" in table and "signed in" not in table
        assert "Nothing matches" in (await browser.get("/desk/audit?act=keys")).text
        backwards = (await browser.get("/desk/audit?from=2026-11-02&to=2026-11-01")).text
        assert "From is after To" in backwards and "Nothing matches" not in backwards
        assert (await browser.get("/desk/audit?page=x&from=x&to=9999&by=x")).status_code == 200
        found = (await browser.post("/desk/audit/verify")).text
        assert "The log is whole." in found
        (head,) = re.findall(r"<code>([0-9a-f]{64})</code>", found)
        assert "The log is whole." in (await browser.post("/desk/audit/verify", head=head)).text
        assert "cut off or made anew" in (await browser.post("/desk/audit/verify", head="0" * 64)).text
        slip = await browser.post("/desk/audit/verify", head=head[:-1] + "x")
        assert slip.status_code == 422 and "That is not a digest (64 hex digits)." in slip.text
        assert "not what was written" not in slip.text and f'value="{head[:-1]}x"' in slip.text
        async with sqlite_deps.db.write() as tx:
            await (await tx.connection()).execute(text("UPDATE audit SET verb = 'slept' WHERE position = 2"))
        broken = (await browser.post("/desk/audit/verify")).text
        assert "not what was written" in broken and "Entry 2" in broken and "1 entry before it holds" in broken


async def test_the_log_names_people_and_keys_and_says_acts_in_words(app: FastAPI, sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    ann = await people.add_user(deps, "ann@x.example", "pmm", "Ann Osei")
    await people.set_role(deps, ADMIN, ann, "sales")
    made = await keys.make(deps, ADMIN, "Warehouse", role="pmm", scopes=[keys.Scope.QUOTES], days=9)
    async with deps.db.write() as tx:
        audit.add(tx, "gone", "review: finish", "interview:i1", deps.now())
        audit.add(tx, ann, "review: undo release", "interview:i1", deps.now())
        audit.add(tx, f"key:{made.id}", "exported quotes", "export:quotes.csv", deps.now())
        audit.add(tx, "gone", "disabled", "user:gone", deps.now())
    await trail.note_settings(deps)
    async with Browser(app) as browser:
        await browser.sign_in(deps, "admin")
        table = (await browser.get("/desk/audit")).text.partition("<tbody>")[2]
    assert "gave the role sales" in table and "Ann Osei<small>user</small>" in table and f">{ann}<" not in table
    assert "marked as reviewed" in table and "took back: released a quote" in table and "review:" not in table
    assert "API key Warehouse" in table and "Warehouse<small>key</small>" in table
    assert "a user who is gone<small>user</small>" in table
    assert table.count("settings as they were at first") == 1 and "noted setting<" not in table
    assert f"noted {len(trail.NOTED)} settings" in table


async def test_requests_of_a_person_are_found_by_their_kind(app: FastAPI, sqlite_deps: Deps) -> None:
    await play(sqlite_deps, email="kim@canary.example")
    await rights.of(sqlite_deps, ADMIN, "kim@canary.example")
    await rights.erase(sqlite_deps, ADMIN, "kim@canary.example")
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        table = (await browser.get("/desk/audit?kind=person")).text.partition("<tbody>")[2]
    assert "exported for the person" in table and "deleted on the person’s request" in table
    assert "signed in" not in table


async def test_days_are_those_of_the_reader(app: FastAPI, sqlite_deps: Deps) -> None:
    """Half past eleven at night in UTC is the next day in Tokyo."""
    async with sqlite_deps.db.write() as tx:
        audit.add(tx, "", "backed up", "backup:late", datetime(2026, 10, 7, 23, 30, tzinfo=UTC))
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        day = "/desk/audit?from=2026-10-08&to=2026-10-08"
        assert "backed up" not in (await browser.get(day)).text.partition("<tbody>")[2]
        browser.http.cookies.set("interviewer-zone", "Asia%2FTokyo")
        table = (await browser.get(day)).text.partition("<tbody>")[2]
        assert "backed up" in table and '<time datetime="2026-10-07T23:30:00+00:00" data-as="moment">' in table


async def test_many_entries_come_in_pages(app: FastAPI, sqlite_deps: Deps) -> None:
    async with sqlite_deps.db.write() as tx:
        for number in range(120):
            audit.add(tx, "", "backed up", f"backup:{number}", sqlite_deps.now())
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        page = (await browser.get("/desk/audit?kind=backup&page=2")).text
        assert "Page 2 of 3" in page and "/desk/audit?kind=backup&amp;page=3" in page and ">69<" in page


async def test_somebody_is_told_and_erased_at_the_desk(app: FastAPI, sqlite_deps: Deps) -> None:
    await play(sqlite_deps, email="kim@canary.example", company=f"{CANARY} Pools", **DEAL)
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        (page,) = re.findall(r'href="/desk/interviews/([^"]+)"', (await browser.get("/desk")).text)
        assert "Answer a request of this person" in (await browser.get(f"/desk/interviews/{page}")).text
        found = await browser.post("/desk/person", address="KIM@canary.example")
        assert "Questions and answers" in found.text and "1 invitation, 1 interview" in found.text
        assert f"Jo Marsh, {CANARY} Pools" in found.text and ", the deal" in found.text and " call" not in _erase(found)
        assert "you were shown" not in found.text and "conclusions rest on" not in found.text
        packed = await browser.post("/desk/person/export", address="kim@canary.example")
        assert packed.content.startswith(b"PK") and "canary" not in packed.headers["content-disposition"]
        unsure = await browser.post("/desk/person/erase", address="kim@canary.example")
        assert unsure.status_code == 422 and "Nothing was erased" in unsure.text and "Jo Marsh" in unsure.text
        done = await browser.post("/desk/person/erase", address="kim@canary.example", sure="yes")
        assert done.headers["location"] == "/desk/person?done=person_erased"
        assert "Everything of this person is erased" in (await browser.get(done.headers["location"])).text
        gone = (await browser.post("/desk/person", address="kim@canary.example")).text
        assert "On the list of those who are not written to" in gone and CANARY not in gone.lower()
        assert "Nothing is held" in (await browser.post("/desk/person", address="else@canary.example")).text
        wrong = await browser.post("/desk/person", address="<b>nobody")
        assert wrong.status_code == 422 and "is not an e-mail address" in wrong.text and "<b>nobody" not in wrong.text


async def test_who_asks_is_never_written_to_though_nothing_is_held(app: FastAPI, sqlite_deps: Deps) -> None:
    """Retention may have erased them before, and nobody can find that out."""
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        found = (await browser.post("/desk/person", address="kim@canary.example")).text
        assert "Nothing is held" in found and "Never write to them again" in found
        done = await browser.post("/desk/person/erase", address="kim@canary.example", sure="yes")
        assert done.headers["location"] == "/desk/person?done=person_erased"
        after = (await browser.post("/desk/person", address="kim@canary.example")).text
    assert "On the list of those who are not written to" in after and 'id="erase"' not in after
    async with sqlite_deps.db.read() as tx:
        (mark,) = (await tx.exec(select(SuppressionRow))).all()
    assert mark.reason == store.invitations.ERASED


async def test_who_may_not_tell_all_says_who_may(app: FastAPI, sqlite_deps: Deps) -> None:
    await people.add_user(sqlite_deps, "kim@canary.example", "sales", "Kim")
    told = "an admin makes a file with all of it"
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        await invite(sqlite_deps, email="kim@canary.example")
        assert told in (await browser.post("/desk/person", address="kim@canary.example")).text
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        assert told not in (await browser.post("/desk/person", address="kim@canary.example")).text


def _erase(page: httpx2.Response) -> str:
    return page.text.partition('id="erase"')[2]


def test_the_desk_has_words_for_every_section_of_an_account() -> None:
    titles = {rule.title for rule in held.RULES}
    assert titles == set(LABELS) | INNER and not INNER & set(LABELS)
    assert not [label for label in LABELS.values() if "you" in label.lower().split()]


async def test_the_desk_shows_what_a_buyer_was_told(app: FastAPI, sqlite_deps: Deps) -> None:
    page, _ = await play(sqlite_deps)
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        assert f"/desk/interviews/{page}/told" in (await browser.get(f"/desk/interviews/{page}")).text
        told = (await browser.get(f"/desk/interviews/{page}/told")).text
        assert "Where your address comes from" in told and "Tidewater" in told and "English" in told
        assert (await browser.get("/desk/interviews/none/told")).status_code == 404


async def test_a_chat_that_a_call_was_added_to_keeps_what_was_told(app: FastAPI, sqlite_deps: Deps) -> None:
    page, interview_id = await play(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None and row.promise_version
        row.mode, row.withdrawn_at = "human", sqlite_deps.now()
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        shown = (await browser.get(f"/desk/interviews/{page}")).text
        assert "No longer agrees, since" in shown
        assert "no longer, since" in (await browser.get(f"/desk/interviews/{page}/told")).text


async def test_acts_leave_rows_and_no_content(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    """Those of trust.md 14: views, exports, roles, deletions, sign-ins, releases, keys; canaries in none."""
    deps = sqlite_deps
    said = (*SAID[:3], f"It was {CANARY} who said no, in the trial in March", SAID[4])
    page, interview_id = await play(deps, said=said, company=CANARY, name=f"Jo {CANARY}", **DEAL)
    await jobs.run(deps)
    async with Browser(app) as browser:
        await browser.sign_in(deps, "admin")
        for address in (f"/desk/interviews/{page}", f"/desk/interviews/{page}/print", f"/desk?q={CANARY}"):
            await browser.get(address)
        await browser.get(f"/desk/library?q={CANARY}")
    await keys.make(deps, ADMIN, CANARY, role="pmm", scopes=[keys.Scope.QUOTES], days=9)
    ann = await people.add_user(deps, f"{CANARY}@x.example", "pmm", CANARY)
    await people.set_role(deps, ADMIN, ann, "sales")
    async for _ in await exporting.stream(deps, ADMIN, exporting.Wanted(), "json"):
        pass
    await rights.of(deps, ADMIN, "jo@brightwater.example")
    await erasure.erase(deps, interview_id)
    async with deps.db.read() as tx:
        rows = (await tx.exec(select(AuditRow))).all()
    verbs = {row.verb for row in rows}
    assert verbs >= {"signed in", "viewed transcript", "viewed for print", "searched answers", "searched library"}
    assert verbs >= {"made a key for pmm", "added as pmm", "set to sales", "exported interviews", "deleted"}
    assert "exported for the person" in verbs
    assert CANARY not in json.dumps([row.model_dump(mode="json") for row in rows]).lower()


def test_on_the_command_line(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "a-key-for-tests-that-is-long-enough-000")
    run = CliRunner()

    def told(*words: str, code: int = 0) -> str:
        result = run.invoke(commands, list(words))
        assert result.exit_code == code, result.output
        return result.output

    told("user", "add", "ann@x.example", "--role", "admin")
    told("invite", "--email", "kim@canary.example", "--flow", "loss")
    assert "1 entries follow" in told("audit", "verify") or "entries follow" in told("audit", "verify")
    found = json.loads(told("audit", "verify", "--json"))
    assert found["whole"] and len(found["head"]) == 64
    assert json.loads(told("audit", "verify", "--json", "--head", found["head"]))["whole"]
    assert not json.loads(told("audit", "verify", "--json", "--head", "0" * 64, code=1))["whole"]
    assert "not what was written" in told("audit", "verify", "--head", "0" * 64, code=1)
    lines = [json.loads(line) for line in told("audit", "list", "--verb", "added", "--json").splitlines()]
    assert [line["verb"] for line in lines] == ["added as admin"]
    assert told("audit", "list", "--by", "-", "--kind", "user", "--limit", "1").count("\n") == 1
    assert "Nobody has the address" in told("audit", "list", "--by", "who@x.example", code=1)

    out = tmp_path / "kim.zip"
    told("person", "export", "kim@canary.example", "--out", str(out))
    assert out.read_bytes().startswith(b"PK") and out.stat().st_mode & 0o077 == 0
    told("person", "export", "kim@canary.example", "--out", str(tmp_path / "kim.json"))
    assert json.loads((tmp_path / "kim.json").read_text())["person"]["Invitations"][0]["email"] == "kim@canary.example"
    told("person", "export", "kim@canary.example", "--out", str(tmp_path / "kim.html"))
    told("person", "export", "kim@canary.example", "--out", str(tmp_path / "kim.pdf"), code=2)
    would = json.loads(told("person", "erase", "kim@canary.example", "--dry-run", "--json"))
    assert (would["invitations"], would["erased"]) == (1, False)
    assert "Would erase 1 invitation, " in told("person", "erase", "kim@canary.example", "--dry-run")
    assert json.loads(told("person", "erase", "kim@canary.example", "--yes", "--json"))["erased"]
    told("person", "erase", "kim@canary.example", "--yes", code=1)
    told("person", "erase", "lou@canary.example", "--dry-run", code=1)
    told("person", "export", "lou@canary.example", "--out", str(out), code=1)
    assert "from now on" in told("person", "erase", "lou@canary.example", "--yes", code=1)
    told("person", "export", "lou@canary.example", "--out", str(out))  # the mark that nobody writes to it
    deleted = told("audit", "list", "--verb", "deleted")
    assert "deleted on the person’s request" in deleted and "kim" not in deleted
