"""Fill in where the lists are silent: themes that only learned weights hear, and guesses that they contradict.

Lists are right more often, so what they hear stays. The points were chosen on the shown interviews.
"""

from collections.abc import Mapping

from interviewer.analysis import classifier
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import GUESS, About, Clause, Hearing

_FROM: Mapping[Theme, float] = {
    Theme.HIDDEN_CRITERION: 0.65,
    Theme.PRICING: 0.75,
    Theme.FEATURE_GAP: 0.65,
    Theme.MESSAGING_MISS: 0.9,
    Theme.PROCESS_FRICTION: 0.8,
    Theme.EXPECTATION_MISSED: 0.9,
    Theme.STALLED_AT: 0.9,
    Theme.PRAISE: 0.8,
    Theme.CRITICISM: 0.8,
    Theme.REFERRAL_LANGUAGE: 0.6,
}
"""How sure the weights are from which a theme is added."""
_UPTO: Mapping[Theme, float] = {Theme.DECISION_FACTOR: 0.25, Theme.PROCESS_FRICTION: 0.4}
"""How sure they are up to which a theme is taken away again, where another one stays."""
_OF_THE_VENDOR = frozenset(
    {
        Theme.FEATURE_GAP,
        Theme.MESSAGING_MISS,
        Theme.PROCESS_FRICTION,
        Theme.EXPECTATION_MISSED,
        Theme.PRAISE,
        Theme.CRITICISM,
    }
)

_GENERAL = frozenset({Theme.PRAISE, Theme.CRITICISM})
_SPECIFIC = frozenset({Theme.PRICING, Theme.FEATURE_GAP})
"""Beside these there is nothing general to add."""


def filled(
    hearing: Hearing, clause: Clause, found: Mapping[Theme, float], *, elsewhere: bool, advice: bool, merits: bool
) -> dict[Theme, float]:
    """The themes found, with what the weights add and without what they contradict.

    `elsewhere`: the question was after what was before, or after others. `advice`: after words for a colleague.
    `merits`: after what spoke for the vendor.
    """
    learned = classifier.themes(clause.text, hearing.words.language)
    about, (good, bad) = hearing.about(clause), hearing.tone(clause)
    warned = advice and hearing.words.hears("watch_out", clause.text)
    kept = dict(found)
    for theme, least in _FROM.items():
        if theme in kept or learned.get(theme, 0.0) < least:
            continue
        if theme in _OF_THE_VENDOR and (about is About.THEM or hearing.is_remote(clause)):
            continue
        if theme in _GENERAL and not _SPECIFIC.isdisjoint(kept):
            continue
        if theme is Theme.PRAISE and advice and not good:
            continue  # "do the import for people": what to do, and no word of how good it is
        if (theme is Theme.PRAISE and (warned or bad > good)) or (theme is Theme.CRITICISM and good > bad):
            continue
        if merits and not bad and theme in _OF_THE_VENDOR and theme is not Theme.PRAISE:
            continue
        if (elsewhere and about is not About.US) or (theme is Theme.REFERRAL_LANGUAGE and not advice):
            continue
        kept[theme] = GUESS
    for theme, most in _UPTO.items():
        if theme in kept and len(kept) > 1 and learned.get(theme, 1.0) < most:
            del kept[theme]
    return kept
