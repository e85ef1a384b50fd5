"""One question to a chat-completions server: ask, listen to the stream, accept or refuse what was heard.

The SDK reports a stream that was cut short as a normal end, and raises a bare `json.JSONDecodeError` for a chunk that
is no JSON. So only `finish_reason == "stop"` with a valid object counts (trust.md 34 and 35). Reasons given in errors
never hold what was said: a server's own error text may repeat it.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncOpenAI, AsyncStream
from pydantic import BaseModel, ValidationError

from interviewer.errors import LLMUnavailable
from interviewer.llm.base import Message, Meter, Prompt, T
from interviewer.llm.breaker import Breaker, Unusable
from interviewer.llm.shapes import complete_fields, ignores_format, read, strict_schema
from interviewer.llm.terms import Accepted, Format, Terms

Enough = Callable[[Mapping[str, Any]], bool]

_TRIES = 2
_RETRY_PAUSE_S = 0.3
_LONGEST_REST_S = 120.0
_MAX_CHARS = 40_000
_CHARS_A_TOKEN = 4

_PERMANENT = frozenset({401, 403, 404})
_BUSY = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
_ABOUT_THIS_QUESTION = frozenset({"content_filter", "context_length_exceeded", "invalid_prompt"})


@dataclass
class Heard:
    """An answer as it comes in."""

    text: str = ""
    finish: str = ""
    refused: bool = False
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    counted: bool = False
    """By the server; else the tokens are estimated."""
    asked_at: float = field(default_factory=time.perf_counter)
    first_s: float = 0.0
    pieces: int = 0

    def take(self, chunk: Any) -> None:
        """One `chat.completion.chunk`, as JSON. Raises AttributeError or TypeError where it is none."""
        self.model = _word(chunk.get("model")) or self.model
        if usage := chunk.get("usage"):
            self.input_tokens = _number(usage.get("prompt_tokens"))
            self.output_tokens = _number(usage.get("completion_tokens"))
            self.counted = bool(self.input_tokens)
            self.cached_tokens = _number((usage.get("prompt_tokens_details") or {}).get("cached_tokens"))
        for choice in chunk.get("choices") or ():
            if delta := choice.get("delta"):
                self._add(_text(delta.get("content")))
                self.refused = self.refused or bool(delta.get("refusal"))
            self.finish = _word(choice.get("finish_reason")) or self.finish

    def _add(self, piece: str) -> None:
        if piece:
            self.first_s = self.first_s or time.perf_counter() - self.asked_at
            self.pieces += 1
            self.text += piece

    def price(self, request: dict[str, Any], meter: Meter) -> None:
        """Put the tokens on the meter; those that the server did not count are estimated, so that budgets hold."""
        said = sum(len(message["content"]) for message in request["messages"])
        self.input_tokens = self.input_tokens or -(-said // _CHARS_A_TOKEN)
        self.output_tokens = self.output_tokens or -(-len(self.text) // _CHARS_A_TOKEN)
        meter.input_tokens += self.input_tokens
        meter.output_tokens += self.output_tokens


def _word(told: Any) -> str:
    return told if isinstance(told, str) else ""


def _number(told: Any) -> int:
    return told if isinstance(told, int) else 0


def _text(content: Any) -> str:
    """What was written. Some servers send a list of parts, of which thoughts are no part of the answer."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part.get("type") == "text")
    return content or ""


