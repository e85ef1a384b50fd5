"""A second browser proves that it is the invitee's, by a code mailed to the invited address (trust.md 7)."""

import hmac
import secrets
from datetime import timedelta

from interviewer import deliveries, store
from interviewer.deps import Deps
from interviewer.errors import CodeWrong, NotFound, TooMany
from interviewer.links import digest
from interviewer.store.tables.interviews import ProofCodeRow

VALID = timedelta(minutes=10)
TRIES = 5
PAUSE = timedelta(seconds=60)
"""Between two mails to the same browser."""


async def send_code(deps: Deps, interview_id: str, *, browser: str) -> None:
    """Mail a fresh code to the invitee. Raises NotFound without mail, TooMany when asked again too soon."""
    if deps.mail is None:
        raise NotFound
    code = f"{secrets.randbelow(1_000_000):06d}"
    now = deps.now()
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None or row.deleted_at:
            raise NotFound
        invitation = await store.invitations.get(tx, row.invitation_id)
        if invitation is None or invitation.erased_at:
            raise NotFound
        kept = await store.interviews.proof(tx, interview_id, browser)
        if kept is None:
            kept = ProofCodeRow(interview_id=interview_id, browser=browser, code_hash="", expires_at=now)
        elif kept.expires_at - VALID + PAUSE > now:
            raise TooMany(until=kept.expires_at - VALID + PAUSE)
        kept.code_hash, kept.expires_at, kept.tries_left = _hash(interview_id, browser, code), now + VALID, TRIES
        tx.add(kept)
        address, language = invitation.email, row.language
    await deliveries.send_now(deps, "proof_code", to=address, language=language, code=code)


async def prove(deps: Deps, interview_id: str, *, browser: str, code: str) -> None:
    """Accept the code: this browser may read what was answered. Raises CodeWrong, with the tries left."""
    wrong = CodeWrong()
    async with deps.db.write() as tx:
        kept = await store.interviews.proof(tx, interview_id, browser)
        if kept is None or kept.tries_left <= 0 or kept.expires_at < deps.now():
            raise wrong
        given = _hash(interview_id, browser, "".join(code.split()))
        if hmac.compare_digest(given, kept.code_hash):
            kept.proved_at, kept.tries_left = deps.now(), 0
            tx.add(kept)
            return
        kept.tries_left -= 1
        tx.add(kept)
        wrong.tries_left = kept.tries_left
    raise wrong


def _hash(interview_id: str, browser: str, code: str) -> str:
    return digest(f"{interview_id}:{browser}:{code}")
