"""In by the company's own sign-in, and out when the company says so.

An attempt begins in one browser and ends there, once. Who comes back is recognised by issuer and subject, the first
time by the address that the provider has verified. The groups that it tells give the role at each sign-in; who has
none of them any more is signed out everywhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import timedelta

import structlog

from interviewer.confidentiality import Role
from interviewer.deps import Deps
from interviewer.errors import NotFound, NotLetIn, ProviderAway, TooMany
from interviewer.identity.base import Account, Attempt, Identity, Leaving
from interviewer.links import digest
from interviewer.people.sessions import COMPANY, KEPT, open_session
from interviewer.store import audit, hits, users
from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import HitRow
from interviewer.store.tables.people import IdentityRow, UserRow

ATTEMPT_LASTS = timedelta(minutes=10)
"""From leaving for the provider to coming back."""
FAILURES_WINDOW = timedelta(minutes=15)
FAILURES_PER_NETWORK = 60

log = structlog.get_logger()


async def begin(deps: Deps) -> tuple[str, Attempt]:
    """Where to send the browser, and what it keeps meanwhile. Raises NotFound without a provider, ProviderAway."""
    attempt = Attempt(state=deps.new_id(), nonce=deps.new_id(), verifier=deps.new_id() + deps.new_id() + deps.new_id())
    try:
        return await _identity(deps).begin(attempt), attempt
    except ProviderAway as error:
        log.warning("company sign-in away", reason=error.reason)
        raise


async def finish(
    deps: Deps, attempt: Attempt | None, answer: Mapping[str, str], *, network: str, browser: str = ""
) -> str:
    """Open a session for who came back with `answer`; gives the cookie's secret.

    Raises NotLetIn with why, TooMany after too many of those from one `network` (empty is none), ProviderAway,
    NotFound without a provider. An answer to no attempt of this browser does not count: any page can have others
    open our address.
    """
    identity = _identity(deps)
    try:
        own = _own(attempt, answer)
        return await _finish(deps, identity, own, answer, browser, await _use(deps, own, network))
    except ProviderAway as error:
        log.warning("company sign-in away", reason=error.reason)
        raise
    except NotLetIn as error:
        log.warning("company sign-in refused", why=error.why, detail=error.detail)
        raise


async def leave(deps: Deps, token: str) -> None:
    """The provider tells by a signed token that somebody has signed out there: so have they here. Twice is harmless.

    Raises NotLetIn for a token that does not hold, ProviderAway, NotFound without a provider.
    """
    told = await _identity(deps).leaving(token, deps.now())
    async with deps.db.write() as tx:
        if not await users.use_once(tx, digest(f"logout:{told.issuer}:{told.id}"), told.expires_at):
            return
        user_id = await _whose(tx, told)
        if user_id:
            ended = await users.end_sessions(tx, user_id, way=COMPANY, provider_session=told.session)
        else:
            ended = await users.end_provider_session(tx, told.session) if told.session and not told.subject else 0
        if ended:
            audit.add(tx, "", "signed out by the company", f"user:{user_id}", deps.now())


def _identity(deps: Deps) -> Identity:
    if deps.identity is None:
        raise NotFound
    return deps.identity


def _own(attempt: Attempt | None, answer: Mapping[str, str]) -> Attempt:
    """The attempt that this is the answer to. Raises NotLetIn."""
    if attempt is None or not hmac.compare_digest(attempt.state.encode(), answer.get("state", "").encode()):
        raise NotLetIn("elsewhere")
    return attempt


async def _use(deps: Deps, attempt: Attempt, network: str) -> HitRow | None:
    """Use the attempt up, and count it as refused until it is not: of many at once none slips past the limit."""
    bucket, now = f"company:{digest(network)}", deps.now()
    async with deps.db.write() as tx:
        if not await users.use_once(tx, digest(f"attempt:{attempt.state}"), now + 2 * ATTEMPT_LASTS):
            raise NotLetIn("elsewhere", "used before")
        if not network:
            return None
        if until := await hits.full_until(tx, bucket, limit=FAILURES_PER_NETWORK, window=FAILURES_WINDOW, now=now):
            raise TooMany(until=until)
        return hits.add(tx, bucket, now)


async def _finish(
    deps: Deps, identity: Identity, attempt: Attempt, answer: Mapping[str, str], browser: str, hit: HitRow | None
) -> str:
    try:
        account = await identity.finish(attempt, answer, deps.now())
    except ProviderAway:
        async with deps.db.write() as tx:
            await hits.take_back(tx, hit)
        raise
    async with deps.db.write() as tx:
        user, why = await _admit(deps, tx, identity, account)
        if user is not None and not why:
            await hits.take_back(tx, hit)
            return await open_session(deps, tx, user, COMPANY, browser=browser, provider_session=account.session)
    raise NotLetIn(why)  # when what was taken from them is kept


async def _admit(deps: Deps, tx: Tx, identity: Identity, account: Account) -> tuple[UserRow | None, str]:
    """The user that this account is, with the role that its groups give; or why there is none."""
    admins = await users.of_role(tx, Role.ADMIN, lock=True)  # before any one user, as who changes roles here does
    row, why = await _recognise(deps, tx, account)
    if row is None or why:
        return None, why
    if row.disabled_at and row.disabled_by != COMPANY:
        return None, "disabled"
    by_groups = row.role_from in (COMPANY, KEPT)
    if by_groups and identity.roles and account.role != Role.ADMIN and [one.id for one in admins] == [row.id]:
        _keep_admin(deps, tx, row)
    elif account.role is not None:
        await _follow(deps, tx, row, account.role)
    elif row.disabled_at:
        return None, "no_role"
    elif by_groups and identity.roles:
        row.disabled_at, row.disabled_by = deps.now(), COMPANY
        users.add(tx, row)
        await users.end_everything(tx, row.id)
        audit.add(tx, "", "disabled by the company's groups", f"user:{row.id}", deps.now())
        return None, "no_role"
    return row, ""


async def _recognise(deps: Deps, tx: Tx, account: Account) -> tuple[UserRow | None, str]:
    """By subject; the first time by address, of one that is nobody else's there. New people need a role."""
    if known := await users.identity(tx, account.issuer, account.subject):
        row = await users.get(tx, known.user_id, lock=True)
        if row is not None:
            await _keep_address(deps, tx, row, account)
        return row, "" if row else "no_role"
    if not account.email:
        return None, "unverified"
    row = await users.by_email(tx, account.email, lock=True)
    if row is None:
        if account.role is None:
            return None, "no_role"
        row = await _add(deps, tx, account, account.role)
    link = IdentityRow(issuer=account.issuer, subject=account.subject, user_id=row.id, created_at=deps.now())
    if await users.add_new_one(tx, link):
        audit.add(tx, row.id, "came by a company account for the first time", f"user:{row.id}", deps.now())
    elif await users.identity(tx, account.issuer, account.subject) is None:
        return None, "other_person"  # the address was handed on: who had it before is not who comes now
    row.name = row.name or account.name
    users.add(tx, row)
    return row, ""  # the same person may come twice at once


