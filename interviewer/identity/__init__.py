"""The company's own sign-in, where it has one: settings in, a provider out. OpenID Connect is spoken in `oidc.py`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from interviewer.confidentiality import Role
from interviewer.errors import BadInput, Problem
from interviewer.identity.base import Account, Attempt, Identity, Leaving

__all__ = ["BACK", "Account", "Attempt", "Identity", "Leaving", "choose"]

BACK = "/desk/sign-in/company/back"
"""Where the provider sends browsers back to: the redirect URI, under the base URL."""
OUT = "/desk/sign-in"
"""Where it may send them when they have signed out there, too."""
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


def choose(base_url: str, env: Mapping[str, str] | None = None) -> Identity | None:
    """The provider that `INTERVIEWER_OIDC_*` describe; None without an issuer. Raises BadInput with every problem."""
    env = os.environ if env is None else env
    issuer, client_id = _read(env, "ISSUER"), _read(env, "CLIENT_ID")
    problems: list[Problem] = []
    only, trust_email = _flag(env, "ONLY", problems), _flag(env, "TRUST_EMAIL", problems)
    roles = _roles(_read(env, "ROLES"), problems)
    scopes = _read(env, "SCOPES").split() or ["openid", "email", "profile"]
    if not issuer and (only or client_id):
        problems.append(Problem(_name("ISSUER"), "is missing: the provider's address, as its documentation has it"))
    if issuer and not client_id:
        problems.append(Problem(_name("CLIENT_ID"), "is missing: what the provider calls this application"))
    if issuer and not _is_safe(issuer):
        problems.append(Problem(_name("ISSUER"), f"{issuer!r} has to begin with https:// and hold no ? and #"))
    if "openid" not in scopes:
        problems.append(Problem(_name("SCOPES"), "has to hold openid"))
    if problems:
        raise BadInput(problems)
    if not issuer:
        return None
    from interviewer.identity.oidc import Oidc  # Authlib takes its time to import

    base = base_url.rstrip("/")
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        client_secret=_read(env, "CLIENT_SECRET"),
        back=base + BACK,
        out=base + OUT,
        scopes=tuple(scopes),
        roles=roles,
        roles_claim=_read(env, "ROLES_CLAIM") or "groups",
        trust_email=trust_email,
        only=only,
    )


def _roles(given: str, problems: list[Problem]) -> Sequence[tuple[str, Role]]:
    """`pmm-team=pmm,cs-leads=leadership`: groups to roles, in this order. A group's name may hold = but no comma."""
    found = []
    for pair in filter(None, (part.strip() for part in given.split(","))):
        group, equals, role = (part.strip() for part in pair.rpartition("="))
        if not equals or not group:
            problems.append(Problem(_name("ROLES"), f"{pair!r} should be like group=role"))
        elif role not in set(Role):
            problems.append(Problem(_name("ROLES"), f"{role!r} is not one of {', '.join(Role)}"))
        else:
            found.append((group, Role(role)))
    return tuple(found)


def _is_safe(issuer: str) -> bool:
    """https; plain http only to this machine, for a trial."""
    from interviewer.identity.base import is_safe

    return is_safe(issuer) and not urlsplit(issuer).query and "#" not in issuer


def _flag(env: Mapping[str, str], name: str, problems: list[Problem]) -> bool:
    value = _read(env, name).lower()
    if value not in _YES + _NO:
        problems.append(Problem(_name(name), f"{value!r} is neither true nor false"))
    return value in _YES


def _read(env: Mapping[str, str], name: str) -> str:
    return env.get(_name(name), "").strip()


def _name(name: str) -> str:
    return f"INTERVIEWER_OIDC_{name}"
