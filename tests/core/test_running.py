"""Who ran a command, as the audit log has it."""

from __future__ import annotations

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
