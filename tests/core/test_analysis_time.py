"""Nobody keeps the analysis busy by what they type: its time grows with the length of an answer, not by its shape."""

import time

import pytest

from interviewer.analysis import notes, summary, tags
from interviewer.analysis.case import Case
from interviewer.transcript import Speaker, Transcript, Turn

TOPICS = ("trigger", "alternatives", "almost", "decision", "peer")
LENGTH = 4000
SHAPES = {
    "blanks": "x" + " " * (LENGTH - 2) + "x",
    "blanks of other kinds": "x" + "\t\u00a0" * (LENGTH // 2 - 1) + "x",
    "lines": "a\n" * (LENGTH // 2),
    "one name": "Acme, " * (LENGTH // 6),
    "capitals": "A B " * (LENGTH // 4),
    "one long name": "Acme Beta Gamma " * (LENGTH // 16),
    "names": ", ".join(f"Ac{number}me" for number in range(LENGTH // 9)),
    "points": "x.y " * (LENGTH // 4),
    "marks": "why" + "?!" * (LENGTH // 2 - 4) + "x x",
    "dots": "why" + "." * (LENGTH - 8) + "x x",
    "dashes": "- " * (LENGTH // 2),
    "semicolons": "; " * (LENGTH // 2),
    "asides": "well, " * (LENGTH // 6),
    "tails": "it works" + ", to be honest" * (LENGTH // 15),
    "praise": "not good " * (LENGTH // 9),
    "no blanks": "价格太贵。" * (LENGTH // 5),
}
BOUND_S = 6
"""For five answers. Each takes about half a second; before patterns were made linear, some took half a minute."""


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_shapes_take_no_longer_than_prose(shape: str, language: str) -> None:
    turns = []
    for number, topic in enumerate(TOPICS):
        turns.append(Turn(2 * number + 1, Speaker.INTERVIEWER, "?", topic=topic, move=f"ask:{topic}"))
        turns.append(Turn(2 * number + 2, Speaker.BUYER, SHAPES[shape], topic=topic))
    case = Case("loss", Transcript(tuple(turns), language=language))
    began = time.process_time()
    for step in (notes, tags, summary):
        step.by_rules(case)
    assert time.process_time() - began < BOUND_S
