"""Hear what a clause is about, without a model: whom it speaks of, in which tone, and which themes it carries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from interviewer.analysis import words
from interviewer.analysis.case import Case, Outcome
from interviewer.analysis.clauses import clauses
from interviewer.analysis.codebook import CODEBOOK, Horizon, Polarity, Scope, Theme
from interviewer.analysis.journey import theme_of
from interviewer.analysis.options import Options
from interviewer.analysis.words import Words
from interviewer.evidence import Span, Tag
from interviewer.flows.tokens import count, tokens
from interviewer.transcript import Turn

SURE, LIKELY, GUESS = 0.9, 0.75, 0.6
"""Asked and said; said without being asked; only asked."""

_ALWAYS_AGAINST = frozenset(
    {Theme.FEATURE_GAP, Theme.MESSAGING_MISS, Theme.PROCESS_FRICTION, Theme.EXPECTATION_MISSED, Theme.CRITICISM}
)
_MORE_SPECIFIC = _ALWAYS_AGAINST | {Theme.PRICING, Theme.STALLED_AT}
_PRICE_SUBJECTS = frozenset({"price", "per-seat pricing", "contract terms", "discount", "budget", "value case"})
_SELLING_SUBJECTS = frozenset(
    {"", "sales process", "demo", "contract terms", "security review", "procurement", "legal review", "discount"}
)
_SERVING_SUBJECTS = frozenset(
    {"support hours", "support", "onboarding", "implementation", "account management", "trial", "data migration"}
)
_INSIDE_SUBJECTS = frozenset({"board", "sign-off", "works council", "procurement"})
_PITCHING_SUBJECTS = frozenset({"website", "pitch", "documentation", "references", "value case"})
_WORDS_TO_JUDGE = 3
"""Words from which praise or blame says something ("nice app" does not)."""
_WORDS_OF_A_NAME = 3
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
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(
            Clause(turn, Span(turn.number, start, end), turn.text[start:end])
            for turn in self.case.telling
            for start, end in clauses(turn.text, self.words)
        )

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

    def themes(self, clause: Clause) -> Iterator[Theme]:
        """Themes that the words themselves give away, whatever was asked."""
        text, about, hears = clause.text, self.about(clause), self.words.hears
        if self._options_of(clause):
            yield Theme.COMPETITOR_MENTION
        if about is not About.US and self._is_elsewhere(clause.turn.topic):
            return
        good, bad = self.tone(clause)
        found: set[Theme] = set()
        if hears(Theme.HIDDEN_CRITERION, text):
            found.add(Theme.HIDDEN_CRITERION)
        if hears(Theme.STALLED_AT, text):
            found.add(Theme.STALLED_AT)
        if hears(Theme.PRICING, text):
            found.add(Theme.PRICING)
        if about is not About.THEM:
            found |= set(self._shortcomings(text, bad, found))
        yield from sorted(found, key=list(Theme).index)
        if self._is_ours(about, clause) and len(tokens(text)) >= _WORDS_TO_JUDGE:
            asked = theme_of(self.case.flow, clause.turn.topic)
            if good and not bad and not found & _ALWAYS_AGAINST and asked is not Theme.FEATURE_GAP:
                yield Theme.PRAISE
            elif bad and not good and not found & _MORE_SPECIFIC and not hears("doubt", text):
                yield Theme.CRITICISM

    def tag(self, theme: Theme, clause: Clause, confidence: float) -> Tag:
        """The tag for a theme on this clause: its subject, polarity, scope and horizon."""
        entry, subject = CODEBOOK[theme], self.subject(theme, clause)
        scope, horizon = entry.scope, entry.horizon
        if theme is Theme.PROCESS_FRICTION and subject not in _SELLING_SUBJECTS:
            scope = Scope.STRATEGIC
        if theme is Theme.PRICING and self.words.hears("unclear", clause.text):
            horizon = Horizon.SHORT
        return Tag(
            theme, subject, self.polarity(theme, clause), scope, horizon or "", confidence=confidence, made_by="rules"
        )

    def subject(self, theme: Theme, clause: Clause) -> str:
        """What the tag is about: an option, a known subject, or the missing thing in the buyer's words."""
        if theme is Theme.COMPETITOR_MENTION:
            return ", ".join(self._options_of(clause)[:3])
        known = self._labels(clause.text)
        if not known or (theme is Theme.FEATURE_GAP and self.words.hears("it", clause.text)):
            known = self._named_before(clause) or known
        if theme is Theme.DECISION_FACTOR:  # "price" is the word for what is then told more exactly
            known = [label for label in self._named_first(clause) if label != "price"] or known
        if theme is Theme.PRICING:
            return next((label for label in known if label in _PRICE_SUBJECTS), "price")
        if theme not in {Theme.HIDDEN_CRITERION, Theme.STALLED_AT, Theme.DECISION_FACTOR}:
            known = [label for label in known if label not in _INSIDE_SUBJECTS]
        if theme is Theme.PROCESS_FRICTION:
            known = [label for label in known if label in _SELLING_SUBJECTS | _SERVING_SUBJECTS]
        elif theme is Theme.MESSAGING_MISS:
            known = [label for label in known if label in _PITCHING_SUBJECTS]
        elif theme is Theme.FEATURE_GAP:
            known = [label for label in known if label not in _PRICE_SUBJECTS | _SELLING_SUBJECTS | _SERVING_SUBJECTS]
        elif theme in {Theme.EXPECTATION_MISSED, Theme.CRITICISM, Theme.PRAISE}:
            known = [label for label in known if label not in _PRICE_SUBJECTS]
        if known:
            return known[0]
        return self._missing(clause.text) if theme is Theme.FEATURE_GAP else ""

    def polarity(self, theme: Theme, clause: Clause) -> Polarity:
        """Towards the vendor."""
        about, (good, bad) = self.about(clause), self.tone(clause)
        if theme in _ALWAYS_AGAINST:
            return Polarity.NEGATIVE
        if theme is Theme.PRAISE:
            return Polarity.POSITIVE
        if theme is Theme.TRIGGER or (clause.turn.topic == "trigger" and theme is Theme.DECISION_FACTOR):
            return Polarity.NEUTRAL
        if theme is Theme.PEER_RECOMMENDATION and self.words.hears("watch_out", clause.text):
            return Polarity.NEUTRAL
        if theme is Theme.DECISION_FACTOR and _ALWAYS_AGAINST.intersection(self.themes(clause)):
            return Polarity.NEGATIVE
        expected = self._expected(clause.turn.topic)
        if theme is Theme.DECISION_FACTOR and about is About.UNSAID and expected is not Polarity.NEUTRAL:
            return expected
        if good and bad:
            return Polarity.MIXED
        if good or bad:
            if about is About.THEM or (about is About.UNSAID and not self._is_ours(about, clause)):
                return Polarity.NEGATIVE if good else Polarity.POSITIVE
            if about is not About.BOTH:
                return Polarity.POSITIVE if good else Polarity.NEGATIVE
        weighs = theme in {Theme.DECISION_FACTOR, Theme.PRICING}
        return expected if weighs else Polarity.NEUTRAL

    def _labels(self, text: str) -> list[str]:
        return [label for label, pattern in self.words.subjects if pattern.search(text)]

    def _named_before(self, clause: Clause) -> list[str]:
        """What the answer was put in a word to just before ("Single sign-on. You did not have it in March.")."""
        at = self.clauses.index(clause)
        before = self.clauses[at - 1] if at else clause
        return self._named(before) if before.turn.topic == clause.turn.topic else []

    def _named_first(self, clause: Clause) -> list[str]:
        """What the whole answer was put in a word to at first ("Offline use.", and then the story)."""
        first = next(other for other in self.clauses if other.turn.topic == clause.turn.topic)
        return self._named(first)

    def _named(self, clause: Clause) -> list[str]:
        """The subject of a clause that is nothing but a name for it."""
        verdict = self.words.hears("good", clause.text) or self.words.hears("bad", clause.text)
        return [] if verdict or count(clause.text) > _WORDS_OF_A_NAME else self._labels(clause.text)

    def _they(self, clause: Clause) -> bool:
        """Whether "they" are a rival: one was named, and nobody of the buyer's own stands before it."""
        match = self.words.them.search(clause.text)
        if match is None or not self.options.names or clause.turn.topic == "trigger":
            return False
        return not self.words.own.search(clause.text[: match.start()])

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

    def _is_elsewhere(self, topic: str) -> bool:
        """Whether the topic asks for what was before, or for others: nothing to hold against the vendor, or for it."""
        asked = theme_of(self.case.flow, topic)
        before = topic == "trigger" and self.case.flow != "churn"
        return before or topic == "someone_else" or asked is Theme.COMPETITOR_MENTION

    def _options_of(self, clause: Clause) -> tuple[str, ...]:
        """The options in a clause. Where the decision is told, "they" is the only rival named so far."""
        heard, names = self.options.heard_in(clause.text), self.options.names
        if clause.turn.topic in {"almost", "decision"}:
            only = len(names) == 1 and not heard and self.about(clause) is About.THEM
            return names if only else heard
        if theme_of(self.case.flow, clause.turn.topic) in {Theme.COMPETITOR_MENTION, Theme.FEATURE_GAP}:
            return heard
        return tuple(name for name in heard if name in self.options.names)

    def _is_ours(self, about: About, clause: Clause) -> bool:
        """Whether praise and blame here are the vendor's. What tipped a lost deal was the other's merit, and what
        was bad in the story of a won one was not the vendor."""
        if about is not About.UNSAID:
            return about is About.US
        good, bad = self.tone(clause)
        against = {Outcome.LOST: good, Outcome.WON: bad}.get(self.case.outcome, 0)
        return not (clause.turn.topic == "decision" and against)

    def _expected(self, topic: str) -> Polarity:
        """Which way a reason points when its words do not say: what decided made the outcome, what almost did, not."""
        if self.case.outcome is Outcome.OPEN or topic not in {"decision", "almost"}:
            return Polarity.NEUTRAL
        towards = (self.case.outcome is Outcome.WON) == (topic == "decision")
        return Polarity.POSITIVE if towards else Polarity.NEGATIVE

    def _heard(self, cue: str, text: str) -> tuple[int, int]:
        """How often a cue is said, and how often it is denied."""
        denied = said = 0
        for match in self.words.find(cue, text):
            before = tokens(text[: match.start()])[-_NEGATION_REACH:]
            if before and self.words.negations.search(text[before[0].start : match.start()]):
                denied += 1
            else:
                said += 1
        return said, denied

    def _missing(self, text: str) -> str:
        """The first words after "no support for": up to four, without articles, up to where the phrase ends."""
        match = self.words.gap_before.search(text)
        if match is None:
            return ""
        following = tokens(text[match.end() :])
        taken: list[str] = []
        for token in following[:6]:
            if token.segment != following[0].segment or (taken and token.low in self.words.function_words):
                break
            if token.low not in self.words.function_words:
                taken.append(token.text)
        verb = match.group().casefold().endswith(("n't", "n’t", "not"))
        only_verb = verb and taken == [
            token.text for token in following[:1]
        ]  # "could not read" names no feature, "see our calendar" does
        return "" if only_verb else " ".join(taken[:4])
