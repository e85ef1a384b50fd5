"""What a model may answer on the wire: good answers, and every kind of trouble, by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


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


class Server(Protocol):
    """What a scenario knows of who plays it."""

    brain: Brain
    delay_s: float


Scenario = Callable[[Server, dict[str, Any]], Play]


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


def good(server: Server, body: dict[str, Any]) -> Play:
    return stream(json.dumps(server.brain(body), ensure_ascii=False), first_s=server.delay_s, read=tokens(body))


def _without(param: str, message: str) -> Scenario:
    """A server that does not know `param`: 400 when it is sent, else a good answer."""

    def play(server: Server, body: dict[str, Any]) -> Play:
        return status(400, message, param=param) if param in body else good(server, body)

    return play


def _without_schema(server: Server, body: dict[str, Any]) -> Play:
    asked = body.get("response_format", {}).get("type")
    if asked == "json_schema":
        return status(400, "response_format.type 'json_schema' is not supported here")
    return good(server, body)


def _plain_only(server: Server, body: dict[str, Any]) -> Play:
    if "response_format" in body:
        return status(400, "Unknown parameter: 'response_format'.")
    text = json.dumps(server.brain(body), ensure_ascii=False)
    return stream(f"<think>The buyer said {{something}}.</think>Here it is:\n```json\n{text}\n```\nGlad to help!")


def _ignores_format(server: Server, body: dict[str, Any]) -> Play:
    if "response_format" in body:
        return stream("Thank you for telling me. What happened then?")
    return good(server, body)


def _cut(server: Server, body: dict[str, Any]) -> Play:
    text = json.dumps(server.brain(body))
    return stream(text[: len(text) // 2], finish=None, usage=False, done=False, cut=True)


def _refusal(server: Server, body: dict[str, Any]) -> Play:
    return Play(events=(_chunk({"refusal": "I cannot help with that."}), _chunk({}, "stop"), "[DONE]"))


def _tool_calls(finish: str) -> Scenario:
    """Calls a tool that nobody offered, with the answer as its arguments."""

    def play(server: Server, body: dict[str, Any]) -> Play:
        function = {"name": "answer", "arguments": json.dumps(server.brain(body))}
        call = {"index": 0, "id": "t1", "type": "function", "function": function}
        return Play(events=(_chunk({"tool_calls": [call]}), _chunk({}, finish), "[DONE]"))

    return play


def _thinks_aloud(server: Server, body: dict[str, Any]) -> Play:
    """Reasoning in a field of its own, then in the text, then the answer in a fence."""
    text = json.dumps(server.brain(body), ensure_ascii=False)
    thought = _chunk({"reasoning_content": 'Let me see: {"kind": "vague"}', "content": None})
    spoken = stream(f'<think>\nIs {{"kind": "vague"}} right? No.\n</think>\n\n```json\n{text}\n```', read=tokens(body))
    return Play(events=(thought, *(spoken.events or ())))


def _in_parts(server: Server, body: dict[str, Any]) -> Play:
    """The text as a list of parts, thoughts among them."""
    text = json.dumps(server.brain(body), ensure_ascii=False)
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "{}"}]}
    parts = [{"type": "text", "text": piece} for piece in (text[:20], text[20:])]
    return Play(events=(_chunk({"content": [thought]}), _chunk({"content": parts}), _chunk({}, "stop"), "[DONE]"))


def _one_piece(server: Server, body: dict[str, Any]) -> Play:
    text = json.dumps(server.brain(body), ensure_ascii=False)
    spent = {"prompt_tokens": tokens(body), "completion_tokens": 60, "total_tokens": tokens(body) + 60}
    return Play(events=(_chunk({"content": text}), _chunk({}, "stop"), _chunk({}, usage=spent, choices=[]), "[DONE]"))


def _squeamish(server: Server, body: dict[str, Any]) -> Play:
    return (_refusal if "hurt himself" in body["messages"][-1]["content"] else good)(server, body)


def _foreign(server: Server, body: dict[str, Any]) -> Play:
    """Asks in German whatever the language."""
    value = server.brain(body)
    return stream(json.dumps(value | {"message": "Was haben Sie damals als Erstes gemacht?"}), read=tokens(body))


def _whole(server: Server, body: dict[str, Any]) -> Play:
    """A server that does not stream: one body, as if it had not been asked to."""
    message = {"role": "assistant", "content": json.dumps(server.brain(body), ensure_ascii=False)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": tokens(body), "completion_tokens": 60, "total_tokens": tokens(body) + 60}
    return Play(
        body=json.dumps(
            {"id": "c1", "object": "chat.completion", "model": "fake-1", "choices": [choice], "usage": usage}
        )
    )


def _malformed(server: Server, body: dict[str, Any]) -> Play:
    return Play(events=(_chunk({"content": '{"kind":'}), '{"choices": [{"delta": {"conte', "[DONE]"))


SCENARIOS: dict[str, Scenario] = {
    "good": good,
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
