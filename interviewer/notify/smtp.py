"""Mail over SMTP."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr

from interviewer.errors import BadInput, MailFailed, Problem
from interviewer.notify.base import Mail

TIMEOUT_S = 20
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


@dataclass
class SmtpChannel:
    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False
    """TLS from the first byte."""
    starttls: bool | None = None
    """Insist on it, never use it, or (None) use it where the server offers it."""
    name: str = "smtp"

    async def send(self, mail: Mail) -> None:
        """Raises MailFailed, permanent where the server refused this address or this message for good."""
        import aiosmtplib

        message = _message(mail, self.sender)
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.tls,
                start_tls=False if self.tls else self.starttls,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error, min(refusal.code for refusal in error.recipients)) from error
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            raise _refused(error, error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            # Not this mail's fault: a server that is away, or one that does not take our name or password.
            raise MailFailed(f"{type(error).__name__} {getattr(error, 'code', '')}".strip()) from error

    async def check(self) -> None:
        """Connect, sign in, and leave. Raises MailFailed."""
        import aiosmtplib

        server = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.tls,
            start_tls=False if self.tls else self.starttls,
            timeout=TIMEOUT_S,
        )
        try:
            async with server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailFailed(f"{type(error).__name__} {getattr(error, 'code', '')}".strip()) from error


def from_env(env: Mapping[str, str] | None = None) -> SmtpChannel | None:
    """The channel that `INTERVIEWER_SMTP_*` describe; None without a host. Raises BadInput by variable."""
    env = os.environ if env is None else env
    host = _read(env, "HOST")
    if not host:
        return None
    problems: list[Problem] = []
    sender = _read(env, "FROM")
    if "@" not in parseaddr(sender)[1] or _breaks(sender):
        problems.append(Problem("INTERVIEWER_SMTP_FROM", "has to be the address that mail comes from"))
    tls, starttls = _flag(env, "TLS", problems), _flag(env, "STARTTLS", problems)
    user = _read(env, "USER")
    port = _read(env, "PORT") or ("465" if tls else "587")
    if not (port.isdecimal() and 0 < int(port) < 65536):
        problems.append(Problem("INTERVIEWER_SMTP_PORT", f"{port!r} is not a port"))
    if problems:
        raise BadInput(problems)
    return SmtpChannel(
        host=host,
        port=int(port),
        sender=sender,
        user=user,
        password=_read(env, "PASSWORD"),
        tls=bool(tls),
        # A password is not sent in the clear because a server, or somebody in between, offers nothing better.
        starttls=True if user and starttls is None else starttls,
    )


def _message(mail: Mail, sender: str) -> EmailMessage:
    headers = {
        "From": sender,
        "To": mail.to,
        "Subject": mail.subject,
        "Date": formatdate(),
        "Message-ID": mail.message_id or make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2]),
        "Auto-Submitted": "auto-generated",
    } | mail.headers
    if any(_breaks(part) for header in headers.items() for part in header):
        raise MailFailed("a header with a line break", permanent=True)
    message = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        message[name] = value
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        _add_calendar(message, mail)
    return message


def _add_calendar(message: EmailMessage, mail: Mail) -> None:
    """As calendars send it to each other: Gmail, Outlook and Apple Mail offer to accept the alternative that comes last
    and names its method. The file is for everybody else, of another type so that nobody is shown two invitations."""
    method = {"method": mail.calendar_method}
    # As Exchange writes it: no server on the way touches its line ends.
    message.add_alternative(mail.calendar.decode(), subtype="calendar", cte="base64", params=method)
    message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="invite.ics")


def _refused(error: Exception, code: int) -> MailFailed:
    """The server's words are left out: they tend to repeat the address."""
    return MailFailed(f"{type(error).__name__} {code}", permanent=code >= 500)


def _breaks(text: str) -> bool:
    """Whether some program takes it for more than one line: there are more line ends than two."""
    return text.splitlines() not in ([], [text])


def _read(env: Mapping[str, str], name: str) -> str:
    return env.get(f"INTERVIEWER_SMTP_{name}", "").strip()


def _flag(env: Mapping[str, str], name: str, problems: list[Problem]) -> bool | None:
    value = _read(env, name).lower()
    if value and value not in _YES + _NO:
        problems.append(Problem(f"INTERVIEWER_SMTP_{name}", f"{value!r} is neither true nor false"))
    return value in _YES if value else None
