"""What a file may say of a statement as fields: all that rows hold, and nothing that they do not."""

from __future__ import annotations

import re
from dataclasses import fields as parts
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import bodies
from interviewer.importing import fields

DOCS = Path(__file__).parents[2] / "docs" / "import.md"
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("pricing")


@pytest.mark.parametrize("kind", bodies.BODIES)
def test_every_field_of_every_kind_is_checked(kind: str) -> None:
    known = {part.name for part in parts(bodies.BODIES[kind])}
    assert set(fields.FIELDS[kind].json_schema()["properties"]) == known


@pytest.mark.parametrize("kind", bodies.BODIES)
def test_every_field_and_its_words_are_documented(kind: str) -> None:
    (row,) = re.findall(rf"^\| `{kind}` \| .*", DOCS.read_text("utf-8"), re.MULTILINE)
    said = set(re.findall(r"`(\w+)`", row))
    assert {part.name for part in parts(bodies.BODIES[kind])} <= said


@given(st.sampled_from(sorted(bodies.BODIES)), st.data())
def test_what_passes_comes_back_as_it_went(kind: str, data: st.DataObject) -> None:
    """Whatever a file says, a body is refused by its field, or it is one that rows can hold."""
    names = [part.name for part in parts(bodies.BODIES[kind])]
    values: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from([*names, "more"]), ANYTHING))
    wrong = dict(fields.problems(kind, values))
    assert set(wrong) <= set(names)
    if not wrong:
        made = fields.body(kind, values)
        assert bodies.from_values(kind, bodies.as_values(made)) == made


def test_what_an_analysis_makes_passes() -> None:
    made = bodies.Driver(bodies.Category.PRICING, "the fee", 60, bodies.Confidence.LOW, "negative")
    assert fields.body("driver", bodies.as_values(made)) == made
    gap = bodies.Insight("import", bodies.InsightKind.GAP)
    assert fields.body("insight", bodies.as_values(gap)) == gap
