"""Who gets where, over every route of every router. A route that nobody wrote a rule for fails the build.

The desk's own rules, role by role, are in `tests/web/test_desk.py`; what of a database full of canaries each role can
read, in `tests/web/test_crawl.py`. Here are all the others, and that a call that was refused changed nothing.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from urllib.parse import quote

from fastapi import FastAPI

from interviewer.confidentiality import Role
from interviewer.deps import Deps
from interviewer.keys import Scope
from tests.fakes.jobs import RecordingJobs
from tests.security import house as scene
from tests.security.house import CANARY, DEAD, House
from tests.security.routes import Route, changed, digest, every
from tests.web.desk_scene import Browser
from tests.web.test_desk import OPEN as SIGNING_IN
from tests.web.test_desk import RULES

LINK, OPENED, SIGNED, TOLD = "with a link", "with the cookie of that interview", "with a signature", "with a token"
ANYBODY = "by anybody"
WHO: dict[str, str | Scope] = {
    "GET /": ANYBODY,
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /robots.txt": ANYBODY,
    "GET /static/{hashed}": ANYBODY,
    "GET /api/v1/openapi.json": ANYBODY,
    "GET /metrics": TOLD,
    "POST /hooks/{name}": SIGNED,
    "POST /hooks/company-sign-out": SIGNED,
    "GET /api/v1/interviews": Scope.INTERVIEWS,
    "GET /api/v1/interviews/{interview_id}": Scope.INTERVIEWS,
    "GET /api/v1/deals": Scope.DEALS,
    "GET /api/v1/corrections": Scope.DEALS,
    "GET /api/v1/quotes": Scope.QUOTES,
    "GET /api/v1/statements": Scope.INTERVIEWS,
    "GET /api/v1/released": Scope.RELEASED,
}
"""By whom each route can be reached that is neither a buyer's nor the desk's. Those are known by their place:"""
PLACES = {"/i/{token}": LINK, "/o/{token}": LINK, "/interview/{interview_id}": OPENED, "/desk": "the desk"}

BY_FORWARDED = {
    "answer": "adds to it, marked as from an unproved browser",
    "skip": "as an answer",
    "again": "where nobody typed anything, back to the first question",
    "code": "mails a code to the invitee",
    "call": "leaves wishes for a call",
    "call/times": "books or moves the call: who has the link may",
    "call/cancel": "calls it off: who has the link may",
    "call/withdraw": "takes back what was left for a call, and sees nothing of it",
    "new-link": "asks product marketing for another link",
}
"""What somebody with a forwarded link can change (trust.md 7). Everything else leaves every table as it was."""


def rule(route: Route) -> str | Scope:
    """Raises KeyError for a route that nobody thought about."""
    for place, who in PLACES.items():
        if route.path == place or route.path.startswith(f"{place}/"):
            return who
    return WHO[str(route)]


def test_every_route_has_a_rule(app: FastAPI) -> None:
    routes = every(app)
    assert [str(route) for route in routes if not route.path.startswith(tuple(PLACES)) and str(route) not in WHO] == []
    assert sorted(WHO) == sorted(str(route) for route in routes if not route.path.startswith(tuple(PLACES)))
    desk = {(route.method, route.path) for route in routes if rule(route) == "the desk"}
    assert desk == set(RULES) | SIGNING_IN
    assert all(route.method in ("GET", "POST") for route in routes)


def names(house: House, interview_id: str) -> dict[str, object]:
    return {
        "interview_id": interview_id,
        "some_id": house.page,
        "number": 2,
        "booking_id": house.booking,
        "call_id": house.booking,
        "tag_id": house.tag,
        "ref": house.statement,
        "statement_id": house.statement,
        "quote_id": house.quote,
        "verb": "confirm",
        "ending": "csv",
        "name": "quotes.csv",
        "key_id": house.key,
        "view_id": house.view,
        "user_id": house.people[Role.PMM],
        "session_id": house.session,
    }


FORM = {
    "text": "mine now",
    "key": "k-1",
    "number": "6",
    "agreed": "yes",
    "code": "000000",
    "start": "2026-11-05T13:30Z",
    "zone": "Europe/London",
    "phone": "+44 20 7946 0000",
    "first_time": "noon",
    "role": "admin",
    "email": "evil@x.example",
    "name": "evil",
    "version": "0",
    "audience": "sales",
    "wording": "anything",
}
"""Fields that one form or another takes."""


async def test_dead_links_open_nothing(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    tokens = {kind: await scene.link_of(house, kind) for kind in DEAD}
    before = await digest(sqlite_deps)
    async with Browser(app) as stranger:
        for route in [route for route in every(app) if rule(route) == LINK]:
            for kind, token in tokens.items():
                if route.path.startswith("/o/") and kind in ("of another purpose", "revoked"):
                    continue  # the one is its own purpose; and no mails is a wish that outlives a link
                address = route.fill(token=quote(token))
                answer = await (stranger.get(address) if route.safe else stranger.post(address, **FORM))
                asks_anew = route.path.endswith("/new-link")
                assert answer.status_code == (200 if asks_anew else 404), (str(route), kind, answer.status_code)
                assert CANARY not in answer.text and "set-cookie" not in answer.headers, (str(route), kind)
    after = await digest(sqlite_deps)
    # Who has had a link may ask for another, and that is noted beside it; nothing else.
    assert set(changed(before, after)) <= {"invitations", "deliveries"}


async def test_an_interview_opens_to_its_own_browser_alone(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        stranger = await stack.enter_async_context(Browser(app))
        other = await scene.other_buyer(house, stack)
        desk = await stack.enter_async_context(Browser(app))
        await desk.sign_in(sqlite_deps, "admin")
        before = await digest(sqlite_deps)
        for route in [route for route in every(app) if rule(route) == OPENED]:
            for interview_id in (house.interview, house.open, "none", "...", "%00", quote("a/b", safe="")):
                address = route.fill(interview_id=interview_id, number=2)
                for who, http in (("stranger", stranger.http), ("another buyer", other.http), ("the desk", desk.http)):
                    answer = await (http.get(address) if route.safe else http.post(address, data=FORM))
                    fine = 303 if str(route).endswith("/finish") else 404  # it only leads on to the page that refuses
                    assert answer.status_code in (fine, 404), (who, address, answer.status_code)
                    assert CANARY not in answer.text, (who, address)
        assert changed(before, await digest(sqlite_deps)) == []


async def test_a_forwarded_link_reads_nothing_and_takes_nothing_away(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        for page, interview_id in ((house.page, house.interview), (house.open_page, house.open)):
            phone = await scene.forwarded(house, stack, page)
            token = (await house.link(page)).rpartition("/")[2]
            for route in [route for route in every(app) if rule(route) in (OPENED, LINK)]:
                own = route.path.partition("}/")[2]
                if route.path.startswith("/o/") or own in ("decline", "start") or own in BY_FORWARDED:
                    continue
                address = route.fill(interview_id=interview_id, number=2, token=token)
                before = await digest(sqlite_deps)
                answer = await (phone.http.get(address) if route.safe else phone.http.post(address, data=FORM))
                assert answer.status_code < 500, (address, answer.text)
                assert CANARY not in answer.text.replace(f"{CANARY}.example", ""), address
                moved = changed(before, await digest(sqlite_deps))
                assert moved in ([], ["proof_codes"]), (address, moved)


async def test_hidden_buyers_stay_hidden_where_a_forwarded_link_may_write(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        phone = await scene.forwarded(house, stack, house.open_page)
        for own in BY_FORWARDED:
            answer = await phone.http.post(f"/interview/{house.open}/{own}", data=FORM)
            assert answer.status_code < 500 and CANARY not in answer.text, (own, answer.text)
            shown = await phone.http.get(f"/interview/{house.open}")
            assert CANARY not in shown.text, own


async def test_the_desk_is_closed_to_who_was_let_go_and_to_buyers(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        gone = await scene.disabled(house, stack)
        buyer = await scene.other_buyer(house, stack)
        made_up = await stack.enter_async_context(Browser(app))
        made_up.http.cookies.set("interviewer-desk", house.session)  # what the table holds is not what opens
        before = await digest(sqlite_deps)
        for route in [route for route in every(app) if (route.method, route.path) in RULES]:
            address = route.fill(**names(house, house.interview))
            for who, http in (("let go", gone.http), ("a buyer", buyer.http), ("a thief of the table", made_up.http)):
                answer = await (http.get(address) if route.safe else http.post(address, data=FORM))
                where = answer.headers.get("location", "")
                assert answer.status_code == 303 and where.startswith("/desk/sign-in"), (who, str(route))
                assert CANARY not in answer.text
        assert changed(before, await digest(sqlite_deps)) == []


async def test_a_role_that_may_not_changes_nothing(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    unsafe = [route for route in every(app) if not route.safe and (route.method, route.path) in RULES]
    for role in (Role.SALES, Role.PRODUCT, Role.LEADERSHIP, Role.REVOPS, Role.PMM):
        async with Browser(app) as one:
            await one.sign_in(sqlite_deps, role)
            before = await digest(sqlite_deps)
            for route in unsafe:
                rules = RULES[route.method, route.path]
                expected = rules.get(role, rules["desk" if role is Role.PMM else "others"])
                if expected != 403:
                    continue
                answer = await one.post(route.fill(**names(house, house.interview)), **FORM)
                assert answer.status_code == 403 and CANARY not in answer.text, (role, str(route))
            assert changed(before, await digest(sqlite_deps)) == [], role


async def test_ids_of_something_else_are_refused(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    """A quote, a tag or a statement of another interview, a session, a view of somebody else."""
    house = await scene.build(app, sqlite_deps, jobs)
    here = f"/desk/interviews/{house.page}"
    assert house.other_quote and house.other_tag and house.other_statement
    elsewhere = (
        f"{here}/quotes/{house.other_quote}/release",
        f"{here}/quotes/{house.other_quote}/withdraw",
        *(f"{here}/tags/{house.other_tag}/{verb}" for verb in ("confirm", "reject", "reopen", "retag")),
        *(f"{here}/statements/{house.other_statement}/{verb}" for verb in ("confirm", "reject", "reopen", "reword")),
        f"/desk/account/sessions/{house.session}/end",
        f"/desk/library/views/{house.view}/delete",
    )
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "pmm")
        before = await digest(sqlite_deps)
        for address in elsewhere:
            form = FORM | {"theme": "praise", "polarity": "positive", "scope": "deal", "subject": "x"}
            answer = await one.post(address, **form)
            assert answer.status_code in (403, 404, 409, 422), (address, answer.status_code)
        for target, ref in (("tag", house.other_tag), ("statement", house.other_statement)):
            await one.post(f"{here}/accept", **{f"{target}:{ref}": "1"})
        assert changed(before, await digest(sqlite_deps)) in ([], ["audit"])  # the own interview was shown instead


async def test_keys_open_what_their_scopes_name(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    scoped = [(route, rule(route)) for route in every(app) if isinstance(rule(route), Scope)]
    dead = [await scene.key_of(house, tuple(Scope), works=works) for works in ("expired", "revoked", "orphaned")]
    async with AsyncExitStack() as stack:
        for secret in ("", "ivk_none", "Basic x", "ivk_" + "a" * 5000, *dead):
            one = await scene.program(house, stack, secret)
            for route, _ in scoped:
                answer = await one.http.get(route.fill(interview_id=house.interview))
                assert answer.status_code == 401 and CANARY not in answer.text, (secret[:20], str(route))
                assert answer.headers["content-type"] == "application/problem+json"
        for scope in Scope:
            one = await scene.program(house, stack, await scene.key_of(house, (scope,)))
            for route, wanted in scoped:
                answer = await one.http.get(route.fill(interview_id=house.interview))
                assert answer.status_code == (200 if scope is wanted else 403), (scope, str(route))
                assert CANARY not in answer.text or scope is wanted
        desk = await stack.enter_async_context(Browser(app))
        await desk.sign_in(sqlite_deps, "admin")
        for route, _ in scoped:  # a session is no key
            assert (await desk.get(route.fill(interview_id=house.interview))).status_code == 401


async def test_signatures_and_tokens_are_all_that_counts(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with Browser(app) as admin:
        await admin.sign_in(sqlite_deps, "admin")
        before = await digest(sqlite_deps)
        for route in [route for route in every(app) if rule(route) in (SIGNED, TOLD)]:
            for name in ("calcom", "calendly", "savvycal", "none", "...", "company-sign-out"):
                address = route.fill(name=name)
                answer = await (admin.get(address) if route.safe else admin.post(address, **FORM))
                assert answer.status_code in (400, 401, 404, 405), (address, answer.status_code)
        assert changed(before, await digest(sqlite_deps)) == []
    assert house.page
