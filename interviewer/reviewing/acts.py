"""The frame around every act of a reviewer: the right to it, one transaction, a line in the audit log, a way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from interviewer import store
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NoLongerAgrees, NotFound, Problem
from interviewer.evidence import Review
from interviewer.store import agreement, audit, reviews, search
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow

COMPARED = frozenset({"driver", "competitor"})
"""Kinds of statement that the comparison with the CRM reads."""


@dataclass
class Acting:
    """An act under way. `id` is the change's, once it is done."""

    deps: Deps
    tx: Tx
    interview: InterviewRow
    viewer: Viewer
    now: datetime
    ledger: reviews.Ledger
    id: int = 0

    def decide(self, row: TagRow | StatementRow, review: Review) -> None:
        """Say that the reviewer stands for this. Taking a word back is their word as well."""
        self.ledger.change(row, review=str(review), reviewed_by=self.viewer.user_id, reviewed_at=self.now)

    async def compare_again(self) -> None:
        """Have the contradictions with the CRM found anew: what they rest on has changed."""
        await compare_again(self.deps, self.tx, self.interview.id)


@asynccontextmanager
async def acting(
    deps: Deps, viewer: Viewer, interview_id: str, verb: str, *, need: Act = Act.REVIEW, of: str = ""
) -> AsyncIterator[Acting]:
    """Hold the interview, found by its id or its invitation's, and keep what is done to it as one change.

    `of` says in the audit log what it was done to, never with content. Raises NotFound, NotAllowed, NoLongerAgrees.
    """
    viewer.require(need)
    async with deps.db.write() as tx:
        row = await held(tx, interview_id)
        now = deps.now()
        act = Acting(deps, tx, row, viewer, now, reviews.Ledger(tx))
        yield act
        act.id = await act.ledger.close(row.id, viewer.user_id, verb, now)
        await search.index(tx, row.id)
        audit.add(tx, viewer.user_id, f"review: {verb}", of or f"interview:{row.id}", now)


async def held(tx: Tx, some_id: str) -> InterviewRow:
    """The interview, held against other writers. Raises NotFound for a preview and for what was deleted, NoLongerAgrees
    where the buyer took their word back: nothing more is made of that."""
    row = await store.interviews.get(tx, some_id, lock=True)
    if row is None:
        found = await store.interviews.of_invitation(tx, some_id)
        row = await store.interviews.get(tx, found.id, lock=True) if found else None
    if row is None or row.deleted_at or await store.interviews.is_preview(tx, row):
        raise NotFound
    if not agreement.stands(row):
        raise NoLongerAgrees
    return row


async def compare_again(deps: Deps, tx: Tx, interview_id: str) -> None:
    """The pipeline runs the steps that read what changed, and leaves alone what comes out the same."""
    await deps.jobs.enqueue(tx, "analyse", interview_id)


def wrong(where: str, what: str) -> BadInput:
    return BadInput([Problem(where, what)])
