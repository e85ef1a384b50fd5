"""What became of a buyer's call, for the pages around it: the landing page, the chat, the end page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from interviewer import store, threads
from interviewer.bookings import HOST
from interviewer.deliveries import entries
from interviewer.deliveries.entries import Moment, moment
from interviewer.deps import Deps
from interviewer.languages import Texts
from interviewer.store import bookings
from interviewer.store.bookings import BOOKED, CANCELLED, HELD, OWN
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.threads import Stage


class State(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    """By us."""
    PAST = "past"
    """Its time is over, and nobody said how it went."""
    MISSED = "missed"
    HELD = "held"


@dataclass(frozen=True)
class Standing:
    """The call that stands, else the last one."""

    state: State
    row: BookingRow
    when: Moment
    """In the buyer's zone, as they picked it."""
    video: str
    """Where it is held, by now; empty where its host has not said. For whoever has the link, as it is in the mails."""

    @property
    def to_come(self) -> bool:
        return self.state is State.BOOKED

    @property
    def own(self) -> bool:
        """Whether it can be moved and called off here."""
        return self.row.source == OWN

    @property
    def changed(self) -> bool:
        """Whether a calendar may hold an earlier state of it."""
        return self.row.sequence > 0

    @property
    def off(self) -> bool:
        """Whether it was called off here, so that a calendar may still hold it."""
        return self.own and self.state in (State.CANCELLED, State.CALLED_OFF)

    @property
    def came_to_nothing(self) -> bool:
        return not self.to_come and self.state is not State.HELD

    @property
    def path(self) -> str:
        """Below the link or the interview: where the way to the call's page leads."""
        return "call/times" if self.came_to_nothing else "call"

    def ahead(self, now: datetime) -> bool:
        """Whether it has, or would have, still to begin."""
        return self.row.starts_at > now

    def ends_with_no(self, now: datetime) -> bool:
        """Whether saying no to the interview calls it off."""
        return self.to_come and self.own and self.ahead(now)

    def after_no(self, t: Texts, now: datetime) -> str:
        """What became of it for who has just said no; empty where there is nothing to say."""
        if not self.ahead(now) or not (self.off or self.to_come):
            return ""
        return t("decline.call" if self.off else "decline.call_elsewhere", when=self.when.short)

    def words(self, t: Texts) -> str:
        """One sentence on it."""
        return t(f"call.was_{self.state}", when=self.when.short)

    def way(self, t: Texts) -> str:
        """What the way to the call's page is called."""
        return t("call.mine") if self.to_come else t("common.call") if self.state is State.HELD else t("call.new_time")


async def of(deps: Deps, invitation_id: str, language: str) -> Standing | None:
    """What became of the call of an invitation; None where there never was one."""
    async with deps.db.read() as tx:
        return await _latest(deps, tx, invitation_id, language)


async def of_interview(deps: Deps, interview_id: str, language: str) -> Standing | None:
    """The same for who is in the interview."""
    async with deps.db.read() as tx:
        interview = await store.interviews.get(tx, interview_id)
        return await _latest(deps, tx, interview.invitation_id, language) if interview is not None else None


async def answered(deps: Deps, invitation_id: str, t: Texts) -> str:
    """How far the written interview is and that it can go on, in words; empty where nothing is there to go on with."""
    async with deps.db.read() as tx:
        interview = await store.interviews.of_invitation(tx, invitation_id)
    if interview is None or not interview.first_answer_at:
        return ""
    seen = await threads.thread(deps, interview.id, browser="")
    if seen.stage is not Stage.OPEN or not seen.answered:
        return ""
    return t("call.answered", number=seen.answered, total=seen.total)


def read(deps: Deps, row: BookingRow, language: str, *, video: str = "") -> Standing:
    """As the row stands, which may be a preview's and in no table."""
    when = moment(row.starts_at, row.ends_at, row.time_zone, language)
    return Standing(_state(deps, row), row, when, video or row.video_link)


async def _latest(deps: Deps, tx: Tx, invitation_id: str, language: str) -> Standing | None:
    row = await bookings.latest(tx, invitation_id)
    return read(deps, row, language, video=await entries.video(tx, row)) if row is not None else None


def _state(deps: Deps, row: BookingRow) -> State:
    if row.state == BOOKED:
        return State.BOOKED if row.ends_at > deps.now() else State.PAST
    if row.state == CANCELLED:
        return State.CALLED_OFF if row.cancelled_by == HOST else State.CANCELLED
    return State.HELD if row.state == HELD else State.MISSED
