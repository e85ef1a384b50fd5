"""Replies in the making: tasks of this process that no connection can cancel."""

import asyncio

import structlog

from interviewer import interviews, store
from interviewer.deps import Deps
from interviewer.interviews import Receipt
from interviewer.store.tables.interviews import TurnRow

log = structlog.get_logger()
_LOOK_EVERY_S = 0.4
HAND_BACK_S = 2.0


class Replies:
    """Start a reply and wait for it. Another worker may be producing it: then the row is looked at."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._tasks: dict[tuple[str, int], asyncio.Task[bool]] = {}

    async def ready(self, interview_id: str, number: int, wait_s: float, *, kept: Receipt | None = None) -> bool:
        """Whether the reply at `number` stands within `wait_s` seconds; it goes on being produced if not.

        `kept` where the answer was kept by this request.
        """
        try:
            async with asyncio.timeout(wait_s):
                while True:
                    if (kept and kept.lease) or (interview_id, number) in self._tasks:
                        task = self._task(interview_id, number, kept)
                        await asyncio.wait([task])
                        if not task.cancelled() and task.result():
                            return True
                        kept = None
                    turn = await self._look(interview_id, number)
                    if turn is None or not turn.pending:
                        return True
                    if turn.lease_until is None or turn.lease_until < self._deps.now():
                        self._task(interview_id, number, None)
                    await asyncio.sleep(_LOOK_EVERY_S)  # it failed here, or another worker is at it
        except TimeoutError:
            return False

    async def drain(self, seconds: float = 10) -> None:
        """Let what is under way finish, for as long as a deploy may take; the rest is handed over."""
        tasks = set(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=HAND_BACK_S)

    def _task(self, interview_id: str, number: int, kept: Receipt | None) -> asyncio.Task[bool]:
        key = (interview_id, number)
        if key not in self._tasks:
            task = asyncio.create_task(self._produce(interview_id, number, kept))
            self._tasks[key] = task
            task.add_done_callback(lambda _done: self._tasks.pop(key, None))
        return self._tasks[key]

    async def _produce(self, interview_id: str, number: int, kept: Receipt | None) -> bool:
        """Whether it was produced here."""
        lease, known = (kept.lease, kept.known) if kept else ("", None)
        try:
            return await interviews.reply(self._deps, interview_id, number, lease=lease, known=known)
        except Exception as error:
            log.exception("reply failed", interview=interview_id, number=number, error=type(error).__name__)
            return False

    async def _look(self, interview_id: str, number: int) -> TurnRow | None:
        async with self._deps.db.read() as tx:
            return await store.turns.get(tx, interview_id, number)
