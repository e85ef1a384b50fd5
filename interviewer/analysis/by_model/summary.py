"""Headline and summary, by a model: sentences that cite kept quotes and bring in nothing from outside."""

from collections.abc import Sequence

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.case import Case, Result
from interviewer.analysis.summary import MOST, by_rules
from interviewer.deps import Deps
from interviewer.evidence import Claim, Quote, StatementKind

PROMPT = "summarise_interview"
FEWEST = 3
LONGEST_TITLE = 120


class Sentence(BaseModel):
    text: str
    quotes: list[int]


class SummedUp(BaseModel):
    headline: Sentence
    summary: list[Sentence]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's sentences that keep to the quotes they cite; the rules' where none do. Raises LLMUnavailable."""
    tagged = [quote for quote in case.quotes if quote.tags]
    if not tagged:
        return by_rules(case)
    prompt = deps.prompts.load(PROMPT, **asking.about(case))
    listed = [
        {"quote": index, "turn": quote.turn_number, "words": quote.text, "themes": [tag.theme for tag in quote.tags]}
        for index, quote in enumerate(tagged, start=1)
    ]
    messages = asking.conversation(case, quotes=listed)
    done = await deps.llm.complete(prompt, messages, SummedUp, deadline_s=asking.DEADLINE_S)
    by, plain = deps.llm.name, by_rules(case).claims
    headline = _kept(case, tagged, StatementKind.HEADLINE, done.value.headline, by, longest=LONGEST_TITLE)
    kept = [_kept(case, tagged, StatementKind.SUMMARY, sentence, by) for sentence in done.value.summary]
    sentences = [claim for claim in kept if claim][:MOST]
    for claim in _of(plain, StatementKind.SUMMARY):  # what fell is made up for, so that the story stays whole
        cited = {span for known in sentences for span in known.spans}
        if len(sentences) < FEWEST and not cited.issuperset(claim.spans):
            sentences.append(claim)
    headlines = (headline,) if headline else _of(plain, StatementKind.HEADLINE)
    return Result(claims=(*headlines, *sentences), made_by=by, prompt_id=prompt.id)


def _kept(
    case: Case,
    quotes: Sequence[Quote],
    kind: StatementKind,
    sentence: Sentence,
    made_by: str,
    *,
    longest: int = asking.LONGEST_SENTENCE,
) -> Claim | None:
    cited = [quotes[index - 1].span for index in dict.fromkeys(sentence.quotes) if 0 < index <= len(quotes)]
    text = asking.sentence(case, sentence.text, longest=longest)
    return Claim(kind, text, tuple(cited), made_by) if text and cited else None


def _of(claims: Sequence[Claim], kind: StatementKind) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.kind is kind)
