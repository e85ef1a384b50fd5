"""What every test may ask for: a real database of each kind, and `Deps` with fakes at the edges only."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from interviewer.deps import Deps
from interviewer.links import Links
from interviewer.outbound import Outbound
from interviewer.settings import Settings
from interviewer.store.db import Database
from tests.fakes import network
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.databases import PostgresServer, SqliteFiles
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel

KEY = "a-key-for-tests-that-is-long-enough-000"


# The same examples at every run, on machines of any speed; `--hypothesis-profile=deep` looks for new ones.
hypothesis_settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis_settings.register_profile("deep", deadline=None, max_examples=5_000)
hypothesis_settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--live", action="store_true", help="run the tests that talk to a real model server")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(signal, "SIGHUP"):  # under nohup every server that a test starts would ignore it as well
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    live = bool(config.getoption("--live"))
    network.guard(live=live)
    if not live:  # what a developer has exported must not change what a test sees
        for name in [name for name in os.environ if name.startswith(("INTERVIEWER_", "OPENAI_"))]:
            del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--live"):
        live = [item for item in items if item.get_closest_marker("live")]
        config.hook.pytest_deselected(items=live)
        items[:] = [item for item in items if item not in live]


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of this test's own, of either kind."""
    if request.param == "sqlite":
        with request.getfixturevalue("sqlite_files").fresh(tmp_path) as url:
            yield url
    else:
        with request.getfixturevalue("postgres_server").fresh() as url:
            yield url


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[str]:
    """As `database_url`, only SQLite: for tests whose subject is not the database."""
    with sqlite_files.fresh(tmp_path) as url:
        yield url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def mailbox() -> RecordingChannel:
    return RecordingChannel()


@pytest.fixture
def jobs() -> RecordingJobs:
    return RecordingJobs()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "data")


def settings_of(data_dir: Path, base_url: str = "http://testserver") -> Settings:
    return Settings(
        data_dir=data_dir,
        base_url=base_url,
        secret_keys=(KEY,),
        organisation="Tidewater",
        product="Tidewater Flow",
        asker="Mara Lindqvist",
        contact="research@tidewater.example",
    )


MakeDeps = Callable[..., Deps]


@pytest.fixture
def make_deps(settings: Settings, clock: FakeClock, mailbox: RecordingChannel, jobs: RecordingJobs) -> MakeDeps:
    """Build `Deps` on a database; any field can be given: `make_deps(db, llm=…, mail=None)`."""

    def make(db: Database, **given: Any) -> Deps:
        return assemble(db, **{"settings": settings, "mail": mailbox, "jobs": jobs, "now": clock} | given)

    return make


@pytest.fixture
def deps(make_deps: MakeDeps, db: Database) -> Deps:
    """On both databases, one after the other."""
    return make_deps(db)


@pytest.fixture
async def sqlite_deps(make_deps: MakeDeps, sqlite_url: str) -> AsyncIterator[Deps]:
    """On SQLite only: for tests whose subject is not the database."""
    database = Database(sqlite_url)
    yield make_deps(database)
    await database.close()


def assemble(db: Database, *, settings: Settings, **given: Any) -> Deps:
    """`Deps` on a database, with everything else given or read from the files that ship."""
    parts: dict[str, Any] = {
        "settings": settings,
        "db": db,
        "links": Links([key.get_secret_value() for key in settings.secret_keys], settings.base_url),
        "new_id": FakeIds(),
        "outbound": Outbound(),
    }
    return Deps(**_read(settings.flows_dir) | parts | given)


@cache
def _read(flows_dir: Path | None) -> dict[str, Any]:
    """What is read from files, once. Imported here, so that tests of the core need nothing else to work."""
    from interviewer import bootstrap
    from interviewer.llm.scripted import ScriptedLLM

    return {
        "flows": bootstrap.read_flows(Settings(flows_dir=flows_dir)),
        "phrases": bootstrap.read_phrases(),
        "prompts": bootstrap.read_prompts(),
        "languages": bootstrap.read_languages(),
        "llm": ScriptedLLM(),
    }
