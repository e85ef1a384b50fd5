"""The step that finds quotes worth keeping and tags them, by rules.

Few good tags rather than many weak ones: an answer's strongest clause speaks for what was asked, any other is
quoted only where its own words give a theme away.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from interviewer.analysis import asking
from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import GUESS, LIKELY, SURE, About, Clause, Hearing
from interviewer.analysis.journey import theme_of
from interviewer.analysis.labelling import tag
from interviewer.analysis.reach import reach
from interviewer.analysis.words import is_sentence
from interviewer.evidence import Marked, Span, Tag
from interviewer.flows.tokens import count

MOST_QUOTES = 14
MOST_OF_A_TURN = 4
MOST_THEMES = 3
MIN_CONTENT = 2
"""Words that carry something, in a clause that is not the answer to what was asked."""
MOST_OF_A_SUBJECT = 3
"""Quotes that say the same theme of the same subject."""
SHORTEST_ADVICE = 3
"""Words of what they would tell a colleague: "it's fine" tells nothing."""
_LEAD_CUES = {
    "trigger": ("event",),
    "alternatives": (Theme.FEATURE_GAP, "bad"),
    "almost": ("bad", "good", "doubt", Theme.PRICING, Theme.FEATURE_GAP, Theme.PROCESS_FRICTION),
    "decision": ("decided", "good", "bad", Theme.HIDDEN_CRITERION),
    "peer": ("recommend", "watch_out", "good"),
}
"""What makes a clause the one that answers the question."""


def by_rules(case: Case) -> Result:
    """The quotes of a case with their tags, in the order of the interview."""
    return Result(marks=marks(case))


def marks(case: Case) -> tuple[Marked, ...]:
    hearing = Hearing(case)
    leads = set(_leads(hearing))
    found = [
        (_marked(hearing, clause, tags), hearing.content(clause.text))
        for clause in hearing.clauses
        if (tags := _tags(hearing, clause, lead=clause in leads))
    ]
    found.sort(key=lambda pair: (-max(tag.confidence for tag in pair[0].tags), -pair[1], pair[0].span))
    return _joined(case, _few(mark for mark, _ in found))


def _marked(hearing: Hearing, clause: Clause, tags: tuple[Tag, ...]) -> Marked:
    span = reach(hearing, clause)
    return Marked(span, clause.turn.text[span.start : span.end], tags)


def _joined(case: Case, found: Iterable[Marked]) -> tuple[Marked, ...]:
    """The marks in order. Where they reach into one another they are one, with the surest tags of both."""
    kept: list[Marked] = []
    for mark in sorted(found, key=lambda mark: mark.span):
        if not kept or not kept[-1].span.overlaps(mark.span):
            kept.append(mark)
            continue
        last = kept.pop()
        span = Span(mark.span.turn_number, last.span.start, max(last.span.end, mark.span.end))
        ranked = sorted((*last.tags, *mark.tags), key=lambda tag: -tag.confidence)
        themes = {tag.theme: tag for tag in reversed(ranked)}
        tags = sorted(themes.values(), key=lambda tag: -tag.confidence)[:MOST_THEMES]
        kept.append(Marked(span, asking.words(case, span), tuple(tags)))
    return tuple(kept)


def _leads(hearing: Hearing) -> Iterator[Clause]:
    """For each topic the clause that answers it, for the decision also the first thing named, or who did what; and for
    each question that sought something else, the clause that answers that."""
    for topic in _LEAD_CUES:
        told = [clause for clause in hearing.clauses if clause.topic == topic]
        on_topic = [clause for clause in told if clause.branch is None]
        if theme_of(hearing.case.flow, topic) is Theme.FEATURE_GAP:  # a rival's gap is none of ours
            on_topic = [clause for clause in on_topic if hearing.about(clause) is not About.THEM]
        if best := _best(hearing, _first_told(hearing, on_topic), topic):
            yield best
            if topic == "decision":
                others = [other for other in on_topic if other != best and hearing.content(other.text) >= MIN_CONTENT]
                thin = hearing.content(best.text) < MIN_CONTENT
                reasons = [
                    other
                    for other in others
                    if _gives_reason(hearing, other, first=other == on_topic[0])
                    or (thin and is_sentence(hearing.words, other.text))
                ]
                yield from sorted(reasons, key=lambda clause: -_strength(hearing, clause, topic))[:1]
        aside = [clause for clause in told if clause.branch and clause.branch.theme and not hearing.is_remote(clause)]
        last = [clause for clause in aside if clause.branch and clause.branch.at_last][-1:]
        if best := _best(hearing, last or aside, topic):
            yield best


def _first_told(hearing: Hearing, clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses of the first answer that says more than a name; a probe is asked because one did not."""
    turns: dict[int, list[Clause]] = {}
    for clause in clauses:
        turns.setdefault(clause.turn.number, []).append(clause)
    full = [said for said in turns.values() if any(is_sentence(hearing.words, clause.text) for clause in said)]
    return next(iter(full), list(clauses))


