"""What is set, and where: signing keys, names that buyers read, flows, the address, room on the disk."""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from interviewer.cli.findings import Finding, counted
from interviewer.errors import BadInput

if TYPE_CHECKING:
    from interviewer.settings import Settings

LOW_DISK = 500_000_000
NO_DISK = 50_000_000


def keys(settings: Settings) -> Finding:
    from interviewer import bootstrap

    try:
        bootstrap.check_keys(settings)
    except BadInput as error:
        return Finding("fail", "keys", str(error))
    return Finding("ok", "keys", f"{counted(len(set(settings.secret_keys)), 'signing key')}, long enough")


def names(settings: Settings) -> Iterator[Finding]:
    from interviewer import bootstrap

    try:
        bootstrap.check_names(settings)
    except BadInput as error:
        missing = ", ".join(problem.where for problem in error.problems)
        yield Finding("fail", "names", f"buyers are not told who asks about what; set {missing}")
    else:
        yield Finding("ok", "names", f"{settings.asker} of {settings.organisation} asks about {settings.product}")
    if not settings.contact.strip():
        yield Finding(
            "warn",
            "contact",
            "the notice names no address for questions, objections and wishes to be erased; set INTERVIEWER_CONTACT",
        )


def unknown() -> Iterator[Finding]:
    from interviewer import environment

    for name, meant in environment.unknown().items():
        yield Finding("warn", "settings", f"there is no {name}{f'; is {meant} meant?' if meant else ''}")


def disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir.resolve()
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if free < NO_DISK:
        yield Finding("fail", "disk", f"{free // 1_000_000} MB free at {there}; answers could not be kept. Make room")
    elif free < LOW_DISK:
        yield Finding("warn", "disk", f"{free // 1_000_000} MB free at {there}; make room soon")
    else:
        yield Finding("ok", "disk", f"{free // 1_000_000_000} GB free at {there}")


def flows(settings: Settings) -> Finding:
    from interviewer import bootstrap

    try:
        return Finding("ok", "flows", ", ".join(bootstrap.read_flows(settings).ids))
    except BadInput as error:
        return Finding("fail", "flows", f"{error.problems[0]}; `interviewer flows check` says more")


def address(settings: Settings) -> Finding:
    parts = urlsplit(settings.base_url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        return Finding(
            "fail", "address", f"INTERVIEWER_BASE_URL is {settings.base_url!r}; make it like https://talk.example.com"
        )
    if host == "localhost" or _loopback(host):
        return Finding(
            "warn",
            "address",
            f"{settings.base_url} is reached from this machine only; set INTERVIEWER_BASE_URL for buyers",
        )
    if parts.scheme == "http":
        return Finding("warn", "address", f"{settings.base_url} is not https: anybody on the way can read along")
    return Finding("ok", "address", settings.base_url)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
