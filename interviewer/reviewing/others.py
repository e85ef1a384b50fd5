"""Whose word stands on something that two reviewers had before them, or one of them in two tabs."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer import records, store
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.folding import fold
from interviewer.reviewing.tags import TAG
from interviewer.store import reviews, users
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow


async def moved(
    deps: Deps, viewer: Viewer, some_id: str, shown: Sequence[tuple[str, int, int]]
) -> Seen[records.Decided]:
    """Who decided on the first of these that is not as it was shown; each is a target, its ref and its version.

    Nobody where the analysis has put something else in its place. `some_id` is the interview's, or its invitation's.
    """
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        interview_id = await _interview_id(tx, some_id)
        for target, ref, version in shown:
            by, present = await reviews.decided(tx, interview_id, ref, of_tag=target == TAG)
            if present != version:
                return await _whose(tx, viewer, by)
        return await _whose(tx, viewer, "")


async def finished(deps: Deps, viewer: Viewer, some_id: str) -> Seen[records.Decided]:
    """Who marked an interview as reviewed last, or opened it for review again."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        interview_id = await _interview_id(tx, some_id)
        row = (str(InterviewRow.__tablename__), interview_id)
        return await _whose(tx, viewer, await reviews.touched(tx, interview_id, [row]))


async def since(deps: Deps, viewer: Viewer, change_id: int) -> Seen[records.Decided]:
    """Who changed something of what a change was made to after it, or took that change back."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        made = await reviews.change(tx, change_id)
        by = await reviews.touched(tx, made.interview_id, reviews.named(made), made) if made else ""
        return await _whose(tx, viewer, by)


async def merged(deps: Deps, viewer: Viewer, subject: str) -> Seen[records.Decided]:
    """Who merged a subject, that no tag says any more, into another."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        return await _whose(tx, viewer, await reviews.merger(tx, fold(subject)))


async def _interview_id(tx: Tx, some_id: str) -> str:
    interview = await store.interviews.of_invitation(tx, some_id)
    return interview.id if interview else some_id


async def _whose(tx: Tx, viewer: Viewer, user_id: str) -> Seen[records.Decided]:
    who = await users.name_of(tx, user_id) if user_id else ""
    return see(viewer, records.Decided(who=who, own=user_id == viewer.user_id))
