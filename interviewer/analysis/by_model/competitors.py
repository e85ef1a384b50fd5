"""Competitors by role, by a model: a name counts where the buyer says it; one was closest, and one was chosen."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import Said, one_of
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.competitors import BUILD, NOTHING, UNKNOWN, by_rules, claim_of
from interviewer.bodies import Competitor, CompetitorRole
from interviewer.deps import Deps
from interviewer.evidence import Claim
from interviewer.folding import fold

PROMPT = "name_competitors"
KINDS = (BUILD, "spreadsheet", "paper", "shared inbox", NOTHING, UNKNOWN)
"""What may stand for a name: an option that has none."""
_ONE = frozenset({CompetitorRole.PRIMARY, CompetitorRole.SELECTED})
"""Roles that a deal has once."""


class Option(BaseModel):
    name: str
    role: Annotated[str, one_of(*CompetitorRole)]
    quotes: list[Said]


class Competitors(BaseModel):
    competitors: list[Option]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's options that the buyer names; the rules' where it has none. Raises LLMUnavailable."""
    prompt = deps.prompts.load(PROMPT, **asking.about(case))
    messages = asking.conversation(case)
    done = await deps.llm.complete(prompt, messages, Competitors, deadline_s=asking.DEADLINE_S)
    claims = tuple(_claims(case, done.value.competitors, deps.llm.name))
    if not claims:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    return Result(claims=claims, made_by=deps.llm.name, prompt_id=prompt.id)


def _claims(case: Case, options: Iterable[Option], made_by: str) -> Iterator[Claim]:
    taken: set[tuple[CompetitorRole, str]] = set()
    for option in options:
        role, name, spans = _role(case, option.role), _name(case, option.name), asking.spans(case, option.quotes)
        if role is None or not name or not spans:
            continue
        body = Competitor(name, role)
        place = (role, "" if role in _ONE else fold(name))
        if place not in taken:
            taken.add(place)
            yield claim_of(body, spans, made_by)


def _role(case: Case, role: str) -> CompetitorRole | None:
    """A role of ours. Who bought from the vendor chose no other."""
    if role not in set(CompetitorRole):
        return None
    known = CompetitorRole(role)
    return None if known is CompetitorRole.SELECTED and case.outcome is Outcome.WON else known


def _name(case: Case, name: str) -> str:
    if fold(name) in KINDS:
        return fold(name)
    said = asking.named(case, name)
    return "" if fold(said) in {fold(own) for own in case.own_names} else said
