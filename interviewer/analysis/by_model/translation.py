"""Turns put into English, by a model. A translation is for reading beside the original, and never quoted."""

import json
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.case import Case, Result
from interviewer.deps import Deps
from interviewer.languages.names import name
from interviewer.llm.base import Message
from interviewer.transcript import Turn

PROMPT = "translate_turns"
AT_ONCE = 4000
"""Characters that are translated in one call: what comes back must fit into one answer."""
_WIDER, _SLACK, _NARROWER = 5, 80, 8
"""How much longer, and how much shorter, English may be than another script."""


class Translated(BaseModel):
    turn: int
    text: str


class Turns(BaseModel):
    turns: list[Translated]


def nothing(case: Case) -> Result:
    """Rules translate nothing."""
    return Result(made_by="")


async def by_model(deps: Deps, case: Case) -> Result:
    """The turns of an interview that was not held in English, in English. Raises LLMUnavailable."""
    prompt = deps.prompts.load(PROMPT, language=name(case.transcript.language))
    texts: dict[int, str] = {}
    for part in _parts(case):
        said = [{"turn": turn.number, "who": turn.speaker.value, "text": turn.text} for turn in part]
        messages = [Message("user", json.dumps({"turns": said}, ensure_ascii=False))]
        done = await deps.llm.complete(prompt, messages, Turns, deadline_s=asking.DEADLINE_S)
        given = {one.turn: " ".join(one.text.split()) for one in done.value.turns}
        texts |= {turn.number: given[turn.number] for turn in part if _can_be(turn.text, given.get(turn.number, ""))}
    made = tuple(sorted(texts.items()))
    return Result(translations=made, made_by=deps.llm.name if made else "", prompt_id=prompt.id)


def _parts(case: Case) -> Iterator[Sequence[Turn]]:
    if case.transcript.language.lower().partition("-")[0] == "en":
        return
    part: list[Turn] = []
    for turn in case.transcript:
        if turn.removed or not turn.text.strip():
            continue
        if part and sum(len(other.text) for other in part) + len(turn.text) > AT_ONCE:
            yield part
            part = []
        part.append(turn)
    if part:
        yield part


def _can_be(original: str, translated: str) -> bool:
    """Whether the length of a translation is one: neither a remark nor a story of its own."""
    fits = len(original) <= len(translated) * _NARROWER and len(translated) <= len(original) * _WIDER + _SLACK
    return bool(translated) and fits
