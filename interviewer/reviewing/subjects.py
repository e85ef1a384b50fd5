"""Subjects: what tags are about. Two names of one thing are merged, for all interviews, now and later."""

from __future__ import annotations

from datetime import datetime

from interviewer import records
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.folding import fold
from interviewer.reviewing.acts import wrong
from interviewer.reviewing.words import LONGEST_SUBJECT
from interviewer.store import audit, reviews
from interviewer.store import subjects as store
from interviewer.store.db import Tx
from interviewer.store.tables.review import SubjectRow


async def subjects(deps: Deps, viewer: Viewer) -> Seen[records.Subjects]:
    """Every subject with how many tags and interviews have it, the most frequent first."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        found = await store.counted(tx)
    return see(viewer, records.Subjects(tuple(records.Subject(one.name, one.tags, one.interviews) for one in found)))


async def merge(deps: Deps, viewer: Viewer, subject_from: str, subject_into: str, interview_id: str = "") -> int:
    """Let every tag that says the one say the other, and those to come. Gives the change of `interview_id`, where it
    is among those that change. Raises NotFound where no tag says it, BadInput."""
    viewer.require(Act.REVIEW)
    into = " ".join(subject_into.split())
    if not into or len(into) > LONGEST_SUBJECT:
        raise wrong("subject", f"needs 1 to {LONGEST_SUBJECT} characters")
    async with deps.db.write() as tx:
        now = deps.now()
        names = [name for name in await store.spellings(tx, subject_from) if name != into]
        holders = await store.holders(tx, names)
        await store.hold(tx, holders)
        tags = await store.tags(tx, holders, names)
        if not tags:
            raise NotFound
        known = await _remember(tx, viewer, fold(subject_from), into, now)
        ledgers: dict[str, reviews.Ledger] = {}
        for holder, tag_id, was in tags:
            ledger = ledgers.setdefault(holder, reviews.Ledger(tx, known.entries))
            ledger.renamed(tag_id, was, into)
        for name in names:
            await store.rename(tx, [tag_id for _, tag_id, was in tags if was == name], name, into)
        await store.index(tx, list(ledgers))
        changes = {
            holder: await ledger.close(holder, viewer.user_id, reviews.MERGE, now) for holder, ledger in ledgers.items()
        }
        audit.add(tx, viewer.user_id, "review: merge", f"interviews:{len(changes)}", now)
        return changes.get(interview_id) or max(changes.values())


async def _remember(tx: Tx, viewer: Viewer, alias: str, into: str, now: datetime) -> reviews.Ledger:
    """Keep the merge for tags to come. Names merged into the old one follow, and the new one stands for itself."""
    ledger = reviews.Ledger(tx)
    kept = set()
    for row in await store.merged(tx):
        if row.alias == fold(into):
            await ledger.remove(row)
        elif alias in (row.alias, fold(row.subject)):
            ledger.change(row, subject=into, user_id=viewer.user_id, at=now)
            kept.add(row.alias)
    if alias not in kept:
        await ledger.add(SubjectRow(alias=alias, subject=into, user_id=viewer.user_id, at=now))
    return ledger
