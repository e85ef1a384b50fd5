"""The three answers, by a model: what was decided, why, and against whom, a sentence each on kept quotes."""

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.answers import by_rules
from interviewer.analysis.asking import Cited
from interviewer.analysis.case import Case, Result
from interviewer.deps import Deps
from interviewer.evidence import Claim, StatementKind

PROMPT = "answer_questions"


class ThreeAnswers(BaseModel):
    decided: Cited
    why: Cited
    versus: Cited | None


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's answers that keep to the quotes they cite; the rules' in place of those that fell.

    Where it says that there was no competition, nothing is put in the place of that. Raises LLMUnavailable.
    """
    prompt = deps.prompts.load(PROMPT, **asking.about(case))
    plain = {claim.kind: claim for claim in by_rules(case).claims}
    if not case.quotes:
        return Result(claims=tuple(plain.values()), prompt_id=prompt.id)
    known = [claim.text for claim in case.claims]
    messages = asking.conversation(case, quotes=asking.listed(case.quotes), known=known)
    done = await deps.llm.complete(prompt, messages, ThreeAnswers, deadline_s=asking.DEADLINE_S)
    told = {
        StatementKind.DECIDED: done.value.decided,
        StatementKind.WHY: done.value.why,
        StatementKind.VERSUS: done.value.versus,
    }
    claims = [_claim(case, kind, part, deps.llm.name) or plain.get(kind) for kind, part in told.items() if part]
    return Result(claims=tuple(filter(None, claims)), made_by=deps.llm.name, prompt_id=prompt.id)


def _claim(case: Case, kind: StatementKind, part: Cited, made_by: str) -> Claim | None:
    text, spans = asking.sentence(case, part.text), asking.cited(case.quotes, part.quotes)
    return Claim(kind, text, spans, made_by) if text and spans else None
