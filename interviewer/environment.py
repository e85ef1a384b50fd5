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
    _forget()
    if not FILE.is_file():
        return
    from dotenv import dotenv_values

    try:
        said = dotenv_values(FILE)
        taken = {name: value for name, value in said.items() if value is not None and name not in os.environ}
        os.environ.update(taken)
    except ValueError as error:  # bytes that are no UTF-8, or a value that no environment takes
        raise BadInput([Problem(str(FILE), "holds something that is not plain text")]) from error
    os.environ[_MARK] = json.dumps({name: _digest(value) for name, value in taken.items()})


@contextmanager
def put_back() -> Iterator[None]:
    """Where what is done inside fails, the environment is as it was before."""
    before = dict(os.environ)
    try:
        yield
    except BaseException:
        os.environ.clear()
        os.environ.update(before)
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


def _forget() -> None:
    """Take out what came out of the file. What was set to something else since stays."""
    for name, digest in json.loads(os.environ.pop(_MARK, "{}")).items():
        if name in os.environ and _digest(os.environ[name]) == digest:
            del os.environ[name]


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode(errors="surrogateescape")).hexdigest()[:16]
