"""The step that says in a headline and three to five sentences what happened, each resting on quotes kept before."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import Theme
from interviewer.analysis.journey import stages
from interviewer.analysis.phrasing import led, quoted, titled
from interviewer.deps import Deps
from interviewer.evidence import Claim, Quote, StatementKind, Tag

PROMPT = "summarise_interview"
FEWEST, MOST = 3, 5
LONGEST_TITLE = 120
_KINDS_IN_WORDS = {"nothing": "doing nothing", "spreadsheet": "a spreadsheet", "in-house build": "an in-house build"}
_ALSO = {
    Theme.DECISION_FACTOR: "What weighed",
    Theme.STALLED_AT: "Where it stood still",
    Theme.EXPECTATION_MISSED: "Expected otherwise",
    Theme.FEATURE_GAP: "Missing",
    Theme.MESSAGING_MISS: "Not clear from outside",
    Theme.PROCESS_FRICTION: "In the way",
    Theme.PRICING: "On price",
    Theme.CRITICISM: "Disliked",
    Theme.PRAISE: "Liked",
    Theme.REFERRAL_LANGUAGE: "To a colleague",
}
_MOST_TOGETHER = {(Theme.COMPETITOR_MENTION, "alternatives"): 3, (Theme.DECISION_FACTOR, "decision"): 2}
"""Quotes told in one sentence, where more than one belong together."""
_DECIDES = (
    Theme.DECISION_FACTOR,
    Theme.HIDDEN_CRITERION,
    Theme.STALLED_AT,
    Theme.PRICING,
    Theme.FEATURE_GAP,
    Theme.EXPECTATION_MISSED,
    Theme.TRIGGER,
    Theme.PRAISE,
)

Picked = tuple[Quote, Tag]


class Sentence(BaseModel):
    text: str
    quotes: list[int]


class SummedUp(BaseModel):
    headline: Sentence
    summary: list[Sentence]


def by_rules(case: Case) -> Result:
    """The journey in the buyer's own words, in the framework's order (domain.md), and what decided as the headline."""
    tagged = [quote for quote in case.quotes if quote.tags]
    headline = _headline(case, tagged)
    sentences = list(_sentences(case, tagged))
    return Result(claims=((headline,) if headline else ()) + tuple(sentences))


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


def _headline(case: Case, quotes: Sequence[Quote]) -> Claim | None:
    topics = _topics(case)

    def weight(picked: Picked) -> tuple[bool, int, float]:
        quote, tag = picked
        theme = Theme(tag.theme)
        rank = len(_DECIDES) - _DECIDES.index(theme) if theme in _DECIDES else 0
        return topics.get(quote.turn_number) == "decision", rank, tag.confidence

    every = [(quote, tag) for quote in quotes for tag in quote.tags]
    if not every:
        return None
    quote, tag = max(every, key=weight)
    known = tag if tag.theme != Theme.COMPETITOR_MENTION else None
    return Claim(StatementKind.HEADLINE, titled(quote.text, known), (quote.span,), made_by="rules")


def _sentences(case: Case, quotes: Sequence[Quote]) -> Iterator[Claim]:
    """At most `MOST`: the journey first, with what was hidden told before the advice, then what else was said."""
    topics, used, written = _topics(case), set[int](), 0
    stories = [(stage.lead, stage.theme, stage.topic) for stage in stages(case.flow)]
    stories.insert(-1, ("Behind the scenes", Theme.HIDDEN_CRITERION, ""))
    stories += [(lead, theme, "") for theme, lead in _ALSO.items()]
    for lead, theme, topic in stories:
        fresh = [(quote, tag) for quote, tag in _with(quotes, theme) if quote.id not in used]
        picked = [(quote, tag) for quote, tag in fresh if not topic or topics.get(quote.turn_number) == topic]
        if theme in {Theme.TRIGGER, Theme.PEER_RECOMMENDATION}:  # the words tell it, whichever question they answer
            picked = picked or fresh
        picked = picked[: _MOST_TOGETHER.get((theme, topic), 1)]
        if not picked or written == MOST:
            continue
        written += 1
        used.update(quote.id for quote, _ in picked)
        yield Claim(StatementKind.SUMMARY, _told(lead, picked), tuple(quote.span for quote, _ in picked), "rules")


def _told(lead: str, picked: Sequence[Picked]) -> str:
    if picked[0][1].theme == Theme.COMPETITOR_MENTION:
        named = [part for _, tag in picked for part in tag.subject.split(", ") if part]
        if named:
            return f"{lead}: {', '.join(_KINDS_IN_WORDS.get(name, name) for name in dict.fromkeys(named))}."
    if len(picked) == 1:
        return led(lead, picked[0][0].text, picked[0][1])
    return f"{lead}: {' and '.join(quoted(quote.text) for quote, _ in picked)}"


def _with(quotes: Sequence[Quote], theme: Theme) -> list[Picked]:
    """Quotes with this theme, the surest first."""
    found = [(quote, tag) for quote in quotes for tag in quote.tags if tag.theme == theme]
    return sorted(found, key=lambda picked: -picked[1].confidence)


def _topics(case: Case) -> dict[int, str]:
    return {turn.number: turn.topic for turn in case.transcript}
