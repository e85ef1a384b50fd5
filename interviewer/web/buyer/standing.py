"""What became of a buyer's call, for the pages around it: the landing page, the chat, the end page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from interviewer import store, threads
from interviewer.bookings import HOST
from interviewer.deliveries import entries
from interviewer.deliveries.entries import Moment
from interviewer.deps import Deps
from interviewer.languages import Texts
from interviewer.scheduling import zones
from interviewer.store import bookings, users
from interviewer.store.bookings import BARRED, BOOKED, CANCELLED, HELD, OWN
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.threads import Stage
from interviewer.transcript import Speaker
from interviewer.web.buyer import times

JOINING = timedelta(minutes=15)
"""So long before a call its video is what the pages are about."""


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
    """In the buyer's zone, as they picked it, or on the clock that they look at it by."""
    booked: str = ""
    """'8:00 am in New York': the time as they picked it, where they look at it by another clock."""
    video: str = ""
    """Where it is held, by now; empty where its host has not said. For whoever has the link, as it is in the mails."""
    begun: bool = False
    """It is too late to move it or to call it off."""
    before: str = ""
    """Who was to hold it, where somebody else does now, at the same time."""

    @property
    def to_come(self) -> bool:
        return self.state is State.BOOKED

    @property
    def own(self) -> bool:
        """Whether it can be moved and called off here."""
        return self.row.source == OWN

    @property
    def changeable(self) -> bool:
        """Whether it can be moved and called off here, now."""
        return self.own and self.to_come and not self.begun

    @property
    def changed(self) -> bool:
        """Whether a calendar may hold an earlier state of it."""
        return self.row.sequence > 0

    @property
    def moved(self) -> bool:
        return self.changed and not self.row.handed_from

    @property
    def off(self) -> bool:
        """Whether it was called off here, so that a calendar may still hold it."""
        return self.own and self.state in (State.CANCELLED, State.CALLED_OFF)

    @property
    def elsewhere(self) -> bool:
        """Whether a scheduler elsewhere has it for somebody who said no: there alone it can be called off."""
        return (self.row.state, self.row.cancelled_by) == (CANCELLED, BARRED)

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

    def joining(self, now: datetime) -> bool:
        """Whether it is about to begin, or has begun, and there is a video to join."""
        return self.to_come and bool(self.video) and self.row.starts_at - JOINING <= now

    def ends_with_no(self, now: datetime) -> bool:
        """Whether saying no to the interview calls it off."""
        return self.to_come and self.own and self.ahead(now)

    def after_no(self, t: Texts, now: datetime) -> str:
        """What became of it for who has just said no; empty where there is nothing to say."""
        if not self.ahead(now) or not (self.off or self.to_come or self.elsewhere):
            return ""
        return t("decline.call" if self.off else "decline.call_elsewhere", when=self.when.short)

    def words(self, t: Texts) -> str:
        """One sentence on it."""
        return t(f"call.was_{self.state}", when=self.when.short)

    def way(self, t: Texts) -> str:
        """What the way to the call's page is called."""
        if self.to_come and self.begun:
            return t("call.mine_short")
        return t("call.mine") if self.to_come else t("common.call") if self.state is State.HELD else t("call.new_time")


async def of(deps: Deps, invitation_id: str, language: str, zone: str = "") -> Standing | None:
    """What became of the call of an invitation, told by the clock of `zone`, or as it was picked where that is none.

    None where there never was one.
    """
    async with deps.db.read() as tx:
        return await _latest(deps, tx, invitation_id, language, zone)


async def of_interview(deps: Deps, interview_id: str, language: str) -> Standing | None:
    """The same for who is in the interview."""
    async with deps.db.read() as tx:
        interview = await store.interviews.get(tx, interview_id)
        return await _latest(deps, tx, interview.invitation_id, language) if interview is not None else None


async def news(deps: Deps, there: Standing | None, interview_id: str) -> bool:
    """Whether the chat tells of the call: as long as it is to come; what became of it until the next answer."""
    if there is None or there.to_come:
        return there is not None
    since = there.row.changed_at if there.off else max(there.row.ends_at, there.row.closed_at or there.row.ends_at)
    async with deps.db.read() as tx:
        turns = await store.turns.rows(tx, interview_id)
    return not any(turn.speaker == Speaker.BUYER and turn.at > since for turn in turns)


async def answered(deps: Deps, invitation_id: str, t: Texts, key: str = "call.answered") -> str:
    """How far the written interview is and that it can go on, in the words of `key`; empty where nothing is there to go
    on with."""
    async with deps.db.read() as tx:
        interview = await store.interviews.of_invitation(tx, invitation_id)
    if interview is None or not interview.first_answer_at:
        return ""
    seen = await threads.thread(deps, interview.id, browser="")
    if seen.stage is not Stage.OPEN or not seen.answered:
        return ""
    return t(key, number=seen.answered, total=seen.total)


def read(deps: Deps, row: BookingRow, language: str, *, video: str = "", before: str = "", zone: str = "") -> Standing:
    """As the row stands, which may be a preview's and in no table."""
    when, booked = times.moment(row.starts_at, row.ends_at, row.time_zone, language), ""
    if zones.known(zone) and not _same(row, zone):
        t = deps.languages.get(language)
        here = times.moment(row.starts_at, row.ends_at, zone, language)
        booked = _on_clock(t, row, row.time_zone, language, day=when.day != here.day)
        short = f"{_on_clock(t, row, zone, language, day=True)}\N{NO-BREAK SPACE}· {booked}"
        when = replace(here, short=short)
    return Standing(_state(deps, row), row, when, booked, video or row.video_link, row.starts_at <= deps.now(), before)


def _same(row: BookingRow, zone: str) -> bool:
    """Whether the clocks of the zone that was picked and of this one show the same."""
    return row.starts_at.astimezone(zones.zone(zone)).utcoffset() == (
        row.starts_at.astimezone(zones.zone(row.time_zone)).utcoffset()
    )


def _on_clock(t: Texts, row: BookingRow, zone: str, language: str, *, day: bool) -> str:
    tell = zones.said if day else zones.clock
    place = zones.place(zone) if zones.known(zone) else zones.FALLBACK
    return t("call.on_clock", time=tell(row.starts_at, zone, language), place=place)


async def _latest(deps: Deps, tx: Tx, invitation_id: str, language: str, zone: str = "") -> Standing | None:
    row = await bookings.latest(tx, invitation_id)
    if row is None:
        return None
    before = await users.name_of(tx, row.handed_from) if row.handed_from else ""
    return read(deps, row, language, video=await entries.video(tx, row), before=before, zone=zone)


def _state(deps: Deps, row: BookingRow) -> State:
    if row.state == BOOKED:
        return State.BOOKED if row.ends_at > deps.now() else State.PAST
    if row.state == CANCELLED:
        return State.CALLED_OFF if row.cancelled_by == HOST else State.CANCELLED
    return State.HELD if row.state == HELD else State.MISSED
