"""An interview on a deal that a CRM knows, analysed."""

from __future__ import annotations

import pytest

from interviewer.deps import Deps
from tests.contract.export_scene import DEAL
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import analysed


@pytest.fixture
async def interview_id(sqlite_deps: Deps, jobs: RecordingJobs) -> str:
    _, made = await analysed(sqlite_deps, jobs, **DEAL)
    return made
