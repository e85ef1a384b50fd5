"""A model that is watched: how long it takes, what it takes, and why it last gave nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interviewer import metrics, tracing
from interviewer.errors import LLMUnavailable
from interviewer.llm.base import LLM, Completion, Message, Prompt, T

_KINDS = (
    ("resting after", "resting"),
    ("no whole answer within", "timeout"),
    ("no connection", "connection"),
    ("status 429", "busy"),
    ("status 401", "refused_key"),
    ("status 403", "refused_key"),
    ("status 5", "server"),
    ("status", "request"),
    ("the model's stream", "stream"),
    ("nothing came", "stream"),
    ("the model reported", "stream"),
)


@dataclass(frozen=True)
class Failure:
    at: datetime
    kind: str


class Watched:
    """`llm`, counted and traced. `failed` is the last failure that the model itself had; None while there was none."""

    def __init__(self, llm: LLM, now: Callable[[], datetime]) -> None:
        self.llm, self.name, self.scripted = llm, llm.name, llm.scripted
        self.failed: Failure | None = None
        self._now = now

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
        name, started = prompt.id.partition("@")[0], time.perf_counter()
        with tracing.span("model", **{"interviewer.prompt": name}) as span:
            try:
                done = await self.llm.complete(prompt, messages, reply, deadline_s=deadline_s, enough=enough)
            except LLMUnavailable as error:
                kind = kind_of(error)
                metrics.FAILURES.labels(kind).inc()
                if kind != "resting":
                    metrics.MODEL.labels(name, "failed").observe(time.perf_counter() - started)
                    self.failed = Failure(self._now(), kind)
                self._count(name, error.input_tokens, error.output_tokens)
                metrics.RESTING.set(self._rests())
                if span is not None:
                    span.set_attribute("interviewer.failure", kind)
                raise
            metrics.MODEL.labels(name, "answered").observe(time.perf_counter() - started)
            metrics.RESTING.set(0)
            self._count(name, done.input_tokens, done.output_tokens)
            if span is not None:
                span.set_attributes({"interviewer.tokens": done.input_tokens + done.output_tokens})
            return done

    async def close(self) -> None:
        await self.llm.close()

    def _count(self, prompt: str, read: int, written: int) -> None:
        metrics.TOKENS.labels(prompt, "read").inc(read)
        metrics.TOKENS.labels(prompt, "written").inc(written)

    def _rests(self) -> int:
        breaker = getattr(self.llm, "breaker", None)
        return int(breaker is not None and breaker.open)


def kind_of(error: LLMUnavailable) -> str:
    """What kind of failure it was, of few; `unusable` where there was an answer that was none."""
    if re.search(r"\(insufficient_quota\)", error.reason):
        return "quota"
    return next((kind for start, kind in _KINDS if error.reason.startswith(start)), "unusable")
