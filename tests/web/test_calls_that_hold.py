"""Limits and words around a buyer's call, on their pages."""

# ruff: noqa: F811  # fixtures are taken by their names

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from interviewer.bookings import taking
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.store import booking_scene
from tests.web.conftest import Invite
from tests.web.test_call import LANGUAGES, book, mara, only_booking, root, text_of  # noqa: F401


async def test_who_changes_a_call_too_often_is_told_until_when(
    phone: Phone,
    root: str,
    sqlite_deps: Deps,
    clock: FakeClock,
) -> None:
    free = [booking_scene.at(4, 8) + timedelta(minutes=15 * place) for place in range(taking.CHANGES + 1)]
    for start in free[:-1]:
        await book(phone, root, f"{start:%Y-%m-%dT%H:%MZ}")
        assert (await only_booking(sqlite_deps)).starts_at == start
        clock.advance(minutes=1)
    said = await book(phone, root, f"{free[-1]:%Y-%m-%dT%H:%MZ}")
    assert phone.last.status_code == 429
    assert "Mon 2 Nov, 5:01 am EST" in said  # an hour after the first, to the next full minute of New York
    assert (await only_booking(sqlite_deps)).starts_at == free[-2]
    await phone.open(f"{root}/cancel")
    await phone.press("cancel")
    assert (await only_booking(sqlite_deps, "cancelled")).starts_at == free[-2]
    clock.advance(minutes=51)
    await book(phone, root, f"{free[-1]:%Y-%m-%dT%H:%MZ}")
    assert (await only_booking(sqlite_deps)).starts_at == free[-1]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_pause_is_told_in_every_language(
    phone: Phone,
    invite: Invite,
    mara: Viewer,
    sqlite_deps: Deps,
    language: str,
) -> None:
    link = await invite(language=language)
    where = f"{urlsplit(link).path}/call"
    taken = [f"2026-11-04T{8 + place // 4:02}:{place % 4 * 15:02}Z" for place in range(taking.CHANGES + 1)]
    for start in taken:
        answer = await phone.http.post(f"{where}/times", data={"start": start, "zone": "Europe/Berlin"})
    assert answer.status_code == 429
    t = sqlite_deps.languages.get(language)
    assert t("call.often_headline") in answer.text and "{" not in text_of(answer.text)
