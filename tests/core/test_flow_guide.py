"""What `docs/flows.md` shows to who writes a flow: the example lacks only the other topics, the lists are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interviewer.errors import BadInput
from interviewer.flows import catalogue, words

GUIDE = (Path(__file__).parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")


def test_the_example_is_a_flow_but_for_the_topics_left_out() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    with pytest.raises(BadInput) as refused:
        catalogue.parse(example, "example.toml")
    (problem,) = refused.value.problems
    assert problem.where == "example.toml: topics" and problem.what.startswith("the core topics must be")


def test_every_signal_and_list_is_named() -> None:
    named = set(re.findall(r"`(\w+)`", GUIDE))
    assert words.signals() | words.told() <= named
