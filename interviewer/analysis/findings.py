"""The step that says what somebody may have to act on, and who (domain.md, "From interviews to actions").

A theme of a subject is one finding, however often it is said. What fits no category is filed and costs nobody time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from interviewer.analysis import lists
from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import CODEBOOK, Polarity, Scope, Theme
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.phrasing import LONGEST_HEADLINE, quoted
from interviewer.bodies import Category, Driver, Finding, Owner, key
from interviewer.evidence import Claim, Quote, Span, StatementKind, Tag
from interviewer.flows.tokens import count
from interviewer.folding import fold

MOST = 6
_SAYS: Mapping[Theme, str] = {
    Theme.TRIGGER: "Started the search",
    Theme.DECISION_FACTOR: "Weighed in the decision",
    Theme.HIDDEN_CRITERION: "Counted inside their company",
    Theme.COMPETITOR_MENTION: "Objection in favour of a rival",
    Theme.PRICING: "On price",
    Theme.FEATURE_GAP: "Missing in the product",
    Theme.MESSAGING_MISS: "Unclear from outside",
    Theme.PROCESS_FRICTION: "In the way",
    Theme.EXPECTATION_MISSED: "Expected otherwise",
    Theme.STALLED_AT: "Stood still",
    Theme.PRAISE: "Liked",
    Theme.CRITICISM: "Disliked",
    Theme.PEER_RECOMMENDATION: "Would tell a colleague",
    Theme.REFERRAL_LANGUAGE: "In their words",
}
_UNTOLD = "Counted, and was told to no vendor"
"""Of a hidden criterion, where the buyer says that nobody was told, or was asked for what nobody was told."""
_OWNERS: Mapping[Theme, Owner] = {
    Theme.FEATURE_GAP: Owner.PRODUCT,
    Theme.MESSAGING_MISS: Owner.PMM,
    Theme.PRICING: Owner.PMM,
    Theme.PROCESS_FRICTION: Owner.SALES,
    Theme.STALLED_AT: Owner.SALES,
    Theme.HIDDEN_CRITERION: Owner.SALES,
    Theme.COMPETITOR_MENTION: Owner.PMM,
    Theme.EXPECTATION_MISSED: Owner.SALES,
    Theme.CRITICISM: Owner.PRODUCT,
    Theme.DECISION_FACTOR: Owner.NOBODY,
}
"""Who acts on it. What is not against the vendor calls for no action, and so does what stands in no line here."""
_OF_SUBJECT = {
    Category.PRODUCT: Owner.PRODUCT,
    Category.IMPLEMENTATION: Owner.PRODUCT,
    Category.PRICING: Owner.PMM,
    Category.RELATIONSHIP: Owner.SALES,
}
"""Who acts on blame, broken promises and what weighed: those whose work it is about."""
_BY_SUBJECT = frozenset({Theme.CRITICISM, Theme.EXPECTATION_MISSED, Theme.DECISION_FACTOR})
_FIRST = (
    Theme.FEATURE_GAP,
    Theme.PROCESS_FRICTION,
    Theme.PRICING,
    Theme.MESSAGING_MISS,
    Theme.EXPECTATION_MISSED,
    Theme.COMPETITOR_MENTION,
    Theme.HIDDEN_CRITERION,
    Theme.STALLED_AT,
    Theme.CRITICISM,
    Theme.DECISION_FACTOR,
    Theme.PRAISE,
)
"""Themes that make findings, the ones that most call for action first. What is asked of all is no finding."""


_FEWEST = 3
"""Words that say something without a subject."""
_PLAIN = frozenset({"price", "product", "sales process", "support", "implementation", "reporting", "trial", "tell"})
"""Subjects that say no more than the theme: the words are put in."""


@dataclass
class _Found:
    tag: Tag
    words: str
    weight: float = 0.0
    spans: list[Span] = field(default_factory=list)
    untold: bool = False
    """Whether it is said of a hidden criterion that nobody was told."""


def by_rules(case: Case) -> Result:
    """Those that somebody acts on first, and of them those that the weightiest driver rests on."""
    hearing, found = Hearing(case), dict[tuple[str, str], _Found]()
    for quote in case.quotes:
        for tag in _telling(quote):
            entry = found.setdefault((tag.theme, fold(tag.subject)), _Found(tag, quote.text))
            entry.weight += tag.confidence
            entry.spans.append(quote.span)
            entry.untold = entry.untold or _is_untold(hearing, quote)
    main = _weightiest(case)

    def order(one: _Found) -> tuple[bool, bool, int, float]:
        return owner(one.tag) is Owner.NOBODY, main.isdisjoint(one.spans), _rank(one.tag), -one.weight

    return Result(claims=tuple(_claim(one) for one in _fresh(sorted(found.values(), key=order))))


def _weightiest(case: Case) -> set[Span]:
    """What the weightiest driver rests on."""
    reasons = [(claim.body.share, claim.spans) for claim in case.claims if isinstance(claim.body, Driver)]
    return set(max(reasons, default=(0, ()))[1])


def _is_untold(hearing: Hearing, quote: Quote) -> bool:
    """Whether the words say that no vendor was told, or the question was after that."""
    here = [part for part in hearing.parts if part.span.overlaps(quote.span)]
    asked = any(part.branch is not None and part.branch.theme is Theme.HIDDEN_CRITERION for part in here)
    return asked or hearing.words.hears("untold", quote.text)


def _fresh(ranked: Iterable[_Found]) -> list[_Found]:
    """Without what the same words have told already: for who acts, for the same subject, or as what merely weighed."""
    kept: list[_Found] = []
    for one in ranked:
        known = {span: other for other in kept for span in other.spans}
        same = all(
            span in known
            and (
                owner(known[span].tag) is owner(one.tag)
                or fold(known[span].tag.subject) == fold(one.tag.subject)
                or one.tag.theme == Theme.DECISION_FACTOR
            )
            for span in one.spans
        )
        weighs = one.tag.theme == Theme.DECISION_FACTOR
        again = weighs and any(fold(other.tag.subject) == fold(one.tag.subject) for other in kept)
        if not (same or again) and len(kept) < MOST:
            kept.append(one)
    return kept


def text_of(body: Finding, words: str = "", *, untold: bool = False) -> str:
    """What it says, as a phrase ("Missing in the product: offline use"); of no subject that says something, with the
    words behind it. `untold`: it is known of a hidden criterion that nobody was told."""
    said = _UNTOLD if untold and body.theme == Theme.HIDDEN_CRITERION else _SAYS[Theme(body.theme)]
    if words and not _says(body.subject):
        return f"{said}: {quoted(words, longest=LONGEST_HEADLINE)}"
    return f"{said}: {body.subject}" if body.subject else said


def _says(subject: str) -> bool:
    """Whether a subject says more than the theme does."""
    return bool(subject) and subject not in _PLAIN


def owner(tag: Tag) -> Owner:
    """Who acts on what a tag says; nobody where there is nothing to mend."""
    if tag.theme not in _OWNERS or tag.polarity not in {Polarity.NEGATIVE, Polarity.MIXED}:
        return Owner.NOBODY
    theme = Theme(tag.theme)
    if theme in _BY_SUBJECT:
        known = lists.table("drivers", "subjects")
        of = next((category for category, subjects in known.items() if tag.subject in subjects), "")
        return _OF_SUBJECT.get(Category(of), _OWNERS[theme]) if of else _OWNERS[theme]
    return _OWNERS[theme]


def _telling(quote: Quote) -> list[Tag]:
    """The tags of a quote that make a finding. That something weighed adds nothing where another tag says what,
    and nothing where nobody knows what it was."""
    tags = [tag for tag in quote.tags if tag.theme in _FIRST and not _is_mere_mention(tag)]
    said = [tag for tag in tags if tag.theme != Theme.DECISION_FACTOR]
    return [tag for tag in said or tags if _says(tag.subject) or (said and count(quote.text) >= _FEWEST)]


def _is_mere_mention(tag: Tag) -> bool:
    """Whether a rival is named and nothing is said in its favour."""
    return tag.theme == Theme.COMPETITOR_MENTION and tag.polarity != Polarity.NEGATIVE


def _rank(tag: Tag) -> int:
    return _FIRST.index(Theme(tag.theme))


def _claim(found: _Found) -> Claim:
    tag, entry = found.tag, CODEBOOK[Theme(found.tag.theme)]
    acts = owner(tag)
    body = Finding(
        theme=tag.theme,
        subject=tag.subject,
        owner=acts,
        scope=tag.scope or entry.scope or Scope.DEAL,
        horizon=(tag.horizon or entry.horizon or "") if acts is not Owner.NOBODY else "",
        towards=tag.polarity,
    )
    return Claim(
        StatementKind.FINDING,
        text_of(body, found.words, untold=found.untold),
        tuple(dict.fromkeys(found.spans)),
        "rules",
        body,
        key(body),
    )
