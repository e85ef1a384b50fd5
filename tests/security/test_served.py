"""What a server in processes of its own writes while it is asked for odd things and breaks: nothing of anybody."""

from __future__ import annotations

import re
import socket
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from interviewer import people
from tests.fakes.live_server import LiveServer
from tests.fakes.phone import Page

CANARY = "zirkonserved"
ANSWER = f"The {CANARY} import took nine days and nobody at our place could help with it"
UNREADABLE = (
    f"{CANARY}\r\n\r\n",
    f"GET /i/{CANARY} HTTP/9.9\r\nHost: x\r\n\r\n",
    f"GET /i/{CANARY}\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET /i/x HTTP/1.1\r\nHost: x\r\n{CANARY}\r\n\r\n",
    f"POST /i/{CANARY}/start HTTP/1.1\r\nHost: x\r\nContent-Length: {CANARY}\r\n\r\n",
    f"POST /i/{CANARY}/start HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n",
    f"POST /i/{CANARY}/start HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\ntext={CANARY}",  # and gone
    f"GET /{CANARY * 9000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET /desk HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nCookie: {CANARY}\r\n\r\n",
)


def say(server: LiveServer, request: str) -> None:
    """Send this as it is, and wait until the server has done with it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        try:
            line.sendall(request.encode())
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass
        except OSError:
            return  # it hung up before it had heard all


def begin(http: httpx2.Client, link: str) -> dict[str, str]:
    """Start the interview; gives the fields of the form for an answer, with where it goes as `action`."""
    http.post(f"{urlsplit(link).path}/start")
    shown = http.get(http.post(f"{urlsplit(link).path}/start").headers["location"])
    form = Page(shown.text).forms["answer"]
    return {**form.fields, "action": form.action}


@pytest.mark.parametrize("workers", [1, 2])
def test_neither_requests_nor_faults_are_written_down(tmp_path: Path, workers: int) -> None:
    server = LiveServer(tmp_path, workers=workers, INTERVIEWER_LOG_LEVEL="DEBUG", INTERVIEWER_LOG_FORMAT="json")
    server.start()
    try:
        link = server.invite(f"{CANARY}@buyer.example")
        server.do(lambda deps: people.add_user(deps, f"{CANARY}@tidewater.example", "pmm"))
        headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": CANARY, "Referer": f"{server.url}/{CANARY}"}
        with httpx2.Client(base_url=server.url, headers=headers, timeout=60) as http:
            form = begin(http, link)
            action = form.pop("action")
            for path in (f"/i/{CANARY}", f"/desk?q={CANARY}", f"/{CANARY}", f"/desk/sign-in/{CANARY}"):
                http.get(path)
            http.post("/desk/sign-in", data={"email": f"{CANARY}@tidewater.example"})
            http.request(CANARY.upper(), "/desk")
            for request in UNREADABLE:
                say(server, request)
            (file,) = (tmp_path / "data").glob("*.db")
            with sqlite3.connect(file) as database:
                said = f"SELECT RAISE(ABORT, '{CANARY} in what a database says')"
                database.execute(f"CREATE TRIGGER broken BEFORE INSERT ON turns BEGIN {said}; END")
            assert http.post(action, data={**form, "text": ANSWER}).status_code == 500
            cookies = [cookie.value for cookie in http.cookies.jar if cookie.value]
    finally:
        server.stop()
    written = server.log.read_text()
    assert re.search(r'"status": ?500', written) and "Error" in written, "it told of the fault"
    secrets = [link.rpartition("/")[2], *cookies, action.split("/")[2]]
    assert not [line for line in written.splitlines() if CANARY in line.lower()]
    assert cookies and not [secret for secret in secrets if secret in written]
