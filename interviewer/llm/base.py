"""The edge to language models. A use case gives a prompt, messages and the shape of the answer it needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from interviewer.errors import LLMUnavailable

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Prompt:
    """Instructions with the id that is kept on every row they produced (`ask_buyer@3f9a1c2b`)."""

    id: str
    text: str


@dataclass(frozen=True)
class Message:
    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Completion(Generic[T]):
    """A valid answer, and what it cost."""

    value: T
    model: str
    calls: int = 1
    """Requests made, steps down in format included."""
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Of the input: what the server still knew from an earlier call, where it says so."""
    counted: bool = True
    """The server said how many tokens it took; else they are estimated."""
    first_s: float = 0.0
    """Seconds to the first piece of the answer; 0 where that is not known."""
    whole_s: float = 0.0
    pieces: int = 0


@dataclass
class Meter:
    """What one question took, over every request made for it, whatever came of them."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def on(self, error: LLMUnavailable) -> LLMUnavailable:
        """The error with what was spent before it."""
        error.calls, error.input_tokens, error.output_tokens = self.calls, self.input_tokens, self.output_tokens
        return error


class LLM(Protocol):
    """A provider of `PROVIDERS`."""

    name: str
    """Kept on rows: "openai:gpt-…" or "scripted"."""
    scripted: bool
    """True when there is no model: callers go straight to their rules."""

    async def warm(self) -> None:
        """Load what the first call would otherwise wait for. A server does it at start; calling it is optional."""
        ...

    async def complete(
        self,
        prompt: Prompt,
        messages: Sequence[Message],
        reply: type[T],
        *,
        deadline_s: float,
        enough: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> Completion[T]:
        """Return a valid `reply`. Raises LLMUnavailable for every other outcome, `deadline_s` passed included.

        `enough` looks at the fields written so far, each whole; when it says so the rest is not waited for, and
        those fields must make a valid `reply` on their own.
        """
        ...

    async def close(self) -> None: ...
