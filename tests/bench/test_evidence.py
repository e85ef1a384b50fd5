"""How found quotes are compared with labelled ones."""

import pytest

from interviewer.analysis.codebook import Polarity, Theme
from interviewer.bench import evidence, keywords, labelled
from interviewer.bench.evidence import Overlap, Ratio
from interviewer.bench.labelled import GoldQuote, Labelled
from interviewer.evidence import Marked, Span, Tag
from tests.core.talk import FLOWS
from tests.core.test_labelled_interviews import FILE

(ONE,) = labelled.load({"x.toml": FILE}, FLOWS)
TEXT = ONE.transcript.turns[1].text
"""The price, in the end. Kilnworks took less."""


def mark(start: int, end: int, *themes: Theme, polarity: str = "negative") -> Marked:
    return Marked(Span(2, start, end), TEXT[start:end], tuple(Tag(theme, "price", polarity) for theme in themes))


def gold(start: int, end: int, *themes: Theme) -> GoldQuote:
    return GoldQuote(Span(2, start, end), TEXT[start:end], themes, "the price", Polarity.NEGATIVE)


def of(*quotes: GoldQuote) -> Labelled:
    return Labelled("x", "loss", ONE.transcript, quotes, ONE.competitors, (), (), ONE.mood, ONE.crm)


P, D = Theme.PRICING, Theme.DECISION_FACTOR


@pytest.mark.parametrize(
    ("found", "quotes", "themed", "held"),
    [
        ((mark(0, 9, P),), 1, 1, 1),
        ((mark(0, 9, D),), 1, 0, 1),  # the right words for another reason
        ((mark(0, 18, P),), 1, 1, 1),  # half of what either covers
        ((mark(0, 43, P),), 0, 0, 1),  # the quote, and all the rest
        ((mark(5, 9, P),), 0, 0, 0),
        ((mark(0, 9, P), mark(0, 10, P)), 1, 1, 1),  # each quote is found once
    ],
)
def test_quotes_match_by_what_they_share(found: tuple[Marked, ...], quotes: int, themed: int, held: int) -> None:
    score = evidence.judge(of(gold(0, 9, P)), found)
    assert (score.quotes, score.themed.right, score.held.right) == (Ratio(quotes, len(found), 1), themed, held)


def test_the_better_pair_is_matched_first() -> None:
    whole, part = mark(0, 12, P), mark(0, 9, P)
    assert evidence.matched((gold(0, 9, P),), (whole, part), Overlap.SHARED) == [(gold(0, 9, P), part)]


def test_themes_are_counted_over_all_quotes() -> None:
    score = evidence.judge(of(gold(0, 9, P, D), gold(25, 43, D)), (mark(0, 9, P), mark(12, 22, P)))
    assert score.theme(P) == Ratio(1, 2, 1)
    assert score.theme(D) == Ratio(0, 0, 2)
    assert score.micro == Ratio(1, 2, 3)
    assert score.micro.f1 == 0.4


def test_agreement_is_asked_of_matched_quotes() -> None:
    score = evidence.judge(of(gold(0, 9, P)), (mark(0, 9, P, polarity="mixed"),))
    assert (score.polarity.precision, score.subject.precision) == (0, 1)


def test_a_quote_that_is_not_the_buyers_words_is_seen() -> None:
    made_up = Marked(Span(2, 0, 9), "The price!", (Tag(P),))
    assert evidence.judge(of(), (made_up, mark(0, 9, P))).exact == Ratio(1, 2, 2)


def test_scores_add_up() -> None:
    one = evidence.judge(of(gold(0, 9, P)), (mark(0, 9, P),))
    assert (one + one).quotes == Ratio(2, 2, 2)
    assert (one + one).theme(P) == Ratio(2, 2, 2)


def test_the_baseline_hears_keywords_in_whole_sentences() -> None:
    found = keywords.marks(labelled.case(ONE))
    assert [item.text for item in found] == ["The price, in the end.", "Kilnworks took less."]
    assert {tag.theme for tag in found[0].tags} == {D, P}
