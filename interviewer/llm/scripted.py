"""No model: the flow's own words and the rules of `flows/reading.py` carry the interview."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from interviewer.errors import LLMUnavailable
from interviewer.llm.base import Completion, Message, Prompt, T


class ScriptedLLM:
    """The provider of an installation without a model."""

    name = "scripted"
    scripted = True

    @classmethod
    def from_env(cls, model: str, env: Mapping[str, str]) -> Self:
        return cls()

    async def warm(self) -> None:
        """Nothing to load."""

    async def complete(
        self,
        prompt: Prompt,
        messages: Sequence[Message],
        reply: type[T],
        *,
        deadline_s: float,
        enough: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> Completion[T]:
        raise LLMUnavailable("no model is configured", permanent=True)

    async def close(self) -> None:
        """Nothing is open."""
