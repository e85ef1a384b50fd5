"""Put a tag on a clause for a theme: what it is about, which way it points, for whom it is, and what would mend it."""

from interviewer.analysis.codebook import CODEBOOK, Horizon, Scope, Theme
from interviewer.analysis.hearing import Clause, Hearing
from interviewer.evidence import Tag
from interviewer.flows.tokens import count, tokens

_PRICE_SUBJECTS = frozenset(
    {"price", "setup fee", "per-seat pricing", "contract terms", "discount", "budget", "value case"}
)
_SELLING_SUBJECTS = frozenset(
    {"", "sales process", "demo", "contract terms", "security review", "procurement", "legal review", "discount"}
)
_SERVING_SUBJECTS = frozenset(
    {"support hours", "support", "onboarding", "implementation", "account management", "trial", "data migration"}
)
INSIDE_SUBJECTS = frozenset({"board", "sign-off", "works council", "procurement"})
_PITCHING_SUBJECTS = frozenset({"website", "pitch", "documentation", "references", "value case"})
_SCENES = frozenset({"demo", "trial", "onboarding", "implementation", "pitch"})
"""Subjects that may be no more than where or when something was."""
_BEFORE = 30
"""Characters before a subject that tell so."""
_WORDS_OF_A_NAME = 3
_NEAR = 30
"""Characters within which two subjects are as near."""


def tag(hearing: Hearing, theme: Theme, clause: Clause, confidence: float) -> Tag:
    """The tag for a theme on this clause: its subject, polarity, scope and horizon."""
    entry, subject = CODEBOOK[theme], _subject(hearing, theme, clause)
    scope, horizon = entry.scope, entry.horizon
    if theme is Theme.PROCESS_FRICTION and subject not in _SELLING_SUBJECTS:
        scope = Scope.STRATEGIC
    if theme is Theme.PRICING and hearing.words.hears("unclear", clause.text):
        horizon = Horizon.SHORT
    return Tag(
        theme, subject, hearing.polarity(theme, clause), scope, horizon or "", confidence=confidence, made_by="rules"
    )


def _subject(hearing: Hearing, theme: Theme, clause: Clause) -> str:
    """What the tag is about: an option, a known subject, or the missing thing in the buyer's words."""
    if theme is Theme.COMPETITOR_MENTION:
        return ", ".join(hearing.options_of(clause)[:3])
    known = labels(hearing, clause.text)
    if not known or (theme is Theme.FEATURE_GAP and hearing.words.hears("it", clause.text)):
        known = _named_before(hearing, clause) or known
    if theme is Theme.DECISION_FACTOR:  # "price" is the word for what is then told more exactly
        known = [label for label in _named_first(hearing, clause) if label != "price"] or known
    if theme is Theme.PRICING:
        return next((label for label in known if label in _PRICE_SUBJECTS), "price")
    if theme not in {Theme.HIDDEN_CRITERION, Theme.STALLED_AT, Theme.DECISION_FACTOR}:
        known = [label for label in known if label not in INSIDE_SUBJECTS]
    if theme is Theme.PROCESS_FRICTION:
        known = [label for label in known if label in _SELLING_SUBJECTS | _SERVING_SUBJECTS]
    elif theme is Theme.MESSAGING_MISS:
        known = [label for label in known if label in _PITCHING_SUBJECTS]
    elif theme is Theme.FEATURE_GAP:
        known = [label for label in known if label not in _PRICE_SUBJECTS | _SELLING_SUBJECTS | _SERVING_SUBJECTS]
        known = sorted(known, key=lambda label: _apart(hearing, label, theme, clause.text))
    elif theme in {Theme.EXPECTATION_MISSED, Theme.CRITICISM, Theme.PRAISE}:
        known = [label for label in known if label not in _PRICE_SUBJECTS]
    if known:
        return known[0]
    return _missing(hearing, clause.text) if theme is Theme.FEATURE_GAP else ""


def labels(hearing: Hearing, text: str) -> list[str]:
    """The known subjects that a text names, without those that only say where or when it was."""
    found = [label for label, pattern in hearing.words.subjects if pattern.search(text)]
    return [label for label in found if not (label in _SCENES and _is_scene(hearing, label, text))]


def _is_scene(hearing: Hearing, label: str, text: str) -> bool:
    """Whether all that names a subject only says where or when it was ("before the trial")."""
    places = dict(hearing.words.subjects)[label].finditer(text)
    before = (text[max(0, place.start() - _BEFORE) : place.start()].rstrip() for place in places)
    return all(hearing.words.hears("scene", words) for words in before)


def _apart(hearing: Hearing, label: str, theme: Theme, text: str) -> int:
    """How far a subject stands from the word that gave the theme away, roughly: of two the nearer one is meant."""
    pattern = dict(hearing.words.subjects)[label]
    pairs = [(one, other) for one in pattern.finditer(text) for other in hearing.words.find(theme, text)]
    gaps = (max(one.start() - other.end(), other.start() - one.end(), 0) for one, other in pairs)
    return min(gaps, default=0) // _NEAR


def _named_before(hearing: Hearing, clause: Clause) -> list[str]:
    """What the answer was put in a word to just before ("Single sign-on. You did not have it in March.")."""
    at = hearing.places[clause.span]
    before = hearing.clauses[at - 1] if at else clause
    return _named(hearing, before) if before.topic == clause.topic else []


def opening(hearing: Hearing, topic: str) -> str:
    """What the first answer on a topic was put in a word to ("Price."); empty where it was not, or no list knows it."""
    first = next((clause for clause in hearing.clauses if clause.topic == topic), None)
    return next(iter(_named(hearing, first)), "") if first else ""


def _named_first(hearing: Hearing, clause: Clause) -> list[str]:
    """What the whole answer was put in a word to at first ("Offline use.", and then the story)."""
    first = next(other for other in hearing.clauses if other.topic == clause.topic)
    return _named(hearing, first)


def _named(hearing: Hearing, clause: Clause) -> list[str]:
    """The subject of a clause that is nothing but a name for it."""
    verdict = hearing.words.hears("good", clause.text) or hearing.words.hears("bad", clause.text)
    return [] if verdict or count(clause.text) > _WORDS_OF_A_NAME else labels(hearing, clause.text)


def _missing(hearing: Hearing, text: str) -> str:
    """The first words after "no support for": up to four, without articles, up to where the phrase ends."""
    match = hearing.words.gap_before.search(text)
    if match is None:
        return ""
    following = tokens(text[match.end() :])
    taken: list[str] = []
    for token in following[:6]:
        if token.segment != following[0].segment or (taken and token.low in hearing.words.function_words):
            break
        if token.low not in hearing.words.function_words:
            taken.append(token.text)
    verb = match.group().casefold().endswith(("n't", "n’t", "not"))
    only_verb = verb and taken == [
        token.text for token in following[:1]
    ]  # "could not read" names no feature, "see our calendar" does
    return "" if only_verb else " ".join(taken[:4])
