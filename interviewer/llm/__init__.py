"""Providers of the interviewer's judgement and words. Add one: its file, plus one line in `PROVIDERS`."""

import os
from collections.abc import Mapping

from interviewer.errors import BadInput, Problem
from interviewer.llm.base import LLM
from interviewer.llm.openai import OpenAILLM
from interviewer.llm.scripted import ScriptedLLM

PROVIDERS: dict[str, type[OpenAILLM] | type[ScriptedLLM]] = {
    "openai": OpenAILLM,
    "scripted": ScriptedLLM,
}


def choose(name: str, model: str, env: Mapping[str, str] = os.environ) -> LLM:
    """The provider that a setting names; with none named, `openai` where a key or an address is set, else `scripted`.

    Raises BadInput for a name that is not in `PROVIDERS`.
    """
    if not name:
        name = "openai" if env.get("OPENAI_API_KEY") or env.get("OPENAI_BASE_URL") else "scripted"
    if name not in PROVIDERS:
        raise BadInput([Problem("INTERVIEWER_LLM", f"{name!r} is not one of {', '.join(sorted(PROVIDERS))}")])
    return PROVIDERS[name].from_env(model, env)
