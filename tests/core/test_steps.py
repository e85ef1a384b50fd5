"""The steps of the analysis as data: what each is given, what it makes, and all of them without a database."""

import pytest

from interviewer import bootstrap
from interviewer.analysis.comparison import Logged
from interviewer.analysis.steps import DEAL, QUOTES, STEPS, TARGETS, Step, given, in_memory
from interviewer.bench import labelled
from interviewer.bodies import as_values, key
from interviewer.evidence import Claim, Quote, Span, StatementKind, Tag
from interviewer.settings import Settings

INTERVIEWS = labelled.shipped(bootstrap.read_flows(Settings()))
CASE = labelled.case(INTERVIEWS[0])


def test_the_steps_come_in_their_order_and_read_only_what_came_before() -> None:
    names = [step.name for step in STEPS]
    told = "notes quotes competitors drivers insights story answers summary findings comparison translation"
    assert names == told.split()
    for place, step in enumerate(STEPS):
        assert set(step.reads) - {DEAL, TARGETS} <= set(names[:place]), step.name


def test_no_model_is_given_the_deal() -> None:
    assert [step.name for step in STEPS if DEAL in step.reads] == ["comparison"]
    assert [step.name for step in STEPS if step.by_model is None] == ["comparison"]
    assert all(bool(step.by_model) is bool(step.prompt) for step in STEPS)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_given_what_it_reads_and_no_more(step: Step) -> None:
    marked, bare = Quote(1, 2, 0, 4, "them", (Tag("pricing"),)), Quote(2, 2, 5, 9, "they")
    claims = tuple(Claim(kind, "said", (Span(2, 0, 4),)) for kind in StatementKind)
    whole = labelled.case(INTERVIEWS[0])
    whole = type(whole)(whole.flow, whole.transcript, (marked, bare), claims, Logged("pricing"), frozenset({"growth"}))
    case = given(step, whole)
    kinds = {kind for other in STEPS if other.name in step.reads for kind in other.makes}
    assert case.quotes == ((marked,) if QUOTES in step.reads else ())
    assert {claim.kind for claim in case.claims} == kinds
    assert bool(case.logged) is (DEAL in step.reads)
    assert bool(case.target_triggers) is (TARGETS in step.reads)


@pytest.mark.parametrize("interview", INTERVIEWS, ids=lambda interview: interview.id)
def test_all_rules_make_claims_on_exact_words(interview: labelled.Labelled) -> None:
    case = labelled.case(interview)
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    marks, claims = in_memory(case)
    assert all(texts[mark.span.turn_number][mark.span.start : mark.span.end] == mark.text for mark in marks)
    for claim in claims:
        assert claim.spans
        assert all(0 <= span.start < span.end <= len(texts[span.turn_number]) for span in claim.spans)
        assert claim.key == (key(claim.body) if claim.body else "")
        assert isinstance(as_values(claim.body), dict)
    made = {step.name: [claim for claim in claims if claim.kind in step.makes] for step in STEPS}
    assert sum(len(found) for found in made.values()) == len(claims)
    assert sum(claim.body.share for claim in made["drivers"]) in (0, 100)  # type: ignore[union-attr]
