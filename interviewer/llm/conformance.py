"""Does the model server do what an interview needs? Asked by `interviewer doctor`, and of every provider in tests."""

import time
from typing import Literal, NamedTuple

from pydantic import BaseModel

from interviewer.errors import LLMUnavailable
from interviewer.llm.base import LLM, Message, Prompt
from interviewer.llm.openai import OpenAILLM

DEADLINE_S = 20.0
QUICK_S = 6.0

_PROMPT = Prompt(
    id="conformance",
    text=(
        "You check a connection. Answer with one JSON object: "
        '{"mood": "happy" or "sad", "message": "a question of at most ten words about the visit"}.'
    ),
)
_FORMATS = {
    "json_schema": "answers by schema",
    "json_object": "has no schemas; JSON mode is used instead",
    "text": "has neither schemas nor JSON mode; objects are looked for in plain text",
}


class Check(NamedTuple):
    """One thing looked at; `detail` says what was found, or what to do."""

    name: str
    ok: bool
    detail: str


class Mood(BaseModel):
    mood: Literal["happy", "sad"]
    message: str


async def check(llm: LLM) -> list[Check]:
    """Make one short call and report. Never raises for model trouble."""
    if llm.scripted:
        return [Check("model", True, "none is configured: interviews use the flow's own words")]
    started = time.perf_counter()
    said = [Message("user", "The visit was lovely, thank you.")]
    try:
        done = await llm.complete(_PROMPT, said, Mood, deadline_s=DEADLINE_S)
    except LLMUnavailable as error:
        advice = "check the key, the address and the model's name" if error.permanent else "try again in a minute"
        return [Check("model", False, f"{llm.name}: {error.reason}; {advice}")]
    took = time.perf_counter() - started
    quick = took <= QUICK_S
    speed = f"{took:.1f} s for a short answer" + (
        "" if quick else "; a buyer should not wait so long: try a smaller model"
    )
    checks = [
        Check("model", True, f"{done.model} answers"),
        Check("speed", quick, speed),
    ]
    if isinstance(llm, OpenAILLM):
        checks.append(Check("format", True, f"{done.model} {_FORMATS[llm.accepted.now.format]}"))
    return checks
