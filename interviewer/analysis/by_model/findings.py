"""Findings, by a model: what somebody may have to act on, under a theme of the codebook and with an owner."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import one_of
from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import CODEBOOK, Horizon, Polarity, Scope, Theme, theme
from interviewer.analysis.findings import MOST, by_rules, text_of
from interviewer.bodies import Finding, Owner, key
from interviewer.deps import Deps
from interviewer.evidence import Claim, StatementKind

PROMPT = "file_findings"


class Filed(BaseModel):
    theme: Annotated[str, one_of(*Theme)]
    subject: str
    owner: Annotated[str, one_of(*Owner)]
    scope: Annotated[str, one_of(*Scope)]
    horizon: Annotated[str, one_of(*Horizon, "none")]
    towards: Annotated[str, one_of(*Polarity)]
    text: str
    quotes: list[int]


class Findings(BaseModel):
    findings: list[Filed]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's findings that cite what was said; the rules' where none does. Raises LLMUnavailable."""
    themes = "\n".join(f"- `{theme}`: {entry.meaning}" for theme, entry in CODEBOOK.items())
    prompt = deps.prompts.load(PROMPT, themes=themes, most=str(MOST), **asking.about(case))
    if not case.quotes:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    messages = asking.conversation(case, quotes=asking.listed(case.quotes))
    done = await deps.llm.complete(prompt, messages, Findings, deadline_s=asking.DEADLINE_S)
    claims = tuple(_claims(case, done.value.findings, deps.llm.name))[:MOST]
    if not claims:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    return Result(claims=claims, made_by=deps.llm.name, prompt_id=prompt.id)


def _claims(case: Case, filed: Iterable[Filed], made_by: str) -> Iterator[Claim]:
    taken: set[str] = set()
    for one in filed:
        body, spans = _finding(case, one), asking.cited(case.quotes, one.quotes)
        if body is None or not spans or key(body) in taken:
            continue
        taken.add(key(body))
        text = asking.sentence(case, one.text) or text_of(body)
        yield Claim(StatementKind.FINDING, text, spans, made_by, body, key(body))


def _finding(case: Case, one: Filed) -> Finding | None:
    known = theme(one.theme)
    if known is None:
        return None
    return Finding(
        known,
        asking.sentence(case, one.subject, longest=asking.LONGEST_NAME),
        Owner(one.owner) if one.owner in set(Owner) else Owner.NOBODY,
        one.scope if one.scope in set(Scope) else CODEBOOK[known].scope,
        one.horizon if one.horizon in set(Horizon) else "",
        one.towards if one.towards in set(Polarity) else Polarity.NEUTRAL,
    )
