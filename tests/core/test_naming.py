"""Short names in the buyer's words, for reasons and areas that no list knows."""

import pytest

from interviewer.analysis import naming
from interviewer.analysis.case import Case
from interviewer.analysis.hearing import Hearing
from tests.core.cases import interview


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("no SAML with group mapping", "no saml with group mapping"),
        ("we couldn't reassign claims in bulk", "could not reassign claims"),
        ("cannot handle promotions by store, only by region", "could not handle promotions"),
        ("the MD had been burnt by a software firm", "burnt by a software firm"),
        ("Drag and drop for emergencies.", "drag and drop for emergencies"),
        ("That was that", ""),
        ("", ""),
    ],
)
def test_gist(said: str, name: str) -> None:
    hearing = Hearing(Case("loss", interview(("decision", said or "x"))))
    assert naming.gist(hearing, said) == name
