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


class Channel(Protocol):
    name: str

    async def send(self, mail: Mail) -> None:
        """Raises MailFailed; `permanent` when trying again cannot help."""
        ...

    async def check(self) -> None:
        """Go as far as a send would, without sending. Raises MailFailed."""
        ...
