"""Whose word stands on something that two reviewers had before them, or one of them in two tabs."""

from __future__ import annotations

from interviewer import records, store
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.reviewing.tags import TAG
from interviewer.store import reviews, users
from interviewer.store.db import Tx


async def decided(deps: Deps, viewer: Viewer, some_id: str, target: str, ref: int) -> Seen[records.Decided]:
    """Who decided on a tag or a statement last. `some_id` is the interview's, or its invitation's."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        by = await reviews.decided(tx, await _interview_id(tx, some_id), ref, of_tag=target == TAG)
        return await _whose(tx, viewer, by)


async def changed(deps: Deps, viewer: Viewer, some_id: str) -> Seen[records.Decided]:
    """Who changed an interview's evidence last; nobody where the analysis did."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        return await _whose(tx, viewer, await reviews.latest(tx, await _interview_id(tx, some_id)))


async def _interview_id(tx: Tx, some_id: str) -> str:
    interview = await store.interviews.of_invitation(tx, some_id)
    return interview.id if interview else some_id


async def _whose(tx: Tx, viewer: Viewer, user_id: str) -> Seen[records.Decided]:
    who = await users.name_of(tx, user_id) if user_id else ""
    return see(viewer, records.Decided(who=who, own=user_id == viewer.user_id))
