"""Whether another team may read a statement, and why not (trust.md 9-11). Pure: the desk, imports and the shelf ask it.

What it keeps out are slips. A product marketer who wants to say who it was can find words for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from interviewer import masks
from interviewer.confidentiality import AUDIENCES, Role
from interviewer.errors import Problem
from interviewer.lettering import units
from interviewer.namesakes import tells
from interviewer.paraphrase import LONGEST_RUN, repeated


@dataclass(frozen=True)
class Asked:
    """A statement that somebody wants an audience to read."""

    audience: str
    wording: str
    """For sales in place of the words; for others empty."""
    words: str
    """The quote under its bars."""
    said: Sequence[str]
    """All that the buyer said, and translations of it."""
    hidden: Sequence[str]
    """What was redacted in the interview."""
    promised: Collection[str]
    """The audiences that the buyer's notice named."""
    reviewed: bool
    """The quote has a confirmed tag, or somebody reviewed the interview."""
    names: Sequence[str]
    """What the buyer may be known by: `namesakes.of_buyer`."""


def why_not(asked: Asked) -> Problem | None:
    """What speaks against it first; None where nothing does."""
    if asked.audience not in AUDIENCES:
        return Problem("audience", "is none that a statement can be released to")
    if asked.audience not in asked.promised:
        return Problem("audience", "was not named in what this buyer was promised")
    if not asked.reviewed:
        return Problem("quote", "needs a confirmed tag, or the interview reviewed, before others read it")
    if asked.audience == Role.SALES:
        return _unfit(asked)
    return _named(asked.words, "words", asked.names)


def _unfit(asked: Asked) -> Problem | None:
    """What speaks against a paraphrase."""
    if not units(asked.wording):
        return Problem("wording", "is empty: sales reads a paraphrase")
    if run := repeated(asked.wording, asked.words, asked.said):
        most = f"at most {LONGEST_RUN} of them may stand in a row"
        return Problem("wording", f"repeats the buyer's own words (“{run}”): {most}")
    if masks.places(asked.wording, asked.hidden):
        return Problem("wording", "repeats what was redacted in this interview")
    return _named(asked.wording, "wording", asked.names)


def _named(text: str, where: str, names: Sequence[str]) -> Problem | None:
    told = tells(text, names)
    return Problem(where, f"would say whose they are ({told}): redact or rephrase that") if told else None
