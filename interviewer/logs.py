"""How a running server logs: one line an event on stderr, as text or JSON, never with what people wrote.

Lines of one request carry its id as `request`, those of a job its name and key: see `about`.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import ExcInfo, Processor

    from interviewer.settings import Settings

_QUIET = ("aiosqlite", "alembic", "asyncio", "dbos", "httpcore2", "httpx2", "openai", "uvicorn")
"""Libraries that are heard from warnings on: below that, some repeat addresses and messages."""
_REPEATING = ("dbos", "sqlalchemy.pool")
"""Libraries that say the same many times a second while the database is away."""
EVERY_S = 60.0


def configure(settings: Settings) -> None:
    """Send structlog and the standard library's logging the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(trace),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    shown: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler()
    handler.addFilter(NowAndThen())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class NowAndThen(logging.Filter):
    """Of what a repeating library says at one place in its code, the first line, once a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(_REPEATING):
            return True
        place, now = (record.pathname, record.lineno), self._clock()
        if now - self._said.get(place, -EVERY_S) < EVERY_S:
            return False
        self._said[place] = now
        said = record.getMessage().splitlines() or [""]
        record.msg, record.args = said[0].removesuffix(" Traceback (most recent call last):"), ()
        return True


def about(**names: str) -> AbstractContextManager[None]:
    """Put these names on every line that is logged inside, and in tasks that begin there."""
    return structlog.contextvars.bound_contextvars(**names)


def trace(exc_info: ExcInfo) -> str:
    """Where it went wrong, as kinds of errors and lines of code. Messages are left out: they repeat what was typed."""
    lines = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        said = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}{said}")
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)
