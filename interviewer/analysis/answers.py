"""The step that answers three questions in a sentence each: what was decided, why, and against whom (domain.md)."""

from collections.abc import Iterable, Iterator, Sequence

from interviewer.analysis import lists
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.competitors import NOTHING, UNKNOWN, in_words, is_listed
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.labelling import opening
from interviewer.bodies import Competitor, CompetitorRole, Driver
from interviewer.evidence import Claim, Span, StatementKind
from interviewer.folding import fold

MOST_REASONS = 3
WHOLE = 100
"""The share of a reason that stands alone."""
_ROLES = CompetitorRole


def by_rules(case: Case) -> Result:
    """Rests on the drivers and competitors of the steps before, as people left them: what was turned down is gone."""
    rivals, reasons = _of(case, StatementKind.COMPETITOR), sorted(_of(case, StatementKind.DRIVER), key=_lightness)
    found = (_decided(case, rivals, reasons), _why(case, reasons), _versus(rivals))
    return Result(claims=tuple(claim for claim in found if claim and claim.spans))


def _of(case: Case, kind: StatementKind) -> tuple[Claim, ...]:
    return tuple(claim for claim in case.claims if claim.kind is kind)


def _lightness(reason: Claim) -> int:
    """The weightiest first: what was decided rests on it, where no chosen rival was named."""
    return -reason.body.share if isinstance(reason.body, Driver) else 0


def _decided(case: Case, rivals: Sequence[Claim], reasons: Sequence[Claim]) -> Claim | None:
    vendor = case.transcript.context.vendor or "the vendor"
    chosen = _names(rivals, _ROLES.SELECTED)
    name = chosen[0] if chosen else ""
    running = [claim for claim in rivals if _role(claim) in {_ROLES.PRIMARY, _ROLES.CONSIDERED}]
    spans = _spans(claim for claim in rivals if _role(claim) is _ROLES.SELECTED)
    if not spans and case.flow == "loss":
        spans = _spans(running)
    others = [*_names(running, _ROLES.PRIMARY), *_names(running, _ROLES.CONSIDERED)]
    spans = spans or _spans(reasons[:1])
    return Claim(StatementKind.DECIDED, decided(case, vendor, name, others), spans, "rules") if spans else None


def decided(case: Case, vendor: str, selected: str, others: Sequence[str] = ()) -> str:
    """What came of it, in a sentence. `selected` is the option they went with instead, if it is known; `others` were in
    the running."""
    named = selected not in {"", UNKNOWN, NOTHING}
    if case.outcome is Outcome.WON:
        return f"They chose {vendor}." if case.flow != "midpoint" else f"They bought {vendor} and work with it."
    if case.flow == "churn":
        return f"They left {vendor}" + (f" for {in_words(selected)}." if named else ".")
    if case.flow == "no_decision":
        return f"They bought nothing and stay with {in_words(selected)}." if named else "They bought nothing."
    if case.outcome is Outcome.OPEN:
        return f"They went with {in_words(selected)}." if named else "They tell how they decided."
    if named:
        return f"They went with {in_words(selected)} rather than {vendor}."
    if selected == NOTHING:
        return f"They decided against {vendor}."
    if len(others) == 1 and UNKNOWN not in others:
        return f"They did not go with {vendor}; {in_words(others[0])} was the other one in it."
    return f"They did not go with {vendor}. Whom they chose was not said."


def _why(case: Case, reasons: Sequence[Claim]) -> Claim | None:
    told = [(claim, claim.body) for claim in reasons if isinstance(claim.body, Driver)]
    told = told[:MOST_REASONS]
    if not told:
        return None
    named = _named_instead(case, told)
    text = why([body for _, body in told])
    if named:
        text += f" Asked what decided it they named {named}, but they spoke most of {told[0][1].driver}."
    return Claim(StatementKind.WHY, text, _spans(claim for claim, _ in told), "rules")


def _named_instead(case: Case, told: Sequence[tuple[Claim, Driver]]) -> str:
    """What they named when asked what tipped it, where that is something else than the weightiest reason."""
    if case.flow == "midpoint":
        return ""
    (main, first), *others = told
    named, sorted_ = opening(Hearing(case), "decision"), lists.table("drivers", "subjects")
    if named:
        of = next((name for name, subjects in sorted_.items() if named in subjects), "")
        known = fold(named) in fold(first.driver) or of == first.category
        return "" if known else named
    asked = {turn.number for turn in case.transcript.answers if turn.topic == "decision"}
    if any(span.turn_number in asked for span in main.spans):
        return ""
    return next((body.driver for claim, body in others if asked & {span.turn_number for span in claim.spans}), "")


def why(reasons: Sequence[Driver]) -> str:
    """The reasons in a sentence, the weightiest first."""
    if len(reasons) == 1 and reasons[0].share == WHOLE:
        (only,) = reasons
        plain = only.driver == only.category.value
        return f"{only.driver[0].upper()}{only.driver[1:]}{'' if plain else f' ({only.category.value})'}."
    first, *others = [
        f"{one.driver} (about {one.share} %)"
        if one.driver == one.category.value
        else f"{one.driver} ({one.category.value}, about {one.share} %)"
        for one in reasons
    ]
    return f"Mostly {first}; also {' and '.join(others)}." if others else f"{first[0].upper()}{first[1:]}."


def _versus(rivals: Sequence[Claim]) -> Claim | None:
    told = [claim for claim in rivals if _role(claim) in {_ROLES.PRIMARY, _ROLES.CONSIDERED, _ROLES.INCUMBENT}]
    if not told:
        return None
    primary, considered = _names(told, _ROLES.PRIMARY), _names(told, _ROLES.CONSIDERED)
    if any(is_listed(claim) for claim in told):
        primary, considered = [], [*primary, *considered]
    text = versus(primary, considered, _names(told, _ROLES.INCUMBENT))
    return Claim(StatementKind.VERSUS, text, _spans(told), "rules")


def versus(primary: Sequence[str], considered: Sequence[str], incumbent: Sequence[str]) -> str:
    """Who stood against the vendor, in a sentence or two."""
    known = [name for name in primary if name != UNKNOWN]
    parts = []
    if known:
        others = f", with {_listed(considered)} on the list as well" if considered else ""
        parts.append(f"The closest rival was {in_words(known[0])}{others}.")
    elif considered:
        parts.append(f"{'In the running' if not primary else 'On the list as well'}: {_listed(considered)}.")
    elif primary:
        parts.append("There was a rival that they would not name.")
    if incumbent:
        parts.append(f"Before, they had {in_words(incumbent[0])}.")
    return " ".join(parts)


def _listed(names: Sequence[str]) -> str:
    told = [in_words(name) for name in names]
    return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]


def _names(rivals: Iterable[Claim], role: CompetitorRole) -> list[str]:
    return [claim.body.name for claim in rivals if isinstance(claim.body, Competitor) and claim.body.role is role]


def _role(claim: Claim) -> CompetitorRole | None:
    return claim.body.role if isinstance(claim.body, Competitor) else None


def _spans(claims: Iterable[Claim]) -> tuple[Span, ...]:
    """What the claims rest on, one of each first."""
    every = [claim.spans for claim in claims]
    firsts: Iterator[Span] = (spans[0] for spans in every if spans)
    return tuple(sorted(dict.fromkeys([*firsts])))
