"""The shape of an answer: the schema that a server is given, and the object found in what it wrote."""

import json
import re
from functools import cache
from typing import Any, TypeVar

import jiter
from pydantic import BaseModel, ValidationError

from interviewer.llm.terms import Format

T = TypeVar("T", bound=BaseModel)

_NOT_IN_STRICT = ("title", "description", "default", "minLength", "maxLength", "uniqueItems", "examples")
_THOUGHT = re.compile(r"^.*</think>", re.DOTALL)


@cache
def strict_schema(reply: type[BaseModel]) -> dict[str, Any]:
    """JSON schema of `reply` as strict servers take it: every key required, none added, fields in their order.

    Limits that strict mode does not know (string lengths) are left out; `read` holds them. So are descriptions, which
    are docstrings for us: what a model needs to know stands in the prompt. Made once for each `reply`, and not to be
    changed.
    """
    schema = _strict(reply.model_json_schema())
    assert isinstance(schema, dict)
    return schema


def _strict(node: Any, *, names: bool = False) -> Any:
    """`names`: the keys of `node` are field or definition names, not keywords."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {name: _strict(child) for name, child in node.items()}
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    kept = {
        key: _strict(value, names=key in ("properties", "$defs"))
        for key, value in node.items()
        if key not in _NOT_IN_STRICT
    }
    if kept.get("type") == "object" and "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def read(text: str, reply: type[T]) -> T:
    """The first object in `text` that is a valid `reply`; prose, fences and thoughts around it are passed over.

    Raises ValueError, without the text in its message, when there is none.
    """
    body = _THOUGHT.sub("", text)
    start = body.find("{")
    while start >= 0:
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(body, start)
            return reply.model_validate(value)
        except (ValidationError, ValueError):
            start = body.find("{", start + 1)
        except RecursionError:  # no reply of ours is that deep, whatever stands further in
            break
    raise ValueError(f"no valid {reply.__name__} in the answer")


def ignores_format(text: str, reply: type[BaseModel], form: Format) -> bool:
    """Whether a server that was asked for `form` cannot have heard it: the keys are missing, or any object is."""
    if form == "text":
        return False
    try:
        value = json.loads(text)
    except ValueError:
        return True
    wanted = set(reply.model_fields) if form == "json_schema" else set()
    return not isinstance(value, dict) or not wanted <= set(value)


def complete_fields(text: str) -> dict[str, Any]:
    """The fields of an object still being written that are surely whole: all but the last one begun."""
    try:
        value = jiter.from_json(text.encode(), partial_mode="trailing-strings")
    except ValueError:
        return {}
    return dict(list(value.items())[:-1]) if isinstance(value, dict) else {}
