"""A buyer on a bad line: answers to the end, breaks off, sends twice, opens a second tab, and notes what was saved."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from benchmarks import pages
from benchmarks.gate.ledger import Ledger, Sent
from benchmarks.pages import Chat
from benchmarks.wire import REDIRECTS, Answer, Cut, Lost, Wire

SAID = (
    "We missed two delivery windows in June and the ops director asked for a plan by end of quarter",
    "You, Brightline, and keeping the spreadsheet tbh",
    "The import. Our IT lead said it would take him three weekends <b>and</b> a naïve amount of luck 😀",
    "Brightline moved our data for us in two days & the director “signed off” on that, 10 % cheaper",
    "Ask early who moves the data\nnobody mentions it in a demo",
    "Hard to say",
)
MOST_TURNS = 60
"""Far above what any interview takes: a chat that never closes is a dead end."""
_PAUSE_S = (0.2, 1.5)
_REFUSED, _BUSY = 409, 503


@dataclass(frozen=True)
class Habits:
    """How often, of a hundred requests or turns, something happens to this kind of buyer."""

    cut: float = 0.0
    twice: float = 0.0
    forged: float = 0.0
    tabs: float = 0.0
    skip: float = 0.05
    call: float = 0.0
    think_s: float = 0.5

    @classmethod
    def of(cls, faults: Collection[str], *, think_s: float) -> Habits:
        """Those that are wanted: `abort`, `double`, `tabs`, `call`."""
        double = "double" in faults
        return cls(
            cut=0.10 if "abort" in faults else 0.0,
            twice=0.08 if double else 0.0,
            forged=0.05 if double else 0.0,
            tabs=0.06 if "tabs" in faults else 0.0,
            call=0.03 if "call" in faults else 0.0,
            think_s=think_s,
        )


class Stuck(Exception):
    """There is no way on from here."""


class Buyer:
    """One interview, from the link to the end page. `ledger` is what a person would swear to."""

    def __init__(
        self, number: int, link: str, port: int, habits: Habits, seed: int, *, timeout_s: float = 60.0
    ) -> None:
        self.ledger = Ledger()
        self.stage = "link"
        self._number, self._link, self._habits = number, link, habits
        self._chance = random.Random(f"{seed}-{number}")
        self._htmx = self._chance.random() < 0.7
        self._wire = Wire(port, timeout_s=timeout_s)
        self._said = 0

    async def run(self) -> None:
        """To the end, however often something breaks. Leaves `finished` False where there was no way on."""
        try:
            await self._start()
            here = await self._page()
            for _ in range(MOST_TURNS):
                self.stage = f"turn {here.number}"
                if here.closed:
                    break
                here = await self._turn(here)
                await asyncio.sleep(self._chance.uniform(0, 2 * self._habits.think_s))
            else:
                raise Stuck
            await self._send_all()
            self.ledger.finished, self.stage = True, "done"
        except Stuck:
            self.ledger.dead_ends.append(f"no way on at {self.stage}")
        finally:
            self._wire.close()

    async def _start(self) -> None:
        while not self.ledger.interview:
            landing = await self._ask("GET", self._link)
            if landing.status == 200:
                pressed = await self._try("POST", f"{self._link}/start", {})
                if pressed is not None and pressed.status in REDIRECTS:
                    self.ledger.interview = pages.interview(pressed.location).rpartition("/")[2]

    async def _page(self) -> Chat:
        """Where the chat stands by its page, once a reply that is due is there."""
        while True:
            answer = await self._ask("GET", self._path())
            here = pages.chat(answer.body) if answer.status == 200 else None
            if here is not None and not here.pending:
                return here
            if answer.status not in (200, _BUSY):
                raise Stuck
            if here is not None and self._htmx:
                self.ledger.faults["reloads in mid-reply"] += 1
                told = await self._ask("GET", self._path(f"/reply?number={here.number}"), htmx=True)
                here = pages.chat(told.body)
                if here is not None and not here.pending:
                    return here
            await self._pause()

    async def _turn(self, here: Chat) -> Chat:
        """Answer, skip, or look at a call; whatever went wrong, until this turn is behind."""
        if self._chance.random() < self._habits.call:
            await self._look_at_call()
        skips = self._chance.random() < self._habits.skip
        sent = self.ledger.send(here.key, "" if skips else self._words())
        if not skips and self._chance.random() < self._habits.tabs:
            await self._two_tabs(here, sent)
        else:
            await self._post(here, sent, may_double=not skips)
        while not sent.saved_at:
            now = await self._page()
            if sent.saved_at or now.number != here.number:
                return now  # the other tab was quicker, or it was kept and the answer lost
            await self._post(here, sent, may_double=False)
        if not sent.text or self._chance.random() >= self._habits.forged:
            return await self._page()
        return await self._forge(here, sent)

    async def _post(self, here: Chat, sent: Sent, *, may_double: bool) -> None:
        """Send it once, or twice at once; some sendings break off."""
        tries = [self._deliver(here, sent, self._wire)]
        if may_double and self._chance.random() < self._habits.twice:
            self.ledger.faults["sent twice at once"] += 1
            tries.append(self._deliver(here, sent, self._wire.twin()))
        await asyncio.gather(*tries)

    async def _two_tabs(self, here: Chat, sent: Sent) -> None:
        """Another tab with the same turn open answers something else at the same moment."""
        self.ledger.faults["two tabs"] += 1
        other = self.ledger.send(secrets.token_urlsafe(16), self._words())
        await asyncio.gather(
            self._deliver(here, sent, self._wire), self._deliver(here, other, self._wire.twin(), whole=True)
        )

    async def _deliver(self, here: Chat, sent: Sent, wire: Wire, *, whole: bool = False) -> None:
        fields = {"key": sent.key, "number": str(here.number)}
        path = self._path("/answer" if sent.text else "/skip")
        if sent.text:
            fields["text"] = sent.text
        cut = self._chance.choice(list(Cut)) if not whole and self._chance.random() < self._habits.cut else None
        answer = await self._try("POST", path, fields, htmx=self._htmx, cut=cut, wire=wire)
        if answer is not None and answer.status in REDIRECTS:
            await self._try("GET", answer.location, wire=wire)
        if wire is not self._wire:
            wire.close()

    async def _forge(self, here: Chat, sent: Sent) -> Chat:
        """The key of an answer that is saved comes again with other words: they are refused."""
        text = self._words()
        self.ledger.forged.append(text)
        self.ledger.faults["other words under a used key"] += 1
        fields = {"key": sent.key, "number": str(here.number), "text": text}
        answer = await self._try("POST", self._path("/answer"), fields, htmx=self._htmx)
        if answer is not None and answer.status not in (_REFUSED, _BUSY):
            self.ledger.forged_taken += 1
        return await self._page()

    async def _look_at_call(self) -> None:
        """In the middle of it: ask for a call, and come back."""
        self.ledger.faults["asked for a call"] += 1
        where = self._path("/call")
        await self._ask("GET", where)
        times = {"first_time": "Tuesday at ten", "second_time": "", "phone": "+49 30 1234567", "time_zone": "Berlin"}
        answer = await self._try("POST", where, times)
        if answer is not None and answer.status in REDIRECTS:
            await self._try("GET", answer.location)

    async def _send_all(self) -> None:
        """Check the answers and send them."""
        self.stage = "check"
        while True:
            shown = await self._ask("GET", self._path("/check"))
            if shown.status in REDIRECTS and shown.location.endswith("/done"):
                break
            if shown.status == 200 and "/confirm" not in shown.body:
                raise Stuck
            await self._try("POST", self._path("/confirm"), {})
        await self._ask("GET", self._path("/done"))

    async def _ask(self, method: str, path: str, fields: dict[str, str] | None = None, *, htmx: bool = False) -> Answer:
        """Again and again until something came that is not "later, please"."""
        while True:
            answer = await self._try(method, path, fields, htmx=htmx)
            if answer is not None and answer.status != _BUSY:
                return answer
            await self._pause()

    async def _try(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        htmx: bool = False,
        cut: Cut | None = None,
        wire: Wire | None = None,
    ) -> Answer | None:
        """One request; None where the connection broke."""
        try:
            answer = await (wire or self._wire).ask(method, path, fields, htmx=htmx, cut=cut)
        except Lost:
            self.ledger.faults[f"cut {cut}" if cut else "lost connections"] += 1
            return None
        by_script = htmx and answer.status == _BUSY  # it keeps the text, and asks again by itself
        on = by_script or answer.status in REDIRECTS or pages.has_way_on(answer.body)
        where = path.rpartition("/")[2].partition("?")[0] if self.ledger.interview else self.stage
        self.ledger.seen(f"{method} {where}", answer.status, answer.body, pages.saved(answer.body), way_on=on)
        return answer

    async def _pause(self) -> None:
        await asyncio.sleep(self._chance.uniform(*_PAUSE_S))

    def _path(self, rest: str = "") -> str:
        return f"/interview/{self.ledger.interview}{rest}"

    def _words(self) -> str:
        """Words that nobody else says."""
        self._said += 1
        return f"{self._chance.choice(SAID)} ({self._number}.{self._said})"
