"""Headline and summary, by a model: sentences that cite kept quotes and bring in nothing from outside."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import Cited
from interviewer.analysis.case import Case, Result
from interviewer.analysis.summary import MOST, by_rules
from interviewer.deps import Deps
from interviewer.evidence import Claim, StatementKind

PROMPT = "summarise_interview"
FEWEST = 3
LONGEST_TITLE = 120


class SummedUp(BaseModel):
    headline: Cited
    summary: list[Cited]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's sentences that keep to the quotes they cite; the rules' where none do. Raises LLMUnavailable."""
    prompt = deps.prompts.load(PROMPT, **asking.about(case))
    plain = by_rules(case)
    if not case.quotes:
        return replace(plain, prompt_id=prompt.id)
    messages = asking.conversation(case, quotes=asking.listed(case.quotes))
    done = await deps.llm.complete(prompt, messages, SummedUp, deadline_s=asking.DEADLINE_S)
    by = deps.llm.name
    headline = _kept(case, StatementKind.HEADLINE, done.value.headline, by, longest=LONGEST_TITLE)
    kept = [_kept(case, StatementKind.SUMMARY, sentence, by) for sentence in done.value.summary]
    sentences = [claim for claim in kept if claim][:MOST]
    for claim in _of(plain.claims, StatementKind.SUMMARY):  # what fell is made up for, so that the story stays whole
        cited = {span for known in sentences for span in known.spans}
        if len(sentences) < FEWEST and not cited.issuperset(claim.spans):
            sentences.append(claim)
    headlines = (headline,) if headline else _of(plain.claims, StatementKind.HEADLINE)
    return Result(claims=(*headlines, *sentences), made_by=by, prompt_id=prompt.id)


def _kept(
    case: Case, kind: StatementKind, sentence: Cited, made_by: str, *, longest: int = asking.LONGEST_SENTENCE
) -> Claim | None:
    spans = asking.cited(case.quotes, sentence.quotes)
    text = asking.sentence(case, sentence.text, longest=longest)
    return Claim(kind, text, spans, made_by) if text and spans else None


def _of(claims: Sequence[Claim], kind: StatementKind) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.kind is kind)
