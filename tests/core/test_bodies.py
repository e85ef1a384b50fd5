"""What was redacted stands in no field of a statement, whichever there are."""

from dataclasses import asdict, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import bodies, masks
from interviewer.bodies import BODIES, Code
from interviewer.store.statements import as_statement
from interviewer.store.tables.analysis import StatementRow

SECRET = "Ilse Okafor"
_OF_ENUMS = {
    "category": "pricing",
    "confidence": "low",
    "role": "primary",
    "fits": "yes",
    "mood": "calm",
    "seen": "sales",
    "owner": "pmm",
}


def filled(kind: str, text: str) -> dict[str, Any]:
    """A body of this kind with `text` in every field that a buyer's words may stand in."""
    values: dict[str, Any] = {}
    for part in fields(BODIES[kind]):
        if part.type is int:
            values[part.name] = 1
        elif part.type == Code:
            values[part.name] = "pricing"
        else:
            values[part.name] = _OF_ENUMS.get(part.name, text if part.type is str else "gap")
    return values


@pytest.mark.parametrize("kind", BODIES)
@given(around=st.text(alphabet=" ,.:;()!?“”\n-", max_size=3))
def test_no_field_of_a_body_holds_what_was_redacted(kind: str, around: str) -> None:
    values = filled(kind, f"with {around}{SECRET.upper()}{around} there")
    row = StatementRow(id=1, interview_id="i", kind=kind, text="Said.", step="s", body=values)
    shown = as_statement(row, (1,), (SECRET,)).body
    assert shown is not None
    assert "okafor" not in str(asdict(shown)).casefold()
    assert {name for name, value in asdict(shown).items() if value == "pricing"} == {
        name for name, value in values.items() if value == "pricing"
    }, "words of ours stay"


@pytest.mark.parametrize("kind", [*BODIES, "summary"])
def test_text_is_rewritten_however_deep_it_lies(kind: str) -> None:
    deep = {"notes": ["Okafor", {"who": ("Okafor", 3, None)}]}
    found = bodies.rewritten(kind, deep, lambda text: masks.without(text, ["Okafor"]))
    assert found == {"notes": [masks.BAR * 6, {"who": [masks.BAR * 6, 3, None]}]}
