"""What every use case takes first. Built once by `bootstrap.py`; tests build it with fakes at the edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from interviewer.flows.catalogue import Catalogue
    from interviewer.flows.phrases import PhraseBook
    from interviewer.identity import Identity
    from interviewer.languages import Languages
    from interviewer.links import Links
    from interviewer.llm.base import LLM
    from interviewer.notify.base import Channel
    from interviewer.outbound import Outbound
    from interviewer.prompts import Prompts
    from interviewer.settings import Settings
    from interviewer.store.db import Database, Tx


class Jobs(Protocol):
    """Background work, as use cases see it."""

    async def enqueue(self, tx: Tx, job: str, key: str) -> None:
        """Have `job` run for `key` once `tx` commits; the same pair twice is one run. `job` is a name of `JOBS`."""
        ...

    async def start(self, deps: Deps) -> None:
        """Work off what is queued and look after what is due, in the loop that serves."""
        ...

    async def stop(self) -> None:
        """Let running work end; leave the rest to the next worker."""
        ...


@dataclass(frozen=True)
class Deps:
    settings: Settings
    db: Database
    flows: Catalogue
    phrases: PhraseBook
    links: Links
    llm: LLM
    prompts: Prompts
    languages: Languages
    mail: Channel | None
    outbound: Outbound
    jobs: Jobs
    now: Callable[[], datetime]
    """The present, timezone-aware UTC."""
    new_id: Callable[[], str]
    """A random id of 128 bits, URL-safe."""
    identity: Identity | None = None
    """The company's own sign-in, where there is one."""
