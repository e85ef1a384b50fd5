"""A second browser proves that it is the invitee's, by a code mailed to the invited address (trust.md 7)."""

import hmac
import secrets
from datetime import timedelta

from interviewer import deliveries, store
from interviewer.deps import Deps
from interviewer.errors import CodeWrong, MailFailed, NotFound, NotSent, TooMany
from interviewer.links import digest
from interviewer.store import hits
from interviewer.store.tables.deliveries import HitRow
from interviewer.store.tables.interviews import ProofCodeRow

VALID = timedelta(minutes=10)
TRIES = 5
PAUSE = timedelta(seconds=60)
"""Between two mails to the same browser."""

# A link may be forwarded, and browsers are cheap to make. So there are limits for all of an interview's together.
MAILS, MAILS_WINDOW = 5, timedelta(hours=1)
WRONG_TRIES, WRONG_TRIES_WINDOW = 20, timedelta(days=1)


async def send_code(deps: Deps, interview_id: str, *, browser: str) -> None:
    """Mail a fresh code to the invitee.

    Raises NotFound without mail and for a preview, TooMany when asked again too soon or too often, and NotSent where
    the mail could not be handed over; then it may be asked for again at once.
    """
    if deps.mail is None:
        raise NotFound
    code = f"{secrets.randbelow(1_000_000):06d}"
    now = deps.now()
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or row.deleted_at:
            raise NotFound
        invitation = await store.invitations.get(tx, row.invitation_id)
        if invitation is None or invitation.erased_at or invitation.preview:
            raise NotFound
        kept = await store.interviews.proof(tx, interview_id, browser)
        if kept is None:
            kept = ProofCodeRow(interview_id=interview_id, browser=browser, code_hash="", expires_at=now)
        elif kept.expires_at - VALID + PAUSE > now:
            raise TooMany(until=kept.expires_at - VALID + PAUSE)
        mails = f"proof-mail:{interview_id}"
        if until := await hits.full_until(tx, mails, limit=MAILS, window=MAILS_WINDOW, now=now):
            raise TooMany(until=until)
        hit = hits.add(tx, mails, now)
        kept.code_hash, kept.expires_at, kept.tries_left = _hash(interview_id, browser, code), now + VALID, TRIES
        tx.add(kept)
        address, language = invitation.email, row.language
    try:
        await deliveries.send_now(deps, "proof_code", to=address, language=language, code=code)
    except MailFailed as error:
        await _void(deps, interview_id, browser, code, hit)
        raise NotSent from error


async def prove(deps: Deps, interview_id: str, *, browser: str, code: str) -> None:
    """Accept the code: this browser may read what was answered.

    Raises CodeWrong, with the tries left, and TooMany after too many wrong tries by whatever browsers.
    """
    wrong = CodeWrong()
    now = deps.now()
    async with deps.db.write() as tx:
        if await store.interviews.get(tx, interview_id, lock=True) is None:
            raise NotFound
        tries = f"proof-try:{interview_id}"
        if until := await hits.full_until(tx, tries, limit=WRONG_TRIES, window=WRONG_TRIES_WINDOW, now=now):
            raise TooMany(until=until)
        kept = await store.interviews.proof(tx, interview_id, browser)
        if kept is None or kept.tries_left <= 0 or kept.expires_at < now:
            raise wrong
        given = _hash(interview_id, browser, "".join(code.split()))
        if hmac.compare_digest(given, kept.code_hash):
            kept.proved_at, kept.tries_left = now, 0
            tx.add(kept)
            return
        hits.add(tx, tries, now)
        kept.tries_left -= 1
        tx.add(kept)
        wrong.tries_left = kept.tries_left
    raise wrong


async def _void(deps: Deps, interview_id: str, browser: str, code: str, hit: HitRow) -> None:
    """Nobody got this code: it opens nothing, nobody has to wait for the next one, and its mail does not count."""
    async with deps.db.write() as tx:
        await store.interviews.get(tx, interview_id, lock=True)
        kept = await store.interviews.proof(tx, interview_id, browser)
        if kept is not None and kept.code_hash == _hash(interview_id, browser, code):
            kept.code_hash, kept.tries_left, kept.expires_at = "", 0, deps.now() - VALID
            tx.add(kept)
        await hits.take_back(tx, hit)


def _hash(interview_id: str, browser: str, code: str) -> str:
    return digest(f"{interview_id}:{browser}:{code}")
