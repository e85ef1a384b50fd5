"""A buyer's browser without a screen: follows the link, reads the messages, submits the page's own forms.

It relies on the hooks that `docs/architecture.md` names as stable, as any integrator would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from interviewer.errors import InterviewerError

if TYPE_CHECKING:
    from fastapi import FastAPI

HOST = "http://bench.invalid"


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Message:
    """One message as the page shows it."""

    speaker: str
    number: int
    topic: str
    text: str = ""


class _Page(HTMLParser):
    """The forms by id and the messages of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.messages: list[Message] = []
        self._form: Form | None = None
        self._message: Message | None = None
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms[given.get("id", self._form.action)] = self._form
        elif tag in ("input", "textarea") and self._form is not None and "name" in given:
            self._form.fields[given["name"]] = given.get("value", "")
        if self._message is not None:
            self._inside.append(tag)
        elif "data-speaker" in given:
            self._message = Message(given["data-speaker"], int(given["data-turn"]), given.get("data-topic", ""))
            self._inside = [tag]
            self.messages.append(self._message)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
            if not self._inside:
                self._message = None

    def handle_data(self, data: str) -> None:
        if self._message is not None and "a" not in self._inside:  # a link in a message is a button, not its words
            self._message.text += data


class Browser:
    """One buyer's browser."""

    def __init__(self, app: FastAPI) -> None:
        self._http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app),
            base_url=HOST,
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
            timeout=None,  # the application keeps its own deadlines, and nothing leaves this process
        )
        self._page = _Page("")
        self._path = ""

    async def close(self) -> None:
        await self._http.aclose()

    async def open(self, link: str) -> None:
        """Raises InterviewerError where the page does not come."""
        self._keep(await self._http.get(urlsplit(link).path))

    async def reload(self) -> None:
        """Raises InterviewerError where the page does not come."""
        await self.open(self._path)

    async def submit(self, form: str, **fields: str) -> None:
        """Raises InterviewerError for a form that the page does not have, or that is not taken."""
        found = self._page.forms.get(form)
        if found is None:
            raise InterviewerError(f"The page at {self._where} has no form {form!r}.")
        self._keep(await self._http.post(found.action, data={**found.fields, **fields}))

    def can(self, form: str) -> bool:
        """Whether the page has this form."""
        return form in self._page.forms

    @property
    def last(self) -> Message:
        """What the interviewer said last. Raises InterviewerError where the page shows nothing of that kind."""
        for message in reversed(self._page.messages):
            if message.speaker == "interviewer":
                return message
        raise InterviewerError(f"The page at {self._where} shows no message of the interviewer.")

    @property
    def interview_id(self) -> str:
        return self._path.removeprefix("/interview/").partition("/")[0]

    @property
    def _where(self) -> str:
        """The page without ids and tokens."""
        return "/".join(part for part in self._path.split("/") if len(part) < 16) or "/"

    def _keep(self, response: httpx2.Response) -> None:
        self._path = response.url.path
        self._page = _Page(response.text)
        if response.is_error:
            raise InterviewerError(f"The page at {self._where} answered {response.status_code}.")
