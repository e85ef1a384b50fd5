"""Play the demo's past: each buyer goes through the real use cases, at the pace of thumbs, on a clock that is set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

from interviewer import bookings, checking, erasure, interviews, invitations, upkeep
from interviewer.confidentiality import Role, Viewer
from interviewer.demo import calls, desk
from interviewer.demo.cast import Deal, Script
from interviewer.demo.past import Clock, Past
from interviewer.deps import Deps
from interviewer.flows import clock as phone
from interviewer.flows.tokens import count as words
from interviewer.jobs import JOBS
from interviewer.llm.scripted import ScriptedLLM
from interviewer.store import calls as requests
from interviewer.store import turns
from interviewer.store.db import Tx

MOST_TURNS = 40
_SETTLED = timedelta(hours=25)
"""After the last word of who fell silent."""
_DESK = Viewer(user_id="demo", role=Role.PMM, name="Demo")


class Inline:
    """Background work that is done at once, when the one who asked for it is through."""

    def __init__(self) -> None:
        self._due: list[tuple[str, str]] = []

    async def enqueue(self, tx: Tx, job: str, key: str) -> None:
        self._due.append((job, key))

    async def start(self, deps: Deps) -> None:
        """Nothing runs beside."""

    async def stop(self) -> None:
        """Nothing is left."""

    async def work(self, deps: Deps) -> None:
        while self._due:
            job, key = self._due.pop(0)
            await JOBS[job](deps, key)


async def play(deps: Deps, cast: list[Deal], *, done: Callable[[], None] = lambda: None) -> None:
    """Let everybody do what they did, up to the present of `deps`. `done` is called once for each deal.

    Without a model and without mail, whatever is configured: a demo costs nothing and writes to nobody.
    """
    clock, jobs, by_deal = Clock(deps.now()), Inline(), dict[str, str]()
    deps = replace(deps, llm=ScriptedLLM(), mail=None, jobs=jobs, now=clock)
    past = Past(clock)
    for deal in cast:
        past.ago(deal.invited, partial(_invite, deps, clock, past, deal, by_deal, done))
    calls.plan(deps, past, by_deal)
    past.ago(1, partial(desk.work, deps, by_deal))
    await past.play(partial(jobs.work, deps))


async def _invite(
    deps: Deps, clock: Clock, past: Past, deal: Deal, by_deal: dict[str, str], done: Callable[[], None]
) -> None:
    (invited,) = await invitations.invite(deps, [deal.invitee(clock.begin)])
    by_deal[deal.details.deal_id] = invited.invitation_id
    if deal.acts and deal.answers:
        past.ago(deal.acts, partial(_talk, deps, clock, past, invited.invitation_id, deal))
    elif deal.acts:
        past.ago(deal.acts, partial(_do, deps, invited, deal))
    done()


async def _talk(deps: Deps, clock: Clock, past: Past, invitation_id: str, deal: Deal) -> None:
    """One interview, from Start to however it ended."""
    browser, script = deps.new_id(), Script(deal)
    interview_id = await interviews.start(deps, invitation_id)
    for given in count(1):
        async with deps.db.read() as tx:
            asked = (await turns.rows(tx, interview_id))[-1]
        if asked.move.startswith("close:") or given > MOST_TURNS:
            break
        text = script.answer(asked.topic, asked.move)
        pause = phone.reading_s(words(asked.text)) + phone.THINKS_S + phone.typing_s(words(text))
        clock.spend(pause * deal.pace)
        sent = {"browser": browser, "key": deps.new_id(), "number": asked.number + 1}
        if text:
            receipt = await interviews.answer(deps, interview_id, **sent, text=text)  # type: ignore[arg-type]
        else:
            receipt = await interviews.skip(deps, interview_id, **sent)  # type: ignore[arg-type]
        clock.spend(1)
        await interviews.reply(deps, interview_id, receipt.reply_number, lease=receipt.lease)
        if given == deal.leaves_after:
            break
    clock.spend(8)
    if deal.call:
        await _ask_for_call(deps, invitation_id, deal)
    await _end(deps, clock, past, interview_id, browser, deal)


async def _end(deps: Deps, clock: Clock, past: Past, interview_id: str, browser: str, deal: Deal) -> None:
    match deal.becomes:
        case "finished":
            await checking.send(deps, interview_id, browser=browser)
            if deal.agrees_to_crm is not None:
                await checking.consent_to_crm(deps, interview_id, browser=browser, agreed=deal.agrees_to_crm)
        case "silent" | "left":
            past.at(clock() + _SETTLED, partial(checking.settle_silent, deps))
        case "deleted":
            await erasure.by_buyer(deps, interview_id, browser=browser)
        case "withdrawn":
            await checking.withdraw(deps, interview_id, browser=browser)


async def _do(deps: Deps, invited: invitations.Invited, deal: Deal) -> None:
    """What somebody did instead of answering."""
    match deal.becomes:
        case "started":
            await interviews.start(deps, invited.invitation_id)
        case "declined":
            await invitations.decline(deps, invited.invitation_id)
        case "opted_out":
            await invitations.opt_out(deps, invited.opt_out_link.rsplit("/", 1)[1])
        case "revoked":
            await upkeep.revoke_link(deps, _DESK, invited.invitation_id)
        case "wants_call":
            await _ask_for_call(deps, invited.invitation_id, deal)


async def _ask_for_call(deps: Deps, invitation_id: str, deal: Deal) -> None:
    wanted = {"second_time": "", **deal.call}
    await bookings.request(deps, invitation_id, **wanted)
    if deal.handled:
        async with deps.db.read() as tx:
            kept = await requests.of_invitation(tx, invitation_id)
        if kept:
            await upkeep.handle_call(deps, _DESK, kept.id, handled=True)
