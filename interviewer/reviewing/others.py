"""Whose word stands on something that two reviewers had before them."""

from __future__ import annotations

from interviewer import records, store
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.reviewing.tags import TAG
from interviewer.store import reviews, users


async def decided(deps: Deps, viewer: Viewer, some_id: str, target: str, ref: int) -> Seen[records.Decided]:
    """Who decided on a tag or a statement last, and how. `some_id` is the interview's, or its invitation's."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        interview = await store.interviews.of_invitation(tx, some_id)
        by, review = await reviews.decided(tx, interview.id if interview else some_id, ref, of_tag=target == TAG)
        who = await users.name_of(tx, by) if by else ""
    return see(viewer, records.Decided(who=who, review=review))
