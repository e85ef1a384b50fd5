"""The environment, and what `.env` puts into it: which names came out of the file, and which names nobody reads.

Registry members and libraries read variables for themselves, so the file's have to be in the environment, where
processes that are started inherit them. A mark beside them tells what came out of the file from what was set, so that
the file can be read anew.
"""

import difflib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from interviewer.errors import BadInput, Problem
from interviewer.settings import Settings

FILE = Path(".env")
PREFIX = "INTERVIEWER_"
OF_MEMBERS = (
    "INTERVIEWER_CALCOM_SECRET",
    "INTERVIEWER_CALENDLY_SECRET",
    "INTERVIEWER_OIDC_CLIENT_ID",
    "INTERVIEWER_OIDC_CLIENT_SECRET",
    "INTERVIEWER_OIDC_ISSUER",
    "INTERVIEWER_OIDC_ONLY",
    "INTERVIEWER_OIDC_ROLES",
    "INTERVIEWER_OIDC_ROLES_CLAIM",
    "INTERVIEWER_OIDC_SCOPES",
    "INTERVIEWER_OIDC_TRUST_EMAIL",
    "INTERVIEWER_SMTP_FROM",
    "INTERVIEWER_SMTP_HOST",
    "INTERVIEWER_SMTP_PASSWORD",
    "INTERVIEWER_SMTP_PORT",
    "INTERVIEWER_SMTP_STARTTLS",
    "INTERVIEWER_SMTP_TLS",
    "INTERVIEWER_SMTP_USER",
)
"""What registry members read for themselves."""
_MARK = "_INTERVIEWER_OUT_OF_FILE"
_ALIKE = 0.6


def read() -> None:
    """Put into the environment what `.env` says now, in place of what it said before. What was set there wins.

    Raises BadInput for a file that is no text.
    """
    was_set = _without_file()
    taken = {name: value for name, value in _said().items() if name not in was_set}
    mark = {_MARK: json.dumps({name: _digest(value) for name, value in taken.items()})} if taken else {}
    put(was_set | taken | mark)


@contextmanager
def put_back() -> Iterator[None]:
    """Where what is done inside fails, the environment is as it was before."""
    before = dict(os.environ)
    try:
        yield
    except BaseException:
        put(before)
        raise


def unknown(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Names that look like settings and are none, each with the setting that is likely meant, or nothing."""
    known = {*(field.upper() for field in Settings.model_fields), *(name.removeprefix(PREFIX) for name in OF_MEMBERS)}
    found = {}
    for name in sorted(os.environ if env is None else env):
        own = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and own not in known:
            found[name] = next((PREFIX + one for one in difflib.get_close_matches(own, known, 1, _ALIKE)), "")
    return found


def _said() -> dict[str, str]:
    if not FILE.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        said = {name: value for name, value in dotenv_values(FILE).items() if value is not None}
    except UnicodeDecodeError as error:
        raise BadInput([Problem(str(FILE), "is not plain text in UTF-8")]) from error
    if wrong := [name for name, value in said.items() if "\0" in value]:
        raise BadInput([Problem(f"{FILE}: {name}", "holds a sign that no setting can have") for name in wrong])
    return said


def _without_file() -> dict[str, str]:
    """The environment without what came out of the file. What was set to something else since stays."""
    env = dict(os.environ)
    for name, digest in json.loads(env.pop(_MARK, "{}")).items():
        if name in env and _digest(env[name]) == digest:
            del env[name]
    return env


def put(env: Mapping[str, str]) -> None:
    """Have the environment be `env`. Changes only what differs: others read meanwhile."""
    os.environ.update({name: value for name, value in env.items() if os.environ.get(name) != value})
    for name in set(os.environ) - set(env):
        del os.environ[name]


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode(errors="surrogateescape")).hexdigest()[:16]
