"""A question answered by quotes: in a few sentences of a model's where there is one, each resting on quotes shown.

The model gets quotes that the search has chosen and nothing else: no names of people or companies, no deal. What it
writes is checked sentence by sentence; where nothing is left, the quotes are the answer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from pydantic import BaseModel

from interviewer import budget, masks
from interviewer.analysis.words import load
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable
from interviewer.flows.tokens import tokens
from interviewer.folding import fold
from interviewer.library import pages
from interviewer.library.wanted import OUTCOMES, Wanted
from interviewer.llm.base import Message
from interviewer.records import library as shown
from interviewer.store import audit, hits, passages
from interviewer.store import library as shelves
from interviewer.store.passages import Passage
from interviewer.store.search import QUOTE

PROMPT = "answer_question"
DEADLINE_S = 20.0
MOST, LONGEST_SENTENCE, LONGEST_QUOTE = 5, 280, 400
A_WHILE, QUESTIONS = timedelta(hours=1), 60
"""Questions that one person may put to the model in a while; then the quotes answer alone."""
_ADDRESS = re.compile(r"https?:|www\.|\S@\S|[<>{}`]|\]\(")
_SENTENCE_END = re.compile(r"[.!?:…]\s*[\"'“”‘’(]*$")


class Sentence(BaseModel):
    text: str
    quotes: list[int]


class Reply(BaseModel):
    sentences: list[Sentence]


async def answer(deps: Deps, viewer: Viewer, wanted: Wanted) -> Seen[shown.Answer]:
    """What the model makes of the first quotes that the question finds; no sentences where they answer alone."""
    viewer.require(Field.TRANSCRIPT)
    async with deps.db.read() as tx:
        every = await shelves.facts(tx)
        read = await pages.understood(deps, tx, wanted, every)
        quiet = deps.llm.scripted or not read.question or await budget.used_up(deps, tx)
        found = await pages.find(tx, read.wanted, read.query, every)
        listed = [] if quiet else await pages.hits(tx, found, [QUOTE], offset=0, limit=pages.ANSWERED_BY)
        quotes = dict(enumerate(await passages.of(tx, listed), 1))
    if not quotes or not await _may_ask(deps, viewer):
        return see(viewer, shown.Answer((), ""))
    prompt = deps.prompts.load(
        PROMPT, vendor=deps.settings.organisation or "the vendor", product=deps.settings.product or "the product"
    )
    try:
        done = await deps.llm.complete(prompt, [_message(read.question, quotes)], Reply, deadline_s=DEADLINE_S)
    except LLMUnavailable:
        return see(viewer, shown.Answer((), ""))
    kept = checked(done.value, read.question, {number: words(one) for number, one in quotes.items()})
    return see(viewer, shown.Answer(tuple(kept), done.model if kept else ""))


def checked(reply: Reply, question: str, quotes: Mapping[int, str]) -> list[shown.Sentence]:
    """The sentences that can be kept: on one line, citing quotes that there are, with no name or number from outside
    them and the question."""
    kept = []
    for sentence in reply.sentences[:MOST]:
        cited = tuple(dict.fromkeys(number for number in sentence.quotes if number in quotes))
        line = " ".join(sentence.text.split())
        if cited and cited == tuple(dict.fromkeys(sentence.quotes)) and line and len(line) <= LONGEST_SENTENCE:
            known = _words([question, *(quotes[number] for number in cited)])
            if not _ADDRESS.search(line) and not _strange(line, known):
                kept.append(shown.Sentence(line, cited))
    return kept


def words(one: Passage) -> str:
    """A quote as a model may read it: without the names of the person and their company."""
    named = [one.invitation.company, one.invitation.name, one.invitation.email, *one.invitation.name.split()]
    return masks.without(one.text, named)[:LONGEST_QUOTE]


def _message(question: str, quotes: Mapping[int, Passage]) -> Message:
    listed = [
        {"number": number, "outcome": OUTCOMES.get(one.interview.flow, one.interview.flow), "words": words(one)}
        for number, one in quotes.items()
    ]
    return Message("user", json.dumps({"question": question, "quotes": listed}, ensure_ascii=False))


def _words(texts: Sequence[str]) -> frozenset[str]:
    return load("en").not_names.union(word for text in texts for word in re.findall(r"\w+", fold(text)))


def _strange(line: str, known: frozenset[str]) -> bool:
    """Whether it holds a number, or a word with a capital inside a sentence, that is not known."""
    if any(number not in known for number in re.findall(r"\d+", line)):
        return True
    for token in tokens(line):
        inside = token.start > 0 and not _SENTENCE_END.search(line[: token.start])
        if inside and token.text[0].isupper() and len(token.text) > 1:
            parts = [part for part in re.findall(r"\w+", token.text) if part[0].isupper()]
            if any(fold(part) not in known for part in parts):
                return True
    return False


async def _may_ask(deps: Deps, viewer: Viewer) -> bool:
    bucket = "library:" + hashlib.sha256(viewer.user_id.encode()).hexdigest()[:32]
    async with deps.db.write() as tx:
        if await hits.count(tx, bucket, since=deps.now() - A_WHILE) >= QUESTIONS:
            return False
        hits.add(tx, bucket, deps.now())
        audit.add(tx, viewer.user_id, "asked library", "library", deps.now())
    return True
