"""A clock that stands still until it is moved, and ids that can be told beforehand."""

from datetime import UTC, datetime, timedelta
from itertools import count


class FakeClock:
    """Call it for the present; `advance(minutes=5)` moves it."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
        self.present = start

    def __call__(self) -> datetime:
        return self.present

    def advance(self, **span: float) -> datetime:
        self.present += timedelta(**span)
        return self.present


class FakeIds:
    """As long and as URL-safe as real ids, in order: `id-00000000000000000001`."""

    def __init__(self, prefix: str = "id") -> None:
        self._numbers = count(1)
        self._prefix = prefix

    def __call__(self) -> str:
        return f"{self._prefix}-{next(self._numbers):020d}"
