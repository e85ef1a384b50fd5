"""What lies outside and is reached over the network: mail, the company's sign-in, the model, where calls are booked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from interviewer.cli.findings import Finding, counted
from interviewer.errors import BadInput, MailFailed, ProviderAway

if TYPE_CHECKING:
    from interviewer.settings import Settings


async def mail() -> Finding:
    from interviewer import notify

    try:
        channel = notify.choose()
    except BadInput as error:
        return Finding("fail", "mail", str(error))
    if channel is None:
        return Finding(
            "warn",
            "mail",
            "none, so codes, copies and sign-in links are not mailed; INTERVIEWER_SMTP_HOST and _FROM set it up",
        )
    try:
        await channel.check()
    except MailFailed as error:
        return Finding("fail", "mail", f"the {channel.name} server does not let us in: {error.reason}")
    return Finding("ok", "mail", f"the {channel.name} server answers")


async def company(settings: Settings) -> AsyncIterator[Finding]:
    """The company's sign-in, where it is set: whether it answers, and what has to be registered there."""
    from interviewer import identity

    try:
        company = identity.choose(settings.base_url)
    except BadInput as error:
        yield Finding("fail", "company", str(error))
        return
    if company is None:
        return
    way_in = "`interviewer user link` prints links to sign in with meanwhile"
    try:
        found = await company.check()
    except ProviderAway as error:
        yield Finding("fail", "company", f"nobody can sign in by the company: {error.reason}; {way_in}")
        return
    many = f"{counted(len(company.roles), 'group')} {'gives' if len(company.roles) == 1 else 'give'} roles"
    groups = many if company.roles else "roles are given at the desk alone"
    yield Finding("ok", "company", f"{found}; {groups}; register {company.back} there as redirect URI")


async def model(settings: Settings) -> AsyncIterator[Finding]:
    from interviewer import llm
    from interviewer.llm import conformance

    try:
        model = llm.choose(settings.llm, settings.model)
    except BadInput as error:
        yield Finding("fail", "model", str(error))
        return
    try:
        for check in await conformance.check(model):
            # Interviews go on with the flow's own words, so no model trouble stops them.
            yield Finding("ok" if check.ok else "warn", check.name, check.detail)
    finally:
        await model.close()


def booking_page(settings: Settings) -> Iterator[Finding]:
    """Where buyers book calls elsewhere, and whether we hear of it."""
    from interviewer import schedulers

    if not settings.scheduling_url:
        return
    try:
        scheduler = schedulers.choose(settings.scheduling_url, settings.scheduler)
    except BadInput as error:
        yield Finding("fail", "calls", str(error))
        return
    if scheduler.secret():
        hook = f"{settings.base_url.rstrip('/')}/hooks/{scheduler.name}"
        yield Finding("ok", "calls", f"booked at a page of {scheduler.name}, which is to tell {hook}")
    else:
        yield Finding("ok", "calls", f"booked at a page of {scheduler.name}, which tells us nothing; see docs/calls.md")
