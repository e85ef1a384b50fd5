"""Schedulers that send signed messages about buyers who went to the booking page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import select

from interviewer import bookings, invitations
from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.schedulers import SCHEDULERS
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import CallRequestRow
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.phone import Phone
from tests.fakes.vendors import CALCOM_SECRET, CALENDLY_SECRET, CalComServer, CalendlyServer, Sent, Vendor

VENDORS: dict[str, Vendor] = {"calcom": CalComServer(), "calendly": CalendlyServer()}
NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A buyer who went to the booking page."""

    invitation_id: str
    reference: str


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    return VENDORS[request.param]


@pytest.fixture
def external_deps(sqlite_deps: Deps, make_deps: MakeDeps, monkeypatch: pytest.MonkeyPatch) -> Deps:
    """`Deps` of who books at a scheduler, and has agreed on a secret with both of them."""
    monkeypatch.setenv("INTERVIEWER_CALCOM_SECRET", CALCOM_SECRET)
    monkeypatch.setenv("INTERVIEWER_CALENDLY_SECRET", CALENDLY_SECRET)
    changed = sqlite_deps.settings.model_copy(update={"scheduling_url": "https://cal.com/mara/15min"})
    return make_deps(sqlite_deps.db, settings=changed)


Ask = Callable[[], Awaitable[Asked]]


@pytest.fixture
def ask(external_deps: Deps) -> Ask:
    """Invite somebody, who then goes to the booking page."""
    numbers = count()

    async def one() -> Asked:
        [invited] = await invitations.invite(external_deps, [Invitee(email=f"kim{next(numbers)}@buyer.example")])
        await bookings.choose_scheduler(external_deps, invited.invitation_id, prefilled=True)
        async with external_deps.db.read() as tx:
            query = select(CallRequestRow).where(CallRequestRow.invitation_id == invited.invitation_id)
            return Asked(invited.invitation_id, (await tx.exec(query)).one().id)

    return one


@pytest.fixture
async def vendor_line(external_deps: Deps) -> AsyncIterator[Phone]:
    async with Phone(create_app(external_deps)) as one:
        del one.http.headers["Sec-Fetch-Site"]
        yield one


async def post(line: Phone, sent: Sent, **headers: str) -> int:
    given = {"Content-Type": "application/json", **sent.headers, **headers}
    response = await line.http.post(f"/hooks/{sent.scheduler}", content=sent.body, headers=given)
    assert not response.content
    assert "set-cookie" not in response.headers
    return response.status_code


async def rows(deps: Deps, invitation_id: str) -> Sequence[BookingRow]:
    async with deps.db.read() as tx:
        return (await tx.exec(select(BookingRow).where(BookingRow.invitation_id == invitation_id))).all()


async def take(deps: Deps, sent: Sent) -> bool:
    """As the route does, without the wire."""
    scheduler = SCHEDULERS[sent.scheduler]
    headers = {name.lower(): value for name, value in sent.headers.items()}
    told = scheduler.told(headers, sent.body, scheduler.secret(), deps.now())
    return told is not None and await external.receive(deps, scheduler, told, sent.body)
