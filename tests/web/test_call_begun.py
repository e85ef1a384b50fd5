"""A call whose time has come: nobody can move it any more, and a buyer who sits there alone is told what to do."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.store import booking_scene
from tests.store.booking_scene import at
from tests.web.conftest import Invite
from tests.web.test_call import LANGUAGES, book, only_booking, text_of

START, OTHER = "2026-11-05T14:30Z", "2026-11-10T14:30Z"


@pytest.fixture
async def mara(sqlite_deps: Deps) -> Viewer:
    return await booking_scene.host(sqlite_deps, time_zone="Europe/Berlin")


async def test_once_begun_it_is_neither_moved_nor_called_off(
    phone: Phone, link: str, mara: Viewer, sqlite_deps: Deps, clock: FakeClock
) -> None:
    root = f"{urlsplit(link).path}/call"
    assert "Move it" in await book(phone, root, START)
    clock.present = at(5, 14, 40)
    seen = text_of((await phone.open(root)).text)
    assert "Nobody there?" in seen and "Move it" not in seen and "Cancel it" not in seen
    assert "see, move or cancel" not in text_of((await phone.open(link)).text).lower()
    for path in ("/times", f"/times?start={OTHER}&zone=Europe/Berlin", "/cancel"):
        assert "Nobody there?" in (await phone.open(f"{root}{path}")).text
    for path, given in (("/times", {"start": OTHER, "zone": "Europe/Berlin"}), ("/cancel", {})):
        answered = await phone.http.post(f"{root}{path}", data=given, follow_redirects=True)
        assert answered.status_code == 200 and "Nobody there?" in answered.text
    assert (await only_booking(sqlite_deps)).starts_at == at(5, 14, 30)
    clock.present = at(5, 14, 46)
    assert "Pick a new time" in text_of((await phone.open(root)).text)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_is_alone_reads_it_in_their_language(
    phone: Phone, invite: Invite, mara: Viewer, sqlite_deps: Deps, clock: FakeClock, language: str
) -> None:
    root = f"{urlsplit(await invite(language=language)).path}/call"
    await book(phone, root, START)
    clock.present = at(5, 14, 31)
    assert text_of(sqlite_deps.languages.get(language)("call.nobody")) in text_of((await phone.open(root)).text)
