"""Addresses that must not be written to again, kept so that a stranger with the table cannot read them.

Kept is an HMAC of the address under the oldest signing key, with a sign of which key that was. Appending a key
changes nothing. Removing the oldest one would make its marks unreadable, which `doctor` reports: an opt-out has to
outlive a key, so the old key stays first in the list, or the addresses are entered again.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence


def mark(keys: Sequence[str], address: str) -> str:
    """What is kept of `address`."""
    return _mark(keys[0], address)


def marks(keys: Sequence[str], address: str) -> tuple[str, ...]:
    """Every form in which `address` may have been kept."""
    return tuple(_mark(key, address) for key in keys)


def unreadable(keys: Sequence[str], kept: Iterable[str]) -> int:
    """How many of `kept` were made under a key that is not there any more."""
    known = {_sign(key) for key in keys}
    return sum(value.partition(".")[0] not in known for value in kept)


def _mark(key: str, address: str) -> str:
    digest = hmac.new(f"interviewer.suppression.{key}".encode(), address.strip().lower().encode(), hashlib.sha256)
    return f"{_sign(key)}.{digest.hexdigest()}"


def _sign(key: str) -> str:
    return hashlib.sha256(f"interviewer.suppression.sign.{key}".encode()).hexdigest()[:8]
