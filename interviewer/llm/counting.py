"""A model with a meter: what was asked of it, what it took, and how soon it began to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from interviewer.errors import LLMUnavailable
from interviewer.llm.base import LLM, Completion, Message, Prompt, T


class CountingLLM:
    """Passes everything on, and counts, what failed as well."""

    def __init__(self, llm: LLM) -> None:
        self.llm, self.name, self.scripted = llm, llm.name, llm.scripted
        self.calls = self.input_tokens = self.output_tokens = self.cached_tokens = 0
        self.first_s = 0.0
        """Seconds before the first byte of the first answer."""

    @property
    def tokens(self) -> int:
        """Read and written."""
        return self.input_tokens + self.output_tokens

    async def warm(self) -> None:
        await self.llm.warm()

    async def complete(
        self,
        prompt: Prompt,
        messages: Sequence[Message],
        reply: type[T],
        *,
        deadline_s: float,
        enough: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> Completion[T]:
        try:
            done = await self.llm.complete(prompt, messages, reply, deadline_s=deadline_s, enough=enough)
        except LLMUnavailable as error:
            self.calls += error.calls
            self.input_tokens += error.input_tokens
            self.output_tokens += error.output_tokens
            raise
        self.calls += done.calls
        self.input_tokens += done.input_tokens
        self.output_tokens += done.output_tokens
        self.cached_tokens += done.cached_tokens
        self.first_s = self.first_s or done.first_s
        return done

    async def close(self) -> None:
        """Left open: it is the caller's, who may use it again."""
