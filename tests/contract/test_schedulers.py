"""Every booking page elsewhere: what a buyer's link to it carries, whose page it is, and who is listened to."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from interviewer import bootstrap, schedulers
from interviewer.cli.checks import outside
from interviewer.errors import BadInput, Unsigned
from interviewer.schedulers import SCHEDULERS
from interviewer.schedulers.base import Person, Scheduler
from interviewer.settings import Settings

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KIM = Person("Kim van Osei", "kim+calls@buyer.example")
REFERENCE = "id-00000000000000000001"
TAKEN = {
    "calcom": {"name": KIM.name, "email": KIM.address, "metadata[interviewer]": REFERENCE},
    "calendly": {"name": KIM.name, "email": KIM.address, "utm_content": REFERENCE},
    "savvycal": {"display_name": KIM.name, "email": KIM.address, "metadata[interviewer]": REFERENCE},
    "hubspot": {"firstName": "Kim van", "lastName": "Osei", "email": KIM.address, "utm_content": REFERENCE},
    "plain": {"name": KIM.name, "email": KIM.address, "reference": REFERENCE},
}
"""The parameters that each vendor's public documentation names."""
PAGES = {
    "https://cal.com/mara/15min": "calcom",
    "https://tidewater.cal.com/mara/15min": "calcom",
    "https://CALENDLY.com/mara/15min": "calendly",
    "https://savvycal.com/mara/chat": "savvycal",
    "https://meetings-eu1.hubspot.com/mara": "hubspot",
    "https://notcal.com/mara": "plain",
    "https://cal.com.elsewhere.example/mara": "plain",
    "https://meet.example/cal.com": "plain",
    "": "plain",
}


@pytest.fixture(params=SCHEDULERS)
def scheduler(request: pytest.FixtureRequest) -> Scheduler:
    return SCHEDULERS[request.param]


def carried(link: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(link).query, keep_blank_values=True).items()}


def test_name_address_and_reference_go_where_the_page_takes_them(scheduler: Scheduler) -> None:
    link = scheduler.link("https://meet.example/mara?month=12&empty=#times", KIM, REFERENCE)
    assert carried(link) == {"month": "12", "empty": "", **TAKEN[scheduler.name]}
    assert link.startswith("https://meet.example/mara?")
    assert urlsplit(link).fragment == "times"


def test_nobody_is_named_to_who_may_not_know(scheduler: Scheduler) -> None:
    link = scheduler.link("https://meet.example/mara", Person(), REFERENCE)
    assert set(carried(link).values()) == {REFERENCE}


def test_what_people_are_called_does_not_break_out_of_its_place(scheduler: Scheduler) -> None:
    odd = Person("Ann&email=x@y.example#\r\nHost: é", "a&b@buyer.example")
    given = carried(scheduler.link("https://meet.example/mara", odd, REFERENCE))
    assert given["email"] == odd.address
    assert set(given) <= set(TAKEN[scheduler.name])


def test_one_name_is_enough(scheduler: Scheduler) -> None:
    assert "Kim" in carried(scheduler.link("https://meet.example/mara", Person("Kim"), REFERENCE)).values()


def test_a_page_tells_whose_it_is() -> None:
    assert {url: schedulers.choose(url).name for url in PAGES} == PAGES


def test_the_setting_has_the_last_word(scheduler: Scheduler) -> None:
    assert schedulers.choose("https://calendar.tidewater.example/mara", scheduler.name) is scheduler
    assert schedulers.choose("https://cal.com/mara", scheduler.name) is scheduler


def test_a_scheduler_that_there_is_not_is_refused_at_start_up() -> None:
    with pytest.raises(BadInput, match="calcom, calendly") as raised:
        bootstrap.check_scheduler(Settings(scheduler="doodle"))
    assert [problem.where for problem in raised.value.problems] == ["INTERVIEWER_SCHEDULER"]


def test_names_are_those_of_the_registry_and_none_is_our_own() -> None:
    assert {name: one.name for name, one in SCHEDULERS.items()} == {name: name for name in SCHEDULERS}
    assert "own" not in SCHEDULERS


def test_without_a_secret_nobody_is_believed(scheduler: Scheduler) -> None:
    assert scheduler.secret({}) == ""
    for headers in ({}, {"x-cal-signature-256": ""}, {"calendly-webhook-signature": f"t={int(NOW.timestamp())},v1="}):
        with pytest.raises(Unsigned):
            scheduler.told(headers, b"{}", "", NOW)


def test_secrets_are_read_by_name() -> None:
    given = {"INTERVIEWER_CALCOM_SECRET": " one ", "INTERVIEWER_CALENDLY_SECRET": "two"}
    heard = {name: one.secret(given) for name, one in SCHEDULERS.items() if one.secret(given)}
    assert heard == {"calcom": "one", "calendly": "two"}


def test_doctor_says_whether_bookings_are_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def said(**given: str) -> list[tuple[str, str]]:
        settings = Settings(base_url="https://talk.example.com").model_copy(update=given)
        return [(found.state, found.detail) for found in outside.booking_page(settings)]

    assert said() == []
    page = "https://cal.com/mara"
    assert "tells us nothing" in said(scheduling_url=page)[0][1]
    monkeypatch.setenv("INTERVIEWER_CALCOM_SECRET", "zirkonsecret")
    [(state, detail)] = said(scheduling_url=page)
    assert state == "ok"
    assert "https://talk.example.com/hooks/calcom" in detail
    assert "zirkonsecret" not in detail
    assert said(scheduling_url=page, scheduler="doodle")[0][0] == "fail"
