"""Limits of what buyers' pages take: by link, by network, and never a whole company at once (trust.md 28)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from interviewer.deps import Deps
from interviewer.errors import TooFast
from interviewer.store.tables.deliveries import HitRow
from interviewer.web.pace import PER_LINK, PER_NETWORK, Limit, Pace, network
from tests.fakes.clock import FakeClock
from tests.fakes.phone import HOST, Phone
from tests.security.routes import every
from tests.store import booking_scene
from tests.web.conftest import Invite

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
STORY = "Our scheduler quit in March and nobody could read her sheet"


def from_network(app: FastAPI, address: str, *, script: bool = False) -> Phone:
    """A phone that the application sees at this address, as behind a proxy that it trusts."""
    phone = Phone(app, script=script)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 0))
    phone.http = httpx2.AsyncClient(
        transport=transport, base_url=HOST, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True
    )
    return phone


def use_up(app: FastAPI, clock: FakeClock, name: str, limit: Limit) -> None:
    with pytest.raises(TooFast):
        while True:
            app.state.pace.take(name, limit, clock())


@pytest.mark.parametrize("script", [False, True])
async def test_an_answer_too_many_is_refused_with_its_text_kept(
    app: FastAPI, invite: Invite, clock: FakeClock, script: bool
) -> None:
    async with Phone(app, script=script) as phone:
        interview_id = await phone.start(await invite())
        use_up(app, clock, f"interview:{interview_id}", PER_LINK)
        refused = await phone.say(STORY)
        assert refused.status_code == 429
        assert "Your text is still here" in refused.text
        assert script or f"{STORY}</textarea>" in refused.text
        assert not phone.mine or script
        clock.advance(seconds=3)
        await phone.open(f"/interview/{interview_id}")
        assert (await phone.say(STORY)).status_code == 200
        assert phone.mine[-1].startswith(STORY)


async def test_a_change_too_many_keeps_its_text(app: FastAPI, invite: Invite, clock: FakeClock) -> None:
    async with Phone(app) as phone:
        interview_id = await phone.start(await invite())
        await phone.say(STORY)
        use_up(app, clock, f"interview:{interview_id}", PER_LINK)
        refused = await phone.http.post(f"/interview/{interview_id}/check/2/change", data={"text": "Said otherwise"})
        assert refused.status_code == 429 and "Said otherwise</textarea>" in refused.text


async def test_every_form_of_a_buyer_has_its_pace(app: FastAPI, invite: Invite, clock: FakeClock) -> None:
    """All but the one that stops mails, which has to work always; generated, so that a new form is one of them."""
    async with Phone(app) as phone:
        link = await invite()
        interview_id, token = await phone.start(link), link.rpartition("/")[2]
        use_up(app, clock, f"interview:{interview_id}", PER_LINK)
        use_up(app, clock, f"link:{token}", PER_LINK)
        for route in every(app):
            if route.safe or not route.path.startswith(("/i/", "/interview/", "/o/")):
                continue
            answer = await phone.http.post(route.fill(interview_id=interview_id, token=token, number=2))
            always = route.path.startswith("/o/")
            assert (answer.status_code == 429) is not always, str(route)
            assert always or int(answer.headers.get("retry-after", "1")) < 5
        assert (await phone.open(f"/interview/{interview_id}")).status_code == 200, "looking is never refused"


async def test_strangers_cannot_use_up_the_room_of_a_buyer(app: FastAPI, invite: Invite) -> None:
    async with Phone(app) as phone, Phone(app) as stranger:
        interview_id = await phone.start(await invite())
        for _ in range(PER_LINK.at_once + 5):
            assert (await stranger.http.post(f"/interview/{interview_id}/skip")).status_code == 404
        assert (await phone.say(STORY)).status_code == 200


async def test_fifty_colleagues_behind_one_address_are_never_refused(
    app: FastAPI, invite: Invite, sqlite_deps: Deps, clock: FakeClock
) -> None:
    """Twice as fast as people type, ten minutes long; two of them really, the others as what they count."""
    for colleague in range(48):
        for turn in range(150):
            moment = clock() + timedelta(seconds=4 * turn, milliseconds=80 * colleague)
            app.state.pace.take(f"colleague:{colleague}", PER_LINK, moment)
    beginning, sent = (
        clock(),
        sorted(
            timedelta(seconds=4 * turn, milliseconds=80 * colleague) for colleague in range(50) for turn in range(150)
        ),
    )
    for after in sent:
        app.state.pace.take("net:203.0.113.9", PER_NETWORK, beginning + after)
    async with from_network(app, "2.17.4.9") as one, from_network(app, "2.17.4.9") as two:
        for number, phone in enumerate((one, two)):
            await phone.start(await invite(f"colleague{number}@buyer.example"))
            assert (await phone.say(STORY)).status_code == 200


async def test_a_program_that_floods_is_held_by_its_network(app: FastAPI, invite: Invite, clock: FakeClock) -> None:
    async with from_network(app, "2.17.4.9") as flooding, from_network(app, "2.17.4.10") as neighbour:
        interview_id = await flooding.start(await invite())
        use_up(app, clock, "net:2.17.4.9", PER_NETWORK)
        assert (await flooding.say(STORY)).status_code == 429
        await neighbour.start(await invite("ann@buyer.example"))
        assert (await neighbour.say(STORY)).status_code == 200
        assert (await flooding.open(f"/interview/{interview_id}")).status_code == 200


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2.17.4.9", "2.17.4.9"),
        ("::ffff:2.17.4.9", "2.17.4.9"),
        ("2a02:908:1:2:aaaa::1", "2a02:0908:0001:0002"),
        ("2a02:908:1:2:bbbb::7", "2a02:0908:0001:0002"),
        ("127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("172.18.0.1", ""),
        ("fe80::1%eth0", ""),
        ("::1", ""),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_a_network_is_an_address_that_says_who(address: str, counted: str) -> None:
    assert network(address) == counted


def test_room_comes_back_by_and_by_and_a_clock_put_back_costs_nothing() -> None:
    pace, limit = Pace(), Limit(3, timedelta(seconds=1))
    for _ in range(3):
        pace.take("x", limit, NOON)
    with pytest.raises(TooFast) as refused:
        pace.take("x", limit, NOON)
    assert refused.value.until == NOON + timedelta(seconds=1)
    pace.take("y", limit, NOON)
    pace.take("x", limit, NOON + timedelta(seconds=1))
    with pytest.raises(TooFast):
        pace.take("x", limit, NOON + timedelta(seconds=1))
    yesterday = NOON - timedelta(days=1)
    with pytest.raises(TooFast) as refused:
        pace.take("x", limit, yesterday)
    assert refused.value.until is not None and refused.value.until <= yesterday + timedelta(seconds=1)


def test_it_remembers_a_bounded_number_of_names() -> None:
    pace, limit = Pace(most=100), Limit(2, timedelta(hours=1))
    for number in range(1000):
        pace.take(f"n{number}", limit, NOON + timedelta(seconds=number))
    assert len(pace._full_at) <= 101
    pace.take("n999", limit, NOON + timedelta(seconds=1000))
    with pytest.raises(TooFast):
        pace.take("n999", limit, NOON + timedelta(seconds=1000))


async def test_calls_behind_a_proxy_that_nobody_named_are_no_network(
    app: FastAPI, invite: Invite, sqlite_deps: Deps
) -> None:
    """All buyers come from its address then: the limit of one network would be one for all of them."""
    await booking_scene.host(sqlite_deps)
    for number, (address, counted) in enumerate((("172.18.0.1", 0), ("2.17.4.9", 1))):
        async with from_network(app, address) as phone:
            root = f"{urlsplit(await invite(f'kim{number}@buyer.example')).path}/call/times"
            for start in (f"2026-11-04T1{number}:00Z", f"2026-11-05T1{number}:00Z"):
                assert (await phone.http.post(root, data={"start": start, "zone": "Europe/London"})).status_code == 200
        async with sqlite_deps.db.read() as tx:
            told = select(HitRow.bucket).where(col(HitRow.bucket).startswith("calls:"))
            assert len((await tx.exec(told)).all()) == counted, address


async def test_no_address_is_kept(app: FastAPI, invite: Invite, sqlite_deps: Deps) -> None:
    async with from_network(app, "2.17.4.9") as phone:
        await phone.start(await invite())
        await phone.say(STORY)
    async with sqlite_deps.db.read() as tx:
        raw = (await (await tx.connection()).exec_driver_sql("select group_concat(bucket) from hits")).scalar()
    assert not re.search(r"2\.17\.4\.9", raw or "")
