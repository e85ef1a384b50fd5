"""The step that sets what the CRM and the rep say of a deal beside what its buyer says (domain.md, "Three points of
view, one deal"). By rules alone: nothing of this ever reaches a model.

A contradiction is listed only where both sides say something and really differ: a name written in another way, a
"not known", or a reason that is one of several with a fair share contradicts nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interviewer.analysis import lists
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.competitors import NOTHING, UNKNOWN, is_listed
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.reasons import denials
from interviewer.analysis.rivals import same
from interviewer.bodies import Category, Competitor, CompetitorRole, Contradiction, Driver, key
from interviewer.evidence import Claim, Span, StatementKind
from interviewer.folding import fold

FAIR_SHARE = 25
"""Per cent of the buyer's reasons from which a logged one is right enough."""
_DECIDING = frozenset({"decision", "almost"})
_LEAST_WORD = re.compile(r"\w{2,}")
_CRM, _REP, _BOTH = "crm", "rep", "both"
_REASON, _SELECTED = "reason", "selected_competitor"
_SHARED = 0.5
"""Part of the words of a logged reason that the buyer's own reason has, from which both mean the same."""
_RIVAL = frozenset({Category.COMPETITIVE})
_INCUMBENT = lists.pattern("logged", "en", "incumbent")
_SAYS = {
    _REASON: "the reason",
    "primary_competitor": "the closest rival",
    "incumbent": "what they had before",
    _SELECTED: "whom they went with",
}
_SOURCES = {_CRM: "The CRM has", _REP: "The rep has", _BOTH: "The CRM and the rep have"}


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
    """Rests on the drivers and competitors of the steps before, as people left them: what was turned down is gone."""
    if case.logged is None:
        return Result()
    reasons, rivals = _of(case, StatementKind.DRIVER), _of(case, StatementKind.COMPETITOR)
    names = tuple(_names(case, case.logged, rivals))
    elsewhere = any(isinstance(one.body, Contradiction) and one.body.field == _SELECTED for one in names)
    found = (*_reasons(case, case.logged, reasons, elsewhere=elsewhere), *names)
    return Result(claims=tuple(claim for claim in found if claim.spans))


def text_of(body: Contradiction) -> str:
    """What it says, as a sentence."""
    return f"{_SOURCES[body.source]} {body.logged} as {_SAYS[body.field]}; the buyer says {body.buyer}."


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


def _reasons(case: Case, logged: Logged, reasons: Sequence[Claim], *, elsewhere: bool) -> Iterator[Claim]:
    """Where the reason differs, in one line for both sources: the buyer's is the same. `elsewhere`: the deal went to
    somebody else than was logged, so that the merits of that one were no reason."""
    told = sorted(_told(reasons), key=lambda pair: -pair[1].share)
    denied = denials(Hearing(case))
    prose = " ".join(part for part in (logged.reason_driver, logged.reason_explanation) if part)
    of_crm = categories(logged.reason_category) or categories(prose)
    if _INCUMBENT.search(prose):
        of_crm = _RIVAL  # whatever it was filed under
    shown = ": ".join(part for part in (logged.reason_category, logged.reason_driver) if part) or prose
    differing, places = dict[str, str](), list[Span]()
    for source, named, words, text in (
        (_CRM, of_crm, prose, shown),
        (_REP, categories(logged.rep_reason), logged.rep_reason, logged.rep_reason),
    ):
        if named == _RIVAL and not elsewhere and not _INCUMBENT.search(words):
            continue  # that a rival was better is so of every lost deal: the buyer says in what
        unsaid = [span for category in named if category in denied for span in denied[category]]
        disowned = _disowned(case, words)
        wrong = bool(told) and (not _agrees(case, named, words, told) or (elsewhere and named == _RIVAL))
        if named and (wrong or disowned or (unsaid and named <= denied.keys())):
            differing[source] = text
            places += [*unsaid, *disowned]
    if not differing:
        return
    main = told[0] if told and not (places and told[0][1].category in denied) else None
    buyer = f"{main[1].category.value}: {main[1].driver}" if main else "that it was not"
    spans = [*(main[0].spans if main else ()), *places]
    yield _claim(_one_line(_REASON, differing, buyer), spans)


def _disowned(case: Case, words: str) -> list[Span]:
    """Where the buyer says of a thing that was logged that it was not that ("Not the AI stuff")."""
    logged = set(_LEAST_WORD.findall(fold(words))) - set(lists.table("logged", "en").get("plain", "").split())
    return [
        Span(turn.number, *match.span())
        for turn in case.telling
        if turn.topic in _DECIDING
        for match in lists.pattern("logged", "en", "disowned").finditer(turn.text)
        if logged.intersection(_LEAST_WORD.findall(fold(match.group())))
    ]


def _told(reasons: Sequence[Claim]) -> list[tuple[Claim, Driver]]:
    return [(claim, claim.body) for claim in reasons if isinstance(claim.body, Driver)]


def _one_line(field: str, logged: Mapping[str, str], buyer: str) -> Contradiction:
    """What each source says, that of the CRM first, against what the buyer says."""
    if len(logged) == 1:
        source, text = next(iter(logged.items()))
        return Contradiction(field, source, text, buyer)
    crm, rep = logged[_CRM], logged[_REP]
    return Contradiction(field, _BOTH, crm if _alike(crm, rep) else f"{crm} (rep: {rep})", buyer)


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
    for field, names, role in (
        ("primary_competitor", {_CRM: logged.primary_competitor, _REP: logged.rep_competitor}, CompetitorRole.PRIMARY),
        ("incumbent", {_CRM: logged.incumbent}, CompetitorRole.INCUMBENT),
        (_SELECTED, {_CRM: logged.selected_competitor}, CompetitorRole.SELECTED),
    ):
        told = [claim for claim in rivals if isinstance(claim.body, Competitor) and claim.body.role is role]
        known = [claim.body.name for claim in told if isinstance(claim.body, Competitor)]
        known = [name for name in known if fold(name) != UNKNOWN]
        if role is CompetitorRole.PRIMARY:
            known = [name for name in known if name != NOTHING]
            if any(is_listed(claim) for claim in told):  # who of those that were named came closest was not said
                known += _considered(rivals)
        if not known or (case.outcome is Outcome.WON and role is CompetitorRole.SELECTED):
            continue
        differing = {
            source: name
            for source, name in names.items()
            if not _is_vague(name) and not any(_alike(name, other) for other in known)
        }
        if differing:
            yield _claim(_one_line(field, differing, known[0]), [span for claim in told for span in claim.spans])


def _considered(rivals: Sequence[Claim]) -> list[str]:
    bodies = [claim.body for claim in rivals if isinstance(claim.body, Competitor)]
    return [body.name for body in bodies if body.role is CompetitorRole.CONSIDERED]


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


def _claim(body: Contradiction, places: Sequence[Span]) -> Claim:
    return Claim(StatementKind.CONTRADICTION, text_of(body), tuple(dict.fromkeys(places)), "rules", body, key(body))
