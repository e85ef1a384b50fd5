"""A model server that speaks the chat-completions wire over real HTTP, and misbehaves when told to.

In a test:

    with ModelServer() as server:
        server.script(status(429), answer(...))     # one for each request; then `server.brain` answers
        OpenAILLM(model="fake", api_key="k", base_url=server.url)
        assert server.requests[0].body["model"] == "fake"

A model named `fake:<scenario>` plays that scenario of `SCENARIOS` at every request. Alone, for benchmarks:
`python -m tests.fakes.model_server --port 8099 --delay 0.2`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tests.fakes import model_brain


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    raw: str

    @property
    def said(self) -> str:
        """All that the model was told."""
        return "\n".join(message["content"] for message in self.body.get("messages", []))


@dataclass(frozen=True)
class Play:
    """How the server answers one request: a status and a body, or a stream of events."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    events: tuple[str, ...] | None = None
    first_s: float = 0.0
    """Seconds before the first byte."""
    between_s: float = 0.0
    """Seconds before each further event."""
    cut: bool = False
    """Close the connection after the last event, without the end that HTTP wants."""


CHARS_A_TOKEN = 4
"""English in the vocabularies of today; a count of one's own would need their tables."""


def tokens(body: dict[str, Any]) -> int:
    """What a server would count as read, about: every message and the schema."""
    said = [message["content"] for message in body.get("messages", [])]
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema", "")
    return len("".join(said) + json.dumps(shape)) // CHARS_A_TOKEN


Brain = Callable[[dict[str, Any]], dict[str, Any]]
Scenario = Callable[["ModelServer", dict[str, Any]], Play]


def _chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "fake-1", "choices": [choice]}
    return json.dumps(body | more)


def _pieces(text: str, size: int = 24) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield _chunk({"content": text[start : start + size]})


def stream(
    text: str, *, finish: str | None = "stop", usage: bool = True, done: bool = True, read: int = 900, **how: Any
) -> Play:
    """`text` in small pieces, then the end as `finish` says, the usage (`read` tokens read) and [DONE]."""
    events = [_chunk({"role": "assistant", "content": ""}), *_pieces(text)]
    if finish:
        events.append(_chunk({}, finish))
    if usage:
        spent = {"prompt_tokens": read, "completion_tokens": 60, "total_tokens": read + 60}
        events.append(_chunk({}, usage=spent, choices=[]))
    if done:
        events.append("[DONE]")
    return Play(events=tuple(events), **how)


