"""Static files: packed once, cached for good, and what is vendored is what its note says."""

import gzip
import hashlib
import re

import brotli
import pytest
from fastapi import FastAPI

from interviewer import resources
from tests.fakes.phone import Phone


async def test_packed_and_cached_for_good(app: FastAPI) -> None:
    plain = (resources.folder("static") / "htmx.min.js").read_bytes()
    where = app.state.templates.environment.globals["static"]("htmx.min.js")
    async with Phone(app) as phone:
        for encoding, size in (("br", 12_500), ("gzip", 13_700), ("identity", len(plain))):
            response = await phone.http.get(where, headers={"Accept-Encoding": encoding})
            assert response.content == plain
            assert int(response.headers["content-length"]) <= size
            assert "immutable" in response.headers["cache-control"]
            assert response.headers.get("content-encoding", "identity") == encoding
        assert (await phone.http.get("/static/nothing.js")).status_code == 404


async def test_a_page_of_another_release_gets_its_files_too(app: FastAPI) -> None:
    async with Phone(app) as phone:
        response = await phone.http.get("/static/htmx.min-0123456789.js")
        assert response.content == (resources.folder("static") / "htmx.min.js").read_bytes()
        assert response.headers["cache-control"] == "no-store"
        assert (await phone.http.get("/static/nothing-0123456789.js")).status_code == 404


@pytest.mark.parametrize("pack", [brotli.compress, lambda body: gzip.compress(body, 9)], ids=["br", "gzip"])
async def test_the_chat_page_travels_in_20_kb(app: FastAPI, link: str, pack: object) -> None:
    async with Phone(app) as phone:
        await phone.start(link)
        scripts = re.findall(r'<script src="([^"]+)"', phone.last.text)
        bodies = [phone.last.content, *[(await phone.http.get(where)).content for where in scripts]]
    assert len(bodies) <= 4
    assert sum(len(pack(body)) for body in bodies) <= 20_000  # type: ignore[operator]


def test_what_is_vendored_is_what_its_note_says() -> None:
    folder = resources.folder("static")
    noted = re.search(r"sha256 (\w{64})", (folder / "vendored.txt").read_text())
    assert noted and noted[1] == hashlib.sha256((folder / "htmx.min.js").read_bytes()).hexdigest()
    assert "Zero-Clause BSD" in (folder / "htmx.LICENSE.txt").read_text()
