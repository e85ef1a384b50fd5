"""A channel that keeps what it was given, and fails when told to."""

from interviewer.errors import MailFailed
from interviewer.notify.base import Mail


class RecordingChannel:
    """`sent` holds what went out; each entry of `failures` is raised once, first come first."""

    name = "recording"
    sender = "Tidewater <research@tidewater.example>"

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.failures: list[MailFailed] = []

    async def send(self, mail: Mail) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(mail)

    async def check(self) -> None:
        """As `send`, without a mail."""
        if self.failures:
            raise self.failures.pop(0)

    def last(self, to: str) -> Mail:
        """The newest mail to this address. Raises IndexError when there is none."""
        return [mail for mail in self.sent if mail.to == to][-1]
