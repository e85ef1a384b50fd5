"""The server dies while the model thinks: the answer is there after a restart, and one reply to it (trust.md 33)."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import httpx2

from tests.fakes.live_server import LiveServer
from tests.fakes.model_server import ModelServer
from tests.fakes.phone import Page

SAID = "We missed two delivery windows in June and the ops director asked for a plan"
PATIENCE_S = 180.0
"""Never waited for where all is well: a machine may be slow."""
SOON_S = 40.0
"""What a buyer is promised, from when the server answers again. It is mostly the lease of the process that died."""


def test_killed_while_the_model_thinks(tmp_path: Path) -> None:
    with ModelServer(delay_s=PATIENCE_S) as model:
        server = LiveServer(tmp_path, OPENAI_BASE_URL=model.url)
        server.start()
        try:
            with httpx2.Client(
                base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True, timeout=60
            ) as phone:
                landing = Page(phone.get(server.invite()).text)
                form = Page(phone.post(landing.forms["start"].action).text).forms["answer"]
                chat = form.action.rpartition("/")[0]
                sending = threading.Thread(target=_post, args=(phone, form.action, {**form.fields, "text": SAID}))
                sending.start()
                until = time.monotonic() + PATIENCE_S
                while not model.requests and time.monotonic() < until:
                    time.sleep(0.05)
                assert model.requests, "the model was never asked"
                server.kill()
                sending.join()
                model.delay_s = 0.0
                server.start()
                began = time.monotonic()
                said = Page(phone.get(chat).text)
                assert [message.text for message in said.messages if message.speaker == "buyer"] != []
                while time.monotonic() - began < SOON_S:
                    phone.get(f"{chat}/reply?number=3", headers={"HX-Request": "true"})
                    page = Page(phone.get(chat).text)
                    if sum(message.speaker == "interviewer" for message in page.messages) == 2:
                        break
                assert [(message.speaker, message.number) for message in page.messages] == [
                    ("interviewer", 1),
                    ("buyer", 2),
                    ("interviewer", 3),
                ]
                again = phone.post(form.action, data={**form.fields, "text": SAID})
                assert sum(message.speaker == "buyer" for message in Page(again.text).messages) == 1
        finally:
            server.stop()


def _post(phone: httpx2.Client, action: str, data: dict[str, str]) -> None:
    with contextlib.suppress(httpx2.TransportError):
        phone.post(action, data=data)
