"""The way back from everything that a reviewer does."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer import dossier, records, store
from interviewer.confidentiality import Act, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound, Overtaken
from interviewer.evidence import Review
from interviewer.reviewing.acts import COMPARED, compare_again, held
from interviewer.reviewing.redaction import lift
from interviewer.reviewing.release import objection
from interviewer.reviewing.tags import STATEMENT, TAG
from interviewer.store import audit, releases, reviews, search, subjects
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.review import ChangeRow, ReleaseRow

_SHOWN = {"tags": TAG, "statements": STATEMENT}
"""What the page has by its table."""
_RELEASING = frozenset({"release", "withdraw"})


@dataclass(frozen=True)
class Undone:
    interview_id: str
    restored: str
    """What stands again as it did, as the page names it ("tag:7"), for the cursor to go back to; the first of several,
    empty where the change only added something."""


async def undo(deps: Deps, viewer: Viewer, change_id: int) -> Undone:
    """Take back a change. Only an admin takes back what somebody else did.

    Raises NotFound, NotAllowed; Overtaken where it was taken back, or something it touched was changed since;
    BadInput where words would be bared to whom a quote was released, or a release would come back against its rules.
    """
    viewer.require(Act.REVIEW)
    async with deps.db.write() as tx:
        asked = await reviews.change(tx, change_id)
        if asked is None:
            raise NotFound
        if asked.user_id != viewer.user_id and viewer.role is not Role.ADMIN:
            raise NotAllowed
        if asked.verb in _RELEASING:
            viewer.require(Act.RELEASE)
        # The interviews first, in order, then the changes: as everybody holds them who acts on several.
        await subjects.hold(tx, [made.interview_id for made in await reviews.together(tx, asked)])
        found = await reviews.together(tx, asked, lock=True)
        if asked.id not in {made.id for made in found}:
            raise Overtaken
        if asked.verb == reviews.MERGE:
            await reviews.part(tx, found, deps.now())
        else:
            interview = await held(tx, asked.interview_id)
            await reviews.undo(tx, asked, deps.now())
            await _follow(deps, tx, asked, interview)
            await search.index(tx, asked.interview_id)
        audit.add(tx, viewer.user_id, f"review: undo {asked.verb}", f"interview:{asked.interview_id}", deps.now())
        return Undone(asked.interview_id, _restored(asked))


async def interview_of(deps: Deps, viewer: Viewer, change_id: int) -> str:
    """The id of the interview that a change was made to. Raises NotFound."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        made = await reviews.change(tx, change_id)
    if made is None:
        raise NotFound
    return made.interview_id


async def last(deps: Deps, viewer: Viewer, interview_id: str) -> Seen[records.Change] | None:
    """The viewer's latest change to this interview that can be taken back."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id) or await store.interviews.of_invitation(tx, interview_id)
        found = await dossier.change(tx, row.id, viewer.user_id) if row else None
    return see(viewer, found) if found else None


def _restored(made: ChangeRow) -> str:
    there = (entry for entry in made.rows if entry["before"] is not None and entry["table"] in _SHOWN)
    return next((f"{_SHOWN[entry['table']]}:{entry['id'][0]}" for entry in there), "")


async def _follow(deps: Deps, tx: Tx, made: ChangeRow, interview: InterviewRow) -> None:
    """What else a change taken back has a part in: the comparison with the CRM, and who reads which words."""
    for entry in made.rows:
        before, after = entry["before"] or {}, entry["after"] or {}
        if entry["table"] == "redactions":
            await lift(deps, tx, interview, after["turn_id"], after["start"], after["end"])
        if entry["table"] == "releases" and (release := await releases.by_id(tx, *entry["id"])):
            await _allow(tx, interview, release)
        if entry["table"] == "statements" and Review.REJECTED in (before.get("review"), after.get("review")):
            row = await reviews.statement(tx, made.interview_id, *entry["id"])
            if row.kind in COMPARED:
                await compare_again(deps, tx, made.interview_id)


async def _allow(tx: Tx, interview: InterviewRow, release: ReleaseRow) -> None:
    """A release comes back as if it were made now: names may have been bared since, words may have changed."""
    try:
        why_not = await objection(tx, interview, release.quote_id, release.audience, release.wording)
    except NotFound as error:
        raise Overtaken from error
    if why_not:
        raise BadInput([why_not])
