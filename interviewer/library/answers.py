"""A question answered by quotes: in a few sentences of a model's where there is one, each resting on quotes shown.

The model gets quotes that the search has chosen and nothing else: no names of people or companies, no deal. What it
writes is checked sentence by sentence; where nothing is left, the quotes are the answer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from pydantic import BaseModel

from interviewer import budget, masks
from interviewer.analysis.words import load
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable
from interviewer.flows.tokens import tokens
from interviewer.folding import fold
from interviewer.library import pages, questions
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
_NUMBER, _WORD = re.compile(r"\d+"), re.compile(r"\w+")
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
        asked = bool(read.question) and not deps.llm.scripted
        spent = asked and await budget.used_up(deps, tx, for_interviews=False)
        found = await pages.find(tx, read.wanted, read.query, every)
        listed = await pages.hits(tx, found, [QUOTE], offset=0, limit=pages.ANSWERED_BY) if asked and not spent else []
        quotes = dict(enumerate(pages.arranged(await passages.of(tx, listed), read), 1))
    if not quotes or not await _may_ask(deps, viewer):
        return see(viewer, shown.Answer((), "", over_budget=spent))
    prompt = deps.prompts.load(
        PROMPT, vendor=deps.settings.organisation or "the vendor", product=deps.settings.product or "the product"
    )
    try:
        async with budget.within(deps, budget.LIBRARY) as counted:
            done = await counted.llm.complete(prompt, [_message(read.question, quotes)], Reply, deadline_s=DEADLINE_S)
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
        whole = bool(cited) and set(cited) == set(sentence.quotes) and 0 < len(line) <= LONGEST_SENTENCE
        known = [question, *(quotes[number] for number in cited)]
        if whole and not _ADDRESS.search(line) and not _strange(line, known):
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


def _strange(line: str, texts: Sequence[str]) -> bool:
    """Whether it holds a number or a name that is in none of `texts`. A word with a capital is taken for a name; the
    first one has to be a usual beginning."""
    numbers = {number for text in texts for number in _NUMBER.findall(text)}
    if not numbers.issuperset(_NUMBER.findall(line)):
        return True
    said = {word for text in texts for word in _WORD.findall(fold(text))}
    known = load("en").not_names | said
    first = next(iter(_WORD.findall(fold(line))), "")
    return not questions.opens(first, known) or any(fold(name) not in known for name in _names(line))


def _names(line: str) -> Iterator[str]:
    for token in tokens(line):
        inside = token.start > 0 and not _SENTENCE_END.search(line[: token.start])
        if inside and token.text[0].isupper() and len(token.text) > 1:
            yield from (part for part in _WORD.findall(token.text) if part[0].isupper())


async def _may_ask(deps: Deps, viewer: Viewer) -> bool:
    bucket = "library:" + hashlib.sha256(viewer.user_id.encode()).hexdigest()[:32]
    async with deps.db.write() as tx:
        now = deps.now()
        if await hits.full_until(tx, bucket, limit=QUESTIONS, window=A_WHILE, now=now):
            return False
        hits.add(tx, bucket, now)
        audit.add(tx, viewer.user_id, "asked library", "library", deps.now())
    return True
