"""The `openai` provider: any server that speaks chat completions, through the `openai` SDK.

One instance stands for one server: it remembers what that server takes and when it failed. The calls themselves are
in `chat.py`, which is imported when first needed: the SDK takes half a second, and most commands never call a model.
"""

from __future__ import annotations

import asyncio
import importlib
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from interviewer.errors import BadInput, LLMUnavailable, Problem
from interviewer.llm.base import Completion, Message, Meter, Prompt, T
from interviewer.llm.breaker import Breaker
from interviewer.llm.terms import Accepted

if TYPE_CHECKING:
    from interviewer.llm.chat import Chat


class OpenAILLM:
    """See `LLM` for what `complete` promises."""

    scripted = False

    def __init__(
        self, *, model: str, api_key: str, base_url: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives monotonic seconds to the circuit breaker."""
        self.name = f"openai:{model}"
        self.accepted = Accepted()
        self.breaker = Breaker(clock)
        self._model = model
        self._api_key = api_key
        self._base_url = base_url
        self._chat: Chat | None = None

    @classmethod
    def from_env(cls, model: str, env: Mapping[str, str]) -> Self:
        """Read OPENAI_API_KEY and OPENAI_BASE_URL. A server of one's own may need no key; the SDK wants some text.

        Raises BadInput for an address that no request could be sent to.
        """
        base_url = env.get("OPENAI_BASE_URL") or None
        if base_url and not _is_address(base_url):
            raise BadInput([Problem("OPENAI_BASE_URL", "is not an address like https://host/v1")])
        return cls(model=model, api_key=env.get("OPENAI_API_KEY") or "none", base_url=base_url)

    async def warm(self) -> None:
        await self._ready()

    async def complete(
        self,
        prompt: Prompt,
        messages: Sequence[Message],
        reply: type[T],
        *,
        deadline_s: float,
        enough: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> Completion[T]:
        """One request, but for a step down in format and one retry of a request that nobody took."""
        meter, started = Meter(), time.perf_counter()
        with self.breaker.guard():
            try:
                async with asyncio.timeout(deadline_s) as deadline:
                    chat = await self._ready()
                    value, heard = await chat.ask(prompt, messages, reply, enough, deadline, meter)
            except TimeoutError:
                late = LLMUnavailable(f"no whole answer within {deadline_s:g} s")
                raise meter.on(late) from None
            except LLMUnavailable as error:
                meter.on(error)
                raise
        return Completion(
            value,
            f"openai:{heard.model or self._model}",
            meter.calls,
            meter.input_tokens,
            meter.output_tokens,
            cached_tokens=heard.cached_tokens,
            counted=heard.counted,
            first_s=heard.first_s,
            whole_s=time.perf_counter() - started,
            pieces=heard.pieces,
        )

    async def close(self) -> None:
        if self._chat is not None:
            await self._chat.close()

    async def _ready(self) -> Chat:
        if self._chat is None:
            module = await asyncio.to_thread(importlib.import_module, "interviewer.llm.chat")
            if self._chat is None:  # two first calls may have waited for the same import
                self._chat = module.Chat(self._model, self._api_key, self._base_url, self.accepted, self.breaker)
        return self._chat


def _is_address(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
