"""Which themes a clause carries: what it is for having been asked, and what its own words give away.

Both are read together. A clause that blames the vendor under "what nearly made you choose us?" is no praise, and one
that names a rival under "what tipped it?" speaks of the rival as well as of the decision.
"""

from collections.abc import Iterator
from enum import Enum, auto

from interviewer.analysis.case import Outcome
from interviewer.analysis.codebook import Theme
from interviewer.analysis.filling import filled
from interviewer.analysis.hearing import GUESS, LIKELY, SURE, About, Clause, Hearing
from interviewer.analysis.words import is_sentence
from interviewer.flows.tokens import count

MOST = 3
"""Themes of one quote."""
SHORTEST_ADVICE = 3
"""Words of what they would tell a colleague: "it's fine" tells nothing."""
LONGEST_LINE = 16
"""Words up to which advice can be repeated to a colleague as it is."""
_LESS = 0.1
_AGAINST = (
    Theme.MESSAGING_MISS,
    Theme.FEATURE_GAP,
    Theme.PROCESS_FRICTION,
    Theme.EXPECTATION_MISSED,
    Theme.STALLED_AT,
    Theme.CRITICISM,
)
_BLAME = frozenset({Theme.FEATURE_GAP, Theme.CRITICISM})


class Asked(Enum):
    """What a question is after."""

    TRIGGER = auto()
    OPTIONS = auto()
    NEARLY = auto()
    DOUBT = auto()
    DECISION = auto()
    ADVICE = auto()
    WARNING = auto()
    WORKS = auto()
    MISSING = auto()
    EXPECTED = auto()
    ANYTHING = auto()


_CORE = {
    "trigger": Asked.TRIGGER,
    "alternatives": Asked.OPTIONS,
    "almost": Asked.NEARLY,
    "decision": Asked.DECISION,
    "peer": Asked.ADVICE,
}
_AT_MIDPOINT = {
    "trigger": Asked.EXPECTED,
    "alternatives": Asked.MISSING,
    "almost": Asked.MISSING,
    "decision": Asked.WORKS,
    "peer": Asked.ADVICE,
}
_OWN_WORDS = {
    "asks_trigger": Asked.TRIGGER,
    "asks_options": Asked.OPTIONS,
    "asks_doubt": Asked.DOUBT,
    "asks_works": Asked.WORKS,
    "asks_missing": Asked.MISSING,
    "asks_warning": Asked.WARNING,
}


def asked(hearing: Hearing, clause: Clause) -> Asked:
    """What the clause answers: by the topic that it tells, and by the question's own words where they say more."""
    usual = (_AT_MIDPOINT if hearing.case.flow == "midpoint" else _CORE).get(clause.topic, Asked.ANYTHING)
    if clause.topic != clause.turn.topic:
        return usual
    question = hearing.options.question(clause.turn)
    heard = [kind for cue, kind in _OWN_WORDS.items() if hearing.words.hears(cue, question)]
    return heard[0] if len(heard) == 1 else usual


def themes(hearing: Hearing, clause: Clause) -> dict[Theme, float]:
    """The themes of a clause with how sure they are, the surest first."""
    found: dict[Theme, float] = {}
    for theme, sure in _read(hearing, clause):
        found[theme] = max(sure, found.get(theme, 0.0))
    if clause.branch is None:
        kind = asked(hearing, clause)
        elsewhere = kind in {Asked.TRIGGER, Asked.OPTIONS}
        advice, merits = kind in {Asked.ADVICE, Asked.WARNING}, _seeks_merits(hearing, clause, kind)
        found = filled(hearing, clause, found, elsewhere=elsewhere, advice=advice, merits=merits)
    found = _of_one_mind(hearing, clause, found)
    if (
        not is_sentence(hearing.words, clause.text)
        and len(found) > 1
        and not hearing.words.hears("untold", clause.text)
    ):
        found.pop(Theme.HIDDEN_CRITERION, None)  # "the board": who it was, not that nobody was told
    if not is_sentence(hearing.words, clause.text):  # a name for a reason is less than the reason
        found = {theme: round(sure - _LESS, 2) for theme, sure in found.items()}
    ranked = sorted(found, key=lambda theme: -found[theme])[:MOST]
    return {theme: found[theme] for theme in ranked}


def _seeks_merits(hearing: Hearing, clause: Clause, kind: Asked) -> bool:
    """Whether the answer was to say what spoke for a vendor that was not taken."""
    lost = hearing.case.outcome is Outcome.LOST
    return lost and kind is Asked.NEARLY and not hearing.options.is_probed(clause.turn)


def _of_one_mind(hearing: Hearing, clause: Clause, found: dict[Theme, float]) -> dict[Theme, float]:
    """Praise and blame both only where a clause has a word for each ("great, but …"); else what its words say, and
    where they do not, what was asked for."""
    blamed = found.keys() & _BLAME
    if Theme.PRAISE not in found or not blamed:
        return found
    good, bad = hearing.tone(clause)
    if good and (bad or hearing.words.hears("contrast", clause.text)):
        return found
    merits = good > bad or (not bad and _seeks_merits(hearing, clause, asked(hearing, clause)))
    dropped = blamed if merits else {Theme.PRAISE}
    return {theme: sure for theme, sure in found.items() if theme not in dropped}


