"""Messages to people. Add a channel: its file, plus one line here."""

from __future__ import annotations

from collections.abc import Callable

from interviewer.notify import smtp
from interviewer.notify.base import Channel

CHANNELS: dict[str, Callable[[], Channel | None]] = {"smtp": smtp.from_env}
"""Each reads its own variables, and is None where they are not set."""


def choose() -> Channel | None:
    """The first channel that is configured; None when there is no way to write to anybody. Raises BadInput."""
    return next((channel for made in CHANNELS.values() if (channel := made()) is not None), None)
