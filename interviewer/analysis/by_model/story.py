"""How it went, by a model: what started it, where it stood still, and the tone with where that turned."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import Said, one_of
from interviewer.analysis.case import Case, Result
from interviewer.analysis.story import EVENTS, by_rules, fit
from interviewer.bodies import Body, Mood, Stalled, Tone, Trigger
from interviewer.deps import Deps
from interviewer.evidence import Claim, StatementKind

PROMPT = "trace_story"


class Started(BaseModel):
    event: Annotated[str, one_of(*EVENTS, "none")]
    text: str
    quotes: list[Said]


class StoodStill(BaseModel):
    at: str
    text: str
    quotes: list[Said]


class Sounded(BaseModel):
    mood: Annotated[str, one_of(*Mood)]
    turned_at: int
    text: str
    quotes: list[Said]


class Story(BaseModel):
    trigger: Started | None
    stalled: StoodStill | None
    tone: Sounded | None


async def by_model(deps: Deps, case: Case) -> Result:
    """Each part that rests on words in an answer; the rules' in place of those that fell. Raises LLMUnavailable."""
    events = "\n".join(f"- `{event}`: {meaning}" for event, meaning in EVENTS.items())
    prompt = deps.prompts.load(
        PROMPT, events=events, moods=", ".join(f"`{mood}`" for mood in Mood), **asking.about(case)
    )
    done = await deps.llm.complete(prompt, asking.conversation(case), Story, deadline_s=asking.DEADLINE_S)
    told, plain = done.value, {claim.kind: claim for claim in by_rules(case).claims}
    claims = [
        _claim(case, deps.llm.name, kind, part, make) or plain.get(kind)
        for kind, part, make in (
            (StatementKind.TRIGGER, told.trigger, _trigger),
            (StatementKind.STALLED, told.stalled, _stalled),
            (StatementKind.TONE, told.tone, _tone),
        )
        if part is not None or kind is StatementKind.TONE
    ]
    return Result(claims=tuple(filter(None, claims)), made_by=deps.llm.name, prompt_id=prompt.id)


Part = Started | StoodStill | Sounded


def _claim(
    case: Case, made_by: str, kind: StatementKind, part: Part | None, make: Callable[[Case, Part], Body | None]
) -> Claim | None:
    if part is None:
        return None
    body, text, spans = make(case, part), asking.sentence(case, part.text), asking.spans(case, part.quotes)
    return Claim(kind, text, spans, made_by, body) if body and text and spans else None


def _trigger(case: Case, part: Part) -> Body | None:
    assert isinstance(part, Started)
    event = part.event if part.event in EVENTS else ""
    return Trigger(event, fit(case, event))


def _stalled(case: Case, part: Part) -> Body | None:
    assert isinstance(part, StoodStill)
    at = asking.sentence(case, part.at, longest=asking.LONGEST_NAME)
    return Stalled(at) if at else None


def _tone(case: Case, part: Part) -> Body | None:
    assert isinstance(part, Sounded)
    if part.mood not in set(Mood):
        return None
    answers = {turn.number for turn in case.telling}
    return Tone(Mood(part.mood), part.turned_at if part.turned_at in answers else 0)
