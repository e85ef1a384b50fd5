"""How far a quote reaches: a clause alone may not say what it is about.

"The reference call." needs what follows it, "On a rope, 20 floors up" the fact that it is the scene of, and "It never
came" what it speaks of. Neighbours stand side by side in one answer, so the quote stays one span.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import About, Clause, Hearing
from interviewer.evidence import Span
from interviewer.flows.tokens import count

LONGEST = 45
"""Words of a clause with what it takes along."""
_WORDS_OF_A_NAME = 4
_WORDS_OF_A_REST = 8
"""Words up to which a clause that speaks of what was said before is quoted with it."""


@dataclass(frozen=True)
class Unit:
    """What is quoted for a clause: itself, and neighbours that cannot stand alone."""

    clause: Clause
    span: Span
    also: tuple[Clause, ...] = ()
    """What follows it and could not stand alone, whose themes count as well."""

    @property
    def text(self) -> str:
        return self.clause.turn.text[self.span.start : self.span.end]


def units(hearing: Hearing) -> tuple[Unit, ...]:
    """Everything that could be quoted, in order: each clause once, none across another."""
    found: list[Unit] = []
    for clauses in _runs(hearing):
        waiting: list[Clause] = []
        for position, clause in enumerate(clauses):
            last = position == len(clauses) - 1
            if not last and _names(hearing, clause) and _words([*waiting, clause, clauses[position + 1]]) <= LONGEST:
                waiting.append(clause)
                continue
            if not waiting and position and _leans(hearing, clause) and _words([found[-1].clause, clause]) <= LONGEST:
                before = found.pop()
                found.append(Unit(before.clause, _over(before.span, clause.span), (*before.also, clause)))
            else:
                found.append(Unit(clause, _over((waiting or [clause])[0].span, clause.span)))
            waiting = []
    return tuple(found)


def _runs(hearing: Hearing) -> Iterator[list[Clause]]:
    """Clauses of one answer that follow one another, with nothing between them that tells nothing, and on one line."""
    telling, run = hearing.places, list[Clause]()
    for part in hearing.parts:
        joins = run and run[-1].turn.number == part.turn.number and not _apart(run[-1], part)
        if run and not (joins and part.span in telling):
            yield run
            run = []
        if part.span in telling:
            run.append(part)
    if run:
        yield run


def _apart(one: Clause, other: Clause) -> bool:
    return "\n" in one.turn.text[one.span.end : other.span.start]


def _over(one: Span, other: Span) -> Span:
    return Span(one.turn_number, one.start, other.end)


def _leans(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause says too little alone: a few words on what was said before, or only where or how it was."""
    words = hearing.words
    if _says_untold(hearing, clause):
        return True
    if words.they.match(clause.text):
        return hearing.about(clause) is not About.THEM and count(clause.text) <= _WORDS_OF_A_REST
    if _gives_away(hearing, clause):
        return False
    if words.preposition.match(clause.text) and not words.hears("verb", clause.text):
        return True
    match = words.dangling.match(clause.text)
    return match is not None and match.group() != "IT" and count(clause.text) <= _WORDS_OF_A_REST


def _says_untold(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause says only that what stands before it was told to nobody ("I never told anyone that")."""
    if not hearing.words.hears("untold", clause.text):
        return False
    return hearing.content(hearing.words.cues["untold"].sub(" ", clause.text)) == 0


def _names(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause is nothing but a name for what is then told. Where options are listed a name is the answer."""
    if hearing.options.are_asked_for(clause.turn):
        return False
    if _gives_away(hearing, clause) or count(clause.text) > _WORDS_OF_A_NAME or any(hearing.tone(clause)):
        return False
    opens_scene = any(match.start() == 0 for match in hearing.words.find("moment", clause.text))
    return opens_scene or not hearing.words.hears("verb", clause.text)


def _gives_away(hearing: Hearing, clause: Clause) -> bool:
    """Whether its own words carry a theme already."""
    return any(theme is not Theme.COMPETITOR_MENTION for theme in hearing.themes(clause))


def _words(clauses: list[Clause]) -> int:
    return count(clauses[0].turn.text[clauses[0].span.start : clauses[-1].span.end])
