"""An interview is reviewed: by whom and when. Nothing is confirmed by that alone."""

from __future__ import annotations

from interviewer.analysis import standing
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import Overtaken
from interviewer.reviewing.acts import acting, wrong
from interviewer.store import redactions


async def finish(deps: Deps, viewer: Viewer, interview_id: str) -> int:
    """Mark it as reviewed. Raises NotFound; Overtaken where somebody has, and BadInput while it is being read.

    Where words were redacted, the analysis is brought up to date without them.
    """
    async with acting(deps, viewer, interview_id, "finish") as act:
        if act.interview.reviewed_at:
            raise Overtaken
        if await standing.being_read(act.tx, act.interview.id):
            raise wrong("the reading", "is not over yet: what comes out of it appears on this page by itself")
        act.ledger.change(act.interview, reviewed_at=act.now, reviewed_by=viewer.user_id)
        if await redactions.of(act.tx, act.interview.id):
            await deps.jobs.enqueue(act.tx, "analyse", act.interview.id)
    return act.id


async def unfinish(deps: Deps, viewer: Viewer, interview_id: str) -> int:
    """Back into the queue. Raises NotFound; Overtaken where it is there."""
    async with acting(deps, viewer, interview_id, "unfinish") as act:
        if not act.interview.reviewed_at:
            raise Overtaken
        act.ledger.change(act.interview, reviewed_at=None, reviewed_by="")
    return act.id
