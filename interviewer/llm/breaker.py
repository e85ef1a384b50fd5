"""Keeps buyers from waiting for a model that is down: after a run of failures nobody asks it for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from interviewer.errors import LLMUnavailable


class Unusable(LLMUnavailable):
    """The server answered, and the answer cannot be used (refused, cut at length, not what was asked).

    It says nothing about the next question, so it does not count as a failure of the server.
    """


@dataclass
class Breaker:
    """Opens after `failures` in a row, or at once for a permanent one; then lets a single call try again."""

    clock: Callable[[], float]
    """Monotonic seconds."""
    failures: int = 4
    rest_s: float = 20.0
    permanent_rest_s: float = 300.0
    _run: int = field(default=0, init=False)
    _open_until: float | None = field(default=None, init=False)
    _trying: bool = field(default=False, init=False)
    _last: LLMUnavailable | None = field(default=None, init=False)

    @property
    def open(self) -> bool:
        """Whether a call made now would be turned away."""
        return self._open_until is not None and (self._trying or self.clock() < self._open_until)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Let one call through and learn from its end. Raises LLMUnavailable, with no calls made, while open."""
        if self.open:
            reason, permanent = (self._last.reason, self._last.permanent) if self._last else ("failures", False)
            raise LLMUnavailable(f"resting after: {reason}", permanent)
        probing = self._trying = self._open_until is not None
        try:
            yield
        except Unusable:
            self._closed()
            raise
        except LLMUnavailable as error:
            self._failed(error, probing)
            raise
        else:
            self._closed()
        finally:
            if probing:
                self._trying = False

    def rest(self, seconds: float) -> None:
        """Open for `seconds` at least: the server said when to come back."""
        self._open_until = max(self._open_until or 0.0, self.clock() + seconds)

    def _closed(self) -> None:
        self._run, self._open_until, self._last = 0, None, None

    def _failed(self, error: LLMUnavailable, probing: bool) -> None:
        self._run += 1
        self._last = error
        if error.permanent:
            self.rest(self.permanent_rest_s)
        elif probing or self._run >= self.failures:
            self.rest(self.rest_s)
