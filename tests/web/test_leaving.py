"""A phone that loses its connection in the middle of a request is no fault of the server's, and no noise in its log."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import Message, Scope
from structlog.testing import capture_logs

from tests.fakes.phone import Phone


async def test_who_leaves_while_sending_is_told_of_as_such(app: FastAPI, link: str) -> None:
    async with Phone(app) as phone:
        path = f"/interview/{await phone.start(link)}/answer"
        cookies = "; ".join(f"{name}={value}" for name, value in phone.http.cookies.items())
    sent: list[Message] = []
    came = iter([{"type": "http.request", "body": b"text=We+loo", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(came)

    async def send(message: Message) -> None:
        sent.append(message)

    with capture_logs() as lines:
        await app(_scope(path, cookies), receive, send)
    assert not [line for line in lines if line["log_level"] == "error"]
    assert (
        [line["status"] for line in lines if line["event"] == "request"] == [499] == [one["status"] for one in sent[:1]]
    )


def _scope(path: str, cookies: str) -> Scope:
    headers = {
        "host": "testserver",
        "cookie": cookies,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": "400",
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
    }
