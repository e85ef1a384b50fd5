"""Keys to the API: made, shown once, revoked. For admins."""

from __future__ import annotations

from fastapi import APIRouter, Response

from interviewer import keys
from interviewer.confidentiality import Role
from interviewer.errors import BadInput
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep

router = APIRouter(prefix="/desk/keys")

_WRONG = {
    "name": "Say who reads with it, in at most 120 characters.",
    "role": "Choose the role that it reads as.",
    "days": f"Let it be good for 1 to {keys.LONGEST_DAYS:,} days.",
    "scope": "Tick at least one thing that it may read.",
}
"""What is wrong with the form, by where."""


@router.get("")
async def index(desk: DeskDep) -> Response:
    return await _page(desk)


@router.post("")
async def make(desk: DeskDep, raw: RawForm) -> Response:
    """The answer to this form is the only page that ever shows the key."""
    role, days = raw.get("role", ""), raw.get("days", "")
    scopes = [scope for scope in keys.Scope if raw.get(scope) == "yes" and _offered(role, scope)]
    try:
        made = await keys.make(
            desk.deps,
            desk.viewer,
            raw.get("name", ""),
            role=role,
            scopes=scopes,
            days=int(days) if days.isdecimal() and len(days) < 6 else 0,
        )
    except BadInput as error:
        wrong = " ".join(dict.fromkeys(_WRONG[problem.where] for problem in error.problems))
        return await _page(desk, raw, wrong=wrong, status=422)
    return await _page(desk, secret=made.secret)


@router.post("/{key_id}/revoke")
async def revoke(desk: DeskDep, key_id: str) -> Response:
    await keys.revoke(desk.deps, desk.viewer, key_id)
    return desk.go("/desk/keys")


def _offered(role: str, scope: keys.Scope) -> bool:
    """What a role reads nothing of is not shown with it: a tick that was left there counts for nothing."""
    return role not in set(Role) or keys.useful(Role(role), scope)


async def _page(
    desk: Desk, raw: dict[str, str] | None = None, *, secret: str = "", wrong: str = "", status: int = 200
) -> Response:
    given = raw or {}
    return await desk.page(
        "desk/keys.html",
        listing=await keys.listing(desk.deps, desk.viewer),
        secret=secret,
        wrong=wrong,
        status=status,
        name=given.get("name", ""),
        as_role=given.get("role", Role.PMM),
        chosen=" ".join(scope for scope in keys.Scope if given.get(scope) == "yes"),
        days=given.get("days", str(keys.DAYS)),
        base_url=desk.deps.settings.base_url,
    )