async def _add(deps: Deps, tx: Tx, account: Account, role: Role) -> UserRow:
    new = UserRow(
        id=deps.new_id(),
        email=account.email,
        name=account.name,
        role=role,
        role_from=COMPANY,
        created_at=deps.now(),
    )
    if await users.add_new_one(tx, new):
        audit.add(tx, "", f"added as {role} by the company's groups", f"user:{new.id}", deps.now())
    row = await users.by_email(tx, account.email, lock=True)
    assert row is not None
    return row


async def _follow(deps: Deps, tx: Tx, row: UserRow, role: Role) -> None:
    """Give the role that the groups give. An admin made here stays one: somebody has to mend what groups are set to."""
    if row.role == Role.ADMIN and row.role_from not in (COMPANY, KEPT) and row.disabled_at is None:
        return
    if (row.role, row.disabled_at) != (role, None):
        audit.add(tx, "", f"set to {role} by the company's groups", f"user:{row.id}", deps.now())
    if row.role != role:
        await users.end_sessions(tx, row.id)
    row.role, row.role_from, row.disabled_at, row.disabled_by = role, COMPANY, None, ""
    users.add(tx, row)


def _keep_admin(deps: Deps, tx: Tx, row: UserRow) -> None:
    """Groups take the role of the last admin: it stays until there is another. `status` tells of it."""
    if row.role_from != KEPT:
        audit.add(tx, "", "kept as the last admin against the company's groups", f"user:{row.id}", deps.now())
    row.role_from = KEPT
    users.add(tx, row)


async def _keep_address(deps: Deps, tx: Tx, row: UserRow, account: Account) -> None:
    """Somebody's address changed at the company: it is still them. One that another user has here stays theirs."""
    if account.email and account.email != row.email and await users.by_email(tx, account.email) is None:
        row.email = account.email
        audit.add(tx, row.id, "came with another address", f"user:{row.id}", deps.now())
    row.name = row.name or account.name
    users.add(tx, row)


async def _whose(tx: Tx, told: Leaving) -> str:
    known = await users.identity(tx, told.issuer, told.subject) if told.subject else None
    return known.user_id if known else ""
