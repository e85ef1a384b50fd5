"""The index kept whole: what ended and cannot be found yet is indexed, and everything anew where it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from interviewer.deps import Deps
from interviewer.store import search

_AT_ONCE = 50


async def catch_up(deps: Deps) -> int:
    """Index ended interviews of which nothing can be found: their analysis failed, or was not due. What was deleted and
    can still be found, as a process of the release before leaves it, is taken out first. Returns how many."""
    async with deps.db.read() as tx:
        missing = await search.missing(tx, _AT_ONCE)
    for interview_id in missing:
        async with deps.db.write() as tx:
            await search.index(tx, interview_id)
    return len(missing)


async def reindex(deps: Deps, done: Callable[[int, int], None]) -> int:
    """Make the whole index anew, an interview at a time, while the desk works. `done` hears how far it is."""
    async with deps.db.read() as tx:
        every = await search.all_interviews(tx)
    for number, interview_id in enumerate(every, 1):
        async with deps.db.write() as tx:
            await search.index(tx, interview_id)
        done(number, len(every))
    return len(every)
