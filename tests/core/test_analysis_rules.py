"""What the rules make of whole interviews: the themes that a careful reader would mark, and nothing made up."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.analysis import journey, notes, summary, tags
from interviewer.analysis.case import Case, digest
from interviewer.analysis.codebook import Polarity, Scope, Theme
from interviewer.evidence import Claim, StatementKind, Tag
from interviewer.transcript import Speaker, Transcript, Turn
from tests.core.cases import (
    ANGRY,
    BLOCKED,
    CHURN,
    EVERY,
    FRENCH,
    GERMAN,
    MIDPOINT,
    PRICE,
    REFUSED,
    SHIFTS,
    STALLED,
    TERSE,
    WIN,
    WORRIED,
    interview,
    kept,
)
from tests.core.talk import FLOWS

T, P = Theme, Polarity


@dataclass(frozen=True)
class Expected:
    """A tag that must be there: on which words, and what of it matters."""

    case: Case
    words: str
    theme: Theme
    subject: str | None = None
    polarity: Polarity | None = None


@pytest.mark.parametrize(
    "expected",
    [
        Expected(SHIFTS, "our rota person left in may", T.TRIGGER),
        Expected(SHIFTS, "you and Shiftwell", T.COMPETITOR_MENTION, "Shiftwell"),
        Expected(SHIFTS, "just leaving it on paper", T.COMPETITOR_MENTION, "paper, nothing"),
        Expected(SHIFTS, "your desk closes at six", T.PROCESS_FRICTION, "support hours", P.NEGATIVE),
        Expected(SHIFTS, "they picked up at 4am", T.DECISION_FACTOR, None, P.NEGATIVE),
        Expected(SHIFTS, "they picked up at 4am", T.COMPETITOR_MENTION, "Shiftwell", P.NEGATIVE),
        Expected(SHIFTS, "ask what happens when it breaks", T.PEER_RECOMMENDATION),
        Expected(PRICE, "We missed our Q2 shipping target", T.TRIGGER),
        Expected(PRICE, "Acme Logistics and Rotahub", T.COMPETITOR_MENTION, "Acme Logistics, Rotahub"),
        Expected(PRICE, "really easy to use", T.PRAISE, "ease of use", P.POSITIVE),
        Expected(PRICE, "no support for single sign-on", T.FEATURE_GAP, "single sign-on", P.NEGATIVE),
        Expected(PRICE, "per-seat pricing made no sense", T.PRICING, "per-seat pricing", P.NEGATIVE),
        Expected(PRICE, "per-seat pricing made no sense", T.DECISION_FACTOR),
        Expected(PRICE, "the COO wanted Acme from day one", T.HIDDEN_CRITERION),
        Expected(WIN, "went down twice in the Christmas week", T.TRIGGER),
        Expected(WIN, "Shiftwell, Deputy", T.COMPETITOR_MENTION, "Shiftwell, Deputy, spreadsheet"),
        Expected(WIN, "took three weeks to answer", T.PROCESS_FRICTION, "legal review", P.NEGATIVE),
        Expected(WIN, "took three weeks to answer", T.DECISION_FACTOR, None, P.NEGATIVE),
        Expected(WIN, "set it up in a day without training", T.DECISION_FACTOR, None, P.POSITIVE),
        Expected(WIN, "the only tool my lifeguards never complained about", T.PEER_RECOMMENDATION),
        Expected(WIN, "exports are weak", T.CRITICISM, "reporting", P.NEGATIVE),
        Expected(CHURN, "You raised the price by 30%", T.PRICING, "price"),
        Expected(CHURN, "You raised the price by 30%", T.TRIGGER),
        Expected(CHURN, "moving to Planful", T.COMPETITOR_MENTION, "Planful"),
        Expected(CHURN, "building our own", T.COMPETITOR_MENTION, "in-house build"),
        Expected(CHURN, "had worked offline", T.FEATURE_GAP, "offline use", P.NEGATIVE),
        Expected(CHURN, "You promised it for spring", T.EXPECTATION_MISSED),
        Expected(CHURN, "the app just froze on them", T.DECISION_FACTOR, "offline use", P.NEGATIVE),
        Expected(WORRIED, "worried about the rollout", T.DECISION_FACTOR, "implementation", P.NEGATIVE),
        Expected(WORRIED, "She knew our industry", T.DECISION_FACTOR, None, P.POSITIVE),
        Expected(STALLED, "New head of operations joined", T.TRIGGER),
        Expected(STALLED, "doing nothing", T.COMPETITOR_MENTION, "spreadsheet, nothing"),
        Expected(STALLED, "The demo was great", T.PRAISE, "demo", P.POSITIVE),
        Expected(STALLED, "stuck in procurement", T.STALLED_AT),
        Expected(STALLED, "Your website didn't make clear", T.MESSAGING_MISS, "website", P.NEGATIVE),
        Expected(MIDPOINT, "Fewer hours spent on the rota", T.DECISION_FACTOR, None, P.NEUTRAL),
        Expected(MIDPOINT, "Payroll still runs in Excel", T.FEATURE_GAP, "payroll integration", P.NEGATIVE),
        Expected(MIDPOINT, "Payroll still runs in Excel", T.COMPETITOR_MENTION, "spreadsheet"),
        Expected(MIDPOINT, "The reporting is clunky, we expected dashboards", T.EXPECTATION_MISSED, "reporting"),
        Expected(MIDPOINT, "nobody calls me on a Sunday any more", T.PRAISE, None, P.POSITIVE),
        Expected(MIDPOINT, "saves us a day every week", T.REFERRAL_LANGUAGE, None, P.POSITIVE),
        Expected(MIDPOINT, "Do the import early", T.PEER_RECOMMENDATION),
        Expected(GERMAN, "im Mai in Rente gegangen", T.TRIGGER),
        Expected(GERMAN, "Planday und Papershift", T.COMPETITOR_MENTION, "Planday, Papershift, in-house build"),
        Expected(GERMAN, "Die Bedienung war wirklich einfach", T.PRAISE, "ease of use", P.POSITIVE),
        Expected(GERMAN, "fehlte eine Schnittstelle zu DATEV", T.FEATURE_GAP, "accounting integration", P.NEGATIVE),
        Expected(GERMAN, "der Betriebsrat den Ausschlag", T.HIDDEN_CRITERION, "works council"),
        Expected(GERMAN, "preislich wart ihr deutlich zu teuer", T.PRICING, "price", P.NEGATIVE),
        Expected(GERMAN, "drei Wochen nicht gemeldet", T.PROCESS_FRICTION, None, P.NEGATIVE),
        Expected(ANGRY, "crashed on Black Friday", T.TRIGGER),
        Expected(ANGRY, "your bloody sales guy never got back to us", T.PROCESS_FRICTION, "sales process", P.NEGATIVE),
        Expected(ANGRY, "Acme had somebody on site", T.DECISION_FACTOR, None, P.NEGATIVE),
        Expected(BLOCKED, "never got the sign-off", T.HIDDEN_CRITERION, "sign-off"),
        Expected(BLOCKED, "Gong briefly", T.COMPETITOR_MENTION, "Gong, spreadsheet"),
        Expected(TERSE, "price", T.PRICING, "price"),
        Expected(FRENCH, "a augmenté ses prix", T.TRIGGER),
        Expected(FRENCH, "Payfit et Silae", T.COMPETITOR_MENTION, "Payfit, Silae"),
    ],
    ids=lambda expected: f"{expected.words[:24]}-{expected.theme}",
)
def test_what_a_careful_reader_marks_is_marked(expected: Expected) -> None:
    found = [tag for mark in tags.marks(expected.case) if expected.words in mark.text for tag in mark.tags]
    tag = next((tag for tag in found if tag.theme == expected.theme), None)
    assert tag is not None, f"found only {[tag.theme for tag in found]}"
    assert expected.subject in (None, tag.subject)
    assert expected.polarity in (None, tag.polarity)


@pytest.mark.parametrize(
    ("case", "words", "theme"),
    [
        (SHIFTS, "rota person left", T.FEATURE_GAP),  # what they had before is no gap of ours
        (SHIFTS, "they picked up at 4am", T.PRAISE),  # the rival's merit
        (PRICE, "board asked for a plan", T.HIDDEN_CRITERION),
        (WIN, "old tool went down", T.CRITICISM),
        (CHURN, "the app just froze", T.STALLED_AT),
        (STALLED, "budget freeze", T.PRICING),
        (WORRIED, "worried about the rollout", T.CRITICISM),  # of themselves, not of the vendor
        (MIDPOINT, "Fewer hours spent", T.TRIGGER),
        (GERMAN, "niemand kam mit ihrer Excel-Liste klar", T.PRAISE),
    ],
)
def test_words_alone_do_not_make_a_theme(case: Case, words: str, theme: Theme) -> None:
    found = [tag.theme for mark in tags.marks(case) if words in mark.text for tag in mark.tags]
    assert theme not in found


def test_what_is_no_answer_is_not_quoted() -> None:
    assert tags.marks(REFUSED) == ()
    assert not notes.by_rules(REFUSED).claims
    assert not summary.by_rules(kept(REFUSED)).claims


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Your support was great", P.POSITIVE),
        ("Your support was not great at all", P.NEGATIVE),
        ("I have no complaints, your team was never unhelpful", P.POSITIVE),
        ("Your onboarding wasn't smooth", P.NEGATIVE),
        ("Your product is good and the setup was painful", P.MIXED),
    ],
)
def test_a_negation_turns_praise_round(text: str, polarity: Polarity) -> None:
    (mark,) = tags.marks(Case("own_flow", interview(("decision", text))))
    assert {tag.polarity for tag in mark.tags if tag.theme == T.DECISION_FACTOR} == {polarity}


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_every_quote_is_verbatim_and_few(case: Case) -> None:
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    found = tags.marks(case)
    assert len(found) <= tags.MOST_QUOTES
    for mark in found:
        assert texts[mark.span.turn_number][mark.span.start : mark.span.end] == mark.text
        assert 0 < len(mark.tags) <= tags.MOST_THEMES
        assert len({tag.theme for tag in mark.tags}) == len(mark.tags)
        assert all(tag.made_by == "rules" and 0 < tag.confidence <= 1 for tag in mark.tags)
        assert all(tag.polarity in set(Polarity) and tag.scope in set(Scope) for tag in mark.tags)
    assert not [(one, other) for one in found for other in found if one != other and one.span.overlaps(other.span)]


def test_every_branch_is_a_probe_that_a_flow_asks() -> None:
    asked = {flow.id: {(topic.id, probe.id) for topic in flow.topics for probe in topic.probes} for flow in FLOWS}
    assert set(journey._BRANCHES) <= set().union(*asked.values())
    assert all(set(branches) <= asked[flow] for flow, branches in journey._BRANCHES_OF.items())


def test_the_digest_follows_the_answers_alone() -> None:
    turns = PRICE.transcript.turns
    closing = Turn(99, Speaker.INTERVIEWER, "Thank you", move="close:done")
    same, *others = (
        digest(replace(PRICE, transcript=transcript))
        for transcript in (
            Transcript((*turns, closing), "de"),
            Transcript((*turns[:-1], replace(turns[-1], text="no")), "en"),
            Transcript((*turns[:-1], replace(turns[-1], removed=True)), "en"),
        )
    )
    assert digest(PRICE) == same
    assert digest(PRICE) not in others


pieces = st.sampled_from(
    [
        "Acme",
        "you",
        "they",
        "we",
        "price",
        "couldn't",
        "🙂",
        "👩‍💻",
        "é",
        "עברית",
        "but",
        ".",
        ",",
        "not",
        "great",
        "slow",
        "\n",
        "—",
        "SSO",
    ]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["trigger", "alternatives", "almost", "decision", "peer", "elsewhere"]),
            st.lists(pieces, min_size=1, max_size=30).map(" ".join),
        ),
        max_size=6,
    ),
    st.sampled_from(["win", "loss", "own_flow"]),
    st.sampled_from(["en", "de", "ar"]),
)
def test_whatever_is_written_quotes_are_verbatim(answers: list[tuple[str, str]], flow: str, language: str) -> None:
    case = Case(flow, interview(*answers, language=language))
    test_every_quote_is_verbatim_and_few(case)
    for claim in (*notes.by_rules(case).claims, *summary.by_rules(kept(case)).claims):
        assert claim.spans
        assert "\n" not in claim.text


def test_values_carry_no_theme_outside_the_codebook() -> None:
    used: list[Tag] = [tag for case in EVERY.values() for mark in tags.marks(case) for tag in mark.tags]
    assert {tag.theme for tag in used} == set(Theme)
    claims: list[Claim] = [claim for case in EVERY.values() for claim in notes.by_rules(case).claims]
    assert {claim.kind for claim in claims} == {StatementKind.SURPRISE, StatementKind.PHRASE, StatementKind.GAP}
