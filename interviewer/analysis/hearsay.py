"""What rests on notes of a call: the words are of who took them, so nothing made of them reads as the buyer's own.

Only what a note puts in quotation marks was said so, as far as its writer says; it stays marked as noted.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from interviewer.analysis.case import Case, Result
from interviewer.evidence import Claim, Marked, Span, StatementKind
from interviewer.transcript import Act

_QUOTED = re.compile(r"“([^“”\n]+)”|„([^„“”\n]+)[“”]|«([^«»\n]+)»|\"([^\"\n]+)\"")
_AS_A_QUOTE = re.compile(r"“([^“”]+)”")
_CUT = re.compile(r"\s?…$")


def verbatim(case: Case, mark: Marked) -> Marked | None:
    """The mark on words of the buyer's own: as it is in an answer, on what stands in quotation marks in a note."""
    if mark.span.turn_number not in _noted(case):
        return mark
    stretch = next((span for span in _quotations(case, mark.span.turn_number) if span.overlaps(mark.span)), None)
    return replace(mark, span=stretch, text=_words(case, stretch)) if stretch else None


def told(case: Case, result: Result) -> Result:
    """The result without phrases that nobody said word for word, and with no quotation marks around noted words."""
    if not (noted := _noted(case)):
        return result
    kept = (claim for claim in result.claims if claim.kind is not StatementKind.PHRASE or _is_said(case, claim))
    claims = (_unquoted(case, claim) if noted & {span.turn_number for span in claim.spans} else claim for claim in kept)
    return replace(result, claims=tuple(claims))


def _noted(case: Case) -> frozenset[int]:
    return frozenset(turn.number for turn in case.transcript.answers if turn.act is Act.NOTED)


def _quotations(case: Case, number: int) -> Iterator[Span]:
    text = next(turn.text for turn in case.transcript.answers if turn.number == number)
    for match in _QUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        yield Span(number, start, end)


def _words(case: Case, span: Span) -> str:
    return next(turn.text for turn in case.transcript.answers if turn.number == span.turn_number)[span.start : span.end]


def _is_said(case: Case, claim: Claim) -> bool:
    """Whether a phrase stands in an answer, or whole in quotation marks in a note."""
    noted = _noted(case)
    return all(
        span.turn_number not in noted
        or any(one.start <= span.start and span.end <= one.end for one in _quotations(case, span.turn_number))
        for span in claim.spans
    )


def _unquoted(case: Case, claim: Claim) -> Claim:
    """Noted words as they are told; what the note itself quotes keeps its marks."""
    noted = _noted(case)
    lines = [" ".join(turn.text.split()) for turn in case.transcript.answers if turn.number in noted]
    quoted = {_words(case, span) for number in noted for span in _quotations(case, number)}

    def plain(match: re.Match[str]) -> str:
        words = _CUT.sub("", match[1])
        is_note = any(words in line for line in lines) and not any(words in one for one in quoted)
        return match[1] if is_note else match[0]

    return replace(claim, text=_AS_A_QUOTE.sub(plain, claim.text))