def _read(hearing: Hearing, clause: Clause) -> Iterator[tuple[Theme, float]]:
    said = list(hearing.themes(clause))
    kind = asked(hearing, clause)
    if clause.branch is not None:
        told = clause.branch.theme is not Theme.HIDDEN_CRITERION or is_sentence(hearing.words, clause.text)
        if clause.branch.theme and told:
            yield clause.branch.theme, SURE
        yield from ((theme, LIKELY) for theme in said)
        return
    match kind:
        case Asked.OPTIONS:
            yield from _of_options(hearing, clause, said)
        case Asked.TRIGGER:
            yield from _of_trigger(hearing, clause, said)
        case Asked.ADVICE | Asked.WARNING:
            yield from _of_advice(hearing, clause, said, kind)
        case Asked.DECISION:
            yield from _of_decision(hearing, clause, said)
        case Asked.NEARLY | Asked.DOUBT:
            yield from _of_the_other_way(hearing, clause, said, kind)
        case Asked.WORKS:
            yield from _of_use(hearing, clause, said, Theme.PRAISE)
        case Asked.MISSING:
            yield from _of_use(hearing, clause, said, Theme.FEATURE_GAP)
        case Asked.EXPECTED:
            yield Theme.DECISION_FACTOR, SURE
            yield from ((theme, LIKELY) for theme in said)
        case Asked.ANYTHING:
            yield from ((theme, LIKELY) for theme in said)


def _of_options(hearing: Hearing, clause: Clause, said: list[Theme]) -> Iterator[tuple[Theme, float]]:
    """An option, named or not; unless it is the vendor that a clause without one plainly speaks of."""
    if said and not hearing.options.heard_in(clause.text):
        yield from ((theme, LIKELY) for theme in said)
    else:
        yield Theme.COMPETITOR_MENTION, SURE


def _of_trigger(hearing: Hearing, clause: Clause, said: list[Theme]) -> Iterator[tuple[Theme, float]]:
    """An event; what they used until then is an option of its own. A customer who left tells of the vendor too."""
    state = Theme.COMPETITOR_MENTION in said and hearing.words.hears("used_so_far", clause.text)
    if hearing.case.flow == "churn" and hearing.about(clause) is not About.THEM:
        yield from ((theme, LIKELY) for theme in said if theme is not Theme.COMPETITOR_MENTION)
        if said == [Theme.PRAISE]:
            return
    if not state or hearing.words.hears("event", clause.text):
        yield Theme.TRIGGER, SURE
    if Theme.COMPETITOR_MENTION in said:
        yield Theme.COMPETITOR_MENTION, LIKELY


def _of_advice(hearing: Hearing, clause: Clause, said: list[Theme], kind: Asked) -> Iterator[tuple[Theme, float]]:
    if count(clause.text) < SHORTEST_ADVICE:
        return
    good, bad = hearing.tone(clause)
    warns = hearing.words.hears("watch_out", clause.text)
    blames = [theme for theme in said if theme in _AGAINST]
    if kind is Asked.ADVICE or warns or not blames:
        yield Theme.PEER_RECOMMENDATION, SURE
    if good and not bad and not warns and count(clause.text) <= LONGEST_LINE:
        yield Theme.REFERRAL_LANGUAGE, LIKELY
    told = [theme for theme in blames if theme is not Theme.CRITICISM] if warns else blames  # "test the worst phones"
    yield from ((theme, LIKELY) for theme in told if kind is Asked.WARNING or not warns)
    if Theme.PRICING in said:
        yield Theme.PRICING, LIKELY


def _of_decision(hearing: Hearing, clause: Clause, said: list[Theme]) -> Iterator[tuple[Theme, float]]:
    won = hearing.case.outcome is Outcome.WON
    specific = [theme for theme in said if theme not in {Theme.PRAISE, Theme.COMPETITOR_MENTION}]
    first = not hearing.options.is_probed(clause.turn)
    if not specific or first or hearing.words.hears("decided", clause.text):
        yield Theme.DECISION_FACTOR, SURE
    for theme in said:
        if theme is Theme.PRAISE and not won and hearing.about(clause) is not About.US:
            continue
        yield theme, LIKELY


def _of_the_other_way(
    hearing: Hearing, clause: Clause, said: list[Theme], kind: Asked
) -> Iterator[tuple[Theme, float]]:
    """What spoke for the side that was not taken: for the vendor where it lost, for a rival or a doubt where it won."""
    yield from ((theme, LIKELY) for theme in said if theme is not Theme.PRAISE)
    if hearing.case.outcome is Outcome.WON and hearing.case.flow != "midpoint":
        yield Theme.DECISION_FACTOR, GUESS
    if not set(said).isdisjoint(_AGAINST):
        return
    good, bad = hearing.tone(clause)
    about = hearing.about(clause)
    if hearing.case.flow == "midpoint":
        yield Theme.PRAISE if good and not bad else Theme.CRITICISM, GUESS
    elif hearing.case.outcome is Outcome.WON:
        if about is About.US:
            yield Theme.CRITICISM, GUESS
    elif kind is Asked.DOUBT or hearing.options.is_probed(clause.turn):
        yield Theme.PRAISE if Theme.PRAISE in said else Theme.DECISION_FACTOR, GUESS
    elif about is not About.THEM and Theme.PRICING not in said:
        yield Theme.PRAISE, SURE if Theme.PRAISE in said else GUESS


def _of_use(hearing: Hearing, clause: Clause, said: list[Theme], usual: Theme) -> Iterator[tuple[Theme, float]]:
    """What a customer works with: as asked, unless the words say otherwise or tell of the time before."""
    yield from ((theme, LIKELY) for theme in said)
    good, bad = hearing.tone(clause)
    against = usual is Theme.PRAISE and (hearing.is_remote(clause) or (bad and not good))
    if not against and {Theme.PRAISE, *_AGAINST}.difference({usual}).isdisjoint(said):
        yield usual, SURE
