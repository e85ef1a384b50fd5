"""`interviewer backup` and `interviewer restore`, as a person runs them, beside a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import func, select

from interviewer.deps import Deps
from interviewer.store.tables.invitations import InvitationRow
from tests.fakes.live_server import LiveServer

ROOT = str(Path(__file__).parents[2])


@pytest.fixture
def server(tmp_path: Path) -> LiveServer:
    return LiveServer(tmp_path)


def command(server: LiveServer, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **server._env, "PYTHONPATH": ROOT}
    return subprocess.run(
        [sys.executable, "-m", "interviewer", *words], env=env, cwd=server.folder, capture_output=True, text=True
    )


async def invited(deps: Deps) -> int:
    async with deps.db.read() as tx:
        return (await tx.exec(select(func.count()).select_from(InvitationRow))).one()


def test_back_up_beside_a_server_and_restore_when_it_is_gone(server: LiveServer) -> None:
    server.start()
    try:
        server.invite()
        made = command(server, "backup", "one.backup")
        assert made.returncode == 0 and "read back and found whole" in made.stdout, made.stderr
        assert "The signing keys are not in it" in made.stdout
        server.invite("later@buyer.example")
        refused = command(server, "restore", "one.backup", "--replace")
        assert refused.returncode == 1 and "Stop it first" in refused.stderr
        server.kill()  # the operating system takes the right to work back at once
        asked = command(server, "restore", "one.backup")
        assert asked.returncode == 1 and "--replace" in asked.stderr and server.do(invited) == 2
        done = command(server, "restore", "one.backup", "--replace")
        assert done.returncode == 0, done.stderr
        assert "is kept as" in done.stdout and "interviewer.db.before-" in done.stdout
        assert server.do(invited) == 1
        server.start()
        assert server.do(invited) == 1
    finally:
        server.kill()


def test_a_file_that_is_none_is_named(server: LiveServer) -> None:
    (server.folder / "other.zip").write_bytes(b"nothing of ours")
    for name, said in (("none.backup", "is not there"), ("other.zip", "is no backup of Interviewer's")):
        refused = command(server, "restore", name)
        assert refused.returncode == 1 and name in refused.stderr and said in refused.stderr
