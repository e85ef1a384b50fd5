"""Every channel takes a mail, says whether failing was for good, and lets nobody add a header."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import pytest

from interviewer.errors import BadInput, MailFailed
from interviewer.notify import CHANNELS, smtp
from interviewer.notify.base import Mail
from interviewer.notify.smtp import SmtpChannel
from tests.fakes.smtp_server import PostOffice, post_office

MAIL = Mail(
    to="buyer@example.com",
    subject="Ihre Antworten – grüß",
    text="Zeile eins\nZeile zwei",
    html="<p>Zeile eins</p>",
    message_id="<fixed@tidewater.example>",
    headers={"List-Unsubscribe": "<https://tidewater.example/o/1>"},
)
ENV = {"INTERVIEWER_SMTP_HOST": "127.0.0.1", "INTERVIEWER_SMTP_FROM": "Mara <mara@tidewater.example>"}


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture
def channel(office: PostOffice) -> SmtpChannel:
    made = smtp.from_env(ENV | {"INTERVIEWER_SMTP_PORT": str(office.port)})
    assert made is not None
    return made


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_without_variables_is_none(name: str) -> None:
    assert CHANNELS[name]() is None


async def test_a_mail_arrives_whole(office: PostOffice, channel: SmtpChannel) -> None:
    await channel.send(MAIL)
    (mail,) = office.mails
    assert office.recipients == ["buyer@example.com"]
    assert (mail["Subject"], mail["Message-ID"]) == (MAIL.subject, MAIL.message_id)
    assert mail["From"] == "Mara <mara@tidewater.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == MAIL.headers["List-Unsubscribe"]
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and text.get_content().splitlines()[:2] == ["Zeile eins", "Zeile zwei"]
    assert html is not None and html.get_content().strip() == "<p>Zeile eins</p>"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
@pytest.mark.parametrize("html", [MAIL.html, ""])
async def test_a_calendar_entry_arrives_as_calendars_send_them(
    office: PostOffice, channel: SmtpChannel, method: str, html: str
) -> None:
    lines = ("BEGIN:VCALENDAR", f"METHOD:{method}", f"SUMMARY:Gespr\u00e4ch \U0001f4de {'x' * 80}", "END:VCALENDAR", "")
    entry = "\r\n".join(lines).encode()
    await channel.send(dataclasses.replace(MAIL, html=html, calendar=entry, calendar_method=method))
    (mail,) = office.mails
    body, file = mail.iter_parts()
    assert (mail.get_content_type(), body.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    *words, answered = body.iter_parts()
    assert [part.get_content_type() for part in words] == ["text/plain", "text/html"][: 2 if html else 1]
    assert (answered.get_content_type(), answered.get_param("method")) == ("text/calendar", method)
    assert answered.get_content_charset() == "utf-8" and answered.get_content_disposition() is None
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert answered.get_payload(decode=True) == file.get_payload(decode=True) == entry


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("450 busy", False), ("451 try later", False), ("550 no such user", True), ("554 refused", True)],
)
async def test_a_refusal_says_whether_it_is_for_good(
    office: PostOffice, channel: SmtpChannel, answer: str, permanent: bool
) -> None:
    for answers in (office.answers_to_recipient, office.answers_to_message):
        answers.append(answer)
        with pytest.raises(MailFailed) as caught:
            await channel.send(MAIL)
        assert caught.value.permanent is permanent
        assert answer[:3] in caught.value.reason
    await channel.send(MAIL)
    assert len(office.mails) == 1


async def test_the_reason_does_not_repeat_the_address(office: PostOffice, channel: SmtpChannel) -> None:
    office.answers_to_recipient.append("550 buyer@example.com is unknown here")
    with pytest.raises(MailFailed) as caught:
        await channel.send(MAIL)
    assert "buyer" not in caught.value.reason


async def test_a_server_that_is_away_is_tried_again(channel: SmtpChannel) -> None:
    channel.port = 1
    with pytest.raises(MailFailed) as caught:
        await channel.send(MAIL)
    assert not caught.value.permanent


async def test_a_refused_password_is_not_the_address_s_fault(office: PostOffice, channel: SmtpChannel) -> None:
    channel.user, channel.password = "mara", "wrong"
    with pytest.raises(MailFailed) as caught:
        await channel.send(MAIL)
    assert not caught.value.permanent
    assert office.mails == []


async def test_encryption_that_was_asked_for_is_not_left_out(office: PostOffice, channel: SmtpChannel) -> None:
    channel.starttls = True
    with pytest.raises(MailFailed):
        await channel.send(MAIL)
    assert office.mails == []


@pytest.mark.parametrize("evil", ["a\nBcc: x@example.com", "a\rb", "a\r\n\r\nbody"])
@pytest.mark.parametrize("part", ["to", "subject", "message_id", "header", "header name"])
async def test_line_breaks_in_headers_are_refused(
    office: PostOffice, channel: SmtpChannel, part: str, evil: str
) -> None:
    values = {"to": MAIL.to, "subject": "s", "message_id": "<m@x>", "text": "t", "headers": {}}
    if part.startswith("header"):
        values["headers"] = {evil: "v"} if part == "header name" else {"X-Test": evil}
    else:
        values[part] = evil
    with pytest.raises(MailFailed) as caught:
        await channel.send(Mail(**values))  # type: ignore[arg-type]
    assert caught.value.permanent
    assert office.mails == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("127.0.0.1", 587, False, None)),
        ({"TLS": "true"}, ("127.0.0.1", 465, True, None)),
        ({"PORT": "2525", "STARTTLS": "no"}, ("127.0.0.1", 2525, False, False)),
        ({"USER": "mara", "PASSWORD": "x"}, ("127.0.0.1", 587, False, True)),
        ({"USER": "mara", "PASSWORD": "x", "STARTTLS": "false"}, ("127.0.0.1", 587, False, False)),
    ],
)
def test_settings(given: dict[str, str], expected: tuple[str, int, bool, bool | None]) -> None:
    made = smtp.from_env(ENV | {f"INTERVIEWER_SMTP_{name}": value for name, value in given.items()})
    assert made is not None
    assert (made.host, made.port, made.tls, made.starttls) == expected


@pytest.mark.parametrize(
    ("name", "value"), [("FROM", ""), ("FROM", "nobody"), ("FROM", "a@b\nX: y"), ("PORT", "many"), ("TLS", "maybe")]
)
def test_wrong_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(BadInput) as caught:
        smtp.from_env(ENV | {f"INTERVIEWER_SMTP_{name}": value})
    assert [problem.where for problem in caught.value.problems] == [f"INTERVIEWER_SMTP_{name}"]
