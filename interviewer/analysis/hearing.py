"""Hear what a clause is about, without a model: whom it speaks of, in which tone, and which themes it carries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from interviewer.analysis import classifier, words
from interviewer.analysis.case import Case, Outcome
from interviewer.analysis.clauses import clauses
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.journey import Branch, theme_of
from interviewer.analysis.noise import is_noise
from interviewer.analysis.options import Options
from interviewer.analysis.words import Words, is_sentence
from interviewer.evidence import Span
from interviewer.flows.tokens import count, tokens
from interviewer.transcript import Turn

SURE, LIKELY, GUESS = 0.9, 0.75, 0.6
"""Asked and said; said without being asked; only asked."""

_ALWAYS_AGAINST = frozenset(
    {Theme.FEATURE_GAP, Theme.MESSAGING_MISS, Theme.PROCESS_FRICTION, Theme.EXPECTATION_MISSED, Theme.CRITICISM}
)
_MORE_SPECIFIC = _ALWAYS_AGAINST | {Theme.PRICING, Theme.STALLED_AT}
_WORDS_TO_JUDGE = 3
"""Words from which praise or blame says something ("nice app" does not)."""
_TOLD = ("peer", "almost", "decision", "alternatives")
"""Topics that a clause of an answer on another one may tell, the plainest first."""
_STORY = 25
"""Words of an answer that may tell any topic."""
_REACH = 80
"""Characters before a word that may change what it means."""
_PLAIN = 0.6
"""How sure learned weights are from which advice without a word of praise or blame points their way."""
_NEGATION_REACH = 3
"""Words before a word of praise or blame in which a negation turns it round."""


class About(Enum):
    US = auto()
    THEM = auto()
    BOTH = auto()
    UNSAID = auto()


@dataclass(frozen=True)
class Clause:
    """A clause of an answer, with the answer it stands in."""

    turn: Turn
    span: Span
    text: str
    topic: str = field(default="", compare=False)
    """What it tells of: what was asked, or another topic where a long answer plainly tells that as well."""
    branch: Branch | None = field(default=None, compare=False)
    """What was asked for, where that was not the topic's own question."""


