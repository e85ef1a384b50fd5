"""An answer and a request about it in one message: the answer is evidence, the request is seen at the desk."""

from __future__ import annotations

import pytest

from interviewer import review, store
from interviewer.analysis import pipeline
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from tests.web.desk_scene import SAID, play

PMM = Viewer("m", Role.PMM)


async def _quoted(deps: Deps, said: str) -> str:
    _, interview_id = await play(deps, said=(said, *SAID[1:]))
    await pipeline.analyse(deps, interview_id)
    async with deps.db.read() as tx:
        return "\n".join(quote.text for quote in await store.quotes.of(tx, interview_id))


@pytest.mark.parametrize(
    "said",
    [
        "The migration took nine weeks and our CFO lost patience. Please delete my answers.",
        "The migration took nine weeks and our CFO lost patience, but please do not keep my answers.",
    ],
)
async def test_both_are_heard(sqlite_deps: Deps, said: str) -> None:
    quoted = await _quoted(sqlite_deps, said)
    assert "nine weeks" in quoted and "my answers" not in quoted
    assert await review.asking_deletion(sqlite_deps, PMM) == 1


async def test_a_story_about_data_is_no_request(sqlite_deps: Deps) -> None:
    quoted = await _quoted(sqlite_deps, "Our old vendor would not delete our data when we asked in May, that was it.")
    assert "would not delete our data" in quoted
    assert await review.asking_deletion(sqlite_deps, PMM) == 0


async def test_of_a_request_alone_nothing_is_quoted(sqlite_deps: Deps) -> None:
    assert "delete" not in await _quoted(sqlite_deps, "I want my data deleted. Thank you.")
    assert await review.asking_deletion(sqlite_deps, PMM) == 1
