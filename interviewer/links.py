"""Signed links and sealed cookies: what a stranger may hold, and what it maps to.

A buyer's link carries a random id and a version, signed, one salt per purpose (trust.md 4). Expiry and revocation
live in the invitation's row, so a link can be ended without touching keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, Signer

from interviewer.errors import LinkInvalid

MIN_KEY_LENGTH = 32
_LONGEST = 2048


class Purpose(StrEnum):
    """One salt each: a token made for one purpose is worthless for another."""

    INTERVIEW = "interview"
    OPT_OUT = "opt-out"
    SIGN_IN = "sign-in"
    BROWSER = "browser"
    COMPANY = "company"


@dataclass(frozen=True)
class Links:
    """Sign and read tokens. `keys` run from oldest to newest: the newest signs, all of them verify."""

    keys: Sequence[str]
    base_url: str

    def sign(self, purpose: Purpose, value: str) -> str:
        """`value` with its signature, safe in a URL as long as `value` is."""
        return self._signer(purpose).sign(value.encode()).decode()

    def read(self, purpose: Purpose, token: str) -> str:
        """The signed value. Raises LinkInvalid for anything that was not signed here for `purpose`."""
        if len(token) > _LONGEST:
            raise LinkInvalid
        try:
            return self._signer(purpose).unsign(token.encode()).decode()
        except (BadSignature, UnicodeError) as error:
            raise LinkInvalid from error

    def interview(self, invitation_id: str, version: int) -> str:
        """The buyer's personal link."""
        return f"{self.base_url}/i/{self.sign(Purpose.INTERVIEW, f'{invitation_id}.{version}')}"

    def opt_out(self, invitation_id: str) -> str:
        """The link in a mail's footer; it stays good when the interview's link is replaced."""
        return f"{self.base_url}/o/{self.sign(Purpose.OPT_OUT, invitation_id)}"

    def sign_in(self, token: str) -> str:
        """The one-time link to the desk; `token` is random, only its digest is kept."""
        return f"{self.base_url}/desk/sign-in/{self.sign(Purpose.SIGN_IN, token)}"

    def read_interview(self, token: str) -> tuple[str, int]:
        """Invitation id and link version. Raises LinkInvalid."""
        invitation_id, _, version = self.read(Purpose.INTERVIEW, token).rpartition(".")
        if not invitation_id or not version.isdecimal():
            raise LinkInvalid
        return invitation_id, int(version)

    def _signer(self, purpose: Purpose) -> Signer:
        return Signer(
            list(self.keys),
            salt=f"interviewer.{purpose}",
            sep="~",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )


def digest(secret: str) -> str:
    """What is kept of a random secret: enough to recognise it, not to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()