def _best(hearing: Hearing, clauses: Sequence[Clause], topic: str) -> Clause | None:
    """The clause that answers a question most strongly, if any says something."""
    best = max(clauses, key=lambda clause: _strength(hearing, clause, topic), default=None)
    if best is None or not hearing.content(best.text) or (topic == "peer" and count(best.text) < SHORTEST_ADVICE):
        return None
    return best


def _gives_reason(hearing: Hearing, clause: Clause, *, first: bool) -> bool:
    """Whether a clause beside the answer says why as well: it names the first reason, says so, or tells what the rival
    did."""
    when = any(match.start() == 0 for match in hearing.words.find("moment", clause.text))
    named = first and not when
    return named or hearing.words.hears("decided", clause.text) or hearing.about(clause) in {About.THEM, About.BOTH}


def _strength(hearing: Hearing, clause: Clause, topic: str) -> int:
    """How well a clause answers a topic: what it carries, and the words that such an answer has."""
    cues = sum(hearing.words.hears(cue, clause.text) for cue in _LEAD_CUES[topic])
    specific = any(character.isdigit() for character in clause.text) + hearing.options.named_in(clause.text)
    return min(hearing.content(clause.text), 10) + 3 * cues + 2 * specific


def _tags(hearing: Hearing, clause: Clause, *, lead: bool) -> tuple[Tag, ...]:
    found: dict[Theme, float] = {}
    said = list(hearing.themes(clause))
    if not lead and hearing.content(clause.text) < MIN_CONTENT:
        said = [theme for theme in said if theme is Theme.COMPETITOR_MENTION]
    if lead:
        for theme in _asked(hearing, clause, said):
            heard = any(hearing.words.hears(cue, clause.text) for cue in _LEAD_CUES.get(clause.topic, ()))
            found[theme] = SURE if heard else GUESS
    if clause.topic == "peer" and hearing.words.hears("watch_out", clause.text):  # advice, not a verdict
        said = [theme for theme in said if theme not in {Theme.PRAISE, Theme.CRITICISM}]
        found.setdefault(Theme.PEER_RECOMMENDATION, LIKELY)
    if clause.topic == "peer" and Theme.PRAISE in said and count(clause.text) > SHORTEST_ADVICE:
        found.setdefault(Theme.REFERRAL_LANGUAGE, LIKELY)
    for theme in said:
        asked = theme is Theme.COMPETITOR_MENTION and clause.topic == "alternatives"
        found[theme] = SURE if asked or (lead and clause.topic != "trigger") else LIKELY
    kept = sorted(found, key=lambda theme: -found[theme])[:MOST_THEMES]
    return tuple(tag(hearing, theme, clause, found[theme]) for theme in kept)


def _asked(hearing: Hearing, clause: Clause, said: list[Theme]) -> Iterator[Theme]:
    """What the clause is because it is the answer to what was asked."""
    hears = hearing.words.hears
    if clause.branch is not None:
        yield from [clause.branch.theme] if clause.branch.theme else []
    elif clause.topic != "peer":
        asked = theme_of(hearing.case.flow, clause.topic)
        if asked is Theme.TRIGGER and hears("tells_decision", clause.text):
            yield Theme.DECISION_FACTOR
        elif asked is Theme.PRAISE:
            if _is_praise(hearing, clause):
                yield asked
        elif asked is not None and asked is not Theme.COMPETITOR_MENTION:  # an option has to be named to be one
            yield asked
    else:
        good, bad = hearing.tone(clause)
        warns = hears("watch_out", clause.text)
        if good and not bad and not warns and hearing.content(clause.text) >= MIN_CONTENT:
            yield Theme.REFERRAL_LANGUAGE
        if warns or hears("recommend", clause.text) or not said:
            yield Theme.PEER_RECOMMENDATION


def _is_praise(hearing: Hearing, clause: Clause) -> bool:
    """Whether what was named as working is told as such, in the whole of what is quoted."""
    span = reach(hearing, clause)
    whole = replace(clause, span=span, text=clause.turn.text[span.start : span.end])
    good, bad = hearing.tone(whole)
    return not hearing.is_remote(clause) and (good > 0 or not bad)


def _few(ranked: Iterable[Marked]) -> Iterator[Marked]:
    """The first ones that say something new, within the limits."""
    of_turn: Counter[int] = Counter()
    of_subject: Counter[tuple[str, str]] = Counter()
    taken = 0
    for mark in ranked:
        said = [(tag.theme, tag.subject) for tag in mark.tags]
        repeats = all(subject and of_subject[theme, subject] >= MOST_OF_A_SUBJECT for theme, subject in said)
        if taken == MOST_QUOTES or of_turn[mark.span.turn_number] == MOST_OF_A_TURN or repeats:
            continue
        taken += 1
        of_turn[mark.span.turn_number] += 1
        of_subject.update(said)
        yield mark
