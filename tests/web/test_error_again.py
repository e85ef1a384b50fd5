"""A page that cannot be shown right now has a way on: the same request again, with what was typed."""

from __future__ import annotations

import pytest

from interviewer import interviews
from interviewer.errors import NotSaved, Unavailable
from interviewer.web.buyer import chat
from tests.fakes.phone import Phone
from tests.web.test_chat import RICH


async def test_what_was_typed_goes_again_by_one_press(
    other_phone: Phone, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = other_phone
    said = f"{RICH[0]}\n<b>& more</b>"
    await phone.start(link)
    monkeypatch.setattr(interviews, "answer", _not_saved)
    monkeypatch.setattr(chat, "thread", _away)
    response = await phone.say(said)
    assert response.status_code == 503 and "&lt;b&gt;&amp; more" in response.text
    assert (await phone.press("again")).status_code == 503
    monkeypatch.undo()
    await phone.press("again")
    assert phone.mine == [f"{said}saved"]


async def test_a_page_is_asked_for_again(other_phone: Phone, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    interview_id = await other_phone.start(link)
    monkeypatch.setattr(chat, "thread", _away)
    response = await other_phone.open(f"/interview/{interview_id}?code=sent")
    form = other_phone.page.forms["again"]
    assert response.status_code == 503
    assert (form.action, form.method) == (f"/interview/{interview_id}", "get")
    assert form.fields == {"code": "sent"}


async def _not_saved(*_args: object, **_more: object) -> None:
    raise NotSaved("OperationalError")


async def _away(*_args: object, **_more: object) -> None:
    raise Unavailable("OperationalError")
