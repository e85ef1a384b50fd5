"""The three notes, by a model: a sentence each, on words that are found in the buyer's answers."""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import Said
from interviewer.analysis.case import Case, Result
from interviewer.analysis.notes import by_rules
from interviewer.analysis.phrasing import quoted
from interviewer.deps import Deps
from interviewer.evidence import Claim, StatementKind

PROMPT = "note_findings"


class Finding(BaseModel):
    """A sentence, and the buyer's words that carry it."""

    text: str
    quotes: list[Said]


class ThreeNotes(BaseModel):
    surprise: Finding | None
    phrase: Said | None
    gap: Finding | None


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's notes where its quotes were found; the rules' in place of those that fell. Raises LLMUnavailable."""
    prompt = deps.prompts.load(PROMPT, **asking.about(case))
    messages = asking.conversation(case)
    done = await deps.llm.complete(prompt, messages, ThreeNotes, deadline_s=asking.DEADLINE_S)
    claims = {claim.kind: replace(claim, made_by=deps.llm.name) for claim in _claims(case, done.value)}
    denied = done.value.gap is None
    for claim in by_rules(case).claims:
        if not (claim.kind is StatementKind.GAP and denied):
            claims.setdefault(claim.kind, claim)
    return Result(claims=tuple(claims.values()), made_by=deps.llm.name, prompt_id=prompt.id)


def _claims(case: Case, reply: ThreeNotes) -> Iterable[Claim]:
    for kind, finding in ((StatementKind.SURPRISE, reply.surprise), (StatementKind.GAP, reply.gap)):
        if finding and (text := asking.sentence(case, finding.text)):
            spans = asking.spans(case, finding.quotes)
            if spans:
                yield Claim(kind, text, spans)
    if reply.phrase and (spans := asking.spans(case, [reply.phrase])):
        yield Claim(StatementKind.PHRASE, quoted(asking.words(case, spans[0])), spans)
