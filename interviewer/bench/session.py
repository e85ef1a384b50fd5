"""The application as an interviewer: its own pages over ASGI, on a database that is thrown away.

The clock is set rather than waited for: a buyer takes the time that reading, thinking and thumbs take.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer import bootstrap, interviews, invitations
from interviewer.bench import thumbs
from interviewer.bench.browser import HOST, Browser
from interviewer.bench.buyers import Buyer
from interviewer.bench.talk import Usage
from interviewer.deps import Deps
from interviewer.errors import InterviewerError
from interviewer.invitees import Invitee
from interviewer.llm.base import LLM
from interviewer.llm.counting import CountingLLM
from interviewer.settings import Settings
from interviewer.store import invitations as invitation_rows
from interviewer.store import turns
from interviewer.transcript import Context, Transcript

if TYPE_CHECKING:
    from interviewer.store.db import Tx
    from interviewer.store.tables.interviews import TurnRow

BEGIN = datetime(2026, 1, 12, 9, tzinfo=UTC)
ASKER = "Alex Rivera"
LOOKS = 50
"""Times that the page is looked at again for a reply that takes long; each look waits a little itself."""


@asynccontextmanager
async def stage() -> AsyncIterator[Deps]:
    """`Deps` on an empty database, with the flows and the model of the settings in force, and without mail and jobs."""
    from interviewer.store import migrate

    with tempfile.TemporaryDirectory(prefix="interviewer-bench-") as folder:
        settings = _settings(Path(folder))
        migrate.upgrade(settings.url)
        deps = replace(bootstrap.build(settings), mail=None, jobs=NoJobs())
        try:
            yield deps
        finally:
            await deps.llm.close()
            await deps.db.close()


def _settings(folder: Path) -> Settings:
    return bootstrap.load_settings(
        data_dir=folder,
        database_url=f"sqlite:///{(folder / 'bench.db').as_posix()}",
        base_url=HOST,
        secret_keys=(secrets.token_urlsafe(32),),
        asker=ASKER,
        scheduling_url="",
        model_daily_tokens=0,
        log_level="WARNING",
    )


class NoJobs:
    """Background work that nobody waits for: a play ends with the interview."""

    async def enqueue(self, tx: Tx, job: str, key: str) -> None:
        """Not done."""

    async def start(self, deps: Deps) -> None:
        """Nothing runs."""

    async def stop(self) -> None:
        """Nothing is left."""


class Application:
    """One interview with the application, through the pages that a buyer gets."""

    def __init__(self, deps: Deps, buyer: Buyer, llm: LLM) -> None:
        from interviewer.web.app import create_app

        self._now = BEGIN
        self._llm = CountingLLM(llm)
        settings = deps.settings.model_copy(update={"organisation": buyer.vendor, "product": buyer.product})
        self._deps = replace(deps, settings=settings, llm=self._llm, now=lambda: self._now)
        self._app = create_app(self._deps)
        self._browser = Browser(self._app)
        self._buyer = buyer
        self._context = Context()
        self._rows: list[TurnRow] = []
        self.flow = deps.flows.get(buyer.flow)

    @property
    def usage(self) -> Usage:
        turns = sum(1 for row in self._rows if row.calls)
        worded = sum(1 for row in self._rows if row.source == "model")
        return Usage(turns, worded, self._llm.calls, self._llm.input_tokens, self._llm.output_tokens)

    async def begin(self) -> Transcript:
        invitee = Invitee(
            email=f"{secrets.token_hex(8)}@buyer.example",
            name="Buyer",
            role=self._buyer.role,
            company="A buyer",
            flow=self._buyer.flow,
            language=self._buyer.language,
            product=self._buyer.product,
        )
        (invited,) = await invitations.invite(self._deps, [invitee])
        async with self._deps.db.read() as tx:
            invitation = await invitation_rows.get(tx, invited.invitation_id)
        self._context = interviews.known_to(self._deps, self.flow, invitation)
        await self._browser.open(invited.link)
        await self._browser.submit("start")
        return await self._transcript()

    async def hear(self, text: str) -> Transcript:
        self._spend(thumbs.reading_s(self._browser.last.text) + thumbs.answering_s(text))
        if text:
            await self._browser.submit("answer", text=text)
        else:
            await self._browser.submit("skip")
        return await self._transcript()

    async def end(self) -> None:
        """Check the answers and send them, where there are any."""
        await self._browser.submit("finish")
        if self._browser.can("confirm"):
            await self._browser.submit("confirm")
        await self._browser.close()
        await self._app.state.replies.drain()

    def _spend(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    async def _transcript(self) -> Transcript:
        """What is kept, up to the message that the page shows. Raises InterviewerError where the two are not one."""
        rows = self._rows = await self._kept()
        for _ in range(LOOKS):
            if not rows[-1].pending:
                break
            await self._browser.reload()
            rows = self._rows = await self._kept()
        shown, kept = self._browser.last, rows[-1]
        if (shown.number, shown.topic, shown.text.strip()) != (kept.number, kept.topic, kept.text.strip()):
            raise InterviewerError(f"{self._buyer.id}: the page shows another message than the one that was kept.")
        return replace(turns.as_transcript(rows, language=self._buyer.language), context=self._context)

    async def _kept(self) -> list[TurnRow]:
        async with self._deps.db.read() as tx:
            return await turns.rows(tx, self._browser.interview_id)
