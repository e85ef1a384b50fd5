"""How far a quote reaches: a clause alone may not say what it is about.

"They were promised for June" needs the sentence before it, "On a rope, 20 floors up" the fact that it is the scene of,
and "The reference call." what follows it. Neighbours stand side by side in one answer, so the quote stays one span.
"""

from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import About, Clause, Hearing
from interviewer.analysis.journey import theme_of
from interviewer.evidence import Span
from interviewer.flows.tokens import count

LONGEST = 45
"""Words of a clause with what it takes along."""
_FARTHEST = 2
"""Clauses that are taken along before one that cannot stand alone."""
_WORDS_OF_A_NAME = 5


def reach(hearing: Hearing, clause: Clause) -> Span:
    """The span to quote for a clause, itself and what it needs."""
    before, after = _neighbours(hearing, clause)
    first, last, steps = clause, clause, 0
    for earlier in reversed(before):
        needed = steps < _FARTHEST and _leans(hearing, first)
        if not (needed or _names(hearing, earlier)) or _words(earlier, last) > LONGEST:
            break
        first, steps = earlier, steps + 1
    if first == last and after and _names(hearing, clause) and _words(first, after[0]) <= LONGEST:
        last = after[0]
    return Span(clause.span.turn_number, first.span.start, last.span.end)


def _neighbours(hearing: Hearing, clause: Clause) -> tuple[list[Clause], list[Clause]]:
    """The clauses of the same answer before and after, up to the first one that tells nothing."""
    same = [other for other in hearing.parts if other.turn.number == clause.turn.number]
    at, telling = same.index(clause), set(hearing.clauses)
    before: list[Clause] = []
    for other in reversed(same[:at]):
        if other not in telling:
            break
        before.insert(0, other)
    after: list[Clause] = []
    for other in same[at + 1 :]:
        if other not in telling:
            break
        after.append(other)
    return before, after


def _leans(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause cannot stand alone: it opens with a word for what was said before, or only says where or how."""
    words = hearing.words
    if words.dangling.match(clause.text):
        return not (words.they.match(clause.text) and hearing.about(clause) is About.THEM)
    return bool(words.preposition.match(clause.text)) and not words.hears("verb", clause.text)


def _names(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause is nothing but a name for what is then told. Where options are listed a name is the answer."""
    if theme_of(hearing.case.flow, clause.turn.topic) is Theme.COMPETITOR_MENTION:
        return False
    if count(clause.text) > _WORDS_OF_A_NAME or any(hearing.tone(clause)):
        return False
    opens_scene = any(match.start() == 0 for match in hearing.words.find("moment", clause.text))
    return opens_scene or not hearing.words.hears("verb", clause.text)


def _words(first: Clause, last: Clause) -> int:
    return count(first.turn.text[first.span.start : last.span.end])
