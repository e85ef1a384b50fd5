"""The API: keys, walks that stay stable, and every error a problem document."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer import erasure, keys, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed
from interviewer.store.tables.people import AuditRow
from interviewer.store.tables.review import TokenRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.api_scene import CONSOLE, Program, key
from tests.web.desk_scene import Browser, analysed, play

LISTS = ("interviews", "deals", "corrections", "quotes", "statements", "released")


@pytest.fixture
async def program(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Program]:
    async with Program(app, await key(sqlite_deps)) as one:
        yield one


async def _many(deps: Deps, jobs: RecordingJobs, clock: FakeClock, number: int) -> list[str]:
    """Finished interviews of as many companies; gives their ids in the order in which they began."""
    made = []
    for _ in range(number):
        at = clock.advance(minutes=1)
        _, interview_id = await analysed(deps, jobs, email=f"jo@{at:%H%M}.example", company=f"Buyer {at:%H%M}")
        made.append(interview_id)
    return made


async def test_a_walk_meets_each_interview_once_while_others_come_in(
    sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock, program: Program
) -> None:
    there = await _many(sqlite_deps, jobs, clock, 3)
    first = (await program.get("interviews", limit=2)).json()
    assert [one["id"] for one in first["items"]] == there[:2]
    (late,) = await _many(sqlite_deps, jobs, clock, 1)
    second = (await program.get("interviews", limit=2, cursor=first["next"])).json()
    assert [one["id"] for one in second["items"]] == [there[2], late]
    assert second["next"] is None


@pytest.mark.parametrize("path", ["quotes", "statements"])
async def test_a_walk_goes_on_within_an_interview(
    sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock, program: Program, path: str
) -> None:
    await _many(sqlite_deps, jobs, clock, 2)
    whole = await program.walk(path, limit=100)
    assert len(whole) > 4
    assert await program.walk(path, limit=1) == whole
    assert await program.walk(path, limit=3) == whole


async def test_a_quote_is_the_span_that_it_names(
    sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock, program: Program
) -> None:
    (interview_id,) = await _many(sqlite_deps, jobs, clock, 1)
    whole = (await program.get(f"interviews/{interview_id}")).json()
    turns = {turn["number"]: turn["text"] for turn in whole["turns"]}
    quotes = await program.walk("quotes")
    assert quotes == sorted(whole["evidence"], key=lambda quote: quote["id"])
    for quote in quotes:
        assert turns[quote["turn"]][quote["start"] : quote["end"]] == quote["text"]
    cited = {number for one in whole["statements"] for number in one["quotes"]}
    assert cited <= {quote["id"] for quote in quotes}


async def test_filters(sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock, program: Program) -> None:
    await analysed(sqlite_deps, jobs)
    _, won = await analysed(sqlite_deps, jobs, email="ann@harbour.example", flow="win")
    day = clock().date()

    async def ids(**query: object) -> set[str]:
        return {one["id"] for one in await program.walk("interviews", **query)}

    assert await ids(flow="win") == {won}
    assert await ids(outcome="chose the product") == {won}
    assert await ids(outcome="chose the product", flow="loss") == set()
    assert len(await ids(reviewed=False, mode="ai", ended_from=day, ended_to=day)) == 2
    assert await ids(reviewed=True) == await ids(mode="human") == await ids(ended_from=day + timedelta(days=1)) == set()
    assert await ids(ended_to="9999-12-31") == await ids(ended_from="0001-01-01")
    themes = {tag["theme"] for quote in await program.walk("quotes") for tag in quote["tags"]}
    for theme in themes:
        assert all(
            theme in {tag["theme"] for tag in quote["tags"]} for quote in await program.walk("quotes", theme=theme)
        )
    assert {one["kind"] for one in await program.walk("statements", kind="why")} <= {"why"}
    assert await program.walk("quotes", review="confirmed") == []


async def test_what_is_not_over_and_what_is_gone_is_not_read(
    sqlite_deps: Deps, jobs: RecordingJobs, program: Program
) -> None:
    _, open_one = await play(sqlite_deps, send=False, email="open@buyer.example")
    _, erased = await analysed(sqlite_deps, jobs)
    await erasure.erase(sqlite_deps, erased)
    for path in LISTS:
        assert await program.walk(path) == []
    for some_id in (open_one, erased, "nothing"):
        assert (await program.get(f"interviews/{some_id}")).status_code == 404


# keys


async def test_a_key_is_shown_once_and_kept_as_a_digest(sqlite_deps: Deps) -> None:
    secret = await key(sqlite_deps)
    async with sqlite_deps.db.read() as tx:
        (row,) = (await tx.exec(select(TokenRow))).all()
    assert secret.startswith(keys.PREFIX) and secret not in str(row.model_dump())
    listed = await keys.listing(sqlite_deps, CONSOLE)
    assert [one.name for one in listed.keys] == ["pmm reader"] and not hasattr(listed.keys[0], "digest")


@pytest.mark.parametrize("path", LISTS)
async def test_only_a_scope_opens_its_list(app: FastAPI, sqlite_deps: Deps, path: str) -> None:
    needed = {
        **dict.fromkeys(("interviews", "statements"), keys.Scope.INTERVIEWS),
        **dict.fromkeys(("deals", "corrections"), keys.Scope.DEALS),
        "quotes": keys.Scope.QUOTES,
        "released": keys.Scope.RELEASED,
    }[path]
    async with Program(app, await key(sqlite_deps, scopes=[needed])) as one:
        assert (await one.get(path)).status_code == 200
    others = [scope for scope in keys.Scope if scope != needed]
    async with Program(app, await key(sqlite_deps, scopes=others)) as one:
        _problem(await one.get(path), 403)


async def test_a_key_ends(app: FastAPI, sqlite_deps: Deps, clock: FakeClock) -> None:
    async with Program(app, await key(sqlite_deps, days=1)) as short, Program(app, await key(sqlite_deps)) as long:
        assert (await short.get("interviews")).status_code == 200
        clock.advance(days=1)
        _problem(await short.get("interviews"), 401)
        newest = max((await keys.listing(sqlite_deps, CONSOLE)).keys, key=lambda one: one.expires_at)
        await keys.revoke(sqlite_deps, CONSOLE, newest.id)
        _problem(await long.get("interviews"), 401)


@pytest.mark.parametrize("end", ["disabled", "demoted"])
async def test_a_key_ends_with_its_makers_right_to_make_it(app: FastAPI, sqlite_deps: Deps, end: str) -> None:
    admin_id = await people.add_user(sqlite_deps, "ada@tidewater.example", "admin")
    await people.add_user(sqlite_deps, "eve@tidewater.example", "admin")  # the last admin stays
    admin = Viewer(admin_id, Role.ADMIN)
    made = await keys.make(sqlite_deps, admin, "warehouse", role="pmm", scopes=["quotes:read"])
    async with Program(app, made.secret) as one:
        assert (await one.get("quotes")).status_code == 200
        if end == "disabled":
            await people.disable_user(sqlite_deps, "ada@tidewater.example")
        else:
            await people.add_user(sqlite_deps, "ada@tidewater.example", "sales")
        _problem(await one.get("quotes"), 401)


async def test_a_key_has_a_rate(app: FastAPI, sqlite_deps: Deps, clock: FakeClock, program: Program) -> None:
    for _ in range(keys.PER_WINDOW):
        assert (await program.get("released")).status_code == 200
    refused = await program.get("released")
    _problem(refused, 429)
    assert 0 < int(refused.headers["retry-after"]) <= keys.WINDOW.total_seconds()
    async with Program(app, await key(sqlite_deps)) as other:
        assert (await other.get("released")).status_code == 200
    clock.advance(seconds=61)
    assert (await program.get("released")).status_code == 200


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"role": "king"}, "role"),
        ({"scopes": []}, "scope"),
        ({"scopes": ["interviews:write"]}, "scope"),
        ({"role": "sales", "scopes": ["quotes:read"]}, "scope"),
        ({"days": 0}, "days"),
    ],
)
async def test_keys_that_cannot_be(sqlite_deps: Deps, given: dict[str, object], wrong: str) -> None:
    asked = {"name": "warehouse", "role": "pmm", "scopes": ["quotes:read"], "days": 30, **given}
    with pytest.raises(BadInput) as raised:
        await keys.make(sqlite_deps, CONSOLE, str(asked.pop("name")), **asked)  # type: ignore[arg-type]
    assert [problem.where for problem in raised.value.problems] == [wrong]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
async def test_only_admins_make_keys(sqlite_deps: Deps, role: Role) -> None:
    viewer = Viewer("somebody", role)
    for attempt in (
        keys.make(sqlite_deps, viewer, "x", role="sales", scopes=["released:read"]),
        keys.listing(sqlite_deps, viewer),
        keys.revoke(sqlite_deps, viewer, "x"),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_reading_is_audited_without_content(sqlite_deps: Deps, jobs: RecordingJobs, program: Program) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    await program.get(f"interviews/{interview_id}")
    await program.get("quotes")
    async with sqlite_deps.db.read() as tx:
        rows = (await tx.exec(select(AuditRow))).all()
    seen = {(row.user_id.partition(":")[0], row.verb, row.object) for row in rows}
    assert {
        ("key", "viewed transcript", f"interview:{interview_id}"),
        ("key", "read quotes", "api:quotes"),
    } <= seen


# errors


def _problem(answer: object, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert answer.headers["cache-control"] == "no-store"  # type: ignore[attr-defined]
    told: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    assert told["status"] == status and told["title"]
    return told


async def test_every_error_is_a_problem(app: FastAPI, program: Program) -> None:
    _problem(await program.get("nothing"), 404)
    _problem(await program.get("interviews/%00"), 404)
    wrong = _problem(await program.get("interviews", limit=0), 422)
    assert wrong["errors"][0]["where"] == "query.limit"  # type: ignore[index]
    for cursor in ("x", "1.a", "a.b.1", "1.b.c", "1.é.2", "99999999999999999.a.1", "1.a.-1"):
        wrong = _problem(await program.get("interviews", cursor=cursor), 422)
        assert wrong["errors"][0]["where"] == "query.cursor"  # type: ignore[index]
    wrong = _problem(await program.get("quotes", themes="pricing"), 422)
    assert wrong["errors"] == [{"where": "query.themes", "what": "is not a parameter here"}]
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        refused = await program.http.request(method, "/api/v1/interviews")
        _problem(refused, 405)
        assert refused.headers["allow"] == "GET"


@pytest.mark.parametrize("secret", ["", "ivk_", "ivk_wrong", "é", "x" * 5000])
async def test_strangers_are_told_to_bring_a_key(app: FastAPI, secret: str) -> None:
    async with Program(app) as stranger:
        sent = {"Authorization": f"Bearer {secret}".encode()} if secret else {}
        answer = await stranger.http.get("/api/v1/interviews?limit=0", headers=sent)
        _problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        _problem(await stranger.http.get("/api/v1/interviews", headers={"Authorization": "Basic eDp5"}), 401)


async def test_a_session_at_the_desk_is_no_key(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "admin")
        _problem(await one.get("/api/v1/interviews"), 401)


async def test_no_other_site_may_read(program: Program) -> None:
    answer = await program.http.get("/api/v1/interviews", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "set-cookie" not in answer.headers
