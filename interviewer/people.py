"""Who works at the desk and how they come in: users, one-time sign-in links, sessions (trust.md 13, 47).

A link is mailed or printed by a command; it works once. The session's secret stands in a cookie and its digest in
the database, so that ending a session, or disabling a user, works at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from interviewer import deliveries
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid, NotFound, Problem, TooMany
from interviewer.links import Purpose, digest
from interviewer.store import audit, hits, users
from interviewer.store.db import Tx
from interviewer.store.tables.people import SessionRow, SignInLinkRow, UserRow

MAILED_FOR = timedelta(minutes=15)
PRINTED_FOR = timedelta(hours=24)
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
_TOUCH_AFTER = timedelta(minutes=5)
"""A session that was seen less long ago is not written again."""

LIMIT_WINDOW = timedelta(minutes=15)
PER_ADDRESS = 3
PER_NETWORK = 20


async def add_user(deps: Deps, email: str, role: str, name: str = "") -> str:
    """Add a user, or bring one to this role and name, enabled. Gives the user's id. Raises BadInput."""
    email = _address(email)
    problems = []
    if not (0 < email.find("@") < len(email) - 1) or any(c.isspace() for c in email) or len(email) > 254:
        problems.append(Problem("email", f"{email!r} is not an e-mail address"))
    if role not in set(Role):
        problems.append(Problem("role", f"{role!r} is not one of {', '.join(Role)}"))
    if problems:
        raise BadInput(problems)
    name = " ".join(name.split())[:120]
    async with deps.db.write() as tx:
        now = deps.now()
        row = await users.by_email(tx, email, lock=True)
        if row is None:
            row = UserRow(id=deps.new_id(), email=email, name=name, role=role, created_at=now)
            audit.add(tx, "", f"added as {role}", f"user:{row.id}", now)
        elif (row.role, row.disabled_at) != (role, None):
            audit.add(tx, "", f"set to {role}", f"user:{row.id}", now)
        row.role, row.name, row.disabled_at = role, name or row.name, None
        users.add(tx, row)
        return row.id


async def disable_user(deps: Deps, email: str) -> None:
    """End every session and link of a user, and allow no new ones. Raises NotFound."""
    async with deps.db.write() as tx:
        row = await users.by_email(tx, _address(email), lock=True)
        if row is None:
            raise NotFound
        row.disabled_at = deps.now()
        users.add(tx, row)
        await users.end_everything(tx, row.id)
        audit.add(tx, "", "disabled", f"user:{row.id}", deps.now())


async def make_link(deps: Deps, email: str, *, valid: timedelta = PRINTED_FOR) -> str:
    """A one-time link to the desk, for the command line. Raises NotFound for an unknown or disabled user."""
    async with deps.db.write() as tx:
        row = await users.by_email(tx, _address(email))
        if row is None or row.disabled_at:
            raise NotFound
        return _new_link(deps, tx, row.id, valid)


async def count_request(deps: Deps, email: str, network: str) -> None:
    """Count one request for a mailed link. Raises TooMany over the limit of an address or a network.

    Known and unknown addresses are counted alike, so the limit tells nothing about who has an account.
    """
    limits = ((f"signin:{digest(_address(email))}", PER_ADDRESS), (f"signin-net:{digest(network)}", PER_NETWORK))
    async with deps.db.write() as tx:
        now = deps.now()
        for bucket, limit in limits:
            if await hits.count(tx, bucket, since=now - LIMIT_WINDOW) >= limit:
                raise TooMany(until=now + LIMIT_WINDOW)
        for bucket, _ in limits:
            hits.add(tx, bucket, now)


async def mail_link(deps: Deps, email: str, onward: str = "") -> None:
    """Mail a link to a user; for anybody else do nothing and say nothing. Takes as long as the mail server does.

    `onward` is a page of the desk to go on to. To be run when the response has gone out: how long it takes would tell
    who has an account.
    """
    if deps.mail is None:
        return
    async with deps.db.write() as tx:
        row = await users.by_email(tx, _address(email))
        if row is None or row.disabled_at:
            return
        link = _new_link(deps, tx, row.id, MAILED_FOR) + (f"?{urlencode({'next': onward})}" if onward else "")
    await deliveries.send_now(deps, "sign_in_link", to=row.email, language="en", link=link)


async def link_is_good(deps: Deps, token: str) -> bool:
    """Whether signing in with this link would work now. Changes nothing."""
    async with deps.db.read() as tx:
        row = await users.link(tx, _link_key(deps, token))
        return row is not None and row.used_at is None and row.expires_at > deps.now()


async def sign_in(deps: Deps, token: str) -> str:
    """Use up a link and open a session; gives the cookie's secret. Raises LinkInvalid, also for the second caller."""
    key, secret = _link_key(deps, token), deps.new_id() + deps.new_id()
    async with deps.db.write() as tx:
        now = deps.now()
        row = await users.link(tx, key)
        user = await users.get(tx, row.user_id) if row else None
        if user is None or user.disabled_at or not await users.use_link(tx, key, now):
            raise LinkInvalid
        await users.forget_old(tx, now=now, idle_since=now - IDLE)
        users.add(
            tx,
            SessionRow(
                digest=digest(secret), user_id=user.id, created_at=now, last_seen_at=now, expires_at=now + ABSOLUTE
            ),
        )
        audit.add(tx, user.id, "signed in", f"user:{user.id}", now)
    return secret


async def viewer(deps: Deps, secret: str) -> Viewer | None:
    """Who holds this cookie; None when it is unknown, too old, or its user disabled."""
    key, now = digest(secret), deps.now()
    async with deps.db.read() as tx:
        found = await users.session(tx, key)
    if found is None:
        return None
    session, user = found
    if user.disabled_at or not _fresh(session, now) or user.role not in set(Role):
        return None
    if session.last_seen_at + _TOUCH_AFTER <= now:
        async with deps.db.write() as tx:
            await users.touch(tx, key, now)
    return Viewer(user_id=user.id, role=Role(user.role), name=user.name or user.email)


async def sign_out(deps: Deps, secret: str) -> None:
    """End the session. Harmless when there is none."""
    async with deps.db.write() as tx:
        await users.end_session(tx, digest(secret))


def _fresh(session: SessionRow, now: datetime) -> bool:
    return now < session.expires_at and now < session.last_seen_at + IDLE


def _new_link(deps: Deps, tx: Tx, user_id: str, valid: timedelta) -> str:
    token, now = deps.new_id(), deps.now()
    users.add(tx, SignInLinkRow(digest=digest(token), user_id=user_id, created_at=now, expires_at=now + valid))
    return deps.links.sign_in(token)


def _link_key(deps: Deps, token: str) -> str:
    return digest(deps.links.read(Purpose.SIGN_IN, token))


def _address(email: str) -> str:
    return email.strip().lower()
