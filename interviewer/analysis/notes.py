"""The step of the three notes that a PMM reads first: what surprises, the phrase to use, the gap that matters most.

They come before everything else and rest on quotes of their own, so that they are there even if nothing else is. Where
no gap was named there is no gap note.
"""

from collections.abc import Callable, Sequence

from interviewer.analysis import hearsay, tags
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.phrasing import led, quoted
from interviewer.evidence import Claim, Marked, Span, StatementKind, Tag
from interviewer.flows.tokens import count

_WEIGHT_OF_TOPIC = {"decision": 3, "almost": 2}
_GAPS = {
    Theme.FEATURE_GAP: (3, "Missing in the product"),
    Theme.EXPECTATION_MISSED: (3, "Expected, and not so"),
    Theme.MESSAGING_MISS: (2, "Not clear from outside"),
    Theme.PROCESS_FRICTION: (2, "In the way"),
    Theme.PRICING: (1, "On price"),
    Theme.CRITICISM: (1, "Disliked"),
}
_SURPRISES = {
    Theme.HIDDEN_CRITERION: (9, "Behind the scenes"),
    Theme.EXPECTATION_MISSED: (6, "Expected otherwise"),
    Theme.STALLED_AT: (3, "Where it stood still"),
    Theme.MESSAGING_MISS: (3, "Not clear from outside"),
    Theme.PROCESS_FRICTION: (2, "On the way there"),
    Theme.DECISION_FACTOR: (1, "What stood out"),
}
_AGAINST_THE_OUTCOME = 5
_NO_DOUBTS = frozenset({Theme.COMPETITOR_MENTION, Theme.PEER_RECOMMENDATION})
"""Of a won deal: a rival's merit, and advice on how to go about it."""
_PHRASES = {
    Theme.REFERRAL_LANGUAGE: 5,
    Theme.PRAISE: 3,
    Theme.DECISION_FACTOR: 3,
    Theme.TRIGGER: 2,
    Theme.PEER_RECOMMENDATION: 1,
}
_USABLE = 5
"""Weight below which a phrase is no use."""
_SHORT, _LONG = 4, 20
"""Words between which a phrase can be used as it is."""


def by_rules(case: Case) -> Result:
    """Notes made of quotes alone, each from another quote where there are enough."""
    hearing, found = Hearing(case), tags.marks(case)
    claims, used = [], set[Span]()
    for find in (_gap, _phrase, _surprise):
        fresh = [mark for mark in found if mark.span not in used]
        claim = find(hearing, fresh) or (find(hearing, found) if find is not _gap else None)
        if claim:
            claims.append(claim)
            used.update(claim.spans)
    return Result(claims=tuple(claims))


def _gap(hearing: Hearing, found: Sequence[Marked]) -> Claim | None:
    def weigh(mark: Marked, tag: Tag) -> int:
        if tag.theme not in _GAPS or tag.polarity != Polarity.NEGATIVE:
            return 0
        return _GAPS[Theme(tag.theme)][0] + _topic_weight(hearing, mark)

    return _best(StatementKind.GAP, found, weigh, lambda mark, tag: led(_GAPS[Theme(tag.theme)][1], mark.text, tag))


def _surprise(hearing: Hearing, found: Sequence[Marked]) -> Claim | None:
    won, lost = hearing.case.outcome is Outcome.WON, hearing.case.outcome is Outcome.LOST

    def against(tag: Tag) -> bool:
        """Praise where the deal was lost, or a doubt where it was won. At midpoint doubts are what was asked for."""
        if hearing.case.flow == "midpoint":
            return False
        doubt = tag.polarity == Polarity.NEGATIVE and tag.theme not in _NO_DOUBTS
        return (lost and tag.theme == Theme.PRAISE) or (won and doubt)

    def weigh(mark: Marked, tag: Tag) -> int:
        if count(mark.text) < _SHORT:
            return 0
        weight = _SURPRISES[Theme(tag.theme)][0] if tag.theme in _SURPRISES else 0
        weight = max(weight, _AGAINST_THE_OUTCOME if against(tag) else 0)
        return weight + _topic_weight(hearing, mark) if weight else 0

    def phrase(mark: Marked, tag: Tag) -> str:
        if against(tag):
            return led(
                "A doubt, although they bought" if won else "Praise, although they decided against it", mark.text
            )
        return led(_SURPRISES[Theme(tag.theme)][1], mark.text)

    return _best(StatementKind.SURPRISE, found, weigh, phrase)


def _phrase(hearing: Hearing, found: Sequence[Marked]) -> Claim | None:
    def weigh(mark: Marked, tag: Tag) -> int:
        length = count(mark.text)
        if tag.theme not in _PHRASES or length < _SHORT:
            return 0
        usable = 2 if length <= _LONG else -3
        vivid = 3 if hearing.words.hears("vivid", mark.text) else 0
        telling = min(hearing.content(mark.text) // 2, 3)
        liked = {Polarity.POSITIVE: 1, Polarity.NEGATIVE: -2}.get(Polarity(tag.polarity), 0)
        weight = _PHRASES[Theme(tag.theme)] + usable + vivid + telling + liked
        return weight if weight >= _USABLE else 0

    own = [mark for one in found if (mark := hearsay.verbatim(hearing.case, one))]
    return _best(StatementKind.PHRASE, own, weigh, lambda mark, tag: quoted(mark.text, longest=len(mark.text)))


def _topic_weight(hearing: Hearing, mark: Marked) -> int:
    topics = {turn.number: turn.topic for turn in hearing.case.telling}
    return _WEIGHT_OF_TOPIC.get(topics[mark.span.turn_number], 0)


def _best(
    kind: StatementKind,
    found: Sequence[Marked],
    weigh: Callable[[Marked, Tag], int],
    phrase: Callable[[Marked, Tag], str],
) -> Claim | None:
    """A claim of the mark that weighs most; of those that weigh the same the surest, then the longest."""
    ranked = [(weigh(mark, tag), tag.confidence, mark, tag) for mark in found for tag in mark.tags]
    ranked = [entry for entry in ranked if entry[0] > 0]
    if not ranked:
        return None
    _, _, mark, tag = max(ranked, key=lambda entry: (entry[0], entry[1], len(entry[2].text)))
    return Claim(kind, phrase(mark, tag), (mark.span,), made_by="rules")
