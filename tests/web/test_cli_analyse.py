"""`interviewer analyse` as people type it: counted, queued, and done while one waits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from interviewer import bootstrap, store
from interviewer.cli import main
from interviewer.deps import Deps
from interviewer.settings import Settings
from interviewer.store import jobs, migrate
from tests.store.talks import ended

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """A database with two ended interviews, and the command on it."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def analyse(self, *words: str) -> tuple[int, str]:
        """Exit code, and what was printed on either stream."""
        self.monkeypatch.setattr(sys, "argv", ["interviewer", "analyse", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def on(self, work: Callable[[Deps], Awaitable[T]]) -> T:
        async def run() -> T:
            deps = bootstrap.build(Settings())
            try:
                return await work(deps)
            finally:
                await deps.db.close()

        return asyncio.run(run())

    def queued(self) -> list[str]:
        async def work(deps: Deps) -> list[str]:
            async with deps.db.read() as tx:
                return await jobs.states(tx, "analyse", ["talk", "other"])

        return self.on(work)

    def steps(self, interview_id: str) -> list[str]:
        async def work(deps: Deps) -> list[str]:
            async with deps.db.read() as tx:
                return [step.state for step in await store.analysis.steps(tx, interview_id)]

        return self.on(work)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("SECRET_KEYS", "a-key-for-tests-that-is-long-enough-000"),
        ("ORGANISATION", "Tidewater"),
        ("DATABASE_URL", f"sqlite:///{tmp_path / 'interviewer.db'}"),
    ):
        monkeypatch.setenv(f"INTERVIEWER_{name}", value)
    migrate.upgrade(Settings().url)
    made = Desk(monkeypatch, capsys)

    async def fill(deps: Deps) -> None:
        await ended(deps)
        await ended(deps, interview_id="other")

    made.on(fill)
    return made


def test_more_than_one_are_counted_first(desk: Desk) -> None:
    code, said = desk.analyse("--all")
    assert (code, desk.queued()) == (0, [])
    assert said.startswith("2 interviews would be analysed anew.")


def test_with_yes_they_are_queued(desk: Desk) -> None:
    code, said = desk.analyse("--flow", "loss", "--yes")
    assert (code, said) == (0, "2 interviews will be analysed anew in the background.\n")
    assert desk.queued() == ["queued", "queued"]


def test_one_needs_no_yes_and_is_done_while_one_waits(desk: Desk) -> None:
    code, said = desk.analyse("to-talk", "--wait")
    assert (code, said) == (0, "1 of 1 interview analysed anew.\n")
    assert set(desk.steps("talk")) == {"done"}
    assert desk.steps("other") == []
    assert desk.analyse("--stale") == (0, "1 interview will be analysed anew in the background.\n")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "say which"),
        (("nowhere",), 1, "There is no ended interview"),
        (("--flow", "win"), 0, "Nothing to do."),
        (("--since", "2030-01-01"), 0, "Nothing to do."),
        (("--since", "soon"), 2, "--since"),
    ],
)
def test_what_cannot_be_is_told(desk: Desk, words: tuple[str, ...], code: int, told: str) -> None:
    found, said = desk.analyse(*words)
    assert found == code
    assert told in said
    assert desk.queued() == []


def test_an_event_that_there_is_not_is_named(desk: Desk) -> None:
    desk.monkeypatch.setenv("INTERVIEWER_TARGET_TRIGGERS", "growth, full_moon")
    code, said = desk.analyse("--all")
    assert code == 1
    assert "INTERVIEWER_TARGET_TRIGGERS: no such event: full_moon. There are new_hire, " in said
