"""The edge that carries messages to people. A channel of `CHANNELS` sends what `events.py` describes."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Mail:
    """One message, ready to go. `message_id` is fixed before the first try, so that a repeat is the same mail."""

    to: str
    subject: str
    text: str
    html: str = ""
    message_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    calendar: bytes = b""
    """An .ics file that calendars take as an invitation or a cancellation (RFC 6047)."""
    calendar_method: str = ""
    """Its METHOD, which the mail has to name as well: `REQUEST` or `CANCEL`."""


class Channel(Protocol):
    name: str
    sender: str
    """Whom mail comes from: an address, with or without a name."""

    async def send(self, mail: Mail) -> None:
        """Raises MailFailed; `permanent` when trying again cannot help."""
        ...

    async def check(self) -> None:
        """Go as far as a send would, without sending. Raises MailFailed."""
        ...
