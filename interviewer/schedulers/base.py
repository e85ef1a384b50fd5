"""What a booking page elsewhere is to us: a link that buyers follow, and what it tells us afterwards."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from interviewer.errors import BadInput, Problem, Unsigned

LONGEST_SECRET = 512
LONGEST_LINK = 500
EARLY = timedelta(minutes=5)
"""Clocks differ: a message may come from this far ahead."""


@dataclass(frozen=True)
class Person:
    """Whose name and address go along; both empty where that would tell somebody else who was invited."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Told:
    """What one message says about one booking. Without `cancelled` it is booked, at these times."""

    external_id: str
    at: datetime
    """When the scheduler said so."""
    reference: str = ""
    """Ours, as the link carried it; some messages come without."""
    replaces: str = ""
    """The booking that was moved to become this one."""
    cancelled: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_zone: str = ""
    """The buyer's, as they gave it; nothing that was checked."""
    video_link: str = ""


class Scheduler(Protocol):
    """One vendor. Stateless: where to go and what is secret are given."""

    name: str
    hosts: Sequence[str]
    """Host names of its booking pages; those below them count as well."""

    def link(self, url: str, person: Person, reference: str) -> str:
        """`url` with name, address and our reference filled in the way this page takes them."""
        ...

    def secret(self, env: Mapping[str, str] | None = None) -> str:
        """What signs its messages, from the environment; empty where it sends none, or none is set."""
        ...

    def told(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Told | None:
        """What a message says; None where it is none of ours to act on.

        `headers` have lower-case names. Raises Unsigned, before anything of the body is looked at, and BadInput for
        a signed message that is not what the vendor documents.
        """
        ...


class Silent:
    """A scheduler that we hear nothing from."""

    def secret(self, env: Mapping[str, str] | None = None) -> str:
        return ""

    def told(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Told | None:
        raise Unsigned


def filled(url: str, **given: str) -> str:
    """`url` with these parameters of its query set; empty ones are left as they are."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update({key: value for key, value in given.items() if value})
    return urlunsplit(parts._replace(query=urlencode(query)))


def read_secret(name: str, env: Mapping[str, str] | None) -> str:
    return (os.environ if env is None else env).get(name, "").strip()[:LONGEST_SECRET]


def check_signature(secret: str, message: bytes, given: str) -> None:
    """Raises Unsigned unless `given` is the hexadecimal HMAC-SHA256 of `message`. Takes as long for any wrong one."""
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(expected.encode(), given.strip().lower().encode()):
        raise Unsigned


def check_age(said: datetime, now: datetime, limit: timedelta) -> None:
    """Raises Unsigned for what was signed longer ago than `limit`: somebody may have kept it to send it again."""
    if not now - limit <= said <= now + EARLY:
        raise Unsigned


class Shape(BaseModel):
    """A part of a vendor's message: what we read of it, whatever else it holds."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _utc(moment: datetime) -> datetime:
    """Within the reach of any calendar, so that hours and days can be added to it."""
    if not 2000 < moment.year < 2100:
        raise ValueError("not a moment of a call")
    return moment.astimezone(UTC)


_S = TypeVar("_S", bound=Shape)
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[!-~]+$")]
"""What a vendor calls a booking: printable, so that any database takes it."""


def read(shape: type[_S], body: bytes) -> _S:
    """The message in `body`. Raises BadInput without repeating any of it: it names people."""
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        wrong = {".".join(str(part) for part in one["loc"]) or "message" for one in found}
        raise BadInput([Problem(where, "is not as documented") for where in sorted(wrong)]) from None


def reference_in(value: Any) -> str:
    """What came back as our reference. Whoever books can put anything there; what cannot be one of ours is none."""
    return value if isinstance(value, str) and len(value) <= 64 and value.isascii() and value.isprintable() else ""


def link_or_nothing(value: Any) -> str:
    """A place to meet that is an https link; anything else ('your phone', an address) is not one to click on."""
    text = value if isinstance(value, str) else ""
    return text if text.startswith("https://") and len(text) <= LONGEST_LINK and text.isprintable() else ""
