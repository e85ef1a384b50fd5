"""The step that sets what the CRM and the rep say of a deal beside what its buyer says (domain.md, "Three points of
view, one deal"). By rules alone: nothing of this ever reaches a model.

A contradiction is listed only where both sides say something and really differ: a name written in another way, a
"not known", or a reason that is one of several with a fair share contradicts nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviewer.analysis import competitors, drivers, lists
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.competitors import UNKNOWN
from interviewer.analysis.rivals import same
from interviewer.bodies import Category, Competitor, CompetitorRole, Contradiction, Driver, key
from interviewer.evidence import Claim, StatementKind
from interviewer.folding import fold

FAIR_SHARE = 20
"""Per cent of the buyer's reasons from which a logged one is right enough."""
_CRM, _REP = "crm", "rep"
_REASON = "reason"
_SHARED = 0.5
"""Part of the words of a logged reason that the buyer's own reason has, from which both mean the same."""
_VAGUE = frozenset({Category.COMPETITIVE})
"""That a rival was better or was there already is so of every lost deal: the buyer says in what."""
_SAYS = {
    _REASON: "the reason",
    "primary_competitor": "the closest rival",
    "incumbent": "what they had before",
    "selected_competitor": "whom they went with",
}
_SOURCES = {_CRM: "The CRM", _REP: "The rep"}


@dataclass(frozen=True)
class Logged:
    """What the CRM and the rep say. No model is ever given it."""

    reason_category: str = ""
    reason_driver: str = ""
    reason_explanation: str = ""
    rep_reason: str = ""
    rep_competitor: str = ""
    primary_competitor: str = ""
    incumbent: str = ""
    selected_competitor: str = ""


def by_rules(case: Case) -> Result:
    """Rests on the drivers and competitors of the steps before, as people left them; works them out where none are
    given."""
    if case.logged is None:
        return Result()
    reasons = _of(case, StatementKind.DRIVER) or drivers.by_rules(case).claims
    rivals = _of(case, StatementKind.COMPETITOR) or competitors.by_rules(case).claims
    found = (*_reasons(case, case.logged, reasons), *_names(case, case.logged, rivals))
    return Result(claims=tuple(claim for claim in found if claim.spans))


def text_of(body: Contradiction) -> str:
    """What it says, as a sentence."""
    return f"{_SOURCES[body.source]} has {body.logged} as {_SAYS[body.field]}; the buyer says {body.buyer}."


def categories(text: str) -> frozenset[Category]:
    """What a reason that somebody wrote down is about. None where it is vague, or says nothing that the lists know."""
    known = _category(text)
    if known:
        return frozenset({known})
    vague = lists.pattern("logged", "en", "vague").sub(" ", text)
    return frozenset(
        category for category in Category if lists.pattern("logged", "en", "reasons", category).search(vague)
    )


def _of(case: Case, kind: StatementKind) -> tuple[Claim, ...]:
    return tuple(claim for claim in case.claims if claim.kind is kind)


def _reasons(case: Case, logged: Logged, reasons: Sequence[Claim]) -> Iterator[Claim]:
    told = [(claim, claim.body) for claim in reasons if isinstance(claim.body, Driver)]
    told = sorted(told, key=lambda pair: -pair[1].share)
    if not told:
        return
    prose = " ".join(part for part in (logged.reason_driver, logged.reason_explanation) if part)
    of_crm = categories(logged.reason_category) - _VAGUE or categories(prose) - _VAGUE
    for source, named, words, shown in (
        (_CRM, of_crm, prose, ": ".join(part for part in (logged.reason_category, logged.reason_driver) if part)),
        (_REP, categories(logged.rep_reason) - _VAGUE, logged.rep_reason, logged.rep_reason),
    ):
        if not named or _agrees(case, named, words, told):
            continue
        main = [claim for claim, _ in told[:1]]
        body = Contradiction(_REASON, source, shown or prose, f"{told[0][1].category.value}: {told[0][1].driver}")
        yield _claim(body, main)


def _agrees(case: Case, named: frozenset[Category], words: str, told: Sequence[tuple[Claim, Driver]]) -> bool:
    """Whether one of the categories has a fair share, or the buyer's reason is told in the same words."""
    share = sum(driver.share for _, driver in told if driver.category in named)
    if share >= FAIR_SHARE:
        return True
    mine = _carrying(words)
    buyers = _carrying(" ".join([*(driver.driver for _, driver in told), *(_said(case, claim) for claim, _ in told)]))
    return bool(mine) and len(mine & buyers) >= max(2, _SHARED * len(mine))


def _said(case: Case, claim: Claim) -> str:
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    return " ".join(texts.get(span.turn_number, "")[span.start : span.end] for span in claim.spans)


def _carrying(text: str) -> set[str]:
    """Words that carry something, by their beginnings, so that "migrate" and "migration" are one."""
    plain = set(lists.table("logged", "en").get("plain", "").split())
    return {word[:6] for word in re.findall(r"\w{3,}", fold(text)) if word not in plain}


def _names(case: Case, logged: Logged, rivals: Sequence[Claim]) -> Iterator[Claim]:
    for field, source, name, role in (
        ("primary_competitor", _CRM, logged.primary_competitor, CompetitorRole.PRIMARY),
        ("primary_competitor", _REP, logged.rep_competitor, CompetitorRole.PRIMARY),
        ("incumbent", _CRM, logged.incumbent, CompetitorRole.INCUMBENT),
        ("selected_competitor", _CRM, logged.selected_competitor, CompetitorRole.SELECTED),
    ):
        told = [claim for claim in rivals if isinstance(claim.body, Competitor) and claim.body.role is role]
        names = [claim.body.name for claim in told if isinstance(claim.body, Competitor)]
        known = [other for other in names if fold(other) != UNKNOWN]
        if _is_vague(name) or not known or any(_alike(name, other) for other in known):
            continue
        if case.outcome is Outcome.WON and field == "selected_competitor":
            continue
        yield _claim(Contradiction(field, source, name, known[0]), told)


def _is_vague(name: str) -> bool:
    """Whether a logged name says nothing."""
    return not name.strip() or bool(lists.pattern("logged", "en", "unknown").fullmatch(name.strip()))


def _alike(logged: str, buyer: str) -> bool:
    """Whether both mean one option, as names or as kinds ("Excel" is a spreadsheet)."""
    one, other = _kind(logged), _kind(buyer)
    return same(logged, buyer) or (bool(one) and one == other)


def _kind(name: str) -> str:
    kinds = lists.labelled("roles", "en", "kinds") + lists.labelled("logged", "en", "kinds")
    return next((label for label, pattern in kinds if fold(name) == label or pattern.search(name)), "")


def _category(text: str) -> Category | None:
    try:
        return Category(fold(text))
    except ValueError:
        return None


def _claim(body: Contradiction, carried_by: Sequence[Claim]) -> Claim:
    spans = tuple(dict.fromkeys(span for claim in carried_by for span in claim.spans))
    return Claim(StatementKind.CONTRADICTION, text_of(body), spans, "rules", body, key(body))
