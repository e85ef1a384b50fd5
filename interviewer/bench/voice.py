"""A model in the part of the buyer: it words what code has decided to tell, in the buyer's style."""

from __future__ import annotations

from pydantic import BaseModel, Field

from interviewer.bench.buyers import Buyer
from interviewer.bench.play import Asked, Said
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable
from interviewer.llm.base import Message

DEADLINE_S = 30.0
LONGEST = 1_000


class Words(BaseModel):
    message: str = Field(min_length=1, max_length=LONGEST)


class ModelVoice:
    """The words of one buyer. Where the model gives none, those of the file stand."""

    def __init__(self, deps: Deps, buyer: Buyer) -> None:
        self._deps, self._buyer = deps, buyer

    async def __call__(self, asked: Asked, said: Said) -> str:
        buyer = self._buyer
        prompt = self._deps.prompts.load(
            "play_buyer",
            role=buyer.role or "buyer",
            market=buyer.market or "a company",
            product=buyer.product,
            style=buyer.style.replace("_", " "),
            language=buyer.language,
        )
        told = f"<question>\n{asked.text}\n</question>\n<says>\n{said.text}\n</says>"
        try:
            done = await self._deps.llm.complete(prompt, [Message("user", told)], Words, deadline_s=DEADLINE_S)
        except LLMUnavailable:
            return said.text
        return done.value.message.strip() or said.text