def status(code: int, message: str = "no", *, param: str = "", kind: str = "", **headers: str) -> Play:
    """An error answer; `headers` with underscores for dashes."""
    error = {"message": message, "type": "error", "param": param or None, "code": kind or None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Play(status=code, headers=named, body=json.dumps({"error": error}))


def answering(value: dict[str, Any] | str, **how: Any) -> Scenario:
    """These fields, or this text, whatever was asked."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return lambda server, body: stream(text, **how)


def changed(change: Callable[[dict[str, Any]], dict[str, Any]], **how: Any) -> Scenario:
    """What the brain would answer, changed."""
    return lambda server, body: stream(
        json.dumps(change(server.brain(body)), ensure_ascii=False), read=tokens(body), **how
    )


def playing(play: Play) -> Scenario:
    return lambda server, body: play


def _good(server: ModelServer, body: dict[str, Any]) -> Play:
    return stream(json.dumps(server.brain(body), ensure_ascii=False), first_s=server.delay_s, read=tokens(body))


def _without(param: str, message: str) -> Scenario:
    """A server that does not know `param`: 400 when it is sent, else a good answer."""

    def play(server: ModelServer, body: dict[str, Any]) -> Play:
        return status(400, message, param=param) if param in body else _good(server, body)

    return play


def _without_schema(server: ModelServer, body: dict[str, Any]) -> Play:
    asked = body.get("response_format", {}).get("type")
    if asked == "json_schema":
        return status(400, "response_format.type 'json_schema' is not supported here")
    return _good(server, body)


def _plain_only(server: ModelServer, body: dict[str, Any]) -> Play:
    if "response_format" in body:
        return status(400, "Unknown parameter: 'response_format'.")
    text = json.dumps(server.brain(body), ensure_ascii=False)
    return stream(f"<think>The buyer said {{something}}.</think>Here it is:\n```json\n{text}\n```\nGlad to help!")


def _ignores_format(server: ModelServer, body: dict[str, Any]) -> Play:
    if "response_format" in body:
        return stream("Thank you for telling me. What happened then?")
    return _good(server, body)


def _cut(server: ModelServer, body: dict[str, Any]) -> Play:
    text = json.dumps(server.brain(body))
    return stream(text[: len(text) // 2], finish=None, usage=False, done=False, cut=True)


def _refusal(server: ModelServer, body: dict[str, Any]) -> Play:
    return Play(events=(_chunk({"refusal": "I cannot help with that."}), _chunk({}, "stop"), "[DONE]"))


def _tool_calls(finish: str) -> Scenario:
    """Calls a tool that nobody offered, with the answer as its arguments."""

    def play(server: ModelServer, body: dict[str, Any]) -> Play:
        function = {"name": "answer", "arguments": json.dumps(server.brain(body))}
        call = {"index": 0, "id": "t1", "type": "function", "function": function}
        return Play(events=(_chunk({"tool_calls": [call]}), _chunk({}, finish), "[DONE]"))

    return play


def _thinks_aloud(server: ModelServer, body: dict[str, Any]) -> Play:
    """Reasoning in a field of its own, then in the text, then the answer in a fence."""
    text = json.dumps(server.brain(body), ensure_ascii=False)
    thought = _chunk({"reasoning_content": 'Let me see: {"kind": "vague"}', "content": None})
    spoken = stream(f'<think>\nIs {{"kind": "vague"}} right? No.\n</think>\n\n```json\n{text}\n```', read=tokens(body))
    return Play(events=(thought, *(spoken.events or ())))


def _in_parts(server: ModelServer, body: dict[str, Any]) -> Play:
    """The text as a list of parts, thoughts among them."""
    text = json.dumps(server.brain(body), ensure_ascii=False)
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "{}"}]}
    parts = [{"type": "text", "text": piece} for piece in (text[:20], text[20:])]
    return Play(events=(_chunk({"content": [thought]}), _chunk({"content": parts}), _chunk({}, "stop"), "[DONE]"))


def _one_piece(server: ModelServer, body: dict[str, Any]) -> Play:
    text = json.dumps(server.brain(body), ensure_ascii=False)
    spent = {"prompt_tokens": tokens(body), "completion_tokens": 60, "total_tokens": tokens(body) + 60}
    return Play(events=(_chunk({"content": text}), _chunk({}, "stop"), _chunk({}, usage=spent, choices=[]), "[DONE]"))


def _squeamish(server: ModelServer, body: dict[str, Any]) -> Play:
    return (_refusal if "hurt himself" in body["messages"][-1]["content"] else _good)(server, body)


def _foreign(server: ModelServer, body: dict[str, Any]) -> Play:
    """Asks in German whatever the language."""
    value = server.brain(body)
    return stream(json.dumps(value | {"message": "Was haben Sie damals als Erstes gemacht?"}), read=tokens(body))


def _whole(server: ModelServer, body: dict[str, Any]) -> Play:
    """A server that does not stream: one body, as if it had not been asked to."""
    message = {"role": "assistant", "content": json.dumps(server.brain(body), ensure_ascii=False)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": tokens(body), "completion_tokens": 60, "total_tokens": tokens(body) + 60}
    return Play(
        body=json.dumps(
            {"id": "c1", "object": "chat.completion", "model": "fake-1", "choices": [choice], "usage": usage}
        )
    )


def _malformed(server: ModelServer, body: dict[str, Any]) -> Play:
    return Play(events=(_chunk({"content": '{"kind":'}), '{"choices": [{"delta": {"conte', "[DONE]"))


SCENARIOS: dict[str, Scenario] = {
    "good": _good,
    "schema_unsupported": _without_schema,
    "plain_only": _plain_only,
    "format_ignored": _ignores_format,
    "store_unknown": _without("store", "Unrecognized request argument supplied: store"),
    "options_unknown": _without("stream_options", "stream_options: extra fields not permitted"),
    "effort_unknown": _without("reasoning_effort", "Unsupported parameter: 'reasoning_effort'"),
    "limit_unknown": _without("max_completion_tokens", "max_completion_tokens is not known here"),
    "429": playing(status(429, "slow down", kind="rate_limit_exceeded", retry_after="30")),
    "quota": playing(status(429, "no credit", kind="insufficient_quota")),
    "500": playing(status(500, "out of order")),
    "401": playing(status(401, "bad key", kind="invalid_api_key")),
    "404": playing(status(404, "no such model", kind="model_not_found")),
    "html": playing(Play(headers={"Content-Type": "text/html"}, body="<html>a proxy's page</html>")),
    "slow_first_byte": playing(stream("{}", first_s=30)),
    "slow_trickle": lambda server, body: stream(json.dumps(server.brain(body)), between_s=0.25),
    "cut": _cut,
    "ended_early": answering('{"kind": "specific"', finish=None, usage=False),
    "malformed": _malformed,
    "odd_chunk": playing(Play(events=('{"choices": [{"delta": "text", "finish_reason": null}]}', "[DONE]"))),
    "error_event": playing(Play(events=(_chunk({"content": "{"}), '{"error": {"message": "overloaded"}}'))),
    "empty": answering(""),
    "refusal": _refusal,
    "length": lambda server, body: stream(json.dumps(server.brain(body))[:40], finish="length"),
    "content_filter": answering("", finish="content_filter"),
    "filtered_prompt": playing(status(400, "filtered", param="prompt", kind="content_filter")),
    "drifted": answering({"verdict": "vague", "question": "What happened then?"}),
    "leading": changed(lambda value: value | {"message": "What was surely the worst part of that?"}),
    "wrong_option": changed(lambda value: value | {"option": "ask:nowhere", "message": "What else happened?"}),
    "injected": changed(lambda value: value | {"message": "Ignore that. <script>alert(1)</script> My rules say: $sys"}),
    "no_choices": playing(Play(events=(json.dumps({"choices": [], "model": "fake-1"}), "[DONE]"))),
    "null_choices": playing(Play(events=(json.dumps({"choices": None, "model": "fake-1"}), "[DONE]"))),
    "tool_calls": _tool_calls("tool_calls"),
    "tool_calls_stop": _tool_calls("stop"),
    "thinks_aloud": _thinks_aloud,
    "in_parts": _in_parts,
    "whole": _whole,
    "one_piece": _one_piece,
    "uncounted": lambda server, body: stream(json.dumps(server.brain(body), ensure_ascii=False), usage=False),
    "squeamish": _squeamish,
    "foreign": _foreign,
    "obedient": changed(lambda value: value | ({"message": "PINEAPPLE"} if "mood" in value else {})),
    "wrong_kind": changed(lambda value: value | {"kind": "unclear"}),
    "no_kind": changed(lambda value: {key: value[key] for key in value if key != "kind"}),
    "null_kind": changed(lambda value: value | {"kind": None}),
    "no_message": changed(lambda value: {key: value[key] for key in value if key != "message"}),
    "odd_message": changed(lambda value: value | {"message": {"text": value["message"]}}),
    "two_messages": changed(lambda value: value | {"message": [value["message"], value["message"]]}),
    "listed": lambda server, body: stream(json.dumps([server.brain(body)]), read=tokens(body)),
    "slips": changed(
        lambda value: {
            "thoughts": "extra",
            **value,
            "kind": value["kind"].title(),
            "option": f"`{value['option'].upper()}`",
            "covers": "".join(value["covers"]) or None,
            "signals": None,
            "about": "the weather",
            "message": [value["message"]],
        }
    ),
    "endless": answering("{" + " " * 60_000),
}


class ModelServer:
    """`requests` keeps what came in; `script` says what comes out, then `brain` answers."""

    def __init__(self, *, brain: Brain = model_brain.think, delay_s: float = 0.0, port: int = 0) -> None:
        self.requests: list[Request] = []
        self.brain = brain
        self.delay_s = delay_s
        self._port = port
        self._script: deque[Scenario] = deque()
        self._keep = True
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def script(self, *steps: str | Play | Scenario) -> None:
        """Answer the next requests so, one each: a name of SCENARIOS, a Play, or a scenario of one's own."""
        for step in steps:
            if isinstance(step, str):
                self._script.append(SCENARIOS[step])
            else:
                self._script.append(playing(step) if isinstance(step, Play) else step)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(5):
            raise RuntimeError("the model server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def run(self) -> None:
        """Serve in this thread until interrupted; nothing is recorded."""
        self._keep = False
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connection(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _receive(reader):
                if self._keep:
                    self.requests.append(request)
                if not await _send(writer, self._play(request.body)):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, as it may
        finally:
            writer.close()

    def _play(self, body: dict[str, Any]) -> Play:
        model, _, scenario = str(body.get("model", "")).partition(":")
        if model == "fake" and scenario:
            return SCENARIOS[scenario](self, body)
        return (self._script.popleft() if self._script else _good)(self, body)


async def _receive(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    raw = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
    return Request(first.split()[1], headers, json.loads(raw or "{}"), raw)


async def _send(writer: asyncio.StreamWriter, play: Play) -> bool:
    """Write one answer; False when the connection is to be closed."""
    await asyncio.sleep(play.first_s)
    if play.events is None:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(play.body.encode()))} | play.headers
        writer.write(_head(play.status, headers) + play.body.encode())
        await writer.drain()
        return True
    headers = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"} | play.headers
    writer.write(_head(play.status, headers))
    for event in play.events:
        if play.between_s:
            await asyncio.sleep(play.between_s)
        data = f"data: {event}\n\n".encode()
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()
    if play.cut:
        return False
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


def _head(code: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} {'OK' if code == 200 else 'Error'}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A stand-in for a model, for benchmarks.")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before the first byte of each answer")
    chosen = parser.parse_args(arguments)
    server = ModelServer(delay_s=chosen.delay, port=chosen.port)
    print(f"OPENAI_BASE_URL=http://127.0.0.1:{chosen.port}/v1", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
