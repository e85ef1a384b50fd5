"""What a clause weighs for the decision, by where it stands and what it says of its own weight ("the main thing")."""

from collections.abc import Mapping

from interviewer.analysis import lists
from interviewer.analysis.case import Case, Outcome
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import About, Clause, Hearing
from interviewer.transcript import AnswerKind, Turn

_TOPICS: Mapping[str, Mapping[str, float]] = {
    "loss": {"decision": 3.0, "almost": 0.8, "peer": 0.3, "alternatives": 0.2},
    "win": {"decision": 3.0, "almost": 0.2, "peer": 0.4},
    "churn": {"decision": 3.0, "trigger": 1.3, "almost": 0.8, "peer": 0.3},
    "midpoint": {"decision": 2.5, "almost": 1.2, "trigger": 0.3, "peer": 0.3},
    "no_decision": {"decision": 3.0, "almost": 2.0, "peer": 0.3},
}
"""What a clause on a topic weighs, by flow."""
_DEFAULT = "loss"
_BESIDE = 0.2
"""What is said of it on a topic of no core."""
_AFTERWARDS = 2.2
"""What a follow-up on a near miss brings out: what came between."""
_LABEL = 0.25
"""Of a vague answer that a follow-up opened: the label that comes first is not the reason (domain.md)."""
_PRAISED = 0.3
_MAIN, _MINOR = 1.8, 0.5
_AGAINST = frozenset({Theme.FEATURE_GAP, Theme.PROCESS_FRICTION, Theme.MESSAGING_MISS, Theme.EXPECTATION_MISSED})


def of(hearing: Hearing, clause: Clause) -> float:
    """What a clause weighs; 0 for one that gives no reason where it stands."""
    case, language = hearing.case, hearing.words.language
    topics = _TOPICS.get(case.flow, _TOPICS[_DEFAULT])
    if lists.pattern("drivers", language, "weight", "decided").search(clause.text):
        return topics["decision"]
    core = clause.topic in _TOPICS[_DEFAULT] or clause.topic == "trigger"
    weight = topics.get(clause.topic, 0.0 if core else _BESIDE)
    lost = case.outcome is Outcome.LOST
    if lost and clause.topic == "almost" and is_probed(case, clause.turn) and not is_praise(hearing, clause):
        weight = _AFTERWARDS
    elif lost and clause.topic in {"almost", "peer", "alternatives"} and not is_against(hearing, clause):
        return 0.0
    if lost and is_praise(hearing, clause):
        weight *= _PRAISED
    if lost and hearing.words.hears(Theme.HIDDEN_CRITERION, clause.text):
        weight *= _MAIN
    if _was_asked_again(case, clause.turn) and lists.pattern("drivers", language, "weight", "label").search(
        clause.text
    ):
        weight *= _LABEL
    if lists.pattern("drivers", language, "weight", "main").search(clause.text):
        weight *= _MAIN
    elif lists.pattern("drivers", language, "weight", "minor").search(clause.text):
        weight *= _MINOR
    return weight


def is_probed(case: Case, turn: Turn) -> bool:
    """Whether an answer follows a probe."""
    before = [question for question in case.transcript.questions if question.number < turn.number]
    return bool(before) and before[-1].move.startswith("probe")


def _was_asked_again(case: Case, turn: Turn) -> bool:
    """Whether an answer was vague, and a later one on its topic says more ("price", and then what about it)."""
    vague = turn.assessment is not None and turn.assessment.kind is AnswerKind.VAGUE
    return vague and any(other.number > turn.number for other in case.transcript.said_on(turn.topic))


def is_against(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause says something against the vendor."""
    good, bad = hearing.tone(clause)
    return bad > good or bool(_AGAINST.intersection(hearing.themes(clause)))


def is_praise(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause speaks well of the vendor: of a lost deal that is no reason."""
    good, bad = hearing.tone(clause)
    nearly = clause.topic == "almost" and Theme.PRAISE in hearing.themes(clause)
    return good > bad and (nearly or hearing.about(clause) is About.US)