@dataclass(frozen=True)
class Hearing:
    """One interview, heard with the word lists of its language."""

    case: Case

    @cached_property
    def words(self) -> Words:
        return words.of(self.case.transcript.language, self.case.said)

    @cached_property
    def options(self) -> Options:
        return Options(self.case, self.words)

    @cached_property
    def parts(self) -> tuple[Clause, ...]:
        """Every clause of the answers, in order."""
        return tuple(
            Clause(turn, Span(turn.number, start, end), text, self._told(turn, text, covered), self.case.branch(turn))
            for turn in self.case.telling
            for covered in [self._covered(turn)]
            for start, end in clauses(turn.text, self.words)
            if (text := turn.text[start:end])
        )

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Those that are about the purchase."""
        return tuple(
            part for part in self.parts if not is_noise(part.turn.text, part.span.start, part.span.end, self.words)
        )

    @cached_property
    def places(self) -> dict[Span, int]:
        """By span: which of the clauses it is."""
        return {clause.span: place for place, clause in enumerate(self.clauses)}

    def content(self, text: str) -> int:
        """Words of `text` that carry something."""
        return sum(token.low.partition("'")[0] not in self.words.function_words for token in tokens(text))

    def about(self, clause: Clause) -> About:
        """Whom the clause speaks of, as far as it says so."""
        us = bool(self.words.us.search(clause.text)) or any(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", clause.text, re.IGNORECASE) for name in self.case.own_names
        )
        them = self.options.named_in(clause.text) or self._they(clause)
        if us:
            return About.BOTH if them else About.US
        return About.THEM if them else About.UNSAID

    def tone(self, clause: Clause) -> tuple[int, int]:
        """Words of praise and of blame, negations reckoned with."""
        good, good_denied = self._heard("good", clause.text)
        bad, bad_denied = self._heard("bad", clause.text)
        doubt, _ = self._heard("doubt", clause.text)
        return good + bad_denied, bad + good_denied + doubt

    def themes(self, clause: Clause) -> tuple[Theme, ...]:
        """Themes that the words themselves give away, whatever was asked."""
        if clause.span not in self._themes:
            self._themes[clause.span] = tuple(self._given_away(clause))
        return self._themes[clause.span]

    @cached_property
    def _themes(self) -> dict[Span, tuple[Theme, ...]]:
        """By span: what is quoted, how far it reaches and how it is labelled all ask."""
        return {}

    def _given_away(self, clause: Clause) -> Iterator[Theme]:
        text, about, hears = clause.text, self.about(clause), self.words.hears
        if self.options_of(clause):
            yield Theme.COMPETITOR_MENTION
        if about is not About.US and self._is_elsewhere(clause):
            return
        good, bad = self.tone(clause)
        found: set[Theme] = set()
        if hears(Theme.HIDDEN_CRITERION, text):
            found.add(Theme.HIDDEN_CRITERION)
        if hears(Theme.STALLED_AT, text):
            found.add(Theme.STALLED_AT)
        if hears(Theme.PRICING, text):
            found.add(Theme.PRICING)
        merits = self.case.outcome is Outcome.WON and clause.topic == "decision" and good and not bad
        if about is not About.THEM:  # what won them tells of a feat, however long or often something took
            found |= set(self._shortcomings(text, bad, found)) - ({Theme.PROCESS_FRICTION} if merits else set())
        yield from sorted(found, key=list(Theme).index)
        if self._is_ours(about, clause) and len(tokens(text)) >= _WORDS_TO_JUDGE and not self.is_remote(clause):
            asked = theme_of(self.case.flow, clause.topic)
            if good and not bad and not found & _ALWAYS_AGAINST and asked is not Theme.FEATURE_GAP:
                yield Theme.PRAISE
            elif bad and not good and not found & _MORE_SPECIFIC and not hears("doubt", text):
                yield Theme.CRITICISM

    def is_remote(self, clause: Clause) -> bool:
        """Whether a clause tells of what was before or only might be: neither is to the vendor's credit or blame."""
        return any(match.start() == 0 for match in self.words.find("remote", clause.text))

    def polarity(self, theme: Theme, clause: Clause) -> Polarity:
        """Towards the vendor."""
        about, (good, bad) = self.about(clause), self.tone(clause)
        if theme in _ALWAYS_AGAINST:
            return Polarity.NEGATIVE
        if theme is Theme.PRAISE:
            return Polarity.POSITIVE
        if theme is Theme.TRIGGER or (clause.topic == "trigger" and theme is Theme.DECISION_FACTOR):
            return Polarity.NEUTRAL
        if theme in {Theme.PEER_RECOMMENDATION, Theme.REFERRAL_LANGUAGE}:
            return self._advised(clause)
        if (
            theme is Theme.PRICING
            and clause.topic == "almost"
            and not (good or bad or is_sentence(self.words, clause.text))
        ):
            return Polarity.NEUTRAL  # "price": named, and not said which way it pulled
        if self._clears_the_price(theme, clause, plain=not (good or bad)):
            return Polarity.NEUTRAL
        if theme is Theme.COMPETITOR_MENTION and self.options.are_asked_for(clause.turn):
            return Polarity.NEUTRAL
        if clause.branch is not None and about is not About.US:
            weighs = theme is Theme.DECISION_FACTOR or (
                theme is Theme.PRICING and clause.branch.polarity is Polarity.NEGATIVE
            )
            return clause.branch.polarity if weighs else Polarity.NEUTRAL
        if theme is Theme.DECISION_FACTOR and _ALWAYS_AGAINST.intersection(self.themes(clause)):
            return Polarity.NEGATIVE
        expected = self._expected(clause)
        if theme is Theme.DECISION_FACTOR and about is About.UNSAID and expected is not Polarity.NEUTRAL:
            return expected
        if good and bad:
            return Polarity.MIXED
        if good or bad:
            if about is About.THEM or (about is About.UNSAID and not self._is_ours(about, clause)):
                return Polarity.NEGATIVE if good else Polarity.POSITIVE
            if about is not About.BOTH:
                return Polarity.POSITIVE if good else Polarity.NEGATIVE
        weighs = theme in {Theme.DECISION_FACTOR, Theme.PRICING, Theme.HIDDEN_CRITERION}
        decides = (
            theme is Theme.COMPETITOR_MENTION
            and clause.topic in {"decision", "almost"}
            and about in {About.THEM, About.BOTH}
        )
        return expected if weighs or decides else Polarity.NEUTRAL

    def _clears_the_price(self, theme: Theme, clause: Clause, *, plain: bool) -> bool:
        """Whether the price is said to have been no reason. A clause that says just that decides nothing either."""
        weighed = theme is Theme.DECISION_FACTOR and plain and self.words.hears(Theme.PRICING, clause.text)
        return (theme is Theme.PRICING or weighed) and self.words.hears("price_is_fine", clause.text)

    def _advised(self, clause: Clause) -> Polarity:
        """Whether a colleague is sent to the vendor, warned of it, or both."""
        good, bad = self.tone(clause)
        sends = good > 0 or self.words.hears("urges", clause.text)
        warns = bad > 0 or self.words.hears("watch_out", clause.text)
        if sends and warns:
            return Polarity.MIXED
        if not (sends or warns):
            learned = classifier.polarity(clause.text, self.words.language)
            return next((polarity for polarity, sure in learned.items() if sure >= _PLAIN), Polarity.NEUTRAL)
        return Polarity.POSITIVE if sends else Polarity.NEGATIVE if warns else Polarity.NEUTRAL

    def _they(self, clause: Clause) -> bool:
        """Whether "they" are a rival: one was named, and nobody of the buyer's own stands before it."""
        if not self.options.names or clause.topic == "trigger":
            return False
        if self.words.them.search(clause.text):
            return True
        let_down = self.tone(clause)[1] or self.words.hears(Theme.PROCESS_FRICTION, clause.text)
        if self.case.outcome is Outcome.LOST and let_down:  # nobody goes over to those who never rang back
            return False
        text, own = clause.text, self.words.own.search(clause.text)
        return any(
            self.words.opening.search(text, max(0, match.start() - _REACH), match.start())
            for match in self.words.they.finditer(text)
            if own is None or own.end() > match.start()
        )

    def _shortcomings(self, text: str, bad: int, found: set[Theme]) -> Iterator[Theme]:
        hears = self.words.hears
        if hears(Theme.MESSAGING_MISS, text) or (hears("message_side", text) and (bad or hears("unclear", text))):
            yield Theme.MESSAGING_MISS
        elif hears(Theme.FEATURE_GAP, text) and not found & {Theme.STALLED_AT, Theme.HIDDEN_CRITERION}:
            yield Theme.FEATURE_GAP
        if hears(Theme.PROCESS_FRICTION, text) or (hears("sales_side", text) and hears("bad", text)):
            yield Theme.PROCESS_FRICTION
        if hears(Theme.EXPECTATION_MISSED, text):
            yield Theme.EXPECTATION_MISSED

    def _is_elsewhere(self, clause: Clause) -> bool:
        """Whether the topic asks for what was before, or for others: nothing to hold against the vendor, or for it."""
        if theme_of(self.case.flow, clause.topic) is Theme.COMPETITOR_MENTION:
            return bool(self.options.heard_in(clause.turn.text)) or not self.words.hears("ours", clause.text)
        before = clause.topic == "trigger" and self.case.flow != "churn"
        return before or clause.topic == "someone_else"

    def options_of(self, clause: Clause) -> tuple[str, ...]:
        """The options that a clause is about. Where the decision is told, "they" is the only rival named so far."""
        heard, names = self.options.heard_in(clause.text), self.options.names
        if theme_of(self.case.flow, clause.topic) in {Theme.COMPETITOR_MENTION, Theme.FEATURE_GAP}:
            return heard
        about = self.about(clause)
        if about is not About.THEM and self.words.us.match(clause.text) and self.tone(clause)[0]:
            return ()  # "you were quicker than …" is about the vendor
        if clause.topic in {"almost", "decision"} and len(names) == 1 and not heard and about is About.THEM:
            return names
        kinds = clause.topic in {"almost", "decision"} and self.words.hears("decided", clause.text)
        return heard if kinds else tuple(name for name in heard if name in names)

    def _is_ours(self, about: About, clause: Clause) -> bool:
        """Whether praise and blame here are the vendor's. What tipped a lost deal was the other's merit, and what
        was bad in the story of a won one was not the vendor."""
        if about is not About.UNSAID or clause.branch is not None:
            return about is About.US
        good, bad = self.tone(clause)
        against = {Outcome.LOST: good, Outcome.WON: bad}.get(self.case.outcome, 0)
        return not (clause.topic == "decision" and against)

    def _expected(self, clause: Clause) -> Polarity:
        """Which way a reason points when its words do not say: what decided made the outcome, what almost did, not."""
        if clause.branch is not None:
            return clause.branch.polarity
        if self.case.outcome is Outcome.OPEN or clause.topic not in {"decision", "almost"}:
            return Polarity.NEUTRAL
        told = clause.topic == "decision" or self.options.is_probed(clause.turn)
        towards = (self.case.outcome is Outcome.WON) == told
        return Polarity.POSITIVE if towards else Polarity.NEGATIVE

    def _covered(self, turn: Turn) -> tuple[str, ...]:
        """The other topics that an answer may tell: those it was found to cover, and any in a long one."""
        if turn.topic in _TOLD:
            return ()
        covers = turn.assessment.covers if turn.assessment else ()
        return _TOLD if count(turn.text) >= _STORY else tuple(topic for topic in _TOLD if topic in covers)

    def _told(self, turn: Turn, text: str, covered: tuple[str, ...]) -> str:
        """The topic that a clause tells of: another than was asked only where it says so."""
        return next((topic for topic in covered if self.words.hears(f"tells_{topic}", text)), turn.topic)

    def _heard(self, cue: str, text: str) -> tuple[int, int]:
        """How often a cue is said, and how often it is denied."""
        denied = said = 0
        for match in self.words.find(cue, text):
            near = text[max(0, match.start() - _REACH) : match.start()]
            before = tokens(near)[-_NEGATION_REACH:]
            if before and self.words.negations.search(near[before[0].start :]):
                denied += 1
            else:
                said += 1
        return said, denied
