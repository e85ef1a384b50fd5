"""A model with a meter: what was asked of it, and how soon it began to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from interviewer.bench.talk import Usage
from interviewer.errors import LLMUnavailable
from interviewer.llm.base import LLM, Completion, Message, Prompt, T


class CountingLLM:
    """Passes everything on, and counts."""

    def __init__(self, model: LLM) -> None:
        self._model = model
        self.name, self.scripted = model.name, model.scripted
        self.calls = self.input_tokens = self.output_tokens = self.cached_tokens = 0
        self.first_s = 0.0
        """Seconds before the first byte of the first answer."""

    def usage(self, turns: int, worded: int) -> Usage:
        """The meter read, for an interview in which `turns` messages took a model and `worded` are in its words."""
        return Usage(turns, worded, self.calls, self.input_tokens, self.output_tokens)

    async def warm(self) -> None:
        await self._model.warm()

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
            done = await self._model.complete(prompt, messages, reply, deadline_s=deadline_s, enough=enough)
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
        """Left open: the next interview takes the same one."""
