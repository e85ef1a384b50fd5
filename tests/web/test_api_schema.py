"""The API against its own description: Schemathesis asks what the OpenAPI document allows, and what it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import negative_data_rejection
from starlette.types import Receive, Scope, Send

from interviewer.confidentiality import Role
from interviewer.deps import Deps
from interviewer.settings import Settings
from interviewer.store.db import Database
from interviewer.web import api
from interviewer.web.app import create_app
from tests import conftest
from tests.fakes.clock import FakeClock
from tests.fakes.databases import SqliteFiles
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.web.api_scene import key
from tests.web.desk_scene import analysed


class Later:
    """Stands for the application while tests are collected; the fixture puts the real one behind it."""

    app: FastAPI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


later = Later()
PATIENT_S = 120
"""A busy machine is not what is asked about."""

schema = schemathesis.openapi.from_dict(api.openapi())
schema.app = later


class Ticking(FakeClock):
    """A second passes each time it is looked at: no key meets its rate."""

    def __call__(self) -> datetime:
        return self.advance(seconds=1)


def _deps(url: str, folder: Path, clock: FakeClock) -> Deps:
    settings = Settings(data_dir=folder, base_url="http://testserver", secret_keys=(conftest.KEY,), product="Flow")
    return conftest.assemble(Database(url), settings=settings, jobs=RecordingJobs(), now=clock, mail=RecordingChannel())


@pytest.fixture(scope="module")
def readers(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[Role, str]]:
    """A key of each role with all that is of use to it, of an application over interviews of two kinds."""
    folder = tmp_path_factory.mktemp("api")
    with sqlite_files.fresh(folder) as url:

        async def fill() -> Mapping[Role, str]:
            deps = _deps(url, folder, FakeClock())
            assert isinstance(deps.jobs, RecordingJobs)
            await analysed(deps, deps.jobs, deal_id="D-1", reason_category="pricing", amount="900", currency="EUR")
            await analysed(deps, deps.jobs, email="ann@harbour.example", flow="win")
            secrets = {role: await key(deps, role) for role in Role}
            await deps.db.close()
            return secrets

        secrets = asyncio.run(fill())
        later.app = create_app(_deps(url, folder, Ticking()))
        yield secrets
        asgi.shutdown_lifespans()


@schema.parametrize()
@settings(max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_described(case: schemathesis.Case, readers: Mapping[Role, str]) -> None:
    _ask(case, readers[Role.ADMIN])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
@schema.parametrize()
@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_is_so_for_every_role(case: schemathesis.Case, readers: Mapping[Role, str], role: Role) -> None:
    _ask(case, readers[role])


def _ask(case: schemathesis.Case, secret: str) -> None:
    unsent = any(value in (None, [], {}) for value in (case.query or {}).values())  # an empty list is no parameter
    excluded = [negative_data_rejection] if unsent else []
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, excluded_checks=excluded, timeout=PATIENT_S)
