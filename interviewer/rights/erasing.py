"""Everything of one person is erased: every invitation of the address, whatever came of it.

Retention may have erased it all before: whoever asks is not written to again all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from interviewer import erasure, store, suppression
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.records.rights import Erasure
from interviewer.rights.account import read
from interviewer.store import audit, bookings, users
from interviewer.transcript import Speaker


@dataclass(frozen=True)
class _Found:
    interviews: tuple[str, ...]
    bare: tuple[str, ...]
    """Invitations that came to no interview."""
    told: Erasure


async def would_erase(deps: Deps, viewer: Viewer, address: str) -> Seen[Erasure]:
    """What `erase` would take, and takes nothing. Raises BadInput, NotAllowed."""
    viewer.require(Act.ANSWER)
    return see(viewer, (await _found(deps, read(address))).told)


async def erase(deps: Deps, viewer: Viewer, address: str) -> Seen[Erasure]:
    """Erase all of it, and never write to the address again, also where nothing is held; a call to come is called off.
    Raises as `would_erase`.

    Each invitation is erased by itself: where one cannot be, those before it are, and doing it again goes on there.
    """
    viewer.require(Act.ANSWER)
    viewer.require(Act.ERASE)
    address = read(address)
    by = erasure.By("deleted on the person’s request", viewer.user_id)
    async with deps.db.write() as tx:
        mark = suppression.mark(deps.links.keys, address)
        await store.invitations.suppress_erased(tx, mark, deps.now())
        if not await store.invitations.by_addresses(tx, [address]):
            audit.add(tx, by.user_id, by.verb, "person:unknown", deps.now())
    found = await _found(deps, address)
    for interview_id in found.interviews:
        await erasure.erase(deps, interview_id, by)
    for invitation_id in found.bare:
        await erasure.erase_invitation(deps, invitation_id, by)
    return see(viewer, found.told)


async def _found(deps: Deps, address: str) -> _Found:
    interviews, bare, answers, calls = [], [], 0, 0
    async with deps.db.read() as tx:
        for invitation in await store.invitations.by_addresses(tx, [address]):
            calls += await bookings.latest(tx, invitation.id) is not None
            interview = await store.interviews.of_invitation(tx, invitation.id)
            if interview is None:
                bare.append(invitation.id)
                continue
            interviews.append(interview.id)
            turns = await store.turns.rows(tx, interview.id)
            answers += sum(1 for turn in turns if turn.speaker == Speaker.BUYER and turn.text)
        at_desk = await users.by_email(tx, address) is not None
        marks = await store.invitations.suppressed(tx, suppression.marks(deps.links.keys, address))
    told = Erasure(
        invitations=len(interviews) + len(bare),
        interviews=len(interviews),
        answers=answers,
        calls=calls,
        at_desk=at_desk,
        suppressed=any(row.reason == store.invitations.ERASED for row in marks.values()),
    )
    return _Found(tuple(interviews), tuple(bare), told)
