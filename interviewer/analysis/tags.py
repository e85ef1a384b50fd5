"""The step that finds quotes worth keeping and tags them, by rules.

An answer is taken apart into what can stand alone (`reach`), each part is read for its themes (`theming`), and what is
worth a quote is picked (`picking`) and labelled.
"""

from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.labelling import tag
from interviewer.analysis.picking import picked
from interviewer.analysis.reach import Unit, units
from interviewer.analysis.theming import MOST as MOST_THEMES
from interviewer.analysis.theming import themes
from interviewer.evidence import Marked

MOST_QUOTES = 20
"""Of one interview: more is no longer a choice."""
__all__ = ["MOST_QUOTES", "MOST_THEMES", "by_rules", "marks"]


def by_rules(case: Case) -> Result:
    """The quotes of a case with their tags, in the order of the interview."""
    return Result(marks=marks(case))


def marks(case: Case) -> tuple[Marked, ...]:
    """The quotes with their tags, in the order of the interview: the surest ones, where there are too many."""
    hearing = Hearing(case)
    heard = [(unit, carried) for unit in units(hearing) if (carried := _carried(hearing, unit))]
    worth = list(picked(hearing, heard))
    surest = sorted(worth, key=lambda pair: -max(pair[1].values()))[:MOST_QUOTES]
    return tuple(
        Marked(unit.span, unit.text, tuple(tag(hearing, theme, unit.clause, sure) for theme, sure in carried.items()))
        for unit, carried in sorted(surest, key=lambda pair: pair[0].span)
    )


def _carried(hearing: Hearing, unit: Unit) -> dict[Theme, float]:
    """The themes of a unit: those of its clause first."""
    carried = themes(hearing, unit.clause)
    for clause in unit.also:
        for theme, sure in themes(hearing, clause).items():
            carried.setdefault(theme, sure)
    return dict(list(carried.items())[:MOST_THEMES])
