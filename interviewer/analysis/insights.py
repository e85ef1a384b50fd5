"""The step that says what an interview tells of the product: an area, and a gap, an advantage, a bug or a wish.

Of a gap after a loss it also says where it showed: in the product, in the message, or in the sales process (domain.md).
"""

from collections.abc import Iterator

from interviewer.analysis import lists, naming
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.hearing import Hearing
from interviewer.bodies import Insight, InsightKind, Seen, key
from interviewer.evidence import Claim, Quote, Span, StatementKind, Tag

MOST = 8
_GAPS = frozenset({Theme.FEATURE_GAP, Theme.MESSAGING_MISS})
_IF_OURS = frozenset({Theme.CRITICISM, Theme.EXPECTATION_MISSED})
"""Themes that may be about anything: they count where their subject is one of the product."""
_SAYS = {
    InsightKind.GAP: "Missing or weak: {}",
    InsightKind.ADVANTAGE: "Liked: {}",
    InsightKind.BUG: "Did not work: {}",
    InsightKind.REQUESTED: "Wished for: {}",
}
_WHERE = {
    Seen.PRODUCT: "seen in the product",
    Seen.MESSAGE: "heard in the message",
    Seen.SALES: "met in the sales process",
}


def by_rules(case: Case) -> Result:
    hearing = Hearing(case)
    found: dict[str, tuple[Insight, list[Span]]] = {}
    for quote in case.quotes:
        for body in _of(hearing, quote):
            found.setdefault(key(body), (body, []))[1].append(quote.span)
    claims = (
        Claim(StatementKind.INSIGHT, text_of(body), tuple(dict.fromkeys(spans)), "rules", body, name)
        for name, (body, spans) in list(found.items())[:MOST]
    )
    return Result(claims=tuple(claims))


def text_of(body: Insight) -> str:
    """What it says, as a phrase ("Missing or weak: offline use (seen in the product)")."""
    said = _SAYS[body.kind].format(body.area)
    return f"{said} ({_WHERE[body.seen]})" if body.seen else said


def _of(hearing: Hearing, quote: Quote) -> Iterator[Insight]:
    for tag in quote.tags:
        kind = _kind(hearing, quote, tag)
        area = _area(hearing, quote, tag)
        if kind and area:
            yield Insight(area, kind, _seen(hearing, quote, tag) if kind is InsightKind.GAP else None)
            return


def _kind(hearing: Hearing, quote: Quote, tag: Tag) -> InsightKind | None:
    """What a tag says of the product; None where it is about something else."""
    language = hearing.words.language
    subjects = lists.table("drivers", "subjects")
    ours = tag.subject in (*subjects["product"], *subjects["implementation"])
    if tag.theme in _GAPS or (tag.theme in _IF_OURS and ours):
        if lists.pattern("insights", language, "bug").search(quote.text):
            return InsightKind.BUG
        if lists.pattern("insights", language, "requested").search(quote.text):
            return InsightKind.REQUESTED
        return InsightKind.GAP
    praised = tag.theme in {Theme.PRAISE, Theme.REFERRAL_LANGUAGE} and tag.polarity == Polarity.POSITIVE
    return InsightKind.ADVANTAGE if praised and ours else None


def _area(hearing: Hearing, quote: Quote, tag: Tag) -> str:
    """The subject, of this tag or another of the quote, else some of the words."""
    known = tag.subject or next((other.subject for other in quote.tags if other.subject), "")
    if known and not naming.is_light(hearing, known):
        return known
    return naming.gist(hearing, quote.text)


def _seen(hearing: Hearing, quote: Quote, tag: Tag) -> Seen | None:
    """Where a gap showed. Only asked after a loss."""
    if hearing.case.outcome is not Outcome.LOST:
        return None
    themes, hears = {other.theme for other in quote.tags}, hearing.words.hears
    if Theme.MESSAGING_MISS in themes or hears("message_side", quote.text):
        return Seen.MESSAGE
    if Theme.PROCESS_FRICTION in themes or hears("sales_side", quote.text):
        return Seen.SALES
    return Seen.PRODUCT
