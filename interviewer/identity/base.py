"""What use cases know of the company's sign-in: an attempt goes out, an account comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from interviewer.confidentiality import Role


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way. Its secrets stay in the browser that began it, in a signed cookie."""

    state: str
    nonce: str
    verifier: str
    """For PKCE: 43 characters or more."""


@dataclass(frozen=True)
class Account:
    """Whom the provider vouches for. `issuer` and `subject` together stay the same when all else changes."""

    issuer: str
    subject: str
    email: str
    """Lowered; empty where the provider tells none that it has verified."""
    name: str = ""
    role: Role | None = None
    """The role that the groups give; None where none of them gives any."""
    session: str = ""
    """What the provider calls its session, where it does."""


@dataclass(frozen=True)
class Leaving:
    """The provider says that somebody has signed out there: of one session, or (empty) of all."""

    id: str
    """Of this message, so that it counts once."""
    issuer: str
    subject: str
    session: str
    expires_at: datetime


class Identity(Protocol):
    back: str
    """The redirect URI, which is registered at the provider."""
    only: bool
    """Whether there is no other way in, but links made on the server."""
    roles: Sequence[tuple[str, Role]]
    """Groups to roles; empty where roles are given here alone."""

    async def begin(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ProviderAway."""
        ...

    async def finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> Account:
        """Who it is that came back with `answer`, the callback's query. Its `state` was checked before.

        Raises ProviderAway; NotLetIn for what is refused there, or does not hold.
        """
        ...

    async def leaving(self, token: str, now: datetime) -> Leaving:
        """What a back-channel logout token says. Raises ProviderAway; NotLetIn for one that does not hold."""
        ...

    async def sign_out_address(self) -> str:
        """Where one signs out of the company account; empty where the provider has no such place, or is away."""
        ...

    async def check(self) -> str:
        """What was found, in a sentence. Raises ProviderAway."""
        ...


def is_safe(url: str) -> bool:
    """Whether what is sent there cannot be read on the way: https, or this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(url)))


def is_here(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
