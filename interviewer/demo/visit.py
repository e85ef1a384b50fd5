"""Links for the person who looks at the demo: an interview of their own, and the desk."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from interviewer import invitations, people
from interviewer.demo.place import DESK_USER, VENDOR
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.store import interviews


@dataclass(frozen=True)
class Visit:
    interview: str
    desk: str
    model: str
    """What words the interview: the provider's name."""


async def prepare(deps: Deps, *, flow: str, language: str) -> Visit:
    """An invitation that nobody has started on yet, and a sign-in link. Raises BadInput for an unknown flow."""
    await people.add_user(deps, DESK_USER, "admin", VENDOR["asker"])
    return Visit(
        interview=await _fresh(deps, flow, language),
        desk=await people.make_link(deps, DESK_USER),
        model="" if deps.llm.scripted else deps.llm.name,
    )


async def _fresh(deps: Deps, flow: str, language: str) -> str:
    """The link of the first number whose invitation is there to be used: earlier visitors have used up theirs."""
    for number in count(1):
        you = Invitee(
            f"you.{number}@phone.example",
            name="You",
            company="Your own interview",
            flow=flow,
            language=language,
            deal_id=f"DEMO-{flow}-{language}",
        )
        for invited in await invitations.invite(deps, [you], skip_refused=True):
            async with deps.db.read() as tx:
                if await interviews.of_invitation(tx, invited.invitation_id) is None:
                    return invited.link
    raise AssertionError("numbers do not end")