class Chat:
    """A client of one server. Retries are ours, not the SDK's: it would sleep through a buyer's whole wait."""

    def __init__(self, model: str, api_key: str, base_url: str | None, accepted: Accepted, breaker: Breaker) -> None:
        self._client = AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=0)
        self._model = model
        self._accepted = accepted
        self._breaker = breaker

    async def close(self) -> None:
        await self._client.close()

    async def ask(
        self,
        prompt: Prompt,
        messages: Sequence[Message],
        reply: type[T],
        enough: Enough | None,
        deadline: asyncio.Timeout,
        meter: Meter,
    ) -> tuple[T, Heard]:
        """A valid `reply` and what was heard. Raises LLMUnavailable; `meter` has what it took either way."""
        while True:
            terms = self._accepted.now
            request, heard = self._request(prompt, messages, reply, terms), Heard()
            try:
                stream = await self._begin(request, deadline, meter)
                try:
                    value = await self._listen(stream, heard, reply, enough)
                finally:
                    heard.price(request, meter)
                if value is None:
                    value = self._accept(heard, reply, terms)
            except APIStatusError as error:
                if self._learned(error, terms):
                    continue
                raise self._refusal(error) from None
            except APIConnectionError:
                raise LLMUnavailable("no connection to the model") from None
            except APIError:
                raise LLMUnavailable("the model reported an error while answering") from None
            except ValueError:
                raise LLMUnavailable("the model's stream was malformed") from None
            if value is not None:
                return value, heard

    def _request(
        self, prompt: Prompt, messages: Sequence[Message], reply: type[BaseModel], terms: Terms
    ) -> dict[str, Any]:
        schema = strict_schema(reply)
        rules = prompt.text
        if terms.format != "json_schema":
            rules += f"\n\nAnswer with one JSON object and nothing else. Its JSON Schema:\n{json.dumps(schema)}"
        said = [{"role": message.role, "content": message.text} for message in messages]
        return {
            "model": self._model,
            "messages": [{"role": "system", "content": rules}, *said],
            "stream": True,
            **terms.arguments,
            **_response_format(terms.format, reply.__name__, schema),
        }

    async def _begin(self, request: dict[str, Any], deadline: asyncio.Timeout, meter: Meter) -> AsyncStream[object]:
        """The stream, before its first byte. One retry, where the wait for it leaves half of the time or more.

        `request` is plain JSON, and so is what comes: `chat.completions.create` would look through all of it for what
        is none, which takes longer than to send it, and make an object of every word.
        """
        tries_left = _TRIES
        while True:
            meter.calls += 1
            tries_left -= 1
            pause = _RETRY_PAUSE_S
            try:
                return await self._client.post(
                    "/chat/completions",
                    body=request,
                    cast_to=object,
                    stream=True,
                    stream_cls=AsyncStream[object],
                )
            except APITimeoutError:
                raise
            except APIStatusError as error:
                pause = max(pause, _retry_after(error))
                if error.status_code not in _BUSY or _code(error) == "insufficient_quota":
                    raise
                if not tries_left or not _affordable(pause, deadline):
                    raise
            except APIConnectionError:
                if not tries_left or not _affordable(pause, deadline):
                    raise
            await asyncio.sleep(pause)

    async def _listen(
        self, stream: AsyncStream[object], heard: Heard, reply: type[T], enough: Enough | None
    ) -> T | None:
        """Take in what comes. A value where `enough` ended the call before the stream did."""
        fields_seen = 0
        async with stream:
            async for chunk in stream:
                try:
                    heard.take(chunk)
                except (AttributeError, KeyError, TypeError):
                    raise LLMUnavailable("the model's stream was malformed") from None
                if len(heard.text) > _MAX_CHARS:
                    raise Unusable("the answer does not end")
                if enough is None:
                    continue
                fields = complete_fields(heard.text)
                if len(fields) > fields_seen and enough(fields):
                    try:
                        return reply.model_validate(fields)
                    except ValidationError:
                        enough = None
                fields_seen = len(fields)
        return None

    def _accept(self, heard: Heard, reply: type[T], terms: Terms) -> T | None:
        """A valid reply; None when the server ignored the format and a step down may help."""
        if not heard.finish:
            what = "the model's stream was cut short" if heard.text else "nothing came in the model's stream"
            raise LLMUnavailable(what)
        if heard.refused:
            raise Unusable("the model refused")
        if heard.finish != "stop":
            known = heard.finish in ("length", "content_filter", "tool_calls")
            raise Unusable(f"the answer ended by {heard.finish if known else 'something else'}")
        if not heard.text.strip():
            raise Unusable("the answer is empty")
        try:
            return read(heard.text, reply)
        except ValueError:
            if ignores_format(heard.text, reply, terms.format) and self._accepted.lower_format(terms):
                return None
            raise Unusable("the answer has not the shape asked for") from None

    def _learned(self, error: APIStatusError, terms: Terms) -> bool:
        """Whether a refusal named something that the next request leaves out."""
        if error.status_code not in (400, 422):
            return False
        return self._accepted.refused(terms, error.param, str(error.body))

    def _refusal(self, error: APIStatusError) -> LLMUnavailable:
        code = _code(error)
        reason = f"status {error.status_code}" + (f" ({code})" if code else "")
        if error.status_code == 413 or code in _ABOUT_THIS_QUESTION:
            return Unusable(reason)
        if error.status_code == 429 and (wait := _retry_after(error)):
            self._breaker.rest(min(wait, _LONGEST_REST_S))
        return LLMUnavailable(reason, permanent=error.status_code in _PERMANENT or code == "insufficient_quota")


def _response_format(form: Format, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if form == "json_schema":
        shape = {"name": name.strip("_"), "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": shape}}
    return {"response_format": {"type": "json_object"}} if form == "json_object" else {}


def _affordable(pause: float, deadline: asyncio.Timeout) -> bool:
    ends = deadline.when()
    return ends is None or pause <= (ends - asyncio.get_running_loop().time()) / 2


def _retry_after(error: APIStatusError) -> float:
    """Seconds that the server asks to wait; 0 when it does not say so in seconds."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _code(error: APIStatusError) -> str:
    """The server's error code where it looks like one, never free text."""
    code = error.code or ""
    return code if re.fullmatch(r"[a-z0-9_]{1,40}", code) else ""
