"""What goes wrong at the desk, told to who works there."""

from __future__ import annotations

import pytest
import structlog
from fastapi import FastAPI

from interviewer import review
from interviewer.deps import Deps
from tests.web.desk_scene import Browser, play

BUYERS = ("saved answers", "link in your mail", "open the link")


@pytest.mark.parametrize("role", ["sales", "leadership", "revops", "product"])
@pytest.mark.parametrize("script", [False, True])
async def test_a_page_that_a_role_does_not_reach_says_so_and_where_to_go(
    app: FastAPI, sqlite_deps: Deps, role: str, script: bool
) -> None:
    page_id, _ = await play(sqlite_deps)
    async with Browser(app, script=script) as desk:
        await desk.sign_in(sqlite_deps, role)
        for path in (f"/desk/interviews/{page_id}", "/desk/library", "/desk/review", "/desk/calls"):
            answer = await desk.get(path)
            assert answer.status_code == 403
            assert f"You are signed in as {role}" in answer.text, path
            assert not [words for words in BUYERS if words in answer.text]
            assert "Brightwater" not in answer.text
            if script:
                assert "<html" not in answer.text and answer.headers["HX-Retarget"] == "#main"
            else:
                assert 'href="/desk/released">Released</a>' in answer.text and 'href="/desk/exports"' in answer.text
                assert 'href="/desk/library"' not in answer.text


async def test_what_is_not_there_or_not_possible_is_told_in_the_desks_words(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as desk:
        await desk.sign_in(sqlite_deps)
        for answer, status, told in (
            (await desk.get("/desk/interviews/nobody"), 404, "There is nothing here"),
            (await desk.get("/desk/no-such-page"), 404, "There is nothing here"),
            (await desk.get("/desk/interviews/nobody/finish"), 405, "That cannot be done here"),
            (await desk.post("/desk/interviews/nobody/finish"), 404, "There is nothing here"),
        ):
            assert (answer.status_code, told in answer.text) == (status, True), answer.request.url
            assert 'class="side"' in answer.text and not [words for words in BUYERS if words in answer.text]


async def test_a_stranger_is_told_without_the_desks_frame(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as stranger:
        answer = await stranger.get("/desk/no-such-page")
    assert answer.status_code == 404 and "There is nothing here" in answer.text
    assert 'class="side"' not in answer.text and "Sign out" not in answer.text


async def test_a_form_from_elsewhere_is_refused_in_the_desks_words(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as desk:
        await desk.sign_in(sqlite_deps)
        answer = await desk.http.post("/desk/review/merge", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "That came from elsewhere" in answer.text


@pytest.mark.parametrize("script", [False, True])
async def test_a_fault_of_ours_is_told_with_its_number_in_the_log_and_no_trace_of_it(
    app: FastAPI, sqlite_deps: Deps, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    async def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("canarydefect")

    page_id, _ = await play(sqlite_deps)
    async with Browser(app, script=script) as desk:
        await desk.sign_in(sqlite_deps)
        monkeypatch.setattr(review, "interview", broken)
        with structlog.testing.capture_logs() as logs:
            answer = await desk.get(f"/desk/interviews/{page_id}")
    assert answer.status_code == 500 and "That did not work" in answer.text and "The fault is ours" in answer.text
    (entry,) = [entry for entry in logs if entry["event"] == "request failed"]
    assert entry["request"] in answer.text and answer.headers["X-Request-Id"] == entry["request"]
    assert (entry["route"], entry["error"]) == ("/desk/interviews/{some_id}", "RuntimeError")
    for secret in ("canarydefect", "Traceback", "RuntimeError", "Brightwater", *BUYERS):
        assert secret not in answer.text
    assert ("<html" in answer.text) is not script
    assert "frame-ancestors" in answer.headers["content-security-policy"]
