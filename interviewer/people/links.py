"""One-time links to the desk: mailed to who asks, or made on the server, which always works (trust.md 13, 47)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from interviewer import deliveries
from interviewer.confidentiality import Act, Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import LinkInvalid, NotFound, TooMany
from interviewer.links import Purpose, digest
from interviewer.people.roster import address, hands_links, newcomer
from interviewer.people.sessions import LINK, open_session
from interviewer.store import audit, hits, users
from interviewer.store.db import Tx
from interviewer.store.tables.people import SignInLinkRow

MAILED_FOR = timedelta(minutes=15)
PRINTED_FOR = timedelta(hours=24)
LIMIT_WINDOW = timedelta(minutes=15)
PER_ADDRESS = 3
PER_NETWORK = 20


async def make_link(deps: Deps, email: str, *, valid: timedelta = PRINTED_FOR) -> str:
    """A one-time link to the desk. Raises NotFound for an unknown or disabled user."""
    async with deps.db.write() as tx:
        row = await users.by_email(tx, address(email))
        if row is None or row.disabled_at:
            raise NotFound
        return _new_link(deps, tx, row.id, valid)


async def break_glass(deps: Deps, email: str) -> str:
    """A link made on the server, which needs neither mail nor the company's sign-in to work.

    It is in the audit log, and where mail is set every admin is told. Raises NotFound as `make_link` does.
    """
    async with deps.db.write() as tx:
        row = await users.by_email(tx, address(email))
        if row is None or row.disabled_at:
            raise NotFound
        made = _new_link(deps, tx, row.id, PRINTED_FOR)
        audit.add(tx, "", "made a sign-in link on the server", f"user:{row.id}", deps.now())
        for admin in await users.of_role(tx, Role.ADMIN):
            await deliveries.queue_link_made(deps, tx, admin.id, row.id)
    return made


async def hand_link(deps: Deps, viewer: Viewer, user_id: str) -> str:
    """A one-time link for a new colleague, to be handed over by the admin who asks for it. It is in the audit log.

    Only where neither mail nor the company's sign-in brings them in, and only until they have come in: an admin is not
    to come in as somebody who is here already. Else raises NotFound.
    """
    viewer.require(Act.PEOPLE)
    if not hands_links(deps):
        raise NotFound
    async with deps.db.write() as tx:
        row = await newcomer(tx, user_id)
        audit.add(tx, viewer.user_id, "made a sign-in link", f"user:{row.id}", deps.now())
        await users.drop_links(tx, row.id)
        return _new_link(deps, tx, row.id, PRINTED_FOR)


async def count_request(deps: Deps, email: str, network: str) -> None:
    """Count one request for a mailed link. Raises TooMany over the limit of an address or a network.

    Known and unknown addresses are counted alike, so the limit tells nothing about who has an account. An empty
    `network` is none.
    """
    limits = {f"signin:{digest(address(email))}": PER_ADDRESS}
    if network:
        limits[f"signin-net:{digest(network)}"] = PER_NETWORK
    async with deps.db.write() as tx:
        now = deps.now()
        for bucket, limit in limits.items():
            if until := await hits.full_until(tx, bucket, limit=limit, window=LIMIT_WINDOW, now=now):
                raise TooMany(until=until)
            hits.add(tx, bucket, now)


def mails_links(deps: Deps) -> bool:
    """Whether links are mailed to who asks for one."""
    return deps.mail is not None and not (deps.identity and deps.identity.only)


async def mail_link(deps: Deps, email: str, onward: str = "") -> None:
    """Mail a link to a user; for anybody else do nothing and say nothing. Takes as long as the mail server does.

    `onward` is a page of the desk to go on to. To be run when the response has gone out: how long it takes would tell
    who has an account.
    """
    if not mails_links(deps):
        return
    async with deps.db.write() as tx:
        row = await users.by_email(tx, address(email))
        if row is None or row.disabled_at:
            return
        link = _new_link(deps, tx, row.id, MAILED_FOR) + (f"?{urlencode({'next': onward})}" if onward else "")
    await deliveries.send_now(deps, "sign_in_link", to=row.email, language="en", link=link)


async def link_is_good(deps: Deps, token: str) -> bool:
    """Whether signing in with this link would work now. Changes nothing."""
    async with deps.db.read() as tx:
        row = await users.link(tx, _link_key(deps, token))
        return row is not None and row.used_at is None and row.expires_at > deps.now()


async def sign_in(deps: Deps, token: str, *, browser: str = "") -> str:
    """Use up a link and open a session; gives the cookie's secret. Raises LinkInvalid, also for the second caller."""
    key = _link_key(deps, token)
    async with deps.db.write() as tx:
        row = await users.link(tx, key)
        user = await users.get(tx, row.user_id, lock=True) if row else None
        if user is None or user.disabled_at or not await users.use_link(tx, key, deps.now()):
            raise LinkInvalid
        await users.drop_links(tx, user.id)  # whoever holds another one is not to come in beside them
        return await open_session(deps, tx, user, LINK, browser=browser)


def _new_link(deps: Deps, tx: Tx, user_id: str, valid: timedelta) -> str:
    token, now = deps.new_id(), deps.now()
    users.add(tx, SignInLinkRow(digest=digest(token), user_id=user_id, created_at=now, expires_at=now + valid))
    return deps.links.sign_in(token)


def _link_key(deps: Deps, token: str) -> str:
    return digest(deps.links.read(Purpose.SIGN_IN, token))
