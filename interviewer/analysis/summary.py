"""The step that says in a headline what decided, and in five sentences at most the story around it.

The headline rests on the weightiest driver, so that it says what the drivers say. What it and the notes give word for
word, and who stood against the vendor, is told there: the sentences add what started it, what nearly changed it, where
it stood still and what they would tell a colleague.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import Clause, Hearing
from interviewer.analysis.journey import Branch, stages
from interviewer.analysis.phrasing import led, quoted, titled
from interviewer.analysis.reasons import PLAIN
from interviewer.analysis.words import is_sentence
from interviewer.bodies import Driver
from interviewer.evidence import Claim, Quote, Span, StatementKind, Tag
from interviewer.flows.tokens import count

MOST = 5
_NOTES = frozenset({StatementKind.SURPRISE, StatementKind.PHRASE, StatementKind.GAP})
"""Statements that give a quote word for word, which the summary then need not."""
_ALSO = {
    Theme.STALLED_AT: "Where it stood still",
    Theme.EXPECTATION_MISSED: "Expected otherwise",
    Theme.FEATURE_GAP: "Missing",
    Theme.MESSAGING_MISS: "Not clear from outside",
    Theme.PROCESS_FRICTION: "In the way",
    Theme.PRICING: "On price",
}
_TOLD_IN_ANY_WORDS = frozenset({"almost", "decision"})
"""Topics whose answers are reasons whatever theme they carry: praise, a gap, a price."""
_MOST_TOGETHER = {(Theme.DECISION_FACTOR, "decision"): 2}
"""Quotes told in one sentence, where more than one belong together."""
_DECIDES = (
    Theme.DECISION_FACTOR,
    Theme.HIDDEN_CRITERION,
    Theme.STALLED_AT,
    Theme.PRICING,
    Theme.FEATURE_GAP,
    Theme.EXPECTATION_MISSED,
    Theme.PROCESS_FRICTION,
    Theme.CRITICISM,
    Theme.TRIGGER,
    Theme.PRAISE,
)
_STILL_TO_DECIDE = (
    Theme.EXPECTATION_MISSED,
    Theme.FEATURE_GAP,
    Theme.PROCESS_FRICTION,
    Theme.PRICING,
    Theme.CRITICISM,
    Theme.PRAISE,
    Theme.DECISION_FACTOR,
)
"""What heads the interview of a customer, who was not asked for a decision: first what can still be put right."""
_WORDS_OF_A_NAME = 5
_LEAST_OF_A_HEADLINE = 3
"""Words that carry something, in a headline."""

Picked = tuple[Quote, Tag]


@dataclass(frozen=True)
class Story:
    """A sentence that a summary may hold. The lowest `rank` is told first where there is no room for all."""

    lead: str
    theme: Theme
    rank: int
    topic: str = ""
    branch: Branch | None = None


def by_rules(case: Case) -> Result:
    """The journey in the buyer's own words, in the framework's order (domain.md), and what decided as the headline."""
    tagged = [quote for quote in case.quotes if quote.tags]
    headline = _headline(case, tagged)
    known = [span for claim in case.claims if claim.kind in _NOTES for span in claim.spans]
    if headline and case.flow != "midpoint":  # a customer's story is told whole
        decided = {part.span for part in Hearing(case).parts if part.topic == "decision"}
        known += [span for span in headline.spans if any(span.overlaps(other) for other in decided)]
    sentences = list(_sentences(case, tagged, known))
    return Result(claims=((headline,) if headline else ()) + tuple(sentences))


def _headline(case: Case, quotes: Sequence[Quote]) -> Claim | None:
    """What decided, in words that say something: a whole clause, if possible with a cause, a contrast or a scene."""
    places, hearing = _Places(case), Hearing(case)
    order = _STILL_TO_DECIDE if case.flow == "midpoint" else _DECIDES

    def weight(picked: Picked) -> tuple[bool, bool, int, bool, bool, int, float]:
        quote, tag = picked
        theme, content = Theme(tag.theme), hearing.content(quote.text)
        rank = len(order) - order.index(theme) if theme in order else 0
        decides = order is _DECIDES and "decision" in places.topics(quote)
        whole = is_sentence(hearing.words, quote.text) or count(quote.text) > _WORDS_OF_A_NAME
        says = whole and content >= _LEAST_OF_A_HEADLINE
        shows = hearing.words.hears("telling", quote.text) or any(map(str.isdigit, quote.text))
        return whole, decides, rank, says, shows, min(content, 8), tag.confidence

    main = _weightiest(case)
    carried = [quote for quote in quotes if main and any(span.overlaps(quote.span) for span in main.spans)]
    every = [(quote, tag) for quote in carried or quotes for tag in quote.tags]
    if not every:
        return None
    quote, tag = max(every, key=weight)
    known = tag if tag.theme != Theme.COMPETITOR_MENTION else None
    if carried and main and isinstance(main.body, Driver):
        name = main.body.driver if main.body.driver != PLAIN[main.body.category] else ""
        known = replace(tag, subject=name)
    return Claim(StatementKind.HEADLINE, titled(quote.text, known), (quote.span,), made_by="rules")


def _weightiest(case: Case) -> Claim | None:
    """The driver that a headline says. A customer was not asked for a decision: there it is what can be put right."""
    reasons = [] if case.flow == "midpoint" else [one for one in case.claims if isinstance(one.body, Driver)]
    return max(reasons, key=lambda one: one.body.share if isinstance(one.body, Driver) else 0, default=None)


def _sentences(case: Case, quotes: Sequence[Quote], known: Sequence[Span]) -> Iterator[Claim]:
    """At most `MOST`, in the order of the journey, without the words in `known`. The answers to its own questions come
    first, with what was hidden told before the advice; then what probes found on the other side, then what else was
    said."""
    places, used = _Places(case), {quote.id for quote in quotes if any(span.overlaps(quote.span) for span in known)}
    stories = list(_stories(case, quotes, places))
    told: list[tuple[int, Claim]] = []
    for place in sorted(range(len(stories)), key=lambda place: stories[place].rank):
        story = stories[place]
        fresh = [(quote, tag) for quote, tag in _with(quotes, story.theme) if quote.id not in used]
        if story.topic in _TOLD_IN_ANY_WORDS and not places.pick(story, fresh):
            other = ((quote, tag) for quote in quotes if quote.id not in used for tag in quote.tags[:1])
            fresh = [(quote, tag) for quote, tag in other if tag.theme != Theme.COMPETITOR_MENTION]
        picked = places.full(places.pick(story, fresh), story)[: _MOST_TOGETHER.get((story.theme, story.topic), 1)]
        if picked and len(told) < MOST:
            used.update(quote.id for quote, _ in picked)
            spans = tuple(quote.span for quote, _ in picked)
            told.append((place, Claim(StatementKind.SUMMARY, _told(story.lead, picked), spans, "rules")))
    yield from (claim for _, claim in sorted(told, key=lambda pair: pair[0]))


def _stories(case: Case, quotes: Sequence[Quote], places: "_Places") -> Iterator[Story]:
    journey = stages(case.flow)
    for stage in journey:
        if stage is journey[-1]:
            yield Story("Behind the scenes", Theme.HIDDEN_CRITERION, 1)
        if stage.theme is not Theme.COMPETITOR_MENTION:
            yield Story(stage.lead, stage.theme, 2 if stage is journey[-1] else 0, stage.topic)
        found = [places.branch(quote) for quote in quotes if stage.topic in places.topics(quote)]
        for side in dict.fromkeys(found):
            if side and side.lead and side.theme:
                yield Story(side.lead, side.theme, 3, stage.topic, side)
    yield from (Story(lead, theme, 4) for theme, lead in _ALSO.items())


class _Places:
    """Where quotes stand: the topics that their clauses tell, and what was asked for beside the topic itself."""

    def __init__(self, case: Case) -> None:
        hearing = Hearing(case)
        self._parts, self._words = hearing.parts, hearing.words

    def topics(self, quote: Quote) -> set[str]:
        return {part.topic for part in self._under(quote)}

    def branch(self, quote: Quote) -> Branch | None:
        return next((part.branch for part in self._under(quote)), None)

    def pick(self, story: Story, fresh: Sequence[Picked]) -> list[Picked]:
        """Those that tell the story. Its words tell a trigger, advice or an option, whichever question they answer."""
        if not story.topic:
            return list(fresh)
        here = [(quote, tag) for quote, tag in fresh if story.topic in self.topics(quote)]
        here = [(quote, tag) for quote, tag in here if self.branch(quote) == story.branch]
        if story.branch and story.branch.at_last:
            here.sort(key=lambda picked: picked[0].span, reverse=True)
        if story.branch is None and story.theme in {Theme.TRIGGER, Theme.PEER_RECOMMENDATION}:
            return here or [(quote, tag) for quote, tag in fresh if self.branch(quote) is None]
        return here

    def full(self, picked: list[Picked], story: Story) -> list[Picked]:
        """Without bare names for a reason, where something says more; the drivers have those already."""
        said = [pair for pair in picked if is_sentence(self._words, pair[0].text)]
        return said if story.topic == "decision" and story.theme is Theme.DECISION_FACTOR else said or picked

    def _under(self, quote: Quote) -> list[Clause]:
        return [part for part in self._parts if part.span.overlaps(quote.span)]


def _told(lead: str, picked: Sequence[Picked]) -> str:
    if len(picked) == 1:
        return led(lead, picked[0][0].text, picked[0][1])
    return f"{lead}: {' and '.join(quoted(quote.text) for quote, _ in picked)}"


def _with(quotes: Sequence[Quote], theme: Theme) -> list[Picked]:
    """Quotes with this theme, the surest first."""
    found = [(quote, tag) for quote in quotes for tag in quote.tags if tag.theme == theme]
    return sorted(found, key=lambda picked: -picked[1].confidence)
