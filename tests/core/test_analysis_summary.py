"""What the rules say of whole interviews: notes, headline and summary, in the buyer's words."""

from dataclasses import replace

import pytest

from interviewer.analysis import notes, summary, tags
from interviewer.analysis.case import Case
from interviewer.analysis.phrasing import quoted
from interviewer.evidence import StatementKind
from interviewer.transcript import AnswerKind, Assessment, Transcript
from tests.core.cases import BLOCKED, CONTEXT, EVERY, MIDPOINT, PRICE, TERSE, WIN, headline, kept, talk, told


def test_answers_that_tell_nothing_leave_the_notes_empty() -> None:
    assert [mark.text for mark in tags.marks(TERSE)] == ["price"]
    assert {claim.kind for claim in notes.by_rules(TERSE).claims} == {StatementKind.GAP}


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_statements_say_only_what_the_buyer_said(case: Case) -> None:
    claims = [*notes.by_rules(case).claims, *summary.by_rules(kept(case)).claims]
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    for claim in claims:
        assert claim.spans
        said = [texts[span.turn_number][span.start : span.end] for span in claim.spans]
        assert any(quoted(words)[:40] in claim.text for words in said) or claim.kind is StatementKind.PHRASE
    kinds = [claim.kind for claim in claims]
    assert all(kinds.count(kind) <= 1 for kind in StatementKind if kind is not StatementKind.SUMMARY)
    assert kinds.count(StatementKind.SUMMARY) <= summary.MOST


def test_the_three_notes() -> None:
    found = {claim.kind: claim.text for claim in notes.by_rules(PRICE).claims}
    assert found == {
        StatementKind.GAP: (
            "Missing in the product: “there was no support for single sign-on and IT would not move on that”"
        ),
        StatementKind.PHRASE: "“Your planner view was really easy to use, my team loved it”",
        StatementKind.SURPRISE: "Behind the scenes: “Between us, the COO wanted Acme from day one”",
    }


def test_without_a_gap_there_is_no_gap_note() -> None:
    assert {claim.kind for claim in notes.by_rules(BLOCKED).claims} == {StatementKind.PHRASE, StatementKind.SURPRISE}


def test_the_summary_follows_the_journey() -> None:
    headline, *sentences = summary.by_rules(kept(WIN)).claims
    assert headline.text == "“The trial. We set it up in a day without training and the night shift just used it”"
    leads = [claim.text.partition(":")[0].partition(" (")[0] for claim in sentences]
    assert leads == [
        "What started the search",
        "What nearly changed the outcome",
        "To a colleague",
    ]


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_the_summary_repeats_neither_notes_nor_headline(case: Case) -> None:
    noted = [claim for claim in notes.by_rules(case).claims if claim.kind is not StatementKind.HEADLINE]
    claims = summary.by_rules(replace(kept(case), claims=tuple(noted))).claims
    told = [claim for claim in claims if claim.kind is StatementKind.SUMMARY]
    heads = [claim for claim in claims if claim.kind is StatementKind.HEADLINE]
    here = {turn.number for turn in case.transcript.answers if turn.topic == "decision" and case.flow != "midpoint"}
    known = [span for claim in noted for span in claim.spans]
    known += [span for claim in heads for span in claim.spans if span.turn_number in here]
    assert len(told) <= summary.MOST
    assert not any(span.overlaps(other) for claim in told for span in claim.spans for other in known)


def test_a_long_quote_is_shortened_at_a_word() -> None:
    words = "we were waiting for an answer " * 20
    line = quoted(words)
    assert len(line) < 170
    assert line.endswith(" …”")
    assert words.startswith(line[1:-3])


def test_a_customer_is_told_of_as_one() -> None:
    leads = [claim.text.partition(":")[0].partition(" (")[0] for claim in summary.by_rules(kept(MIDPOINT)).claims[1:]]
    assert leads == [
        "What they expected",
        "What still happens elsewhere",
        "What is missing",
        "What works",
        "To a colleague",
    ]


