"""One of the processes of `interviewer serve --workers N`: an application of its own on a socket that all share.

It is started anew by whoever started it, so it waits for a database that is away, and goes when its parent is gone: an
orphan would keep the port, and answer beside the next server.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from multiprocessing import connection, parent_process
from typing import TYPE_CHECKING

import structlog
from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    from ctypes import c_bool

    from fastapi import FastAPI

NEVER_STARTS = 3
"""Exit code of a process that would fail in the same way again (uvicorn's STARTUP_FAILURE)."""
SWITCH_S = 0.0005
"""How soon the loop lets another thread go on. SQLite's answers come in threads, and by Python's own 5 ms each of the
dozen statements of a turn would wait so long while the loop is busy, the writer's with all that wait for it."""
LINGER_S = 1.0
"""How long a connection that has asked for nothing yet may still do so when its process is told to go."""
_LOOK_AGAIN_S = 1.0

log = structlog.get_logger()


def app(leaving: c_bool, address: str) -> FastAPI:
    """What this process serves. `leaving` is shared by all: whether who started them was told to stop. `address` goes
    into links where no setting names one.

    Ends the process where the settings cannot work.
    """
    threading.Thread(target=_go_with_parent, daemon=True).start()
    # Late, so that a process gives its first sign of life before it loads what takes seconds.
    from interviewer import bootstrap, logs
    from interviewer.errors import BadInput
    from interviewer.web.app import create_app

    try:
        settings = bootstrap.reached_at(bootstrap.inherited_settings(), address)
        logs.configure(settings)
        deps = bootstrap.build(settings)
        _upgrade(settings.url)
        served = create_app(deps)
    except BadInput as error:
        for problem in error.problems:
            print(problem, file=sys.stderr, flush=True)
        sys.exit(NEVER_STARTS)
    served.state.leaving = lambda: leaving.value
    return served


class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # one of two classes, whichever is installed
    """uvicorn closes connections that are idle when a process stops. One that was made this moment is not idle: its
    request is on the way, and the next process would never hear of it."""

    def shutdown(self) -> None:
        if self.cycle is None:
            self.loop.call_later(LINGER_S, self._shut)
        else:
            super().shutdown()

    def _shut(self) -> None:
        if not self.transport.is_closing():
            super().shutdown()


async def settle() -> None:
    """Once serving, and now and then after."""
    if keep_what_is_loaded():
        log.info("worker serves", pid=os.getpid())


def keep_what_is_loaded() -> bool:
    """Looking through it for garbage would stop every request for 100 ms. False where that was settled before.

    And let no thread wait for long: see `SWITCH_S`.
    """
    if gc.get_freeze_count():
        return False
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    return True


def _upgrade(url: str) -> None:
    """As the parent did before the first worker. A worker of the next release, which replaces one of this, does it for
    all; one that is started while the database is away waits for it."""
    from interviewer.store import health, migrate

    while True:
        try:
            migrate.upgrade(url)
        except Exception as error:
            if not health.is_away(error):
                raise
            log.warning("waiting for the database", error=health.trouble(error))
            time.sleep(_LOOK_AGAIN_S)
        else:
            return


def _go_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
