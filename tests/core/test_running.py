"""How a command begins: what it loads, and who ran it, as the audit log has it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from interviewer.cli.running import who


@pytest.mark.parametrize(
    ("user", "sudo", "signed_in", "told"),
    [
        (0, "", None, "root"),
        (0, "ana", None, "root for ana"),
        (0, "", 54321, "root for 54321"),
        (54321, "root", None, "54321"),
        (54321, "ana", 54321, "54321"),
        (54321, "ana", 0, "54321 for root"),
    ],
)
def test_who_is_whom_the_system_knows(user: int, sudo: str, signed_in: int | None, told: str) -> None:
    assert who(user, sudo, signed_in) == told


@pytest.mark.parametrize(
    ("module", "spared"),
    [
        ("interviewer.cli", {"typer", "interviewer.deps"}),
        ("interviewer.web.app, interviewer.jobs.engine, interviewer.worker", {"alembic", "icalendar", "openpyxl"}),
    ],
)
def test_what_is_seldom_needed_is_loaded_by_what_needs_it(module: str, spared: set[str]) -> None:
    """The first is imported anew by each process of a server in several, the second is a server at rest."""
    code = f"import sys, {module}; print(sorted({spared!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
