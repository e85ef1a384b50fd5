"""Turns of an interview that was not held in English, put into English by a model: read beside the original only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from interviewer.analysis import pipeline
from interviewer.analysis.by_model import translation
from interviewer.deps import Deps
from interviewer.llm.base import Message
from interviewer.store import translations
from interviewer.store.tables.review import RedactionRow
from tests.fakes.model_replies import Model, plain
from tests.store.talks import ANSWERS, change, ended, found

GERMAN = (
    ("trigger", "unsere Planerin ist im Mai gegangen"),
    ("decision", "Ihr Support macht um sechs zu, das war es"),
)


class Translator:
    """Puts "EN " before what it is given, but for what `instead` says; `asked` are the numbers of the turns."""

    def __init__(self, instead: Mapping[int, str | None] | None = None) -> None:
        self.instead = instead or {}
        self.asked: list[list[int]] = []

    async def __call__(self, kind: str, messages: Sequence[Message]) -> dict[str, Any]:
        if kind != "Turns":
            return await plain(kind, messages)
        turns = json.loads(messages[-1].text)["turns"]
        self.asked.append([turn["turn"] for turn in turns])
        made = {turn["turn"]: self.instead.get(turn["turn"], f"EN {turn['text']}") for turn in turns}
        return {"turns": [{"turn": number, "text": text} for number, text in made.items() if text is not None]}


async def english(deps: Deps) -> Mapping[int, str]:
    async with deps.db.read() as tx:
        return await translations.of(tx, "talk", "en")


async def test_every_turn_is_translated_and_none_is_quoted(deps: Deps) -> None:
    translator = Translator()
    modelled = replace(deps, llm=Model(translator))
    await pipeline.analyse(modelled, await ended(deps, GERMAN, language="de"))
    assert await english(deps) == {
        1: "EN And trigger?",
        2: f"EN {GERMAN[0][1]}",
        3: "EN And decision?",
        4: f"EN {GERMAN[1][1]}",
    }
    quotes, _, steps = await found(deps)
    assert steps["translation"] == ("done", "fake:1")
    assert not [quote for quote in quotes if "EN" in quote.text]


async def test_english_and_the_rules_translate_nothing(deps: Deps) -> None:
    translator = Translator()
    await pipeline.analyse(replace(deps, llm=Model(translator)), await ended(deps, ANSWERS))
    await pipeline.analyse(deps, await ended(deps, GERMAN, interview_id="other", language="de"))
    assert translator.asked == []
    assert await english(deps) == {}
    assert (await found(deps, "other"))[2]["translation"] == ("done", "")


async def test_another_text_or_a_bar_voids_a_translation_until_it_is_made_anew(deps: Deps) -> None:
    modelled = replace(deps, llm=Model(Translator()))
    await pipeline.analyse(modelled, await ended(deps, GERMAN, language="de"))
    await change(deps, 2, "unser Planer ist im Juni gegangen")
    assert 2 not in await english(deps)
    async with deps.db.write() as tx:
        turn = (await translations.turns(tx, "talk"))[4]
        placed = {"turn_id": turn.id or 0, "start": 4, "end": 11}
        tx.add(RedactionRow(interview_id="talk", user_id="u1", at=deps.now(), **placed))
    assert set(await english(deps)) == {1, 3}
    await pipeline.analyse(modelled, "talk")
    made = await english(deps)
    assert made[2] == "EN unser Planer ist im Juni gegangen"
    assert made[4] == "EN Ihr ███████ macht um sechs zu, das war es"


@pytest.mark.parametrize("instead", ["", "x" * 400, "Hm", None])
async def test_what_cannot_be_a_translation_is_not_kept(sqlite_deps: Deps, instead: str | None) -> None:
    modelled = replace(sqlite_deps, llm=Model(Translator({4: instead})))
    await pipeline.analyse(modelled, await ended(sqlite_deps, GERMAN, language="de"))
    assert set(await english(sqlite_deps)) == {1, 2, 3}


async def test_a_long_talk_is_translated_in_parts(sqlite_deps: Deps) -> None:
    translator = Translator()
    long = "wir haben lange gesucht und dann entschieden. " * 50
    talk = [("decision", long)] * 4
    await pipeline.analyse(replace(sqlite_deps, llm=Model(translator)), await ended(sqlite_deps, talk, language="de"))
    assert len(translator.asked) > 1
    assert [number for part in translator.asked for number in part] == list(range(1, 9))
    assert len(long) < translation.AT_ONCE
    assert set(await english(sqlite_deps)) == set(range(1, 9))