@pytest.mark.parametrize(
    ("case", "line", "other"),
    [
        (
            Case(
                "no_decision",
                talk(
                    ("ask:almost", "our coo was really into it after the demo"),
                    ("probe:almost:people", "then the budget freeze in june"),
                ),
            ),
            "What nearly got it bought: “our coo was really into it after the demo”",
            "Against it: “the budget freeze in june”",
        ),
        (
            Case(
                "no_decision",
                talk(
                    ("ask:almost", "our CFO wanted it"),
                    ("probe:almost:people", "our head of warehouse, she was scared of training 60 people again"),
                ),
            ),
            "What nearly got it bought: “our CFO wanted it”",
            "Against it (onboarding): “our head of warehouse, she was scared of training 60 people again”",
        ),
        (
            Case(
                "churn", talk(("ask:almost", "nothing"), ("probe:almost:doubt", "when you closed the depot in Leeds"))
            ),
            "",
            "In doubt: “when you closed the depot in Leeds”",
        ),
        (
            Case(
                "churn",
                talk(
                    ("ask:almost", "ein Ansprechpartner der ans Telefon geht"),
                    ("probe:almost:tried", "dass euer Support seit dem Verkauf nur noch englisch sprach"),
                    language="de",
                ),
            ),
            "What nearly made them stay (sales process): “ein Ansprechpartner der ans Telefon geht”",
            "What came of it: “euer Support seit dem Verkauf nur noch englisch sprach”",
        ),
        (
            Case(
                "win",
                talk(
                    ("ask:almost", "The security form was sent back to us twice."),
                    ("probe:almost:resolved", "Page nine was the trouble. Then your engineer filled it in with me."),
                ),
            ),
            "What nearly changed the outcome: “The security form was sent back to us twice”",
            "What got them past it: “your engineer filled it in with me”",
        ),
    ],
)
def test_a_probe_that_seeks_the_other_side_is_told_apart(case: Case, line: str, other: str) -> None:
    found = told(case)
    assert [text for text in found if text.startswith(("What nearly", "What tipped"))] == ([line] if line else [])
    assert not other or other in found


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (
            Case(
                "loss",
                talk(
                    ("ask:decision", "your sales process"),
                    ("probe:decision:where", "some new bloke turns up with a deck about hospitals and we run couriers"),
                ),
            ),
            "Sales process: “some new bloke turns up with a deck about hospitals and we run couriers”",
        ),
        (
            Case(
                "loss",
                talk(("ask:decision", "It was the CFO in the end. Kestrel said six weeks, you said four months.")),
            ),
            "“Kestrel said six weeks, you said four months”",
        ),
        (
            Case(
                "win", talk(("ask:decision", "The reference call. She told us what went wrong and would buy it again."))
            ),
            "“The reference call. She told us what went wrong and would buy it again”",
        ),
        (
            Case(
                "midpoint",
                talk(
                    ("ask:almost", "We were told in the sales meetings it reads our job tickets."),
                    ("ask:decision", "Drag and drop for emergencies."),
                ),
            ),
            "“We were told in the sales meetings it reads our job tickets”",
        ),
        (MIDPOINT, "The reporting is clunky"),
    ],
)
def test_the_headline_says_something(case: Case, words: str) -> None:
    assert words in headline(case)


def test_an_answer_that_tells_everything_is_taken_apart() -> None:
    everything = (
        "we looked at you, Brightline and staying on paper because our ops director quit in april. almost went with you"
        " because of the mobile app but the 18k setup was too much for the board, so we chose Brightline. I'd tell"
        " people to negotiate the setup fee"
    )
    question, answer = talk(("ask:trigger", everything)).turns
    covers = ("trigger", "alternatives", "almost", "decision", "peer")
    answer = replace(answer, assessment=Assessment(AnswerKind.SPECIFIC, covers))
    case = Case("loss", Transcript((question, answer), "en", CONTEXT))
    assert [line.partition(":")[0] for line in told(case)] == [
        "What started the search",
        "What nearly changed the outcome",
        "To a colleague",
    ]
    assert headline(case).startswith("Setup fee: ")
    assert [sorted(tag.theme for tag in mark.tags) for mark in tags.marks(case)] == [
        ["competitor_mention", "trigger"],
        ["praise"],
        ["competitor_mention", "decision_factor", "pricing"],
        ["peer_recommendation", "pricing"],
    ]
