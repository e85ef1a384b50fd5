"""Buyers by the hundred who answer, think, and answer again; and what each of their turns took."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from benchmarks import pages
from benchmarks.pages import Chat
from benchmarks.turns import ANSWERS
from benchmarks.wire import Lost, Wire

TURNS = 6
SAID = (*ANSWERS, "Nothing else comes to mind, we told you about the weekends and the price already")
_AT_ONCE = 16
"""Links opened, and interviews sent, at once: that is not what is measured."""

T = TypeVar("T")


@dataclass
class Took:
    """Seconds that each turn took from POST to reply, and what went wrong."""

    turns: list[float] = field(default_factory=list)
    polled: int = 0
    """Turns whose reply came by asking again."""
    errors: int = 0


@dataclass
class Session:
    """One buyer at the open question."""

    wire: Wire
    path: str
    here: Chat | None


async def enter(port: int, links: Sequence[str]) -> list[Session]:
    """Everybody presses Start."""

    async def one(link: str) -> Session:
        wire = Wire(port)
        await wire.get(link)
        started = await wire.post(f"{link}/start", {})
        page = await wire.follow(started)
        return Session(wire, pages.interview(started.location), pages.chat(page.body))

    return await _each(links, one)


async def talk(sessions: Sequence[Session], think_s: float) -> Took:
    """Everybody takes six turns, thinking before each."""
    took = Took()

    async def one(session: Session) -> None:
        for text in SAID[:TURNS]:
            await asyncio.sleep(_thinking(think_s))
            here = session.here
            if here is None or here.closed:
                return
            fields = {"key": here.key, "number": str(here.number), "text": text}
            began = time.perf_counter()
            answer = await session.wire.post(f"{session.path}/answer", fields, htmx=True)
            here = pages.chat(answer.body)
            took.errors += answer.status != 200
            took.polled += here is not None and here.pending
            while here is not None and here.pending:
                reply = f"{session.path}/reply?number={here.number}"
                here = pages.chat((await session.wire.get(reply, htmx=True)).body)
            took.turns.append(time.perf_counter() - began)
            session.here = here

    await asyncio.gather(*(_counted(one(session), took) for session in sessions))
    return took


async def send(sessions: Sequence[Session]) -> None:
    """Everybody looks at the answers and sends them."""

    async def one(session: Session) -> None:
        await session.wire.get(f"{session.path}/check")
        await session.wire.post(f"{session.path}/confirm", {})
        session.wire.close()

    await _each(sessions, one)


async def plain(port: int, sessions: int, think_s: float) -> Took:
    """The same traffic at an endpoint that only waits."""
    took = Took()

    async def one() -> None:
        wire = Wire(port)
        for text in SAID[:TURNS]:
            await asyncio.sleep(_thinking(think_s))
            began = time.perf_counter()
            answer = await wire.post("/turn", {"text": text}, htmx=True)
            took.errors += answer.status != 200
            took.turns.append(time.perf_counter() - began)
        wire.close()

    await asyncio.gather(*(_counted(one(), took) for _ in range(sessions)))
    return took


def _thinking(think_s: float) -> float:
    return random.uniform(0.5, 1.5) * think_s


async def _counted(talking: Awaitable[None], took: Took) -> None:
    try:
        await talking
    except Lost:
        took.errors += 1


async def _each(given: Sequence[T], do: Callable[[T], Awaitable[Session | None]]) -> list[Session]:
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(what: T) -> Session | None:
        async with room:
            return await do(what)

    return [done for done in await asyncio.gather(*map(one, given)) if done is not None]
