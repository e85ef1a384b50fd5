"""What the fake model answers when nothing else is scripted: enough to play whole interviews, and any other schema."""

from __future__ import annotations

import json
import re
from typing import Any

_OPTION = re.compile(r"^- `((?:ask|probe):[^`]+)`(?:.*\(fits: ([^)]*)\))?", re.MULTILINE)
_ANSWER = re.compile(r'<answer topic="([^"]*)">\n(.*)\n</answer>\s*\Z', re.DOTALL)
_SCHEMA = re.compile(r"Its JSON Schema:\n(\{.*)\Z", re.DOTALL)
_ENOUGH_WORDS = 7
_QUESTIONS = (
    "What happened around that, as you remember it?",
    "Who noticed this first on your side?",
    "When did that come up for the first time?",
    "Which conversation do you still remember from those weeks?",
    "How did your colleagues see it at that moment?",
    "What changed on the day of the decision itself?",
    "Where did the evaluation come closest to stopping?",
    "Why did this matter more than before?",
    "What do you tell colleagues about it now?",
    "Which part is still missing from this account?",
)


def think(body: dict[str, Any]) -> dict[str, Any]:
    """A plausible object for the request: an interviewer's turn, or the plainest one that the schema allows."""
    messages = body["messages"]
    said = _ANSWER.search(messages[-1]["content"])
    options = _OPTION.findall(messages[0]["content"])
    if said and options:
        asked = sum(message["role"] == "assistant" for message in messages)
        return interview(said[1], said[2], options, _QUESTIONS[asked % len(_QUESTIONS)])
    return plainest(_schema(body))


def interview(topic: str, text: str, options: list[tuple[str, str]], question: str) -> dict[str, Any]:
    """Few words are vague and get a probe where one is offered; else the next topic is opened."""
    vague = len(text.split()) < _ENOUGH_WORDS
    probes = [(key, fits) for key, fits in options if key.startswith("probe:")]
    key, fits = (probes if vague and probes else [option for option in options if option not in probes] or options)[0]
    hook = " ".join(text.split()[-4:]).strip(" .,!?")
    return {
        "kind": "vague" if vague else "specific",
        "covers": [] if vague else [topic],
        "signals": [signal.strip() for signal in fits.split(",") if signal.strip() not in ("", "vague")][:1],
        "hook": hook if hook in text else "",
        "about": "",
        "option": key,
        "message": f"Thank you. {question}",
    }


def plainest(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """The least value that fits: first of an enum, empty texts and lists, zeros."""
    root = root or schema
    if "$ref" in schema:
        return plainest(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema:
        return plainest(schema["anyOf"][-1], root)
    if schema.get("type") == "array":
        return [plainest(schema["items"], root) for _ in range(schema.get("minItems", 0))]
    if schema.get("type") == "object":
        return {name: plainest(child, root) for name, child in schema.get("properties", {}).items()}
    return {
        "string": "",
        "integer": schema.get("minimum", 0),
        "number": schema.get("minimum", 0.0),
        "boolean": False,
    }.get(str(schema.get("type")))


def _schema(body: dict[str, Any]) -> dict[str, Any]:
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if shape is None and (found := _SCHEMA.search(body["messages"][0]["content"])):
        shape = json.loads(found[1])
    return shape or {}
