"""A buyer's phone without a screen: follows links, presses buttons, fills in forms as the page gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2
from fastapi import FastAPI

HOST = "http://testserver"


@dataclass
class Form:
    id: str
    action: str
    method: str
    fields: dict[str, str]


@dataclass
class Said:
    speaker: str
    number: int
    topic: str
    text: str


class Page(HTMLParser):
    """The forms and messages of a page or fragment."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.messages: list[Said] = []
        self.tail: dict[str, str] = {}
        self._form: Form | None = None
        self._said: Said | None = None
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("id", given["action"]), given["action"], given["method"], {})
            self.forms[self._form.id] = self._form
        elif tag in ("input", "textarea") and self._form and "name" in given:
            self._form.fields[given["name"]] = given.get("value", "")
        if given.get("id") == "tail":
            self.tail = given
        if self._said is not None and tag == "div":
            self._depth += 1
        elif "data-speaker" in given:
            self._said = Said(given["data-speaker"], int(given["data-turn"]), given.get("data-topic", ""), "")
            self._depth = 0
            self.messages.append(self._said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if self._said is not None and tag == "div":
            if self._depth == 0:
                self._said = None
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._said is not None:
            self._said.text += data


class Phone:
    """One browser. With `script`, forms of the chat go as htmx sends them."""

    def __init__(self, app: FastAPI, *, script: bool = False) -> None:
        self.script = script
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(
            transport=transport, base_url=HOST, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True
        )
        self.last: httpx2.Response
        self.page = Page("")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def open(self, link: str) -> httpx2.Response:
        """GET a link or path, and keep the page."""
        return self._keep(await self.http.get(_path(link)))

    async def press(self, form: str, **fields: str) -> httpx2.Response:
        """Submit a form of the page at hand as a plain form."""
        found = self.page.forms[form]
        if found.method == "get":
            return await self.open(found.action)
        return self._keep(await self.http.post(found.action, data={**found.fields, **fields}))

    async def start(self, link: str) -> str:
        """From the link to the first question. Returns the interview's id."""
        await self.open(link)
        await self.press("start")
        return self.interview_id

    async def say(self, text: str, **fields: str) -> httpx2.Response:
        """Answer the open question."""
        return await self._send("answer", {"text": text, **fields})

    async def skip(self) -> httpx2.Response:
        return await self._send("skip", {})

    async def talk(self, *answers: str) -> None:
        for text in answers:
            await self.say(text)

    @property
    def interview_id(self) -> str:
        found = re.search(r"/interview/([\w-]+)", str(self.last.url))
        assert found, f"no interview at {self.last.url}: {self.last.status_code}"
        return found[1]

    @property
    def question(self) -> Said:
        """What the interviewer said last."""
        return [said for said in self.page.messages if said.speaker == "interviewer"][-1]

    @property
    def mine(self) -> list[str]:
        return [said.text for said in self.page.messages if said.speaker == "buyer"]

    async def _send(self, form: str, fields: dict[str, str]) -> httpx2.Response:
        found = self.page.forms[form]
        data = {**found.fields, **fields}
        if not self.script:
            return self._keep(await self.http.post(found.action, data=data))
        response = await self.http.post(found.action, data=data, headers={"HX-Request": "true"})
        reloaded = await self.http.get(found.action.rpartition("/")[0])
        self._keep(reloaded)
        self.last = response
        return response

    def _keep(self, response: httpx2.Response) -> httpx2.Response:
        self.last = response
        self.page = Page(response.text)
        return response


def _path(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")
